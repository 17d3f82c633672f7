"""Counted people from a raster of people per cell, or from points and polygons."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import rasterio

from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.schema import DEMAND
from spatialplan.schema import check
from spatialplan.tables import column
from spatialplan.tables import numbers
from spatialplan.tables import read_layer
from spatialplan.tables import require_readable
from spatialplan.tables import rows_text

from ._spread import MAX_PEOPLE

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

_log = logging.getLogger(__name__)

_RASTERS = (".tif", ".tiff")
MAX_CELLS = 50_000_000  # about 1 GB while it is read


def read_population(
    path: str | os.PathLike[str],
    *,
    crs: pyproj.CRS,
    datum: str | None = None,
    bounds: tuple[float, float, float, float] | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
) -> gpd.GeoDataFrame:
    """
    People of a raster, or of a table or layer with a count column.

    Parameters
    ----------
    path
        GeoTIFF with people per cell (such as WorldPop), or CSV, XLSX, GeoJSON, GPKG, SHP,
        KML with a column of people (``population``, ``pop``, 人口, 常住人口 ...).
    crs
        Metric system of the result.
    datum
        Datum of a table or layer in degrees; a raster carries its own system.
    bounds
        West, south, east, north in `crs`: only what lies inside, by its centre.
    columns
        Columns by role where they have no usual name, such as ``{"population": "p20"}``.
    layer
        Sheet of a workbook or layer of a GeoPackage.

    Returns
    -------
    GeoDataFrame
        DEMAND: index ``place_id``; ``population`` (float), ``area_id`` (empty),
        ``drawn_from``. A raster gives a point at the centre of each cell with people,
        and ``attrs["precision_m"]``, half the diagonal of a cell.

    Raises
    ------
    InputError
        If the file cannot be used, or holds negative, infinite, too many or no people.
    CRSError
        If the datum or coordinate system is missing or wrong.
    LimitError
        If the raster has more cells than can be read at once.
    """
    if Path(path).suffix.lower() in _RASTERS:
        people = _from_raster(path, crs)
    else:
        read = read_layer(path, crs=crs, datum=datum, columns=columns, layer=layer)
        people = _from_layer(path, read, columns=columns)
    with np.errstate(over="ignore"):
        total = people["population"].sum()
    if total > MAX_PEOPLE:
        raise InputError(path, f"{total:.3g} people in all", allowed=f"up to {MAX_PEOPLE:g}",
                         do="check the column of people, or the nodata value")  # fmt: skip
    if bounds is not None:
        west, south, east, north = bounds
        centre = people.centroid
        people = people[centre.x.between(west, east) & centre.y.between(south, north)]
    if not people["population"].sum() > 0:
        where = "" if bounds is None else "inside the area"
        raise InputError(path, f"no people (total {total:,.0f} in the file)", where=where)
    _log.info(
        "%s: %.1f people, %.1f of them used", path, total, people["population"].sum()
    )  # fmt: skip
    return check(people, DEMAND)


def _from_raster(path: str | os.PathLike[str], crs: pyproj.CRS) -> gpd.GeoDataFrame:
    found = require_readable(path, _RASTERS)
    try:
        with warnings.catch_warnings():
            # A raster without a transform is refused below, in our words.
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            with rasterio.open(found, driver="GTiff") as raster:
                _require_people_raster(path, raster)
                counts = raster.read(1, masked=True).astype(float)
                transform, system = raster.transform, raster.crs.to_wkt()
    except rasterio.errors.RasterioError as error:
        raise InputError(path, f"cannot be read as GeoTIFF ({error})") from error
    values = counts.filled(0.0)
    values[np.isnan(values)] = 0.0
    _require_counts(path, values)
    row, col = np.nonzero(values)
    x = transform.c + transform.a * (col + 0.5) + transform.b * (row + 0.5)
    y = transform.f + transform.d * (col + 0.5) + transform.e * (row + 0.5)
    there = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=system).to_crs(crs)
    index = pd.Index([f"r{r}c{c}" for r, c in zip(row, col, strict=True)], name="place_id")
    people = gpd.GeoDataFrame(
        {"population": values[row, col], "area_id": "", "drawn_from": "open_data"},
        geometry=there.to_numpy(),
        index=index.astype("str"),
        crs=crs,
    )
    people.attrs["precision_m"] = _half_diagonal_m(transform, x, y, system, crs)
    return people


def _require_people_raster(path: str | os.PathLike[str], raster: Any) -> None:
    if raster.count != 1:
        raise InputError(path, f"{raster.count} bands", allowed="one band of people per cell")
    if raster.crs is None:
        raise CRSError(
            path, "no coordinate system", do="set the one it was made in, in QGIS"
        )  # fmt: skip
    if raster.transform.is_identity or raster.transform.is_degenerate:
        raise CRSError(path, "no position on the ground", do="export it again as GeoTIFF")
    cells = raster.width * raster.height
    if cells > MAX_CELLS:
        msg = f"{path}: {cells:,} cells; the limit is {MAX_CELLS:,}; clip it to the area first"
        raise LimitError(msg)


def _require_counts(path: str | os.PathLike[str], values: np.ndarray[Any, Any]) -> None:
    for bad, what in ((np.isinf(values), "infinite"), (values < 0, "negative")):
        if bad.any():
            row, col = (int(place[0]) for place in np.nonzero(bad))
            raise InputError(
                path, f"{int(bad.sum())} cells are {what} (first: {values[row, col]:.6g})",
                where=f"row {row}, column {col}",
                do="declare them as nodata in QGIS, or correct them",
            )  # fmt: skip


def _half_diagonal_m(transform: Any, x: Any, y: Any, system: str, crs: pyproj.CRS) -> float:
    """Half the diagonal of a cell with people: how far a person may be from its centre."""
    if len(x) == 0:
        return 0.0
    to_metres = pyproj.Transformer.from_crs(system, crs, always_xy=True)
    step_x, step_y = transform.a + transform.b, transform.d + transform.e
    east, north = to_metres.transform([x[0], x[0] + step_x], [y[0], y[0] + step_y])
    return round(float(np.hypot(np.diff(east), np.diff(north))[0]) / 2, 1)


def _from_layer(
    path: str | os.PathLike[str],
    read: gpd.GeoDataFrame,
    *,
    columns: Mapping[str, str] | None,
) -> gpd.GeoDataFrame:
    name = column(read, "population", columns=columns, source=path)
    if name is None:
        have = ", ".join(str(label) for label in read.columns.drop("geometry"))
        raise InputError(
            path, f"no column of people among {have}",
            do="name it population, or declare the column",
        )  # fmt: skip
    counts = numbers(read[name], source=path, thousands=True)
    negative = counts < 0
    if negative.any():
        raise InputError(
            path, f"{counts[negative].iloc[0]:g} people", where=rows_text(read.index[negative]),
            allowed="0 or more",
        )  # fmt: skip
    people = gpd.GeoDataFrame(
        {"population": counts, "area_id": "", "drawn_from": "open_data"}, geometry=read.geometry
    )
    people.index = pd.Index(
        [f"{Path(path).name}:{row}" for row in read.index], name="place_id", dtype="str"
    )
    return people
