"""From files to a base: totals are kept, what is far or outside is told, datums are converted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import TOWN_AT
from conftest import make_points
from conftest import town_table

from spatialplan.base import read_base
from spatialplan.base import write_base
from spatialplan.crs import from_wgs84
from spatialplan.crs import metric_crs
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.judgement import assess
from spatialplan.prepare import assemble_base
from spatialplan.prepare import prepare_base
from spatialplan.standard import read_standard

LON, LAT, STEP = 119.970, 31.810, 0.001  # streets 95 m and 111 m apart
SIZE = 6


@pytest.fixture
def streets(tmp_path):
    """A grid of 6 by 6 streets in Changzhou, as a line layer."""
    lines = [[(LON + x * STEP, LAT + y * STEP) for x in range(SIZE)] for y in range(SIZE)]
    lines += [[(LON + x * STEP, LAT + y * STEP) for y in range(SIZE)] for x in range(SIZE)]
    features = [
        {"type": "Feature", "properties": {"highway": "residential"},
         "geometry": {"type": "LineString", "coordinates": line}}
        for line in lines
    ]  # fmt: skip
    path = tmp_path / "streets.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def people(tmp_path):
    """Three on a corner, five 150 m off the grid, seven in another city."""
    path = tmp_path / "people.csv"
    off = LON - 150 / 94_600
    path.write_text(
        f"population,lon,lat\n3,{LON},{LAT}\n5,{off},{LAT + STEP / 2}\n7,{LON + 1},{LAT}\n"
    )
    return path


def schools(folder, *, datum="wgs84", at=((LON, LAT),), name="schools.csv"):
    folder.mkdir(exist_ok=True)
    lon, lat = from_wgs84([x for x, _ in at], [y for _, y in at], datum=datum)
    rows = [f"校{n},primary_school,{x:.8f},{y:.8f}" for n, (x, y) in
            enumerate(zip(lon, lat, strict=True))]  # fmt: skip
    path = folder / name
    path.write_text("\n".join(["name,category,lon,lat", *rows]), encoding="utf-8")
    return path


def prepared(streets, people, *files, **options):
    return prepare_base(
        "grid", street_file=streets, people=people,
        facility_files=[{"path": path, "datum": "wgs84"} for path in files],
        **{"datum": "wgs84", **options},
    )  # fmt: skip


# --- files of a Chinese city


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_a_declared_datum_puts_places_where_they_are(tmp_path, streets, people, datum):
    corner = (LON + 2 * STEP, LAT + 3 * STEP)
    path = schools(tmp_path, datum=datum, at=[corner])
    base = prepare_base(
        "grid", street_file=streets, people=people, datum="wgs84",
        facility_files=[{"path": path, "datum": datum}],
    )  # fmt: skip
    there = gpd.GeoSeries([shapely.Point(corner)], crs=4326).to_crs(base.crs)
    assert base.facilities.distance(there[0]).max() < 0.01
    assert base.facilities["street_m"].max() < 0.01
    assert base.crs == metric_crs(LON, LAT)
    assert base.sources[2]["datum"] == datum
    assert base.sources[0]["datum"] == "wgs84"


def test_what_lies_outside_the_streets_is_counted(tmp_path, streets, people):
    path = schools(tmp_path, at=[(LON, LAT), (LON + 1, LAT)])
    base = prepared(streets, people, path)
    assert base.demand["population"].tolist() == [3]
    assert base.facts["people_given"] == 15
    assert base.facts["people_outside"] == 12  # beyond the box of the streets and 100 m
    assert (len(base.facilities), base.facts["facilities_outside"]) == (1, 1)


def test_what_is_far_from_every_street_is_listed_and_counted(tmp_path, streets):
    hole = gpd.read_file(streets)
    inner = hole[hole.geometry.map(lambda line: not line.intersects(
        shapely.Point(LON + 2.5 * STEP, LAT + 2.5 * STEP).buffer(1.6 * STEP)))]  # fmt: skip
    inner.to_file(streets)  # a field of 3 by 3 blocks and more in the middle
    path = tmp_path / "people.csv"
    path.write_text(f"population,lon,lat\n3,{LON},{LAT}\n5,{LON + 2.5 * STEP},{LAT + 2.5 * STEP}\n")
    base = prepared(streets, path, schools(tmp_path, at=[(LON + 2.5 * STEP, LAT + 2.4 * STEP)]))
    assert base.demand["population"].sum() == 8  # nobody is dropped
    assert base.unlocated["kind"].tolist() == ["people", "facility"]
    row = base.unlocated.iloc[0]
    assert (row["place_id"], row["population"]) == ("people.csv:3", 5)
    assert row["street_m"] > 100
    assert (row["lon"], row["lat"]) == (round(LON + 2.5 * STEP, 6), round(LAT + 2.5 * STEP, 6))
    assert base.unlocated.loc[1, ["name_zh", "category"]].tolist() == ["校0", "primary_school"]


def test_two_files_of_one_name_do_not_clash(tmp_path, streets, people):
    far = (LON + 5 * STEP, LAT + 5 * STEP)
    one, two = schools(tmp_path / "one"), schools(tmp_path / "two", at=[far])
    base = prepared(streets, people, one, two)
    assert len(base.facilities) == 2
    assert base.facilities.index.tolist() == ["schools.csv:2", "schools.csv:2#2"]


def test_the_same_place_in_two_files_is_one(tmp_path, streets, people):
    one, two = schools(tmp_path, name="a.csv"), schools(tmp_path, name="b.csv")
    base = prepared(streets, people, one, two)
    assert len(base.facilities) == 1
    assert base.duplicates[["kept", "merged"]].to_numpy().tolist() == [["a.csv:2", "b.csv:2"]]


def test_every_source_is_named_with_its_hash(tmp_path, streets, people):
    base = prepared(streets, people, schools(tmp_path))
    assert [source["role"] for source in base.sources] == ["streets", "people", "facilities"]
    assert [source["title"] for source in base.sources] == [
        "streets.geojson", "people.csv", "schools.csv",
    ]  # fmt: skip
    assert base.sources[1]["sha256"] == hashlib.sha256(people.read_bytes()).hexdigest()
    assert all("（文件日期 date of the file）" in source["date"] for source in base.sources)
    assert base.facts["population_zh"] == "people.csv 的人口"


def test_stages_are_named_in_order(tmp_path, streets, people):
    seen = []
    prepared(streets, people, schools(tmp_path), progress=seen.append)
    assert seen[0] == "streets"
    assert seen[-1] == "distances to the street"


def test_land_and_areas_from_files(tmp_path, streets):
    box = shapely.box(LON, LAT, LON + 2 * STEP, LAT + 2 * STEP)
    land = gpd.GeoDataFrame(geometry=[box], crs=4326)
    land.to_file(tmp_path / "land.geojson")
    areas = gpd.GeoDataFrame({"name": ["甲区"]}, geometry=[box.buffer(STEP / 4)], crs=4326)
    areas.to_file(tmp_path / "areas.geojson")
    base = prepared(streets, 100.0, schools(tmp_path), land_file=tmp_path / "land.geojson",
                    boundary_file=tmp_path / "areas.geojson", title="格城")  # fmt: skip
    assert base.land["area_m2"].sum() == pytest.approx(land.to_crs(base.crs).area.sum())
    assert base.demand["population"].sum() == pytest.approx(100)
    assert set(base.demand["area_id"]) == set(base.land["area_id"]) == {"areas"}
    assert base.boundaries["name_zh"].tolist() == ["甲区"]
    assert "给定总人口 100 人" in base.facts["population_zh"]
    assert [source["role"] for source in base.sources][1:] == [
        "people", "facilities", "areas", "residential land",
    ]  # fmt: skip
    assert (base.facts["land_cell_m"], base.facts["land_precision_m"]) == (50.0, 35.4)
    assert base.title("zh") == "格城"


def test_land_beyond_the_streets_takes_none_of_a_stated_total(tmp_path, streets):
    middle, end = LON + 2 * STEP, LAT + 5 * STEP
    box = shapely.box(middle, LAT, middle + STEP, end + 3 * STEP)
    gpd.GeoDataFrame(geometry=[box], crs=4326).to_file(tmp_path / "land.geojson")
    base = prepared(streets, 100.0, schools(tmp_path), land_file=tmp_path / "land.geojson")
    assert base.demand["population"].sum() == pytest.approx(100)
    assert base.facts["people_outside"] == 0
    # 94.7 m wide; 332.6 m lie north of the last street, of which 100 m are within reach.
    assert base.facts["land_outside_m2"] == pytest.approx(94.7 * 232.6, rel=0.01)
    assert base.land["area_m2"].sum() == pytest.approx(94.7 * (554.4 + 100), rel=0.01)


def test_streets_from_a_parquet_of_edges_with_their_nodes(tmp_path, people):
    corners = {n: (LON + n % 3 * STEP, LAT + n // 3 * STEP) for n in range(9)}
    pairs = [(n, n + 1) for n in range(9) if n % 3 < 2] + [(n, n + 3) for n in range(6)]
    edges = gpd.GeoDataFrame(
        {"u": [u for u, _ in pairs], "v": [v for _, v in pairs]}, crs=4326,
        geometry=[shapely.LineString([corners[u], corners[v]]) for u, v in pairs],
    )  # fmt: skip
    edges.to_parquet(tmp_path / "edges.parquet")
    base = prepared(tmp_path / "edges.parquet", people, schools(tmp_path))
    walk = base.networks["walk"]
    # 4 is the only crossing of four; corners of two streets are merged into edges.
    assert set(walk.nodes.index) == {1, 3, 4, 5, 7}
    assert walk.edges["length_m"].sum() == pytest.approx(6 * 94.7 + 6 * 110.9, rel=1e-3)
    assert list(base.networks) == ["walk", "bike", "drive"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": 0.0}, "total population: 0.0; allowed: a number above 0"),
        ({"people": 10.0}, "no residential building and no residential land"),
        ({"facility_files": []}, "facilities: none given; name a file with --facilities"),
        ({"street_file": "none.osm.pbf"}, "no such OSM file"),
        ({"people": "none.csv"}, r"none\.csv: no such"),
    ],
)
def test_what_is_missing_is_said(tmp_path, streets, people, change, message):
    usual = {
        "street_file": streets, "people": people, "datum": "wgs84",
        "facility_files": [{"path": schools(tmp_path)}],
    }  # fmt: skip
    with pytest.raises(InputError, match=message):
        prepare_base("grid", **{**usual, **change})


def test_people_of_another_place_are_nobody(tmp_path, streets):
    path = tmp_path / "people.csv"
    path.write_text(f"population,lon,lat\n7,{LON + 1},{LAT}\n")
    with pytest.raises(InputError, match=r"nothing of it lies within the streets; check that both"):
        prepared(streets, path, schools(tmp_path))


OSM = """<osm version='0.6'>
<node id="1" lat="31.80" lon="119.90"/><node id="2" lat="31.80" lon="119.905"/>
<node id="3" lat="31.804" lon="119.905"/>
<node id="4" lat="31.804" lon="119.90"><tag k="amenity" v="kindergarten"/></node>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/>
<tag k="highway" v="residential"/></way>
<way id="2"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/>
<tag k="landuse" v="residential"/></way></osm>"""


def test_an_extract_without_administrative_areas_is_one_area(tmp_path):
    (tmp_path / "a.osm").write_text(OSM)
    base = prepare_base("small", street_file=tmp_path / "a.osm", people=100)
    assert base.boundaries.empty
    assert set(base.demand["area_id"]) == {""}
    assert base.demand["population"].sum() == pytest.approx(100)
    write_base(base, tmp_path / "base")
    assert read_base(tmp_path / "base").boundaries.empty


# --- datums of several files


def land_of(path, crs):
    box = shapely.box(LON, LAT, LON + 8 * STEP, LAT + 8 * STEP)
    gpd.GeoDataFrame(geometry=[box], crs=4326).to_crs(crs).to_file(path)
    return path


@pytest.mark.parametrize(
    ("name", "crs", "words"),
    [("land.gpkg", 4490, "cgcs2000"), ("land.shp", 4549, "按文件 as the file says (EPSG:4549)")],
)
def test_a_default_datum_moves_no_file_that_says_its_own(tmp_path, streets, name, crs, words):
    metric = tmp_path / "metric.gpkg"
    gpd.read_file(streets).to_crs(32650).to_file(metric)
    base = prepared(metric, 100.0, schools(tmp_path), datum="gcj02",
                    land_file=land_of(tmp_path / name, crs))  # fmt: skip
    assert [source["datum"] for source in base.sources] == [
        "按文件 as the file says (EPSG:32650)", "", "wgs84", words,
    ]  # fmt: skip
    (west, south, _, _) = base.land.to_crs(4326).total_bounds
    assert (west, south) == pytest.approx((LON, LAT), abs=1e-6)
    west, south = base.networks["walk"].edges.to_crs(4326).total_bounds[:2]
    assert (west, south) == pytest.approx((LON, LAT), abs=1e-6)


def test_a_datum_stated_for_a_file_beats_the_default(tmp_path, streets):
    land = land_of(tmp_path / "land.gpkg", 4326)
    base = prepared(streets, 100.0, schools(tmp_path), land_file=land,
                    datum={"others": "wgs84", "land": "gcj02"})  # fmt: skip
    assert [source["datum"] for source in base.sources] == ["wgs84", "", "wgs84", "gcj02"]
    assert base.land.to_crs(4326).total_bounds[2] < LON + 4 * STEP  # 470 m to the west
    with pytest.raises(CRSError, match=r"land\.gpkg: declared bd09, but stored in CGCS2000"):
        prepared(streets, 100.0, land_file=land_of(land, 4549), datum={"land": "bd09"})


def test_an_extract_is_in_wgs84(tmp_path):
    (tmp_path / "a.osm").write_text(OSM)
    with pytest.raises(CRSError, match=r"a\.osm: declared bd09, but OpenStreetMap is in wgs84"):
        prepare_base("small", street_file=tmp_path / "a.osm", people=9, datum={"streets": "bd09"})


def test_areas_that_hold_nobody_are_refused_and_people_in_none_counted(tmp_path, streets):
    path, people = tmp_path / "areas.gpkg", tmp_path / "two.csv"
    people.write_text(f"population,lon,lat\n3,{LON},{LAT}\n1,{LON + 3 * STEP},{LAT}\n")
    box = shapely.box(LON - STEP, LAT - STEP, LON + STEP, LAT + STEP)
    areas = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[box], crs=4326)
    areas.to_file(path)
    base = prepared(streets, people, schools(tmp_path), boundary_file=path)
    assert base.facts["people_in_no_area"] == 1
    areas.translate(10).to_frame("geometry").assign(name="甲").to_file(path)
    with pytest.raises(InputError, match=r"areas\.gpkg: no person lies in any area of it; check"):
        prepared(streets, people, schools(tmp_path), boundary_file=path)


# --- tables


def test_tables_are_put_together(town):
    assert town.demand["area_id"].to_dict() == dict(
        zip("abcdef", ["west", "west", "east", "west", "east", "west"], strict=True)
    )
    assert town.land["area_id"].tolist() == ["west", "west", "east"]
    assert town.demand["street_m"].tolist() == [0, 20, 0, 20, 0, 0]
    assert town.facilities["street_m"].to_dict() == {
        "school": 0, "park": 0, "pocket": 10, "kiosk": 0,
    }  # fmt: skip
    assert len(town.unlocated) == 0


def again(town, **changes):
    parts = {
        name: getattr(town, name)
        for name in ("networks", "demand", "land", "facilities", "boundaries", "duplicates",
                     "sources", "facts")
    }  # fmt: skip
    return assemble_base("town", **{**parts, **changes})


def test_nothing_that_is_given_is_modified(town):
    before = town.demand.drop(columns=["area_id", "street_m"])
    given = before.copy()
    again(town, demand=given)
    pd.testing.assert_frame_equal(pd.DataFrame(given), pd.DataFrame(before))


@pytest.mark.parametrize(
    ("change", "message"),
    [({"networks": {}}, "streets: no network"),
     ({"demand": town_table({}, population=[])}, "population: no people in the area")],
)  # fmt: skip
def test_a_base_needs_streets_and_people(town, change, message):
    with pytest.raises(InputError, match=message):
        again(town, **change)
    with pytest.raises(InputError, match="no people in the area"):
        again(town, demand=town.demand.assign(population=0.0))


@pytest.mark.parametrize(
    ("finest", "level"),
    [
        (shapely.box(-500, -500, 1000, 900), 10),  # 43 of 63 people
        (shapely.box(1000, -500, 2500, 900), 8),  # 20 of 63
    ],
)
def test_areas_are_of_the_finest_level_that_holds_half_of_the_people(town, finest, level):
    whole = shapely.box(-500, -500, 2500, 900)
    areas = town_table({"all": whole, "small": finest, "country": whole.buffer(9)},
                       index="area_id", name_zh="", level=[8, 10, 2])  # fmt: skip
    base = again(town, boundaries=areas)
    assert base.boundaries["level"].unique().tolist() == [level]


def test_where_no_level_holds_half_the_coarsest_is_taken(town):
    small = shapely.box(1000, -500, 2500, 900)
    areas = town_table({"x": small, "y": small.buffer(1)}, index="area_id", name_zh="",
                       level=[10, 8])  # fmt: skip
    assert again(town, boundaries=areas).boundaries["level"].tolist() == [8]


def test_one_far_facility_and_many_gates(town):
    far = make_points((TOWN_AT[0], TOWN_AT[1] - 150), index=["far"])
    gates = shapely.MultiPoint([(TOWN_AT[0], TOWN_AT[1] - 150), (TOWN_AT[0], TOWN_AT[1] - 30)])
    extra = pd.concat([far, far.set_geometry([gates]).set_axis(["gates"])])
    extra = extra.assign(category="library", name_zh="", stand_in_zh="", stand_in_en="")
    base = again(town, facilities=pd.concat([town.facilities, extra]).drop(columns="drawn_from"))
    assert base.facilities.loc[["far", "gates"], "street_m"].tolist() == [150, 30]
    assert base.unlocated["place_id"].tolist() == ["far"]


# --- Monaco


@pytest.fixture(scope="module")
def monaco(shared):
    return prepare_base("monaco", street_file=shared / "data/streets/monaco.osm.gz", people=31_109)


def test_monaco_keeps_its_people(monaco):
    """Land of the extract beyond the last street takes none of a stated total away."""
    assert monaco.demand["population"].sum() == pytest.approx(31_109, abs=1e-6)
    assert (monaco.facts["people_given"], monaco.facts["people_outside"]) == (31_109, 0)
    assert monaco.land["area_m2"].sum() > 0
    assert 1_000 < monaco.facts["land_outside_m2"] < 10_000
    assert monaco.land.geometry.area.sum() == pytest.approx(monaco.land["area_m2"].sum())


def test_monaco_streets_and_facilities(monaco):
    assert list(monaco.networks) == ["walk", "bike", "drive"]
    assert monaco.crs == "EPSG:32632"
    for table in (monaco.demand, monaco.facilities):
        assert np.isfinite(table["street_m"]).all()
        located = monaco.networks["walk"].locate(table)
        assert (located["access_m"] >= table["street_m"] - 1e-6).all()
    far = monaco.demand[monaco.demand["street_m"] > 100]
    listed = monaco.unlocated[monaco.unlocated["kind"] == "people"]
    assert listed["population"].sum() == pytest.approx(far["population"].sum())
    assert set(listed["place_id"]) == set(far.index)
    assert len(monaco.facilities) > 50
    assert monaco.facilities["stand_in_zh"].str.len().gt(0).any()


def test_monaco_is_its_own_area(monaco):
    assert monaco.boundaries["name_zh"].tolist() == ["摩纳哥"]
    inside = monaco.demand.loc[monaco.demand["area_id"] != "", "population"].sum()
    assert inside >= 31_109 / 2
    assert monaco.sources[0]["licence"].startswith("© OpenStreetMap")


def test_monaco_is_judged_alike_from_disk(monaco, tmp_path):
    write_base(monaco, tmp_path / "monaco")
    standard = read_standard("gb50180-2018")
    now, then = assess(standard, monaco), assess(standard, read_base(tmp_path / "monaco"))
    pd.testing.assert_frame_equal(now, then)
    assert now["measured"].notna().sum() >= 12
    everywhere = replace(monaco, facts={})
    assert assess(standard, everywhere)["measured"].equals(now["measured"])
