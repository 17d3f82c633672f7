"""Whatever is handed in: one clear line, the right exit code, and not a byte changed."""

from __future__ import annotations

import gzip
import hashlib
import json
import shlex
import shutil

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
import rasterio
import shapely
import town

from spatialplan import access
from spatialplan.base import read_base
from spatialplan.cli import main

LIST = "name,lon,lat,category\n"
BASE = "base town --streets streets.geojson --population people.csv --datum wgs84 -o ../out/new "
OSM = "base town --population 3600 -o ../out/new --osm "
SHOPS = BASE + "--facilities "
STREETS = "base town --population people.csv --facilities shops.csv --datum wgs84 -o ../out/new "
ASSESS = "assess gb50180-2018 --base ../base -o ../out/t.xlsx "
JUDGED = "assess {} --base ../base -o ../out/t.xlsx"
ACCESS = "access --base ../base --category primary_school -o ../out/t.csv "
REACH = "isochrone --base ../base -o ../out/t.geojson "
MATRIX = "matrix people category:primary_school --base ../base -o ../out/t.csv "
OWN = "own.yaml: extends: gb50180-2018\nstandard_id: own\n"


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
    """Copy the inputs, the base and an old result; stand in the folder of inputs."""
    shutil.copytree(prepared, tmp_path / "all")
    (tmp_path / "all" / "out" / "foreign").mkdir(parents=True)
    (tmp_path / "all" / "out" / "foreign" / "thesis.docx").write_text("mine")
    for name in ("t.xlsx", "t.csv", "t.geojson", "t.html"):
        (tmp_path / "all" / "out" / name).write_text("old")
    monkeypatch.chdir(tmp_path / "all" / "in")
    return tmp_path / "all"


