"""Whatever is handed in: one clear line, the right exit code, and not a byte changed."""

from __future__ import annotations

import contextlib
import errno
import gc
import gzip
import hashlib
import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pytest
import rasterio
import shapely
import town

from spatialplan.base import read_base
from spatialplan.cli import main
from spatialplan.errors import OutputError
from spatialplan.export import write_table

ROOT = Path(__file__).resolve().parent.parent

OSM = "base town --population 3600 -o ../out/new --osm "
PEOPLE = "base town --streets streets.geojson --facilities shops.csv --datum wgs84 -o ../out/new "
STREETS = "base town --population people.csv --facilities shops.csv --datum wgs84 -o ../out/new "
NO_DATUM = "base town --streets streets.geojson --population people.csv -o ../out/new "
SHOPS = NO_DATUM + "--datum wgs84 --facilities "
JUDGED = "assess {} --base ../base -o ../out/t.xlsx"
ASSESS = JUDGED.format("gb50180-2018") + " "
OWN = JUDGED.format("own.yaml")
ACCESS = "access --base ../base --category primary_school -o ../out/t.csv "
REACH = "isochrone --base ../base -o ../out/t.geojson "
MATRIX = "matrix people category:primary_school --base ../base -o ../out/t.csv "


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """Input files, and a base made of them, that no test may change."""
    root = tmp_path_factory.mktemp("town")
    folder = town.write_town(root / "in")
    words = f"base town --streets {folder}/streets.geojson --population {folder}/people.csv"
    words += f" --facilities {folder}/shops.csv --datum wgs84 --quiet -o {root}/base"
    assert main(shlex.split(words)) == 0
    return root


@pytest.fixture
def place(prepared, tmp_path, monkeypatch):
    """Copy inputs and base, beside old results; stand in the folder of inputs."""
    shutil.copytree(prepared, tmp_path / "all")
    (tmp_path / "all" / "out" / "foreign").mkdir(parents=True)
    (tmp_path / "all" / "out" / "foreign" / "thesis.docx").write_text("mine")
    for name in ("t.xlsx", "t.csv", "t.geojson", "t.html"):
        (tmp_path / "all" / "out" / name).write_text("old")
    monkeypatch.chdir(tmp_path / "all" / "in")
    return tmp_path / "all"


def tree(folder):
    """Every path below a folder, with the hash of its bytes; kept routers are no result."""
    return {
        path.relative_to(folder).as_posix(): path.is_file()
        and hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if "router" not in path.relative_to(folder).parts
    }


def assert_refused(place, capture, line, code, parts):
    """One line on stderr that says all `parts`, nothing on stdout, nothing changed."""
    before = tree(place)
    assert main(shlex.split(line)) == code
    told = capture.readouterr()
    assert told.out == ""
    assert told.err.startswith("spatialplan"), told.err
    assert told.err.count("\n") == 1, told.err
    for part in parts:
        assert part in told.err
    assert tree(place) == before


def case(name, line, *parts, make=lambda: None, code=2):
    return pytest.param(make, line, code, parts, id=name)


# --- files that are not what they should be


def text(name, content, encoding="utf-8"):
    return lambda: Path(name).write_text(content, encoding, newline="")


def raw(name, content):
    return lambda: Path(name).write_bytes(content)


def geojson(name, content):
    return text(name, json.dumps(content))


def lines(*shapes):
    return lambda: town.write_geojson(Path("a.geojson"), "LineString", shapes)


def places(*rows, head="name,lon,lat,category\n"):
    return text("a.csv", head + "".join(f"{row}\n" for row in rows))


def people(*rows):
    return places(*rows, head="lon,lat,population\n")


