"""Costs between places and facilities: two makers, one answer; and decays."""

from __future__ import annotations

from itertools import count

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import make_network
from conftest import make_points
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import spatialplan as sp
from spatialplan import travel as travel_module
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.travel import _streets

AT = np.array([0.0, 5.0, 10.0, 20.0, 30.0, 31.0, np.inf])

DECAYS = {
    "cumulative": (sp.cumulative_decay(20), [1, 1, 1, 1, 0, 0, 0]),
    "step": (sp.step_decay([10, 30], [1, 0.5]), [1, 1, 1, 0.5, 0.5, 0, 0]),
    "interval": (sp.interval_decay(10, 30, step=10), [1, 1, 1, 2 / 3, 1 / 3, 0, 0]),
    "one limit": (sp.interval_decay(10, 10, step=5), [1, 1, 1, 0, 0, 0, 0]),
    "linear": (sp.linear_decay(20), [1, 0.75, 0.5, 0, 0, 0, 0]),
    "exponential": (sp.exponential_decay(0.1), [*np.exp([0, -0.5, -1, -2, -3, -3.1]), 0]),
    "limited": (sp.exponential_decay(0.1, limit=30), [*np.exp([0, -0.5, -1, -2, -3]), 0, 0]),
    "power": (sp.power_decay(2, least=10), [0.01, 0.01, 0.01, 1 / 400, 1 / 900, 1 / 961, 0]),
    "gaussian": (sp.gaussian_decay(10), [*np.exp([0, -1 / 8, -0.5, -2, -4.5, -4.805]), 0]),
    "Epanechnikov": (sp.epanechnikov_decay(20), [0.75, 0.703125, 0.5625, 0, 0, 0, 0]),
    "everywhere": (sp.Decay(np.ones_like), [1, 1, 1, 1, 1, 1, 0]),
    "one's own": (sp.Decay(lambda amount: 1 / (1 + amount), limit=30),
                  [1, 1 / 6, 1 / 11, 1 / 21, 1 / 31, 0, 0]),
}  # fmt: skip


@pytest.mark.parametrize("name", DECAYS)
def test_decays(name):
    decay, expected = DECAYS[name]
    assert decay(AT).tolist() == pytest.approx(expected, rel=1e-12)


def test_truncated_and_logistic_decays_end_where_they_should():
    for limit in (7.0, 19.3, 1e-3, 12345.678):
        ends = sp.truncated_gaussian_decay(limit)(np.array([0, limit, np.nextafter(limit, 9e9)]))
        assert ends.tolist() == pytest.approx([1, 0, 0], abs=1e-15)
    wide = sp.logistic_decay(10, np.pi / np.sqrt(3) * 10)(np.array([0.0, 10.0, 1e6]))
    assert wide.tolist() == pytest.approx([1, (1 + np.exp(-1)) / 2, 0])


def test_a_weight_too_faint_to_be_inverted_is_none():
    assert sp.exponential_decay(1)(np.array([340.0, 350.0])).tolist() == [np.exp(-340.0), 0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sp.cumulative_decay(0), "limits: 0; allowed: a finite number above 0"),
        (lambda: sp.cumulative_decay(float("inf")), "limits: inf; allowed: a finite number"),
        (lambda: sp.linear_decay(10**400), "limit: 1000000000"),
        (lambda: sp.linear_decay(-1), "limit: -1; allowed: a finite number above 0"),
        (lambda: sp.gaussian_decay("9"), "sigma: '9'; allowed: a finite number above 0"),
        (lambda: sp.exponential_decay(float("nan")), "rate: nan; allowed: a finite number above 0"),
        (lambda: sp.exponential_decay(1, limit=0), "decay: limit: 0; allowed: a finite number"),
        (lambda: sp.power_decay(1, least=-1), "least: -1; allowed: a finite number of at least 0"),
        (lambda: sp.step_decay([10, 5], [1, 1]), r"step_decay: limits \[10, 5\] with 2 weights; "),
        (lambda: sp.step_decay([10], []), r"limits \[10\] with 0 weights; allowed: limits that"),
        (lambda: sp.step_decay(15, [1]), r"limits: 15; allowed: a list of numbers, such as"),
        (lambda: sp.step_decay([15], "1"), "weights: '1'; allowed: a list of numbers"),
        (lambda: sp.interval_decay(1, 1e9, step=1e-9), "a whole number of steps up, at most 100,"),
        (lambda: sp.Decay(lambda _: "x")(np.zeros(2)), "decay: weights 'x'; allowed: a number"),
        (lambda: sp.Decay(lambda _: [1, 2, 3])(np.zeros(2)), "decay: weights .1, 2, 3.; allowed"),
        (lambda: sp.step_decay([], []), r"limits \[\] with 0 weights"),
        (lambda: sp.step_decay([10], [-1]), "weights: -1; allowed: a finite number of at least 0"),
        (lambda: sp.interval_decay(9, 5, step=1), "interval_decay: steps of 1 from 9 to 5; all"),
        (lambda: sp.interval_decay(1, 2, step=0.3), "steps of 0.3 from 1 to 2; allowed: a whole"),
        (lambda: sp.Decay("exp"), "decay: a weight of type str; allowed: a function"),
        (lambda: sp.power_decay(1)(np.array([3.0, 0.0])), "decay: a weight of inf at 0; allowed"),
        (lambda: sp.Decay(lambda d: 1 - d)(np.array([5.0])), "decay: a weight of -4 at 5; allowed"),
        (lambda: sp.Decay(np.log)(np.array([-1.0])), "decay: a weight of nan at -1; allowed: fin"),
        (lambda: travel_module.known_decay(np.exp), r"decay: a ufunc; allowed: a Decay, such as"),
    ],
)  # fmt: skip
def test_bad_parameters_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


