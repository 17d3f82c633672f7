"""Streets of any other line layer, and of a table of edges with their end nodes."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pyproj
import shapely

from spatialplan._files import require_file
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.osm import SUFFIXES as OSM_SUFFIXES
from spatialplan.tables import datum_of
from spatialplan.tables import read_geojson
from spatialplan.tables import require_readable

from ._access import UNKNOWN_CLASS
from ._raw import RawStreets
from ._raw import join_ways

if TYPE_CHECKING:
    from pathlib import Path

    from ._access import Rules
    from ._raw import Floats
    from ._raw import Ints
    from ._raw import Tags

# `fclass` is the class in the shapefiles that Geofabrik makes from OSM.
_COLUMNS = ("u", "v", "highway", "fclass", "oneway", "maxspeed", "speed_kmh")
_JSON = (".geojson", ".json")
_LAYERS = (".gpkg", *_JSON, ".shp")
_PARQUET = (".parquet", ".geoparquet")


def read_lines(
    path: str | os.PathLike[str], *, rules: Rules, source_crs: pyproj.CRS | None, datum: str
) -> RawStreets:
    """
    Read the lines of a layer; where two lines share a vertex exactly, they meet.

    With columns ``u`` and ``v`` these are the end nodes, and a line meets others
    between its ends only where both have a vertex. Lines are two-way unless a
    column ``oneway`` says otherwise.

    Raises
    ------
    InputError
        If the file cannot be read, holds no lines, or its end nodes contradict its lines.
    CRSError
        If neither the file nor `source_crs` names a coordinate system, or it is not one
        of degrees and `datum` is a shifted one.
    """
    table = _street_lines(_read_table(path), rules, path)
    crs = table.crs or source_crs
    if crs is None:
        raise CRSError(
            path, "has no coordinate system", do="write it into the file, or declare source_crs"
        )
    used = datum_of(path, crs, stated=datum)
    has_nodes = {"u", "v"} <= set(table.columns)
    if has_nodes:
        table = _drawn_from_u(table, path)
    points, way = shapely.get_coordinates(table.geometry, return_index=True)
    node = _number(points)
    if has_nodes:
        node = _named_ends(table, way, node, path)
    lon, lat = pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform(*points.T)
    nodes, segments = join_ways(node, way, lon=lon, lat=lat, datum=used or "wgs84")
    return RawStreets(nodes, segments, _tags(table, rules), {})


def _read_table(path: str | os.PathLike[str]) -> gpd.GeoDataFrame:
    if os.fspath(path).lower().endswith(_PARQUET):
        return _read_parquet(require_file(path, role="street file"))
    found = require_readable(path, (*OSM_SUFFIXES, *_LAYERS, *_PARQUET))
    if found.suffix.lower() in _JSON:
        return read_geojson(found)  # GDAL would follow a link in it
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(found) if _may_hold_lines(kind)]
        if len(layers) == 1:
            return gpd.read_file(found, layer=layers[0], columns=_COLUMNS)
    except (RuntimeError, UnicodeDecodeError) as error:
        raise InputError(
            path,
            f"cannot be read as a line layer ({error})",
            do="export it again; GeoPackage is safest",
        ) from error
    names = f" ({', '.join(layers)})" if layers else ""
    raise InputError(path, f"{len(layers)} line layers{names}", allowed="one line layer")


def _may_hold_lines(kind: str | None) -> bool:
    return kind is not None and ("LineString" in kind or kind in ("Unknown", "GeometryCollection"))


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    """Read a parquet file, geo or with a plain column ``geometry`` of WKB."""
    try:
        schema = pyarrow.parquet.read_schema(path)
        columns = [name for name in _COLUMNS if name in schema.names]
        geo = json.loads((schema.metadata or {}).get(b"geo", "{}"))
        if geo:
            return gpd.read_parquet(path, columns=[*columns, geo["primary_column"]])
        plain = pd.read_parquet(path, columns=[*columns, "geometry"])
        return gpd.GeoDataFrame(plain, geometry=shapely.from_wkb(plain["geometry"]))
    except (OSError, ValueError, TypeError, KeyError, shapely.GEOSException) as error:
        raise InputError(
            path,
            f"cannot be read as a table of lines ({error})",
            allowed="GeoParquet, or parquet with a column geometry of WKB",
        ) from error


def _street_lines(
    table: gpd.GeoDataFrame, rules: Rules, path: str | os.PathLike[str]
) -> gpd.GeoDataFrame:
    """Single flat lines, one row each; rows that are no lines or no streets are left out."""
    single = table.explode(index_parts=False)
    no_street = np.isin(_words(single, "highway", "fclass"), [*rules.not_streets])
    lines = single[(single.geom_type == "LineString") & ~single.is_empty & ~no_street]
    if len(lines) == 0:
        kinds = ", ".join(sorted(set(table.geom_type.dropna()))) or "no geometry"
        raise InputError(path, f"no street way found (the layer holds {kinds})", allowed="lines")
    points, way = shapely.get_coordinates(lines.geometry, return_index=True)
    broken = ~np.isfinite(points).all(axis=1)
    if broken.any():
        row = lines.index[way[broken][0]]
        raise InputError(path, "a coordinate is not a number", where=f"row {row}")
    return lines.set_geometry(shapely.force_2d(lines.geometry.array), crs=table.crs)


def _drawn_from_u(table: gpd.GeoDataFrame, path: str | os.PathLike[str]) -> gpd.GeoDataFrame:
    """Turn the lines that are drawn from ``v`` to ``u``: a node stands where its lines meet."""
    ends = table[["u", "v"]]
    if ends.isna().any(axis=None) or not all(map(pd.api.types.is_integer_dtype, ends.dtypes)):
        raise InputError(path, "u or v is not a whole number", allowed="ids of the end nodes")
    lines = table.geometry.array
    node = np.unique(ends.to_numpy(np.int64), return_inverse=True)[1].reshape(-1, 2).T
    points = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    place = _number(shapely.get_coordinates(points)).reshape(2, -1)
    # A pair of node and place has as many votes as lines that could put the node there.
    pairs = [named * points.size + drawn for named in node for drawn in place]
    _, pair, count = np.unique(np.concatenate(pairs), return_inverse=True, return_counts=True)
    u_first, u_last, v_first, v_last = count[pair].reshape(4, -1)
    turned = u_last + v_first > u_first + v_last
    return table.set_geometry(np.where(turned, shapely.reverse(lines), lines), crs=table.crs)


def _named_ends(
    table: gpd.GeoDataFrame, way: Ints, vertex: Ints, path: str | os.PathLike[str]
) -> Ints:
    """Ids of all vertices: ``u`` and ``v`` at the ends of a line, new ones between."""
    first = np.flatnonzero(np.diff(way, prepend=-1))
    last = np.flatnonzero(np.diff(way, append=-1))
    u, v = (table[name].to_numpy(np.int64) for name in ("u", "v"))
    ends = pd.DataFrame(
        {"node": np.concatenate([u, v]), "place": vertex[np.concatenate([first, last])]}
    ).drop_duplicates()
    twice = ends["node"][ends["node"].duplicated()]
    if len(twice):
        raise InputError(
            path,
            f"lines of node {twice.iloc[0]} end at different points ({len(twice)} such nodes)",
            where="u, v",
            do="mend the ends or drop the columns u and v",
        )
    node = vertex + int(ends["node"].max()) + 1
    node[first], node[last] = u, v
    return node


def _number(points: Floats) -> Ints:
    """Count the different points from 0; equal points have equal numbers."""
    _, number = np.unique(points[:, 0] + 1j * points[:, 1], return_inverse=True)
    return np.asarray(number, dtype=np.int64)


def _tags(table: gpd.GeoDataFrame, rules: Rules) -> list[Tags]:
    """OSM tags of each line, from the columns that say the same."""
    columns = {
        "highway": _words(table, "highway", "fclass"),
        "oneway": _words(table, "oneway"),
        "maxspeed": _words(table, "speed_kmh", "maxspeed"),
    }
    return [
        {
            "highway": highway if highway in rules.classes else UNKNOWN_CLASS,
            "oneway": oneway or "no",
            "maxspeed": maxspeed,
        }
        for highway, oneway, maxspeed in zip(*columns.values(), strict=True)
    ]


def _words(table: gpd.GeoDataFrame, *names: str) -> list[str]:
    """Text of the first of some columns that is filled, row by row; "" where none is."""
    words = [""] * len(table)
    for name in names:
        if name in table.columns:
            texts = ["" if pd.isna(x) else str(x).removesuffix(".0") for x in table[name]]
            words = [word or text for word, text in zip(words, texts, strict=True)]
    return words
