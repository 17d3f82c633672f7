"""
Shortest paths from a few seeds to what lies within a limit, in a workspace used again.

Nodes wait in two heaps without order: those nearer than a bound, which are looked at in
any order until none is left, and the others. Then the bound moves on by the cost of a
common street. A node may be looked at more than once, but nothing is ever sorted, which
takes less than half the time of a queue by cost.

Reference: Meyer, U., Sanders, P. (2003), Delta-stepping: a parallelizable shortest path
algorithm. J. Algorithms 49(1).
"""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

import numpy as np
from numba import njit

from .weights import UNREACHED
from .weights import Arcs
from .weights import total

Costs = np.ndarray[Any, np.dtype[np.uint32]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

_IDLE, _NEAR, _FAR = 0, 1, 2


class Workspace(NamedTuple):
    """Arrays of a search; between two of them `cost` is `UNREACHED` and `state` 0 everywhere."""

    cost: Costs
    reached: Costs
    near: Costs
    far: Costs
    state: np.ndarray[Any, np.dtype[np.uint8]]
    step: int
    """How far the bound moves on: the mean cost of an arc."""


def workspace(graph: Arcs) -> Workspace:
    """Make the arrays for searches in a graph."""
    n = len(graph.starts) - 1
    open_costs = graph.cells[graph.cells[:, 1] != UNREACHED, 1]
    step = int(open_costs.mean()) if len(open_costs) else 1
    reached, near, far = (np.empty(n, np.uint32) for _ in range(3))
    cost, state = np.full(n, UNREACHED, np.uint32), np.zeros(n, np.uint8)
    return Workspace(cost, reached, near, far, state, max(step, 1))


@njit(nogil=True, cache=True)
def search(graph: Arcs, seeds: Ints, seed_costs: Costs, limit: int, work: Workspace) -> int:
    """
    Write costs from the nearest seed into ``work.cost``.

    Parameters
    ----------
    graph
        Directed arcs.
    seeds, seed_costs
        Node of each seed and what it has cost to get there.
    limit
        Nodes that cost more are left out; at most ``UNREACHED - 1``.
    work
        Clean arrays; call `clear` before the next search.

    Returns
    -------
    int
        Number of nodes reached; they stand in ``work.reached``, no order promised.
    """
    cost, reached, near, far, state, step = work
    count = later = _sow(seeds, seed_costs, limit, work)
    while later > 0:
        bound, ahead, later = _move_on(later, step, work)
        while ahead > 0:
            ahead -= 1
            node = np.int64(near[ahead])
            state[node] = _IDLE
            here = cost[node]
            for arc in range(graph.starts[node], graph.starts[node + 1]):
                head = np.int64(graph.cells[arc, 0])
                there = total(here, graph.cells[arc, 1])
                if there > limit or there >= cost[head]:
                    continue
                if cost[head] == UNREACHED:
                    reached[count] = head
                    count += 1
                cost[head] = there
                # One that waits among the far and is now near stays there as a shell.
                if there < bound and state[head] != _NEAR:
                    near[ahead] = head
                    ahead += 1
                    state[head] = _NEAR
                elif there >= bound and state[head] == _IDLE:
                    far[later] = head
                    later += 1
                    state[head] = _FAR
    return int(count)


@njit(nogil=True, cache=True)
def _sow(seeds, seed_costs, limit, work):
    """Set the seeds, which wait among the far; return how many there are."""
    count = 0
    for i in range(len(seeds)):
        node, here = seeds[i], seed_costs[i]
        if here <= limit and here < work.cost[node]:
            if work.cost[node] == UNREACHED:
                work.reached[count] = work.far[count] = node
                count += 1
                work.state[node] = _FAR
            work.cost[node] = here
    return count


@njit(nogil=True, cache=True)
def _move_on(later, step, work):
    """Bring the nearest of the far nodes near; the new bound, and how many wait in each."""
    nearest = np.int64(UNREACHED)
    for k in range(later):
        if work.state[work.far[k]] == _FAR:
            nearest = min(nearest, np.int64(work.cost[work.far[k]]))
    bound = nearest + step
    ahead = kept = 0
    for k in range(later):
        node = work.far[k]
        if work.state[node] == _FAR and work.cost[node] < bound:
            work.near[ahead] = node
            ahead += 1
            work.state[node] = _NEAR
        elif work.state[node] == _FAR:
            work.far[kept] = node
            kept += 1
    return bound, ahead, kept


@njit(nogil=True, cache=True)
def clear(count: int, work: Workspace) -> None:
    """Make the workspace clean again after a search that reached `count` nodes."""
    for i in range(count):
        work.cost[work.reached[i]] = UNREACHED


@njit(nogil=True, cache=True)
def reached_sets(
    graph: Arcs, nodes: Ints, costs: Costs, limit: int, work: Workspace
) -> tuple[Ints, Costs, Costs]:
    """
    Nodes within a limit of each of several places, each left through two edge ends.

    Parameters
    ----------
    nodes, costs
        (k, 2): the ends, and what it costs to get there; `UNREACHED` where an end is barred.

    Returns
    -------
    tuple of ndarray
        Compressed rows: starts (k + 1), nodes and their costs.
    """
    starts = np.zeros(len(nodes) + 1, np.int64)
    found = np.empty((1024, 2), np.uint32)
    for i in range(len(nodes)):
        count = search(graph, nodes[i], costs[i], limit, work)
        stop = starts[i] + count
        if stop > len(found):
            found = np.concatenate((found, np.empty((len(found) + count, 2), np.uint32)))
        for k in range(count):
            node = work.reached[k]
            found[starts[i] + k, 0] = node
            found[starts[i] + k, 1] = work.cost[node]
        starts[i + 1] = stop
        clear(count, work)
    return starts, found[: starts[-1], 0].copy(), found[: starts[-1], 1].copy()
