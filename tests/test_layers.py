"""What is shipped in layers/: every plan is true to its words, every place lies where it should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest

from spatialplan.crs import geometry_to_wgs84
from spatialplan.plan import check_plan
from spatialplan.plan import list_plans
from spatialplan.plan import read_gazetteer
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {"changzhou-urbanisation": "000_176ae771fd3cb2fa.txt"}
CENSUS_TOTAL = 5_278_121  # published by 常州市统计局 for 2020-11-01


@pytest.fixture(scope="module")
def places() -> gpd.GeoDataFrame:
    return read_gazetteer("changzhou")


@pytest.mark.parametrize("plan_id", list_plans())
def test_every_plan_is_true_to_its_words(plan_id: str) -> None:
    assert check_plan(read_plan(plan_id)) == []


@pytest.mark.parametrize("plan_id", list_plans())
def test_every_quote_stands_in_the_document(plan_id: str, shared: Path) -> None:
    text = (shared / "plans" / TEXTS[plan_id]).read_text(encoding="utf-8")

    assert check_plan(read_plan(plan_id), text=text) == []


def test_2188_counts_its_eighteen_and_one() -> None:
    plan = read_plan("changzhou-urbanisation")
    tiers = plan.elements[plan.elements["structure_id"] == "changzhou-urbanisation-tiers"]

    assert tiers.groupby("role")["count"].sum().to_dict() == {
        "centre": 2,
        "town_circle": 16,
        "town_cluster": 1,
    }
    unnamed = tiers[tiers["role"] == "town_circle"]
    assert set(unnamed["drawn_from"]) == {"nothing"}
    assert unnamed.geometry.isna().all()


def test_the_two_structures_share_their_places() -> None:
    elements = read_plan("changzhou-urbanisation").elements

    for one, other in [
        ("a06-main", "a07-centre-1"),
        ("a06-zone", "a07-cluster"),
        ("a06-pole", "a07-centre-2"),
    ]:
        assert elements.loc[one, "place_id"] == elements.loc[other, "place_id"]
        assert elements.geometry[one].equals(elements.geometry[other])


def test_schematic_geometry_says_so(places: gpd.GeoDataFrame) -> None:
    elements = read_plan("changzhou-urbanisation").elements
    drawn = elements[elements["drawn_from"] != "nothing"]

    assert set(drawn["drawn_from"]) == {"text"}
    assert (drawn["precision_m"] >= 5000).all()
    assert elements.crs.to_epsg() == places.crs.to_epsg() == 4549


@pytest.mark.parametrize(("axis", "along"), [("east-west", "x"), ("north-south", "y")])
def test_axes_run_as_they_are_named(axis: str, along: str, places: gpd.GeoDataFrame) -> None:
    line = places.geometry[f"{axis}-axis"]
    (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
    steps = np.diff(np.array(line.coords)[:, 0 if along == "x" else 1])

    assert (abs(x1 - x0) > 4 * abs(y1 - y0)) == (along == "x")
    assert (abs(y1 - y0) > 4 * abs(x1 - x0)) == (along == "y")
    assert (steps > 0).all() or (steps < 0).all()


def test_the_innovation_axis_links_the_city_with_liyang(places: gpd.GeoDataFrame) -> None:
    line = places.geometry["innovation-axis"]

    assert places.geometry["changzhou-central-city"].contains(line.interpolate(0))
    assert places.geometry["liyang-central-city"].contains(line.interpolate(line.length))
    assert line.intersects(places.geometry["two-lakes"])


def test_the_census_adds_up(places: gpd.GeoDataFrame) -> None:
    seats = places[places["kind"] == "seat"]

    assert len(seats) == 6
    assert seats["population"].sum() == CENSUS_TOTAL
    assert seats["population_basis_zh"].str.contains("分项可信度 M").all()
    assert places.loc[places["kind"] != "seat", "population"].isna().all()


def test_every_point_lies_in_its_division(shared: Path, places: gpd.GeoDataFrame) -> None:
    points = places[places.geometry.geom_type == "Point"]

    for area_id, group in points.groupby("area_id"):
        file = gpd.read_file(shared / "data" / "boundaries" / f"{area_id}.geojson")
        shape = gpd.GeoSeries(geometry_to_wgs84(file.geometry.array, datum="gcj02"), crs=4326)
        outside = group[~group.within(shape.to_crs(places.crs).union_all())]
        assert list(outside.index) == []


@pytest.mark.parametrize(
    ("place_id", "station"), [("old-town", "文化宫"), ("changzhou-north-station", "常州北站")]
)
def test_points_lie_within_their_precision(
    place_id: str, station: str, shared: Path, places: gpd.GeoDataFrame
) -> None:
    stations = gpd.read_file(shared / "data" / "transit" / "changzhou_features.json")
    there = stations[stations["name"].str.contains(station)].to_crs(places.crs).geometry.iloc[0]

    assert places.geometry[place_id].distance(there) <= places.loc[place_id, "precision_m"]
