"""The router of a page asked in Chromium, and the same questions asked of the streets in Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

import spatialplan as sp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser
    from playwright.sync_api import Page

    from spatialplan.base import Base

SCRIPTS = ("packed.js", "projection.js", "graph.js", "search.js", "page_router.js")
_WEB = Path(sp.__file__).parent / "_web"

ASK_ALL = """async (clicks) => {
  const told = [];
  for (const [lng, lat] of clicks) {
    const { checklist, areas, ms } = await router.answer({ lng, lat });
    told.push({
      minutes: checklist.map((row) => row.minutes),
      metres: checklist.map((row) => row.metres),
      street_km: areas.map((area) => area.street_km),
      ms,
    });
  }
  return told;
}"""


def scripted_page(browser: Browser) -> Page:
    """Open an empty page with the scripts of the router."""
    page = browser.new_page()
    source = "\n".join(['"use strict";', *((_WEB / name).read_text("utf-8") for name in SCRIPTS)])
    page.add_script_tag(content=source)
    return page


def start_router(page: Page, packed: dict[str, Any]) -> None:
    """Give the page the router of some packed streets, as `router`."""
    page.evaluate("(packed) => { window.router = createPageRouter(packed); }", packed)


def asked(page: Page, clicks: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Minutes and metres by category, and kilometres of street by limit, as the page tells them."""
    degrees = clicks.to_crs(4326)
    told = page.evaluate(
        ASK_ALL, np.column_stack([degrees.geometry.x, degrees.geometry.y]).tolist()
    )
    names = page.evaluate("router.categories.map((one) => one.id)")
    limits = page.evaluate("router.minutes")
    minutes, metres = (
        pd.DataFrame([one[name] for one in told], clicks.index, names, dtype=float)
        for name in ("minutes", "metres")
    )
    streets = pd.DataFrame([one["street_km"] for one in told], clicks.index, limits)
    return minutes, metres, streets


def measured(
    base: Base, clicks: gpd.GeoDataFrame, categories: Sequence[str], limit_min: float, mode: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Minutes and metres by category, as the command line has them; missing beyond the limit."""
    network = base.networks[mode]
    minutes, metres = {}, {}
    for category in categories:
        facilities = base.facilities[base.facilities["category"] == category]
        found = sp.time_to_nearest(clicks, facilities, network=network)
        minutes[category] = found.where(found <= limit_min)
        far = sp.distance_to_nearest(clicks, facilities, network=network)
        metres[category] = far.where(found <= limit_min)
    return pd.DataFrame(minutes), pd.DataFrame(metres)


def clicks_in(base: Base, count: int, *, seed: int = 1) -> gpd.GeoDataFrame:
    """Random places around the people of a base."""
    rng = np.random.default_rng(seed)
    people = base.demand.geometry.representative_point()
    at = people.iloc[rng.integers(0, len(people), count)]
    shift = rng.normal(0.0, 150.0, (2, count))
    points = gpd.points_from_xy(at.x + shift[0], at.y + shift[1], crs=base.crs)
    return gpd.GeoDataFrame(geometry=points, index=[f"click {k}" for k in range(count)])
