"""Every command from its words to its files; its numbers are those of the functions."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
import town

import spatialplan as sp
from spatialplan import _commands
from spatialplan._commands.base import describe
from spatialplan.cli import main
from spatialplan.crs import from_wgs84

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = sorted(_commands.COMMANDS)
PLACE = "7.4200,43.7350"


def run(line):
    """Run a command in this process."""
    return main(shlex.split(line))


def start(line, *, cwd, **options):
    """Run a command in a process of its own, as a user does."""
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    env = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    words = [sys.executable, "-m", "spatialplan", *shlex.split(line)]
    return subprocess.run(words, cwd=cwd, env=env, check=False, timeout=120, **options)


@pytest.fixture(scope="session")
def monaco(shared, tmp_path_factory):
    """A folder with the base of a real place in it."""
    root = tmp_path_factory.mktemp("monaco")
    osm = shared / "data" / "streets" / "monaco.osm.gz"
    assert run(f"base monaco --osm '{osm}' --population 38,000 --quiet -o {root}/base") == 0
    return root


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A folder with the files of a small town, and its base."""
    root = town.write_town(tmp_path_factory.mktemp("small"))
    words = f"--population 3600 --facilities {root}/shops.csv@wgs84 --title 小镇 --quiet"
    assert run(f"base town --osm {root}/town.osm {words} -o {root}/base") == 0
    return root


@pytest.fixture
def here(small, tmp_path, monkeypatch):
    """Stand in a copy of the small town."""
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- base


def test_base_holds_what_it_says(monaco, capsys, shared):
    osm = shared / "data" / "streets" / "monaco.osm.gz"
    assert run(f"base monaco --osm '{osm}' --population 38000 -o {monaco}/again") == 0
    told = capsys.readouterr()
    made = sp.read_base(monaco / "again")
    walk = made.networks["walk"]
    nodes, edges = len(walk.nodes), len(walk.edges)
    kilometres = walk.edges["length_m"].sum() / 1000
    assert f"streets 道路, walk: {nodes:,} nodes, {edges:,} edges, {kilometres:.0f} km" in told.out
    inside, outside = made.demand["population"].sum(), made.facts["people_outside"]
    assert inside + outside == pytest.approx(38_000, abs=1e-6)
    assert f"people 人口: 38,000.0 given = {inside:,.1f} in {len(made.demand)} places" in told.out
    assert f"facilities 设施: {len(made.facilities)} in " in told.out
    assert told.out.endswith(f"written: {monaco}/again\n")
    assert told.err == ""
    assert made.sources[0]["title"] == "monaco.osm.gz"
    table = sp.prepare_base("monaco", street_file=osm, people=38_000.0).facilities
    assert table.index.equals(made.facilities.index)


def test_base_of_files_other_than_osm(here, capsys):
    shops = gpd.GeoDataFrame({"名称": ["二小"]}, geometry=[shapely.Point(119.973, 31.813)])
    shops.set_crs(4326).to_file("a@b=c.shp", encoding="gbk")
    Path("a@b=c.cpg").unlink()
    assert run("base town --streets streets.geojson --population people.csv --datum wgs84 "
               "--facilities shops.csv --facilities a@b=c.shp=小学 --boundaries areas.geojson "
               "--land areas.geojson --title 常州 -o new") == 0  # fmt: skip
    made = sp.read_base("new")
    schools = made.facilities[made.facilities["category"] == "primary_school"]
    assert schools["name_zh"].tolist() == ["实验小学", "二小"]
    assert made.demand["area_id"].unique().tolist() == ["areas"]
    assert made.facts["title_zh"] == "常州"
    assert made.land["area_m2"].sum() > 200_000
    assert "people 人口: 400.0 given = 400.0 in 2 places + 0.0 outside" in capsys.readouterr().out


def test_a_datum_after_the_name_of_a_file_is_that_of_this_file(here):
    lon, lat = from_wgs84([119.9725], [31.8125], datum="gcj02")
    Path("g.csv").write_text(f"lon,lat\n{lon[0]},{lat[0]}\n", "utf-8")
    line = "base town --osm town.osm --population 3600 --no-osm-facilities -o new"
    assert run(f"{line} --facilities g.csv@gcj02=primary_school --quiet") == 0
    (place,) = sp.read_base("new").facilities.to_crs(4326).geometry
    assert (place.x, place.y) == pytest.approx((119.9725, 31.8125), abs=1e-6)


