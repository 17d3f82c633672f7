"""Who may ask, and how much: checked before anything else looks at a request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from typing import Any

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from starlette.types import Message
    from starlette.types import Receive
    from starlette.types import Scope
    from starlette.types import Send

MOST_BYTES = 64 * 1024
BODY_SECONDS = 5.0

HOSTS = ("127.0.0.1", "localhost")
"""Names of this machine; under any other name (DNS rebinding) the answer is no."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer that does not say otherwise."""


class Guard:
    """
    Lets requests of this machine's own pages and programs through, up to `MOST_BYTES`.

    Host must be this machine; Origin, where a browser sends it, the page itself; no other
    site's page may ask for an answer. Bodies are read here, whole and within `BODY_SECONDS`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if refusal := refused(Headers(scope=scope), scope["path"]):
            await fault(403, refusal)(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(_body(receive), BODY_SECONDS)
        except TimeoutError:
            await fault(408, f"request: no end within {BODY_SECONDS:g} s")(scope, receive, send)
            return
        except _TooLargeError:
            text = f"request: too large; allowed: at most {MOST_BYTES:,} bytes"
            await fault(413, text)(scope, receive, send)
            return
        await self._app(scope, _replaying(body, receive), _with_headers(send))


def refused(headers: Headers, path: str) -> str:
    """Why a request is refused by what it says of itself; empty if it is not."""
    host = headers.get("host", "")
    if host.rpartition(":")[0] not in HOSTS and host not in HOSTS:
        return f"Host: not this machine; allowed: {', '.join(HOSTS)}"
    if headers.get("origin", f"http://{host}") != f"http://{host}":
        return "Origin: another site's page; allowed: the explorer's own"
    site = headers.get("sec-fetch-site", "none")
    if path != "/" and site not in ("none", "same-origin"):
        return "Sec-Fetch-Site: another site's page; allowed: the explorer's own"
    return ""


def fault(status: int, text: str) -> JSONResponse:
    """An answer that says in one line why there is none."""
    line = " ".join(text.split())
    headers = HEADERS | ({"Retry-After": "1"} if status == 503 else {})
    return JSONResponse({"error": line}, status, headers)


class _TooLargeError(Exception):
    """A body goes on beyond `MOST_BYTES`."""


async def _body(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise _TooLargeError
    return b"".join(parts)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A source of messages that begins with a body that has been read."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Any:
        return waiting.pop() if waiting else await receive()

    return next_message


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent
