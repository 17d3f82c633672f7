"""Features of OpenStreetMap files, drawn by hand and of Monaco."""

from __future__ import annotations

import bz2
import gzip

import pytest
import shapely

from spatialplan.errors import InputError
from spatialplan.osm import read_date
from spatialplan.osm import read_features

NODES = """
<node id="1" lat="31.80" lon="119.90"/><node id="2" lat="31.80" lon="119.92"/>
<node id="3" lat="31.82" lon="119.92"/><node id="4" lat="31.82" lon="119.90"/>
<node id="5" lat="31.805" lon="119.905"/><node id="6" lat="31.805" lon="119.915"/>
<node id="7" lat="31.815" lon="119.915"/><node id="8" lat="31.815" lon="119.905"/>
<node id="9" lat="31.81" lon="119.95">
  <tag k="amenity" v="school"/><tag k="name" v="一小 &lt;b&gt;"/></node>
<node id="10" lat="31.81" lon="119.96"><tag k="natural" v="tree"/></node>
"""
OUTER = "".join(f'<nd ref="{node}"/>' for node in (1, 2, 3, 4, 1))
INNER = "".join(f'<nd ref="{node}"/>' for node in (5, 6, 7, 8, 5))
PARK = '<tag k="leisure" v="park"/>'
WITH_HOLE = (
    '<relation id="50"><member type="way" ref="20" role="outer"/>'
    '<member type="way" ref="21" role="inner"/><tag k="type" v="multipolygon"/>' + PARK
) + "</relation>"


def osm_text(*objects):
    return f"<?xml version='1.0'?><osm version='0.6'>{NODES}{''.join(objects)}</osm>"


def way(number, refs, tags=""):
    return f'<way id="{number}">{refs}{tags}</way>'


def write(folder, *objects):
    path = folder / "a.osm"
    path.write_text(osm_text(*objects), encoding="utf-8")
    return path


def test_points_areas_and_relations(tmp_path):
    path = write(tmp_path, way(20, OUTER), way(21, INNER), way(22, INNER, PARK), WITH_HOLE)
    found = read_features(path, ["amenity", "leisure"])
    assert sorted(found.index) == ["n9", "r50", "w22"]
    assert found.index.name == "osm_id"
    assert found.crs == "EPSG:4326"
    assert found.loc["n9", "tags"] == {"amenity": "school", "name": "一小 <b>"}
    assert found.loc["n9"].geometry.equals(shapely.Point(119.95, 31.81))
    hole = shapely.box(119.905, 31.805, 119.915, 31.815)
    assert found.loc["w22"].geometry.equals(hole)
    assert found.loc["r50"].geometry.equals(shapely.box(119.9, 31.8, 119.92, 31.82) - hole)


def test_open_ways_come_only_when_asked(tmp_path):
    refs = '<nd ref="1"/><nd ref="2"/>'
    path = write(tmp_path, way(20, refs, '<tag k="leisure" v="track"/>'), way(21, OUTER, PARK))
    assert read_features(path, ["leisure"]).index.tolist() == ["w21"]
    found = read_features(path, ["leisure"], lines=True)
    assert found.geom_type.to_dict() == {"w20": "LineString", "w21": "MultiPolygon"}
    ring = write(tmp_path, way(20, OUTER, PARK + '<tag k="area" v="no"/>'))
    assert len(read_features(ring, ["leisure"], lines=True)) == 0  # neither open nor an area


def test_what_has_no_geometry_is_left_out(tmp_path):
    lost = '<nd ref="1"/><nd ref="999"/><nd ref="3"/><nd ref="1"/>'
    crossed = "".join(f'<nd ref="{node}"/>' for node in (1, 3, 2, 4, 1))
    path = write(tmp_path, way(20, lost, PARK), way(21, crossed, PARK), way(22, OUTER, PARK))
    assert "w22" in read_features(path, ["leisure"]).index
    assert "w20" not in read_features(path, ["leisure"], lines=True).index
    nothing = read_features(path, ["railway"])
    assert len(nothing) == 0
    assert nothing.crs == "EPSG:4326"


def test_every_form_of_a_file_reads_the_same(tmp_path):
    text = osm_text(way(20, OUTER, PARK)).encode()
    plain = write(tmp_path, way(20, OUTER, PARK))
    (tmp_path / "a.osm.gz").write_bytes(gzip.compress(text))
    (tmp_path / "A.OSM.BZ2").write_bytes(bz2.compress(text))
    for name in ("a.osm.gz", "A.OSM.BZ2"):
        assert read_features(tmp_path / name, ["leisure"]).equals(read_features(plain, ["leisure"]))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.shp", b"x", r"a\.shp: not an OSM file by its name; allowed: \.osm\.pbf, "),
        ("a.osm.pbf", b"this is no pbf", r"a\.osm\.pbf: cannot be read as OSM data \(.*\); "),
        ("a.osm", b"<osm version='0.6'><node", r"a\.osm: cannot be read as OSM data"),
        ("a.osm.gz", b"<osm/>", "download the extract again"),
        ("a.osm", b"", r"the OSM file is empty \(0 bytes\)"),
    ],
)
def test_what_is_no_osm_file_is_said_in_one_line(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    for read in (lambda path: read_features(path, ["leisure"]), read_date):
        with pytest.raises(InputError, match=message) as caught:
            read(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_a_missing_file_is_said():
    with pytest.raises(InputError, match=r"none\.osm: no such OSM file; check the path"):
        read_date("none.osm")


def test_a_truncated_file_is_refused(shared, tmp_path):
    whole = (shared / "data/streets/poa_osm.osm.pbf").read_bytes()
    (tmp_path / "a.osm.pbf").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="it may be cut short"):
        read_features(tmp_path / "a.osm.pbf", ["amenity"])


def test_the_date_is_that_of_the_header(shared, tmp_path):
    assert read_date(write(tmp_path)) == ""
    assert read_date(shared / "data/streets/malta-latest.osm.pbf") == "2016-11-09"
    assert read_date(shared / "data/streets/monaco.osm.gz") == "2012-06-29（最新道路 newest way）"


def test_monaco(shared):
    found = read_features(shared / "data/streets/monaco.osm.gz", ["amenity"])
    schools = found[[tags.get("amenity") == "school" for tags in found["tags"]]]
    assert len(schools) > 0
    assert found.index.is_unique
    west, south, east, north = found.total_bounds
    assert 7.3 < west < east < 7.5
    assert 43.6 < south < north < 43.8
