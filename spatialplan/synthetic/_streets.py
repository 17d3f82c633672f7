"""Streets of a synthetic city: from lattice lines to merged networks."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

from ._ground import BLOCK
from ._ground import CIVIC
from ._ground import COMMERCE
from ._ground import HOUSING
from ._ground import INDUSTRY
from ._ground import OUTSIDE
from ._ground import PARK
from ._ground import Flags
from ._ground import Floats
from ._ground import Ground
from ._ground import Ints
from ._ground import Shapes

CLASSES = ("trunk", "primary", "secondary", "tertiary", "residential", "service", "footway")
TRUNK, PRIMARY, SECONDARY, TERTIARY, RESIDENTIAL, SERVICE, FOOTWAY = range(7)

_WALK_KMH = 3.6
_DRIVE_KMH = np.array([80.0, 50.0, 40.0, 30.0, 30.0, 15.0, 0.0])
_KEPT = {OUTSIDE: 0.0, HOUSING: 0.78, INDUSTRY: 0.30, COMMERCE: 0.95, CIVIC: 0.50, PARK: 0.55}
_WALKED = {OUTSIDE: 0.0, HOUSING: 0.45, INDUSTRY: 0.0, COMMERCE: 0.3, CIVIC: 0.6, PARK: 1.0}
_MIN_FRAGMENT = 100  # corners; smaller bits of street are left out
_BEND_M = 700  # between two bends of a country road
_RING_RADII, _RING_STOPS, _RAMP_REACH_M = 0.75, 90, 150
_ONEWAY_SHARE = 0.12  # of the side streets of the centre, for cars

Network = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]


@dataclass(frozen=True)
class Streets:
    """Street segments between points: ends, class, and whether cars may go one way only."""

    xy: Floats
    u: Ints
    v: Ints
    kind: Ints
    oneway: Flags

    def only(self, kept: Flags) -> Streets:
        """The same points with some of the segments."""
        return Streets(self.xy, self.u[kept], self.v[kept], self.kind[kept], self.oneway[kept])


def lay_streets(ground: Ground, rng: np.random.Generator) -> Streets:
    """Streets along the lattice lines, without small fragments, patches joined by roads."""
    lines = [_lines(ground, axis, rng) for axis in (0, 1)]
    u, v, kind, depth = (np.concatenate(column) for column in zip(*lines, strict=True))
    oneway = (kind >= TERTIARY) & (kind < FOOTWAY) & (depth < 0.5)
    oneway &= rng.random(len(u)) < _ONEWAY_SHARE
    streets = Streets(ground.corners.reshape(-1, 2), u, v, kind, oneway)
    label, size = components(streets)
    streets = _compact(streets.only(size[label[streets.u]] >= _MIN_FRAGMENT))
    label, size = components(streets.only(streets.kind != FOOTWAY))
    cut_off = size[label[streets.u]] < _MIN_FRAGMENT
    streets = replace(streets, kind=np.where(cut_off, FOOTWAY, streets.kind))
    return _join(_ring(streets, ground))


def _compact(streets: Streets) -> Streets:
    """Only the points that a segment uses, numbered anew."""
    used, ends = np.unique(np.r_[streets.u, streets.v], return_inverse=True)
    u, v = ends.reshape(2, -1)
    return replace(streets, xy=streets.xy[used], u=u, v=v)


def networks(streets: Streets, crs: pyproj.CRS) -> dict[str, Network]:
    """Nodes and edges to walk on (every segment, both ways) and to drive on (no footways)."""
    streets = replace(streets, xy=streets.xy.round(2))  # whole centimetres, as real streets
    walk = replace(streets, oneway=np.zeros(len(streets.u), dtype=bool))
    drive = streets.only(streets.kind != FOOTWAY)
    on_foot = np.full(len(CLASSES), _WALK_KMH)
    return {"walk": _merged(walk, on_foot, crs), "drive": _merged(drive, _DRIVE_KMH, crs)}


def components(streets: Streets) -> tuple[Ints, Ints]:
    """Component of every point, and the number of points in every component."""
    ones = np.ones(len(streets.u))
    size = len(streets.xy)
    graph = coo_matrix((ones, (streets.u, streets.v)), shape=(size, size))
    label = connected_components(graph, directed=False)[1].astype(np.int64)
    return label, np.bincount(label)


def _lines(ground: Ground, axis: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints, Floats]:
    """Segments along one lattice axis (0: north, 1: east): ends, class and depth."""
    rows, columns = ground.corners.shape[:2]
    number = np.arange(rows * columns).reshape(rows, columns)
    u, v = (number[:-1], number[1:]) if axis == 0 else (number[:, :-1], number[:, 1:])
    use, depth = _beside(ground.use, 1 - axis), _beside(ground.depth, 1 - axis).min(axis=0)
    line = np.indices(u.shape)[1 - axis]
    kind = _classes(line, use.max(axis=0), rng)
    kept = _kept(line, kind, use, depth, rng)
    u, v, kind, depth = u[kept], v[kept], kind[kept], depth[kept]
    dry = ~_in_water(ground, u, v, kind, axis)
    return u[dry], v[dry], kind[dry], depth[dry]


def _beside(cells: np.ndarray[Any, Any], axis: int) -> np.ndarray[Any, Any]:
    """Values of the cells on both sides of every segment; the rim repeats its only side."""
    padding = [(0, 0), (0, 0)]
    padding[axis] = (1, 1)
    padded = np.pad(cells, padding, mode="edge")
    one = padded[:-1] if axis == 0 else padded[:, :-1]
    other = padded[1:] if axis == 0 else padded[:, 1:]
    return np.stack([one, other])


def _classes(line: Ints, use: Ints, rng: np.random.Generator) -> Ints:
    """Every fourth line bounds a block and is a street of some rank; the others lie inside."""
    walked = np.array([_WALKED[key] for key in range(len(_WALKED))])[use]
    inside = np.where(rng.random(line.shape) < walked, FOOTWAY, RESIDENTIAL)
    inside = np.where((use == INDUSTRY) & (inside == RESIDENTIAL), SERVICE, inside)
    rank = np.select(
        [line % (4 * BLOCK) == 0, line % (2 * BLOCK) == 0, line % BLOCK == 0],
        [PRIMARY, SECONDARY, TERTIARY],
        default=-1,
    )
    return np.where(rank >= 0, rank, inside)


def _kept(line: Ints, kind: Ints, use: Ints, depth: Floats, rng: np.random.Generator) -> Flags:
    """Which segments exist: ranked ones along any used block, side streets by use and depth."""
    share = np.array([_KEPT[key] for key in range(len(_KEPT))])[use].max(axis=0)
    thinned = share * (1 - 0.35 * np.clip((depth - 0.5) / 0.5, 0, 1))
    ranked = line % BLOCK == 0
    edge_loss = (kind == TERTIARY) & (depth > 0.7) & (rng.random(line.shape) < 0.15)
    used = (use != OUTSIDE).any(axis=0)
    inside = rng.random(line.shape) < thinned
    return np.asarray(used & np.where(ranked, ~edge_loss, inside))


def _in_water(ground: Ground, u: Ints, v: Ints, kind: Ints, axis: int) -> Flags:
    """Segments that a river cuts: all but the bridges, which higher streets across it have."""
    points = ground.corners.reshape(-1, 2)
    segments = shapely.linestrings(np.stack([points[u], points[v]], axis=1))
    cut = np.zeros(len(u), dtype=bool)
    for river, along in zip(ground.water.geometry, ground.water["along"], strict=True):
        shapely.prepare(river)
        bridge = (kind <= SECONDARY) & (axis != along)
        cut |= ~bridge & shapely.intersects(river, segments)
    return cut


def _ring(streets: Streets, ground: Ground) -> Streets:
    """Add a ring road above the core, with ramps to the higher streets under it."""
    middle = max(ground.patches, key=lambda patch: (patch.kind == "core", patch.radius_m))
    angle = np.linspace(0, 2 * np.pi, _RING_STOPS, endpoint=False)
    away = _RING_RADII * middle.radius_m * (1 + 0.06 * np.sin(3 * angle))
    stops = np.c_[middle.x + away * np.cos(angle), middle.y + away * np.sin(angle)]
    ring = len(streets.xy) + np.arange(_RING_STOPS)
    higher = np.unique(np.r_[streets.u, streets.v][np.tile(streets.kind <= SECONDARY, 2)])
    far, found = cKDTree(streets.xy[higher]).query(stops)
    streets = _with_road(streets, np.vstack([streets.xy, stops]), np.r_[ring, ring[0]])
    for stop in np.flatnonzero(far < _RAMP_REACH_M):
        streets = _with_road(streets, streets.xy, np.array([ring[stop], higher[found[stop]]]))
    return streets


def _with_road(streets: Streets, xy: Floats, points: Ints) -> Streets:
    """Streets, on the points `xy`, with a trunk road through some of them."""
    count = len(points) - 1
    return Streets(
        xy,
        np.r_[streets.u, points[:-1]],
        np.r_[streets.v, points[1:]],
        np.r_[streets.kind, np.full(count, TRUNK)],
        np.r_[streets.oneway, np.zeros(count, dtype=bool)],
    )


def _join(streets: Streets) -> Streets:
    """Join the components by country roads, all but the smallest, which is an island."""
    label, size = components(streets)
    driven, _ = components(streets.only(streets.kind != FOOTWAY))
    members = []
    for key in np.argsort(-size, kind="stable")[: max(len(size) - 1, 1)]:
        points = np.flatnonzero(label == key)
        members.append(points[driven[points] == np.bincount(driven[points]).argmax()])
    middle = np.array([streets.xy[points].mean(axis=0) for points in members])
    for one, other in _links(middle):
        away, near = cKDTree(streets.xy[members[one]]).query(streets.xy[members[other]])
        end = int(np.argmin(away))
        start_point, end_point = members[one][near[end]], members[other][end]
        bends = _road(streets.xy[start_point], streets.xy[end_point])
        points = np.r_[start_point, len(streets.xy) + np.arange(len(bends)), end_point]
        streets = _with_road(streets, np.vstack([streets.xy, bends]), points)
    return streets


def _links(middle: Floats) -> list[tuple[int, int]]:
    """Pairs to join: a shortest tree over all, and every one with its two nearest."""
    if len(middle) < 2:
        return []
    apart = np.hypot(*(middle[:, None] - middle[None]).transpose(2, 0, 1))
    tree = minimum_spanning_tree(apart).tocoo()
    pairs = {(int(min(a, b)), int(max(a, b))) for a, b in zip(tree.row, tree.col, strict=True)}
    for one, order in enumerate(np.argsort(apart, axis=1)[:, 1:3]):
        pairs |= {(min(one, int(other)), max(one, int(other))) for other in order}
    return sorted(pairs)


def _road(start: Floats, end: Floats) -> Floats:
    """Points of a gently curved road between two points, without its ends."""
    length = float(np.hypot(*(end - start)))
    part = np.linspace(0, 1, max(int(length / _BEND_M), 1) + 1)[1:-1, None]
    across = np.array([start[1] - end[1], end[0] - start[0]])
    return np.asarray(start + part * (end - start) + 0.25 * part * (1 - part) * across)


def _merged(streets: Streets, speed_kmh: Floats, crs: pyproj.CRS) -> Network:
    """Tables of a network whose pass-through points are merged, their geometry kept."""
    label, size = components(streets)
    chain, passes = _chains(streets)
    order = np.argsort(chain, kind="stable")
    first = order[np.r_[True, np.diff(chain[order]) > 0]]
    geometry = _geometry(streets, chain, order)
    ends = _ends(streets, chain, passes)
    starts = shapely.get_coordinates(shapely.get_point(geometry, 0))
    turned = np.abs(starts - streets.xy[ends[:, 0]]).max(axis=1) > 1e-6
    ends[turned] = ends[turned][:, ::-1]
    edges = gpd.GeoDataFrame(
        {
            "u": ends[:, 0],
            "v": ends[:, 1],
            "length_m": np.bincount(chain, weights=_lengths(streets, crs)),
            "speed_kmh": speed_kmh[streets.kind[first]],
            "oneway": streets.oneway[first],
            "highway": np.array(CLASSES)[streets.kind[first]],
        },
        geometry=geometry,
        crs=crs,
    ).rename_axis("edge_id")
    used = np.unique(ends)
    nodes = gpd.GeoDataFrame(
        {"component": label[used], "component_size": size[label[used]]},
        geometry=shapely.points(streets.xy[used]),
        index=used,
        crs=crs,
    ).rename_axis("node_id")
    return nodes, edges


def _geometry(streets: Streets, chain: Ints, order: Ints) -> Shapes:
    """Line of every chain."""
    pairs = np.stack([streets.xy[streets.u], streets.xy[streets.v]], axis=1)
    lines = shapely.multilinestrings(shapely.linestrings(pairs[order]), indices=chain[order])
    single = np.bincount(chain) == 1
    merged = np.empty(len(lines), dtype=object)
    merged[single] = shapely.get_geometry(lines[single], 0)
    merged[~single] = shapely.line_merge(lines[~single])
    return merged


def _chains(streets: Streets) -> tuple[Ints, Flags]:
    """Chain of every segment, and which points only pass from one segment to the next."""
    passes = np.bincount(np.r_[streets.u, streets.v], minlength=len(streets.xy)) == 2
    one, other = _neighbours(streets, passes)
    alike = streets.kind[one] == streets.kind[other]
    passes[passes] = alike & ~streets.oneway[one] & ~streets.oneway[other]
    chain = _group(streets, passes)
    size = len(passes)
    points = np.unique(np.r_[chain, chain] * size + np.r_[streets.u, streets.v])
    is_loop = np.bincount(points // size) == np.bincount(chain)
    inner = points[is_loop[points // size] & passes[points % size]]
    for _ in range(2):  # two points of a loop stay, so that it is cut into plain lines
        first = np.unique(inner // size, return_index=True)[1]
        passes[inner[first] % size] = False
        inner = np.delete(inner, first)
    return _group(streets, passes), passes


def _neighbours(streets: Streets, passes: Flags) -> tuple[Ints, Ints]:
    """The two segments that meet at every pass-through point."""
    ends = np.r_[streets.u, streets.v]
    at = np.flatnonzero(passes[ends])
    pairs = at[np.argsort(ends[at], kind="stable")].reshape(-1, 2) % len(streets.u)
    return pairs[:, 0], pairs[:, 1]


def _group(streets: Streets, passes: Flags) -> Ints:
    size = len(streets.u)
    one, other = _neighbours(streets, passes)
    graph = coo_matrix((np.ones(len(one)), (one, other)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _ends(streets: Streets, chain: Ints, passes: Flags) -> Ints:
    both = np.r_[streets.u, streets.v]
    is_end = ~passes[both]
    order = np.argsort(np.r_[chain, chain][is_end], kind="stable")
    return np.asarray(both[is_end][order].reshape(-1, 2))


def _lengths(streets: Streets, crs: pyproj.CRS) -> Floats:
    """Lengths of the segments on the WGS 84 ellipsoid."""
    to_degrees = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
    lon, lat = to_degrees.transform(streets.xy[:, 0], streets.xy[:, 1])
    u, v = streets.u, streets.v
    return np.asarray(pyproj.Geod(ellps="WGS84").inv(lon[u], lat[u], lon[v], lat[v])[2])
