"""What a place has around it: with a pencil, and against the measures for many places."""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import make_network
from conftest import make_points
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import spatialplan as sp
from spatialplan import surroundings as su
from spatialplan.errors import InputError
from spatialplan.judgement import service


def spot_in(scene, x, y):
    """A spot at a point of the town's own metres."""
    point = gpd.GeoSeries.from_xy([500_000 + x], [3_520_000 + y], crs=scene.base.crs).to_crs(4326)
    return su.spot_at(scene, point.iloc[0].x, point.iloc[0].y)


def bar(x, y0, y1):
    """A barrier across the town."""
    return shapely.LineString([(500_000 + x, 3_520_000 + y0), (500_000 + x, 3_520_000 + y1)])


# --- areas


def test_people_inside_are_those_of_the_area(town):
    spot = spot_in(su.scene_of(town), 0, 0)
    found = su.reached_areas(spot, minutes=[5, 10])
    assert found["people"].tolist() == [3.0, 1.0]
    rows = su.area_rows(spot, minutes=[5, 10])
    told = found[["limit_min", "area_km2", "street_km", "people"]].to_dict("records")
    areas = [row.pop("area") for row in rows]
    assert rows == told
    assert areas == found.geometry.tolist()
    again = sp.isochrone(spot.place, network=town.networks["walk"], minutes=[5, 10])
    assert found["area_km2"].tolist() == again["area_km2"].tolist()


def test_a_place_far_from_the_streets_is_refused(town):
    with pytest.raises(InputError, match=r"place: 0\.0,0\.0 is not in town; allowed: longitude"):
        su.spot_at(su.scene_of(town), 0.0, 0.0)
    with pytest.raises(InputError, match="mode: 'drive'; allowed: walk"):
        su.scene_of(town, mode="drive")


# --- checklists


def test_categories_are_as_near_as_the_measures_say(town):
    scene = su.scene_of(town)
    walk, table = town.networks["walk"], town.facilities
    for x, y in ((0, 0), (1500, 30), (700, 400), (1700, 20), (390, 3)):
        spot = spot_in(scene, x, y)
        found = su.category_checklist(spot, limit_min=10)
        for category in ("primary_school", "park"):
            some = table[table["category"] == category]
            minutes = sp.time_to_nearest(spot.place, some, network=walk).iloc[0]
            row = found.loc[category]
            assert row["minutes"] == minutes
            assert row["metres"] == sp.distance_to_nearest(spot.place, some, network=walk).iloc[0]
            assert row["present"] == (minutes <= 10)
        assert found.index.tolist() == sp.categories.read_categories().index.tolist()


def test_what_nobody_mapped_is_not_missing(town):
    row = su.category_checklist(spot_in(su.scene_of(town), 0, 0)).loc["pharmacy"]
    assert row["present"] is None
    assert (row["place_id"], row["facility_zh"]) == ("", "")
    assert math.isnan(row["metres"])


def test_clauses_judge_as_service_judges_a_person_there(town, rules):
    scene = su.scene_of(town)
    at = np.random.default_rng(5).integers((-100, -60), (2100, 460), (80, 2))
    spots = [spot_in(scene, x, y) for x, y in at]
    people = pd.concat([spot.place for spot in spots]).assign(population=1.0, area_id="")
    served = service(rules, replace(town, demand=people)).loc["people"]
    for spot, (_, row) in zip(spots, served.iterrows(), strict=True):
        told = su.clause_checklist(spot, rules)["present"].to_dict()
        assert told == {name: None if np.isnan(one) else bool(one) for name, one in row.items()}
    assert served.drop(columns="pharmacy").mean().between(0.01, 0.99).all()


def test_the_part_that_is_nearest_to_its_limit_is_told(town, rules):
    scene = su.scene_of(town)
    parks = su.clause_checklist(spot_in(scene, 1500, 0), rules).loc["parks"]
    assert (parks["limit"], parks["unit"], parks["rule"]) == (200.0, "m", "straight")
    assert (parks["metres"], parks["place_id"]) == (pytest.approx(100, abs=1e-6), "park")
    assert math.isnan(parks["minutes"])
    assert parks["present"] is True
    pocket = su.clause_checklist(spot_in(scene, 0, 380), rules).loc["parks"]
    assert (pocket["limit"], pocket["place_id"]) == (30.0, "pocket")
    drive = replace(scene, network=replace(scene.network, mode="drive"))
    with pytest.raises(InputError, match="spot: in a scene of mode 'drive'; allowed: walk"):
        su.clause_checklist(spot_in(drive, 0, 0), rules)


# --- changes


