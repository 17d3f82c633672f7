"""The places of an area: points set by hand, and shapes drawn from them by operators."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Any
from typing import Literal

import geopandas as gpd
import numpy as np
import pydantic
import pyproj
import shapely

from spatialplan._choices import Datum
from spatialplan._files import data_folder
from spatialplan._yaml import StrictModel
from spatialplan._yaml import read_model
from spatialplan.crs import metric_crs
from spatialplan.crs import to_wgs84
from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.errors import nearest
from spatialplan.schema import BOUNDARIES
from spatialplan.schema import check
from spatialplan.schema import worst_source

from ._boundaries import division
from ._drawn import District
from ._drawn import Entry
from ._drawn import Named
from ._drawn import Union

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANYWHERE = (120.0, 32.0)
_COLUMNS = (
    "name_zh", "kind", "precision_m", "note_zh", "aliases_zh", "area_id", "owner", "operator",
    "places", "drawn_from", "source", "population", "population_basis_zh", "geometry",
)  # fmt: skip
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _require_slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        allowed = "small letters a-z and digits, with single hyphens between, such as ge-lake"
        raise ValueError(f"{text!r} is no identifier; allowed: {allowed}")
    return text


Slug = Annotated[str, pydantic.AfterValidator(_require_slug)]


class Source(StrictModel):
    """Where a statement comes from."""

    title_zh: str
    publisher_zh: str
    date: str
    note_zh: str = ""


class _Division(StrictModel):
    name_zh: str
    population: int


class _Census(StrictModel):
    date: str
    total: int
    total_confidence: Literal["V", "H", "M", "L"]
    areas_confidence: Literal["V", "H", "M", "L"]
    source: str
    note_zh: str
    areas: dict[str, _Division]

    @pydantic.model_validator(mode="after")
    def _adds_up(self) -> _Census:
        found = sum(area.population for area in self.areas.values())
        if found != self.total:
            msg = f"the areas have {found:,} people together, the total says {self.total:,}"
            raise ValueError(msg)
        return self


class _Point(Named):
    area_id: str
    lon: Annotated[float, pydantic.Field(ge=-180, le=180)]
    lat: Annotated[float, pydantic.Field(ge=-85, le=85)]
    source: str


class GazetteerFile(StrictModel):
    """A whole ``places.yaml``."""

    area_id: Slug
    within: str = ""
    name_zh: str
    datum: Datum
    drawn_from: Literal["plan_map", "open_data", "text"]
    sources: dict[str, Source]
    census: _Census | None = None
    points: dict[Slug, _Point] = pydantic.Field(default_factory=dict)
    drawn: dict[Slug, Entry] = pydantic.Field(default_factory=dict)


def read_gazetteer(
    area: str | Path, *, boundaries: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """
    Read the places of an area and of the areas it lies within.

    Parameters
    ----------
    area
        Identifier of a folder in ``layers/base/``, or the path of a ``places.yaml``; its
        ``within`` names a folder in ``layers/base/``.
    boundaries
        Divisions as polygons (BOUNDARIES: index ``area_id``, ``name_zh``), in any system:
        drawn instead of the discs of districts with that code, else with that name.

    Returns
    -------
    GeoDataFrame
        Index ``place_id``, enclosing areas first; columns ``name_zh``, ``aliases_zh``
        (tuple), ``kind``, ``area_id`` (code of the division), ``owner`` (area the place
        stands under), ``operator`` ("" for points), ``places`` (tuple: what a shape was
        drawn from), ``precision_m``, ``drawn_from``, ``source``, ``note_zh``, and for
        seats ``population`` (people of the whole division; nan elsewhere) with
        ``population_basis_zh``. Points, lines and polygons in the area's metric system.

    Raises
    ------
    NotFoundError
        If there is no such area.
    InputError
        If a file is at fault: unknown fields, places, sources or areas, an identifier
        used twice, a shape that cannot be drawn; with the field. If `boundaries` have no
        system, lack a column or repeat a code.

    Notes
    -----
    A district drawn from `boundaries` is ``open_data``; a union is what the worst of its
    parts is; every other shape is at best what its file is. An area without points is an
    empty table, in the metric system of 120 degrees east.

    Examples
    --------
    >>> places = read_gazetteer("changzhou")
    >>> int(places["population"].sum())
    5278121
    """
    return draw_places(gazetteer_files(area), boundaries=boundaries)


def draw_places(
    chain: Sequence[tuple[Path, GazetteerFile]], *, boundaries: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """The table that `read_gazetteer` gives, of files as `gazetteer_files` gives them."""
    crs = _metric(chain)
    shown = None if boundaries is None else in_system(boundaries, crs)
    rows: dict[str, dict[str, Any]] = {}
    for path, file in reversed(chain):
        _check_references(path, file)
        _check_names(path, file, rows)
        _add_points(rows, file, crs)
        for place_id in file.drawn:
            rows[place_id] = _drawn_row(path, file, place_id, rows, shown)
    table = gpd.GeoDataFrame([*rows.values()], index=[*rows], columns=[*_COLUMNS], crs=crs)
    return table.rename_axis("place_id")


def gazetteer_files(area: str | Path) -> list[tuple[Path, GazetteerFile]]:
    """The file of an area and those of the areas around it, outwards, each with its path."""
    path = area if isinstance(area, Path) else _shipped().get(area)
    if path is None:
        raise NotFoundError(f"area {area!r} is not known; {nearest(str(area), _shipped())}")
    chain = [(path, read_model(path, GazetteerFile))]
    while within := chain[-1][1].within:
        around = _shipped().get(within)
        if around is None:
            raise InputError(chain[-1][0], f"unknown area {within!r}", where="within",
                             do=nearest(within, _shipped()))  # fmt: skip
        if within in [file.area_id for _, file in chain]:
            raise InputError(chain[-1][0], f"{within!r} would lie within itself", where="within")
        chain.append((around, read_model(around, GazetteerFile)))
    return chain


def _shipped() -> dict[str, Path]:
    folder = data_folder("layers") / "base"
    return {path.parent.name: path for path in sorted(folder.glob("*/places.yaml"))}


def in_system(boundaries: gpd.GeoDataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Boundaries in a system, if they are what they should be."""
    has_system = isinstance(boundaries, gpd.GeoDataFrame) and boundaries.crs is not None
    return check(boundaries.to_crs(crs) if has_system else boundaries, BOUNDARIES)


