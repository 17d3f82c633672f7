"""The order of nodes against networkx, and against what pencil and paper say."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan._kernels import order
from spatialplan._kernels import separator
from spatialplan._kernels.skeleton import chordal_completion


def rows(count, edges):
    """Compressed rows of undirected edges, each in both directions."""
    ends = np.array(edges, np.int64).reshape(-1, 2)
    tails, heads = np.r_[ends, ends[:, ::-1]].T
    by_tail = np.argsort(tails, kind="stable")
    starts = np.searchsorted(tails[by_tail], np.arange(count + 1)).astype(np.int64)
    return starts, heads[by_tail].copy()


def dissected(count, edges, x=None, y=None):
    """Order of the nodes; where they lie is drawn by lot if not given."""
    drawn = np.random.default_rng(1).random((2, count))
    x, y = (drawn[0], drawn[1]) if x is None else (x, y)
    result = order.dissection(*rows(count, edges), x.astype(float), y.astype(float))
    assert sorted(result) == list(range(count))
    return result


def shortcut_count(count, edges, nodes):
    """How many arcs the skeleton has in an order of the nodes."""
    rank = np.argsort(nodes)
    starts, _ = chordal_completion(*rows(count, [(rank[a], rank[b]) for a, b in edges]), 10**6)
    return starts[-1]


def grid_edges(side):
    number = np.arange(side * side).reshape(side, side)
    across = np.c_[number[:, :-1].ravel(), number[:, 1:].ravel()]
    return np.r_[across, np.c_[number[:-1].ravel(), number[1:].ravel()]]


@st.composite
def graphs(draw, least=0, most=40):
    count = draw(st.integers(least, most))
    node = st.integers(0, max(count - 1, 0))
    size = draw(st.integers(0, 4 * count))
    return count, draw(st.lists(st.tuples(node, node), min_size=size, max_size=size))


@settings(max_examples=300, deadline=None)
@given(graphs(), st.booleans())
def test_every_node_has_one_rank_and_the_same_each_time(graph, on_one_spot):
    count, edges = graph
    spots = np.zeros(count) if on_one_spot else np.arange(count) * 7.0 % 11
    first = dissected(count, edges, spots, -spots)
    assert first.tolist() == dissected(count, edges, spots, -spots).tolist()


@settings(max_examples=300, deadline=None)
@given(graphs(least=4), st.data())
def test_a_separator_is_as_small_as_networkx_says_and_separates(graph, data):
    count, edges = graph
    few = data.draw(st.integers(1, (count - 1) // 2))
    flow, zeros = separator.no_flow(count), np.zeros(count, np.int32)
    nodes = np.arange(count, dtype=np.int32)
    line = separator.along(order._simple(*rows(count, edges)), nodes, zeros, zeros.copy())
    ways = separator.lead(line, few, count + 1, flow)
    slow = nx.Graph(edges)
    slow.add_edges_from(("source", node) for node in range(few))
    slow.add_edges_from((node, "sink") for node in range(count - few, count))
    apart = not nx.has_path(slow, "source", "sink")
    assert ways == (0 if apart else len(nx.minimum_node_cut(slow, "source", "sink")))
    for sizes in (separator.cut_at_source, separator.cut_at_sink):
        at_source = sizes is separator.cut_at_source
        left, right = sizes(few, count, flow) if at_source else sizes(line, few, flow)
        side = flow.side
        assert np.bincount(side, minlength=4)[1:].tolist() == [left, right, ways]
        assert all({side[a], side[b]} != {1, 2} for a, b in edges)
        assert 2 not in side[:few]
        assert 1 not in side[count - few :]


@settings(max_examples=200, deadline=None)
@given(graphs(least=1), st.randoms(use_true_random=False))
def test_bottom_up_needs_the_same_shortcuts(graph, lot):
    count, edges = graph
    nodes = list(range(count))
    lot.shuffle(nodes)
    streets = order._simple(*rows(count, edges))
    result = order._bottom_up(streets, np.array(nodes, np.int64))
    assert sorted(result) == sorted(nodes)
    assert shortcut_count(count, edges, result) == shortcut_count(count, edges, nodes)


def test_bottom_up_brings_together_what_hangs_together():
    streets = order._simple(*rows(6, [(0, 4), (1, 5), (2, 4), (3, 5), (4, 5)]))
    assert order._bottom_up(streets, np.arange(6)).tolist() == [1, 3, 0, 2, 4, 5]


@pytest.mark.parametrize(
    ("edges", "arcs"),
    [
        ([(k, k + 1) for k in range(99)], 99),  # a street
        ([(k, (k - 1) // 3) for k in range(1, 100)], 99),  # a tree
        ([(k, (k + 1) % 100) for k in range(100)], 197),  # a ring: 100 and 97 shortcuts
        ([(0, k) for k in range(1, 100)], 99),  # a star
        ([(a, b) for a in range(2) for b in range(2, 100)], 197),  # two hubs: 196, joined
        ([(0, 1)] * 3 + [(5, 5)] * 2, 1),  # parallels and loops
    ],
)
def test_no_shortcut_that_is_not_needed(edges, arcs):
    assert shortcut_count(100, edges, dissected(100, edges)) == arcs


def test_a_part_too_dense_to_halve_is_left_whole():
    edges = [(a, b) for a in range(80) for b in range(a)]
    assert shortcut_count(80, edges, dissected(80, edges)) == len(edges)


def test_of_a_small_part_the_node_that_joins_fewest_is_next():
    # 0 joins four others, 1 and 2 each other too, 3 and 4 none but 0
    streets = order._simple(*rows(5, [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2)]))
    nodes = np.arange(5, dtype=np.int32)
    order._fewest_first(streets, nodes)
    assert nodes.tolist() == [3, 4, 0, 1, 2]


def test_a_grid_needs_few_shortcuts_wherever_its_nodes_lie():
    edges = grid_edges(40)
    y, x = np.divmod(np.arange(1600), 40)
    rowwise = shortcut_count(1600, edges, np.arange(1600))
    good = shortcut_count(1600, edges, dissected(1600, edges, x, y))
    assert good * 3 < rowwise
    for spots in (x * 0, x):  # no direction, or only one
        assert shortcut_count(1600, edges, dissected(1600, edges, spots, x * 0)) < rowwise
    far = dissected(1600, edges, x * 2.0**1000, y * 2.0**1000)
    assert far.tolist() == dissected(1600, edges, x, y).tolist()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 17, 100])
def test_nodes_without_streets(count):
    dissected(count, [])


def test_hubs_of_many_streets_take_no_longer():
    hub = np.zeros(99_999, np.int64)
    rim = np.arange(1, 100_000)
    star = dissected(100_000, np.c_[hub, rim])
    assert shortcut_count(100_000, np.c_[hub, rim], star) == 99_999
    wheel = np.r_[np.c_[hub, rim], np.c_[rim, np.roll(rim, 1)]]
    assert shortcut_count(100_000, wheel, dissected(100_000, wheel)) < 4 * 100_000
