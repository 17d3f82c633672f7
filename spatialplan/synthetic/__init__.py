"""A generated city: streets, people, land, facilities, districts; all of it synthetic."""

from __future__ import annotations

from typing import TypedDict

import geopandas as gpd
import numpy as np

from spatialplan.errors import InputError

from ._ground import lay_ground
from ._people import lay_districts
from ._people import settle
from ._services import PEOPLE_PER_FACILITY
from ._services import lay_facilities
from ._streets import lay_streets
from ._streets import networks

__all__ = ["PEOPLE_PER_FACILITY", "City", "synthetic_city"]


class City(TypedDict):
    """Tables of a generated city, as the schemas of the same names describe them."""

    networks: dict[str, tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]]
    demand: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    boundaries: gpd.GeoDataFrame
    water: gpd.GeoDataFrame


def synthetic_city(centres: gpd.GeoDataFrame, *, nodes: int = 60_000, seed: int = 2188) -> City:
    """
    Generate a city around the centres of its districts.

    Parameters
    ----------
    centres
        One point per district, in metres; columns ``population`` (people of the whole
        district), ``area_id``, ``name_zh``.
    nodes
        About how many nodes the walk network shall have.
    seed
        The same seed gives the same city.

    Returns
    -------
    City
        ``networks`` (``walk`` and ``drive``: nodes and edges each), ``demand``,
        ``land``, ``facilities``, ``boundaries``, ``water`` in the system of `centres`.
        Every row is ``drawn_from`` synthetic. People add up to the population of every
        district exactly. One small part of the network is an island.

    Raises
    ------
    InputError
        If `centres` is empty, is not in metres, lacks a column or people, or repeats
        an ``area_id``.
    """
    _require_centres(centres)
    rng = np.random.default_rng(seed)
    ground = lay_ground(centres, nodes, rng)
    streets = lay_streets(ground, rng)
    land, demand = settle(ground, centres, rng)
    names = centres.set_index("area_id")["name_zh"]
    return {
        "networks": networks(streets, centres.crs),
        "demand": demand,
        "land": land,
        "facilities": lay_facilities(ground, demand, names, rng),
        "boundaries": lay_districts(ground, centres),
        "water": ground.water.drop(columns="along"),
    }


def _require_centres(centres: gpd.GeoDataFrame) -> None:
    if len(centres) == 0:
        raise InputError("centres", "no district centre")
    if centres.crs is None or centres.crs.is_geographic:
        raise InputError("centres", "coordinates are not in metres", do="use to_crs(4549)")
    for column in ("population", "area_id", "name_zh"):
        if column not in centres.columns:
            raise InputError("centres", f"no column {column!r}")
    if centres["area_id"].duplicated().any():
        raise InputError("centres", "area_id repeats", allowed="one centre per district")
    if not (centres["population"] >= 1).all():
        raise InputError("centres", "a district without people", allowed="population 1 or more")
