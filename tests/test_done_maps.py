"""
What maps promise, from the command that writes them to the reader: one town, every face.

All files are of the town of conftest, written by commands. Its school and its western area
have names that would do harm wherever they were taken for more than text.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from browser import DESK
from browser import PHONE
from browser import READY
from browser import chromium
from browser import opened
from browser import visited
from conftest import RULES
from conftest import in_town
from conftest import town_base
from conftest import write_rules
from page_graph_twin import measured
from PIL import Image

import spatialplan as sp
from spatialplan.base import write_base
from spatialplan.cli import main

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / ".artifacts"
PLACE = "<img src=x onerror=alert(1)>"
AREA = "</script><script>alert(1)</script>"
SCHOOL, WEST = (400, 0), (250, 700)  # where the one stands, and where nothing but the other is
NAMES = {"table": "小学", "straight": "小学直线", "minutes": "小学分钟", "parks": "公园",
         "pharmacy": "药店", "seats": "座位"}  # fmt: skip

WRITTEN = {
    "leaflet.html": "map TOWN --standard RULES --renderer leaflet",
    "walk.html": "map TOWN --standard RULES --walk",
    "folium.html": "map TOWN --standard RULES --renderer folium",
    "plan.html": "map tianning-outline",
    "compare.html": "compare TOWN --add ADDED --standard RULES",
    "compare.xlsx": "compare TOWN --add ADDED --standard RULES",
    "report.html": "assess RULES --base TOWN --by area_id",
    "report.xlsx": "assess RULES --base TOWN --by area_id",
    "sheet.pdf": "sheet TOWN --standard RULES --paper A4",
    "sheet.png": "sheet TOWN --standard RULES --paper A4",
    "gis.qgz": "map TOWN --standard RULES",
}
READERS = {"folium.html": ".folium-map.leaflet-container", "report.html": "table"}

# --- what is written, once each


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The town and the standard on disk, and a school to come."""
    made = tmp_path_factory.mktemp("done")
    town = town_base()
    named = dataclasses.replace(
        town,
        facilities=town.facilities.assign(name_zh=[PLACE, *town.facilities["name_zh"][1:]]),
        boundaries=town.boundaries.assign(name_zh=[AREA, "东区"]),
    )
    write_base(named, made / "TOWN")
    write_rules(made, {key: {**rule, "name_zh": NAMES[key]} for key, rule in RULES.items()})
    lng, lat = degrees(600, 400)
    added = f"name,lon,lat,category\n{PLACE},{lng:.7f},{lat:.7f},primary_school\n"
    (made / "added.csv").write_text(added, "utf-8")
    return made


@pytest.fixture(scope="module")
def written(folder):
    """A function that gives a file by its name in `WRITTEN`."""
    given = {"TOWN": folder / "TOWN", "RULES": folder / "town.yaml"}
    given["ADDED"] = f"{folder / 'added.csv'}@wgs84"

    def write(name):
        path = folder / name
        if not path.exists():
            words = [str(given.get(word, word)) for word in WRITTEN[name].split()]
            # 1: written, and some of the clauses are not met.
            assert main([*words, "--quiet", "-o", str(path)]) in (0, 1)
        return path

    return write


