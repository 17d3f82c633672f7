"""
The structures of a plan as graphs, and how far they lie from a drawing of one's own.

Words become ties: which centre stands under which, which places an axis strings
together, which town belongs to which district. Every tie carries its distance and,
where streets are given, its time.
"""

from __future__ import annotations

from ._agreement import agreement
from ._graphs import axis_graph
from ._graphs import settlement_graph
from ._graphs import tier_graph

__all__ = ["agreement", "axis_graph", "settlement_graph", "tier_graph"]