def test_every_file_may_have_its_own_datum(here, capsys):
    parts = ["streets.geojson", "people.csv", "areas.geojson", "areas.geojson"]
    said = ["wgs84", "cgcs2000", "wgs84", "gcj02"]
    files = [f"{part}@{datum}" for part, datum in zip(parts, said, strict=True)]
    options = ["--streets", "--population", "--boundaries", "--land"]
    line = " ".join(f"{option} {file}" for option, file in zip(options, files, strict=True))
    assert run(f"base town {line} --facilities shops.csv@wgs84 -o new") == 0
    datums = [source["datum"] for source in sp.read_base("new").sources]
    assert datums == ["wgs84", "cgcs2000", "wgs84", "wgs84", "gcj02"]
    for option, file in zip(options, files, strict=True):
        wrong = line.replace(f"{option} {file}", f"{option} {file}x")
        assert run(f"base town {wrong} --facilities shops.csv@wgs84 -o new") != 0
        assert f"{option}: {file}x: datum '" in capsys.readouterr().err


def test_people_in_no_area_are_told_where_there_are_some(town):
    some = describe(replace(town, facts={"people_in_no_area": 6.3}))
    assert "people in no area 片区之外人口: 6.3 (10.0%)" in some
    assert not any("in no area" in line for line in describe(town))


# --- assess


@pytest.fixture(scope="session")
def judged(monaco):
    """What the functions find of the real place: all findings, those measured, gaps."""
    made, standard = sp.read_base(monaco / "base"), sp.read_standard("gb50180-2018")
    findings = sp.assess(standard, made)
    holes = sp.gaps(standard, made, sp.service(standard, made))
    return findings, findings[findings["measured"].notna()], holes


@pytest.mark.parametrize(
    ("suffix", "lang"), [(".xlsx", "zh"), (".csv", "en"), (".md", "zh"), (".html", "en")]
)
def test_assess_in_every_format(monaco, judged, tmp_path, capsys, suffix, lang):
    out = tmp_path / f"t{suffix}"
    line = f"assess gb50180-2018 --base {monaco}/base -o {out} --lang {lang}"
    assert run(line) == 0
    told = capsys.readouterr().out
    findings, measured, expected = judged
    shares = re.findall(r"^ *(\d+\.\d)%  ", told, re.MULTILINE)
    assert shares == [f"{share * 100:.1f}" for share in measured["measured"]]
    assert measured[f"name_{lang}"].iloc[0] in told
    assert sp.report.headline(findings, lang=lang) in told
    assert told.endswith(f"written: {out}, {tmp_path}/t-gaps.geojson\n")
    if suffix == ".xlsx":
        rows = openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True)
        cells = {round(cell, 9) for row in rows for cell in row if isinstance(cell, float)}
        assert {round(share, 9) for share in measured["measured"]} <= cells
    elif suffix == ".csv":
        assert pd.read_csv(out)["Coverage"].dropna().tolist() == pytest.approx(
            measured["measured"].tolist()
        )
    holes = gpd.read_file(tmp_path / "t-gaps.geojson")
    assert holes["gap_id"].tolist() == expected.index.tolist()
    assert holes["people"].sum() == pytest.approx(expected["people"].sum())
    assert holes.to_crs(expected.crs).area.sum() == pytest.approx(expected.area.sum(), rel=1e-4)


def coverage(path):
    return pd.read_csv(path).set_index("条文编号")["覆盖率"].dropna()


def test_assess_can_be_switched(monaco, tmp_path):
    line = f"assess gb50180-2018 --base {monaco}/base -o {tmp_path}/"
    for name, options in {
        "plain": "", "straight": "--rule straight", "land": "--denominator residential_land",
        "few": "--denominator communities --community-share 0.05",
        "most": "--denominator communities --community-share 0.9",
    }.items():  # fmt: skip
        assert run(f"{line}{name}.csv --quiet {options}") == 0
    table = {path.stem: coverage(path) for path in tmp_path.glob("*.csv")}
    assert (table["straight"] >= table["plain"]).all()
    assert (table["land"] != table["plain"]).any()
    assert set(table["few"]) | set(table["most"]) <= {0.0, 1.0}
    assert table["few"].sum() > table["most"].sum()


