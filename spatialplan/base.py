"""A prepared area: streets, people, residential land, facilities and where each came from."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import yaml

from . import __version__
from . import osm
from . import places
from . import population
from . import streets
from ._files import replacing_folder
from ._files import require_file
from ._files import sha256
from ._yaml import read_yaml
from .errors import InputError
from .network import REACH_M
from .network import Network
from .schema import BOUNDARIES
from .schema import DEMAND
from .schema import FACILITIES
from .schema import LAND
from .schema import check
from .tables import read_layer

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

_log = logging.getLogger(__name__)

MARKER = "base.yaml"
FORMAT = 1
TABLES = ("demand", "land", "facilities", "boundaries", "unlocated", "duplicates")


@dataclass(frozen=True)
class Base:
    """
    A prepared area; everything else reads it.

    Parameters
    ----------
    area_id
        Name of the area, ASCII.
    networks
        Street network of each mode, ``walk`` first.
    demand, land, facilities, boundaries
        Tables of these names (`spatialplan.schema`), all in one metric system;
        ``demand`` and ``facilities`` carry ``street_m``, the distance to the street.
    unlocated
        What lies farther than 100 m from any street: ``kind``, ``place_id``,
        ``name_zh``, ``category``, ``population``, ``street_m``, ``lon``, ``lat``.
    duplicates
        Facilities that were merged into others, with the rule.
    sources
        One dict for each file read: role, title, date, datum, licence, sha256.
    facts
        Counts and totals worth stating, and resolutions: ``demand_precision_m``,
        ``land_precision_m``, ``population_zh``, ``population_en``.
    """

    area_id: str
    networks: Mapping[str, Network]
    demand: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    boundaries: gpd.GeoDataFrame
    unlocated: pd.DataFrame
    duplicates: pd.DataFrame
    sources: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table, schema in (
            (self.demand, DEMAND),
            (self.land, LAND),
            (self.facilities, FACILITIES),
            (self.boundaries, BOUNDARIES),
        ):
            check(table, schema)

    def __repr__(self) -> str:
        people = self.demand["population"].sum()
        return (
            f"<Base {self.area_id}: {people:,.0f} people, {len(self.facilities):,} facilities, "
            f"{', '.join(self.networks)}>"
        )

    @property
    def crs(self) -> Any:
        """The metric coordinate system of every table."""
        return self.demand.crs


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
    progress
        Called with the name of each stage.

    Raises
    ------
    InputError
        If a file cannot be used, or there are no streets or no people.
    """
    is_osm = str(street_file).lower().endswith(osm.SUFFIXES)
    progress("streets")
    tables = streets.read_streets(street_file)
    networks = {mode: Network(mode, *pair) for mode, pair in tables.items()}
    crs = next(iter(networks.values())).edges.crs

    progress("boundaries")
    boundaries = _boundaries(boundary_file or (street_file if is_osm else None), crs, datum)
    progress("residential land and buildings")
    buildings, land = _residential(street_file if is_osm else None, land_file, crs, datum)
    progress("people")
    demand, facts = _people(people, buildings, land, crs, datum)
    progress("facilities")
    listed = [{"path": street_file, "datum": "wgs84"}] if is_osm and osm_facilities else []
    facilities, duplicates = _facilities([*listed, *facility_files], crs, datum)

    progress("distances to the street")
    sources = [
        _source(street_file, "streets", "wgs84" if is_osm else datum),
        *([] if isinstance(people, float | int) else [_source(people, "people", datum)]),
        *(_source(f["path"], "facilities", f.get("datum") or datum) for f in facility_files),
        *([_source(boundary_file, "boundaries", datum)] if boundary_file else []),
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
        facts={**facts, "land_precision_m": round(LAND_CELL_M / 2**0.5, 1)},
    )


LAND_CELL_M = 50.0
"""Residential land is cut into pieces of at most this size, each judged as a whole."""


def write_base(base: Base, folder: str | os.PathLike[str]) -> None:
    """
    Write a base as GeoParquet tables and ``base.yaml``; the folder appears when all is done.

    Raises
    ------
    OutputError
        If the folder holds other files or cannot be written; what was there stays.
    BusyError
        If another run is writing there.
    """
    with replacing_folder(folder, marker=MARKER) as draft:
        for name in TABLES:
            _write_table(getattr(base, name), draft / f"{name}.parquet")
        for mode, network in base.networks.items():
            _write_table(network.nodes, draft / f"{mode}_nodes.parquet")
            _write_table(network.edges, draft / f"{mode}_edges.parquet")
        head = {
            "format": FORMAT,
            "spatialplan": __version__,
            "area_id": base.area_id,
            "crs": base.crs.to_string(),
            "modes": list(base.networks),
            "sources": [dict(source) for source in base.sources],
            "facts": dict(base.facts),
        }
        text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=100)
        (draft / MARKER).write_text(text, encoding="utf-8")


def read_base(folder: str | os.PathLike[str]) -> Base:
    """
    Read a base that `write_base` has written.

    Raises
    ------
    InputError
        If the folder is no base, or a table of it is missing or damaged.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(folder, "no such folder", do="make it with: spatialplan base")
    if not (path / MARKER).is_file():
        raise InputError(folder, f"holds no {MARKER}", do="make it with: spatialplan base")
    head = read_yaml(path / MARKER)
    if head.get("format") != FORMAT:
        raise InputError(path / MARKER, f"format {head.get('format')}", allowed=str(FORMAT),
                         do="prepare the base again")  # fmt: skip
    networks = {
        mode: Network(
            mode,
            _read_table(path / f"{mode}_nodes.parquet"),
            _read_table(path / f"{mode}_edges.parquet"),
        )
        for mode in head["modes"]
    }
    return Base(
        area_id=head["area_id"],
        networks=networks,
        sources=head["sources"],
        facts=head["facts"],
        **{name: _read_table(path / f"{name}.parquet") for name in TABLES},
    )


def _write_table(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path)


def _read_table(path: Path) -> Any:
    require_file(path, role="table of the base")
    try:
        if path.stem in ("unlocated", "duplicates"):
            return pd.read_parquet(path)
        return gpd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise InputError(path, f"damaged ({error})", do="prepare the base again") from error


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
        "people": float(demand["population"].sum()),
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
    return places.merge_duplicates(pd.concat(read))


def _source(path: Any, role: str, datum: str | None) -> dict[str, Any]:
    found = Path(path)
    if found.name.lower().endswith(osm.SUFFIXES):
        date, licence = osm.read_date(found), osm.CREDIT
    else:
        date, licence = "", "not stated"
    if not date:
        modified = datetime.datetime.fromtimestamp(found.stat().st_mtime, tz=datetime.UTC)
        date = f"{modified:%Y-%m-%d} (date of the file)"
    return {
        "role": role,
        "title": found.name,
        "date": date,
        "datum": datum or "as the file says",
        "licence": licence,
        "sha256": sha256(found),
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
