"""The map of the town: what is on it, that it loads nothing, and that its figures are right."""

from __future__ import annotations

import base64
import html
import json
import re
import zlib
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import TOWN_AT
from conftest import town_table
from conftest import write_rules

from spatialplan import access
from spatialplan.cartography import vector_layer
from spatialplan.coverage_map import coverage_content
from spatialplan.coverage_map import grids
from spatialplan.judgement import assess
from spatialplan.judgement import service
from spatialplan.network import Network
from spatialplan.report import share_text
from spatialplan.shortfall import gaps
from spatialplan.webmap import draw_map

MEASURED = ["table", "straight", "minutes", "parks"]


@pytest.fixture
def page(town, rules):
    return drawn(rules, town)


def drawn(*things, **options):
    return draw_map(coverage_content(*things, **options))


def islands(page):
    """Content of the page: every JSON island by its id."""
    script = r'<script type="application/json" id="([^"]+)">(.*?)</script>'
    found = re.findall(script, page, re.DOTALL)
    return {name: json.loads(text) for name, text in found}


def layers_of(page):
    """Layers of a page by their id, wherever the page keeps them."""
    found = {}

    def walk(value):
        if isinstance(value, dict):
            if "id" in value and "group" in value:
                found[value["id"]] = value
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(list(islands(page).values()))
    return found


def test_the_page_loads_nothing(page):
    assert not re.search(r"""\bsrc\s*=\s*["']?\s*(https?:)?//""", page)
    assert not re.search(r"<(link|iframe|object|embed|base)\b", page)
    assert "@import" not in page
    assert not re.search(r"url\(\s*['\"]?https?:", page)
    assert "default-src 'none'" in html.unescape(page)


def test_every_clause_that_was_measured_has_its_layers(page, town):
    layers = layers_of(page)
    kinds = {name.split("-", maxsplit=1)[0] for name in layers}
    assert {"land", "street", "coverage", "gaps", "boundaries", "facilities"} <= kinds
    for clause_id in MEASURED:
        assert layers[f"coverage-{clause_id}"]["theme"] == clause_id
        assert layers[f"gaps-{clause_id}"]["theme"] == clause_id
    assert "coverage-pharmacy" not in layers
    assert "gaps-pharmacy" not in layers
    assert layers["coverage-table"]["visible"] is True
    assert layers["coverage-straight"]["visible"] is False
    assert layers["facilities-park"]["count"] == 3
    assert layers["boundaries"]["names"] == ["西区", "east"]
    assert layers["boundaries"]["administrative"] is True


def test_layers_and_notes_of_clauses_of_one_name_say_their_tier(town, rules):
    clauses = rules.clauses.copy()
    clauses.loc[["table", "straight"], "name_zh"] = "小学"
    clauses.loc["parks", "name_zh"] = "公园"
    clauses["name_en"] = clauses.index
    clauses.loc[["table", "straight"], "tier"] = ["5", "block"]
    content = coverage_content(replace(rules, clauses=clauses), town)
    names = {layer["id"]: layer["name_zh"] for layer in content["layers"]}
    assert names["coverage-table"] == "小学 · 5分钟"
    assert names["gaps-straight"] == "未覆盖：小学 · 居住街坊"
    assert names["coverage-parks"] == "公园"
    english = {layer["id"]: layer["name_en"] for layer in content["layers"]}
    assert english["coverage-table"] == clauses.loc["table", "name_en"]  # says its tier itself
    told = [note for note in content["notes"] if note[2:] == ["straight"]]
    assert [note[0].partition("：")[0] for note in told] == ["小学 · 居住街坊"]


def test_names_from_data_are_text_not_markup(page):
    assert "<b>一</b>" not in page
    assert layers_of(page)["facilities-primary_school"]["names"] == ["<b>一</b>小"]


def test_the_basis_the_doubt_and_the_sources_are_on_the_page(page):
    assert "条文可信度 L（待核）" in page
    assert "confidence M (to be checked)" in page
    assert "M 待核" in page
    assert "不等于覆盖率为 0" in page  # what the data do not hold
    assert "无座位数" in page  # what is not judged
    assert "town.osm" in page
    assert "试行标准" in page
    assert "200 m (≥5000 m²); 30 m (400–5000 m²)" in page


