"""Two states of the town of conftest: figures one can count, scenarios, content and refusals."""

from __future__ import annotations

import json
import math
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from conftest import make_network
from conftest import town_table
from conftest import write_rules

from spatialplan.base import write_base
from spatialplan.cartography import layer_cells
from spatialplan.cli import main
from spatialplan.comparison import comparison_content
from spatialplan.comparison import coverage_changes
from spatialplan.comparison import facility_changes
from spatialplan.comparison import people_basis
from spatialplan.comparison import scenario
from spatialplan.comparison import streets_met
from spatialplan.comparison._surfaces import change_values
from spatialplan.errors import InputError
from spatialplan.judgement import assess

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def school():
    """A school between c and e, 300 m from c (4 people) and 200 m from e (16)."""
    return new_places({"second": shapely.Point(1800, 0)})


def new_places(shapes, category="primary_school"):
    return town_table(
        shapes, category=category, name_zh="新校", stand_in_zh="", stand_in_en="",
        area_m2=math.nan, capacity=math.nan, source="test", drawn_from="open_data",
    )  # fmt: skip


def in_the_way(*places):
    """A line of these places, as a layer."""
    return town_table({"line": shapely.LineString(places)})


# --- figures


def test_a_new_school_serves_those_near_it(town, rules, school):
    clauses = coverage_changes(rules, town, scenario(town, added=school))["clauses"]
    row = clauses.loc["table"]  # 300 m: a (1) and b (2) before, c (4) and e (16) besides
    assert (row["measured_before"], row["measured_after"]) == (3 / 63, 23 / 63)
    assert row["change"] == pytest.approx(20 / 63)
    assert (row["people_gained"], row["people_lost"]) == (20, 0)
    assert (row["n_facilities_before"], row["n_facilities_after"]) == (1, 2)
    assert (clauses.loc["parks", "people_gained"], clauses.loc["parks", "change"]) == (0, 0)


def test_every_figure_is_that_of_the_assessment(town, rules, school):
    after = scenario(town, added=school)
    found = coverage_changes(rules, town, after)
    for base, side in ((town, "before"), (after, "after")):
        alone = assess(rules, base, by="area_id")
        own = alone.loc[[*found["clauses"].index, *found["areas"].index]]
        for name in ("total", "served", "measured"):
            both = [found[key][f"{name}_{side}"] for key in ("clauses", "areas")]
            np.testing.assert_array_equal(np.concatenate(both), own[name])


def test_a_closed_street_takes_the_school_away(town, rules):
    after = scenario(town, closing=in_the_way((420, -20), (420, 20)))  # in the edge of a, school, b
    row = coverage_changes(rules, town, after)["clauses"].loc["table"]
    assert (row["people_gained"], row["people_lost"]) == (0, 1)  # a is behind the barrier
    assert row["measured_after"] == 2 / 63


def test_areas_add_up_to_the_whole(town, rules, school):
    found = coverage_changes(rules, town, scenario(town, added=school))
    areas = found["areas"][found["areas"]["clause_id"] == "table"].set_index("area_id")
    assert areas["people_gained"].to_dict() == {"east": 20, "west": 0}
    assert areas.loc["east", ["measured_before", "measured_after"]].tolist() == [0, 1]
    assert "basis" in found["clauses"]
    assert "basis" not in found["areas"]


def test_what_a_state_cannot_measure_has_no_change(town, rules):
    pharmacy = new_places({"p": shapely.Point(100, 0)}, category="pharmacy")
    row = coverage_changes(rules, town, scenario(town, added=pharmacy))["clauses"].loc["pharmacy"]
    assert math.isnan(row["measured_before"])
    assert row["measured_after"] == 1 / 63  # a alone; b is 400 m away, and 5 min are 300 m
    assert math.isnan(row["change"])
    assert math.isnan(row["people_gained"])


def test_people_are_compared_one_by_one_only_where_they_are_the_same(town, rules, caplog):
    assert people_basis(town, town) == "places"
    people = town.demand["population"]
    turned = replace(town, demand=town.demand.assign(population=people.to_numpy()[::-1]))
    assert people_basis(town, turned) == "total"
    row = coverage_changes(rules, town, turned)["clauses"].loc["table"]
    assert math.isnan(row["people_gained"])
    assert row["change"] == pytest.approx((32 + 16 - 3) / 63)
    assert not caplog.records

    more = replace(town, demand=town.demand.assign(population=people + 1))
    assert people_basis(town, more) == "neither"
    coverage_changes(rules, town, more)
    assert caplog.messages == ["people differ: 63 before, 69 after; shares change with them"]


