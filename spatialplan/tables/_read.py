"""The one way from a user's file to a frame in metres."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pyproj

from spatialplan.crs import require_datum
from spatialplan.errors import CRSError
from spatialplan.errors import InputError

from ._columns import column
from ._columns import datum_suffix
from ._columns import numbers
from ._columns import rows_text
from ._features import read_gdal
from ._features import read_geojson
from ._features import read_kml
from ._gate import require_readable
from ._position import projected
from ._position import repaired
from ._position import require_shapes
from ._rows import read_csv
from ._rows import read_xlsx

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd


_TABLES = (".csv", ".tsv", ".txt", ".xlsx")
SUFFIXES = (*_TABLES, ".geojson", ".json", ".gpkg", ".shp", ".kml", ".kmz")


def read_layer(
    path: str | os.PathLike[str],
    *,
    crs: pyproj.CRS,
    datum: str | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Points and polygons of a table or layer, in metres, with the columns as in the file.

    Parameters
    ----------
    path
        CSV, TSV, XLSX, GeoJSON, GPKG, SHP, KML or KMZ. Tables need a longitude and a
        latitude column, or one column with both.
    crs
        Metric system of the result.
    datum
        ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``: required where coordinates are
        degrees, because no file tells it reliably, except in CGCS2000 (EPSG:4490).
        Projected layers carry their own; a default goes through `source_datum`.
    columns
        Columns by role where they have no usual name, such as
        ``{"longitude": "POI_X", "latitude": "POI_Y"}``.
    layer
        Sheet of a workbook or layer of a GeoPackage.

    Returns
    -------
    GeoDataFrame
        Index ``row`` (as a spreadsheet counts, the header is 1) or ``feature`` (from 1).
        Table cells are text. Geometry is 2-D, valid, point or polygon.

    Raises
    ------
    InputError
        If the file is missing, damaged, of another kind, or rows hold no usable place.
    CRSError
        If the datum or coordinate system is missing or contradicts the coordinates.
    """
    found = require_readable(path, SUFFIXES)
    if datum is not None:
        require_datum(datum)
    suffix = found.suffix.lower()
    if suffix in _TABLES:
        table = read_xlsx(found, layer) if suffix == ".xlsx" else read_csv(found)
        frame = _places_of(found, table, datum=datum, columns=columns)
    elif suffix in (".geojson", ".json"):
        frame = read_geojson(found)
    elif suffix in (".kml", ".kmz"):
        frame = read_kml(found)
    else:
        frame = read_gdal(found, layer)
    frame = frame.set_geometry(frame.geometry.force_2d())
    require_shapes(found, frame)
    return repaired(found, projected(found, frame, datum=datum, crs=crs))


def _places_of(
    path: Path,
    table: pd.DataFrame,
    *,
    datum: str | None,
    columns: Mapping[str, str] | None,
) -> gpd.GeoDataFrame:
    """Points of a table, from two columns or from one that holds both."""
    lon_column = column(table, "longitude", columns=columns, source=path)
    lat_column = column(table, "latitude", columns=columns, source=path)
    if lon_column and lat_column:
        lon, lat = table[lon_column], table[lat_column]
    else:
        lon_column = lat_column = column(table, "position", columns=columns, source=path)
        if lon_column is None:
            raise InputError(
                path, f"no columns of longitude and latitude among {', '.join(table.columns)}",
                do="name them lon and lat, or declare the columns",
            )  # fmt: skip
        lon, lat = _split(table[lon_column])
    _require_agreement(path, (lon_column, str(lat_column)), datum)
    blank = (lon.str.strip() == "") | (lat.str.strip() == "")
    zero = lon.str.fullmatch(r"\s*0(\.0*)?\s*") & lat.str.fullmatch(r"\s*0(\.0*)?\s*")
    if (blank | zero).any():
        raise InputError(
            path, "no coordinates", where=rows_text(table.index[blank | zero]),
            do="fill in or remove these rows",
        )  # fmt: skip
    points = gpd.points_from_xy(numbers(lon, source=path), numbers(lat, source=path))
    return gpd.GeoDataFrame(table, geometry=points, crs=4326)


def _split(values: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Longitude and latitude texts of cells such as ``119.97,31.81``."""
    parts = values.map(
        lambda cell: re.split(r"[,;\s]+", unicodedata.normalize("NFKC", cell).strip("()[] "))
    )
    # A cell that is no pair leaves a blank and is named with the blank ones.
    pairs = parts.map(lambda part: part if len(part) == 2 else ["", ""])
    return pairs.str[0].rename(str(values.name)), pairs.str[1].rename(str(values.name))


def _require_agreement(path: Path, names: tuple[str, str], datum: str | None) -> None:
    said = {datum_suffix(name).removeprefix("_") for name in names} - {""}
    if datum is not None and said - {datum}:
        raise CRSError(path, f"declared {datum}, but the columns are {' and '.join(names)}")