# --- from a table

PAIRS = pd.DataFrame(
    {"origin_id": ["b", "a", "b"], "destination_id": ["s", "t", "t"], "time_min": [4.0, 7.0, 0.0]}
)
LABELS = {"places": pd.Index(["a", "b", "c"]), "facilities": pd.Index(["s", "t"])}


def test_rows_of_a_table():
    (found,) = sp.table_travel(PAIRS, **LABELS).rows()
    assert found[0].tolist() == [0, 1, 2]
    assert found[1].tolist() == [[np.inf, 7], [4, 0], [np.inf, np.inf]]


def test_a_table_in_blocks(monkeypatch):
    from spatialplan.travel import _table

    whole = list(sp.table_travel(PAIRS, **LABELS).rows())
    monkeypatch.setattr(_table, "BLOCK", 2)
    parts = list(sp.table_travel(PAIRS, **LABELS).rows())
    assert [rows.tolist() for rows, _ in parts] == [[0, 1], [2]]
    assert np.concatenate([costs for _, costs in parts]).tolist() == whole[0][1].tolist()


def test_a_cost_without_bound_is_no_way():
    travel = sp.table_travel(PAIRS.replace(7.0, np.inf), **LABELS)
    assert repr(travel) == "<Travel time_min: 3 places, 2 facilities, 2 pairs>"


def test_any_cost_will_do():
    travel = sp.table_travel(PAIRS.rename(columns={"time_min": "fare"}), **LABELS, measure="fare")
    assert travel.measure == "fare"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time_min": [4, -7, 0]}, "pairs: a to t: time_min -7; allowed: a number of at least 0"),
        ({"time_min": [4, np.nan, 0]}, "pairs: a to t: time_min nan; allowed: a number of at"),
        ({"time_min": ["4", "7", "0"]}, "pairs: time_min: values of type .*; allowed: numbers"),
        ({"origin_id": ["b", "a", "z"]}, "pairs: origin_id: z; allowed: labels of places"),
        ({"destination_id": ["q", "t", "s"]}, "destination_id: q; allowed: labels of facilities"),
        ({"destination_id": ["t", "t", "t"]}, "pairs: b to t: the pair comes twice"),
    ],
)
def test_a_bad_table_is_refused(change, message):
    with pytest.raises(InputError, match=message):
        sp.table_travel(PAIRS.assign(**change), **LABELS)


def test_bad_labels_are_refused():
    with pytest.raises(InputError, match="pairs: no column 'fare'; allowed: origin_id, dest"):
        sp.table_travel(PAIRS, **LABELS, measure="fare")
    for name, none in [("pairs", None), ("places", ["a"]), ("facilities", "s"), ("measure", [1])]:
        with pytest.raises(InputError, match=f"{name}: a {type(none).__name__}; allowed: "):
            sp.table_travel(**{"pairs": PAIRS, **LABELS, name: none})
    with pytest.raises(InputError, match="places: the index repeats a"):
        sp.table_travel(PAIRS, places=pd.Index(["a", "b", "a"]), facilities=LABELS["facilities"])
    with pytest.raises(InputError, match="facilities: a label is missing"):
        sp.table_travel(PAIRS, places=LABELS["places"], facilities=pd.Index(["s", None]))


