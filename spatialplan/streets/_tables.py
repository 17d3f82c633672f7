"""From raw streets to the tables NODES and EDGES of one mode."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ._access import FERRY
from ._merge import chains

if TYPE_CHECKING:
    from ._access import Rules
    from ._raw import Floats
    from ._raw import Ints
    from ._raw import RawStreets

_WAY = {
    "way": "int64",
    "highway": "str",
    "forward": "bool",
    "backward": "bool",
    "speed_kmh": "float64",
}

DECIMALS = 2
"""Vertices stand on whole centimetres, so that streets packed into a page are the same streets."""


def mode_segments(raw: RawStreets, rules: Rules, mode: str) -> pd.DataFrame:
    """
    Segments that `mode` may use, not yet merged.

    Returns
    -------
    DataFrame
        ``u``, ``v`` (node ids, in the direction of a one-way), ``u_at``, ``v_at``
        (positions of these nodes in ``raw.nodes``), ``length_m``, ``speed_kmh``,
        ``oneway``, ``highway``. Of segments that join the same nodes in the same
        direction the first is kept. A node at which a barrier stops the mode is
        replaced by one negative id per segment, so that no way leads through it.
    """
    length_m = np.bincount(
        raw.segments["way"], raw.segments["length_m"], minlength=len(raw.ways)
    ).tolist()
    usable = [
        (way, tags["highway"], *passage)
        for way, tags in enumerate(raw.ways)
        if (passage := rules.passage(tags, mode, length_m=length_m[way]))
    ]
    ways = pd.DataFrame(usable, columns=list(_WAY)).astype(_WAY)
    segments = raw.segments.merge(ways, on="way")
    against = ~segments["forward"]
    segments = segments.assign(
        u=segments["u"].mask(against, segments["v"]),
        v=segments["v"].mask(against, segments["u"]),
        oneway=segments["forward"] != segments["backward"],
    ).drop(columns=["way", "forward", "backward"])
    for end in ("u", "v"):
        segments[f"{end}_at"] = raw.nodes.index.get_indexer(pd.Index(segments[end]))
    return _split_at_barriers(_without_twins(segments), raw, rules, mode)


def _without_twins(segments: pd.DataFrame) -> pd.DataFrame:
    """Drop a segment that joins the same two nodes as one before it, in the same direction."""
    low, high = segments[["u", "v"]].min(axis=1), segments[["u", "v"]].max(axis=1)
    direction = segments["oneway"] * np.where(segments["u"] == low, 1, -1)
    twin = pd.DataFrame({"low": low, "high": high, "direction": direction}).duplicated()
    return segments[~twin].reset_index(drop=True)


def _split_at_barriers(
    segments: pd.DataFrame, raw: RawStreets, rules: Rules, mode: str
) -> pd.DataFrame:
    stops = [node for node, tags in raw.barriers.items() if rules.stops(tags, mode)]
    ends = segments[["u", "v"]].to_numpy()
    stopped = np.isin(ends, stops)
    below = min(0, ends.min(initial=0))
    apart = np.where(stopped, below - np.cumsum(stopped).reshape(ends.shape), ends)
    return segments.assign(u=apart[:, 0], v=apart[:, 1])


def street_tables(
    segments: pd.DataFrame, points: Floats, *, crs: pyproj.CRS
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """
    NODES and EDGES of the segments of one mode.

    Parameters
    ----------
    segments
        From `mode_segments`.
    points
        Coordinates in `crs`, one row per row of ``raw.nodes``.
    crs
        A system in metres.
    """
    label, node = np.unique(segments[["u", "v"]].to_numpy(), return_inverse=True)
    node = node.reshape(-1, 2)
    points_of_label = np.empty((len(label), 2))
    points_of_label[node] = points[segments[["u_at", "v_at"]].to_numpy()].round(DECIMALS)
    edges = _edges(segments, node, points_of_label, crs)
    nodes = _nodes(edges, label, points_of_label, crs)
    return nodes, edges.assign(u=label[edges["u"]], v=label[edges["v"]])


def _edges(segments: pd.DataFrame, node: Ints, points: Floats, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Merge segments to edges; ``u`` and ``v`` are positions in `points`."""
    entered, chain = chains(
        node[:, 0],
        node[:, 1],
        oneway=segments["oneway"].to_numpy(),
        # Nothing is to be located on a ferry, so it stays apart from the streets.
        group=np.asarray(segments["highway"] == FERRY, dtype=np.int64),
    )
    ends = node.T.ravel()
    tail, head = ends[entered], ends[(entered + len(node)) % len(ends)]
    last = np.flatnonzero(np.diff(chain, append=-1))
    first = np.flatnonzero(np.diff(chain, prepend=-1))
    part = segments.iloc[entered % len(node)].assign(chain=chain)
    vertex = np.insert(tail, last + 1, head[last])
    of_chain = np.insert(chain, last + 1, chain[last])
    length = part.groupby("chain")["length_m"].sum()
    return gpd.GeoDataFrame(
        {
            "u": tail[first],
            "v": head[last],
            "length_m": length.to_numpy(),
            "speed_kmh": _speed_kmh(part, length),
            "oneway": part["oneway"].to_numpy()[first],
            "highway": _longest_class(part),
            "n_merged": last - first,
        },
        geometry=shapely.linestrings(points[vertex], indices=of_chain),
        index=pd.RangeIndex(len(first), name="edge_id"),
        crs=crs,
    )


