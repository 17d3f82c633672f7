"""Sizes, flows, markets and tiers, against the reference toy and figures done with a pencil."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from conftest import make_points
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from spatialplan.access import travel_matrix
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.hierarchy import _flows
from spatialplan.hierarchy import breaking_point
from spatialplan.hierarchy import centrality
from spatialplan.hierarchy import entropy_weights
from spatialplan.hierarchy import gravity_links
from spatialplan.hierarchy import huff
from spatialplan.hierarchy import market_areas
from spatialplan.hierarchy import max_flow_tree
from spatialplan.hierarchy import patronage
from spatialplan.hierarchy import primacy
from spatialplan.hierarchy import rank_size
from spatialplan.hierarchy import reilly_ratio
from spatialplan.hierarchy import tiers

TOWNS = pd.Index(range(1, 7), name="place_id")
PEOPLE = pd.Series([120, 60, 40, 30, 20, 10], index=TOWNS)
AT = [(0, 0), (10, 0), (0, 15), (20, 5), (-12, 8), (5, -18)]
OFFER = pd.DataFrame(
    {"people": PEOPLE, "schools": [8, 5, 6, 2, 3, 1], "shops": [3.2, 2.8, 1.0, 1.5, 0.8, 0.5]}
)
"""The reference toy: six towns."""

DISTANCES = pd.DataFrame(
    [[5, 12, 25], [10, 8, 18], [20, 6, 9], [28, 15, 4]], index=list("abcd"), columns=list("xyz")
)
SUPPLY = pd.Series({"x": 10, "y": 4, "z": 6})
DEMAND = pd.Series([100, 50, 200, 80], index=list("abcd"))
"""The other reference toy: four homes and three centres."""


def six_towns():
    points = gpd.points_from_xy(*zip(*AT, strict=True))
    return gpd.GeoDataFrame({"population": PEOPLE}, geometry=points, index=TOWNS, crs=4549)


# --- rank-size and primacy


def test_rank_size_of_the_reference_toy():
    fit = rank_size(PEOPLE)
    assert fit.places == 6
    assert fit.intercept == pytest.approx(4.928966076, abs=5e-10)
    assert fit.q == pytest.approx(1.2620837358, abs=5e-11)
    assert fit.r2 == pytest.approx(0.9369948, abs=5e-8)
    assert fit.gi_intercept == pytest.approx(4.2973853878, abs=5e-11)
    assert fit.gi_b == pytest.approx(0.9729144779, abs=5e-11)
    assert fit.gi_se == pytest.approx(0.5617124357, abs=5e-11)


def test_a_perfect_rank_size_rule_has_q_1():
    fit = rank_size(pd.Series([600 / rank for rank in (3, 1, 2, 5, 4)]))
    assert (fit.q, fit.r2, np.exp(fit.intercept)) == pytest.approx((1, 1, 600))


def test_the_order_of_places_and_of_ties_does_not_matter():
    tied = pd.Series([50.0, 100.0, 50.0, 25.0], index=list("abcd"))
    assert rank_size(tied) == rank_size(tied[["c", "d", "a", "b"]])


def test_two_places_lie_on_a_line():
    fit = rank_size(pd.Series([100.0, 50.0]))
    assert (fit.q, fit.r2, fit.gi_b) == pytest.approx((1, 1, np.log(3) / np.log(2)))
    assert fit.gi_se == fit.gi_b


@pytest.mark.parametrize("sizes", [[], [100.0]])
def test_fewer_than_two_places_have_no_line(sizes):
    fit = rank_size(pd.Series(sizes, dtype=float))
    assert fit.places == len(sizes)
    assert np.isnan([fit.intercept, fit.q, fit.r2, fit.gi_intercept, fit.gi_b, fit.gi_se]).all()


def test_places_of_one_size_are_level_and_their_logarithms_fit_nothing():
    fit = rank_size(pd.Series([7.0, 7.0, 7.0]))
    assert (fit.q, fit.intercept) == (0, pytest.approx(np.log(7)))
    assert np.isnan([fit.r2, fit.gi_b]).all()


def test_primacy_of_the_reference_toy():
    found = primacy(PEOPLE)
    assert found.s2 == 2.0
    assert found.s4 == pytest.approx(0.9230769231, abs=5e-11)
    assert np.isnan(found.s11)


def test_eleven_places_have_all_indices():
    found = primacy(pd.Series([10.0] * 9 + [20.0, 100.0]))
    assert (found.s2, found.s4, found.s11) == (5, 100 / 40, 200 / (20 + 9 * 10))


def test_one_place_has_no_primacy():
    found = primacy(pd.Series([10.0]))
    assert np.isnan([found.s2, found.s4, found.s11]).all()


@pytest.mark.parametrize("measure", [rank_size, primacy])
@pytest.mark.parametrize("value", [0, -1, np.nan, np.inf])
def test_a_size_must_be_above_zero(measure, value):
    sizes = pd.Series({"a": 5.0, "b": value})
    with pytest.raises(InputError, match=r"^populations: b: \S+; allowed: a number above 0$"):
        measure(sizes)


# --- gravity and the tree of largest flows


def test_gravity_of_the_reference_toy():
    links = gravity_links(six_towns())
    flow = links.set_index(["origin_id", "destination_id"])["flow"]
    assert flow[1, 2] == flow[2, 1] == 72
    assert flow[1, 3] == pytest.approx(21.3333333333, abs=5e-11)
    assert flow[2, 4] == pytest.approx(14.4, abs=5e-11)
    totals = [116.7807785226, 97.6935941142, 35.6220928654, 26.2492987460, 18.6614066932]
    totals += [6.1217914206]
    assert links.groupby("origin_id")["flow"].sum().tolist() == pytest.approx(totals, abs=5e-11)
    assert len(links) == 6 * 5


def test_max_flow_parents_of_the_reference_toy():
    tree = max_flow_tree(gravity_links(six_towns()), PEOPLE)
    assert tree["parent_id"].tolist() == [None, 1, 1, 2, 1, 1]
    assert tree["root_id"].tolist() == [1] * 6
    assert tree["flow"].tolist()[1:4] == pytest.approx([72, 64 / 3, 14.4])
    assert np.isnan(tree.loc[1, "flow"])
    assert tree.index.equals(TOWNS)


def test_mass_and_exponent_may_be_others():
    towns = six_towns().iloc[:2].assign(trade=[3.0, 5.0])
    links = gravity_links(towns, mass="trade", exponent=1)
    assert links["flow"].tolist() == pytest.approx([1.5, 1.5])


def test_a_place_without_mass_has_no_flow_and_leans_on_nobody():
    towns = six_towns().assign(population=[120, 60, 0, 0, 0, 0])
    links = gravity_links(towns)
    assert (links.loc[links["origin_id"] > 2, "flow"] == 0).all()
    tree = max_flow_tree(links, towns["population"])
    assert tree["parent_id"].tolist() == [None, 1, None, None, None, None]
    assert tree["root_id"].tolist() == [1, 1, 3, 4, 5, 6]


def test_gravity_along_the_streets_of_a_network(cross):
    towns = make_points((-600, 0), (600, 0), (2000, 0)).assign(population=[10.0, 20.0, 40.0])
    minutes = travel_matrix(towns, towns, network=cross).pivot_table(
        index="origin_id", columns="destination_id", values="time_min"
    )
    links = gravity_links(towns, distances=minutes).set_index(["origin_id", "destination_id"])
    assert links.loc[("a", "b"), "flow"] == 10 * 20 / 20**2
    assert links.loc[("a", "c"), ["distance", "flow"]].tolist() == [np.inf, 0]  # an island


def test_distances_may_differ_by_direction_and_come_in_any_order():
    towns = pd.DataFrame({"population": [1.0, 1.0]}, index=["a", "b"])
    apart = pd.DataFrame([[0, 4], [2, 0]], index=["b", "a"], columns=["b", "a"])
    links = gravity_links(towns, distances=apart, exponent=1)
    assert links["distance"].tolist() == [2, 4]


def test_a_single_place_has_no_links_and_is_its_own_root():
    one = six_towns().iloc[:1]
    links = gravity_links(one)
    assert links.columns.tolist() == ["origin_id", "destination_id", "distance", "flow"]
    tree = max_flow_tree(links, one["population"])
    assert (tree["parent_id"].tolist(), tree["root_id"].tolist()) == ([None], [1])


def links_of(*flows):
    return pd.DataFrame(flows, columns=["origin_id", "destination_id", "flow"])


def test_whose_largest_flow_goes_to_a_smaller_place_is_independent():
    links = links_of(("b", "c", 9), ("b", "a", 8), ("c", "b", 9), ("a", "b", 8))
    tree = max_flow_tree(links, pd.Series({"a": 30, "b": 20, "c": 10}))
    assert tree["parent_id"].to_dict() == {"a": None, "b": None, "c": "b"}
    assert tree["root_id"].to_dict() == {"a": "a", "b": "b", "c": "b"}


def test_places_of_equal_size_are_not_subordinate_to_each_other():
    links = links_of(("a", "b", 5), ("b", "a", 5))
    assert max_flow_tree(links, pd.Series({"a": 7, "b": 7}))["parent_id"].tolist() == [None, None]


def test_of_equal_flows_the_one_to_the_largest_place_counts_then_the_first():
    links = links_of(("d", "c", 5), ("d", "b", 5), ("d", "a", 5))
    sizes = pd.Series({"a": 20, "b": 20, "c": 10, "d": 1})
    assert max_flow_tree(links, sizes).loc["d", "parent_id"] == "b"


def test_a_flow_within_a_place_counts_for_nothing():
    links = links_of(("b", "b", 99), ("b", "a", 1))
    assert max_flow_tree(links, pd.Series({"a": 20, "b": 1})).loc["b", "parent_id"] == "a"


def test_faults_of_gravity_links_are_named(monkeypatch):
    towns = six_towns()
    with pytest.raises(InputError, match=r"^places: no column 'gdp'; allowed: population, geom"):
        gravity_links(towns, mass="gdp")
    with pytest.raises(InputError, match=r"^population: 6: -1; allowed: a number of at least 0$"):
        gravity_links(towns.assign(population=[1, 1, 1, 1, 1, -1]))
    with pytest.raises(
        InputError, match=r"^gravity_links: exponent: 0; allowed: a number above 0$"
    ):
        gravity_links(towns, exponent=0)
    with pytest.raises(InputError, match="distance 0 between 1 and 2; allowed: a distance above 0"):
        gravity_links(towns.set_geometry([towns.geometry[1]] * 6))
    with pytest.raises(InputError, match=r"^places: the index repeats 1$"):
        gravity_links(towns.set_axis([1, 1, 2, 3, 4, 5]))
    with pytest.raises(InputError, match=r"^distances: no column 6; name every place$"):
        gravity_links(towns, distances=pd.DataFrame(1.0, index=TOWNS, columns=TOWNS[:5]))
    with pytest.raises(InputError, match=r"^places: no geometry; give distances"):
        gravity_links(pd.DataFrame({"population": PEOPLE}))
    with pytest.raises(InputError, match=r"^places: a place without geometry$"):
        gravity_links(towns.set_geometry([None, *towns.geometry[1:]]))
    with pytest.raises(CRSError, match=r"^places: no coordinate system in metres; call to_crs"):
        gravity_links(towns.to_crs(4326))
    monkeypatch.setattr(_flows, "_MAX_PLACES", 5)
    with pytest.raises(LimitError, match=r"^gravity_links: 6 places; at most 5$"):
        gravity_links(towns)


def test_faults_of_max_flow_tree_are_named():
    sizes = pd.Series({"a": 2, "b": 1})
    with pytest.raises(InputError, match=r"^links: no column 'flow'; allowed: origin_id, dest"):
        max_flow_tree(links_of(("a", "b", 1)).drop(columns="flow"), sizes)
    with pytest.raises(InputError, match=r"^links: destination_id c is not in sizes$"):
        max_flow_tree(links_of(("a", "c", 1)), sizes)
    with pytest.raises(InputError, match=r"^flow: 0: nan; allowed: a number of at least 0$"):
        max_flow_tree(links_of(("a", "b", np.nan)), sizes)
    with pytest.raises(InputError, match=r"^sizes: the index repeats a$"):
        max_flow_tree(links_of(("a", "b", 1)), pd.Series([1, 2], index=["a", "a"]))


# --- Reilly, Converse, Huff


def test_breaking_point_of_the_reference_toy():
    assert breaking_point(120, 30, distance=30) == 20
    assert reilly_ratio(120, 30, distance=20, other_distance=10) == 1


def test_breaking_points_from_both_ends_meet():
    assert breaking_point(50, 80, distance=9) + breaking_point(80, 50, distance=9) == 9
    assert breaking_point(0, 80, distance=9) == 0
    assert breaking_point(80, 0, distance=9) == 9


def test_reilly_counts_sizes_once_and_distances_twice():
    assert reilly_ratio(3, 1, distance=2, other_distance=4) == 12


def test_faults_of_two_places_are_named():
    with pytest.raises(
        InputError, match=r"^breaking_point: both sizes are 0; allowed: at most one"
    ):
        breaking_point(0, 0, distance=9)
    with pytest.raises(InputError, match=r"^breaking_point: other: -1; allowed: a number of at"):
        breaking_point(3, -1, distance=9)
    with pytest.raises(InputError, match=r"^reilly_ratio: distance: 0; allowed: a number above 0$"):
        reilly_ratio(3, 1, distance=0, other_distance=4)


def test_huff_of_the_reference_toy():
    shares = huff(DISTANCES, SUPPLY)
    row = [0.9145412052, 0.0635098059, 0.0219489889]
    assert shares.loc["a"].tolist() == pytest.approx(row, abs=5e-11)
    expected = patronage(shares, DEMAND)
    people = [145.3803657594, 132.8483253518, 151.7713088888]
    assert expected.tolist() == pytest.approx(people, abs=5e-11)
    assert (expected.name, expected.index.tolist()) == ("people", list("xyz"))
    areas = market_areas(shares)
    assert areas.to_dict() == {"a": "x", "b": "x", "c": "y", "d": "z"}
    assert areas.name == "centre_id"


def test_attraction_is_taken_by_its_label():
    assert_frame_equal(huff(DISTANCES, SUPPLY[["z", "x", "y"]]), huff(DISTANCES, SUPPLY))


def test_who_stands_at_a_centre_goes_there():
    apart = pd.DataFrame([[0, 0, 5]], columns=list("xyz"))
    assert huff(apart, pd.Series({"x": 3, "y": 1, "z": 100})).to_numpy().tolist() == [
        [0.75, 0.25, 0]
    ]
    assert huff(apart, pd.Series({"x": 0, "y": 0, "z": 100})).to_numpy().tolist() == [[0, 0, 1]]


def test_a_centre_out_of_reach_draws_nobody():
    apart = pd.DataFrame([[2.0, np.inf], [2.0, np.nan], [np.inf, np.nan]], columns=["x", "y"])
    shares = huff(apart, pd.Series({"x": 1, "y": 50}))
    assert shares.to_numpy().tolist() == [[1, 0], [1, 0], [0, 0]]
    assert market_areas(shares).tolist() == ["x", "x", None]
    assert patronage(shares, pd.Series([10.0, 20.0, 40.0])).tolist() == [30, 0]


def test_huff_neither_overflows_nor_vanishes():
    tiny = pd.DataFrame([[1e-200, 2e-200], [1e200, 2e200]], columns=["x", "y"])
    shares = huff(tiny, pd.Series({"x": 1, "y": 1}))
    assert shares["x"].tolist() == pytest.approx([0.8, 0.8])


def test_of_equally_probable_centres_the_first_has_the_place():
    assert market_areas(pd.DataFrame({"x": [0.5], "y": [0.5]})).tolist() == ["x"]


@settings(deadline=None)
@given(st.floats(0.5, 4), st.lists(st.floats(1, 1e6), min_size=12, max_size=12))
def test_every_home_goes_somewhere_and_nobody_is_lost(exponent, metres):
    apart = pd.DataFrame(np.reshape(metres, (4, 3)), index=DEMAND.index, columns=SUPPLY.index)
    shares = huff(apart, SUPPLY, exponent=exponent)
    assert shares.sum(axis=1).tolist() == pytest.approx([1] * 4)
    assert patronage(shares, DEMAND).sum() == pytest.approx(DEMAND.sum())


def test_with_exponent_2_the_areas_are_those_of_reilly():
    at = [19.9, 20.1]
    apart = pd.DataFrame({"A": at, "B": [30 - x for x in at]})
    assert market_areas(huff(apart, pd.Series({"A": 120, "B": 30}))).tolist() == ["A", "B"]


def test_faults_of_huff_are_named():
    with pytest.raises(
        InputError, match=r"^attraction: z is not in both distances and attraction$"
    ):
        huff(DISTANCES, SUPPLY[["x", "y"]])
    with pytest.raises(InputError, match=r"^distances: row a, column x: -4; allowed: a number of"):
        huff(DISTANCES - 9, SUPPLY)
    with pytest.raises(InputError, match=r"^attraction: y: -4; allowed: a number of at least 0$"):
        huff(DISTANCES, SUPPLY.replace(4, -4))
    with pytest.raises(InputError, match=r"^huff: exponent: 0; allowed: a number above 0$"):
        huff(DISTANCES, SUPPLY, exponent=0)
    with pytest.raises(InputError, match=r"^people: another index than that of the probabilities$"):
        patronage(huff(DISTANCES, SUPPLY), DEMAND.iloc[:3])
    with pytest.raises(InputError, match=r"^people: b: nan; allowed"):
        patronage(huff(DISTANCES, SUPPLY), DEMAND.replace(50, np.nan))


# --- centrality and tiers


def test_entropy_weights_of_the_reference_toy():
    weights = entropy_weights(OFFER)
    expected = [0.3743188592, 0.2759514668, 0.3497296740]
    assert weights.tolist() == pytest.approx(expected, abs=5e-11)
    assert weights.name == "weight"
    assert weights.index.equals(OFFER.columns)


def test_a_column_that_is_the_same_everywhere_weighs_nothing():
    weights = entropy_weights(OFFER.assign(parks=1))
    assert weights["parks"] == 0
    assert weights.iloc[:3].tolist() == pytest.approx(entropy_weights(OFFER).tolist())


def test_columns_that_are_alike_weigh_alike():
    weights = entropy_weights(pd.DataFrame({"a": [3, 2, 1], "b": [3, 2, 1]}))
    assert weights.tolist() == [0.5, 0.5]


def test_one_place_has_no_weights():
    with pytest.raises(InputError, match=r"^table: every column is the same everywhere; allowed"):
        entropy_weights(OFFER.iloc[:1])


def test_centrality_is_the_weighted_sum():
    found = centrality(OFFER, pd.Series({"shops": 0.5, "people": 0.5, "schools": 0.0}))
    assert found.loc[1] == 1
    assert found.loc[6] == 0
    assert found.loc[3] == pytest.approx(0.5 * 30 / 110 + 0.5 * 0.5 / 2.7)
    assert found.name == "centrality"
    assert found.index.equals(OFFER.index)


def test_of_what_less_is_better_the_sign_is_turned():
    towns = pd.DataFrame({"minutes": [10, 30, 60]}, index=list("abc"))
    assert centrality(-towns, pd.Series({"minutes": 1.0})).tolist() == [1, 0.6, 0]


def test_tiers_of_the_reference_toy():
    found = tiers(centrality(OFFER, entropy_weights(OFFER)), count=3)
    assert found.tolist() == [1, 2, 2, 3, 3, 3]
    assert found.name == "tier"
    assert found.index.equals(OFFER.index)


def test_equal_scores_are_in_one_tier():
    assert tiers(pd.Series([5.0, 1.0, 5.0, 5.0, 1.2]), count=2).tolist() == [1, 2, 1, 1, 2]


def test_a_score_counts_as_often_as_it_is_there():
    """Ten zeros hold the four off: 12.5 within {4, 9}, 14.5 within {0 x 10, 4}."""
    assert tiers(pd.Series([0.0, 4.0, 9.0]), count=2).tolist() == [2, 2, 1]
    assert tiers(pd.Series([0.0] * 10 + [4.0, 9.0]), count=2).tolist() == [2] * 10 + [1, 1]


def test_as_many_tiers_as_scores_and_one_tier():
    scores = pd.Series([3.0, 1.0, 2.0])
    assert tiers(scores, count=3).tolist() == [1, 3, 2]
    assert tiers(scores, count=1).tolist() == [1, 1, 1]


def spread(scores, tier):
    return (
        scores.groupby(tier.to_numpy()).apply(lambda part: ((part - part.mean()) ** 2).sum()).sum()
    )


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=3, max_size=9), st.integers(1, 3))
def test_no_other_breaks_are_better(numbers, count):
    scores = pd.Series(numbers, dtype=float).sort_values(ascending=False)
    different = scores.nunique()
    if count > different:
        return
    found = tiers(scores, count=count)
    assert found.is_monotonic_increasing
    assert found.nunique() == count
    breaks = combinations(range(1, len(scores)), count - 1)
    others = [
        pd.Series(np.searchsorted(cut, np.arange(len(scores)), side="right")) for cut in breaks
    ]
    best = min(spread(scores, other) for other in others)
    assert spread(scores, found) == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("apart", [1e-3, 1e-9, 1e-15])
def test_scores_much_closer_than_the_whole_are_told_apart(apart):
    """Of {0, 1, 3} x apart and 1 the pair 0, 1 is the closest: 1/2 against 2 times apart^2."""
    assert tiers(pd.Series([0.0, apart, 3 * apart, 1.0]), count=3).tolist() == [3, 3, 2, 1]
    assert tiers(pd.Series([0.0, 2 * apart, 3 * apart, 1.0]), count=3).tolist() == [3, 2, 2, 1]


def test_neighbours_in_floating_point_are_two_scores():
    above = np.nextafter(1.0, 2.0)
    assert tiers(pd.Series([1.0, above, 1.0]), count=2).tolist() == [2, 1, 2]


def test_tiers_and_centrality_of_the_largest_numbers():
    huge = float(np.finfo(float).max)
    assert tiers(pd.Series([-huge, huge, 0.9 * huge]), count=2).tolist() == [2, 1, 1]
    table = pd.DataFrame({"x": [-huge, 0.0, huge]})
    assert centrality(table, pd.Series({"x": 1.0})).tolist() == [0, 0.5, 1]


def test_a_whole_number_of_tiers_may_be_of_any_kind():
    assert tiers(pd.Series([1.0, 2.0]), count=np.int64(2)).tolist() == [2, 1]


# --- whatever is given, one clear line


BAD = ["many", "3", None, np.nan, np.inf, -np.inf, -1, 1j, 10**400, [1], pd.Timestamp("2025-01-01")]
MEASURES = {
    "rank_size": lambda bad: rank_size(pd.Series({"a": 5.0, "b": bad})),
    "primacy": lambda bad: primacy(pd.Series({"a": 5.0, "b": bad})),
    "mass": lambda bad: gravity_links(six_towns().assign(population=[bad, 1, 1, 1, 1, 1])),
    "exponent": lambda bad: gravity_links(six_towns(), exponent=bad),
    "size": lambda bad: max_flow_tree(links_of(("a", "b", 1)), pd.Series({"a": bad, "b": 1})),
    "flow": lambda bad: max_flow_tree(links_of(("a", "b", bad)), pd.Series({"a": 2, "b": 1})),
    "breaking size": lambda bad: breaking_point(bad, 30, distance=30),
    "breaking distance": lambda bad: breaking_point(120, 30, distance=bad),
    "reilly": lambda bad: reilly_ratio(120, 30, distance=20, other_distance=bad),
    "attraction": lambda bad: huff(DISTANCES, pd.Series({"x": bad, "y": 1, "z": 1})),
    "huff exponent": lambda bad: huff(DISTANCES, SUPPLY, exponent=bad),
    "people": lambda bad: patronage(SHARES, pd.Series({"a": bad, "b": 1})),
    "probability": lambda bad: market_areas(pd.DataFrame({"x": [bad], "y": [0.5]})),
    "probabilities": lambda bad: patronage(SHARES.assign(x=[bad, 0]), pd.Series({"a": 1, "b": 1})),
}
SIGNED = {
    "table": lambda bad: entropy_weights(pd.DataFrame({"x": [bad, 1, 2]})),
    "scores": lambda bad: tiers(pd.Series([bad, 1, 2]), count=2),
    "weights": lambda bad: centrality(OFFER[["people"]], pd.Series({"people": bad})),
}
SHARES = pd.DataFrame({"x": [0.5, 0.5], "y": [0.5, 0.5]}, index=["a", "b"])
ONE_LINE = r"^[^\n]+: [^\n]+; allowed: [^\n]+$"


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("bad", BAD, ids=repr)
def test_no_such_number(measure, bad):
    with pytest.raises(InputError, match=ONE_LINE):
        measure(bad)


@pytest.mark.parametrize("measure", SIGNED.values(), ids=SIGNED)
@pytest.mark.parametrize("bad", [bad for bad in BAD if bad != -1], ids=repr)
def test_no_finite_number(measure, bad):
    with pytest.raises(InputError, match=ONE_LINE):
        measure(bad)


@pytest.mark.parametrize(
    "bad", ["many", "3", -np.inf, -1, 1j, pd.Timestamp("2025-01-01")], ids=repr
)
def test_no_such_distance(bad):
    with pytest.raises(InputError, match=r"^distances: row a, column x: .+; allowed: a number of"):
        huff(DISTANCES.assign(x=[bad, 1, 2, 3]), SUPPLY)
    apart = pd.DataFrame(1.0, index=TOWNS, columns=TOWNS, dtype=object)
    apart.loc[2, 1] = bad
    with pytest.raises(InputError, match=r"^distances: row 2, column 1: .+; allowed: a number of"):
        gravity_links(PEOPLE.to_frame("population"), distances=apart)


@pytest.mark.parametrize("bad", [None, 3, [1, 2], {"a": 1}, "towns", np.ones(3)], ids=repr)
def test_no_such_table(bad):
    for measure in (
        lambda: rank_size(bad),
        lambda: primacy(bad),
        lambda: gravity_links(bad),
        lambda: gravity_links(six_towns(), distances="none" if bad is None else bad),
        lambda: max_flow_tree(bad, PEOPLE),
        lambda: max_flow_tree(links_of(), bad),
        lambda: huff(bad, SUPPLY),
        lambda: huff(DISTANCES, bad),
        lambda: patronage(bad, DEMAND),
        lambda: patronage(SHARES, bad),
        lambda: market_areas(bad),
        lambda: entropy_weights(bad),
        lambda: centrality(bad, SUPPLY),
        lambda: centrality(OFFER, bad),
        lambda: tiers(bad, count=1),
    ):
        with pytest.raises(InputError, match=r"^\w+: a \w+; allowed: a pandas (Series|DataFrame)$"):
            measure()


def test_a_place_is_there_once_and_has_a_label():
    twice, nameless = (
        pd.Series([2.0, 1.0], index=["a", "a"]),
        pd.Series([2.0, 1.0], index=["a", None]),
    )
    for measure in (rank_size, primacy, lambda sizes: tiers(sizes, count=1)):
        with pytest.raises(InputError, match=r"^\w+: the index repeats a$"):
            measure(twice)
        with pytest.raises(InputError, match=r"^\w+: a label is missing; allowed: a label of its"):
            measure(nameless)
    with pytest.raises(InputError, match=r"^distances: rows: the index repeats a$"):
        huff(DISTANCES.set_axis(["a", "a", "b", "c"]), SUPPLY)
    with pytest.raises(InputError, match=r"^table: columns: the index repeats x$"):
        entropy_weights(pd.DataFrame([[1, 2], [3, 4]], columns=["x", "x"]))
    with pytest.raises(InputError, match=r"^attraction: the index repeats x$"):
        huff(DISTANCES, pd.Series([1, 2, 3], index=["x", "x", "y"]))


@pytest.mark.parametrize("count", [0, -1, 2.5, "2", None, np.nan])
def test_no_such_number_of_tiers(count):
    with pytest.raises(
        InputError, match=r"^count: \S+ tiers of 2 different scores; allowed: 1 to 2$"
    ):
        tiers(pd.Series([1.0, 2.0]), count=count)


def test_empty_tables_have_empty_answers_or_a_reason():
    none = pd.Series(dtype=float)
    assert rank_size(none).places == 0
    assert np.isnan(primacy(none).s2)
    assert huff(DISTANCES[[]], none).shape == (4, 0)
    assert huff(DISTANCES.iloc[:0], SUPPLY).shape == (0, 3)
    assert patronage(SHARES.iloc[:0], none.reindex(SHARES.index[:0])).tolist() == [0, 0]
    assert market_areas(SHARES.iloc[:0]).empty
    assert gravity_links(six_towns().iloc[:0]).empty
    assert max_flow_tree(links_of(), none).empty
    assert centrality(OFFER.iloc[:0], pd.Series({"people": 1, "schools": 0, "shops": 0})).empty
    with pytest.raises(InputError, match=r"^table: every column is the same everywhere; allowed"):
        entropy_weights(OFFER.iloc[:0])
    with pytest.raises(InputError, match=r"^count: 1 tiers of 0 different scores"):
        tiers(none, count=1)


def test_results_beyond_any_number_are_said_to_be():
    beyond = r": a result beyond any number; give values in larger units$"
    with pytest.raises(InputError, match=beyond):
        reilly_ratio(1e300, 1e-300, distance=1, other_distance=1e300)
    with pytest.raises(InputError, match=beyond):
        gravity_links(six_towns().assign(population=1e300))
    with pytest.raises(InputError, match=beyond):
        gravity_links(OFFER, mass="people", distances=pd.DataFrame(1e-9, TOWNS, TOWNS), exponent=99)
    with pytest.raises(InputError, match=beyond):
        primacy(pd.Series([1e308, 5e-324]))
    assert primacy(pd.Series([1e308] * 11)).s11 == 0.2
    assert breaking_point(1e308, 5e-324, distance=1.0) == 1
    towns = six_towns()
    with pytest.raises(InputError, match=r"^places: a place without geometry$"):
        gravity_links(towns.set_geometry(gpd.points_from_xy([np.inf] * 6, [0] * 6), crs=4549))
    with pytest.raises(InputError, match=r"^places: no geometry; give distances"):
        gravity_links(gpd.GeoDataFrame(PEOPLE.to_frame("population")))
    with pytest.raises(
        InputError, match=r"^breaking_point: distance: 0; allowed: a number above 0$"
    ):
        breaking_point(3, 1, distance=0)


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=5), st.floats())
def test_any_number_has_an_answer_or_a_clear_line(values, other):
    sizes = pd.Series(values, dtype=float)
    towns = pd.DataFrame({"population": sizes})
    apart = pd.DataFrame(other, index=sizes.index, columns=sizes.index)
    said = []
    for measure in (
        lambda: rank_size(sizes),
        lambda: primacy(sizes),
        lambda: gravity_links(towns, distances=apart, exponent=other),
        lambda: huff(apart, sizes, exponent=other),
        lambda: breaking_point(other, *values[:1] or [1], distance=other),
        lambda: reilly_ratio(other, *values[:1] or [1], distance=other, other_distance=1),
        lambda: tiers(sizes, count=2),
        lambda: centrality(towns, pd.Series({"population": other})),
        lambda: entropy_weights(towns),
        lambda: market_areas(towns),
    ):
        try:
            measure()
        except InputError as error:
            said.append(str(error))
    assert "\n" not in "".join(said)


def test_faults_of_centrality_and_tiers_are_named():
    with pytest.raises(InputError, match=r"^table: row 2, column schools: nan; allowed: a finite"):
        entropy_weights(OFFER.replace({"schools": {5: np.nan}}))
    with pytest.raises(InputError, match=r"^weights: shops is not in both table and weights$"):
        centrality(OFFER, pd.Series({"people": 1.0, "schools": 1.0}))
    with pytest.raises(InputError, match=r"^weights: schools: nan; allowed: a finite number$"):
        centrality(OFFER, pd.Series({"people": 1.0, "schools": np.nan, "shops": 0.0}))
    with pytest.raises(
        InputError, match=r"^count: 4 tiers of 2 different scores; allowed: 1 to 2$"
    ):
        tiers(pd.Series([1.0, 2.0, 2.0]), count=4)
    with pytest.raises(InputError, match=r"^scores: 1: inf; allowed: a finite number$"):
        tiers(pd.Series([1.0, np.inf]), count=1)


def test_no_input_is_modified():
    towns, offer, apart = six_towns(), OFFER.copy(), DISTANCES.copy()
    before = towns.copy()
    links = gravity_links(towns)
    kept = links.copy()
    max_flow_tree(links, towns["population"])
    tiers(centrality(offer, entropy_weights(offer)), count=2)
    patronage(huff(apart, SUPPLY), DEMAND)
    for now, then in ((towns, before), (links, kept), (offer, OFFER), (apart, DISTANCES)):
        assert_frame_equal(pd.DataFrame(now), pd.DataFrame(then))