# --- along streets


def test_along_streets(cross):
    homes, schools = make_points((-600, 0), (0, 300)), make_points((600, 0), index="s")
    travel = sp.street_travel(homes, schools, network=cross)
    assert repr(travel) == "<Travel time_min: 2 places, 1 facilities, along streets>"
    decay = sp.cumulative_decay(15)
    assert travel.sums(np.array([2.5]), decay).tolist() == [0, 2.5]
    assert travel.sums_at(np.array([3.0, 4.0]), decay).tolist() == [4]
    assert travel.counts(np.array([2.0]), [20, 15]).tolist() == [[2, 0], [2, 2]]


def test_bad_street_travel_is_refused(cross):
    homes = make_points((0, 0), (9, 0))
    for measure in ("fare", ["time_min"]):
        with pytest.raises(InputError, match=r"measure: .*; allowed: time_min or distance_m"):
            sp.street_travel(homes, homes, network=cross, measure=measure)
    with pytest.raises(InputError, match="facilities: the index repeats a"):
        sp.street_travel(homes, make_points((0, 0), (1, 0), index="aa"), network=cross)
    with pytest.raises((InputError, CRSError), match="places: coordinate system EPSG:4326"):
        sp.street_travel(homes.to_crs(4326), homes, network=cross)


@pytest.mark.parametrize("limit", [1e9, 5e6, 3e5, 15, 1e-9])
def test_limits_of_any_size_count_right(cross, limit):
    homes = make_points((0, 0), (-600, 0), (2000, 0))
    travel = sp.street_travel(homes, homes, network=cross)
    expected = [[2], [2], [1]] if limit > 1 else [[1], [1], [1]]
    assert travel.counts(np.ones(3), [limit]).tolist() == expected
    assert travel.counts(np.full(3, 0.5), [limit]).tolist() == (np.array(expected) / 2).tolist()
    decay = sp.cumulative_decay(limit)
    assert travel.sums(np.ones(3), decay).tolist() == [row[0] for row in expected]


def test_a_limit_is_met_exactly_and_not_exceeded_by_a_unit(cross):
    homes, school = make_points((0, 0)), make_points((0, 300), index="s")
    travel = sp.street_travel(homes, school, network=cross, measure="distance_m")
    for limit, inside in [(300, 1), (299.999, 0), (300.02, 1)]:
        assert travel.sums(np.ones(1), sp.cumulative_decay(limit)).tolist() == [inside]
        assert travel.counts(np.ones(1), [limit]).tolist() == [[inside]]


def test_nobody_and_nothing(cross):
    homes, none = make_points((0, 0)), make_points()
    decay = sp.cumulative_decay(15)
    for places, facilities in [(homes, none), (none, homes), (none, none)]:
        travel = sp.street_travel(places, facilities, network=cross)
        offer, demand = np.zeros(len(facilities)), np.zeros(len(places))
        for f in (decay, sp.exponential_decay(1)):
            assert travel.sums(offer, f).tolist() == demand.tolist()
            assert travel.sums_at(demand, f).tolist() == offer.tolist()
            assert [part.tolist() for part in travel.catchment(offer, demand, f)] == [
                offer.tolist(), demand.tolist()]  # fmt: skip
        assert travel.counts(offer, [5, 9]).tolist() == [[0, 0]] * len(places)


@st.composite
def towns(draw):
    """Random streets, one-way or not, with places and facilities beside them."""
    size = draw(st.integers(2, 7))
    node = st.integers(0, size - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(1, 900)), min_size=1, max_size=12))
    oneway = draw(st.sets(st.integers(0, len(edges) - 1)))
    at = {node: (1000.0 * node, 3.0 * node * node) for node in range(size)}
    network = make_network(edges, at, oneway=sorted(oneway))
    spot = st.tuples(st.integers(0, 1000 * size), st.integers(-50, 50))
    places, facilities = (draw(st.lists(spot, min_size=1, max_size=6)) for _ in range(2))
    numbers = count(10)
    tables = [make_points(*spots, index=[f"p{next(numbers)}" for _ in spots])
              for spots in (places, facilities)]  # fmt: skip
    return network, *tables


