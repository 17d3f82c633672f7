"""What a closed street costs people, by pencil and against networkx with the street cut."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from conftest import make_network
from conftest import make_points
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import spatialplan as sp
from spatialplan.errors import InputError
from spatialplan.travel import nearest_amounts

NONE = np.inf


@pytest.fixture
def block():
    """
    A block of streets a 600, b 300, c 600, d 300 m, walked at 1 m/s; e leads out.

        4 --c-- 3
        d       b
        1 --a-- 2 --e-- 5
    """
    at = {1: (0, 0), 2: (600, 0), 3: (600, 300), 4: (0, 300), 5: (900, 0)}
    streets = [(1, 2, 600), (2, 3, 300), (3, 4, 600), (4, 1, 300), (2, 5, 300)]
    network = make_network(streets, at)
    edges = network.edges.set_index(pd.Index(list("abcde"), name="edge_id"))
    return sp.Network("walk", network.nodes, edges)


def people(*at):
    homes = make_points(*at)
    return homes.assign(population=[float(10**power) for power in range(len(homes))])


CLINIC = make_points((900.0, 0.0))
HOMES = ((0.0, 0.0), (200.0, 0.0), (500.0, 0.0), (600.0, 150.0))


def test_what_is_lost_where_a_street_is_closed(block):
    """The first walks 600 m more, the second back and round, 1,000 m; the others as before."""
    found = sp.closure_losses(
        people(*HOMES), CLINIC, network=block, closures={"south": ["a"], "exit": ["e"]}
    )
    assert found.columns.tolist() == ["affected", "cut_off", "lost_person_min", "longest"]
    lost = 1 * 600 / 60 + 10 * 1000 / 60
    assert found.loc["south"].tolist() == pytest.approx([11, 0, lost, 1000 / 60])
    assert found.loc["exit"].tolist() == [1111, 1111, 0, 0]
    assert found.index.name == "closure"


def test_any_measure_before_and_after(block):
    homes = people(*HOMES, (5000.0, 0.0))
    found = sp.closure_change(
        lambda streets: sp.distance_to_nearest(homes, CLINIC, network=streets),
        network=block,
        edge_ids=["a"],
    )
    assert found["before"].tolist() == [900, 700, 400, 450, 4100]
    assert found["after"].tolist() == [1500, 1700, 400, 450, 4100]
    assert found["change"].tolist() == [600, 1000, 0, 0, 0]


def test_no_way_before_and_none_after_is_no_change(cross):
    homes = make_points((0.0, 0.0), (2000.0, 0.0))
    found = sp.closure_change(
        lambda streets: sp.distance_to_nearest(homes, make_points((600.0, 0.0)), network=streets),
        network=cross,
        edge_ids=[1],
    )
    assert found.to_numpy().tolist() == [[600, NONE, NONE], [NONE, NONE, 0]]


def test_closed_one_way_only(block):
    """Closed from 1 to 2, street a still leads from 2 to 1."""
    there, back = make_points((0.0, 0.0)), make_points((900.0, 0.0))
    for direction, metres in [("both", [1500, 1500]), ("forward", [1500, 900]),
                              ("backward", [900, 1500])]:  # fmt: skip
        shut = block.closed(["a"], direction=direction)
        assert [
            *sp.distance_to_nearest(there, back, network=shut),
            *sp.distance_to_nearest(back, there, network=shut),
        ] == metres


def test_neighbours_on_both_sides_of_a_barrier_walk_round_the_block(block):
    west, east = make_points((290.0, 0.0)), make_points((310.0, 0.0), (280.0, 0.0))
    middle = make_points((300.0, 0.0))
    shut = block.closed(["a"])
    assert sp.distance_to_nearest(west, east[:1], network=block).tolist() == [20]
    assert sp.distance_to_nearest(west, east[:1], network=shut).tolist() == [1780]
    assert sp.distance_to_nearest(west, east[1:], network=shut).tolist() == [10]
    assert sp.distance_to_nearest(middle, east, network=shut).tolist() == [10]
    forward = block.closed(["a"], direction="forward")
    assert sp.distance_to_nearest(west, east[:1], network=forward).tolist() == [1780]
    assert sp.distance_to_nearest(east[:1], west, network=forward).tolist() == [20]


def test_closures_add_up_and_the_open_streets_stay_open(block):
    once = block.closed(["a"])
    twice = once.closed(["c"]).at_speed(7.2)
    home, clinic = make_points((0.0, 0.0)), CLINIC
    assert sp.time_to_nearest(home, clinic, network=block).tolist() == [15]
    assert sp.time_to_nearest(home, clinic, network=once).tolist() == [25]
    assert sp.time_to_nearest(home, clinic, network=twice).tolist() == [NONE]
    assert once.skeleton is block.skeleton
    again = sp.Network("walk", once.nodes, once.edges)  # the table says all
    assert sp.time_to_nearest(home, clinic, network=again).tolist() == [25]


def test_losses_of_nobody_and_of_nothing(block):
    homes = people(*HOMES)
    nothing = sp.closure_losses(homes, CLINIC, network=block, closures={"": []})
    assert nothing.to_numpy().tolist() == [[0, 0, 0, 0]]
    nobody = sp.closure_losses(
        homes[:0], CLINIC, network=block, closures={"a": ["a"]}, measure="distance_m"
    )
    assert nobody.to_numpy().tolist() == [[0, 0, 0, 0]]
    assert nobody.columns[2] == "lost_person_m"
    assert sp.closure_losses(homes, CLINIC, network=block, closures={}).empty


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"closures": {"x": ["a", "z"]}}, "edge_ids: no edge 'z'"),
        ({"closures": {"x": [3]}}, "edge_ids: no edge 3"),
        ({"direction": "up"}, "direction: 'up'; allowed: both, forward, backward"),
        ({"weight": "poeple"}, "homes: no column 'poeple'"),
        ({"measure": "time_s"}, "measure: 'time_s'; allowed: time_min or distance_m"),
    ],
)
def test_bad_requests_are_refused(block, options, message):
    request = {"closures": {"x": ["a"]}, **options}
    with pytest.raises(InputError, match=message):
        sp.closure_losses(people(*HOMES), CLINIC, network=block, **request)


def test_people_must_be_numbers(block):
    homes = people(*HOMES).assign(population=[1.0, -1.0, 2.0, 2.0])
    with pytest.raises(InputError, match="population: b: -1; allowed: a finite number"):
        sp.closure_losses(homes, CLINIC, network=block, closures={})


def test_a_measure_must_give_a_series_on_one_index(block):
    with pytest.raises(InputError, match="measure: a list; allowed: a pandas Series"):
        sp.closure_change(lambda _: [], network=block, edge_ids=["a"])
    grown = iter([pd.Series([1.0]), pd.Series([1.0, 2.0])])
    with pytest.raises(InputError, match="measure: another index after the closure"):
        sp.closure_change(lambda _: next(grown), network=block, edge_ids=["a"])


# --- the slow twin


@st.composite
def closed_towns(draw):
    """Nodes on a line, any edges between them, some one-way, some closed in some direction."""
    count = draw(st.integers(2, 6))
    nodes = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(nodes, nodes, st.integers(0, 500)), min_size=1, max_size=10))
    positions = st.integers(0, len(edges) - 1)
    oneway = {edge for edge in draw(st.sets(positions)) if edges[edge][2] > 0}
    directions = st.sampled_from(["both", "forward", "backward"])
    closed = draw(st.dictionaries(positions, directions, max_size=4))
    return count, edges, oneway, closed


SHARES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])


@settings(max_examples=150, deadline=None)
@given(closed_towns(), st.data())
def test_equal_to_networkx_with_the_streets_cut_in_their_middle(town, data):
    count, edges, oneway, closed = town
    at = {node: (1000.0 * node, 3.0 * node) for node in range(count)}
    network = make_network(edges, at, oneway=sorted(oneway))
    for edge, direction in closed.items():
        network = network.closed([edge], direction=direction)
    located = st.tuples(st.integers(0, len(edges) - 1), SHARES)
    here, there = (data.draw(st.lists(located, min_size=1, max_size=3)) for _ in range(2))
    found = nearest_amounts(
        _located(here), [_located([one]) for one in there], network=network, measure="distance_m"
    )
    assert found.tolist() == [
        [_slow_way(edges, oneway, closed, place, target) for target in there] for place in here
    ]


def _located(places):
    edge, share = zip(*places, strict=True)
    return pd.DataFrame({"edge": edge, "share": share, "access_m": 0.0})


def _slow_way(edges, oneway, closed, place, target):
    """Split every edge at the place and the target; leave out what crosses a closed middle."""
    graph = nx.MultiDiGraph()
    for position, (u, v, length) in enumerate(edges):
        points = [(0.0, u), (1.0, v)]
        points += [(share, name) for name, (edge, share) in
                   (("place", place), ("target", target)) if edge == position]  # fmt: skip
        points.sort(key=lambda point: (point[0], str(point[1])))
        shut = closed.get(position)
        for (a, one), (b, two) in pairwise(points):
            past, weight = a < 0.5 < b, length * (b - a)
            if not (past and shut in ("both", "forward")):
                graph.add_edge(one, two, weight=weight)
            if not (past and shut in ("both", "backward")) and (
                position not in oneway or weight == 0
            ):
                graph.add_edge(two, one, weight=weight)
    found = nx.single_source_dijkstra_path_length(graph, "place") if "place" in graph else {}
    return found.get("target", NONE)
