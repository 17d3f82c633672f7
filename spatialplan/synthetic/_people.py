"""People of a synthetic city: districts, residential land, and where they live on it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ._ground import HOUSING
from ._ground import Flags
from ._ground import Floats
from ._ground import Ground
from ._ground import Ints
from ._ground import Patch
from ._ground import Shapes
from ._ground import Texts
from ._ground import positions

_STREET_SHARE = 0.12  # of a cell's side that streets take
_FALL = 1.8  # of density, per radius of the patch
_OUTSKIRTS_M = 1_500  # of open land around a patch that belongs to its district
_GAP_M = 5_000  # half of the open land between patches that zones close


def cells(ground: Ground, use: int) -> tuple[Ints, Ints]:
    """Rows and columns of the cells of one use that no river touches."""
    rows, columns = np.nonzero(ground.use == use)
    polygons = cell_polygons(ground, rows, columns)
    dry = np.ones(len(rows), dtype=bool)
    for river in ground.water.geometry:
        shapely.prepare(river)
        dry &= ~shapely.intersects(river, polygons)
    return rows[dry], columns[dry]


def cell_polygons(
    ground: Ground, rows: Ints, columns: Ints, *, street_share: float = 0.0
) -> Shapes:
    """Polygons of cells, drawn in by the share that the streets around them take."""
    ring = [(0, 0), (0, 1), (1, 1), (1, 0)]
    corners = np.stack([ground.corners[rows + i, columns + j] for i, j in ring], axis=1)
    middle = corners.mean(axis=1, keepdims=True)
    return np.asarray(shapely.polygons(corners + street_share * (middle - corners)))


def owners(points: Floats, ground: Ground) -> tuple[Texts, Flags]:
    """District of the patch nearest to every point, and whether that patch is a town."""
    patches = _owned(ground)
    nearest = cKDTree(positions(patches)).query(points)[1]
    area_id = np.array([patch.area_id for patch in patches])
    is_town = np.array([patch.kind == "town" for patch in patches])
    return area_id[nearest], is_town[nearest]


def _owned(ground: Ground) -> list[Patch]:
    return [patch for patch in ground.patches if patch.kind != "core"]


def lay_districts(ground: Ground, centres: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Zones nearest to the patches of a district, within reach of built-up land."""
    patches = _owned(ground)
    points = shapely.points(positions(patches))
    radius = np.array([patch.radius_m for patch in patches])
    area_id = np.array([patch.area_id for patch in patches])
    reach = shapely.union_all(shapely.buffer(points, radius + _GAP_M + _OUTSKIRTS_M))
    parts = shapely.get_parts(reach.buffer(-_GAP_M).simplify(20))
    reach = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(parts)))
    diagram = shapely.voronoi_polygons(
        shapely.multipoints(points), extend_to=reach.buffer(1_000), ordered=True
    )
    zones = shapely.intersection(shapely.get_parts(diagram), reach)
    names = centres.set_index("area_id")["name_zh"]
    merged = [shapely.union_all(zones[area_id == key]) for key in names.index]
    return gpd.GeoDataFrame(
        {"name_zh": names, "level": 6, "drawn_from": "synthetic"}, geometry=merged, crs=centres.crs
    ).rename_axis("area_id")


def settle(
    ground: Ground, centres: gpd.GeoDataFrame, rng: np.random.Generator
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Residential pieces, and the people of every district spread over them to the last one."""
    rows, columns = cells(ground, HOUSING)
    polygons = cell_polygons(ground, rows, columns, street_share=_STREET_SHARE)
    middle = shapely.centroid(polygons)
    area_id, is_town = owners(shapely.get_coordinates(middle), ground)
    weight = shapely.area(polygons) * np.exp(-_FALL * ground.depth[rows, columns])
    weight *= np.where(is_town, 0.75, 1.0)
    weight *= rng.lognormal(0, 0.45, len(weight))
    population = np.zeros(len(weight), dtype=np.int64)
    for key, people in centres.set_index("area_id")["population"].items():
        here = np.flatnonzero(area_id == key)
        population[here] = _apportion(int(people), weight[here])
    label = pd.Index([f"s{row:04d}{column:04d}" for row, column in zip(rows, columns, strict=True)])
    land = gpd.GeoDataFrame(
        {"area_m2": shapely.area(polygons), "area_id": area_id, "drawn_from": "synthetic"},
        geometry=polygons,
        index=label.rename("piece_id"),
        crs=centres.crs,
    )
    demand = gpd.GeoDataFrame(
        {"population": population.astype(float), "area_id": area_id, "drawn_from": "synthetic"},
        geometry=middle,
        index=label.rename("place_id"),
        crs=centres.crs,
    )
    return land, demand


def _apportion(total: int, weight: Floats) -> Ints:
    """Whole people by weight, with the largest remainders rounded up, so that the sum is exact."""
    exact = total * weight / weight.sum()
    whole = np.floor(exact).astype(np.int64)
    missing = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    return np.asarray(whole)
