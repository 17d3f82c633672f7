"""
The router against the shortest plain Python that can be: every pair, every graph.

`make fuzz` asks the same questions of many more graphs.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from bench.cities import generated_city
from spatialplan.engine import UNREACHED
from spatialplan.engine import Direct
from spatialplan.engine import Places
from spatialplan.engine import as_arrays
from spatialplan.engine import catchment_sums
from spatialplan.engine import changed
from spatialplan.engine import customised
from spatialplan.engine import from_arrays
from spatialplan.engine import keep
from spatialplan.engine import load
from spatialplan.engine import nearest
from spatialplan.engine import pairs
from spatialplan.engine import reached
from spatialplan.engine import skeleton_of
from spatialplan.engine import table
from spatialplan.engine import totals
from spatialplan.engine import turned
from spatialplan.engine import weighted_sums
from spatialplan.errors import LimitError


class City:
    """A random street graph with places; costs by the slowest and plainest way."""

    def __init__(self, nodes, edges, xy, origins, targets, direct):
        self.nodes, self.edges = nodes, edges
        self.origins, self.targets, self.direct = origins, targets, direct
        ends = np.array([edge[:2] for edge in edges], np.int64).reshape(-1, 2)
        there, back = (np.array([edge[part] for edge in edges], np.uint32) for part in (2, 3))
        self.ends, self.costs = ends, (there, back)
        self.skeleton = skeleton_of(ends, *np.array(xy, float).reshape(-1, 2).T)
        self.engine = customised(self.skeleton, ends, there, back)
        self.between = self._between()

    def _between(self):
        """Floyd and Warshall."""
        cost = np.where(np.eye(self.nodes, dtype=bool), 0, np.int64(UNREACHED))
        for u, v, there, back in self.edges:
            cost[u, v], cost[v, u] = min(cost[u, v], there), min(cost[v, u], back)
        for k in range(self.nodes):
            np.minimum(cost, cost[:, k, None] + cost[k], out=cost)
        return cost.tolist()

    def cost(self, origin, target):
        """Cost from a place to another through their ends; UNREACHED or more: none."""
        return min(first + self.between[a][b] + last
                   for a, first in origin for b, last in target
                   if UNREACHED not in (first, last, self.between[a][b])) if any(
            UNREACHED not in (first, last, self.between[a][b])
            for a, first in origin for b, last in target) else UNREACHED  # fmt: skip

    def table(self, limit=UNREACHED - 1, origins=None, targets=None):
        """Costs from all origins to all targets, direct ways included."""
        origins = self.origins if origins is None else origins
        targets = self.targets if targets is None else targets
        found = [[self.cost(o, t) for t in targets] for o in origins]
        for i, j, cost in self.direct:
            found[i][j] = min(found[i][j], cost)
        return [[cost if cost <= limit else UNREACHED for cost in row] for row in found]


def places(located):
    nodes = np.array([[node for node, _ in ends] for ends in located], np.int64).reshape(-1, 2)
    costs = np.array([[cost for _, cost in ends] for ends in located], np.int64).reshape(-1, 2)
    return Places(nodes, costs)


def directs(found):
    return Direct(*np.array(found, np.int64).reshape(-1, 3).T)


def grid(side):
    """A square town of blocks of 100, nodes by rows."""
    at = np.arange(side * side).reshape(side, side)
    ends = np.concatenate([np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()]),
                           np.column_stack([at[:-1].ravel(), at[1:].ravel()])])  # fmt: skip
    y, x = np.divmod(np.arange(side * side), side)
    return ends, x * 100.0, y * 100.0


@st.composite
def tangles(draw):
    """A few nodes, joined by anything."""
    count = draw(st.integers(1, 40))
    node = st.integers(0, count - 1)
    cost = st.one_of(st.integers(0, 4), st.integers(0, 5000), st.just(UNREACHED))
    two_way = st.tuples(node, node, cost).map(lambda edge: (*edge, edge[2]))
    edge = two_way if draw(st.booleans()) else st.tuples(node, node, cost, cost)
    edges = draw(st.lists(edge, max_size=3 * count))
    spot = st.tuples(st.integers(0, 3), st.integers(0, 3))
    xy = draw(st.lists(spot, min_size=count, max_size=count))
    end = st.tuples(node, st.one_of(st.integers(0, 50), st.just(UNREACHED)))
    located = st.lists(st.tuples(end, end), min_size=1, max_size=6)
    origins, targets = draw(located), draw(located)
    pair = st.tuples(st.integers(0, len(origins) - 1), st.integers(0, len(targets) - 1),
                     st.integers(0, 90))  # fmt: skip
    return City(count, edges, xy, origins, targets, draw(st.lists(pair, max_size=4)))


@st.composite
def towns(draw):
    """
    A town of up to 225 nodes, large enough to be cut in two several times over.

    Blocks with gaps, some streets doubled or one-way, closed or at no cost, a few bridges.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    ends, x, y = grid(rng.integers(6, 16))
    count = len(x)
    ends = ends[rng.random(len(ends)) < rng.uniform(0.4, 1)]
    ends = np.concatenate([ends, ends[rng.random(len(ends)) < 0.1],
                           rng.integers(0, count, (rng.integers(0, 6), 2))])  # fmt: skip
    costs = rng.integers(0, rng.choice([3, 300, 30_000]), len(ends))
    both = np.column_stack([costs, np.where(rng.random(len(ends)) < 0.8, costs, UNREACHED)])
    both[rng.random(len(ends)) < 0.05] = UNREACHED if rng.random() < 0.5 else 0
    if rng.random() < 0.4:
        both[:, 1] = both[:, 0]
    origins, targets = ([[(int(node), int(cost)) for node, cost in zip(*end, strict=True)]
                         for end in zip(rng.integers(0, count, (size, 2)),
                                        rng.choice([0, 7, 90, UNREACHED], (size, 2)), strict=True)]
                        for size in rng.integers(1, 40, 2))  # fmt: skip
    direct = [(rng.integers(len(origins)), rng.integers(len(targets)), rng.integers(90))
              for _ in range(4)]  # fmt: skip
    edges = [(*edge, *cost) for edge, cost in zip(ends.tolist(), both.tolist(), strict=True)]
    return City(count, edges, np.column_stack([x, y]), origins, targets, direct)