def test_without_the_same_areas_there_is_no_table_by_area(town, rules):
    other = replace(town, boundaries=town.boundaries.rename(index={"east": "eastern"}))
    assert coverage_changes(rules, town, other)["areas"].empty


def test_states_of_two_places_are_refused(town, rules):
    far = make_network([(1, 2, 600.0)], {1: (900_000.0, 0.0), 2: (900_600.0, 0.0)})
    elsewhere = replace(town, area_id="other", networks={"walk": far})
    with pytest.raises(InputError, match="after: other lies elsewhere than town; give two states"):
        coverage_changes(rules, town, elsewhere)
    tables = {
        name: getattr(town, name).to_crs(4550)
        for name in ("demand", "land", "facilities", "boundaries")
    }
    with pytest.raises(InputError, match=r"after: system EPSG:4550; allowed: .* EPSG:4549"):
        coverage_changes(rules, town, replace(town, **tables))


# --- facilities


def test_added_and_removed_facilities_are_told(town, school):
    gone = replace(town, facilities=town.facilities.drop("park"))
    found = facility_changes(town, scenario(gone, added=school))
    assert found["change"].to_dict() == {"new:second": "added", "park": "removed"}


def test_a_facility_under_another_id_that_stands_there_is_the_same(town):
    renamed = town.facilities.rename(index={"school": "w17", "park": "w18"})
    shifted = renamed.assign(geometry=renamed.geometry.translate(20, 0))
    assert facility_changes(town, replace(town, facilities=shifted)).empty
    other_kind = renamed.assign(category="museum")
    assert len(facility_changes(town, replace(town, facilities=other_kind))) == 8


# --- scenarios


def test_a_scenario_changes_nothing_that_is_given(town, school):
    before = town.facilities.copy(), town.networks["walk"].edges.copy()
    once = scenario(town, added=school, closing=in_the_way((420, -20), (420, 20)))
    twice = scenario(once, added=school)
    assert town.facilities.equals(before[0])
    assert town.networks["walk"].edges.equals(before[1])
    assert list(twice.facilities.index[-2:]) == ["new:second", "new:new:second"]
    assert twice.facilities.loc["new:second", "street_m"] == 0
    assert twice.networks["walk"].shut.any(axis=1).tolist() == [True, False, False, False, False]


def test_a_scenario_of_nothing_is_refused(town):
    with pytest.raises(InputError, match="scenario: nothing changes; give facilities, or streets"):
        scenario(town)
    with pytest.raises(InputError, match="closing: no street meets it; give lines or areas"):
        scenario(town, closing=in_the_way((420, 100), (420, 150)))


AT = {0: (0, 0), 1: (200, 0), 2: (400, 0), 3: (200, 200), 4: (200, -200)}
ROADS = [(0, 1, 200), (1, 2, 200), (1, 3, 200), (1, 4, 200)]  # west, east, north, south


@pytest.mark.parametrize(
    ("line", "closed"),
    [
        ([(0, 4), (205, 4), (400, 4)], [0, 1]),  # along the high street, not its side streets
        ([(100, -50), (100, 50)], [0]),  # across one street
        ([(150, -50), (250, 50)], [0, 1, 2, 3]),  # through the crossing
        ([(100, 20), (300, 20)], [2]),  # across, beside another street
        ([(100, -300), (300, -300)], []),
    ],
)
def test_lines_close_what_they_follow_and_what_they_cross(line, closed):
    streets = make_network(ROADS, {node: (float(x), float(y)) for node, (x, y) in AT.items()})
    drawn = gpd.GeoDataFrame(geometry=[shapely.LineString(line)], crs=4549)
    assert streets_met(streets, drawn) == closed


