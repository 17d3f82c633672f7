"""From the files of an area to a base: read once, checked, with every source named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import osm
from . import places
from . import population
from . import streets
from ._files import sha256
from .base import Base
from .errors import InputError
from .network import REACH_M
from .network import Network
from .tables import read_layer

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

LAND_CELL_M = 50.0
"""Residential land is cut into pieces of at most this size, each judged as a whole."""


def land_facts(cell_m: float) -> dict[str, float]:
    """What a base states of land that was cut at `cell_m`: a piece is judged at one point."""
    return {"land_cell_m": cell_m, "land_precision_m": round(cell_m / 2**0.5, 1)}


def assemble_base(
    area_id: str,
    *,
    networks: Mapping[str, Network],
    demand: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    duplicates: pd.DataFrame,
    sources: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
) -> Base:
    """
    Put tables together: name the area of each row and measure its way to the street.

    Raises
    ------
    InputError
        If there are no people or no street.
    """
    if not len(demand) or not demand["population"].sum() > 0:
        raise InputError("population", "no people in the area",
                         do="give a file with people, or a total, for this area")  # fmt: skip
    if not networks:
        raise InputError("streets", "no network")
    streets_first = next(iter(networks.values()))
    boundaries = _reporting_level(boundaries, demand)
    demand = demand.assign(
        area_id=population.assign_area(demand, boundaries),
        street_m=streets_first.locate(demand)["access_m"],
    )
    gates = streets_first.locate_gates(facilities)["access_m"]
    facilities = facilities.assign(street_m=gates.groupby(level=0).min())
    land = land.assign(area_id=population.assign_area(land, boundaries))
    return Base(
        area_id=area_id,
        networks=networks,
        demand=demand,
        land=land,
        facilities=facilities,
        boundaries=boundaries,
        unlocated=_unlocated(demand, facilities),
        duplicates=duplicates,
        sources=list(sources),
        facts=dict(facts),
    )


def _reporting_level(boundaries: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Areas of the finest administrative level that holds at least half of the people."""
    if "level" not in boundaries or boundaries["level"].nunique() < 2:
        return boundaries
    levels = sorted(boundaries["level"].unique(), reverse=True)
    people = demand["population"].sum()
    for level in levels:
        areas = boundaries[boundaries["level"] == level]
        inside = population.assign_area(demand, areas) != ""
        if demand.loc[inside, "population"].sum() >= people / 2:
            return areas
    return boundaries[boundaries["level"] == levels[-1]]


