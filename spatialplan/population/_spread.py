"""A stated total spread over residential floor space (dasymetric), and marked as such."""

from __future__ import annotations

import logging
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatialplan.errors import InputError
from spatialplan.schema import DEMAND
from spatialplan.schema import check

from ._grid import cut_by_grid
from ._residential import cut_land

_log = logging.getLogger(__name__)

BLOCK_M = 250.0
"""Whether buildings are mapped is decided block by block, on squares of this size."""
MAPPED_SHARE = 0.1
"""A block's buildings are taken as mapped if they cover this share of its residential land."""
MAX_PEOPLE = 1e10
"""More than all people on earth: a larger total is no count of people."""
BASIS_ZH = "按住宅建筑面积与居住用地分摊的总人口（非统计值）"

Numbers = np.ndarray[Any, np.dtype[np.float64]]


def spread_population(
    total: float,
    buildings: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    *,
    cell_m: float = 50.0,
) -> gpd.GeoDataFrame:
    """
    Spread a stated total over residential floor space.

    The rule: people are in proportion to floor space (footprint x levels). Where the
    buildings on residential land are not mapped (in a 250 m block they cover less than
    10 % of that land), its floor space is estimated as the land's area times the floor
    space per land found in the mapped blocks, or times 1 where there are none. Buildings
    off residential land count with their own floor space.

    Parameters
    ----------
    total
        People to spread.
    buildings
        Polygons with ``levels``, see `read_residential`.
    land
        Residential polygons, in the same coordinate system.
    cell_m
        People of one square of this size are gathered in one point.

    Returns
    -------
    GeoDataFrame
        DEMAND: index ``place_id``; ``population``, which adds up to `total`; ``area_id``
        (empty); ``drawn_from``; ``population_basis_zh``. ``attrs["precision_m"]`` is half
        the diagonal of a square.

    Raises
    ------
    InputError
        If the total is not above 0 or beyond all people on earth, or there is neither
        building nor land.

    Examples
    --------
    >>> land = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 100, 50)], crs=4549)
    >>> none = land[:0].assign(levels=1.0)
    >>> spread_population(10, none, land)["population"].to_dict()
    {'0_0': 5.0, '1_0': 5.0}
    """
    if not 0 < total <= MAX_PEOPLE:
        raise InputError("total population", f"{total}",
                         allowed=f"a number above 0, up to {MAX_PEOPLE:g}")  # fmt: skip
    points, floor_m2 = floor_space(buildings, land, cell_m)
    if not floor_m2.sum() > 0:
        raise InputError(
            "total population", "no residential building and no residential land to spread it over",
            do="give a population file, or a file of residential land",
        )  # fmt: skip
    cell = pd.MultiIndex.from_arrays(list(np.floor(points / cell_m).astype(np.int64)))
    moments = pd.DataFrame({"floor": floor_m2}).assign(
        x=points[0] * floor_m2, y=points[1] * floor_m2
    )  # fmt: skip
    sums = moments.groupby(cell).sum()
    sums = sums[sums["floor"] > 0]
    labels = pd.Index([f"{column}_{row}" for column, row in sums.index], name="place_id")
    population = sums["floor"].to_numpy() * (total / sums["floor"].sum())
    people = gpd.GeoDataFrame(
        {
            "population": population,
            "area_id": "",
            "drawn_from": "open_data",
            "population_basis_zh": BASIS_ZH,
        },
        geometry=gpd.points_from_xy(sums["x"] / sums["floor"], sums["y"] / sums["floor"]),
        index=labels.astype("str"),
        crs=land.crs,
    )
    people.attrs["precision_m"] = round(cell_m / 2**0.5, 1)
    _log.info("%.1f people given, %.1f spread over %d places", total, population.sum(), len(people))
    return check(people, DEMAND)


def floor_space(
    buildings: gpd.GeoDataFrame, land: gpd.GeoDataFrame, cell_m: float
) -> tuple[Numbers, Numbers]:
    """Positions (x, y) and floor space, of buildings and of land whose buildings are unknown."""
    pieces = cut_land(land, cell_m=cell_m)
    field, area = positions(pieces.geometry.to_numpy()), pieces.area.to_numpy()
    # A large building is cut too, or its people would all stand at its centre.
    parts, _, owner = cut_by_grid(buildings.geometry.to_numpy(), cell_m)
    house, footprint = positions(parts), shapely.area(parts)
    floor = footprint * buildings["levels"].to_numpy(dtype=float)[owner]
    on_land = np.zeros(len(parts), dtype=bool)
    tree = shapely.STRtree(pieces.geometry.to_numpy())
    on_land[tree.query(shapely.points(house.T), predicate="intersects")[0]] = True

    blocks = pd.DataFrame(
        {
            "block": [*_blocks(field), *_blocks(house[:, on_land])],
            "land": [*area, *np.zeros(on_land.sum())],
            "built": [*np.zeros(len(area)), *footprint[on_land]],
            "floor": [*np.zeros(len(area)), *floor[on_land]],
        }
    )
    sums = blocks.groupby("block")[["land", "built", "floor"]].sum()
    mapped = sums[sums["built"] >= MAPPED_SHARE * sums["land"]]
    ratio = mapped["floor"].sum() / mapped["land"].sum() if mapped["land"].sum() > 0 else 1.0
    unmapped_field = ~np.isin(_blocks(field), mapped.index)
    counted = ~on_land | np.isin(_blocks(house), mapped.index)
    _log.info(
        "residential land: %.2f of %.2f km2 without mapped buildings, at %.2f floor space per land",
        area[unmapped_field].sum() / 1e6, area.sum() / 1e6, ratio,
    )  # fmt: skip
    points = np.hstack([house[:, counted], field[:, unmapped_field]])
    return points, np.concatenate([floor[counted], area[unmapped_field] * ratio])


def positions(shapes: np.ndarray[Any, Any]) -> Numbers:
    points = shapely.point_on_surface(shapes)
    return np.vstack([shapely.get_x(points), shapely.get_y(points)])


def _blocks(points: Numbers) -> np.ndarray[Any, np.dtype[np.int64]]:
    """One whole number for the 250 m square of each point."""
    column, row = np.floor(points / BLOCK_M).astype(np.int64)
    return np.asarray(column * 1_000_000 + row, dtype=np.int64)
