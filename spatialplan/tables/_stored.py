"""What a file says of its own coordinates, before they are read."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet
import pyogrio
import pyproj
import rasterio

from spatialplan._files import require_file
from spatialplan.crs import require_datum
from spatialplan.errors import CRSError
from spatialplan.errors import InputError

from ._features import read_geojson
from ._gate import require_readable
from ._position import SHIFTED
from ._position import datum_of

_RASTERS = (".tif", ".tiff")
_PARQUET = (".parquet", ".geoparquet")
_JSON = (".geojson", ".json")
_GDAL = (".gpkg", ".shp")
_KML = (".kml", ".kmz")


class SourceDatum(NamedTuple):
    """
    Datum of one file.

    Parameters
    ----------
    datum
        What to hand to its reader; None where the file says it all, or nobody says it.
    words
        The same for readers of a list of sources, in Chinese and English.
    """

    datum: str | None
    words: str


def source_datum(
    path: str | os.PathLike[str], *, stated: str | None = None, default: str | None = None
) -> SourceDatum:
    """
    Datum to read a file with: what is stated for it, else what it says, else the default.

    Parameters
    ----------
    path
        A table, layer, raster or parquet file.
    stated
        Datum that is stated for this very file.
    default
        Datum of files that do not say it: tables, and layers in degrees of WGS 84 or of
        no system. It never moves rasters, projected layers or degrees of CGCS2000.

    Returns
    -------
    SourceDatum
        For the reader of the file and for people. A file that cannot be read is left to
        its reader to refuse.

    Raises
    ------
    CRSError
        If a datum is unknown, or a shifted one is stated for a file that cannot have it.
    """
    for datum in (stated, default):
        if datum is not None:
            require_datum(datum)
    crs = _stored_crs(path)
    if os.fspath(path).lower().endswith(_RASTERS):
        if stated in SHIFTED:
            raise CRSError(path, f"declared {stated}, but a raster is never shifted",
                           do="leave the datum out")  # fmt: skip
        used = None
    else:
        used = datum_of(path, crs, stated=stated, default=default)
    return SourceDatum(used, used or f"按文件 as the file says ({_name(crs)})")


def _name(crs: pyproj.CRS | None) -> str:
    authority = crs.to_authority() if crs is not None else None
    return ":".join(authority) if authority else (crs.name if crs is not None else "-")


def _stored_crs(path: str | os.PathLike[str]) -> pyproj.CRS | None:
    """System that a file names; None for a table, and for what its reader will refuse."""
    suffix = Path(path).suffix.lower()
    try:
        if suffix in _PARQUET:
            return _parquet_crs(require_file(path))
        if suffix in (*_JSON, *_KML, *_GDAL, *_RASTERS):
            return _layer_crs(require_readable(path, [suffix]), suffix)
    except (InputError, OSError, RuntimeError, ValueError):
        return None
    return None


def _layer_crs(path: Path, suffix: str) -> pyproj.CRS | None:
    with warnings.catch_warnings():
        # Its reader repeats what is to be said.
        warnings.simplefilter("ignore")
        if suffix in _RASTERS:
            with rasterio.open(path, driver="GTiff") as raster:
                return pyproj.CRS(raster.crs.to_wkt()) if raster.crs else None
        if suffix in _GDAL:
            layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
            named = pyogrio.read_info(path, layer=layers[0])["crs"] if layers else None
            return pyproj.CRS(named) if named else None
    if suffix in _JSON and b'"crs"' in path.read_bytes():
        crs: pyproj.CRS = read_geojson(path).crs
        return crs
    return pyproj.CRS.from_epsg(4326)


def _parquet_crs(path: Path) -> pyproj.CRS | None:
    metadata = pyarrow.parquet.read_schema(path).metadata or {}
    geo = json.loads(metadata.get(b"geo", "{}"))
    if not geo:
        return None
    # Without the member, GeoParquet is in degrees of WGS 84.
    named = geo["columns"][geo["primary_column"]].get("crs", "OGC:CRS84")
    return pyproj.CRS(named) if named else None
