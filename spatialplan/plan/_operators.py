"""
Shapes drawn from anchors: every shape of a gazetteer that is no point comes from here.

Each operator takes shapely geometries in metres and returns one. What is counted has
exactly that many parts. A place counts by its centroid, unless an operator says otherwise.
Drawings that cannot be made raise a `ValueError` that says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

import numpy as np
import shapely
from shapely.ops import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import Geometry

Direction = Literal["north_south", "east_west"]
Side = Literal["north", "south", "east", "west"]

_BEYOND = 1.2
"""Radials end this many times as far out as the outermost ring."""

_SIDES: dict[Side, tuple[int, int]] = {
    "north": (0, 1),
    "south": (0, -1),
    "east": (1, 0),
    "west": (-1, 0),
}
_LEAST_ANGLE = np.radians(30)
"""A line that runs nearer than this to the way to a side has no such side."""

_FAR_M = 10_000_000.0
"""Half the side of a square that holds every plan; lines without end leave it."""


def line(places: Sequence[Geometry]) -> Geometry:
    """
    A line through places in their order: axes, roads, railways, rivers.

    Examples
    --------
    >>> line([shapely.Point(0, 0), shapely.Point(3, 4)]).length
    5.0
    """
    return shapely.LineString(_centroids(places))


def band(along: Geometry, width_m: float) -> Geometry:
    """
    A strip of a width along a line, half of it on each side; it ends where the line ends.

    Examples
    --------
    >>> band(shapely.LineString([(0, 0), (100, 0)]), 20).bounds
    (0.0, -10.0, 100.0, 10.0)
    """
    _require(along, 1, "a band runs along a line")
    return shapely.buffer(along, width_m / 2, cap_style="flat")


def ring(places: Sequence[Geometry]) -> Geometry:
    """
    A closed line through places in their order.

    Examples
    --------
    >>> ring([shapely.Point(0, 0), shapely.Point(4, 0), shapely.Point(0, 3)]).length
    12.0
    """
    return shapely.LineString([*_centroids(places), *_centroids(places[:1])])


def circles(around: Geometry, radii_m: Sequence[float]) -> Geometry:
    """
    A circle around a centre for each radius; 128 sides, at most 0.03 % too near.

    Examples
    --------
    >>> len(shapely.get_parts(circles(shapely.Point(0, 0), [10, 20])))
    2
    """
    discs_m = widened(around.centroid, radii_m)
    return _gathered([shapely.LineString(disc.exterior.coords) for disc in discs_m])


def radials(centre: Geometry, count: int, *, inner_m: float, outer_m: float) -> Geometry:
    """
    Lines outwards from a centre at equal angles, the first to the north, clockwise.

    Examples
    --------
    >>> star = radials(shapely.Point(0, 0), 4, inner_m=1, outer_m=3)
    >>> star.length, [round(bound) for bound in star.bounds]
    (8.0, [-3, -3, 3, 3])
    """
    return _gathered([_ray(centre, way, inner_m, outer_m) for way in _ways(count)])


def radials_of_rings(centre: Geometry, count: int, rings: Geometry) -> Geometry:
    """
    Lines outwards from a centre, from the innermost ring to a little beyond the outermost.

    Each line starts where it first meets a ring and ends 1.2 times as far out as where it
    last meets one.

    Examples
    --------
    >>> square = shapely.LineString(shapely.box(-10, -10, 10, 10).exterior.coords)
    >>> [round(bound, 9) for bound in radials_of_rings(shapely.Point(0, 0), 4, square).bounds]
    [-12.0, -12.0, 12.0, 12.0]
    """
    _require(rings, 1, "radials go through rings")
    reach_m = shapely.hausdorff_distance(centre.centroid, rings) * _BEYOND
    lines = []
    for way in _ways(count):
        met = shapely.intersection(_ray(centre, way, 0, reach_m), rings)
        if met.is_empty:
            raise ValueError("the rings do not go round the centre")
        met_m = shapely.distance(centre.centroid, shapely.points(shapely.get_coordinates(met)))
        lines.append(_ray(centre, way, met_m.min(), met_m.max() * _BEYOND))
    return _gathered(lines)


def parallels(
    over: Geometry,
    count: int,
    direction: Direction,
    *,
    shift_m: float = 0,
    ends_at: Geometry | None = None,
) -> Geometry:
    """
    Lines across an area, evenly spaced: between each other as to the edges of its extent.

    Each runs from edge to edge of the area's convex hull, so that it is one line.

    Parameters
    ----------
    over
        The area.
    count
        How many lines.
    direction
        Which way they run.
    shift_m
        How far all of them are moved to the east or to the north, so that two sets over one
        area do not hide each other; negative is to the west or to the south.
    ends_at
        Lines: each parallel runs only from the first to the last of them that it meets.

    Examples
    --------
    >>> lines = parallels(shapely.box(0, 0, 40, 10), 3, "north_south")
    >>> [part.xy[0][0] for part in lines.geoms], lines.length
    ([10.0, 20.0, 30.0], 30.0)
    >>> rails = parallels(shapely.box(0, 0, 40, 30), 2, "east_west")
    >>> parallels(shapely.box(0, 0, 40, 30), 1, "north_south", ends_at=rails).length
    10.0
    """
    _require(over, 2, "parallels run over an area")
    x0, y0, x1, y1 = over.bounds
    if direction == "north_south":
        across = [((x, y0), (x, y1)) for x in _spaced(x0, x1, count) + shift_m]
    else:
        across = [((x0, y), (x1, y)) for y in _spaced(y0, y1, count) + shift_m]
    lines = list(shapely.intersection(shapely.linestrings(across), over.convex_hull))
    if not all(one.length for one in lines):
        raise ValueError("shift_m moves a line out of the area")
    return _gathered(lines if ends_at is None else [_cut(one, ends_at) for one in lines])


def discs(places: Sequence[Geometry], radius_m: float) -> Geometry:
    """
    Discs around places, as one shape.

    Examples
    --------
    >>> two = [shapely.Point(0, 0), shapely.Point(100, 0)]
    >>> len(shapely.get_parts(discs(two, 40))), len(shapely.get_parts(discs(two, 60)))
    (2, 1)
    """
    return shapely.union_all(widened(_centroids(places), radius_m))


def hull(places: Sequence[Geometry], radius_m: float) -> Geometry:
    """
    The convex hull of discs around places.

    Examples
    --------
    >>> hull([shapely.Point(0, 0), shapely.Point(100, 0)], 10).bounds
    (-10.0, -10.0, 110.0, 10.0)
    """
    return discs(places, radius_m).convex_hull


def union(places: Sequence[Geometry], *, radius_m: float | None = None) -> Geometry:
    """
    A composite: areas merged, or lines or points gathered with a part for each.

    With `radius_m` a point counts as a disc.

    Examples
    --------
    >>> union([shapely.box(0, 0, 10, 10), shapely.box(5, 0, 20, 10)]).area
    200.0
    """
    parts = [part for shape in places for part in shapely.get_parts(shape)]
    if radius_m is not None:
        parts = [discs([part], radius_m) if part.geom_type == "Point" else part for part in parts]
    kinds = {part.geom_type for part in parts}
    if len(kinds) > 1:
        raise ValueError("points, lines and areas cannot be one shape; give points a radius_m")
    return shapely.union_all(parts) if kinds == {"Polygon"} else _gathered(parts)


def polygon(places: Sequence[Geometry]) -> Geometry:
    """
    The area whose outline runs through places in their order.

    Examples
    --------
    >>> polygon([shapely.Point(0, 0), shapely.Point(4, 0), shapely.Point(0, 3)]).area
    6.0
    """
    return shapely.Polygon(_centroids(places))


def between(sides: Sequence[tuple[Geometry, Side]], centre: Geometry, size_m: float) -> Geometry:
    """
    What lies on the given sides of lines, in a square around a centre.

    A line counts as endless: it goes on straight at both ends. Its sides are named by the
    way from its first to its last point; a line has a side only if that way makes an
    angle of at least 30 degrees with the way to the side.

    Parameters
    ----------
    sides
        Lines, each with the side that is meant.
    centre
        Where the square is.
    size_m
        Length of its sides.

    Examples
    --------
    >>> road, street = shapely.LineString([(0, -1), (0, 1)]), shapely.LineString([(0, 3), (9, 3)])
    >>> sides = [(road, "east"), (street, "south")]
    >>> between(sides, shapely.Point(0, 0), 20).bounds
    (0.0, -10.0, 10.0, 3.0)
    """
    half_m = size_m / 2
    x, y = centre.centroid.x, centre.centroid.y
    area = shapely.box(x - half_m, y - half_m, x + half_m, y + half_m)
    for road, side in sides:
        area = shapely.intersection(area, _half_plane(road, side))
    if area.area == 0:
        raise ValueError("no area in the square lies on all these sides")
    return area


def satellites(centre: Geometry, count: int, radius_m: float) -> Geometry:
    """
    Points at a distance from a centre at equal angles, the first to the north, clockwise.

    Examples
    --------
    >>> [round(x) for x in shapely.get_coordinates(satellites(shapely.Point(0, 0), 4, 5))[:, 0]]
    [0, 5, 0, -5]
    """
    ends = [_ray(centre, way, 0, radius_m).coords[-1] for way in _ways(count)]
    return _gathered([shapely.Point(end) for end in ends])


def widened(shapes: Any, by_m: Any) -> Any:
    """Shapes and what lies within a distance of them; round with 128 sides to a circle."""
    return shapely.buffer(shapes, by_m, quad_segs=32)


def _centroids(places: Sequence[Geometry]) -> Any:
    return shapely.centroid(list(places))


def _gathered(parts: Sequence[Geometry]) -> Geometry:
    """One geometry of parts of one kind, which stay apart even where they cross."""
    if len(parts) == 1:
        return parts[0]
    many: Any = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString}
    return many[parts[0].geom_type](parts)


def _require(shape: Geometry, dimension: int, why: str) -> None:
    if shapely.get_dimensions(shape) != dimension:
        raise ValueError(f"{why}, not a {shape.geom_type}")


def _spaced(start_m: float, end_m: float, count: int) -> Any:
    """Positions between two ends, as far from each other as from the ends."""
    return np.linspace(start_m, end_m, count + 2)[1:-1]


def _cut(straight: Geometry, ends_at: Geometry) -> Geometry:
    """A straight line from the first to the last of some lines that it meets."""
    _require(ends_at, 1, "parallels end at lines")
    met = shapely.get_coordinates(shapely.intersection(straight, ends_at))
    along_m = shapely.line_locate_point(straight, shapely.points(met))
    if np.unique(along_m).size < 2:
        raise ValueError("a line meets fewer than two of the lines that it ends at")
    return shapely.LineString(met[[along_m.argmin(), along_m.argmax()]])


def _ways(count: int) -> Any:
    """Angles from north, clockwise."""
    return np.linspace(0, 2 * np.pi, count, endpoint=False)


def _ray(centre: Geometry, way: float, start_m: float, end_m: float) -> Geometry:
    step = np.array([np.sin(way), np.cos(way)])
    origin = shapely.get_coordinates(centre.centroid)[0]
    return shapely.LineString([origin + start_m * step, origin + end_m * step])


def _half_plane(road: Geometry, side: Side) -> Geometry:
    """What lies on one side of an endless line, as far as any plan reaches."""
    if road.geom_type != "LineString" or road.is_closed:
        raise ValueError("only a line in one piece with two ends has sides")
    points = shapely.get_coordinates(shapely.remove_repeated_points(road))
    toward = np.array(_SIDES[side])
    along = points[-1] - points[0]
    across = abs(along[0] * toward[1] - along[1] * toward[0]) / np.hypot(*along)
    if across < np.sin(_LEAST_ANGLE):
        runs = "north-south" if side in ("north", "south") else "east-west"
        raise ValueError(f"a line that runs {runs} has no {side} side")
    world = shapely.box(-_FAR_M, -_FAR_M, _FAR_M, _FAR_M)
    pieces = split(world, _endless(points)).geoms
    if len(pieces) != 2:
        raise ValueError("a line that crosses itself, or would if it went on, has no sides")
    return max(pieces, key=lambda piece: float(np.dot(piece.centroid.coords[0], toward)))


def _endless(points: Any) -> Geometry:
    """The line through points, gone on straight at both ends."""
    far = []
    for last, before in ((points[0], points[1]), (points[-1], points[-2])):
        way = last - before
        far.append(last + way / np.hypot(*way) * 4 * _FAR_M)
    return shapely.LineString([far[0], *points, far[1]])