def _speed_kmh(part: pd.DataFrame, length: pd.Series[float]) -> Floats:
    """Speed of each chain: its length by its time; of a chain without length, its first part's."""
    time = (part["length_m"] / part["speed_kmh"]).groupby(part["chain"]).sum()
    first = part.groupby("chain")["speed_kmh"].first()
    # Rounded, so that a street of one speed keeps it: 60, not 60.00000000000001.
    return np.asarray((length / time).where(time > 0, first).round(6), dtype=float)


def _longest_class(part: pd.DataFrame) -> Any:
    """Class that makes up most of each chain."""
    sums = part.groupby(["chain", "highway"])["length_m"].sum().reset_index()
    longest = sums.loc[sums.groupby("chain")["length_m"].idxmax(), "highway"]
    return longest.reset_index(drop=True)


def _nodes(
    edges: gpd.GeoDataFrame, label: Ints, points: Floats, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    kept = np.unique(edges[["u", "v"]].to_numpy())
    u, v = np.searchsorted(kept, edges["u"]), np.searchsorted(kept, edges["v"])
    component, size = _components(
        u, v, both_ways=~edges["oneway"].to_numpy(), inside=edges["n_merged"].to_numpy(),
        count=len(kept),
    )  # fmt: skip
    return gpd.GeoDataFrame(
        {"component": component, "component_size": size[component]},
        geometry=shapely.points(points[kept]),
        index=pd.Index(label[kept], name="node_id"),
        crs=crs,
    )


def _components(u: Ints, v: Ints, *, both_ways: Any, inside: Ints, count: int) -> tuple[Ints, Ints]:
    """
    Strongly connected component of each node, and the street nodes in each component.

    Component 0 is the largest. The merged nodes `inside` an edge count where both
    its ends do.
    """
    rows = np.concatenate([u, v[both_ways]])
    columns = np.concatenate([v, u[both_ways]])
    arcs = coo_array((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=(count, count))
    total, component = connected_components(arcs.tocsr(), directed=True, connection="strong")
    within = component[u] == component[v]
    size = np.bincount(component, minlength=total)
    size += np.bincount(component[u[within]], inside[within], minlength=total).astype(np.int64)
    order = np.argsort(-size, kind="stable")
    rank = np.empty(total, dtype=np.int64)
    rank[order] = np.arange(total)
    return rank[component], size[order]
