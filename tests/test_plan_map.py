"""The map of plans: what is on it, what it says of itself, and that it loads nothing."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
import shapely
from browser import DESK
from browser import PHONE
from browser import chromium
from browser import opened
from invented_plan import PLAN
from invented_plan import write_plan

from spatialplan.cartography import read_style
from spatialplan.cli import main
from spatialplan.errors import InputError
from spatialplan.plan import list_plans
from spatialplan.plan import read_plan
from spatialplan.plan_map import main_structure
from spatialplan.plan_map import plan_content
from spatialplan.plan_map import structure_groups
from spatialplan.plan_map import structure_layers
from spatialplan.plan_map._parts import printed_words
from spatialplan.plan_map._parts import role_name
from spatialplan.plan_map._style import role_style
from spatialplan.vocabulary import roles
from spatialplan.webmap import draw_map
from spatialplan.webmap import write_map

ARTIFACTS = Path(__file__).resolve().parent.parent / ".artifacts"
KINDS = {"point": "p", "line": "l", "polygon": "a"}
HOSTILE = "</script><img src=x onerror=alert(1)>"

# A second structure of the invented city: a network of which the text names nothing, tiers,
# two elements on one place, and a third structure that has no place at all.
MORE = """
  s2:
    refs: [Z2]
    name_zh: 网络与等级
    kind: network
    status: current
    members: partial
    source: text
    at: 第二章
    quote_zh: 略
    elements:
      n1: {role: radial, name_zh: "", count: 4, place_id: rays}
      n2: {role: node, name_zh: "", count: 3, place_id: ring-of-points}
      c1: {role: centre, name_zh: 大, rank: 1, place_id: a}
      c2: {role: centre, name_zh: 中, rank: 2, place_id: b}
      c3: {role: centre, name_zh: 中二, rank: 2, place_id: b, note_zh: 又一}
      r1: {role: railway, name_zh: 铁路, place_id: line}
  s3:
    refs: [Z3, Z4]
    phrase_zh: 一核两翼
    kind: layout
    status: target
    members: named
    source: text
    at: 第三章
    quote_zh: 一核两翼
    undrawn_zh: 原文没有说位置
    elements:
      k1: {role: core, name_zh: 某核}
"""
PLACES = """
  rays:
    {name_zh: 射, operator: radials, centre: a, count: 4, inner_m: 100, outer_m: 900,
     precision_m: 50, note_zh: 无}
  ring-of-points:
    {name_zh: 点, operator: satellites, centre: a, count: 3, radius_m: 500, precision_m: 50,
     note_zh: 无}
"""


@pytest.fixture
def city(tmp_path):
    folder = tmp_path / "city"
    folder.mkdir()
    write_plan(folder)
    return folder


@pytest.fixture
def plan(city):
    text = PLAN.replace("targets:", MORE.lstrip("\n") + "targets:", 1)
    (city / "plan.yaml").write_text(text, encoding="utf-8")
    with (city / "places.yaml").open("a", encoding="utf-8") as places:
        places.write(PLACES.lstrip("\n"))
    return read_plan(city / "plan.yaml")


# Two words of one role, areas of several parts, and a number that the text leaves open.
WORDS = """
  s4:
    refs: [Z5]
    phrase_zh: 一江一河三区多点
    kind: layout
    status: target
    members: partial
    source: text
    at: 第四章
    quote_zh: 略
    undrawn_zh: 略
    elements:
      w1: {role: river, name_zh: 大运河, place_id: line}
      w2: {role: river, name_zh: 长江, place_id: next}
      w3: {role: zone, name_zh: 双区, count: 2, place_id: pair}
      w4: {role: zone, name_zh: 单区, place_id: disc}
      w5: {role: zone, name_zh: 某区}
      w6: {role: node, name_zh: "", count: null}
