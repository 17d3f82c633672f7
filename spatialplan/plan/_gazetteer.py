"""The places of an area: points set by hand, and shapes drawn from them by operators."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from typing import Literal

import geopandas as gpd
import numpy as np
import pydantic
import shapely

from spatialplan._files import data_folder
from spatialplan._yaml import StrictModel
from spatialplan._yaml import read_model
from spatialplan.categories import nearest
from spatialplan.crs import metric_crs
from spatialplan.crs import to_wgs84
from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError

Slug = Annotated[str, pydantic.Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Metres = Annotated[float, pydantic.Field(gt=0, le=200_000)]


class Source(StrictModel):
    """Where a statement comes from."""

    title_zh: str
    publisher_zh: str
    date: str
    note_zh: str = ""


class _Area(StrictModel):
    name_zh: str
    population: int


class _Census(StrictModel):
    date: str
    total: int
    total_confidence: Literal["V", "H", "M", "L"]
    areas_confidence: Literal["V", "H", "M", "L"]
    source: str
    note_zh: str
    areas: dict[str, _Area]

    @pydantic.model_validator(mode="after")
    def _adds_up(self) -> _Census:
        found = sum(area.population for area in self.areas.values())
        if found != self.total:
            msg = f"the areas have {found:,} people together, the total says {self.total:,}"
            raise ValueError(msg)
        return self


class _Point(StrictModel):
    name_zh: str
    kind: Literal["seat", "place", "station", "town", "lake"]
    area_id: str
    lon: Annotated[float, pydantic.Field(ge=-180, le=180)]
    lat: Annotated[float, pydantic.Field(ge=-85, le=85)]
    precision_m: Metres
    source: str
    note_zh: str = ""


class _Drawn(StrictModel):
    name_zh: str
    operator: Literal["axis", "discs", "hull"]
    places: Annotated[list[str], pydantic.Field(min_length=1)]
    radius_m: Metres | None = None
    precision_m: Metres
    note_zh: str

    @pydantic.model_validator(mode="after")
    def _has_what_the_operator_needs(self) -> _Drawn:
        is_axis = self.operator == "axis"
        if is_axis != (self.radius_m is None) or (is_axis and len(self.places) < 2):
            raise ValueError("an axis takes two places or more, discs and hull a radius_m")
        return self


class _File(StrictModel):
    area_id: Slug
    name_zh: str
    datum: str
    drawn_from: Literal["plan_map", "open_data", "text"]
    sources: dict[str, Source]
    census: _Census | None = None
    points: dict[Slug, _Point]
    drawn: dict[Slug, _Drawn] = pydantic.Field(default_factory=dict)


def read_gazetteer(area: str | Path) -> gpd.GeoDataFrame:
    """
    Read the places of an area.

    Parameters
    ----------
    area
        Identifier of a folder in ``layers/base/``, or the path of a ``places.yaml``.

    Returns
    -------
    GeoDataFrame
        Index ``place_id``; columns ``name_zh``, ``kind`` (seat, place, station, town,
        lake; the operator of a drawn shape), ``area_id``, ``precision_m``,
        ``drawn_from``, ``source``, ``note_zh``, and for seats ``population`` (people of
        the whole division; nan elsewhere) with ``population_basis_zh``. Points, lines
        and polygons in the area's metric system.

    Raises
    ------
    NotFoundError
        If there is no such area.
    InputError
        If the file is at fault; with the field.

    Examples
    --------
    >>> places = read_gazetteer("changzhou")
    >>> int(places["population"].sum())
    5278121
    """
    path = area if isinstance(area, Path) else _find(area)
    file = read_model(path, _File)
    _check_references(path, file)
    shapes = _points(file)
    crs = shapes.crs
    geometry = dict(shapes.geometry)
    for place_id, entry in file.drawn.items():
        geometry[place_id] = _draw(path, place_id, entry, geometry)
    rows = [_point_row(file, point) for point in file.points.values()]
    rows += [_drawn_row(entry) for entry in file.drawn.values()]
    table = gpd.GeoDataFrame(rows, geometry=list(geometry.values()), index=list(geometry), crs=crs)
    return table.assign(drawn_from=file.drawn_from).rename_axis("place_id")


def _find(area_id: str) -> Path:
    folder = data_folder("layers") / "base"
    known = sorted(path.parent.name for path in folder.glob("*/places.yaml"))
    if area_id not in known:
        raise NotFoundError(f"area {area_id!r} is not known; {nearest(area_id, known)}")
    return folder / area_id / "places.yaml"


def _check_references(path: Path, file: _File) -> None:
    """Refuse a point whose source or seat whose division is not in the file."""
    for place_id, point in file.points.items():
        if point.source not in file.sources:
            raise InputError(
                path, f"unknown source {point.source!r}", where=f"points.{place_id}.source"
            )
        if file.census and point.kind == "seat" and point.area_id not in file.census.areas:
            raise InputError(
                path, f"no census row for {point.area_id!r}", where=f"points.{place_id}.area_id"
            )


def _points(file: _File) -> gpd.GeoSeries:
    lon, lat = to_wgs84(
        [point.lon for point in file.points.values()],
        [point.lat for point in file.points.values()],
        datum=file.datum,
    )
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), index=list(file.points), crs=4326)
    return points.to_crs(metric_crs(float(np.mean(lon)), float(np.mean(lat))))


def _draw(
    path: Path, place_id: str, entry: _Drawn, known: dict[str, shapely.Geometry]
) -> shapely.Geometry:
    """Shape of one drawn place; a drawn place above it in the file counts by its centroid."""
    for name in entry.places:
        if name not in known:
            raise InputError(
                path,
                f"unknown place {name!r}",
                where=f"drawn.{place_id}.places",
                do=nearest(name, known),
            )
    points = [known[name].centroid for name in entry.places]
    if entry.radius_m is None:
        return shapely.LineString(points)
    discs = shapely.union_all(shapely.buffer(points, entry.radius_m))
    return discs.convex_hull if entry.operator == "hull" else discs


def _point_row(file: _File, point: _Point) -> dict[str, object]:
    row = point.model_dump(exclude={"lon", "lat"})
    if file.census is None or point.kind != "seat":
        return row | {"population": np.nan, "population_basis_zh": ""}
    census = file.census
    basis = (
        f"{file.sources[census.source].title_zh}（{census.date}），"
        f"总数可信度 {census.total_confidence}，分项可信度 {census.areas_confidence}"
    )
    return row | {
        "population": float(census.areas[point.area_id].population),
        "population_basis_zh": basis,
    }


def _drawn_row(entry: _Drawn) -> dict[str, object]:
    row = entry.model_dump(include={"name_zh", "precision_m", "note_zh"})
    return row | {
        "kind": entry.operator,
        "area_id": "",
        "source": "",
        "population": np.nan,
        "population_basis_zh": "",
    }
