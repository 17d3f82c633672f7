"""
What lies between places and facilities: costs, and weights that fall with them.

All measures of accessibility are written on `Travel`, which answers from streets
(`street_travel`) or from a table of pairs (`table_travel`) alike.
"""

from __future__ import annotations

from ._curves import epanechnikov_decay
from ._curves import exponential_decay
from ._curves import gaussian_decay
from ._curves import linear_decay
from ._curves import logistic_decay
from ._curves import power_decay
from ._curves import truncated_gaussian_decay
from ._decay import Decay
from ._decay import at_most_one
from ._decay import known_decay
from ._located import amounts
from ._located import cost_of
from ._located import direct_ways
from ._nearest import gate_costs
from ._nearest import nearest_amounts
from ._pairs import NO_LIMIT
from ._pairs import pair_costs
from ._pairs import require_few_pairs
from ._streets import street_travel
from ._table import table_travel
from ._travel import Travel
from ._travel import ratio
from ._values import aligned
from ._values import from_zero
from ._values import numbers
from ._values import positive
from ._values import representable
from ._values import unique
from ._values import whole_units
from ._zones import cumulative_decay
from ._zones import interval_decay
from ._zones import several
from ._zones import step_decay

__all__ = [
    "NO_LIMIT",
    "Decay",
    "Travel",
    "aligned",
    "amounts",
    "at_most_one",
    "cost_of",
    "cumulative_decay",
    "direct_ways",
    "epanechnikov_decay",
    "exponential_decay",
    "from_zero",
    "gate_costs",
    "gaussian_decay",
    "interval_decay",
    "known_decay",
    "linear_decay",
    "logistic_decay",
    "nearest_amounts",
    "numbers",
    "pair_costs",
    "positive",
    "power_decay",
    "ratio",
    "representable",
    "require_few_pairs",
    "several",
    "step_decay",
    "street_travel",
    "table_travel",
    "truncated_gaussian_decay",
    "unique",
    "whole_units",
]
