"""Costs of places that stand on streets: units, and ways that pass no node."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from spatialplan.engine import UNREACHED
from spatialplan.engine import Direct
from spatialplan.errors import InputError
from spatialplan.network import UNITS

if TYPE_CHECKING:
    import pandas as pd

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
    places, targets = _on_one_edge(*(table["edge"].to_numpy(np.int64) for table in (here, gates)))
    left, right = here.iloc[places], gates.iloc[targets]
    edge = left["edge"].to_numpy(np.int64)
    along = network.offsets(right, cost) - network.offsets(left, cost)
    costs = np.abs(along) + network.access_costs(left, cost) + network.access_costs(right, cost)
    share, share_gate = (table["share"].to_numpy(float) for table in (left, right))
    past = (share - 0.5) * (share_gate - 0.5) < 0  # a closure is in the middle
    shut = np.where(share < share_gate, *network.shut[edge].T)
    free = ~((network.oneway[edge] & (along < 0)) | (past & shut))
    return Direct(places[free], targets[free], costs[free])


def _on_one_edge(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Positions of all pairs of equal numbers, in the order of the first."""
    order = np.argsort(second, kind="stable")
    start, stop = (np.searchsorted(second[order], first, side) for side in ("left", "right"))
    counts = stop - start
    before = np.repeat(start - (np.cumsum(counts) - counts), counts)
    return np.repeat(np.arange(len(first)), counts), order[np.arange(counts.sum()) + before]
