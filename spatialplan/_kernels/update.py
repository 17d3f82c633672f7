"""
New costs for a few streets, without all the others.

The cost of an arc of the skeleton depends on its streets and on arcs that come before
it. So the arcs of changed streets are looked at again, in their order, and of the arcs
that depend on one only if it has changed: a street closed in a city of a million nodes
touches some hundreds.

Reference: Dibbelt, Strasser, Wagner (2016), as in `spatialplan._kernels.skeleton`:
partial updates.
"""

from __future__ import annotations

from heapq import heappop
from heapq import heappush
from typing import Any

import numpy as np
from numba import njit

from .weights import UNREACHED
from .weights import Arcs
from .weights import seen_from_above
from .weights import total

Ints = np.ndarray[Any, np.dtype[np.int64]]
Costs = np.ndarray[Any, np.dtype[np.uint32]]


@njit(nogil=True, cache=True)
def update(
    up: Ints,
    heads: Costs,
    graph: Arcs,
    mirror: Arcs,
    symmetric: bool,
    upward: Costs,
    downward: Costs,
    lows: Ints,
    highs: Ints,
) -> int:
    """
    Bring costs of a skeleton up to date after streets have changed.

    Parameters
    ----------
    up, heads, graph, mirror, symmetric
        As `spatialplan._kernels.weights.customise` takes them; the streets have their
        new costs.
    upward, downward
        Costs by the old streets; they are overwritten.
    lows, highs
        Ranks of the two ends of every changed street, the lower one first.

    Returns
    -------
    int
        Number of arcs that were looked at.
    """
    below, below_lows, below_arcs = seen_from_above(up, heads)
    waiting = [np.int64(_arc(up, heads, lows[0], highs[0]))]
    for i in range(1, len(lows)):
        heappush(waiting, np.int64(_arc(up, heads, lows[i], highs[i])))
    seen = 0
    last = np.int64(-1)
    while len(waiting) > 0:
        arc = heappop(waiting)
        if arc == last:
            continue
        last = arc
        seen += 1
        low, high = np.searchsorted(up, arc, side="right") - 1, np.int64(heads[arc])
        there, back = _street(graph, low, high), _street(mirror, low, high)
        for k in range(below[low], below[low + 1]):
            first = below_arcs[k]
            second = _arc(up, heads, np.int64(below_lows[k]), high)
            if second >= 0:
                there = min(there, total(downward[first], upward[second]))
                back = min(back, total(downward[second], upward[first]))
        old_there, old_back = upward[arc], downward[arc]
        if there == old_there and back == old_back:
            continue
        upward[arc], downward[arc] = there, back
        _await_dependants(up, heads, arc, low, (old_there, old_back), upward, downward, waiting)
    return seen


@njit(nogil=True, cache=True)
def _await_dependants(up, heads, arc, low, old, upward, downward, waiting):
    """Queue the arcs that were made over an arc at its old costs, or are beaten over it now."""
    for other in range(up[low], up[low + 1]):
        if other == arc:
            continue
        # From the lower of the two upper corners to the higher by way of `low`, and back.
        first, second = min(arc, other), max(arc, other)
        made = _arc(up, heads, np.int64(heads[first]), np.int64(heads[second]))
        if first == arc:
            was = total(old[1], upward[second]), total(downward[second], old[0])
        else:
            was = total(downward[first], old[0]), total(old[1], upward[first])
        now = total(downward[first], upward[second]), total(downward[second], upward[first])
        if _matters(was[0], now[0], upward[made]) or _matters(was[1], now[1], downward[made]):
            heappush(waiting, np.int64(made))


@njit(nogil=True, cache=True)
def _matters(was, now, cost):
    """Whether an arc of some cost was made by a way, or is beaten by it now."""
    return (was == cost and cost != UNREACHED) or now < cost


@njit(nogil=True, cache=True)
def _arc(up, heads, low, high):
    """Arc of the skeleton between two nodes, -1 where there is none."""
    first, end = up[low], up[low + 1]
    arc = first + np.searchsorted(heads[first:end], high)
    return arc if arc < end and heads[arc] == high else -1


@njit(nogil=True, cache=True)
def _street(graph, low, high):
    """Cost of the cheapest street from one node to another."""
    cost = UNREACHED
    for street in range(graph.starts[low], graph.starts[low + 1]):
        if graph.cells[street, 0] == high:
            cost = min(cost, graph.cells[street, 1])
    return cost
