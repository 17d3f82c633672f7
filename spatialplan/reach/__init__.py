"""What can be reached from a place: streets and the area around them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from numbers import Real
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from spatialplan._choices import MOST_METRES
from spatialplan._choices import MOST_MINUTES
from spatialplan.errors import InputError
from spatialplan.travel import cost_of
from spatialplan.travel import several
from spatialplan.travel import whole_units

from ._cut import cut
from ._parts import reached_parts
from ._ribbons import along

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan._choices import Measure
    from spatialplan.network import Network

    from ._parts import Parts

BUFFER_M = 40.0
"""Half the width drawn around a reached street."""

HOLE_M2 = 20_000.0
"""Holes smaller than this inside a reached area are closed: the inside of a block, not a lake."""

_MOST = {"minutes": MOST_MINUTES, "metres": MOST_METRES}


class Reached(NamedTuple):
    """
    What is reached from a place within one limit.

    Parameters
    ----------
    limit
        Minutes or metres.
    area
        Polygon or MultiPolygon.
    street_m
        Metres of street.
    """

    limit: float
    area: Any
    street_m: float

    @property
    def area_km2(self) -> float:
        """Size of the area."""
        return float(self.area.area) / 1e6

    @property
    def street_km(self) -> float:
        """Length of the streets."""
        return self.street_m / 1e3


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
    _limits(minutes, metres)  # refused before the places are looked up
    return located_isochrone(
        network.locate(places), network=network, minutes=minutes, metres=metres
    )


def located_isochrone(
    located: pd.DataFrame,
    *,
    network: Network,
    minutes: Sequence[float] = (),
    metres: Sequence[float] = (),
) -> gpd.GeoDataFrame:
    """
    The lower half of `isochrone`, for callers that have located their places.

    Parameters
    ----------
    located
        From `Network.locate`.
    network, minutes, metres
        As in `isochrone`.

    Returns
    -------
    GeoDataFrame
        As `isochrone`.
    """
    _, _, column = _limits(minutes, metres)
    rows = [
        (place_id, network.mode, one.limit, one.area_km2, one.street_km, access_m, one.area)
        for position, (place_id, access_m) in enumerate(located["access_m"].items())
        for one in reached_areas(
            located.iloc[[position]], network=network, minutes=minutes, metres=metres
        )
    ]
    columns = ["place_id", "mode", column, "area_km2", "street_km", "access_m", "geometry"]
    table = pd.DataFrame(rows, columns=columns)
    areas = gpd.GeoSeries(table.pop("geometry"), crs=network.edges.crs)
    return gpd.GeoDataFrame(table, geometry=areas)


def reached_areas(
    here: pd.DataFrame,
    *,
    network: Network,
    minutes: Sequence[float] = (),
    metres: Sequence[float] = (),
) -> list[Reached]:
    """
    Areas around one place, without the table that `isochrone` makes of them.

    Parameters
    ----------
    here
        One row from `Network.locate`.
    network, minutes, metres
        As in `isochrone`.

    Returns
    -------
    list of Reached
        The largest limit first.
    """
    limits, measure, _ = _limits(minutes, metres)
    cost, unit = cost_of(measure)
    units = [whole_units(limit, unit) for limit in limits]

    def reached(limit: float, parts: Parts) -> Reached:
        lines = cut(network.lines[parts.edges], parts.starts, parts.stops)
        metres = float(network.line_lengths_m[parts.edges] @ (parts.stops - parts.starts))
        return Reached(limit, along(lines, BUFFER_M, HOLE_M2), metres)

    found = list(reached_parts(network, here, cost, units))
    # Nearly all of the time goes to joining shapes, which GEOS does outside Python's lock.
    with ThreadPoolExecutor() as pool:
        return list(pool.map(reached, reversed(limits), reversed(found)))


def reached_streets(
    places: gpd.GeoDataFrame,
    *,
    network: Network,
    minutes: Sequence[float] = (),
    metres: Sequence[float] = (),
) -> gpd.GeoDataFrame:
    """
    Streets that can be reached from places within some times or distances.

    Parameters
    ----------
    places, network, minutes, metres
        As in `isochrone`.

    Returns
    -------
    GeoDataFrame
        One row for each place, limit and part of a street: ``place_id``, ``mode``,
        ``limit_min`` or ``limit_m``, ``edge_id``, ``share_from`` and ``share_to`` (0 at
        the first node of the edge, 1 at the second), line. Limits descend, as there.
    """
    limits, measure, column = _limits(minutes, metres)
    cost, unit = cost_of(measure)
    located = network.locate(places)
    frames = []
    for position, place_id in enumerate(located.index):
        here = located.iloc[[position]]
        found = [
            *reached_parts(network, here, cost, [whole_units(limit, unit) for limit in limits])
        ]
        for limit, parts in zip(reversed(limits), reversed(found), strict=True):
            frames.append(
                pd.DataFrame(
                    {
                        "place_id": place_id,
                        "mode": network.mode,
                        column: limit,
                        "edge_id": network.edges.index[parts.edges],
                        "share_from": parts.starts,
                        "share_to": parts.stops,
                        "geometry": cut(network.lines[parts.edges], parts.starts, parts.stops),
                    }
                )
            )
    columns = ["place_id", "mode", column, "edge_id", "share_from", "share_to", "geometry"]
    empty = pd.DataFrame(columns=columns)
    return gpd.GeoDataFrame(
        pd.concat(frames, ignore_index=True) if frames else empty, crs=network.edges.crs
    )


def _limits(minutes: Sequence[float], metres: Sequence[float]) -> tuple[list[float], Measure, str]:
    """Limits that rise, what they limit, and the column that tells them."""
    limits = {"minutes": several(minutes, "minutes"), "metres": several(metres, "metres")}
    given = [name for name, values in limits.items() if values]
    if len(given) != 1:
        raise InputError("isochrone", "limits in both units or in none",
                         allowed="either minutes or metres")  # fmt: skip
    name = given[0]
    values: list[float] = []
    for value in limits[name]:
        if not isinstance(value, Real) or not 0 < float(value) <= _MOST[name]:
            raise InputError(name, f"{value!r}", allowed=f"above 0, at most {_MOST[name]:g}")
        values.append(float(value))
    values.sort()
    if name == "minutes":
        return values, "time_min", "limit_min"
    return values, "distance_m", "limit_m"
