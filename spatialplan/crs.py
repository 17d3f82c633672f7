"""
Datums and projections: from the four datums of Chinese data to metres.

``wgs84`` and ``cgcs2000`` are treated as equal (they differ by centimetres).
``gcj02`` (Gaode, Tencent) and ``bd09`` (Baidu) are shifted by hundreds of
metres and are converted when a file is read; no datum is ever guessed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import shapely

from ._choices import DATUMS
from .errors import CRSError

_SEMI_MAJOR = 6378245.0  # Krasovsky 1940, which GCJ-02 is defined on
_ECCENTRICITY2 = 0.00669342162296594323
_BD_ANGLE = np.pi * 3000.0 / 180.0
_INVERSE_ROUNDS = 10  # each round shrinks the error about 1,000 times; six reach 1e-12 degrees

Array = np.ndarray[Any, np.dtype[np.float64]]


def metric_crs(lon: float, lat: float) -> pyproj.CRS:
    """
    The projected system in metres for data around one place.

    Between 73.5 and 136.5 degrees east and 3 to 54 north: CGCS2000, 3-degree
    Gauss-Krueger zone by its central meridian (EPSG:4534-4554). Elsewhere: the
    UTM zone of the place.

    Examples
    --------
    >>> metric_crs(119.97, 31.81).to_epsg()      # Changzhou
    4549
    >>> metric_crs(120.03, 31.81).to_epsg()      # no jump at 120 degrees east
    4549
    >>> metric_crs(14.4, 35.9).to_epsg()         # Malta
    32633
    """
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        raise CRSError("coordinates", f"longitude {lon:.6g}, latitude {lat:.6g}",
                       allowed="longitude -180 to 180, latitude -85 to 85",
                       do="declare the coordinate system, or swap the two columns")  # fmt: skip
    if 73.5 <= lon < 136.5 and 3 <= lat <= 54:
        return pyproj.CRS.from_epsg(4534 + round((lon - 75) / 3))
    zone = min(int((lon + 180) // 6) + 1, 60)
    return pyproj.CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


def to_wgs84(lon: Any, lat: Any, *, datum: str) -> tuple[Array, Array]:
    """
    Convert longitudes and latitudes of a declared datum to WGS 84.

    Parameters
    ----------
    lon, lat
        Degrees, arrays of equal length.
    datum
        ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09``.

    Returns
    -------
    tuple
        Longitudes and latitudes in WGS 84; the inverse of GCJ-02 is iterated
        until it moves by less than a millimetre. Outside mainland China's
        bounding box GCJ-02 equals WGS 84.

    Raises
    ------
    CRSError
        If the datum is not one of the four.

    Examples
    --------
    >>> lon, lat = to_wgs84([119.97875003], [31.80895900], datum="gcj02")
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (119.974, 31.811)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    require_datum(datum)
    if datum == "bd09":
        lon, lat = _bd09_to_gcj02(lon, lat)
    return _gcj02_to_wgs84(lon, lat) if datum in ("gcj02", "bd09") else (lon, lat)


def require_datum(datum: str) -> None:
    """Raise `CRSError` unless `datum` is one of `DATUMS`."""
    if datum not in DATUMS:
        raise CRSError("datum", repr(datum), allowed=", ".join(DATUMS))


def geometry_to_wgs84(geometry: Any, *, datum: str) -> Any:
    """Convert an array of shapely geometries in degrees of `datum` to WGS 84."""

    def convert(coordinates: Array) -> Array:
        return np.column_stack(to_wgs84(coordinates[:, 0], coordinates[:, 1], datum=datum))

    require_datum(datum)
    if datum in ("wgs84", "cgcs2000"):
        return geometry
    return shapely.transform(geometry, convert)


def from_wgs84(lon: Any, lat: Any, *, datum: str) -> tuple[Array, Array]:
    """
    Convert WGS 84 longitudes and latitudes to a datum; the inverse of `to_wgs84`.

    Examples
    --------
    >>> lon, lat = from_wgs84([119.9740], [31.8110], datum="bd09")
    >>> round(float(lon[0]), 8), round(float(lat[0]), 8)
    (119.98521656, 31.81512052)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    require_datum(datum)
    if datum in ("wgs84", "cgcs2000"):
        return lon, lat
    lon, lat = _wgs84_to_gcj02(lon, lat)
    return _gcj02_to_bd09(lon, lat) if datum == "bd09" else (lon, lat)


def _wgs84_to_gcj02(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Add the published GCJ-02 offset; outside China's bounding box there is none."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (wave + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (wave + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0

    phi = np.radians(lat)
    curve = 1.0 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian = _SEMI_MAJOR * (1.0 - _ECCENTRICITY2) / (curve * np.sqrt(curve))
    parallel = _SEMI_MAJOR / np.sqrt(curve) * np.cos(phi)
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return (
        np.where(inside, lon + np.degrees(east / parallel), lon),
        np.where(inside, lat + np.degrees(north / meridian), lat),
    )


def _gcj02_to_wgs84(lon: Array, lat: Array) -> tuple[Array, Array]:
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(_INVERSE_ROUNDS):
        there_lon, there_lat = _wgs84_to_gcj02(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (lon - there_lon), guess_lat + (lat - there_lat)
    return guess_lon, guess_lat


def _gcj02_to_bd09(lon: Array, lat: Array) -> tuple[Array, Array]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _bd09_to_gcj02(lon: Array, lat: Array) -> tuple[Array, Array]:
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(_INVERSE_ROUNDS):
        there_lon, there_lat = _gcj02_to_bd09(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (lon - there_lon), guess_lat + (lat - there_lat)
    return guess_lon, guess_lat
