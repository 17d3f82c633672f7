"""
The six pictures of the README: `make gallery`.

Plans and the generated Changzhou that the package itself holds, no other data; pages in real
headless Chromium without network, sheets as they are printed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
from PIL import Image
from playwright.sync_api import sync_playwright

import spatialplan as sp
from spatialplan.demo import PLAN_ID
from spatialplan.demo import STANDARD_ID
from spatialplan.demo import demo_base
from spatialplan.judgement import switched

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parent / "gallery"
SIZE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
WIDE_PX = 1366
FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader"]  # WebGL without a card
HERE = (119.948, 31.781)  # in the old town


def main() -> None:
    """Make all six."""
    FOLDER.mkdir(exist_ok=True)
    plan = sp.read_plan(PLAN_ID)
    base, _ = demo_base(plan)
    standard = switched(sp.read_standard(STANDARD_ID))
    content = sp.coverage_content(standard, base)
    live = {**content, "router": sp.walk_graph(base)}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or sys.exit("Chromium is needed: make browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        shot = _photographer(browser, Path(folder))
        shot("structure", sp.plan_content([plan]), SIZE)
        shot("circle", live, SIZE, click=True)
        shot("phone", live, PHONE, click=True)
        shot("compare", sp.comparison_content(standard, base, _with_schools(base)), SIZE)
        browser.close()
        for name, figure in (
            ("sheet", sp.draw_sheet(sp.plan_content([sp.read_plan("nantong-urbanisation")]))),
            ("atlas", next(iter(sp.draw_atlas(content, paper="A4", landscape=False)))),
        ):
            (file,) = sp.write_sheet(figure, Path(folder) / f"{name}.png")
            _keep(file, name)


def _with_schools(base: sp.Base) -> sp.Base:
    """The area with a primary school at each of two gates where there is none."""
    standard = switched(sp.read_standard(STANDARD_ID))
    gaps = sp.gaps(standard, base, sp.service(standard, base))
    gaps = gaps[gaps["clause_id"] == "primary_school"].nlargest(2, "people")
    schools = gpd.GeoDataFrame(
        {"category": "primary_school", "name_zh": ["拟建小学甲", "拟建小学乙"],
         "drawn_from": "synthetic"},
        geometry=gaps.representative_point().to_numpy(), crs=base.crs,
        index=["a", "b"],
    )  # fmt: skip
    return sp.scenario(base, added=schools.rename_axis("place_id"))


def _photographer(browser: Browser, folder: Path) -> Callable[..., None]:
    """A function that opens a content as a page and keeps a picture of it."""

    def shot(
        name: str, content: dict[str, Any], size: dict[str, int], *, click: bool = False
    ) -> None:
        file = folder / f"{name}.html"
        sp.write_map(sp.draw_map(content), file)
        context = browser.new_context(offline=True, viewport=size, device_scale_factor=1)
        page = context.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready=yes]", state="attached", timeout=120_000)
        if click:
            _click(page)
        page.wait_for_timeout(1500)
        page.screenshot(path=folder / f"{name}.png")
        context.close()
        _keep(folder / f"{name}.png", name)

    return shot


def _click(page: Page) -> None:
    """Ask for the circle of a place."""
    page.evaluate("([lng, lat]) => stage.jump({centre: [lng, lat], zoom: 14.5})", list(HERE))
    page.wait_for_timeout(800)
    spot = page.evaluate("(place) => stage.project(place)", list(HERE))
    frame = page.locator("#map").bounding_box() or {"x": 0, "y": 0}
    page.mouse.click(frame["x"] + spot["x"], frame["y"] + spot["y"])
    page.wait_for_timeout(1500)
    page.mouse.move(4, 4)


def _keep(file: Path, name: str) -> None:
    """Keep a picture, no wider than a page is."""
    with Image.open(file) as picture:
        picture.thumbnail((WIDE_PX, 2 * WIDE_PX))
        picture.convert("RGB").save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