def test_gaps_on_the_page_are_those_of_the_table(page, town, rules):
    found = gaps(rules, town, service(rules, town))
    layers = layers_of(page)
    for clause_id in MEASURED:
        rows = found[found["clause_id"] == clause_id]
        assert [row[0] for row in layers[f"gaps-{clause_id}"]["rows"]] == rows["people"].tolist()
    assert layers["gaps-table"]["names"] == ["西区 #1", "east #2", "西区 #3", "east #4"]


def test_titles_language_and_own_layers(town, rules):
    point = town_table({"x": shapely.Point(0, 0)}, name_zh="起点")
    own = vector_layer("own", point, name_zh="起点", group="base", name_column="name_zh")
    page = drawn(rules, town, title="图甲", lang="en", over=[own],
                             notes=[("注甲", "note A")])  # fmt: skip
    assert "<title>图甲</title>" in page
    assert list(layers_of(page))[-1] == "own"
    assert "note A" in page
    under = drawn(rules, town, under=[own])
    assert next(iter(layers_of(under))) == "own"
    assert "<title>town · 试行标准</title>" in under


def test_a_service_at_hand_is_used(town, rules):
    everybody = service(rules, town).mask(lambda table: table.notna(), 1.0)
    layers = layers_of(drawn(rules, town, served=everybody))
    assert not [name for name in layers if name.startswith("gaps-")]
    assert "coverage-table" in layers


def test_a_town_without_anything_measured_is_still_drawn(town, tmp_path):
    rules = write_rules(tmp_path, {"pharmacy": {"category": "pharmacy", "threshold_min": 5}})
    layers = layers_of(drawn(rules, town))
    assert not [name for name in layers if name.startswith(("gaps-", "coverage-"))]
    assert "facilities-park" in layers


@pytest.mark.parametrize("size_m", [0, 5, 50])
def test_little_or_no_land(town, rules, size_m):
    pieces = {"k": shapely.box(350, 0, 350 + size_m, size_m)} if size_m else {}
    land = town_table(pieces, index="piece_id", area_id="west", area_m2=float(size_m**2))
    layers = layers_of(drawn(rules, replace(town, land=land)))
    assert ("land" in layers) == (size_m > 0)
    assert layers.get("land", {}).get("count") == {0: None, 5: 0, 50: 1}[size_m]


def test_generated_data_are_marked(town, rules):
    made = replace(town, demand=town.demand.assign(drawn_from="synthetic"))
    layers = layers_of(drawn(rules, made))
    assert layers["coverage-table"]["drawn_from"] == "synthetic"
    assert layers["facilities-park"]["drawn_from"] == "open_data"


def test_no_people_unserved_elsewhere_and_no_boundaries(town, rules):
    alone = replace(town, boundaries=town.boundaries[:0], demand=town.demand.assign(area_id=""))
    assert "boundaries" not in layers_of(drawn(rules, alone))


def test_nothing_that_is_given_is_modified(town, rules):
    before = town.facilities.copy(), town.boundaries.copy()
    drawn(rules, town)
    assert town.facilities.equals(before[0])
    assert town.boundaries.equals(before[1])


# --- the pictures


def pictures(monkeypatch, rules, town, clause_ids):
    """Grids as they are handed to the page: values by clause, and their bounds in EPSG:3857."""
    seen = {}

    def keep(layer_id, values, **options):
        seen[layer_id.removeprefix("coverage-")] = (values, options)
        return {}

    monkeypatch.setattr(grids, "grid_layer", keep)
    names = pd.DataFrame({"name_zh": clause_ids, "name_en": clause_ids}, index=clause_ids)
    grids.coverage_layers(rules, town, names)
    return seen


def centres(values, bounds, crs):
    west, south, east, north = bounds
    rows, columns = values.shape
    x = west + (np.arange(columns) + 0.5) * (east - west) / columns
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    points = gpd.points_from_xy(np.tile(x, rows), np.repeat(y, columns))
    return gpd.GeoDataFrame(geometry=points, crs=3857).to_crs(crs)


