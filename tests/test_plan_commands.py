"""`plans`, `show` and `check`, from their words to what they say and write."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from invented_plan import PLACES
from invented_plan import PLAN
from invented_plan import TEXT
from invented_plan import write_plan

from spatialplan.cli import main
from spatialplan.plan import list_plans
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "city").mkdir()
    write_plan(tmp_path / "city")
    (tmp_path / "city.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str) -> int:
    return main(shlex.split(line))


def test_plans_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plans") == 0
    lines = capsys.readouterr().out.splitlines()

    assert [line.split()[0] for line in lines] == list_plans()
    assert all("structures" in line and "indicators" in line for line in lines)


def test_check_is_silent_about_a_true_plan(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check city --text city.txt") == 0
    assert capsys.readouterr().out == (
        "testville-plan: no faults in 1 structures, 4 elements (3 drawn), 1 targets, "
        "2 indicators, 1 set aside; quotes held against the text\n"
    )


def test_check_names_faults_and_says_so_with_its_code(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "city" / "plan.yaml").write_text(PLAN.replace("构建“", "打造“"), encoding="utf-8")

    assert run("check city/plan.yaml --text city.txt") == 1
    told = capsys.readouterr().out
    assert (
        "city/plan.yaml: structures.s1: the text does not hold '打造“一主两轴多点”的格局'" in told
    )
    assert run("check city") == 0  # without the text nobody can know
    assert "; names held against quotes only: --text checks quotes" in capsys.readouterr().out


def test_check_finds_the_text_among_several(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "another.txt").write_text("别的规划", encoding="utf-8")

    assert run("check city --text .") == 0
    assert "quotes held" in capsys.readouterr().out


def test_check_looks_at_places_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    turned = PLACES.replace("name_zh: 轴,", "name_zh: 南北向轴,")
    (here / "city" / "places.yaml").write_text(turned, encoding="utf-8")

    assert run("check city") == 1
    told = capsys.readouterr().out
    assert told.startswith("city/places.yaml: line: is called 南北向, but its drawing does not run")


def test_a_fault_of_an_enclosing_area_names_its_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    around = here / "layers" / "base" / "land" / "places.yaml"
    around.parent.mkdir(parents=True)
    around.write_text(
        PLACES[: PLACES.index("drawn:")]
        .replace("testville", "land")
        .replace("lon: 120.1", "lon: 2")
    )
    monkeypatch.setattr("spatialplan.plan._gazetteer.data_folder", here.joinpath)
    inner = PLACES.replace("area_id: testville", "area_id: testville\nwithin: land")
    for name in "abc":
        inner = inner.replace(f"  {name}: {{", f"  in-{name}: {{").replace(
            f"[{name}", f"[in-{name}"
        )
    inner = inner.replace(", b]", ", in-b]").replace(", c]", ", in-c]")
    (here / "city" / "places.yaml").write_text(inner, encoding="utf-8")

    assert run("check city") == 1
    assert f"{around}: b: lies more than 1,000 km from" in capsys.readouterr().out


@pytest.mark.parametrize(("old", "new"), [("lon: 120.1", "lon: -120.1"), ("lat: 31.1", "lat: 3.1")])
def test_check_finds_points_that_lie_far_from_all_others(
    old: str, new: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "city" / "places.yaml").write_text(PLACES.replace(old, new), encoding="utf-8")

    assert run("check city") == 1
    assert "lies more than 1,000 km from its area's points" in capsys.readouterr().out


def test_names_cannot_steer_the_terminal(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = here / "city" / "plan.yaml"
    path.write_text(PLAN.replace("name_zh: 某点", 'name_zh: "\\e[31m某\\n点"'), encoding="utf-8")

    assert run("show city") == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert len(told.splitlines()) == 3


def test_show_tells_a_line_for_each_statement(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show city") == 0
    lines = capsys.readouterr().out.splitlines()

    assert len(lines) == 3
    assert "一主两轴多点" in "".join(lines)


def test_show_writes_a_register_and_layers(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show city -o out.md") == 0
    assert "一主两轴多点" in (here / "out.md").read_text(encoding="utf-8")

    assert run("show city -o out.geojson") == 0
    layer = gpd.read_file(here / "out.geojson")
    assert list(layer["drawn_from"]) == ["text", "text", "text", "nothing"]
    assert set(layer["phrase_zh"]) == {"一主两轴多点"}
    assert "written: out.geojson" in capsys.readouterr().out


def test_show_writes_a_layer_for_each_kind_of_shape(here: Path) -> None:
    assert run("show city -o out.gpkg") == 0

    assert pyogrio.list_layers(here / "out.gpkg").tolist() == [
        ["lines", "MultiLineString"],
        ["areas", "MultiPolygon"],
        ["undrawn", None],
        ["structures", None],
        ["targets", None],
        ["indicators", None],
        ["set_aside", None],
        ["sources", None],
        ["plans", None],
    ]
    lines = gpd.read_file(here / "out.gpkg", layer="lines")
    assert list(lines["element_id"]) == ["e2", "e3"]
    assert set(lines["undrawn_zh"]) == {""}
    undrawn = gpd.read_file(here / "out.gpkg", layer="undrawn")
    assert undrawn[["element_id", "undrawn_zh"]].to_numpy().tolist() == [["e4", "某点未列位置"]]


def test_show_writes_a_workbook_of_all_statements(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("show city -o out.xlsx") == 0
    sheets = pd.read_excel(here / "out.xlsx", sheet_name=None)
    assert list(sheets) == [
        "elements", "structures", "targets", "indicators", "set_aside", "sources", "plans"
    ]  # fmt: skip
    plan = read_plan(here / "city" / "plan.yaml")
    assert list(sheets["targets"]["target_id"]) == list(plan.targets.index)
    assert list(sheets["indicators"]["base_bound"]) == list(plan.indicators["base_bound"])
    assert set(sheets["set_aside"]["plan_id"]) == {plan.plan_id}
    assert sheets["plans"][["plan_id", "title_zh"]].to_numpy().tolist() == [
        [plan.plan_id, plan.title_zh]
    ]
    assert list(sheets["sources"]["title_zh"]) == list(plan.sources["title_zh"])

    assert run("show city -o out.csv") == 0
    told = capsys.readouterr().out
    assert "set_aside, sources, plans are written to .gpkg and .xlsx)" in told
    assert told.count("are written to") == 1


def test_show_of_shipped_plans_opens_in_gis(here: Path) -> None:
    assert run("show -o all.gpkg") == 0

    layers = dict(pyogrio.list_layers(here / "all.gpkg").tolist())
    tables = dict.fromkeys(("structures", "targets", "indicators", "set_aside", "sources"))
    assert layers == {"points": "MultiPoint", "lines": "MultiLineString",
                      "areas": "MultiPolygon", "undrawn": None,
                      **tables, "plans": None}  # fmt: skip
    rows = {name: pyogrio.read_dataframe(here / "all.gpkg", layer=name) for name in layers}
    assert (rows["undrawn"]["undrawn_zh"] != "").all()
    plans = [read_plan(name) for name in list_plans()]
    assert list(rows.pop("plans")["plan_id"]) == list_plans()
    for name in tables:
        assert len(rows.pop(name)) == sum(len(getattr(plan, name)) for plan in plans)
    assert sum(map(len, rows.values())) == sum(len(plan.elements) for plan in plans)
    assert set(rows["points"].geom_type) == {"MultiPoint"}


def test_boundaries_are_drawn_instead_of_discs(here: Path, shared: Path) -> None:
    gcj02 = shared / "data" / "boundaries" / "320404.geojson"
    districts = PLACES.replace(
        "operator: discs, places: [a], radius_m: 100, precision_m: 50",
        'operator: district, code: "320404", places: [a], radius_m: 100, precision_m: 50',
    ).replace("name_zh: 圆", "name_zh: 钟楼区")
    (here / "city" / "places.yaml").write_text(districts, encoding="utf-8")
    named = gpd.read_file(gcj02).assign(name="钟楼区", adcode="320404")
    named.to_file(here / "divisions.geojson")

    assert run("show city --boundaries divisions.geojson@gcj02 -o out.gpkg") == 0
    main_city = gpd.read_file(here / "out.gpkg", layer="areas").set_index("element_id").loc["e1"]
    assert main_city["drawn_from"] == "open_data"
    assert main_city.geometry.area == pytest.approx(132e6, rel=0.02)  # km2 of 钟楼区


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("check nowhere", "plan 'nowhere' is not known"),
        ("check city city", "PLAN: city/plan.yaml is given twice"),
        ("check city --text other.txt", "--text: no phrase of testville-plan stands in it"),
        ("show tianning-outline --boundaries far.geojson", "far.geojson holds no district of"),
        ("check city --text missing.txt", "missing.txt: "),
        ("check city --text city", "city: no .txt file in this folder; name the text of the plan"),
        ("show city --boundaries cnmaps", "install spatialplan[boundaries], or give a file"),
        (
            "show city -o out.shp",
            "out.shp: cannot write .shp here; allowed: .geojson, .gpkg, .parquet,",
        ),
        ("show city -o out.shp", "a Shapefile holds one kind of shape; take .gpkg"),
        ("check empty", "empty: no plan.yaml in this folder; name a plan, or its folder"),
        ("show tianning-outlin", "'tianning-outlin' is not known; did you mean tianning-outline"),
        ("map tianning-outlin -o a.html", "did you mean tianning-outline"),
        ("show city --boundaries city.txt@mars", "--boundaries: city.txt@mars: datum 'mars'"),
    ],
)
def test_bad_words_get_one_line(
    here: Path, line: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "other.txt").write_text("别的城市", encoding="utf-8")
    (here / "empty").mkdir()
    far = gpd.GeoDataFrame({"name": ["远区"]}, geometry=[shapely.box(5, 50, 6, 51)], crs=4326)
    far.to_crs(32631).to_file(here / "far.geojson")
    before = sorted(path.name for path in here.iterdir())

    assert run(line) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert message in told
    assert sorted(path.name for path in here.iterdir()) == before


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("role: node", "role: nod", "structures.s1.elements.e4.role"),
        ("e2: {role", "e1: {role", "line 19"),
        ("quote_zh: 构建", "quote: 构建", "structures.s1.quote_zh: Field required"),
        ("  s1:\n", "  s1: &a\n", ""),
        ("undrawn_zh: 某点", "undrawn_zh: *a 某点", "line"),
    ],
)
def test_a_faulty_file_is_named_with_the_place_inside(
    here: Path, old: str, new: str, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "city" / "plan.yaml").write_text(PLAN.replace(old, new, 1), encoding="utf-8")

    code = run("check city")

    told = capsys.readouterr().err
    assert code == (2 if where else 0)
    assert where in told
    assert told.startswith("spatialplan: city/plan.yaml: ") or not where


def in_plan(old: str, new: str) -> tuple[str, str]:
    assert old in PLAN
    return "plan.yaml", PLAN.replace(old, new, 1)


def in_places(old: str, new: str) -> tuple[str, str]:
    assert old in PLACES
    return "places.yaml", PLACES.replace(old, new, 1)


HOSTILE = {
    "empty": (("plan.yaml", ""), "the YAML file is empty (0 bytes)"),
    "comments": (("plan.yaml", "# nothing\n"), "holds nothing; allowed: a mapping (key: value)"),
    "a list": (("plan.yaml", "- s1\n"), "holds a list; allowed: a mapping (key: value)"),
    "gbk": (("plan.yaml", PLAN.encode("gbk")), "not UTF-8 at byte 35; save it as UTF-8"),
    "utf-16": (("places.yaml", PLACES.encode("utf-16")), "not UTF-8 at byte 0"),
    "binary": (("plan.yaml", bytes(range(256)) * 9), "not "),
    "nul": (in_plan("第一章", "第\0章"), "not valid YAML (unacceptable character #x0000"),
    "tab": (in_plan("    kind: layout", "\tkind: layout"), "line 10: "),
    "python": (in_plan("kind: layout", "kind: !!python/name:os.system"), "line 10: could not"),
    "deep": (("plan.yaml", "a: " + "[" * 9000), "line 1: nested deeper than 32"),
    "long": (in_plan("role: node", "role: " + "n" * 900_000), "e4.role: unknown role 'nnn"),
    "list of structures": (("plan.yaml", PLAN[: PLAN.index("  s1:")] + "  - a\n"),
                           "structures: Input should be a mapping (key: value), not ['a']"),
    "nothing": (in_plan("  s1:\n", "  s0:\n  s1:\n"),
                "structures.s0: Input should be a mapping (key: value), not nothing"),
    "text": (in_plan("e4: {role: node, name_zh: 某点, count: 3, rank: 2, parent: e1}", "e4: 某点"),
             "s1.elements.e4: Input should be a mapping (key: value), not '某点'"),
    "number": (in_plan("name_zh: 甲", "name_zh: 5"), "e1.name_zh: Input should be a valid string"),
    "truth": (in_plan("rank: 2", "rank: true"), "e4.rank: Input should be a valid integer, not T"),
    "count": (in_plan("count: 3", "count: 9e99"), "s1.elements.e4.count: Input should be"),
    "quote": (in_plan("    quote_zh: 打造半小时生活圈\n", ""), "t1.quote_zh: Field required"),
    "key": (in_plan("members: named", "member: named"), "s1.member: unknown field (did you mean m"),
    "number as key": (in_plan("  s1:", "  1:"), "structures.1: Input should be a valid string"),
    "infinite": (in_plan("threshold_min: 30", "threshold_min: .inf"),
                 "targets.t1.threshold_min: Input should be a finite number, not inf; write a"),
    "no sources": (in_plan("\nsources:", "\nsource:"), "source: unknown field (did you mean s"),
    "place": (in_plan("place_id: disc", "place_id: disk"), "e1: unknown place 'disk'; did you me"),
    "area": (in_plan("area_id: testville", "area_id: testvile"), "area_id: 'testvile', but city/"),
    "operator": (in_places("operator: hull", "operator: hul"), "drawn.hull.operator: unknown ope"),
    "no operator": (in_places("operator: hull, ", ""), "drawn.hull.operator: Field required"),
    "kind of place": (in_places("kind: lake", "kind: lak"), "not 'lak'; did you mean lake"),
    "field of an operator": (in_places("radius_m: 100", "radius: 100"),
                             "drawn.disc.radius: unknown field (did you mean radius_m?)"),
    "shape": (in_places("operator: hull, places: [a, b], radius_m: 100",
                        "operator: band, along: disc, width_m: 9"),
              "drawn.hull: a band runs along a line, not a Polygon"),
    "cycle of shapes": (in_places("places: [a, b], precision", "places: [a, next], precision"),
                        "drawn.line.places: unknown place 'next'; it must stand above"),
    "area around": (in_places("name_zh: 试城", "name_zh: 试城\nwithin: jiangsi"),
                    "within: unknown area 'jiangsi'; did you mean jiangsu?"),
    "twice in the chain": (
        ("places.yaml", PLACES.replace("  a: {", "  nanjing-city: {", 1).replace(
            "datum:", "within: jiangsu\ndatum:")),
        "points.nanjing-city: the area jiangsu has a place of this name",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gets_one_clear_line(
    here: Path, file: tuple[str, str | bytes], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content = file
    content = content if isinstance(content, bytes) else content.encode()
    (here / "city" / name).write_bytes(content)

    assert run("check city") == 2
    told = capsys.readouterr().err
    assert told.startswith(f"spatialplan: city/{name}: ")
    assert told.count("\n") == 1
    assert message in told
    assert len(told) < 2000


def test_a_byte_order_mark_is_no_fault(here: Path) -> None:
    (here / "city" / "plan.yaml").write_text(PLAN, encoding="utf-8-sig")

    assert run("check city") == 0


def test_a_huge_file_is_refused_before_it_is_read(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (here / "city" / "plan.yaml").open("ab") as stream:
        stream.truncate(100_000_000)

    assert run("check city") == 3
    assert "100,000,000 bytes; a YAML file may have 1,000,000" in capsys.readouterr().err
