"""What can be reached: street by street, with a pencil."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from conftest import TOWN_AT
from conftest import make_network
from conftest import make_points
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan.errors import InputError
from spatialplan.reach import BUFFER_M
from spatialplan.reach import HOLE_M2
from spatialplan.reach import isochrone
from spatialplan.reach import reached_streets
from spatialplan.reach._cut import cut


def km(network, at, **limits):
    found = isochrone(make_points(at), network=network, **limits)
    return found["street_km"].round(6).tolist()


def test_five_minutes_from_the_centre_are_four_half_roads(cross):
    found = isochrone(make_points((0.0, 0.0)), network=cross, minutes=[5])
    row = found.iloc[0]
    assert (row["place_id"], row["limit_min"], row["access_m"]) == ("a", 5.0, 0.0)
    assert row["street_km"] == 1.2
    # A plus sign of arms 300 m long and 80 m wide, with round ends.
    plus = 4 * 300 * 80 - 80**2 + 4 * 40 * 40
    assert row["area_km2"] == pytest.approx(plus / 1e6, rel=0.05)
    assert row["area_km2"] == row.geometry.area / 1e6
    bounds = np.array(row.geometry.bounds)
    np.testing.assert_allclose(np.abs(bounds), 340.0)
    assert found.crs == cross.edges.crs


@pytest.mark.parametrize(
    ("at", "direction", "street_km"),
    [
        ((0.0, 0.0), "both", 2.1),  # up to the barrier
        ((0.0, 0.0), "backward", 2.4),
        ((500.0, 0.0), "both", 0.3),  # on the far side of it
        ((500.0, 0.0), "forward", 2.4),
        ((500.0, 0.0), "backward", 0.3),
        ((100.0, 0.0), "both", 2.1),
        ((100.0, 0.0), "backward", 2.4),
    ],
)
def test_a_closed_street_is_entered_up_to_its_middle(cross, at, direction, street_km):
    assert km(cross.closed([1], direction=direction), at, metres=[5000]) == [street_km]


def test_a_street_closed_one_way_is_walked_the_other(cross):
    for direction, street_km in (("backward", 1.0), ("forward", 0.9)):
        shut = cross.closed([1], direction=direction)
        assert km(shut, (100.0, 0.0), metres=[300]) == [street_km]


def test_limits_come_largest_first_for_every_place(cross):
    places = make_points((0.0, 0.0), (600.0, 0.0), index=["x", "y"])
    found = isochrone(places, network=cross, metres=[300, 900, 600])
    assert found["place_id"].tolist() == ["x"] * 3 + ["y"] * 3
    assert found["limit_m"].tolist() == [900, 600, 300] * 2
    assert found["street_km"].tolist() == [2.4, 2.4, 1.2, 1.5, 0.6, 0.3]


@pytest.mark.parametrize(
    ("at", "metres", "street_km"),
    [
        ((300.0, 0.0), 100, 0.2),  # its own street only, both ways
        ((300.0, 0.0), 300, 0.6),  # its own street whole
        ((300.0, 0.0), 400, 0.6 + 3 * 0.1),  # and a little of the three others
        ((100.0, 0.0), 300, 0.1 + 0.3 + 3 * 0.2),
        ((300.0, 50.0), 150, 0.2),  # 50 m are used up on the way to the street
        ((300.0, 50.0), 50, 0.0),
        ((2050.0, 0.0), 1000, 0.1),  # the island
    ],
)
def test_streets_are_counted_once_and_in_part(cross, at, metres, street_km):
    assert km(cross, at, metres=[metres]) == [pytest.approx(street_km)]


def test_a_limit_within_the_way_to_the_street_reaches_nothing(cross):
    found = isochrone(make_points((300.0, 50.0)), network=cross, metres=[40])
    assert found.loc[0, ["street_km", "area_km2", "access_m"]].tolist() == [0, 0, 50]
    assert found.geometry.is_empty.all()


def test_minutes_follow_the_speed_and_the_way_to_the_street_is_walked(cross):
    fast = cross.at_speed(7.2)  # 2 m/s
    assert km(fast, (0.0, 0.0), minutes=[5]) == [2.4]
    assert km(fast, (300.0, 60.0), minutes=[2]) == [2 * 0.12]  # one minute to the street


def test_a_oneway_street_is_reached_ahead_only():
    street = make_network([(1, 2, 1000)], {1: (0, 0), 2: (1000, 0)}, oneway=[0])
    assert km(street, (400.0, 0.0), metres=[100, 700]) == [0.6, 0.1]
    back = make_network([(1, 2, 1000), (2, 1, 1000)], {1: (0, 0), 2: (1000, 0)}, oneway=[0, 1])
    found = isochrone(make_points((1000.0, 0.0)), network=back, metres=[300]).iloc[0]
    assert found["street_km"] == pytest.approx(0.3)
    assert found.geometry.bounds[0] == pytest.approx(700 - BUFFER_M)


def test_around_the_block_one_comes_back_to_ones_own_oneway_street():
    at = {1: (0, 0), 2: (400, 0), 3: (200, 150)}
    block = make_network([(1, 2, 400), (2, 3, 250), (3, 1, 250)], at, oneway=[0])
    # 100 m ahead, 500 m around to the start of the street, 80 m of it.
    assert km(block, (300.0, 0.0), metres=[680]) == [0.68]
    assert km(block, (300.0, 0.0), metres=[5000]) == [0.9]


def test_parallel_streets_and_loops():
    at = {1: (0, 0), 2: (300, 0)}
    ring = make_network([(1, 2, 300), (1, 2, 500), (2, 2, 200)], at)
    lines = ring.edges.geometry.to_numpy().copy()
    lines[1] = shapely.LineString([(0, 0), (150, 200), (300, 0)])
    lines[2] = shapely.LineString([(300, 0), (350, 0), (350, 50), (300, 50), (300, 0)])
    drawn = type(ring)("walk", ring.nodes, ring.edges.assign(geometry=lines))
    assert km(drawn, (0.0, 0.0), metres=[200, 350, 2000]) == [1.0, 0.8, 0.4]


def test_a_river_without_a_bridge_is_not_crossed(town):
    place = make_points((TOWN_AT[0] + 300, TOWN_AT[1]))
    network = town.networks["walk"]
    north = shapely.LineString([(TOWN_AT[0] + x, TOWN_AT[1] + 400) for x in (0, 1000)])
    near, far = isochrone(place, network=network, metres=[1050, 1300]).geometry[::-1]
    assert near.distance(north) == pytest.approx(400 - 350 - BUFFER_M)  # 350 m up the bridge
    assert far.intersects(north)
    assert not far.intersects(shapely.Point(TOWN_AT[0] + 500, TOWN_AT[1] + 200))  # never a hull


def test_the_inside_of_a_block_is_closed_and_a_lake_is_not():
    def ring(size):
        at = {1: (0, 0), 2: (size, 0), 3: (size, size), 4: (0, size)}
        return make_network([(1, 2, size), (2, 3, size), (3, 4, size), (4, 1, size)], at)

    for size in (150, 300):
        inside = (size - 2 * BUFFER_M) ** 2
        area = isochrone(make_points((0.0, 0.0)), network=ring(size), metres=[9999]).geometry[0]
        assert area.contains(shapely.Point(size / 2, size / 2)) == (inside < HOLE_M2)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({}, "isochrone: limits in both units or in none; allowed: either minutes or metres"),
        ({"minutes": [5], "metres": [300]}, "limits in both units or in none"),
        ({"minutes": [0]}, "minutes: 0; allowed: above 0, at most 1440"),
        ({"minutes": [5, -1]}, "minutes: -1;"),
        ({"minutes": [np.nan]}, "minutes: nan;"),
        ({"minutes": [1441]}, "minutes: 1441;"),
        ({"metres": [np.inf]}, "metres: inf; allowed: above 0, at most 500000"),
        ({"metres": [500_001]}, "metres: 500001;"),
    ],
)
def test_limits_out_of_range_are_refused(cross, limits, message):
    with pytest.raises(InputError, match=message):
        isochrone(make_points((0.0, 0.0)), network=cross, **limits)


def test_no_place_gives_no_row_and_all_columns(cross):
    found = isochrone(make_points(), network=cross, minutes=[5])
    assert len(found) == 0
    assert list(found.columns) == [
        "place_id", "mode", "limit_min", "area_km2", "street_km", "access_m", "geometry",
    ]  # fmt: skip
    assert isinstance(found, gpd.GeoDataFrame)


@st.composite
def networks(draw):
    """Any edges between six nodes on a circle, some one-way."""
    at = {n: (500 * np.cos(n), 500 * np.sin(n)) for n in range(6)}
    node = st.integers(0, 5)
    pairs = draw(st.lists(st.tuples(node, node).filter(lambda p: p[0] != p[1]), min_size=1,
                          max_size=9))  # fmt: skip
    edges = [(u, v, float(np.hypot(*np.subtract(at[u], at[v])))) for u, v in pairs]
    return make_network(edges, at, oneway=sorted(draw(st.sets(st.integers(0, len(pairs) - 1)))))


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(-500, 500), st.integers(-500, 500), st.integers(1, 3000))
def test_street_by_street_equal_to_walking_in_steps(network, x, y, metres):
    """Split every edge in pieces of one 200th and count those that are within the limit."""
    place = make_points((float(x), float(y)))
    found = isochrone(place, network=network, metres=[metres, metres * 2])
    assert found["street_km"][0] >= found["street_km"][1]
    assert found["area_km2"][0] >= found["area_km2"][1] * (1 - 1e-9)
    here = network.locate(place).to_dict("records")[0]
    edges = network.edges
    cost = dict.fromkeys(range(6), np.inf)
    own = edges.iloc[here["edge"]]
    cost[own["v"]] = here["access_m"] + (1 - here["share"]) * own["length_m"]
    if not own["oneway"] or here["share"] == 0:
        back = here["access_m"] + here["share"] * own["length_m"]
        cost[own["u"]] = min(cost[own["u"]], back)
    for _ in range(6):
        for edge in edges.itertuples():
            cost[edge.v] = min(cost[edge.v], cost[edge.u] + edge.length_m)
            if not edge.oneway:
                cost[edge.u] = min(cost[edge.u], cost[edge.v] + edge.length_m)
    total, steps = 0.0, (np.arange(200) + 0.5) / 200
    for number, edge in enumerate(edges.itertuples()):
        along = cost[edge.u] + steps * edge.length_m
        if not edge.oneway:
            along = np.minimum(along, cost[edge.v] + (1 - steps) * edge.length_m)
        if number == here["edge"]:
            ahead = (steps - here["share"]) * edge.length_m
            direct = here["access_m"] + np.where(edge.oneway & (ahead < 0), np.inf, np.abs(ahead))
            along = np.minimum(along, direct)
        total += (along <= metres).mean() * edge.length_m
    assert found["street_km"][1] == pytest.approx(total / 1e3, abs=0.02 * len(edges))


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(-500, 500), st.integers(-500, 500), st.integers(1, 3000))
def test_reached_streets_are_those_of_the_area_and_none_twice(network, x, y, metres):
    place = make_points((float(x), float(y)))
    limits = {"metres": [metres, metres / 2]}
    streets = reached_streets(place, network=network, **limits)
    areas = isochrone(place, network=network, **limits).set_index("limit_m")
    lengths = streets.geometry.length.groupby(streets["limit_m"]).sum()
    for limit, km in areas["street_km"].items():
        assert lengths.get(limit, 0.0) / 1e3 == pytest.approx(km, abs=1e-9)
        here = streets[streets["limit_m"] == limit]
        assert here.empty or areas.geometry[limit].buffer(1e-6).covers(here.union_all())
        for _, parts in here.sort_values("share_from").groupby("edge_id"):
            assert (parts["share_from"].iloc[1:] > parts["share_to"].iloc[:-1].to_numpy()).all()


def test_reached_streets_name_edge_and_shares(cross):
    found = reached_streets(make_points((150.0, 0.0)), network=cross, metres=[60])
    row = found.iloc[0]
    assert (row["place_id"], row["mode"], row["limit_m"]) == ("a", "walk", 60)
    assert row["geometry"].length == pytest.approx(120)
    assert row["edge_id"] == cross.edges.index[cross.locate(make_points((150.0, 0.0)))["edge"]][0]
    assert row["share_to"] - row["share_from"] == pytest.approx(0.2)
    assert len(reached_streets(make_points(), network=cross, metres=[60])) == 0


def test_a_cut_keeps_the_points_between_and_the_direction():
    bent = shapely.LineString([(0, 0), (6, 0), (6, 4)])
    got = cut(np.array([bent, bent]), np.array([0.0, 0.6]), np.array([1.0, 0.7]))
    assert got[0].equals(bent)
    assert got[1].equals_exact(shapely.LineString([(6, 0), (6, 1)]), 1e-9)


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        ({"minutes": 15}, "minutes: 15; allowed: a list of numbers"),
        ({"minutes": "15"}, "minutes: '15'; allowed: a list of numbers"),
        ({"metres": ["a"]}, "metres: 'a'; allowed: above 0"),
    ],
)
def test_limits_that_are_no_list_of_numbers_are_refused(cross, limits, fault):
    for ask in (isochrone, reached_streets):
        with pytest.raises(InputError, match=fault):
            ask(make_points((0.0, 0.0)), network=cross, **limits)


def test_no_street_is_reached_beyond_the_limit(cross):
    found = reached_streets(make_points((0.0, 0.0)), network=cross, metres=np.array([1.03]))
    assert found["share_to"].max() == 1.0 / 600
