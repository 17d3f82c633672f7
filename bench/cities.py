"""
Cities to measure on: generated ones of any size, the same for the same seed.

Streets are the Urquhart graph of jittered points (Delaunay triangles without their
longest sides: planar, connected, with blocks of all shapes), some of the other sides,
and dead ends. Mean degree 2.9 and mean length 74 m are those of simplified extracts of
OpenStreetMap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
from scipy.spatial import Delaunay
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from pathlib import Path

UNITS = 20
"""Whole units of cost in one metre or second, as in `spatialplan.network`."""

COARSE = 2
"""All costs are multiples of this: tenths, which OSRM can hold too."""

DEGREE = 2.9
MEAN_M = 74.0
DEAD_ENDS = 0.12
ONE_WAYS = 0.08
KINDS = 20
FEWEST, MOST = 100, 5000
"""Facilities of the rarest kind and of the commonest; at most one for ten nodes."""

TRIPS = 10_000
"""Origins and destinations; together at most as many as nodes."""

SPEEDS_KMH = (25.0, 45.0, 80.0)
ARTERIES_M = (900.0, 5000.0)
"""Streets along lines so far apart are faster: one speed for each."""

TILE_M = 1300.0

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class City:
    """
    A street graph with two costs, and who and what is in it.

    Parameters
    ----------
    modes
        ``walk``, ``drive`` or both: which costs may be asked for.
    x, y
        Nodes, in metres.
    ends
        (edges, 2): positions of nodes.
    walk, drive
        Cost of each edge in twentieths of a metre and of a second.
    oneway
        Whether each edge may only be driven from its first end to its second.
    facilities, kinds
        Node and kind (0 to 19) of every facility.
    people
        At each node; whole numbers.
    origins, destinations
        Nodes of trips.
    """

    modes: tuple[str, ...]
    x: Array
    y: Array
    ends: Array
    walk: Array
    drive: Array
    oneway: Array
    facilities: Array
    kinds: Array
    people: Array
    origins: Array
    destinations: Array

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.x)

    def of_kind(self, kind: int) -> Array:
        """Nodes of the facilities of one kind."""
        nodes: Array = self.facilities[self.kinds == kind]
        return nodes

    def arcs(self, mode: str, *, closed: int = -1) -> tuple[Array, Array, Array]:
        """
        Return tails, heads and costs of all arcs, sorted, each pair of nodes once.

        Loops are left out and the cheapest of parallel arcs is kept: some peers would add
        up the others. The street `closed` is left out too.
        """
        u, v = self.ends.T
        cost = getattr(self, mode)
        back = (np.arange(len(u)) != closed) & (u != v)
        there = back.copy()
        if mode == "drive":
            back &= ~self.oneway
        tails, heads = np.r_[u[there], v[back]], np.r_[v[there], u[back]]
        costs = np.r_[cost[there], cost[back]]
        order = np.lexsort((costs, heads, tails))
        tails, heads, costs = tails[order], heads[order], costs[order]
        first = np.r_[True, (np.diff(tails) != 0) | (np.diff(heads) != 0)]
        return tails[first], heads[first], costs[first]


def write_city(city: City, path: Path) -> None:
    """Keep a city for the workers."""
    np.savez(path, **vars(city))


def read_city(path: Path) -> City:
    """Read what `write_city` wrote."""
    with np.load(path) as kept:
        arrays = dict(kept)
    return City(modes=tuple(arrays.pop("modes").tolist()), **arrays)


def generated_city(nodes: int, *, seed: int = 1) -> City:
    """Make a round city of exactly so many nodes, denser in the middle."""
    rng = np.random.default_rng(seed)
    dead_ends = round(nodes * DEAD_ENDS)
    points = _scattered(rng, nodes - dead_ends)
    pairs = _streets(rng, points, round(nodes * DEGREE / 2) - dead_ends)
    points, pairs, length_m = _with_dead_ends(rng, points, pairs, dead_ends)
    order = _as_in_a_map(rng, points)
    place = np.empty(nodes, np.int64)
    place[order] = np.arange(nodes)
    points, pairs = points[order], place[pairs]
    speed_kmh = _speeds((points[pairs[:, 0]] + points[pairs[:, 1]]) / 2)
    oneway = (rng.random(len(pairs)) < ONE_WAYS) & (speed_kmh == SPEEDS_KMH[0])
    oneway &= (np.bincount(pairs.ravel())[pairs] > 1).all(axis=1)
    return inhabited(
        points, pairs, length_m, length_m / (speed_kmh / 3.6), oneway, modes=("walk", "drive"),
        seed=seed,
    )  # fmt: skip


def inhabited(
    points: Array, pairs: Array, length_m: Array, time_s: Array, oneway: Array,
    *, modes: tuple[str, ...], seed: int,
) -> City:  # fmt: skip
    """Put facilities, people and trips into streets."""
    rng = np.random.default_rng([seed, len(points)])
    facilities, kinds = _facilities(rng, points)
    people = np.rint(rng.lognormal(2.0, 1.0, len(points)))
    count = min(TRIPS, len(points) // 2)
    trips = rng.choice(len(points), 2 * count, replace=False)
    return City(
        modes, points[:, 0].copy(), points[:, 1].copy(), pairs.astype(np.int64),
        _whole(length_m), _whole(time_s), oneway, facilities, kinds, people,
        trips[:count], trips[count:],
    )  # fmt: skip


def _whole(amount: Array) -> Array:
    """Costs: multiples of `COARSE`, none of them 0, which scipy takes for no edge."""
    return COARSE * np.maximum(np.rint(amount * UNITS / COARSE), 1).astype(np.uint32)


def _scattered(rng: np.random.Generator, count: int) -> Array:
    """Points of a jittered grid, the `count` nearest to the centre, wider apart outside."""
    side = int(np.sqrt(count * 4 / np.pi)) + 4
    grid = np.stack(np.meshgrid(*[np.arange(side) - side / 2] * 2), axis=-1).reshape(-1, 2)
    grid += rng.normal(0.0, 0.42, grid.shape)
    radius = np.hypot(*grid.T)
    nearest = np.argpartition(radius, count)[:count]
    share = radius[nearest, None] / radius[nearest].max()
    spread: Array = grid[nearest] * (0.72 + 0.62 * share**1.5)
    return spread


def _streets(rng: np.random.Generator, points: Array, count: int) -> Array:
    """Pick sides of triangles as streets: the Urquhart graph, and others up to `count`."""
    corners = Delaunay(points).simplices
    sides = np.sort(corners[:, [[0, 1], [1, 2], [2, 0]]], axis=2)
    length = np.linalg.norm(points[sides[..., 0]] - points[sides[..., 1]], axis=2)
    key = sides[..., 0].astype(np.int64) * len(points) + sides[..., 1]
    longest = key[np.arange(len(key)), length.argmax(axis=1)]
    short, crossing = np.setdiff1d(key, longest), np.unique(longest)
    # Sides on the rim belong to one triangle and may be very long.
    crossing = crossing[_length(points, crossing) < 3 * np.median(length)]
    more = min(max(count - len(short), 0), len(crossing))
    kept = np.r_[short, rng.choice(crossing, more, replace=False)]
    return np.column_stack(np.divmod(kept, len(points)))


def _length(points: Array, key: Array) -> Array:
    u, v = np.divmod(key, len(points))
    length: Array = np.hypot(*(points[u] - points[v]).T)
    return length


def _with_dead_ends(
    rng: np.random.Generator, points: Array, pairs: Array, count: int
) -> tuple[Array, Array, Array]:
    """Add lanes that lead nowhere; points, pairs and lengths, in metres from here on."""
    bent = 1.0 + 0.12 * rng.lognormal(-0.5, 1.0, len(pairs))
    length = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) * bent
    lane_m = np.clip(rng.lognormal(3.7, 0.6, count), 5.0, 400.0)
    total_m = MEAN_M * (len(pairs) + count) - lane_m.sum()
    scale = total_m / length.sum()
    points = points * scale
    start = rng.integers(0, len(points), count)
    angle = rng.random(count) * 2 * np.pi
    way = 0.9 * lane_m[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    lanes = np.column_stack([start, len(points) + np.arange(count)])
    return (
        np.r_[points, points[start] + way],
        np.r_[pairs, lanes],
        np.r_[length * scale, lane_m],
    )


def _as_in_a_map(rng: np.random.Generator, points: Array) -> Array:
    """Order of nodes: neighbourhoods together, but neither they nor their nodes sorted."""
    tile = np.floor(points / TILE_M).astype(np.int64) @ np.array([1_000_003, 1])
    names, which = np.unique(tile, return_inverse=True)
    return np.lexsort((rng.random(len(points)), rng.permutation(len(names))[which]))


def _speeds(middle: Array) -> Array:
    """Speed of each street by its middle."""
    speed = np.full(len(middle), SPEEDS_KMH[0])
    for apart, fast in zip(ARTERIES_M, SPEEDS_KMH[1:], strict=True):
        off = np.abs(middle - apart * np.rint(middle / apart))
        speed[(off < 50.0).any(axis=1)] = fast
    return speed


def _facilities(rng: np.random.Generator, points: Array) -> tuple[Array, Array]:
    """Nodes and kinds of all facilities, most of them in centres."""
    tree = KDTree(points)
    middle, spread = points.mean(axis=0), points.std()
    nodes, kinds = [], []
    most = min(MOST, max(FEWEST, len(points) // 10))
    for kind, count in enumerate(np.rint(np.geomspace(FEWEST, most, KINDS)).astype(int)):
        centres = rng.normal(middle, 0.7 * spread, (max(3, count // 40), 2))
        at = centres[rng.integers(0, len(centres), count)]
        at = at + rng.normal(0.0, 0.12 * spread, (count, 2))
        anywhere = rng.random(count) < 0.3
        at[anywhere] = points[rng.integers(0, len(points), anywhere.sum())]
        nodes.append(tree.query(at)[1])
        kinds.append(np.full(count, kind))
    return np.concatenate(nodes).astype(np.int64), np.concatenate(kinds)
