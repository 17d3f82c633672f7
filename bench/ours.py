"""The project's engine in the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from bench.answers import whole_costs
from bench.work import CATCHMENT_KIND
from bench.work import CLICK_MINUTES
from bench.work import CLICKS
from bench.work import STARTS
from bench.work import ZONE_WEIGHTS
from bench.work import ZONES
from bench.work import Question
from spatialplan import engine
from spatialplan.engine import UNREACHED
from spatialplan.engine import Direct
from spatialplan.engine import Places
from spatialplan.network import Network
from spatialplan.reach import isochrone

if TYPE_CHECKING:
    from bench.cities import City

Array = np.ndarray[Any, Any]

WALK_KMH = 4.8
NO_DIRECT = Direct(*np.empty((3, 0), np.int64))
"""All places of the benchmark stand on nodes, because those of most peers must."""


class Peer:
    """Our engine over a city."""

    compiles = True

    def __init__(self, city: City, mode: str, *, threads: int) -> None:
        self._city = city
        self._mode = mode
        self._threads = threads
        self._skeleton = engine.skeleton_of(city.ends, city.x, city.y)
        self._costs = self._costs_with(closed=[])
        self._engine = engine.customised(self._skeleton, city.ends, *self._costs)

    def _costs_with(self, *, closed: list[int]) -> tuple[Array, Array]:
        there = getattr(self._city, self._mode).copy()
        there[closed] = UNREACHED
        back = there.copy()
        if self._mode == "drive":
            back[self._city.oneway] = UNREACHED
        return there, back

    def _groups(self) -> list[Places]:
        return [at_nodes(self._city.of_kind(kind)) for kind in np.unique(self._city.kinds)]

    def nearest(self, limit: int | None) -> Question:
        """W1."""
        people, groups = at_nodes(np.arange(self._city.nodes)), self._groups()
        most = UNREACHED - 1 if limit is None else limit
        self._engine.ways(most, towards=True)
        return Question(lambda: engine.nearest(
            self._engine, people, groups, limit=most, threads=self._threads))  # fmt: skip

    def counts(self, limit: int) -> Question:
        """W2."""
        people = at_nodes(np.arange(self._city.nodes))
        targets, held = held_at_nodes(self._city)
        self._engine.ways(limit)
        return Question(
            lambda: engine.totals(
                self._engine, people, targets, NO_DIRECT, held=held,
                columns=int(self._city.kinds.max()) + 1, limits=[limit], threads=self._threads,
            ),
            lambda found: found[:, :, 0],
        )  # fmt: skip

    def table(self, limit: int) -> Question:
        """W3, the whole matrix kept in 16 bits."""
        places = at_nodes(self._city.origins), at_nodes(self._city.destinations)
        part = len(self._city.origins), len(self._city.destinations)
        self._engine.ways(limit, towards=False)

        def run() -> Array:
            costs = np.empty(part, np.uint16)
            for rows, block in engine.table(
                self._engine, *places, NO_DIRECT, limit=limit, threads=self._threads
            ):
                costs[rows] = block
            return costs

        return Question(run, lambda costs: whole_costs(costs, limit), part)

    def reached(self, limit: int) -> Question:
        """W4."""
        starts = at_nodes(self._city.origins[:STARTS])
        return Question(
            lambda: engine.reached(self._engine, starts, limit=limit, threads=self._threads),
            lambda found: sizes(found[0], found[2]),
        )

    def catchment(self, limit: int) -> Question:
        """W5."""
        decay = np.repeat(ZONE_WEIGHTS, np.diff((-1, *ZONES)))
        places = at_nodes(np.arange(self._city.nodes)), at_nodes(self._city.of_kind(CATCHMENT_KIND))
        supply = np.ones(len(places[1].nodes))
        self._engine.ways(limit, towards=True)
        return Question(
            lambda: engine.catchment_sums(
                self._engine, *places, NO_DIRECT, supply=supply, demand=self._city.people,
                decay=decay, threads=self._threads,
            ),
            lambda found: found[1],
        )  # fmt: skip

    def isochrones(self, _limit: None) -> Question:
        """W6."""
        network = _network(self._city)
        at = np.column_stack([self._city.x, self._city.y])[self._city.origins[:CLICKS]]
        clicks = [
            gpd.GeoDataFrame(geometry=[shapely.Point(*xy)], index=[name], crs=network.nodes.crs)
            for name, xy in enumerate(at + 7.0)
        ]
        isochrone(clicks[0], network=network, minutes=CLICK_MINUTES)
        return Question(
            lambda: [isochrone(click, network=network, minutes=CLICK_MINUTES) for click in clicks],
            lambda found: np.array([areas["area_km2"] for areas in found]),
        )

    def closed(self, limit: int) -> Question:
        """W7."""
        people, groups = at_nodes(np.arange(self._city.nodes)), self._groups()
        street = central_street(self._city)

        def run() -> Array:
            after = self._costs_with(closed=[street])
            closed = engine.changed(
                self._engine, self._skeleton, self._city.ends, self._costs, after
            )
            return engine.nearest(closed, people, groups, limit=limit, threads=self._threads)

        return Question(run)


def at_nodes(nodes: Array) -> Places:
    """Places that stand on nodes."""
    ends = np.column_stack([nodes, nodes]).astype(np.int64)
    return Places(ends, np.tile(np.array([0, UNREACHED]), (len(nodes), 1)))


def held_at_nodes(city: City) -> tuple[Places, tuple[Array, Array, Array]]:
    """Nodes that have facilities, and how many of which kind."""
    pairs, amounts = np.unique(
        np.column_stack([city.facilities, city.kinds]), axis=0, return_counts=True
    )
    nodes, starts = np.unique(pairs[:, 0], return_index=True)
    return at_nodes(nodes), (np.r_[starts, len(pairs)], pairs[:, 1], amounts)


def sizes(starts: Array, costs: Array) -> Array:
    """Nodes in each reached set, and the sum of their costs."""
    total = np.r_[0, np.cumsum(costs, dtype=np.int64)]
    return np.column_stack([np.diff(starts), total[starts[1:]] - total[starts[:-1]]])


def central_street(city: City) -> int:
    """Street nearest to the middle of the city."""
    middle = [(at[city.ends].mean(axis=1) - np.median(at)) ** 2 for at in (city.x, city.y)]
    return int(np.argmin(middle[0] + middle[1]))


def _network(city: City) -> Network:
    """Streets as straight lines, walked at `WALK_KMH`."""
    xy = np.column_stack([city.x, city.y])
    nodes = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs="EPSG:4549")
    nodes.index.name = "node_id"
    edges = gpd.GeoDataFrame(
        {"u": city.ends[:, 0], "v": city.ends[:, 1], "length_m": city.walk / 20.0,
         "speed_kmh": WALK_KMH, "oneway": False},
        geometry=shapely.linestrings(xy[city.ends]), crs=nodes.crs,
    )  # fmt: skip
    edges.index.name = "edge_id"
    return Network("walk", nodes, edges)
