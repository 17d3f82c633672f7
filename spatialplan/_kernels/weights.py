"""
Costs for a skeleton, and the arcs of it that matter.

Customisation: every arc of the skeleton gets the cost of the best way over nodes of
lower rank, both directions apart, so that one-way streets and any other asymmetry are
exact. Pruning: an arc that some other way beats is on no best way that goes first up and
then down in rank, and is left out.

Reference: Dibbelt, Strasser, Wagner (2016), as in `spatialplan._kernels.skeleton`:
basic and perfect customisation.
"""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

import numpy as np
from numba import njit

UNREACHED = np.uint32(0xFFFFFFFF)
"""No way. A way of 4,294,967,295 units or more counts as none."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Costs = np.ndarray[Any, np.dtype[np.uint32]]
Starts = np.ndarray[Any, np.dtype[np.int32]]


class Arcs(NamedTuple):
    """Arcs in compressed rows: those of node ``i`` are ``cells[starts[i]:starts[i + 1]]``."""

    starts: Starts
    cells: Costs
    """(m, 2): head and cost side by side, because they are read together."""


@njit(inline="always")
def total(first, second):
    """Sum of two costs, `UNREACHED` where it is too large for a cost."""
    return np.uint32(min(np.uint64(first) + np.uint64(second), np.uint64(UNREACHED)))


@njit(nogil=True, cache=True)
def customise(
    up: Ints, heads: Costs, graph: Arcs, mirror: Arcs, symmetric: bool
) -> tuple[Costs, Costs]:
    """
    Costs of all arcs of a skeleton.

    Parameters
    ----------
    up, heads
        The skeleton.
    graph, mirror
        The directed street graph, nodes numbered by rank, and the same turned round.
    symmetric
        Whether all costs are the same in both directions: then one array serves both.

    Returns
    -------
    tuple of ndarray
        For each arc of the skeleton from ``v`` to ``a``: cost of the way ``v`` → ``a``
        and of the way ``a`` → ``v``, over nodes of lower rank than ``v``.
    """
    n = len(up) - 1
    upward = np.full(len(heads), UNREACHED, np.uint32)
    downward = upward if symmetric else upward.copy()
    slot = np.zeros(n, np.int64)
    below, lows, arcs_below = seen_from_above(up, heads)
    for node in range(n):
        for arc in range(up[node], up[node + 1]):
            slot[heads[arc]] = arc
        _take_streets(graph, node, slot, upward)
        _take_streets(mirror, node, slot, downward)
        # The arcs of a lower node are final by now: it joins this one to others above.
        for k in range(below[node], below[node + 1]):
            first = arcs_below[k]
            for second in range(first + 1, up[lows[k] + 1]):
                arc = slot[heads[second]]
                upward[arc] = min(upward[arc], total(downward[first], upward[second]))
                if not symmetric:
                    downward[arc] = min(downward[arc], total(downward[second], upward[first]))
    return upward, downward


@njit(nogil=True, cache=True)
def _take_streets(graph, node, slot, costs):
    """Costs of the streets from a node to others of higher rank."""
    for street in range(graph.starts[node], graph.starts[node + 1]):
        head = graph.cells[street, 0]
        if head > node:
            costs[slot[head]] = min(costs[slot[head]], graph.cells[street, 1])


@njit(nogil=True, cache=True)
def seen_from_above(up: Ints, heads: Costs) -> tuple[Ints, Costs, Ints]:
    """Compressed rows of the arcs that end at each node: their lower ends, and which they are."""
    n = len(up) - 1
    below = np.zeros(n + 1, np.int64)
    for head in heads:
        below[head + 1] += 1
    below = np.cumsum(below)
    free = below[:-1].copy()
    lows = np.empty(len(heads), np.uint32)
    arcs = np.empty(len(heads), np.int64)
    for low in range(n):
        for arc in range(up[low], up[low + 1]):
            place = free[heads[arc]]
            lows[place] = low
            arcs[place] = arc
            free[heads[arc]] += 1
    return below, lows, arcs


@njit(nogil=True, cache=True)
def prune(
    up: Ints, heads: Costs, upward: Costs, downward: Costs, symmetric: bool
) -> tuple[Costs, Costs]:
    """
    Costs of the ways themselves: what is less than in `upward` or `downward` beats the arc.

    An arc whose cost here is less than it was is no best way and may be left out.
    From the highest rank down, over the triangles whose third corner is higher.
    """
    best_up = upward.copy()
    best_down = best_up if symmetric else downward.copy()
    n = len(up) - 1
    slot = np.full(n, -1, np.int64)
    for low in range(n - 1, -1, -1):
        for arc in range(up[low], up[low + 1]):
            slot[heads[arc]] = arc
        for middle in range(up[low], up[low + 1]):
            for side in range(up[heads[middle]], up[heads[middle] + 1]):
                other = slot[heads[side]]
                if other < 0:
                    continue
                # low → middle → other and low → other → middle, and both back
                to_other, to_middle = best_up[side], best_down[side]
                best_up[other] = min(best_up[other], total(best_up[middle], to_other))
                best_up[middle] = min(best_up[middle], total(best_up[other], to_middle))
                if not symmetric:
                    best_down[other] = min(best_down[other], total(to_middle, best_down[middle]))
                    best_down[middle] = min(best_down[middle], total(to_other, best_down[other]))
        for arc in range(up[low], up[low + 1]):
            slot[heads[arc]] = -1
    return best_up, best_down


@njit(nogil=True, cache=True)
def arcs_within(up: Ints, heads: Costs, costs: Costs, best: Costs, limit: int) -> Arcs:
    """Arcs of a skeleton that cost at most `limit` and that nothing beats."""
    n = len(up) - 1
    starts = np.zeros(n + 1, np.int32)
    kept = 0
    for arc in range(len(heads)):
        kept += costs[arc] <= limit and best[arc] == costs[arc]
    cells = np.empty((kept, 2), np.uint32)
    kept = 0
    for low in range(n):
        for arc in range(up[low], up[low + 1]):
            if costs[arc] <= limit and best[arc] == costs[arc]:
                cells[kept, 0] = heads[arc]
                cells[kept, 1] = costs[arc]
                kept += 1
        starts[low + 1] = kept
    return Arcs(starts, cells)


@njit(nogil=True, cache=True)
def shorter_arcs(arcs: Arcs, limit: int) -> Arcs:
    """The arcs that cost at most `limit`."""
    n = len(arcs.starts) - 1
    starts = np.zeros(n + 1, np.int32)
    cells = np.empty((int(np.sum(arcs.cells[:, 1] <= limit)), 2), np.uint32)
    kept = 0
    for node in range(n):
        for arc in range(arcs.starts[node], arcs.starts[node + 1]):
            if arcs.cells[arc, 1] <= limit:
                cells[kept, 0] = arcs.cells[arc, 0]
                cells[kept, 1] = arcs.cells[arc, 1]
                kept += 1
        starts[node + 1] = kept
    return Arcs(starts, cells)
