"""Fixtures that several test files use."""

from __future__ import annotations

import os

os.environ["OPENPYXL_LXML"] = "False"  # as the command line has it, and read once

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import shapely.affinity
import yaml

from spatialplan.network import Network
from spatialplan.prepare import assemble_base
from spatialplan.prepare import land_facts
from spatialplan.standard import Standard
from spatialplan.standard import read_standard

if TYPE_CHECKING:
    from spatialplan.base import Base

collect_ignore = ["qgis_reads.py"]  # run by the Python that has QGIS

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Compile the kernels anew if any has changed: numba looks at each file alone."""
    folder = ROOT / "spatialplan" / "_kernels"
    changed = max(path.stat().st_mtime for path in folder.glob("*.py"))
    compiled = [*folder.glob("__pycache__/*.nb?")]
    if any(path.stat().st_mtime < changed for path in compiled):
        for path in compiled:
            path.unlink(missing_ok=True)  # the processes of one run do this side by side
    # Which test is the first to need a kernel, and so to hear of it, is chance.
    logging.getLogger("spatialplan._kernels.first_run").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference data beside the project; it is no part of the project."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("reference data (../shared) is not beside the project")
    return folder


def make_network(
    lengths: Sequence[tuple[int, int, float]],
    at: dict[int, tuple[float, float]],
    *,
    oneway: Sequence[int] = (),
    mode: str = "walk",
) -> Network:
    """Build a network of straight edges (u, v, length) between points; walked at 3.6 km/h."""
    nodes = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(*zip(*at.values(), strict=True)),
        index=pd.Index(list(at), name="node_id"),
        crs=4549,
    )
    edges = gpd.GeoDataFrame(
        {
            "u": [u for u, _, _ in lengths],
            "v": [v for _, v, _ in lengths],
            "length_m": [float(length) for _, _, length in lengths],
            "speed_kmh": 3.6,
            "oneway": [position in oneway for position in range(len(lengths))],
        },
        geometry=[shapely.LineString([at[u], at[v]]) for u, v, _ in lengths],
        index=pd.RangeIndex(len(lengths), name="edge_id"),
        crs=4549,
    )
    return Network(mode, nodes, edges)


def make_points(*at: tuple[float, float], index: Sequence[str] = ()) -> gpd.GeoDataFrame:
    """Build a table of points named a, b, c ... unless `index` says otherwise."""
    names = list(index) or [chr(ord("a") + position) for position in range(len(at))]
    points = [shapely.Point(*place) for place in at]
    return gpd.GeoDataFrame(geometry=points, index=pd.Index(names, name="place_id"), crs=4549)


@pytest.fixture
def cross() -> Network:
    """
    Five nodes, four roads of 600 m (ten minutes at 1 m/s); 5 and 6 are an island.

              3
              |
        1 --- 0 --- 2        5 - 6
              |
              4
    """
    at = {
        0: (0.0, 0.0),
        1: (-600.0, 0.0),
        2: (600.0, 0.0),
        3: (0.0, 600.0),
        4: (0.0, -600.0),
        5: (2000.0, 0.0),
        6: (2100.0, 0.0),
    }
    roads = [(0, 1, 600), (0, 2, 600), (0, 3, 600), (0, 4, 600), (5, 6, 100)]
    return make_network(roads, at)


TOWN_AT = (500_000.0, 3_520_000.0)
"""Where the town's (0, 0) lies in EPSG:4549; every figure below is metres from there."""


def in_town(geometry: shapely.Geometry) -> shapely.Geometry:
    """Move a geometry drawn in the town's own metres to where the town lies."""
    return shapely.affinity.translate(geometry, *TOWN_AT)


def town_table(
    shapes: dict[str, shapely.Geometry], *, index: str = "place_id", **columns: object
) -> gpd.GeoDataFrame:
    """Build a table of shapes drawn in the town's own metres."""
    labels = pd.Index(list(shapes), name=index, dtype="str")
    geometry = [in_town(shape) for shape in shapes.values()]
    return gpd.GeoDataFrame(columns, geometry=geometry, index=labels, crs=4549)


