"""What is reached, by pencil and by plain loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import make_network
from conftest import make_points
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import spatialplan as sp
from spatialplan import opportunities
from spatialplan.errors import InputError

NONE = np.inf


def as_travel(minutes, places="abcdefgh", facilities="stuvwxyz"):
    """Travel by a matrix, between places a, b ... and facilities s, t ..."""
    pairs = [(i, j, cost) for i, row in zip(places, minutes, strict=False)
             for j, cost in zip(facilities, row, strict=False)]  # fmt: skip
    table = pd.DataFrame(pairs, columns=["origin_id", "destination_id", "time_min"])
    labels = [pd.Index(list(names[:count])) for names, count in
              zip((places, facilities), np.shape(minutes), strict=True)]  # fmt: skip
    return sp.table_travel(table, places=labels[0], facilities=labels[1])


MINUTES = [[5.0, 12.0, 25.0], [12.0, 12.0, NONE], [NONE, NONE, NONE]]
TRAVEL = as_travel(MINUTES)
BEDS = pd.Series({"t": 4, "s": 10, "u": 0.5})
PEOPLE = pd.Series({"a": 12, "b": 100, "c": 0})


def test_one_pass_gives_many_limits_in_the_order_asked_for():
    found = sp.cumulative_opportunities(BEDS, travel=TRAVEL, limits=[25, 5, 12])
    assert found.to_numpy().tolist() == [[14.5, 10, 14], [14, 0, 14], [0, 0, 0]]
    assert found.columns.tolist() == [25, 5, 12]
    assert found.columns.name == "time_min"
    assert found.index.equals(TRAVEL.places)


def test_people_who_reach_a_facility():
    found = sp.passive_accessibility(PEOPLE, travel=TRAVEL, limits=[5, 12])
    assert found.to_numpy().tolist() == [[12, 112], [0, 112], [0, 0]]
    assert found.index.equals(TRAVEL.facilities)


def test_gravity():
    found = sp.gravity_access(BEDS, travel=TRAVEL, decay=sp.linear_decay(20))
    assert found.tolist() == pytest.approx([10 * 0.75 + 4 * 0.4, 14 * 0.4, 0])
    assert found.name == "opportunities"


def test_the_mean_over_an_interval_of_limits():
    limits = [5, 10, 15, 20, 25]
    single = sp.cumulative_opportunities(BEDS, travel=TRAVEL, limits=limits)
    decay = sp.interval_decay(5, 25, step=5)
    found = sp.gravity_access(BEDS, travel=TRAVEL, decay=decay)
    assert found.tolist() == pytest.approx(single.mean(axis=1).tolist())


def test_the_nearest_two():
    found = sp.nearest_facilities(TRAVEL, count=2)
    assert found.to_numpy().tolist() == [
        ["a", 1, "s", 5.0], ["a", 2, "t", 12.0], ["b", 1, "s", 12.0], ["b", 2, "t", 12.0]
    ]  # fmt: skip
    assert list(found.columns) == ["place_id", "rank", "facility_id", "time_min"]
    more = sp.nearest_facilities(TRAVEL, count=9)
    assert more["facility_id"].tolist() == ["s", "t", "u", "s", "t"]


def test_the_nearest_of_none(cross):
    travel = sp.street_travel(make_points((0, 0)), make_points(), network=cross)
    assert sp.nearest_facilities(travel, count=1).empty
    nobody = sp.street_travel(make_points(), make_points((0, 0)), network=cross)
    assert list(sp.nearest_facilities(nobody, count=1).columns)[-1] == "time_min"


def test_as_many_beds_as_people():
    found = sp.balancing_cost(PEOPLE, BEDS, travel=TRAVEL)
    assert found.tolist() == [12, NONE, 0]
    assert found.name == "time_min"
    fewer = sp.balancing_cost(PEOPLE * 0 + 14, BEDS, travel=TRAVEL)
    assert fewer.tolist() == [12, 12, NONE]


def test_along_streets(cross):
    homes = make_points((-600, 0), (0, 0), (2000, 0))
    clinics = make_points((600, 0), (0, 300), index="st")
    travel = sp.street_travel(homes, clinics, network=cross)
    beds = pd.Series({"s": 10, "t": 4})
    within = sp.cumulative_opportunities(beds, travel=travel, limits=[10, 15, 20])
    assert within.to_numpy().tolist() == [[0, 4, 14], [14, 14, 14], [0, 0, 0]]
    assert sp.nearest_facilities(travel, count=1).to_numpy().tolist() == [
        ["a", 1, "t", 15.0], ["b", 1, "t", 5.0]]  # fmt: skip
    people = pd.Series({"a": 5, "b": 4, "c": 1})
    assert sp.balancing_cost(people, beds, travel=travel).tolist() == [20, 5, NONE]


class Watched:
    """Travel that notes how far it was asked."""

    def __init__(self, travel):
        self._travel, self.asked = travel, []

    def __getattr__(self, name):
        return getattr(self._travel, name)

    def pairs(self, limit, at):
        self.asked.append((limit, len(at)))
        return self._travel.pairs(limit, at)


def test_places_are_asked_no_farther_than_they_need(monkeypatch):
    """Of ten places, one has its clinic far away, and one has none."""
    minutes = [[3.0], *[[2.0]] * 7, [50.0], [NONE]]
    travel = as_travel(minutes, places="abcdefghij")
    monkeypatch.setattr(opportunities, "_FEW", 2)
    watched = Watched(travel)
    found = sp.nearest_facilities(watched, count=1)
    assert found["time_min"].tolist() == [3, *[2] * 7, 50]
    # a and f without limit, the others within 2.9; then i and j, which are left.
    assert watched.asked == [(NONE, 2), (pytest.approx(2.9), 8), (NONE, 2), (50.0, 0)]
    watched = Watched(travel)
    people, beds = pd.Series(1, travel.places), pd.Series({"s": 0.5})
    assert sp.balancing_cost(people, beds, travel=watched).tolist() == [NONE] * 10
    assert watched.asked == []  # nobody can have enough


def test_rows_come_in_the_order_of_the_places():
    """The router takes places in an order of its own, and both ways cannot be that."""
    at = {node: (600.0 * node, 0.0) for node in range(5)}
    street = make_network([(node, node + 1, 600) for node in range(4)], at)
    homes, clinic = make_points((0, 0), (900, 0), (1500, 0), (2100, 0)), make_points((2400, 0))
    for places, minutes in [(homes, [40, 25, 15, 5]), (homes[::-1], [5, 15, 25, 40])]:
        travel = sp.street_travel(places, clinic, network=street)
        found = sp.nearest_facilities(travel, count=1)
        assert found["place_id"].tolist() == places.index.tolist()
        assert found["time_min"].tolist() == minutes


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sp.cumulative_opportunities(BEDS, travel=TRAVEL, limits=[]), r"limits: \[\]; "),
        (lambda: sp.cumulative_opportunities(BEDS, travel=TRAVEL, limits=[5, 5]), "none of them"),
        (lambda: sp.cumulative_opportunities(BEDS, travel=TRAVEL, limits=[0]), "limits: 0; a"),
        (lambda: sp.passive_accessibility(PEOPLE, travel=TRAVEL, limits=[-1]), "limits: -1; a"),
        (lambda: sp.gravity_access(BEDS, travel=TRAVEL, decay=np.exp), "decay: a ufunc; all"),
        (lambda: sp.gravity_access(-BEDS, travel=TRAVEL, decay=sp.linear_decay(9)),
         "supply: s: -10; allowed: a finite number of at least 0"),
        (lambda: sp.gravity_access(BEDS[["s", "t"]], travel=TRAVEL, decay=sp.linear_decay(9)),
         "supply: u has no value; allowed: one value for each"),
        (lambda: sp.balancing_cost(PEOPLE, pd.concat([BEDS, BEDS]), travel=TRAVEL),
         "supply: the index repeats t"),
        (lambda: sp.balancing_cost(PEOPLE.rename({"c": "z"}), BEDS, travel=TRAVEL),
         "people: c has no value"),
        (lambda: sp.balancing_cost(pd.Series({**PEOPLE, "z": 1}), BEDS, travel=TRAVEL),
         "people: z is not in the travel"),
        (lambda: sp.balancing_cost([1, 2, 3], BEDS, travel=TRAVEL), "people: a list; allowed"),
        (lambda: sp.balancing_cost(PEOPLE.astype(str), BEDS, travel=TRAVEL), "people: values of t"),
        (lambda: sp.gravity_access(BEDS * 1e308, travel=TRAVEL, decay=sp.cumulative_decay(99)),
         "supply: .*: inf; allowed: a finite"),
        (lambda: sp.gravity_access(BEDS * 0 + 1e308, travel=TRAVEL, decay=sp.cumulative_decay(99)),
         "gravity_access: a result beyond any number; give values in larger units"),
        (lambda: sp.nearest_facilities(TRAVEL, count=0), "count: 0; allowed: a whole"),
        (lambda: sp.nearest_facilities(TRAVEL, count=1.5), "count: 1.5; allowed: a whole"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


costs = st.one_of(st.integers(0, 30).map(float), st.just(NONE))
amounts = st.integers(0, 50)


@st.composite
def cities(draw):
    wide, high = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    row = st.lists(costs, min_size=wide, max_size=wide)
    minutes = draw(st.lists(row, min_size=high, max_size=high))
    people = draw(st.lists(amounts, min_size=high, max_size=high))
    supply = draw(st.lists(amounts, min_size=wide, max_size=wide))
    travel = as_travel(minutes)
    return (minutes, travel, pd.Series(people, index=travel.places),
            pd.Series(supply, index=travel.facilities))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(cities(), st.integers(1, 35), st.integers(1, 7), st.sampled_from([1, 2, 256]))
def test_equal_to_plain_loops(city, limit, most, few):
    minutes, travel, people, supply = city
    within = sp.cumulative_opportunities(supply, travel=travel, limits=[limit])[limit]
    passive = sp.passive_accessibility(people, travel=travel, limits=[limit])[limit]
    with pytest.MonkeyPatch.context() as patch:  # asked in several rounds
        patch.setattr(opportunities, "_FEW", few)
        nearest = sp.nearest_facilities(travel, count=most)
        balance = sp.balancing_cost(people, supply, travel=travel)
    expected = []
    for i, row in enumerate(minutes):
        assert within.iloc[i] == sum(supply.iloc[j] for j, cost in enumerate(row) if cost <= limit)
        ordered = sorted((cost, j) for j, cost in enumerate(row) if cost < NONE)[:most]
        expected += [[travel.places[i], rank, travel.facilities[j], cost]
                     for rank, (cost, j) in enumerate(ordered, start=1)]  # fmt: skip
        enough = [cost for cost in row
                  if sum(supply.iloc[j] for j, other in enumerate(row) if other <= cost)
                  >= people.iloc[i]]  # fmt: skip
        assert balance.iloc[i] == (0 if people.iloc[i] == 0 else min(enough, default=NONE))
    assert nearest.to_numpy().tolist() == expected
    for j in range(len(supply)):
        assert passive.iloc[j] == sum(
            people.iloc[i] for i, row in enumerate(minutes) if row[j] <= limit
        )
