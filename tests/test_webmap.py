"""The page as text: what goes into it, what it refuses, what it lets through."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import io
import json
import logging
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

from spatialplan import cartography
from spatialplan import webmap
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.webmap import _page

ROOT = Path(__file__).resolve().parent.parent
TWO = [("近", "near", "#253494"), ("远", "far", "#ffffcc")]
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${7*7}",
    "`+alert(1)+`",
    "\"'><svg onload=alert(1)>",
    "{{7*7}} \u2028 &lt;b&gt; <!-- ]]>",
]


def drawn(layers, **options):
    return webmap.draw_map(cartography.map_content(layers, **options))


def places(**columns):
    geometry = gpd.points_from_xy([119.97, 119.98], [31.81, 31.82])
    return gpd.GeoDataFrame({"name": ["甲", "乙"], **columns}, geometry=geometry, crs=4326)


def simple_layer(layer_id="a", **options):
    return cartography.vector_layer(layer_id, places(), name_zh="点", group="base", **options)


def grid(values, **options):
    standard = {"bounds_3857": (0, 0, 300, 200), "breaks": [500], "classes": TWO, "name_zh": "小学"}
    return cartography.grid_layer("g", values, **{**standard, **options})


def codes_of(layer):
    png = base64.b64decode(layer["png"].removeprefix("data:image/png;base64,"))
    with rasterio.MemoryFile(io.BytesIO(png)) as memory, memory.open() as picture:
        return picture.read(1)


def unpacked(run, origin):
    steps = np.array(run).reshape(-1, 2)
    return steps.cumsum(axis=0) / 1e6 + origin


def island(page):
    text = re.search(
        r'<script type="application/json" id="content">(.*?)</script>', page, re.DOTALL
    )
    return text[1]


# grids


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_grid_keeps_classes_exactly_and_values_nearly():
    values = np.random.default_rng(5).uniform(0, 2000, (40, 50))
    values[0, :4] = [500, np.nextafter(500, 501), np.inf, np.nan]
    layer = grid(values)
    codes = codes_of(layer)
    assert codes[0, 2:4].tolist() == [254, 255]
    known = np.isfinite(values)
    classes = np.array(layer["class_of_level"])[codes[known]]
    assert (classes == (values[known] > 500)).all()
    error = np.abs(np.array(layer["levels"])[codes[known]] - values[known])
    assert error.max() <= 1500 / 127 / 2 + 1


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_grid_counts_every_class_and_what_is_unreachable():
    layer = grid([[100, 500, 501], [np.inf, np.inf, np.nan]])
    assert [part["count"] for part in layer["classes"]] == [2, 1, 2]
    assert layer["classes"][-1]["label_en"] == "unreachable"
    assert codes_of(layer).shape == (2, 3)


@pytest.mark.parametrize("values", [[[np.nan]], [[np.inf]], [[0.0]], [[700.0]]])
def test_grid_of_one_kind_of_value(values):
    assert grid(values)["shape"] == [1, 1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"breaks": [500, 500]}, "layer g: breaks [500, 500]; allowed: finite numbers that rise"),
        ({"breaks": [500, 900]}, "layer g: 2 classes for 2 breaks; allowed: 3 classes"),
        ({"unit": "miles"}, "layer g: format 'miles'; allowed: text, number, count, people"),
    ],
)
def test_grid_refuses(changes, message):
    with pytest.raises(InputError, match=re.escape(message)):
        grid([[1.0]], **changes)


def test_grid_refuses_a_row():
    with pytest.raises(InputError, match=r"values of shape \(2,\); allowed: rows and columns"):
        grid([1.0, 2.0])


# vectors

HOLED = shapely.Polygon(
    [(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01)],
    [[(0.002, 0.002), (0.004, 0.002), (0.004, 0.004)]],
)


def test_shapes_come_back_to_a_tenth_of_a_metre():
    lines = shapely.MultiLineString([[(0.1, 0.1234567), (0.2, 0.3)], [(0.5, 0.5), (0.4, 0.45)]])
    areas = shapely.MultiPolygon([HOLED, shapely.box(0.02, 0.02, 0.03, 0.03)])
    frame = gpd.GeoDataFrame(
        {"name": ["l", "a", "p"]}, geometry=[lines, areas, shapely.Point(0.3, 0.2)], crs=4326
    )
    layer = cartography.vector_layer("x", frame, name_zh="x", group="base", name_column="name")
    assert layer["kinds"] == "lap"
    origin = layer["origin"]
    line, area, point = layer["shapes"]
    for part, truth in zip(line, lines.geoms, strict=True):
        assert np.allclose(unpacked(part, origin), truth.coords, atol=6e-7)
    assert [len(rings) for rings in area] == [2, 1]
    hole = unpacked(area[0][1], origin)
    assert np.allclose(hole, HOLED.interiors[0].coords, atol=6e-7)
    assert np.allclose(unpacked(point, origin), [[0.3, 0.2]], atol=6e-7)
    assert origin == [0, 0]


def test_metric_coordinates_become_degrees_and_the_input_stays():
    frame = places().to_crs(4549)
    before = frame.copy()
    layer = cartography.vector_layer("x", frame, name_zh="x", group="base")
    assert layer["origin"] == [119.97, 31.81]
    assert layer["view"] == pytest.approx([119.97, 31.81, 119.98, 31.82], abs=1e-4)
    assert frame.equals(before)


def test_one_straggler_does_not_decide_the_view():
    points = gpd.points_from_xy([*np.linspace(14.3, 14.5, 999), 20], [35.9] * 1000)
    layer = cartography.vector_layer("x", gpd.GeoDataFrame(geometry=points, crs=4326), name_zh="x",
                                group="base")  # fmt: skip
    assert layer["view"][2] < 14.51


def test_background_lines_of_a_class_become_one_feature():
    lines = [shapely.LineString([(i, 0), (i, 1)]) for i in range(6)]
    frame = gpd.GeoDataFrame({"kind": list("aabbbb")}, geometry=lines, crs=4326)
    classes = [("a", "甲", "A", "#111111"), ("b", "乙", "B", "#222222")]
    layer = cartography.vector_layer("x", frame, name_zh="x", group="base", style="street",
                                class_column="kind", classes=classes)  # fmt: skip
    assert (layer["kinds"], layer["class_of"]) == ("ll", [0, 1])
    assert [len(shape) for shape in layer["shapes"]] == [2, 4]
    assert [part["count"] for part in layer["classes"]] == [2, 4]


def test_values_travel_with_their_languages_and_gaps():
    frame = places(share=[np.nan, np.inf], name_zh=["学校", "公园"], name_en=["School", "Park"])
    layer = cartography.vector_layer(
        "x", frame, name_zh="x", group="base", name_column="name_zh",
        tooltip=[("share", "率", "Share", "share"), ("name", "名", "Name", "text")],
    )  # fmt: skip
    assert layer["rows"] == [[None, "甲"], ["inf", "乙"]]
    assert layer["names"] == [["学校", "School"], ["公园", "Park"]]


def test_rows_without_geometry_are_counted_and_not_drawn():
    frame = places()
    frame.loc[1, "geometry"] = None
    layer = cartography.vector_layer("x", frame, name_zh="x", group="base", name_column="name")
    assert (layer["count"], layer["not_drawn"], layer["names"]) == (1, 1, ["甲"])


@pytest.mark.parametrize("style", ["point", "gap", "boundary"])
def test_an_empty_table_is_a_layer_with_nothing(style):
    layer = cartography.vector_layer(
        "x", places().iloc[:0], name_zh="x", group="gaps", style=style, name_column="name"
    )
    assert (layer["count"], layer["view"], layer["shapes"]) == (0, None, [])


def test_names_are_written_inside_areas_and_halfway_along_lines():
    crooked = shapely.LineString([(0, 0), (0.4, 0), (0.4, 0.2)])
    frame = gpd.GeoDataFrame({"n": ["l", "a", "p"]}, crs=4326,
                             geometry=[crooked, HOLED, shapely.Point(1, 2)])  # fmt: skip
    layer = cartography.vector_layer("x", frame, name_zh="x", group="base", style="core",
                                name_column="n")  # fmt: skip
    assert layer["anchors"][0] == [0.3, 0]
    assert HOLED.contains(shapely.Point(layer["anchors"][1]))
    assert layer["anchors"][2] == [1, 2]


def test_a_line_of_loose_parts_still_has_a_place_for_its_name():
    loose = shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 5), (6, 5)]])
    frame = gpd.GeoDataFrame({"n": ["l"]}, geometry=[loose], crs=4326)
    layer = cartography.vector_layer(
        "x", frame, name_zh="x", group="base", style="axis", name_column="n"
    )
    assert loose.distance(shapely.Point(layer["anchors"][0])) == 0


def test_the_layer_takes_the_worst_origin_of_its_rows():
    frame = places(drawn_from=["open_data", "synthetic"])
    assert (
        cartography.vector_layer("x", frame, name_zh="x", group="base")["drawn_from"] == "synthetic"
    )
    given = cartography.vector_layer("x", places(), name_zh="x", group="base", drawn_from="text")
    assert given["drawn_from"] == "text"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"style": "neon"}, "map style: 'neon'; allowed: point, line, area"),
        ({"style": {"like": "point", "colour": "red"}}, "map style: unknown key 'colour'; allowed"),
        ({"tooltip": [("no", "无", "no", "text")]}, "layer a: no column 'no'; allowed: name"),
        ({"name_column": "no"}, "layer a: no column 'no'; allowed: name"),
        ({"class_column": "no"}, "layer a: no column 'no'; allowed: name"),
        ({"class_column": "name", "classes": [("甲", "甲", "A", "#111111")]},
         "layer a: name '乙' has no class; allowed: 甲"),
    ],
)  # fmt: skip
def test_vector_refuses(options, message):
    with pytest.raises(InputError, match=re.escape(message)):
        cartography.vector_layer("a", places(), **{"name_zh": "x", "group": "base", **options})


def test_vector_refuses_a_table_without_coordinate_system():
    with pytest.raises(CRSError, match="layer a: the table has no coordinate system; declare it"):
        cartography.vector_layer("a", places().set_crs(None, allow_override=True), name_zh="x",
                            group="base")  # fmt: skip


def test_vector_refuses_a_collection():
    frame = gpd.GeoDataFrame(geometry=[shapely.GeometryCollection([shapely.Point(0, 0)])], crs=4326)
    with pytest.raises(InputError, match="layer a: geometry GeometryCollection; allowed: points"):
        cartography.vector_layer("a", frame, name_zh="x", group="base")


# tables


def test_table_rows_know_where_they_are():
    frame = places(layer=["a", "b"]).to_crs(4549)
    table = cartography.data_table("t", frame, title_zh="表", layer_column="layer",
                              columns=[("name", "名", "Name", "text")])  # fmt: skip
    assert table["layers"] == ["a", "b"]
    assert table["bounds"][0] == [119.97, 31.81, 119.97, 31.81]


def test_table_row_without_geometry_has_no_bounds():
    frame = places()
    frame.loc[0, "geometry"] = None
    columns = [("name", "名", "Name", "text")]
    assert cartography.data_table("t", frame, title_zh="表", columns=columns)["bounds"][0] is None


def test_table_refuses_a_column_that_is_not_there():
    with pytest.raises(InputError, match="table t: no column 'b'; allowed: a"):
        cartography.data_table("t", pd.DataFrame({"a": [1]}), title_zh="表",
                          columns=[("b", "乙", "B", "count")])  # fmt: skip


# the page


def test_policy_allows_exactly_the_scripts_and_styles_of_the_page():
    page = drawn([simple_layer()], title_zh="图")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src &#39;none&#39;; img-src data: blob:;")
    assert "connect-src" not in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        texts = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(texts) == 2
        for text in texts:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"sha256-{digest}" in policy.replace("&#43;", "+")


@pytest.mark.parametrize("renderer", ["leaflet", "maplibre"])
def test_page_refers_to_nothing_outside(renderer):
    content = cartography.map_content([simple_layer()], title_zh="图")
    page = webmap.draw_map(content, renderer=renderer)
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"\b(src|href|action)\s*=", markup)
    assert "sourceMappingURL" not in page
    assert not re.search(r"url\([\"']?(?!data:)[^\"']", page.split("<body>")[0])


@pytest.mark.parametrize("text", HOSTILE)
def test_text_cannot_leave_the_data(text):
    frame = places(word=[text, text])
    layer = cartography.vector_layer("x", frame, name_zh=text, group="base", name_column="word")
    page = drawn([layer], title_zh=text, notes=[(text, text)])
    assert not set(island(page)) & set("<>&\u2028\u2029")
    content = json.loads(island(page))
    assert content["title_zh"] == text
    assert content["layers"][0]["names"] == [text, text]
    heading = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
    assert not set(heading) & set("<>")


def test_page_carries_the_licence_of_what_it_contains():
    content = cartography.map_content([simple_layer()], title_zh="图")
    assert "Volodymyr Agafonkin" in webmap.draw_map(content)
    assert "MapLibre contributors" not in webmap.draw_map(content)
    assert "MapLibre contributors" in webmap.draw_map(content, renderer="maplibre")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lang": "fr"}, "map: language 'fr'; allowed: zh, en"),
        ({"fields": {"editor": "x"}}, "map: field 'editor'; allowed: review_number, base_map"),
        ({"layers": []}, "map: no layers"),
        ({"layers": [{**simple_layer(), "group": "x"}]}, "layer a: group 'x'; allowed: coverage"),
        ({"layers": [simple_layer(), simple_layer()]}, "map: layer id 'a' twice"),
        ({"tables": [{"id": "t"}, {"id": "t"}]}, "map: table id 't' twice"),
    ],
)
def test_page_refuses(options, message):
    layers = options.pop("layers", [simple_layer()])
    with pytest.raises(InputError, match=re.escape(message)):
        drawn(layers, title_zh="图", **options)


def test_a_large_page_names_its_largest_layer(monkeypatch, caplog):
    monkeypatch.setattr(_page, "WARN_BYTES", 1000)
    big = cartography.vector_layer("big", places(), name_zh="很大" * 5000, group="base")
    with caplog.at_level(logging.WARNING):
        drawn([simple_layer("small"), big], title_zh="图")
    assert "layer 'big' takes" in caplog.text


def many_places(count):
    geometry = gpd.points_from_xy(119.9 + np.arange(count) / 1e5, [31.8] * count)
    frame = gpd.GeoDataFrame({"name": [f"第{number}处" for number in range(count)]},
                             geometry=geometry, crs=4326)  # fmt: skip
    return cartography.vector_layer("many", frame, name_zh="多", group="base", name_column="name")


@pytest.mark.parametrize(
    ("count", "options", "entries", "words"),
    [
        (5000, {}, {}, "drawn by leaflet: 5,000 features, 5,000 vertices"),
        (5001, {}, {}, "drawn by maplibre: 5,001 features, 5,001 vertices"),
        (1, {}, {"router": {}}, "drawn by maplibre: the page answers clicks"),
        (5001, {"renderer": "leaflet"}, {}, "drawn by leaflet: as asked for"),
    ],
)
def test_the_log_says_who_draws_and_why(caplog, count, options, entries, words):
    content = cartography.map_content([many_places(count)], title_zh="图")
    with caplog.at_level(logging.INFO):
        webmap.draw_map({**content, **entries}, **options)
    assert words in caplog.text


def test_vertices_of_lines_count_too(caplog):
    line = shapely.LineString(np.column_stack([np.linspace(0, 1, 100_001), np.zeros(100_001)]))
    frame = gpd.GeoDataFrame(geometry=[line], crs=4326)
    layer = cartography.vector_layer("x", frame, name_zh="x", group="base")
    with caplog.at_level(logging.INFO):
        drawn([layer], title_zh="图")
    assert "drawn by maplibre: 1 features, 100,001 vertices" in caplog.text


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (None, "NoneType"),
        (pd.DataFrame({"x": [1]}), "DataFrame"),
        ({"layers": []}, "list"),
        ({"a": pd.DataFrame({"x": [1]})}, "DataFrame"),
    ],
)
def test_what_is_no_content_and_no_table_is_refused(given, what):
    with pytest.raises(InputError, match=f"map: {what} cannot be drawn; allowed: a content"):
        webmap.draw_map(given)


def test_a_table_may_be_called_layers():
    homes = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=4326)
    assert '"name_zh":"layers"' in webmap.draw_map({"layers": homes})


def test_a_renderer_that_is_not_there_is_refused():
    content = cartography.map_content([simple_layer()], title_zh="图")
    with pytest.raises(InputError, match="map: renderer 'flash'; allowed: auto, leaflet, maplibre"):
        webmap.draw_map(content, renderer="flash")


def test_the_bulk_of_a_large_page_travels_compressed():
    layer = many_places(9000)
    page = drawn([layer], title_zh="图")
    packed = re.search(r'<script type="text/plain" id="packed">([^<]*)</script>', page)[1]
    (bulk,) = json.loads(gzip.decompress(base64.b64decode(packed)))
    assert bulk["names"] == layer["names"]
    (rest,) = json.loads(island(page))["layers"]
    assert {**rest, **bulk} == json.loads(json.dumps(layer))
    assert page == drawn([layer], title_zh="图")


def test_a_large_library_travels_compressed_and_runs_under_its_hash():
    content = cartography.map_content([simple_layer()], title_zh="图")
    page = webmap.draw_map(content, renderer="maplibre")
    (packed,) = re.findall(r'<script type="text/plain" data-library>([^<]*)</script>', page)
    text = gzip.decompress(base64.b64decode(packed)).decode()
    assert "maplibregl" in text
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"sha256-{digest}" in html.unescape(page)


def test_a_small_page_is_plain_text():
    assert 'id="packed"' not in drawn([simple_layer()], title_zh="图")


def test_written_page_is_the_page(tmp_path):
    page = drawn([simple_layer()], title_zh="图")
    webmap.write_map(page, tmp_path / "图 1.html")
    assert (tmp_path / "图 1.html").read_text(encoding="utf-8") == page


def test_read_style_gives_a_copy():
    cartography.read_style()["palettes"].clear()
    assert len(cartography.read_style()["palettes"]["distance"]) == 5


def test_every_word_is_there_in_both_languages():
    style = cartography.read_style()
    for words in (*style["words"].values(), *style["fields"].values()):
        assert words["zh"]
        assert words["en"]
    viewer = "".join(path.read_text("utf-8") for path in (ROOT / "spatialplan/_web").glob("*.js"))
    assert set(re.findall(r'word\("(\w+)"\)', viewer)) <= set(style["words"])