def test_the_value_under_a_place_is_its_distance(monkeypatch, town, rules):
    seen = pictures(monkeypatch, rules, town, MEASURED)
    schools = town.facilities[town.facilities["category"] == "primary_school"]
    walk = town.networks["walk"]
    for clause_id, measure in (
        ("table", lambda at: access.distance_to_nearest(at, schools, network=walk)),
        ("minutes", lambda at: access.time_to_nearest(at, schools, network=walk)),
        ("straight", lambda at: access.straight_distance(at, schools)),
    ):
        values, options = seen[clause_id]
        at = centres(values, options["bounds_3857"], town.crs)
        near = walk.near_street(at)
        np.testing.assert_allclose(values.ravel()[near], measure(at[near]), rtol=1e-9)
        assert np.isnan(values.ravel()[~near]).all()
        assert near.sum() > 100


def test_a_clause_of_several_limits_is_drawn_in_shares_of_them(monkeypatch, town, rules):
    values, options = pictures(monkeypatch, rules, town, ["parks"])["parks"]
    assert (options["unit"], options["breaks"]) == ("share", [0.5, 1.0, 1.5, 2.0])
    at = centres(values, options["bounds_3857"], town.crs)
    flat = values.ravel()
    parks = town.facilities.geometry
    expected = np.minimum(at.distance(parks["park"]) / 200, at.distance(parks["pocket"]) / 30)
    known = ~np.isnan(flat)
    np.testing.assert_allclose(flat[known], expected.to_numpy()[known])


def test_classes_break_at_the_limit(monkeypatch, town, rules):
    seen = pictures(monkeypatch, rules, town, ["table", "minutes"])
    assert seen["table"][1]["breaks"] == [150, 300, 450, 600]
    assert seen["minutes"][1]["breaks"] == [1, 2, 3, 4]
    assert seen["table"][1]["classes"][1][:2] == (
        "150 m – 300 m（达标）",
        "150 m to 300 m (served)",
    )
    assert seen["minutes"][1]["classes"][4][1] == "over 4 min"


def test_cells_are_square_on_the_ground_and_cover_the_streets(monkeypatch, town, rules):
    values, options = pictures(monkeypatch, rules, town, ["table"])["table"]
    at = centres(values, options["bounds_3857"], town.crs)
    columns = values.shape[1]
    assert at.geometry[0].distance(at.geometry[1]) == pytest.approx(50, rel=0.01)
    assert at.geometry[0].distance(at.geometry[columns]) == pytest.approx(50, rel=0.01)
    west, south, east, north = at.total_bounds
    assert west < TOWN_AT[0] + 51
    assert east > TOWN_AT[0] + 1949
    assert south < TOWN_AT[1] + 51
    assert north > TOWN_AT[1] + 349


def test_cells_grow_until_they_are_few_enough(monkeypatch, town, rules):
    monkeypatch.setattr(grids, "MAX_CELLS", 100)
    values, _ = pictures(monkeypatch, rules, town, ["table"])["table"]
    assert values.size <= 120
    assert values.size > 40


def test_a_ferry_does_not_stretch_the_picture(monkeypatch, town, rules):
    walk = town.networks["walk"]
    nodes = gpd.pd.concat([walk.nodes, town_table({"7": shapely.Point(90_000, 0)})])
    nodes.index = [*walk.nodes.index, 7]
    ferry = walk.edges.iloc[[0]].assign(
        u=4, v=7, length_m=88_000.0, highway="ferry",
        geometry=[shapely.LineString([nodes.geometry[4], nodes.geometry[7]])],
    )  # fmt: skip
    edges = gpd.pd.concat([walk.edges, ferry], ignore_index=True).rename_axis("edge_id")
    nodes = nodes.rename_axis("node_id")
    sailing = replace(town, networks={"walk": Network("walk", nodes, edges)})
    layers = layers_of(drawn(rules, sailing))
    assert "street_minor" not in layers  # the ferry is not drawn as a path
    own, far = (
        pictures(monkeypatch, rules, base, ["table"])["table"][1]["bounds_3857"]
        for base in (town, sailing)
    )
    assert far == pytest.approx(own)


