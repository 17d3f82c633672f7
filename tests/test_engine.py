"""The router against the shortest plain Python that can be: every pair, every graph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan.engine import UNREACHED
from spatialplan.engine import Direct
from spatialplan.engine import Places
from spatialplan.engine import catchment_sums
from spatialplan.engine import changed
from spatialplan.engine import customised
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
        cost = [[0 if i == j else UNREACHED for j in range(self.nodes)] for i in range(self.nodes)]
        for u, v, there, back in self.edges:
            if u != v:
                cost[u][v], cost[v][u] = min(cost[u][v], there), min(cost[v][u], back)
        for k in range(self.nodes):
            for i in range(self.nodes):
                for j in range(self.nodes):
                    cost[i][j] = min(cost[i][j], cost[i][k] + cost[k][j])
        return cost

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


@st.composite
def cities(draw, most=40):
    count = draw(st.integers(1, most))
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


limits = st.one_of(st.integers(0, 200), st.integers(0, 40_000), st.integers(65_530, 65_540),
                   st.just(UNREACHED - 1))  # fmt: skip
long = settings(max_examples=120, deadline=None)


@long
@given(cities(), limits, st.booleans())
def test_a_table_is_exact_for_every_pair(city, limit, towards):
    expected = np.array(city.table(limit))
    ends, direct = (places(city.origins), places(city.targets)), directs(city.direct)
    if not towards:
        ends, direct, expected = ends[::-1], turned(direct), expected.T
    found = np.zeros_like(expected)
    blocks = table(city.engine, *ends, direct, limit=limit, towards=towards)
    for rows, costs in blocks:
        none = costs == np.iinfo(costs.dtype).max
        found[rows] = np.where(none, UNREACHED, costs.astype(np.int64))
    np.testing.assert_array_equal(found, expected)


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
        expected = np.array(city.table())
        for towards in (True, False):
            ends, direct = (places(city.origins), places(city.targets)), directs(city.direct)
            if not towards:
                ends, direct = ends[::-1], turned(direct)
            found = np.full_like(expected if towards else expected.T, UNREACHED)
            for rows, costs in table(engine, *ends, direct, towards=towards):
                found[rows] = costs
            np.testing.assert_array_equal(found, expected if towards else expected.T)
        starts, nodes, costs = reached(engine, places(city.origins), limit=UNREACHED - 1)
        for i, origin in enumerate(city.origins):
            for node, cost in zip(
                nodes[starts[i] : starts[i + 1]], costs[starts[i] :], strict=False
            ):
                assert cost == city.cost(origin, ((node, 0), (node, UNREACHED)))


def grid(side):
    """A square town of blocks of 100, nodes by rows."""
    at = np.arange(side * side).reshape(side, side)
    ends = np.concatenate([np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()]),
                           np.column_stack([at[:-1].ravel(), at[1:].ravel()])])  # fmt: skip
    y, x = np.divmod(np.arange(side * side), side)
    return ends, x * 100.0, y * 100.0


def test_threads_change_no_bit():
    ends, x, y = grid(60)
    rng = np.random.default_rng(5)
    costs = rng.integers(0, 300, (2, len(ends))).astype(np.uint32)
    engine = customised(skeleton_of(ends, x, y), ends, *costs)
    node = rng.integers(0, len(x), 3000)
    people = Places(np.column_stack([node, node]), np.tile([0, UNREACHED], (3000, 1)))
    facilities = Places(people.nodes[:1400], people.costs[:1400])
    both = people, facilities, Direct(*np.empty((3, 0), np.int64))
    supply, demand, decay = np.linspace(5, 9, 1400), np.linspace(1, 2, 3000), np.linspace(1, 0, 900)
    results = [
        [
            nearest(engine, people, [facilities] * 40, threads=threads),
            *catchment_sums(engine, *both, supply=supply, demand=demand, decay=decay,
                            threads=threads),
            weighted_sums(engine, *both, weights=supply[:, None], decay=decay, threads=threads),
            *reached(engine, people, limit=700, threads=threads),
        ]
        for threads in (1, 2, 3)
    ]  # fmt: skip
    for result in results[1:]:
        for one, other in zip(results[0], result, strict=True):
            assert one.tobytes() == other.tobytes()


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