@pytest.fixture(scope="module")
def explorer(folder):
    """The address of `spatialplan serve`; Ctrl-C ends it, also where browsers hold on to it."""
    words = ["serve", "--base", str(folder / "TOWN"), "--standard", str(folder / "town.yaml")]
    with subprocess.Popen(
        [sys.executable, "-m", "spatialplan", *words, "--port", "0", "--no-browser"], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as server:  # fmt: skip
        line = server.stdout.readline()
        assert line.startswith("explorer"), line + server.stderr.read()
        yield line.split()[2]
        server.send_signal(signal.SIGINT)
        told, faults = server.communicate(timeout=30)
    assert (server.returncode, told, faults) == (0, "stopped\n", "")


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def base(folder):
    return sp.read_base(folder / "TOWN")


def degrees(x, y):
    """Longitude and latitude of a place in the town's own metres."""
    (point,) = gpd.GeoSeries([in_town(shapely.Point(x, y))], crs=4549).to_crs(4326)
    return point.x, point.y


# --- every page, at two sizes


@pytest.mark.parametrize(("size", "width"), [(DESK, "desk"), (PHONE, "phone")])
@pytest.mark.parametrize("name", [*(one for one in WRITTEN if one.endswith(".html")), "explorer"])
def test_a_page_opens_without_complaint_and_takes_names_for_text(
    request, browser, written, name, size, width
):
    served = name == "explorer"
    address = request.getfixturevalue("explorer") if served else written(name).as_uri()
    with visited(browser, address, size, ready=READERS.get(name, READY)) as seen:
        seen.page.wait_for_timeout(300)
        ARTIFACTS.mkdir(exist_ok=True)
        seen.page.screenshot(path=ARTIFACTS / f"done-{name.removesuffix('.html')}-{width}.png")
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        if name == "report.html":
            assert AREA in seen.page.inner_text("body")
        elif name == "folium.html" and size == DESK:
            assert PLACE in folium_tip(seen, *degrees(*SCHOOL))
            assert AREA in folium_tip(seen, *degrees(*WEST))
        elif name not in {"plan.html", "folium.html"} and size == DESK:
            assert PLACE in seen.tip_at(*degrees(*SCHOOL))
            assert AREA in seen.tip_at(*degrees(*WEST))
            assert [PLACE in found(seen, PLACE[:6]), AREA in found(seen, AREA[:6])] == [True, True]
            tabs = seen.page.locator("#tabs button").all()
            assert any(AREA in sheet_of(seen, tab) for tab in tabs)
        assert seen.complaints == []
        assert seen.page.locator("img[src=x]").count() == 0
        outside = [one for one in seen.requests if not one.startswith(address)]
        assert outside == []
        assert served or len(seen.requests) == 1


def folium_tip(seen, lng, lat):
    """What the tooltip of a folium page says at a place."""
    spot = seen.page.evaluate(
        """([lng, lat]) => Object.values(window).find((one) => one instanceof L.Map)
          .latLngToContainerPoint([lat, lng])""",
        [lng, lat],
    )
    frame = seen.page.locator(".folium-map").bounding_box()
    for off in (30, 0):
        seen.page.mouse.move(frame["x"] + spot["x"] + off, frame["y"] + spot["y"] + off)
        seen.page.wait_for_timeout(100)
    return " ".join(seen.page.locator(".leaflet-tooltip").all_inner_texts())


def found(seen, words):
    seen.page.fill("#search-words", words)
    return seen.page.inner_text("#search-found")


def sheet_of(seen, tab):
    tab.click()
    return seen.page.inner_text("#sheet")


# --- layers, tooltips, search

TOGGLE = """async () => {
  const shown = async () => {
    await stage.settled();
    const canvas = await stage.picture();
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, part) => (sum * 31 + part) | 0, 0);
  };
  const press = async (input) => {
    input.click();
    await new Promise((done) => setTimeout(done, 100));
    return shown();
  };
  // Of layers that show one at a time, the one that shows goes by the choice of none.
  const boxFor = ({ id }, on) => {
    const box = document.querySelector(`#layers [data-layer="${CSS.escape(id)}"] input`);
    return on || box.type !== "radio" ? box : box.closest("ul").querySelector("input");
  };
  const meet = ([west, south, east, north], view) =>
    west < view[2] && east > view[0] && south < view[3] && north > view[1];
  const boxes = (layer) =>
    layer.type === "grid" ? [layerExtent(layer)] : featuresOf(layer).map(({ box }) => box);
  const told = [];
  let before = await shown();
  for (const layer of CONTENT.layers) {
    const on = layer.visible;
    const after = await press(boxFor(layer, !on));
    const turned = layer.visible !== on;
    const seen = boxes(layer).some((one) => meet(one, stage.view().bounds));
    const drawn = !seen || before !== after;
    const back = await press(boxFor(layer, on));
    told.push({ id: layer.id, turned, drawn, again: layer.visible === on });
    before = back;
  }
  return told;
}"""


@pytest.mark.parametrize("name", ["leaflet.html", "walk.html", "plan.html"])
def test_every_layer_goes_and_comes_back(browser, written, name):
    small = (1100, 600)  # fewer pixels for a processor to draw
    with opened(browser, written(name), small) as seen:
        told = seen.page.evaluate(TOGGLE)
        assert len(told) > 10
        assert [one for one in told if not all(one.values())] == []
        assert seen.complaints == []


@pytest.mark.parametrize("name", ["leaflet.html", "walk.html"])
def test_search_goes_to_a_school_and_tells_it(browser, written, name):
    with opened(browser, written(name)) as seen:
        seen.page.fill("#search-words", "onerror")
        seen.page.locator("#search-found button").click()
        seen.page.wait_for_timeout(300)
        assert seen.page.evaluate("stage.view().centre") == pytest.approx(
            degrees(*SCHOOL), abs=2e-4
        )
        assert PLACE in seen.page.inner_text("#tip")
        assert seen.complaints == []


def test_search_goes_to_a_temple_of_the_plan(browser, written):
    with opened(browser, written("plan.html")) as seen:
        seen.page.fill("#search-words", "天宁寺")
        assert "文化遗产" in seen.page.inner_text("#search-found")
        seen.page.locator("#search-found button").first.click()
        seen.page.wait_for_timeout(300)
        centre = seen.page.evaluate("stage.view().centre")
        assert centre == pytest.approx([119.973, 31.775], abs=1e-4)  # layers/base/tianning
        told = seen.page.inner_text("#tip")
        assert "天宁寺" in told
        assert "示意" in told  # the plan names it; the place is set by hand


# --- before and after


def test_the_divider_of_two_states(browser, written):
    with opened(browser, written("compare.html")) as seen:
        page, handle = seen.page, seen.page.locator("#swipe-handle")

        def at():
            return int(handle.get_attribute("aria-valuenow"))

        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        frame = page.locator("#map").bounding_box()
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 0.2 * frame["width"], y, steps=4)
        page.mouse.up()
        assert at() == pytest.approx(30, abs=1)
        handle.focus()
        page.keyboard.press("Home")
        assert at() == 0
        pictures = {picture_of(page)}
        for name in ("前", "差"):
            page.locator("#swipe-views button", has_text=name).click()
            page.wait_for_timeout(150)
            pictures.add(picture_of(page))
        assert len(pictures) == 3  # after, before, change
        assert seen.complaints == []


