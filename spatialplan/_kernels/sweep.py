"""
Shortest paths from all seeds of many lanes by going over the arcs twice.

In the order of `spatialplan._kernels.order`, some best way between any two nodes goes
first up and then down in rank, over arcs of the skeleton. So one pass over the nodes
from low to high, and one back, finds the costs from any set of seeds to every node,
without a queue; and sixteen or thirty-two sets of seeds take hardly longer than one,
because their costs lie in one row (`spatialplan._kernels.lanes`).

Reference: Delling, D., Goldberg, A. V., Nowatzyk, A., Werneck, R. F. (2011), PHAST:
Hardware-accelerated shortest path trees. IPDPS.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .lanes import Rows
from .lanes import fill
from .lanes import relax
from .region import Ends
from .weights import UNREACHED
from .weights import Arcs

Ints = np.ndarray[Any, np.dtype[np.int64]]


@njit(nogil=True, cache=True)
def spread_lanes(up: Arcs, down: Arcs, table: Rows) -> None:
    """
    Turn the costs of seeds into the costs of all nodes, in every lane.

    Parameters
    ----------
    up, down
        Arcs from a node to one of higher rank, and from that one back to it; both are
        kept at the lower end. Exchanged, they give costs towards the seeds.
    table
        One row for each node: costs of the seeds, `unreached` elsewhere; overwritten.
        Costs over what the type holds count as unreached.
    """
    n = len(table)
    lane = table.dtype.type
    for node in range(n):
        for arc in range(up.starts[node], up.starts[node + 1]):
            relax(table, np.int64(up.cells[arc, 0]), table, node, lane(up.cells[arc, 1]))
    for node in range(n - 1, -1, -1):
        for arc in range(down.starts[node], down.starts[node + 1]):
            relax(table, node, table, np.int64(down.cells[arc, 0]), lane(down.cells[arc, 1]))


@njit(nogil=True, cache=True)
def seed(table: Rows, places: Ends, lanes: Ints, limit: int) -> None:
    """Make a table of seeds only: each place in its lane, at the ends it is reached through."""
    lane = table.dtype.type
    none = lane(lane(0) - lane(1))
    for node in range(len(table)):
        fill(table, node, none)
    for place in range(len(places.nodes)):
        for end in range(2):
            cost = places.costs[place, end]
            if cost <= limit:
                node = places.nodes[place, end]
                table[node, lanes[place]] = min(table[node, lanes[place]], lane(cost))


@njit(nogil=True, cache=True)
def take(
    table: Rows, places: Ends, limit: int, found: Rows, out: np.ndarray[Any, np.dtype[np.uint32]]
) -> None:
    """
    Costs of places from the rows of the ends through which they are left.

    Parameters
    ----------
    found
        Rows to work in, some hundreds: the processor fetches many places at once if
        nothing else stands between them.
    out
        (places, lanes used): written, `UNREACHED` over the limit.
    """
    lane = table.dtype.type
    none = lane(lane(0) - lane(1))
    nodes, costs = places
    size = len(found)
    for first in range(0, len(nodes), size):
        last = min(first + size, len(nodes))
        for place in range(first, last):
            fill(found, place - first, none)
            for end in range(2):
                if costs[place, end] <= limit:
                    relax(found, place - first, table, nodes[place, end], lane(costs[place, end]))
        for place in range(first, last):
            for k in range(out.shape[1]):
                cost = np.uint32(found[place - first, k])
                out[place, k] = cost if cost <= limit else UNREACHED
