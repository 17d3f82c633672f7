"""The street network: its checks, and where places stand on it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import make_network
from conftest import make_points

from spatialplan.engine import UNREACHED
from spatialplan.errors import InputError
from spatialplan.errors import SchemaError
from spatialplan.network import Network


def test_costs_are_whole_twentieths(cross):
    assert cross.edge_costs("length_m").tolist() == [12_000] * 4 + [2_000]
    assert cross.edge_costs("time_s").tolist() == [12_000] * 4 + [2_000]
    assert cross.at_speed(7.2).edge_costs("time_s")[0] == 6_000


def test_a_point_stands_on_the_nearest_point_of_an_edge_not_on_a_node(cross):
    row = cross.locate(make_points((150.0, 40.0))).loc["a"]
    assert (row["edge"], row["share"], row["access_m"]) == (1, 0.25, 40.0)


def test_offsets_add_up_to_the_whole_edge(cross):
    located = cross.locate(make_points((123.456, 7.0)))
    leave = cross.departures(located, "length_m")
    assert leave.costs.sum() == 12_000 + 2 * 140


def test_a_place_on_a_oneway_street_is_left_ahead_and_reached_from_behind():
    street = make_network([(1, 2, 100)], {1: (0, 0), 2: (100, 0)}, oneway=[0])
    located = street.locate(make_points((30.0, 0.0)))
    assert street.departures(located, "length_m").costs.tolist() == [[UNREACHED, 1_400]]
    assert street.arrivals(located, "length_m").costs.tolist() == [[600, UNREACHED]]


def two_components(*, gap_m: float) -> Network:
    """A real component of 300 street nodes along y = 0 and a fragment of 2 nodes `gap_m` above."""
    at = {1: (0, 0), 2: (1000, 0), 3: (400, gap_m), 4: (600, gap_m)}
    network = make_network([(1, 2, 1000), (3, 4, 200)], at)
    nodes = network.nodes.assign(component=[0, 0, 1, 1], component_size=[300, 300, 2, 2])
    return Network("walk", nodes, network.edges)


def test_nothing_is_located_on_a_fragment_when_a_real_component_is_within_reach():
    row = two_components(gap_m=60.0).locate(make_points((500.0, 60.0))).loc["a"]
    assert (row["edge"], row["access_m"]) == (0, 60.0)


def test_a_fragment_serves_when_no_real_component_is_within_reach():
    row = two_components(gap_m=150.0).locate(make_points((500.0, 150.0))).loc["a"]
    assert (row["edge"], row["access_m"]) == (1, 0.0)


def test_what_is_far_from_every_street_is_located_with_its_distance(cross):
    assert cross.locate(make_points((300.0, 250.0)))["access_m"].tolist() == [250.0]


def test_a_park_is_entered_where_streets_cross_its_edge(cross):
    park = gpd.GeoDataFrame(geometry=[shapely.box(100, -50, 300, 50)], index=["park"], crs=4549)
    gates = cross.locate_gates(park)
    assert gates.index.tolist() == ["park", "park"]
    np.testing.assert_allclose(gates["share"], [100 / 600, 300 / 600])
    assert gates["access_m"].tolist() == [0.0, 0.0]


def test_a_park_no_street_crosses_is_entered_from_the_nearest_street(cross):
    park = gpd.GeoDataFrame(geometry=[shapely.box(90, 30, 300, 90)], index=["park"], crs=4549)
    row = cross.locate_gates(park).loc["park"]
    assert (row["edge"], row["access_m"]) == (1, 30.0)
    assert 90 / 600 <= row["share"] <= 300 / 600


def test_gates_of_a_multipoint_are_its_points(cross):
    school = gpd.GeoDataFrame(
        geometry=[shapely.MultiPoint([(60, 5), (0, 540)])], index=["school"], crs=4549
    )
    gates = cross.locate_gates(school).sort_values("edge")
    assert gates["edge"].tolist() == [1, 2]
    np.testing.assert_allclose(gates["share"], [0.1, 0.9])


def test_gates_keep_the_index_of_mixed_places(cross):
    places = gpd.GeoDataFrame(
        geometry=[shapely.Point(10, 0), shapely.box(100, -50, 300, 50), shapely.Point(0, 10)],
        index=["p", "park", "q"],
        crs=4549,
    )
    assert cross.locate_gates(places).index.tolist() == ["p", "park", "park", "q"]


def test_another_coordinate_system_is_refused(cross):
    with pytest.raises(InputError, match=r"EPSG:4326; allowed: that of the network, EPSG:4549"):
        cross.locate(make_points((0, 0)).set_crs(4326, allow_override=True))


def test_all_faults_of_the_edges_are_named_at_once(cross):
    edges = cross.edges.copy()
    edges["v"] = 99
    edges["length_m"] = -1.0
    with pytest.raises(SchemaError, match="'length_m' holds values below 0"):
        Network("walk", cross.nodes, edges)
    edges["length_m"], edges["speed_kmh"] = np.inf, 0.0
    with pytest.raises(SchemaError) as caught:
        Network("walk", cross.nodes, edges)
    for part in ("5 end at a node", "first edge 0", "not finite", "is not from 0.1 to 1000"):
        assert part in str(caught.value)


def test_a_network_without_edges_is_refused(cross):
    with pytest.raises(SchemaError, match="no street"):
        Network("walk", cross.nodes, cross.edges.iloc[:0])


def test_no_place_stands_on_a_ferry():
    network = make_network([(1, 2, 500), (2, 3, 900)], {1: (0, 0), 2: (500, 0), 3: (1400, 0)})
    edges = network.edges.assign(highway=["residential", "ferry"])
    with_ferry = Network("walk", network.nodes, edges)
    at_sea = make_points((900.0, 0.0))
    assert with_ferry.locate(at_sea)[["edge", "access_m"]].to_numpy().tolist() == [[0, 400.0]]
    assert with_ferry.near_street(at_sea).tolist() == [False]
    assert network.near_street(at_sea).tolist() == [True]


@pytest.mark.parametrize("speed", [0.0, -1.0, 1e-300, np.nan, np.inf])
def test_a_speed_must_be_one_of_a_street(cross, speed):
    with pytest.raises(InputError, match=r"allowed: 0\.1 to 1000"):
        cross.at_speed(speed)


def test_a_closed_street_is_left_by_the_end_on_ones_own_side(cross):
    shut = cross.closed([1])
    located = shut.locate(make_points((150.0, 0.0), (300.0, 0.0), (450.0, 0.0)))
    ends = [[3_000, UNREACHED], [6_000, 6_000], [UNREACHED, 3_000]]
    assert shut.departures(located, "length_m").costs.tolist() == ends
    assert shut.arrivals(located, "length_m").costs.tolist() == ends
    forward = cross.closed([1], direction="forward")
    out, home = [[3_000, UNREACHED], [9_000, 3_000]], [[3_000, 9_000], [UNREACHED, 3_000]]
    assert forward.departures(located, "length_m").costs[::2].tolist() == out
    assert forward.arrivals(located, "length_m").costs[::2].tolist() == home


def test_a_closure_is_a_column_of_a_copy(cross):
    shut = cross.closed([1, 3], direction="backward").closed([1], direction="forward")
    assert shut.edges["closed_forward"].tolist() == [False, True, False, False, False]
    assert shut.edges["closed_backward"].tolist() == [False, True, False, True, False]
    assert "closed_forward" not in cross.edges
    assert shut.passing_costs("length_m")[1].tolist() == [12_000, UNREACHED] * 2 + [2_000]
    with pytest.raises(SchemaError, match="'closed_forward' is str, not true or false"):
        Network("walk", cross.nodes, cross.edges.assign(closed_forward="no"))


def test_no_closure_where_there_is_no_edge(cross):
    with pytest.raises(InputError, match="edge_ids: no edge 9"):
        cross.closed([0, 9])
    with pytest.raises(InputError, match="direction: 'north'; allowed: both, forward, backward"):
        cross.closed([0], direction="north")


def test_parallel_edges_and_loops_stay_in_the_graph():
    network = make_network(
        [(1, 2, 50), (1, 2, 30), (1, 1, 10)], {1: (0, 0), 2: (20, 0)}, oneway=[1]
    )
    graph = network.engine("length_m").away.graph
    assert sorted(graph.cells[:, 1].tolist()) == [600, 1_000, 1_000]  # a loop leads nowhere
    assert isinstance(network.edges, pd.DataFrame)


def test_one_street_at_another_speed_is_worked_out_from_the_router_there_is(cross, monkeypatch):
    before = cross.engine("time_s")
    slower = cross.with_speeds(pd.Series({1: 1.8}))
    monkeypatch.setattr("spatialplan.engine._prepare.customised", None)
    assert slower.engine("time_s") is not before
    assert slower.engine("length_m") is cross.engine("length_m")
    monkeypatch.undo()
    assert slower.edge_costs("time_s").tolist() == [
        cost * (2 if edge == 1 else 1)
        for edge, cost in zip(cross.edges.index, cross.edge_costs("time_s"), strict=True)
    ]


@pytest.mark.parametrize(
    ("speeds", "message"),
    [
        ({9: 5.0}, "edge_ids: no edge 9"),
        ({1: np.nan}, "speeds_kmh: nan on edge 1; allowed: "),
        ({1: 0.0}, "speeds_kmh: 0.0 on edge 1; allowed: "),
    ],
)
def test_speeds_of_no_street_are_refused(cross, speeds, message):
    with pytest.raises(InputError, match=message):
        cross.with_speeds(pd.Series(speeds))


def test_an_edge_has_one_speed(cross):
    with pytest.raises(InputError, match="speeds_kmh: edge 1 comes twice"):
        cross.with_speeds(pd.Series([3.0, 4.0], index=[1, 1]))


def test_closing_a_one_way_street_does_not_start_anew(cross, monkeypatch):
    streets = Network("walk", cross.nodes, cross.edges.assign(oneway=cross.edges.index == 1))
    streets.engine("time_s")
    monkeypatch.setattr("spatialplan.engine._prepare.customised", None)
    streets.closed([1]).engine("time_s")


@pytest.mark.parametrize("length_m", [4.1e7, 1e18, 1e300])
def test_a_street_longer_than_the_earth_is_round_is_refused(length_m):
    with pytest.raises(SchemaError, match="'length_m' is not finite, or over 40,000,000"):
        make_network([(1, 2, length_m)], {1: (0, 0), 2: (100, 0)})


@pytest.mark.parametrize("at", [(np.nan, np.nan), (np.inf, 0.0), (1e300, 0.0)])
def test_places_without_coordinates_are_refused(cross, at):
    places = make_points((0.0, 0.0), at, index=["a", "b"])
    for ask in (cross.locate, cross.locate_gates, cross.near_street):
        with pytest.raises(InputError, match="places: b: no coordinates within 1e\\+100 m"):
            ask(places)


@pytest.mark.parametrize("shape", [None, shapely.Point(), shapely.Polygon()])
def test_places_without_a_shape_are_refused(cross, shape):
    places = gpd.GeoDataFrame(geometry=[shape], index=["a"], crs=4549)
    for ask in (cross.locate, cross.locate_gates):
        with pytest.raises(InputError, match="places: a: no coordinates within 1e\\+100 m"):
            ask(places)


def test_a_place_beyond_the_world_is_reached_by_no_way(cross):
    located = cross.locate(make_points((1e18, 0.0)))
    assert (cross.departures(located, "time_s").costs > UNREACHED).all()


def test_a_line_drawn_from_v_to_u_is_refused(cross):
    turned = cross.edges.assign(geometry=shapely.reverse(cross.lines))
    with pytest.raises(SchemaError, match="5 are drawn from v to u, not from u to v, first edge 0"):
        Network("walk", cross.nodes, turned)


def test_nodes_in_another_system_than_edges_are_refused(cross):
    with pytest.raises(SchemaError, match=r"EPSG:4549; allowed: that of the nodes, EPSG:3857"):
        Network("walk", cross.nodes.to_crs(3857), cross.edges)


def test_two_nodes_of_one_name_are_refused(cross):
    with pytest.raises(SchemaError, match="nodes: index repeats 1"):
        Network("walk", cross.nodes.loc[[1, *cross.nodes.index]], cross.edges)


def test_what_is_no_list_of_edges_and_no_speed_is_refused(cross):
    with pytest.raises(InputError, match="edge_ids: 0; allowed: a list of edges"):
        cross.closed(0)
    with pytest.raises(InputError, match="speed_kmh: 5; allowed"):
        cross.at_speed("5")


def test_a_closure_looks_at_no_street_again(cross, monkeypatch):
    lines = cross.lines
    monkeypatch.setattr("spatialplan.network._network.require_streets", None)
    shut = cross.closed([1])
    assert shut.lines is lines
    assert shut.shut.any()
    assert not cross.shut.any()
    assert cross.at_speed(7.2).edge_costs("time_s")[0] == cross.edge_costs("time_s")[0] / 2
