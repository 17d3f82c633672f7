"""
Costs between many places that lie near each other, in lanes, over a part of the city.

For a block of neighbouring places one bounded search finds the part of the city within
the limit of any of them. In that part, with the arcs of the skeleton that lie in it, the
costs from 16 or 32 places at a time come from two passes (`spatialplan._kernels.sweep`),
and what they are wanted for - counts, sums, pairs - is taken from the rows at once, so
that no matrix is ever stored.

Every answer is a function of the block alone: threads may take blocks in any order.
"""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

import numpy as np
from numba import njit

from .bounded import Workspace
from .bounded import clear
from .bounded import search
from .bounded import workspace
from .lanes import Rows
from .lanes import fill
from .lanes import relax
from .lanes import rows
from .weights import UNREACHED
from .weights import Arcs

Ints = np.ndarray[Any, np.dtype[np.int64]]
Costs = np.ndarray[Any, np.dtype[np.uint32]]


class Ways(NamedTuple):
    """A prepared street graph in one direction: all arcs by rank of their nodes."""

    graph: Arcs
    up: Arcs
    down: Arcs
    symmetric: bool
    """Whether `up` and `down` are the same, so that one part of them serves both."""


class Ends(NamedTuple):
    """Places by the two edge ends through which they are left or reached."""

    nodes: Ints
    """(k, 2) ranks."""
    costs: Costs
    """(k, 2) costs between place and end; `UNREACHED` where an end is barred."""


@njit(nogil=True, cache=True)
def by_rank(nodes: Ints, costs: Ints, rank: Ints) -> Ends:
    """Return places at the ranks of their nodes, costs as lanes know them."""
    ranks = np.empty_like(nodes)
    capped = np.empty(costs.shape, np.uint32)
    for place in range(len(nodes)):
        for end in range(2):
            ranks[place, end] = rank[nodes[place, end]]
            capped[place, end] = min(costs[place, end], np.int64(UNREACHED))
    return Ends(ranks, capped)


class Targets(NamedTuple):
    """Places that are looked for, found from the nodes they hang on."""

    ends: Ends
    starts: Ints
    items: Ints
    """Ends at node ``i``, as ``2 * target + end``: ``items[starts[i]:starts[i + 1]]``."""


class Direct(NamedTuple):
    """Ways along one edge, from a place to a target, that pass no node."""

    starts: Ints
    targets: Ints
    costs: Costs


class Room(NamedTuple):
    """Workspace of one thread; `local` and `row` are -1 everywhere between two blocks."""

    search: Workspace
    local: np.ndarray[Any, np.dtype[np.int32]]
    up: Arcs
    down: Arcs
    active: np.ndarray[Any, np.dtype[np.bool_]]
    table: Rows
    row: np.ndarray[Any, np.dtype[np.int32]]
    inside: Ints
    found: Rows


BLOCK = 256
"""Places in one block."""


def room(ways: Ways, targets: int, dtype: Any) -> Room:
    """Make the arrays for one thread."""
    n = len(ways.graph.starts) - 1
    up = _empty_arcs(ways.up)
    return Room(
        workspace(ways.graph),
        np.full(n, -1, np.int32),
        up,
        up if ways.symmetric else _empty_arcs(ways.down),
        np.zeros(n, np.bool_),
        rows(n + 1, dtype),
        np.full(targets, -1, np.int32),
        np.empty(targets, np.int64),
        rows(targets, dtype),
    )


def _empty_arcs(arcs: Arcs) -> Arcs:
    return Arcs(np.empty_like(arcs.starts), np.empty_like(arcs.cells))


@njit(nogil=True, cache=True)
def enter(
    ways: Ways, origins: Ends, first: int, last: int, targets: Targets, direct: Direct,
    limit: int, room: Room,
) -> tuple[int, int]:  # fmt: skip
    """
    Make ready for the places from `first` up to `last`: their part of the city.

    Returns
    -------
    tuple of int
        Nodes of the part, in ``room.search.reached`` by rank, and targets in it, in
        ``room.inside``; call `leave` with them afterwards.
    """
    nodes, costs = origins.nodes[first:last].ravel(), origins.costs[first:last].ravel()
    count = search(ways.graph, nodes, costs, limit, room.search)
    clear(count, room.search)
    reached = room.search.reached[:count]
    sort(reached, room.search.near)
    for i in range(count):
        room.local[reached[i]] = i
    _localise(ways.up, reached, room.local, room.up)
    if not ways.symmetric:
        _localise(ways.down, reached, room.local, room.down)
    here = 0
    for node in reached:
        for k in range(targets.starts[node], targets.starts[node + 1]):
            here = _let_in(targets.items[k] >> 1, here, room)
    for k in range(direct.starts[first], direct.starts[last]):
        here = _let_in(direct.targets[k], here, room)
    return count, here


