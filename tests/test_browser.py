"""The map in real headless Chromium, with the network cut."""

from __future__ import annotations

import re
from pathlib import Path

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
from browser import visited
from browser import without_webgl

from spatialplan import cartography
from spatialplan import webmap

ARTIFACTS = Path(__file__).resolve().parent.parent / ".artifacts"
LON, LAT = 119.97, 31.81
CLASSES = [("500 m 内", "within 500 m", "#253494"), ("500 m 外", "beyond 500 m", "#ffffcc")]
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    "\"'><svg onload=alert(1)>",
    "=HYPERLINK(1) &lt;b&gt; <!-- ]]> {{7*7}}",
]


def drawn(layers, renderer="auto", **options):
    return webmap.draw_map(cartography.map_content(layers, **options), renderer=renderer)


def frame(geometry, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=4326)


def access(key, *, visible):
    """Two by two cells of 0.02 degrees around the centre: 120, 900, unreachable, no data."""
    to_mercator = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    west, south = to_mercator.transform(LON - 0.02, LAT - 0.02)
    east, north = to_mercator.transform(LON + 0.02, LAT + 0.02)
    return cartography.grid_layer(
        f"access_{key}", [[120.0, 900.0], [np.inf, np.nan]], breaks=[500], classes=CLASSES,
        bounds_3857=(west, south, east, north), name_zh=f"{key} · 步行", name_en=f"{key} on foot",
        theme=key, visible=visible,
    )  # fmt: skip


def gap(key, *, visible):
    table = frame(
        [shapely.box(LON + 0.005, LAT - 0.015, LON + 0.015, LAT - 0.005)],
        name_zh=[f"{key}盲区"], population=[23456.0], area_m2=[1.05e6],
    )  # fmt: skip
    return cartography.vector_layer(
        f"gap_{key}", table, name_zh=f"{key}盲区", name_en=f"{key} gaps", group="gaps", style="gap",
        theme=key, visible=visible, name_column="name_zh",
        tooltip=[("population", "人口", "People", "people"), ("area_m2", "面积", "Area", "m2")],
    )  # fmt: skip


def content(synthetic="synthetic"):
    schools = frame(
        gpd.points_from_xy([LON - 0.01, LON + 0.01], [LAT + 0.01, LAT + 0.012]),
        name_zh=["天宁实验小学", "局前街小学"], name_en=["Tianning School", ""], pupils=[1200, 950],
        kind=["public", "private"],
    )  # fmt: skip
    streets = frame([shapely.LineString([(LON - 0.02, LAT), (LON + 0.02, LAT)])])
    district = frame(
        [shapely.box(LON - 0.03, LAT - 0.03, LON + 0.03, LAT + 0.03)], name_zh=["天宁区"]
    )
    axis = frame([shapely.LineString([(LON - 0.02, LAT - 0.02), (LON + 0.02, LAT + 0.025)])],
                 name_zh=["发展轴"])  # fmt: skip
    layers = [
        access("小学", visible=True),
        access("药店", visible=False),
        cartography.vector_layer("streets", streets, name_zh="道路", name_en="Streets",
                            group="base", style="street", drawn_from=synthetic),
        gap("小学", visible=True),
        gap("药店", visible=False),
        cartography.vector_layer("district", district, name_zh="行政区", name_en="Districts",
                            group="boundaries", style="boundary", name_column="name_zh",
                            administrative=True),
        cartography.vector_layer("axis", axis, name_zh="轴", name_en="Axis", group="structure",
                            style="axis", name_column="name_zh", drawn_from="text"),
        cartography.vector_layer("schools", schools, name_zh="小学", name_en="Schools",
                            group="facilities", style="point", name_column="name_zh",
                            class_column="kind",
                            classes=[("public", "公办", "public", "#0072b2"),
                                     ("private", "民办", "private", "#e69f00")],
                            tooltip=[("pupils", "学生数", "Pupils", "count")]),
    ]  # fmt: skip
    rates = pd.DataFrame({
        "name_zh": ["小学", "药店", "公园"], "name_en": ["School", "Pharmacy", "Park"],
        "share": [0.8125, 0.5, np.nan], "layer": ["access_小学", "access_药店", ""],
    })  # fmt: skip
    gaps = frame([shapely.box(LON + 0.005, LAT - 0.015, LON + 0.006, LAT - 0.014)], name=["盲区甲"])
    tables = [
        cartography.data_table("rates", rates, title_zh="覆盖率", title_en="Coverage",
                          layer_column="layer",
                          columns=[("name_zh", "设施", "Facility", "text"),
                                   ("share", "覆盖率", "Covered", "share")]),
        cartography.data_table("gaps", gaps, title_zh="盲区清单", title_en="Gaps",
                          columns=[("name", "盲区", "Gap", "text")]),
    ]  # fmt: skip
    return layers, tables


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module", params=["leaflet", "maplibre"])
def renderer(request):
    return request.param


