"""What a notebook shows of a map, a base, its streets and a plan."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import geopandas as gpd
import pytest
from browser import chromium

from spatialplan import cartography
from spatialplan import webmap
from spatialplan._card import card
from spatialplan.plan import list_plans
from spatialplan.plan import read_plan
from spatialplan.webmap._notebook import Page

HOSTILE = "<img src=x onerror=alert(1)>"


def told(card_html):
    """Facts of a card by their names, and its notes."""
    facts = re.findall(r"<tr><th[^>]*>(.*?)</th><td[^>]*>(.*?)</td></tr>", card_html)
    return dict(facts), re.findall(r"<li>(.*?)</li>", card_html)


def test_a_page_is_its_text_and_shows_in_a_frame_that_cannot_reach_out():
    page = Page("<p>\"map\" & 'more'</p>")
    assert page == "<p>\"map\" & 'more'</p>"
    frame = page._repr_html_()
    assert html.unescape(re.search(r'srcdoc="(.*?)"', frame)[1]) == page
    assert 'height="520"' in frame
    assert "allow-same-origin" not in frame


def test_the_frame_shows_the_map(tmp_path):
    table = gpd.GeoDataFrame(
        {"name": [HOSTILE]}, geometry=gpd.points_from_xy([119.97], [31.81]), crs=4326
    )
    page = Page(webmap.draw_map(cartography.frame_content(table, title_zh="甲图")))
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><body>{page._repr_html_()}</body>", encoding="utf-8")
    complaints = []
    with chromium() as browser:
        shown = browser.new_context(offline=True).new_page()
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        shown.goto(path.as_uri())
        frame = shown.frame_locator("iframe")
        frame.locator("html[data-ready=yes]").wait_for(state="attached", timeout=20_000)
        assert "甲图" in frame.locator("body").inner_text()
    assert complaints == []


def test_a_card_shows_text_and_stays_small():
    made = card(HOSTILE, {HOSTILE: HOSTILE, "empty": ""}, notes=[HOSTILE * 100] * 20)
    assert "<img" not in made
    assert made.count("&lt;img") > 3
    facts, notes = told(made)
    assert list(facts) == [html.escape(HOSTILE)]
    assert len(notes) == 13
    assert notes[-1] == "+ 8"
    assert len(made.encode()) < 10_000


def test_a_base_tells_its_people_streets_and_sources(town):
    facts, notes = told(town._repr_html_())
    assert facts["people"] == "63"
    assert facts["facilities"] == "4"
    assert facts["street edges"] == "walk 5"
    assert facts["drawn from"] == "open_data"
    assert notes == ["town.osm, 2026-01-02, wgs84, ODbL"]
    marked = replace(town, demand=town.demand.assign(drawn_from="synthetic"))
    assert told(marked._repr_html_())[0]["drawn from"] == "synthetic"


def test_a_network_tells_its_streets(cross):
    facts, _ = told(cross._repr_html_())
    assert facts["nodes"] == "7"
    assert facts["length"] == "2.5 km"
    assert facts["closed edges"] == "0"
    assert told(cross.closed([0])._repr_html_())[0]["closed edges"] == "1"


@pytest.mark.parametrize("plan_id", list_plans())
def test_a_plan_tells_its_structures_and_sources(plan_id):
    plan = read_plan(plan_id)
    facts, notes = told(plan._repr_html_())
    assert facts["structures"] == f"{len(plan.structures):,}"
    assert plan.sources["title_zh"].iloc[0] in notes[0]
    assert "text" in facts["drawn from"]
    assert len(plan._repr_html_().encode()) < 10_000
    assert repr(plan).startswith(f"<Plan {plan_id}: ")
    assert len(repr(plan)) < 200
