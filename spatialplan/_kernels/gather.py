"""
What is asked of the costs around places: counts, sums, pairs, catchments.

Each takes the places `first` to `last` of a block, which lie close to each other, makes
their part of the city ready (`spatialplan._kernels.region`), and leaves it clean.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .lanes import Rows
from .lanes import add_within
from .lanes import fill
from .region import Direct
from .region import Ends
from .region import Room
from .region import Targets
from .region import Ways
from .region import enter
from .region import leave
from .region import measure

Ints = np.ndarray[Any, np.dtype[np.int64]]
Costs = np.ndarray[Any, np.dtype[np.uint32]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@njit(nogil=True, cache=True)
def counts(
    ways: Ways, origins: Ends, first: int, last: int, targets: Targets, direct: Direct,
    starts: Ints, columns: Ints, amounts: Ints, limits: Costs, room: Room, tally: Rows, out: Ints,
) -> None:  # fmt: skip
    """
    Add up what lies within limits of each place of a block, column by column.

    Parameters
    ----------
    starts, columns, amounts
        What each target holds: ``amounts[k]`` of ``columns[k]`` for ``k`` from
        ``starts[target]`` to ``starts[target + 1]``. The total of a column must fit
        into a lane.
    limits
        Ascending; the last is the one that bounds the search.
    tally
        Rows to count in, one for each column and limit.
    out
        (places, columns, limits), written for the places of the block.
    """
    limit = np.int64(limits[-1])
    lane = tally.dtype.type
    width = tally.shape[1]
    count, here = enter(ways, origins, first, last, targets, direct, limit, room)
    for low in range(first, last, width):
        high = min(last, low + width)
        measure(origins, low, high, targets, direct, count, here, limit, room)
        for row in range(len(tally)):
            fill(tally, row, lane(0))
        for i in range(here):
            target = room.inside[i]
            for k in range(starts[target], starts[target + 1]):
                for step in range(len(limits)):
                    add_within(tally, columns[k] * len(limits) + step, room.found, i,
                               lane(limits[step]), lane(amounts[k]))  # fmt: skip
        for place in range(low, high):
            for column in range(out.shape[1]):
                for step in range(len(limits)):
                    out[place, column, step] = tally[column * len(limits) + step, place - low]
    leave(count, here, room)


@njit(nogil=True, cache=True)
def pairs(
    ways: Ways,
    origins: Ends,
    first: int,
    last: int,
    targets: Targets,
    direct: Direct,
    limit: int,
    room: Room,
) -> tuple[Ints, Ints, Costs]:
    """
    All pairs of a place of a block and a target within the limit.

    Returns
    -------
    tuple of ndarray
        Position of the place, target, cost; place by place, no order of the targets.
    """
    width = room.table.shape[1]
    count, here = enter(ways, origins, first, last, targets, direct, limit, room)
    size = 0
    cells = np.empty((1024, 3), np.int64)
    for low in range(first, last, width):
        high = min(last, low + width)
        measure(origins, low, high, targets, direct, count, here, limit, room)
        for lane in range(high - low):
            if size + here > len(cells):
                cells = np.concatenate((cells, np.empty((len(cells) + here, 3), np.int64)))
            for i in range(here):
                cost = room.found[i, lane]
                if cost <= limit:
                    cells[size, 0] = low + lane
                    cells[size, 1] = room.inside[i]
                    cells[size, 2] = cost
                    size += 1
    leave(count, here, room)
    return cells[:size, 0].copy(), cells[:size, 1].copy(), cells[:size, 2].astype(np.uint32)


@njit(nogil=True, cache=True)
def sums(
    ways: Ways, origins: Ends, first: int, last: int, targets: Targets, direct: Direct,
    weights: Floats, decay: Floats, room: Room, out: Floats,
) -> None:  # fmt: skip
    """
    Add up what lies around each place of a block, each target weighted by its cost.

    Parameters
    ----------
    weights
        (targets, columns).
    decay
        Weight of every cost from 0 to the limit, which is its last.
    out
        (places, columns), written for the places of the block.
    """
    limit = len(decay) - 1
    width = room.table.shape[1]
    count, here = enter(ways, origins, first, last, targets, direct, limit, room)
    for low in range(first, last, width):
        high = min(last, low + width)
        measure(origins, low, high, targets, direct, count, here, limit, room)
        for column in range(weights.shape[1]):
            out[low:high, column] = _lane_sums(room, here, weights[:, column], decay)[: high - low]
    leave(count, here, room)


@njit(nogil=True, cache=True)
def _lane_sums(room, here, weights, decay):
    """For each lane, the weights of the targets inside times the decay of their costs."""
    found = room.found
    limit = len(decay) - 1
    result = np.zeros(found.shape[1], np.float64)
    for i in range(here):
        weight = weights[room.inside[i]]
        for lane in range(found.shape[1]):
            cost = found[i, lane]
            if cost <= limit:
                result[lane] += weight * decay[cost]
    return result


@njit(nogil=True, cache=True)
def catchments(
    ways: Ways, origins: Ends, first: int, last: int, targets: Targets, direct: Direct,
    supply: Floats, demand: Floats, decay: Floats, room: Room, ratios: Floats,
) -> tuple[Ints, Floats]:  # fmt: skip
    """
    Both steps of a floating catchment for a block of facilities.

    First ``ratios[j] = supply[j] / sum(demand[i] * decay[cost of i to j])``, 0 where
    nobody is near; then each target gets the ratios of the facilities of the block,
    each times the decay of its cost.

    Returns
    -------
    tuple of ndarray
        Targets of the part, and (targets of the part, 1) what each gets from this block.
    """
    limit = len(decay) - 1
    width = room.table.shape[1]
    count, here = enter(ways, origins, first, last, targets, direct, limit, room)
    gained = np.zeros((here, 1), np.float64)
    for low in range(first, last, width):
        high = min(last, low + width)
        measure(origins, low, high, targets, direct, count, here, limit, room)
        wanted = _lane_sums(room, here, demand, decay)
        for place in range(low, high):
            near = wanted[place - low]
            ratios[place, 0] = supply[place] / near if near > 0 else 0.0
        _hand_out(room, here, ratios[low:high], decay, gained)
    inside = room.inside[:here].copy()
    leave(count, here, room)
    return inside, gained


@njit(nogil=True, cache=True)
def handed_out(
    ways: Ways,
    origins: Ends,
    first: int,
    last: int,
    targets: Targets,
    direct: Direct,
    weights: Floats,
    decay: Floats,
    room: Room,
) -> tuple[Ints, Floats]:
    """
    `sums` seen from the other side: what the places of a block give to the targets around.

    Parameters
    ----------
    weights
        (places, columns).

    Returns
    -------
    tuple of ndarray
        Targets of the part, and (targets of the part, columns) what each gets.
    """
    width = room.table.shape[1]
    limit = len(decay) - 1
    count, here = enter(ways, origins, first, last, targets, direct, limit, room)
    gained = np.zeros((here, weights.shape[1]), np.float64)
    for low in range(first, last, width):
        high = min(last, low + width)
        measure(origins, low, high, targets, direct, count, here, limit, room)
        _hand_out(room, here, weights[low:high], decay, gained)
    inside = room.inside[:here].copy()
    leave(count, here, room)
    return inside, gained


@njit(nogil=True, cache=True)
def _hand_out(room, here, weights, decay, gained):
    """Add the weight of every lane, times the decay of its cost, to each target inside."""
    limit = len(decay) - 1
    for i in range(here):
        for lane in range(len(weights)):
            cost = room.found[i, lane]
            if cost <= limit:
                for column in range(weights.shape[1]):
                    gained[i, column] += weights[lane, column] * decay[cost]
