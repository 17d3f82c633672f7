"""What tables must promise to be streets."""

from __future__ import annotations

from numbers import Real
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from spatialplan._choices import SPEEDS_KMH
from spatialplan.errors import InputError
from spatialplan.errors import SchemaError
from spatialplan.schema import EDGES
from spatialplan.schema import NODES
from spatialplan.schema import check

from ._shapes import crs_name

FARTHEST_M = 1e100
"""Squares of coordinates far beyond this overflow, and the geometry library fails on them."""

MOST_LENGTH_M = 40_000_000.0
"""Once around the earth: no street is longer."""


def require_tables(nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> None:
    """Refuse tables that break their promises, or lie in different systems."""
    check(nodes, NODES)
    check(edges, EDGES)
    if nodes.crs != edges.crs:
        raise SchemaError("edges", f"coordinate system {crs_name(edges.crs)}",
                          allowed=f"that of the nodes, {crs_name(nodes.crs)}")  # fmt: skip


def require_streets(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, ends: np.ndarray[Any, np.dtype[np.int64]]
) -> None:
    """
    Refuse tables that are no streets.

    Parameters
    ----------
    nodes, edges
        NODES and EDGES that `require_tables` lets pass.
    ends
        Positions of the nodes at both ends of every edge, -1 where there is none.

    Raises
    ------
    SchemaError
        With all that is wrong with the edges.
    """
    ferries_only = "highway" in edges.columns and (edges["highway"] == "ferry").all()
    faults = ["no street"] if ferries_only or edges.empty else []
    if (ends < 0).any():
        bad = edges.index[(ends < 0).any(axis=1)]
        faults.append(f"{len(bad)} end at a node that is not in `nodes`, first edge {bad[0]}")
    elif (turned := _turned(nodes, edges, ends)).any():
        bad = edges.index[turned]
        faults.append(f"{len(bad)} are drawn from v to u, not from u to v, first edge {bad[0]}")
    if not edges["length_m"].between(0, MOST_LENGTH_M).all():
        faults.append(f"'length_m' is not finite, or over {MOST_LENGTH_M:,.0f}")
    slow, fast = SPEEDS_KMH
    if not edges["speed_kmh"].between(slow, fast).all():
        faults.append(f"'speed_kmh' is not from {slow:g} to {fast:g}")
    if faults:
        raise SchemaError("edges", "; ".join(faults))


def require_speed(speed_kmh: object) -> float:
    """Speed of a street."""
    slow, fast = SPEEDS_KMH
    if not isinstance(speed_kmh, Real) or not slow <= float(speed_kmh) <= fast:
        raise InputError("speed_kmh", str(speed_kmh), allowed=f"{slow:g} to {fast:g}")
    return float(speed_kmh)


def require_places(places: gpd.GeoDataFrame, crs: Any) -> None:
    """Refuse places in another system than that of the network, or without coordinates."""
    if places.crs != crs:
        raise InputError("places", f"coordinate system {crs_name(places.crs)}",
                         allowed=f"that of the network, {crs_name(crs)}",
                         do="call to_crs first")  # fmt: skip
    shapes = places.geometry.to_numpy()
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    absent[owner[~(np.abs(xy) < FARTHEST_M).all(axis=1)]] = True
    if absent.any():
        raise InputError("places", f"no coordinates within {FARTHEST_M:.0e} m",
                         where=str(places.index[int(np.argmax(absent))]))  # fmt: skip


def _turned(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, ends: np.ndarray[Any, np.dtype[np.int64]]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether the line of each edge starts nearer to its second node than to its first."""
    first = shapely.get_point(edges.geometry.to_numpy(), 0)
    from_u, from_v = shapely.distance(nodes.geometry.to_numpy()[ends.T], first)
    turned: np.ndarray[Any, np.dtype[np.bool_]] = from_u > from_v
    return turned
