"""How far apart the places of a graph are: straight, and along the streets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pyproj
import shapely

from spatialplan.access import travel_matrix
from spatialplan.network import REACH_M

if TYPE_CHECKING:
    from spatialplan.network import Network

Floats = np.ndarray[Any, np.dtype[np.float64]]

_ELLIPSOID = pyproj.Geod(ellps="WGS84")


def centres(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Centroids with their `precision_m`, and in `unplaced` why there is none, else ""."""
    at = shapely.centroid(table.geometry.to_numpy())
    is_drawn = ~(shapely.is_missing(at) | shapely.is_empty(at))
    return gpd.GeoDataFrame(
        table[["precision_m"]].assign(unplaced=np.where(is_drawn, "", "not drawn")),
        geometry=np.where(is_drawn, at, None),
        crs=table.crs,
    )


def metres(here: gpd.GeoSeries, there: gpd.GeoSeries) -> Floats:
    """Straight lines on the ellipsoid between points, pair by pair; nan where one is missing."""
    ends = [points.to_crs(4326).to_numpy() for points in (here, there)]
    lon_lat = [part for points in ends for part in (shapely.get_x(points), shapely.get_y(points))]
    return np.asarray(_ELLIPSOID.inv(*lon_lat)[2], dtype=float)


def measure(graph: nx.Graph, at: gpd.GeoDataFrame, network: Network | None) -> None:
    """Write ``distance_m``, and ``time_min`` if there are streets, on every edge."""
    ends = [[edge[side] for edge in graph.edges] for side in (0, 1)]
    straight = metres(*(at.geometry.loc[end] for end in ends)).tolist()
    nx.set_edge_attributes(graph, dict(zip(graph.edges, straight, strict=True)), "distance_m")
    if network is not None:
        table = _minutes(at, network)
        times = {(u, v): float(table.loc[u, v]) for u, v in graph.edges}
        nx.set_edge_attributes(graph, times, "time_min")


def _minutes(at: gpd.GeoDataFrame, network: Network) -> pd.DataFrame:
    """
    Minutes between all points, the mean of there and back.

    Measured from street to street: a place known to within a kilometre has no way to its
    street. Inf where there is no way, nan where a place lies farther from any street than
    its own precision (at least `REACH_M`): the network does not cover it.
    """
    drawn = at[at.geometry.notna()].to_crs(network.edges.crs)
    located = network.locate(drawn)
    covered = located["access_m"] <= drawn["precision_m"].clip(lower=REACH_M)
    street = network.edges.geometry.to_numpy()[located["edge"]]
    foot = shapely.line_interpolate_point(street, located["share"], normalized=True)
    places = gpd.GeoDataFrame(geometry=foot, index=drawn.index, crs=drawn.crs)[covered]
    found = travel_matrix(places, places, network=network)
    there = found.pivot_table(index="origin_id", columns="destination_id", values="time_min")
    there = there.reindex(index=places.index, columns=places.index).fillna(np.inf)
    return ((there + there.T) / 2).reindex(index=at.index, columns=at.index)