def test_areas_close_what_they_touch_and_ferries_stay():
    streets = make_network(ROADS, {node: (float(x), float(y)) for node, (x, y) in AT.items()})
    area = gpd.GeoDataFrame(geometry=[shapely.box(150, 50, 250, 150)], crs=4549)
    assert streets_met(streets, area) == [2]
    ferry = streets.edges.assign(highway=["street", "street", "ferry", "street"])
    assert streets_met(replace(streets, edges=ferry), area) == []


# --- pictures and content


def layers_of(content):
    return {layer["id"]: layer for layer in content["layers"]}


def test_the_change_of_a_cell_is_its_difference(town, rules, school):
    after = scenario(town, added=school)
    layers = layers_of(comparison_content(rules, town, after))
    was, now = (layers[f"coverage-table-{side}"] for side in ("before", "after"))
    assert was["bounds_3857"] == now["bounds_3857"] == layers["change-table"]["bounds_3857"]
    assert [part["label_en"] for part in was["classes"]] == [
        part["label_en"] for part in now["classes"]
    ]
    change, classes = layer_cells(layers["change-table"])
    difference = layer_cells(now)[0] - layer_cells(was)[0]
    known = np.isfinite(difference)
    np.testing.assert_allclose(change[known], difference[known], atol=30)  # kept in 8 bits
    assert (classes[~known] == -1).all()
    assert {1, 3} <= set(classes[known])  # much nearer, and the same
    assert set(classes[known]) <= {1, 2, 3}


def test_what_one_state_reaches_has_a_class_and_no_number(town, rules):
    island = shapely.LineString([(1200, -50), (1200, 50)])
    after = scenario(town, closing=town_table({"line": island}))
    lost = layers_of(comparison_content(rules, town, after))["change-table"]
    back = layers_of(comparison_content(rules, after, town))["change-table"]
    for layer, label in ((lost, "no longer reached"), (back, "newly reached")):
        (place,) = [at for at, part in enumerate(layer["classes"]) if part["label_en"] == label]
        values, classes = layer_cells(layer)
        assert layer["classes"][place]["count"] == (classes == place).sum() > 10
        assert np.isnan(values[classes == place]).all()
        json.dumps(layer, allow_nan=False)


def test_values_at_the_ends_never_hide_among_those_that_changed():
    before, after = np.array([100.0, 900, np.inf, 5]), np.array([900.0, 100, 3, np.inf])
    change, (low, high) = change_values(before, after, [-50, 50])
    assert change[0] < high < change[3]
    assert change[2] < low < change[1]


def test_each_layer_says_on_which_side_it_shows(town, rules, school):
    gone = replace(town, facilities=town.facilities.drop("pocket"))
    content = comparison_content(rules, town, scenario(gone, added=school))
    sides = {name: layer["side"] for name, layer in layers_of(content).items()}
    assert content["compare"] is True
    assert sides["coverage-table-before"] == "before"
    assert sides["coverage-table-after"] == "after"
    assert sides["change-table"] == "change"
    assert {sides[name] for name in ("street", "boundaries", "added", "removed")} == {""}
    assert layers_of(content)["facilities-park"]["count"] == 2
    assert "coverage-pharmacy-before" not in sides
    shown = [layer["id"] for layer in content["layers"] if layer["type"] == "grid"
             and layer["visible"]]  # fmt: skip
    assert shown == ["coverage-table-before", "coverage-table-after", "change-table"]


def test_a_state_without_facilities_has_no_picture(town, rules):
    after = replace(town, facilities=town.facilities.drop("school"))
    names = set(layers_of(comparison_content(rules, town, after)))
    assert "coverage-table-before" in names
    assert not names & {"coverage-table-after", "change-table"}


def test_the_page_tells_the_change_in_words(town, rules, school):
    after = scenario(town, added=school, closing=in_the_way((800, 350), (800, 450)))
    content = comparison_content(rules, town, after, title="图甲", lang="en")
    assert content["title_zh"] == "图甲"
    assert content["headline_zh"] == "2 项覆盖率上升、0 项下降；变化最大：小学 · 5分钟 4.8% → 36.5%"
    assert content["headline_en"] == "2 up, 0 down; most: Primary school · 5 min 4.8% → 36.5%"
    assert "The same people at the same places" in content["notes"][0][1]
    (changes, areas) = content["tables"]
    assert changes["rows"][0][:6] == [["小学 · 5分钟", "Primary school · 5 min"], *(
        pytest.approx(number) for number in (3 / 63, 23 / 63, 2000 / 63, 20, 0))]  # fmt: skip
    assert changes["layers"][0] == "change-table"
    assert [row[0] for row in areas["rows"]] == ["east", "east"]
    assert layers_of(content)["closed"]["count"] == 1


