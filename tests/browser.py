"""Open a page in real headless Chromium with the network cut, and record what it tries."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import ConsoleMessage
    from playwright.sync_api import Dialog
    from playwright.sync_api import Page
    from playwright.sync_api import Request

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK = (1366, 768)
PHONE = (390, 844)
READY = "html[data-ready=yes]"


@dataclass
class Opened:
    """A page, and every request and complaint it has made so far."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def note_request(self, request: Request) -> None:
        """Record what is asked for, but for blobs and data: they are in the page already."""
        if not request.url.startswith(("blob:", "data:")):
            self.requests.append(request.url)

    def note_complaint(self, said: ConsoleMessage) -> None:
        """Record what the console says, but for what drivers say of their own speed."""
        if "GL Driver Message" not in said.text:
            self.complaints.append(f"{said.type}: {said.text}")

    def refuse(self, dialog: Dialog) -> None:
        """Record and close what only injected script would open."""
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def tip_at(self, lon: float, lat: float) -> str:
        """Move the pointer to a place on the map and read the tooltip."""
        spot = self.page.evaluate("(place) => stage.project(place)", [lon, lat])
        frame = self.page.locator("#map").bounding_box()
        assert frame is not None
        self.page.mouse.move(frame["x"] + spot["x"] + 40, frame["y"] + spot["y"] + 40)
        self.page.mouse.move(frame["x"] + spot["x"], frame["y"] + spot["y"])
        self.page.wait_for_timeout(120)
        tip = self.page.locator("#tip")
        return tip.inner_text() if tip.is_visible() else ""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, or skip, visibly."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = _program()
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@contextlib.contextmanager
def without_webgl(browser: Browser) -> Iterator[Browser]:
    """Start another browser beside one, as on a machine whose graphics driver is blocked."""
    flags = [*QUIET, "--disable-3d-apis"]
    other = browser.browser_type.launch(executable_path=_program(), args=flags)
    yield other
    other.close()


def _program() -> str:
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return program or pytest.skip("no Chromium on this machine")


@contextlib.contextmanager
def opened(browser: Browser, path: Path, size: tuple[int, int] = DESK) -> Iterator[Opened]:
    """Open the file at `path` without network and wait until its map is drawn."""
    with visited(browser, path.as_uri(), size) as seen:
        yield seen


@contextlib.contextmanager
def visited(
    browser: Browser,
    address: str,
    size: tuple[int, int] = DESK,
    *,
    ready: str = READY,
    before: str = "",
) -> Iterator[Opened]:
    """
    Open an address, without network if it is a file, and wait until `ready` is there.

    `before` is a script that makes the browser another one first.
    """
    context = browser.new_context(
        offline=address.startswith("file:"),
        viewport={"width": size[0], "height": size[1]},
        has_touch=size == PHONE,
    )
    page = context.new_page()
    page.add_init_script(before)
    seen = Opened(page)
    page.on("request", seen.note_request)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("console", seen.note_complaint)
    page.on("dialog", seen.refuse)
    page.goto(address)
    page.wait_for_selector(ready, state="attached")
    yield seen
    context.close()
