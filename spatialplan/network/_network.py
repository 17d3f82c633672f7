"""Streets of one mode: their costs and router, and where places stand on them."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatialplan import engine
from spatialplan.engine import UNREACHED
from spatialplan.engine import Engine
from spatialplan.engine import Places
from spatialplan.engine import Skeleton
from spatialplan.engine import customised
from spatialplan.engine import skeleton_of

from ._card import network_card
from ._changes import Direction
from ._changes import closures_of
from ._changes import with_closures
from ._changes import with_speeds
from ._faults import require_places
from ._faults import require_speed
from ._faults import require_streets
from ._faults import require_tables
from ._shapes import crossings
from ._shapes import edges_by_node
from ._shapes import foot_of_area
from ._shapes import nearest
from ._shapes import rounded

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Sequence

UNITS = 20
"""Units of cost in one metre or second: 5 cm, or a twentieth of a second."""

MIN_COMPONENT = 200
"""A component of fewer street nodes is a fragment: nothing is located there if it can be helped."""

REACH_M = 100.0
"""What lies farther than this from any street is reported."""

ACCESS_SPEED_KMH = 3.6
"""Speed between a place and the street, in every mode: walking, 1.0 m/s."""

Cost = Literal["length_m", "time_s"]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Costs = np.ndarray[Any, np.dtype[np.uint32]]


@dataclass(frozen=True)
class Network:
    """
    Streets of one mode.

    Parameters
    ----------
    mode
        ``walk``, ``bike`` or ``drive``.
    nodes
        NODES table, in a metric system.
    edges
        EDGES table: one row per street segment, both ways unless ``oneway``. Where
        ``closed_forward`` or ``closed_backward`` is true, nobody passes: see `closed`.
    min_component
        Street nodes that a component needs for places to be located on it.
    store
        Folder in which prepared routers are kept; none: they are made in every process.

    Raises
    ------
    SchemaError
        If a table breaks its promise, an edge ends at a node that is not there or is
        drawn from v to u, or a length or speed is none of a street.
    """

    mode: str
    nodes: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    min_component: int = MIN_COMPONENT
    store: Path | None = None

    def __post_init__(self) -> None:
        require_tables(self.nodes, self.edges)
        require_streets(self.nodes, self.edges, self.ends)

    def __repr__(self) -> str:
        return f"<Network {self.mode}: {len(self.nodes):,} nodes, {len(self.edges):,} edges>"

    def _repr_html_(self) -> str:
        return network_card(self.mode, self.nodes, self.edges)

    def at_speed(self, speed_kmh: float) -> Network:
        """Return the same streets with one speed on every edge."""
        return self._same_streets(self.edges.assign(speed_kmh=require_speed(speed_kmh)))

    def with_speeds(self, speeds_kmh: pd.Series[float]) -> Network:
        """
        Return the same streets with other speeds on some of them, such as a 30 km/h zone.

        Parameters
        ----------
        speeds_kmh
            Speed of each of these edges, on their ids.

        Raises
        ------
        InputError
            If there is no such edge, one comes twice, or a speed is none of a street.
        """
        return self._same_streets(with_speeds(self.edges, speeds_kmh), opener=self)

    def closed(self, edge_ids: Sequence[Hashable], *, direction: Direction = "both") -> Network:
        """
        Return the same streets with no through traffic on some of them.

        The barrier stands in the middle of the street, as where it stands is not known:
        nobody passes there, and whoever lives on the street, and a facility there, is
        left and reached by the end on their own side of it; from the very middle by both.

        Parameters
        ----------
        edge_ids
            Index of `edges`; what is closed already stays so.
        direction
            ``forward`` closes the way from u to v only, ``backward`` that from v to u.

        Raises
        ------
        InputError
            If there is no such edge or direction.
        """
        return self._same_streets(with_closures(self.edges, edge_ids, direction), opener=self)

    def _same_streets(self, edges: gpd.GeoDataFrame, opener: Network | None = None) -> Network:
        same = copy(self)  # with what has been made of the lines, and need not be looked at again
        for of_the_costs in ("_edge_costs", "_engines", "shut"):
            same.__dict__.pop(of_the_costs, None)
        same.__dict__.update(edges=edges, store=None, skeleton=self.skeleton, _opener=opener)
        return same

    @cached_property
    def ends(self) -> Ints:
        """Positions of the nodes at both ends of every edge, -1 where there is none."""
        ends = [self.nodes.index.get_indexer(self.edges[end]) for end in ("u", "v")]
        return np.column_stack(ends).astype(np.int64)

    @cached_property
    def oneway(self) -> Flags:
        """Whether each edge may only be used from u to v."""
        return np.asarray(self.edges["oneway"], dtype=bool)

    def edge_costs(self, cost: Cost) -> Ints:
        """Return the cost of every edge in whole units; not to be changed."""
        if cost not in self._edge_costs:
            self._edge_costs[cost] = self._rounded_costs(cost)
        return self._edge_costs[cost]

    @cached_property
    def _edge_costs(self) -> dict[Cost, Ints]:
        return {}

    def _rounded_costs(self, cost: Cost) -> Ints:
        length_m = self.edges["length_m"].to_numpy(dtype=float)
        if cost == "length_m":
            return rounded(length_m * UNITS)
        return rounded(length_m / (self.edges["speed_kmh"].to_numpy(dtype=float) / 3.6) * UNITS)

    @cached_property
    def skeleton(self) -> Skeleton:
        """Order and shortcuts of the streets, which all costs share."""
        xy = shapely.get_coordinates(self.nodes.geometry.array)
        key = engine.fingerprint(self.ends, xy)
        if (kept := self._kept("skeleton", key)) is not None:
            return Skeleton(**kept)
        made = skeleton_of(self.ends, *xy.T)
        self._keep("skeleton", key, {"rank": made.rank, "up": made.up, "heads": made.heads})
        return made

    def engine(self, cost: Cost) -> Engine:
        """Return the router for a cost; made once, and kept in the `store` if there is one."""
        if cost not in self._engines:
            opener = self._opener
            self._engines[cost] = self._changed(cost, opener) if opener else self._made(cost)
        return self._engines[cost]

    def _made(self, cost: Cost) -> Engine:
        there, back = self.passing_costs(cost)
        key = engine.fingerprint(self.skeleton.rank, self.ends, there, back)
        kept = self._kept(cost, key)
        if kept is not None:
            return engine.from_arrays(kept)
        made = customised(self.skeleton, self.ends, there, back)
        self._keep(cost, key, engine.as_arrays(made))
        return made

    def _changed(self, cost: Cost, opener: Network) -> Engine:
        costs = opener.passing_costs(cost), self.passing_costs(cost)
        return engine.changed(opener.engine(cost), self.skeleton, self.ends, *costs)

    def passing_costs(self, cost: Cost) -> tuple[Costs, Costs]:
        """Return the cost of passing every edge from u to v, and back."""
        costs = np.minimum(self.edge_costs(cost), UNREACHED).astype(np.uint32)
        barred = self.shut | np.column_stack([np.zeros_like(self.oneway), self.oneway])
        there, back = np.where(barred.T, np.uint32(UNREACHED), costs)
        return there, back

    @cached_property
    def _opener(self) -> Network | None:
        """The same streets of which these differ by some closures or speeds."""
        return None

    @cached_property
    def shut(self) -> Flags:
        """Whether each edge may not be passed from u to v, and back."""
        return closures_of(self.edges)

    def _kept(self, name: str, key: str) -> dict[str, Any] | None:
        return None if self.store is None else engine.load(self._entry(name), key)

    def _keep(self, name: str, key: str, arrays: dict[str, Any]) -> None:
        if self.store is not None:
            engine.keep(self._entry(name), key, arrays)

    def _entry(self, name: str) -> Path:
        return Path(self.store or "") / f"{self.mode}_{name}"

    @cached_property
    def _engines(self) -> dict[Cost, Engine]:
        return {}

    @cached_property
    def lines(self) -> np.ndarray[Any, Any]:
        """Geometry of every edge."""
        return np.asarray(self.edges.geometry.array)

    @cached_property
    def line_lengths_m(self) -> Floats:
        """Length of the line of every edge, as drawn."""
        return np.asarray(shapely.length(self.lines))

    def edges_at(self, nodes: Ints) -> Ints:
        """Return the edges that end at some nodes; those with both ends there come twice."""
        starts, edges = self._by_node
        counts = starts[nodes + 1] - starts[nodes]
        before = np.cumsum(counts) - counts
        found: Ints = edges[np.arange(counts.sum()) + np.repeat(starts[nodes] - before, counts)]
        return found

    @cached_property
    def _by_node(self) -> tuple[Ints, Ints]:
        """Edges at every node, in compressed rows."""
        return edges_by_node(self.ends, len(self.nodes))

    @cached_property
    def main_streets(self) -> Ints:
        """Streets inside one component that is no fragment; all streets where there is none."""
        streets = self.land_streets
        if "component" not in self.nodes.columns:
            return streets
        component = self.nodes["component"].to_numpy()[self.ends[streets]]
        size = self.nodes["component_size"].to_numpy()[self.ends[streets, 0]]
        main = streets[(component[:, 0] == component[:, 1]) & (size >= self.min_component)]
        return main if len(main) else streets

    @cached_property
    def land_streets(self) -> Ints:
        """Edges on which a place can stand: not ferries."""
        if "highway" not in self.edges.columns:
            return np.arange(len(self.edges))
        return np.flatnonzero((self.edges["highway"] != "ferry").to_numpy())

    @cached_property
    def _main_tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines[self.main_streets])

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines[self.land_streets])

    def near_street(self, places: gpd.GeoDataFrame) -> Flags:
        """Whether each place lies within `REACH_M` of a street."""
        require_places(places, self.edges.crs)
        points = places.geometry.representative_point().to_numpy()
        found = self._tree.query(points, predicate="dwithin", distance=REACH_M)[0]
        return np.isin(np.arange(len(points)), found)

    def locate(self, places: gpd.GeoDataFrame) -> pd.DataFrame:
        """
        Where places stand on the network: one row for each.

        A place goes to the nearest point of an edge of a real component (at least
        `min_component` street nodes), however far; except that where the real
        component is beyond `REACH_M`, a fragment within `REACH_M` takes a place
        that it is nearer to by more than `REACH_M`.

        Parameters
        ----------
        places
            Points or polygons (their representative point) in the system of the network.

        Returns
        -------
        DataFrame
            Index of `places`; ``edge`` (position), ``share`` (0 at u, 1 at v) and
            ``access_m`` (straight line from the place to the street).

        Raises
        ------
        InputError
            If the systems differ, or a place has no coordinates.
        """
        require_places(places, self.edges.crs)
        points = places.geometry.representative_point().to_numpy()
        return self._locate_points(points).set_index(places.index)

    def locate_gates(self, places: gpd.GeoDataFrame) -> pd.DataFrame:
        """
        Where places can be entered: one or more rows for each.

        Polygons are entered where streets of a real component cross their edge, or
        from the nearest point of a street where none does; multi-points at each
        point; points as in `locate`. Returned as by `locate`, index repeated.
        """
        require_places(places, self.edges.crs)
        shapes = places.geometry.to_numpy()
        is_area = np.isin(shapely.get_type_id(shapes), (3, 6))
        areas = np.flatnonzero(is_area)
        gates = crossings(shapes[areas], self._main_tree, self.main_streets, self.lines)
        gates["place"] = areas[gates["place"]]
        closed = np.setdiff1d(areas, gates["place"])
        points, owner = shapely.get_parts(shapes[~is_area], return_index=True)
        owner = np.flatnonzero(~is_area)[owner]
        found = self._locate_points(np.concatenate([points, shapes[closed]]))
        found["place"] = np.concatenate([owner, closed])
        rows = pd.concat([gates, found]).sort_values(["place", "edge", "share"])
        return rows.set_index(places.index[rows.pop("place").to_numpy(dtype=np.int64)])

    def _locate_points(self, points: np.ndarray[Any, Any]) -> pd.DataFrame:
        """Locate shapes (points, or areas by their outline) on the edges."""
        edge, distance = nearest(self._main_tree, self.main_streets, points)
        # Only a street that is nearer by all of REACH_M can draw a place onto a fragment.
        far = np.flatnonzero(distance > REACH_M)
        stray, stray_distance = nearest(self._tree, self.land_streets, points[far])
        taken = (stray_distance <= REACH_M) & (stray_distance + REACH_M < distance[far])
        edge[far[taken]], distance[far[taken]] = stray[taken], stray_distance[taken]
        lines = self.lines[edge]
        is_area = np.isin(shapely.get_type_id(points), (3, 6))
        foot = np.where(is_area, foot_of_area(points, lines), points)
        share = shapely.line_locate_point(lines, foot, normalized=True)
        return pd.DataFrame({"edge": edge, "share": share, "access_m": distance})

    def departures(self, located: pd.DataFrame, cost: Cost) -> Places:
        """Ends through which located places are left, with what it costs to get there."""
        return self._through_ends(located, cost, barred=0)

    def arrivals(self, located: pd.DataFrame, cost: Cost) -> Places:
        """Ends through which located places are reached, with the cost from there."""
        return self._through_ends(located, cost, barred=1)

    def _through_ends(self, located: pd.DataFrame, cost: Cost, *, barred: int) -> Places:
        """
        Ends of the edges, those aside that are barred: on a one-way street one of them, unless
        the place stands there; on a closed one the end beyond the middle.
        """
        edge = located["edge"].to_numpy(dtype=np.int64)
        from_u = self.offsets(located, cost)
        along = np.column_stack([from_u, self.edge_costs(cost)[edge] - from_u])
        costs = along + self.access_costs(located, cost)[:, None]
        costs[self.oneway[edge] & (along[:, barred] > 0), barred] = UNREACHED
        side = located["share"].to_numpy(dtype=float)[:, None] - 0.5
        shut = self.shut[edge] if barred else self.shut[edge][:, ::-1]
        costs[shut & (side * [1, -1] > 0)] = UNREACHED
        return Places(self.ends[edge], costs)

    def offsets(self, located: pd.DataFrame, cost: Cost) -> Ints:
        """Cost along its edge from u to each located place."""
        edge = located["edge"].to_numpy(dtype=np.int64)
        share = located["share"].to_numpy(dtype=float)
        return rounded(share * self.edge_costs(cost)[edge])

    @staticmethod
    def access_costs(located: pd.DataFrame, cost: Cost) -> Ints:
        """Cost between each located place and the street."""
        metres = located["access_m"].to_numpy(dtype=float)
        amount = metres if cost == "length_m" else metres / (ACCESS_SPEED_KMH / 3.6)
        return rounded(amount * UNITS)
