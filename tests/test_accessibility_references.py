"""Accessibility that others have computed, to the digits they printed."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest

import spatialplan as sp

STEPS = sp.step_decay([10, 20, 30], [1, 0.68, 0.22])
TENTH = sp.exponential_decay(0.1)


def as_travel(minutes):
    """Travel between places 0, 1 ... and facilities 0, 1 ... by a matrix."""
    rows = [(i, j, float(cost)) for i, row in enumerate(minutes) for j, cost in enumerate(row)]
    pairs = pd.DataFrame(rows, columns=["origin_id", "destination_id", "time_min"])
    labels = [pd.RangeIndex(count) for count in np.shape(minutes)]
    return sp.table_travel(pairs, places=labels[0], facilities=labels[1])


def printed(digits):
    """Half of the last printed digit."""
    return {"rel": 0, "abs": 0.5 * 10.0**-digits * 1.001}


# --- a toy of four places and three facilities, computed with numpy and PySAL's `access`

PEOPLE = pd.Series([100, 50, 200, 80])
SUPPLY = pd.Series([10, 4, 6])
MINUTES = np.array([[5.0, 12, 25], [10, 8, 18], [20, 6, 9], [28, 15, 4]])
TOY = as_travel(MINUTES)

PER_PERSON = [
    ("floating_catchment", sp.cumulative_decay(20),
     [0.03787375, 0.05605557, 0.05605557, 0.02748414]),
    ("floating_catchment", STEPS, [0.04417062, 0.05582207, 0.05099617, 0.03240749]),
    ("floating_catchment", sp.truncated_gaussian_decay(20),
     [0.08003662, 0.06955726, 0.03091169, 0.02920172]),
    ("floating_catchment", sp.epanechnikov_decay(20),
     [0.07935427, 0.07218325, 0.03073640, 0.02885164]),
    ("floating_catchment", sp.power_decay(1), [0.06398793, 0.04260749, 0.03933255, 0.04505403]),
    ("floating_catchment", TENTH, [0.06459138, 0.04967293, 0.04048808, 0.03699499]),
    ("three_step_catchment", STEPS, [0.05710406, 0.05358367, 0.04439109, 0.03415241]),
    ("modified_catchment", STEPS, [0.03876906, 0.05193636, 0.04382885, 0.02441805]),
    ("balanced_catchment", STEPS, [0.03462442, 0.04378996, 0.04008139, 0.02558479]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "decay", "expected"), PER_PERSON)
def test_the_family_of_catchments(name, decay, expected):
    found = getattr(sp, name)(PEOPLE, SUPPLY, travel=TOY, decay=decay)
    assert found.tolist() == pytest.approx(expected, **printed(8))
    if name in ("floating_catchment", "three_step_catchment"):
        assert found @ PEOPLE == pytest.approx(20)


def test_the_sums_that_are_not_the_supply():
    wasting = sp.modified_catchment(PEOPLE, SUPPLY, travel=TOY, decay=STEPS)
    assert wasting @ PEOPLE == pytest.approx(17.192938, **printed(6))
    # The list prints 0.1440804 for this sum, but its four figures above add up to this.
    balanced = sp.balanced_catchment(PEOPLE, SUPPLY, travel=TOY, decay=STEPS)
    assert balanced.sum() == pytest.approx(sum(PER_PERSON[-1][2]), abs=2e-8)
    assert balanced.sum() == pytest.approx(0.1440804, abs=2e-7)


RATIOS = [
    ("floating_catchment", sp.cumulative_decay(20), [0.0285714286, 0.0093023256, 0.0181818182]),
    ("floating_catchment", STEPS, [0.0329380764, 0.0107411386, 0.0178571429]),
    ("three_step_catchment", STEPS, [0.0927354285, 0.0291779341, 0.0469093160]),
]


@pytest.mark.parametrize(("name", "decay", "expected"), RATIOS)
def test_the_ratio_of_each_facility(name, decay, expected):
    """Of the facility alone, divided by the weight it has for the place nearest to it."""
    weights = decay(MINUTES)
    for j, ratio in enumerate(expected):
        nearest = MINUTES[:, j].argmin()
        alone = SUPPLY.where(SUPPLY.index == j, 0)
        found = getattr(sp, name)(PEOPLE, alone, travel=TOY, decay=decay)[nearest]
        weight = weights[nearest, j]
        if name == "three_step_catchment":
            weight *= weight / weights[nearest].sum()
        assert found / weight == pytest.approx(ratio, **printed(10))


def test_what_is_reached():
    within = sp.cumulative_opportunities(SUPPLY, travel=TOY, limits=[15])
    assert within[15].tolist() == [14, 14, 10, 10]
    inverse = sp.gravity_access(SUPPLY, travel=TOY, decay=sp.power_decay(1))
    assert inverse.tolist() == pytest.approx(
        [2.57333333, 1.83333333, 1.83333333, 2.12380952], **printed(8)
    )
    falling = sp.gravity_access(SUPPLY, travel=TOY, decay=TENTH)
    assert falling.tolist() == pytest.approx(
        [7.76259344, 6.46790360, 5.98801734, 5.52254154], **printed(8)
    )


def test_crowdedness():
    found = sp.crowdedness(PEOPLE, SUPPLY, travel=TOY, decay=STEPS)
    assert found.tolist() == pytest.approx(
        [19.5949535551, 24.4952384554, 22.6782517712], **printed(10)
    )
    assert found @ SUPPLY == pytest.approx(430)


def test_spatial_availability():
    found = sp.spatial_availability(PEOPLE, SUPPLY, travel=TOY, decay=TENTH)
    assert found.tolist() == pytest.approx(
        [6.45913779, 2.48364646, 8.09761620, 2.95959955], **printed(8)
    )
    assert found.sum() == pytest.approx(20)


def test_the_weights_of_dai():
    found = sp.truncated_gaussian_decay(1)(np.array([0.25, 0.5, 0.75]))
    assert found.tolist() == pytest.approx([0.9218064475, 0.7013665732, 0.3769262992],
                                           **printed(10))  # fmt: skip


# --- Soukhov et al. 2023, doi 10.1371/journal.pone.0278468


def test_the_example_of_the_paper():
    travel = as_travel([[15, 30, 100], [30, 15, 100], [100, 100, 15]])
    people, jobs = pd.Series([50_000, 150_000, 10_000]), pd.Series([100_000, 100_000, 10_000])
    found = sp.spatial_availability(people, jobs, travel=travel, decay=TENTH)
    assert found.tolist() == pytest.approx([66833.4658, 133203.3629, 9963.1714], **printed(4))
    assert found.sum() == pytest.approx(210_000)


# --- five cells of Belo Horizonte, of the R package `accessibility` (MIT, Ipea)

CELLS_PEOPLE, CELLS_JOBS = pd.Series([852, 394, 1969, 2189, 0]), pd.Series([82, 308, 100, 109, 0])
CELLS = as_travel([[5.8, 47, 48, 47, 64], [45, 5.8, 13, 41, 70], [44, 13, 5.8, 42, 67],
                   [43, 43, 49, 5.8, 58], [60, 70, 68, 64, 5.8]])  # fmt: skip
EVERYWHERE = sp.Decay(np.ones_like)


def test_five_cells():
    both, binary = (CELLS_PEOPLE, CELLS_JOBS), sp.cumulative_decay(45)
    two_steps = sp.floating_catchment(*both, travel=CELLS, decay=binary)
    assert two_steps.round(4).tolist() == [0.0152, 0.1491, 0.1491, 0.1068, 0]
    balanced = sp.balanced_catchment(*both, travel=CELLS, decay=binary)
    assert balanced.round(4).tolist() == [0.0094, 0.1993, 0.1993, 0.1147, 0]
    everybody = sp.floating_catchment(*both, travel=CELLS, decay=EVERYWHERE)
    assert everybody.round(4).tolist() == [0.1108] * 5


def test_shares_of_population_where_distance_does_not_count():
    found = sp.spatial_availability(CELLS_PEOPLE, CELLS_JOBS, travel=CELLS, decay=EVERYWHERE)
    assert found.round().tolist() == [94, 44, 218, 243, 0]


def test_the_logistic_decay_of_the_package():
    assert sp.logistic_decay(20, 2)(np.array([0.0, 20.0])).tolist() == pytest.approx([1, 0.5])
    assert sp.logistic_decay(30, 10)(np.array([0.0, 30.0])).round(3).tolist() == [1, 0.502]


# --- the whole sample of that package: 748,437 travel times


class Sample:
    """Travel times and land use of the package, and what its tests expect."""

    def __init__(self, folder):
        self.pairs = pd.read_parquet(folder / "travel_matrix.parquet").set_axis(
            ["origin_id", "destination_id", "time_min"], axis=1
        )
        self.land = pd.read_csv(folder / "land_use_data.csv", index_col="id")
        self.goldens = json.loads((folder / "goldens.json").read_text("utf-8"))
        self.five = pd.Index(self.goldens["five_ids"])

    def travel(self, places, facilities):
        """Travel of the rows between some zones."""
        kept = self.pairs["origin_id"].isin(places) & self.pairs["destination_id"].isin(facilities)
        return sp.table_travel(self.pairs[kept], places=places, facilities=facilities)


@pytest.fixture(scope="module")
def sample(shared):
    return Sample(shared / "data/reference/accessibility_r")


def test_cumulative_jobs(sample):
    golden = sample.goldens["cumulative_jobs_cutoff30"]
    jobs = sample.land.loc[sample.five, "jobs"]
    travel = sample.travel(sample.five, sample.five)
    found = sp.cumulative_opportunities(jobs, travel=travel, limits=[30])
    assert found.loc[golden["ids"], 30].tolist() == golden["values"]


def test_passive_population(sample):
    golden = sample.goldens["passive_cumulative_population_cutoff45"]
    people = sample.land.loc[sample.five, "population"]
    travel = sample.travel(sample.five, sample.five)
    found = sp.passive_accessibility(people, travel=travel, limits=[45])
    assert found.loc[golden["ids"], 45].tolist() == golden["values"]


@pytest.mark.parametrize(
    ("golden", "measure"), [("2sfca", "floating_catchment"), ("bfca", "balanced_catchment")]
)
def test_catchments_of_five_zones(sample, golden, measure):
    golden = sample.goldens[f"{golden}_jobs_binary45_demand_population"]
    land = sample.land.loc[sample.five]
    found = getattr(sp, measure)(
        land["population"], land["jobs"], travel=sample.travel(sample.five, sample.five),
        decay=sp.cumulative_decay(45),
    )  # fmt: skip
    assert found.loc[golden["ids"]].round(4).tolist() == golden["values"]


def test_gravity_over_the_whole_city(sample):
    golden = sample.goldens["gravity_jobs_exponential_all_destinations"]
    travel = sample.travel(pd.Index(golden["ids"]), sample.land.index)
    for rate in (0.5, 0.6):
        decay = sp.exponential_decay(rate)
        found = sp.gravity_access(sample.land["jobs"], travel=travel, decay=decay)
        assert found.round(2).tolist() == golden[f"beta{rate}"]


def test_catchments_of_two_zones_over_the_whole_city(sample):
    golden = sample.goldens["2sfca_jobs_exponential_from_two_ids"]
    two = pd.Index(golden["ids"])
    both = sample.land.loc[two, "population"], sample.land["jobs"]
    travel = sample.travel(two, sample.land.index)
    for rate in (0.5, 0.6):
        found = sp.floating_catchment(*both, travel=travel, decay=sp.exponential_decay(rate))
        assert found.round(2).tolist() == golden[f"beta{rate}"]
    whole = sp.floating_catchment(*both, travel=travel, decay=sp.cumulative_decay(45))
    expected = sample.goldens["2sfca_jobs_binary45_from_two_ids"]["values_int"]
    assert whole.astype(int).tolist() == expected


def test_availability_of_two_zones_over_the_whole_city(sample):
    """tests/testthat/test-spatial_availability.R of the package."""
    two = pd.Index(sample.goldens["gravity_jobs_exponential_all_destinations"]["ids"])
    both = sample.land.loc[two, "population"], sample.land["jobs"]
    travel = sample.travel(two, sample.land.index)
    for rate, expected in [(0.5, [388780.8, 107272.2]), (0.6, [389238.9, 106814.1])]:
        found = sp.spatial_availability(*both, travel=travel, decay=sp.exponential_decay(rate))
        assert found.round(1).tolist() == expected


def test_the_example_of_the_paper_as_the_package_rounds_it(sample):
    golden = sample.goldens["spatial_availability_Soukhov2023"]
    people, jobs = pd.Series(golden["population"]), pd.Series(golden["jobs"])
    travel = as_travel(golden["minutes"])
    found = sp.spatial_availability(people, jobs, travel=travel, decay=TENTH)
    assert found.round().tolist() == golden["values"]


def test_balancing_cost_of_five_zones(sample):
    """tests/testthat/test-balancing_cost.R of the package, which tries whole minutes."""
    ids = pd.Index([f"89a88cd{cell}ffff" for cell in ("a64f", "b027", "b12b", "b287", "b67b")])
    land = sample.land.loc[ids]
    found = sp.balancing_cost(land["population"], land["jobs"], travel=sample.travel(ids, ids))
    assert np.ceil(found).tolist() == [42, 6, 27, 6, 20]


def test_every_golden_of_the_package_is_used(sample):
    """A golden that comes later must not be passed over."""
    used = {"cumulative_jobs_cutoff30", "passive_cumulative_population_cutoff45",
            "gravity_jobs_exponential_all_destinations", "2sfca_jobs_exponential_from_two_ids",
            "2sfca_jobs_binary45_from_two_ids", "spatial_availability_Soukhov2023"}  # fmt: skip
    used |= {f"{name}_jobs_binary45_demand_population" for name in ("2sfca", "bfca")}
    assert used == set(sample.goldens) - {"source", "inputs", "five_ids", "note"}


def test_conservation_over_the_whole_city(sample):
    """898 zones: what is shared out is what there is, wherever anybody comes."""
    zones = sample.land.index
    both = sample.land["population"], sample.land["jobs"]
    travel = sample.travel(zones, zones)
    supply = sample.land["jobs"].sum()
    for measure, decay in product(
        (sp.floating_catchment, sp.three_step_catchment),
        (sp.exponential_decay(0.05), sp.gaussian_decay(30)),
    ):
        found = measure(*both, travel=travel, decay=decay)
        assert found @ both[0] == pytest.approx(supply)
    shared_out = sp.spatial_availability(*both, travel=travel, decay=TENTH)
    assert shared_out.sum() == pytest.approx(supply)
