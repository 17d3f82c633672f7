"""The check of tables at the door: every fault, in one line."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import make_points

from spatialplan.errors import SchemaError
from spatialplan.schema import BOUNDARIES
from spatialplan.schema import COVERAGE
from spatialplan.schema import DEMAND
from spatialplan.schema import EDGES
from spatialplan.schema import FACILITIES
from spatialplan.schema import LAND
from spatialplan.schema import NODES
from spatialplan.schema import check
from spatialplan.schema import worst_source

SQUARE = shapely.box(0, 0, 10, 10)


def demand(**columns):
    return make_points((0, 0), (1, 1)).assign(**{"population": [1.0, 2.0], **columns})


def test_a_good_table_comes_back_as_it_is():
    table = demand(area_id="", drawn_from=["open_data", "synthetic"])
    assert check(table, DEMAND) is table
    assert len(check(demand()[:0], DEMAND)) == 0


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"population": ["1", "2"]}, "column 'population' is str, not numbers"),
        ({"population": [1.0, np.nan]}, "column 'population' has missing values"),
        ({"population": [1.0, -1e-9]}, "column 'population' holds values below 0"),
        ({"area_id": ["a", None]}, "column 'area_id' has missing values"),
        ({"drawn_from": ["open_data", np.nan]}, "column 'drawn_from' holds nan, not plan_map,"),
        ({"drawn_from": "osm"}, "column 'drawn_from' holds osm, not plan_map, open_data, text"),
    ],
)
def test_a_faulty_column_is_named(columns, fault):
    with pytest.raises(SchemaError, match=f"^demand: {fault}"):
        check(demand(**columns), DEMAND)


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match=r"^demand: no column 'population'$"):
        check(demand().drop(columns="population"), DEMAND)
    missing = "no column 'name_zh'; no column 'stand_in_zh'; no column 'stand_in_en'"
    with pytest.raises(SchemaError, match=missing):
        check(make_points((0, 0)).assign(category="park"), FACILITIES)


def test_true_and_false_must_be_that():
    edges = gpd.GeoDataFrame(
        {"u": [1], "v": [2], "length_m": 9.0, "speed_kmh": 5.0, "oneway": ["no"]},
        geometry=[shapely.LineString([(0, 0), (9, 0)])], crs=4549,
    )  # fmt: skip
    with pytest.raises(SchemaError, match="edges: column 'oneway' is str, not true or false"):
        check(edges, EDGES)
    assert len(check(edges.assign(oneway=False), EDGES)) == 1


def test_every_fault_is_named_at_once():
    table = demand(population=[-1.0, 2.0]).to_crs(4326).set_axis(["a", "a"])
    with pytest.raises(SchemaError) as caught:
        check(table, DEMAND)
    assert str(caught.value) == (
        "demand: column 'population' holds values below 0; index repeats a; "
        "coordinates are in degrees (EPSG:4326), not metres"
    )


@pytest.mark.parametrize(
    ("table", "schema", "fault"),
    [
        (pd.DataFrame({"population": [1.0]}), DEMAND, "demand: no geometry column"),
        (gpd.GeoDataFrame({"population": [1.0]}), DEMAND, "demand: no geometry column"),
        (gpd.GeoDataFrame({"population": [1.0]}, geometry=[SQUARE]), DEMAND,
         "demand: no coordinate system; declare the datum"),
        (gpd.GeoDataFrame({"population": [1.0, 1]}, geometry=[SQUARE, None], crs=4549), DEMAND,
         "demand: empty geometry"),
        (gpd.GeoDataFrame({"area_m2": [1.0]}, geometry=[shapely.Polygon()], crs=4549), LAND,
         "land: empty geometry"),
        (gpd.GeoDataFrame({"area_m2": [1.0]}, geometry=[SQUARE.boundary], crs=4549), LAND,
         "land: geometry LineString, not Polygon or MultiPolygon"),
        (gpd.GeoDataFrame({"name_zh": ["甲"]}, geometry=[SQUARE.centroid], crs=4549), BOUNDARIES,
         "boundaries: geometry Point, not Polygon or MultiPolygon"),
        (gpd.GeoDataFrame(geometry=[SQUARE], crs=4549), NODES, "nodes: geometry Polygon, not"),
    ],
)  # fmt: skip
def test_faults_of_geometry(table, schema, fault):
    with pytest.raises(SchemaError, match=f"^{fault}"):
        check(table, schema)


def test_only_the_first_labels_that_repeat_are_shown():
    table = pd.DataFrame({"total": 1.0, "served": 1.0}, index=list("aabbccddee"))
    with pytest.raises(SchemaError, match=r"coverage: index repeats a, b, c$"):
        check(table, COVERAGE)


def test_the_worst_source_wins_whatever_the_order():
    assert worst_source("plan_map") == "plan_map"
    assert worst_source("open_data", "plan_map") == "open_data"
    assert worst_source("nothing", "synthetic") == worst_source("synthetic", "nothing") == "nothing"