def test_a_barrier_closes_the_streets_it_crosses_for_all_that_is_asked(town):
    scene = su.scene_of(town)
    spot_in(scene, 0, 0).amounts("time_min")  # what is kept must not be taken for the other's
    shut = su.with_closures(scene, [bar(250, -10, 10), bar(250, 300, 310)])
    closed = town.networks["walk"].closed([0])
    school = town.facilities.loc[["school"]]
    for x in (0, 500):
        found = su.category_checklist(spot_in(shut, x, 0)).loc["primary_school", "metres"]
        place = spot_in(shut, x, 0).place
        assert found == sp.distance_to_nearest(place, school, network=closed).iloc[0]
    assert su.with_closures(scene, [bar(250, 50, 60)]) is scene
    assert spot_in(scene, 0, 0).amounts("distance_m")[0] == 400


def test_an_added_facility_counts_at_once_and_proves_no_size(town, rules):
    scene = su.scene_of(town)
    added = town.facilities.loc[["kiosk"], ["category", "geometry"]].rename(index={"kiosk": "new"})
    more = su.with_facilities(scene, added.to_crs(4326))
    row = su.category_checklist(spot_in(more, 590, 0)).loc["park"]
    assert row["minutes"] == pytest.approx(10 / 60, abs=1e-3)
    parks = su.clause_checklist(spot_in(more, 600, 0), rules).loc["parks"]
    assert parks["place_id"] == "park"  # not the new one, of which no size is known
    assert len(scene.facilities) == len(town.facilities) == 4
    again = su.with_facilities(
        more, added.rename(index={"new": "newer"}).assign(category="pharmacy")
    )
    assert su.category_checklist(spot_in(again, 600, 0)).loc["pharmacy", "place_id"] == "newer"
    with pytest.raises(InputError, match="added: kiosk is a facility of town"):
        su.with_facilities(scene, town.facilities.loc[["kiosk"]])
    with pytest.raises(InputError, match="added: unknown category 'parc'; did you mean"):
        su.with_facilities(scene, added.assign(category="parc"))


# --- routes


def test_a_route_goes_along_the_streets(town):
    spot = spot_in(su.scene_of(town), 0, 20)
    way = su.route(spot, town.facilities.loc[["school"]])
    assert way.index.tolist() == ["school"]
    assert (way["metres"].iloc[0], way["mode"].iloc[0]) == (420.0, "walk")
    assert way["minutes"].iloc[0] == 7.0
    xy = shapely.get_coordinates(way.geometry.iloc[0]) - (500_000, 3_520_000)
    np.testing.assert_allclose(xy, [(0, 20), (0, 0), (400, 0), (400, 0)], atol=1e-6)


def test_a_route_to_an_area_ends_at_its_gate(town):
    way = su.route(spot_in(su.scene_of(town), 1000, 0), town.facilities.loc[["park"]],
                   measure="distance_m")  # fmt: skip
    end = shapely.get_coordinates(way.geometry.iloc[0])[-1] - (500_000, 3_520_000)
    np.testing.assert_allclose(end, (1600, 0), atol=1e-6)
    assert way["metres"].iloc[0] == 600.0


def test_there_may_be_no_way(town):
    shut = su.with_closures(su.scene_of(town), [bar(250, -10, 10)])
    way = su.route(spot_in(shut, 0, 0), town.facilities.loc[["school"]])
    assert way.empty
    assert way.columns.tolist() == ["mode", "metres", "minutes", "geometry"]


@st.composite
def _mazes(draw):
    """Streets between points of a small grid, some of them one-way, some of no length."""
    at = {k: (100.0 * (k % 4), 100.0 * (k // 4)) for k in range(12)}
    pairs = st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(
        lambda ends: ends[0] != ends[1]
    )
    ends = draw(st.lists(pairs, min_size=6, max_size=24))
    lengths = st.sampled_from([0.01, 1.0, 40.0, 100.0, 250.0])
    edges = [(u, v, draw(lengths)) for u, v in ends]
    oneway = draw(st.sets(st.integers(0, len(edges) - 1)))
    return make_network(edges, at, oneway=sorted(oneway), mode="drive")


@given(_mazes(), st.tuples(*[st.floats(0, 300)] * 4))
@settings(max_examples=50, deadline=None)
def test_a_route_costs_what_the_router_says(network, xy):
    here, there = make_points(xy[:2]), make_points(xy[2:])
    scene = su.Scene(None, network, there)
    spot = su.Spot(scene, here, network.locate(here))
    for measure, column, nearest in (
        ("time_min", "minutes", sp.time_to_nearest),
        ("distance_m", "metres", sp.distance_to_nearest),
    ):
        told = nearest(here, there, network=network).iloc[0]
        way = su.route(spot, there, measure=measure)
        assert way.empty == math.isinf(told)
        assert spot.amounts(measure)[0] == told
        if len(way):
            assert way[column].iloc[0] == told
