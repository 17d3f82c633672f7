"""`plans`, `show` and `check`, from their words to what they say and write."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from invented_plan import PLACES
from invented_plan import PLAN
from invented_plan import TEXT
from invented_plan import write_plan

from spatialplan.cli import main
from spatialplan.plan import list_plans

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
    (here / "city" / "plan.yaml").write_text(PLAN.replace("即甲", "即乙"), encoding="utf-8")

    assert run("check city/plan.yaml --text city.txt") == 1
    told = capsys.readouterr().out
    assert "city/plan.yaml: structures.s1: the text does not hold '“一主”即乙'" in told
    assert run("check city") == 0  # without the text nobody can know
    assert "quotes not checked, no text given" in capsys.readouterr().out


def test_check_finds_the_text_among_several(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "another.txt").write_text("别的规划", encoding="utf-8")

    assert run("check city --text .") == 0
    assert "quotes held" in capsys.readouterr().out


def test_check_looks_at_places_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    turned = PLACES.replace("name_zh: 轴,", "name_zh: 南北向轴,")
    (here / "city" / "places.yaml").write_text(turned, encoding="utf-8")

    assert run("check city") == 1
    assert "line" in capsys.readouterr().out


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

    assert run("show city -o out.gpkg") == 0
    layer = gpd.read_file(here / "out.gpkg")
    assert list(layer["drawn_from"]) == ["text", "text", "text", "nothing"]
    assert set(layer["phrase_zh"]) == {"一主两轴多点"}
    assert "written: out.gpkg" in capsys.readouterr().out


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
    main_city = gpd.read_file(here / "out.gpkg").set_index("element_id").loc["e1"]
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
        ("show city -o out.shp", "out.shp: cannot write .shp here"),
        ("show city --boundaries city.txt@mars", "--boundaries: city.txt@mars: datum 'mars'"),
    ],
)
def test_bad_words_get_one_line(
    here: Path, line: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "other.txt").write_text("别的城市", encoding="utf-8")
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


def test_a_huge_file_is_refused_before_it_is_read(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (here / "city" / "plan.yaml").open("ab") as stream:
        stream.truncate(100_000_000)

    assert run("check city") == 3
    assert "100,000,000 bytes; a YAML file may have 1,000,000" in capsys.readouterr().err
