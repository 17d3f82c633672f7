"""Facilities and areas, from OpenStreetMap and from users' files."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from spatialplan import crs
from spatialplan import places
from spatialplan.categories import read_categories
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.places._mapping import read_mapping

METRIC = pyproj.CRS.from_epsg(4549)
MALTA = crs.metric_crs(14.4, 35.9)

SQUARE = """<node id="{0}1" lat="31.80" lon="119.90"/><node id="{0}2" lat="31.80" lon="119.901"/>
<node id="{0}3" lat="31.801" lon="119.901"/><node id="{0}4" lat="31.801" lon="119.90"/>"""


def osm_file(folder, *objects):
    """Write objects as nodes or, where the first item is "area", as closed ways."""
    nodes, ways = [], []
    for number, (kind, tags) in enumerate(objects, start=1):
        marks = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        if kind == "area":
            nodes.append(SQUARE.format(number))
            refs = "".join(f'<nd ref="{number}{corner}"/>' for corner in (1, 2, 3, 4, 1))
            ways.append(f'<way id="{number}">{refs}{marks}</way>')
        else:
            nodes.append(f'<node id="{number}" lat="31.8005" lon="119.9005">{marks}</node>')
    path = folder / "a.osm"
    path.write_text(f"<osm version='0.6'>{''.join(nodes + ways)}</osm>", encoding="utf-8")
    return path


def categories_of(folder, kind, **tags):
    named = {key.replace("__", ":"): value for key, value in tags.items()}
    found = places.read_facilities(osm_file(folder, (kind, named)), crs=METRIC)
    return sorted(found["category"])


@pytest.mark.parametrize(
    ("kind", "tags", "expected"),
    [
        ("node", {"amenity": "kindergarten"}, ["kindergarten"]),
        ("node", {"amenity": "school", "name": "实验小学"}, ["primary_school"]),
        ("node", {"amenity": "school", "name": "第二初级中学"}, ["junior_middle_school"]),
        ("node", {"amenity": "school", "name": "第一中学"}, ["junior_middle_school"]),
        ("node", {"amenity": "school", "name": "省常州高级中学"}, []),
        ("node", {"amenity": "school", "isced__level": "1;2"},
         ["junior_middle_school", "primary_school"]),
        ("node", {"amenity": "school", "isced__level": "3", "name": "x小学"}, []),
        ("node", {"amenity": "school"}, ["junior_middle_school", "primary_school"]),
        ("node", {"amenity": "school", "disused": "yes"}, []),
        ("node", {"leisure": "park"}, []),
        ("area", {"leisure": "park"}, ["park"]),
        ("area", {"leisure": "park", "access": "private"}, []),
        ("area", {"leisure": "garden"}, []),
        ("area", {"leisure": "garden", "name": "红梅"}, ["park"]),
        ("area", {"leisure": "pitch", "sport": "soccer"}, ["football_pitch", "sports_field_large"]),
        ("node", {"leisure": "pitch"}, []),
        ("node", {"building": "yes"}, []),
    ],
)  # fmt: skip
def test_osm_tags(tmp_path, kind, tags, expected):
    assert categories_of(tmp_path, kind, **tags) == expected


def test_osm_facilities_table(tmp_path):
    park = ("area", {"leisure": "park", "name": "Park", "name:zh": "公园"})
    found = places.read_facilities(osm_file(tmp_path, park, ("node", {"amenity": "school"})),
                                   crs=METRIC)  # fmt: skip
    row = found.loc["w1:park"]
    assert (row["name_zh"], row["drawn_from"], row["stand_in_zh"]) == ("公园", "open_data", "")
    # 0.001 degrees of 94.7 m by 110.9 m
    assert row["area_m2"] == pytest.approx(94.69 * 110.88, rel=0.001)
    assert "OpenStreetMap" in row["source"]
    school = found.loc["n2:primary_school"]
    assert np.isnan(school["area_m2"])
    assert school["stand_in_zh"] == "OSM学校未注明学段，小学、初中均计入"
    assert school["stand_in_en"].startswith("OSM school without a level")


def test_shipped_mapping_is_sound():
    mapping = read_mapping()
    known = read_categories().index
    assert {rule.category for rule in mapping.rules} <= set(known)
    weak = [rule for rule in mapping.rules if rule.confidence == "L"]
    assert weak
    assert all(rule.stand_in_zh for rule in weak)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("category: scool\n    any: [{amenity: school}]", "rule 1: unknown category 'scool'"),
        ("category: park\n    any: []", "rules.0.any: "),
        ("category: park\n    any: [{leisure: park}]\n    colour: red", "rules.0.colour: "),
        ("category: park\n    any: [{leisure: 3}]", "rules.0.any.0.leisure"),
        ("category: park\n    any: [{a: b}]\n    name_matches: '('", "not a regular expression"),
    ],
)
def test_bad_mapping(tmp_path, rule, message):
    path = tmp_path / "m.yaml"
    path.write_text(f"rules:\n  - {rule}\n    confidence: H\n    source: x\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_mapping(path)


def test_own_mapping(tmp_path):
    path = tmp_path / "m.yaml"
    rule = "{category: library, any: [{amenity: [pub, bar]}], confidence: H, source: mine}"
    path.write_text(f"rules:\n  - {rule}\n", encoding="utf-8")
    file = osm_file(tmp_path, ("node", {"amenity": "bar"}), ("node", {"amenity": "library"}))
    found = places.read_facilities(file, crs=METRIC, mapping=path)
    assert found.index.tolist() == ["n1:library"]


def test_osm_file_without_facilities(tmp_path):
    file = osm_file(tmp_path, ("node", {"amenity": "bench"}))
    found = places.read_facilities(file, crs=METRIC)
    assert len(found) == 0
    merged, report = places.merge_duplicates(found)
    assert len(merged) == len(report) == 0


def table(folder, text, name="a.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_facilities_of_a_table(tmp_path, caplog):
    path = table(
        tmp_path,
        "名称,类别,lon,lat,学位数,用地面积\n"
        "实验小学,小学,119.97,31.81,1080,\n"
        "市民公园,park,119.98,31.81,,12000\n"
        "图书馆,Library,119.98,31.82,,\n",
    )
    found = places.read_facilities(path, crs=METRIC, datum="cgcs2000")
    assert found.index.tolist() == ["a.csv:2", "a.csv:3", "a.csv:4"]
    assert found["category"].tolist() == ["primary_school", "park", "library"]
    assert found["capacity"].tolist()[0] == 1080
    assert found["area_m2"].tolist()[1] == 12000
    assert found["source"].unique().tolist() == ["a.csv"]
    assert "1 parks are points" in caplog.text


def test_declared_category_and_columns(tmp_path):
    path = table(tmp_path, "POI,lon,lat\n一院,119.97,31.81\n")
    found = places.read_facilities(
        path, crs=METRIC, datum="wgs84", category="医院", columns={"name": "POI"}
    )
    assert found[["category", "name_zh"]].to_numpy().tolist() == [["hospital", "一院"]]


def test_area_of_polygons_is_measured(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.box(5e5, 3.5e6, 500200, 3500100)],
                             crs=4549)  # fmt: skip
    frame.to_file(tmp_path / "a.gpkg")
    found = places.read_facilities(tmp_path / "a.gpkg", crs=METRIC, category="park")
    assert found["area_m2"].tolist() == pytest.approx([20000])


@pytest.mark.parametrize(
    ("text", "options", "error", "message"),
    [
        (
            "lon,lat,类别\n1,2,小学校\n",
            {},
            InputError,
            "row 2: unknown category '小学校'; did you mean 小学",
        ),
        ("lon,lat,category\n1,2,\n", {}, InputError, "row 2: unknown category ''"),
        ("lon,lat\n1,2\n", {}, InputError, "no category: neither declared nor in a column"),
        ("lon,lat\n1,2\n", {"category": "primry_school"}, InputError, "mean primary_school"),
        ("lon,lat,用地面积\n1,2,大\n", {"category": "park"}, InputError, "'大' is not a number"),
        ("lon,lat\n1,2\n", {"category": "park", "datum": None}, CRSError, "declare the datum"),
    ],
)
def test_bad_facility_tables(tmp_path, text, options, error, message):
    with pytest.raises(error, match=message):
        places.read_facilities(table(tmp_path, text), crs=MALTA, **{"datum": "wgs84", **options})


def test_category_paths_of_map_services(tmp_path):
    text = "lon,lat,category\n14.4,35.9,科教文化服务;学校;小学\n"
    found = places.read_facilities(table(tmp_path, text), crs=MALTA, datum="wgs84")
    assert found["category"].tolist() == ["primary_school"]
    text = "lon,lat,category\n14.4,35.9,风景名胜;公园广场;公园\n"
    with pytest.raises(InputError, match=r"did you mean 公园绿地.* or name one .*FILE=CATEGORY"):
        places.read_facilities(table(tmp_path, text), crs=MALTA, datum="wgs84")


def test_chinese_land_survey_columns_name_areas(tmp_path, caplog):
    path = tmp_path / "a.geojson"
    shape = gpd.GeoDataFrame(
        {"XZQDM": ["320404"], "XZQMC": ["钟楼区"]}, geometry=[shapely.box(14, 35, 15, 36)], crs=4326
    )
    shape.to_file(path)
    areas = places.read_boundaries(path, crs=MALTA, datum="wgs84")
    assert areas["name_zh"].to_dict() == {"320404": "钟楼区"}
    assert "no column of names" not in caplog.text
    shape[["XZQDM", "geometry"]].to_file(path)
    places.read_boundaries(path, crs=MALTA, datum="wgs84")
    assert "no column of names among XZQDM" in caplog.text


def facilities(*rows):
    """Table of (id, category, name, geometry), a name ending in * a stand-in."""
    return gpd.GeoDataFrame(
        {
            "category": [row[1] for row in rows],
            "name_zh": [row[2].rstrip("*") for row in rows],
            "area_m2": [row[3].area or np.nan for row in rows],
            "capacity": np.nan,
            "stand_in_zh": ["stand-in" * row[2].endswith("*") for row in rows],
            "stand_in_en": ["in English" * row[2].endswith("*") for row in rows],
        },
        geometry=[row[3] for row in rows],
        index=pd.Index([row[0] for row in rows], name="place_id"),
        crs=4549,
    )


def point(x, y=0.0):
    return shapely.Point(x, y)


@pytest.mark.parametrize(
    ("one", "other", "gap_m", "merged"),
    [
        ("第一人民医院", "第一人民医院（东门）", 100, True),
        ("Mater Dei Hospital", "Mater Dei Hospital (A&E)", 100, True),
        ("Mater Dei Hospital - Main Gate", "Mater Dei Hospital Emergency", 100, True),
        ("Mater Dei Hospital Front", "Mater Dei Hospital Back", 100, True),
        ("Out", "Outback", 100, False),
        ("第一人民医院", "第一人民医院-停车场", 60, True),
        ("第一人民医院", "第一人民医院(分院)", 101, False),
        ("ABC  Clinic", "abc clinic", 10, True),
        ("东门", "南门", 10, False),
        ("", "", 1, False),
        ("一院", "二院", 1, False),
    ],
)
def test_same_name_within_100_m(one, other, gap_m, merged):
    pair = facilities(("a", "hospital", one, point(0)), ("b", "hospital", other, point(gap_m)))
    found, report = places.merge_duplicates(pair)
    assert len(found) == 2 - merged
    assert len(report) == merged
    if merged:
        assert found.geometry.iloc[0].equals(shapely.MultiPoint([(0, 0), (gap_m, 0)]))
        assert report.iloc[0].tolist() == ["a", "b", "hospital", other, gap_m, "same name"]
        assert places.merge_duplicates(pair, within_m=gap_m - 0.5)[1].empty


def test_other_category_is_another_place():
    rows = facilities(
        ("a", "hospital", "x", point(0)),
        ("b", "pharmacy", "x", point(0)),
        ("c", "hospital", "x", point(9)),
        ("d", "pharmacy", "x", point(9)),
    )
    assert places.merge_duplicates(rows)[0].index.tolist() == ["a", "b"]


def test_point_inside_its_area():
    area = shapely.box(-50, -50, 50, 50)
    rows = facilities(
        ("n1", "hospital", "", point(0)),
        ("w1", "hospital", "一院", area),
        ("n2", "hospital", "二院", point(10)),
        ("n3", "pharmacy", "", point(0)),
        ("n4", "hospital", "", point(60)),
    )
    found, report = places.merge_duplicates(rows)
    assert found.index.tolist() == ["w1", "n2", "n3", "n4"]
    assert report[["kept", "merged", "rule"]].to_numpy().tolist() == [["w1", "n1", "inside"]]
    assert found.loc["w1"].geometry.equals(area)


def test_unnamed_area_takes_the_only_name_inside():
    area = shapely.box(-50, -50, 50, 50)
    one = facilities(("w1", "hospital", "*", area), ("n1", "hospital", "一院", point(0)))
    found, _ = places.merge_duplicates(one)
    assert found.index.tolist() == ["w1"]
    assert found[["name_zh", "stand_in_zh"]].to_numpy().tolist() == [["一院", ""]]
    two = pd.concat([one, facilities(("n2", "hospital", "二院", point(5)))])
    assert len(places.merge_duplicates(two)[0]) == 3


def test_areas_of_one_name_are_united_and_the_input_is_left_alone():
    rows = facilities(
        ("w1", "park", "公园", shapely.box(0, 0, 10, 10)),
        ("w2", "park", "公园", shapely.box(20, 0, 30, 10)),
        ("n1", "park", "公园", point(15)),
    )
    before = rows.copy()
    found, report = places.merge_duplicates(rows)
    assert found["area_m2"].tolist() == [200]
    assert found.geometry.iloc[0].geom_type == "MultiPolygon"
    assert sorted(report["merged"]) == ["n1", "w2"]
    pd.testing.assert_frame_equal(rows, before)


def test_boundaries_of_osm(tmp_path):
    tags = {"boundary": "administrative", "admin_level": "8", "name": "A"}
    path = osm_file(
        tmp_path,
        ("area", tags),
        ("area", {**tags, "name": "B"}),  # the same outline again
        ("area", {**tags, "admin_level": "6", "name:zh": "区"}),
        ("area", {"boundary": "administrative", "admin_level": "8"}),
        ("area", {**tags, "boundary": "fence"}),
        ("node", tags),
    )
    areas = places.read_boundaries(path, crs=METRIC)
    assert areas["name_zh"].to_dict() == {"w1": "A", "w3": "区"}
    assert areas["level"].tolist() == [8, 6]
    assert places.read_boundaries(path, crs=METRIC, level=6).index.tolist() == ["w3"]
    with pytest.raises(InputError, match="holds no administrative area of level 4"):
        places.read_boundaries(path, crs=METRIC, level=4)


def boundary_layer(path, **columns):
    boxes = [shapely.box(5e5, 3.5e6, 501000, 3501000), shapely.box(501000, 3.5e6, 502000, 3501000)]
    gpd.GeoDataFrame(columns, geometry=boxes, crs=4549).to_file(path)
    return path


def test_boundaries_of_a_layer(tmp_path):
    path = boundary_layer(tmp_path / "a.gpkg", 名称=["甲", "乙"], adcode=["01", "02"])
    areas = places.read_boundaries(path, crs=METRIC, level=6)
    assert areas["name_zh"].to_dict() == {"01": "甲", "02": "乙"}
    assert areas["level"].tolist() == [6, 6]
    bare = places.read_boundaries(boundary_layer(tmp_path / "b.gpkg", z=[1, 2]), crs=METRIC)
    assert bare.index.tolist() == ["b:1", "b:2"]
    with pytest.raises(InputError, match="feature 1, 2: area codes missing or repeated"):
        places.read_boundaries(boundary_layer(tmp_path / "c.gpkg", adcode=["1", "1"]), crs=METRIC)


def test_boundaries_must_be_polygons(tmp_path):
    path = table(tmp_path, "lon,lat\n1,2\n")
    with pytest.raises(InputError, match="row 2: points; allowed: polygons"):
        places.read_boundaries(path, crs=MALTA, datum="wgs84")


def test_real_districts_in_gcj02(shared):
    folder = shared / "data/boundaries"
    area = places.read_boundaries(folder / "320402.geojson", crs=METRIC, datum="gcj02", level=6)
    assert area.index.tolist() == ["320402"]
    city = places.read_boundaries(folder / "320400.geojson", crs=METRIC, datum="gcj02")
    assert area.geometry.iloc[0].intersection(city.geometry.iloc[0]).area > 0.999 * area.area.sum()
    rough = places.read_boundaries(folder / "invalid_changzhou.geojson", crs=METRIC, datum="gcj02")
    assert "天宁区" in rough["name_zh"].tolist()


def test_malta(shared):
    path = shared / "data/streets/malta-latest.osm.pbf"
    found = places.read_facilities(path, crs=MALTA)
    assert found["category"].nunique() >= 30
    counts = found["category"].value_counts()
    # Counted in the file, points and areas: 71 pharmacies, 24 hospitals, 8 fire stations.
    assert (counts["pharmacy"], counts["hospital"], counts["fire_station"]) == (71, 24, 8)
    merged, report = places.merge_duplicates(found)
    assert len(merged) + len(report) == len(found)
    assert set(report["kept"]) <= set(merged.index)
    areas = places.read_boundaries(path, crs=MALTA)
    assert {"Valletta", "Birkirkara"} <= set(areas["name_zh"])
