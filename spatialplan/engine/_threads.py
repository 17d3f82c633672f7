"""Blocks of work on all cores, with the same result whoever does which block."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable
    from collections.abc import Iterator
    from collections.abc import Sequence

Block = TypeVar("Block")
Result = TypeVar("Result")
Room = TypeVar("Room")


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Rooms:
    """
    Arrays that threads work in, kept for the next question of the same kind.

    Fresh memory costs a fault for every page, which in a city of 50,000 nodes takes as
    long as the sweep over it. Only one kind is kept: rooms are as large as the graph.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kind: Hashable = None
        self._free: list[Any] = []

    @contextmanager
    def room(self, kind: Hashable, make: Callable[[], Room]) -> Iterator[Room]:
        """Lend a room; one in which something failed, and which may not be clean, is dropped."""
        with self._lock:
            if kind != self._kind:
                self._kind, self._free = kind, []
            kept = self._free.pop() if self._free else None
        room: Room = make() if kept is None else kept
        yield room
        with self._lock:
            if kind == self._kind:
                self._free.append(room)


def each(
    blocks: Sequence[Block],
    work: Callable[[Block, Room], Result],
    rooms: Rooms,
    kind: Hashable,
    make: Callable[[], Room],
    *,
    threads: int | None,
) -> Iterator[Result]:
    """
    Results of blocks in their order; each thread works in a room of its own.

    No more blocks are under way than there are threads twice over, so that results
    which are not yet taken do not pile up.

    Parameters
    ----------
    rooms, kind, make
        Where rooms of this kind are kept, and how one is made; a kind says how large.
    """
    count = max(1, min(threads or cores(), len(blocks)))

    def in_a_room(block: Block) -> Result:
        with rooms.room(kind, make) as room:
            return work(block, room)

    if count == 1:
        yield from map(in_a_room, blocks)
        return
    with ThreadPoolExecutor(count) as pool:
        waiting = []
        for block in blocks:
            waiting.append(pool.submit(in_a_room, block))
            if len(waiting) > 2 * count:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