@njit(nogil=True, cache=True)
def sort(ranks: Costs, spare: Costs) -> None:
    """Sort in place, by three digits of 11 bits, with the help of as much spare room."""
    count = len(ranks)
    source, target = ranks, spare[:count]
    places = np.empty(2048, np.int64)
    for shift in (0, 11, 22):
        places[:] = 0
        for rank in source:
            places[(rank >> np.uint32(shift)) & np.uint32(2047)] += 1
        if places[0] == count:
            continue
        before = 0
        for digit in range(2048):
            places[digit], before = before, before + places[digit]
        for rank in source:
            digit = (rank >> np.uint32(shift)) & np.uint32(2047)
            target[places[digit]] = rank
            places[digit] += 1
        source, target = target, source
    ranks[:] = source


@njit(nogil=True, cache=True)
def _localise(arcs, reached, local, part):
    """Arcs with both ends in the part, by place in it."""
    kept = 0
    part.starts[0] = 0
    for i in range(len(reached)):
        node = reached[i]
        for arc in range(arcs.starts[node], arcs.starts[node + 1]):
            head = local[arcs.cells[arc, 0]]
            if head >= 0:
                part.cells[kept, 0] = head
                part.cells[kept, 1] = arcs.cells[arc, 1]
                kept += 1
        part.starts[i + 1] = kept


@njit(nogil=True, cache=True)
def _let_in(target, here, room):
    if room.row[target] < 0:
        room.row[target] = here
        room.inside[here] = target
        return here + 1
    return here


@njit(nogil=True, cache=True)
def leave(count: int, here: int, room: Room) -> None:
    """Make the room clean again."""
    for node in room.search.reached[:count]:
        room.local[node] = -1
    for target in room.inside[:here]:
        room.row[target] = -1


@njit(nogil=True, cache=True)
def measure(
    origins: Ends, first: int, last: int, targets: Targets, direct: Direct,
    count: int, here: int, limit: int, room: Room,
) -> None:  # fmt: skip
    """
    Write costs from the places `first` up to `last`, one a lane, to the targets inside.

    Row ``i`` of ``room.found`` belongs to the target ``room.inside[i]``. Costs over
    `limit` may stand there or not; those up to it are exact.
    """
    lane = room.table.dtype.type
    none = lane(lane(0) - lane(1))
    lowest = _seed(origins, first, last, count, limit, room)
    _pass_over(count, lowest, room)
    for i in range(here):
        fill(room.found, i, none)
        target = room.inside[i]
        for end in range(2):
            node, cost = targets.ends.nodes[target, end], targets.ends.costs[target, end]
            if cost <= limit and room.local[node] >= 0:
                relax(room.found, i, room.table, np.int64(room.local[node]), lane(cost))
    for place in range(first, last):
        for k in range(direct.starts[place], direct.starts[place + 1]):
            i = room.row[direct.targets[k]]
            if direct.costs[k] <= limit and direct.costs[k] < room.found[i, place - first]:
                room.found[i, place - first] = direct.costs[k]


@njit(nogil=True, cache=True)
def _seed(origins, first, last, count, limit, room):
    """Set the rows of the part, all unreached but for the ends of the places; the lowest."""
    table = room.table
    lane = table.dtype.type
    none = lane(lane(0) - lane(1))
    for i in range(count):
        fill(table, i, none)
    lowest = count
    for place in range(first, last):
        for end in range(2):
            cost = origins.costs[place, end]
            if cost <= limit:
                i = room.local[origins.nodes[place, end]]
                table[i, place - first] = min(table[i, place - first], lane(cost))
                room.active[i] = True
                lowest = min(lowest, i)
    return lowest


@njit(nogil=True, cache=True)
def _pass_over(count, lowest, room):
    """Up over what the seeds can touch, down over the whole part."""
    table, active = room.table, room.active
    lane = table.dtype.type
    up, down = room.up, room.down
    for i in range(lowest, count):
        if active[i]:
            active[i] = False
            for arc in range(up.starts[i], up.starts[i + 1]):
                head = np.int64(up.cells[arc, 0])
                relax(table, head, table, i, lane(up.cells[arc, 1]))
                active[head] = True
    for i in range(count - 1, -1, -1):
        for arc in range(down.starts[i], down.starts[i + 1]):
            relax(table, i, table, np.int64(down.cells[arc, 0]), lane(down.cells[arc, 1]))