def prepare_base(
    area_id: str,
    *,
    street_file: str | os.PathLike[str],
    people: str | os.PathLike[str] | float,
    facility_files: Sequence[Mapping[str, Any]] = (),
    boundary_file: str | os.PathLike[str] | None = None,
    land_file: str | os.PathLike[str] | None = None,
    datum: str | None = None,
    osm_facilities: bool = True,
    title: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> Base:
    """
    Read an area once, from its files to checked tables.

    Parameters
    ----------
    area_id
        Name of the area, ASCII.
    street_file
        An OpenStreetMap file, a line layer, or a parquet file of nodes and edges.
        From OSM come facilities, residential land, buildings and boundaries too.
    people
        A raster or layer with people, or a total that is spread over residential
        buildings and land.
    facility_files
        For each further file of facilities: ``path`` and, if needed, ``datum``
        and ``category``.
    boundary_file
        Polygons of areas to report by; without it those of the OSM file.
    land_file
        Polygons of residential land; without it those of the OSM file.
    datum
        Datum of the files that do not say it themselves.
    osm_facilities
        Whether facilities of the OSM file are used.
    title
        Name of the area in headings; its id if not given.
    progress
        Called with the name of each stage.

    Returns
    -------
    Base
        For `write_base`, or to be used as it is.

    Raises
    ------
    InputError
        If a file cannot be used, or there are no streets or no people.
    """
    is_osm = str(street_file).lower().endswith(osm.SUFFIXES)
    progress("streets")
    tables = streets.read_streets(street_file, datum="wgs84" if is_osm else datum or "wgs84")
    networks = {mode: Network(mode, *pair) for mode, pair in tables.items()}
    crs = next(iter(networks.values())).edges.crs
    extent = _extent(networks)

    progress("boundaries")
    boundaries = _boundaries(boundary_file or (street_file if is_osm else None), crs, datum)
    progress("residential land and buildings")
    buildings, land = _residential(street_file if is_osm else None, land_file, crs, datum)
    land_m2 = land.area.sum()
    # Cut before people are spread over it, so that a stated total stays whole.
    buildings, land = buildings[buildings.within(extent)], land.clip(extent)
    progress("people")
    demand, facts = _people(people, buildings, land, crs, datum)
    facts["land_outside_m2"] = round(float(land_m2 - land.area.sum()), 1)
    demand, facts["people_outside"] = _inside(demand, extent, "population", source=people)
    progress("facilities")
    listed = [{"path": street_file, "datum": "wgs84"}] if is_osm and osm_facilities else []
    facilities, duplicates = _facilities([*listed, *facility_files], crs, datum)
    facilities, facts["facilities_outside"] = _inside(facilities, extent, source="facilities")

    progress("distances to the street")
    role = "streets, facilities, residential land, areas" if is_osm else "streets"
    sources = [
        _source(street_file, role, "wgs84" if is_osm else datum),
        _stated(people) if isinstance(people, float | int) else _source(people, "people", datum),
        *(_source(f["path"], "facilities", f.get("datum") or datum) for f in facility_files),
        *([_source(boundary_file, "areas", datum)] if boundary_file else []),
        *([_source(land_file, "residential land", datum)] if land_file else []),
    ]
    return assemble_base(
        area_id,
        networks=networks,
        demand=demand,
        land=population.cut_land(land, cell_m=LAND_CELL_M),
        facilities=facilities,
        boundaries=boundaries,
        duplicates=duplicates,
        sources=sources,
        facts={"title_zh": title, **facts, **land_facts(LAND_CELL_M)},
    )


def _extent(networks: Mapping[str, Network]) -> Any:
    """Box around all streets, ferries aside, widened by the reach of a street."""
    boxes = [
        network.edges.loc[network.edges["highway"] != "ferry"].total_bounds
        for network in networks.values()
    ]
    west, south = np.min(boxes, axis=0)[:2]
    east, north = np.max(boxes, axis=0)[2:]
    return shapely.box(west - REACH_M, south - REACH_M, east + REACH_M, north + REACH_M)


def _inside(
    table: gpd.GeoDataFrame, extent: Any, column: str | None = None, *, source: object
) -> tuple[gpd.GeoDataFrame, float]:
    """Rows that touch the extent of the streets, and how much (or many) lies outside of it."""
    inside = table.intersects(extent)
    if len(table) and not inside.any():
        raise InputError(source, "nothing of it lies within the streets",
                         do="check that both are of one place, and the datum")  # fmt: skip
    left = table.loc[~inside, column].sum() if column else (~inside).sum()
    return table[inside], float(left)


def _boundaries(path: Any, crs: Any, datum: str | None) -> gpd.GeoDataFrame:
    if path is None:
        columns = {"name_zh": pd.Series(dtype="str"), "level": pd.Series(dtype="int64")}
        empty = gpd.GeoDataFrame(columns, geometry=[], crs=crs)
        return empty.rename_axis("area_id")
    return places.read_boundaries(path, datum=datum, crs=crs)


def _residential(
    street_file: Any, land_file: Any, crs: Any, datum: str | None
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    nothing = gpd.GeoDataFrame({"footprint_m2": [], "levels": []}, geometry=[], crs=crs)
    buildings, land = nothing, nothing[["geometry"]]
    if street_file is not None:
        buildings, land = population.read_residential(street_file, crs=crs)
    if land_file is not None:
        land = read_layer(land_file, datum=datum, crs=crs)[["geometry"]]
        if not land.geom_type.isin(["Polygon", "MultiPolygon"]).all():
            raise InputError(land_file, "points", allowed="polygons")
    return buildings, land


def _people(
    people: Any, buildings: gpd.GeoDataFrame, land: gpd.GeoDataFrame, crs: Any, datum: str | None
) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    if isinstance(people, float | int):
        demand = population.spread_population(float(people), buildings, land)
        given = float(people)
        zh = f"给定总人口 {given:,.0f} 人，按住宅建筑面积与居住用地分摊（非统计值）"
        en = f"a stated total of {given:,.0f}, spread over residential buildings and land"
    else:
        demand = population.read_population(people, datum=datum, crs=crs)
        given = float(demand["population"].sum())
        zh, en = f"{Path(people).name} 的人口", f"people of {Path(people).name}"
    facts = {
        "people_given": given,
        "population_zh": zh,
        "population_en": en,
        "demand_precision_m": demand.attrs.get("precision_m", 0.0),
    }
    return demand, facts


def _facilities(
    files: Sequence[Mapping[str, Any]], crs: Any, datum: str | None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    if not files:
        raise InputError("facilities", "none given", do="name a file with --facilities")
    read = [
        places.read_facilities(
            entry["path"],
            datum=entry.get("datum") or datum,
            category=entry.get("category"),
            crs=crs,
        )
        for entry in files
    ]
    every = pd.concat(read)
    # Two files may have the same name and so the same place ids.
    again = every.groupby(level=0).cumcount()
    labels = [f"{label}#{count + 1}" if count else label for label, count in again.items()]
    every.index = pd.Index(labels, name="place_id", dtype="str")
    return places.merge_duplicates(every)


def _source(path: Any, role: str, datum: str | None) -> dict[str, Any]:
    found = Path(path)
    if found.name.lower().endswith(osm.SUFFIXES):
        date, licence = osm.read_date(found), osm.CREDIT
    else:
        date, licence = "", "not stated"
    if not date:
        modified = dt.datetime.fromtimestamp(found.stat().st_mtime, tz=dt.UTC)
        date = f"{modified:%Y-%m-%d} (date of the file)"
    return {
        "role": role,
        "title": found.name,
        "date": date,
        "datum": datum or "as the file says",
        "licence": licence,
        "sha256": sha256(found),
    }


def _stated(people: float) -> dict[str, Any]:
    return {
        "role": "people",
        "title": f"{people:,.0f}",
        "date": "",
        "datum": "",
        "licence": "stated by the user",
        "sha256": "",
    }


def _unlocated(demand: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame) -> pd.DataFrame:
    """List what lies farther than `REACH_M` from any street."""
    far = [
        table[~(table["street_m"] <= REACH_M)].assign(kind=kind)
        for table, kind in ((demand, "people"), (facilities, "facility"))
    ]
    rows = pd.concat(far)
    point = rows.geometry.representative_point().to_crs(4326)
    columns = ["kind", "place_id", "name_zh", "category", "population", "street_m", "lon", "lat"]
    listed = rows.assign(place_id=rows.index, lon=point.x.round(6), lat=point.y.round(6))
    return pd.DataFrame(listed.reindex(columns=columns)).reset_index(drop=True)
