"""Shares of a total, by group and by community."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from spatialplan.coverage import community_coverage
from spatialplan.coverage import coverage_share
from spatialplan.errors import InputError

PEOPLE = pd.DataFrame(
    {"population": [1.0, 2.0, 4.0, 8.0], "area_id": ["a", "a", "b", ""], "area_m2": 10.0}
)


def test_all_is_one_group():
    found = coverage_share(PEOPLE, pd.Series([True, False, True, True]))
    assert found.index.tolist() == ["all"]
    assert found.index.name == "group"
    assert found.to_numpy().tolist() == [[15, 13, 13 / 15]]


def test_groups_sum_to_the_whole():
    found = coverage_share(PEOPLE, pd.Series([True, False, True, True]), by="area_id")
    assert found.to_dict("index") == {
        "": {"total": 8, "served": 8, "share": 1},
        "a": {"total": 3, "served": 1, "share": 1 / 3},
        "b": {"total": 4, "served": 4, "share": 1},
    }


def test_a_share_served_counts_in_part_and_by_any_weight():
    found = coverage_share(PEOPLE, pd.Series([0.5, 0, 1, 0.25]), weight="area_m2")
    assert found.loc["all"].tolist() == [40, 17.5, 0.4375]


def test_nobody_makes_no_share():
    nobody = coverage_share(PEOPLE[:0], pd.Series([], dtype=bool))
    assert nobody["total"].tolist() == [0]
    assert np.isnan(nobody["share"]).all()
    zero = coverage_share(PEOPLE.assign(population=0.0), pd.Series([True] * 4), by="area_id")
    assert np.isnan(zero["share"]).all()
    assert len(coverage_share(PEOPLE[:0], pd.Series([], dtype=bool), by="area_id")) == 0


def test_rows_of_an_unknown_group_are_not_lost():
    unknown = PEOPLE.assign(area_id=["a", None, "b", np.nan])
    found = coverage_share(unknown, pd.Series([True] * 4), by="area_id")
    assert found["total"].sum() == 15


@pytest.mark.parametrize(
    ("served", "options", "message"),
    [
        ([True] * 4, {"weight": "people"}, "no column 'people'; allowed: population, area_id"),
        ([True] * 4, {"by": "town"}, "no column 'town'; allowed: population"),
        ([1.0, np.nan, 0, 0], {}, "served: missing, or not between 0 and 1"),
        ([1.0, 1.01, 0, 0], {}, "served: missing, or not between 0 and 1"),
    ],
)
def test_faults_are_named(served, options, message):
    with pytest.raises(InputError, match=message):
        coverage_share(PEOPLE, pd.Series(served), **options)


def test_served_must_have_the_index_of_the_table():
    with pytest.raises(InputError, match="served: another index than the table's"):
        coverage_share(PEOPLE, pd.Series([True] * 4, index=[3, 2, 1, 0]))


@pytest.mark.parametrize(
    ("enough", "served"), [(1 / 3, [True, True]), (0.34, [False, True]), (1.0, [False, True])]
)
def test_communities_with_enough_of_their_people(enough, served):
    found = community_coverage(PEOPLE, pd.Series([True, False, True, True]), enough=enough)
    assert found.index.tolist() == ["a", "b"]  # who lives in no community is left out
    assert found.tolist() == served


def test_a_community_without_people_is_left_out():
    empty = PEOPLE.assign(population=[1.0, 2.0, 0.0, 8.0])
    found = community_coverage(empty, pd.Series([True] * 4), enough=0.5)
    assert found.index.tolist() == ["a"]
