"""From edges to a graph that answers: order, skeleton, costs."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import Any

import numpy as np

from spatialplan._kernels.order import dissection
from spatialplan._kernels.region import Ways
from spatialplan._kernels.skeleton import chordal_completion
from spatialplan._kernels.update import update
from spatialplan._kernels.weights import UNREACHED as _UNREACHED
from spatialplan._kernels.weights import Arcs
from spatialplan._kernels.weights import arcs_within
from spatialplan._kernels.weights import customise
from spatialplan._kernels.weights import prune
from spatialplan._kernels.weights import shorter_arcs
from spatialplan.errors import LimitError

from ._threads import Rooms

UNREACHED = int(_UNREACHED)
"""Cost that means that there is no way."""

MOST_ARCS = 100
"""A street graph needs about 8 arcs for each node; one that needs so many is none."""

_ADDRESSABLE = np.iinfo(np.int32).max  # the rows of arcs begin at numbers of 32 bits

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Costs = np.ndarray[Any, np.dtype[np.uint32]]
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Skeleton:
    """
    Order and shortcuts of a street graph, whatever the costs.

    Parameters
    ----------
    rank
        Rank of each node.
    up, heads
        Compressed rows of the upward neighbours of each rank.
    """

    rank: Ints
    up: Ints
    heads: Costs


@dataclass(frozen=True, eq=False)
class Engine:
    """
    A street graph with its costs: the ways from places, and the ways towards them.

    `upward` and `downward` are the costs of the whole skeleton, from which `changed`
    goes on. `rooms` and the small `search_rooms` are kept from question to question.
    """

    rank: Ints
    away: Ways
    towards: Ways
    upward: Costs
    downward: Costs
    rooms: Rooms = field(default_factory=Rooms, repr=False)
    search_rooms: Rooms = field(default_factory=Rooms, repr=False)
    _shorter: dict[tuple[bool, int], Ways] = field(default_factory=dict, repr=False)

    def ways(self, limit: int, *, towards: bool = False) -> Ways:
        """Return the arcs that matter up to a limit; those of the last limits are kept."""
        ways = self.towards if towards else self.away
        if limit >= UNREACHED - 1:
            return ways
        if (towards, limit) not in self._shorter:
            if len(self._shorter) >= _KEPT:
                self._shorter.clear()
            up = shorter_arcs(ways.up, limit)
            down = up if ways.down is ways.up else shorter_arcs(ways.down, limit)
            self._shorter[towards, limit] = Ways(ways.graph, up, down, ways.symmetric)
        return self._shorter[towards, limit]


_KEPT = 4


def skeleton_of(ends: Ints, x: Floats, y: Floats) -> Skeleton:
    """
    Order the nodes of a street graph and find its shortcuts.

    Parameters
    ----------
    ends
        (edges, 2): positions of the nodes at both ends.
    x, y
        Where each node lies, in metres.

    Raises
    ------
    LimitError
        If the graph needs more than `MOST_ARCS` shortcuts for each node.
    """
    n = len(x)
    order = dissection(*_both_ways(n, ends), x, y)
    rank = np.empty(n, np.int64)
    rank[order] = np.arange(n)
    most = min(MOST_ARCS * n + 1000, _ADDRESSABLE)
    up, heads = chordal_completion(*_both_ways(n, rank[ends]), most)
    if up[-1] == 0 and (ends[:, 0] != ends[:, 1]).any():
        message = f"streets: over {most:,} shortcuts for {n:,} nodes: this is no street network"
        raise LimitError(message)
    return Skeleton(rank, up, heads)


def customised(skeleton: Skeleton, ends: Ints, there: Costs, back: Costs) -> Engine:
    """
    Give a skeleton its costs.

    Parameters
    ----------
    skeleton
        Of the same `ends`.
    ends
        (edges, 2): positions of the nodes at both ends.
    there, back
        Cost of every edge from its first end to its second, and back; `UNREACHED` where
        that is not allowed.
    """
    low, high = skeleton.rank[ends[:, 0]], skeleton.rank[ends[:, 1]]
    graph = _streets(skeleton, low, high, there, back)
    symmetric = bool((there == back).all())
    mirror = graph if symmetric else _streets(skeleton, high, low, there, back)
    up, heads = skeleton.up, skeleton.heads
    upward, downward = customise(up, heads, graph, mirror, symmetric)
    if symmetric:  # one array, that comes back as two
        downward = upward
    best_up, best_down = prune(up, heads, upward, downward, symmetric)
    climb = arcs_within(up, heads, upward, best_up, UNREACHED - 1)
    fall = climb if symmetric else arcs_within(up, heads, downward, best_down, UNREACHED - 1)
    away, towards = Ways(graph, climb, fall, symmetric), Ways(mirror, fall, climb, symmetric)
    return Engine(skeleton.rank, away, towards, upward, downward)


def changed(
    engine: Engine,
    skeleton: Skeleton,
    ends: Ints,
    before: tuple[Costs, Costs],
    after: tuple[Costs, Costs],
) -> Engine:
    """
    Return the engine of streets of which a few have other costs, in a fraction of the time.

    Parameters
    ----------
    engine
        Of these streets before.
    skeleton, ends
        As in `customised`.
    before, after
        Costs of every edge there and back.
    """
    edges = np.flatnonzero((before[0] != after[0]) | (before[1] != after[1]))
    edges = edges[ends[edges, 0] != ends[edges, 1]]
    opened = any(
        ((old[edges] == UNREACHED) & (new[edges] != UNREACHED)).any()
        for old, new in zip(before, after, strict=True)
    )
    if opened or len(edges) > _FEW:
        return customised(skeleton, ends, *after)
    if not len(edges):
        return engine
    symmetric = engine.away.symmetric and bool((after[0] == after[1]).all())
    tail, head = skeleton.rank[ends[edges]].T
    old, new = ([costs[edges] for costs in pair] for pair in (before, after))
    graph = _with_costs(engine.away.graph, tail, head, old, new)
    mirror = graph if symmetric else _with_costs(engine.towards.graph, head, tail, old, new)
    upward = engine.upward.copy()
    downward = upward if symmetric else engine.downward.copy()
    lows, highs = np.minimum(tail, head), np.maximum(tail, head)
    up, heads = skeleton.up, skeleton.heads
    update(up, heads, graph, mirror, symmetric, upward, downward, lows, highs)
    # Which arcs are beaten is not known anew: all are kept that lead anywhere.
    climb = arcs_within(up, heads, upward, upward, UNREACHED - 1)
    fall = climb if symmetric else arcs_within(up, heads, downward, downward, UNREACHED - 1)
    away, towards = Ways(graph, climb, fall, symmetric), Ways(mirror, fall, climb, symmetric)
    rooms = engine.rooms, engine.search_rooms
    return Engine(skeleton.rank, away, towards, upward, downward, *rooms)


_FEW = 10_000


def _with_costs(graph: Arcs, tails: Ints, heads: Ints, old: list[Costs], new: list[Costs]) -> Arcs:
    """The streets, those from `tails` to `heads` and back at their new costs."""
    cells = graph.cells.copy()
    for both, before, after in ((zip(tails, heads, strict=True), old[0], new[0]),
                                (zip(heads, tails, strict=True), old[1], new[1])):  # fmt: skip
        for (tail, head), cost, other in zip(both, before, after, strict=True):
            if cost == other:
                continue
            row = cells[graph.starts[tail] : graph.starts[tail + 1]]
            # Of parallel streets of one cost, any will do.
            row[np.flatnonzero((row[:, 0] == head) & (row[:, 1] == cost))[0], 1] = other
    return Arcs(graph.starts, cells)


def as_arrays(engine: Engine) -> dict[str, Array]:
    """What an engine consists of, for keeping; what serves both directions comes once."""
    away, towards = engine.away, engine.towards
    parts = {"graph": away.graph, "up": away.up}
    if towards.graph is not away.graph:
        parts |= {"mirror": towards.graph, "down": away.down}
    arrays: dict[str, Array] = {"rank": engine.rank, "upward": engine.upward}
    if engine.downward is not engine.upward:
        arrays["downward"] = engine.downward
    for name, arcs in parts.items():
        arrays |= {f"{name}_starts": arcs.starts, f"{name}_cells": arcs.cells}
    return arrays


def from_arrays(arrays: dict[str, Array]) -> Engine:
    """Return the engine of which these are the arrays."""

    def arcs(name: str) -> Arcs:
        return Arcs(arrays[f"{name}_starts"], arrays[f"{name}_cells"])

    graph, up, rank, upward = arcs("graph"), arcs("up"), arrays["rank"], arrays["upward"]
    if "downward" not in arrays:
        both = Ways(graph, up, up, symmetric=True)
        return Engine(rank, both, both, upward, upward)
    mirror, down = arcs("mirror"), arcs("down")
    away = Ways(graph, up, down, symmetric=False)
    towards = Ways(mirror, down, up, symmetric=False)
    return Engine(rank, away, towards, upward, arrays["downward"])


def _streets(skeleton: Skeleton, tail: Ints, head: Ints, there: Costs, back: Costs) -> Arcs:
    """Arcs of the edges by rank, without loops and what may not be used."""
    tails, heads = np.concatenate([tail, head]), np.concatenate([head, tail])
    costs = np.concatenate([there, back])
    used = (costs != UNREACHED) & (tails != heads)
    tails, heads, costs = tails[used], heads[used], costs[used]
    order = np.lexsort((heads, tails))
    starts = np.searchsorted(tails[order], np.arange(len(skeleton.rank) + 1))
    cells = np.column_stack([heads[order], costs[order]]).astype(np.uint32)
    return Arcs(starts.astype(np.int32), cells)


def _both_ways(n: int, ends: Ints) -> tuple[Ints, Ints]:
    """Compressed rows of the edges, each in both directions."""
    tails, heads = np.concatenate([ends, ends[:, ::-1]]).T
    order = np.argsort(tails, kind="stable")
    starts = np.searchsorted(tails[order], np.arange(n + 1))
    return starts.astype(np.int64), heads[order]
