"""The generated city: people to the last one, streets that join, everything marked synthetic."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from spatialplan.categories import read_categories
from spatialplan.errors import InputError
from spatialplan.plan import read_gazetteer
from spatialplan.schema import BOUNDARIES
from spatialplan.schema import DEMAND
from spatialplan.schema import EDGES
from spatialplan.schema import FACILITIES
from spatialplan.schema import LAND
from spatialplan.schema import NODES
from spatialplan.schema import check
from spatialplan.synthetic import PEOPLE_PER_FACILITY
from spatialplan.synthetic import City
from spatialplan.synthetic import synthetic_city


def seats() -> gpd.GeoDataFrame:
    places = read_gazetteer("changzhou")
    return places[places["kind"] == "seat"]


@pytest.fixture(scope="module")
def city() -> City:
    return synthetic_city(seats(), nodes=60_000, seed=2188)


@pytest.fixture(scope="module")
def hamlet() -> gpd.GeoDataFrame:
    """Two districts, near each other and small, to generate many times."""
    return gpd.GeoDataFrame(
        {"area_id": ["a", "b"], "name_zh": ["甲区", "乙市"], "population": [40_001, 90_002]},
        geometry=gpd.points_from_xy([500_000, 505_000], [3_500_000, 3_500_000]),
        crs=4549,
    )


def pairs(edges: gpd.GeoDataFrame) -> np.ndarray:
    return np.r_[edges["u"], edges["v"]]


def test_people_add_up_in_every_district(city: City) -> None:
    expected = seats().set_index("area_id")["population"]
    found = city["demand"].groupby("area_id")["population"].sum()

    assert found.to_dict() == expected.to_dict()
    assert found.sum() == 5_278_121


def test_tables_keep_their_promises(city: City) -> None:
    for nodes, edges in city["networks"].values():
        check(nodes, NODES)
        check(edges, EDGES)
        assert list(edges.index) == list(range(len(edges)))
    check(city["demand"], DEMAND)
    check(city["land"], LAND)
    check(city["facilities"], FACILITIES)
    check(city["boundaries"], BOUNDARIES)
    assert {table.crs.to_epsg() for table in tables(city)} == {4549}


def tables(city: City) -> list[gpd.GeoDataFrame]:
    names = ("demand", "land", "facilities", "boundaries", "water")
    return [city[name] for name in names]  # type: ignore[literal-required]


def test_everything_says_that_it_is_synthetic(city: City) -> None:
    for table in tables(city):
        assert set(table["drawn_from"]) == {"synthetic"}
    assert city["facilities"]["name_zh"].str.endswith("（合成）").all()


def test_the_walk_network_is_one_city_and_one_island(city: City) -> None:
    nodes, edges = city["networks"]["walk"]
    sizes = nodes["component"].value_counts()

    assert 50_000 <= len(nodes) <= 70_000
    assert len(sizes) == 2
    assert sizes.iloc[0] > 0.98 * len(nodes)
    assert (nodes["component_size"] >= nodes["component"].map(sizes)).all()
    assert (
        nodes["component"].loc[edges["u"]].to_numpy() == nodes["component"].loc[edges["v"]]
    ).all()
    assert set(pairs(edges)) == set(nodes.index)


def test_pass_through_nodes_are_merged(city: City) -> None:
    _, edges = city["networks"]["walk"]
    ends = pd.DataFrame({"node": pairs(edges), "highway": np.tile(edges["highway"], 2)})
    meeting = ends.groupby("node")["highway"].agg(["size", "nunique"])
    passing = meeting[(meeting["size"] == 2) & (meeting["nunique"] == 1)]

    assert len(passing) < 0.01 * len(meeting)  # two points of every loop are kept
    assert edges.geometry.count_coordinates().max() > 10


@pytest.mark.parametrize("mode", ["walk", "drive"])
def test_lines_run_from_u_to_v_with_their_true_length(city: City, mode: str) -> None:
    nodes, edges = city["networks"][mode]
    lines = edges.geometry.array

    for end, position in (("u", 0), ("v", -1)):
        there = nodes.geometry.loc[edges[end]].array
        assert shapely.distance(shapely.get_point(lines, position), there).max() < 1e-6
    few = edges.sample(300, random_state=1)
    geod = pyproj.Geod(ellps="WGS84")
    expected = [geod.geometry_length(line) for line in few.to_crs(4326).geometry]
    assert few["length_m"].to_numpy() == pytest.approx(expected, rel=1e-6)


def test_cars_have_no_footways_and_some_oneway_streets(city: City) -> None:
    _, walk = city["networks"]["walk"]
    _, drive = city["networks"]["drive"]

    assert "footway" in set(walk["highway"])
    assert not walk["oneway"].any()
    assert set(walk["speed_kmh"]) == {3.6}
    assert set(drive["highway"]) == set(walk["highway"]) - {"footway"}
    assert 0.01 < drive["oneway"].mean() < 0.10
    assert drive.groupby("highway")["speed_kmh"].first().to_dict() == {
        "trunk": 80,
        "primary": 50,
        "secondary": 40,
        "tertiary": 30,
        "residential": 30,
        "service": 15,
    }
    component = city["networks"]["drive"][0]["component"]
    assert component.value_counts(normalize=True).iloc[0] > 0.98


def test_rivers_are_crossed_by_bridges_only(city: City) -> None:
    _, edges = city["networks"]["walk"]
    rivers = city["water"].geometry
    bridges = edges.iloc[edges.sindex.query(rivers, predicate="intersects")[1]]

    assert 10 < len(bridges) < 200
    assert set(bridges["highway"]) <= {"trunk", "primary", "secondary"}
    assert city["land"].sindex.query(rivers, predicate="intersects").size == 0


def test_facilities_are_as_many_as_the_people_ask_for(city: City) -> None:
    facilities, people = city["facilities"], city["demand"].groupby("area_id")["population"].sum()
    found = facilities.groupby(["category", "area_id"]).size()

    assert (
        set(facilities["category"])
        == {*PEOPLE_PER_FACILITY, "park"}
        <= set(read_categories().index)
    )
    for category, unit in PEOPLE_PER_FACILITY.items():
        expected = np.maximum((people / unit).round(), 1).astype(int)
        assert found[category].to_dict() == expected.to_dict()
    assert facilities["name_zh"].is_unique
    assert "天宁第3小学（合成）" in set(facilities["name_zh"])


def test_facilities_and_people_lie_in_their_district(city: City) -> None:
    for table in (city["demand"], city["facilities"][city["facilities"]["category"] != "park"]):
        zone = city["boundaries"].geometry.loc[table["area_id"]].array
        assert table.within(gpd.GeoSeries(zone, index=table.index, crs=table.crs)).mean() > 0.999


def test_parks_are_polygons_clear_of_homes(city: City) -> None:
    parks = city["facilities"][city["facilities"]["category"] == "park"]

    assert set(parks.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert parks["area_m2"].to_numpy() == pytest.approx(parks.geometry.area.to_numpy())
    assert (parks["area_m2"] >= 50_000).sum() > 50  # community parks of the 15-minute tier
    overlap = gpd.overlay(parks[["geometry"]], city["land"][["geometry"]], how="intersection")
    assert overlap.area.sum() < 1.0
    others = city["facilities"].loc[city["facilities"]["category"] != "park", "area_m2"]
    assert others.isna().all()


def test_people_live_on_their_land_denser_in_the_middle(city: City) -> None:
    demand, land = city["demand"], city["land"]

    assert list(demand.index) == list(land.index)
    assert demand.within(land).all()
    assert land["area_m2"].to_numpy() == pytest.approx(land.area.to_numpy())
    density = demand["population"] / land["area_m2"]
    middle = seats().geometry[["tianning-seat", "zhonglou-seat", "xinbei-seat"]].union_all()
    near = demand.distance(middle.centroid) < 3_000
    assert density[near].mean() > 1.2 * density[~near].mean()


def test_the_same_seed_gives_the_same_city(hamlet: gpd.GeoDataFrame) -> None:
    one, same, other = (synthetic_city(hamlet, nodes=2_000, seed=seed) for seed in (1, 1, 2))

    pd.testing.assert_frame_equal(one["facilities"], same["facilities"])
    pd.testing.assert_frame_equal(one["networks"]["walk"][1], same["networks"]["walk"][1])
    assert not one["demand"].geometry.equals(other["demand"].geometry)


@pytest.mark.parametrize("nodes", [1_500, 5_000])
def test_small_cities_have_about_the_nodes_asked_for(hamlet: gpd.GeoDataFrame, nodes: int) -> None:
    city = synthetic_city(hamlet, nodes=nodes)

    assert 0.6 * nodes < len(city["networks"]["walk"][0]) < 1.4 * nodes
    assert city["demand"].groupby("area_id")["population"].sum().to_dict() == {
        "a": 40_001,
        "b": 90_002,
    }


def test_parks_narrower_than_their_streets_are_left_out(hamlet: gpd.GeoDataFrame) -> None:
    few, many = (synthetic_city(hamlet.iloc[[0]], nodes=nodes) for nodes in (1_000, 60_000))
    parks = [city["facilities"].query("category == 'park'").geometry for city in (few, many)]

    # Cells 60 m wide leave 44 m between the streets; cells 8 m wide leave nothing alone.
    assert not parks[0].is_empty.any()
    assert len(parks[1])
    assert not parks[1].is_empty.any()


def test_one_district_is_enough(hamlet: gpd.GeoDataFrame) -> None:
    city = synthetic_city(hamlet.iloc[[0]], nodes=1_000)

    assert list(city["boundaries"].index) == ["a"]
    assert city["demand"]["population"].sum() == 40_001


def test_the_centres_are_left_alone(hamlet: gpd.GeoDataFrame) -> None:
    before = hamlet.copy()
    synthetic_city(hamlet, nodes=1_000)

    pd.testing.assert_frame_equal(hamlet, before)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.iloc[:0], "centres: no district centre"),
        (lambda t: t.to_crs(4326), "coordinates are not in metres"),
        (lambda t: t.set_crs(None, allow_override=True), "coordinates are not in metres"),
        (lambda t: t.assign(population=[0, 5]), "a district without people"),
        (lambda t: t.assign(population=[np.nan, 5]), "a district without people"),
        (lambda t: t.assign(area_id="a"), "area_id repeats"),
        (lambda t: t.drop(columns="name_zh"), "no column 'name_zh'"),
    ],
)
def test_centres_that_cannot_be_used_are_refused(
    hamlet: gpd.GeoDataFrame, change: object, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        synthetic_city(change(hamlet))