def tree(folder):
    """Every path below a folder, with the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.is_file()
        and hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
    }


def refused(place, capfd, line, code, *parts):
    """Run a command that must be refused: one line, nothing on stdout, nothing changed."""
    before = tree(place)
    assert main(shlex.split(line)) == code
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err.startswith("spatialplan"), told.err
    assert told.err.count("\n") == 1, told.err
    for part in parts:
        assert part in told.err, told.err
    assert tree(place) == before


# --- what each case hands in: files to add, the command, what the one line must say


def pbf(name="whole.osm.pbf"):
    with osmium.SimpleWriter(name) as writer:
        for item in osmium.FileProcessor("town.osm"):
            writer.add(item)


def cut_pbf():
    pbf()
    raw = open("whole.osm.pbf", "rb").read()
    open("cut.osm.pbf", "wb").write(raw[: len(raw) // 2])


def raster(values, *, west=town.WEST, crs=4326, name="people.tif"):
    values = np.array(values, dtype="float32")
    bands = values.reshape(-1, *values.shape[-2:])
    shape = {"count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
    transform = rasterio.Affine(0.001, 0, west, 0, -0.001, town.SOUTH + 0.005)
    profile = {"driver": "GTiff", "dtype": "float32", "transform": transform, "crs": crs, **shape}
    with rasterio.open(name, "w", **profile) as out:
        out.write(bands)


def layer(name, *shapes, crs=None, encoding=None, **columns):
    gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs).to_file(name, encoding=encoding)


def text(name, content, encoding="utf-8"):
    return lambda: open(name, "w", encoding=encoding, newline="").write(content)


def raw(name, content):
    return lambda: open(name, "wb").write(content)


def shops(*rows, head=LIST):
    return text("list.csv", head + "\n".join(rows))


def facility_layer():
    layer("list.shp", shapely.Point(119.972, 31.812), crs=4326, category=["pharmacy"])


VRT = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource>'
GDALG = '{"type": "gdal_streamed_alg", "command_line": "gdal vector read /etc/passwd"}'
BOMB = '<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>'
LINKED = {"type": "FeatureCollection", "features": [],
          "crs": {"type": "link", "properties": {"href": "http://127.0.0.1:1/x"}}}  # fmt: skip

STREET_CASES = {
    "no such file": (None, OSM + "none.osm.pbf", "none.osm.pbf: no such file; check the path"),
    "no such population": (None, OSM.replace("3600", "none.tif") + "town.osm", "none.tif: no such"),
    "a folder": (lambda: __import__("os").mkdir("a.osm.pbf"), OSM + "a.osm.pbf", "not a file"),
    "empty": (raw("a.osm.pbf", b""), OSM + "a.osm.pbf", "a.osm.pbf: the file is empty (0 bytes)"),
    "text as pbf": (text("a.osm.pbf", "hello"), OSM + "a.osm.pbf", "a.osm.pbf: cannot be read as",
                    "download the extract again"),
    "cut pbf": (cut_pbf, OSM + "cut.osm.pbf", "cut.osm.pbf: cannot be read as OSM data",
                "download the extract again"),
    "cut gzip": (lambda: open("a.osm.gz", "wb").write(gzip.compress(town.osm_text().encode())[:400]),
                 OSM + "a.osm.gz", "a.osm.gz: cannot be read as OSM data"),
    "no way": (text("a.osm", town.osm_text(ways=False)), OSM + "a.osm", "a.osm: no street way",
               "check that the extract is whole"),
    "overpass error": (text("a.osm", '<osm version="0.6"><remark>timeout</remark></osm>'),
                       OSM + "a.osm", "a.osm: no street way found"),
    "ways without nodes": (text("a.osm", town.osm_text().replace("<node ", "<nix ")),
                           OSM + "a.osm", "a.osm: "),
    "not OSM": (None, OSM + "people.csv", "people.csv", "allowed: .osm.pbf"),
    "an address": (None, OSM + "http://127.0.0.1:1/a.osm.pbf", "not a local path",
                   "allowed: a file on this machine"),
    "both": (None, OSM + "town.osm --streets streets.geojson", "--streets: not allowed with"),
    "neither": (None, "base town --population 1 -o ../out/new", "--osm --streets is required"),
    "streets of points": (None, STREETS + "--streets people.csv", "people.csv", "allowed: .osm.pbf"),
    "streets that are areas": (None, STREETS + "--streets areas.geojson", "areas.geojson"),
    "streets of an mdb": (raw("a.mdb", b"\0\1"), STREETS + "--streets a.mdb", ".mdb cannot be read",
                          "GeoPackage"),
    "streets of a VRT": (text("a.geojson", VRT), STREETS + "--streets a.geojson",
                         "a.geojson: is not .geojson"),
    "streets of GDALG": (text("a.geojson", GDALG), STREETS + "--streets a.geojson",
                         "a.geojson: "),
    "streets of broken JSON": (text("a.geojson", '{"type": '), STREETS + "--streets a.geojson",
                               "a.geojson: "),
    "streets, false parquet": (text("a.parquet", "x"), STREETS + "--streets a.parquet",
                               "a.parquet: cannot be read as a table of lines"),
    "streets in metres": (
        lambda: town.write_geojson(__import__("pathlib").Path("a.geojson"), "LineString",
                                   [[[497000, 3520000], [498000, 3520000]]]),
        STREETS + "--streets a.geojson", "a.geojson"),
    "streets swapped": (
        lambda: town.write_geojson(__import__("pathlib").Path("a.geojson"), "LineString",
                                   [[[31.81, 119.97], [31.82, 119.97]]]),
        STREETS + "--streets a.geojson", "a.geojson", "swap"),
    "two layers": (
        lambda: [layer("a.gpkg", shapely.LineString([(119.97, 31.81), (119.98, 31.81)]), crs=4326),
                 gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 1)])], crs=4326)
                 .to_file("a.gpkg", layer="b")],
        STREETS + "--streets a.gpkg", "a.gpkg: 2 line layers (a, b); allowed: one line layer"),
}  # fmt: skip


def case_ids(cases):
    return [pytest.param(*case[:2], case[2:], id=name) for name, case in cases.items()]


@pytest.mark.parametrize(("make", "line", "parts"), case_ids(STREET_CASES))
def test_streets(place, capfd, make, line, parts):
    if make:
        make()
    refused(place, capfd, line, 2, *parts)