def cut_pbf():
    with osmium.SimpleWriter("a.osm.pbf") as writer:
        for item in osmium.FileProcessor("town.osm"):
            writer.add(item)
    whole = Path("a.osm.pbf").read_bytes()
    Path("a.osm.pbf").write_bytes(whole[: len(whole) // 2])


def raster(values, *, west=town.WEST, crs="EPSG:4326"):
    def make():
        bands = np.array(values, dtype="float32")
        count, height, width = bands.shape
        transform = rasterio.Affine(0.001, 0, west, 0, -0.001, town.SOUTH + 0.005)
        with rasterio.open(
            "a.tif",
            "w",
            driver="GTiff",
            dtype="float32",
            count=count,
            height=height,
            width=width,
            transform=transform,
            crs=crs,
        ) as out:
            out.write(bands)  # fmt: skip

    return make


def two_layers():
    line = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(119.97, 31.81), (119.98, 31.81)])], crs=4326
    )
    line.to_file("a.gpkg", layer="one")
    line.to_file("a.gpkg", layer="two")


def shapefile(*, without):
    def make():
        shops = gpd.GeoDataFrame(
            {"category": ["pharmacy"]}, geometry=[shapely.Point(119.97, 31.81)]
        )
        shops.set_crs(4326).to_file("a.shp")
        Path("a.shp").with_suffix(without).unlink()

    return make


VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource>'
GDALG = {"type": "gdal_streamed_alg", "command_line": "gdal vector read /etc/passwd"}
LINK = {"type": "link", "properties": {"href": "http://127.0.0.1:1/x"}}
BOMB = '<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>'
POINT = {"type": "Point", "coordinates": town.at(2, 2)}
LINE = {"type": "LineString", "coordinates": [town.at(0, 0), town.at(1, 0)]}
METRES = [[497000, 3520000], [498000, 3520000]]
SWAPPED = [[31.81, 119.97], [31.82, 119.97]]

STREET_FILES = [
    case("missing", OSM + "none.osm.pbf", "none.osm.pbf: no such file; check the path"),
    case("folder", OSM + "a.osm.pbf", "a.osm.pbf: not a file",
         make=lambda: Path("a.osm.pbf").mkdir()),
    case("empty", OSM + "a.osm.pbf", "a.osm.pbf: the file is empty (0 bytes)",
         make=raw("a.osm.pbf", b"")),
    case("text as pbf", OSM + "a.osm.pbf", "a.osm.pbf: cannot be read as OSM data",
         "download the extract again", make=text("a.osm.pbf", "hello")),
    case("cut pbf", OSM + "a.osm.pbf", "a.osm.pbf: cannot be read as OSM data", make=cut_pbf),
    case("cut gzip", OSM + "a.osm.gz", "a.osm.gz: cannot be read as OSM data",
         make=raw("a.osm.gz", gzip.compress(town.osm_text().encode())[:400])),
    case("no way", OSM + "a.osm", "a.osm: no street way found", "check that the extract is whole",
         make=text("a.osm", town.osm_text(ways=False))),
    case("overpass error page", OSM + "a.osm", "a.osm: no street way found",
         make=text("a.osm", '<osm version="0.6"><remark>timeout</remark></osm>')),
    case("ways without nodes", OSM + "a.osm", "a.osm: ",
         make=text("a.osm", town.osm_text().replace("<node id=", "<node id=9"))),
    case("other suffix", OSM + "people.csv", "people.csv", "allowed: .osm.pbf"),
    case("address", OSM + "http://127.0.0.1:1/a.osm.pbf", "not a local path", "on this machine"),
    case("gdal path", STREETS + "--streets /vsicurl/http://127.0.0.1:1/a.gpkg", "not a local path"),
    case("both", OSM + "town.osm --streets streets.geojson", "not allowed with argument --osm"),
    case("neither", "base town --population 1 -o ../out/new", "--osm --streets is required"),
    case("points", STREETS + "--streets people.csv", "people.csv", "allowed: .osm.pbf"),
    case("areas", STREETS + "--streets areas.geojson", "areas.geojson: ", "allowed: "),
    case("mdb", STREETS + "--streets a.mdb", "a.mdb: .mdb cannot be read", "GeoPackage",
         make=raw("a.mdb", b"\0\1")),
    case("VRT", STREETS + "--streets a.geojson", "a.geojson: is not .geojson",
         make=text("a.geojson", VRT)),
    case("GDALG", STREETS + "--streets a.geojson", "a.geojson: ", make=geojson("a.geojson", GDALG)),
    case("broken JSON", STREETS + "--streets a.geojson", "a.geojson: ", "export it again",
         make=text("a.geojson", '{"type": "FeatureCollection", "features": [')),
    case("crs link", STREETS + "--streets a.geojson", "a.geojson: ", "EPSG",
         make=geojson("a.geojson", {"crs": LINK, **LINE})),
    case("false parquet", STREETS + "--streets a.parquet", "a.parquet: cannot be read as a table",
         make=text("a.parquet", "x")),
    case("metres", STREETS + "--streets a.geojson", "a.geojson: ", "coordinate system",
         make=lines(METRES)),
    case("swapped", STREETS + "--streets a.geojson", "a.geojson: ", "swap", make=lines(SWAPPED)),
    case("two layers", STREETS + "--streets a.gpkg",
         "a.gpkg: 2 line layers (one, two); allowed: one line layer", make=two_layers),
]  # fmt: skip

