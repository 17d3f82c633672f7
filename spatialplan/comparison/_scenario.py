"""A base as it would be with more facilities and with streets closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable

    from spatialplan.base import Base
    from spatialplan.network import Network

_BESIDE_M = 10.0  # lines drawn by hand, and other maps' streets, lie so far off
_ALONG_M = 30.0  # a line that stays beside a street so long follows it and does not cross it
_NEW = "new:"
# What columns that a table of new facilities need not have say where the base has them.
_UNSAID = {"stand_in_zh": "", "stand_in_en": "", "area_id": "", "drawn_from": "open_data"}


def scenario(
    base: Base,
    *,
    added: gpd.GeoDataFrame | None = None,
    closing: gpd.GeoDataFrame | None = None,
) -> Base:
    """
    Return a base as it would be with more facilities and with streets closed.

    Parameters
    ----------
    base
        A prepared area, as it is now.
    added
        FACILITIES that come, in the system of the base; they are not held against those
        that are there, for a new school may stand beside an old one.
    closing
        Lines or areas that close streets, in the system of the base: see `streets_met`.

    Returns
    -------
    Base
        Another base; places of `added` are called ``new:`` and their own name.

    Raises
    ------
    InputError
        If nothing changes, or no street meets `closing`.
    """
    if added is None and closing is None:
        raise InputError("scenario", "nothing changes", do="give facilities, or streets to close")
    changed = base if added is None else _with_facilities(base, added)
    return changed if closing is None else _with_closures(changed, closing)


def streets_met(network: Network, shapes: gpd.GeoDataFrame) -> list[Hashable]:
    """
    Streets that some shapes close.

    An area closes the streets that it touches. A line closes the streets that it follows
    (it stays within 10 m of them for 30 m or more) and those that it crosses, but not the
    side streets of a street that it follows: it meets them within 10 m of that street's ends.
    A ferry is no street.

    Parameters
    ----------
    network
        Streets.
    shapes
        Lines and areas in the system of the network.

    Returns
    -------
    list
        Index labels of ``network.edges``, for `Network.closed`.

    Examples
    --------
    >>> from spatialplan.network import Network
    >>> nodes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 100, 100], [0, 0, 100]),
    ...                          index=pd.Index([1, 2, 3], name="node_id"), crs=4549)
    >>> line = lambda *ends: shapely.LineString(nodes.geometry[list(ends)].tolist())
    >>> edges = gpd.GeoDataFrame({"u": [1, 2], "v": [2, 3], "length_m": 100.0, "speed_kmh": 3.6,
    ...                           "oneway": False}, geometry=[line(1, 2), line(2, 3)], crs=4549,
    ...                          index=pd.Index(["main", "side"], name="edge_id"))
    >>> beside = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 4), (104, 4)])], crs=4549)
    >>> streets_met(Network("walk", nodes, edges), beside)
    ['main']
    """
    drawn = shapely.union_all(shapes.geometry.to_numpy())
    lines, tree = network.lines, network.edges.sindex
    ribbon = _lines_of(drawn).buffer(_BESIDE_M)
    close = tree.query(ribbon, predicate="intersects")
    length_m = shapely.length(shapely.intersection(lines[close], ribbon))
    followed = close[length_m >= _ALONG_M]
    crossed = tree.query(drawn, predicate="intersects")
    ends = network.nodes.geometry.to_numpy()[np.unique(network.ends[followed])]
    met = shapely.intersection(lines[crossed], drawn)
    beyond_ends = shapely.difference(met, shapely.union_all(shapely.buffer(ends, _BESIDE_M)))
    crossed = crossed[~shapely.is_empty(beyond_ends)]
    met_edges = network.edges.iloc[np.union1d(followed, crossed).astype(np.int64)]
    if "highway" in met_edges:
        met_edges = met_edges[met_edges["highway"] != "ferry"]
    return list(met_edges.index)


def _lines_of(shape: Any) -> Any:
    """The lines of a collection; an area is not followed by a street that runs along it."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 1])


def _with_facilities(base: Base, added: gpd.GeoDataFrame) -> Base:
    """Measure the way of each new facility to the street, and put it beside the others."""
    names = added.index.astype(str)
    while (names := _NEW + names).isin(base.facilities.index).any():
        pass  # what came with an earlier scenario keeps its name
    named = added.set_index(names.rename("place_id"))
    gates = next(iter(base.networks.values())).locate_gates(named)["access_m"]
    named = named.assign(street_m=gates.groupby(level=0).min())
    for column, unsaid in _UNSAID.items():
        if column in base.facilities and column not in named:
            named[column] = unsaid
    return replace(base, facilities=gpd.GeoDataFrame(pd.concat([base.facilities, named])))


def _with_closures(base: Base, closing: gpd.GeoDataFrame) -> Base:
    """Close in every mode the streets that some shapes meet."""
    met = {mode: streets_met(network, closing) for mode, network in base.networks.items()}
    if not any(met.values()):
        raise InputError("closing", "no street meets it",
                         do="give lines or areas over streets, and check the datum")  # fmt: skip
    return replace(
        base,
        networks={mode: network.closed(met[mode]) for mode, network in base.networks.items()},
    )
