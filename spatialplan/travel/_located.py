"""Costs of places that stand on streets: units, and ways that pass no node."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.engine import UNREACHED
from spatialplan.engine import Direct
from spatialplan.network import UNITS

if TYPE_CHECKING:
    from spatialplan._choices import Measure
    from spatialplan.network import Cost
    from spatialplan.network import Network

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

# Amounts are quotients of whole numbers, so `<=` at a limit such as 15 or 300 is exact.
COSTS: dict[Measure, tuple[Cost, int]] = {
    "time_min": ("time_s", 60 * UNITS),
    "distance_m": ("length_m", UNITS),
}
"""Cost to search by, and how many units of it make one unit of the measure."""


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
    allowed = pairs[~(pairs["oneway"] & (along < 0))]
    return Direct(*(allowed[name].to_numpy() for name in ("here", "gate", "cost")))


def _on_edges(located: pd.DataFrame, network: Network, cost: Cost, label: str) -> pd.DataFrame:
    from_u = network.offsets(located, cost)
    return pd.DataFrame(
        {
            label: np.arange(len(located)),
            "edge": located["edge"].to_numpy(),
            "offset": from_u,
            "access": network.access_costs(located, cost),
            "oneway": network.oneway[located["edge"].to_numpy()],
        }
    )