PEOPLE_FILES = [
    *(
        case(f"total {total}", PEOPLE + f"--population={total}", f"--population: {total}",
             "allowed")
        for total in ("0", "-5", "nan", "1e400")
    ),
    case("word", PEOPLE + "--population many", "--population: 'many'; allowed: a number of people"),
    case("missing", PEOPLE + "--population none.tif", "none.tif: no such file; check the path"),
    case("negative", PEOPLE + "--population a.csv", "a.csv: row 3: -4 people; allowed: 0 or more",
         make=people("119.972,31.812,4", "119.972,31.812,-4")),
    case("not counted", PEOPLE + "--population a.csv", "a.csv: row 2, column 'population': 'viele'",
         make=people("119.972,31.812,viele")),
    case("no column", PEOPLE + "--population shops.csv", "shops.csv: no column of people among",
         "name it population"),
    case("nobody", PEOPLE + "--population a.csv", "a.csv: no people (total 0",
         make=people("119.972,31.812,0")),
    case("elsewhere", PEOPLE + "--population a.csv", "a.csv: nothing of it lies within",
         make=people("14.5,35.9,4")),
    case("raster elsewhere", PEOPLE + "--population a.tif", "a.tif: nothing of it lies within",
         make=raster([[[5.0]]], west=14.5)),
    case("raster without crs", PEOPLE + "--population a.tif", "a.tif: no coordinate system", "QGIS",
         make=raster([[[5.0]]], crs=None)),
    case("raster of 3 bands", PEOPLE + "--population a.tif", "a.tif: 3 bands; allowed: one band",
         make=raster([[[5.0]]] * 3)),
    case("raster of nothing", PEOPLE + "--population a.tif", "a.tif: no people (total 0",
         make=raster([[[0.0]]])),
    case("no raster", PEOPLE + "--population a.tif", "a.tif: is not .tif by its first bytes",
         make=text("a.tif", "hello")),
    case("no homes", PEOPLE + "--population 3600", "no residential building",
         "a file of residential land"),
    case("land of points", PEOPLE + "--population 3600 --land people.csv", "people.csv: ",
         "polygons"),
]  # fmt: skip

