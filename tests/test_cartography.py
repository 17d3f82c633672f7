"""Layers as tables and grids again, and content of plain tables."""

from __future__ import annotations

import base64
import io

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from geopandas.testing import assert_geodataframe_equal

from spatialplan import cartography
from spatialplan.errors import CRSError
from spatialplan.errors import InputError

LON, LAT = 119.97, 31.81
TWO = [("近", "near", "#253494"), ("远", "far", "#ffffcc")]
HOLED = shapely.Polygon(
    [(LON, LAT), (LON + 0.04, LAT), (LON + 0.04, LAT + 0.04), (LON, LAT + 0.04)],
    [[(LON + 0.01, LAT + 0.01), (LON + 0.02, LAT + 0.01), (LON + 0.02, LAT + 0.02)]],
)
LINE = shapely.LineString([(LON, LAT), (LON + 0.01, LAT + 0.02), (LON + 0.03, LAT)])
SHAPES = {
    "point": shapely.Point(LON, LAT),
    "line": LINE,
    "two lines": shapely.MultiLineString([LINE, shapely.affinity.translate(LINE, 0.1)]),
    "holed": HOLED,
    "two areas": shapely.MultiPolygon([HOLED, shapely.affinity.translate(HOLED, 0.1)]),
}


def table(shapes=SHAPES, **columns):
    exact = shapely.transform(list(shapes.values()), lambda xy: xy.round(6))
    return gpd.GeoDataFrame(columns, geometry=exact, crs=4326)


def points(**columns):
    count = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(
        columns, geometry=gpd.points_from_xy([LON] * count, np.arange(count) / 100 + LAT), crs=4326
    )


def layer_of(frame, **options):
    return cartography.vector_layer("a", frame, **{"name_zh": "甲", "group": "base", **options})


def grid_of(values, breaks=(500,), **options):
    usual = {"bounds_3857": (0, 0, 300, 200), "classes": TWO, "name_zh": "小学"}
    return cartography.grid_layer("g", values, breaks=breaks, **{**usual, **options})


# vector layers


def test_shapes_with_holes_and_parts_come_back():
    frame = table(name_zh=list(SHAPES))
    back = cartography.layer_frame(layer_of(frame, name_column="name_zh"))
    assert_geodataframe_equal(back[["name_zh", "geometry"]], frame[["name_zh", "geometry"]])
    assert len(back.geometry.iloc[3].interiors) == 1
    assert len(back.geometry.iloc[4].geoms) == 2


def test_names_come_back_in_two_languages():
    frame = points(name_zh=["小学", "", None], name_en=["School", "Park", None])
    back = cartography.layer_frame(layer_of(frame, name_column="name_zh"))
    assert back["name_zh"].to_list() == ["小学", "", ""]
    assert back["name_en"].to_list() == ["School", "Park", ""]


def test_classes_and_values_come_back():
    frame = points(kind=["b", "a"], far=[120.0, np.inf])
    classes = [("a", "甲", "A", "#000000"), ("b", "乙", "B", "#ffffff")]
    layer = layer_of(frame, class_column="kind", classes=classes, tooltip=[("far", "远", "", "m")])
    back = cartography.layer_frame(layer)
    assert back["class"].to_list() == [1, 0]
    assert back["row"].to_list() == [[120], ["inf"]]


def test_background_has_no_class_though_it_is_merged():
    back = cartography.layer_frame(layer_of(table()))
    assert back["class"].to_list() == [-1] * 3  # a point, the lines, the areas
    assert back["row"].to_list() == [[]] * 3


def test_an_empty_layer_is_an_empty_table():
    back = cartography.layer_frame(layer_of(table().iloc[:0]))
    assert len(back) == 0
    assert back.crs == 4326


def test_a_title_bears_the_mark_of_what_is_drawn():
    for origin, zh, en in (
        ("text", "甲（示意）", "A (schematic)"),
        ("synthetic", "甲（合成）", "A (synthetic)"),
        ("open_data", "甲", "A"),
    ):
        layer = layer_of(points(x=[1]), name_en="A", drawn_from=origin)
        for lang, title in (("zh", zh), ("en", en)):
            content = cartography.map_content([layer], title_zh="图", lang=lang)
            assert cartography.layer_title(layer, content) == title


# grids


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_cells_are_those_another_reader_finds_in_the_picture():
    values = np.random.default_rng(7).uniform(0, 2000, (40, 60))
    values[3, 4], values[5, 6] = np.nan, np.inf
    layer = grid_of(values, breaks=[300, 500, 1000], classes=[*TWO, *TWO])
    png = base64.b64decode(layer["png"].removeprefix("data:image/png;base64,"))
    with rasterio.MemoryFile(io.BytesIO(png)) as memory, memory.open() as picture:
        codes = picture.read(1)
    back, classes = cartography.layer_cells(layer)
    known = codes < 254
    assert (back[known] == np.array(layer["levels"])[codes[known]]).all()
    assert (classes[known] == np.array(layer["class_of_level"])[codes[known]]).all()
    assert np.isnan(back[3, 4])
    assert np.isinf(back[5, 6])


def test_cells_keep_their_class_exactly_and_their_value_nearly():
    values = np.array([[0.0, 500.0, 500.1], [1000.0, np.inf, np.nan]])
    back, classes = cartography.layer_cells(grid_of(values))
    assert classes.tolist() == [[0, 0, 1], [1, 2, -1]]
    known = np.isfinite(values)
    assert np.abs(back[known] - values[known]).max() < 1000 / 250