def town_base() -> Base:
    """
    A town to judge: six homes whose people are powers of two, so that a sum names them.

            a 1   b 2   c 4   d 8   e 16   f 32      west: a b d f (43), east: c e (20)

        pocket, 400 m2
        |
        (0,400) d ------ f ---- (1000,400)
          l                          |          (the river between them has one bridge)
        (0,0) a - school - b ---- (1000,0) ------- c --- PARK 40,000 m2 --- (2000,0) e
                  k    park kiosk, a point                                    m
    """
    at = {1: (0, 0), 2: (500, 0), 3: (1000, 0), 4: (2000, 0), 5: (1000, 400), 6: (0, 400)}
    at = {node: (x + TOWN_AT[0], y + TOWN_AT[1]) for node, (x, y) in at.items()}
    roads = [(1, 2, 500), (2, 3, 500), (3, 4, 1000), (3, 5, 400), (5, 6, 1000)]
    streets = make_network(roads, at)
    streets = Network("walk", streets.nodes, streets.edges.assign(highway="residential"))
    point, box = shapely.Point, shapely.box
    homes = {"a": (100, 0), "b": (500, 20), "c": (1500, 0), "d": (0, 380), "e": (2000, 0)}
    homes["f"] = (700, 400)
    return assemble_base(
        "town",
        networks={"walk": streets},
        demand=town_table(
            {name: point(*xy) for name, xy in homes.items()},
            population=[1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
            drawn_from="open_data",
        ),
        land=town_table(
            {
                "k": box(350, 0, 400, 50),
                "l": box(0, 350, 50, 400),
                "m": box(1950, -50, 2000, 0),
            },
            index="piece_id",
            area_m2=2500.0,
        ),
        facilities=town_table(
            {
                "school": point(400, 0),
                "park": box(1600, -100, 1800, 100),
                "pocket": box(-20, 410, 0, 430),
                "kiosk": point(600, 0),
            },
            category=["primary_school", "park", "park", "park"],
            name_zh=["<b>一</b>小", "大公园", "", "园亭"],
            area_m2=[float("nan"), 40_000.0, 400.0, float("nan")],
            stand_in_zh=["学段未注明", "", "", ""],
            stand_in_en=["level not stated", "", "", ""],
            source="test",
            drawn_from="open_data",
        ),
        boundaries=town_table(
            {"west": box(-500, -500, 1000, 900), "east": box(1000, -500, 2500, 900)},
            index="area_id",
            name_zh=["西区", ""],
            level=8,
        ),
        duplicates=pd.DataFrame({"kept": [], "merged": []}),
        sources=[
            {
                "role": "streets",
                "title": "town.osm",
                "date": "2026-01-02",
                "datum": "wgs84",
                "licence": "ODbL",
                "sha256": "0" * 64,
            }
        ],
        facts={
            "population_zh": "抽样",
            "population_en": "a sample",
            "demand_precision_m": 10.0,
            **land_facts(50.0),
        },
    )


@pytest.fixture
def town() -> Base:
    """The town, new for each test: see `town_base`."""
    return town_base()


def write_rules(folder: Path, clauses: dict[str, dict[str, object]]) -> Standard:
    """Write and read a standard; what a clause does not say is that of `school`."""
    usual = {
        "category": "primary_school",
        "name_zh": "小学",
        "name_en": "Primary school",
        "clause": "表1",
        "tier": "5",
        "distance_rule": "table",
        "denominator": "population",
        "binding": "must",
        "confidence": "V",
    }
    head = {
        "standard_id": "town",
        "title_zh": "试行标准",
        "title_en": "Trial standard",
        "publisher_zh": "某市",
        "publisher_en": "A city",
        "date": "2026-01-01",
        "source": "test",
        "distance_table": {5: 300},
    }
    path = folder / "town.yaml"
    content = {**head, "clauses": {name: {**usual, **own} for name, own in clauses.items()}}
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return read_standard(path)


RULES: dict[str, dict[str, object]] = {
    "table": {"threshold_min": 5, "required": 0.04},
    "straight": {"distance_rule": "straight", "threshold_m": 500, "required": 0.6,
                 "confidence": "M"},
    "minutes": {"distance_rule": "network", "threshold_min": 2, "denominator": "communities",
                "required": 0.5},
    "parks": {"category": "park", "distance_rule": "straight", "denominator": "residential_land",
              "confidence": "L", "note_zh": "试算", "note_en": "on trial",
              "parts": [{"min_area_m2": 5000, "threshold_m": 200},
                        {"min_area_m2": 400, "max_area_m2": 5000, "threshold_m": 30}]},
    "pharmacy": {"category": "pharmacy", "threshold_min": 5, "required": 0.5},
    "seats": {"distance_rule": "none", "not_judged_zh": "无座位数", "not_judged_en": "no seats"},
}  # fmt: skip


@pytest.fixture
def rules(tmp_path: Path) -> Standard:
    """Every way a clause can be judged, over the town: see `RULES`."""
    return write_rules(tmp_path, RULES)