FACILITY_FILES = [
    case("none", NO_DATUM + "--datum wgs84", "--facilities"),
    case("unknown category", SHOPS + "a.csv", "a.csv: row 3: unknown category 'pharmcy'",
         "did you mean pharmacy", make=places("a,119.972,31.812,小学", "b,119.972,31.812,pharmcy")),
    case("no datum", NO_DATUM + "--facilities shops.csv", "people.csv", "declare the datum",
         "gcj02"),
    case("swapped", SHOPS + "a.csv", "a.csv: row 2: longitude and latitude look swapped",
         "swap the columns", make=places("a,31.812,119.972,小学")),
    case("metres", SHOPS + "a.csv", "a.csv: row 2: metres where degrees should stand",
         make=places("a,497538,3520895,小学")),
    case("words", SHOPS + "a.csv", "a.csv: row 3, column 'lat': 'nord' is not a number",
         make=places("a,119.972,31.812,小学", "b,119.972,nord,小学")),
    case("blank", SHOPS + "a.csv", "a.csv: row 2: no coordinates", make=places("a,,,小学")),
    case("no longitude", SHOPS + "a.csv", "a.csv: no columns of longitude and latitude among name",
         "name them lon and lat", make=text("a.csv", "name,lat,category\na,31.812,小学\n")),
    case("header twice", SHOPS + "a.csv", "a.csv: the header names lon twice",
         make=text("a.csv", "lon,lon,lat,category\n1,2,3,小学\n")),
    case("too many cells", SHOPS + "a.csv", "a.csv: row 2: more cells than the header has columns",
         make=places("a,119.972,31.812,小学,1")),
    case("header only", SHOPS + "a.csv", "a.csv: the table has a header and no rows",
         make=places()),
    case("elsewhere", SHOPS + "a.csv", "facilities: nothing of it lies within the streets",
         "check that both are of one place", make=places("a,14.5,35.9,小学")),
    case("no category", SHOPS + "people.csv", "people.csv: no category"),
    *(
        case(suffix, SHOPS + f"a.{suffix}", f"a.{suffix}: .{suffix} cannot be read; allowed: .csv",
             make=raw(f"a.{suffix}", b"\0\1"))
        for suffix in ("mdb", "dwg", "xls", "zip")
    ),
    case("gdb", SHOPS + "a.gdb", "a.gdb: not a file", "GeoPackage",
         make=lambda: Path("a.gdb").mkdir()),
    case("VRT", SHOPS + "a.geojson=pharmacy", "a.geojson: is not .geojson", "does not begin",
         make=text("a.geojson", VRT)),
    case("GDALG", SHOPS + "a.geojson=pharmacy", "a.geojson: is JSON of type 'gdal_streamed_alg'",
         "allowed: FeatureCollection", make=geojson("a.geojson", GDALG)),
    case("crs link", SHOPS + "a.geojson=pharmacy", "a.geojson: the coordinate system", "EPSG:4549",
         make=geojson("a.geojson", {**POINT, "crs": LINK})),
    case("NaN", SHOPS + "a.geojson=pharmacy", "a.geojson: not valid JSON (holds NaN",
         make=text("a.geojson", '{"type": "Point", "coordinates": [NaN, 1]}')),
    case("lines", SHOPS + "streets.geojson=pharmacy", "streets.geojson: feature 1, 2, 3 and 9 more",
         "allowed: points and polygons"),
    case("address", SHOPS + "http://127.0.0.1:1/a.csv", "not a local path"),
    case("datum of the name", SHOPS + "shops.csv@wgs48", "shops.csv@wgs48: datum 'wgs48'; allowed"),
    case("category of the name", SHOPS + "shops.csv=pharmcy", "shops.csv=pharmcy: unknown category",
         "did you mean pharmacy"),
    case("two datums", SHOPS + "a.csv", "a.csv: declared wgs84, but the columns are lon_gcj02",
         make=text("a.csv", "lon_gcj02,lat_gcj02,category\n119.972,31.812,小学\n")),
    case("kml bomb", SHOPS + "a.kml=pharmacy", "a.kml: not valid KML", make=text("a.kml", BOMB)),
    case("no workbook", SHOPS + "a.xlsx", "a.xlsx: is not .xlsx by its first bytes",
         make=text("a.xlsx", "name,lon,lat")),
    case("damaged workbook", SHOPS + "a.xlsx", "a.xlsx: damaged", "save it again",
         make=raw("a.xlsx", b"PK\3\4 and no more")),
    case("damaged gpkg", SHOPS + "a.gpkg=pharmacy", "a.gpkg: cannot be read", "export it again",
         make=raw("a.gpkg", b"SQLite format 3\0 and no more")),
    case("no dbf", SHOPS + "a.shp", "a.shp: the .dbf file beside it is missing",
         make=shapefile(without=".dbf")),
    case("areas of points", PEOPLE + "--population people.csv --boundaries people.csv",
         "people.csv: row 2, 3: points; allowed: polygons"),
    case("two bytes", SHOPS + "a.csv", "a.csv: the text is not", "save it as UTF-8",
         make=raw("a.csv", b"name,lon,lat,category\n\xff\x81,1,2,x\n")),
]  # fmt: skip

