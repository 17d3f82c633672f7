"""
Which place stands above which: sizes, flows between places, and centrality.

Measures of towns and centres as tables: how sizes fall with rank, how far the first
place stands out, which place each one leans on, whom a centre draws, and how places
fall into tiers by what they offer.
"""

from __future__ import annotations

from ._centrality import centrality
from ._centrality import entropy_weights
from ._centrality import tiers
from ._flows import gravity_links
from ._flows import max_flow_tree
from ._markets import breaking_point
from ._markets import huff
from ._markets import market_areas
from ._markets import patronage
from ._markets import reilly_ratio
from ._sizes import Primacy
from ._sizes import RankSize
from ._sizes import primacy
from ._sizes import rank_size

__all__ = [
    "Primacy",
    "RankSize",
    "breaking_point",
    "centrality",
    "entropy_weights",
    "gravity_links",
    "huff",
    "market_areas",
    "max_flow_tree",
    "patronage",
    "primacy",
    "rank_size",
    "reilly_ratio",
    "tiers",
]
