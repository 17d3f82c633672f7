"""Plans and gazetteers as data: a small invented city, and every fault it may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.plan import check_plan
from spatialplan.plan import list_plans
from spatialplan.plan import read_gazetteer
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

# Three points in the zone of 120 E: at the meridian, and 0.1 degrees east and north of it.
PLACES = """
area_id: testville
name_zh: 试城
datum: wgs84
drawn_from: text
sources: {hand: {title_zh: 手工, publisher_zh: 测试, date: "2026"}}
census:
  date: "2020"
  total: 300
  total_confidence: V
  areas_confidence: H
  source: hand
  note_zh: 无
  areas: {"1": {name_zh: 甲区, population: 100}, "2": {name_zh: 乙区, population: 200}}
points:
  a: {name_zh: 甲, kind: seat, area_id: "1", lon: 120.0, lat: 31.0, precision_m: 10, source: hand}
  b: {name_zh: 乙, kind: seat, area_id: "2", lon: 120.1, lat: 31.0, precision_m: 10, source: hand}
  c: {name_zh: 丙, kind: lake, area_id: "", lon: 120.0, lat: 31.1, precision_m: 10, source: hand}
drawn:
  line: {name_zh: 轴, operator: axis, places: [a, b], precision_m: 50, note_zh: 无}
  disc: {name_zh: 圆, operator: discs, places: [a], radius_m: 100, precision_m: 50, note_zh: 无}
  pair: {name_zh: 双圆, operator: discs, places: [a, b], radius_m: 100, precision_m: 9, note_zh: 无}
  hull: {name_zh: 壳, operator: hull, places: [a, b], radius_m: 100, precision_m: 50, note_zh: 无}
  next: {name_zh: 续轴, operator: axis, places: [disc, c], precision_m: 50, note_zh: 无}
"""
PLAN = """
plan_id: testville-plan
title_zh: 试城规划
area_id: testville
sources: {text: {title_zh: 文本, publisher_zh: 测试, date: "2026"}}
structures:
  s1:
    phrase_zh: 一主两轴多点
    kind: layout
    status: target
    members: named
    source: text
    at: 第一章
    quote_zh: 构建“一主两轴多点”的格局……“一主”即甲
    elements:
      e1: {role: main, name_zh: 甲, place_id: disc}
      e2: {role: axis, name_zh: 一轴, place_id: line}
      e3: {role: axis, name_zh: 二轴, place_id: next}
      e4: {role: node, name_zh: 某点, count: 3}
