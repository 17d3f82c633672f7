"""Administrative areas from OpenStreetMap or from a polygon layer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from spatialplan import osm
from spatialplan.errors import InputError
from spatialplan.schema import BOUNDARIES
from spatialplan.schema import check
from spatialplan.tables import column
from spatialplan.tables import numbers
from spatialplan.tables import read_layer
from spatialplan.tables import rows_text
from spatialplan.tables import texts

from ._mapping import osm_name

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

_log = logging.getLogger(__name__)


def read_boundaries(
    path: str | os.PathLike[str],
    *,
    crs: pyproj.CRS,
    datum: str | None = None,
    level: int | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Administrative areas of one file.

    Parameters
    ----------
    path
        OpenStreetMap file (``boundary=administrative`` with an ``admin_level``) or a
        polygon layer.
    crs
        Metric system of the result.
    datum
        Datum of a layer in degrees; see `read_facilities`.
    level
        Keep the areas of this level only; a layer without a level column is of this
        level as a whole.
    columns
        Columns by role (``area_id``, ``name``, ``level``) where they have no usual name.
    layer
        Layer of a GeoPackage.

    Returns
    -------
    GeoDataFrame
        BOUNDARIES: index ``area_id``; ``name_zh``, ``level`` (0 where unknown). Empty
        if the file has no such area: an extract may lie inside one.

    Raises
    ------
    InputError
        If the file cannot be used or holds no area of the level asked for.
    CRSError
        If the datum or coordinate system is missing or wrong.
    """
    if str(path).lower().endswith(osm.SUFFIXES):
        areas = _from_osm(path, crs)
    else:
        read = read_layer(path, crs=crs, datum=datum, columns=columns, layer=layer)
        areas = _from_layer(path, read, columns=columns, level=level or 0)
    if level is not None:
        areas = areas[areas["level"] == level]
    if len(areas) == 0 and level is not None:
        raise InputError(path, f"holds no administrative area of level {level}")
    return check(areas, BOUNDARIES)


def _from_osm(path: str | os.PathLike[str], crs: pyproj.CRS) -> gpd.GeoDataFrame:
    features = osm.read_features(path, ["boundary"]).to_crs(crs)
    tags = features["tags"]
    table = pd.DataFrame(
        {
            "name_zh": tags.map(osm_name).astype("str"),
            "level": pd.to_numeric(tags.map(lambda own: own.get("admin_level")), errors="coerce"),
        }
    )
    wanted = features.geom_type.isin(["Polygon", "MultiPolygon"]) & table["level"].notna()
    wanted &= tags.map(lambda own: own.get("boundary") == "administrative")
    # Nobody can read a table by areas without a name; in practice these are islets.
    wanted &= table["name_zh"] != ""
    table["level"] = table["level"].where(wanted, 0).astype("int64")
    areas = gpd.GeoDataFrame(table, geometry=features.geometry)[wanted]
    # The outline of a relation is often tagged like the relation, which sorts first.
    areas = areas.sort_index().rename_axis("area_id")
    place = areas.representative_point()
    same = pd.DataFrame({"level": areas["level"], "x": place.x.round(), "y": place.y.round()})
    return areas[~same.duplicated()]


def _from_layer(
    path: str | os.PathLike[str],
    read: gpd.GeoDataFrame,
    *,
    columns: Mapping[str, str] | None,
    level: int,
) -> gpd.GeoDataFrame:
    points = ~read.geom_type.isin(["Polygon", "MultiPolygon"])
    if points.any():
        raise InputError(path, "points", where=rows_text(read.index[points]), allowed="polygons")

    def told(role: str) -> pd.Series[Any] | None:
        name = column(read, role, columns=columns, source=path)
        return None if name is None else read[name]

    names, codes, levels = told("name"), told("area_id"), told("level")
    if names is None:
        _log.warning("%s: no column of names among %s; areas are named by their code only",
                     path, ", ".join(map(str, read.columns.drop("geometry"))))  # fmt: skip
    stem = Path(path).stem
    plain = [stem] if len(read) == 1 else [f"{stem}:{row}" for row in read.index]
    labels = pd.Series(plain, index=read.index) if codes is None else texts(codes)
    bad = labels.duplicated(keep=False) | (labels == "")
    if bad.any():
        raise InputError(
            path, "area codes missing or repeated", where=rows_text(read.index[bad]),
            do="declare a column with one code for each area",
        )  # fmt: skip
    table = {
        "name_zh": np.array("" if names is None else texts(names), dtype="str"),
        "level": level if levels is None else numbers(levels, source=path).astype("int64"),
    }
    frame = pd.DataFrame(table, index=read.index)
    areas = gpd.GeoDataFrame(frame, geometry=read.geometry)
    areas.index = pd.Index(labels, name="area_id", dtype="str")
    return areas
