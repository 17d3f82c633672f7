"""Parts of lines, many at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

Array = np.ndarray[Any, np.dtype[Any]]


def cut(lines: Array, start: Array, stop: Array) -> Array:
    """
    Part of each line between two shares of its length.

    Parameters
    ----------
    lines
        LineStrings of some length.
    start, stop
        Shares from 0 to 1, ``start < stop``.

    Returns
    -------
    ndarray
        LineStrings.

    Examples
    --------
    >>> line = np.array([shapely.LineString([(0, 0), (6, 0), (6, 4)])])
    >>> print(cut(line, np.array([0.5]), np.array([0.8]))[0])
    LINESTRING (5 0, 6 0, 6 2)
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    # Metres from the start of each line, at all of its points.
    steps = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    first = np.searchsorted(owner, np.arange(len(lines)))
    steps[first] = 0.0
    along = np.cumsum(steps)
    along -= along[first][owner]
    length = shapely.length(lines)
    low, high = start * length, stop * length
    inner = (along > low[owner]) & (along < high[owner])
    parts = np.arange(len(lines))
    points = np.concatenate(
        [
            shapely.get_coordinates(shapely.line_interpolate_point(lines, low)),
            xy[inner],
            shapely.get_coordinates(shapely.line_interpolate_point(lines, high)),
        ]
    )
    part = np.concatenate([parts, owner[inner], parts])
    order = np.argsort(part, kind="stable")
    cuts: Array = shapely.linestrings(points[order], indices=part[order])
    return cuts
