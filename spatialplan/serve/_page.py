"""The page of the explorer, which is drawn while questions are answered already."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from fastapi.responses import HTMLResponse

if TYPE_CHECKING:
    from collections.abc import Callable

_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"
"""What the page does not say itself: its own policy, inside, is the strict one."""

_AGAIN_S = 2
_WAIT = """\
<!doctype html><html lang="zh"><meta charset="utf-8"><title>spatialplan</title>
<p>正在绘制各条款的覆盖图，画好后自动打开。</p>
<p lang="en">Drawing how far every clause is covered; the map opens by itself.</p></html>
"""


class Page:
    """
    A page that is being drawn.

    Parameters
    ----------
    draw
        Makes the page; it is called once, in a thread that does not keep the server from
        ending.
    """

    def __init__(self, draw: Callable[[], str]) -> None:
        self._text: Future[str] = Future()
        threading.Thread(target=self._drawn, args=(draw,), name="page", daemon=True).start()

    def _drawn(self, draw: Callable[[], str]) -> None:
        try:
            self._text.set_result(draw())
        except Exception as error:  # noqa: BLE001 - whoever asks for the page is told
            self._text.set_exception(error)

    def answer(self) -> HTMLResponse:
        """Return the page, or one that says what is being done and asks again by itself."""
        if not self._text.done():
            headers = {"Refresh": str(_AGAIN_S)}
            return HTMLResponse(_WAIT, headers=headers | {"Content-Security-Policy": _POLICY})
        return HTMLResponse(self._text.result(), headers={"Content-Security-Policy": _POLICY})
