"""How far it is: to the nearest facility, between places, and what lies within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import engine
from .engine import UNREACHED
from .engine import Direct
from .errors import InputError
from .errors import LimitError
from .network import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence

    from ._choices import Measure
    from .network import Cost
    from .network import Network

Ints = np.ndarray[Any, np.dtype[np.int64]]

# Cost to search by, and how many units of it make one unit of the measure. Amounts
# are quotients of whole numbers, so `<=` at a limit such as 15 or 300 is exact.
_COSTS: dict[Measure, tuple[Cost, int]] = {
    "time_min": ("time_s", 60 * UNITS),
    "distance_m": ("length_m", UNITS),
}
_NO_LIMIT = UNREACHED - 1
_MAX_PAIRS = 50_000_000


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

    Examples
    --------
    >>> here = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=4549)
    >>> there = gpd.GeoDataFrame(geometry=[shapely.box(30, 0, 40, 9)], crs=4549)
    >>> straight_distance(here, there).tolist()
    [30.0]
    """
    metres = np.full(len(places), np.inf)
    if len(facilities):
        tree = shapely.STRtree(facilities.geometry.to_numpy())
        points = places.geometry.representative_point().to_numpy()
        (source, _), found = tree.query_nearest(points, return_distance=True, all_matches=False)
        metres[source] = found
    return pd.Series(metres, index=places.index, name="distance_m")


def nearest_costs(
    here: pd.DataFrame, gates: pd.DataFrame, *, network: Network, measure: Measure
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """
    Amount of `measure` from located places to the nearest of some located gates.

    The lower half of `time_to_nearest`, for callers that ask for many categories
    and locate their places once (`Network.locate`, `Network.locate_gates`).
    """
    cost, unit = _COSTS[measure]
    leave, arrive = network.departures(here, cost), network.arrivals(gates, cost)
    total = engine.nearest(network.engine(cost), leave, [arrive])[:, 0].astype(np.int64)
    pairs = direct_ways(here, gates, network, cost)
    np.minimum.at(total, pairs.places, pairs.costs)
    return _amount(total, unit)


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
        If `limit` is not a number of at least 0.
    """
    if len(origins) * len(destinations) > _MAX_PAIRS:
        pairs = len(origins) * len(destinations)
        raise LimitError(f"matrix: {pairs:,} pairs; at most {_MAX_PAIRS:,}; split the origins")
    cost, unit = _COSTS[measure]
    most = _NO_LIMIT if limit is None else _whole(limit, unit, "limit")
    start, stop = network.locate(origins), network.locate(destinations)
    ends = network.departures(start, cost), network.arrivals(stop, cost)
    direct = direct_ways(start, stop, network, cost)
    # The smaller side goes into the lanes: fewer passes over the streets.
    towards = len(start) <= len(stop)
    if not towards:
        ends, direct = ends[::-1], engine.turned(direct)
    blocks = engine.table(network.engine(cost), *ends, direct, limit=most, towards=towards)
    steps = progress(range(0, len(ends[0].nodes), engine.BLOCK))
    found = [_pairs(*block, most) for _, block in zip(steps, blocks, strict=True)]
    near, far, amount = np.concatenate([np.empty((3, 0), np.int64), *found], axis=1)
    here, there = (near, far) if towards else (far, near)
    order = np.lexsort((there, here))
    return pd.DataFrame(
        {
            "origin_id": origins.index.to_numpy()[here[order]],
            "destination_id": destinations.index.to_numpy()[there[order]],
            measure: _amount(amount[order], unit),
        }
    )


def _pairs(rows: Ints, costs: Any, most: int) -> Ints:
    """Rows (from, to, cost) of the pairs within `most`."""
    i, j = np.nonzero(costs <= min(most, np.iinfo(costs.dtype).max - 1))
    return np.stack([rows[i], j, costs[i, j].astype(np.int64)])


def _to_nearest(
    places: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, network: Network, measure: Measure
) -> pd.Series[float]:
    amount = nearest_costs(
        network.locate(places), network.locate_gates(facilities), network=network, measure=measure
    )
    return pd.Series(amount, index=places.index, name=measure)


def direct_ways(here: pd.DataFrame, gates: pd.DataFrame, network: Network, cost: Cost) -> Direct:
    """Ways between places and gates on one edge that do not pass its ends."""
    left = _on_edges(here, network, cost, "here")
    right = _on_edges(gates, network, cost, "gate")
    pairs = left.merge(right, on="edge", suffixes=("", "_gate"))
    along = pairs["offset_gate"] - pairs["offset"]
    pairs["cost"] = along.abs() + pairs["access"] + pairs["access_gate"]
    allowed = pairs[~(pairs["oneway"] & (along < 0))]
    return Direct(*(allowed[name].to_numpy() for name in ("here", "gate", "cost")))


def _on_edges(located: pd.DataFrame, network: Network, cost: Cost, label: str) -> pd.DataFrame:
    from_u = network.offsets(located, cost)
    return pd.DataFrame(
        {
            label: np.arange(len(located)),
            "edge": located["edge"].to_numpy(),
            "offset": from_u,
            "access": network.access_costs(located, cost),
            "oneway": network.oneway[located["edge"].to_numpy()],
        }
    )


def _amount(costs: Ints, unit: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.where(costs == UNREACHED, np.inf, costs / unit)


def _whole(amount: float, unit: int, name: str) -> int:
    """A limit in whole units of cost."""
    if not (0 <= amount < np.inf):
        raise InputError(name, f"{amount}", allowed="a finite number of at least 0")
    return round(amount * unit)
