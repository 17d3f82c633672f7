"""
As few nodes of a graph as can be that leave it in two halves.

The nodes are lined up in some direction, and as many ways as possible are led from the
first of them to the last, no two over the same node: no fewer nodes separate first and
last than there are such ways, and so many do (Menger).

References: Schild, A., Sommer, C. (2015), On balanced separators in road networks. SEA:
the flow from the first to the last in some direction. Gottesbueren, M., Hamann, M., Uhl,
T. N., Wagner, D. (2019), Faster and better nested dissection orders for customizable
contraction hierarchies. Algorithms 12(9): the flow over nodes instead of edges.
"""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

import numpy as np
from numba import njit

SHARES = (0.25, 0.35)
"""Ways are led from this share of the nodes, the first in line, to the same share, the last."""

LOPSIDED = 0.6
"""A separator that halves nothing counts as larger by this share."""

FREE = -1
"""No way leads over the node."""

SOURCE = -2
"""A way begins at the node."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Shorts = np.ndarray[Any, np.dtype[np.int32]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Sides = np.ndarray[Any, np.dtype[np.int8]]


class Rows(NamedTuple):
    """A graph in compressed rows; every edge stands in both directions."""

    starts: Ints
    heads: Shorts


class Flow(NamedTuple):
    """Ways that share no node, and what the search for more of them needs; one cell a node."""

    before: Shorts
    """Node before this one on the way over it, `FREE` or `SOURCE`."""
    seen: Flags
    """Whether the last search came to where a way may go on from this node."""
    cursor: Ints
    """Arc from which on a search goes on."""
    stack: Shorts
    side: Sides
    """1 before the separator, 2 behind it, 3 in it."""


@njit(nogil=True, cache=True)
def no_flow(count):
    """Room for ways over so many nodes."""
    return Flow(
        np.empty(count, np.int32),
        np.empty(count, np.bool_),
        np.empty(count, np.int64),
        np.empty(count, np.int32),
        np.empty(count, np.int8),
    )


@njit(nogil=True, cache=True)
def cut(rows, lines, part, place, flow, side):
    """Write to `side` of each node where the best separator leaves it; return if there is one."""
    count = lines.shape[1]
    least = np.inf
    for nodes in lines:
        graph = along(rows, nodes, part, place)
        for share in SHARES:
            few = max(1, int(share * count))
            enough = int(min(np.ceil(least), count + 1))
            if lead(graph, few, enough, flow) >= enough:
                continue
            for at_source in (True, False):
                if at_source:
                    left, right = cut_at_source(few, count, flow)
                else:
                    left, right = cut_at_sink(graph, few, flow)
                score = _score(left, right, count)
                if score < least:
                    least = score
                    side[nodes] = flow.side[:count]
    return least < np.inf


@njit(nogil=True, cache=True)
def _score(left, right, count):
    """How bad a separator is: large, or with halves of unlike size."""
    if min(left, right) == 0:
        return np.inf
    return (count - left - right + 0.3) * (1.0 + LOPSIDED * abs(left - right) / count)


@njit(nogil=True, cache=True)
def along(rows, nodes, part, place):
    """Rows of a part whose nodes have the numbers of their places in line, farthest heads first."""
    count = len(nodes)
    starts = np.zeros(count + 2, np.int64)
    for i in range(count):
        node = nodes[i]
        place[node] = i
        inside = 0
        for arc in range(rows.starts[node], rows.starts[node + 1]):
            inside += part[rows.heads[arc]] == part[node]
        starts[i + 2] = starts[i + 1] + inside
    heads = np.empty(starts[-1], np.int32)
    for i in range(count - 1, -1, -1):
        node = nodes[i]
        for arc in range(rows.starts[node], rows.starts[node + 1]):
            tail = rows.heads[arc]
            if part[tail] == part[node]:
                heads[starts[place[tail] + 1]] = i
                starts[place[tail] + 1] += 1
    return Rows(starts[:-1], heads)


@njit(nogil=True, cache=True)
def lead(graph, few, enough, flow):
    """
    Lead as many ways as possible from the first to the last `few` nodes, none over a node twice.

    A round looks at every node at most once. Most ways are found in the first, and in the
    last no more: then what it saw is all that can be reached. Return how many ways there
    are; given up where there are `enough`.
    """
    n = len(graph.starts) - 1
    flow.before[:n] = FREE
    ways, found = 0, 1
    while found > 0 and ways < enough:
        found = 0
        flow.seen[:n] = False
        flow.cursor[:n] = graph.starts[:n]
        for source in range(few - 1, -1, -1):
            if flow.before[source] == FREE and _at_border(graph, source, few):
                found += _lead_one(graph, source, few, flow)
        ways += found
    return ways


@njit(nogil=True, cache=True)
def _at_border(graph, source, few):
    """Whether one of the first nodes joins any other; its farthest neighbour stands first."""
    start = graph.starts[source]
    return start < graph.starts[source + 1] and graph.heads[start] >= few


@njit(nogil=True, cache=True)
def _lead_one(graph, source, few, flow):
    """Lead one more way from a source, always as far in line as it can; return 1 if there is."""
    goal = len(graph.starts) - 1 - few
    flow.stack[0] = source
    flow.seen[source] = True
    top = 0
    while flow.stack[top] < goal:
        following = _next(graph, flow.stack[top], few, flow)
        if following >= 0:
            flow.seen[following] = True
            top += 1
            flow.stack[top] = following
        elif top > 0:
            top -= 1
        else:
            return 0
    for k in range(top):
        node = flow.stack[k]
        arc = flow.cursor[node] - 1
        if arc < graph.starts[node + 1]:
            flow.before[graph.heads[arc]] = node
        else:
            flow.before[node] = FREE
    flow.before[source] = SOURCE
    return 1


@njit(nogil=True, cache=True)
def _next(graph, node, few, flow):
    """
    Where a way may go on from a node, -1 for nowhere; the cursor is left behind the arc.

    To a free neighbour. Or to one on a way: then that way ends there, is joined to the new
    one, and what was before it must go on elsewhere. Or back, if the node itself is on a
    way that has been led off behind it. The first in line need no way over each other.
    """
    end = graph.starts[node + 1]
    for arc in range(flow.cursor[node], end + 1):
        if arc == end:
            following = flow.before[node]
        else:
            head = graph.heads[arc]
            following = flow.before[head]
            if following == FREE and head >= few:
                following = head
        if following >= 0 and not flow.seen[following]:
            flow.cursor[node] = arc + 1
            return following
    flow.cursor[node] = end + 1
    return -1


@njit(nogil=True, cache=True)
def cut_at_source(few, count, flow):
    """Cut each way where the last search came to no farther; return how many lie on each side."""
    left = right = 0
    for node in range(count):
        before = flow.before[node]
        if flow.seen[node] or (before == FREE and node < few):
            flow.side[node] = 1
            left += 1
        elif before == SOURCE or (before >= 0 and flow.seen[before]):
            flow.side[node] = 3
        else:
            flow.side[node] = 2
            right += 1
    return left, right


@njit(nogil=True, cache=True)
def cut_at_sink(graph, few, flow):
    """Cut each way as far behind as possible; return how many nodes lie on each side."""
    count = len(graph.starts) - 1
    _look_back(graph, few, flow)
    left = right = 0
    for node in range(count):
        before = flow.before[node]
        if not flow.seen[node]:
            flow.side[node] = 1
            left += 1
        elif before == FREE or (before >= 0 and flow.seen[before]):
            flow.side[node] = 2
            right += 1
        else:
            flow.side[node] = 3
    return left, right


@njit(nogil=True, cache=True)
def _look_back(graph, few, flow):
    """Mark as seen the nodes from which one more way could go on to the last `few`."""
    count = len(graph.starts) - 1
    flow.seen[:count] = False
    flow.cursor[:count] = -1  # the node behind this one on the way over it
    for node in range(count):
        if flow.before[node] >= 0:
            flow.cursor[flow.before[node]] = node
    filled = 0
    for node in range(count - few, count):
        flow.seen[node] = True
        flow.stack[filled] = node
        filled += 1
    done = 0
    while done < filled:
        node = flow.stack[done]
        done += 1
        entry = node if flow.before[node] == FREE else flow.cursor[node]
        if entry < 0:
            continue
        for arc in range(graph.starts[entry], graph.starts[entry + 1] + 1):
            other = entry if arc == graph.starts[entry + 1] else graph.heads[arc]
            if not flow.seen[other]:
                flow.seen[other] = True
                flow.stack[filled] = other
                filled += 1
