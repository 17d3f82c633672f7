"""Floating catchments: each formula written out in numpy, and what must hold of all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import make_network
from conftest import make_points
from hypothesis import assume
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from test_opportunities import as_travel

import spatialplan as sp
from spatialplan.errors import InputError

DECAYS = [
    sp.cumulative_decay(20),
    sp.step_decay([10, 20, 30], [1, 0.68, 0.22]),
    sp.truncated_gaussian_decay(25),
    sp.epanechnikov_decay(25),
    sp.linear_decay(31),
    sp.exponential_decay(0.1),
    sp.power_decay(1.5, least=1),
    sp.gaussian_decay(12, limit=28),
    sp.logistic_decay(15, 4),
    sp.Decay(lambda amount: 3 / (1 + amount)),
]


def safe(parts, wholes):
    """Quotient, 0 where the whole is 0."""
    parts, wholes = np.broadcast_arrays(np.asarray(parts, float), np.asarray(wholes, float))
    return np.divide(parts, wholes, out=np.zeros(parts.shape), where=wholes > 0)


def floating(p, s, f):
    return f @ safe(s, p @ f)


def three_step(p, s, f):
    g = safe(f, f.sum(axis=1, keepdims=True))
    return (g * f) @ safe(s, p @ (g * f))


def modified(p, s, f):
    return (safe(s, p @ f) * f * f).sum(axis=1)


def balanced(p, s, f):
    by_place = safe(f, f.sum(axis=1, keepdims=True))
    by_facility = safe(f, f.sum(axis=0, keepdims=True))
    return by_facility @ safe(s, p @ by_place)


def crowded(p, s, f):
    return safe(p, f @ s) @ f


def available(p, s, f):
    """With both balancing factors, as in the paper."""
    by_people = safe(p, p.sum())
    by_cost = safe(f, f.sum(axis=0, keepdims=True))
    both = by_people[:, None] * by_cost
    return (safe(both, both.sum(axis=0, keepdims=True)) * s).sum(axis=1)


TWINS = {
    "floating_catchment": floating,
    "three_step_catchment": three_step,
    "modified_catchment": modified,
    "balanced_catchment": balanced,
    "crowdedness": crowded,
    "spatial_availability": available,
}

minutes = st.one_of(st.integers(0, 40).map(float), st.just(np.inf))
amounts = st.one_of(st.integers(0, 50), st.floats(0.001, 1000))


@st.composite
def cities(draw):
    wide, high = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    row = st.lists(minutes, min_size=wide, max_size=wide)
    matrix = np.array(draw(st.lists(row, min_size=high, max_size=high)))
    people, supply = (
        np.array(draw(st.lists(amounts, min_size=size, max_size=size)), float)
        for size in (high, wide)
    )
    return matrix, people, supply


def ask(name, matrix, people, supply, decay):
    travel = as_travel(matrix)
    both = pd.Series(people, travel.places), pd.Series(supply, travel.facilities)
    return getattr(sp, name)(*both, travel=travel, decay=decay).to_numpy()


@pytest.mark.parametrize("name", TWINS)
@settings(max_examples=60, deadline=None)
@given(city=cities(), decay=st.sampled_from(DECAYS))
def test_equal_to_the_formula_written_out(name, city, decay):
    matrix, people, supply = city
    assume(name != "modified_catchment" or decay(matrix).max() <= 1)
    found = ask(name, *city, decay)
    np.testing.assert_allclose(found, TWINS[name](people, supply, decay(matrix)), rtol=1e-9)


@settings(max_examples=80, deadline=None)
@given(city=cities(), decay=st.sampled_from(DECAYS))
def test_what_is_shared_out_is_what_there_is(city, decay):
    matrix, people, supply = city
    near = decay(matrix) > 0
    reached = supply[(near & (people > 0)[:, None]).any(axis=0)].sum()
    for name in ("floating_catchment", "three_step_catchment"):
        assert ask(name, *city, decay) @ people == pytest.approx(reached)
    assert ask("spatial_availability", *city, decay).sum() == pytest.approx(reached)
    if decay(np.zeros(1)) <= 1:
        assert ask("modified_catchment", *city, decay) @ people <= reached * (1 + 1e-9)
    coming = people[(near & (supply > 0)).any(axis=1)].sum()
    assert ask("crowdedness", *city, decay) @ supply == pytest.approx(coming)


@settings(max_examples=60, deadline=None)
@given(city=cities(), decay=st.sampled_from(DECAYS))
def test_balanced_access_adds_up_to_the_level_of_service(city, decay):
    matrix, people, supply = city
    f = decay(matrix)
    level = safe(supply, people @ safe(f, f.sum(axis=1, keepdims=True)))
    assert ask("balanced_catchment", *city, decay).sum() == pytest.approx(level.sum())


@settings(max_examples=60, deadline=None)
@given(city=cities(), decay=st.sampled_from(DECAYS), more=st.floats(0, 100), data=st.data())
def test_more_supply_is_never_worse(city, decay, more, data):
    matrix, people, supply = city
    larger = supply.copy()
    larger[data.draw(st.integers(0, len(supply) - 1))] += more
    for name in set(TWINS) - {"crowdedness"}:
        if name == "modified_catchment" and decay(matrix).max() > 1:
            continue
        before, after = (ask(name, matrix, people, s, decay) for s in (supply, larger))
        assert (after >= before * (1 - 1e-9)).all(), name
    coming = people > 0
    before, after = ((decay(matrix[coming]) @ s)[:, None] for s in (supply, larger))
    assert (after >= before).all()


def test_facilities_that_nobody_reaches_and_places_that_reach_nothing():
    matrix = np.array([[5.0, np.inf], [np.inf, np.inf]])
    for name in TWINS:
        found = ask(name, matrix, [10.0, 7.0], [4.0, 6.0], sp.cumulative_decay(15))
        assert np.isfinite(found).all()
        assert found[1] == 0


def test_nothing_is_worth_more_than_at_the_door_where_distance_wastes():
    with pytest.raises(InputError, match="decay: a weight of 5; allowed: 0 to 1"):
        ask("modified_catchment", [[10.0]], [1.0], [1.0], sp.step_decay([15], [5]))


def test_nobody_lives_near():
    matrix = np.array([[5.0], [6.0]])
    found = ask("floating_catchment", matrix, [0.0, 0.0], [4.0], sp.cumulative_decay(15))
    assert found.tolist() == [0, 0]


def test_the_faintest_weights_do_not_overflow():
    """The only way weighs 5e-131: nothing else competes, so the whole supply goes along it."""
    matrix, decay = np.array([[300.0]]), sp.exponential_decay(1)
    for name in ("floating_catchment", "balanced_catchment"):
        assert ask(name, matrix, [8.0], [4.0], decay).tolist() == pytest.approx([0.5])
    # The square of that weight is none any more.
    assert ask("three_step_catchment", matrix, [8.0], [4.0], decay).tolist() == [0]


def test_people_do_not_count_where_the_exponent_is_0():
    travel = as_travel([[5.0], [6.0]])
    people, beds = pd.Series({"a": 30, "b": 10}), pd.Series({"s": 8.0})
    decay = sp.cumulative_decay(15)
    by_people = sp.spatial_availability(people, beds, travel=travel, decay=decay)
    assert by_people.tolist() == [6, 2]
    evenly = sp.spatial_availability(people, beds, travel=travel, decay=decay, exponent=0)
    assert evenly.tolist() == [4, 4]
    with pytest.raises(InputError, match="exponent: -1; allowed: a finite number of at least 0"):
        sp.spatial_availability(people, beds, travel=travel, decay=decay, exponent=-1)


def test_names_and_indexes_of_results():
    travel = as_travel([[5.0, 9.0], [6.0, 7.0], [8.0, 1.0]])
    both = pd.Series(1.0, travel.places[::-1]), pd.Series(1.0, travel.facilities)
    names = {"crowdedness": "people_per_supply", "spatial_availability": "supply"}
    for name in TWINS:
        found = getattr(sp, name)(*both, travel=travel, decay=sp.cumulative_decay(15))
        assert found.name == names.get(name, "supply_per_person")
        index = travel.facilities if name == "crowdedness" else travel.places
        assert found.index.equals(index)


# --- several modes

WALK, DRIVE = as_travel([[10.0], [40.0]]), as_travel([[5.0], [12.0]])
MODES = {"walk": WALK, "drive": DRIVE}
FALLS = {"walk": sp.linear_decay(20), "drive": sp.cumulative_decay(15)}
RIDERS = pd.DataFrame({"walk": [60, 30], "drive": [20, 50]}, index=["a", "b"])
BEDS = pd.Series({"s": 10.0})


def test_modes_compete_for_one_supply():
    """30 walkers, as the half of 60, and 70 drivers for ten beds."""
    found = sp.multimodal_catchment(RIDERS, BEDS, travel=MODES, decay=FALLS)
    assert found.to_numpy().tolist() == [[0.05, 0.1], [0, 0.1]]
    assert (found * RIDERS).to_numpy().sum() == pytest.approx(10)
    assert found.index.equals(WALK.places)


def test_one_mode_is_the_plain_catchment():
    alone = sp.multimodal_catchment(
        RIDERS[["walk"]], BEDS, travel={"walk": WALK}, decay={"walk": FALLS["walk"]}
    )
    plain = sp.floating_catchment(RIDERS["walk"], BEDS, travel=WALK, decay=FALLS["walk"])
    assert alone["walk"].tolist() == plain.tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": RIDERS[["walk"]]}, r"people: modes \['walk'\]; allowed: those of travel, "),
        ({"people": RIDERS[[]]}, r"people: modes \[\]; allowed"),
        ({"people": RIDERS["walk"]}, "people: a Series; allowed: a pandas DataFrame"),
        ({"people": -RIDERS}, "people: walk: a: -60; allowed: a finite number of at least 0"),
        ({"decay": {"walk": FALLS["walk"]}}, r"and of decay, \['walk'\]"),
        ({"decay": {**FALLS, "drive": np.exp}}, "decay: a ufunc; allowed: a Decay"),
        ({"travel": {**MODES, "drive": as_travel([[5.0, 1.0], [1.0, 1.0]])}},
         "travel: drive has other places or facilities than walk"),
        ({"travel": {**MODES, "drive": as_travel([[5.0]])}},
         "travel: drive has other places or facilities than walk"),
    ],
)  # fmt: skip
def test_modes_must_fit(change, message):
    given_ = {"people": RIDERS, "travel": MODES, "decay": FALLS} | change
    with pytest.raises(InputError, match=message):
        sp.multimodal_catchment(
            given_["people"], BEDS, travel=given_["travel"], decay=given_["decay"]
        )


# --- along streets


@pytest.mark.parametrize("name", TWINS)
def test_along_one_way_streets_as_from_their_matrix(name):
    """A block with a one-way side: to and from differ, and people go to, never from."""
    rng = np.random.default_rng(3)
    size = 6
    at = {i * size + j: (i * 100.0, j * 100.0) for i in range(size) for j in range(size)}
    roads = [(n, n + 1, 100) for n in at if (n + 1) % size]
    roads += [(n, n + size, 130) for n in at if n + size in at]
    network = make_network(roads, at, oneway=range(0, len(roads), 3))
    spots = rng.uniform(0, 500, (60, 2))
    homes = make_points(*spots[:45], index=[f"h{i}" for i in range(45)])
    clinics = make_points(*spots[45:], index=[f"c{i}" for i in range(15)])
    people = pd.Series(rng.uniform(1, 90, 45), homes.index)
    beds = pd.Series(rng.uniform(1, 20, 15), clinics.index)
    streets = sp.street_travel(homes, clinics, network=network)
    pairs = sp.travel_matrix(homes, clinics, network=network)
    table = sp.table_travel(pairs, places=homes.index, facilities=clinics.index)
    for decay in (sp.truncated_gaussian_decay(8), sp.exponential_decay(0.3)):
        one = getattr(sp, name)(people, beds, travel=streets, decay=decay)
        other = getattr(sp, name)(people, beds, travel=table, decay=decay)
        np.testing.assert_allclose(one, other, rtol=1e-12)
