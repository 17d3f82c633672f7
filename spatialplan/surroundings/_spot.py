"""A place in a scene: where it stands on the streets, and how far everything is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd
import shapely

from spatialplan import engine
from spatialplan.engine import UNREACHED
from spatialplan.travel import NO_LIMIT
from spatialplan.travel import amounts
from spatialplan.travel import cost_of
from spatialplan.travel import direct_ways

from ._scene import points_in

if TYPE_CHECKING:
    import geopandas as gpd

    from spatialplan._choices import Measure
    from spatialplan.engine import Places
    from spatialplan.network import Cost

    from ._scene import Scene

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Spot:
    """
    One place in a scene.

    Parameters
    ----------
    scene
        The streets and facilities around.
    place
        One row, in the system of the base.
    here
        Where it stands on the streets, from `Network.locate`.
    """

    scene: Scene
    place: gpd.GeoDataFrame
    here: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Spot {self.place.index[0]} in {self.scene!r}>"

    @property
    def foot(self) -> tuple[float, float]:
        """Longitude and latitude, WGS 84, of where it stands on the street."""
        line = self.scene.network.lines[self.here["edge"].iloc[0]]
        point = shapely.line_interpolate_point(line, self.here["share"].iloc[0], normalized=True)
        lon, lat = self.scene.from_degrees.transform(point.x, point.y, direction="INVERSE")
        return float(lon), float(lat)

    def node_costs(self, cost: Cost) -> Ints:
        """Cost from here to every crossing, `UNREACHED` where there is no way."""
        if cost not in self._node_costs:
            network = self.scene.network
            leave = network.departures(self.here, cost)
            _, nodes, costs = engine.reached(network.engine(cost), leave, limit=NO_LIMIT)
            found = np.full(len(network.nodes), UNREACHED, np.int64)
            found[nodes] = costs
            self._node_costs[cost] = found
        return self._node_costs[cost]

    @cached_property
    def _node_costs(self) -> dict[Cost, Ints]:
        return {}

    def gate_costs(self, gates: pd.DataFrame, arrive: Places, cost: Cost) -> Ints:
        """Cost from here to each of some located gates, by a crossing or along one street."""
        network = self.scene.network
        leave = network.departures(self.here, cost)
        found = engine.nearest(network.engine(cost), arrive, [leave], towards=False)
        best = found[:, 0].astype(np.int64)
        beside = np.flatnonzero(gates["edge"].to_numpy() == self.here["edge"].iloc[0])
        if len(beside):
            direct = direct_ways(self.here, gates.iloc[beside], network, cost)
            np.minimum.at(best, beside[direct.targets], direct.costs)
        reached: Ints = np.minimum(best, UNREACHED)
        return reached

    def amounts(self, measure: Measure) -> Floats:
        """
        Amount of a measure from here to every facility of the scene.

        Returns
        -------
        ndarray
            To the nearest gate of each, ``inf`` where there is no way: what
            `access.time_to_nearest` or `distance_to_nearest` would tell of it alone.
        """
        if measure not in self._amounts:
            cost, unit = cost_of(measure)
            scene = self.scene
            costs = self.gate_costs(scene.gates, scene.arrivals(cost), cost)
            nearest = np.minimum.reduceat(costs, scene.first_gates) if len(costs) else costs
            self._amounts[measure] = amounts(nearest, unit)
        return self._amounts[measure]

    @cached_property
    def _amounts(self) -> dict[Measure, Floats]:
        return {}

    def straight_m(self, facilities: Ints) -> Floats:
        """Straight line to some facilities, from the outline of areas, 0 inside."""
        shapes = self.scene.facilities.geometry.array[facilities]
        found: Floats = shapely.distance(np.asarray(shapes), self.place.geometry.iloc[0])
        return found


def spot_at(scene: Scene, lon: float, lat: float) -> Spot:
    """
    A place in a scene.

    Parameters
    ----------
    scene
        From `scene_of`, `with_closures` or `with_facilities`.
    lon, lat
        Degrees, WGS 84.

    Returns
    -------
    Spot
        The place, standing on the nearest street as `Network.locate` says.

    Raises
    ------
    InputError
        If it lies outside the area.
    """
    place = points_in(scene, {f"{lon},{lat}": (lon, lat)})
    return Spot(scene, place, scene.network.locate(place))
