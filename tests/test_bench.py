"""The benchmark: the same city for the same seed, the same answers as scipy and networkx."""

from __future__ import annotations

import importlib
import json

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bench.answers import difference
from bench.cities import DEGREE
from bench.cities import MEAN_M
from bench.cities import UNITS
from bench.cities import City
from bench.cities import generated_city
from bench.cities import read_city
from bench.cities import write_city
from bench.measure import MOST_NODES
from bench.measure import Figure
from bench.measure import Worker
from bench.measure import measured
from bench.results import report
from bench.results import tenfold
from bench.work import NO_WAY
from bench.work import WORK


@pytest.fixture(scope="module")
def town():
    return generated_city(600)


def street(**changes):
    """Three nodes in a row and one apart; the second street may be driven one way only."""
    parts = {
        "modes": np.array(["walk", "drive"]),
        "x": np.array([0.0, 100.0, 200.0, 900.0]),
        "y": np.zeros(4),
        "ends": np.array([[0, 1], [1, 2]]),
        "walk": np.array([2000, 2000], np.uint32),
        "drive": np.array([200, 100], np.uint32),
        "oneway": np.array([False, True]),
        "facilities": np.array([0]),
        "kinds": np.array([0]),
        "people": np.ones(4),
        "origins": np.array([0]),
        "destinations": np.array([2]),
    }
    return City(**(parts | changes))


def test_a_city_is_the_same_for_the_same_seed(town):
    again, other = generated_city(600), generated_city(600, seed=2)
    assert all((one == two).all() for one, two in
               zip(vars(town).values(), vars(again).values(), strict=True)
               if isinstance(one, np.ndarray))  # fmt: skip
    assert not np.array_equal(town.ends, other.ends)


@pytest.mark.parametrize("nodes", [600, 4000])
def test_streets_are_like_those_of_cities(nodes):
    city = generated_city(nodes)
    degree = np.bincount(city.ends.ravel(), minlength=nodes)
    assert city.nodes == nodes
    assert degree.mean() == pytest.approx(DEGREE, abs=0.01)
    assert 0.08 < (degree == 1).mean() < 0.18
    assert degree.min() == 1
    assert degree.max() <= 8
    assert city.walk.mean() / UNITS == pytest.approx(MEAN_M, rel=0.01)
    graph = coo_array((np.ones(len(city.ends)), tuple(city.ends.T)), shape=(nodes, nodes))
    assert connected_components(graph, directed=False)[0] == 1
    assert 0.02 < city.oneway.mean() < 0.08
    assert not (degree[city.ends[city.oneway]] == 1).any()


def test_costs_are_even_and_positive(town):
    for costs in (town.walk, town.drive):
        assert costs.min() >= 2
        assert not (costs % 2).any()


def test_arcs_go_both_ways_but_for_one_way_streets():
    tails, heads, costs = street().arcs("walk")
    assert list(zip(tails, heads, costs, strict=True)) == [
        (0, 1, 2000), (1, 0, 2000), (1, 2, 2000), (2, 1, 2000)]  # fmt: skip
    tails, heads, _ = street().arcs("drive")
    assert list(zip(tails, heads, strict=True)) == [(0, 1), (1, 0), (1, 2)]
    tails, heads, _ = street().arcs("walk", closed=1)
    assert list(zip(tails, heads, strict=True)) == [(0, 1), (1, 0)]


def test_loops_are_left_out_and_the_cheapest_parallel_arc_is_kept():
    city = street(ends=np.array([[0, 1], [1, 0], [2, 2]]), walk=np.array([30, 20, 10], np.uint32))
    tails, heads, costs = city.arcs("walk")
    assert list(zip(tails, heads, costs, strict=True)) == [(0, 1, 20), (1, 0, 20)]


def test_a_city_comes_back_from_its_file(town, tmp_path):
    write_city(town, tmp_path / "town.npz")
    again = read_city(tmp_path / "town.npz")
    assert again.modes == ("walk", "drive")
    assert np.array_equal(again.drive, town.drive)


PAIRS = [(peer, work) for peer in ("scipy", "networkx") for work in MOST_NODES[peer]]


@pytest.mark.parametrize(("peer", "work"), PAIRS)
def test_answers_are_those_of_peers(town, peer, work):
    asked = WORK[work]
    answers = []
    for module in ("bench.ours", f"bench.peers.{peer}"):
        one = importlib.import_module(module).Peer(town, asked.mode, threads=1)
        question = getattr(one, asked.ask)(asked.limit)
        answers.append(question.answer(question.run()))
    ours, theirs = answers
    assert ours.size
    assert len(np.unique(ours)) > 1
    assert difference(ours, theirs) == ""


def test_ours_answers_all_that_is_asked():
    peer = importlib.import_module("bench.ours").Peer
    assert {work.ask for work in WORK.values()} <= set(dir(peer))
    assert set(MOST_NODES["ours"]) == set(WORK)


