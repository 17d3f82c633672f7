"""
Pages of maps in headless Chromium: how large, how soon there, how smooth.

    python -m bench.pages [parcels] [cells] [streets]

Synthetic content in a box of 38 x 33 km: 5,000 irregular parcels, 20,000 points and walking
streets of 128,000 nodes that answer clicks; 200,000 cells; 300,000 street edges coloured by a
score. Each page is drawn by whom `auto` chooses. Needs playwright and a Chromium on the path;
drawing is done by the processor, as on a thin client.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from playwright.sync_api import sync_playwright

from bench.cities import generated_city
from bench.page_router import inhabited_base
from spatialplan import cartography
from spatialplan.page_graph import walk_graph
from spatialplan.webmap import choose_renderer
from spatialplan.webmap import draw_map
from spatialplan.webmap import write_map

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

NODES = 128_000
WEST, SOUTH, EAST, NORTH = 116.2, 39.75, 116.65, 40.05
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SCORES = [
    (number, f"第 {number + 1} 级", f"class {number + 1}", color)
    for number, color in enumerate(["#253494", "#2c7fb8", "#41b6c4", "#a1dab4", "#ffffcc"])
]
# A page is moved and zoomed for some seconds while the longest frame is noted.
MOVE = """async () => {
    let worst = 0, last = performance.now(), running = true;
    const tick = (now) => {
        worst = Math.max(worst, now - last);
        last = now;
        if (running) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    const { centre: [lng, lat], zoom } = stage.view();
    for (let step = 0; step < 60; step++) {
        stage.jump({ centre: [lng + 0.0004 * step, lat + 0.0002 * step],
                     zoom: zoom + 3 * Math.sin(step / 10) });
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    running = false;
    return worst;
}"""


def parcels_and_points() -> list[dict[str, Any]]:
    """5,000 irregular parcels of about 30 vertices and 20,000 named points."""
    chance = np.random.default_rng(1)
    centres = chance.uniform((WEST, SOUTH), (EAST, NORTH), (5000, 2))
    angles = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    radii = chance.uniform(0.0012, 0.0022, (5000, 30))
    rings = centres[:, None] + radii[..., None] * np.stack([np.cos(angles), np.sin(angles)], -1)
    parcels = gpd.GeoDataFrame(
        {"score": chance.integers(0, 5, 5000), "people": chance.integers(0, 900, 5000)},
        geometry=shapely.polygons(rings), crs=4326,
    )  # fmt: skip
    spots = chance.uniform((WEST, SOUTH), (EAST, NORTH), (20_000, 2))
    points = gpd.GeoDataFrame(
        {"name": [f"设施{number}" for number in range(20_000)]},
        geometry=shapely.points(spots), crs=4326,
    )  # fmt: skip
    return [
        cartography.vector_layer("parcels", parcels, name_zh="地块", group="people",
                                 class_column="score", classes=SCORES,
                                 tooltip=[("people", "人口", "People", "people")]),
        cartography.vector_layer("points", points, name_zh="设施", group="facilities",
                                 style="point", name_column="name"),
    ]  # fmt: skip


def cells() -> list[dict[str, Any]]:
    """200,000 cells of a smooth surface."""
    y, x = np.mgrid[0:400, 0:500] / 60
    values = 900 + 800 * np.sin(x) * np.cos(y) + np.random.default_rng(2).normal(0, 60, x.shape)
    labels = [(zh, en, color) for _, zh, en, color in SCORES]
    layer = cartography.grid_layer(
        "cells", values, bounds_3857=(12_935_000, 4_830_000, 12_985_000, 4_870_000), visible=True,
        breaks=[300, 600, 900, 1200], classes=labels, name_zh="到最近设施的距离",
    )  # fmt: skip
    return [layer]


def streets() -> list[dict[str, Any]]:
    """300,000 street edges of four vertices, each with a score to point at."""
    chance = np.random.default_rng(3)
    start = chance.uniform((WEST, SOUTH), (EAST, NORTH), (300_000, 2)).round(3)
    along = chance.integers(0, 2, 300_000)
    step = np.where(along[:, None] == [0, 1], 0.001, 0.0)
    bends = chance.normal(0, 0.00005, (300_000, 4, 2))
    bends[:, [0, 3]] = 0
    lines = start[:, None] + step[:, None] * np.linspace(0, 1, 4)[None, :, None] + bends
    score = np.clip((5 * (start[:, 0] - WEST) / (EAST - WEST)).astype(int), 0, 4)
    frame = gpd.GeoDataFrame({"score": score}, geometry=shapely.linestrings(lines), crs=4326)
    return [
        cartography.vector_layer("streets", frame, name_zh="道路得分", group="base",
                                 style={"like": "line", "weight": 1}, class_column="score",
                                 classes=SCORES,
                                 tooltip=[("score", "得分", "Score", "count")])
    ]  # fmt: skip


CASES: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "parcels": parcels_and_points,
    "cells": cells,
    "streets": streets,
}


def measured(browser: Browser, path: Path) -> dict[str, float]:
    """Seconds to the first map, worst frame in milliseconds, heap in MB."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    began = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready=yes]", state="attached", timeout=120_000)
    first_s = time.perf_counter() - began
    worst_ms = page.evaluate(MOVE)
    heap_mb = page.evaluate("performance.memory.usedJSHeapSize / 1e6")
    page.close()
    return {"first_s": first_s, "worst_ms": worst_ms, "heap_mb": heap_mb}


def main(names: list[str]) -> None:
    """Write and open the pages of the cases named, or of all."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    row = "{:<10}{:<10}{:>8}{:>10}{:>9}{:>11}{:>9}\n"
    write = sys.stdout.write
    write(row.format("case", "renderer", "MB", "python s", "first s", "worst ms", "heap MB"))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for name in names or CASES:
            content = cartography.map_content(CASES[name](), title_zh=name)
            if name == "parcels":
                content["router"] = walk_graph(inhabited_base(generated_city(NODES)))
            renderer, _ = choose_renderer(content, "auto")
            began = time.perf_counter()
            path = Path(folder) / f"{name}.html"
            write_map(draw_map(content), path)
            python_s = time.perf_counter() - began
            result = measured(browser, path)
            size_mb = path.stat().st_size / 1e6
            figures = [size_mb, python_s, *result.values()]
            write(row.format(name, renderer, *(f"{figure:.2f}" for figure in figures)))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