def picture_of(page):
    return page.evaluate("async () => (await stage.picture()).toDataURL()")


# --- clicks, answered in the page and by the server


def click(seen, lng, lat):
    """Click on the map with the mouse, where nothing lies over it."""
    spot = seen.page.evaluate("(place) => stage.project(place)", [lng, lat])
    frame = seen.page.locator("#map").bounding_box()
    seen.page.mouse.click(frame["x"] + spot["x"], frame["y"] + spot["y"])


ANSWERED = """(before) => live.places.a && live.places.a.join() !== before && live.answers.a
  && by("live").getAttribute("aria-busy") === "false"
  && JSON.parse(live.answers.a.asked).lng === live.places.a[0]
  && JSON.parse(live.answers.a.asked).lat === live.places.a[1]"""


def answer_of(seen, lng, lat):
    """The place that a click is rounded to, and the answer, once the panel has it."""
    before = seen.page.evaluate("String(live.places.a)")
    click(seen, lng, lat)
    seen.page.wait_for_function(ANSWERED, arg=before)
    return seen.page.evaluate("[live.places.a, live.answers.a.answer]")


def clear_map(seen):
    """Take the legend off the map, and show the whole town beside the panel."""
    seen.page.evaluate("by('legend').open = false")
    seen.page.evaluate("stage.resize(); goHome({ animate: false })")


def points_of(base, places):
    at = gpd.GeoSeries.from_xy(*zip(*places, strict=True), crs=4326).to_crs(base.crs)
    return gpd.GeoDataFrame(geometry=at.to_numpy(), index=range(len(at)), crs=base.crs)


def spots(count):
    """Places in and around the town, none near the one before: its pin would take the click."""
    rng = np.random.default_rng(5)
    spread = zip(rng.uniform(0, 700, count), rng.uniform(-60, 460, count), strict=True)
    return [degrees(x + 1100 * (k % 2), y) for k, (x, y) in enumerate(spread)]


def checklist_of(answers, name):
    rows = [{row["id"]: row[name] for row in one["checklist"]} for one in answers]
    return pd.DataFrame(rows).astype(float)