EVERY_FILE = STREET_FILES + PEOPLE_FILES + FACILITY_FILES


@pytest.mark.parametrize(("make", "line", "code", "parts"), EVERY_FILE)
def test_files_in(place, capfd, make, line, code, parts):
    make()
    assert_refused(place, capfd, line, code, parts)


# --- a standard, a base, arguments


def own(content):
    return text("own.yaml", content)


def damaged(name, content=b"PAR1 and no more"):
    return raw(f"../base/{name}", content)


def head(old, new):
    def make():
        file = Path("../base/base.yaml")
        content = file.read_text("utf-8")
        assert old in content
        file.write_text(content.replace(old, new), "utf-8")

    return make


STANDARDS = [
    case("unknown", JUDGED.format("gb50180-2019"), "gb50180-2019", "did you mean gb50180-2018"),
    case("missing", JUDGED.format("city.yaml"), "city.yaml: no such", "check the path"),
    case("broken", OWN, "own.yaml: line 2", make=own("extends: gb50180-2018\n  a: [\n")),
    case("unknown key", OWN, "own.yaml: field titel_zh: unknown field; did you mean title_zh",
         make=own("extends: gb50180-2018\ntitel_zh: 城\n")),
    case("key twice", OWN, "own.yaml: line 2: the key 'extends' twice",
         make=own("extends: gb50180-2018\nextends: gb50180-2018\n")),
    case("alias", OWN, "own.yaml: line 2: the alias *a",
         make=own("extends: &a gb50180-2018\ntitle_zh: *a\n")),
    case("unknown category", OWN, "own.yaml", "clause kindergarten", "did you mean kindergarten?",
         make=own("extends: gb50180-2018\nclauses: {kindergarten: {category: kindergarden}}\n")),
    case("not YAML", OWN, "own.yaml: ", make=own("\x00\x01")),
    case("a list", OWN, "own.yaml: holds a list; allowed: a mapping", make=own("- a\n")),
    case("an address", JUDGED.format("http://127.0.0.1:1/a.yaml"), "a.yaml: no such YAML file"),
    case("to be listed", "standards gb51080", "did you mean gb50180-2018"),
]  # fmt: skip

BASES = [
    case("missing", ASSESS.replace("../base", "../none"), "../none: no such folder",
         "spatialplan base"),
    case("no base", ASSESS.replace("../base", "."), ".: holds no base.yaml", "spatialplan base"),
    case("a file", ASSESS.replace("../base", "people.csv"), "people.csv: ", "spatialplan base"),
    case("broken head", ASSESS, "base.yaml: ", make=damaged("base.yaml", b"modes: [\n")),
    case("head without modes", ASSESS, "base.yaml: ", "modes", "prepare the base again",
         make=head("modes:", "modi:")),
    case("head with another mode", ASSESS, "base.yaml: ", "modes", "prepare the base again",
         make=head("- walk", "- ../../walk")),
    case("head without facts", ASSESS, "base.yaml: ", "facts", "prepare the base again",
         make=head("facts:", "facts: 1\nwere:")),
    case("other format", ASSESS, "base.yaml: format 99; allowed: 1; prepare the base again",
         make=head("format: 1", "format: 99")),
    case("damaged table", ASSESS, "demand.parquet: damaged", "prepare the base again",
         make=damaged("demand.parquet")),
    case("missing table", ASSESS, "walk_edges.parquet: no such table of the base",
         make=lambda: Path("../base/walk_edges.parquet").unlink()),
    case("exchanged tables", ASSESS, "../base", "prepare the base again",
         make=lambda: shutil.copy("../base/walk_edges.parquet", "../base/demand.parquet")),
    case("of a map", "map ../none -o ../out/t.html", "../none: no such folder"),
    case("of an access", ACCESS.replace("../base", "../none"), "../none: no such folder"),
]  # fmt: skip

