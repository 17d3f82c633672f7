"""Result tables as files that GIS, spreadsheets and scripts open."""

from __future__ import annotations

import contextlib
import io
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ._files import replacing_file
from ._formula import as_text
from .errors import CRSError
from .errors import InputError
from .errors import OutputError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence


def write_table(table: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """
    Write a table, with geometry or without, in the format its name says.

    Parameters
    ----------
    table
        The index is written as its first column. In ``.geojson`` and ``.csv`` minutes
        have 2 decimals, metres 1, people and square kilometres 4.
    path
        ``.geojson`` (WGS 84), ``.gpkg``, ``.parquet``, ``.csv`` (UTF-8 with BOM; lon,
        lat and their datum instead of geometry; text that a spreadsheet would run as a formula
        is quoted). In ``.gpkg`` shapes of several kinds are written as `write_tables` does:
        GIS want layers of one.

    Raises
    ------
    InputError
        If the suffix is unknown, or a layer format is asked of a table without geometry.
    CRSError
        If a layer has no coordinate system.
    OutputError
        If it cannot be written; what was there stays.
    """
    is_layer = isinstance(table, gpd.GeoDataFrame)
    writer = require_format(path, layer=is_layer)
    if is_layer and table.crs is None:
        raise CRSError(path, "the table has no coordinate system", do="declare it")
    _write(writer, table, path)


def write_tables(
    elements: gpd.GeoDataFrame,
    tables: Mapping[str, pd.DataFrame],
    path: str | os.PathLike[str],
) -> None:
    """
    Write a layer and the tables that belong to it as one file.

    Parameters
    ----------
    elements
        The layer.
    tables
        Tables without geometry, by name. Lists are written as text, ``; `` between items.
    path
        ``.gpkg``: the layers ``points``, ``lines`` and ``areas``, those there are, rows
        without geometry as the table ``undrawn``, and the tables. ``.xlsx``: a sheet
        ``elements``, with lon, lat and their datum instead of geometry, and one for each
        table; text stays text, whatever it starts with.

    Raises
    ------
    InputError
        If the suffix is another one.
    CRSError
        If the layer has no coordinate system.
    OutputError
        If it cannot be written; what was there stays.
    """
    writer = {".gpkg": _write_gpkg_tables, ".xlsx": _write_xlsx}.get(Path(path).suffix.lower())
    if writer is None:
        raise InputError(path, "holds no tables", allowed=", ".join(SEVERAL))
    if elements.crs is None:
        raise CRSError(path, "the table has no coordinate system", do="declare it")
    told = {name: table.map(_told) for name, table in tables.items()}
    _write(writer, {"elements": elements, **told}, path)


def geojson_text(table: gpd.GeoDataFrame) -> str:
    """
    A table as GeoJSON, as `write_table` writes it to a file.

    Parameters
    ----------
    table
        In any coordinate system; the index is the first property.

    Returns
    -------
    str
        A FeatureCollection in degrees of WGS 84, a line for each feature.

    Examples
    --------
    >>> at = gpd.GeoDataFrame({"time_min": [np.inf]}, geometry=[shapely.Point(14, 35)], crs=4326)
    >>> print(geojson_text(at))
    {"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"time_min":null},"geometry":{"type":"Point","coordinates":[14.0,35.0]}}
    ]}
    <BLANKLINE>
    """
    # Text of our own: GDAL does not say when a disk is full.
    drawn = geometry_texts(table.geometry)
    rows = _rounded(_flat(pd.DataFrame(table.drop(columns=table.geometry.name)))).to_json(
        orient="records", lines=True, force_ascii=False, double_precision=15
    )
    features = ",\n".join(
        f'{{"type":"Feature","properties":{own},"geometry":{shape or "null"}}}'
        for own, shape in zip(rows.split("\n"), drawn, strict=False)  # rows end with an empty line
    )
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'


def geometry_texts(shapes: gpd.GeoSeries) -> np.ndarray[Any, Any]:
    """Shapes as GeoJSON geometries in WGS 84 with 6 decimals; none where one is missing."""
    turned = shapely.orient_polygons(shapes.to_crs(4326).to_numpy())
    drawn: np.ndarray[Any, Any] = shapely.to_geojson(
        shapely.transform(turned, lambda xy: xy.round(6))
    )
    return drawn


def _write(writer: Callable[[Any, Path], None], content: Any, path: str | os.PathLike[str]) -> None:
    with replacing_file(path) as draft:
        try:
            writer(content, draft)
        except (OSError, RuntimeError) as error:
            msg = f"{path}: could not be written ({error})"
            raise OutputError(msg) from error


def _told(value: Any) -> Any:
    """Lists and mappings as text; a number as short as it is."""
    if isinstance(value, dict):
        return "; ".join(f"{key} {item}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(f"{item:g}" if isinstance(item, float) else str(item) for item in value)
    return value


def require_format(
    path: str | os.PathLike[str], *, layer: bool, also: Sequence[str] = ()
) -> Callable[[Any, Path], None]:
    """
    Return the writer for a path, before any work is done for it; `layer` has geometry.

    `also` are formats that the caller writes by other means; a refusal names them too.
    """
    suffix = Path(path).suffix.lower()
    allowed = [kind for kind in _WRITERS if layer or kind not in _LAYERS]
    if suffix not in allowed:
        do = "a Shapefile holds one kind of shape; take .gpkg" if suffix == ".shp" else ""
        raise InputError(path, f"cannot write {suffix or 'a file without suffix'} here",
                         allowed=", ".join([*allowed, *also]), do=do)  # fmt: skip
    return _WRITERS[suffix]


def _write_geojson(table: gpd.GeoDataFrame, path: Path) -> None:
    path.write_text(geojson_text(table), "utf-8")


def _write_gpkg(table: gpd.GeoDataFrame, path: Path) -> None:
    several = _shapes(table).dropna().unique().size > 1
    _write_layers(_by_shape(table) if several else {path.stem: table}, path)


def _write_gpkg_tables(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    elements, *_ = tables.values()
    more = {name: table for name, table in tables.items() if table is not elements}
    _write_layers(_by_shape(cast("gpd.GeoDataFrame", elements)) | more, path)


def _by_shape(table: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    """Rows of each kind of geometry, those there are; the rest as a table without."""
    shapes = _shapes(table)
    layers = {name: table[shapes == name] for name in dict.fromkeys(_SHAPES.values())}
    bare = pd.DataFrame(table[shapes.isna()].drop(columns=table.geometry.name))
    return {name: rows for name, rows in {**layers, _UNDRAWN: bare}.items() if len(rows)}


def _shapes(table: gpd.GeoDataFrame) -> pd.Series[str]:
    """Layer that each row belongs to by its geometry; missing where it has none."""
    shapes: pd.Series[str] = table.geometry.geom_type.str.removeprefix("Multi").map(_SHAPES)
    return shapes


def _write_layers(layers: Mapping[str, pd.DataFrame], path: Path) -> None:
    for name, table in layers.items():
        many = True if name in _MULTI else None
        pyogrio.write_dataframe(
            _flat(table), path, driver="GPKG", layer=name, promote_to_multi=many
        )
    drawn = [table for table in layers.values() if isinstance(table, gpd.GeoDataFrame)]
    wanted = {name: len(table) for name, table in layers.items()}
    with contextlib.closing(sqlite3.connect(path)) as written:
        # On a full disk GDAL leaves out the rest, or the spatial index, and says nothing.
        try:
            rows = dict(written.execute("SELECT table_name, feature_count FROM gpkg_ogr_contents"))
            (indices,) = written.execute(_INDICES).fetchone() if drawn else (0,)
        except sqlite3.Error:
            rows, indices = {}, 0
    if rows != wanted or indices != len(drawn):
        msg = "it is incomplete; is the disk full?"
        raise OSError(msg)


_UNDRAWN = "undrawn"
_UNPRINTABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"  # what XML cannot hold
_SHAPES = {
    "Point": "points",
    "LineString": "lines",
    "LinearRing": "lines",
    "Polygon": "areas",
    "GeometryCollection": "collections",
}
_MULTI = ("lines", "areas")  # one type for single shapes and for several
_INDICES = "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"

_DECIMALS = {"population": 4, "people": 4}  # fractions of people add up to people
_UNIT_DECIMALS = {"min": 2, "m": 1, "m2": 1, "km2": 4}


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round figures to what their unit, the last word of the column's name, can mean."""
    numbers = map(str, table.select_dtypes("number").columns)
    units = {name: _UNIT_DECIMALS.get(name.rpartition("_")[2]) for name in numbers}
    digits = {name: _DECIMALS.get(name, unit) for name, unit in units.items()}
    return table.round({name: number for name, number in digits.items() if number is not None})


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """Index as a column; infinity as missing, since no layer format knows it."""
    flat = table.reset_index(drop=table.index.name is None)
    numbers = flat.select_dtypes("number").columns
    return flat.assign(**{name: flat[name].replace([np.inf, -np.inf], np.nan) for name in numbers})


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path)


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    flat = _without_geometry(table)
    for name in flat.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in flat.dtypes]]:
        flat[name] = flat[name].map(
            lambda value: as_text(value) if isinstance(value, str) else value
        )
    flat.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def _write_xlsx(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    packed = io.BytesIO()  # a zip file that cannot be closed complains long after
    with pd.ExcelWriter(packed, engine="openpyxl") as book:
        for name, table in tables.items():
            printable = _without_geometry(table).replace(_UNPRINTABLE, "", regex=True)
            printable.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
            for cell in (cell for row in book.sheets[name].iter_rows() for cell in row):
                if cell.data_type == "f":  # no text is a formula, not even if someone edits it
                    cell.data_type, cell.quotePrefix = "s", True
    path.write_bytes(packed.getvalue())


def _without_geometry(table: pd.DataFrame) -> pd.DataFrame:
    """Rounded values, and lon, lat and their datum instead of geometry."""
    flat = _rounded(pd.DataFrame(table.reset_index(drop=table.index.name is None)))
    if isinstance(table, gpd.GeoDataFrame):
        point = table.geometry.representative_point().to_crs(4326)
        flat = flat.drop(columns=table.geometry.name)
        flat["lon"], flat["lat"] = point.x.round(7).to_numpy(), point.y.round(7).to_numpy()
        flat["datum"] = flat["lon"].notna().map({True: "wgs84", False: ""})
    return flat


SEVERAL = (".gpkg", ".xlsx")
"""Formats that hold several tables, for `write_tables`."""

_LAYERS = (".geojson", ".gpkg")
_WRITERS: dict[str, Callable[[Any, Path], None]] = {
    ".geojson": _write_geojson,
    ".gpkg": _write_gpkg,
    ".parquet": _write_parquet,
    ".csv": _write_csv,
}
