"""Facilities from OpenStreetMap tags and from the tables and layers that users bring."""

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
from spatialplan.categories import category_hint
from spatialplan.categories import category_key
from spatialplan.categories import category_words
from spatialplan.errors import InputError
from spatialplan.schema import FACILITIES
from spatialplan.schema import check
from spatialplan.tables import column
from spatialplan.tables import numbers
from spatialplan.tables import read_layer
from spatialplan.tables import rows_text
from spatialplan.tables import texts

from ._mapping import matching_rules
from ._mapping import osm_name
from ._mapping import read_mapping

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

_log = logging.getLogger(__name__)

COLUMNS = (
    "category", "name_zh", "area_m2", "capacity", "stand_in_zh", "stand_in_en", "source",
    "drawn_from",
)  # fmt: skip


def read_facilities(
    path: str | os.PathLike[str],
    *,
    crs: pyproj.CRS,
    datum: str | None = None,
    category: str | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """
    Facilities of one file, as the file has them: duplicates are left to `merge_duplicates`.

    Parameters
    ----------
    path
        OpenStreetMap file, CSV, XLSX, GeoJSON, GPKG, SHP, KML or KMZ.
    crs
        Metric system of the result.
    datum
        ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``; required where coordinates are
        degrees, except in an OpenStreetMap file.
    category
        Category of every row, as key or Chinese or English name; without it the file
        needs a category column. Not used for OpenStreetMap files.
    columns
        Columns by role where they have no usual name, such as ``{"name": "POI名"}``.
    layer
        Sheet of a workbook or layer of a GeoPackage.
    mapping
        Own mapping of OpenStreetMap tags instead of ``layers/facilities/osm.yaml``.

    Returns
    -------
    GeoDataFrame
        FACILITIES: index ``place_id``; ``category``, ``name_zh`` (as in the data, empty
        if unknown), ``area_m2`` (nan for points), ``capacity`` (nan if unknown),
        ``stand_in_zh``, ``stand_in_en``, ``source``, ``drawn_from``. An object that serves several
        categories has a row for each.

    Raises
    ------
    InputError
        If the file cannot be used, or a category is unknown.
    CRSError
        If the datum or coordinate system is missing or wrong.
    """
    if str(path).lower().endswith(osm.SUFFIXES):
        found = _from_osm(path, crs=crs, mapping=mapping)
    else:
        read = read_layer(path, crs=crs, datum=datum, columns=columns, layer=layer)
        found = _from_layer(path, read, category=category, columns=columns)
    _log.info("%s: %d facilities", path, len(found))
    return check(found, FACILITIES)


def _from_osm(
    path: str | os.PathLike[str], *, crs: pyproj.CRS, mapping: str | os.PathLike[str] | None
) -> gpd.GeoDataFrame:
    """Rows of every object that a rule of the mapping names."""
    rules = read_mapping(mapping)
    features = osm.read_features(path, sorted(rules.by_key)).to_crs(crs)
    # An area's node on its own outline carries no tags, so a relation or way is one row.
    is_area = features.geom_type.isin(["Polygon", "MultiPolygon"])
    area_m2 = features.area.where(is_area)
    names = features["tags"].map(osm_name)
    rows = [
        (number, rule.category, name, rule.stand_in_zh, rule.stand_in_en)
        for number, (tags, name, areal, size) in enumerate(
            zip(features["tags"], names, is_area, area_m2, strict=True)
        )
        for rule in matching_rules(rules, tags, name=name, is_area=areal, area_m2=size)
    ]
    told = ["row", "category", "name_zh", "stand_in_zh", "stand_in_en"]
    table = pd.DataFrame(rows, columns=told)
    number = table.pop("row").to_numpy(dtype="int64")
    table["area_m2"] = area_m2.to_numpy()[number]
    table["capacity"] = np.nan
    table["source"], table["drawn_from"] = osm.CREDIT, "open_data"
    table.index = pd.Index(features.index[number] + ":" + table["category"], name="place_id")
    return gpd.GeoDataFrame(
        table[list(COLUMNS)], geometry=features.geometry.to_numpy()[number], crs=crs
    )


def _from_layer(
    path: str | os.PathLike[str],
    read: gpd.GeoDataFrame,
    *,
    category: str | None,
    columns: Mapping[str, str] | None,
) -> gpd.GeoDataFrame:
    """FACILITIES of a frame as read, with what its columns tell."""

    def told(role: str) -> pd.Series[Any] | None:
        name = column(read, role, columns=columns, source=path)
        return None if name is None else read[name]

    names, capacity, area_m2 = told("name"), told("capacity"), told("area_m2")
    is_area = read.geom_type.isin(["Polygon", "MultiPolygon"])
    table = pd.DataFrame(
        {
            "category": _categories(path, read, category=category, told=told("category")),
            "name_zh": "" if names is None else texts(names),
            "area_m2": read.area.where(is_area, _measured(path, area_m2)),
            "capacity": _measured(path, capacity),
            "stand_in_zh": "",
            "stand_in_en": "",
            "source": Path(path).name,
            "drawn_from": "open_data",
        },
        index=read.index,
    )
    parks_as_points = (table["category"] == "park") & ~is_area
    if parks_as_points.any():
        _log.warning(
            "%s: %d parks are points; without their outline their size and edge are unknown",
            path, parks_as_points.sum(),
        )  # fmt: skip
    found = gpd.GeoDataFrame(table, geometry=read.geometry)
    found.index = pd.Index(
        [f"{Path(path).name}:{row}" for row in read.index], name="place_id", dtype="str"
    )
    return found


def _measured(path: str | os.PathLike[str], told: pd.Series[Any] | None) -> Any:
    return np.nan if told is None else numbers(told, source=path, thousands=True, blank=True)


def _categories(
    path: str | os.PathLike[str],
    read: gpd.GeoDataFrame,
    *,
    category: str | None,
    told: pd.Series[Any] | None,
) -> pd.Series[Any]:
    """Category key of each row, from a key or a name in either language."""
    if category is None and told is None:
        raise InputError(
            path, "no category: neither declared nor in a column",
            do="declare the category of the file, or add a column 'category'",
        )  # fmt: skip
    keys = category_words()
    if told is None or category is not None:
        return pd.Series(category_key(str(category), source=path), index=read.index)
    words = texts(told)
    # Map services write the whole path of a category, from the widest to the narrowest.
    last = words.str.rpartition(";")[2].str.strip()
    unknown_path = words.str.contains(";") & ~words.isin(list(keys))
    words = words.mask(unknown_path, last)
    unknown = ~words.isin(list(keys))
    if unknown.any():
        word = words[unknown].iloc[0]
        raise InputError(
            path, f"unknown category {word!r}", where=rows_text(words.index[unknown]),
            do=category_hint(word)
            + (" or name one for the whole file: FILE=CATEGORY" if unknown_path.any() else ""),
        )  # fmt: skip
    return words.map(keys)
