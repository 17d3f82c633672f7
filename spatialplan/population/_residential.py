"""Where people live: residential buildings and residential land, and the land cut in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from spatialplan import osm
from spatialplan.schema import LAND
from spatialplan.schema import check

from ._grid import cut_by_grid

if TYPE_CHECKING:
    import os

DWELLINGS = (
    "house", "detached", "semidetached_house", "terrace", "apartments", "residential",
    "bungalow", "dormitory", "farm", "cabin", "houseboat", "static_caravan", "villa",
)  # fmt: skip
NEAR_M = 500.0
"""A plain ``building=yes`` with no residential land within this distance may be a dwelling."""

_OTHER_USE = ("amenity", "shop", "office", "tourism", "leisure", "man_made", "craft", "military")
_NO_LIVING_LAND = (
    "industrial", "commercial", "retail", "military", "quarry", "cemetery", "farmyard",
    "greenhouse_horticulture", "railway", "port", "landfill", "construction",
)  # fmt: skip
_MAX_LEVELS = 150.0
_COARSE = 16  # the first cut makes squares of 16 x 16 cells


def read_residential(
    path: str | os.PathLike[str], *, crs: pyproj.CRS
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """
    Residential buildings and residential land of an OpenStreetMap file.

    A building is residential if its tag says so (house, apartments, ...), or if it is a
    plain ``building=yes`` without another use, outside the grounds of schools, hospitals
    and the like, and either inside ``landuse=residential`` or farther than 500 m from any
    such land and on no land of another use.

    Parameters
    ----------
    path
        OpenStreetMap file.
    crs
        Metric system of the result.

    Returns
    -------
    buildings : GeoDataFrame
        Index ``osm_id``; ``footprint_m2``, ``levels`` (1 unless tagged).
    land : GeoDataFrame
        ``landuse=residential``, united: polygons that do not overlap.

    Raises
    ------
    InputError
        If the file is missing, is not OSM data or is damaged.
    """
    features = osm.read_features(path, ["building", "landuse", "amenity"]).to_crs(crs)
    features = features[features.geom_type.isin(["Polygon", "MultiPolygon"])]
    features = features.set_geometry(features.make_valid(method="structure", keep_collapsed=False))
    features = features[~features.is_empty]

    def tagged(key: str) -> pd.Series[Any]:
        values: pd.Series[Any] = features["tags"].map(lambda tags: tags.get(key, ""))
        return values

    landuse, building = tagged("landuse"), tagged("building")
    land = _united(features.geometry[landuse == "residential"])
    grounds = features.geometry[(tagged("amenity") != "") & (building == "")]
    other = features.geometry[landuse.isin(_NO_LIVING_LAND)]
    plain = features.loc[building == "yes"]
    used = [any(key in tags for key in _OTHER_USE) for tags in plain["tags"]]
    plain = plain[~np.array(used, dtype=bool)]
    living = plain[_may_be_dwelling(plain, land.geometry, other, grounds)]
    dwellings = pd.concat([features[building.isin(DWELLINGS)], living])
    table = {"footprint_m2": dwellings.area, "levels": dwellings["tags"].map(_levels)}
    return gpd.GeoDataFrame(table, geometry=dwellings.geometry, crs=crs), land


def _may_be_dwelling(
    plain: gpd.GeoDataFrame, land: gpd.GeoSeries, other: gpd.GeoSeries, grounds: gpd.GeoSeries
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether plain buildings stand where people live."""
    centre = shapely.point_on_surface(plain.geometry.to_numpy())
    on_land, near_land = _close(centre, land, 0.0), _close(centre, land, NEAR_M)
    lonely = ~near_land & ~_close(centre, other, 0.0)
    return (on_land | lonely) & ~_close(centre, grounds, 0.0)


def _close(
    points: np.ndarray[Any, Any], areas: gpd.GeoSeries, distance_m: float
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each point lies within a distance of any area."""
    tree = shapely.STRtree(areas.to_numpy())
    hit = tree.query(points, predicate="dwithin", distance=distance_m)[0]
    close = np.zeros(len(points), dtype=bool)
    close[hit] = True
    return close


def _united(areas: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Polygons that do not overlap and cover what `areas` cover."""
    united = shapely.get_parts(shapely.disjoint_subset_union_all(areas.to_numpy()))
    parts = united[shapely.area(united) > 0]
    return gpd.GeoDataFrame(geometry=parts, crs=areas.crs)


def _levels(tags: dict[str, str]) -> float:
    """Storeys of a building; 1 where nothing usable is tagged."""
    try:
        levels = float(tags.get("building:levels", "1").split(";")[0])
    except ValueError:
        return 1.0
    return levels if 0 < levels <= _MAX_LEVELS else 1.0


def cut_land(land: gpd.GeoDataFrame, *, cell_m: float = 50.0) -> gpd.GeoDataFrame:
    """
    Cut residential land along a grid whose lines are multiples of `cell_m`.

    Parameters
    ----------
    land
        Polygons in metres; where they overlap they count once.
    cell_m
        Size of a square of the grid.

    Returns
    -------
    GeoDataFrame
        LAND: index ``piece_id``; ``area_m2``, ``area_id`` (empty). A piece is all land
        in one square; the areas add up to that of the united land.

    Examples
    --------
    >>> land = gpd.GeoDataFrame(geometry=[shapely.box(30, 10, 80, 40)], crs=4549)
    >>> pieces = cut_land(land, cell_m=50)
    >>> pieces["area_m2"].to_dict()
    {'0_0': 600.0, '1_0': 900.0}
    """
    polygons = _united(land.geometry).geometry.to_numpy()
    # In two steps, since a large polygon is slow to cut finely.
    large = (
        np.ptp(shapely.bounds(polygons).reshape(-1, 2, 2), axis=1).max(axis=1) > _COARSE * cell_m
    )
    coarse, _, _ = cut_by_grid(polygons[large], _COARSE * cell_m)
    pieces, cells, _ = cut_by_grid(np.concatenate([polygons[~large], coarse]), cell_m)
    codes, squares = pd.factorize(pd.MultiIndex.from_arrays([*cells]))
    order = np.argsort(codes, kind="stable")
    # United land cut along common lines: parts of a square meet in points at most.
    shapes = shapely.multipolygons(pieces[order], indices=codes[order])
    labels = [f"{column}_{row}" for column, row in squares]
    index = pd.Index(labels, name="piece_id", dtype="str")
    table = gpd.GeoDataFrame(geometry=shapes, index=index, crs=land.crs)
    return check(table.assign(area_m2=table.area, area_id=""), LAND)
