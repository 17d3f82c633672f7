"""The land along streets: ribbons of some width, the insides of blocks filled."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

Array = np.ndarray[Any, np.dtype[Any]]

_QUARTER = 4
"""Segments of a quarter of a circle."""

_ROOM_M = 0.01
"""What a street may lie outside a block and still count as part of it."""


def along(lines: Array, half_width_m: float, hole_m2: float) -> Any:
    """
    All that lies within some metres of lines, without holes under some size.

    Most streets of a town have blocks on both sides of which nothing would be left but a
    small hole. Such a block is taken whole, and of its streets only those at the edge of
    all such blocks need a ribbon: the union of the others, which costs most, is spared.

    Parameters
    ----------
    lines
        LineStrings; streets that cross on a bridge need not meet.
    half_width_m, hole_m2
        How wide on each side, and the least area of a hole that stays.

    Returns
    -------
    Polygon or MultiPolygon

    Examples
    --------
    >>> along(np.array([shapely.LineString([(0, 0), (50, 0)])]), 10.0, 0.0).bounds
    (-10.0, -10.0, 60.0, 10.0)
    """
    blocks = _filled_blocks(lines, half_width_m, hole_m2)
    # Whether a line lies inside is told several times faster where none lies on the edge.
    roomy = shapely.buffer(blocks, _ROOM_M, join_style="mitre")
    shapely.prepare(roomy)
    rest = lines[~shapely.contains_properly(roomy, lines)]
    ribbons = shapely.union_all(shapely.buffer(rest, half_width_m, quad_segs=_QUARTER))
    whole = shapely.buffer(blocks, half_width_m, quad_segs=_QUARTER)
    return _without_small_holes(shapely.union(whole, ribbons), hole_m2)


def _filled_blocks(lines: Array, half_width_m: float, hole_m2: float) -> Any:
    """The blocks in which no hole would stay, as one shape."""
    faces = shapely.get_parts(shapely.polygonize(lines))
    rings = shapely.polygons(shapely.get_exterior_ring(faces))
    # Of a face of area A at most (sqrt(A) - sqrt(pi) d)^2 lies farther than d from its edge, by
    # the theorem of Brunn and Minkowski: most faces need not be looked at.
    least = np.sqrt(hole_m2) + np.sqrt(np.pi) * half_width_m * np.cos(np.pi / (4 * _QUARTER))
    large = np.flatnonzero(shapely.area(rings) >= least**2)
    cores = shapely.buffer(rings[large], -half_width_m, quad_segs=_QUARTER)
    core, owner = shapely.get_parts(cores, return_index=True)
    wide = large[np.unique(owner[shapely.area(core) >= hole_m2])]
    filled = np.delete(faces, wide)  # what lies inside one is one of them, too
    try:
        blocks = shapely.coverage_union_all(filled)
    except shapely.GEOSException:
        return shapely.union_all(filled)
    # Where streets cross without meeting, blocks lie over each other.
    if not np.isclose(shapely.area(blocks), shapely.area(filled).sum(), rtol=1e-9, atol=0.0):
        return shapely.union_all(filled)
    return blocks


def _without_small_holes(area: Any, hole_m2: float) -> Any:
    """The area with the insides of blocks closed."""
    parts = shapely.get_parts(area)
    rings, owner = shapely.get_rings(parts, return_index=True)
    outer = np.diff(owner, prepend=-1) > 0
    kept = outer | (shapely.area(shapely.polygons(rings)) >= hole_m2)
    closed = shapely.polygons(rings[outer])
    for k in np.unique(owner[kept & ~outer]):
        closed[k] = shapely.polygons(rings[outer][k], rings[kept & ~outer & (owner == k)])
    return closed[0] if len(closed) == 1 else shapely.union_all(closed)
