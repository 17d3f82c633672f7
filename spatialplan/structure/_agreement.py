"""How far a schematic drawing lies from a drawing of one's own."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pyproj

_KINDS = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "LinearRing": "line",
    "MultiLineString": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}
_COLUMNS = [
    "matched",
    "geometry_kind",
    "distance_m",
    "to_theirs_m",
    "to_ours_m",
    "hausdorff_m",
    "near_theirs",
    "near_ours",
    "bearing_deg",
    "iou",
    "in_theirs",
    "in_ours",
]
_ARC_SIDES = 32
"""Sides of a quarter circle: the circle is 0.04 % under the true one."""

_LEAST_ELONGATION = 1 / 3
"""A line whose spread is less than twice as large along as across has no direction."""

_MOST_SAMPLES = 1_000_000


def agreement(
    ours: gpd.GeoDataFrame,
    theirs: gpd.GeoDataFrame,
    *,
    within_m: float | None = None,
    step_m: float = 50.0,
) -> pd.DataFrame:
    """
    How far each of our geometries lies from its counterpart in another drawing.

    A counterpart has the same ``name_zh``, or else the same index label; of several that
    share the name it is the one with the same label.

    Parameters
    ----------
    ours
        Points, lines or polygons in a metric system, such as ``plan.elements``; rows
        without geometry have no counterpart.
    theirs
        The other drawing, in any declared system; lines or polygons in pieces are one
        row (dissolve them by name first).
    within_m
        Distance up to which lines count as near; without it the ``precision_m`` of
        each row of `ours`.
    step_m
        Longest distance between points along a line at which the way to the other line is
        measured. Mean distances are off by at most a quarter of it, ``hausdorff_m`` is
        too small by at most half of it. All else is exact but for the arcs within which
        a line counts as near: polygons, 0.04 % inside the true circle.

    Returns
    -------
    DataFrame
        On the index of `ours`: ``matched`` (label in `theirs`, None without counterpart),
        ``geometry_kind`` (point, line, polygon; "" without counterpart), and, nan where
        it does not apply:

        * all: ``distance_m`` between centroids;
        * lines: ``to_theirs_m`` and ``to_ours_m`` (mean distance along one line to the
          other), ``hausdorff_m`` (largest distance, both ways), ``near_theirs`` and
          ``near_ours`` (share of the length of ours, and of theirs, within `within_m` of
          the other), ``bearing_deg`` (angle between the directions in which they extend
          most, 0-90; nan where one is nearly as wide as long);
        * polygons: ``iou`` (intersection over union), ``in_theirs`` and ``in_ours``
          (share of the area of ours, and of theirs, inside the other).

    Raises
    ------
    CRSError
        If a system is missing, that of `ours` is not in metres or Web Mercator (whose
        metres are none), or a geometry lies beyond its system.
    InputError
        If a table has no geometry, a label is missing or there twice, a name of `theirs`
        is there twice, counterparts are of different kinds, a geometry is of no such kind
        or of no extent, or an option is not above 0.
    LimitError
        If `step_m` would make more than a million points of one line.

    Examples
    --------
    >>> ours = gpd.GeoDataFrame(
    ...     {"name_zh": ["轴"], "precision_m": 10.0},
    ...     geometry=[shapely.LineString([(0, 0), (100, 0)])], crs=4549,
    ... )
    >>> theirs = ours.set_geometry(ours.translate(0, 30))
    >>> agreement(ours, theirs)[["to_theirs_m", "hausdorff_m", "near_theirs"]].iloc[0].tolist()
    [30.0, 30.0, 0.0]
    """
    _require_above_zero("step_m", step_m)
    if within_m is not None:
        _require_above_zero("within_m", within_m)
    _require_table(ours, "ours")
    _require_table(theirs, "theirs")
    _require_systems(ours, theirs)
    mine, other = _shapes(ours, "ours", ours.crs), _shapes(theirs, "theirs", ours.crs)
    near_m = ours.get("precision_m", np.nan) if within_m is None else within_m
    near_m = dict(pd.to_numeric(pd.Series(near_m, index=ours.index), errors="coerce"))
    rows: dict[Hashable, dict[str, object]] = {
        label: {"matched": match}
        | _row(mine[label], other[match], near_m[label], step_m, where=f"{label} and {match}")
        for label, match in _matches(ours.loc[mine.index], theirs.loc[other.index]).items()
    }
    none = {"matched": None, "geometry_kind": ""}
    found = [rows.get(label, none) for label in ours.index]
    table = pd.DataFrame(found, index=ours.index, columns=_COLUMNS, dtype=object)
    return table.astype(dict.fromkeys(_COLUMNS[2:], float))


def _require_above_zero(name: str, value: object) -> None:
    if not (isinstance(value, Real) and 0 < float(value) < np.inf):
        raise InputError(name, f"{value!r}", allowed="a number above 0")


def _require_table(table: object, name: str) -> None:
    """Refuse what has no geometry, or no label of its own for each row."""
    if not isinstance(table, gpd.GeoDataFrame) or table.active_geometry_name is None:
        raise InputError(name, "no geometry", allowed="a GeoDataFrame with a geometry column")
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise InputError(name, f"the column {twice} is there twice")
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()][0]
        raise InputError(name, f"the index repeats {twice}", do="dissolve its pieces")
    if pd.isna(table.index.to_numpy()).any():
        raise InputError(name, "a label is missing", do="reset the index")


def _require_systems(ours: gpd.GeoDataFrame, theirs: gpd.GeoDataFrame) -> None:
    units = {axis.unit_name for axis in ours.crs.axis_info} if ours.crs else set()
    if units != {"metre"}:
        raise CRSError("ours", "no coordinate system in metres", do="call to_crs first")
    if "Pseudo Mercator" in getattr(ours.crs.coordinate_operation, "method_name", ""):
        raise CRSError("ours", "Web Mercator, whose metres are none", do="call to_crs first")
    if theirs.crs is None:
        raise CRSError("theirs", "no coordinate system; declare the datum of the source")


def _shapes(table: gpd.GeoDataFrame, name: str, crs: pyproj.CRS) -> gpd.GeoSeries:
    """Geometries of the rows that have one, each with an extent."""
    drawn = table.geometry[~(table.geometry.isna() | table.geometry.is_empty)]
    shapes = drawn.to_crs(crs)
    beyond = ~np.isfinite(shapes.bounds.to_numpy()).all(axis=1)
    if beyond.any():
        raise CRSError(name, "coordinates beyond its system", where=str(drawn.index[beyond][0]),
                       do="declare the system that they are in")  # fmt: skip
    # Polygons that cross themselves cannot be laid over others; nor lines with a piece that
    # is a point over polygons.
    shapes = shapes.make_valid(method="structure", keep_collapsed=False)
    kinds = drawn.geom_type.map(_KINDS)
    is_kind = [kinds == kind for kind in ("point", "line", "polygon")]
    extent = np.select(is_kind, [np.ones(len(shapes)), shapes.length, shapes.area])
    if not extent.all():
        label = shapes.index[int(np.argmin(extent))]
        raise InputError(name, f"{drawn[label].geom_type} of no extent", where=str(label),
                         allowed="points, lines with a length, polygons with an area")  # fmt: skip
    return shapes


def _matches(ours: gpd.GeoDataFrame, theirs: gpd.GeoDataFrame) -> dict[Hashable, Hashable]:
    """Label in `theirs` for each label in `ours` that has a counterpart: by name, else itself."""
    named: dict[str, list[Hashable]] = {}
    for label, name in _names(theirs):
        named.setdefault(name, []).append(label)
    matches = {label: label for label in ours.index if label in theirs.index}
    for label, name in _names(ours):
        found = named.get(name, [])
        if len(found) > 1 and label not in found:
            raise InputError("theirs", f"{name} is there twice", do="dissolve by name_zh first")
        if len(found) == 1:
            matches[label] = found[0]
    return matches


def _names(table: gpd.GeoDataFrame) -> list[tuple[Hashable, str]]:
    """Labels and names of the rows that have a name."""
    names = table["name_zh"].items() if "name_zh" in table.columns else ()
    return [(label, name) for label, name in names if name and not pd.isna(name)]


def _row(
    ours: shapely.Geometry, theirs: shapely.Geometry, near_m: float, step_m: float, *, where: str
) -> dict[str, object]:
    kind, other = _KINDS[ours.geom_type], _KINDS[theirs.geom_type]
    if kind != other:
        raise InputError("agreement", f"a {kind} and a {other}", where=where,
                         allowed="geometries of one kind")  # fmt: skip
    if kind == "line" and not 0 < near_m < np.inf:
        raise InputError("ours", "no precision_m", where=where, do="give within_m")
    row = {"geometry_kind": kind, "distance_m": ours.centroid.distance(theirs.centroid)}
    if kind == "line":
        row |= _lines(ours, theirs, near_m, step_m)
    if kind == "polygon":
        row |= _polygons(ours, theirs)
    return row


def _lines(
    ours: shapely.Geometry, theirs: shapely.Geometry, near_m: float, step_m: float
) -> dict[str, float]:
    to_theirs, farthest_ours = _apart(ours, theirs, step_m)
    to_ours, farthest_theirs = _apart(theirs, ours, step_m)
    turn = abs(_bearing(ours) - _bearing(theirs))
    return {
        "to_theirs_m": to_theirs,
        "to_ours_m": to_ours,
        "hausdorff_m": max(farthest_ours, farthest_theirs),
        "near_theirs": _share_near(ours, theirs, near_m),
        "near_ours": _share_near(theirs, ours, near_m),
        "bearing_deg": min(turn, 180 - turn),
    }


def _apart(line: shapely.Geometry, other: shapely.Geometry, step_m: float) -> tuple[float, float]:
    """Mean distance along a line to another one, and the largest."""
    if line.length / step_m > _MOST_SAMPLES:
        raise LimitError(f"agreement: a line of {line.length:,.0f} m in steps of {step_m:g} m;"
                         f" at most {_MOST_SAMPLES:,} steps")  # fmt: skip
    pieces = shapely.get_parts(shapely.segmentize(line, step_m))
    at, piece = shapely.get_coordinates(pieces, return_index=True)
    metres = shapely.distance(shapely.points(at), other)
    steps = np.hypot(*np.diff(at, axis=0).T) * (np.diff(piece) == 0)
    return float((metres[1:] + metres[:-1]) / 2 @ steps / steps.sum()), float(metres.max())


def _share_near(line: shapely.Geometry, other: shapely.Geometry, near_m: float) -> float:
    around = shapely.buffer(other, near_m, quad_segs=_ARC_SIDES)
    return float(shapely.intersection(line, around).length / line.length)


def _bearing(line: shapely.Geometry) -> float:
    """
    Degrees from north, 0-180, in which a line extends most: the principal axis of its length.

    Holds for lines in pieces and double tracks, too; nan where no way is the longest.
    """
    at, piece = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    at -= line.centroid.coords[0]
    tail, head = at[:-1], at[1:]
    steps = np.hypot(*(head - tail).T) * (np.diff(piece) == 0)
    # Second moments along each straight piece, by Simpson's rule, which is exact for squares.
    (xx, xy), (_, yy) = sum(
        (part * steps[:, None]).T @ part / 6 for part in (tail, head, tail + head)
    )
    if np.hypot(xx - yy, 2 * xy) < (xx + yy) * _LEAST_ELONGATION:
        return np.nan
    return float(90 - np.degrees(np.arctan2(2 * xy, xx - yy)) / 2)


def _polygons(ours: shapely.Geometry, theirs: shapely.Geometry) -> dict[str, float]:
    both = shapely.intersection(ours, theirs).area
    return {
        "iou": both / (ours.area + theirs.area - both),
        "in_theirs": both / ours.area,
        "in_ours": both / theirs.area,
    }
