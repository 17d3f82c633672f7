"""Files for QGIS and ArcGIS: what is in them, what they refuse, and what real QGIS sees."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import pytest
import rasterio
import shapely
from defusedxml import ElementTree

from spatialplan import cartography
from spatialplan.errors import InputError
from spatialplan.errors import OutputError
from spatialplan.gis import _write
from spatialplan.gis import write_gis
from spatialplan.gis._names import field_name
from spatialplan.gis._names import table_names
from spatialplan.gis._symbols import symbol
from spatialplan.plan import read_plan
from spatialplan.plan_map import plan_content

ARTIFACTS = Path(__file__).resolve().parent.parent / ".artifacts"
QGIS = Path(__file__).with_name("qgis_reads.py")
PYTHON_OF_THE_SYSTEM = "/usr/bin/python3"
LON, LAT = 119.97, 31.81
HOSTILE = "<img src=x onerror=alert(1)> & \"'\x01]]>"
KINDS = [("public", "公办", "public", "#0072b2"), ("private", "民办", "private", "#e69f00")]
CLASSES = [("500 m 内", "within 500 m", "#253494"), ("500 m 外", "beyond 500 m", "#ffffcc")]


def frame(geometry, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=4326)


def access():
    to_mercator = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
    corners = (*to_mercator.transform(LON - 0.02, LAT - 0.02),
               *to_mercator.transform(LON + 0.02, LAT + 0.02))  # fmt: skip
    return cartography.grid_layer(
        "access-school", [[120.0, 900.0], [np.inf, np.nan]], breaks=[500], classes=CLASSES,
        bounds_3857=corners, name_zh="小学 · 步行", name_en="School on foot", visible=True,
    )  # fmt: skip


def schools():
    table = frame(
        gpd.points_from_xy([LON - 0.01, LON + 0.01], [LAT + 0.01, LAT + 0.012]),
        name_zh=["天宁小学", HOSTILE], name_en=["Tianning", ""], kind=["public", "private"],
        pupils=[1200, 5_000_000_000], far=[np.inf, 3.5], gone=[np.nan, 1.0],
    )  # fmt: skip
    return cartography.vector_layer(
        "schools", table, name_zh="小学", name_en="Schools", group="facilities", style="point",
        name_column="name_zh", class_column="kind", classes=KINDS,
        tooltip=[("pupils", "学生", "Pupils", "count"), ("far", "最远", "Farthest", "m"),
                 ("gone", "缺", "Missing", "min"), ("name_zh", HOSTILE, "Name", "text")],
    )  # fmt: skip


def axis(style="axis", layer_id="axis", **options):
    line = frame([shapely.LineString([(LON - 0.02, LAT), (LON + 0.02, LAT + 0.01)])], name=["轴"])
    return cartography.vector_layer(
        layer_id, line, name_zh="发展轴", name_en="Axis", group="structure", style=style,
        name_column="name", **{"drawn_from": "text", **options},
    )  # fmt: skip


def mixed():
    shapes = [shapely.Point(LON, LAT), shapely.LineString([(LON, LAT), (LON + 0.01, LAT)]),
              shapely.box(LON, LAT, LON + 0.01, LAT + 0.01)]  # fmt: skip
    table = frame(shapes, name=["点", "线", "面"])
    return cartography.vector_layer(
        "混合", table, name_zh="混合", group="gaps", style="gap", name_column="name", visible=False
    )


def content(*, lang="zh"):
    street = frame([shapely.LineString([(LON - 0.02, LAT), (LON + 0.02, LAT)])])
    layers = [
        access(),
        cartography.vector_layer("street", street, name_zh="街", group="base", style="street"),
        mixed(),
        axis(),
        schools(),
    ]
    rates = cartography.data_table(
        "rates", schools_told(), title_zh="表",
        columns=[("name_zh", "名", "Name", "text"), ("share", "率", "Rate", "share")],
    )  # fmt: skip
    return cartography.map_content(
        layers, title_zh=f"图 {HOSTILE}", title_en="Map", notes=[("注", "note")], tables=[rates],
        fields={"attribution": "© OSM"}, lang=lang,
    )  # fmt: skip


def schools_told():
    return frame([None, None], name_zh=["甲", "乙"], name_en=["A", "B"], share=[0.5, np.nan])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("gis 常州 #1")
    write_gis(content(), made / "all.gpkg")
    write_gis(content(), made / "map.qgz")
    write_gis(content(), made / "map.gdb")
    return made


def rows(path, query):
    connection = sqlite3.connect(path)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


# names


def test_table_names_are_ascii_short_and_apart():
    names = table_names(["A b", "a-b", "gpkg_x", "layer_styles", "x" * 300, "中"])
    assert names == ["a_b", "a_b_2", "layer_gpkg_x", "layer_styles_2", "x" * 120, "layer"]


def test_field_names_are_apart_from_those_a_format_keeps():
    taken = []
    for label in ("FID", "面积 (m²)", "面积 (m²)", "", "shape"):
        taken.append(field_name(label, taken))
    assert taken == ["FID_2", "面积_m²", "面积_m²_2", "field", "shape_2"]


# tables


@pytest.mark.parametrize("name", ["all.gpkg", "map.gdb"])
def test_every_layer_is_a_table_of_one_kind(folder, name):
    found = dict(pyogrio.list_layers(folder / name))
    assert found.pop("layer_styles", None) is None
    assert found == {
        "street": "MultiLineString", "points": "Point", "lines": "MultiLineString",
        "areas": "MultiPolygon", "axis": "MultiLineString", "schools": "Point",
        "table_rates": None, "spatialplan": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["all.gpkg", "map.gdb"])
def test_values_keep_their_types_languages_and_gaps(folder, name):
    table = pyogrio.read_dataframe(folder / name, layer="schools")
    assert table.crs == 4326
    first, second = table.to_dict("records")
    assert first["name_zh"] == "天宁小学"
    assert first["name_en"] == "Tianning"
    assert second["name_zh"] == HOSTILE
    assert [first["class"], first["class_zh"], second["class_en"]] == [0, "公办", "private"]
    assert table["学生"].dtype == np.int64
    assert second["学生"] == 5_000_000_000
    assert np.isinf(first["最远_m"])
    assert np.isnan(first["缺_min"])
    assert second["img_src_x_onerror_alert_1"] == HOSTILE


@pytest.mark.parametrize("name", ["all.gpkg", "map.gdb"])
def test_marks_travel_with_the_rows(folder, name):
    assert pyogrio.read_dataframe(folder / name, layer="axis")["drawn_from"].to_list() == ["text"]


@pytest.mark.parametrize("name", ["all.gpkg", "map.gdb"])
def test_tables_and_what_the_map_says_of_itself(folder, name):
    rates = pyogrio.read_dataframe(folder / name, layer="table_rates")
    assert rates[["名", "名_en"]].to_numpy().tolist() == [["甲", "A"], ["乙", "B"]]
    about = pyogrio.read_dataframe(folder / name, layer="spatialplan")
    assert about["key"].to_list() == ["title", "attribution", "note"]
    assert about["text_zh"].to_list() == [f"图 {HOSTILE}", "© OSM", "注"]


def test_styles_stand_where_qgis_looks_for_them(folder):
    styles = rows(
        folder / "all.gpkg",
        "SELECT f_table_name, styleQML FROM layer_styles WHERE f_table_catalog = '' "
        "AND f_table_schema = '' AND f_geometry_column = 'geom' AND useAsDefault = 1",
    )
    assert len(styles) == 6
    (categories,) = ElementTree.fromstring(dict(styles)["schools"], forbid_dtd=False).iter(
        "categories"
    )
    assert [(one.get("value"), one.get("label")) for one in categories] == [
        ("0", "公办"), ("1", "民办"),
    ]  # fmt: skip


def test_titles_of_layers_bear_their_mark(folder):
    found = rows(folder / "all.gpkg", "SELECT table_name, description FROM gpkg_contents")
    assert dict(found)["axis"] == "发展轴（示意）"


# grids


def test_grids_are_pictures_with_the_colours_of_their_classes(folder):
    with rasterio.open(folder / "map_grids" / "grid_access_school.tif") as picture:
        assert picture.read(1).tolist() == [[0, 1], [2, 255]]
        colors = picture.colormap(1)
        assert [colors[number][:3] for number in range(3)] == [
            (0x25, 0x34, 0x94), (0xFF, 0xFF, 0xCC), (0x9A, 0x9A, 0x9A),
        ]  # fmt: skip
        assert picture.nodata == 255
        assert picture.crs == 3857
        assert np.allclose(picture.bounds, access()["bounds_3857"])
    names = (folder / "map_grids" / "grid_access_school.tif.aux.xml").read_text("utf-8")
    assert "<Category>500 m 内</Category>" in names


def test_grids_of_a_geopackage_are_in_it_in_their_colours(folder):
    with rasterio.open(f"GPKG:{folder / 'all.gpkg'}:GRID_ACCESS_SCHOOL") as picture:
        assert picture.read(1).tolist() == [[0, 1], [2, 255]]
        assert picture.colormap(1)[0] == (0x25, 0x34, 0x94, 255)
    found = rows(folder / "all.gpkg", "SELECT table_name, description FROM gpkg_contents")
    assert dict(found)["GRID_ACCESS_SCHOOL"] == "小学 · 步行"
    assert not (folder / "all_grids").exists()


# symbols


@pytest.mark.parametrize(
    ("kind", "style", "parts"),
    [
        ("p", {"symbol": "core"}, ["SimpleMarker", "SimpleMarker"]),
        ("p", {"symbol": "diamond"}, ["SimpleMarker"]),
        ("l", {"arrow": True}, ["SimpleLine", "MarkerLine", "MarkerLine"]),
        ("l", {"inlay": "#ffffff"}, ["SimpleLine", "SimpleLine"]),
        ("a", {"hatch": True}, ["SimpleFill", "LinePatternFill", "SimpleLine"]),
        ("a", {"weight": 0}, ["SimpleFill"]),
    ],
)
def test_symbols_have_the_parts_of_their_style(kind, style, parts):
    made = symbol("0", kind, {"color": "#000000", "weight": 1, **style}, "#000000")
    assert [part.get("class") for part in made] == parts


def test_pixels_become_millimetres_and_dashes_grow_with_the_line():
    made = symbol("0", "l", {"color": "#0072b2", "weight": 8, "dash": "12 6"}, "#0072b2")
    told = {one.get("name"): one.get("value") for one in made.iter("Option")}
    assert told["line_color"] == "0,114,178,255"
    assert told["line_width"] == "2.117"  # 8 px of 25.4 / 96 mm
    assert told["customdash"] == "6.350;3.175"  # twice as long: the line is twice 4 px wide


# the project


def test_the_project_names_nothing_outside_its_folder(folder):
    with zipfile.ZipFile(folder / "map.qgz") as packed:
        (name,) = packed.namelist()
        text = packed.read(name).decode()
    assert name == "map.qgs"
    sources = {one.text for one in ElementTree.fromstring(text).iter("datasource")}
    assert all(one.startswith(("./map.gpkg|layername=", "./map_grids/")) for one in sources)
    assert str(folder) not in text
    assert "http" not in text.replace("http://mrcc.com/qgis.dtd", "")


# what stands there already


def test_a_suffix_that_is_none_of_a_gis_is_refused(tmp_path):
    with pytest.raises(InputError) as caught:
        write_gis(content(), tmp_path / "map.shp")
    assert str(caught.value) == (
        f"{tmp_path / 'map.shp'}: cannot write .shp for a GIS; allowed: .gpkg, .qgz, .gdb"
    )


def test_layers_moved_to_the_datum_of_a_base_map_are_refused(tmp_path):
    with pytest.raises(InputError) as caught:
        write_gis({**small(), "tiles": {"datum": "gcj02"}}, tmp_path / "map.qgz")
    assert str(caught.value) == (
        f"{tmp_path / 'map.qgz'}: the layers were moved to gcj02; allowed: a map in WGS 84; "
        "leave out the base map"
    )


def small():
    return cartography.map_content([axis()], title_zh="图")


def test_a_foreign_geodatabase_is_not_replaced(tmp_path):
    own = tmp_path / "own.gdb"
    pyogrio.write_dataframe(
        frame([shapely.Point(LON, LAT)], a=[1]),
        own,
        driver="OpenFileGDB",
        layer_options={"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"},
    )
    before = sorted(path.name for path in own.iterdir())
    with pytest.raises(OutputError, match="which is not ours to replace"):
        write_gis(small(), own)
    assert sorted(path.name for path in own.iterdir()) == before


def test_our_own_geodatabase_is_replaced_unless_something_lies_in_it(tmp_path):
    target = tmp_path / "map.gdb"
    write_gis(small(), target)
    write_gis(small(), target)
    (target / "PC.1234.lock").touch()
    with pytest.raises(OutputError, match=r"the folder holds PC\.1234\.lock"):
        write_gis(small(), target)


def test_a_foreign_geopackage_beside_the_project_is_not_replaced(tmp_path):
    package = tmp_path / "map.gpkg"
    pyogrio.write_dataframe(frame([shapely.Point(LON, LAT)], a=[1]), package)
    before = package.read_bytes()
    with pytest.raises(OutputError) as caught:
        write_gis(small(), tmp_path / "map.qgz")
    assert str(caught.value) == (
        f"{package}: is in the way and not ours to replace; move it, or name another project"
    )
    assert package.read_bytes() == before
    assert not (tmp_path / "map.qgz").exists()


def test_our_own_project_is_replaced(tmp_path):
    write_gis(small(), tmp_path / "map.qgz")
    write_gis(small(), tmp_path / "map.qgz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.gpkg", "map.qgz"]


def test_an_incomplete_file_is_not_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(_write, "_add", lambda *_, **__: 7)
    with pytest.raises(OutputError, match=r"map\.gpkg: could not be written"):
        write_gis(small(), tmp_path / "map.gpkg")
    assert list(tmp_path.iterdir()) == []


# real QGIS


@pytest.fixture(scope="module")
def qgis():
    if (
        not Path(PYTHON_OF_THE_SYSTEM).exists()
        or subprocess.run(
            [PYTHON_OF_THE_SYSTEM, "-c", "import qgis.core"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("QGIS (python3-qgis) is not on this machine")

    def read(*arguments):
        done = subprocess.run(
            [PYTHON_OF_THE_SYSTEM, QGIS, *map(str, arguments)],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ""},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return read


@pytest.fixture(scope="module")
def project(qgis, folder, tmp_path_factory):
    moved = tmp_path_factory.mktemp("moved")
    for name in ("map.qgz", "map.gpkg", "map_grids"):
        shutil.move(folder / name, moved / name)
    ARTIFACTS.mkdir(exist_ok=True)
    told = qgis(moved / "map.qgz", ARTIFACTS / "qgis.png")
    for name in ("map.qgz", "map.gpkg", "map_grids"):
        shutil.move(moved / name, folder / name)
    return told


def test_qgis_opens_the_project_wherever_it_lies(project):
    assert project["opened"]
    assert project["title"] == f"图 {HOSTILE}".replace("\x01", " ")
    assert project["crs"] == "EPSG:4549"
    assert {one["valid"] for one in project["layers"].values()} == {True}
    west, _, east, _ = project["extent"]
    assert 3700 < east - west < 3900  # 0.04 degrees at this latitude


def test_qgis_sees_our_classes_and_colours(project):
    layers = project["layers"]
    found = layers["spatialplan_schools"]
    assert found["attribute"] == "class"
    assert found["classes"] == [["0", "公办", "#0072b2"], ["1", "民办", "#e69f00"]]
    assert found["aliases"][found["fields"].index("最远_m")] == "最远"
    grid = layers["spatialplan_grid_access_school"]
    assert grid["crs"] == "EPSG:3857"
    assert grid["classes"] == [[0.0, "500 m 内", "#253494"], [1.0, "500 m 外", "#ffffcc"],
                               [2.0, "不可达", "#9a9a9a"]]  # fmt: skip


def test_qgis_sees_names_labels_scales_and_opacity(project):
    found = project["layers"]["spatialplan_axis"]
    assert found["name"] == "发展轴（示意）"
    assert found["crs"] == "EPSG:4326"
    assert found["symbol"]["parts"] == ["SimpleLine", "MarkerLine", "MarkerLine"]
    assert found["symbol"]["color"] == "#d55e00"
    assert found["labels"]
    assert found["label"] == ['"name_zh"', 9.5]
    assert found["opacity"] == 0.65
    street = project["layers"]["spatialplan_street"]
    assert not street["labels"]
    assert street["scale"] == 72224  # zoom 13


def test_qgis_sees_groups_order_and_what_shows(project):
    groups = project["tree"][""]
    assert groups[0] == {"覆盖与可达": [["spatialplan_grid_access_school", True]],
                         "exclusive": True}  # fmt: skip
    assert groups[1]["服务盲区"][0] == ["spatialplan_points", False]
    order = project["order"]
    assert order[0] == "spatialplan_axis"  # the style puts it above the schools
    assert order[-1] == "spatialplan_grid_access_school"


def test_qgis_loads_the_style_out_of_the_geopackage(qgis, folder):
    found = qgis(folder / "all.gpkg", "schools")
    assert found["classes"] == [["0", "公办", "#0072b2"], ["1", "民办", "#e69f00"]]


def test_qgis_opens_a_plan(qgis, tmp_path):
    write_gis(plan_content([read_plan("tianning-outline")]), tmp_path / "plan.qgz")
    found = qgis(tmp_path / "plan.qgz", ARTIFACTS / "qgis_plan.png")
    assert len(found["layers"]) > 20
    assert {one["valid"] for one in found["layers"].values()} == {True}
