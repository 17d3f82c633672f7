"""Grids as pictures on the earth: one number for each class, with its colour and its words."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import rasterio
import rasterio.io
import rasterio.shutil
from rasterio.transform import Affine

from spatialplan.cartography import layer_cells

from ._names import table_names
from ._xml import document
from ._xml import node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NO_DATA = 255


def grid_names(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Grid layers of the content by ASCII names."""
    layers = [layer for layer in content["layers"] if layer["type"] == "grid"]
    return dict(zip(table_names(f"grid_{one['id']}" for one in layers), layers, strict=True))


def write_grid(layer: Mapping[str, Any], path: Path) -> None:
    """Write a grid layer as GeoTIFF with a colour table."""
    with _picture(layer) as picture:
        rasterio.shutil.copy(picture.name, path, driver="GTiff", COMPRESS="DEFLATE")


def class_names(layer: Mapping[str, Any], *, lang: str) -> str:
    """What the numbers of a grid stand for: GDAL, and so every GIS, reads it beside the grid."""
    told = [part[f"label_{lang}"] or part["label_zh"] for part in layer["classes"]]
    names = node("CategoryNames", None, *(node("Category", None, text=label) for label in told))
    band = node("PAMRasterBand", {"band": 1}, names)
    return document(node("PAMDataset", None, band), qgis=False)


def add_grid(layer: Mapping[str, Any], path: Path, *, name: str, called: str) -> None:
    """Add a grid layer to a GeoPackage as a table of tiles, in its colours."""
    table = name.upper()  # rasterio makes capitals of all options
    with _picture(layer) as picture:
        rasterio.shutil.copy(
            picture.name, path, driver="GPKG", RASTER_TABLE=table, APPEND_SUBDATASET="YES",
            TILE_FORMAT="PNG8",
        )  # fmt: skip
    with contextlib.closing(sqlite3.connect(path)) as written:
        query = "UPDATE gpkg_contents SET description = ? WHERE table_name = ?"
        written.execute(query, (called, table))
        written.commit()


def _picture(layer: Mapping[str, Any]) -> rasterio.io.MemoryFile:
    """The classes of the cells as a GeoTIFF in memory."""
    cells = layer_cells(layer)[1]
    height, width = cells.shape
    west, south, east, north = layer["bounds_3857"]
    place = Affine((east - west) / width, 0, west, 0, (south - north) / height, north)
    memory = rasterio.io.MemoryFile()
    with memory.open(
        driver="GTiff", width=width, height=height, count=1, dtype="uint8", nodata=NO_DATA,
        crs="EPSG:3857", transform=place,
    ) as picture:  # fmt: skip
        picture.write(np.where(cells < 0, NO_DATA, cells).astype(np.uint8), 1)
        colors = {
            number: (*bytes.fromhex(part["color"].removeprefix("#")), 255)
            for number, part in enumerate(layer["classes"])
        }
        picture.write_colormap(1, {**colors, NO_DATA: (0, 0, 0, 0)})
    return memory
