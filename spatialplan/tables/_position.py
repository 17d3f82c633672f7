"""Coordinates: checked to be what they claim to be, then converted to metres."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from spatialplan.crs import geometry_to_wgs84
from spatialplan.errors import CRSError
from spatialplan.errors import InputError

from ._columns import rows_text

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import pandas as pd

_log = logging.getLogger(__name__)

_SHAPES = ("Point", "MultiPoint", "Polygon", "MultiPolygon")
SHIFTED = ("gcj02", "bd09")  # shifted degrees: no projected coordinates are of these
_METRES = 1_000.0  # no degree is as large as this
_MARGIN_DEG = 3.0  # data may reach this far past the area a system is meant for
_DECLARE = "declare the datum: wgs84, cgcs2000, gcj02 (Gaode, Tencent) or bd09 (Baidu)"


def require_shapes(path: Path, frame: gpd.GeoDataFrame) -> None:
    other = ~frame.geometry.geom_type.isin(_SHAPES)
    if other.any():
        kinds = ", ".join(sorted(set(frame.geometry.geom_type[other])))
        raise InputError(
            path, kinds, where=rows_text(frame.index[other]), allowed="points and polygons"
        )


def projected(
    path: Path, frame: gpd.GeoDataFrame, *, datum: str | None, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    """Coordinates in `crs`, after every check that they are what they claim to be."""
    if frame.crs is None:
        _require_declared(path, frame, datum)
    datum = datum_of(path, frame.crs, stated=datum)
    if _is_bare(frame.crs) or _is_cgcs2000(frame.crs):
        if datum is None:
            raise CRSError(path, "coordinates in degrees of an unknown datum", do=_DECLARE)
        _require_degrees(path, frame, datum)
        moved = geometry_to_wgs84(frame.geometry.to_numpy(), datum=datum)
        return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=4326)).to_crs(crs)
    _require_inside(path, frame)
    return frame.to_crs(crs)


def datum_of(
    path: str | os.PathLike[str],
    crs: pyproj.CRS | None,
    *,
    stated: str | None,
    default: str | None = None,
) -> str | None:
    """
    Datum of coordinates that are stored in `crs`; None where `crs` itself says all.

    Degrees of WGS 84 or of no system may be of any datum, whatever the file says; so what
    is `stated` for this file counts, else the `default`. Degrees of CGCS2000 are that
    unless something else is stated, and no other system can be of a shifted datum.

    Raises
    ------
    CRSError
        If a shifted datum is stated for coordinates that have a system of their own.
    """
    if _is_bare(crs):
        return stated or default
    if _is_cgcs2000(crs):
        return stated or "cgcs2000"
    if stated in SHIFTED:
        raise CRSError(
            path, f"declared {stated}, but stored in {crs.name if crs else 'no system'}",
            do="leave the datum out, or export the original degrees",
        )  # fmt: skip
    return None


def _is_bare(crs: pyproj.CRS | None) -> bool:
    """Whether this is what software writes for any degrees; axes may stand either way."""
    return crs is None or crs.to_epsg() == 4326 or crs.equals(4326, ignore_axis_order=True)


def _is_cgcs2000(crs: pyproj.CRS | None) -> bool:
    return crs is not None and crs.to_epsg() == 4490


def _require_declared(path: Path, frame: gpd.GeoDataFrame, datum: str | None) -> None:
    """Refuse a layer without coordinate system, unless it is in degrees of a declared datum."""
    x, y = frame.total_bounds[2:]
    if abs(x) > _METRES or abs(y) > _METRES:
        hint = _gauss_krueger(x)
        raise CRSError(
            path, f"no coordinate system, and coordinates in metres (to {x:.0f}, {y:.0f})",
            do=f"add its .prj or set its system in QGIS{f' (perhaps {hint})' if hint else ''}",
        )  # fmt: skip
    if datum is None:
        raise CRSError(path, "no coordinate system", do=_DECLARE)


def _gauss_krueger(easting: float) -> str:
    """The 3-degree CGCS2000 zone that an easting with zone prefix names."""
    zone = int(easting // 1_000_000)
    return f"EPSG:{4488 + zone}" if 25 <= zone <= 45 else ""  # the zones of China


def _require_inside(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Refuse coordinates that lie far from where their system is meant for."""
    west, south, east, north = frame.total_bounds
    prefixed = _gauss_krueger(east)
    code = frame.crs.to_epsg() or 0
    if prefixed and not 4513 <= code <= 4533:  # the systems with zone prefix
        raise CRSError(
            path, f"eastings with a zone prefix (to {east:.0f}), but declared {frame.crs.name}",
            do=f"set its coordinate system to {prefixed}",
        )  # fmt: skip
    to_degrees = pyproj.Transformer.from_crs(frame.crs, 4326, always_xy=True)
    lon, lat = to_degrees.transform([west, east], [south, north])
    area = frame.crs.area_of_use
    limits = (area.west, area.south, area.east, area.north) if area else (-180, -90, 180, 90)
    inside = (
        np.isfinite([*lon, *lat]).all()
        and limits[0] - _MARGIN_DEG <= min(lon)
        and max(lon) <= limits[2] + _MARGIN_DEG
        and limits[1] - _MARGIN_DEG <= min(lat)
        and max(lat) <= limits[3] + _MARGIN_DEG
    )
    if not inside:
        raise CRSError(
            path, f"coordinates {west:.6g}, {south:.6g} to {east:.6g}, {north:.6g} lie outside "
            f"the area of {frame.crs.name}", do="set the coordinate system it is really in",
        )  # fmt: skip


