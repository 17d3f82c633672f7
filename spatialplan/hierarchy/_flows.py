"""Ties between places: gravity, and the tree of largest flows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.travel import representable
from spatialplan.travel import unique

from ._values import ABOVE_ZERO
from ._values import DISTANCE
from ._values import Floats
from ._values import frame
from ._values import matrix
from ._values import number
from ._values import numbers

if TYPE_CHECKING:
    from collections.abc import Hashable

_MAX_PLACES = 5_000


def gravity_links(
    places: pd.DataFrame,
    *,
    mass: str = "population",
    exponent: float = 2.0,
    distances: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Gravity between every two places: ``F = M_i M_j / d ^ exponent``.

    Parameters
    ----------
    places
        One row for each place. Without `distances` a GeoDataFrame in a metric system;
        distances are then straight, between centroids, in metres.
    mass
        Column of the masses; people, or for example the root of people times GDP.
    exponent
        How fast the pull falls with distance; above 0.
    distances
        From each place (row) to each place (column), in any one unit; ``inf`` or a
        missing value where there is no way. From `travel_matrix`: ``.pivot_table(
        index="origin_id", columns="destination_id", values="time_min")``.

    Returns
    -------
    DataFrame
        ``origin_id``, ``destination_id``, ``distance`` and ``flow``, both ways for each
        pair, in the order of `places`. The flow is in mass² per unit of
        distance ^ `exponent`: good for comparing, no count of people.

    Raises
    ------
    InputError
        If the column or a distance is missing or no such number, two places lie on one
        another, or a flow is beyond any number.
    LimitError
        If there are more than 5,000 places.

    Examples
    --------
    >>> towns = gpd.GeoDataFrame(
    ...     {"population": [120, 60]}, geometry=gpd.points_from_xy([0, 10], [0, 0]), crs=4549
    ... )
    >>> gravity_links(towns)["flow"].tolist()
    [72.0, 72.0]
    """
    frame(places, "places", mass)
    unique(places.index, "places")
    if len(places) > _MAX_PLACES:
        raise LimitError(f"gravity_links: {len(places):,} places; at most {_MAX_PLACES:,}")
    exponent = number(exponent, "gravity_links", "exponent", span=ABOVE_ZERO)
    weight = numbers(places[mass], mass)
    apart = _straight(places) if distances is None else _given(places, distances)
    i, j = np.nonzero(~np.eye(len(places), dtype=bool))
    distance = apart[i, j]
    if (distance <= 0).any():
        first = int(np.argmax(distance <= 0))
        pair = f"{places.index[i[first]]} and {places.index[j[first]]}"
        raise InputError("places", f"distance {distance[first]:g} between {pair}",
                         allowed="a distance above 0")  # fmt: skip
    with np.errstate(all="ignore"):
        flow = representable(weight[i] * weight[j] * distance**-exponent, "gravity_links")
    return pd.DataFrame(
        {
            "origin_id": places.index.to_numpy()[i],
            "destination_id": places.index.to_numpy()[j],
            "distance": distance,
            "flow": flow,
        }
    )


def max_flow_tree(links: pd.DataFrame, sizes: pd.Series[Any]) -> pd.DataFrame:
    """
    Place that each place leans on, by its largest flow.

    A place is subordinate to the place of its largest outgoing flow if that place is
    larger; else it is independent, a root. Places of equal size are not subordinate
    to each other, so that there are no circles. Of equally large flows the one to the
    largest place counts, then the first.

    Parameters
    ----------
    links
        ``origin_id``, ``destination_id``, ``flow``, as `gravity_links` gives them or
        as counted (journeys, calls).
    sizes
        Size of every place on an index of identifiers: people, or the sum of the flows
        that come in.

    Returns
    -------
    DataFrame
        On the index of `sizes`: ``parent_id`` (None for a root), ``flow`` to it (nan
        for a root) and ``root_id``, the place at the head of its region.

    Raises
    ------
    InputError
        If a column is missing, a flow or size is no number of at least 0, or a link
        has an end that is not in `sizes`.

    References
    ----------
    Nystuen & Dacey 1961, Papers of the Regional Science Association 7.

    Examples
    --------
    >>> links = pd.DataFrame(
    ...     {"origin_id": ["a", "b"], "destination_id": ["b", "a"], "flow": [72.0, 72.0]}
    ... )
    >>> max_flow_tree(links, pd.Series({"a": 120, "b": 60}))["parent_id"].tolist()
    [None, 'a']
    """
    size = pd.Series(numbers(sizes, "sizes"), index=sizes.index)
    largest = _largest_flows(links, size)
    up = largest[size[largest["destination_id"]].to_numpy() > size[largest.index].to_numpy()]
    parents: dict[Hashable, Hashable] = dict(up["destination_id"])
    roots: dict[Hashable, Hashable] = {}
    for place in size.sort_values(ascending=False).index:  # a parent is larger, so it comes first
        roots[place] = roots[parents[place]] if place in parents else place
    return pd.DataFrame(
        {
            "parent_id": pd.Series([parents.get(place) for place in size.index], dtype=object),
            "flow": up["flow"].reindex(size.index).to_numpy(),
            "root_id": [roots[place] for place in size.index],
        }
    ).set_index(size.index)


def _largest_flows(links: pd.DataFrame, size: pd.Series[float]) -> pd.DataFrame:
    """Largest flow above 0 out of each place, on the index of places."""
    frame(links, "links", "origin_id", "destination_id", "flow")
    for column in ("origin_id", "destination_id"):
        stray = links.loc[~links[column].isin(size.index), column]
        if len(stray):
            raise InputError("links", f"{column} {stray.iloc[0]} is not in sizes")
    flow = numbers(links["flow"].reset_index(drop=True), "flow")
    ranked = pd.DataFrame(
        {
            "origin_id": links["origin_id"].to_numpy(),
            "destination_id": links["destination_id"].to_numpy(),
            "flow": flow,
            "size": size[links["destination_id"]].to_numpy(),
        }
    )
    between = ranked[(flow > 0) & (ranked["origin_id"] != ranked["destination_id"])]
    # Stable, so that of equal flows to equal places the first remains.
    ordered = between.sort_values(["flow", "size"], ascending=False, kind="stable")
    return ordered.drop_duplicates("origin_id").set_index("origin_id")


def _straight(places: pd.DataFrame) -> Floats:
    if not isinstance(places, gpd.GeoDataFrame) or places.active_geometry_name is None:
        raise InputError("places", "no geometry", do="give distances, or places with geometry")
    if places.crs is None or places.crs.is_geographic:
        raise CRSError("places", "no coordinate system in metres", do="call to_crs first")
    at = shapely.get_coordinates(shapely.centroid(places.geometry.to_numpy()))
    if len(at) < len(places) or not np.isfinite(at).all():
        raise InputError("places", "a place without geometry")
    across = at[:, None, :] - at[None, :, :]
    metres: Floats = np.hypot(across[..., 0], across[..., 1])
    return metres


def _given(places: pd.DataFrame, distances: pd.DataFrame) -> Floats:
    given = matrix(distances, "distances", DISTANCE, missing=np.inf)
    for name, labels in (("row", distances.index), ("column", distances.columns)):
        missing = places.index.difference(labels)
        if len(missing):
            raise InputError("distances", f"no {name} {missing[0]}", do="name every place")
    rows, columns = (labels.get_indexer(places.index) for labels in distances.axes)
    return given[np.ix_(rows, columns)]
