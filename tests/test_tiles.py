"""Base maps of tiles: whose they are, what of a file travels, and the datum under the drawing."""

from __future__ import annotations

import sqlite3

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pmtiles.tile import Compression
from pmtiles.tile import TileType
from pmtiles.tile import zxy_to_tileid
from pmtiles.writer import write as pmtiles_writer

from spatialplan import cartography
from spatialplan.cartography import _tiles
from spatialplan.crs import from_wgs84
from spatialplan.errors import CRSError
from spatialplan.errors import InputError

LON, LAT = 119.97, 31.81
BOX = (LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)
PNG = cartography._grid.grey_png(np.zeros((1, 1), np.uint8))
KEY = "0123456789abcdef0123456789abcdef"


def tiles_over(zooms):
    return [(zoom, *_tiles._tile(LON, LAT, zoom)) for zoom in zooms]


def mbtiles(path, zooms, data=PNG):
    with sqlite3.connect(path) as base:
        base.execute("create table tiles (zoom_level, tile_column, tile_row, tile_data)")
        rows = [(zoom, x, 2**zoom - 1 - y, data) for zoom, x, y in tiles_over(zooms)]
        base.executemany("insert into tiles values (?, ?, ?, ?)", rows)
    base.close()
    return path


def pmtiles(path, zooms, kind=TileType.PNG):
    with pmtiles_writer(path) as writer:
        for zoom, x, y in tiles_over(zooms):
            writer.write_tile(zxy_to_tileid(zoom, x, y), PNG)
        head = {"tile_type": kind, "tile_compression": Compression.NONE, "min_zoom": min(zooms),
                "max_zoom": max(zooms), "min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 1,
                "max_lat_e7": 1, "center_zoom": 0, "center_lon_e7": 0,
                "center_lat_e7": 0}  # fmt: skip
        writer.finalize(head, {})
    return path


def a_layer():
    shapes = [shapely.Point(LON, LAT), shapely.LineString([(LON, LAT), (LON + 0.01, LAT)]),
              shapely.box(*BOX)]  # fmt: skip
    frame = gpd.GeoDataFrame({"name": ["一", "二", "三"]}, geometry=shapes, crs=4326)
    return cartography.vector_layer("a", frame, name_zh="点", group="base", name_column="name",
                                    style={"like": "boundary"})  # fmt: skip


def test_tianditu_wants_a_key_and_gives_two_layers_in_cgcs2000():
    tiles = cartography.online_tiles(f"tianditu:{KEY}", datum="wgs84")
    assert tiles["datum"] == "cgcs2000"
    assert ["LAYER=vec" in url or "LAYER=cva" in url for url in tiles["urls"]] == [True, True]
    assert all(KEY in url and "{x}" in url for url in tiles["urls"])
    assert tiles["hosts"] == ["https://t0.tianditu.gov.cn"]
    with pytest.raises(InputError, match="the key of tianditu is none"):
        cartography.online_tiles("tianditu:", datum="wgs84")


@pytest.mark.parametrize(
    "template",
    [
        "http://host/{z}/{x}.png",
        "file:///etc/{z}/{x}/{y}",
        "http://a b/{z}/{x}/{y}",
        "https://host'; script-src *;/{z}/{x}/{y}",
        "//host/{z}/{x}/{y}",
        "https://u@host/{z}/{x}/{y}",
    ],
)
def test_an_address_that_is_none_of_tiles_is_refused(template):
    with pytest.raises(InputError, match=r"an address with \{x\}, \{y\} and \{z\}"):
        cartography.online_tiles(template, datum="wgs84")


def test_the_datum_of_tiles_must_be_known():
    with pytest.raises(CRSError, match="nad27"):
        cartography.online_tiles("http://host/{z}/{x}/{y}", datum="nad27")


@pytest.mark.parametrize("write", [mbtiles, pmtiles])
def test_tiles_of_a_file_travel_with_the_page(tmp_path, write):
    file = write(tmp_path / f"底图.{write.__name__}", range(8, 13))
    tiles = cartography.file_tiles(file, datum="wgs84", box=BOX)
    assert len(tiles["inside"]) == 5
    assert tiles["max_zoom"] == 12
    assert tiles["hosts"] == []
    assert tiles["attribution"] == file.name
    key = "/".join(map(str, tiles_over([12])[0]))
    assert tiles["inside"][key].startswith("data:image/png;base64,iVBOR")