def cities():
    return st.one_of(tangles(), towns())


limits = st.one_of(st.integers(0, 200), st.integers(0, 40_000), st.integers(65_530, 65_540),
                   st.just(UNREACHED - 1))  # fmt: skip
long = settings(max_examples=int(os.environ.get("GRAPHS", "120")), deadline=None)


def both_ways(city, engine, limit, *, towards):
    """What the engine answers as one table, and what it should."""
    expected = np.array(city.table(limit))
    ends, direct = (places(city.origins), places(city.targets)), directs(city.direct)
    if not towards:
        ends, direct, expected = ends[::-1], turned(direct), expected.T
    found = np.zeros_like(expected)
    for rows, costs in table(engine, *ends, direct, limit=limit, towards=towards):
        none = costs == np.iinfo(costs.dtype).max
        found[rows] = np.where(none, UNREACHED, costs.astype(np.int64))
    return found, expected


@long
@given(cities(), limits, st.booleans())
def test_a_table_is_exact_for_every_pair(city, limit, towards):
    np.testing.assert_array_equal(*both_ways(city, city.engine, limit, towards=towards))


@long
@given(cities(), limits, st.booleans())
def test_an_engine_that_was_kept_answers_as_before(city, limit, towards):
    with TemporaryDirectory() as folder:
        keep(Path(folder) / "entry", "key", as_arrays(city.engine))
        kept = from_arrays(load(Path(folder) / "entry", "key"))
        np.testing.assert_array_equal(*both_ways(city, kept, limit, towards=towards))
        assert not kept.away.symmetric or kept.towards is kept.away


@long
@given(cities(), limits, st.booleans())
def test_pairs_are_those_of_the_table(city, limit, towards):
    expected = np.array(city.table(limit))
    ends, direct = (places(city.origins), places(city.targets)), directs(city.direct)
    if not towards:
        ends, direct, expected = ends[::-1], turned(direct), expected.T
    found = np.full_like(expected, UNREACHED)
    for here, there, costs in pairs(city.engine, *ends, direct, limit=limit, towards=towards):
        assert (found[here, there] == UNREACHED).all()  # no pair twice
        found[here, there] = costs
    np.testing.assert_array_equal(found, expected)


