"""Pairs of places and facilities within a limit, by whichever search is cheaper."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from spatialplan import engine
from spatialplan.engine import UNREACHED
from spatialplan.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spatialplan.engine import Direct
    from spatialplan.engine import Engine
    from spatialplan.engine import Places

Ints = np.ndarray[Any, np.dtype[np.int64]]

NO_LIMIT = UNREACHED - 1
"""Greatest cost that a way can have."""

MOST_PAIRS = 50_000_000
"""Pairs that a table in memory may have."""

_LOCAL = 0.05
"""Share of the city under which a bounded question is asked of its part alone."""


def require_few_pairs(name: str, places: int, targets: int, *, do: str) -> None:
    """
    Refuse a table that would not fit into memory.

    Raises
    ------
    LimitError
        If there are more than `MOST_PAIRS`.
    """
    if places * targets > MOST_PAIRS:
        found = f"{places * targets:,} pairs; at most {MOST_PAIRS:,}"
        raise LimitError(f"{name}: {found}; {do}")


def pair_costs(
    router: Engine,
    places: Places,
    targets: Places,
    direct: Direct,
    *,
    limit: int,
    towards: bool = True,
) -> Iterator[tuple[Ints, Ints, Any]]:
    """
    Costs between places and targets within a limit, in units of `cost_of`.

    Parameters
    ----------
    places, targets, direct, towards
        As in `spatialplan.engine.pairs`.
    limit
        Greatest cost; `NO_LIMIT`: whatever can be reached.

    Yields
    ------
    tuple
        Positions of places, of targets, and costs, `engine.BLOCK` places at a time; all
        pairs of a place come together.
    """
    both = places, targets, direct
    if _is_local(router, places, limit):
        yield from engine.pairs(router, *both, limit=limit, towards=towards)
        return
    for rows, costs in engine.table(router, *both, limit=limit, towards=towards):
        i, j = np.nonzero(costs <= min(limit, np.iinfo(costs.dtype).max - 1))
        yield rows[i], j, costs[i, j]


def _is_local(router: Engine, places: Places, limit: int) -> bool:
    """Whether a place reaches so little of the city that it pays to cut its part out."""
    if limit == NO_LIMIT or not len(places.nodes):
        return False
    one = engine.Places(*(part[len(part) // 2 :][:1] for part in places))
    starts, _, _ = engine.reached(router, one, limit=limit)
    return bool(starts[-1] < _LOCAL * len(router.rank))