OUTPUTS = [
    case("no folder", ASSESS.replace("../out", "../none"), "the folder ../none does not exist",
         "make it first", code=4),
    case("a folder", ASSESS.replace("t.xlsx", "foreign"), "../out/foreign: is a folder", code=4),
    case("no parent of a base", OSM.replace("../out", "../none") + "town.osm",
         "make it first", code=4),
    case("foreign folder", OSM.replace("new", "foreign") + "town.osm",
         "out/foreign: the folder holds thesis.docx, which is not ours to replace",
         "name an empty or new folder", code=4),
    case("demo over it", "demo -o ../out/foreign", "thesis.docx, which is not ours", code=4),
    case("a file for a folder", OSM.replace("new", "t.csv") + "town.osm",
         "t.csv: is a file", code=4),
    case("below a file", ASSESS.replace("t.xlsx", "t.csv/t.xlsx"), "t.csv does not exist", code=4),
    case("unknown suffix", ASSESS.replace(".xlsx", ".odt"), "t.odt: no report format '.odt'",
         "allowed: .xlsx, .docx, .csv, .md, .html"),
    case("no suffix", ASSESS.replace(".xlsx", ""), "no report format in the name",
         "allowed: .xlsx"),
    case("gaps in a table", ASSESS + "--gaps ../out/g.shp", "g.shp: cannot write .shp", ".geojson"),
    case("gaps over it", ASSESS.replace("t.xlsx", "t.csv") + "--gaps ../out/t.csv", "--gaps",
         "name another file"),
    case("map as pdf", "map ../base -o ../out/t.pdf", "t.pdf: ", "allowed: .html"),
    case("access as xlsx", ACCESS.replace(".csv", ".xlsx"), "t.xlsx: cannot write .xlsx",
         "allowed: "),
    case("matrix as layer", MATRIX.replace(".csv", ".gpkg"), "t.gpkg: ", "allowed: .parquet, .csv"),
]  # fmt: skip

