"""How far it is: to the nearest facility, between places, and what lies within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import engine
from .errors import InputError
from .travel import NO_LIMIT
from .travel import amounts
from .travel import cost_of
from .travel import direct_ways
from .travel import from_zero
from .travel import nearest_amounts
from .travel import pair_costs
from .travel import require_few_pairs
from .travel import unique
from .travel import whole_units

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence

    from ._choices import Measure
    from .network import Network

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def time_to_nearest(
    places: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, *, network: Network
) -> pd.Series[float]:
    """
    Minutes from every place to its nearest facility, along the streets.

    The time is that from the place to the street, along it, and from the street
    to a gate of the facility; the first and last part are walked.

    Parameters
    ----------
    places
        Points or polygons (their representative point).
    facilities
        Points, or polygons entered where streets cross their edge.
    network
        Streets, in the same coordinate system.

    Returns
    -------
    Series
        ``time_min`` on the index of `places`; ``inf`` where no facility can be reached.

    Raises
    ------
    InputError
        If the coordinate systems differ.
    """
    return _to_nearest(places, facilities, network, "time_min")


def distance_to_nearest(
    places: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, *, network: Network
) -> pd.Series[float]:
    """
    Metres from every place to its nearest facility, along the streets.

    Parameters
    ----------
    places, facilities, network
        As in `time_to_nearest`.

    Returns
    -------
    Series
        ``distance_m`` on the index of `places`; ``inf`` where no facility can be reached.
    """
    return _to_nearest(places, facilities, network, "distance_m")


def straight_distance(places: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame) -> pd.Series[float]:
    """
    Metres from every place to its nearest facility, in a straight line.

    Parameters
    ----------
    places
        Points or polygons (their representative point).
    facilities
        Points, or polygons that count from their outline, 0 inside.

    Returns
    -------
    Series
        ``distance_m`` on the index of `places`; ``inf`` where there is no facility.

    Raises
    ------
    InputError
        If the coordinate systems differ.

    Examples
    --------
    >>> here = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=4549)
    >>> there = gpd.GeoDataFrame(geometry=[shapely.box(30, 0, 40, 9)], crs=4549)
    >>> straight_distance(here, there).tolist()
    [30.0]
    """
    if places.crs != facilities.crs:
        raise InputError("facilities", "another coordinate system than that of the places",
                         do="call to_crs first")  # fmt: skip
    metres = np.full(len(places), np.inf)
    if len(facilities):
        tree = shapely.STRtree(facilities.geometry.to_numpy())
        points = places.geometry.representative_point().to_numpy()
        (source, _), found = tree.query_nearest(points, return_distance=True, all_matches=False)
        metres[source] = found
    return pd.Series(metres, index=places.index, name="distance_m")


def travel_matrix(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    network: Network,
    measure: Measure = "time_min",
    limit: float | None = None,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> pd.DataFrame:
    """
    Time or distance between all pairs of places, one row for each pair within reach.

    Parameters
    ----------
    origins, destinations
        Points or polygons (their representative point).
    network
        Streets, in the same coordinate system.
    measure
        ``time_min`` or ``distance_m``: name and unit of the result.
    limit
        Pairs over this many minutes or metres are left out.
    progress
        Wraps the sequence of blocks, as ``tqdm`` does.

    Returns
    -------
    DataFrame
        ``origin_id``, ``destination_id`` and the measure; pairs that cannot be
        reached have no row. Ordered by origin, then destination, as given.

    Raises
    ------
    LimitError
        If there are more than 50 million pairs.
    InputError
        If `limit` is not a number of at least 0, a label comes twice, or there is no
        such measure.
    """
    unique(origins.index, "origins")
    unique(destinations.index, "destinations")
    cost_of(measure)  # before the places are looked up, which takes a while
    parts = "write it in parts, to a folder/"
    require_few_pairs("matrix", len(origins), len(destinations), do=parts)
    start, stop = network.locate(origins), network.locate(destinations)
    here, there, amount = pairs_within(
        start, stop, network=network, measure=measure, limit=limit, progress=progress
    )
    order = np.lexsort((there, here))
    return pd.DataFrame(
        {
            "origin_id": origins.index.to_numpy()[here[order]],
            "destination_id": destinations.index.to_numpy()[there[order]],
            measure: amount[order],
        }
    )


def pairs_within(
    start: pd.DataFrame,
    stop: pd.DataFrame,
    *,
    network: Network,
    measure: Measure,
    limit: float | None,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> tuple[Ints, Ints, Floats]:
    """
    Positions of located places within reach of each other, and how far it is.

    The lower half of `travel_matrix`, for callers that take many places in parts.
    """
    cost, unit = cost_of(measure)
    most = NO_LIMIT if limit is None else whole_units(from_zero(limit, "limit"), unit)
    router = network.engine(cost)
    ends = network.departures(start, cost), network.arrivals(stop, cost)
    direct = direct_ways(start, stop, network, cost)
    # The smaller side goes into the lanes: fewer passes over the streets.
    towards = len(start) <= len(stop)
    if not towards:
        ends, direct = ends[::-1], engine.turned(direct)
    blocks = pair_costs(router, *ends, direct, limit=most, towards=towards)
    steps = progress(range(0, len(ends[0].nodes), engine.BLOCK))
    nothing = (np.empty(0, np.int64),) * 3
    found = [nothing, *(block for _, block in zip(steps, blocks, strict=True))]
    near, far, costs = (np.concatenate(column) for column in zip(*found, strict=True))
    return *((near, far) if towards else (far, near)), amounts(costs, unit)


def _to_nearest(
    places: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, network: Network, measure: Measure
) -> pd.Series[float]:
    here, gates = network.locate(places), network.locate_gates(facilities)
    found = nearest_amounts(here, [gates], network=network, measure=measure)
    return pd.Series(found[:, 0], index=places.index, name=measure)
