"""
A street network one can ask for ways: tables outside, positions and integers inside.

Costs are whole twentieths of a metre or of a second. A place is located on the
nearest point of an edge, never on the nearest node.
"""

from __future__ import annotations

from ._changes import Direction
from ._network import ACCESS_SPEED_KMH
from ._network import MIN_COMPONENT
from ._network import REACH_M
from ._network import UNITS
from ._network import Cost
from ._network import Network

__all__ = [
    "ACCESS_SPEED_KMH",
    "MIN_COMPONENT",
    "REACH_M",
    "UNITS",
    "Cost",
    "Direction",
    "Network",
]
