"""Which area a place belongs to."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


def assign_area(table: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame) -> pd.Series[Any]:
    """
    Area that each row lies in: the smallest that contains its representative point.

    Parameters
    ----------
    table
        Any table with geometry.
    boundaries
        BOUNDARIES in the same coordinate system; levels may overlap.

    Returns
    -------
    Series
        ``area_id`` on the index of `table`; empty where no area contains the row.

    Examples
    --------
    >>> box = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 9, 9)], index=["a"], crs=4549)
    >>> places = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 10], [1, 1]), crs=4549)
    >>> assign_area(places, box).tolist()
    ['a', '']
    """
    # Painted from large to small, so that the smallest area is the last to be written.
    areas = boundaries.iloc[np.argsort(-boundaries.area.to_numpy(), kind="stable")]
    points = shapely.point_on_surface(table.geometry.to_numpy())
    labels = np.full(len(table), "", dtype=object)
    row, area = shapely.STRtree(points).query(areas.geometry.to_numpy(), predicate="intersects")
    for number, places in pd.Series(area).groupby(row):
        labels[places.to_numpy()] = areas.index[number]
    return pd.Series(labels, index=table.index, name="area_id", dtype="str")