def assert_measured(base, clicks, answers):
    """The numbers of the page are those of `time_to_nearest` and `distance_to_nearest`."""
    told = [checklist_of(answers, name) for name in ("minutes", "metres")]
    assert told[0].notna().to_numpy().sum() > len(clicks) / 2
    for one, own in zip(told, measured(base, clicks, list(told[0]), 15, "walk"), strict=True):
        pd.testing.assert_frame_equal(one, own.astype(float), rtol=0, atol=1e-9)


@pytest.fixture
def walk(browser, written):
    with opened(browser, written("walk.html")) as seen:
        clear_map(seen)
        yield seen
        assert seen.complaints == []
        assert len(seen.requests) == 1


def test_clicks_in_the_page_get_the_numbers_of_python(walk, base):
    places, answers = zip(*(answer_of(walk, *spot) for spot in spots(50)), strict=True)
    clicks = points_of(base, places)
    assert_measured(base, clicks, answers)
    reached = sp.reached_streets(clicks, network=base.networks["walk"], minutes=(5, 10, 15))
    km = reached.length.groupby([reached["place_id"], reached["limit_min"]]).sum() / 1000
    for place, answer in enumerate(answers):
        told = {area["limit_min"]: area["street_km"] for area in answer["areas"]}
        own = {limit: km.get((place, limit), 0.0) for limit in told}
        assert told == pytest.approx(own, abs=1e-9)
    _, answer = answer_of(walk, *degrees(250, 30))
    school = next(row for row in answer["checklist"] if row["id"] == "primary_school")
    (shown,) = walk.page.locator("#live .checklist tbody tr", has_text=PLACE).all_inner_texts()
    assert f"{school['metres']:,.0f} m" in shown


def test_a_barrier_and_a_facility_in_the_page_change_what_python_changes(walk, base):
    page = walk.page
    page.click("#live-what-if summary")
    page.click("[data-tool=barrier]")
    for end in (-80, 80):
        click(walk, *degrees(250, end))
    page.keyboard.press("Enter")
    page.select_option("#live-category", "park")
    page.click("[data-tool=facility]")
    click(walk, *degrees(120, 380))
    lines, ((lng, lat, category),) = page.evaluate(
        "[live.closed, live.added.map(({ lng, lat, category }) => [lng, lat, category])]"
    )
    barrier = gpd.GeoSeries(map(shapely.LineString, lines), crs=4326).to_crs(base.crs).union_all()
    streets = base.networks["walk"]
    crossed = streets.edges.index[streets.edges.intersects(barrier)]
    new = base.facilities.iloc[:1].rename(index=lambda _: "new")
    new = new.assign(category=category, geometry=points_of(base, [(lng, lat)]).geometry.to_numpy())
    facilities = pd.concat([base.facilities, new])
    shut = {"walk": streets.closed(crossed)}
    changed = dataclasses.replace(base, networks=shut, facilities=facilities)

    places, answers = zip(*(answer_of(walk, *spot) for spot in spots(12)), strict=True)

    assert len(crossed) == 1
    assert_measured(changed, points_of(base, places), answers)
    own = measured(base, points_of(base, places), ["park", "primary_school"], 15, "walk")[0]
    told = checklist_of(answers, "minutes")
    assert [told[key].equals(own[key]) for key in own] == [False, False]


def test_clicks_in_the_explorer_get_the_numbers_of_the_command(browser, explorer, base, folder):
    with visited(browser, explorer) as seen:
        clear_map(seen)
        seen.page.select_option("#live-standard", "")  # every category
        places, answers = zip(*(answer_of(seen, *spot) for spot in spots(8)), strict=True)
        assert "<img" in seen.page.inner_text("#live .checklist")
        seen.page.screenshot(path=ARTIFACTS / "done-explorer-click.png")
        assert seen.complaints == []
        assert all(one.startswith(explorer) for one in seen.requests)
    clicks = points_of(base, places)
    for name, measure in (("minutes", sp.time_to_nearest), ("metres", sp.distance_to_nearest)):
        told = checklist_of(answers, name)
        for category in base.facilities["category"].unique():
            there = base.facilities[base.facilities["category"] == category]
            own = measure(clicks, there, network=base.networks["walk"])
            assert told[category].tolist() == pytest.approx(own.tolist(), abs=1e-9)
    for (lng, lat), answer in zip(places, answers, strict=True):
        written = isochrones(folder, lng, lat)
        own = [one["properties"] for one in written]
        assert [one["geometry"] for one in answer["bands"]["features"]] == [
            one["geometry"] for one in written
        ]
        for area, row in zip(answer["areas"], own, strict=True):
            assert area == pytest.approx({name: row[name] for name in area}, rel=1e-3, abs=1e-3)


