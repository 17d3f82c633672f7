"""Result tables as files that GIS, spreadsheets and scripts open."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ._files import replacing_file
from ._formula import as_text
from .errors import CRSError
from .errors import InputError
from .errors import OutputError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable


def write_table(table: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """
    Write a table, with geometry or without, in the format its name says.

    Parameters
    ----------
    table
        The index is written as its first column. In ``.geojson`` and ``.csv`` minutes
        have 2 decimals, metres 1, people and square kilometres 4.
    path
        ``.geojson`` (WGS 84), ``.gpkg``, ``.parquet``, ``.csv`` (UTF-8 with BOM; lon
        and lat instead of geometry; text that a spreadsheet would run as a formula
        is quoted), ``.xlsx`` is written by `report`.

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
    with replacing_file(path) as draft:
        try:
            writer(table, draft)
        except (OSError, RuntimeError) as error:
            msg = f"{path}: could not be written ({error})"
            raise OutputError(msg) from error


def require_format(path: str | os.PathLike[str], *, layer: bool) -> Callable[[Any, Path], None]:
    """Return the writer for a path, before any work is done for it; `layer` has geometry."""
    suffix = Path(path).suffix.lower()
    allowed = [kind for kind in _WRITERS if layer or kind not in _LAYERS]
    if suffix not in allowed:
        raise InputError(path, f"cannot write {suffix or 'a file without suffix'} here",
                         allowed=", ".join(allowed))  # fmt: skip
    return _WRITERS[suffix]


def _write_geojson(table: gpd.GeoDataFrame, path: Path) -> None:
    """Write features in degrees as text of our own: GDAL does not say when a disk is full."""
    layer = _flat(table).to_crs(4326)
    shapes = shapely.orient_polygons(layer.geometry.to_numpy())
    drawn = shapely.to_geojson(shapely.transform(shapes, lambda xy: xy.round(6)))
    rows = _rounded(pd.DataFrame(layer.drop(columns=layer.geometry.name))).to_json(
        orient="records", lines=True, force_ascii=False, double_precision=15
    )
    features = ",\n".join(
        f'{{"type":"Feature","properties":{own},"geometry":{shape or "null"}}}'
        for own, shape in zip(rows.split("\n"), drawn, strict=False)  # rows end with an empty line
    )
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n', "utf-8")


def _write_gpkg(table: gpd.GeoDataFrame, path: Path) -> None:
    _flat(table).to_file(path, driver="GPKG", layer=path.stem)
    with contextlib.closing(sqlite3.connect(path)) as written:
        # On a full disk GDAL leaves out the rest, or the spatial index, and says nothing.
        try:
            (rows,) = written.execute("SELECT feature_count FROM gpkg_ogr_contents").fetchone()
            index = written.execute("SELECT table_name FROM gpkg_extensions").fetchall()
        except sqlite3.Error:
            rows, index = -1, []
    if rows != len(table) or not index:
        msg = "it is incomplete; is the disk full?"
        raise OSError(msg)


_DECIMALS = {"population": 4, "people": 4}  # fractions of people add up to people
_UNIT_DECIMALS = {"min": 2, "m": 1, "m2": 1, "km2": 4}


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Round figures to what their unit, the last word of the column's name, can mean."""
    numbers = map(str, table.select_dtypes("number").columns)
    units = {name: _UNIT_DECIMALS.get(name.rpartition("_")[2]) for name in numbers}
    digits = {name: _DECIMALS.get(name, unit) for name, unit in units.items()}
    return table.round({name: number for name, number in digits.items() if number is not None})


def _flat(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Index as a column; infinity as missing, since no layer format knows it."""
    flat = table.reset_index(drop=table.index.name is None)
    numbers = flat.select_dtypes("number").columns
    return flat.assign(**{name: flat[name].replace([np.inf, -np.inf], np.nan) for name in numbers})


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path)


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    flat = _rounded(pd.DataFrame(table.reset_index(drop=table.index.name is None)))
    if isinstance(table, gpd.GeoDataFrame):
        point = table.geometry.representative_point().to_crs(4326)
        flat = flat.drop(columns=table.geometry.name)
        flat["lon"], flat["lat"] = point.x.round(7).to_numpy(), point.y.round(7).to_numpy()
    for name in flat.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in flat.dtypes]]:
        flat[name] = flat[name].map(
            lambda value: as_text(value) if isinstance(value, str) else value
        )
    flat.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


_LAYERS = (".geojson", ".gpkg")
_WRITERS: dict[str, Callable[[Any, Path], None]] = {
    ".geojson": _write_geojson,
    ".gpkg": _write_gpkg,
    ".parquet": _write_parquet,
    ".csv": _write_csv,
}