@pytest.fixture(scope="module")
def path(tmp_path_factory, renderer):
    layers, tables = content()
    page = drawn(
        layers, renderer, tables=tables, title_zh="常州设施覆盖", title_en="Changzhou coverage",
        headline_zh="81.3% 的居民可达小学", headline_en="81.3% of residents reach a school",
        notes=[("口径：步行 500 m", "Basis: 500 m on foot")],
        fields={"crs": "CGCS2000", "attribution": "© OpenStreetMap contributors"},
    )  # fmt: skip
    # What a Chinese desktop hands a browser: spaces, Chinese, # and % in the path.
    target = tmp_path_factory.mktemp("地图 #1 50%") / "图.html"
    webmap.write_map(page, target)
    return target


@pytest.fixture
def seen(browser, path):
    with opened(browser, path) as page:
        yield page


def legend(seen):
    return seen.page.locator("#legend").inner_text()


def row(seen, layer_id):
    return seen.page.locator(f'#layers [data-layer="{layer_id}"] input').first


def show(seen, layer_id):
    """Tick a layer, opening its group first if need be, as a reader would."""
    box = row(seen, layer_id)
    if not box.is_visible():
        seen.page.locator(f'#layers details:has([data-layer="{layer_id}"]) > summary').click()
    box.click()
    seen.page.wait_for_timeout(150)


def visible(seen):
    return seen.page.evaluate("visibleLayers().map((layer) => layer.id)")


def picture(seen):
    """What the map shows, with the number of pixels that have colour."""
    return seen.page.evaluate("""async () => {
        await stage.settled();
        const canvas = await stage.picture();
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return [data.filter((value, index) => index % 4 === 3 && value).length, canvas.toDataURL()];
    }""")


@pytest.mark.parametrize(("size", "name"), [(DESK, "desk"), (PHONE, "phone")])
def test_opens_without_network_or_complaint(browser, path, renderer, size, name):
    with opened(browser, path, size) as seen:
        seen.page.wait_for_timeout(300)
        ARTIFACTS.mkdir(exist_ok=True)
        seen.page.screenshot(path=ARTIFACTS / f"map-{name}-{renderer}.png")
        assert seen.requests == [path.as_uri()]
        assert seen.complaints == []
        assert seen.page.evaluate("CONTENT.renderer") == renderer
        assert picture(seen)[0] > 20_000
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert seen.page.evaluate(overflow) <= 0