FALLS = [
    *(decay for decay, _ in DECAYS.values()),
    sp.truncated_gaussian_decay(25),
    sp.logistic_decay(20, 5),
]


@settings(max_examples=60, deadline=None)
@given(towns(), st.sampled_from(FALLS), st.sampled_from(["time_min", "distance_m"]), st.data())
def test_both_makers_agree(town, decay, measure, data):
    network, places, facilities = town
    streets = sp.street_travel(places, facilities, network=network, measure=measure)
    pairs = sp.travel_matrix(places, facilities, network=network, measure=measure)
    table = sp.table_travel(
        pairs, places=places.index, facilities=facilities.index, measure=measure
    )
    # People and supply: not so few that only a denormal number could tell them from none.
    amount = st.one_of(st.integers(0, 100), st.floats(1e-6, 100))
    demand, offer = (
        np.array(data.draw(st.lists(amount, min_size=len(at), max_size=len(at))), float)
        for at in (places, facilities)
    )
    same(streets.sums(offer, decay), table.sums(offer, decay))
    same(streets.sums_at(demand, decay), table.sums_at(demand, decay))
    for one, other in zip(streets.catchment(offer, demand, decay),
                          table.catchment(offer, demand, decay), strict=True):  # fmt: skip
        same(one, other)
    limits = [5, 90.5, 20]
    same(streets.counts(offer, limits), table.counts(offer, limits))
    same(streets.counts(np.floor(offer), limits), table.counts(np.floor(offer), limits))
    same(dense(streets), dense(table))


def same(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-12)


def dense(travel):
    costs = np.full((len(travel.places), len(travel.facilities)), np.nan)
    for at, rows in travel.rows():
        costs[at] = rows
    return costs


def test_weights_are_written_out_as_far_as_there_are_any(cross, monkeypatch):
    homes, school = make_points((0, 0), (-600, 0)), make_points((0, 300), index="s")
    travel = sp.street_travel(homes, school, network=cross)
    hyperbola, whole = sp.power_decay(1, least=1), sp.Decay(np.ones_like)
    assert len(travel._written(sp.exponential_decay(100))) < 3.5 * 1200
    # No way is longer than all streets, 2,500 s, one after another.
    assert len(travel._written(whole)) == 2500 * 20 + 1
    assert travel.sums(np.ones(1), sp.Decay(np.zeros_like)).tolist() == [0, 0]
    assert travel.sums(np.ones(1), hyperbola).tolist() == [1 / 5, 1 / 15]
    monkeypatch.setattr(_streets, "_CHUNK", 7)
    for longest, expected in [(15, [1 / 5, 1 / 15]), (14.9, [1 / 5, 0])]:
        monkeypatch.setattr(_streets, "LONGEST", round(longest * 1200))
        travel = sp.street_travel(homes, school, network=cross)
        assert travel.sums(np.ones(1), hyperbola).tolist() == expected
        assert travel.sums_at(np.ones(2), whole).tolist() == [np.count_nonzero(expected)]


@settings(max_examples=40, deadline=None)
@given(towns(), st.sampled_from([0, 3.5, 20, 1e9, np.inf]), st.data())
def test_pairs_are_the_rows_within_a_limit(town, limit, data):
    network, places, facilities = town
    at = np.array(data.draw(st.lists(st.integers(0, len(places) - 1), unique=True)), int)
    matrix = sp.travel_matrix(places, facilities, network=network)
    table = sp.table_travel(matrix, places=places.index, facilities=facilities.index)
    for travel in (sp.street_travel(places, facilities, network=network), table):
        costs = dense(travel)
        i, j = np.nonzero((costs <= limit) & (costs < np.inf))
        expected = {(x, y, costs[x, y]) for x, y in zip(i, j, strict=True) if x in at}
        found = [set(zip(*block, strict=True)) for block in travel.pairs(limit, at)]
        assert set().union(*found) == expected
        assert sum(map(len, found)) == len(expected)


def test_polygons_are_where_their_middle_is(cross):
    park = gpd.GeoDataFrame(geometry=[shapely.box(-50, 250, 50, 350)], crs=4549)
    travel = sp.street_travel(make_points((0, 0)), park, network=cross, measure="distance_m")
    assert dense(travel).tolist() == [[300]]
