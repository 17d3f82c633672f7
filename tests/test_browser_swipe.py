"""Before and after in real headless Chromium: the divider, the sides and the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from browser import DESK
from browser import PHONE
from browser import chromium
from browser import opened

from spatialplan import cartography
from spatialplan import webmap

if TYPE_CHECKING:
    from browser import Opened

LON, LAT = 119.97, 31.81
NEAR, FAR, GAIN = "#253494", "#ffffcc", "#542788"
MERCATOR = 20_037_508.342789244


def edge(lon, lat):
    """A place in metres of EPSG:3857."""
    north = np.degrees(np.log(np.tan(np.radians(45 + lat / 2))))
    return lon * MERCATOR / 180, float(north) * MERCATOR / 180


def grid(side, value, color):
    """One cell around the place, in one colour."""
    layer = cartography.grid_layer(
        side, [[value]], breaks=[value + 1],
        classes=[("近", "near", color), ("远", "far", "#000000")],
        bounds_3857=(*edge(LON - 0.02, LAT - 0.02), *edge(LON + 0.02, LAT + 0.02)),
        name_zh=f"{side} 小学", group=side, visible=True, theme="school",
    )  # fmt: skip
    return {**layer, "side": side}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    layers = [grid("before", 900.0, FAR), grid("after", 300.0, NEAR), grid("change", -600.0, GAIN)]
    groups = {
        side: {"name_zh": side, "name_en": side, "exclusive": True, "open": True}
        for side in ("before", "after", "change")
    }
    content = cartography.map_content(layers, title_zh="对比", groups=groups)
    path = tmp_path_factory.mktemp("swipe") / "page.html"
    webmap.write_map(webmap.draw_map({**content, "compare": True}), path)
    return path


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def desk(browser, path):
    with opened(browser, path, DESK) as seen:
        yield seen
        assert seen.complaints == []
        assert seen.requests == [path.as_uri()]


def colors(seen: Opened, *shares: float) -> list[str]:
    """What stands in the middle row of the map, at shares of its width, in `picture()`."""
    return seen.page.evaluate(
        """async (shares) => {
          const canvas = await stage.picture();
          const copy = document.createElement("canvas");
          Object.assign(copy, { width: canvas.width, height: canvas.height });
          const context = copy.getContext("2d", { willReadFrequently: true });
          context.drawImage(canvas, 0, 0);
          return shares.map((share) => "#" + [...context.getImageData(
            Math.floor(canvas.width * share), Math.floor(canvas.height / 2), 1, 1).data.slice(0, 3)]
            .map((part) => part.toString(16).padStart(2, "0")).join(""));
        }""",
        list(shares),
    )


def at(seen: Opened) -> str:
    return seen.page.locator("#swipe-handle").get_attribute("aria-valuenow")


def middle(seen: Opened, share: float) -> tuple[float, float]:
    """A point of the page in the middle row of the map."""
    frame = seen.page.locator("#map").bounding_box()
    return frame["x"] + share * frame["width"], frame["y"] + 0.5 * frame["height"]


def test_each_state_shows_on_its_side(desk):
    assert at(desk) == "50"
    assert colors(desk, 0.45, 0.55) == [FAR, NEAR]
    clip = desk.page.locator('[data-side="after"]').evaluate("(side) => side.style.clipPath")
    assert clip == "inset(0px 0px 0px 50%)"


def test_the_divider_is_dragged(desk):
    desk.page.mouse.move(*middle(desk, 0.5))
    desk.page.mouse.down()
    desk.page.mouse.move(*middle(desk, 0.42), steps=4)
    desk.page.mouse.up()
    assert at(desk) == "42"
    assert colors(desk, 0.41, 0.45) == [FAR, NEAR]
    desk.page.mouse.move(*middle(desk, 0.7))  # let go
    assert at(desk) == "42"


def test_the_divider_obeys_keys(desk):
    handle = desk.page.locator("#swipe-handle")
    assert (handle.get_attribute("role"), handle.get_attribute("tabindex")) == ("slider", "0")
    handle.focus()
    where = []
    for key in ("ArrowRight", "ArrowLeft", "Shift+ArrowLeft", "Home", "ArrowLeft", "End", "x"):
        desk.page.keyboard.press(key)
        where.append(at(desk))
    assert where == ["52", "50", "40", "0", "0", "100", "100"]
    assert handle.get_attribute("aria-valuetext") == "前 100%"


def test_buttons_show_one_state_or_the_difference(desk):
    def pressed():
        buttons = desk.page.locator("#swipe-views button[aria-pressed=true]")
        return buttons.all_inner_texts()

    assert pressed() == []
    seen = {}
    for name in ("前", "后", "差"):
        desk.page.get_by_role("button", name=name, exact=True).click()
        desk.page.wait_for_timeout(100)
        seen[name] = (colors(desk, 0.45, 0.55), pressed())
    assert seen == {
        "前": ([FAR, FAR], ["前"]),
        "后": ([NEAR, NEAR], ["后"]),
        "差": ([GAIN, GAIN], ["差"]),
    }
    assert desk.page.locator("#swipe-handle").is_hidden()
    desk.page.get_by_role("button", name="差", exact=True).click()
    assert desk.page.locator("#swipe-handle").is_visible()
    assert colors(desk, 0.45, 0.55) == [NEAR, NEAR]


def test_a_layer_taken_off_leaves_its_side_only(desk):
    group = desk.page.locator("#layers details", has_text="before").first
    group.get_by_label("不显示").check()
    desk.page.wait_for_timeout(100)
    assert colors(desk, 0.55) == [NEAR]
    assert colors(desk, 0.45) != [FAR]


def test_both_sides_look_at_one_place(desk):
    inner = """() => [...document.querySelectorAll("#map .side img")].map((one) => {
      const { left, top, width } = one.getBoundingClientRect(); return [left, top, width]; })"""
    for share in (0.3, 0.7):  # whichever side is dragged
        x, y = middle(desk, share)
        desk.page.mouse.move(x, y)
        desk.page.mouse.down()
        desk.page.mouse.move(x + 60, y + 25, steps=5)
        desk.page.mouse.up()
        desk.page.wait_for_timeout(400)
        before, after = desk.page.evaluate(inner)
        assert before == pytest.approx(after, abs=1)
    desk.page.evaluate("stage.zoomBy(1)")
    desk.page.wait_for_timeout(700)
    before, after = desk.page.evaluate(inner)
    assert before == pytest.approx(after, abs=1)


def test_tooltips_tell_both_states_on_either_side(desk):
    for lon in (LON - 0.005, LON + 0.012):
        tip = desk.tip_at(lon, LAT)
        assert "before 小学 · 约 900 m" in tip
        assert "after 小学 · 约 300 m" in tip
        assert "change 小学 · 约 -600 m" in tip


def test_words_follow_the_language(desk):
    desk.page.locator("#language-button").click()
    names = desk.page.locator("#swipe-views button").all_inner_texts()
    assert names == ["Before", "After", "Change"]
    label = desk.page.locator("#swipe-handle").get_attribute("aria-label")
    assert label == "Divider: before on the left, after on the right"


def test_a_finger_drags_the_divider_on_a_phone(browser, path):
    with opened(browser, path, PHONE) as seen:
        buttons = seen.page.locator("#swipe-views").bounding_box()
        assert buttons["x"] >= 0
        assert buttons["x"] + buttons["width"] <= PHONE[0]
        for button in seen.page.locator("#swipe-views button").all():
            button.click(trial=True)  # nothing lies over it
        x, y = middle(seen, 0.5)
        touch = seen.page.context.new_cdp_session(seen.page)
        for kind, points in (
            ("touchStart", [{"x": x, "y": y}]),
            ("touchMove", [{"x": x - 40, "y": y}]),
            ("touchMove", [{"x": x - 78, "y": y}]),
            ("touchEnd", []),
        ):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        assert at(seen) == "30"
        seen.page.set_viewport_size({"width": 844, "height": 390})
        seen.page.wait_for_timeout(300)
        sizes = seen.page.evaluate(
            "[...document.querySelectorAll('#map .side')].map((side) => side.clientWidth)"
        )
        assert sizes[0] == sizes[1] == seen.page.evaluate("by('map').clientWidth")
        assert seen.complaints == []


def test_other_pages_have_no_divider(browser, tmp_path):
    content = cartography.map_content(
        [{**grid("after", 1.0, NEAR), "group": "coverage"}], title_zh="图"
    )
    webmap.write_map(webmap.draw_map(content), tmp_path / "page.html")
    assert "swipeStage" not in (tmp_path / "page.html").read_text("utf-8").replace(
        "swipeStage(by(", ""
    )
    with opened(browser, tmp_path / "page.html", DESK) as seen:
        assert seen.page.locator("#swipe-handle").count() == 0
