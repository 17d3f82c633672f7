"""Where questions wait: a few are answered at a time, few may wait, none for ever."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

from fastapi import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request

T = TypeVar("T")

AT_ONCE = 2
WAITING = 8
SECONDS = 30.0

_CLOSING = "closing: the explorer has been stopped"


class Desk:
    """
    Answers questions in threads.

    Parameters
    ----------
    at_once
        How many are answered at a time.
    waiting
        How many more may wait; the next is refused.
    seconds
        How long an answer may take, the waiting included.
    """

    def __init__(
        self, *, at_once: int = AT_ONCE, waiting: int = WAITING, seconds: float = SECONDS
    ) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="explorer")
        self._room = threading.BoundedSemaphore(at_once + waiting)
        self._seconds = seconds
        self._closed = False

    async def answer(self, request: Request, work: Callable[[], T]) -> T:
        """
        Do some work for a request.

        What nobody waits for any more (the reader has clicked elsewhere) is not begun. A
        thread cannot be stopped: work that takes too long keeps its place until it is done.

        Raises
        ------
        HTTPException
            503, if too many wait, it takes too long, the asker has gone, or the desk is closed.
        """
        if self._closed:
            raise HTTPException(503, _CLOSING)
        if not self._room.acquire(blocking=False):
            raise HTTPException(503, "busy: too many questions at once; ask again in a second")
        task = self._pool.submit(work)
        task.add_done_callback(lambda _: self._room.release())
        found, gone = asyncio.wrap_future(task), asyncio.ensure_future(_gone(request))
        try:
            either: set[asyncio.Future[Any]] = {found, gone}
            await asyncio.wait(either, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
            if found.cancelled():
                raise HTTPException(503, _CLOSING)
            if found.done():
                return found.result()
        finally:
            found.cancel()
            gone.cancel()
        raise HTTPException(503, f"no answer within {self._seconds:g} s; ask for less")

    def close(self) -> None:
        """Begin nothing more."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)


async def _gone(request: Request) -> None:
    """Return when the asker has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
