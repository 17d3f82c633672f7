"""Streets against straight lines, by pencil."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from conftest import make_network
from conftest import make_points
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import spatialplan as sp
from spatialplan.errors import InputError
from spatialplan.errors import LimitError

NONE = np.inf


@pytest.fixture
def river():
    """Two banks 40 m apart, 600 m long, one bridge at the western end."""
    at = {1: (0, 0), 2: (600, 0), 3: (0, 40), 4: (600, 40), 5: (2000, 0), 6: (2100, 0)}
    return make_network([(1, 2, 600), (1, 3, 40), (3, 4, 600), (5, 6, 100)], at)


def test_a_river_with_one_bridge(river):
    """30 m along one bank is straight; 40 m across the river are 240, or 640 at 300."""
    homes = make_points((100, 0), (300, 0), (2000, 0))
    shops = make_points((130, 0), (100, 40), (300, 40), (100, 0), index="stuv")
    found = sp.detour_index(homes, shops, network=river)
    assert found.loc["a"].tolist() == pytest.approx(
        [1, 240 / 40, 440 / np.hypot(200, 40), np.nan], nan_ok=True
    )
    assert found.loc["b"].tolist() == pytest.approx([1, 440 / np.hypot(200, 40), 640 / 40, 1])
    assert found.loc["c"].tolist() == [NONE] * 4
    assert found.index.equals(homes.index)
    assert found.columns.equals(shops.index)


def test_the_way_to_the_street_counts(river):
    found = sp.detour_index(make_points((100, -30)), make_points((140, 0)), network=river)
    assert found.to_numpy().tolist() == [[pytest.approx(70 / 50)]]


def test_one_point_off_the_street_has_no_straight_way(river):
    """From there to itself is twice the way to the street, over nothing."""
    here = make_points((100, -30))
    assert np.isnan(sp.detour_index(here, here, network=river)).all(axis=None)
    assert np.isnan(sp.nearest_detour(here, here, network=river)).all()


def test_the_facility_nearest_by_street_not_by_line(river):
    homes = make_points((300, 0), (100, 0), (2050, 0))
    shops = make_points((300, 40), (420, 0), index="st")
    found = sp.nearest_detour(homes, shops, network=river)
    assert found.tolist() == pytest.approx([1, 1, NONE])
    assert found.name == "detour"
    assert found.index.equals(homes.index)


def test_of_equally_near_facilities_the_straighter(river):
    """From the bridge's southern end, 240 m by street to both: along, and across the river."""
    shops = make_points((200, 40), (240, 0), index="st")
    for order in (shops, shops[::-1]):
        found = sp.nearest_detour(make_points((0, 0)), order, network=river)
        assert found.tolist() == [1]


def test_oneway_streets_are_longer_back():
    at = {1: (0, 0), 2: (300, 0), 3: (300, 400)}
    ring = make_network([(1, 2, 300), (2, 3, 400), (3, 1, 500)], at, oneway=[0, 1, 2])
    here, there = make_points((0, 0)), make_points((300, 0))
    assert sp.nearest_detour(here, there, network=ring).tolist() == [1]
    assert sp.nearest_detour(there, here, network=ring).tolist() == [3]
    assert sp.detour_index(there, here, network=ring).to_numpy().tolist() == [[3]]


def test_no_facility_and_nobody(river):
    assert sp.nearest_detour(make_points((0, 0)), make_points(), network=river).tolist() == [NONE]
    assert sp.nearest_detour(make_points(), make_points((0, 0)), network=river).empty
    assert sp.detour_index(make_points(), make_points((0, 0)), network=river).shape == (0, 1)


def test_bad_requests_are_refused(river, monkeypatch):
    twice = make_points((0, 0), (9, 0), index="aa")
    with pytest.raises(InputError, match="repeats a"):
        sp.detour_index(twice, twice, network=river)
    with pytest.raises(InputError, match="coordinate system"):
        sp.nearest_detour(twice.to_crs(4326), twice, network=river)
    monkeypatch.setattr("spatialplan.travel._pairs.MOST_PAIRS", 3)
    with pytest.raises(LimitError, match="detour_index: 4 pairs; at most 3; ask in parts"):
        sp.detour_index(twice, twice, network=river)


spots = st.lists(st.tuples(st.integers(0, 600), st.integers(-50, 90)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(spots, spots)
def test_equal_to_matrix_over_line(homes, shops):
    at = {1: (0, 0), 2: (600, 0), 3: (0, 40), 4: (600, 40)}
    river = make_network([(1, 2, 600), (1, 3, 40), (3, 4, 600)], at, oneway=[0])
    homes, shops = make_points(*homes), make_points(*shops)
    found = sp.detour_index(homes, shops, network=river)
    nearest = sp.nearest_detour(homes, shops, network=river)
    pairs = sp.travel_matrix(homes, shops, network=river, measure="distance_m")
    metres = pairs.set_index(["origin_id", "destination_id"])["distance_m"]
    for home, here in homes.geometry.items():
        ways = {}
        for shop, there in shops.geometry.items():
            street, line = metres.get((home, shop), NONE), shapely.distance(here, there)
            ratio = NONE if street == NONE else street / line if line else np.nan
            assert found.loc[home, shop] == pytest.approx(ratio, nan_ok=True)
            ways[shop] = (street, -line, ratio)
        assert nearest[home] == pytest.approx(min(ways.values())[2], nan_ok=True)
