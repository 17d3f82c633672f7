"""The way from a spot to a facility, as a line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import ops

from spatialplan.engine import UNREACHED
from spatialplan.travel import cost_of
from spatialplan.travel import direct_ways

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan._choices import Measure
    from spatialplan.engine import Places
    from spatialplan.network import Cost
    from spatialplan.network import Network

    from ._spot import Spot

Ints = np.ndarray[Any, np.dtype[np.int64]]

_COSTS: tuple[Cost, Cost] = ("length_m", "time_s")


class _Stretch(NamedTuple):
    """Part of an edge, from one share of its length to another, which may be less."""

    edge: int
    start: float
    stop: float


def route(
    spot: Spot, target: gpd.GeoDataFrame, *, measure: Measure = "time_min"
) -> gpd.GeoDataFrame:
    """
    The best way from a spot to a place, drawn along the streets.

    Costs from the spot to all crossings are known; a street is on a best way if the cost
    at its end less its own is the cost at its start. So the way is walked back from the
    target.

    Parameters
    ----------
    spot
        From `spot_at`.
    target
        One place, in the system of the base: a point, or a polygon that is entered where
        streets cross its edge.
    measure
        ``time_min`` or ``distance_m``: which way is best.

    Returns
    -------
    GeoDataFrame
        Index `target`'s, one row, or none if there is no way: ``mode``, ``metres``,
        ``minutes`` of this way, as the router counts them with the straight ways to the
        street and from it; line from the spot to the target, or to the street at its gate.

    Raises
    ------
    InputError
        If there is no such measure or the target is in another system.
    """
    network = spot.scene.network
    cost, _ = cost_of(measure)
    gates = network.locate_gates(target)
    costs = spot.gate_costs(gates, network.arrivals(gates, cost), cost)
    best = int(np.argmin(costs))
    if costs[best] == UNREACHED:
        columns = ["mode", "metres", "minutes", "geometry"]
        return gpd.GeoDataFrame(columns=columns, geometry="geometry", crs=spot.place.crs)
    gate = gates.iloc[[best]]
    way = _stretches(spot, gate, cost, int(costs[best]))
    units = {name: _units(network, spot.here, gate, way, name) for name in _COSTS}
    row = {
        "mode": network.mode,
        "metres": units["length_m"] / cost_of("distance_m")[1],
        "minutes": units["time_s"] / cost_of("time_min")[1],
        "geometry": _line(network, way, [*spot.place.geometry, *_points(target)]),
    }
    return gpd.GeoDataFrame([row], index=target.index, crs=spot.place.crs)


def _stretches(spot: Spot, gate: pd.DataFrame, cost: Cost, least: int) -> list[_Stretch]:
    """Streets of a best way in their order; the first and last in part."""
    network = spot.scene.network
    here, there = (_edge_and_share(located) for located in (spot.here, gate))
    if least in direct_ways(spot.here, gate, network, cost).costs:
        return [_Stretch(here[0], here[1], there[1])]
    at_node = spot.node_costs(cost)
    arrive, leave = network.arrivals(gate, cost), network.departures(spot.here, cost)
    last = int(np.argmin(at_node[arrive.nodes[0]] + arrive.costs[0]))
    crossing = int(arrive.nodes[0, last])
    middle, origin = _walked_back(network, at_node, cost, crossing, leave)
    return [_Stretch(*here, origin), *middle, _Stretch(there[0], float(last), there[1])]


def _edge_and_share(located: pd.DataFrame) -> tuple[int, float]:
    return int(located["edge"].iloc[0]), float(located["share"].iloc[0])


def _walked_back(
    network: Network, at_node: Ints, cost: Cost, last: int, leave: Places
) -> tuple[list[_Stretch], float]:
    """Whole streets to a crossing, and through which end the street of the spot is left."""
    passing = network.passing_costs(cost)
    onward: dict[int, tuple[_Stretch, int] | None] = {last: None}
    waiting = [last]
    # Streets of no cost may lead round in circles: no crossing is looked at twice.
    while True:
        node = waiting.pop()
        start = np.flatnonzero((leave.nodes[0] == node) & (leave.costs[0] == at_node[node]))
        if len(start):
            return _from_there(onward, node), float(start[0])
        for edge in network.edges_at(np.array([node])):
            for end in (0, 1):  # towards u, towards v
                came = int(network.ends[edge, 1 - end])
                fits = at_node[came] + int(passing[1 - end][edge]) == at_node[node]
                if network.ends[edge, end] == node and fits and came not in onward:
                    onward[came] = _Stretch(int(edge), 1.0 - end, float(end)), node
                    waiting.append(came)


def _from_there(onward: dict[int, tuple[_Stretch, int] | None], node: int) -> list[_Stretch]:
    way = []
    while (step := onward[node]) is not None:
        way.append(step[0])
        node = step[1]
    return way


def _units(
    network: Network, here: pd.DataFrame, gate: pd.DataFrame, way: Sequence[_Stretch], cost: Cost
) -> int:
    """What a way costs, in whole units as the router counts them."""
    whole = network.edge_costs(cost)
    access = int(network.access_costs(here, cost)[0] + network.access_costs(gate, cost)[0])
    first, last = int(network.offsets(here, cost)[0]), int(network.offsets(gate, cost)[0])
    if len(way) == 1:
        return access + abs(last - first)
    start = first if way[0].stop == 0.0 else int(whole[way[0].edge]) - first
    stop = last if way[-1].start == 0.0 else int(whole[way[-1].edge]) - last
    return access + start + stop + sum(int(whole[part.edge]) for part in way[1:-1])


def _points(target: gpd.GeoDataFrame) -> list[shapely.Point]:
    """The place itself where it is one point: to an area one goes no farther than its gate."""
    return [shape for shape in target.geometry if shape.geom_type == "Point"]


def _line(
    network: Network, way: Sequence[_Stretch], ends: Sequence[shapely.Point]
) -> shapely.LineString:
    """One line from the spot along the streets, to the target if it is a point."""
    parts = [
        ops.substring(network.lines[edge], start, stop, normalized=True)
        for edge, start, stop in way
    ]
    return shapely.LineString(shapely.get_coordinates([ends[0], *parts, *ends[1:]]))
