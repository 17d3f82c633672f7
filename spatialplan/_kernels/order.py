"""
An order of the nodes in which what separates comes after what it separates.

Nested dissection: the nodes are cut in two by a straight line that few streets cross;
the nodes at the crossings, the separator, come last, and each half is cut again. In such
an order few shortcuts are needed (`spatialplan._kernels.skeleton`), and what lies close
in the city lies close in memory.

Reference: George, A. (1973), Nested dissection of a regular finite element mesh. SIAM
J. Numer. Anal. 10(2); the cuts by projection: Schild, A., Sommer, C. (2015), On balanced
separators in road networks. SEA.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

LEAF = 16
"""Parts of no more nodes are not cut."""

DIRECTIONS = 6
"""Cuts are tried in so many directions."""

BINS = 1024
"""A direction is divided into at most so many places to cut."""

BALANCE = 0.36
"""The smaller side of a cut has at least this share of the nodes."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@njit(nogil=True, cache=True)
def dissection(starts: Ints, heads: Ints, x: Floats, y: Floats) -> Ints:
    """
    Nodes of a graph from first to last.

    Parameters
    ----------
    starts, heads
        The graph in compressed rows; every edge stands in both directions.
    x, y
        Where the nodes lie. Any finite numbers do; good ones make good cuts.

    Returns
    -------
    ndarray
        Node at each rank.
    """
    n = len(x)
    order = np.arange(n)
    part = np.zeros(n, np.int64)
    side = np.zeros(n, np.int8)
    place = np.empty(n, np.int64)
    number = 0
    waiting = [(0, n)]
    while len(waiting) > 0:
        low, high = waiting.pop()
        if high - low <= LEAF:
            continue
        number += 1
        nodes = order[low:high]
        for node in nodes:
            part[node] = number
        _cut(starts, heads, x, y, nodes, part, side, place)
        _mark_separator(starts, heads, nodes, part, side)
        left, right = _arrange(nodes, side)
        for node in nodes[left + right :]:
            part[node] = 0
        waiting.append((low, low + left))
        waiting.append((low + left, low + left + right))
    return order


@njit(nogil=True, cache=True)
def _cut(starts, heads, x, y, nodes, part, side, place):
    """Write 1 or 2 to `side` of each node: the halves of the line that fewest edges cross."""
    count = len(nodes)
    least = np.inf
    directions = DIRECTIONS if count > 32 * LEAF else 2
    for turn in range(directions):
        angle = np.pi * turn / directions
        along = np.cos(angle) * x[nodes] + np.sin(angle) * y[nodes]
        bins = min(BINS, 4 * count)
        low, width = along.min(), along.max() - along.min()
        scale = (bins - 1e-6) / (width + 1e-9)
        crossing = np.zeros(bins + 2, np.int64)
        filled = np.zeros(bins + 1, np.int64)
        for i in range(count):
            place[nodes[i]] = int((along[i] - low) * scale)
            filled[place[nodes[i]]] += 1
        for node in nodes:
            for arc in range(starts[node], starts[node + 1]):
                head = heads[arc]
                if part[head] == part[node] and place[head] > place[node]:
                    crossing[place[node] + 1] += 1
                    crossing[place[head] + 1] -= 1
        cut, score = _best_place(crossing, filled, count)
        if score < least:
            least = score
            for node in nodes:
                side[node] = 1 if place[node] < cut else 2
    if least == np.inf:  # all on a few spots: any halves do
        for i in range(count):
            side[nodes[i]] = 1 if 2 * i < count else 2


@njit(nogil=True, cache=True)
def _best_place(crossing, filled, count):
    """Where to cut, and how good that is: few edges crossed, halves of like size."""
    best, least = 0, np.inf
    crossed = before = 0
    for place in range(1, len(filled)):
        crossed += crossing[place]
        before += filled[place - 1]
        if BALANCE * count <= before <= (1 - BALANCE) * count:
            score = (crossed + 0.3) * (1.0 + 1.2 * abs(before / count - 0.5))
            if score < least:
                best, least = place, score
    return best, least


@njit(nogil=True, cache=True)
def _mark_separator(starts, heads, nodes, part, side):
    """Write 3 to `side` of the nodes on one side, the shorter one, that touch the other."""
    touching = np.zeros(3, np.int64)
    for node in nodes:
        touching[side[node]] += _touches(starts, heads, node, part, side)
    shorter = 1 if touching[1] <= touching[2] else 2
    chosen = [node for node in nodes
              if side[node] == shorter and _touches(starts, heads, node, part, side)]  # fmt: skip
    for node in chosen:
        side[node] = 3


@njit(nogil=True, cache=True)
def _touches(starts, heads, node, part, side):
    for arc in range(starts[node], starts[node + 1]):
        head = heads[arc]
        if part[head] == part[node] and side[head] != side[node]:
            return True
    return False


@njit(nogil=True, cache=True)
def _arrange(nodes, side):
    """Put the nodes of side 1 first, then 2, then the separator; return how many of 1 and 2."""
    before = nodes.copy()
    filled = 0
    counts = np.zeros(4, np.int64)
    for wanted in range(1, 4):
        for node in before:
            if side[node] == wanted:
                nodes[filled] = node
                filled += 1
                counts[wanted] += 1
    return counts[1], counts[2]