def test_the_picture_on_the_page_is_that_grid(page, monkeypatch, town, rules):
    layer = layers_of(page)["coverage-table"]
    values, options = pictures(monkeypatch, rules, town, ["table"])["table"]
    png = base64.b64decode(layer["png"].partition(",")[2])
    start = png.index(b"IDAT")
    size = int.from_bytes(png[start - 4 : start], "big")
    rows = np.frombuffer(zlib.decompress(png[start + 4 : start + 4 + size]), np.uint8)
    codes = rows.reshape(values.shape[0], -1)[:, 1:]
    known = np.isfinite(values)
    drawn = np.array(layer["class_of_level"])[codes[known]]
    assert drawn.tolist() == np.searchsorted(options["breaks"], values[known]).tolist()
    assert set(codes[np.isnan(values)]) == {255}
    assert layer["bounds_3857"] == list(options["bounds_3857"])


# --- areas against all, and how tables and map point at each other


def table_of(content, table_id):
    return next(table for table in content["tables"] if table["id"] == table_id)


def test_areas_tell_their_weakest_clauses_against_all(town, rules):
    every = assess(rules, town, by="area_id").set_index(["area_id", "clause_id"])["measured"]
    content = coverage_content(rules, town)
    boundaries = next(one for one in content["layers"] if one["id"] == "boundaries")
    told = dict(zip(boundaries["keys"], boundaries["rows"], strict=True))
    assert set(told) == {"west", "east"}
    for area, (_, lines) in told.items():
        below = [every["", clause] - every[area, clause] for clause in MEASURED]
        for text, language in zip(lines, ("name_zh", "name_en"), strict=True):
            lines_of_text = text.splitlines()
            assert len(lines_of_text) == len(MEASURED)
            worst = MEASURED[int(np.argmax(below))]
            name = rules.clauses.loc[worst, language]
            shares = [share_text(every[one, worst]) for one in (area, "")]
            assert lines_of_text[0].startswith(name)
            assert lines_of_text[0].endswith(f" {shares[0]} ({shares[1]})")


def test_clauses_of_one_name_are_told_apart_by_their_tier(town, tmp_path):
    same = {"category": "primary_school", "name_zh": "小学", "threshold_min": 5}
    rules = write_rules(tmp_path, {"near": {**same, "tier": "5"}, "far": {**same, "tier": "15"}})
    heads = [
        column["label_zh"] for column in table_of(coverage_content(rules, town), "areas")["columns"]
    ]
    assert heads == ["片区", "小学 · 5分钟", "小学 · 15分钟"]


def test_coverage_by_area_is_that_of_the_findings(town, rules):
    every = assess(rules, town, by="area_id").set_index(["area_id", "clause_id"])["measured"]
    table = table_of(coverage_content(rules, town), "areas")
    assert table["keys"] == ["", "east", "west"]
    names = [row[0] for row in table["rows"]]
    assert names == [["全部", "All"], ["east", "east"], ["西区", "西区"]]
    for area, row in zip(table["keys"], table["rows"], strict=True):
        assert row[1:] == pytest.approx([every[area, clause] for clause in MEASURED])
    assert table["bounds"][0] is None


def test_rows_and_features_have_the_same_keys(town, rules):
    content = coverage_content(rules, town)
    layers = {one["id"]: one for one in content["layers"]}
    table = table_of(content, "gaps")
    assert table["key"] == layers["gaps-table"]["key"] == "gap_id"
    for key, layer_id, row in zip(table["keys"], table["layers"], table["rows"], strict=True):
        layer = layers[layer_id]
        assert layer["rows"][layer["keys"].index(key)][0] == row[2]
    assert table_of(content, "worst")["key"] == layers["boundaries"]["key"]
    assert set(table_of(content, "worst")["keys"]) == set(layers["boundaries"]["keys"])


def test_the_legend_counts_the_people_that_the_table_counts(page, town, rules):
    layers, findings = layers_of(page), assess(rules, town)
    measured = findings[findings["measured"].notna() & (findings["total_unit"] == "person")]
    assert len(measured)
    for _, row in measured.iterrows():
        people = [part["people"] for part in layers[f"coverage-{row['clause_id']}"]["classes"]]
        assert sum(people) == pytest.approx(town.demand["population"].sum())
        assert sum(people[:2]) / sum(people) == pytest.approx(row["measured"])
