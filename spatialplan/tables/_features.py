"""GeoJSON, KML, GeoPackage and Shapefile as frames in the coordinates they are stored in."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import warnings
import zipfile
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from spatialplan.errors import CRSError
from spatialplan.errors import InputError

from ._columns import rows_text
from ._dbf import dbf_encoding
from ._rows import decode
from ._rows import require_modest_zip

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

_log = logging.getLogger(__name__)

_GEOMETRIES = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
_CRS_NAME = re.compile(r"urn:ogc:def:crs:\w+:[\w.]*:\w+|EPSG:\d+", re.IGNORECASE)

Feature = tuple[dict[str, Any], Any]


def read_geojson(path: Path) -> gpd.GeoDataFrame:
    """Features of a GeoJSON file; without a ``crs`` member they are in degrees."""
    try:
        content = json.loads(decode(path, path.read_bytes()), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(path, f"not valid JSON ({error})", do="export it again") from error
    kind = content.get("type")
    if kind == "FeatureCollection":
        features = content.get("features")
    elif kind == "Feature" or kind in _GEOMETRIES:
        features = [content]
    else:
        raise InputError(path, f"is JSON of type {kind!r}", allowed="FeatureCollection or Feature")
    if not isinstance(features, list) or not all(isinstance(item, dict) for item in features):
        raise InputError(path, "'features' is not a list of features")
    return _frame(path, map(_geojson_feature, features), _geojson_crs(path, content.get("crs")))


def _refuse_constant(name: str) -> float:
    msg = f"holds {name}, which is no number"
    raise ValueError(msg)


def _geojson_feature(feature: dict[str, Any]) -> Feature:
    geometry = feature if feature.get("type") in _GEOMETRIES else feature.get("geometry")
    properties = feature.get("properties")
    # Texts, so that a column keeps 007 and does not turn mixed.
    own = properties if isinstance(properties, dict) else {}
    try:
        shape = shapely.from_geojson(json.dumps(geometry)) if geometry else None
    except (shapely.errors.GEOSException, TypeError, ValueError):
        shape = None
    return own, shape


def _geojson_crs(path: Path, member: Any) -> pyproj.CRS:
    """CRS of the old ``crs`` member; only a name counts, a link is never followed."""
    if member is None:
        return pyproj.CRS.from_epsg(4326)
    try:
        name = str(member["properties"]["name"])
    except (TypeError, KeyError):
        name = str(member)
    if not _CRS_NAME.fullmatch(name):
        raise CRSError(
            path, f"the coordinate system {name[:80]!r}", allowed="a name like EPSG:4549"
        )
    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError as error:
        raise CRSError(path, f"unknown coordinate system {name!r}") from error


def read_kml(path: Path) -> gpd.GeoDataFrame:
    """Placemarks of a KML or KMZ file, in degrees."""
    text = decode(path, _kml_bytes(path))
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise InputError(path, f"not valid KML ({error})", do="export it again") from error
    if not root.tag.lower().endswith("kml"):
        raise InputError(path, f"is XML but not KML: its root is {root.tag[:40]!r}")
    marks = root.findall(".//{*}Placemark")
    return _frame(path, map(_placemark, marks), pyproj.CRS.from_epsg(4326))


def _kml_bytes(path: Path) -> bytes:
    if path.suffix.lower() == ".kml":
        return path.read_bytes()
    require_modest_zip(path)
    with zipfile.ZipFile(path) as package:
        inside = [name for name in package.namelist() if name.lower().endswith(".kml")]
        if len(inside) != 1:
            raise InputError(path, f"holds {len(inside)} .kml documents", allowed="one")
        return package.read(inside[0])


def _placemark(mark: Any) -> Feature:
    data = {item.get("name"): item.findtext("{*}value") for item in mark.findall(".//{*}Data")}
    data |= {item.get("name"): item.text for item in mark.findall(".//{*}SimpleData")}
    try:
        shapes = list(_kml_shapes(mark))
    except (ValueError, shapely.errors.GEOSException):
        shapes = []
    shape = shapes[0] if len(shapes) == 1 else _collected(shapes)
    return {"name": mark.findtext("{*}name"), **data}, shape


def _kml_shapes(mark: Any) -> Iterator[Any]:
    for point in mark.findall(".//{*}Point"):
        yield shapely.Point(_kml_positions(point)[0])
    for line in mark.findall(".//{*}LineString"):
        yield shapely.LineString(_kml_positions(line))
    for area in mark.findall(".//{*}Polygon"):
        holes = [_kml_positions(ring) for ring in area.findall("{*}innerBoundaryIs")]
        yield shapely.Polygon(_kml_positions(area.find("{*}outerBoundaryIs")), holes)


def _kml_positions(element: Any) -> list[tuple[float, float]]:
    """Longitude and latitude pairs of the first ``coordinates`` under an element."""
    text = None if element is None else element.findtext(".//{*}coordinates")
    if not text or not text.strip():
        msg = "no coordinates"
        raise ValueError(msg)
    return [tuple(map(float, place.split(",")[:2])) for place in text.split()]  # type: ignore[misc]


def _collected(shapes: list[Any]) -> Any:
    """One multi-part geometry of shapes of one kind; None for an empty or mixed list."""
    gathered = shapely.union_all(shapes) if shapes else None
    return None if gathered is None or gathered.geom_type == "GeometryCollection" else gathered


def read_gdal(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    """One layer of a GeoPackage, or a Shapefile in the encoding its bytes are in."""
    encoding = None
    if path.suffix.lower() == ".shp":
        encoding = dbf_encoding(path)
        layer = None
    else:
        layer = _chosen_layer(path, layer)
    with _calling_gdal(path):
        frame = pyogrio.read_dataframe(path, layer=layer, encoding=encoding)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(path, "the layer has no geometry")
    return _numbered(path, frame)


def _chosen_layer(path: Path, layer: str | None) -> str:
    with _calling_gdal(path):
        names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    wanted = [name for name in names if layer in (None, name)]
    if len(wanted) == 1:
        return wanted[0]
    found = f"no layer {layer!r}" if layer else f"{len(names)} layers with geometry"
    raise InputError(path, found, allowed=", ".join(names), do="name one layer")


@contextlib.contextmanager
def _calling_gdal(path: Path) -> Iterator[None]:
    """Turn what GDAL says into log lines, and its faults into one `InputError`."""
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            yield
    except (RuntimeError, ValueError, OSError) as error:
        raise InputError(path, f"cannot be read ({error})", do="export it again") from error
    for warning in said:
        _log.warning("%s: %s", path, warning.message)


def _frame(path: Path, features: Iterable[Feature], crs: pyproj.CRS) -> gpd.GeoDataFrame:
    rows = list(features)
    # A property of that name would collide with the geometry column.
    plain = [{k: v for k, v in own.items() if k != "geometry"} for own, _ in rows]
    shapes = [shape for _, shape in rows]
    table = pd.DataFrame.from_records(plain, index=range(len(rows)))
    return _numbered(path, gpd.GeoDataFrame(table, geometry=shapes, crs=crs))


def _numbered(path: Path, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Features numbered from 1; refused where one has no geometry."""
    if len(frame) == 0:
        raise InputError(path, "holds no features")
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="feature")
    bad = frame.geometry.isna() | frame.geometry.is_empty
    if bad.any():
        raise InputError(
            path, "no usable geometry", where=rows_text(frame.index[bad]),
            do="repair or remove these features",
        )  # fmt: skip
    return frame