def test_assess_by_area_and_its_command_repeats_it(here):
    line = "assess gb50180-2018 --base base --rule network --by area_id --community-share 0.7"
    assert run("base town --streets streets.geojson --population people.csv --datum wgs84 --quiet "
               "--facilities shops.csv --boundaries areas.geojson -o base") == 0  # fmt: skip
    assert run(f"{line} -o one.md --gaps one.gpkg --quiet") == 0
    text = Path("one.md").read_text("utf-8")
    assert "areas" in text
    assert gpd.read_file("one.gpkg").columns[0] == "gap_id"
    (command,) = re.findall(r"spatialplan assess [^|`\n]*", text)
    assert command.strip() == f"spatialplan {line} -o one.md"


def test_assess_tells_what_is_not_met(here, capsys):
    Path("own.yaml").write_text(
        "extends: gb50180-2018\nclauses:\n"
        "  primary_school: {required: 0.5}\n  junior_middle_school: {required: 0.99}\n", "utf-8"
    )  # fmt: skip
    assert run("assess own.yaml --base base -o t.csv") == 0
    assert re.search(r"小学 .*  达到\n", capsys.readouterr().out)
    Path("own.yaml").write_text(
        "extends: gb50180-2018\nclauses:\n"
        "  primary_school: {required: 0.5, distance_rule: network, threshold_m: 1}\n",
        "utf-8",
    )
    assert run("assess own.yaml --base base -o t.csv --lang en") == 1
    told = capsys.readouterr().out
    assert "   0.0%  Primary school (1 m, residents)  not met\n" in told
    assert "0 of 1 with a required share meet it" in told


# --- map, access, isochrone, matrix, standards


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("-o a.pdf", "a.pdf: is no map; allowed: .html, .qgz, .gpkg, .gdb; for .pdf and .png"),
        ("-o a.qgz --walk", "--walk: is for pages, and a.qgz is a project of a GIS"),
        ("-o a.html --walk --renderer folium", "--walk: --renderer folium cannot answer clicks"),
        ("-o a.html --move-to-tiles", "--move-to-tiles: without --tiles there is nothing"),
        ("-o a.html --tiles http://h/{x}/{y}/{z}@wgs84 --renderer folium", "--tiles: folium draws"),
        ("-o a.html --tiles http://h/{x}/{y}/{z}", "--tiles: http://h/{x}/{y}/{z} does not say"),
        (
            "-o a.html --tiles http://h/{x}/{y}/{z}@gcj02",
            "base map: tiles in gcj02 under a drawing",
        ),
    ],
)
def test_what_a_map_cannot_be_is_refused(here, capsys, words, message):
    assert run(f"map base {words}") == 2
    assert message in capsys.readouterr().err
    assert not list(Path.cwd().glob("a.*"))


def test_a_project_of_a_gis_can_be_written_again(here):
    for name in ("a.gdb", "a.qgz"):
        assert run(f"map base -o {name} --quiet") == 0
        assert run(f"map base -o {name} --quiet") == 0


def test_an_argument_that_is_no_text_is_refused(capsys):
    assert main(["map", "base", "--title", "\udcff", "-o", "a.html"]) == 2
    assert "argument: '\\udcff'; allowed: text in UTF-8" in capsys.readouterr().err


def test_map_is_one_page(here, capsys):
    assert run("map base -o a.html") == 0
    size = Path("a.html").stat().st_size / 1e6
    told = capsys.readouterr().out
    assert told.startswith("drawn by leaflet: ")
    assert told.endswith(f"written: a.html ({size:.2f} MB)\n")
    assert run("map base -o b.html --lang en --title 甲<b> --rule straight --quiet") == 0
    first, second = Path("a.html").read_text("utf-8"), Path("b.html").read_text("utf-8")
    assert "小镇" in first
    assert "<b>" not in second.replace("甲&lt;b&gt;", "")
    assert "src=" not in re.sub(r"<script[^>]*>.*?</script>", "", first, flags=re.DOTALL)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".geojson", ".gpkg"])
def test_access_equals_the_function(monaco, tmp_path, capsys, suffix):
    out = tmp_path / f"a{suffix}"
    line = f"access --base {monaco}/base --category 药店 --minutes 5 --speed 4.5 -o {out}"
    assert run(line) == 0
    made = sp.read_base(monaco / "base")
    network = made.networks["walk"].at_speed(4.5)
    pharmacies = made.facilities[made.facilities["category"] == "pharmacy"]
    expected = sp.time_to_nearest(made.demand, pharmacies, network=network)
    readers = {".csv": pd.read_csv, ".parquet": pd.read_parquet}
    table = readers.get(suffix, gpd.read_file)(out)
    if suffix in (".csv", ".geojson"):  # text gives minutes to two decimals
        expected = expected.round(2)
    assert table["time_min"].to_numpy() == pytest.approx(expected.to_numpy())
    people = made.demand["population"]
    within, total = people[expected <= 5].sum() / people.sum(), people.sum()
    told = capsys.readouterr().out
    assert told.startswith(
        f"{within:.1%} of {total:,.0f} people live within 5 min of the nearest of "
    )
    assert f"{len(pharmacies)} pharmacy (walk along the streets" in told


