"""Gaps and worst areas: nobody who is not served is lost or counted twice."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import RULES
from conftest import TOWN_AT
from conftest import make_points
from conftest import town_table
from conftest import write_rules
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan.judgement import assess
from spatialplan.judgement import service
from spatialplan.prepare import assemble_base
from spatialplan.shortfall import OUTSIDE
from spatialplan.shortfall import cell_outlines
from spatialplan.shortfall import gaps
from spatialplan.shortfall import worst_areas

MEASURED = ["table", "straight", "minutes", "parks"]


@pytest.fixture
def served(town, rules):
    return service(rules, town)


def test_the_people_of_all_gaps_are_those_not_served(town, rules, served):
    found = gaps(rules, town, served).groupby("clause_id")[["people", "residential_km2"]].sum()
    people = (1 - served.loc["people"]).mul(town.demand["population"], axis=0).sum()
    km2 = (1 - served.loc["land"]).mul(town.land["area_m2"], axis=0).sum() / 1e6
    for clause_id in MEASURED:
        assert found.loc[clause_id, "people"] == people[clause_id]
        assert found.loc[clause_id, "residential_km2"] == pytest.approx(km2[clause_id])
    findings = assess(rules, town, served=served)
    assert found.loc["table", "people"] == findings.loc["table", "unserved"] == 60
    assert found.loc["parks", "residential_km2"] == pytest.approx(findings.loc["parks", "unserved"])
    assert set(found.index) == set(MEASURED)  # none where nothing could be measured


def test_gaps_are_ranked_by_people_and_named(town, rules, served):
    found = gaps(rules, town, served)
    table = found[found["clause_id"] == "table"]
    assert table.index.tolist() == ["table-1", "table-2", "table-3", "table-4"]
    assert table["people"].tolist() == [32, 16, 8, 4]
    assert table["area_id"].tolist() == ["west", "east", "west", "east"]
    assert table["area_name_zh"].tolist() == ["西区", "east", "西区", "east"]
    assert table["residential_km2"].tolist() == [0, 0.0025, 0.0025, 0]
    assert found["clause_id"].drop_duplicates().tolist() == MEASURED
    assert found["name_zh"].unique().tolist() == ["小学"]


def test_gaps_are_cells_that_hold_who_is_not_served(town, rules, served):
    found = gaps(rules, town, served)
    assert found.is_valid.all()
    assert found.crs == town.crs
    # e stands in the cell east of x = 2000 and its land m in the one to the south-west:
    # they touch at a corner and are one gap of two cells.
    assert found.loc["table-2", "area_km2"] == 0.02
    assert found.loc["table-2"].geometry.geom_type == "MultiPolygon"
    np.testing.assert_allclose(found.area / 1e6, found["area_km2"])
    homes = town.demand.geometry[served.loc["people", "table"] == 0]
    covered = found[found["clause_id"] == "table"].union_all()
    assert homes.within(covered.buffer(1e-6)).all()
    assert not town.demand.geometry["b"].within(covered)


def test_a_gap_of_two_areas_is_a_gap_of_each(town, rules):
    homes = [(940.0, 200.0), (1040.0, 200.0), (960.0, 200.0)]
    moved = town.demand.iloc[:3].assign(
        geometry=make_points(*[(x + TOWN_AT[0], y + TOWN_AT[1]) for x, y in homes]).geometry.array,
        area_id=["west", "east", "east"],
    )
    two = replace(town, demand=moved, land=town.land.iloc[:0])
    found = gaps(rules, two, service(rules, two))
    table = found[found["clause_id"] == "table"]
    # The third home stands with the first in a cell where the east has more people.
    assert table[["area_id", "people"]].to_numpy().tolist() == [["east", 7.0]]
    fewer = replace(two, demand=moved.assign(population=[8.0, 2.0, 4.0]))
    table = gaps(rules, fewer, service(rules, fewer)).query("clause_id == 'table'")
    assert table[["area_id", "people"]].to_numpy().tolist() == [["west", 12.0], ["east", 2.0]]


def test_gaps_where_everybody_is_served_are_none_and_have_their_columns(town, rules, served):
    some = gaps(rules, town, served)
    for table in (served.mask(served.notna(), 1.0), served * np.nan):
        none = gaps(rules, town, table)
        assert len(none) == 0
        assert list(none.columns) == list(some.columns)
        assert none.dtypes[["people", "residential_km2", "area_km2", "rank"]].equals(
            some.dtypes[["people", "residential_km2", "area_km2", "rank"]]
        )
        assert none.crs == town.crs
        assert none.index.name == "gap_id"


def test_a_clause_that_serves_everybody_does_not_hide_another(town, rules, served):
    found = gaps(rules, town, served.assign(table=1.0))
    assert found["clause_id"].drop_duplicates().tolist() == MEASURED[1:]


def test_a_gap_outside_every_area_says_so(town, rules, served):
    nowhere = replace(town, demand=town.demand.assign(area_id=""), land=town.land.iloc[:0])
    nowhere = replace(nowhere, boundaries=town.boundaries.iloc[:0])
    found = gaps(rules, nowhere, service(rules, nowhere))
    assert set(found["area_name_zh"]) == {OUTSIDE}
    assert worst_areas(rules, nowhere, service(rules, nowhere))["area_name_zh"].tolist() == [
        OUTSIDE
    ]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_nobody_is_lost_or_doubled_on_random_ground(tmp_path_factory, data):
    place = st.tuples(st.integers(-450, 450), st.integers(-450, 450))
    homes = data.draw(st.lists(place, min_size=1, max_size=12))
    cells = data.draw(st.lists(st.tuples(st.integers(-9, 8), st.integers(-9, 8)), unique=True,
                               max_size=12))  # fmt: skip
    base = random_ground(homes, cells)
    clause = {"distance_rule": "straight", "threshold_m": data.draw(st.integers(1, 400))}
    rules = write_rules(tmp_path_factory.mktemp("rules"), {"one": clause})
    served = service(rules, base)
    found = gaps(rules, base, served)
    shares = served["one"]
    people = ((1 - shares["people"]) * base.demand["population"]).sum()
    land = ((1 - shares["land"]) * base.land["area_m2"]).sum() / 1e6 if cells else 0.0
    assert found["people"].sum() == people
    assert found["residential_km2"].sum() == pytest.approx(land, abs=1e-12)
    assert (found["residential_km2"] <= found["area_km2"] * (1 + 1e-9)).all()
    assert found.is_valid.all()
    assert found.union_all().area == pytest.approx(found.area.sum())  # no cell in two gaps
    for area in ("west", "east"):
        touching = found.geometry[found["area_id"] == area].to_numpy()
        pairs = shapely.STRtree(touching).query(touching, predicate="intersects")
        assert (pairs[0] == pairs[1]).all()  # what touches within an area is one gap


def random_ground(homes, cells):
    """A school at the origin, homes and land anywhere around, two areas."""
    from conftest import make_network

    network = make_network([(1, 2, 1000)], {1: (-500.0, 0.0), 2: (500.0, 0.0)})
    points = make_points(*[(float(x), float(y)) for x, y in homes])
    pieces = [shapely.box(50 * x, 50 * y, 50 * x + 50, 50 * y + 50) for x, y in cells]
    land = gpd.GeoDataFrame(
        {"area_m2": 2500.0}, geometry=pieces, crs=4549,
        index=pd.Index([f"{x}_{y}" for x, y in cells], name="piece_id", dtype="str"),
    )  # fmt: skip
    areas = gpd.GeoDataFrame(
        {"name_zh": ["西", "东"]}, crs=4549, index=pd.Index(["west", "east"], name="area_id"),
        geometry=[shapely.box(-999, -999, 20, 999), shapely.box(20, -999, 999, 999)],
    )  # fmt: skip
    school = make_points((0.0, 0.0), index=["school"])
    return assemble_base(
        "ground", networks={"walk": network},
        demand=points.assign(population=[float(2**n) for n in range(len(homes))]),
        land=land, boundaries=areas, duplicates=pd.DataFrame(), sources=[], facts={},
        facilities=school.assign(
            category="primary_school", name_zh="", stand_in_zh="", stand_in_en=""
        ),
    )  # fmt: skip


# --- worst areas


def test_areas_are_ranked_by_what_their_people_go_without(town, rules, served):
    worst = worst_areas(rules, town, served)
    assert worst.index.tolist() == [1, 2]
    west, east = worst.loc[1], worst.loc[2]
    # West: table 40 of 43, straight 8, minutes 41, parks 35 (a, b, f). East: 20, 20, 20, 0.
    assert west[["area_id", "area_name_zh", "population"]].tolist() == ["west", "西区", 43]
    assert west["unserved"] == 40 + 8 + 41 + 35
    assert west["missing_mean"] == pytest.approx(124 / 43)
    assert east[["area_id", "unserved", "missing_mean"]].tolist() == ["east", 60, 3]


def test_the_three_clauses_that_serve_fewest_are_named(tmp_path, town):
    own = {name: {**RULES[name], "name_zh": name, "name_en": name.title()} for name in MEASURED}
    rules = write_rules(tmp_path, own)
    worst = worst_areas(rules, town, service(rules, town)).set_index("area_id")
    assert worst.loc["west", "worst_zh"] == "minutes、table、parks"
    assert worst.loc["west", "worst_en"] == "Minutes; Table; Parks"
    assert worst.loc["east", "worst_zh"] == "table、straight、minutes"  # all 20; parks serve all


def test_areas_where_nothing_is_missing_or_measured_name_no_clause(town, rules, served):
    for table in (served.mask(served.notna(), 1.0), served * np.nan):
        worst = worst_areas(rules, town, table)
        assert len(worst) == 2
        assert (worst["unserved"] == 0).all()
        assert (worst["worst_zh"] == "").all()


def test_an_area_without_people_is_not_ranked(town, rules, served):
    empty = replace(town, demand=town.demand.assign(population=[1.0, 2, 0, 8, 0, 32]))
    assert worst_areas(rules, empty, service(rules, empty))["area_id"].tolist() == ["west"]


# --- outlines


def test_outlines_of_labels_have_holes_and_parts():
    labels = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1], [0, 0, 0], [0, 2, 0], [2, 0, 0]])
    ring, corner = cell_outlines(labels, west=10, south=-2, cell_m=5.0)
    assert ring.equals(shapely.box(50, -10, 65, 5) - shapely.box(55, -5, 60, 0))
    assert corner.equals(shapely.union(shapely.box(55, 10, 60, 15), shapely.box(50, 15, 55, 20)))
    assert corner.is_valid


def test_land_far_from_homes_has_gaps_of_its_own(town, rules):
    far = town_table({"z": shapely.box(-450, -450, -400, -400)}, index="piece_id", area_id="west")
    lonely = replace(town, land=far.assign(area_m2=2500.0))
    found = gaps(rules, lonely, service(rules, lonely)).query("clause_id == 'table'")
    assert found[["people", "residential_km2"]].to_numpy().tolist()[-1] == [0.0, 0.0025]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
