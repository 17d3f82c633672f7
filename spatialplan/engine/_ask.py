"""What is asked of a prepared street graph."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from spatialplan._kernels import bounded
from spatialplan._kernels import matrix as _matrix
from spatialplan._kernels import region
from spatialplan._kernels.lanes import lanes
from spatialplan._kernels.lanes import rows
from spatialplan._kernels.sweep import seed
from spatialplan._kernels.sweep import spread_lanes
from spatialplan._kernels.sweep import take

from ._places import Direct
from ._places import Places
from ._places import by_rank
from ._places import direct_rows
from ._places import lane_type
from ._places import neighbours_first
from ._places import taken
from ._prepare import UNREACHED
from ._threads import each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from ._prepare import Engine

Ints = np.ndarray[Any, np.dtype[np.int64]]
Costs = np.ndarray[Any, np.dtype[np.uint32]]


NO_LIMIT = UNREACHED - 1
_NO_END = np.empty((0, 2), np.int64)
BLOCK = region.BLOCK


def nearest(
    engine: Engine,
    places: Places,
    groups: Sequence[Places],
    *,
    limit: int = NO_LIMIT,
    towards: bool = True,
    threads: int | None = None,
) -> Costs:
    """
    Cost between every place and the nearest of each group.

    Parameters
    ----------
    places
        Where one starts (or, with ``towards=False``, arrives).
    groups
        What is looked for; a group may be empty.
    limit
        What costs more is `UNREACHED`.
    towards
        From the places to the groups, or from the groups to the places.

    Returns
    -------
    ndarray
        (places, groups), uint32.
    """
    dtype = lane_type(limit)
    width = lanes(dtype)
    ways = engine.ways(limit, towards=towards)
    here = by_rank(places, engine.rank)
    result = _roomy(len(here.nodes), len(groups))

    seeds = by_rank(Places(*(np.concatenate([_NO_END, *part]) for part in zip(*groups, strict=True))
                           if groups else (_NO_END, _NO_END)), engine.rank)  # fmt: skip
    stops = np.cumsum([0, *(len(group.nodes) for group in groups)])
    lane = np.repeat(np.arange(len(groups)) % width, np.diff(stops))

    def spread(first: int, table: Any) -> None:
        part = slice(stops[first], stops[min(first + width, len(groups))])
        seed(table, taken(seeds, part), lane[part], limit)
        spread_lanes(ways.up, ways.down, table)
        take(table, here, limit, rows(1024, dtype), result[:, first : first + width])

    blocks = range(0, len(groups), width)
    for _ in each(blocks, spread, engine.rooms, ("rows", dtype),
                  lambda: rows(len(engine.rank), dtype), threads=threads):  # fmt: skip
        pass
    return result


def _roomy(places: int, groups: int) -> Costs:
    """
    Make an array for costs, on large pages if it is large itself.

    numpy asks for those from 4 MiB on; of what is asked for and not used nothing is held.
    """
    size = places * groups
    room = np.empty(max(size, _LARGE // 4) if size > _LARGE // 16 else size, np.uint32)
    return room[:size].reshape(places, groups)


_LARGE = 4 * 1024**2


def table(
    engine: Engine,
    places: Places,
    targets: Places,
    direct: Direct,
    *,
    limit: int = NO_LIMIT,
    towards: bool = True,
    threads: int | None = None,
) -> Iterator[tuple[Ints, Any]]:
    """
    Costs from places to targets, or with ``towards=False`` back, block by block.

    Yields
    ------
    tuple
        Positions of some places, and their costs: (places, targets) uint16 or uint32,
        the greatest number of the type where there is no way within the limit. Every
        place comes once, neighbours together, `BLOCK` at a time.
    """
    dtype = lane_type(limit)
    ways = engine.ways(limit, towards=not towards)
    here, there = by_rank(places, engine.rank), by_rank(targets, engine.rank)
    order = neighbours_first(here)
    here, inside = taken(here, order), direct_rows(direct, len(order), order)
    found, marked = np.empty(len(engine.rank), np.uint32), np.zeros(len(engine.rank), np.bool_)
    closure = found[: _matrix.above(ways.down, there.nodes.ravel(), found, marked)].copy()

    def block(first: int, desk: _matrix.Desk) -> tuple[Ints, Any]:
        last = min(first + BLOCK, len(order))
        out = np.empty((last - first, len(there.nodes)), dtype)
        _matrix.matrix(ways, here, first, last, there, closure, inside, limit, desk, out)
        return order[first:last], out

    kind = "matrix", len(there.nodes), dtype
    return each(range(0, len(order), BLOCK), block, engine.rooms, kind,
                lambda: _matrix.desk(ways, len(there.nodes), dtype), threads=threads)  # fmt: skip


def reached(
    engine: Engine, places: Places, *, limit: int, towards: bool = False,
    threads: int | None = None,
) -> tuple[Ints, Ints, Costs]:  # fmt: skip
    """
    Nodes within a limit of each place.

    Returns
    -------
    tuple of ndarray
        Compressed rows: starts (places + 1), positions of nodes, costs. No order in a row
        is promised.
    """
    ways = engine.towards if towards else engine.away
    here = by_rank(places, engine.rank)
    node_at = np.empty(len(engine.rank), np.int64)
    node_at[engine.rank] = np.arange(len(engine.rank))

    def block(first: int, room: bounded.Workspace) -> Any:
        last = min(first + _ORIGINS, len(here.nodes))
        part = here.nodes[first:last], here.costs[first:last]
        return bounded.reached_sets(ways.graph, *part, limit, room)

    parts = list(each(range(0, len(here.nodes), _ORIGINS), block, engine.search_rooms, "search",
                      lambda: bounded.workspace(ways.graph), threads=threads))  # fmt: skip
    lengths = np.concatenate([np.empty(0, np.int64), *(np.diff(starts) for starts, _, _ in parts)])
    nodes = np.concatenate([np.empty(0, np.uint32), *(nodes for _, nodes, _ in parts)])
    costs = np.concatenate([np.empty(0, np.uint32), *(costs for _, _, costs in parts)])
    return np.concatenate([[0], np.cumsum(lengths)]), node_at[nodes], costs


_ORIGINS = 64
