"""Merging pass-through nodes changes no length, no time and no way between junctions."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan.streets._merge import chains
from spatialplan.streets._tables import street_tables

METRIC = pyproj.CRS.from_epsg(4549)


def segments_of(rows):
    """Rows of (u, v, length, oneway) as the table of `mode_segments`."""
    table = pd.DataFrame(rows, columns=["u", "v", "length_m", "oneway"])
    return table.assign(
        u_at=table["u"], v_at=table["v"], length_m=table["length_m"].astype(float),
        speed_kmh=10.0 + table["length_m"] % 7, highway="residential",
    )  # fmt: skip


def tables_of(rows):
    segments = segments_of(rows)
    size = int(segments[["u", "v"]].to_numpy().max()) + 1
    points = np.column_stack([np.arange(size), np.arange(size) ** 2]).astype(float)
    return segments, *street_tables(segments, points, crs=METRIC)


def distances(table):
    graph = nx.DiGraph()
    for u, v, length, one in table[["u", "v", "length_m", "oneway"]].itertuples(index=False):
        for tail, head in ((u, v),) if one else ((u, v), (v, u)):
            known = graph.get_edge_data(tail, head, {"length_m": np.inf})["length_m"]
            graph.add_edge(tail, head, length_m=min(known, length))
    return dict(nx.all_pairs_dijkstra_path_length(graph, weight="length_m")), graph


@st.composite
def networks(draw):
    """Short chains of few nodes, so that rings, parallels, dead ends and one-ways all occur."""
    size = draw(st.integers(2, 12))
    node = st.integers(0, size - 1)
    pairs = draw(st.lists(st.tuples(node, node), min_size=1, max_size=16))
    rows = {(u, v): (draw(st.integers(1, 50)), draw(st.booleans())) for u, v in pairs if u != v}
    return [(u, v, *rest) for (u, v), rest in rows.items()] or [(0, 1, 5, False)]


@settings(max_examples=200, deadline=None)
@given(networks())
def test_merged_streets_are_the_same_network(rows):
    segments, nodes, edges = tables_of(rows)
    assert edges.length_m.sum() == pytest.approx(segments.length_m.sum())
    hours = (segments.length_m / segments.speed_kmh).sum()
    assert (edges.length_m / edges.speed_kmh).sum() == pytest.approx(hours, rel=1e-6)
    assert len(nodes) + edges.n_merged.sum() == len(np.unique(segments[["u", "v"]]))

    before, graph = distances(segments)
    after, _ = distances(edges)
    for source in nodes.index:
        kept = {n: d for n, d in before.get(source, {}).items() if n in nodes.index}
        found = after.get(source, {})
        assert found.keys() == kept.keys()
        assert all(found[n] == pytest.approx(d) for n, d in kept.items())

    strong = {n: part for part in nx.strongly_connected_components(graph) for n in part}
    for u, v in zip(edges.u, edges.v, strict=True):
        same = nodes["component"][u] == nodes["component"][v]
        assert same == (strong[u] == strong[v])
    for node in nodes.index:
        assert nodes["component_size"][node] == len(strong[node])


@settings(max_examples=100, deadline=None)
@given(networks())
def test_geometry_runs_from_u_to_v_through_every_merged_node(rows):
    _, nodes, edges = tables_of(rows)
    for edge in edges.itertuples():
        line = list(edge.geometry.coords)
        assert line[0] == nodes.geometry[edge.u].coords[0]
        assert line[-1] == nodes.geometry[edge.v].coords[0]
        assert len(line) == edge.n_merged + 2


@settings(max_examples=100, deadline=None)
@given(networks())
def test_nothing_is_left_to_merge(rows):
    """A node that is kept is a junction, a dead end, a change, or the one node of a ring."""
    _, _, edges = tables_of(rows)
    ends = pd.concat([edges[["u", "oneway"]].set_axis(["node", "oneway"], axis=1),
                      edges[["v", "oneway"]].set_axis(["node", "oneway"], axis=1)])  # fmt: skip
    for node, met in ends.groupby("node"):
        loop = (edges.u == node) & (edges.v == node)
        if len(met) == 2 and len(set(met["oneway"])) == 1 and not loop.any():
            ways_in, ways_out = (edges.v == node).sum(), (edges.u == node).sum()
            assert met["oneway"].iloc[0]
            assert ways_in != ways_out


def test_groups_are_not_joined():
    ends = np.array([0, 1]), np.array([1, 2])
    two_way = np.array([False, False])
    _, one = chains(*ends, oneway=two_way, group=np.array([0, 0]))
    _, two = chains(*ends, oneway=two_way, group=np.array([0, 1]))
    assert one.tolist() == [0, 0]
    assert two.tolist() == [0, 1]


def test_a_street_without_length_keeps_a_speed():
    _, _, edges = tables_of([(0, 1, 0, False)])
    assert edges.length_m.tolist() == [0]
    assert edges.speed_kmh.tolist() == [10]