# content of plain tables


def only_layer(frame, **options):
    (layer,) = cartography.frame_content(frame, **options)["layers"]
    return layer


def told(layer):
    return [(part["label_en"], part["count"]) for part in layer["classes"]]


def test_numbers_become_five_classes_of_equal_counts():
    layer = only_layer(points(people=np.arange(1, 101)), column="people")
    assert told(layer) == [("≤ 20.8", 20), ("20.8 – 40.6", 20), ("40.6 – 60.4", 20),
                           ("60.4 – 80.2", 20), ("> 80.2", 20)]  # fmt: skip
    colors = [part["color"] for part in layer["classes"]]
    assert colors == cartography.read_style()["palettes"]["share"]


def test_few_numbers_have_a_class_each_and_what_is_missing_too():
    layer = only_layer(points(level=[3.0, 1.0, np.nan, np.inf, 3.0]), column="level")
    assert told(layer) == [("1", 1), ("3", 2), ("unreachable", 1), ("no data", 1)]


def test_limits_that_fall_together_are_one():
    layer = only_layer(points(x=1000 + np.arange(10) / 1e4), column="x")
    assert told(layer) == [("≤ 1,000", 1), ("> 1,000", 9)]


def test_texts_become_hues_the_most_frequent_first():
    layer = only_layer(points(kind=["b", "a", "b", None]), column="kind")
    assert told(layer) == [("b", 2), ("a", 1), ("no data", 1)]
    assert layer["classes"][0]["color"] == cartography.read_style()["palettes"]["hues"][0]


def test_flags_are_texts():
    assert told(only_layer(points(open=[True, False, True]), column="open")) == [
        ("True", 2),
        ("False", 1),
    ]


def test_names_head_the_tooltip_and_the_other_columns_follow():
    frame = points(name_zh=["甲"], name_en=["A"], length_m=[5.0], use_zh=["住"], use_en=["home"])
    layer = only_layer(frame)
    assert layer["names"] == [["甲", "A"]]
    heads = [(head["label_zh"], head["format"]) for head in layer["columns"]]
    assert heads == [("length_m", "m"), ("use", "text")]
    assert layer["rows"] == [[5, ["住", "home"]]]


def test_the_shape_decides_the_style():
    styles = [only_layer(table({"x": SHAPES[kind]}))["style"] for kind in ("line", "holed")]
    known = cartography.read_style()["styles"]
    assert styles == [known["line"], known["area"]]


def test_the_origin_of_the_geometry_travels():
    assert only_layer(points(drawn_from=["open_data", "text"]))["drawn_from"] == "text"


def test_several_tables_are_layers_by_name_in_their_order():
    frames = {"下": points(x=[1.0]), "上": points(y=[1.0])}
    content = cartography.frame_content(frames, column="x", title_zh="图")
    assert [layer["name_zh"] for layer in content["layers"]] == ["下", "上"]
    assert [len(layer["classes"]) for layer in content["layers"]] == [1, 0]


def test_the_table_stays_as_it_was():
    frame = points(x=[1.0, 2.0])
    before = frame.copy()
    cartography.frame_content(frame, column="x")
    assert_geodataframe_equal(frame, before)


@pytest.mark.parametrize(
    ("frames", "options", "message"),
    [
        ({}, {}, "map: no layers; give at least one layer"),
        (points(x=[1]), {"column": "y"}, "map: no column 'y'; allowed: x, geometry"),
        ({"a": pd.concat([points(x=[1]), pd.DataFrame({"x": [2]})], axis=1)}, {},
         "map: a has the column 'x' twice; rename or drop one"),
    ],
)  # fmt: skip
def test_plain_tables_refused(frames, options, message):
    with pytest.raises(InputError) as caught:
        cartography.frame_content(frames, **options)
    assert str(caught.value) == message


def test_of_many_texts_the_most_frequent_have_hues_of_their_own():
    texts = [*"abcdefghi", *"cdefghi", None]
    (layer,) = cartography.frame_content(points(x=texts), column="x")["layers"]
    told = [(part["label_en"], part["count"]) for part in layer["classes"]]
    assert told == [*((word, 2) for word in "cdefghi"), ("2 more kinds", 2), ("no data", 1)]


def test_a_plain_table_without_coordinate_system_is_refused():
    with pytest.raises(CRSError, match="the table has no coordinate system"):
        cartography.frame_content(points(x=[1]).set_crs(None, allow_override=True))


def test_the_legend_of_a_grid_tells_people_where_they_are_known():
    options = {"bounds_3857": (0, 0, 300, 200), "breaks": [500], "name_zh": "小学",
               "classes": [("近", "near", "#253494"), ("远", "far", "#ffffcc")]}  # fmt: skip
    cells = [[120.0, 900.0], [np.inf, 900.0]]
    plain = cartography.grid_layer("g", cells, **options)
    assert cartography.amount_key(plain) == "count"
    assert cartography.class_amounts(plain) == ["25.0%", "50.0%", "25.0%"]
    lived = cartography.grid_layer("g", cells, people=[30.0, 10.0, 0.0], **options)
    assert cartography.amount_key(lived) == "people"
    assert cartography.class_amounts(lived) == ["75.0%", "25.0%", "0.0%"]
    with pytest.raises(InputError, match="layer g: people of 2 classes; allowed: 3"):
        cartography.grid_layer("g", cells, people=[30.0, 10.0], **options)
