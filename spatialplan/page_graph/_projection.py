"""What a page needs to know to turn degrees into the metres of a base, and back."""

from __future__ import annotations

from typing import Any

from spatialplan.errors import CRSError

_TRANSVERSE_MERCATOR = "9807"
_ORIGIN_LAT, _LON0, _SCALE = "8801", "8802", "8805"
_EAST, _NORTH = "8806", "8807"
_DATUMS = (4326, 4490)


def projection_facts(crs: Any) -> dict[str, float]:
    """
    Ellipsoid and projection of a metric system.

    Parameters
    ----------
    crs
        CGCS2000 in a zone of Gauss and Krueger, or UTM.

    Returns
    -------
    dict
        ``a`` and ``f`` (metres and flattening of the ellipsoid), ``lon0`` (degrees), ``k0``
        (scale there), ``east_m`` and ``north_m`` (false easting and northing).

    Raises
    ------
    CRSError
        If the system is another.

    Examples
    --------
    >>> import pyproj
    >>> facts = projection_facts(pyproj.CRS.from_epsg(4549))
    >>> facts["lon0"], facts["k0"], facts["east_m"], round(1 / facts["f"], 4)
    (120.0, 1.0, 500000.0, 298.2572)
    """
    operation = crs.coordinate_operation
    values = {} if operation is None else {one.code: one.value for one in operation.params}
    flat = operation is not None and operation.method_code == _TRANSVERSE_MERCATOR
    if not flat or values[_ORIGIN_LAT] != 0 or crs.geodetic_crs.to_epsg() not in _DATUMS:
        raise CRSError("walk graph", f"coordinate system {crs.name}",
                       allowed="CGCS2000 Gauss-Krueger zones, UTM on WGS 84")  # fmt: skip
    ellipsoid = crs.ellipsoid
    return {
        "a": ellipsoid.semi_major_metre,
        "f": 1.0 / ellipsoid.inverse_flattening,
        "lon0": values[_LON0],
        "k0": values[_SCALE],
        "east_m": values[_EAST],
        "north_m": values[_NORTH],
    }