"""


@pytest.fixture
def city(tmp_path: Path) -> Path:
    (tmp_path / "places.yaml").write_text(PLACES, encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def edit(city: Path, file: str, old: str, new: str) -> Path:
    path = city / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_operators_draw_from_points(city: Path) -> None:
    places = read_gazetteer(city / "places.yaml")
    shapes = places.geometry

    assert places.crs.to_epsg() == 4549
    assert shapes["a"].x == pytest.approx(500_000)  # on the central meridian
    assert shapes["line"].length == pytest.approx(shapes["a"].distance(shapes["b"]))
    assert shapes["disc"].area == pytest.approx(31_400, rel=0.01)
    assert shapes["pair"].area == pytest.approx(2 * shapes["disc"].area)
    expected = shapes["disc"].area + 200 * shapes["line"].length
    assert shapes["hull"].area == pytest.approx(expected, rel=1e-3)
    assert shapes["next"].coords[0] == pytest.approx(shapes["a"].coords[0])


def test_seats_carry_the_people_of_their_division(city: Path) -> None:
    places = read_gazetteer(city / "places.yaml")

    assert places["population"].dropna().to_dict() == {"a": 100, "b": 200}
    assert places.loc["a", "population_basis_zh"] == "手工（2020），总数可信度 V，分项可信度 H"


def test_a_plan_beside_its_places_needs_no_python(city: Path) -> None:
    plan = read_plan(city / "plan.yaml")

    assert check_plan(plan, text="前文\n构建“一主两轴\n多点”的格局。“一主”即甲，后文") == []
    assert list(plan.elements["drawn_from"]) == ["text", "text", "text", "nothing"]
    assert plan.elements.geometry["e4"] is None
    assert [part.count for part in plan.structures.loc["s1", "parts"]] == [1, 2, None]
    assert plan.sources.loc["text", "title_zh"] == "文本"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("e3: {role: axis, name_zh: 二轴, place_id: next}", "", "2 axis, the elements make 1"),
        ("e1: {role: main, name_zh: 甲", "e1: {role: main, count: 2, name_zh: 甲", "counts 1 main"),
        ("role: node", "role: lake", "the phrase names no lake"),
        ("place_id: disc", "place_id: line", "s1: e1 is a line; a main is a polygon or point"),
        ("构建“一主两轴多点”", "构建“一主”", "the quote does not hold the phrase"),
        ("members: named", "members: unnamed", "members are unnamed, but e1 has a name or place"),
        ("name_zh: 某点", 'name_zh: ""', "members are named, but e4 has no name"),
    ],
)  # fmt: skip
def test_check_names_what_is_untrue(city: Path, old: str, new: str, fault: str) -> None:
    plan = read_plan(edit(city, "plan.yaml", old, new))

    assert any(fault in line for line in check_plan(plan)), check_plan(plan)


def test_partial_members_may_be_fewer_but_not_more(city: Path) -> None:
    path = edit(city, "plan.yaml", "members: named", "members: partial")
    assert check_plan(read_plan(edit(city, "plan.yaml", "e3: {role: axis", "e3: {role: node"))) == [
        "s1: e3 is a line; a node is a point or polygon"
    ]
    edit(city, "plan.yaml", "e2: {role: axis", "e2: {role: axis, count: 3")
    assert "the phrase counts 2 axis, the elements make 3" in " ".join(check_plan(read_plan(path)))


def test_check_finds_words_that_the_text_does_not_hold(city: Path) -> None:
    faults = check_plan(read_plan(city / "plan.yaml"), text="构建“一主两轴多点”的格局")

    assert faults == ["s1: the text does not hold '“一主”即甲'"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("role: node", "role: nod", "structures.s1.elements.e4.role: unknown role 'nod'"),
        ("place_id: disc", "place_id: disk", "unknown place 'disk'; did you mean disc"),
        ("source: text", "source: txt", "structures.s1.source: unknown source 'txt'"),
        (
            "一主两轴多点\n",
            "一主两牛\n",
            "structures.s1.phrase_zh: phrase '一主两牛': cannot be read",
        ),
        ("一主两轴多点\n", '"21"\n', "a digit code; its digits mean nothing"),
        ("at: 第一章", "att: 第一章", "structures.s1.att: Extra inputs are not permitted"),
        ("kind: layout", "kind: map", "structures.s1.kind: Input should be 'layout'"),
        ("count: 3", "count: 0", "structures.s1.elements.e4.count: Input should be greater"),
        ("e2:", "e1:", "line 17: the key 'e1' twice"),
        ("  s1:", "  S 1:", "structures.S 1.[key]: String should match pattern"),
        ("area_id: testville", "area_id: ../etc", "area_id: String should match pattern"),
    ],
)
def test_a_faulty_plan_is_refused_with_the_field(
    city: Path, old: str, new: str, message: str
) -> None:
    path = edit(city, "plan.yaml", old, new)

    with pytest.raises(InputError) as caught:
        read_plan(path)

    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))


def test_an_element_stands_in_one_structure_only(city: Path) -> None:
    text = PLAN + PLAN[PLAN.index("  s1:") :].replace("s1", "s2")
    (city / "plan.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(
        InputError, match=r"structures.s2.elements.e1: the identifier is used twice"
    ):
        read_plan(city / "plan.yaml")


def test_a_code_needs_a_gloss_that_spells_it(city: Path) -> None:
    gloss = (
        '"23"\n    gloss: [{code: "2", count: 1, role: main}, {code: "%s", count: 2, role: axis}]\n'
    )
    path = edit(city, "plan.yaml", "一主两轴多点\n", gloss % "3")
    assert [part.role for part in read_plan(path).structures.loc["s1", "parts"]] == ["main", "axis"]

    edit(city, "plan.yaml", 'code: "3"', 'code: "4"')
    with pytest.raises(
        InputError, match=r"structures.s1.gloss: the codes do not join to phrase_zh"
    ):
        read_plan(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("places: [a], radius", "places: [x], radius", "drawn.disc.places: unknown place 'x'"),
        ("places: [a, b], precision_m: 50", "places: [a], precision_m: 50", "an axis takes two"),
        ("places: [a], radius_m: 100", "places: [a]", "discs and hull a radius_m"),
        ("total: 300", "total: 301", "have 300 people together, the total says 301"),
        ("lon: 120.1", "lon: 31.0, lat: 120.1, x: 1", "line 17: the key 'lat' twice"),
        ("lat: 31.1", "lat: 120.1", "points.c.lat: Input should be less than or equal to 85"),
        ("datum: wgs84", "datum: mars", "datum: 'mars'; allowed: wgs84"),
        ("precision_m: 10, source: hand", "precision_m: 10, source: foot", "unknown source 'foot'"),
        ('area_id: "2"', 'area_id: "3"', "points.b.area_id: no census row for '3'"),
    ],
)
def test_a_faulty_gazetteer_is_refused_with_the_field(
    city: Path, old: str, new: str, message: str
) -> None:
    path = edit(city, "places.yaml", old, new)

    with pytest.raises(InputError) as caught:
        read_gazetteer(path)

    assert message in str(caught.value)


def test_unknown_names_are_told_apart_from_bad_files() -> None:
    with pytest.raises(NotFoundError, match=r"plan 'changzhou-urbanization' is not known; did you"):
        read_plan("changzhou-urbanization")
    with pytest.raises(NotFoundError, match=r"area '../base' is not known"):
        read_gazetteer("../base")
    assert list_plans() == sorted(list_plans())
