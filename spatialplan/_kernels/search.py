"""
Shortest paths from many places at once, over a graph in compressed rows.

A graph is three arrays: the arcs of node ``i`` are ``heads[starts[i]:starts[i + 1]]``
with their ``costs``. Costs are integers, so a comparison at a limit is exact.
Parallel arcs, loops and arcs of cost zero need no special case.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

UNREACHED = np.iinfo(np.int64).max

Ints = np.ndarray[Any, np.dtype[np.int64]]


@njit(cache=True)
def _push(keys, items, size, key, item):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add to a binary heap kept in two arrays; return its new size."""
    child = size
    while child > 0:
        parent = (child - 1) // 2
        if keys[parent] <= key:
            break
        keys[child], items[child] = keys[parent], items[parent]
        child = parent
    keys[child], items[child] = key, item
    return size + 1


@njit(cache=True)
def _drop_least(keys, items, size):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Remove the least key of the heap; return its new size."""
    size -= 1
    key, item = keys[size], items[size]
    parent, child = 0, 1
    while child < size:
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[parent], items[parent] = keys[child], items[child]
        parent, child = child, 2 * child + 1
    keys[parent], items[parent] = key, item
    return size


@njit(cache=True)
def spread(
    starts: Ints, heads: Ints, costs: Ints, seeds: Ints, seed_costs: Ints, limit: int
) -> tuple[Ints, Ints]:
    """
    Cost from the nearest seed to every node, and which seed that is.

    Parameters
    ----------
    starts, heads, costs
        The graph; costs are not negative.
    seeds, seed_costs
        Node of each seed and what it has cost to get there.
    limit
        Nodes that cost more are left out.

    Returns
    -------
    tuple of ndarray
        Cost per node (`UNREACHED` where there is none) and position of the seed (-1).
    """
    n = len(starts) - 1
    cost = np.full(n, UNREACHED, np.int64)
    source = np.full(n, -1, np.int64)
    keys = np.empty(len(heads) + len(seeds) + 1, np.int64)
    items = np.empty(len(keys), np.int64)
    size = 0
    for i in range(len(seeds)):
        node = seeds[i]
        if seed_costs[i] <= limit and seed_costs[i] < cost[node]:
            cost[node] = seed_costs[i]
            source[node] = i
            size = _push(keys, items, size, cost[node], node)
    while size > 0:
        key, node = keys[0], items[0]
        size = _drop_least(keys, items, size)
        if key > cost[node]:
            continue
        for arc in range(starts[node], starts[node + 1]):
            head, total = heads[arc], key + costs[arc]
            if total <= limit and total < cost[head]:
                cost[head] = total
                source[head] = source[node]
                size = _push(keys, items, size, total, head)
    return cost, source


@njit(cache=True)
def table(
    starts: Ints,
    heads: Ints,
    costs: Ints,
    origin_nodes: Ints,
    origin_costs: Ints,
    target_nodes: Ints,
    target_costs: Ints,
    limit: int,
) -> Ints:
    """
    Cost from every origin to every target, through the two ends of their edges.

    `origin_nodes` and `target_nodes` have two columns, one per end; an end that
    may not be used has cost `UNREACHED`. The result is dense, `UNREACHED` where
    the cost is over `limit`.
    """
    result = np.full((len(origin_nodes), len(target_nodes)), UNREACHED, np.int64)
    for i in range(len(origin_nodes)):
        cost, _ = spread(starts, heads, costs, origin_nodes[i], origin_costs[i], limit)
        for j in range(len(target_nodes)):
            for end in range(2):
                here, last = cost[target_nodes[j, end]], target_costs[j, end]
                if here <= limit and last <= limit and here + last < result[i, j]:
                    result[i, j] = here + last
            if result[i, j] > limit:
                result[i, j] = UNREACHED
    return result
