"""A kept router is taken only if it is what it was made of, whole and of this version."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import make_network
from conftest import make_points

from spatialplan import engine
from spatialplan.access import travel_matrix
from spatialplan.engine import _store

EDGES = [(1, 2, 100), (2, 3, 80), (3, 1, 70)]
AT = {1: (0, 0), 2: (100, 0), 3: (50, 50)}


def network(store, *, oneway=(0,), edges=EDGES):
    made = make_network(edges, AT, oneway=list(oneway))
    return type(made)(made.mode, made.nodes, made.edges, made.min_component, store)


def answer(streets):
    places = make_points((10.0, 0.0), (60.0, 40.0), (90.0, 0.0))
    return travel_matrix(places, places, network=streets, measure="distance_m")


def made_anew(monkeypatch):
    """Count how often the costs of a skeleton are computed."""
    calls = []
    real = engine.customised
    monkeypatch.setattr("spatialplan.network._network.customised",
                        lambda *args: calls.append(1) or real(*args))  # fmt: skip
    return calls


@pytest.mark.parametrize("oneway", [(0,), ()])
def test_a_kept_router_answers_as_the_one_that_was_made(tmp_path, monkeypatch, oneway):
    store = tmp_path / "router"
    expected = answer(network(store, oneway=oneway))
    calls = made_anew(monkeypatch)
    assert answer(network(store, oneway=oneway)).equals(expected)
    assert calls == []
    assert sorted(path.name for path in store.iterdir()) == ["walk_length_m", "walk_skeleton"]


def test_other_streets_are_never_answered_from_it(tmp_path, monkeypatch):
    store = tmp_path / "router"
    answer(network(store))
    calls = made_anew(monkeypatch)
    longer = [(1, 2, 100.5), *EDGES[1:]]
    assert answer(network(store, edges=longer)).equals(answer(network(None, edges=longer)))
    assert calls == [1, 1]


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-8])


def one_bit(path):
    content = bytearray(path.read_bytes())
    content[-3] ^= 4
    path.write_bytes(content)


def test_damage_is_noticed_and_repaired(tmp_path, monkeypatch):
    store = tmp_path / "router"
    expected = answer(network(store))
    entry = store / "walk_length_m"
    for name in sorted(path.name for path in entry.iterdir()):
        for harm in (cut_short, one_bit, lambda path: path.unlink(),
                     lambda path: path.write_bytes(b"")):  # fmt: skip
            harm(entry / name)
            calls = made_anew(monkeypatch)
            assert answer(network(store)).equals(expected), name
            assert calls == [1], name
            monkeypatch.undo()


def test_another_version_is_not_taken(tmp_path, monkeypatch):
    store = tmp_path / "router"
    answer(network(store))
    monkeypatch.setattr(_store, "FORMAT", _store.FORMAT + 1)
    calls = made_anew(monkeypatch)
    answer(network(store))
    assert calls == [1]


def test_where_nothing_can_be_kept_one_gets_the_answer(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert answer(network(blocked)).equals(answer(network(None)))
    assert blocked.read_text() == "not a folder"


def test_an_index_of_something_else_is_none(tmp_path):
    _store.keep(tmp_path / "e", "k", {"a": np.arange(3)})
    assert _store.load(tmp_path / "e", "k")["a"].tolist() == [0, 1, 2]
    assert _store.load(tmp_path / "e", "other") is None
    for index in (b"", b"[1]", b'{"key": "k", "sums": {}}', b"{}\n1", b"\n"):
        (tmp_path / "e" / "index.json").write_bytes(index)
        assert _store.load(tmp_path / "e", "k") is None


def test_no_bit_of_an_entry_may_differ(tmp_path):
    _store.keep(tmp_path / "e", "k", {"a": np.arange(3, dtype=np.int32)})
    for path in (tmp_path / "e").iterdir():
        content = path.read_bytes()
        for at in range(len(content)):
            for bit in range(8):
                path.write_bytes(content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :])
                assert _store.load(tmp_path / "e", "k") is None, (path.name, at, bit)
        path.write_bytes(content)
    assert _store.load(tmp_path / "e", "k") is not None


def test_another_speed_is_kept_nowhere(tmp_path):
    store = tmp_path / "router"
    faster = network(store).at_speed(20)
    faster.engine("time_s")
    assert not (store / "walk_time_s").exists()
