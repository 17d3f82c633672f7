"""Scores of nearness, with a pencil and against plain loops over a matrix."""

from __future__ import annotations

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
from spatialplan import proximity
from spatialplan.errors import InputError

NONE = np.inf
HOMES = ((0.0, 0.0), (-600.0, 0.0), (2000.0, 0.0))


@pytest.fixture
def shops():
    """Two schools, one of them twice as far as the other, a park of two gates, a pharmacy."""
    kinds = {
        "east": ("primary_school", shapely.Point(300, 0)),
        "north": ("primary_school", shapely.Point(0, 600)),
        "park": ("park", shapely.box(-500, -50, -400, 50)),
        "island": ("pharmacy", shapely.Point(2100, 0)),
    }
    return gpd.GeoDataFrame(
        {"category": [kind for kind, _ in kinds.values()]},
        geometry=[shape for _, shape in kinds.values()],
        index=pd.Index(list(kinds), name="place_id"),
        crs=4549,
    )


KINDS = ["primary_school", "park", "pharmacy"]
WAYS = pd.DataFrame(
    {"primary_school": [5.0, 15.0, NONE], "park": [400 / 60, 100 / 60, NONE],
     "pharmacy": [NONE, NONE, 100 / 60]}, index=list("abc"),
)  # fmt: skip


def test_minutes_to_each_category_in_one_pass(cross, shops):
    found = sp.nearest_by_category(
        make_points(*HOMES), shops, network=cross, categories=[*KINDS, "library"]
    )
    pd.testing.assert_frame_equal(found[KINDS], WAYS, check_names=False)
    assert found["library"].isna().all()  # none in the data: nothing was measured
    assert found.index.equals(make_points(*HOMES).index)
    for kind in KINDS:
        alone = sp.time_to_nearest(
            make_points(*HOMES), shops[shops["category"] == kind], network=cross
        )
        assert found[kind].tolist() == alone.tolist()


def test_the_mean_of_the_nearest_two_counts_a_park_once(cross, shops):
    found = sp.nearest_by_category(
        make_points(*HOMES), shops, network=cross, categories=KINDS, count=2, measure="distance_m"
    )
    assert found["primary_school"].tolist() == [450, 1050, NONE]
    assert found["park"].tolist() == [NONE] * 3  # two gates, one park
    more = pd.concat([shops, shops.rename(index=lambda name: f"{name}2")])
    found = sp.nearest_by_category(
        make_points(*HOMES), more, network=cross, categories=["park"], count=2, measure="distance_m"
    )
    assert found["park"].tolist() == [400, 100, NONE]


def test_no_more_is_held_than_there_is(cross, shops):
    found = sp.nearest_by_category(
        make_points(*HOMES), shops, network=cross, categories=KINDS, count=10**15
    )
    assert (found == NONE).all(axis=None)


def test_weights_of_any_size_are_weighed():
    ways = pd.DataFrame({"park": [4.0], "library": [16.0]})
    for most in (1e308, 1.0, 1e-308):
        weights = {"park": most / 4, "library": most * 0.75}
        assert sp.mean_proximity(ways, weights=weights).tolist() == pytest.approx([13])


def test_categories_reached_and_all_of_the_set():
    found = sp.reached_categories(WAYS, limit=15)
    assert found["reached"].tolist() == [2, 2, 1]
    assert found["share"].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])
    assert found["all"].tolist() == [0, 0, 0]
    two = sp.reached_categories(WAYS[["primary_school", "park"]], limit=14.9)
    assert two["all"].tolist() == [1, 0, 0]


def test_what_was_not_measured_is_not_missed():
    partly = WAYS.assign(library=np.nan)
    assert sp.reached_categories(partly, limit=15).isna().all(axis=None)
    weights = dict.fromkeys(partly.columns, 1)
    score = sp.proximity_score(partly, weights=weights, decay=sp.cumulative_decay(15))
    assert score.isna().all()
    score = sp.proximity_score(
        partly, weights=weights | {"library": 0}, decay=sp.cumulative_decay(15)
    )
    assert score.tolist() == pytest.approx([200 / 3, 200 / 3, 100 / 3])


def test_the_mean_way_over_categories():
    weights = {"park": 3, "primary_school": 1, "pharmacy": 0}
    found = sp.mean_proximity(WAYS, weights=weights)
    assert found.tolist() == pytest.approx([(5 + 20) / 4, (15 + 5) / 4, NONE])
    assert found.name == "proximity"
    cut = sp.mean_proximity(WAYS.clip(upper=15), weights=dict.fromkeys(KINDS, 1))
    assert cut.tolist() == pytest.approx([80 / 9, 95 / 9, 95 / 9])


