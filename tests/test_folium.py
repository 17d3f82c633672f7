"""The map of folium: what is in it, what it refuses, and its page with the network cut."""

from __future__ import annotations

import html
import json
import logging
import re

import folium
import folium.plugins
import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from browser import chromium

from spatialplan import cartography
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.webmap import _folium
from spatialplan.webmap._folium import folium_map
from spatialplan.webmap._folium_page import folium_page

LON, LAT = 119.97, 31.81
HOSTILE = "<img src=x onerror=alert(1)>"
BREAKERS = [HOSTILE, "</script><script>alert(1)</script>", "${alert(1)}", "`+alert(1)+`",
            "{{7*7}}", "\"'><svg onload=alert(1)>"]  # fmt: skip
CLASSES = [("500 m 内", "within 500 m", "#253494"), ("500 m 外", "beyond 500 m", "#ffffcc")]


def frame(geometry, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=4326)


def square(side=0.01):
    return shapely.box(LON - side, LAT - side, LON + side, LAT + side)


def access():
    to_mercator = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    corners = (*to_mercator.transform(LON - 0.02, LAT - 0.02),
               *to_mercator.transform(LON + 0.02, LAT + 0.02))  # fmt: skip
    return cartography.grid_layer(
        "access", [[120.0, 900.0], [np.inf, np.nan]], breaks=[500], classes=CLASSES,
        bounds_3857=corners, name_zh="步行", visible=True,
    )  # fmt: skip


def zone(text="甲区", layer_id="zone", **options):
    return cartography.vector_layer(
        layer_id, frame([square()], name=[text], note=[text], area=[1234.5]), name_zh=text,
        **{"group": "structure", "style": "zone", "name_column": "name",
           "tooltip": [("note", text, text, "text"), ("area", text, text, "m2")], **options},
    )  # fmt: skip


def content(*layers, title="图", **options):
    return cartography.map_content(layers, title_zh=title, **options)


def hostile_content(text):
    return content(
        access(), zone(text), title=text, headline_zh=text, notes=[(text, text)],
        fields={"attribution": text},
    )  # fmt: skip


def geojson(drawn):
    return [one for one in drawn._children.values() if isinstance(one, folium.GeoJson)]


# the map


def test_features_are_styled_by_a_script_that_reads_a_property():
    kinds = frame([square(), square()], kind=["b", "a"])
    classes = [("a", "甲", "A", "#111111"), ("b", "乙", "B", "#222222")]
    layer = cartography.vector_layer(
        "a", kinds, name_zh="甲", group="base", class_column="kind", classes=classes
    )
    (drawn,) = geojson(folium_map(content(layer)))
    looks = [feature["properties"]["look"] for feature in drawn.data["features"]]
    assert looks == ["a1", "a0"]
    script = str(drawn.options["style"])
    assert json.loads(re.search(r"\((\{.*\})\)$", script)[1])["a1"]["fillColor"] == "#222222"
    assert "switch" not in folium_map(content(layer)).get_root().render()


def test_values_are_text_with_their_units():
    row = {"m": 1234.5, "share": 0.125, "min": 7.25, "people": 12345.0, "gone": np.nan}
    row |= {"far": np.inf, "word": "住"}
    forms = ("m", "share", "min", "people", "m", "m", "text")
    columns = [(name, name, name, form) for name, form in zip(row, forms, strict=True)]
    table = frame([square()], **{name: [value] for name, value in row.items()})
    layer = cartography.vector_layer("a", table, name_zh="甲", group="base", tooltip=columns)
    (drawn,) = geojson(folium_map(content(layer)))
    values = list(drawn.data["features"][0]["properties"].values())[1:]
    assert values == ["1,234 m", "12.5%", "7.2 min", "12,345", "—", "不可达", "住"]


def test_layers_of_one_name_are_both_in_the_list():
    drawn = folium_map(content(zone(), zone(layer_id="other")))
    names = [layer.layer_name for layer in geojson(drawn)]
    assert names == ["空间结构 · 甲区", "空间结构 · 甲区 [other]"]


def test_grids_are_pictures_in_the_colours_of_their_classes():
    painted = _folium._colored(access())
    assert painted.tolist() == [
        [[0x25, 0x34, 0x94, 255], [0xFF, 0xFF, 0xCC, 255]],
        [[0x9A, 0x9A, 0x9A, 255], [0, 0, 0, 0]],
    ]
    drawn = folium_map(content(access()))
    (image,) = (
        one
        for one in drawn._children.values()
        if isinstance(one, folium.raster_layers.ImageOverlay)
    )
    assert np.allclose(image.bounds, [[LAT - 0.02, LON - 0.02], [LAT + 0.02, LON + 0.02]])


def test_the_map_has_no_tiles_and_a_largest_zoom():
    drawn = folium_map(content(zone()))
    assert drawn.options["maxZoom"] == 20
    assert not [one for one in drawn._children.values() if isinstance(one, folium.TileLayer)]


def test_the_opacity_of_a_layer_is_that_of_its_features():
    look = _folium._look({"weight": 2, "opacity": 0.5, "fill_opacity": 0.4}, "a", "#000000")
    assert (look["opacity"], look["fillOpacity"]) == (0.5, 0.2)


