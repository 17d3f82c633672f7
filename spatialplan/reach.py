"""What can be reached from a place: streets and the area around them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ._kernels import search
from ._kernels.search import UNREACHED
from .errors import InputError
from .network import UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .network import Cost
    from .network import Network

BUFFER_M = 40.0
"""Half the width drawn around a reached street."""

HOLE_M2 = 20_000.0
"""Holes smaller than this inside a reached area are closed: the inside of a block, not a lake."""

_MOST = {"minutes": 24 * 60.0, "metres": 500_000.0}
Array = np.ndarray[Any, Any]


def isochrone(
    places: gpd.GeoDataFrame,
    *,
    network: Network,
    minutes: Sequence[float] = (),
    metres: Sequence[float] = (),
) -> gpd.GeoDataFrame:
    """
    Areas that can be reached from places within some times or distances.

    The streets reached, the last one in part, widened by `BUFFER_M` on both
    sides; holes under `HOLE_M2` are closed. Never a hull: a river without a
    bridge stays a limit. The polygon is for drawing; coverage is counted on places.

    Parameters
    ----------
    places
        Points or polygons (their representative point).
    network
        Streets, in the same coordinate system.
    minutes, metres
        Limits, of one kind, above 0; at most 1,440 minutes or 500 km.

    Returns
    -------
    GeoDataFrame
        One row for each place and limit, the largest limit first so that smaller
        ones are drawn on top: ``place_id``, ``limit_min`` or ``limit_m``,
        ``area_km2``, ``street_km``, ``access_m``, polygon.

    Raises
    ------
    InputError
        If the limits are missing, of both kinds, or out of range.
    """
    limits, cost, column = _limits(minutes, metres)
    located = network.locate(places)
    rows = []
    for position in range(len(places)):
        here = located.iloc[[position]]
        for limit in sorted(limits, reverse=True):
            lines = _reached_lines(network, here, cost, round(limit * UNITS))
            area = _around(lines)
            rows.append(
                {
                    "place_id": places.index[position],
                    column: limit / 60.0 if column == "limit_min" else limit,
                    "area_km2": area.area / 1e6,
                    "street_km": float(shapely.length(lines).sum()) / 1e3,
                    "access_m": float(here["access_m"].iloc[0]),
                    "geometry": area,
                }
            )
    columns = ["place_id", column, "area_km2", "street_km", "access_m", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), crs=network.edges.crs)


def _limits(minutes: Sequence[float], metres: Sequence[float]) -> tuple[list[float], Cost, str]:
    if bool(minutes) == bool(metres):
        raise InputError("isochrone", "limits in both units or in none",
                         allowed="either minutes or metres")  # fmt: skip
    name = "minutes" if minutes else "metres"
    values = [float(value) for value in (minutes or metres)]
    bad = [value for value in values if not (0 < value <= _MOST[name])]
    if bad:
        raise InputError(name, f"{bad[0]:g}", allowed=f"above 0, at most {_MOST[name]:g}")
    if minutes:
        return [value * 60.0 for value in values], "time_s", "limit_min"
    return values, "length_m", "limit_m"


def _reached_lines(network: Network, here: pd.DataFrame, cost: Cost, limit: int) -> Array:
    """Edges and parts of edges within `limit` of one located place."""
    leave = network.departures(here, cost)
    reached, _ = search.spread(*network.graph(cost), leave.nodes[0], leave.costs[0], limit)
    ends = network.ends
    at_u, at_v = reached[ends[:, 0]], reached[ends[:, 1]]
    touched = np.flatnonzero((at_u != UNREACHED) | ((at_v != UNREACHED) & ~network.oneway))
    whole = network.edge_costs(cost)[touched]
    from_u = _room(at_u[touched], limit, whole)
    from_v = np.where(network.oneway[touched], 0, _room(at_v[touched], limit, whole))
    lines = np.asarray(network.edges.geometry.array)[touched]
    full = from_u + from_v >= whole
    pieces = [lines[full]]
    span = np.maximum(whole[~full], 1)
    for share_from, share_to in (
        (np.zeros(len(span)), from_u[~full] / span),
        (1.0 - from_v[~full] / span, np.ones(len(span))),
    ):
        pieces.append(_substrings(lines[~full], share_from, share_to))
    pieces.append(_own_street(network, here, cost, limit))
    return np.concatenate(pieces)


def _room(reached: Array, limit: int, whole: Array) -> Array:
    """How far along an edge of cost `whole` one gets from an end reached at some cost."""
    left = limit - np.where(reached == UNREACHED, limit, reached)
    room: Array = np.minimum(left, whole)
    return room


def _own_street(network: Network, here: pd.DataFrame, cost: Cost, limit: int) -> Array:
    """The part of the street a place stands on that is reached without passing its ends."""
    edge = int(here["edge"].iloc[0])
    whole = int(network.edge_costs(cost)[edge])
    left = limit - int(network.access_costs(here, cost)[0])
    if left < 0:
        return np.empty(0, dtype=object)
    share, part = float(here["share"].iloc[0]), left / max(whole, 1)
    back = share if network.oneway[edge] else max(share - part, 0.0)
    line = network.edges.geometry.array[edge]
    return _substrings(np.array([line]), np.array([back]), np.array([min(share + part, 1.0)]))


def _substrings(lines: Array, share_from: Array, share_to: Array) -> Array:
    some = share_to > share_from
    parts = [
        shapely.ops.substring(line, start, stop, normalized=True)
        for line, start, stop in zip(lines[some], share_from[some], share_to[some], strict=True)
    ]
    return np.array(parts, dtype=object)


def _around(lines: Array) -> Any:
    """Area around streets, with the insides of blocks closed."""
    area = shapely.union_all(shapely.buffer(lines, BUFFER_M, quad_segs=4))
    polygons = shapely.get_parts(area)
    return shapely.union_all(
        [
            shapely.Polygon(
                polygon.exterior,
                [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= HOLE_M2],
            )
            for polygon in polygons
        ]
    )