def test_access_by_car_and_metres(monaco, tmp_path, capsys):
    line = f"access --base {monaco}/base --category hospital -o {tmp_path}/a.csv"
    assert run(f"{line} --mode drive --metres 1500") == 0
    table = pd.read_csv(tmp_path / "a.csv")
    share = table["population"][table["distance_m"] <= 1500].sum() / table["population"].sum()
    assert f"{share:.1%} of " in capsys.readouterr().out
    assert (table["time_min"] < table["distance_m"] / 60).mean() > 0.5  # faster than on foot


def test_isochrone_equals_the_function(monaco, tmp_path, capsys):
    line = f"isochrone --base {monaco}/base --at {PLACE} --minutes 5 10 -o {tmp_path}/i.geojson"
    assert run(line) == 0
    made = sp.read_base(monaco / "base")
    point = gpd.GeoDataFrame(geometry=gpd.points_from_xy([7.42], [43.735]), index=[PLACE], crs=4326)
    expected = sp.isochrone(point.to_crs(made.crs), network=made.networks["walk"], minutes=[5, 10])
    table = gpd.read_file(tmp_path / "i.geojson")
    assert table["area_km2"].tolist() == expected["area_km2"].round(4).tolist()
    inside = made.demand.representative_point().within(expected.geometry.iloc[0])
    people = made.demand["population"][inside].sum()
    assert table["people"].iloc[0] == round(people, 4)
    assert f"{PLACE}  10 min: " in capsys.readouterr().out


def test_streets_that_the_base_lacks_are_refused(here, capsys):
    head = Path("base/base.yaml")
    head.write_text(head.read_text("utf-8").replace("- drive\n", ""), "utf-8")
    line = "isochrone --at 119.973,31.812 --minutes 5 --base base"
    assert run(f"{line} --mode drive -o t.gpkg") == 2
    assert "--mode: drive; allowed: walk, bike" in capsys.readouterr().err


def test_isochrones_of_several_places_in_metres_and_another_datum(here):
    lon, lat = from_wgs84([119.973], [31.812], datum="bd09")
    line = f"--datum bd09 --at {lon[0]:.8f},{lat[0]:.8f} --at {lon[0]:.8f}，{lat[0]:.8f}"
    assert run(f"isochrone --base base {line} --metres 300 --quiet -o i.gpkg") == 0
    assert run("isochrone --base base --at 119.973,31.812 --metres 300 --quiet -o w.gpkg") == 0
    there, plain = gpd.read_file("i.gpkg"), gpd.read_file("w.gpkg")
    assert len(there) == 2
    assert there["street_km"].tolist() == pytest.approx([plain["street_km"].iloc[0]] * 2, abs=1e-3)


def test_matrix_equals_the_function(monaco, tmp_path, capsys):
    line = f"matrix people category:学校 --base {monaco}/base"
    assert run(f"{line} -o {tmp_path}/m.csv") == 2
    assert "unknown category '学校'" in capsys.readouterr().err
    line = f"matrix people category:小学 --base {monaco}/base --limit 10"
    assert run(f"{line} -o {tmp_path}/m.parquet") == 0
    made = sp.read_base(monaco / "base")
    schools = made.facilities[made.facilities["category"] == "primary_school"]
    expected = sp.travel_matrix(made.demand, schools, network=made.networks["walk"], limit=10)
    assert pd.read_parquet(tmp_path / "m.parquet").equals(expected)
    every = len(made.demand) * len(schools)
    assert f"{len(expected)} of {every:,} pairs are within reach" in capsys.readouterr().out


def test_matrix_in_parts_goes_to_a_folder_and_is_taken_up_again(monaco, tmp_path, capsys):
    line = f"matrix category:小学 category:小学 --base {monaco}/base -o {tmp_path}/parts/"
    assert run(line) == 0
    told = capsys.readouterr().out
    assert f"written: {tmp_path}/parts/" in told
    parts = sorted((tmp_path / "parts").glob("*.parquet"))
    before = [part.stat().st_mtime_ns for part in parts]
    assert parts
    assert run(line) == 0
    assert capsys.readouterr().out == told
    assert [part.stat().st_mtime_ns for part in parts] == before
    assert run(f"{line} --limit 10") == 4
    assert "holds the parts of another matrix; name another folder" in capsys.readouterr().err


