"""What a reader does with a map page, in real headless Chromium with the network cut."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from browser import DESK
from browser import PHONE
from browser import chromium
from browser import opened
from PIL import Image

from spatialplan import cartography
from spatialplan import webmap

ARTIFACTS = Path(__file__).resolve().parent.parent / ".artifacts"
LON, LAT = 119.97, 31.81
HOSTILE = "<img src=x onerror=alert(1)>"
GEOD = pyproj.Geod(ellps="WGS84")

# A router one can check with a pencil, in the place of the page's own.
ROUTER = (Path(__file__).parent / "pencil_router.js").read_text("utf-8")


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    target = tmp_path_factory.mktemp("map") / "map.html"
    webmap.write_map(webmap.draw_map(content()), target)
    return target


@pytest.fixture
def seen(browser, path):
    with opened(browser, path) as page:
        yield page


@pytest.fixture
def live(seen):
    start_live(seen)
    return seen


def content():
    """Two districts and 700 plots, each a row of a table; one of the plots lies far down in it."""
    districts = gpd.GeoDataFrame(
        {"code": ["west", "east"], "name_zh": ["西区", "东区"], "people": [10.0, 20.0]},
        geometry=[shapely.box(LON - 0.03, LAT - 0.02, LON, LAT + 0.02),
                  shapely.box(LON, LAT - 0.02, LON + 0.03, LAT + 0.02)], crs=4326,
    )  # fmt: skip
    spots = [(LON + 0.06 + 0.001 * (i % 35), LAT - 0.02 + 0.002 * (i // 35)) for i in range(700)]
    plots = gpd.GeoDataFrame(
        {"plot": [f"p{i}" for i in range(700)], "use": [i % 3 for i in range(700)]}, crs=4326,
        geometry=[shapely.box(x, y, x + 0.0008, y + 0.0016) for x, y in spots],
    )  # fmt: skip
    layers = [
        cartography.vector_layer(
            "districts", districts, name_zh="行政区", name_en="Districts", group="boundaries",
            style="boundary", name_column="name_zh", key_column="code", administrative=True,
            tooltip=[("people", "人口", "People", "people")],
        ),
        cartography.vector_layer(
            "plots", plots, name_zh="地块", name_en="Plots", group="base", style="area",
            name_column="plot", key_column="plot", class_column="use", drawn_from="text",
            classes=[(i, f"用地{i}", f"use {i}", color)
                     for i, color in enumerate(["#0072b2", "#e69f00", "#009e73"])],
        ),
        cartography.vector_layer(
            "hidden", districts, name_zh="备用", name_en="Spare", group="people", visible=False
        ),
        *(cartography.vector_layer(
            f"gap-{word}", districts, name_zh=f"未覆盖：{word}", name_en=f"Not served: {word}",
            group="gaps", style="gap", name_column="name_zh", theme=word, visible=False,
        ) for word in "甲乙丙"),
    ]  # fmt: skip
    tables = [
        cartography.data_table(
            "districts", districts, title_zh="片区", title_en="Districts", key_column="code",
            columns=[("name_zh", "片区", "District", "text"),
                     ("people", "人口", "People", "people")],
        ),
        cartography.data_table(
            "plots", plots, title_zh="地块", title_en="Plots", key_column="plot",
            columns=[("plot", "编号", "Number", "text")],
        ),
    ]  # fmt: skip
    return cartography.map_content(
        layers, tables=tables, title_zh='地图: 甲/乙 "1"', title_en="Map A",
        headline_zh="七百块地", headline_en="Seven hundred plots", fields={"crs": "CGCS2000"},
    )  # fmt: skip


def start_live(seen):
    seen.page.evaluate(f"async () => {{ {ROUTER}; CONTENT.router = {{}}; await startLive(); }}")
    seen.page.wait_for_timeout(200)
    seen.page.evaluate(f"void stage.jump({{centre: [{LON}, {LAT}], zoom: 14}})")
    seen.page.wait_for_timeout(100)


def at(seen, lng, lat):
    """Where a place lies on the screen."""
    spot = seen.page.evaluate("(place) => stage.project(place)", [lng, lat])
    frame = seen.page.locator("#map").bounding_box()
    return frame["x"] + spot["x"], frame["y"] + spot["y"]


def click(seen, lng, lat, **options):
    seen.page.mouse.click(*at(seen, lng, lat), **options)


def shift_click(seen, lng, lat):
    seen.page.keyboard.down("Shift")
    click(seen, lng, lat)
    seen.page.keyboard.up("Shift")
    seen.page.wait_for_timeout(150)


def answered(seen):
    seen.page.wait_for_timeout(200)
    return seen.page.inner_text("#live-result")


def checklist(seen):
    """Texts of the checklist, row by row."""
    rows = seen.page.locator("#live .checklist tbody tr")
    return [" ".join(text.split()) for text in rows.all_inner_texts()]


def place_a(seen):
    return seen.page.evaluate("live.places.a")


# --- measuring


def test_distances_and_areas_are_those_of_the_ellipsoid(seen):
    rng = np.random.default_rng(1)
    for size in (1e-4, 1e-3, 0.1, 5.0):
        for _ in range(20):
            lng, lat = rng.uniform(-170, 170), rng.uniform(-70, 70)
            ring = [[lng + dx * size, lat + dy * size] for dx, dy in [(0, 0), (1, 0.2), (0.7, 1)]]
            *_, metres = GEOD.inv(*ring[0], *ring[1])
            area = abs(GEOD.polygon_area_perimeter(*zip(*ring, strict=True))[0])
            found = seen.page.evaluate(
                "(ring) => [metresBetween(ring[0], ring[1]), areaOf(ring)]", ring
            )
            assert found[0] == pytest.approx(metres, rel=3e-6, abs=1e-6)
            # Sides of great circles leave geodesics on long ways; the reference holds 0.1 m2.
            assert found[1] == pytest.approx(area, rel=2e-4 if size > 1 else 1e-5, abs=0.1)
    assert seen.page.evaluate("metresBetween([1, 2], [1, 2])") == 0


def test_lengths_and_areas_in_words(seen):
    lengths = seen.page.evaluate("[7.25, 640.4, 2345].map(lengthText)")
    assert lengths == ["7.3 米", "640 米", "2.35 公里"]
    areas = seen.page.evaluate("[9000, 25000, 3.2e6].map(areaText)")
    assert areas == ["9,000 平方米", "2.5 公顷", "3.2 平方公里"]


def test_measure_with_the_mouse(seen):
    corners = [(LON - 0.02, LAT - 0.01), (LON + 0.02, LAT - 0.01), (LON + 0.02, LAT + 0.01)]
    seen.page.click("[data-tool=measure]")
    assert "双击" in seen.page.inner_text("#hint")
    for corner in corners[:2]:
        click(seen, *corner)
    seen.page.mouse.dblclick(*at(seen, *corners[2]))
    told = seen.page.inner_text("#hint")
    metres = GEOD.line_length(*zip(*corners, strict=True))
    area = abs(GEOD.polygon_area_perimeter(*zip(*corners, strict=True))[0])
    assert float(re.search(r"([\d.]+) 公里", told)[1]) == pytest.approx(metres / 1000, rel=0.01)
    assert float(re.search(r"([\d.]+) 平方公里", told)[1]) == pytest.approx(area / 1e6, rel=0.02)
    assert not seen.page.locator("#tip").is_visible()
    seen.page.mouse.move(*at(seen, LON - 0.02, LAT + 0.01))
    assert seen.page.inner_text("#hint") == told  # ended: it no longer follows the pointer
    zoom = seen.page.evaluate("stage.view().zoom")
    seen.page.keyboard.press("Escape")
    assert not seen.page.locator("#hint").is_visible()
    assert seen.page.evaluate("stage.view().zoom") == zoom
    assert seen.page.get_attribute("[data-tool=measure]", "aria-pressed") == "false"
    assert seen.complaints == []


def test_measure_with_the_keyboard(seen):
    seen.page.focus("[data-tool=measure]")
    seen.page.keyboard.press("Enter")
    seen.page.keyboard.press("Space")
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_timeout(500)
    seen.page.keyboard.press("Space")
    seen.page.keyboard.press("ArrowDown")
    seen.page.wait_for_timeout(500)
    seen.page.keyboard.press("Space")
    three = seen.page.inner_text("#hint")
    assert "面积" in three
    seen.page.keyboard.press("Backspace")
    assert "面积" not in seen.page.inner_text("#hint")
    seen.page.keyboard.press("Enter")
    assert "长" in seen.page.inner_text("#hint")


# --- picture, paper, link


def test_the_picture_has_title_map_and_legend(seen):
    with seen.page.expect_download() as waiting:
        seen.page.click("text=存为 PNG")
    file = waiting.value
    assert file.suggested_filename == "地图  甲 乙  1.png"
    ARTIFACTS.mkdir(exist_ok=True)
    file.save_as(ARTIFACTS / "tools-picture.png")
    picture = Image.open(ARTIFACTS / "tools-picture.png").convert("RGB")
    frame = seen.page.locator("#map").bounding_box()
    assert picture.width == frame["width"] + 250 + 48
    assert picture.height > frame["height"] + 80
    pixels = np.asarray(picture)
    column = pixels[:, int(frame["width"]) + 32 :].reshape(-1, 3)
    for color in ((0, 0x72, 0xB2), (0xE6, 0x9F, 0), (0, 0x9E, 0x73)):  # signs of the plots
        pale = 255 - 0.6 * (255 - np.array(color))
        assert (np.abs(column - pale).sum(axis=1) < 12).sum() > 100
    assert (pixels[:70] < 100).any(axis=2).sum() > 300  # title and headline
    assert (pixels[-40:] < 130).all(axis=2).sum() > 100  # what the foot states


@pytest.mark.parametrize(("paper", "size"), [("a4", (297, 210)), ("a3", (420, 297))])
def test_a_sheet_of_paper(seen, paper, size):
    before = seen.page.evaluate("stage.view()")
    seen.page.evaluate(f"layOut('{paper}')")
    seen.page.wait_for_timeout(300)
    pdf = seen.page.pdf(prefer_css_page_size=True, print_background=True)
    (ARTIFACTS / f"paper-{paper}.pdf").write_bytes(pdf)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == 1
    assert [float(side) / 72 * 25.4 for side in boxes[0]] == pytest.approx(size, abs=1)
    seen.page.emulate_media(media="print")
    for name in ("#headline", "#legend", "#foot", "#map"):
        assert seen.page.locator(name).is_visible(), name
    for name in ("#panel", "#toolbar", "#drawer"):
        assert not seen.page.locator(name).is_visible(), name
    seen.page.emulate_media(media="screen")
    seen.page.evaluate("layBack()")
    assert seen.page.evaluate("stage.view().zoom") == pytest.approx(before["zoom"], abs=1)
    assert seen.page.locator("#panel").is_visible()


def test_on_paper_classes_differ_by_more_than_colour(seen):
    strokes = """() => {
        layOut("a4");
        const layer = CONTENT.layers.find(isHatched);
        const inkOf = (pen, width, height) =>
            pen.getImageData(0, 0, width, height).data.filter(Boolean).length;
        const whole = by("hatches");
        const signs = [...by("legend").querySelectorAll(`[data-layer="${layer.id}"] .swatch`)];
        return [inkOf(whole.getContext("2d"), whole.width, whole.height),
                layer.classes.map((part, number) => {
            const tile = classTile(number, part.color);
            return inkOf(tile.getContext("2d"), tile.width, tile.height);
        }), signs.map((sign) => sign.style.getPropertyValue("--hatching"))];
    }"""
    drawn, inked, signs = seen.page.evaluate(strokes)
    assert drawn > 300
    assert inked[0] == 0  # the first class has no strokes
    assert min(inked[1:]) > 0
    assert len(set(signs)) == len(inked) > 1
    seen.page.screenshot(path=ARTIFACTS / "paper-hatches.png")
    seen.page.evaluate("layBack()")
    assert seen.page.locator("#hatches").count() == 0


def test_the_browsers_own_print_gives_the_sheet(seen):
    heard = """() => addEventListener("beforeprint", () => {
        window.sheet = [document.body.dataset.paper, by("map").clientWidth, by("legend").open];
    })"""
    seen.page.evaluate(heard)
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    paper, width, legend = seen.page.evaluate("sheet")
    assert (paper, legend) == ("a4", True)
    assert width == pytest.approx(277 / 25.4 * 96, abs=2)
    seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert seen.page.evaluate("document.body.dataset.paper") is None


def test_the_link_restores_the_view(browser, path, seen):
    entries = seen.page.evaluate("history.length")
    seen.page.click("#language-button")
    seen.page.evaluate("actions.choose(CONTENT.layers[2], true)")
    seen.page.evaluate("actions.choose(CONTENT.layers[1], false)")
    seen.page.evaluate(f"void stage.jump({{centre: [{LON}, {LAT}], zoom: 14}})")
    seen.page.wait_for_timeout(600)
    assert seen.page.evaluate("history.length") == entries
    address = seen.page.url
    said = {key: value[0] for key, value in parse_qs(address.split("#")[1]).items()}
    assert said == {"view": f"{LON},{LAT},14", "lang": "en", "on": "hidden", "off": "plots"}
    context = browser.new_context(offline=True, viewport={"width": DESK[0], "height": DESK[1]})
    other = context.new_page()
    other.goto(address)
    other.wait_for_function("document.documentElement.dataset.ready === 'yes'")
    view = other.evaluate("stage.view()")
    assert view["centre"] == pytest.approx([LON, LAT], abs=1e-4)
    assert view["zoom"] == 14
    assert other.inner_text("#title") == "Map A"
    assert other.evaluate("visibleLayers().map((layer) => layer.id)") == ["districts", "hidden"]
    context.close()


@pytest.mark.parametrize(
    "words", ["view=x,y,z", "view=999,1,5&lang=fr", "on=nothing|plots&a=1,2", "%%%"]
)
def test_a_damaged_link_does_no_harm(browser, path, words):
    context = browser.new_context(offline=True)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{path.as_uri()}#{words}")
    page.wait_for_function("document.documentElement.dataset.ready === 'yes'")
    assert page.inner_text("#title").startswith("地图")
    assert complaints == []
    context.close()


def test_share_gives_the_address(seen):
    seen.page.click("#toolbar >> text=链接")
    seen.page.wait_for_timeout(200)
    told = seen.page.inner_text("#hint")
    assert "链接" in told
    assert "#view=" in seen.page.url


# --- tables and the map


def test_a_click_on_the_map_marks_its_row(seen):
    click(seen, LON + 0.015, LAT + 0.01)
    marked = seen.page.locator("#sheet tr.marked")
    assert marked.inner_text().split() == ["东区", "20", "人"]
    click(seen, LON - 0.015, LAT + 0.01)
    assert marked.inner_text().split() == ["西区", "10", "人"]


def test_a_click_opens_the_table_and_reaches_a_row_far_down(seen):
    click(seen, *np.add([LON + 0.06, LAT - 0.02], [0.001 * 20 + 0.0004, 0.002 * 19 + 0.0008]))
    marked = seen.page.locator("#sheet tr.marked")
    assert marked.inner_text() == "p685"
    sheet, line = seen.page.locator("#sheet").bounding_box(), marked.bounding_box()
    assert sheet["y"] <= line["y"] <= sheet["y"] + sheet["height"]


def test_a_click_on_a_gap_tells_what_else_is_lacking_there(seen):
    seen.page.evaluate("actions.choose(CONTENT.layers.find((one) => one.id === 'gap-乙'), true)")
    click(seen, LON + 0.015, LAT + 0.01)
    told = seen.page.inner_text("#tip")
    assert "此处另有 (2) 未覆盖：甲、丙" in told
    x, y = at(seen, LON + 0.015, LAT + 0.01)
    seen.page.mouse.move(x + 5, y)  # no hand is quite still
    seen.page.wait_for_timeout(150)
    assert seen.page.inner_text("#tip") == told
    seen.page.mouse.move(x + 40, y)
    seen.page.wait_for_timeout(150)
    assert "此处另有" not in seen.page.inner_text("#tip")


def test_a_long_table_is_written_as_one_scrolls(seen):
    seen.page.locator("#tabs button", has_text="地块").click()
    rows = seen.page.locator("#sheet tbody tr")
    assert rows.count() == 300
    for count in (600, 700, 700):
        seen.page.evaluate("by('sheet').scrollTop = by('sheet').scrollHeight")
        seen.page.wait_for_timeout(100)
        assert rows.count() == count
    assert rows.last.inner_text() == "p699"


def test_keys_need_their_column():
    table = pd.DataFrame({"name": ["a"]})
    with pytest.raises(Exception, match="no column 'code'"):
        cartography.data_table(
            "t", table, title_zh="t", columns=[("name", "n", "n", "text")], key_column="code"
        )


# --- the live map


def test_a_click_fills_the_checklist(live):
    assert "点击地图任一处" in live.page.inner_text("#live-result")
    click(live, LON, LAT)
    text = answered(live)
    assert place_a(live) == pytest.approx([LON, LAT], abs=1.5e-4)  # a pixel or two
    assert "0.5 km²" in text
    school, clinic = checklist(live)
    assert re.fullmatch(r"小学 ≤ 500 m · 天宁实验小学 ✓ (19|20)\d m 3\.\d 分钟", school)
    assert HOSTILE in clinic
    assert "街道" not in live.page.inner_text("#live .areas")  # what the router does not know
    assert live.page.locator("#live img").count() == 0
    live.page.screenshot(path=ARTIFACTS / "live-desk.png")
    assert live.complaints == []


def test_a_live_map_keeps_its_room(live):
    map_box = live.page.locator("#map").bounding_box()
    tip = """(point) => {
        showTip(point, [{ note: element("p", {}, "很长的说明".repeat(9)) }]);
        return by("tip").getBoundingClientRect().right;
    }"""
    right = live.page.evaluate(tip, {"x": map_box["width"] - 5, "y": 90})
    assert right <= map_box["x"] + map_box["width"]
    live.page.mouse.click(map_box["x"] + 300, map_box["y"] + 200)
    live.page.mouse.move(map_box["x"] + 303, map_box["y"] + 200)
    live.page.wait_for_timeout(100)
    assert not live.page.locator("#tip").is_visible()


def test_the_legend_of_a_live_page_opens_folded(browser, tmp_path):
    page = tmp_path / "live.html"
    walk = {"id": "walk", "name_zh": "步行", "name_en": "Walking"}
    server = {"modes": [walk], "standards": [], "minutes": [5, 10, 15], "categories": []}
    webmap.write_map(webmap.draw_map({**content(), "server": server}), page)
    with opened(browser, page, DESK) as seen:
        assert not seen.page.evaluate("by('legend').open")


def test_two_places_side_by_side(live):
    click(live, LON, LAT)
    shift_click(live, LON + 0.02, LAT)
    answered(live)
    heads = live.page.locator("#live .checklist thead th").all_inner_texts()
    assert heads == ["设施", "A", "B"]
    assert "✓" in checklist(live)[0]
    assert "范围内没有" in checklist(live)[0]
    assert live.page.locator(".pin").count() == 2
    live.page.locator("#live .place button").last.click()
    answered(live)
    assert live.page.locator(".pin").count() == 1


def test_the_second_place_by_its_button(live):
    click(live, LON, LAT)
    live.page.click("[data-tool=second]")
    click(live, LON + 0.01, LAT)
    answered(live)
    assert live.page.evaluate("live.places.b[0]") == pytest.approx(LON + 0.01, abs=1e-4)
    assert live.page.evaluate("hand.tool") is None


def test_a_dragged_pin_is_answered_while_it_moves_and_the_newest_wins(live):
    click(live, LON, LAT)
    answered(live)
    live.page.evaluate("asked.length = 0")
    box = live.page.locator(".pin").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    live.page.mouse.move(x, y)
    live.page.mouse.down()
    for step in range(60):
        live.page.mouse.move(x + 2 * step, y)
    live.page.mouse.up()
    answered(live)
    asked = live.page.evaluate("asked")
    assert 2 <= len(asked) <= 60
    assert [asked[-1]["lng"], asked[-1]["lat"]] == place_a(live)
    expected = live.page.evaluate("live.answers.a.answer.place.lng")
    assert expected == place_a(live)[0]


def test_arrow_keys_move_the_pin(live):
    live.page.click("text=放在图中央")
    answered(live)
    before = place_a(live)
    live.page.focus(".pin")
    live.page.keyboard.press("ArrowUp")
    live.page.keyboard.press("Shift+ArrowRight")
    answered(live)
    east, north = (new - old for new, old in zip(place_a(live), before, strict=True))
    *_, metres = GEOD.inv(before[0], before[1], before[0] + east, before[1])
    assert metres == pytest.approx(100, rel=0.01)
    assert north * 111_000 == pytest.approx(10, rel=0.02)
    live.page.focus("#map")
    live.page.keyboard.press("Shift+Space")
    answered(live)
    assert live.page.locator(".pin").count() == 2


def test_a_barrier_closes_and_its_removal_opens(live):
    click(live, LON, LAT)
    live.page.click("#live-what-if summary")
    live.page.click("[data-tool=barrier]")
    click(live, LON + 0.001, LAT - 0.004)
    click(live, LON + 0.001, LAT + 0.004)
    live.page.keyboard.press("Enter")
    answered(live)
    closed = live.page.evaluate("asked.at(-1).closed")
    assert np.array(closed).shape == (1, 2, 2)
    heads = live.page.locator("#live .checklist thead th").all_inner_texts()
    assert heads == ["设施", "原状", "改后"]
    assert re.search(r"▲ (19|20)\d m", checklist(live)[0])
    assert "▲" in checklist(live)[1]  # from within reach to nowhere
    live.page.screenshot(path=ARTIFACTS / "live-barrier.png")
    live.page.locator("#live-edits li button").click()
    answered(live)
    assert live.page.evaluate("asked.at(-1).closed") == []
    assert live.page.locator("#live .checklist thead th").count() == 2


def test_an_added_facility_is_nearer(live):
    click(live, LON, LAT)
    live.page.click("#live-what-if summary")
    live.page.select_option("#live-category", "clinic")
    live.page.click("[data-tool=facility]")
    click(live, LON + 0.002, LAT + 0.003)
    answered(live)
    assert live.page.evaluate("asked.at(-1).added")[0]["category"] == "clinic"
    assert re.search(r"▼ 3\.\d 分钟", checklist(live)[1])
    live.page.click("text=全部还原")
    answered(live)
    assert not live.page.locator("#live-edits li").count()


def test_a_row_draws_its_way(live):
    click(live, LON, LAT)
    answered(live)
    live.page.evaluate("""() => {
        globalThis.drawn = {};
        const overlay = stage.overlay;
        stage.overlay = (key, ...rest) => { drawn[key] = rest[0]; overlay(key, ...rest); };
    }""")
    live.page.locator("#live .checklist tbody tr").first.focus()
    live.page.keyboard.press("Enter")
    live.page.wait_for_timeout(300)
    way = live.page.evaluate("drawn['route-a']")["features"][0]["geometry"]["coordinates"]
    assert way[1] == pytest.approx([LON + 0.0021135, LAT])
    click(live, LON + 0.001, LAT)
    assert live.page.evaluate("drawn['route-a']") is None


def test_mode_standard_and_language(live):
    click(live, LON, LAT)
    answered(live)
    live.page.select_option("#live-mode", "bike")
    live.page.select_option("#live-standard", "two")
    answered(live)
    asked = live.page.evaluate("asked.at(-1)")
    assert (asked["mode"], asked["standard"]) == ("bike", "two")
    live.page.click("#language-button")
    assert "Bicycle" in live.page.inner_text("#live-setup")
    assert live.page.input_value("#live-mode") == "bike"
    assert "School" not in live.page.inner_text("#live-problem")


def test_geojson_of_what_is_seen(live):
    click(live, LON, LAT)
    answered(live)
    with live.page.expect_download() as waiting:
        live.page.click("text=存为 GeoJSON")
    features = json.loads(Path(waiting.value.path()).read_text("utf-8"))["features"]
    roles = [one["properties"]["role"] for one in features]
    assert roles == ["band", "band", "band", "place", "nearest", "nearest"]
    assert features[-1]["properties"]["facility_zh"] == HOSTILE
    assert live.page.locator("text=存为 XLSX").count() == 0


@pytest.mark.parametrize(
    ("thrown", "line"),
    [("new Error('连不上计算服务')", "连不上计算服务"),
     ("new Error('the server is busy')", "the server is busy")],
)  # fmt: skip
def test_trouble_is_one_line_and_passes(live, thrown, line):
    live.page.evaluate(f"fail = {thrown}")
    click(live, LON, LAT)
    answered(live)
    assert live.page.inner_text("#live-problem") == line
    live.page.evaluate("fail = null")
    click(live, LON + 0.001, LAT)
    answered(live)
    assert not live.page.locator("#live-problem").is_visible()


def test_the_link_holds_the_live_map(live):
    click(live, LON, LAT)
    live.page.evaluate(
        """([lng, lat]) => {
            live.added = [{lng, lat, category: 'clinic'}];
            live.closed = [[[lng, lat], [lng, lat + 0.01]]];
            setPlace('b', [lng, lat]);
        }""",
        [LON, LAT],
    )
    answered(live)
    words = live.page.evaluate("String(linkParameters())")
    state = live.page.evaluate("[live.places, live.closed, live.added, live.mode]")
    live.page.evaluate("withdraw(null); setPlace('b', null); live.mode = 'bike'")
    live.page.evaluate(f"restoreLive(new URLSearchParams({json.dumps(words)}))")
    answered(live)
    again = live.page.evaluate("[live.places, live.closed, live.added, live.mode]")
    assert again == state


def test_the_panel_on_a_phone(browser, path):
    with opened(browser, path, PHONE) as seen:
        start_live(seen)
        seen.page.touchscreen.tap(*at(seen, LON, LAT))
        assert "天宁实验小学" in answered(seen)
        seen.page.screenshot(path=ARTIFACTS / "live-phone.png")
        panel, whole = (
            seen.page.locator("#live").bounding_box(),
            seen.page.locator("#map").bounding_box(),
        )
        assert panel["y"] >= whole["y"] + whole["height"] - 1
        assert whole["height"] > 150
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        seen.page.click("#live-fold")
        assert not seen.page.locator("#live-body").is_visible()
        assert seen.complaints == []
