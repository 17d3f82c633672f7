"""Arrays that are kept from question to question leave no trace in the answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from spatialplan import engine
from spatialplan.engine import UNREACHED
from spatialplan.engine import Direct
from spatialplan.engine import Places
from spatialplan.engine._threads import Rooms
from spatialplan.engine._threads import each

NO_DIRECT = Direct(*np.empty((3, 0), np.int64))


def lattice(side, *, oneway):
    """A square of streets of various lengths, some of which may be used one way only."""
    at = np.arange(side * side).reshape(side, side)
    ends = np.concatenate([
        np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()]),
        np.column_stack([at[:-1].ravel(), at[1:].ravel()]),
    ])  # fmt: skip
    there = (50 + 7 * np.arange(len(ends)) % 90).astype(np.uint32)
    back = there.copy()
    back[::5] = UNREACHED if oneway else there[::5]
    skeleton = engine.skeleton_of(ends, *np.divmod(np.arange(side * side), side))
    return skeleton, ends, (there, back)


def on_nodes(nodes):
    nodes = np.asarray(nodes)
    return Places(np.column_stack([nodes, nodes]),
                  np.tile([0, UNREACHED], (len(nodes), 1)))  # fmt: skip


QUESTIONS = [
    lambda e, limit: engine.nearest(
        e, on_nodes(np.arange(400)), [on_nodes([3, 60]), on_nodes([250])], limit=limit
    ),
    lambda e, limit: engine.nearest(
        e, on_nodes([5]), [on_nodes([k]) for k in range(40)], limit=limit, towards=False
    ),
    lambda e, limit: np.vstack([
        block[np.argsort(rows)] for rows, block in engine.table(
            e, on_nodes(np.arange(200)), on_nodes([9, 8, 399]), NO_DIRECT, limit=limit)
    ]),
    lambda e, limit: engine.totals(
        e, on_nodes(np.arange(400)), on_nodes([1, 77]), NO_DIRECT,
        held=(np.array([0, 1, 2]), np.array([0, 1]), np.array([4, 1])), columns=2, limits=[limit],
    ),
    lambda e, limit: np.sort(engine.reached(e, on_nodes([0, 210]), limit=limit)[2]),
]  # fmt: skip


@pytest.mark.parametrize("oneway", [False, True])
def test_answers_are_those_of_an_engine_that_was_never_asked(oneway):
    streets = lattice(20, oneway=oneway)
    used = engine.customised(*streets[:2], *streets[2])
    for limit in (300, 90, 700, 100_000):
        for ask in QUESTIONS:
            fresh = engine.customised(*streets[:2], *streets[2])
            assert np.array_equal(ask(used, limit), ask(fresh, limit))


def test_two_may_ask_one_engine_at_once():
    streets = lattice(20, oneway=True)
    used = engine.customised(*streets[:2], *streets[2])
    asked = [(ask, limit) for limit in (300, 90, 700) for ask in QUESTIONS] * 4
    alone = [ask(engine.customised(*streets[:2], *streets[2]), limit) for ask, limit in asked[:15]]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: one[0](used, one[1]), asked))
    for k, answer in enumerate(found):
        assert np.array_equal(answer, alone[k % 15])


def ask_rooms(rooms, kind, work=lambda _, room: id(room), blocks=range(3)):
    return list(each(blocks, work, rooms, kind, lambda: np.empty(1000), threads=1))


def test_rooms_of_one_kind_are_kept_and_of_no_other():
    rooms = Rooms()
    first = ask_rooms(rooms, "a")
    assert len(set(first)) == 1
    assert ask_rooms(rooms, "a") == first
    kept = rooms._free[0]
    ask_rooms(rooms, "b")
    assert rooms._free[0] is not kept


def test_a_room_in_which_something_failed_is_not_used_again():
    rooms = Rooms()
    ask_rooms(rooms, "a")

    def fail(block, room):
        room[:] = np.nan
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask_rooms(rooms, "a", fail)
    assert rooms._free == []
