"""Numbers that nobody here wrote, through the same public functions that users call."""

from __future__ import annotations

import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from conftest import make_network

import spatialplan as sp
from spatialplan.population import cut_land
from spatialplan.prepare import assemble_base

RADIUS_M = 300.0

# Share of a square kilometre inside a circle of 300 m, as published for this check:
# the true circle, and circles of 64 (quad_segs 16) and 256 (quad_segs 64) sides.
TRUE, SIDES_64, SIDES_256 = 0.2827433388, 0.2822893641, 0.2827149526

STANDARD = """\
standard_id: circle
title_zh: 圆
title_en: Circle
publisher_zh: 测试
publisher_en: Test
date: "2026"
source: test
clauses:
  near:
    category: park
    name_zh: 公园
    name_en: Park
    clause: "1"
    tier: "5"
    distance_rule: straight
    threshold_m: 300
    denominator: residential_land
    binding: recommended
    confidence: V
"""


@pytest.fixture
def square():
    """A square kilometre of residential land with a park, a point, in the middle of it."""
    corner = (0.0, 0.0), (1000.0, 0.0), (1000.0, 1000.0), (0.0, 1000.0)
    network = make_network(
        [(0, 1, 1000), (1, 2, 1000), (2, 3, 1000), (3, 0, 1000)], dict(enumerate(corner))
    )
    land = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1000, 1000)], crs=4549)
    people = gpd.GeoDataFrame(
        {"population": [1.0], "drawn_from": ["open_data"]},
        geometry=[shapely.Point(500, 700)],
        index=pd.Index(["p"], name="place_id"),
        crs=4549,
    )
    park = gpd.GeoDataFrame(
        {
            "category": ["park"],
            "name_zh": [""],
            "area_m2": [np.nan],
            "stand_in_zh": [""],
            "stand_in_en": [""],
            "drawn_from": ["open_data"],
        },
        geometry=[shapely.Point(500, 500)],
        index=pd.Index(["k"], name="place_id"),
        crs=4549,
    )
    areas = gpd.GeoDataFrame(
        {"name_zh": ["方"]},
        geometry=land.geometry.to_numpy(),
        index=pd.Index(["a"], name="area_id"),
        crs=4549,
    )
    return assemble_base(
        "square",
        networks={"walk": network},
        demand=people,
        land=cut_land(land, cell_m=50),
        facilities=park,
        boundaries=areas,
        duplicates=pd.DataFrame(),
        sources=[],
        facts={},
    )


def test_the_land_within_a_radius_is_that_of_the_circle(square, tmp_path):
    """Closer to the true circle than 64 sides are; 128 sides, in whatever pieces the land lies."""
    (tmp_path / "circle.yaml").write_text(STANDARD, encoding="utf-8")
    found = sp.assess(sp.read_standard(tmp_path / "circle.yaml"), square).loc["near"]
    sides = 128
    polygon = sides / 2 * RADIUS_M**2 * math.sin(2 * math.pi / sides) / 1e6
    assert found["measured"] == pytest.approx(polygon, rel=1e-9)
    assert SIDES_64 < found["measured"] < SIDES_256 < TRUE
    assert found["measured"] == pytest.approx(TRUE, rel=5e-4)
    assert found["total"] == pytest.approx(1.0)


def test_a_right_angled_grid_reaches_two_over_pi_of_the_circle():
    """0.18 of 0.283 km2: what a buffer overstates where people walk along streets."""
    cell, side = 10, 71
    step = np.arange(side)
    at = {int(row * side + column): (column * cell, row * cell) for row in step for column in step}
    roads = [(node, node + 1, cell) for node in at if node % side < side - 1]
    roads += [(node, node + side, cell) for node in at if node + side in at]
    network = make_network(roads, at)
    places = network.nodes.rename_axis("place_id")[["geometry"]]
    middle = places.loc[[side * side // 2]]
    walked = sp.distance_to_nearest(places, middle, network=network) <= RADIUS_M
    flown = sp.straight_distance(places, middle) <= RADIUS_M
    assert walked.sum() == 2 * 30**2 + 2 * 30 + 1  # lattice points of the diamond
    assert flown.sum() * cell**2 / 1e6 == pytest.approx(0.283, rel=0.01)
    assert walked.sum() / flown.sum() == pytest.approx(2 / math.pi, rel=0.05)


@pytest.mark.parametrize(
    ("datum", "lon", "lat"),
    [
        ("wgs84", 119.9740, 31.8110),
        ("cgcs2000", 119.9740, 31.8110),
        ("gcj02", 119.97875003, 31.80895900),
        ("bd09", 119.98521656, 31.81512052),
    ],
)
def test_a_place_in_changzhou_has_the_same_metres_in_every_datum(tmp_path, datum, lon, lat):
    table = tmp_path / "place.csv"
    table.write_text(f"name,category,lon,lat\n甲,park,{lon},{lat}\n", encoding="utf-8")
    found = sp.read_facilities(table, datum=datum, crs=pyproj.CRS(4549)).geometry.iloc[0]
    assert (found.x, found.y) == pytest.approx((497538.152, 3520895.434), abs=0.01)


def test_monaco_is_as_far_as_graphhopper_says(shared):
    """The way to the street is told apart; a sphere and the ellipsoid differ by up to 0.3 %."""
    nodes, edges = sp.read_streets(shared / "data/streets/monaco.osm.gz", modes=["walk"])["walk"]
    network = sp.Network("walk", nodes, edges)
    reference = json.loads((shared / "data/reference/monaco_distances.json").read_text())["foot"]
    assert len(reference) == 4
    table = pd.DataFrame(reference, columns=["lat", "lon", "lat_to", "lon_to", "metres"])
    start = gpd.GeoDataFrame(geometry=gpd.points_from_xy(table.lon, table.lat, crs=4326))
    stop = gpd.GeoDataFrame(geometry=gpd.points_from_xy(table.lon_to, table.lat_to, crs=4326))
    start, stop = start.to_crs(edges.crs), stop.to_crs(edges.crs)
    pairs = sp.travel_matrix(start, stop, network=network, measure="distance_m")
    own = pairs[pairs["origin_id"] == pairs["destination_id"]].set_index("origin_id")["distance_m"]
    on_street = own - network.locate(start)["access_m"] - network.locate(stop)["access_m"]
    assert len(pairs) == 16
    assert on_street.to_numpy() == pytest.approx(table["metres"].to_numpy(), rel=3e-3, abs=1)
