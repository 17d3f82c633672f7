"""How much longer the way along the streets is than the straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .engine import UNREACHED
from .travel import amounts
from .travel import cost_of
from .travel import gate_costs
from .travel import require_few_pairs
from .travel import street_travel

if TYPE_CHECKING:
    from .network import Network

Floats = np.ndarray[Any, np.dtype[np.float64]]


def detour_index(
    origins: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, *, network: Network
) -> pd.DataFrame:
    """
    Way along the streets over the straight line, for every pair: ``q_ij = d_ij / e_ij``.

    Also called route factor, or circuity. The parts of the way between places and street
    are in it. About 1 is straight; a value a little below 1 comes from streets measured on
    the ellipsoid against a line on the map, and from ways rounded to 5 cm.

    Parameters
    ----------
    origins, destinations
        Points or polygons (their representative point).
    network
        Streets, in the same coordinate system.

    Returns
    -------
    DataFrame
        Without unit; a row for each origin, a column for each destination. ``inf`` where
        there is no way; ``nan`` where both are at one point, which no way leads straight
        to.

    Raises
    ------
    LimitError
        If there are more than 50 million pairs.
    InputError
        If the coordinate systems differ or a label comes twice.

    References
    ----------
    Cole & King 1968, Quantitative Geography; Barthelemy 2011, Physics Reports 499,
    doi 10.1016/j.physrep.2010.11.002.

    Examples
    --------
    >>> from spatialplan.network import Network
    >>> ends = gpd.GeoSeries.from_xy([0, 30, 30], [0, 0, 40], crs=4549)
    >>> nodes = ends.rename_axis("node_id").to_frame("geometry")
    >>> edges = gpd.GeoDataFrame(
    ...     {"u": [0, 1], "v": [1, 2], "length_m": [30.0, 40.0], "speed_kmh": 3.6, "oneway": False},
    ...     geometry=[shapely.LineString(ends[:2].tolist()), shapely.LineString(ends[1:].tolist())],
    ...     index=pd.Index(["a", "b"], name="edge_id"), crs=4549)
    >>> streets = Network("walk", nodes, edges)
    >>> detour_index(nodes[:1], nodes, network=streets).values.tolist()
    [[nan, 1.0, 1.4]]
    """
    require_few_pairs("detour_index", len(origins), len(destinations), do="ask in parts")
    travel = street_travel(origins, destinations, network=network, measure="distance_m")
    here, there = _points(origins), _points(destinations)
    found = np.empty((len(origins), len(destinations)))
    for at, street in travel.rows():
        found[at] = _ratio(street, shapely.distance(here[at, None], there))
    return pd.DataFrame(found, index=origins.index, columns=destinations.index)


def nearest_detour(
    places: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, *, network: Network
) -> pd.Series[float]:
    """
    Way along the streets over the straight line to the facility that is nearest by street.

    Parameters
    ----------
    places, facilities, network
        As the origins and destinations of `detour_index`. Of two facilities that are
        equally near by street the one with the longer straight line, and so the smaller
        detour, is taken.

    Returns
    -------
    Series
        ``detour`` on the index of `places`, without unit; ``inf`` where no facility can
        be reached, ``nan`` where a place is at the point of its nearest facility.

    Raises
    ------
    InputError
        If the coordinate systems differ.

    Examples
    --------
    >>> from spatialplan.network import Network
    >>> ends = gpd.GeoSeries.from_xy([0, 30, 30], [0, 0, 40], crs=4549)
    >>> nodes = ends.rename_axis("node_id").to_frame("geometry")
    >>> edges = gpd.GeoDataFrame(
    ...     {"u": [0, 1], "v": [1, 2], "length_m": [30.0, 40.0], "speed_kmh": 3.6, "oneway": False},
    ...     geometry=[shapely.LineString(ends[:2].tolist()), shapely.LineString(ends[1:].tolist())],
    ...     index=pd.Index(["a", "b"], name="edge_id"), crs=4549)
    >>> streets = Network("walk", nodes, edges)
    >>> nearest_detour(nodes[:2], nodes[2:], network=streets).tolist()
    [1.4, 1.0]
    """
    here, there = _points(places), _points(facilities)
    start, stop = network.locate(places), network.locate(facilities)
    least, line = np.full(len(places), UNREACHED), np.zeros(len(places))
    for at, block in gate_costs(start, stop, network=network, measure="distance_m"):
        for facility, costs in zip(at, block.astype(np.int64), strict=True):
            straight = shapely.distance(here, there[facility])
            nearer = (costs < least) | ((costs == least) & (straight > line))
            least[nearer], line[nearer] = costs[nearer], straight[nearer]
    detour = _ratio(amounts(least, cost_of("distance_m")[1]), line)
    return pd.Series(detour, index=places.index, name="detour")


def _points(table: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    points: np.ndarray[Any, Any] = table.geometry.representative_point().to_numpy()
    return points


def _ratio(street: Floats, straight: Floats) -> Floats:
    """Quotient; a way that does not exist is infinitely long, whatever the line."""
    ratio = np.full(street.shape, np.nan)
    np.divide(street, straight, out=ratio, where=straight > 0)
    return np.where(np.isinf(street), np.inf, ratio)
