"""Every kind of file a user may bring, and every way it may be wrong."""

from __future__ import annotations

import json
import logging
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely

from spatialplan import tables
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import LimitError

METRIC = pyproj.CRS.from_epsg(4549)
LON, LAT = 119.974, 31.811  # standards: E 497538.152, N 3520895.434 in EPSG:4549
EAST, NORTH = 497538.152, 3520895.434
POINT = {"type": "Point", "coordinates": [LON, LAT]}


def read(path, **options):
    return tables.read_layer(path, crs=METRIC, **{"datum": "wgs84", **options})


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def geojson(path: Path, *geometries, **members) -> Path:
    features = [{"type": "Feature", "properties": {"name": "a"}, "geometry": g} for g in geometries]
    return write(path, json.dumps({"type": "FeatureCollection", "features": features, **members}))


def assert_place(frame, *, tolerance_m=0.001):
    assert frame.crs == METRIC
    place = frame.geometry.iloc[0].centroid
    assert place.x == pytest.approx(EAST, abs=tolerance_m)
    assert place.y == pytest.approx(NORTH, abs=tolerance_m)


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", ""), ("utf-8-sig", ""), ("gb18030", ""), ("utf-16", "")]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_encodings_and_delimiters(tmp_path, encoding, mark, delimiter):
    rows = [["名称", "经度", "纬度"], ["实验小学", str(LON), str(LAT)]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    frame = read(write(tmp_path / "a.csv", mark + text, encoding))
    assert_place(frame)
    assert frame["名称"].tolist() == ["实验小学"]
    assert frame.index.name == "row"
    assert frame.index.tolist() == [2]


def test_csv_says_which_encoding(tmp_path, caplog):
    path = write(tmp_path / "a.csv", f"名称,lon,lat\n小学,{LON},{LAT}\n", "gb18030")
    with caplog.at_level(logging.INFO):
        read(path)
    assert "read as gb18030" in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        f"lng,LAT\n{LON},{LAT}\n",
        f"坐标\n'{LON}，{LAT}'\n".replace("'", '"'),
        f"location;name\n{LON},{LAT};a\n",
        "x,y\n１１９．９７４,３１．８１１\n",
        f"lon_wgs84,lat_wgs84\n\n{LON},{LAT}\n",
    ],
)
def test_csv_coordinate_columns(tmp_path, text):
    assert_place(read(write(tmp_path / "a.csv", text)))


def test_declared_columns(tmp_path):
    path = write(tmp_path / "a.csv", f"POI_X,POI_Y\n{LON},{LAT}\n")
    assert_place(read(path, columns={"longitude": "POI_X", "latitude": "POI_Y"}))
    with pytest.raises(InputError, match="no columns of longitude and latitude among POI_X, POI_Y"):
        read(path)
    with pytest.raises(InputError, match="no column 'Z', declared as longitude; allowed: POI_X"):
        read(path, columns={"longitude": "Z"})
    with pytest.raises(InputError, match="columns are declared for altitude"):
        read(path, columns={"altitude": "POI_X"})


def test_xlsx(tmp_path):
    book = openpyxl.Workbook()
    book.active.append([])
    book.active.append(["名称", "经度", "纬度", None])
    book.active.append(["小学", LON, str(LAT)])
    second = book.create_sheet("第二")
    second.append(["lon", "lat", "n"])
    second.append([LON, LAT, 7])
    book.save(tmp_path / "a.xlsx")
    frame = read(tmp_path / "a.xlsx")
    assert_place(frame)
    assert frame.index.tolist() == [3]
    assert read(tmp_path / "a.xlsx", layer="第二")["n"].tolist() == ["7"]
    with pytest.raises(InputError, match="no sheet 'x'; allowed: Sheet, 第二"):
        read(tmp_path / "a.xlsx", layer="x")


def test_xlsx_damaged_or_huge(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("x", "0" * 100)
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="damaged"):
        read(write(tmp_path / "b.xlsx", b"PK\x03\x04" + b"0" * 50))
    monkeypatch.setattr("spatialplan.tables._rows.MAX_UNPACKED_BYTES", 99)
    with pytest.raises(LimitError, match="unpacks to 100 bytes; the limit is 99"):
        read(tmp_path / "a.xlsx")


