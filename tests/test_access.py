"""Times and distances, against figures one can check with a pencil and against networkx."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from conftest import make_network
from conftest import make_points
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan.access import distance_to_nearest
from spatialplan.access import straight_distance
from spatialplan.access import time_to_nearest
from spatialplan.access import travel_matrix
from spatialplan.bulk import write_travel_matrix
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.travel import nearest_amounts

NODES = {0: (0, 0), 1: (-600, 0), 2: (600, 0), 3: (0, 600), 4: (0, -600), 5: (2000, 0)}


def test_minutes_to_the_nearest_of_two_schools(cross):
    homes = make_points(*NODES.values(), index=[str(node) for node in NODES])
    schools = make_points((-600, 0), (0, 600))
    minutes = time_to_nearest(homes, schools, network=cross)
    assert minutes.tolist() == [10, 0, 20, 0, 20, np.inf]
    assert minutes.name == "time_min"
    assert minutes.index.equals(homes.index)


def test_an_unknown_measure_is_refused_by_all(cross, tmp_path):
    places = make_points((0, 0))
    for ask in (travel_matrix, partial(write_travel_matrix, folder=tmp_path / "m")):
        with pytest.raises(InputError, match="measure: 'fare'; allowed: time_min or distance_m"):
            ask(places, places, network=cross, measure="fare")
    assert not (tmp_path / "m").exists()


def test_the_way_to_the_street_counts_at_both_ends(cross):
    metres = distance_to_nearest(make_points((-300, 40)), make_points((300, 25)), network=cross)
    assert metres.tolist() == [40 + 600 + 25]
    assert metres.name == "distance_m"


def test_two_places_on_one_street_need_not_pass_its_ends(cross):
    metres = distance_to_nearest(make_points((100, 0)), make_points((350, 0)), network=cross)
    assert metres.tolist() == [250]


def test_on_a_oneway_street_the_place_behind_is_reached_around_the_block():
    at = {1: (0, 0), 2: (100, 0), 3: (50, 80)}
    block = make_network([(1, 2, 100), (2, 3, 90), (3, 1, 90)], at, oneway=[0])
    ahead = distance_to_nearest(make_points((20, 0)), make_points((70, 0)), network=block)
    behind = distance_to_nearest(make_points((70, 0)), make_points((20, 0)), network=block)
    assert ahead.tolist() == [50]
    assert behind.tolist() == [30 + 90 + 90 + 20]


def test_no_facility_means_nothing_is_reached(cross):
    none = make_points()
    assert time_to_nearest(make_points((0, 0)), none, network=cross).tolist() == [np.inf]
    assert straight_distance(make_points((0, 0)), none).tolist() == [np.inf]


def test_a_limit_is_met_exactly(cross):
    metres = distance_to_nearest(make_points((0, 0)), make_points((0, 300.0)), network=cross)
    assert (metres <= 300).all()
    assert not (metres <= 299.99).any()


def test_no_input_is_modified(cross):
    homes, schools = make_points((0, 10)), make_points((0, 300))
    before = homes.copy(), schools.copy()
    time_to_nearest(homes, schools, network=cross)
    assert homes.equals(before[0])
    assert schools.equals(before[1])


def test_straight_distance_to_a_park_counts_from_its_outline():
    park = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 100, 100)], crs=4549)
    homes = make_points((50, 50), (130, 140))
    assert straight_distance(homes, park).tolist() == [0, 50]


def test_straight_distance_refuses_two_systems():
    abroad = make_points((0, 0)).set_crs(4326, allow_override=True)
    with pytest.raises(InputError, match="facilities: another coordinate system"):
        straight_distance(make_points((0, 0)), abroad)


def test_matrix_has_one_row_for_each_pair_within_reach(cross):
    homes, schools = make_points((0, 0), (2000, 0)), make_points((600, 0), (0, 300), index="xy")
    rows = travel_matrix(homes, schools, network=cross)
    assert rows.to_numpy().tolist() == [["a", "x", 10.0], ["a", "y", 5.0]]
    within = travel_matrix(homes, schools, network=cross, measure="distance_m", limit=300)
    assert within.to_numpy().tolist() == [["a", "y", 300.0]]


def test_an_empty_matrix_has_its_columns(cross):
    rows = travel_matrix(make_points((2000, 0)), make_points((0, 0)), network=cross)
    assert list(rows.columns) == ["origin_id", "destination_id", "time_min"]
    assert len(rows) == 0
    assert len(travel_matrix(make_points(), make_points((0, 0)), network=cross)) == 0


def test_matrix_is_the_same_from_its_smaller_side():
    at = {1: (0, 0), 2: (100, 0), 3: (50, 80)}
    block = make_network([(1, 2, 100), (2, 3, 90), (3, 1, 90)], at, oneway=[0])
    few, many = make_points((20, 0)), make_points((70, 0), (100, 0), (75, 40), index="xyz")
    there = travel_matrix(few, many, network=block, measure="distance_m")
    back = travel_matrix(many, few, network=block, measure="distance_m")
    assert there["distance_m"].tolist() == [50, 80, 80 + 45]
    assert back["distance_m"].tolist() == [30 + 90 + 90 + 20, 90 + 90 + 20, 45 + 90 + 20]
    assert back["origin_id"].tolist() == ["x", "y", "z"]


@pytest.mark.parametrize("limit", [-1.0, np.nan, np.inf])
def test_a_limit_must_be_a_finite_number(cross, limit):
    with pytest.raises(InputError, match=r"limit: .*; allowed: a finite number of at least 0"):
        travel_matrix(make_points((0, 0)), make_points((0, 0)), network=cross, limit=limit)


def test_too_many_pairs_are_refused_before_the_work(cross, monkeypatch):
    monkeypatch.setattr("spatialplan.travel._pairs.MOST_PAIRS", 3)
    with pytest.raises(LimitError, match=r"4 pairs; at most 3; write it in parts, to a folder/"):
        travel_matrix(make_points((0, 0), (0, 9)), make_points((0, 0), (0, 9)), network=cross)


@st.composite
def random_towns(draw):
    """Nodes on a line, any edges between them: loops, parallels, one-ways, length zero."""
    count = draw(st.integers(2, 7))
    nodes = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(nodes, nodes, st.integers(0, 500)), min_size=1, max_size=12))
    oneway = draw(st.sets(st.integers(0, len(edges) - 1)))
    # Two places on a street of no length stand at one point: no direction tells them apart.
    return count, edges, {edge for edge in oneway if edges[edge][2] > 0}


@settings(max_examples=100, deadline=None)
@given(random_towns(), st.data())
def test_equal_to_networkx_on_random_towns(town, data):
    count, edges, oneway = town
    at = {node: (1000.0 * node, 3.0 * node) for node in range(count)}
    network = make_network(edges, at, oneway=sorted(oneway))
    located = st.tuples(st.integers(0, len(edges) - 1), st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    here, there = (data.draw(st.lists(located, min_size=1, max_size=4)) for _ in range(2))
    got = nearest_amounts(
        as_located(here), [as_located(there)], network=network, measure="distance_m"
    )[:, 0]
    assert got.tolist() == [slow_nearest(edges, oneway, place, there) for place in here]


def as_located(places):
    return gpd.pd.DataFrame(
        {"edge": [e for e, _ in places], "share": [s for _, s in places], "access_m": 0.0}
    )


def slow_nearest(edges, oneway, place, targets):
    """Split every edge at the place and at each target, then ask networkx."""
    best = np.inf
    for target in targets:
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(["place", "target"])
        for position, (u, v, length) in enumerate(edges):
            points = [(0.0, u), (1.0, v)]
            points += [(share, name) for name, (edge, share) in
                       (("place", place), ("target", target)) if edge == position]  # fmt: skip
            points.sort(key=lambda point: (point[0], str(point[1])))
            for (a, one), (b, two) in pairwise(points):
                graph.add_edge(one, two, weight=length * (b - a))
                if position not in oneway or length * (b - a) == 0:
                    graph.add_edge(two, one, weight=length * (b - a))
        found = nx.single_source_dijkstra_path_length(graph, "place")
        best = min(best, found.get("target", np.inf))
    return best


def test_no_pair_is_over_the_limit(cross):
    here, there = make_points((0, 0)), make_points((0.3, 0), (1.05, 0))
    ask = partial(travel_matrix, here, there, network=cross, measure="distance_m")
    assert ask(limit=1.03)["distance_m"].tolist() == [0.3]
    assert len(ask(limit=1.05)) == len(ask(limit=1e300)) == 2
    assert len(ask(limit=0.1 + 0.2)) == 1


def test_a_limit_that_is_no_number_or_a_label_that_comes_twice_is_refused(cross):
    place, twice = make_points((0, 0)), make_points((0, 0), (9, 0), index=["a", "a"])
    with pytest.raises(InputError, match="limit: '5'; allowed: a finite number"):
        travel_matrix(place, place, network=cross, limit="5")
    with pytest.raises(InputError, match="origins: the index repeats a"):
        travel_matrix(twice, place, network=cross)
    with pytest.raises(InputError, match="destinations: the index repeats a"):
        travel_matrix(place, twice, network=cross)