def _require_degrees(path: Path, frame: gpd.GeoDataFrame, datum: str) -> None:
    """Refuse what cannot be longitude and latitude, and say what it looks like."""
    bounds = frame.geometry.bounds
    lon = bounds["minx"].where(bounds["minx"].abs() > bounds["maxx"].abs(), bounds["maxx"])
    lat = bounds["miny"].where(bounds["miny"].abs() > bounds["maxy"].abs(), bounds["maxy"])
    metres = (lon.abs() > _METRES) | (lat.abs() > _METRES)
    swapped = _looks_swapped(lon, lat, datum) & ~metres
    outside = (lon.abs() > 180) | (lat.abs() > 90)
    for bad, found, do in (
        (metres, "metres where degrees should stand",
         "hand in degrees, or a layer that carries its coordinate system"),
        (swapped, "longitude and latitude look swapped", "swap the columns"),
        (outside, "longitude over 180 or latitude over 90 degrees", "correct these rows"),
    ):  # fmt: skip
        if bad.any():
            first = bad.idxmax()
            raise CRSError(
                path, f"{found} ({lon[first]:.7g}, {lat[first]:.7g})",
                where=rows_text(frame.index[bad]), do=do,
            )  # fmt: skip


def _looks_swapped(lon: pd.Series[Any], lat: pd.Series[Any], datum: str) -> pd.Series[Any]:
    """Whether a pair only makes sense the other way: as a place on Earth, or as one in China."""
    impossible = (lat.abs() > 90) & (lat.abs() <= 180) & (lon.abs() <= 90)
    # 73-90 degrees east is western China; as a latitude it is the Arctic, where the only
    # inhabited places lie west of 18 degrees east.
    south = 18.0 if datum == "wgs84" else 3.0
    return impossible | (lat.between(73, 136) & lon.between(south, 54))


def repaired(path: Path, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Valid polygons; what was mended is logged with the change of area."""
    bad = ~frame.geometry.is_valid
    if not bad.any():
        return frame
    shapes = frame.geometry.array.copy()
    shapes[bad] = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
    after = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    lost = after.geometry.is_empty
    if lost.any():
        raise InputError(path, "polygons without area", where=rows_text(frame.index[lost]))
    _log.warning(
        "%s: %d invalid polygons repaired (%s); their area went from %.0f to %.0f m2",
        path, bad.sum(), rows_text(frame.index[bad]), frame.area[bad].sum(), after.area[bad].sum(),
    )  # fmt: skip
    return after
