"""Costs of places that stand on streets: units, and ways that pass no node."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.engine import UNREACHED
from spatialplan.engine import Direct
from spatialplan.errors import InputError
from spatialplan.network import UNITS

if TYPE_CHECKING:
    from spatialplan.network import Cost
    from spatialplan.network import Network

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

# Amounts are quotients of whole numbers, so `<=` at a limit such as 15 or 300 is exact.
_COSTS: dict[str, tuple[Cost, int]] = {
    "time_min": ("time_s", 60 * UNITS),
    "distance_m": ("length_m", UNITS),
}


def cost_of(measure: object) -> tuple[Cost, int]:
    """
    Cost to search by, and how many units of it make one unit of the measure.

    Raises
    ------
    InputError
        If there is no such measure.

    Examples
    --------
    >>> cost_of("distance_m")
    ('length_m', 20)
    """
    if not isinstance(measure, str) or measure not in _COSTS:
        raise InputError("measure", f"{measure!r}", allowed=" or ".join(_COSTS))
    return _COSTS[measure]


def amounts(costs: Ints, unit: int) -> Floats:
    """Costs as amounts of a measure; ``inf`` where there is no way."""
    return np.where(costs == UNREACHED, np.inf, costs / unit)


def direct_ways(here: pd.DataFrame, gates: pd.DataFrame, network: Network, cost: Cost) -> Direct:
    """Ways between places and gates on one edge that do not pass its ends."""
    left = _on_edges(here, network, cost, "here")
    right = _on_edges(gates, network, cost, "gate")
    pairs = left.merge(right, on="edge", suffixes=("", "_gate"))
    along = pairs["offset_gate"] - pairs["offset"]
    pairs["cost"] = along.abs() + pairs["access"] + pairs["access_gate"]
    barred = pairs["oneway"] & (along < 0)
    ahead = pairs["share"] < pairs["share_gate"]
    past = (pairs["share"] - 0.5) * (pairs["share_gate"] - 0.5) < 0  # a closure is in the middle
    barred |= past & np.where(ahead, pairs["shut_forward"], pairs["shut_backward"])
    allowed = pairs[~barred]
    return Direct(*(allowed[name].to_numpy() for name in ("here", "gate", "cost")))


def _on_edges(located: pd.DataFrame, network: Network, cost: Cost, label: str) -> pd.DataFrame:
    from_u = network.offsets(located, cost)
    edge = located["edge"].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            label: np.arange(len(located)),
            "edge": edge,
            "share": located["share"].to_numpy(dtype=float),
            "offset": from_u,
            "access": network.access_costs(located, cost),
            "oneway": network.oneway[edge],
            "shut_forward": network.shut[edge, 0],
            "shut_backward": network.shut[edge, 1],
        }
    )
