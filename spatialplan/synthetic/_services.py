"""Facilities of a synthetic city: as many as its people ask for, and its parks."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import ndimage

from spatialplan.categories import read_categories

from ._ground import PARK
from ._ground import Ground
from ._ground import Ints
from ._people import cell_polygons
from ._people import cells
from ._people import owners

PEOPLE_PER_FACILITY = {
    # 15-minute tier of GB 50180-2018: 50,000-100,000 people
    "junior_middle_school": 60_000,
    "community_health_center": 65_000,
    "cultural_center": 75_000,
    "gym_or_fitness_center": 90_000,
    "sports_field_large": 85_000,
    "nursing_home": 70_000,
    "subdistrict_service_center": 70_000,
    "police_station": 75_000,
    "post_office": 60_000,
    # 10-minute tier: 15,000-25,000
    "primary_school": 21_000,
    "market_fresh": 19_000,
    "shopping_mall": 26_000,
    "sports_field_medium": 28_000,
    "bank": 9_000,
    # 5-minute tier: 5,000-12,000
    "kindergarten": 9_500,
    "community_service_station": 8_500,
    "community_health_station": 11_000,
    "cultural_station": 12_000,
    "elder_day_care": 12_000,
    "sports_field_small": 12_000,
    "outdoor_fitness": 8_000,
    "community_shops": 6_000,
    "public_toilet": 7_000,
    # plain kinds, plausible for a large Chinese city
    "pharmacy": 5_500,
    "convenience_store": 3_000,
    "bus_stop": 2_800,
    "hospital": 150_000,
    "library": 400_000,
    "fire_station": 160_000,
}
"""How many people one facility of a category stands for, all over the city."""

_PULL = 1.25  # above 1: dense places have more than their people ask for, the rim less
_FRONT_M = 15.0  # a facility lies about so far from the middle of its piece of land
_PARK_EDGE_M = 8.0  # between a park and the middle of the street along it


def lay_facilities(
    ground: Ground, demand: gpd.GeoDataFrame, names: pd.Series[str], rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """
    Lay points of every category, spread by people, and the parks.

    Parameters
    ----------
    names
        Chinese name of every district, by ``area_id``.
    """
    along = demand.iloc[_walk(demand)]
    districts = [here for _, here in along.groupby("area_id")]
    tables = [
        _points(here, category, people, rng)
        for category, people in PEOPLE_PER_FACILITY.items()
        for here in districts
    ]
    table = pd.concat([*tables, _parks(ground)]).set_crs(demand.crs)
    number = table.groupby(["category", "area_id"]).cumcount() + 1
    kind = read_categories()["name_zh"].str.split("（").str[0]
    district = table["area_id"].map(names).str.rstrip("区市")
    table["name_zh"] = (
        district + "第" + number.astype(str) + table["category"].map(kind) + "（合成）"
    )
    table["area_m2"] = table.geometry.area.where(table.geometry.area > 0)
    table = table.assign(stand_in_zh="", stand_in_en="", source="synthetic", drawn_from="synthetic")
    order = [
        "category", "name_zh", "area_id", "area_m2", "stand_in_zh", "stand_in_en", "source",
        "drawn_from",
    ]  # fmt: skip
    index = pd.Index([f"f{row:05d}" for row in range(len(table))], name="place_id")
    return table[[*order, "geometry"]].set_index(index)


def _walk(demand: gpd.GeoDataFrame) -> Ints:
    """Order of the places along a Z-curve, so that neighbours in it are near each other."""
    cell = np.c_[demand.geometry.x, demand.geometry.y]
    cell = ((cell - cell.min(axis=0)) / 250).astype(np.int64)
    code = np.zeros(len(cell), dtype=np.int64)
    for bit in range(12):
        code |= ((cell[:, 0] >> bit) & 1) << (2 * bit)
        code |= ((cell[:, 1] >> bit) & 1) << (2 * bit + 1)
    return np.argsort(code, kind="stable")


def _points(
    along: gpd.GeoDataFrame, category: str, people: int, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """One facility for so many people of a district, one drawn from each equal share."""
    population = along["population"].to_numpy()
    count = max(1, round(population.sum() / people))
    share = np.cumsum(population**_PULL)
    chosen = np.searchsorted(share, (np.arange(count) + rng.random(count)) / count * share[-1])
    place = along.geometry.iloc[chosen]
    shift = rng.normal(0, _FRONT_M, (count, 2))
    points = gpd.points_from_xy(place.x + shift[:, 0], place.y + shift[:, 1])
    area_id = along["area_id"].iloc[chosen].to_numpy()
    return gpd.GeoDataFrame({"area_id": area_id}, geometry=points).assign(category=category)


def _parks(ground: Ground) -> gpd.GeoDataFrame:
    """Parks: adjoining cells of that use together, where the streets around leave any."""
    rows, columns = cells(ground, PARK)
    mask = np.zeros(ground.use.shape, dtype=bool)
    mask[rows, columns] = True
    group = ndimage.label(mask)[0][rows, columns]
    order = np.argsort(group, kind="stable")
    polygons = cell_polygons(ground, rows[order], columns[order], street_share=0.0)
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) > 0])
    whole = [shapely.coverage_union_all(part) for part in np.split(polygons, starts[1:])]
    shapes = shapely.buffer(whole, -_PARK_EDGE_M, join_style="mitre")
    shapes = shapes[~shapely.is_empty(shapes)]  # of narrow ones the streets leave nothing
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    area_id, _ = owners(middle, ground)
    return gpd.GeoDataFrame({"category": "park", "area_id": area_id}, geometry=shapes)