ARGUMENTS = [
    case("nothing", "", "COMMAND", "see spatialplan --help"),
    case("unknown command", "ases", "invalid choice: 'ases'", "see spatialplan --help"),
    case("unknown option", ASSESS + "--buy area_id", "--buy", "see spatialplan"),
    case("abbreviation", ASSESS + "--denom population", "--denom", "see spatialplan"),
    *(
        case(f"area {name}", OSM.replace(" town ", f" {name} ") + "town.osm", "AREA_ID", name,
             "ASCII")
        for name in ("a/b", "..", "常州", "a_b")
    ),
    case("area empty", OSM.replace(" town ", " '' ") + "town.osm", "AREA_ID", "ASCII"),
    case("place outside", REACH + "--minutes 5 --at 14.5,35.9", "--at: 14.5,35.9 is not in town",
         "allowed: longitude 119.97", "check the order"),
    case("place west", REACH + "--minutes 5 --at -51.23,-30.03",
         "--at: -51.23,-30.03 is not in town"),
    case("place swapped", REACH + "--minutes 5 --at 31.812,119.972", "longitude first"),
    *(
        case(f"place {text}", REACH + f"--minutes 5 --at {text}", "--at: ", "allowed: ")
        for text in ("here", "119.972", "1,2,3", "nan,nan", "119.972,")
    ),
    *(
        case(f"minutes {text}", line + f"--minutes {text}", f"argument --minutes: '{text}' is not",
             "above 0, at most 1,440", "--help")
        for text in ("0", "-1", "inf", "nan", "1e9", "ten")
        for line in (REACH + "--at 119.972,31.812 ", ACCESS)
    ),
    case("no limit", REACH + "--at 119.972,31.812", "--minutes --metres is required"),
    case("two limits", ACCESS + "--minutes 5 --metres 5", "not allowed with argument"),
    case("unknown mode", ACCESS + "--mode fly", "--mode: invalid choice: 'fly'", "walk"),
    *(
        case(f"speed {text}", ACCESS + f"--speed {text}", f"argument --speed: '{text}' is not",
             "from 0.1 to 1,000") for text in ("0", "-4", "nan", "1e-300", "fast")
    ),
    case("unknown category", ACCESS.replace("primary_school", "primary_scool"),
         "--category: unknown category 'primary_scool'; did you mean primary_school"),
    case("no such facility", ACCESS.replace("primary_school", "hospital"),
         "--category: town has no facility of category hospital",
         "allowed: pharmacy, primary_school"),
    case("matrix of nothing", MATRIX.replace("y:primary_school", "y:hospital"),
         "category:hospital: "),
    case("matrix of no file", MATRIX.replace("people", "peple"), "peple: no such file"),
    case("matrix without datum", MATRIX.replace("people", "people.csv"), "declare the datum"),
    case("matrix limit", MATRIX + "--limit -1", "argument --limit: '-1' is not a number above 0"),
    case("unknown rule", ASSESS + "--rule bird", "--rule: invalid choice: 'bird'", "straight"),
    case("unknown language", ASSESS + "--lang fr", "--lang: invalid choice: 'fr'"),
    *(
        case(f"share {text}", ASSESS + f"--community-share {text}", "--community-share", "above 0")
        for text in ("0", "1.5", "half")
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "line", "code", "parts"), STANDARDS + BASES + OUTPUTS + ARGUMENTS)
def test_standards_bases_outputs_and_arguments(place, capfd, make, line, code, parts):
    make()
    assert_refused(place, capfd, line, code, parts)


def test_too_many_pairs_are_over_a_limit(place, capfd, monkeypatch):
    monkeypatch.setattr("spatialplan.travel._pairs.MOST_PAIRS", 1)
    assert_refused(
        place, capfd, MATRIX, 3, ["matrix: 2 pairs; at most 1; write it in parts, to a folder/"]
    )


# --- what the machine refuses


def test_what_may_not_be_read_or_written(place, capfd, monkeypatch):
    closed = {str(place / "out"), "shops.csv"}
    monkeypatch.setattr(os, "access", lambda path, _: str(path) not in closed)
    assert_refused(place, capfd, SHOPS + "shops.csv", 2, ["shops.csv: cannot be read: permission"])
    closed.remove("shops.csv")
    line = SHOPS.replace("../out", str(place / "out")) + "shops.csv"
    assert_refused(place, capfd, line, 4, ["out/new: the folder", "cannot be written to"])


@pytest.mark.parametrize("where", ["mkdir", "open"])
def test_what_fails_late_is_an_output_error(place, capfd, monkeypatch, where):
    real = getattr(Path, where)

    def failing(self, *args, **options):
        if self.suffix in (".draft", ".lock"):
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self, *args, **options)

    monkeypatch.setattr(Path, where, failing)
    line = ASSESS.replace("t.xlsx", "t.csv")
    assert_refused(place, capfd, line, 4, ["could not be written: Permission denied"])


