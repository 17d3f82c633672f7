"""The streets in a page: packed without loss, and asked in Chromium, the numbers of Python."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from browser import chromium
from conftest import TOWN_AT
from conftest import make_network
from page_graph_twin import asked
from page_graph_twin import clicks_in
from page_graph_twin import measured
from page_graph_twin import scripted_page
from page_graph_twin import start_router

import spatialplan as sp
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.network import Network
from spatialplan.page_graph import walk_graph
from spatialplan.page_graph._bytes import counts
from spatialplan.page_graph._bytes import steps
from spatialplan.page_graph._projection import projection_facts
from spatialplan.prepare import assemble_base
from spatialplan.synthetic import synthetic_city

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from spatialplan.base import Base

ASK = "(question) => router.answer(question)"
ROUTE = "(question) => router.route(question)"
PROJECT = """([facts, places]) => {
  const projection = createProjection(facts);
  return places.map((place) => {
    const metres = projection.toMetres(place);
    return [...metres, ...projection.toDegrees(metres)];
  });
}"""
UNPACK = """async (packed) => {
  const { u, v, flags, costs, starts, x, y, byNode } = await decodeGraph(packed);
  return [u, v, flags, costs.length, costs.time, starts, x, y].map((one) => [...one]);
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield scripted_page(browser)


@pytest.fixture(scope="module")
def city() -> Base:
    """A generated city of a few thousand nodes; cars have one-way streets and three speeds."""
    centres = gpd.GeoDataFrame(
        {"area_id": ["a", "b"], "name_zh": ["甲区", "乙市"], "population": [40_001, 90_002]},
        geometry=gpd.points_from_xy([500_000, 505_000], [3_500_000, 3_500_000]),
        crs=4549,
    )
    made = synthetic_city(centres, nodes=3000)
    networks = {mode: Network(mode, *tables) for mode, tables in made["networks"].items()}
    walk, edges = networks["walk"], networks["walk"].edges
    every = np.arange(len(edges))
    # Some streets one way, some slow, some shut, so that nothing of this goes unasked.
    mixed = edges.assign(oneway=every % 5 == 0, speed_kmh=np.where(every % 7, 3.6, 2.9))
    networks["bike"] = Network("bike", walk.nodes, mixed).closed(edges.index[every % 31 == 0])
    return assemble_base(
        "city", networks=networks, demand=made["demand"], land=made["land"],
        facilities=made["facilities"], boundaries=made["boundaries"],
        duplicates=pd.DataFrame(), sources=[], facts={},
    )  # fmt: skip


def in_whole_centimetres(base: Base, mode: str) -> Base:
    """Make the same base with vertices of one mode that the packing need not move."""
    network = base.networks[mode]
    nodes, edges = (
        table.set_geometry(shapely.transform(table.geometry.array, lambda xy: xy.round(2)))
        for table in (network.nodes, network.edges)
    )
    return dataclasses.replace(base, networks={mode: Network(mode, nodes, edges)})


def degrees(x: float, y: float, *, crs: int = 4549) -> dict[str, float]:
    """Turn metres of the town, from its own (0, 0), to what a click says."""
    to_wgs84 = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
    lng, lat = to_wgs84.transform(x + TOWN_AT[0], y + TOWN_AT[1])
    return {"lng": lng, "lat": lat}


def pair(x: float, y: float) -> list[float]:
    return [*degrees(x, y).values()]


def row_of(answer: dict[str, Any], category: str) -> dict[str, Any]:
    return next(row for row in answer["checklist"] if row["id"] == category)


# --- numbers of the page and of Python


def different(told: pd.DataFrame, expected: pd.DataFrame, unit: int) -> np.ndarray:
    """Differences in whole units; where one knows a way the other does too."""
    assert (told.notna() == expected.notna()).all(axis=None)
    assert told.notna().to_numpy().sum() > 100
    units = ((told - expected) * unit).to_numpy()
    return np.abs(units[~np.isnan(units)]).round(6)


@pytest.mark.parametrize("mode", ["walk", "bike", "drive"])
def test_whole_centimetres_give_the_numbers_of_python(page: Page, city: Base, mode: str):
    base = in_whole_centimetres(city, mode)
    start_router(page, walk_graph(base, mode=mode, minutes=(4, 10)))
    clicks = clicks_in(base, 40)

    minutes, metres, streets = asked(page, clicks)

    expected_min, expected_m = measured(base, clicks, list(minutes.columns), 10, mode)
    assert different(minutes, expected_min, 1200).max() == 0
    assert different(metres, expected_m, 20).max() == 0
    reached = sp.reached_streets(clicks, network=base.networks[mode], minutes=(4, 10))
    lengths_km = reached.assign(km=reached.length / 1000).pivot_table(
        index="place_id", columns="limit_min", values="km", aggfunc="sum"
    )
    expected_km = lengths_km.reindex(index=clicks.index, columns=[4, 10]).fillna(0)
    np.testing.assert_allclose(streets, expected_km, rtol=1e-9, atol=1e-9)


def test_other_coordinates_move_an_answer_by_two_units_at_most(page: Page, city: Base):
    start_router(page, walk_graph(city))
    clicks = clicks_in(city, 60)

    minutes, metres, _ = asked(page, clicks)

    expected_min, expected_m = measured(city, clicks, list(minutes.columns), 15, "walk")
    for off in (different(minutes, expected_min, 1200), different(metres, expected_m, 20)):
        assert off.max() <= 2
        assert (off > 0).mean() < 0.2


def test_barriers_close_the_streets_they_cross(page: Page, city: Base):
    base = in_whole_centimetres(city, "walk")
    start_router(page, walk_graph(base))
    middle = base.networks["walk"].nodes.geometry.union_all().centroid
    barrier = shapely.LineString([(middle.x - 900, middle.y - 40), (middle.x + 900, middle.y + 55)])
    edges = base.networks["walk"].edges
    shut = base.networks["walk"].closed(edges.index[edges.intersects(barrier)])
    barred = dataclasses.replace(base, networks={"walk": shut})
    clicks = gpd.GeoDataFrame(
        geometry=shapely.points([middle.x + 37 * k for k in range(-9, 9)], middle.y + 30),
        index=range(18), crs=base.crs,
    )  # fmt: skip
    line = gpd.GeoSeries([barrier], crs=base.crs).to_crs(4326)[0]

    told = [
        page.evaluate(ASK, {"lng": at.x, "lat": at.y, "closed": [list(line.coords)]})
        for at in clicks.to_crs(4326).geometry
    ]

    minutes = pd.DataFrame(
        [{row["id"]: row["minutes"] for row in one["checklist"]} for one in told]
    )
    expected, _ = measured(barred, clicks, list(minutes.columns), 15, "walk")
    unbarred, _ = measured(base, clicks, list(minutes.columns), 15, "walk")
    assert different(minutes.astype(float), expected, 1200).max() == 0
    assert not expected.equals(unbarred)


# --- a town to be checked with a pencil


@pytest.fixture
def town_page(page: Page, town: Base) -> Page:
    start_router(page, walk_graph(town))
    return page


def test_the_checklist_of_a_town(town_page: Page):
    answer = town_page.evaluate(ASK, degrees(100, 8))

    assert answer["place"]["access_m"] == pytest.approx(8, abs=0.02)
    school, park = row_of(answer, "primary_school"), row_of(answer, "park")
    assert (school["metres"], school["minutes"]) == (308, 308 / 60)
    assert (school["limit"], school["unit"], school["present"]) == (15, "min", True)
    assert school["facility_zh"] == "<b>一</b>小"
    assert (park["metres"], park["facility_zh"]) == (508, "园亭")  # not the park at 1,500 m
    assert [park["lng"], park["lat"]] == pytest.approx(pair(600, 0), abs=2e-7)


def test_a_park_is_entered_where_streets_cross_its_edge(town_page: Page):
    park = row_of(town_page.evaluate(ASK, degrees(1500, 0)), "park")

    assert (park["metres"], park["facility_zh"]) == (100, "大公园")


def test_what_is_farther_than_the_last_limit_is_not_told(town_page: Page):
    school = row_of(town_page.evaluate(ASK, degrees(1500, 0)), "primary_school")

    assert not school["present"]
    assert [school[name] for name in ("metres", "minutes", "lng", "lat")] == [None] * 4


def test_bands_do_not_overlap_and_the_largest_comes_first(town_page: Page):
    answer = town_page.evaluate(ASK, degrees(100, 0))

    assert [area["street_km"] for area in answer["areas"]] == pytest.approx([0.4, 0.7, 1.0])
    features = answer["bands"]["features"]
    assert [one["properties"]["limit_min"] for one in features] == [15, 10, 5]
    lines = gpd.GeoDataFrame.from_features(features, crs=4326).to_crs(4549)
    assert lines.length.tolist() == pytest.approx([300, 300, 400], abs=0.05)
    assert lines.union_all().length == pytest.approx(1000, abs=0.1)


def test_a_barrier_on_the_street_between_parts_place_and_school(town_page: Page):
    barrier = [pair(300, -50), pair(300, 50)]

    answer = town_page.evaluate(ASK, {**degrees(100, 0), "closed": [barrier]})

    assert not row_of(answer, "primary_school")["present"]
    # The street is closed in its middle, at 250, as `Network.closed` has it.
    assert answer["areas"][-1]["street_km"] == pytest.approx(0.25)


def test_a_facility_that_is_added_joins_the_checklist(town_page: Page):
    added = [{**degrees(300, 10), "category": "primary_school"}]

    school = row_of(town_page.evaluate(ASK, {**degrees(100, 0), "added": added}), "primary_school")

    assert school["metres"] == pytest.approx(210, abs=0.05)
    assert [school["lng"], school["lat"]] == pytest.approx(pair(300, 10))


def test_the_way_to_a_row_of_the_checklist(town_page: Page):
    here = degrees(100, 0)
    park = row_of(town_page.evaluate(ASK, here), "park")

    way = town_page.evaluate(ROUTE, {**here, "to": park})

    assert way["properties"] == {"metres": 500, "minutes": 500 / 60}
    line = gpd.GeoSeries([shapely.geometry.shape(way["geometry"])], crs=4326).to_crs(4549)
    assert line.length[0] == pytest.approx(500, abs=0.05)
    assert way["geometry"]["coordinates"][-1] == pytest.approx(pair(600, 0), abs=2e-7)


def test_the_way_to_a_facility_that_was_added(town_page: Page):
    to = {**degrees(550, 0), "id": "park"}

    way = town_page.evaluate(ROUTE, {**degrees(100, 0), "to": to})

    assert way["properties"]["metres"] == pytest.approx(450, abs=0.05)


def test_there_may_be_no_way(town_page: Page):
    to = {**degrees(2000, 0), "id": "park"}

    assert town_page.evaluate(ROUTE, {**degrees(100, 0), "to": to}) is None


def test_a_click_far_from_all_streets_reaches_nothing(town_page: Page):
    answer = town_page.evaluate(ASK, degrees(-30_000, 0))

    assert answer["place"]["access_m"] == pytest.approx(30_000, abs=0.1)
    assert [area["street_km"] for area in answer["areas"]] == [0, 0, 0]
    assert not any(row["present"] for row in answer["checklist"])


def test_halves_are_rounded_to_even_as_numpy_does(page: Page):
    amounts = [0.5, 1.5, 2.5, 2.4, 2.6, 3.0]

    told = page.evaluate("(amounts) => amounts.map(wholeUnits)", amounts)

    assert told == np.rint(amounts).tolist()


def test_one_straight_street_is_a_city_too(page: Page, shore: Base):
    streets = shore.networks["walk"]
    first = Network("walk", streets.nodes.iloc[:2], streets.edges.iloc[:1])
    start_router(page, walk_graph(dataclasses.replace(shore, networks={"walk": first})))

    assert page.evaluate(ASK, degrees(250, 30))["areas"][-1]["street_km"] == pytest.approx(0.5)


# --- where a place stands


@pytest.fixture
def shore(town: Base) -> Base:
    """A street of a real component at 0, one of a fragment at 240 and a ferry at 300."""
    at = {1: (0, 0), 2: (500, 0), 3: (0, 240), 4: (500, 240), 5: (0, 300), 6: (500, 300)}
    at = {node: (x + TOWN_AT[0], y + TOWN_AT[1]) for node, (x, y) in at.items()}
    made = make_network([(1, 2, 500), (3, 4, 500), (5, 6, 500)], at)
    nodes = made.nodes.assign(
        component=[0, 0, 1, 1, 0, 0], component_size=[900, 900, 2, 2, 900, 900]
    )
    edges = made.edges.assign(highway=["residential", "path", "ferry"])
    return dataclasses.replace(town, networks={"walk": Network("walk", nodes, edges)})


@pytest.mark.parametrize(
    ("y", "access_m"),
    [
        (100, 100),  # the real street is within reach, whatever lies nearer
        (150, 150),  # the fragment is nearer, but not by more than 100 m
        (190, 50),  # now it is
        (298, 58),  # nobody stands on a ferry
        (500, 500),  # beyond reach of all: the real street
    ],
)
def test_places_stand_where_the_network_has_them(page: Page, shore: Base, y, access_m):
    start_router(page, walk_graph(shore))
    place = gpd.GeoDataFrame(
        geometry=[shapely.Point(TOWN_AT[0] + 250, TOWN_AT[1] + y)], crs=shore.crs
    )

    answer = page.evaluate(ASK, degrees(250, y))

    assert answer["place"]["access_m"] == pytest.approx(access_m, abs=1e-6)
    assert shore.networks["walk"].locate(place)["access_m"].tolist() == [access_m]


# --- degrees and metres


@pytest.mark.parametrize("code", [4549, 4534, 4554, 32633, 32750, 32601])
def test_the_projection_of_the_page_is_that_of_proj(page: Page, code: int):
    crs = pyproj.CRS.from_epsg(code)
    to_metres = pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
    facts = projection_facts(crs)
    lng = facts["lon0"] + np.linspace(-3.5, 3.5, 15)
    lat = np.linspace(-78, 78, 15)

    told = np.array(page.evaluate(PROJECT, [facts, np.column_stack([lng, lat]).tolist()]))

    assert np.abs(told[:, :2] - np.column_stack(to_metres.transform(lng, lat))).max() < 1e-6
    assert np.abs(told[:, 2:] - np.column_stack([lng, lat])).max() < 1e-7


# --- packing


@pytest.mark.parametrize("mode", ["walk", "bike", "drive"])
def test_every_cost_flag_and_vertex_comes_back(page: Page, city: Base, mode: str):
    network = city.networks[mode]
    packed = walk_graph(city, mode=mode)

    u, v, flags, length, time, starts, x, y = map(np.array, page.evaluate(UNPACK, packed))

    xy = np.column_stack([x, y]) + packed["counts"]["origin_cm"]
    told = [
        (*xy[first], *xy[last - 1], xy[first:last].sum(), *rest)
        for first, last, *rest in zip(starts[:-1], starts[1:], length, time, flags & 1, strict=True)
    ]
    lines = [np.rint(shapely.get_coordinates(line) * 100) for line in network.lines]
    expected = [
        (*line[0], *line[-1], line.sum(), *rest)
        for line, *rest in zip(
            lines, network.edge_costs("length_m"), network.edge_costs("time_s"), network.oneway,
            strict=True,
        )
    ]  # fmt: skip
    assert sorted(told) == sorted(expected)
    assert np.unique(np.r_[u, v]).tolist() == list(range(len(network.nodes)))


def test_numbers_of_many_bytes_are_kept():
    assert counts(np.array([2**32])).hex(" ") == "80 80 80 80 10"
    assert steps(np.array([-(2**31)])).hex(" ") == "ff ff ff ff 0f"
    assert counts(np.array([], np.int64)) == b""


def test_the_value_says_what_is_in_the_page(town: Base, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        packed = walk_graph(town, categories=["primary_school", "pharmacy"])

    assert "6 个节点" in packed["note_zh"]
    assert "6 nodes" in packed["note_en"]
    assert [one["id"] for one in packed["categories"]] == ["primary_school", "pharmacy"]
    assert packed["categories"][0]["color"] == "#d7191c"
    assert packed["names"] == ["<b>一</b>小"]
    assert "bytes a node" in caplog.text
    assert walk_graph(town) == walk_graph(town)


def test_nobody_can_say_of_a_category_that_the_data_do_not_hold(page: Page, town: Base):
    start_router(page, walk_graph(town, categories=["pharmacy"]))

    (row,) = page.evaluate(ASK, degrees(100, 0))["checklist"]

    assert (row["id"], row["name_zh"], row["present"]) == ("pharmacy", "药店", None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "swim"}, "mode: 'swim'; allowed: walk"),
        ({"categories": ["primary_scool"]},
         "categories: unknown category 'primary_scool'; did you mean primary_school?"),
        ({"categories": "park"}, "categories: 'park'; allowed: a list of categories"),
        ({"categories": []}, "categories: none; name at least one, or add facilities"),
        ({"minutes": (10, 5)}, "minutes: 5; allowed: ascending numbers above 0, at most 1440"),
        ({"minutes": (0,)}, "minutes: 0; allowed: ascending numbers"),
        ({"minutes": ()}, "minutes: none; name at least one"),
        ({"minutes": "15"}, "minutes: '15'; allowed: a list of numbers"),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(town: Base, options: dict[str, Any], message: str):
    with pytest.raises(InputError) as refused:
        walk_graph(town, **options)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("code", [3857, 4326, 2437, 3405, 27700])
def test_other_systems_are_refused(code: int):
    crs = pyproj.CRS.from_epsg(code)
    with pytest.raises(CRSError, match="allowed: CGCS2000 Gauss-Krueger zones, UTM on WGS 84"):
        projection_facts(crs)