"""


@pytest.fixture
def worded(city):
    text = PLAN.replace("targets:", WORDS.lstrip("\n") + "targets:", 1)
    (city / "plan.yaml").write_text(text, encoding="utf-8")
    return read_plan(city / "plan.yaml")


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


def page_of(plans, **options):
    return draw_map(plan_content(plans, **options))


def content(page):
    text = re.search(
        r'<script type="application/json" id="content">(.*?)</script>', page, re.DOTALL
    )
    return json.loads(text[1])


def layer(layers, suffix):
    (found,) = [one for one in layers if one["id"].endswith(suffix)]
    return found


def table(page, key):
    (found,) = [one for one in content(page)["tables"] if one["id"] == key]
    heads = [column["label_en"] for column in found["columns"]]
    return [dict(zip(heads, row, strict=True)) for row in found["rows"]]


# --- styles


def test_every_role_has_a_word_a_colour_and_a_style_of_the_right_kind():
    style = read_style()
    assert set(style["roles"]) == {key for key, role in roles().items() if role.geometry}
    for key, role in roles().items():
        assert not role.word_zh.isascii(), key
        for kind in role.geometry:
            look = style["styles"][role_style(key, kind)["like"]]
            assert ("radius" in look) == (kind == "point"), key
            assert kind != "polygon" or "fill_opacity" in look, key


def test_tiers_differ_in_colour_and_size():
    first, second, last, beyond = (role_style("centre", "point", rank=n) for n in (1, 2, 4, 9))
    assert first["color"] != second["color"]
    assert first["radius"] > second["radius"] > last["radius"]
    assert beyond == last
    assert role_style("radial", "line", rank=2)["color"] == role_style("radial", "line")["color"]


def test_main_and_lesser_axes_differ_and_what_is_unnamed_is_dashed():
    styles = read_style()["styles"]
    main_axis, lesser = (styles[role_style("axis", "line", rank=n)["like"]] for n in (1, 2))
    assert main_axis["weight"] > lesser["weight"]
    assert "dash" not in main_axis
    assert lesser["dash"]
    assert "dash" not in role_style("radial", "line")
    assert role_style("radial", "line", named=False)["dash"]
    assert role_style("node", "point", named=False)["symbol"] == "open"


# --- layers and groups


def test_the_main_structure_is_the_first_drawn_layout_with_a_phrase(plan):
    assert main_structure(plan) == "s1"
    later = plan.structures.assign(kind=["list", "network", "layout"])
    changed = {**plan.__dict__, "structures": later}
    assert main_structure(type(plan)(**changed)) == "s1"  # s3 is no use: it has no place
    nothing = {**plan.__dict__, "elements": plan.elements.assign(geometry=None)}
    assert main_structure(type(plan)(**nothing)) == ""


def test_a_group_bears_the_phrase_and_its_counts(plan):
    groups = structure_groups(plan)
    assert list(groups) == ["testville-plan/s1", "testville-plan/s2"]  # s3 has no geometry
    first, second = groups.values()
    assert (first["name_zh"], first["detail_zh"]) == ("一主两轴多点", "1主 2轴 多点")
    assert first["detail_en"] == "1 main centre, 2 axes, several nodes"
    assert second["detail_zh"] == "4射 3点 3中心 1铁路"
    assert (first["open"], second["open"]) == (True, False)
    assert {group["section_zh"] for group in groups.values()} == {""}


def test_one_layer_for_each_role_with_its_count(plan):
    layers = structure_layers(plan, shown=["s1"])
    assert [(one["name_zh"], one["count"], one["not_drawn"], one["visible"]) for one in layers] == [
        ("主", 1, 0, True),
        ("轴", 2, 0, True),
        ("点", 0, 3, True),
        ("射（原文未列名）", 4, 0, False),
        ("点（原文未列名）", 3, 0, False),
        ("中心 1 级", 1, 0, False),
        ("中心 2 级（同一处绘出）", 2, 0, False),
        ("铁路", 1, 0, False),
    ]
    assert {one["drawn_from"] for one in layers if one["count"]} == {"text"}
    assert layers[2]["drawn_from"] == "nothing"
    assert layers[3]["name_en"] == "radials (not named in the text)"


def test_areas_may_be_outlines_over_other_content(plan):
    filled, outline = (layer(structure_layers(plan, filled=f), "True-polygon") for f in (1, 0))
    assert filled["style"]["fill_opacity"] > 3 * outline["style"]["fill_opacity"] > 0


def test_elements_on_one_place_are_drawn_once_with_both_names(plan):
    shared = layer(structure_layers(plan), "centre-2-True-point")
    assert shared["names"] == ["中、中二"]
    assert (shared["kinds"], shared["count"]) == ("p", 2)
    assert shared["rows"][0][1] == "又一"


def test_the_word_of_an_element_is_the_one_printed(worded):
    names = {one["names"][0]: one["name_zh"] for one in structure_layers(worded) if one["names"]}
    assert (names["长江"], names["大运河"]) == ("江", "河")
    (row,) = [row for row in table(page_of([worded]), "structures") if row["Row"] == "Z5"]
    assert row["Members"][0].startswith("河：大运河；江：长江；区：双区、单区、某区")
    assert printed_words(worded)[["w1", "w2", "w3", "w6"]].to_list() == ["河", "江", "区", "点"]


def test_words_of_what_has_no_name_go_by_their_count(worded):
    nameless = worded.elements.assign(name_zh="")
    words = printed_words(type(worded)(**{**worded.__dict__, "elements": nameless}))
    assert words[["w1", "w2"]].to_list() == ["江", "河"]


def test_areas_of_several_parts_are_told_apart(worded):
    layers = [one for one in structure_layers(worded) if "-zone-" in one["id"]]
    told = [(one["name_zh"], one["name_en"], one["count"], one["not_drawn"]) for one in layers]
    assert told == [("双区", "双区", 2, 0), ("单区", "单区", 1, 0), ("区", "zone", 0, 1)]
    first, second = (one["style"] for one in layers[:2])
    assert first["color"] == role_style("zone", "polygon")["color"] != second["color"]
    assert (first["hatch"], second["hatch"]) == (False, True)


def test_areas_of_one_part_each_have_the_colour_of_their_role(worded):
    alone = worded.elements.copy()
    alone.loc["w3", "geometry"] = alone.geometry.translate(9_000)["w4"]
    layers = structure_layers(type(worded)(**{**worded.__dict__, "elements": alone}))
    (zones,) = [one for one in layers if "-zone-" in one["id"]]
    assert (zones["name_zh"], zones["name_en"], zones["count"]) == ("区", "zones", 3)


def test_areas_that_share_much_ground_are_told_apart_and_neighbours_are_not(worded):
    west = shapely.box(0, 0, 10, 10)
    told = []
    for east in (shapely.box(6, 0, 20, 10), shapely.box(4, 0, 20, 10)):
        pair = worded.elements.copy()
        pair.loc[["w3", "w4"], "geometry"] = [west, east]
        layers = structure_layers(type(worded)(**{**worded.__dict__, "elements": pair}))
        told.append([one["name_zh"] for one in layers if "-zone-" in one["id"]])
    assert told == [["区"], ["双区", "单区", "区"]]


def test_lines_that_are_only_counted_say_whose_they_are(plan):
    rays = layer(structure_layers(plan), "radial-0-False-line")
    assert rays["names"] == ["网络与等级·4射"]
    roads = read_plan("changzhou-urbanisation")
    names = {name for one in structure_layers(roads) for name in one["names"]}
    assert {"高速公路网·3环", "快速路网·4环", "高速公路网·19射", "快速路网·21射"} <= names


def test_counted_lines_of_two_structures_share_no_colour():
    layers = structure_layers(read_plan("nantong-urbanisation"))
    waterways, rivers = (
        {one["style"]["color"] for one in layers
         if name in one["id"] and one["id"].endswith("False-line")}
        for name in ("a68-waterways", "a70-rivers")
    )  # fmt: skip
    assert (len(waterways), len(rivers)) == (2, 2)
    assert not waterways & rivers


def test_a_line_and_an_area_of_one_word_are_called_by_their_names():
    layers = structure_layers(read_plan("changzhou-urbanisation"))
    belts = [one["name_zh"] for one in layers if "a25-province-belts" in one["group"]]
    assert belts == ["带（沿江城市群）", "带（沿运河城镇轴）"]


def test_schematic_nets_of_shipped_plans_do_not_hide_each_other():
    for plan in map(read_plan, list_plans()):
        drawn = plan.elements[plan.elements["name_zh"].eq("") & plan.elements.geometry.notna()]
        assert drawn.geometry.to_wkb().is_unique, plan.plan_id


def test_kinds_of_circles_have_colours_of_their_own():
    kinds = ("agglomeration", "circle", "metro_circle", "town_circle", "service_area")
    colors = {role_style(kind, "polygon")["color"] for kind in kinds}
    assert len(colors) == len(kinds)


def test_a_number_that_the_text_leaves_open_stays_open(worded):
    points = layer(structure_layers(worded), "node-0-False-point")
    assert (points["count"], points["not_drawn"]) == (0, None)
    assert points["name_en"] == "nodes (not named in the text)"
    group = structure_groups(worded)["testville-plan/s4"]
    assert group["detail_zh"] == "1江 1河 3区 多点"
    listed = worded.structures.assign(parts=[[]] * len(worded.structures))
    group = structure_groups(type(worded)(**{**worded.__dict__, "structures": listed}))
    assert group["testville-plan/s4"]["detail_zh"] == "2江 4区 多点"


@pytest.mark.parametrize(
    ("role", "plural"),
    [
        ("axis", "axes"),
        ("city", "cities or new towns"),
        ("town_cluster", "clusters of small towns"),
        ("network_system", "networks as a whole"),
        ("body", "main bodies"),
        ("gateway", "gateways"),
        ("river", "rivers"),
    ],
)
def test_english_names_of_roles_have_plurals(role, plural):
    assert role_name(role, 8) == role_name(role, None) == plural
    assert role_name(role, 1) == roles()[role].name_en


def test_every_unnamed_point_is_drawn(plan):
    points = layer(structure_layers(plan), "node-0-False-point")
    assert (points["kinds"], points["count"]) == ("ppp", 3)


def test_the_plan_is_not_modified(plan):
    before = [table.copy() for table in (plan.structures, plan.elements, plan.places)]
    page_of([plan])
    for old, new in zip(before, (plan.structures, plan.elements, plan.places), strict=True):
        assert old.equals(new)


# --- the page


def test_tables_tell_every_statement(plan):
    page = page_of([plan])
    rows = table(page, "structures")
    assert [row["Row"] for row in rows] == ["Z1", "Z2", "Z3 Z4"]
    assert rows[0]["Members"][0] == "主：甲；轴：一轴、二轴；点：某点"
    assert rows[1]["Members"][0].startswith(
        "射 4（原文未列名）；点 3（原文未列名）；中心：大、中、中二"
    )
    assert rows[0]["Kind"] == ["布局", "layout"]
    assert rows[1]["Status"] == ["现状", "current"]
    assert rows[2]["Drawn from"] == "nothing 1"
    assert "……“一主”即甲" in rows[0]["Quote"]
    missing = table(page, "undrawn")
    assert [(row["Not drawn"], row["Why"]) for row in missing] == [
        ("点：某点", "某点未列位置"),
        ("核：某核", "原文没有说位置"),
    ]
    (circle,) = table(page, "targets")
    assert (circle["Limit"], circle["Measure"]) == ("半小时", ["时间圈", "time circle"])
    assert circle["Left open"] == "方式"
    assert "Year" not in circle  # no target has one
    rate, people = table(page, "indicators")
    assert (rate["Base"], rate["Target"]) == ("81.5（2020）", "90以上（2025）")
    assert (people["Base"], people["Target"], people["Table"]) == ("约3万", "", "第一章")
    (aside,) = table(page, "set_aside")
    assert aside["Phrase"] == "一带一路"
    assert aside["Why it is no structure"][1].startswith("the name of an initiative")


def test_a_row_knows_its_group_and_its_place(plan):
    (structures,) = [t for t in content(page_of([plan]))["tables"] if t["id"] == "structures"]
    assert structures["layers"][:2] == ["testville-plan/s1", "testville-plan/s2"]
    west, south, east, north = structures["bounds"][0]
    assert west < 120 < east
    assert south < 31 < north
    assert structures["bounds"][2] is None


def test_the_page_says_that_it_is_schematic_and_what_is_doubtful(plan):
    page = content(page_of([plan]))
    assert page["notes"][0][0].startswith("示意图")
    assert "Schematic" in page["notes"][0][1]
    assert ["N1：两处说法不同", ""] in page["notes"]
    assert page["headline_en"].startswith("3 structures, 2 of them drawn (schematic)")
    assert page["headline_en"].endswith("names as printed, in Chinese")
    assert "are as printed" in page["notes"][1][1]
    assert page["drawer"] is False
    assert page["fields"]["data_date"] == "2026"


def test_the_backdrop_is_quiet_and_does_not_decide_the_view(plan):
    layers = content(page_of([plan]))["layers"]
    backdrop = {one["id"]: one["names"] for one in layers if one["backdrop"]}
    assert backdrop == {"lakes": ["丙"], "seats": ["甲", "乙"]}


def test_divisions_from_boundaries_are_marked_as_administrative(plan):
    square = shapely.box(*plan.places.geometry["a"].buffer(900).bounds)
    known = {"operator": "district", "kind": "district", "drawn_from": "open_data"}
    real = plan.places.loc[["disc"]].assign(**known, geometry=[square])
    real = real.rename(index={"disc": "a-district"})
    places = pd.concat([plan.places, real])
    layers = content(page_of([type(plan)(**{**plan.__dict__, "places": places})]))["layers"]
    (found,) = [one for one in layers if one["id"] == "divisions"]
    assert found["administrative"]


def test_an_overview_puts_the_title_over_each_plan(plan):
    other = type(plan)(**{**plan.__dict__, "plan_id": "other", "title_zh": "别城规划"})
    page = page_of([plan, other])
    groups = content(page)["groups"]
    assert groups["other/s1"]["section_zh"] == "别城规划"
    assert not groups["other/s1"]["open"]
    assert {row["Plan"] for row in table(page, "structures")} == {"试城规划", "别城规划"}
    assert content(page)["title_zh"] == "规划空间结构总览"


def test_no_plan_and_the_same_plan_twice_are_refused(plan):
    with pytest.raises(InputError, match="map: no plan; give at least one plan"):
        page_of([])
    with pytest.raises(InputError, match="the plan 'testville-plan' twice; give each plan once"):
        page_of([plan, plan])


@pytest.mark.parametrize("plan_id", list_plans())
def test_every_shipped_plan_is_drawn_within_the_budget(plan_id):
    shipped = read_plan(plan_id)
    page = page_of([shipped])
    assert len(page.encode()) < 3e6
    assert main_structure(shipped)
    drawn = shipped.elements[shipped.elements.geometry.notna()]
    known = {one["id"] for one in content(page)["layers"]}
    for structure_id in drawn["structure_id"].unique():
        assert any(name.startswith(f"{plan_id}-{structure_id}-") for name in known)


# --- the command


@pytest.fixture
def here(city, monkeypatch):
    monkeypatch.chdir(city.parent)
    return city.parent


def test_map_draws_plans_by_folder_file_and_name(here, capsys):
    assert main(shlex.split("map city -o a.html --lang en --title 甲")) == 0
    assert "written: a.html" in capsys.readouterr().out
    page = (here / "a.html").read_text("utf-8")
    assert "<title>甲</title>" in page
    assert content(page)["lang"] == "en"
    assert main(shlex.split("map city/plan.yaml changzhou-urbanisation -o b.html --quiet")) == 0
    assert "常州市新型城镇化规划" in (here / "b.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("map changzhou -o a.html", "'changzhou' is neither a folder nor a plan; did you mean"),
        (
            "map city elsewhere/base -o a.html",
            "map: elsewhere/base is not a plan; give an area alone",
        ),
        ("map city -o a.html --standard gb50180-2018", "--standard: is for a prepared area"),
        (
            "map city -o a.html --rule straight",
            "--rule: is for a prepared area, and this",
        ),
        ("map city -o a.html --denominator communities", "--denominator: is for a prepared area"),
        ("map . -o a.html --boundaries b.geojson", "--boundaries: is for plans"),
        ("map city -o a.pdf", "is no map; allowed: .html, .qgz, .gpkg, .gdb"),
    ],
)
def test_map_refuses_what_does_not_fit_together(here, capsys, line, message):
    assert main(shlex.split(line)) == 2
    told = capsys.readouterr().err
    assert message in told
    assert len(told.strip().splitlines()) == 1
    assert not (here / "a.html").exists()


# --- in Chromium, with the network cut


@pytest.fixture
def path(plan, tmp_path):
    write_map(page_of([plan]), tmp_path / "规划 #1.html")
    return tmp_path / "规划 #1.html"


@pytest.mark.parametrize(("size", "name"), [(DESK, "desk"), (PHONE, "phone")])
def test_a_plan_opens_without_network_or_complaint(browser, path, size, name):
    with opened(browser, path, size) as seen:
        seen.page.wait_for_timeout(300)
        ARTIFACTS.mkdir(exist_ok=True)
        seen.page.screenshot(path=ARTIFACTS / f"plan-{name}.png")
        assert seen.requests == [path.as_uri()]
        assert seen.complaints == []
        labels = seen.page.locator("#labels").inner_text()
        assert {"一轴", "二轴"} <= set(labels.split())


def test_a_structure_is_shown_and_hidden_as_a_whole(browser, path):
    visible = "visibleLayers().filter((one) => !one.backdrop).map((one) => one.group)"
    with opened(browser, path) as seen:
        legend = seen.page.locator("#legend")
        assert "一主两轴多点" in legend.inner_text()
        assert "点（3 项未上图）" in legend.inner_text()
        boxes = seen.page.locator("#layers summary.headed input")
        boxes.nth(1).click()
        assert len(seen.page.evaluate(visible)) == 8
        assert "网络与等级" in legend.inner_text()
        boxes.nth(0).click()
        assert set(seen.page.evaluate(visible)) == {"testville-plan/s2"}
        row = seen.page.locator("#layers details:first-of-type li input")
        row.first.click()
        assert boxes.nth(0).evaluate("box => box.indeterminate")


def test_a_row_shows_its_structure_alone(browser, path):
    with opened(browser, path) as seen:
        seen.page.locator("#tabs button", has_text="空间结构").click()
        seen.page.locator("#sheet tbody tr", has_text="网络与等级").click()
        seen.page.wait_for_timeout(500)
        groups = seen.page.evaluate("visibleLayers().map((one) => one.group)")
        assert set(groups) == {"testville-plan/s2", "base"}


def test_a_structure_too_small_to_be_read_is_not_written_into(browser, path):
    centre = "CONTENT.layers.find((one) => one.id.includes('centre-1'))"
    size = f"factorsOf({centre}, stage.view().zoom).point"
    with opened(browser, path) as seen:
        seen.page.locator("#layers summary.headed input").nth(1).click()
        labels = seen.page.locator(".label:not(.quiet)")
        assert "大" in labels.all_inner_texts()
        near = seen.page.evaluate(size)
        seen.page.evaluate("stage.jump({ ...stage.view(), zoom: 7 })")
        assert labels.count() == 0
        assert seen.page.evaluate(size) < near / 2


def test_a_number_left_open_is_told_in_both_languages(browser, worded, tmp_path):
    write_map(page_of([worded]), tmp_path / "w.html")
    with opened(browser, tmp_path / "w.html") as seen:
        seen.page.locator("#layers summary.headed input").nth(1).click()
        assert "点（原文未列名）（不定数，未上图）" in seen.page.inner_text("#legend")
        seen.page.click("#language-button")
        assert "(number left open, without a place)" in seen.page.inner_text("#legend")


def test_a_name_too_long_for_its_area_is_written_beside_it(browser, path):
    with opened(browser, path) as seen:
        (disc,) = seen.page.evaluate("""() => CONTENT.layers.filter((one) =>
            one.visible && one.kinds === 'a').flatMap((one) => featuresOf(one).map((feature) => {
                const [west, south, east, north] = feature.box;
                const [a, b] = [[west, north], [east, south]].map((at) => stage.project(at));
                const frame = by("map").getBoundingClientRect();
                return [a.x + frame.x, a.y + frame.y, b.x + frame.x, b.y + frame.y];
            }))""")
        box = seen.page.locator(".label:not(.quiet)", has_text=re.compile("^甲$")).bounding_box()
        label = shapely.box(
            box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]
        )  # fmt: skip
        area = shapely.box(*disc)
        assert area.bounds[2] - area.bounds[0] < box["width"] / 1.4
        assert not label.intersects(area)
        assert label.distance(area) < 4


def test_a_structure_is_gone_to_if_a_part_of_it_is_out_of_view(browser, path):
    place = "[stage.view().centre, stage.view().zoom]"
    with opened(browser, path) as seen:
        box = seen.page.locator("#layers summary.headed input").nth(1)
        seen.page.evaluate("stage.jump({ centre: [120.01, 31], zoom: 11 })")
        here = seen.page.evaluate(place)
        box.click()
        seen.page.wait_for_timeout(200)
        assert seen.page.evaluate(place) == here  # it is in view
        box.click()
        seen.page.evaluate("stage.jump({ centre: [118, 35], zoom: 11 })")
        gone = seen.page.evaluate(place)
        seen.page.wait_for_timeout(200)
        assert seen.page.evaluate(place) == gone  # hiding goes nowhere
        for lng, lat, zoom in ((118, 35, 11), (119.9, 31, 11), (120.05, 31, 15)):  # off, part, in
            seen.page.evaluate(f"stage.jump({{ centre: [{lng}, {lat}], zoom: {zoom} }})")
            box.set_checked(checked=False)
            box.set_checked(checked=True)
            seen.page.wait_for_timeout(200)
            assert seen.page.evaluate("holds(stage.view().bounds, [120, 31])"), zoom
            assert seen.page.evaluate("holds(stage.view().bounds, [120.1, 31])"), zoom


def test_columns_of_a_table_are_as_wide_as_most_of_their_texts(browser, path):
    with opened(browser, path) as seen:
        widths = """([short, long, few]) => [[short], [long], [short, short, short, few]]
            .map((texts) => lettersOf({ rows: texts.map((one) => [one]) }, 0))"""
        assert seen.page.evaluate(widths, ["短", "长" * 90, "久" * 90]) == [5.5, 26, 90 / 8]


def test_the_legend_counts_structures_and_not_what_they_lie_on(browser, path):
    with opened(browser, path) as seen:
        lines = seen.page.inner_text("#legend").splitlines()
        assert lines[lines.index("轴") + 1] == "2"
        assert lines[lines.index("市县区") + 1] == "示意"
        assert lines[lines.index("点（3 项未上图）") + 1] != "0"


def test_dashes_grow_with_the_line_and_have_flat_ends(browser, path):
    with opened(browser, path) as seen:
        thin, wide = seen.page.evaluate("""() => [2, 16].map((weight) => {
            const style = { weight, dash: "9 5", fill_opacity: 0 };
            const layer = { style }, feature = { kind: "l" };
            return [pathOptions(layer, feature).dashArray, pathOptions(layer, feature).lineCap];
        })""")
        assert thin == [[9, 5], "butt"]
        assert wide == [[36, 20], "butt"]


def test_an_overview_folds_what_is_too_small_to_be_read(browser, plan, tmp_path):
    far = plan.elements.assign(geometry=plan.elements.geometry.translate(400_000, 0))
    other = type(plan)(**{**plan.__dict__, "plan_id": "far", "title_zh": "远", "elements": far})
    write_map(page_of([plan, other]), tmp_path / "o.html")
    unfolded = "[...document.querySelectorAll('#legend details')].map((one) => one.open)"
    with opened(browser, tmp_path / "o.html") as seen:
        assert seen.page.evaluate(unfolded) == [False, False]
        sections = seen.page.locator("#layers details.section")
        assert sections.evaluate_all("all => all.map((one) => one.open)") == [True, False]
        seen.page.evaluate("stage.jump({ centre: [120.05, 31.0], zoom: 12 })")
        assert seen.page.evaluate(unfolded) == [True, True]
        seen.page.locator("#legend details summary").first.click()
        seen.page.evaluate("stage.jump({ ...stage.view(), zoom: 13 })")
        assert seen.page.evaluate(unfolded) == [False, True]  # as the reader has set it


def test_what_lies_higher_is_drawn_over_what_lies_lower(browser, path):
    with opened(browser, path) as seen:
        heights = seen.page.evaluate("""() => visibleLayers().map((one) => [
            one.id.split('-').at(-1),
            Number(document.querySelector(`.leaflet-layer-${CONTENT.layers.indexOf(one)}-pane`).style.zIndex)])""")
        by_kind = {kind: height for kind, height in heights if kind in KINDS}
        assert by_kind["line"] < by_kind["polygon"]  # the core lies on the axes that cross it


@pytest.mark.parametrize("plan_ids", [*([one] for one in list_plans()), list_plans()], ids="+".join)
def test_names_on_shipped_plans_do_not_collide(browser, tmp_path, plan_ids):
    write_map(page_of([read_plan(one) for one in plan_ids]), tmp_path / "p.html")
    with opened(browser, tmp_path / "p.html") as seen:
        assert seen.page.evaluate("performance.now()") < 10_000
        seen.page.wait_for_timeout(300)
        labels = "[...document.querySelectorAll('.label')]"
        boxes = seen.page.evaluate(f"""() => {labels}.map((label) => {{
            const box = label.getBoundingClientRect();
            return [box.left, box.top, box.right, box.bottom];
        }})""")
        assert len(boxes) > 4
        shapes = [shapely.box(*box).buffer(-1) for box in boxes]
        tree = shapely.STRtree(shapes)
        assert len(tree.query(shapes, predicate="intersects")[0]) == len(shapes)
        legend = seen.page.locator("#legend").bounding_box()
        frame = shapely.box(legend["x"], legend["y"], legend["x"] + legend["width"],
                            legend["y"] + legend["height"])  # fmt: skip
        assert not any(shape.intersects(frame) for shape in shapes)


def test_hostile_names_are_shown_as_text(browser, plan, tmp_path):
    bad = plan.structures.assign(phrase_zh=HOSTILE, name_zh=HOSTILE, quote_zh=HOSTILE)
    elements = plan.elements.assign(name_zh=HOSTILE, note_zh=HOSTILE)
    hostile = type(plan)(**{**plan.__dict__, "structures": bad, "elements": elements,
                            "title_zh": HOSTILE, "notes": {HOSTILE: HOSTILE}})  # fmt: skip
    write_map(page_of([hostile, plan.__class__(**{**plan.__dict__, "plan_id": "p"})]),
              tmp_path / "h.html")  # fmt: skip
    with opened(browser, tmp_path / "h.html") as seen:
        seen.page.locator("#tabs button", has_text="空间结构").click()
        assert HOSTILE in seen.page.locator("#layers").inner_text()
        assert HOSTILE in seen.page.locator("#sheet").inner_text()
        assert HOSTILE in seen.page.locator("#legend").inner_text()
        assert seen.complaints == []
        assert len(seen.requests) == 1
        assert seen.page.locator("img").count() == 0