def _metric(chain: Sequence[tuple[Path, GazetteerFile]]) -> pyproj.CRS:
    """Metric system of the innermost area that has points; without any, nothing is drawn."""
    for _, file in chain:
        if file.points:
            lon, lat = _degrees(file)
            return metric_crs(float(lon.mean()), float(lat.mean()))
    return metric_crs(*_ANYWHERE)


def _degrees(file: GazetteerFile) -> tuple[Any, Any]:
    return to_wgs84(
        [point.lon for point in file.points.values()],
        [point.lat for point in file.points.values()],
        datum=file.datum,
    )


def _check_names(path: Path, file: GazetteerFile, rows: dict[str, dict[str, Any]]) -> None:
    """Refuse an identifier used twice, in a file or in the areas around it."""
    for field, entries in (("points", file.points), ("drawn", file.drawn)):
        for place_id in entries:
            where = f"{field}.{place_id}"
            if place_id in rows:
                owner = rows[place_id]["owner"]
                raise InputError(path, f"the area {owner} has a place of this name", where=where)
            if field == "drawn" and place_id in file.points:
                raise InputError(path, "a point has the same name", where=where)


def _check_references(path: Path, file: GazetteerFile) -> None:
    """Refuse a statement of unknown source, and a seat whose division is not in the census."""
    sources = {f"points.{place_id}": point.source for place_id, point in file.points.items()}
    if file.census:
        sources["census"] = file.census.source
    for where, source in sources.items():
        if source not in file.sources:
            raise InputError(path, f"unknown source {source!r}", where=f"{where}.source",
                             do=nearest(source, file.sources))  # fmt: skip
    for place_id, point in file.points.items():
        if file.census and point.kind == "seat" and point.area_id not in file.census.areas:
            raise InputError(
                path, f"no census row for {point.area_id!r}", where=f"points.{place_id}.area_id"
            )