def test_the_closest_zooms_stay_behind_where_all_are_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(_tiles, "MOST_BYTES", 10 * len(PNG))
    tiles = cartography.file_tiles(
        mbtiles(tmp_path / "a.mbtiles", range(19)), datum="wgs84", box=BOX
    )
    assert 0 < len(tiles["inside"]) <= 10
    assert tiles["max_zoom"] == len(tiles["inside"]) - 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.png", b"x", "is no file of tiles; allowed: .mbtiles, .pmtiles"),
        ("a.mbtiles", b"x" * 2000, "cannot be read as MBTiles"),
        ("a.pmtiles", b"x" * 2000, "cannot be read as PMTiles"),
    ],
)
def test_a_file_that_is_none_of_tiles_is_one_line(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        cartography.file_tiles(tmp_path / name, datum="wgs84", box=BOX)


def test_tiles_of_vectors_or_of_elsewhere_are_refused(tmp_path):
    vectors = pmtiles(tmp_path / "v.pmtiles", [8], TileType.MVT)
    with pytest.raises(InputError, match="tiles of vectors; allowed: tiles of pictures"):
        cartography.file_tiles(vectors, datum="wgs84", box=BOX)
    with pytest.raises(InputError, match="a tile is no picture"):
        cartography.file_tiles(
            mbtiles(tmp_path / "w.mbtiles", [8], b"\x1f\x8b"), datum="wgs84", box=BOX
        )
    with pytest.raises(InputError, match="no tile where the map is"):
        cartography.file_tiles(
            mbtiles(tmp_path / "x.mbtiles", [8]), datum="wgs84", box=(0, 0, 1, 1)
        )


def test_every_vertex_is_moved_to_the_datum_of_the_tiles():
    layer = a_layer()
    there = cartography.moved(layer, datum="gcj02")
    before = shapely.get_coordinates(cartography.layer_frame(layer).geometry)
    after = shapely.get_coordinates(cartography.layer_frame(there).geometry)
    wanted = np.column_stack(from_wgs84(*before.T, datum="gcj02"))
    assert np.abs(after - wanted).max() <= 0.51e-6
    assert np.abs(after - before).max() > 0.001
    assert np.abs(np.array(there["anchors"]) - layer["anchors"]).max() > 0.001
    assert there["names"] == layer["names"]


def test_a_grid_is_moved_by_what_its_middle_moves():
    bounds = (13350000.0, 3730000.0, 13360000.0, 3740000.0)
    grid = cartography.grid_layer("g", [[1.0]], bounds_3857=bounds, breaks=[], name_zh="格",
                                  classes=[("一", "one", "#000000")])  # fmt: skip
    west, south, east, north = cartography.moved(grid, datum="gcj02")["bounds_3857"]
    assert (east - west, north - south) == pytest.approx((10_000, 10_000))
    assert 300 < west - bounds[0] < 700


def test_tiles_in_another_datum_stand_under_a_moved_drawing_only():
    places = gpd.GeoDataFrame({"name": ["一"]}, geometry=[shapely.box(*BOX)], crs=4326)
    table = cartography.data_table(
        "t", places, title_zh="表", columns=[("name", "名", "N", "text")]
    )
    content = cartography.map_content([a_layer()], title_zh="图", tables=[table])
    tiles = cartography.online_tiles("http://host/{z}/{x}/{y}", datum="gcj02")
    with pytest.raises(
        InputError, match="tiles in gcj02 under a drawing in WGS 84; allowed: tiles"
    ):
        cartography.with_tiles(content, tiles)
    there = cartography.with_tiles(content, tiles, move=True)
    assert there["layers"] == [cartography.moved(a_layer(), datum="gcj02")]
    assert there["tables"][0]["bounds"][0][0] == pytest.approx(BOX[0] + 0.00475, abs=2e-4)
    assert there["fields"]["base_map"] == "http://host"
    assert content["tiles"] == {}


def test_tiles_in_wgs84_move_nothing():
    content = cartography.map_content([a_layer()], title_zh="图", fields={"base_map": "院内底图"})
    plain = cartography.online_tiles("http://host/{z}/{x}/{y}", datum="cgcs2000")
    over = cartography.with_tiles(content, plain, move=True)
    assert over["layers"] == content["layers"]
    assert over["fields"]["base_map"] == "院内底图"