def test_the_score_falls_from_the_limit_on():
    """All within 15 minutes is 100, all beyond 30 is 0, half way down is half of it."""
    falling = sp.Decay(lambda minutes: np.clip(2 - minutes / 15, 0, 1), limit=30)
    ways = pd.DataFrame({"park": [15.0, 22.5, 31.0, NONE], "library": [0.0, 30.0, 31.0, 10.0]})
    found = sp.proximity_score(ways, weights={"park": 1, "library": 1}, decay=falling)
    assert found.tolist() == [100, 25, 0, 50]
    assert found.name == "score"


def test_means_over_people_by_area():
    homes = pd.DataFrame(
        {"population": [30, 10, 5, 0], "area_id": ["b", "b", "a", "a"]}, index=list("wxyz")
    )
    values = pd.DataFrame(
        {"park": [4.0, 8.0, NONE, 1.0], "all": [1.0, 0.0, 0.0, np.nan]}, index=list("wxyz")
    )
    found = sp.people_means(homes, values, by="area_id")
    assert found.index.tolist() == ["a", "b"]
    assert found.to_numpy().tolist() == [[5, NONE, 0], [40, 5, 0.75]]
    every = sp.people_means(homes, values[["all"]])
    assert every.loc["all"].tolist() == [45, 30 / 45]
    nobody = sp.people_means(homes.assign(population=0.0), values, by="area_id")
    assert nobody["total"].tolist() == [0, 0]
    assert nobody[["park", "all"]].isna().all(axis=None)


def test_nobody_and_nowhere(cross, shops):
    found = sp.nearest_by_category(make_points(), shops, network=cross, categories=KINDS)
    assert found.shape == (0, 3)
    for count in (1, 2):
        found = sp.nearest_by_category(
            make_points(*HOMES), shops[:0], network=cross, categories=KINDS, count=count
        )
        assert found.isna().all(axis=None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"categories": ["primary_scool"]}, "unknown category 'primary_scool'; did you mean"),
        ({"categories": []}, r"categories: \[\]; allowed: at least one, none of them twice"),
        ({"categories": ["park", "park"]}, "none of them twice"),
        ({"categories": "park"}, "categories: 'park'; allowed: at least one"),
        ({"count": 0}, "count: 0; allowed: a whole number above 0"),
        ({"count": 1.5}, "count: 1.5; allowed"),
        ({"measure": "time_s"}, "measure: 'time_s'; allowed: time_min or distance_m"),
    ],
)
def test_bad_requests_are_refused(cross, shops, options, message):
    request = {"categories": KINDS, **options}
    with pytest.raises(InputError, match=message):
        sp.nearest_by_category(make_points(*HOMES), shops, network=cross, **request)


ALIKE = dict.fromkeys(KINDS, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sp.mean_proximity(WAYS, weights={"park": 1}), "weights: pharmacy; allowed: one"),
        (lambda: sp.mean_proximity(WAYS, weights=ALIKE | {"x": 1}), "weights: x; allowed: one"),
        (lambda: sp.mean_proximity(WAYS, weights=dict.fromkeys(KINDS, 0)), "all of them are 0"),
        (lambda: sp.mean_proximity(WAYS, weights=ALIKE | {"park": -1}), "weights: park: -1;"),
        (lambda: sp.mean_proximity(-WAYS, weights=ALIKE), "ways: a way below 0"),
        (lambda: sp.mean_proximity(WAYS[[]], weights={}), "ways: no category"),
        (lambda: sp.mean_proximity(WAYS, weights=KINDS), "weights: a list; allowed: a dict"),
        (lambda: sp.reached_categories(WAYS.astype(str), limit=5), "ways: primary_school: values"),
        (lambda: sp.reached_categories(WAYS["park"], limit=5), "ways: a Series; allowed: a pandas"),
        (lambda: sp.reached_categories(WAYS, limit=0), "limit: 0; allowed: a finite number"),
        (lambda: sp.reached_categories(WAYS[[]], limit=5), "ways: no category"),
        (lambda: sp.proximity_score(WAYS, weights=ALIKE, decay=sp.step_decay([9], [2])),
         "decay: a weight of 2; allowed: 0 to 1"),
        (lambda: sp.proximity_score(WAYS, weights=ALIKE, decay=15), "decay: a int"),
    ],
)  # fmt: skip
def test_scores_refuse_what_makes_no_sense(call, message):
    with pytest.raises(InputError, match=message):
        call()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "area"}, "people_means: no column 'area'; allowed: population"),
        ({"weight": "people"}, "people_means: no column 'people'"),
        ({"values": WAYS.astype(str)}, "values: primary_school: values of type"),
        ({"values": WAYS[:2]}, "values: another index than the table's"),
        ({"table": pd.DataFrame({"population": [1.0, -1.0, 2.0]}, index=list("abc"))},
         "population: b: -1; allowed: a finite number of at least 0"),
    ],
)  # fmt: skip
def test_means_refuse_what_makes_no_sense(options, message):
    homes = pd.DataFrame({"population": [1.0, 1.0, 2.0]}, index=list("abc"))
    request = {"table": homes, "values": WAYS, **options}
    with pytest.raises(InputError, match=message):
        sp.people_means(request.pop("table"), request.pop("values"), **request)