def test_gcj02_is_converted(tmp_path):
    path = write(tmp_path / "a.csv", "lon_gcj02,lat_gcj02\n119.97875003,31.80895900\n")
    assert_place(read(path, datum="gcj02"), tolerance_m=0.01)
    with pytest.raises(CRSError, match="declared bd09, but the columns are lon_gcj02"):
        read(path, datum="bd09")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"lon,lat\n{LAT},{LON}\n", r"row 2: longitude and latitude look swapped .*swap the col"),
        ("lon,lat\n39.47,75.99\n", "look swapped"),
        ("lon,lat\n500000,3520000\n", "row 2: metres where degrees should stand"),
        (f"lon,lat\n{LON},{LAT}\n190,10\n", r"row 3: longitude over 180 .*\(190, 10\)"),
        (f"lon,lat\n,{LAT}\n0,0.0\n{LON},{LAT}\n", "row 2, 3: no coordinates; fill in or remove"),
        ("lon,lat\n0,0\n", "row 2: no coordinates"),
        (f"lon,lat\n{LON},3l.8\n", "row 2, column 'lat': '3l.8' is not a number"),
        (f"lon,lat\n{LON},inf\n", "'inf' is not a number"),
        (f"lon,lat\n{LON},{LAT},7\n", "row 2: more cells than the header has columns"),
        (f"学校名单\nlon,lat\n{LON},{LAT}\n", "row 2, 3: .*delete the title row"),
        ("lon,lon,lat\n1,2,3\n", "the header names lon twice"),
        ("lon,lat\n", "a header and no rows"),
        ("\n\n", "the table has no rows"),
        ('lon,lat\n"1"x,2\n', "line 2: not a table"),
        ("坐标\n119.97\n", "row 2: no coordinates"),
        (",".join(["a"] * 1001) + "\n1", "1,001 columns; allowed: up to 1,000"),
    ],
)
def test_bad_tables_name_the_row(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / "a.csv", text))


def test_svalbard_is_not_swapped(tmp_path):
    path = write(tmp_path / "a.csv", "lon,lat\n15.63,78.22\n")
    frame = tables.read_layer(path, crs=pyproj.CRS.from_epsg(32633), datum="wgs84")
    assert frame.geometry.y.iloc[0] > 8_600_000


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("spatialplan.tables._rows.MAX_ROWS", 1)
    with pytest.raises(LimitError, match="more than 1 rows"):
        read(write(tmp_path / "a.csv", "lon,lat\n1,2\n3,4\n"))


@pytest.mark.parametrize("name", ["a.csv", "a.geojson", "a.kml", "a.gpkg", "a.shp"])
def test_degrees_need_a_datum(tmp_path, name):
    path = tmp_path / name
    if name == "a.csv":
        write(path, f"lon,lat\n{LON},{LAT}\n")
    elif name == "a.geojson":
        geojson(path, POINT)
    elif name == "a.kml":
        write(path, kml(f"<Point><coordinates>{LON},{LAT},5</coordinates></Point>"))
    else:
        gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(LON, LAT)], crs=4326).to_file(path)
    assert_place(read(path))
    with pytest.raises(CRSError, match="unknown datum; declare the datum: wgs84, cgcs2000, gcj02"):
        read(path, datum=None)
    with pytest.raises(CRSError, match="datum: 'nad27'"):
        read(path, datum="nad27")


def kml(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><Folder><Placemark><name>小学</name><ExtendedData><Data name='kind'>"
        f"<value>school</value></Data></ExtendedData>{body}</Placemark></Folder></Document></kml>"
    )


RING = "<LinearRing><coordinates>{}</coordinates></LinearRing>"


def test_kml_polygon_and_kmz(tmp_path):
    outer = RING.format("0,0 0,3 3,3 3,0 0,0")
    inner = RING.format("1,1 1,2 2,2 2,1 1,1")
    text = kml(
        f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>"
        f"<innerBoundaryIs>{inner}</innerBoundaryIs></Polygon>"
    )
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as package:
        package.writestr("doc.kml", text)
    frame = tables.read_layer(tmp_path / "a.kmz", crs=pyproj.CRS.from_epsg(32631), datum="wgs84")
    assert frame[["name", "kind"]].to_numpy().tolist() == [["小学", "school"]]
    assert len(frame.geometry.iloc[0].interiors) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (kml("<Point></Point>"), "feature 1: no usable geometry"),
        (kml("<LineString><coordinates>0,0 1,1</coordinates></LineString>"), "LineString; allowed"),
        ("<kml", "not valid KML"),
        ("<OGRVRTDataSource/>", "is XML but not KML"),
        ("<kml></kml>", "holds no features"),
        ("{}", "does not begin with '<'"),
    ],
)
def test_bad_kml(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / "a.kml", text))


