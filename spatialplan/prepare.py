"""From the files of an area to a base: read once, checked, with every source named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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
from .errors import CRSError
from .errors import InputError
from .network import REACH_M
from .network import Network
from .tables import SourceDatum
from .tables import read_layer
from .tables import source_datum

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
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

    Where there are areas, ``facts["people_in_no_area"]`` says how many people none holds.

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
    astray = demand.loc[demand["area_id"] == "", "population"].sum()
    counted = {"people_in_no_area": float(astray)} if len(boundaries) else {}
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
        facts={**facts, **counted},
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
    datum: str | Mapping[str, str] | None = None,
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
        Datum of the files that do not say it themselves: tables, and layers in degrees of
        WGS 84 or of no system. Or a mapping with the datum stated for the file of
        ``streets``, ``people``, ``boundaries`` or ``land``, and of ``others``.
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
        If a file cannot be used, there are no streets or no people, or nobody lives in
        any area of `boundary_file`.
    """
    is_osm = _is_osm(street_file)
    files = {"streets": street_file, "people": people, "boundaries": boundary_file,
             "land": land_file}  # fmt: skip
    at, places_at = _datums(files, facility_files, datum)
    progress("streets")
    tables = streets.read_streets(street_file, datum=at["streets"].datum or "wgs84")
    networks = {mode: Network(mode, *pair) for mode, pair in tables.items()}
    crs = next(iter(networks.values())).edges.crs
    extent = _extent(networks)

    progress("boundaries")
    areas_file = boundary_file or (street_file if is_osm else None)
    boundaries = _boundaries(areas_file, crs, at["boundaries"].datum)
    progress("residential land and buildings")
    buildings, land = _residential(
        street_file if is_osm else None, land_file, crs, at["land"].datum
    )
    homes, land_m2 = (buildings, land), land.area.sum()
    land = land.clip(extent)
    if isinstance(people, float | int):  # a total stays whole where streets are; counts stay put
        homes = buildings[buildings.within(extent)], land
    progress("people")
    demand, facts = _people(people, *homes, crs, at["people"].datum)
    facts["land_outside_m2"] = round(float(land_m2 - land.area.sum()), 1)
    demand, facts["people_outside"] = _inside(demand, extent, "population", source=people)
    progress("facilities")
    listed = [({"path": street_file}, at["streets"])] if is_osm and osm_facilities else []
    facilities, duplicates = _facilities([*listed, *places_at], crs)
    facilities, facts["facilities_outside"] = _inside(facilities, extent, source="facilities")

    progress("distances to the street")
    made = assemble_base(
        area_id,
        networks=networks,
        demand=demand,
        land=population.cut_land(land, cell_m=LAND_CELL_M),
        facilities=facilities,
        boundaries=boundaries,
        duplicates=duplicates,
        sources=_sources(files, at, places_at),
        facts={"title_zh": title, **facts, **land_facts(LAND_CELL_M)},
    )
    if boundary_file and (made.demand["area_id"] == "").all():
        raise InputError(boundary_file, "no person lies in any area of it",
                         do="check that both are of one place, and the datum")  # fmt: skip
    return made


def _is_osm(path: object) -> bool:
    return str(path).lower().endswith(osm.SUFFIXES)


def _datums(
    files: Mapping[str, Any],
    facility_files: Sequence[Mapping[str, Any]],
    datum: str | Mapping[str, str] | None,
) -> tuple[dict[str, SourceDatum], list[tuple[Mapping[str, Any], SourceDatum]]]:
    """Datums of single files, by what they are, and of each file of facilities."""
    stated = datum if isinstance(datum, Mapping) else {"others": datum}
    others = stated.get("others")
    at = {
        what: _datum(path, stated.get(what), others or ("wgs84" if what == "streets" else None))
        for what, path in files.items()
    }
    places_at = [
        (entry, _datum(entry["path"], entry.get("datum"), others)) for entry in facility_files
    ]
    return at, places_at


def _datum(path: Any, stated: str | None, default: str | None) -> SourceDatum:
    """Datum of a file, as its reader is to be told; OpenStreetMap is always in WGS 84."""
    if path is None or isinstance(path, float | int):
        return SourceDatum(None, "")
    if not _is_osm(path):
        return source_datum(path, stated=stated, default=default)
    if stated not in (None, "wgs84"):
        raise CRSError(path, f"declared {stated}, but OpenStreetMap is in wgs84",
                       do="leave the datum out")  # fmt: skip
    return SourceDatum("wgs84", "wgs84")


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
        if not (demand.geom_type == "Point").all():
            demand = population.spread_within(demand, buildings, land)
            zh += "，面状人口按范围内居住用地分摊"
            en += ", those of polygons spread over the residential land inside"
    facts = {
        "people_given": given,
        "population_zh": zh,
        "population_en": en,
        "demand_precision_m": demand.attrs.get("precision_m", 0.0),
    }
    return demand, facts


def _facilities(
    files: Sequence[tuple[Mapping[str, Any], SourceDatum]], crs: Any
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    if not files:
        raise InputError("facilities", "none given", do="name a file with --facilities")
    read = [
        places.read_facilities(
            entry["path"],
            datum=at.datum,
            category=entry.get("category"),
            crs=crs,
        )
        for entry, at in files
    ]
    every = pd.concat(read)
    # Two files may have the same name and so the same place ids.
    again = every.groupby(level=0).cumcount()
    labels = [f"{label}#{count + 1}" if count else label for label, count in again.items()]
    every.index = pd.Index(labels, name="place_id", dtype="str")
    return places.merge_duplicates(every)


def _sources(
    files: Mapping[str, Any],
    at: Mapping[str, SourceDatum],
    places_at: Sequence[tuple[Mapping[str, Any], SourceDatum]],
) -> list[dict[str, Any]]:
    everything = "streets, facilities, residential land, areas"
    roles = {"boundaries": "areas", "land": "residential land"}
    people = files["people"]
    return [
        _source(
            files["streets"], everything if _is_osm(files["streets"]) else "streets", at["streets"]
        ),
        _stated(people) if isinstance(people, float | int) else
        _source(people, "people", at["people"]),
        *(_source(entry["path"], "facilities", said) for entry, said in places_at),
        *(_source(files[what], role, at[what]) for what, role in roles.items() if files[what]),
    ]  # fmt: skip


def _source(path: Any, role: str, at: SourceDatum) -> dict[str, Any]:
    found = Path(path)
    if _is_osm(found):
        date, licence = osm.read_date(found), osm.CREDIT
    else:
        date, licence = "", "许可未注明 licence not stated"
    if not date:
        modified = dt.datetime.fromtimestamp(found.stat().st_mtime, tz=dt.UTC)
        date = f"{modified:%Y-%m-%d} （文件日期 date of the file）"
    return {
        "role": role,
        "title": found.name,
        "date": date,
        "datum": at.words,
        "licence": licence,
        "sha256": sha256(found),
    }


def _stated(people: float) -> dict[str, Any]:
    return {
        "role": "people",
        "title": f"{people:,.0f}",
        "date": "",
        "datum": "",
        "licence": "用户给定 stated by the user",
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
