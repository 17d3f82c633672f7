"""Blocks of work on all cores, with the same result whoever does which block."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING
from typing import TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

Block = TypeVar("Block")
Result = TypeVar("Result")
Room = TypeVar("Room")


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    blocks: Sequence[Block],
    work: Callable[[Block, Room], Result],
    make_room: Callable[[], Room],
    *,
    threads: int | None,
) -> Iterator[Result]:
    """
    Results of blocks in their order; each thread works in a room of its own.

    No more blocks are under way than there are threads twice over, so that results
    which are not yet taken do not pile up.
    """
    count = max(1, min(threads or cores(), len(blocks)))
    rooms: SimpleQueue[Room] = SimpleQueue()
    for _ in range(count):
        rooms.put(make_room())

    def in_a_room(block: Block) -> Result:
        room = rooms.get()
        try:
            return work(block, room)
        finally:
            rooms.put(room)

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