def test_facilities_need_a_category(cross):
    with pytest.raises(InputError, match="facilities: no column 'category'"):
        sp.nearest_by_category(
            make_points(*HOMES), make_points((0, 0)), network=cross, categories=["park"]
        )


# --- slow twins


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_nearest_means_equal_sorted_rows_of_a_matrix(data):
    side = 4
    at = {10 * x + y: (100.0 * x, 100.0 * y) for x in range(side) for y in range(side)}
    lengths = st.integers(100, 300)
    streets = [(node, node + step, data.draw(lengths)) for node in at for step in (1, 10)
               if node + step in at]  # fmt: skip
    oneway = data.draw(st.sets(st.integers(0, len(streets) - 1), max_size=8))
    city = make_network(streets, at, oneway=sorted(oneway))
    spot = st.tuples(st.integers(0, 300), st.integers(0, 300))
    homes = make_points(*data.draw(st.lists(spot, min_size=1, max_size=6)))
    spots = data.draw(st.lists(spot, min_size=1, max_size=8))
    kinds = data.draw(st.lists(st.sampled_from(["park", "bank"]), min_size=len(spots),
                               max_size=len(spots)))  # fmt: skip
    shops = make_points(*spots).assign(category=kinds)
    count = data.draw(st.integers(1, 3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proximity, "_GATES", 2)  # more than one part
        found = sp.nearest_by_category(
            homes, shops, network=city, categories=["bank", "park"], count=count,
            measure="distance_m",
        )  # fmt: skip
    pairs = sp.travel_matrix(homes, shops, network=city, measure="distance_m")
    for kind in ("bank", "park"):
        for home in homes.index:
            if kind not in kinds:
                assert np.isnan(found.loc[home, kind])
                continue
            own = pairs[(pairs["origin_id"] == home)
                        & pairs["destination_id"].map(shops["category"]).eq(kind)]  # fmt: skip
            near = sorted(own["distance_m"])[:count]
            expected = sum(near) / count if len(near) == count else NONE
            assert found.loc[home, kind] == pytest.approx(expected, rel=1e-12)


ways = st.one_of(st.floats(0, 100), st.just(NONE))


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(1, 12))
def test_scores_equal_plain_loops(data, width):
    names = [f"k{position}" for position in range(width)]
    row = st.lists(ways, min_size=width, max_size=width)
    table = pd.DataFrame(data.draw(st.lists(row, min_size=1, max_size=4)), columns=names)
    weights = {name: data.draw(st.floats(0.1, 9)) for name in names}
    whole = sum(weights.values())
    decay = sp.linear_decay(40)
    score = sp.proximity_score(table, weights=weights, decay=decay)
    mean = sp.mean_proximity(table, weights=weights)
    reached = sp.reached_categories(table, limit=40)
    for position, cells in enumerate(table.to_numpy().tolist()):
        near = [max(1 - cell / 40, 0.0) for cell in cells]
        parts = sum(weights[name] * part for name, part in zip(names, near, strict=True))
        assert score[position] == pytest.approx(100 * parts / whole)
        parts = sum(weights[name] * cell for name, cell in zip(names, cells, strict=True))
        assert mean[position] == pytest.approx(parts / whole)
        assert reached.loc[position, "reached"] == sum(cell <= 40 for cell in cells)
        assert reached.loc[position, "all"] == all(cell <= 40 for cell in cells)
    here = sp.proximity_score(table * 0, weights=weights, decay=decay) if _finite(table) else 100
    assert np.all(here == 100)  # exactly


def _finite(table):
    return np.isfinite(table.to_numpy()).all()