def test_kmz_needs_one_document(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as package:
        package.writestr("a.txt", "x")
    with pytest.raises(InputError, match=r"holds 0 \.kml documents; allowed: one"):
        read(tmp_path / "a.kmz")


def test_geojson_shapes(tmp_path):
    assert_place(read(geojson(tmp_path / "a.geojson", POINT)))
    assert_place(read(write(tmp_path / "b.json", json.dumps({**POINT, "properties": {"k": 1}}))))
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    metres = {"type": "Point", "coordinates": [EAST, NORTH, 9]}
    frame = read(geojson(tmp_path / "c.geojson", metres, crs=named), datum=None)
    assert_place(frame)
    assert not frame.geometry.has_z.any()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"type": "gdal_streamed_alg"}', "is JSON of type 'gdal_streamed_alg'"),
        ("<OGRVRTDataSource></OGRVRTDataSource>", r"is not .geojson: it does not begin with '\{'"),
        ('{"type": "FeatureCollection", "features": 3}', "'features' is not a list"),
        ('{"type": "FeatureCollection", "features": []}', "holds no features"),
        ('{"type": "Point", "coordinates": [NaN, 1]}', "holds NaN, which is no number"),
        ('{"type": "Point", "coordinates": ["a", 1]}', "feature 1: no usable geometry"),
        ('{"type": "Feature", "geometry": null}', "feature 1: no usable geometry"),
        ("{" + '"a":{' * 100_000, "not valid JSON"),
        ("{", "not valid JSON"),
    ],
)
def test_bad_geojson(tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / "a.geojson", content))


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ({"type": "link", "properties": {"href": "http://127.0.0.1/x"}}, "a name like EPSG:4549"),
        ({"type": "name", "properties": {"name": "http://127.0.0.1/x"}}, "a name like EPSG:4549"),
        ({"type": "name", "properties": {"name": "EPSG:999999"}}, "unknown coordinate system"),
    ],
)
def test_geojson_crs_is_never_fetched(tmp_path, member, message):
    with pytest.raises(CRSError, match=message):
        read(geojson(tmp_path / "a.geojson", POINT, crs=member))


def test_geopackage_layers(tmp_path):
    frame = gpd.GeoDataFrame({"名称": ["小学"]}, geometry=[shapely.Point(EAST, NORTH)], crs=4549)
    frame.to_file(tmp_path / "a.gpkg", layer="one")
    assert_place(read(tmp_path / "a.gpkg", datum=None))
    frame.to_file(tmp_path / "a.gpkg", layer="two")
    with pytest.raises(InputError, match="2 layers with geometry; allowed: one, two; name one"):
        read(tmp_path / "a.gpkg")
    assert_place(read(tmp_path / "a.gpkg", layer="two"))
    with pytest.raises(InputError, match="no layer 'three'"):
        read(tmp_path / "a.gpkg", layer="three")
    with pytest.raises(CRSError, match="declared gcj02, but stored in CGCS2000"):
        read(tmp_path / "a.gpkg", layer="two", datum="gcj02")


def test_geopackage_damaged(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read(write(tmp_path / "a.gpkg", b"SQLite format 3\x00" + b"\x01" * 600))


def shapefile(path: Path, *, encoding: str, cpg: str | None, language: int = 0) -> Path:
    frame = gpd.GeoDataFrame({"名称": ["常州"]}, geometry=[shapely.Point(EAST, NORTH)], crs=4549)
    frame.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    dbf = bytearray(path.with_suffix(".dbf").read_bytes())
    dbf[29] = language
    path.with_suffix(".dbf").write_bytes(dbf)
    return path


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("language", [0, 0x57, 0x4D])
@pytest.mark.parametrize("cpg", [None, "", "OEM", "ANSI 936", "UTF-8"])
def test_shapefile_encodings(tmp_path, encoding, cpg, language, caplog):
    if encoding == "utf-8" and (cpg == "ANSI 936" or (language == 0x4D and cpg != "UTF-8")):
        pytest.skip("says GBK, is UTF-8, and is valid in both: cannot be told")
    path = shapefile(tmp_path / "a.shp", encoding=encoding, cpg=cpg, language=language)
    frame = read(path, datum=None)
    assert frame["名称"].tolist() == ["常州"]
    assert ("says it is utf-8 but is not" in caplog.text) == (encoding == "gbk" and cpg == "UTF-8")


def test_shapefile_incomplete(tmp_path):
    path = shapefile(tmp_path / "a.shp", encoding="utf-8", cpg=None)
    path.with_suffix(".prj").unlink()
    with pytest.raises(CRSError, match="no coordinate system, and coordinates in metres"):
        read(path)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(InputError, match=r"the \.dbf file beside it is missing"):
        read(path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(InputError, match="cut short or damaged"):
        read(path)


def test_shapefile_in_degrees_without_prj(tmp_path):
    path = tmp_path / "a.shp"
    gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(LON, LAT)], crs=4326).to_file(path)
    path.with_suffix(".prj").unlink()
    assert_place(read(path))
    with pytest.raises(CRSError, match="no coordinate system; declare the datum"):
        read(path, datum=None)


