"""Streets of line layers and edge tables, drawn by hand on a grid; and those of Wuhan."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.streets import MODES
from spatialplan.streets import read_streets

LON, LAT, STEP = 119.97, 31.81, 0.001


def layer(path, lines, *, crs=4326, **columns):
    frame = gpd.GeoDataFrame(
        columns, geometry=[shapely.LineString(line) for line in lines], crs=crs
    )
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
    return path


def at(*nodes):
    return [(LON + n % 10 * STEP, LAT + n // 10 * STEP) for n in nodes]


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.parquet"])
def test_lines_meet_where_they_share_a_vertex(tmp_path, name):
    # the second line touches the first at its middle vertex; the third crosses without one
    path = layer(tmp_path / name, [at(0, 1, 2), at(1, 11), [*at(10), (LON + 0.0005, LAT)]])
    tables = read_streets(path)
    assert list(tables) == list(MODES)
    nodes, edges = tables["drive"]
    assert len(nodes) == 6
    assert len(edges) == 4
    assert sorted(nodes["component_size"]) == [2, 2, 4, 4, 4, 4]
    assert set(edges.highway) == {"road"}


def test_columns_of_a_layer_are_read_as_tags(tmp_path):
    lines = [at(0, 1), at(10, 11), at(20, 21), at(30, 31), at(40, 41)]
    path = layer(
        tmp_path / "a.gpkg", lines,
        highway=["motorway", "主干路", "footway", "construction", None],
        oneway=["yes", "-1", None, "no", "B"],
        speed_kmh=[90.0, None, None, 50.0, None], maxspeed=[None, "40", None, None, "none"],
    )  # fmt: skip
    tables = read_streets(path)
    drive = tables["drive"][1]
    assert drive.highway.tolist() == ["motorway", "road", "road"]
    assert drive.oneway.tolist() == [True, True, False]
    assert drive.speed_kmh.tolist() == [90, 40, 30]
    assert tables["drive"][0].geometry[drive.u[1]].x > tables["drive"][0].geometry[drive.v[1]].x
    assert sorted(tables["walk"][1].highway) == ["footway", "road", "road"]


def test_geofabrik_columns_are_understood(tmp_path):
    words = {"fclass": ["residential"] * 3, "oneway": ["F", "T", "B"], "maxspeed": [0, 60, 0]}
    path = layer(tmp_path / "a.shp", [at(0, 1), at(10, 11), at(20, 21)], **words)
    _, edges = read_streets(path)["drive"]
    assert edges.oneway.tolist() == [True, True, False]
    assert edges.speed_kmh.tolist() == [30, 60, 30]


def test_lines_are_two_way_unless_a_column_says_otherwise(tmp_path):
    # OSM's rule that a motorway is one-way holds for OSM files only.
    path = layer(tmp_path / "a.gpkg", [at(0, 1)], highway=["motorway"])
    assert not read_streets(path)["drive"][1].oneway.any()
    numbers = layer(tmp_path / "b.gpkg", [at(0, 1), at(10, 11)], oneway=[1.0, None])
    assert read_streets(numbers)["drive"][1].oneway.tolist() == [True, False]


def test_an_edge_table_keeps_its_node_ids_and_directions(tmp_path):
    # the second line is drawn from v to u; 7 is met by three lines
    lines = [at(0, 1), at(2, 1), at(1, 11, 21)]
    path = layer(
        tmp_path / "a.parquet", lines, u=[5, 7, 7], v=[7, 8, 9], oneway=[True, True, False]
    )
    nodes, edges = read_streets(path)["drive"]
    assert sorted(nodes.index) == [5, 7, 8, 9]
    found = list(zip(edges.u, edges.v, edges.oneway, strict=True))
    assert sorted(found) == [(5, 7, True), (7, 8, True), (7, 9, False)]
    metres = pyproj.Transformer.from_crs(4326, nodes.crs, always_xy=True)
    for node, place in ((5, 0), (7, 1), (8, 2), (9, 21)):
        assert nodes.geometry[node].coords[0] == pytest.approx(metres.transform(*at(place)[0]))


def test_both_rows_of_a_two_way_street_are_one(tmp_path):
    path = layer(tmp_path / "a.parquet", [at(0, 1, 2), at(2, 1, 0)], u=[5, 6], v=[6, 5])
    nodes, edges = read_streets(path)["walk"]
    assert len(nodes) == 2
    assert len(edges) == 1


def test_plain_parquet_needs_a_declared_system(tmp_path):
    path = tmp_path / "plain.parquet"
    line = shapely.LineString([(0, 0), (100, 0)])
    easting = shapely.transform(line, lambda xy: xy + np.array([497538.152, 3520895.434]))
    pd.DataFrame({"u": [1], "v": [2], "geometry": [easting.wkb]}).to_parquet(path)
    with pytest.raises(CRSError, match="has no coordinate system; write it into the file"):
        read_streets(path)
    nodes, edges = read_streets(path, source_crs=pyproj.CRS.from_epsg(4549))["walk"]
    assert nodes.geometry[1].coords[0] == pytest.approx((497538.15, 3520895.43), abs=1e-9)
    assert edges.length_m[0] == pytest.approx(100, rel=1e-4)


def test_layers_that_cannot_be_used(tmp_path):
    (tmp_path / "a.mdb").write_bytes(b"x")
    with pytest.raises(InputError, match=r"\.mdb cannot be read.*GeoPackage"):
        read_streets(tmp_path / "a.mdb")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="cannot be read as a table of lines"):
        read_streets(tmp_path / "b.parquet")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "c.parquet")
    with pytest.raises(InputError, match="geometry"):
        read_streets(tmp_path / "c.parquet")
    points = gpd.GeoDataFrame(geometry=[shapely.Point(LON, LAT)], crs=4326)
    points.to_parquet(tmp_path / "d.parquet")
    with pytest.raises(InputError, match="the layer holds Point"):
        read_streets(tmp_path / "d.parquet")
    points.to_file(tmp_path / "e.gpkg")
    with pytest.raises(InputError, match="0 line layers; allowed: one line layer"):
        read_streets(tmp_path / "e.gpkg")
    with pytest.raises(InputError, match="row 1: a coordinate is not a number"):
        read_streets(layer(tmp_path / "f.parquet", [at(0, 1), [(np.inf, 1), (2, 2)]]))
    with pytest.raises(InputError, match="u or v is not a whole number"):
        read_streets(layer(tmp_path / "g.parquet", [at(0, 1)], u=["a"], v=["b"]))
    with pytest.raises(InputError, match="lines of node 5 end at different points"):
        read_streets(layer(tmp_path / "h.parquet", [at(0, 1), at(10, 11)], u=[5, 5], v=[6, 7]))
    with pytest.raises(CRSError, match="longitude -180 to 180"):
        read_streets(layer(tmp_path / "i.geojson", [[(497538, 3520895), (497638, 3520895)]]))


def test_several_line_layers_are_named(tmp_path):
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(at(0, 1))], crs=4326)
    for name in ("roads", "rails"):
        frame.to_file(tmp_path / "a.gpkg", layer=name)
    with pytest.raises(InputError, match=r"2 line layers \(roads, rails\)"):
        read_streets(tmp_path / "a.gpkg")


def test_wuhan_keeps_its_nodes(shared):
    """92,667 two-point segments, 82,891 nodes, one component, 7,185 km (README of the data)."""
    path = shared / "data/streets/wuhan_8989_original.parquet"
    source = gpd.read_parquet(path, columns=["u", "v", "highway", "geometry"])
    nodes, edges = read_streets(path, modes=["walk", "drive"])["drive"]
    driven = source[source["highway"] != "pedestrian"]
    assert set(nodes.index) <= set(source["u"]) | set(source["v"])
    assert len(nodes) + edges.n_merged.sum() == len(np.unique(driven[["u", "v"]]))
    assert edges.length_m.sum() == pytest.approx(driven.length.sum(), rel=1e-3)
    assert not edges.oneway.any()
    assert nodes["component_size"].max() > 82_000


def test_projected_streets_are_never_shifted(shared):
    path = shared / "data/streets/wuhan_8989_original.parquet"
    with pytest.raises(CRSError, match="declared gcj02, but stored in unknown; leave the datum"):
        read_streets(path, datum="gcj02")


def test_degrees_of_cgcs2000_may_be_stated_to_be_shifted(tmp_path):
    path = layer(tmp_path / "a.gpkg", [at(0, 1)], crs=4490)
    plain, moved = (read_streets(path, datum=datum)["walk"][0] for datum in ("wgs84", "gcj02"))
    assert plain.distance(moved).between(300, 700).all()
