"""Plans and gazetteers as data: a small invented city, and every fault it may have."""

from __future__ import annotations

import math
import re
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from invented_plan import PLAN
from invented_plan import TEXT
from invented_plan import write_plan

from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.plan import check_plan
from spatialplan.plan import gazetteer_faults
from spatialplan.plan import list_plans
from spatialplan.plan import read_gazetteer
from spatialplan.plan import read_plan


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return write_plan(tmp_path)


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

    assert check_plan(plan, text=TEXT) == []
    assert list(plan.elements["drawn_from"]) == ["text", "text", "text", "nothing"]
    assert plan.elements.geometry["e4"] is None
    assert [part.count for part in plan.structures.loc["s1", "parts"]] == [1, 2, None]
    assert plan.sources.loc["text", "title_zh"] == "文本"
    assert plan.notes == {"N1": "两处说法不同"}


def test_targets_and_indicators_stand_as_printed_and_as_numbers(city: Path) -> None:
    plan = read_plan(city / "plan.yaml")

    circle = plan.targets.loc["t1"]
    assert (circle["threshold_min"], circle["printed_zh"], circle["mode"]) == (30, "半小时", "")
    assert math.isnan(circle["threshold_m"])
    rate = plan.indicators.loc["i1"]
    assert (rate["target_printed"], rate["target_value"], rate["target_bound"]) == (
        "90以上",
        90,
        ">=",
    )
    assert (rate["base_value"], rate["base_year"]) == (81.5, 2020)
    assert plan.indicators.loc["i2", "target_printed"] == ""
    assert math.isnan(plan.indicators.loc["i2", "target_value"])


def test_a_plan_may_have_only_structures(city: Path) -> None:
    path = city / "plan.yaml"
    path.write_text(PLAN[: PLAN.index("targets:")], encoding="utf-8")

    plan = read_plan(path)

    assert [len(plan.targets), len(plan.indicators), len(plan.set_aside)] == [0, 0, 0]
    assert "threshold_min" in plan.targets
    assert check_plan(plan, text=TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("e3: {role: axis, name_zh: 二轴, place_id: next}", "", "2 axis, the elements make 1"),
        ("e1: {role: main, name_zh: 甲", "e1: {role: main, count: 2, name_zh: 甲", "counts 1 main"),
        ("role: node", "role: lake", "the phrase names no lake"),
        ("place_id: disc", "place_id: line", "s1: e1 is a line; a main is a polygon or point"),
        (
            "构建“一主两轴多点”",
            "构建“一主”",
            "structures.s1: its quote does not hold '一主两轴多点'",
        ),
        ("members: named", "members: unnamed", "members are unnamed, but e1 has a name"),
        ("name_zh: 某点", 'name_zh: ""', "members are named, but e4 has no name"),
        (
            "name_zh: 一轴, place_id: line",
            'name_zh: "", place_id: a',
            "e2 is unnamed, but stands on the place a",
        ),
        (
            "name_zh: 一轴, place_id",
            'name_zh: "", count: 2, place_id',
            "e2 stands for 2, but its drawing has 1 parts",
        ),
        ("undrawn_zh: 某点未列位置", "", "e4 has no geometry, and undrawn_zh does not say why"),
        ("rank: 2, parent: e1", "rank: 1, parent: e1", "e4 has the rank 1, its parent e1 1"),
        ("name_zh: 二轴, place_id", "name_zh: 一轴, place_id", "一轴 stands on line and on next"),
        (
            "quote_zh: 打造半小时",
            "quote_zh: 打造",
            "targets.t1: its quote does not hold '半小时'",
        ),
        ("parent: e1}", "parent: e2}", "e4 has the rank 2, its parent e2 0"),
        (
            "name_zh: 二轴",
            "name_zh: 三轴",
            "s1.elements.e3: no quote holds '三轴'; a composed name",
        ),
        ("name_zh: 甲", "name_zh: 丁（甲）", "s1.elements.e1: no quote holds '丁（甲）'"),
        (
            "phrase_zh: 半小时",
            "phrase_zh: 半日",
            "targets.t1: its quote does not hold '半日生活圈'",
        ),
        ("printed: 约3万", "printed: 约4万", "indicators.i2: its quote does not hold '约4万'"),
        (
            "name_zh: 一轴, place_id",
            "name_zh: 一轴, count: 2, place_id",
            "its drawing has 1 parts",
        ),
        (
            "phrase_zh: 一带一路",
            "phrase_zh: 一环两带",
            "x1: 一环两带 is set aside, but reads as a structure",
        ),
    ],
)
def test_check_names_what_is_untrue(city: Path, old: str, new: str, fault: str) -> None:
    plan = read_plan(edit(city, "plan.yaml", old, new))

    assert any(fault in line for line in check_plan(plan)), check_plan(plan)


def test_partial_members_may_be_fewer_but_not_more(city: Path) -> None:
    path = edit(city, "plan.yaml", "members: named", "members: partial")
    assert check_plan(read_plan(edit(city, "plan.yaml", "e3: {role: axis", "e3: {role: node"))) == [
        "structures.s1: e3 is a line; a node is a point or polygon"
    ]
    edit(city, "plan.yaml", "e2: {role: axis", "e2: {role: axis, count: 3")
    assert "the phrase counts 2 axis, the elements make 3" in " ".join(check_plan(read_plan(path)))