def test_many_features_are_warned_of_and_too_many_refused(monkeypatch, caplog):
    monkeypatch.setattr(_folium, "WARN_FEATURES", 0)
    with caplog.at_level(logging.WARNING):
        folium_map(content(zone()))
    assert caplog.messages == ["folium draws 1 features slowly; the renderer maplibre does not"]
    monkeypatch.setattr(_folium, "MOST_FEATURES", 0)
    with pytest.raises(LimitError) as caught:
        folium_map(content(zone()))
    assert str(caught.value) == (
        "folium: 1 features; allowed: 0; take the renderer leaflet or maplibre, or "
        "from Python force=True"
    )
    assert folium_map(content(zone()), force=True)


# the page as text


def test_page_links_to_nothing_and_holds_leaflet_only():
    page = folium_page(folium_map(hostile_content("甲")))
    assert not re.findall(r'<link|src="(?!data:)', page)
    assert "Leaflet 1.9" in page
    assert "jQuery" not in page
    assert "FontAwesome" not in page
    assert "default-src 'none'" in page
    assert len(page) < 250_000


@pytest.mark.parametrize("text", BREAKERS)
def test_text_reaches_no_markup(text):
    page = folium_page(folium_map(hostile_content(text)))
    markup = page[page.index("<body>") : page.index("</body>")]
    assert "<img" not in markup
    assert "<svg onload" not in markup
    title, heading = (re.search(f"<{tag}>(.*?)</{tag}>", page)[1] for tag in ("title", "h1"))
    assert title == heading
    assert html.unescape(heading) == text


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (lambda drawn: folium.TileLayer("OpenStreetMap").add_to(drawn),
         "folium map: loads tiles from https://tile.openstreetmap.org/{z}/{x}/{y}.png; "
         "allowed: no base map; leave it out, or save the map with folium"),
        (lambda drawn: folium.Marker([LAT, LON], icon=folium.Icon()).add_to(drawn),
         "folium map: needs https://cdnjs.cloudflare.com/ajax/libs/Leaflet.awesome-markers/"),
        (lambda drawn: folium.Marker([LAT, LON], popup="x").add_to(drawn),
         "folium map: needs https://code.jquery.com/jquery-"),
        (lambda drawn: folium.plugins.MiniMap().add_to(drawn),
         "folium map: needs https://cdnjs.cloudflare.com/ajax/libs/leaflet-minimap/"),
    ],
)  # fmt: skip
def test_what_needs_the_internet_is_refused(add, message):
    drawn = folium_map(content(zone()))
    add(drawn)
    with pytest.raises(InputError) as caught:
        folium_page(drawn)
    assert str(caught.value).startswith(message)


# the page in Chromium


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


def opened(browser, page_text, path):
    path.write_text(page_text, encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    page.wait_for_timeout(700)
    return page, requests, complaints


def at_centre(page):
    box = page.locator(".folium-map").bounding_box()
    page.mouse.move(box["width"] / 2 + 30, box["height"] / 2 + 30)
    page.mouse.move(box["width"] / 2 + 33, box["height"] / 2 + 33)
    page.wait_for_timeout(200)


def test_hostile_text_is_shown_as_text(browser, tmp_path):
    text = " ".join(BREAKERS)
    page_text = folium_page(folium_map(hostile_content(text)))
    page, requests, complaints = opened(browser, page_text, tmp_path / "map.html")
    at_centre(page)
    tip = page.locator(".leaflet-tooltip")
    assert tip.inner_text().count(text) == 5  # layer, name, two columns, one value
    assert "1,234 m²" in tip.inner_text()
    assert text in page.locator(".leaflet-control-layers").inner_text()
    assert page.locator("#legend").inner_text().count(text) == 5
    assert page.title() == text
    assert all(one.startswith(("file:", "data:")) for one in requests)
    assert complaints == []


def test_without_the_policy_too_nothing_runs(browser, tmp_path):
    """Escaping and the policy are two locks; each must hold alone."""
    page_text = folium_page(folium_map(hostile_content(HOSTILE)))
    bare = re.sub(r"<meta http-equiv=\"Content-Security-Policy\".*?>", "", page_text)
    page, _, complaints = opened(browser, bare, tmp_path / "map.html")
    at_centre(page)
    page.mouse.click(700, 400)
    page.wait_for_timeout(200)
    assert complaints == []
    assert page.locator("img[src=x]").count() == 0


def test_the_legend_follows_the_layers(browser, tmp_path):
    page_text = folium_page(folium_map(content(access(), zone(drawn_from="text"))))
    page, _, complaints = opened(browser, page_text, tmp_path / "map.html")
    legend = page.locator("#legend")
    assert "甲区（示意）" in legend.inner_text()
    assert "500 m 内 33.3%" in legend.inner_text()
    page.locator(".leaflet-control-layers label", has_text="甲区").locator("input").uncheck()
    assert "甲区" not in legend.inner_text()
    page.locator(".leaflet-control-layers label", has_text="甲区").locator("input").check()
    assert "甲区（示意）" in legend.inner_text()
    assert complaints == []