@long
@given(cities(), limits, st.booleans())
def test_nearest_is_exact_in_both_directions(city, limit, towards):
    groups = [city.targets[:1], city.targets[1:], []] * 12  # more than the lanes of one row
    city.direct = []
    found = nearest(city.engine, places(city.origins), [places(group) for group in groups],
                    limit=limit, towards=towards)  # fmt: skip
    if towards:
        costs = city.table(limit)
    else:
        costs = np.transpose(city.table(limit, city.targets, city.origins)).tolist()
    expected = [[min(row[:1]), min(row[1:], default=UNREACHED), UNREACHED] * 12 for row in costs]
    np.testing.assert_array_equal(found, expected)


@long
@given(cities(), limits.filter(lambda limit: limit < 100_000))
def test_totals_count_what_lies_within_each_limit(city, limit):
    steps = sorted({limit // 3, limit // 2, limit})
    count = len(city.targets)
    held = (np.arange(0, 2 * count + 1, 2), np.tile([0, 1], count), np.arange(1, 2 * count + 1))
    found = totals(city.engine, places(city.origins), places(city.targets), directs(city.direct),
                   held=held, columns=2, limits=steps)  # fmt: skip
    for i, row in enumerate(city.table()):
        for column in range(2):
            for step, most in enumerate(steps):
                here = sum(2 * j + 1 + column for j, cost in enumerate(row) if cost <= most)
                assert found[i, column, step] == here


@long
@given(cities(), st.integers(0, 6000), st.booleans())
def test_weighted_sums_take_the_decay_of_every_cost(city, limit, towards):
    decay = 1.0 / (1.0 + np.arange(limit + 1))
    weights = np.array([[1.0, 10.0 * j] for j in range(len(city.targets))])
    if not towards:
        city.direct = []
    found = weighted_sums(city.engine, places(city.origins), places(city.targets),
                          directs(city.direct), weights=weights, decay=decay,
                          towards=towards)  # fmt: skip
    costs = (np.array(city.table(limit)) if towards
             else np.transpose(city.table(limit, city.targets, city.origins)))  # fmt: skip
    share = np.where(costs <= limit, decay[np.minimum(costs, limit)], 0.0)
    np.testing.assert_allclose(found, share @ weights, rtol=1e-12)


@long
@given(cities(), st.integers(0, 6000))
def test_both_steps_of_a_catchment(city, limit):
    decay = np.linspace(1.0, 0.1, limit + 1)
    supply = 1.0 + np.arange(len(city.targets))
    demand = 2.0 + np.arange(len(city.origins))
    ratios, sums = catchment_sums(city.engine, places(city.origins), places(city.targets),
                                  directs(city.direct), supply=supply, demand=demand,
                                  decay=decay)  # fmt: skip
    costs = np.array(city.table(limit))
    share = np.where(costs <= limit, decay[np.minimum(costs, limit)], 0.0)
    wanted = demand @ share
    expected = np.divide(supply, wanted, out=np.zeros_like(supply), where=wanted > 0)
    np.testing.assert_allclose(ratios, expected, rtol=1e-12)
    np.testing.assert_allclose(sums, share @ expected, rtol=1e-12)


@long
@given(cities(), limits, st.booleans())
def test_reached_nodes_are_those_within_the_limit(city, limit, towards):
    starts, nodes, costs = reached(city.engine, places(city.origins), limit=limit,
                                   towards=towards)  # fmt: skip
    for i, origin in enumerate(city.origins):
        expected = {}
        for node in range(city.nodes):
            here = ((node, 0), (node, UNREACHED))
            cost = city.cost(here, origin) if towards else city.cost(origin, here)
            if cost <= limit:
                expected[node] = cost
        part = slice(starts[i], starts[i + 1])
        assert dict(zip(nodes[part].tolist(), costs[part].tolist(), strict=True)) == expected


@long
@given(cities(), st.data())
def test_changed_streets_give_what_they_would_give_from_the_start(city, data):
    before, engine = city.costs, city.engine
    for _ in range(2):  # the second goes on from the first
        after = tuple(costs.copy() for costs in before)
        for edge in data.draw(st.sets(st.integers(0, max(len(city.edges) - 1, 0)), max_size=4)):
            for costs in after:
                if edge < len(costs) and data.draw(st.booleans()):
                    costs[edge] = data.draw(st.sampled_from([0, 3, 700, 9999, UNREACHED]))
        engine = changed(engine, city.skeleton, city.ends, before, after)
        city.edges = [(u, v, int(there), int(back)) for (u, v, *_), there, back
                      in zip(city.edges, *after, strict=True)]  # fmt: skip
        city.between, before = city._between(), after
        for towards in (True, False):
            tables = both_ways(city, engine, UNREACHED - 1, towards=towards)
            np.testing.assert_array_equal(*tables)
        starts, nodes, costs = reached(engine, places(city.origins), limit=UNREACHED - 1)
        for i, origin in enumerate(city.origins):
            for node, cost in zip(
                nodes[starts[i] : starts[i + 1]], costs[starts[i] :], strict=False
            ):
                assert cost == city.cost(origin, ((node, 0), (node, UNREACHED)))


def answers(engine, people, facilities, limit, threads):
    """Arrays of every question, asked one after the other of the same engine."""
    both = people, facilities, Direct(*np.empty((3, 0), np.int64))
    supply, demand, decay = (np.linspace(5, 9, len(facilities.nodes)),
                             np.linspace(1, 2, len(people.nodes)),
                             np.linspace(1, 0.1, min(limit, 9000) + 1))  # fmt: skip
    held = np.arange(len(supply) + 1), np.zeros(len(supply), int), np.ones(len(supply), int)
    groups = [Places(facilities.nodes[k::70], facilities.costs[k::70]) for k in range(70)]
    return [
        nearest(engine, people, groups, limit=limit, threads=threads),
        *(part for block in table(engine, *both, limit=limit, threads=threads) for part in block),
        *catchment_sums(engine, *both, supply=supply, demand=demand, decay=decay, threads=threads),
        *(part for block in pairs(engine, *both, limit=limit, threads=threads) for part in block),
        weighted_sums(engine, *both, weights=supply[:, None], decay=decay, threads=threads),
        totals(engine, *both, held=held, columns=1, limits=[limit // 2, limit], threads=threads),
        *reached(engine, people, limit=limit, threads=threads),
    ]


@long
@given(towns(), limits, st.integers(0, 2**32))
def test_threads_and_what_was_asked_before_change_no_bit(city, limit, seed):
    rng = np.random.default_rng(seed)
    people, facilities = (
        Places(rng.integers(0, city.nodes, (size, 2)), rng.choice([0, 40, UNREACHED], (size, 2)))
        for size in rng.integers(200, 600, 2)
    )
    expected = answers(city.engine, people, facilities, limit, 1)
    answers(city.engine, facilities, people, limit // 2, 1)
    for threads in (1, 2, 3):
        found = answers(city.engine, people, facilities, limit, threads)
        for one, other in zip(found, expected, strict=True):
            assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(("mode", "most"), [("walk", 152), ("drive", 248)])
def test_prepared_streets_take_few_bytes_for_each_node(mode, most):
    """All that is held for one cost, order and shortcuts included; 1.45 streets a node."""
    city = generated_city(20_000)
    there = getattr(city, mode)
    back = np.where(city.oneway & (mode == "drive"), UNREACHED, there).astype(np.uint32)
    skeleton = skeleton_of(city.ends, city.x, city.y)
    held = as_arrays(customised(skeleton, city.ends, there, back))
    arrays = {**held, "skeleton_up": skeleton.up, "skeleton_heads": skeleton.heads}
    assert sum(array.nbytes for array in arrays.values()) / city.nodes <= most


def test_a_way_longer_than_the_greatest_cost_is_none():
    ends = np.array([[0, 1], [1, 2]])
    most = np.array([UNREACHED - 2, 1], np.uint32)
    engine = customised(skeleton_of(ends, np.arange(3.0), np.zeros(3)), ends, most, most)
    start = Places(np.array([[0, 0]]), np.array([[0, UNREACHED]]))
    ends_of_way = Places(np.array([[2, 2]]), np.array([[0, UNREACHED]]))
    assert nearest(engine, start, [ends_of_way])[0, 0] == UNREACHED - 1
    farther = Places(start.nodes, start.costs + np.array([1, 0]))
    assert nearest(engine, farther, [ends_of_way])[0, 0] == UNREACHED


def test_what_is_no_street_network_is_refused_in_time():
    rng = np.random.default_rng(1)
    ends = rng.integers(0, 4000, (40_000, 2))
    with pytest.raises(LimitError, match="no street network"):
        skeleton_of(ends, rng.random(4000), rng.random(4000))