def test_isochrones_grow_with_their_limits(town):
    one = importlib.import_module("bench.ours").Peer(town, "walk", threads=1)
    question = one.isochrones(None)
    areas_km2 = question.answer(question.run())
    assert areas_km2.shape == (20, 3)
    assert (areas_km2[:, 0] > areas_km2[:, 2]).all()


def test_answers_that_differ_are_said_to():
    ours = np.array([[1, 2], [3, NO_WAY]], np.uint32)
    assert difference(ours, ours[:1]) == ""
    assert difference(ours, np.array([[1, 2], [5, NO_WAY]])) == "25 % differ, by 2 in the median"
    assert difference(ours, np.zeros(3)) == "(3,) instead of (2, 2)"
    assert difference(np.array([1.0]), np.array([1.0 + 1e-9])) == ""
    assert difference(np.array([1.0]), np.array([1.1])).startswith("100 % differ")


def test_workers_are_compared_and_timed(tmp_path):
    city = tmp_path / "town.npz"
    write_city(generated_city(300), city)
    told = []
    figures = measured("town", city, works=["W1", "W3"], peers=["scipy"], cores=2, turns=2,
                       tell=told.append)  # fmt: skip
    seen = {(figure.work, figure.peer, figure.threads) for figure in figures}
    assert seen == {(work, *who) for work in ("W1", "W3")
                    for who in (("ours", 1), ("ours", 2), ("scipy", 1))}  # fmt: skip
    assert not [figure for figure in figures if figure.error or figure.difference]
    assert all(figure.wall_s > 0 and figure.turns and figure.peak_mb > 1 for figure in figures)
    assert "town W1 in turn" in told
    text = report(figures, facts={"date": "today"}, cores=2)
    assert "| W1 | town | scipy | ≥ 40 |" in text
    assert "| W3 | town | scipy | ≥ 80 |" in text


def test_a_worker_that_fails_says_why(tmp_path):
    city = tmp_path / "town.npz"
    write_city(generated_city(300), city)
    worker = Worker("scipy", city, 1)
    assert worker.say("again")["error"] == "ValueError: nothing has been asked yet"
    assert "isochrones" in worker.say("ask W6")["error"]
    worker.close()
    gone = Worker("nobody", city, 1)
    assert gone.say("ask W1") == {"error": "ended with code 1"}
    gone.close()


def test_the_report_compares_pair_for_pair_and_judges():
    asked = {"cpu_s": 2.0, "first_s": 3.0, "turns": 5, "peak_mb": 10.0, "part": (10_000, 10_000)}
    ours = Figure("g", 1000, "W3", "ours", 1, prepare_s=1.0, wall_s=2.0, **asked)
    both = Figure("g", 1000, "W3", "ours", 2, prepare_s=1.0, wall_s=1.0, **asked)
    asked |= {"cpu_s": 18.0, "part": (1000, 10_000)}
    peer = Figure("g", 1000, "W3", "scipy", 1, prepare_s=0.0, wall_s=18.0, **asked)
    text = report([ours, both, peer], facts={}, cores=2)
    row = "| W3 | g | scipy | ≥ 80 | 90 | 180 | met | 16.4 |  |"
    assert row in text
    assert "| g | 1,000 | W3 | ours | 1 | 1 | 2 | 2 | 3 | 5 | 10 | 10000×10000 |  |" in text
    peer.difference = "1 % differ"
    text = report([ours, both, peer], facts={}, cores=2)
    assert "| (90) | (180) | no equal | 16.4 | 1 % differ |" in text


def test_growth_is_that_of_time_per_node_for_each_tenfold():
    small = Figure("s", 1000, "W1", "ours", 1, wall_s=1.0)
    large = Figure("l", 100_000, "W1", "ours", 1, wall_s=144.0)
    assert tenfold(small, large) == pytest.approx(1.2)


def test_real_streets_become_cities(shared):
    from bench.graphs import GRAPHS

    wuhan = GRAPHS["wuhan"][0]()
    assert wuhan.nodes == 82_902
    assert wuhan.walk.sum() / UNITS == pytest.approx(7_185_000, rel=0.01)
    malta = GRAPHS["malta-drive"][0]()
    assert malta.modes == ("drive",)
    graph = coo_array((np.ones(len(malta.ends)), tuple(malta.ends.T)), shape=(malta.nodes,) * 2)
    assert connected_components(graph, directed=False)[0] == 1
    assert malta.oneway.any()


def test_a_figure_comes_back_from_the_file_as_it_was():
    figure = Figure("syn3k", 3000, "W3", "scipy", 1, wall_s=1.5, part=(200, 1000), error="no")
    assert repr(Figure.from_dict(json.loads(json.dumps(figure.as_dict())))) == repr(figure)
