"""Streets before any rule is applied: nodes and two-point segments, whatever the file."""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyproj

from spatialplan.crs import to_wgs84

Tags = dict[str, str]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

_ELLIPSOID = pyproj.Geod(ellps="WGS84")


class RawStreets(NamedTuple):
    """
    What a street file says.

    Parameters
    ----------
    nodes
        Index ``node_id``, columns ``lon`` and ``lat`` in WGS 84.
    segments
        One row per pair of neighbouring nodes of a way: ``u``, ``v`` (node ids in the
        way's direction), ``way`` (position in `ways`), ``length_m`` (geodesic).
    ways
        The tags of every way; ``highway`` is its class in the rules.
    barriers
        The tags of every node that is a barrier.
    """

    nodes: pd.DataFrame
    segments: pd.DataFrame
    ways: list[Tags]
    barriers: dict[int, Tags]


def join_ways(
    node: Ints, way: Ints, *, lon: Floats, lat: Floats, datum: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Nodes and segments of ways that are given as one long row of vertices.

    A vertex without coordinates (nan) takes part in no segment, and a vertex that
    repeats the one before it makes none. Coordinates come in `datum`.
    """
    lon, lat = to_wgs84(lon, lat, datum=datum)
    located = np.isfinite(lon) & np.isfinite(lat)
    pair = (way[:-1] == way[1:]) & located[:-1] & located[1:] & (node[:-1] != node[1:])
    length = _ELLIPSOID.inv(lon[:-1][pair], lat[:-1][pair], lon[1:][pair], lat[1:][pair])[2]
    segments = pd.DataFrame(
        {"u": node[:-1][pair], "v": node[1:][pair], "way": way[:-1][pair], "length_m": length}
    )
    used = np.zeros(len(node), dtype=bool)
    used[:-1] |= pair
    used[1:] |= pair
    labels, first = np.unique(node[used], return_index=True)
    nodes = pd.DataFrame(
        {"lon": lon[used][first], "lat": lat[used][first]},
        index=pd.Index(labels, name="node_id"),
    )
    return nodes, segments