def test_matrix_of_files(here):
    line = "matrix people.csv shops.csv --datum wgs84 --base base --measure distance_m"
    assert run(f"{line} --mode bike -o m.csv --quiet") == 0
    table = pd.read_csv("m.csv")
    assert table[["origin_id", "destination_id"]].to_numpy().tolist() == [
        [2, 2],
        [2, 3],
        [3, 2],
        [3, 3],
    ]
    assert table["distance_m"].between(50, 600).all()


def test_standards_are_listed(capsys):
    assert run("standards") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == sp.list_standards()
    assert run("standards gb50180-2018") == 0
    lines = capsys.readouterr().out.splitlines()
    clauses = sp.read_standard("gb50180-2018").clauses
    assert [line.split()[0] for line in lines] == clauses.index.tolist()
    assert sum("not judged" in line for line in lines) == (~clauses["judged"]).sum()


# --- how it speaks


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_complete_and_in_both_languages(name, capsys):
    with pytest.raises(SystemExit) as stop:
        run(f"{name} --help")
    assert stop.value.code == 0
    told = capsys.readouterr().out
    parser = argparse.ArgumentParser()
    _commands.COMMANDS[name](parser)
    heading = _commands.COMMANDS[name].__doc__
    assert re.search(r"[a-z]\. [\u4e00-\u9fff].*。$", heading)
    assert heading in " ".join(told.split())
    assert all(action.help for action in parser._actions)
    assert "None" not in told


