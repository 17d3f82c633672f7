"""
An order of the nodes in which what separates comes after what it separates.

Nodes of few streets come first: whatever separates the rest separates them too. The
rest is cut in two by as few nodes as can be (`spatialplan._kernels.separator`); they come
last, and each half is cut again (nested dissection). In such an order few shortcuts are
needed (`spatialplan._kernels.skeleton`), and what lies close in the city lies close in
memory.

References: George, A. (1973), Nested dissection of a regular finite element mesh. SIAM
J. Numer. Anal. 10(2). Liu, J. W. H. (1990), The role of elimination trees in sparse
factorization. SIAM J. Matrix Anal. Appl. 11(1): the tree, and that its nodes may be put
bottom up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .separator import Rows
from .separator import cut
from .separator import no_flow

FEW = 3
"""
Nodes that join no more others come first.

With three neighbours, one of them lies alone on its side of any separator the node is
part of, and does as well in its place: no separator gets larger. With four, it may.
"""

ROOM = 8
"""Nodes that join more others are no place for shortcuts: their rows would be long to search."""

LEAF = 16
"""Parts of no more nodes are not cut."""

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
    streets = _simple(starts, heads)
    first, core, rows = _without_few(streets)
    last = _halved(rows, x[core], y[core])
    order: Ints = _bottom_up(streets, np.concatenate((first, core[last])))
    return order


@njit(nogil=True, cache=True)
def _without_few(streets):
    """Take out nodes that join few others; return them, and the other nodes and their graph."""
    n = len(streets.starts) - 1
    size = streets.starts[1:] - streets.starts[:-1]
    table = np.empty((n, ROOM), np.int32)
    for node in range(n):
        if size[node] <= ROOM:
            row = streets.heads[streets.starts[node] : streets.starts[node + 1]]
            table[node, : size[node]] = row
    gone = np.zeros(n, np.bool_)
    first = np.empty(n, np.int64)
    filled = 0
    for few in range(FEW + 1):
        waiting = [node for node in range(n) if size[node] <= few and not gone[node]]
        turn = 0
        while turn < len(waiting):
            node = waiting[turn]
            turn += 1
            if gone[node] or size[node] > few or _crowded(table, size, node):
                continue
            gone[node] = True
            first[filled] = node
            filled += 1
            for k in range(size[node]):
                other = table[node, k]
                _join_others(table, size, node, other)
                if size[other] <= few:
                    waiting.append(other)
    core = np.flatnonzero(~gone)
    return first[:filled], core, _rows_of(core, table, size, streets)


@njit(nogil=True, cache=True)
def _simple(starts, heads):
    """Leave out loops and parallel edges."""
    n = len(starts) - 1
    begins = np.zeros(n + 1, np.int64)
    ends = np.empty(len(heads), np.int32)
    seen = np.full(n, -1, np.int64)
    filled = 0
    for node in range(n):
        seen[node] = node
        for head in heads[starts[node] : starts[node + 1]]:
            if seen[head] != node:
                seen[head] = node
                ends[filled] = head
                filled += 1
        begins[node + 1] = filled
    return Rows(begins, ends[:filled])


@njit(nogil=True, cache=True)
def _crowded(table, size, node):
    """Whether a neighbour has no room for the shortcuts it would get."""
    more = max(size[node] - 2, 0)
    most = 0
    for k in range(size[node]):
        most = max(most, size[table[node, k]])
    return most + more > ROOM


@njit(nogil=True, cache=True)
def _join_others(table, size, node, end):
    """In the row of a neighbour, put the other neighbours in the place of the node."""
    size[end] -= 1
    for k in range(size[end]):
        if table[end, k] == node:
            table[end, k] = table[end, size[end]]
    for k in range(size[node]):
        other = table[node, k]
        if other != end and other not in table[end, : size[end]]:
            table[end, size[end]] = other
            size[end] += 1


@njit(nogil=True, cache=True)
def _rows_of(core, table, size, rows):
    """Compressed rows of what is left. Of a node with a long row, no neighbour is gone."""
    number = np.full(len(size), -1, np.int32)
    number[core] = np.arange(len(core))
    starts = np.zeros(len(core) + 1, np.int64)
    starts[1:] = np.cumsum(size[core])
    heads = np.empty(starts[-1], np.int32)
    for i in range(len(core)):
        node = core[i]
        row = table[node] if size[node] <= ROOM else rows.heads[rows.starts[node] :]
        heads[starts[i] : starts[i + 1]] = number[row[: size[node]]]
    return Rows(starts, heads)


@njit(nogil=True, cache=True)
def _halved(rows, x, y):
    """Order the nodes by cutting them in two and the halves again."""
    n = len(x)
    lines = _lines(x, y)
    part = np.zeros(n, np.int32)
    place = np.full(n, -1, np.int32)
    side = np.empty(n, np.int8)
    flow = no_flow(n)
    number = 0
    waiting = [(0, n)]
    while len(waiting) > 0:
        low, high = waiting.pop()
        number += 1
        part[lines[0, low:high]] = number
        if high - low > LEAF and cut(rows, lines[:, low:high], part, place, flow, side):
            left, right = 0, 0
            for line in lines:
                left, right = _arrange(line[low:high], side, flow.stack)
            part[lines[0, low + left + right : high]] = 0
            waiting.append((low, low + left))
            waiting.append((low + left, low + left + right))
        else:
            _fewest_first(rows, lines[0, low:high])
    return lines[0]


@njit(nogil=True, cache=True)
def _lines(x, y):
    """Line up the nodes in four directions."""
    lines = np.empty((4, len(x)), np.int32)
    lines[0] = np.argsort(x, kind="mergesort")
    lines[1] = np.argsort(x + y, kind="mergesort")
    lines[2] = np.argsort(y, kind="mergesort")
    lines[3] = np.argsort(y - x, kind="mergesort")
    return lines


@njit(nogil=True, cache=True)
def _arrange(nodes, side, spare):
    """Put the nodes of side 1 first, then 2, then the separator; return how many of 1 and 2."""
    spare[: len(nodes)] = nodes
    filled = 0
    counts = np.zeros(4, np.int64)
    for wanted in range(1, 4):
        for node in spare[: len(nodes)]:
            if side[node] == wanted:
                nodes[filled] = node
                filled += 1
                counts[wanted] += 1
    return counts[1], counts[2]


@njit(nogil=True, cache=True)
def _fewest_first(rows, nodes):
    """Of a few nodes, put next the one that joins fewest others, shortcuts counted."""
    known, masks = _masks(rows, nodes)
    if not known:
        return
    before = nodes.copy()
    one = np.uint64(1)
    waiting = np.ones(len(nodes), np.bool_)
    for turn in range(len(nodes)):
        chosen, fewest = -1, 65
        for i in range(len(nodes)):
            if waiting[i] and _bits(masks[i]) < fewest:
                chosen, fewest = i, _bits(masks[i])
        waiting[chosen] = False
        nodes[turn] = before[chosen]
        for i in range(len(nodes)):
            if waiting[i] and (masks[chosen] >> np.uint64(i)) & one:
                itself = (one << np.uint64(i)) | (one << np.uint64(chosen))
                masks[i] = (masks[i] | masks[chosen]) & ~itself


@njit(nogil=True, cache=True)
def _masks(rows, nodes):
    """Write which nodes each joins as bits, the nodes themselves first; 64 can be told apart."""
    masks = np.zeros(len(nodes), np.uint64)
    near = np.empty(64, np.int32)
    count = len(nodes)
    if count > len(near):
        return False, masks
    near[:count] = nodes
    for i in range(len(nodes)):
        for arc in range(rows.starts[nodes[i]], rows.starts[nodes[i] + 1]):
            k = 0
            while k < count and near[k] != rows.heads[arc]:
                k += 1
            if k == len(near):
                return False, masks
            near[k] = rows.heads[arc]
            count = max(count, k + 1)
            masks[i] |= np.uint64(1) << np.uint64(k)
    return True, masks


@njit(nogil=True, cache=True)
def _bits(mask):
    count = 0
    while mask != 0:
        mask &= mask - np.uint64(1)
        count += 1
    return count


@njit(nogil=True, cache=True)
def _bottom_up(streets, order):
    """
    Bring together what hangs together: every node right after all that hang on it.

    A node hangs on the lowest of its upward neighbours in the skeleton; it needs the same
    shortcuts wherever it comes before that.
    """
    n = len(order)
    parents = _parents(streets, order)
    size = np.ones(n + 1, np.int64)
    for rank in range(n):
        size[parents[rank]] += size[rank]
    result = np.empty(n, np.int64)
    stop = np.full(n + 1, n)
    for rank in range(n - 1, -1, -1):
        parent = parents[rank]
        stop[rank] = stop[parent] - 1
        stop[parent] -= size[rank]
        result[stop[rank]] = order[rank]
    return result


@njit(nogil=True, cache=True)
def _parents(streets, order):
    """Rank of the lowest upward neighbour in the skeleton for each rank; n where there is none."""
    n = len(order)
    ranks = np.empty(n, np.int64)
    ranks[order] = np.arange(n)
    parents = np.full(n, n)
    above = np.full(n, n)  # some rank above, to get up the tree in few steps
    for rank in range(n):
        node = order[rank]
        for arc in range(streets.starts[node], streets.starts[node + 1]):
            low = ranks[streets.heads[arc]]
            while low < rank:
                following = above[low]
                above[low] = rank
                if following == n:
                    parents[low] = rank
                low = following
    return parents