def test_the_policy_stops_scripts_and_requests(seen):
    seen.page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "broken"';
        const image = new Image();
        image.src = 'https://example.org/a.png';
        document.body.append(script, image);
    }""")
    seen.page.wait_for_timeout(200)
    assert seen.page.title() == "常州设施覆盖"
    complaints = " ".join(seen.complaints)
    assert "a.png' violates the following Content Security Policy directive" in complaints
    assert "Executing inline script violates" in complaints


def test_says_what_it_is(seen):
    assert seen.page.inner_text("#title") == "常州设施覆盖"
    assert seen.page.inner_text("#headline") == "81.3% 的居民可达小学"
    assert "合成数据 SYNTHETIC" in seen.page.inner_text("#banner")
    foot = seen.page.inner_text("#foot")
    assert "审图号 未填写" in foot
    assert "© OpenStreetMap contributors" in foot
    assert "须送审" in foot
    assert re.search(r"\d+ k?m", seen.page.inner_text("#scale"))


def test_the_reminder_goes_with_the_boundaries(seen):
    show(seen, "district")
    assert "须送审" not in seen.page.inner_text("#foot")


def test_there_is_no_banner_without_synthetic_data(browser, tmp_path):
    layers, _ = content(synthetic="open_data")
    webmap.write_map(drawn(layers, title_zh="图"), tmp_path / "m.html")
    with opened(browser, tmp_path / "m.html") as seen:
        assert not seen.page.locator("#banner").is_visible()
        assert not seen.page.locator("#drawer").is_visible()


@pytest.mark.parametrize("layer", ["streets", "district", "axis", "schools"])
def test_layers_go_and_come_back(seen, layer):
    name = {"streets": "道路", "district": "行政区", "axis": "轴", "schools": "民办"}[layer]
    before = picture(seen)
    assert name in legend(seen)
    show(seen, layer)
    assert name not in legend(seen)
    assert layer not in visible(seen)
    assert picture(seen) != before
    show(seen, layer)
    assert name in legend(seen)
    assert picture(seen) == before


def test_one_theme_at_a_time(seen):
    show(seen, "access_药店")
    assert {"access_药店", "gap_药店"} <= set(visible(seen))
    assert not {"access_小学", "gap_小学"} & set(visible(seen))
    assert row(seen, "gap_药店").is_checked()
    assert "药店盲区" in legend(seen)
    assert sum(layer.startswith("access") for layer in visible(seen)) == 1


def test_an_exclusive_group_can_be_switched_off(seen):
    before = picture(seen)
    seen.page.locator("#layers details").first.get_by_text("不显示").click()
    assert not [layer for layer in visible(seen) if layer.startswith("access")]
    assert picture(seen)[0] < before[0]


def test_opacity(seen):
    before = picture(seen)
    seen.page.locator('#layers [data-layer="access_小学"] .opacity').fill("0.5")
    assert picture(seen)[0] == before[0]
    assert picture(seen) != before


def test_legend_gives_classes_and_amounts(seen):
    lines = legend(seen).splitlines()
    assert lines[lines.index("500 m 内") + 1] == "33.3%"
    assert lines[lines.index("公办") + 1] == "1"
    assert "不可达" in lines
    assert "示意" in lines


@pytest.mark.parametrize(
    ("east", "north", "words"),
    [
        (-0.01, 0.002, ["小学 · 步行 · 约 1"]),
        (0.003, 0.015, ["小学 · 步行 · 约 8"]),
        (-0.015, -0.005, ["小学 · 步行 · 不可达"]),
        (0.01, -0.01, ["小学盲区", "人口\t2.35 万人", "面积\t1.05 km²"]),
        (-0.01, 0.01, ["天宁实验小学", "学生数\t1,200"]),
        (0.0281, 0.0281, ["天宁区"]),
    ],
)
def test_tooltip_tells_what_is_there(seen, east, north, words):
    tip = seen.tip_at(LON + east, LAT + north)
    assert all(word in tip for word in words), tip


def test_no_tooltip_where_there_is_nothing(seen):
    assert seen.tip_at(LON + 0.035, LAT) == ""


def test_the_value_of_a_cell_is_near_the_true_one(seen):
    said = re.search(r"约 ([\d,]+) m", seen.tip_at(LON + 0.003, LAT + 0.015))[1]
    assert abs(float(said.replace(",", "")) - 900) <= 400 / 127 / 2 + 1


def test_language_changes_without_reload(seen):
    seen.page.click("#language-button")
    assert seen.page.title() == "Changzhou coverage"
    assert "81.3% of residents" in seen.page.inner_text("#headline")
    assert "Map review no. not stated" in seen.page.inner_text("#foot")
    assert "within 500 m" in legend(seen)
    assert "Pharmacy" in seen.page.inner_text("#sheet")
    assert seen.page.get_attribute("html", "lang") == "en"
    tip = seen.tip_at(LON - 0.01, LAT + 0.01)
    assert "Tianning School" in tip
    assert "Pupils\t1,200" in tip
    assert "局前街小学" in seen.tip_at(LON + 0.01, LAT + 0.012)  # has no English name
    seen.page.click("#language-button")
    assert seen.page.title() == "常州设施覆盖"
    assert len(seen.requests) == 1


def test_names_are_written_on_the_map(seen):
    assert "天宁区" in seen.page.locator("#labels").inner_text()
    show(seen, "district")
    assert "天宁区" not in seen.page.locator("#labels").inner_text()


def test_search_finds_and_shows(seen):
    show(seen, "schools")
    seen.page.fill("#search-words", "局前街")
    seen.page.locator("#search-found button").click()
    seen.page.wait_for_timeout(300)
    assert "schools" in visible(seen)
    centre = seen.page.evaluate("stage.view().centre")
    assert centre[0] == pytest.approx(LON + 0.01, abs=2e-4)
    assert centre[1] == pytest.approx(LAT + 0.012, abs=2e-4)
    assert "局前街小学" in seen.page.inner_text("#tip")
    seen.page.fill("#search-words", "没有这个")
    assert seen.page.inner_text("#search-found") == "没有找到"


def test_table_sorts_with_what_is_missing_last(seen):
    first = "#sheet tbody tr td:first-child"
    head = seen.page.locator("#sheet th button").nth(1)
    head.click()
    assert seen.page.locator(first).all_inner_texts() == ["药店", "小学", "公园"]
    head.click()
    assert seen.page.locator(first).all_inner_texts() == ["小学", "药店", "公园"]
    assert seen.page.locator("#sheet th").nth(1).get_attribute("aria-sort") == "descending"


def test_table_row_switches_its_layer_on(seen):
    seen.page.locator("#sheet tbody tr", has_text="药店").click()
    seen.page.wait_for_timeout(200)
    assert {"access_药店", "gap_药店"} <= set(visible(seen))


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_table_row_goes_to_its_place(seen, how):
    seen.page.locator("#tabs button", has_text="盲区清单").click()
    line = seen.page.locator("#sheet tbody tr")
    if how == "mouse":
        line.click()
    else:
        line.focus()
        seen.page.keyboard.press("Enter")
    seen.page.wait_for_timeout(500)
    centre = seen.page.evaluate("stage.view().centre")
    assert centre[0] == pytest.approx(LON + 0.0055, abs=2e-4)
    assert centre[1] == pytest.approx(LAT - 0.0145, abs=2e-4)


def test_notes_and_drawer(seen):
    seen.page.locator("#tabs button", has_text="说明与口径").click()
    assert seen.page.inner_text("#sheet") == "口径：步行 500 m"
    seen.page.locator("#tabs button", has_text="说明与口径").click()
    assert not seen.page.locator("#sheet").inner_text()


def test_everything_can_be_reached_with_the_keyboard(seen):
    reached = set()
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        reached.add(
            seen.page.evaluate("document.activeElement.tagName + document.activeElement.id")
        )
    assert {"BUTTONlanguage-button", "INPUTsearch-words", "TR", "SUMMARY"} <= reached
    assert {"DIVmap", "CANVAS"} & reached


def test_layers_on_a_phone(browser, path):
    with opened(browser, path, PHONE) as seen:
        assert not seen.page.locator("#panel").is_visible()
        seen.page.click("#layers-button")
        show(seen, "axis")
        assert "axis" not in visible(seen)
        seen.page.screenshot(path=ARTIFACTS / "map-phone-layers.png")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_shown_as_text(browser, renderer, tmp_path, words):
    places = frame(
        gpd.points_from_xy([LON, LON + 0.01], [LAT, LAT]), name=[words, words], word=words
    )
    layer = cartography.vector_layer(
        "x", places, name_zh=words, group="structure", style="core", name_column="name",
        tooltip=[("word", words, words, "text")], class_column="word",
        classes=[(words, words, words, "#b3261e")],
    )  # fmt: skip
    table = cartography.data_table(
        "t", places, title_zh=words, columns=[("word", words, words, "text")]
    )
    page = drawn([layer], renderer, title_zh=words, headline_zh=words, notes=[(words, words)],
                           tables=[table], fields={"author": words})  # fmt: skip
    webmap.write_map(page, tmp_path / "m.html")
    with opened(browser, tmp_path / "m.html") as seen:
        plain = " ".join(words.split())
        for place in ("#title", "#headline", "#layers", "#legend", "#sheet", "#tabs", "#foot",
                      "#labels"):  # fmt: skip
            assert plain in " ".join(seen.page.locator(place).inner_text().split()), place
        assert seen.page.title() == plain
        assert " ".join(seen.tip_at(LON, LAT).split()).count(plain) == 4
        seen.page.fill("#search-words", words[:9])
        assert plain in seen.page.locator("#search-found").inner_text()
        seen.page.locator("#search-found button").first.click()
        seen.page.click("#language-button")
        seen.page.wait_for_timeout(150)
        assert seen.complaints == []
        assert len(seen.requests) == 1
        assert seen.page.locator("img, svg").count() == 0


def test_a_large_layer_travels_compressed_and_draws_all_the_same(browser, tmp_path):
    spots = np.random.default_rng(4).uniform((LON, LAT), (LON + 0.04, LAT + 0.04), (12_000, 2))
    many = frame(gpd.points_from_xy(*spots.T), name=[f"第{number}处" for number in range(12_000)])
    layer = cartography.vector_layer(
        "many", many, name_zh="多", group="facilities", style="point", name_column="name"
    )
    page = drawn([layer], title_zh="图")
    assert "第77处" not in page
    webmap.write_map(page, tmp_path / "m.html")
    with opened(browser, tmp_path / "m.html") as seen:
        assert seen.page.evaluate("CONTENT.renderer") == "maplibre"
        assert picture(seen)[0] > 20_000
        assert re.match("第\\d+处", seen.tip_at(*spots[77]))


def test_without_webgl_the_map_is_drawn_and_says_why(browser, path, renderer):
    if renderer == "leaflet":
        pytest.skip("needs no WebGL")
    with without_webgl(browser) as other, opened(other, path) as seen:
        assert "WebGL" in seen.page.inner_text("#trouble")
        assert picture(seen)[0] > 20_000
        assert "小学 · 步行 · 约 1" in seen.tip_at(LON - 0.01, LAT + 0.002)
        seen.page.click("#language-button")
        assert "plain canvas" in seen.page.inner_text("#trouble")


@pytest.mark.parametrize(
    ("before", "told", "complains"),
    [
        ("delete window.DecompressionStream", "过旧", False),
        ("window.DecompressionStream = class { constructor() { throw new Error('no'); } };",
         "地图无法显示", True),
    ],
)  # fmt: skip
def test_without_a_map_the_rest_can_be_read(browser, path, renderer, before, told, complains):
    if renderer == "leaflet":
        pytest.skip("carries nothing that is packed")
    address = path.as_uri()
    with visited(browser, address, ready="html[data-ready=no]", before=before) as seen:
        page = seen.page
        assert told in page.inner_text("#trouble")
        assert page.inner_text("#title") == "常州设施覆盖"
        assert "审图号" in page.inner_text("#foot")
        assert page.locator("#sheet tbody tr").count() > 0
        page.locator("#sheet tbody tr").first.click()
        page.locator("#tabs button").last.click()
        page.click("#language-button")
        assert page.inner_text("#title") == "Changzhou coverage"
        assert not page.locator("#panel").is_visible()
        assert bool(seen.complaints) == complains


def test_no_two_scripts_define_the_same_name():
    names = []
    for script in sorted(Path(cartography.__file__).parents[1].glob("_web/*.js")):
        text = script.read_text(encoding="utf-8")
        names += re.findall(r"^(?:async )?function\*? (\w+)|^class (\w+)", text, re.MULTILINE)
        bound = r"^(?:const|let|var) (?:(\w+)|[\[{]([^\]}]*)[\]}])"
        for plain, several in re.findall(bound, text, re.MULTILINE):
            names += [(name, "") for name in [plain, *re.split(r"\W+", several)] if name]
    names = [one or other for one, other in names]
    assert len(names) > 200
    assert sorted({name for name in names if names.count(name) > 1}) == []


TILE = """([shapes, kind, tile]) => {
    const origin = [0, 0];
    const layer = { shapes, origin, kinds: kind.repeat(shapes.length), class_of: [], classes: [],
                    style: { color: "#123456" }, view: [-1, -1, 1, 1] };
    return [looksOnTile(layer, tile).map((look) => look.steps), [...encodedTile(layer, tile)]];
}"""


def steps(seen, shapes, kind, **tile):
    return seen.page.evaluate(TILE, [shapes, kind, tile])


@pytest.fixture(scope="module")
def drawn_large(browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("tiles") / "tiles.html"
    webmap.write_map(drawn(content()[0], "maplibre", title_zh="图"), path)
    with opened(browser, path, DESK) as seen:
        yield seen


def test_a_tile_holds_what_the_format_says(drawn_large):
    point = [0, 0]  # longitude and latitude 0 are the middle of the world: 2048 of 4096
    (found,), encoded = steps(drawn_large, [point], "p", z=0, x=0, y=0)
    assert found == [9, 4096, 4096]  # one step, twice 2048 as signs are folded
    feature = [18, 13, 18, 2, 0, 0, 24, 1, 34, 5, 9, 128, 32, 128, 32]
    head = [120, 2, 10, 3, *b"all", 40, 128, 32, 26, 5, *b"color", 34, 9, 10, 7, *b"#123456"]
    assert encoded == [26, len(head) + len(feature), *head, *feature]


def test_a_ring_turns_as_the_format_wants(drawn_large):
    degree = 1_000_000
    square = [0, 0, 45 * degree, 0, 0, 45 * degree, -45 * degree, 0, 0, -45 * degree]
    back = [0, 0, 0, 45 * degree, 45 * degree, 0, 0, -45 * degree, -45 * degree, 0]
    rings = []
    for ring in (square, back):
        (found,), _ = steps(drawn_large, [[[ring]]], "a", z=0, x=0, y=0)
        assert (found[0], found[3], found[-1]) == (9, 8 * 3 + 2, 15)
        places = np.array(found[1:3] + found[4:-1]).reshape(-1, 2)
        places = np.where(places % 2, -(places + 1) // 2, places // 2).cumsum(axis=0)
        x, y = places.T
        rings.append((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
    assert min(rings) > 0  # clockwise on a plane whose y goes down


def test_a_long_line_is_cut_and_a_straight_one_has_no_bends(drawn_large):
    line = [-90_000_000, 0, *[0, 0], *[60_000_000, 0], *[120_000_000, 0]]
    (found,), _ = steps(drawn_large, [[line]], "l", z=10, x=512, y=512)
    assert found == [9, 2 * 2048 - 1, 0, 10, 2 * (4096 + 2 * 2048), 0]
