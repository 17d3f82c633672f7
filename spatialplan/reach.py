"""What can be reached from a place: streets and the area around them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import engine
from ._choices import MOST_METRES
from ._choices import MOST_MINUTES
from .engine import UNREACHED
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

_MOST = {"minutes": MOST_MINUTES, "metres": MOST_METRES}
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
        ones are drawn on top: ``place_id``, ``mode``, ``limit_min`` or ``limit_m``,
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
                    "mode": network.mode,
                    column: limit / 60.0 if column == "limit_min" else limit,
                    "area_km2": area.area / 1e6,
                    "street_km": float(shapely.length(lines).sum()) / 1e3,
                    "access_m": float(here["access_m"].iloc[0]),
                    "geometry": area,
                }
            )
    columns = ["place_id", "mode", column, "area_km2", "street_km", "access_m", "geometry"]
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
    """Edges and parts of edges within `limit` of one located place; nothing twice."""
    leave = network.departures(here, cost)
    _, nodes, costs = engine.reached(network.engine(cost), leave, limit=limit)
    reached = np.full(len(network.nodes), UNREACHED)
    reached[nodes] = costs
    whole = network.edge_costs(cost)
    from_u, from_v = (_room(reached[end], limit, whole) for end in network.ends.T)
    from_v[network.oneway] = 0
    span = np.maximum(whole, 1)
    start, stop = from_u / span, 1.0 - from_v / span
    own = int(here["edge"].iloc[0])
    direct = _own_street(network, here, cost, limit)
    on_own = np.array(_joined([(0.0, start[own]), (stop[own], 1.0), direct]))
    lines = np.asarray(network.edges.geometry.array)
    full = from_u + from_v >= whole
    full[own] = False
    part = ~full & (from_u + from_v > 0)
    part[own] = False
    return np.concatenate(
        [
            lines[full],
            _substrings(lines[part], np.zeros(part.sum()), start[part]),
            _substrings(lines[part], stop[part], np.ones(part.sum())),
            _substrings(lines[np.full(len(on_own), own)], *on_own.T),
        ]
    )


def _room(reached: Array, limit: int, whole: Array) -> Array:
    """How far along an edge of cost `whole` one gets from an end reached at some cost."""
    left = limit - np.where(reached == UNREACHED, limit, reached)
    room: Array = np.minimum(left, whole)
    return room


def _own_street(
    network: Network, here: pd.DataFrame, cost: Cost, limit: int
) -> tuple[float, float]:
    """The part of the street a place stands on that is reached without passing its ends."""
    edge = int(here["edge"].iloc[0])
    share = float(here["share"].iloc[0])
    left = max(limit - int(network.access_costs(here, cost)[0]), 0)
    part = left / max(int(network.edge_costs(cost)[edge]), 1)
    back = share if network.oneway[edge] else max(share - part, 0.0)
    return back, min(share + part, 1.0)


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that do not overlap and cover what `spans` cover."""
    joined: list[tuple[float, float]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined


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