def test_help_and_refusals_load_no_library(tmp_path):
    heavy = "geopandas pandas numpy numba rasterio shapely pydantic osmium jinja2 pyarrow yaml"
    code = f"""
import contextlib, io, sys
from spatialplan.cli import main
for words in ("--help", "assess --help"):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main(words.split())
assert main(["access", "--mode", "fly"]) == 2
print(set({heavy.split()}) & set(sys.modules))
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, text=True,
                          capture_output=True, check=True)  # fmt: skip
    assert done.stdout == "set()\n"


def test_version(capsys):
    with pytest.raises(SystemExit):
        run("--version")
    assert capsys.readouterr().out == f"spatialplan {sp.__version__}\n"


def test_quiet_says_nothing_and_errors_still_speak(here, capfd):
    assert run("assess gb50180-2018 --base base -o t.csv --quiet") == 0
    assert capfd.readouterr() == ("", "")
    assert run("assess gb50180-2018 --base none -o t.csv --quiet") == 2
    assert capfd.readouterr().err.count("\n") == 1


def test_errors_as_json(here, capsys):
    Path("a.csv").write_text("lon,lat,category\n119.97,nord,小学\n", "utf-8")
    line = "base town --osm town.osm --population 3600 --datum wgs84 -o new --json-errors"
    assert run(f"{line} --facilities a.csv") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    fields = json.loads(told)
    assert fields["error"] == "InputError"
    assert fields["exit_code"] == 2
    assert fields["source"] == "a.csv"
    assert fields["where"] == "row 2, column 'lat'"
    assert fields["found"] == "'nord' is not a number"
    assert fields["message"].startswith("a.csv: row 2")
    assert run("ases --json-errors") == 2
    assert json.loads(capsys.readouterr().err)["source"] == "spatialplan"


def failing(error):
    def run(*_):
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "spatialplan: stopped; nothing was half-written\n"),
        (MemoryError(), 3, "spatialplan: not enough memory\n"),
        (sp.errors.LimitError("a: too\n many"), 3, "spatialplan: a: too many\n"),
        (sp.errors.NotFoundError("no such plan"), 2, "spatialplan: no such plan\n"),
        (sp.errors.OutputError("a: is a folder"), 4, "spatialplan: a: is a folder\n"),
        (OSError(28, "No space left on device"), 4,
         "spatialplan: [Errno 28] No space left on device\n"),
        (sp.errors.BusyError("a: another run"), 5, "spatialplan: a: another run\n"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_ends_a_run_has_its_exit_code(monkeypatch, capsys, error, code, line):
    monkeypatch.setattr(_commands, "run", failing(error))
    assert run("standards") == code
    assert capsys.readouterr() == ("", line)


def test_a_bug_of_ours_is_told_as_such(monkeypatch, capsys):
    monkeypatch.setattr(_commands, "run", failing(ZeroDivisionError("x")))
    assert run("standards") == 70
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert told.endswith("spatialplan: a bug of ours (ZeroDivisionError); please report it\n")


def test_what_the_library_logs_becomes_a_note(here, capsys, monkeypatch):
    park = shapely.Polygon(
        [(119.971, 31.811), (119.973, 31.813), (119.973, 31.811), (119.971, 31.813)]
    )
    gpd.GeoDataFrame(geometry=[park], crs=4326).to_file("p.geojson")
    line = "base town --osm town.osm --population 3600 --datum wgs84 --facilities p.geojson=park"
    assert run(f"{line} -o new") == 0
    (note,) = capsys.readouterr().err.splitlines()
    assert re.match(
        r"spatialplan: note: p\.geojson: 1 invalid polygons repaired \(feature 1\)", note
    )
    assert run(f"{line} -o new --quiet") == 0
    assert capsys.readouterr() == ("", "")

    def speak(*_):
        for text in ("a\nb", "a\nb", "c"):
            logging.getLogger("spatialplan.tables").warning(text)
        logging.getLogger("spatialplan.tables").info("aside")
        logging.getLogger("rasterio").warning("CPLE")
        return 0

    monkeypatch.setattr(_commands, "run", speak)
    before = list(logging.getLogger().handlers)
    assert run("standards") == 0
    assert capsys.readouterr().err == "spatialplan: note: a b\nspatialplan: note: c\n"
    assert logging.getLogger().handlers == before
    assert not logging.getLogger("spatialplan").handlers


# --- on other machines


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_pipes_are_utf8_whatever_the_locale(tmp_path, encoding):
    env = {"LANG": "C", "PYTHONIOENCODING": encoding}
    if str(ROOT).isascii():  # else Python 3.11 cannot read the path of the checkout in this locale
        env["LC_ALL"] = "C"
    done = start("standards gb50180-2018", cwd=tmp_path, env=env)
    assert done.returncode == 0
    assert "幼儿园" in done.stdout.decode("utf-8")
    done = start("assess 没有 --base a -o t.csv", cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr.decode("utf-8")[:15]) == (2, "spatialplan: 没有")


def on_a_terminal(line, *, cwd, **env):
    """What a run shows on a terminal, stdout and stderr together, and its exit code."""
    ours, theirs = pty.openpty()
    done = start(line, cwd=cwd, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    return shown, done.returncode


def test_a_terminal_that_cannot_show_a_character_shows_another(tmp_path):
    shown, code = on_a_terminal("standards", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert code == 0
    assert b"gb50180-2018    ????" in shown
    shown, code = on_a_terminal("standards", cwd=tmp_path, PYTHONIOENCODING="gbk")
    assert "城市居住区规划设计标准" in shown.decode("gbk")


def test_progress_is_for_terminals(here):
    line = "assess gb50180-2018 --base base -o t.csv"
    shown, code = on_a_terminal(line, cwd=here)
    assert code == 0
    assert re.search(rb"\d\.\d s  service\r\n", shown)
    done = start(line, cwd=here, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "service" not in done.stdout


def test_a_reader_that_has_heard_enough_is_no_error(tmp_path):
    command = f"{shlex.quote(sys.executable)} -m spatialplan standards gb50180-2018 | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, check=False,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
                          text=True, encoding="utf-8")  # fmt: skip
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_other_libraries_keep_quiet(here):
    """What GDAL and pyogrio have to say of odd files goes nowhere, but for our own line."""
    layer = gpd.GeoDataFrame(geometry=[shapely.Point(119.973, 31.812)], crs=4326)
    layer.to_file("a.gpkg")
    whole = Path("a.gpkg").read_bytes()
    Path("a.gpkg").write_bytes(whole[: len(whole) // 2])
    line = "base town --osm town.osm --population 3600 --facilities a.gpkg=pharmacy -o new"
    done = start(line, cwd=here, text=True, encoding="utf-8")
    assert done.returncode == 2
    assert re.fullmatch(r"spatialplan: a\.gpkg: .*\n", done.stderr)


def test_workbooks_are_written_without_lxml():
    code = "from spatialplan.cli import main; main(['standards', '--quiet']); import openpyxl.xml; "
    code += "sys.exit(openpyxl.xml.LXML)"
    plain = {key: value for key, value in os.environ.items() if key != "OPENPYXL_LXML"}
    ran = subprocess.run([sys.executable, "-c", f"import sys; {code}"], env=plain, check=False,
                         capture_output=True)  # fmt: skip
    assert ran.returncode == 0
