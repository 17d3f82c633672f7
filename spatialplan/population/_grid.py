"""Polygons cut along a square grid, all at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

Integers = np.ndarray[Any, np.dtype[np.int64]]


def cut_by_grid(
    polygons: np.ndarray[Any, Any], cell_m: float
) -> tuple[np.ndarray[Any, Any], Integers, Integers]:
    """
    Cut polygons along the lines of a square grid.

    Returns
    -------
    tuple
        The parts; column and row of each part's square; which polygon it was part of.
    """
    first = np.floor(shapely.bounds(polygons) / cell_m).astype(np.int64).reshape(-1, 4)
    wide, high = first[:, 2] - first[:, 0] + 1, first[:, 3] - first[:, 1] + 1
    owner = np.repeat(np.arange(len(polygons)), wide * high)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(wide * high) - wide * high, wide * high)
    column = first[owner, 0] + step % wide[owner]
    row = first[owner, 1] + step // wide[owner]
    squares = shapely.box(
        column * cell_m, row * cell_m, (column + 1) * cell_m, (row + 1) * cell_m
    )  # fmt: skip
    shapely.prepare(polygons)
    touching = shapely.intersects(polygons[owner], squares)
    owner, column, row, squares = (part[touching] for part in (owner, column, row, squares))
    whole = shapely.contains(polygons[owner], squares)
    parts = squares.copy()
    parts[~whole] = shapely.intersection(polygons[owner[~whole]], squares[~whole])
    # Where a square also touches a polygon, a part is a collection with points and lines.
    single, part = shapely.get_parts(parts, return_index=True)
    solid = shapely.area(single) > 0
    part = part[solid]
    return single[solid], np.vstack([column[part], row[part]]), owner[part]
