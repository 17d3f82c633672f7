"""
Street networks for walking, cycling and driving, from OSM files and line layers.

Which way is a street, for whom, in which direction and how fast is data:
``layers/streets/access.yaml``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj

from spatialplan._choices import MODES
from spatialplan.crs import metric_crs
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.osm import SUFFIXES

from ._access import read_rules
from ._lines import read_lines
from ._osm import read_osm
from ._tables import mode_segments
from ._tables import street_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from ._access import Rules
    from ._raw import RawStreets

__all__ = ["MODES", "read_streets"]


def read_streets(
    path: str | os.PathLike[str],
    *,
    modes: Iterable[str] = MODES,
    crs: pyproj.CRS | None = None,
    source_crs: pyproj.CRS | None = None,
    datum: str = "wgs84",
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> dict[str, tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]]:
    """
    Street network of each mode: junctions, and the streets between them.

    Nodes at which nobody can turn are merged into the streets that pass them.

    Parameters
    ----------
    path
        An OSM file (``.osm.pbf``, ``.osm.gz``, ``.osm.bz2``, ``.osm``), or a line layer
        (GPKG, GeoJSON, SHP, parquet) with, optionally, columns ``highway``, ``oneway``,
        ``maxspeed`` or ``speed_kmh``, and ``u``, ``v`` for the end nodes.
    modes
        Of ``walk``, ``bike`` and ``drive``.
    crs
        Projected system of the result; by default `spatialplan.crs.metric_crs` of the
        middle of the data.
    source_crs
        System of a line layer that names none.
    datum
        Datum of the longitudes and latitudes in the file, see `spatialplan.crs.DATUMS`;
        a shifted one is refused where the file is not in degrees.
    progress
        Wraps the modes while they are worked on.

    Returns
    -------
    dict
        For each mode that has streets its nodes and edges. Nodes: index ``node_id``
        (the file's id; negative at a barrier), ``component`` (strongly connected, 0 the
        largest), ``component_size`` (street nodes before merging), geometry. Edges:
        index ``edge_id``, ``u``, ``v``, ``length_m`` (on the ellipsoid), ``speed_kmh``,
        ``oneway`` (only from `u` to `v`), ``highway`` (class of its longest part),
        ``n_merged`` (nodes merged), geometry from `u` to `v`.

    Raises
    ------
    InputError
        If the file is missing, cannot be read or holds no street of these modes.
    CRSError
        If a line layer has no coordinate system, `crs` is not in metres, or `datum`
        contradicts the file.
    """
    rules = read_rules()
    wanted = _known_modes(modes, rules)
    raw = _read(path, rules, source_crs=source_crs, datum=datum)
    target = _metres(crs or _crs_of(raw, path))
    transformer = pyproj.Transformer.from_crs(4326, target, always_xy=True)
    points = np.column_stack(transformer.transform(raw.nodes["lon"], raw.nodes["lat"]))
    tables = {}
    for mode in progress(wanted):
        segments = mode_segments(raw, rules, mode)
        if len(segments):
            tables[mode] = street_tables(segments, points, crs=target)
    if not tables:
        raise InputError(path, f"no street way is open to {', '.join(wanted)}")
    return tables


def _known_modes(modes: Iterable[str], rules: Rules) -> list[str]:
    wanted = list(dict.fromkeys(modes))
    unknown = [mode for mode in wanted if mode not in rules.modes]
    if unknown or not wanted:
        raise InputError("modes", repr(unknown or wanted), allowed=", ".join(rules.modes))
    return wanted


def _read(
    path: str | os.PathLike[str], rules: Rules, *, source_crs: pyproj.CRS | None, datum: str
) -> RawStreets:
    if os.fspath(path).lower().endswith(SUFFIXES):
        raw = read_osm(path, rules=rules, datum=datum)
    else:
        raw = read_lines(path, rules=rules, source_crs=source_crs, datum=datum)
    if raw.segments.empty:
        raise InputError(
            path,
            "no street way found",
            allowed="ways with a highway tag, or lines",
            do="check that the extract is whole and covers the area",
        )
    return raw


def _crs_of(raw: RawStreets, path: str | os.PathLike[str]) -> pyproj.CRS:
    """System of the middle of the streets, which must lie on Earth to have one."""
    try:
        return metric_crs(*(raw.nodes.min() + raw.nodes.max()) / 2)
    except CRSError as error:
        raise CRSError(path, error.found, allowed=error.allowed, do=error.do) from error


def _metres(crs: pyproj.CRS) -> pyproj.CRS:
    if crs.is_geographic or {axis.unit_name for axis in crs.axis_info} != {"metre"}:
        raise CRSError("crs", crs.to_string(), allowed="a projected system in metres")
    return crs