def isochrones(folder, lng, lat):
    """What the command `isochrone` writes of a place."""
    target = folder / "isochrone.geojson"
    words = [
        "isochrone",
        "--base",
        f"{folder}/TOWN",
        "--at",
        f"{lng},{lat}",
        "--minutes",
        "5",
        "10",
    ]
    assert main([*words, "15", "--quiet", "-o", str(target)]) == 0
    return json.loads(target.read_text("utf-8"))["features"]


# --- files for other programs


def test_a_sheet_has_names_as_text(written):
    pdfplumber = pytest.importorskip("pdfplumber", reason="pdfplumber is not installed")
    with pdfplumber.open(written("sheet.pdf")) as sheet:
        (page,) = sheet.pages
        assert AREA in "".join(page.extract_text().split())
    with Image.open(written("sheet.png")) as picture:
        assert picture.size == pytest.approx((3508, 2480), abs=2)  # A4 at 300 dpi


def test_gis_files_have_names_as_text(written):
    project = written("gis.qgz")
    package = project.with_suffix(".gpkg")
    with zipfile.ZipFile(project) as held:
        (inside,) = (name for name in held.namelist() if name.endswith(".qgs"))
        ET.fromstring(held.read(inside))  # noqa: S314 - we wrote it
    names = {
        name for layer in gpd.list_layers(package)["name"] for name in names_in(package, layer)
    }
    assert {PLACE, AREA} <= names
    for style in gpd.read_file(package, layer="layer_styles")["styleQML"]:
        ET.fromstring(style)  # noqa: S314 - we wrote it


def names_in(package, layer):
    table = gpd.read_file(package, layer=layer)
    return [] if "name_zh" not in table else table["name_zh"].tolist()


def test_geojson_has_names_as_text(written):
    layer = json.loads(written("report.html").with_name("report-gaps.geojson").read_text("utf-8"))
    assert AREA in {one["properties"]["area_name_zh"] for one in layer["features"]}


def books(written, explorer, folder):
    """The workbooks of all that write some; what the explorer writes is of a click."""
    lng, lat = degrees(100, 0)
    asked = json.dumps({"lng": lng, "lat": lat, "format": "xlsx"}).encode()
    question = urllib.request.Request(  # noqa: S310
        f"{explorer}api/export", asked, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(question, timeout=60) as told:  # noqa: S310
        (folder / "explorer.xlsx").write_bytes(told.read())
    return [written("report.xlsx"), written("compare.xlsx"), folder / "explorer.xlsx"]


def test_workbooks_have_names_as_text(written, explorer, folder):
    for path, name in zip(books(written, explorer, folder), (AREA, AREA, PLACE), strict=True):
        cells = [
            cell
            for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows()
            for cell in row
        ]
        assert name in {cell.value for cell in cells}, path
        assert "f" not in {cell.data_type for cell in cells}, path


def test_libreoffice_opens_the_workbooks(written, explorer, folder, tmp_path):
    program = shutil.which("soffice") or pytest.skip("LibreOffice is not on this machine")
    paths = books(written, explorer, folder)
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    subprocess.run(
        [program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", every_sheet, "--outdir", tmp_path, *paths],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for path, name in zip(paths, (AREA, AREA, PLACE), strict=True):
        sheets = [*tmp_path.glob(f"{path.stem}-*.csv")]
        assert len(sheets) == len(openpyxl.load_workbook(path).sheetnames)
        read = {cell for sheet in sheets for cell in cells_of(sheet)}
        assert name in read
        assert not any(cell.startswith(("#NAME?", "#REF!", "Err:")) for cell in read)


def cells_of(sheet):
    with sheet.open(encoding="utf-8-sig", newline="") as lines:
        return [cell for row in csv.reader(lines) for cell in row]