@pytest.mark.parametrize(
    ("x", "y", "crs", "message"),
    [
        (40497538.152, NORTH, 4549, r"zone prefix \(to 40497538\).*to EPSG:4528"),
        (40497538.152, NORTH, None, r"in metres \(to 40497538, 3520895\).*perhaps EPSG:4528"),
        (LON, LAT, 4549, "lie outside the area of CGCS2000"),
        (EAST, NORTH, 4326, "metres where degrees should stand"),
    ],
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_coordinates_that_contradict_their_system(tmp_path, x, y, crs, message):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(x, y)], crs=crs)
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg")
    with pytest.raises(CRSError, match=message):
        read(tmp_path / "a.gpkg")


def test_zone_prefix_in_its_own_system_is_fine(tmp_path):
    path = tmp_path / "a.gpkg"
    points = [shapely.Point(40497538.152, NORTH)]
    gpd.GeoDataFrame({"a": [1]}, geometry=points, crs=4528).to_file(path)
    assert_place(read(path, datum="cgcs2000"))


def test_bow_tie_is_repaired_and_said(tmp_path, caplog):
    ring = [[0, 0], [0.02, 0.02], [0.02, 0], [0, 0.02], [0, 0]]
    path = geojson(tmp_path / "a.geojson", {"type": "Polygon", "coordinates": [ring]})
    frame = tables.read_layer(path, crs=pyproj.CRS.from_epsg(32631), datum="wgs84")
    assert frame.geometry.is_valid.all()
    assert set(frame.geom_type) <= {"Polygon", "MultiPolygon"}
    assert frame.area.sum() == pytest.approx(0.02 * 0.01 * 111_320 * 110_574, rel=0.01)
    assert "1 invalid polygons repaired (feature 1); their area went from" in caplog.text


def test_flat_polygon_is_refused(tmp_path):
    ring = [[1, 1]] * 4
    path = geojson(tmp_path / "a.geojson", {"type": "Polygon", "coordinates": [ring]})
    with pytest.raises(InputError, match="feature 1: polygons without area"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.mdb", b"x", r"\.mdb cannot be read; .*export the layer to GeoPackage"),
        ("a.dwg", b"x", "export the layer to GeoPackage"),
        ("a.xls", b"x", "save it as .xlsx"),
        ("a", b"x", "a file without suffix cannot be read; allowed: .csv"),
        ("a.gpkg", b"<OGRVRTDataSource/>", "is not .gpkg by its first bytes"),
        ("a.xlsx", b"<OGRVRTDataSource/>", "is not .xlsx by its first bytes"),
        ("a.shp", b"x" * 200, "is not .shp by its first bytes"),
        ("a.csv", b"PK\x03\x04", "is a workbook or zip by its bytes"),
        ("a.csv", b"a\x00b", "is not a text file"),
        ("a.csv", b"lon,lat\n\xff\xff,1", "the text is not utf-8-sig or gb18030; save it as UTF-8"),
    ],
)
def test_gate(tmp_path, name, content, message):
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / name, content))


def test_addresses_are_no_files():
    with pytest.raises(InputError, match="not a local path"):
        read("http://127.0.0.1/a.geojson")


def test_column_prefers_the_usual_order():
    table = pd.DataFrame(columns=["type", "Category", "Pop"])
    assert tables.column(table, "category", source="a") == "Category"
    assert tables.column(table, "population", source="a") == "Pop"
    assert tables.column(table, "name", source="a") is None


