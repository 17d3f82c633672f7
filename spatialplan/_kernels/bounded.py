"""Shortest paths from a few seeds to what lies within a limit, in a workspace used again."""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

import numpy as np
from numba import njit

from .heap import COST
from .heap import NODE
from .heap import drop_least
from .heap import key
from .heap import push
from .weights import UNREACHED
from .weights import Arcs
from .weights import total

Costs = np.ndarray[Any, np.dtype[np.uint32]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


class Workspace(NamedTuple):
    """Arrays of a search; `cost` is `UNREACHED` everywhere between two searches."""

    cost: Costs
    heap: np.ndarray[Any, np.dtype[np.uint64]]
    reached: Costs


def workspace(graph: Arcs, most_seeds: int) -> Workspace:
    """Make the arrays for searches in a graph from at most so many seeds."""
    n = len(graph.starts) - 1
    # A node is put into the heap once for each arc that makes it cheaper, at most.
    room = len(graph.cells) + most_seeds + 1
    return Workspace(np.full(n, UNREACHED, np.uint32), np.empty(room, np.uint64),
                     np.empty(n, np.uint32))  # fmt: skip


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
    cost, heap, reached = work
    count = size = 0
    for i in range(len(seeds)):
        node, here = seeds[i], seed_costs[i]
        if here <= limit and here < cost[node]:
            if cost[node] == UNREACHED:
                reached[count] = node
                count += 1
            cost[node] = here
            size = push(heap, size, key(here, node))
    while size > 0:
        node, here = np.int64(heap[0] & NODE), np.uint32(heap[0] >> COST)
        size = drop_least(heap, size)
        if here > cost[node]:
            continue
        for arc in range(graph.starts[node], graph.starts[node + 1]):
            head = np.int64(graph.cells[arc, 0])
            there = total(here, graph.cells[arc, 1])
            if there <= limit and there < cost[head]:
                if cost[head] == UNREACHED:
                    reached[count] = head
                    count += 1
                cost[head] = there
                size = push(heap, size, key(there, head))
    return count


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