def test_check_finds_words_that_the_text_does_not_hold(city: Path) -> None:
    text = TEXT.replace("即甲", "指甲").replace("90 以上", "90").replace("一带一路", "")
    text = text.replace("时生活圈", "时圈").replace("二轴", "三轴")

    faults = check_plan(read_plan(city / "plan.yaml"), text=text)

    assert faults == [
        "structures.s1: the text does not hold '“一主”即甲'",
        "structures.s1: the text does not hold '一轴和二轴之间有某点'",
        "targets.t1: the text does not hold '打造半小时生活圈'",
        "set_aside.x1: the text holds 一带一路 0 times, not 1",
        "indicators.i1: no row of 覆盖率 holds '90以上'",
    ]


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
        ("at: 第一章", "att: 第一章", "structures.s1.att: unknown field (did you mean at?)"),
        ("kind: layout", "kind: map", "structures.s1.kind: Input should be 'layout'"),
        ("count: 3", "count: 0", "structures.s1.elements.e4.count: Input should be greater"),
        ("e2:", "e1:", "line 19: the key 'e1' twice"),
        ("parent: e1", "parent: e9", "structures.s1.elements.e4: unknown parent 'e9'"),
        (
            "    phrase_zh: 一主两轴多点\n",
            "",
            "structures.s1: a structure without phrase",
        ),
        (
            "threshold_min: 30",
            "threshold_min: 3",
            "targets.t1: the limit 3 min is not in '半小时'; allowed: 30 min",
        ),
        ("threshold_min: 30", "threshold_m: 30", "the limit 30 m is not in '半小时'"),
        ("printed_zh: 半小时", "printed_zh: 片刻", "targets.t1.printed_zh: phrase '片刻'"),
        ("    printed_zh: 半小时\n", "", "a limit needs printed_zh"),
        (
            "primary_school",
            "primary_skool",
            "unknown category 'primary_skool'; did you mean primary_school",
        ),
        ("reason: proper_noun", "reason: noun", "set_aside.x1.reason: unknown reason 'noun'"),
        ("base: {printed: 约3万}, ", "", "indicators.i2: an indicator has a base"),
        (
            "quote_zh: 人口约3万, ",
            "",
            "indicators.i2: an indicator outside a table needs its",
        ),
        ("  s1:", "  S 1:", "structures.S 1: 'S 1' is no identifier; allowed: small"),
        ("area_id: testville", "area_id: ../etc", "area_id: '../etc' is no identifier"),
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


def test_a_plan_and_the_places_beside_it_are_of_one_area(city: Path) -> None:
    path = edit(city, "plan.yaml", "area_id: testville", "area_id: changzhou")

    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert str(caught.value) == (
        f"{path}: area_id: 'changzhou', but {city / 'places.yaml'} is of 'testville'; "
        "name the same area in both"
    )


def test_an_area_does_not_lie_within_its_namesake(city: Path) -> None:
    edit(city, "plan.yaml", "area_id: testville", "area_id: jiangsu")
    path = edit(city, "places.yaml", "area_id: testville", "area_id: jiangsu\nwithin: jiangsu")

    with pytest.raises(InputError) as caught:
        read_plan(city / "plan.yaml")
    assert str(caught.value) == f"{path}: within: 'jiangsu' would lie within itself"


def test_a_plan_knows_the_files_of_its_places(city: Path) -> None:
    assert read_plan(city / "plan.yaml").place_files == {"testville": city / "places.yaml"}
    files = read_plan("tianning-outline").place_files
    assert list(files) == ["tianning", "changzhou", "jiangsu"]
    assert {path.name for path in files.values()} == {"places.yaml"}


def test_boundaries_that_are_none_are_refused(city: Path) -> None:
    shapes = [shapely.box(0, 0, 1, 1)]
    nowhere = gpd.GeoDataFrame({"name_zh": ["甲区"]}, geometry=shapes, index=["1"])

    with pytest.raises(InputError, match=r"^boundaries: no coordinate system; declare the datum"):
        read_plan(city / "plan.yaml", boundaries=nowhere)


def test_a_composed_name_says_so_and_a_label_is_no_part_of_it(city: Path) -> None:
    edit(city, "plan.yaml", "name_zh: 二轴", "name_zh: 三轴, note_zh: 由上下文合成")
    path = edit(city, "plan.yaml", "name_zh: 甲,", "name_zh: 甲（主城）,")

    assert check_plan(read_plan(path), text=TEXT) == []


def test_an_element_stands_in_one_structure_only(city: Path) -> None:
    structure = PLAN[PLAN.index("  s1:") : PLAN.index("targets:")]
    text = PLAN.replace("targets:", structure.replace("s1", "s2") + "targets:")
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
        InputError, match=r"structures.s1.phrase_zh: phrase '23': its gloss spells '24'"
    ):
        read_plan(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("places: [a], radius", "places: [x], radius", "drawn.disc.places: unknown place 'x'"),
        (
            "places: [a, b], precision_m: 50",
            "places: [a], precision_m: 50",
            "drawn.line.places: List should have at least 2 items",
        ),
        ("places: [a], radius_m: 100", "places: [a]", "drawn.disc.radius_m: Field required"),
        ("total: 300", "total: 301", "have 300 people together, the total says 301"),
        ("lon: 120.1", "lon: 31.0, lat: 120.1, x: 1", "line 17: the key 'lat' twice"),
        ("lat: 31.1", "lat: 120.1", "points.c.lat: Input should be less than or equal to 85"),
        ("datum: wgs84", "datum: mars", "datum: Input should be 'wgs84', 'cgcs2000'"),
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


def test_the_plan_of_the_contributors_guide_is_true(tmp_path: Path) -> None:
    guide = (Path(__file__).resolve().parent.parent / "CONTRIBUTING.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    for name, key in (("plan", "plan_id:"), ("places", "points:")):
        text = next(block for block in blocks if key in block)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    plan = read_plan(tmp_path / "plan.yaml")

    assert check_plan(plan) == []
    assert gazetteer_faults(plan.places) == []
    assert list(plan.elements["drawn_from"]) == ["text", "text"]