def test_numbers():
    cells = pd.Series(["1,234", " ２ ", "3.5", ""], name="pop", index=[2, 3, 4, 5])
    read = tables.numbers(cells, source="a", thousands=True, blank=True)
    assert read.fillna(-1).tolist() == [1234, 2, 3.5, -1]
    with pytest.raises(InputError, match="a: row 5, column 'pop': no number"):
        tables.numbers(cells, source="a", thousands=True)
    with pytest.raises(InputError, match="'1,234' is not a number"):
        tables.numbers(cells, source="a", blank=True)


def test_real_boundary_with_gcj02(shared):
    path = shared / "data/boundaries/320402.geojson"
    frame = read(path, datum="gcj02")
    moved = frame.geometry.iloc[0].centroid.distance(read(path).geometry.iloc[0].centroid)
    assert 450 < moved < 550
    assert frame["adcode"].tolist() == ["320402"]


def test_real_invalid_boundaries(shared, caplog):
    frame = read(shared / "data/boundaries/invalid_changzhou.geojson", datum="gcj02")
    assert frame.geometry.is_valid.all()
    assert "invalid polygons repaired" in caplog.text


# --- what a file says of its datum


def stored(path, *, crs):
    """One place in a file of that suffix, in that system."""
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(LON, LAT)], crs=4326).to_crs(crs)
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson", ".parquet"])
@pytest.mark.parametrize(
    ("crs", "datum", "words"),
    [
        (4326, "gcj02", "gcj02"),
        ("OGC:CRS84", "gcj02", "gcj02"),
        (4490, "cgcs2000", "cgcs2000"),
        (32650, None, "按文件 as the file says (EPSG:32650)"),
        (4549, None, "按文件 as the file says (EPSG:4549)"),
    ],
)
def test_a_default_is_only_for_files_that_do_not_say_their_datum(
    tmp_path, suffix, crs, datum, words
):
    path = stored(tmp_path / f"a{suffix}", crs=crs)
    assert tables.source_datum(path, default="gcj02") == (datum, words)


def test_files_without_a_system_take_the_default(tmp_path):
    assert tables.source_datum(write(tmp_path / "a.csv", "lon,lat\n1,2\n"), default="bd09")[0] == (
        "bd09"
    )
    shape = stored(tmp_path / "a.shp", crs=4490)
    shape.with_suffix(".prj").unlink()
    assert tables.source_datum(shape, default="bd09") == ("bd09", "bd09")
    write(tmp_path / "a.kml", kml(f"<Point><coordinates>{LON},{LAT}</coordinates></Point>"))
    assert tables.source_datum(tmp_path / "a.kml", default="bd09").datum == "bd09"


def test_a_stated_datum_beats_all_but_a_projection(tmp_path):
    degrees, metres = (stored(tmp_path / f"{crs}.gpkg", crs=crs) for crs in (4490, 4549))
    assert tables.source_datum(degrees, stated="bd09", default="gcj02").datum == "bd09"
    assert tables.source_datum(metres, stated="wgs84").words.endswith("(EPSG:4549)")
    with pytest.raises(CRSError, match=r"4549\.gpkg: declared gcj02, but stored in CGCS2000 / 3-"):
        tables.source_datum(metres, stated="gcj02")
    with pytest.raises(CRSError, match="datum: 'mars'"):
        tables.source_datum(metres, default="mars")


def test_a_raster_is_never_shifted(shared):
    path = shared / "data/population/worldpop_kathmandu_2020_UNadj.tif"
    assert tables.source_datum(path, default="gcj02") == (
        None, "按文件 as the file says (EPSG:4326)",
    )  # fmt: skip
    with pytest.raises(CRSError, match="declared gcj02, but a raster is never shifted; leave"):
        tables.source_datum(path, stated="gcj02")


def test_what_cannot_be_read_is_left_to_its_reader(tmp_path):
    for name in ("none.gpkg", "none.shp", "none.tif", "none.parquet", "none.geojson"):
        assert tables.source_datum(tmp_path / name, default="gcj02").datum in ("gcj02", None)
        (tmp_path / name).write_bytes(b"SQLite format 3\x00 damaged")
        assert tables.source_datum(tmp_path / name, default="gcj02").datum in ("gcj02", None)


def test_degrees_of_cgcs2000_say_their_datum(tmp_path):
    path = stored(tmp_path / "a.gpkg", crs=4490)
    assert_place(read(path, datum=None))
    assert not read(path, datum="gcj02").geometry.equals(read(path, datum=None).geometry)
