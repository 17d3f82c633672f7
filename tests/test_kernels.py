"""The shortest-path kernels against the shortest plain Python that can be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan._kernels.search import UNREACHED
from spatialplan._kernels.search import spread
from spatialplan._kernels.search import table


def graph(count, arcs):
    """Compressed rows of (tail, head, cost) arcs."""
    arcs = sorted(arcs, key=lambda arc: arc[0])
    starts = np.searchsorted([tail for tail, _, _ in arcs], np.arange(count + 1))
    heads, costs = ([arc[part] for arc in arcs] for part in (1, 2))
    return starts.astype(np.int64), np.array(heads, np.int64), np.array(costs, np.int64)


def slow_spread(count, arcs, seeds, limit):
    """Bellman and Ford: go over all arcs until nothing gets cheaper."""
    cost = [UNREACHED] * count
    for node, start in seeds:
        cost[node] = min(cost[node], start)
    for _ in range(count):
        for tail, head, step in arcs:
            if cost[tail] != UNREACHED:
                cost[head] = min(cost[head], cost[tail] + step)
    return [amount if amount <= limit else UNREACHED for amount in cost]


def seeded(seeds):
    return np.array([n for n, _ in seeds], np.int64), np.array([c for _, c in seeds], np.int64)


@st.composite
def problems(draw):
    count = draw(st.integers(1, 8))
    node, cost = st.integers(0, count - 1), st.integers(0, 20)
    arcs = draw(st.lists(st.tuples(node, node, cost), max_size=25))
    seeds = draw(st.lists(st.tuples(node, cost), max_size=4))
    return count, arcs, seeds, draw(st.integers(0, 60))


@settings(max_examples=300, deadline=None)
@given(problems())
def test_spread_is_that_of_plain_python(problem):
    count, arcs, seeds, limit = problem
    cost, source = spread(*graph(count, arcs), *seeded(seeds), limit)
    assert cost.tolist() == slow_spread(count, arcs, seeds, limit)
    for node in range(count):
        if cost[node] == UNREACHED:
            assert source[node] == -1
        else:  # the named seed alone gives the same cost
            alone = slow_spread(count, arcs, [seeds[source[node]]], limit)
            assert alone[node] == cost[node]


@settings(max_examples=150, deadline=None)
@given(problems(), st.data())
def test_table_is_that_of_plain_python(problem, data):
    count, arcs, _, limit = problem
    end = st.tuples(st.integers(0, count - 1), st.one_of(st.integers(0, 9), st.just(UNREACHED)))
    ends = st.lists(st.tuples(end, end), min_size=1, max_size=3)
    origins, targets = data.draw(ends), data.draw(ends)
    found = table(*graph(count, arcs), *pairs(origins), *pairs(targets), limit)
    for i, origin in enumerate(origins):
        usable = [(node, cost) for node, cost in origin if cost != UNREACHED]
        reach = slow_spread(count, arcs, usable, limit)
        for j, target in enumerate(targets):
            through = [reach[node] + last for node, last in target
                       if UNREACHED not in (reach[node], last)]  # fmt: skip
            best = min(through, default=UNREACHED)
            assert found[i, j] == (best if best <= limit else UNREACHED)


def pairs(located):
    nodes = np.array([[node for node, _ in ends] for ends in located], np.int64)
    return nodes, np.array([[cost for _, cost in ends] for ends in located], np.int64)


@pytest.mark.parametrize(("limit", "reached"), [(7, True), (6, False)])
def test_the_limit_is_included(limit, reached):
    cost, source = spread(*graph(2, [(0, 1, 7)]), *seeded([(0, 0)]), limit)
    assert (cost.tolist(), source.tolist()) == (
        ([0, 7], [0, 0]) if reached else ([0, UNREACHED], [0, -1])
    )


def test_costs_of_zero_loops_and_a_cheaper_seed_on_a_seeded_node():
    arcs = [(0, 1, 0), (1, 0, 0), (1, 2, 0), (2, 2, 0)]
    cost, source = spread(*graph(3, arcs), *seeded([(0, 5), (2, 9), (0, 3)]), UNREACHED - 1)
    assert cost.tolist() == [3, 3, 3]
    assert source.tolist() == [2, 2, 2]


def test_no_seed_and_no_arc():
    cost, source = spread(*graph(2, []), *seeded([]), 10)
    assert cost.tolist() == [UNREACHED] * 2
    assert source.tolist() == [-1, -1]
    found = table(*graph(2, []), *pairs([((0, 1), (1, 4))]), *pairs([((1, 2), (0, UNREACHED))]), 6)
    assert found.tolist() == [[6]]  # through the second end of the origin
