"""
Which shortcuts a street graph needs in an order of its nodes, whatever the costs.

If the nodes are taken out one by one, and the neighbours that are left of each are
joined, any two nodes that remain are as far apart as before. The skeleton holds, for
every node, its neighbours of higher rank at that moment: the chordal completion of the
graph. Costs come later (`spatialplan._kernels.weights`), in seconds instead of minutes.

Reference: Dibbelt, J., Strasser, B., Wagner, D. (2016), Customizable contraction
hierarchies. ACM J. Exp. Algorithmics 21.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Ints = np.ndarray[Any, np.dtype[np.int64]]
Heads = np.ndarray[Any, np.dtype[np.uint32]]


@njit(nogil=True, cache=True)
def chordal_completion(starts: Ints, heads: Ints, most: int) -> tuple[Ints, Heads]:
    """
    Upward neighbours of every node.

    Parameters
    ----------
    starts, heads
        The graph in compressed rows, nodes numbered by rank; every edge stands in both
        directions.
    most
        If the skeleton grows over so many arcs, it is given up.

    Returns
    -------
    tuple of ndarray
        Compressed rows: the upward neighbours of rank ``v``, ascending, are
        ``heads[starts[v]:starts[v + 1]]``. Empty rows where it was given up.
    """
    n = len(starts) - 1
    first_child = np.full(n, -1, np.int64)
    next_child = np.full(n, -1, np.int64)
    seen = np.full(n, -1, np.int64)
    row = np.empty(n, np.uint32)
    up = np.zeros(n + 1, np.int64)
    found = np.empty(2 * len(heads) + n + 16, np.uint32)
    for node in range(n):
        size = 0
        seen[node] = node
        for arc in range(starts[node], starts[node + 1]):
            size = _note(heads[arc], node, seen, row, size)
        # What a lower node leaves joined, its lowest upward neighbour inherits.
        child = first_child[node]
        while child >= 0:
            for arc in range(up[child], up[child + 1]):
                size = _note(found[arc], node, seen, row, size)
            child = next_child[child]
        if up[node] + size > most:
            return np.zeros(n + 1, np.int64), np.empty(0, np.uint32)
        if up[node] + size > len(found):
            found = np.concatenate((found, np.empty(len(found) + size, np.uint32)))
        found[up[node] : up[node] + size] = np.sort(row[:size])
        up[node + 1] = up[node] + size
        if size > 0:
            parent = found[up[node]]
            next_child[node] = first_child[parent]
            first_child[parent] = node
    return up, found[: up[n]].copy()


@njit(nogil=True, cache=True)
def _note(head, node, seen, row, size):
    """Add a neighbour of higher rank that is not yet in the row; return its size."""
    if head > node and seen[head] != node:
        seen[head] = node
        row[size] = head
        return size + 1
    return size
