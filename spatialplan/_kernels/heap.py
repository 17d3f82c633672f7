"""
A queue of nodes by cost, for the searches.

A heap with four children at each place, so that the children share a cache line.
Cost and node stand in one number, ``cost << 32 | node``: equal costs come out by node,
so that every run takes the same way. A node whose cost falls is put in again; who takes
one out compares its cost and passes over the older ones.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NODE = np.uint64(0xFFFFFFFF)
COST = np.uint64(32)


@njit(inline="always")
def key(cost, node):
    """One number to order by."""
    return (np.uint64(cost) << COST) | np.uint64(node)


@njit(inline="always")
def push(heap, size, item):
    """Put a key in; return the new size."""
    child = size
    while child > 0:
        parent = (child - 1) >> 2
        if heap[parent] <= item:
            break
        heap[child] = heap[parent]
        child = parent
    heap[child] = item
    return size + 1


@njit(inline="always")
def drop_least(heap, size):
    """Take out ``heap[0]``; return the new size."""
    size -= 1
    item = heap[size]
    parent = 0
    while True:
        first = (parent << 2) + 1
        if first >= size:
            break
        least = first
        for child in range(first + 1, min(first + 4, size)):
            if heap[child] < heap[least]:
                least = child
        if heap[least] >= item:
            break
        heap[parent] = heap[least]
        parent = least
    heap[parent] = item
    return size