def _add_points(rows: dict[str, dict[str, Any]], file: GazetteerFile, crs: pyproj.CRS) -> None:
    shapes = gpd.GeoSeries(gpd.points_from_xy(*_degrees(file)), crs=4326).to_crs(crs)
    for (place_id, point), shape in zip(file.points.items(), shapes, strict=True):
        own = {"area_id": point.area_id, "source": point.source, "geometry": shape}
        rows[place_id] = _row(file, point) | own | _people(file, point)


def _row(file: GazetteerFile, entry: Named) -> dict[str, Any]:
    """What every place tells, and blanks for what only some do."""
    named = entry.model_dump(include={"name_zh", "kind", "precision_m", "note_zh"})
    return {
        **named,
        "aliases_zh": tuple(entry.aliases_zh),
        "area_id": "",
        "owner": file.area_id,
        "operator": "",
        "places": (),
        "drawn_from": file.drawn_from,
        "source": "",
        "population": np.nan,
        "population_basis_zh": "",
    }


def _people(file: GazetteerFile, point: _Point) -> dict[str, object]:
    """People of the division whose seat a point is, where the file has a census."""
    census = file.census
    if census is None or point.kind != "seat":
        return {}
    basis = (
        f"{file.sources[census.source].title_zh}（{census.date}），"
        f"总数可信度 {census.total_confidence}，分项可信度 {census.areas_confidence}"
    )
    people = float(census.areas[point.area_id].population)
    return {"population": people, "population_basis_zh": basis}


def _drawn_row(
    path: Path,
    file: GazetteerFile,
    place_id: str,
    rows: dict[str, dict[str, Any]],
    boundaries: gpd.GeoDataFrame | None,
) -> dict[str, Any]:
    """A drawn place; what it is drawn from stands above it or in an enclosing area."""
    entry = file.drawn[place_id]
    where = f"drawn.{place_id}"
    known: dict[str, dict[str, Any]] = {}
    for field, name in entry.anchors():
        if name not in rows:
            raise InputError(path, f"unknown place {name!r}", where=f"{where}.{field}",
                             do=_hint(name, rows))  # fmt: skip
        known[name] = rows[name]
    row = _row(file, entry)
    row |= {"operator": entry.operator, "places": tuple(name for _, name in entry.anchors())}
    if isinstance(entry, District):
        row["area_id"] = entry.code
        polygon = division(boundaries, entry.code, name_zh=entry.name_zh)
        if polygon is not None:
            return row | {"geometry": polygon, "drawn_from": "open_data"}
    sources = [part["drawn_from"] for part in known.values()]
    if not isinstance(entry, Union):
        sources.append(file.drawn_from)
    shape = _draw(path, where, entry, {name: part["geometry"] for name, part in known.items()})
    return row | {"geometry": shape, "drawn_from": worst_source(*sources)}


def _draw(
    path: Path, where: str, entry: Entry, known: dict[str, shapely.Geometry]
) -> shapely.Geometry:
    try:
        shape = entry.draw(known)
    except ValueError as error:
        raise InputError(path, str(error), where=where) from error
    if shape.is_empty:
        raise InputError(path, "too small to be drawn", where=where)
    if not shape.is_valid:
        raise InputError(path, f"no proper {entry.operator}: {shapely.is_valid_reason(shape)}",
                         where=where)  # fmt: skip
    return shape


def _hint(name: str, known: dict[str, Any]) -> str:
    """The nearest known names; a list of all of them would not fit a line."""
    hint = nearest(name, known)
    return hint if hint.endswith("?") else "it must stand above, or in an enclosing area"
