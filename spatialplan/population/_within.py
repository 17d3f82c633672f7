"""People counted for polygons, placed where people live inside each of them."""

from __future__ import annotations

import logging

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatialplan.schema import DEMAND
from spatialplan.schema import check

from ._grid import cut_by_grid
from ._spread import floor_space
from ._spread import positions

_log = logging.getLogger(__name__)

BARE_CELL_M = 100.0
"""Grid over a polygon that holds no residential land."""
BASIS_ZH = "面状人口，按范围内住宅建筑面积与居住用地分摊"
BARE_BASIS_ZH = "面状人口，范围内无居住用地，按面积均摊"

_AREAS = ("Polygon", "MultiPolygon")


def spread_within(
    people: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    *,
    cell_m: float = 50.0,
) -> gpd.GeoDataFrame:
    """
    Place the people of each polygon where people live inside it; points stay as they are.

    Inside a polygon people are in proportion to floor space, by the rule of
    `spread_population`; where it holds none, to its area on a grid of 100 m.

    Parameters
    ----------
    people
        DEMAND of points and polygons, see `read_population`.
    buildings
        Polygons with ``levels``, see `read_residential`.
    land
        Residential polygons, in the same coordinate system.
    cell_m
        People of a polygon in one square of this size are gathered in one point.

    Returns
    -------
    GeoDataFrame
        DEMAND of points; the places of a polygon, ``place_id:column_row``, lie inside it
        and add up to its people. ``population_basis_zh`` says how a place was found, and
        ``attrs["precision_m"]`` is half the diagonal of the largest square used.

    Examples
    --------
    >>> town = gpd.GeoDataFrame(
    ...     {"population": [9.0], "area_id": "", "drawn_from": "open_data"},
    ...     geometry=[shapely.box(0, 0, 400, 50)], crs=4549,
    ...     index=pd.Index(["a"], name="place_id"))
    >>> land = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 75, 40)], crs=4549)
    >>> spread_within(town, land[:0].assign(levels=1.0), land)["population"].to_dict()
    {'a:0_0': 6.0, 'a:1_0': 3.0}
    """
    areal = people.geom_type.isin(_AREAS)
    if not areal.any():
        return people
    areas = people[areal & (people["population"] > 0)]
    shapes = areas.geometry.to_numpy()
    points, weight = floor_space(buildings, land, cell_m)
    owner, spot = shapely.STRtree(shapely.points(points.T)).query(shapes, predicate="intersects")
    owner, spot = owner[weight[spot] > 0], spot[weight[spot] > 0]
    bare = np.setdiff1d(np.arange(len(areas)), owner)
    parts, _, part_of = cut_by_grid(shapes[bare], BARE_CELL_M)
    shares = pd.DataFrame(
        {
            "owner": np.concatenate([owner, bare[part_of]]),
            "weight": np.concatenate([weight[spot], shapely.area(parts)]),
            "cell_m": np.repeat([cell_m, BARE_CELL_M], [len(owner), len(parts)]),
        }
    )
    shares[["x", "y"]] = np.hstack([points[:, spot], positions(parts)]).T
    placed = _gathered(shares, areas)
    _log.info("%d polygons with people: %d hold no residential land", len(areas), len(bare))
    kept = people[~areal].assign(population_basis_zh="")
    every = gpd.GeoDataFrame(pd.concat([kept, placed]), crs=people.crs) if len(kept) else placed
    every.attrs["precision_m"] = round(float(shares["cell_m"].max()) / 2**0.5, 1)
    return check(every, DEMAND)


def _gathered(shares: pd.DataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One place for each polygon and square: the heaviest point, so that it lies inside."""
    owner = shares["owner"].to_numpy()
    share = shares["weight"] / shares.groupby("owner")["weight"].transform("sum")
    cells = {axis: np.floor(shares[axis] / shares["cell_m"]).astype("int64") for axis in "xy"}
    table = shares.assign(
        people=areas["population"].to_numpy()[owner] * share, column=cells["x"], row=cells["y"]
    ).sort_values("weight", ascending=False, kind="stable")
    rows = table.groupby(["owner", "column", "row"], as_index=False).agg(
        {"people": "sum", "x": "first", "y": "first", "cell_m": "first"}
    )
    source = areas.iloc[rows["owner"].to_numpy()]
    labels = source.index.astype("str") + [
        f":{column}_{row}" for column, row in zip(rows["column"], rows["row"], strict=True)
    ]
    bare = (rows["cell_m"] == BARE_CELL_M).to_numpy()
    return gpd.GeoDataFrame(
        {
            "population": rows["people"].to_numpy(),
            "area_id": "",
            "drawn_from": source["drawn_from"].to_numpy(),
            "population_basis_zh": np.where(bare, BARE_BASIS_ZH, BASIS_ZH),
        },
        geometry=gpd.points_from_xy(rows["x"], rows["y"]),
        index=pd.Index(labels, name="place_id", dtype="str"),
        crs=areas.crs,
    )
