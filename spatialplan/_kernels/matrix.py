"""
Costs between many places anywhere in the city, as a table.

Upwards, a block of 16 or 32 origins touches only what lies above them in rank; downwards,
only what lies above the targets is of interest, and that is found once for all blocks. In
between no node is looked at that no lane has reached within the limit.

Reference: Delling, D., Goldberg, A. V., Werneck, R. F. (2011), Faster batched shortest
paths in road networks. ATMOS: restricted PHAST.
"""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

import numpy as np
from numba import njit

from .lanes import Rows
from .lanes import any_within
from .lanes import fill
from .lanes import relax
from .lanes import rows
from .region import Direct
from .region import Ends
from .region import Ways
from .weights import Arcs

Costs = np.ndarray[Any, np.dtype[np.uint32]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Desk(NamedTuple):
    """Workspace of one thread; `marked` and `active` are false between two blocks."""

    table: Rows
    climbed: Costs
    marked: Flags
    active: Flags
    found: Rows


def desk(ways: Ways, targets: int, dtype: Any) -> Desk:
    """Make the arrays for one thread."""
    n = len(ways.up.starts) - 1
    return Desk(rows(n, dtype), np.empty(n, np.uint32), np.zeros(n, np.bool_),
                np.zeros(n, np.bool_), rows(targets, dtype))  # fmt: skip


@njit(nogil=True, cache=True)
def above(arcs: Arcs, nodes: Ints, found: Costs, marked: Flags) -> int:
    """
    Find all nodes above some, and these themselves.

    They are written to `found`, ascending; `marked`, which must be clean, is left clean.
    Returns how many there are.
    """
    count = 0
    for node in nodes:
        if not marked[node]:
            marked[node] = True
            found[count] = node
            count += 1
    done = 0
    while done < count:
        node = found[done]
        done += 1
        for arc in range(arcs.starts[node], arcs.starts[node + 1]):
            head = arcs.cells[arc, 0]
            if not marked[head]:
                marked[head] = True
                found[count] = head
                count += 1
    for node in found[:count]:
        marked[node] = False
    found[:count].sort()
    return count


@njit(nogil=True, cache=True)
def matrix(
    ways: Ways, origins: Ends, first: int, last: int, targets: Ends, closure: Costs,
    direct: Direct, limit: int, desk: Desk, out: Rows,
) -> None:  # fmt: skip
    """
    Costs from the places `first` up to `last` to all targets.

    Parameters
    ----------
    closure
        All nodes above the ends of the targets along ``ways.down`` (`above`), ascending.
    out
        (last - first, targets), of the type of the lanes; `unreached` over the limit.
    """
    lane = desk.table.dtype.type
    none = lane(lane(0) - lane(1))
    width = desk.table.shape[1]
    for low in range(first, last, width):
        high = min(last, low + width)
        count = _climb(ways.up, origins, low, high, limit, desk)
        _descend(ways.down, closure, limit, desk)
        for target in range(len(targets.nodes)):
            fill(desk.found, target, none)
            for end in range(2):
                node, cost = targets.nodes[target, end], targets.costs[target, end]
                if cost <= limit and desk.active[node]:
                    relax(desk.found, target, desk.table, node, lane(cost))
        _hand_in(low, high, direct, limit, desk.found, out[low - first : high - first])
        for node in desk.climbed[:count]:
            desk.active[node] = False
        for node in closure:
            desk.active[node] = False


@njit(nogil=True, cache=True)
def _climb(up, origins, low, high, limit, desk):
    """Costs of all nodes above the origins; those within the limit are active."""
    table, active = desk.table, desk.active
    lane = table.dtype.type
    none = lane(lane(0) - lane(1))
    nodes = origins.nodes[low:high].ravel()
    count = above(up, nodes, desk.climbed, desk.marked)
    for node in desk.climbed[:count]:
        fill(table, np.int64(node), none)
    for place in range(low, high):
        for end in range(2):
            cost = origins.costs[place, end]
            if cost <= limit:
                node = origins.nodes[place, end]
                table[node, place - low] = min(table[node, place - low], lane(cost))
    for i in range(count):
        node = np.int64(desk.climbed[i])
        if any_within(table, node, lane(limit)):
            active[node] = True
            for arc in range(up.starts[node], up.starts[node + 1]):
                relax(table, np.int64(up.cells[arc, 0]), table, node, lane(up.cells[arc, 1]))
    return count


@njit(nogil=True, cache=True)
def _descend(down, closure, limit, desk):
    """Costs of the nodes above the targets, from the highest down."""
    table, active = desk.table, desk.active
    lane = table.dtype.type
    none = lane(lane(0) - lane(1))
    for i in range(len(closure) - 1, -1, -1):
        node = np.int64(closure[i])
        known = active[node]
        for arc in range(down.starts[node], down.starts[node + 1]):
            head = np.int64(down.cells[arc, 0])
            if active[head]:
                if not known:
                    fill(table, node, none)
                    known = True
                relax(table, node, table, head, lane(down.cells[arc, 1]))
        active[node] = known and any_within(table, node, lane(limit))


@njit(nogil=True, cache=True)
def _hand_in(low, high, direct, limit, found, out):
    """Turn lanes into rows of the result, with the ways that pass no node."""
    lane = found.dtype.type
    none = lane(lane(0) - lane(1))
    for row in range(high - low):
        line = out[row]
        for target in range(len(found)):
            cost = found[target, row]
            line[target] = cost if cost <= limit else none
        place = low + row
        for k in range(direct.starts[place], direct.starts[place + 1]):
            cost = direct.costs[k]
            if cost <= limit and cost < line[direct.targets[k]]:
                line[direct.targets[k]] = cost
