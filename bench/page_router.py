"""
How fast a page answers a click by itself, and how much its streets weigh in it.

    python -m bench.page_router [--nodes 30000 128000 552000] [--clicks 200]

Needs playwright and a Chromium; the scripts run as in a page, without any network.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from playwright.sync_api import sync_playwright

import spatialplan
from bench.cities import UNITS
from bench.cities import City
from bench.cities import generated_city
from spatialplan import Base
from spatialplan import Network
from spatialplan.categories import read_categories
from spatialplan.page_graph import walk_graph

if TYPE_CHECKING:
    from collections.abc import Sequence

NODES = (30_000, 128_000, 552_000)
CLICKS = 200
CRS = 4549
MIDDLE_M = (500_000.0, 3_520_000.0)
WALK_KMH = 3.6
SCRIPTS = ("packed.js", "projection.js", "graph.js", "search.js", "page_router.js")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

DECODE = """async (packed) => {
  window.packed = packed;
  const started = performance.now();
  window.graph = await decodeGraph(packed);
  return performance.now() - started;
}"""

ANSWER = """async ({ clicks, barrier }) => {
  const setting = createSetting(packed, graph);
  const closed = barrier ? [barrier] : [];
  return clicks.map(([lng, lat]) => answerOf(setting, { lng, lat, closed }).ms);
}"""


def main() -> None:
    """Measure cities of the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=NODES)
    parser.add_argument("--clicks", type=int, default=CLICKS)
    wanted = parser.parse_args()
    for nodes in wanted.nodes:
        figures = measured(inhabited_base(generated_city(nodes)), wanted.clicks)
        sys.stdout.write(json.dumps({"nodes": nodes, **figures}) + "\n")
        sys.stdout.flush()


def inhabited_base(city: City) -> Base:
    """A generated city as a base: straight streets, walked, and a facility of each kind."""
    points = shapely.points(city.x + MIDDLE_M[0], city.y + MIDDLE_M[1])
    lines = shapely.linestrings(shapely.get_coordinates(points)[city.ends])
    nodes = gpd.GeoDataFrame(geometry=points, crs=CRS).rename_axis("node_id")
    edges = gpd.GeoDataFrame(
        {"u": city.ends[:, 0], "v": city.ends[:, 1], "length_m": city.walk / UNITS,
         "speed_kmh": WALK_KMH, "oneway": False},
        geometry=lines, crs=CRS,
    ).rename_axis("edge_id")  # fmt: skip
    keys = read_categories().index.to_numpy()
    facilities = gpd.GeoDataFrame(
        {"category": keys[city.kinds], "name_zh": "", "stand_in_zh": "", "stand_in_en": ""},
        geometry=points[city.facilities], crs=CRS,
    )  # fmt: skip
    facilities.index = pd.Index([f"f{k}" for k in range(len(facilities))], name="place_id")
    home = gpd.GeoDataFrame({"population": [1.0]}, geometry=points[:1], crs=CRS, index=["home"])
    square = [shapely.box(*shapely.total_bounds(points))]
    land = gpd.GeoDataFrame({"area_m2": [1.0]}, geometry=square, crs=CRS, index=["land"])
    areas = gpd.GeoDataFrame({"name_zh": ["市"]}, geometry=square, crs=CRS, index=["city"])
    return Base(
        area_id="bench",
        networks={"walk": Network("walk", nodes, edges)},
        demand=home.rename_axis("place_id"),
        land=land.rename_axis("piece_id"),
        facilities=facilities,
        boundaries=areas.rename_axis("area_id"),
        unlocated=pd.DataFrame(),
        duplicates=pd.DataFrame(),
    )


def measured(base: Base, clicks: int) -> dict[str, Any]:
    """Weight of the streets in the page, and milliseconds to unpack them and to answer."""
    packed = walk_graph(base)
    rng = np.random.default_rng(1)
    nodes = base.networks["walk"].nodes.geometry.iloc
    where = nodes[rng.integers(0, len(base.networks["walk"].nodes), clicks)].to_crs(4326)
    places = np.column_stack([where.x, where.y])
    lng, lat = places.mean(axis=0).tolist()
    barrier = [[lng - 0.01, lat], [lng + 0.01, lat]]
    with sync_playwright() as playwright:
        program = next(filter(None, map(shutil.which, CHROMIUM)), None)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.add_script_tag(content=_scripts())
        decode_ms = page.evaluate(DECODE, packed)
        first_ms = page.evaluate(ANSWER, {"clicks": places.tolist()})
        again_ms = page.evaluate(ANSWER, {"clicks": places.tolist()})
        barred_ms = page.evaluate(ANSWER, {"clicks": places.tolist(), "barrier": barrier})
        browser.close()
    return {
        "megabytes": round(len(packed["block"]) / 1e6, 2),
        "bytes_a_node": round(len(packed["block"]) / packed["counts"]["nodes"], 1),
        "decode_ms": round(decode_ms),
        "first_click_ms": round(first_ms[0], 1),
        "click_ms": _spread(again_ms),
        "click_with_barrier_ms": _spread(barred_ms),
    }


def _scripts() -> str:
    folder = Path(spatialplan.__file__).parent / "_web"
    return "\n".join(['"use strict";', *((folder / name).read_text("utf-8") for name in SCRIPTS)])


def _spread(times_ms: Sequence[float]) -> dict[str, float]:
    """Half of the times, nearly all, and the longest."""
    half, most, longest = np.quantile(times_ms, [0.5, 0.95, 1.0]).round(1).tolist()
    return {"median": half, "p95": most, "longest": longest}


if __name__ == "__main__":
    main()