def test_two_states_alike_say_that_nothing_changes(town, rules):
    content = comparison_content(rules, town, town)
    assert content["headline_zh"] == "各项覆盖率前后无变化"
    assert [table["id"] for table in content["tables"]] == ["changes"]
    assert not {"added", "removed", "closed"} & set(layers_of(content))


def test_people_that_differ_are_stated_on_the_page(town, rules):
    more = replace(town, demand=town.demand.assign(population=town.demand["population"] + 1))
    zh, en = comparison_content(rules, town, more)["notes"][0]
    assert "前 63人，后 69人" in zh
    assert "63 people before, 69 people after" in en


# --- the command


@pytest.fixture
def here(town, tmp_path, monkeypatch):
    write_base(town, tmp_path / "now")
    write_rules(
        tmp_path, {"school": {"threshold_min": 5}, "park": {"category": "park", "threshold_min": 5}}
    )
    (lon, lat), = town_table({"s": shapely.Point(1800, 0)}).to_crs(4326).geometry.map(
        lambda point: (point.x, point.y))  # fmt: skip
    text = f"name,lon,lat,category\n新校,{lon:.7f},{lat:.7f},小学\n"
    (tmp_path / "new.csv").write_text(text, "utf-8")
    line = in_the_way((420, -20), (420, 20)).to_crs(4326)
    (tmp_path / "close.geojson").write_text(line.to_json(drop_id=True), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str) -> int:
    return main(shlex.split(line))


def test_a_plan_is_compared_with_today(here: Path, capsys):
    assert run("compare now --add new.csv@wgs84 --standard town.yaml --clause school "
               "-o page.html") == 0  # fmt: skip
    said = capsys.readouterr().out
    assert "4.8% →   36.5%  小学 · 5分钟 (300 m)  +20人" in said
    assert "written: page.html" in said
    page = (here / "page.html").read_text("utf-8")
    assert "新校" in page
    assert "change-school" in page


def test_tables_go_to_a_workbook(here: Path, capsys):
    assert run("compare now --close close.geojson@wgs84 --standard town.yaml --lang en "
               "-o tables.xlsx") == 0  # fmt: skip
    said = capsys.readouterr().out
    assert "streets closed 封闭道路: 1 (0.5 km)" in said
    assert "4.8% →    3.2%  Primary school (300 m)  −1 people" in said
    book = openpyxl.load_workbook(here / "tables.xlsx")
    assert book.sheetnames == ["elements", "changes", "areas"]
    head, *rows = book["changes"].iter_rows(values_only=True)
    row = dict(zip(head, rows[0], strict=True))
    assert (row["clause_id"], row["people_lost"]) == ("school", 1)


def test_two_bases_are_compared(here: Path, town, capsys):
    write_base(replace(town, facilities=town.facilities.drop("school")), here / "then")
    assert run("compare then now --standard town.yaml -o page.html") == 0
    assert "— →    4.8%  小学 (300 m)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("now -o page.html", "compare: nothing to compare now with; give a second area"),
        ("now now --add new.csv -o page.html", "--add: changes one area, and two are given"),
        ("now now --datum wgs84 -o page.html", "--datum: no file that it could be of"),
        ("now --add new.csv@wgs84 -o page.pdf", "page.pdf: cannot write .pdf here; allowed: .html"),
        ("now --add new.csv@wgs84 --clause schol -o page.html",
         "--clause: no clause 'schol' in town; did you mean school?"),
        ("now --add new.csv@wgs84 -o new.csv", "new.csv: cannot write .csv here"),
        ("now --close close.geojson -o page.html",
         "close.geojson: coordinates in degrees of an unknown datum; declare it: --close FILE@"),
        ("now --add new.csv -o page.html", "new.csv: coordinates in degrees of an unknown datum"),
        ("now --add none.csv@wgs84 -o page.html", "none.csv: no such file"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_one_line(here: Path, capsys, line, said):
    assert run(f"compare {line} --standard town.yaml") == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (here / "page.html").exists()