@contextlib.contextmanager
def files_up_to(size):
    """A disk on which no file can grow larger."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


WRITERS = {
    "xlsx": ASSESS,
    "docx": ASSESS.replace(".xlsx", ".docx"),
    "html": ASSESS.replace(".xlsx", ".html"),
    "md": ASSESS.replace(".xlsx", ".md"),
    "csv": ASSESS.replace(".xlsx", ".csv"),
    "map": "map ../base -o ../out/t.html",
    "gaps": ASSESS + "--gaps ../out/t.gpkg",
    "geojson": REACH + "--at 119.972,31.812 --minutes 5 10",
    "gpkg": REACH.replace(".geojson", ".gpkg") + "--at 119.972,31.812 --minutes 5 10",
    "parquet": ACCESS.replace(".csv", ".parquet"),
    "table": ACCESS,
    "pairs": MATRIX,
    "base": SHOPS + "shops.csv",
}


@pytest.fixture
def swept(monkeypatch):
    """Let go, here and not in a later test, of the writers openpyxl leaves on a full disk."""
    yield
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    gc.collect()


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_result(place, capsys, name):
    assert main(shlex.split(WRITERS[name])) in (0, 1)
    capsys.readouterr()
    size = max(path.stat().st_size for path in (place / "out").rglob("*") if path.is_file())
    for share in (0.02, 0.5, 0.98):
        with files_up_to(int(size * share)):
            assert_refused(place, capsys, WRITERS[name], 4, ["could not be written"])


def table(rows):
    grid = np.arange(rows, dtype=float)
    points = gpd.points_from_xy(497_000 + grid, 3_520_000 + grid)
    names = [f"{row}街" for row in range(rows)]
    return gpd.GeoDataFrame({"name": names}, geometry=points, crs=4549)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".parquet", ".csv"])
def test_a_file_that_is_short_of_a_byte_is_never_called_written(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write_table(table(300), path)
    size, written = path.stat().st_size, 0
    for limit in (size // 2, size - 8192, size - 4096, *range(size - 20, size + 2)):
        path.write_text("old")
        try:
            with files_up_to(limit):
                write_table(table(300), path)
        except OutputError:
            assert path.read_text() == "old"
        else:
            assert limit >= size
            written += 1
        assert list(tmp_path.iterdir()) == [path]
    assert written == 2


# --- stopped, killed, started twice


HELD = """
import sys, time
from spatialplan import cli
from spatialplan._commands import base
fill = base.fill_folder
def filled(*args):
    fill(*args)
    print("held", flush=True)
    time.sleep(120)
base.fill_folder = filled
sys.argv[0] = "spatialplan"
cli.run()
"""


@pytest.fixture
def held(place):
    """Run a base that has written its draft and hangs before it is put in place."""
    line = shlex.split(SHOPS + "shops.csv")
    with subprocess.Popen(
        [sys.executable, "-c", HELD, *line],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        # Jobs in the background of a shell ignore Ctrl-C, and so would this one.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as run:  # fmt: skip
        try:
            assert run.stdout.readline() == "held\n"
            yield run
        finally:
            run.kill()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_nothing(place, held, sign):
    assert (place / "out" / ".new.draft" / "base.yaml").is_file()
    held.send_signal(sign)
    _, told = held.communicate(timeout=60)
    assert held.returncode == 130
    assert told == "spatialplan: stopped; nothing was half-written\n"
    assert not list((place / "out").glob("*new*"))


def test_a_second_run_waits_its_turn_and_a_killed_one_is_cleared_up(place, held, capfd):
    assert_refused(place, capfd, SHOPS + "shops.csv", 5, ["out/new: another run is writing to it"])
    held.kill()
    held.wait()
    assert {path.name for path in (place / "out").glob(".new*")} == {".new.draft", ".new.lock"}
    assert main(shlex.split(SHOPS + "shops.csv")) == 0
    assert [path.name for path in (place / "out").glob("*new*")] == ["new"]
    assert read_base(place / "out" / "new").demand["population"].sum() == 400
