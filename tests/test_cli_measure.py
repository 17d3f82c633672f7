"""Measures from the command line: the numbers of the functions, a basis, and no bad input."""

from __future__ import annotations

import shlex
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import spatialplan as sp
from spatialplan._commands import _measured
from spatialplan._commands import _measures
from spatialplan._commands._decays import made_decay
from spatialplan.cli import main

NEED_A_DECAY = ("gravity", "g2sfca", "3sfca", "m2sfca", "bfca", "i2sfca", "availability")
METRES = {"measure": "distance_m"}


def run(line):
    return main(shlex.split(line))


@pytest.fixture
def here(town, tmp_path, monkeypatch):
    """Stand beside the base of the town of conftest, its facilities as files, and old results."""
    sp.write_base(town, tmp_path / "base")
    (tmp_path / "out").mkdir()
    for suffix in ("csv", "geojson"):
        (tmp_path / "out" / f"t.{suffix}").write_text("old")
    gates = town.facilities.to_crs(4326).representative_point()
    beds = pd.DataFrame({"lon": gates.x, "lat": gates.y, "beds": [12, 0, "1,000", 8]})
    beds["word"], beds["below"], beds["gap"], beds["zero"] = "many", -1, [1, "", 1, 1], 0
    beds.to_csv(tmp_path / "beds.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parks(made):
    return made.facilities[made.facilities["category"] == "park"]


def travel_of(made, facilities, **options):
    return sp.street_travel(made.demand, facilities, network=made.networks["walk"], **options)


def ask(line, capsys, out="t.parquet"):
    """Rows of a measure, and what was told."""
    assert run(f"measure {line} --base base -o {out}") == 0
    told = capsys.readouterr()
    assert told.err == ""
    return pd.read_parquet(out), told.out


# --- the numbers are those of the functions


DECAYS = {
    "cumulative": lambda: sp.cumulative_decay(15),
    "step:weights=0.5": lambda: sp.step_decay([15], [0.5]),
    "interval:lower=5,step=5": lambda: sp.interval_decay(5, 15, step=5),
    "linear": lambda: sp.linear_decay(15),
    "epanechnikov": lambda: sp.epanechnikov_decay(15),
    "truncated-gaussian": lambda: sp.truncated_gaussian_decay(15),
    "exponential:rate=0.1": lambda: sp.exponential_decay(0.1, limit=15),
    "power:exponent=2,least=1": lambda: sp.power_decay(2, least=1, limit=15),
    "gaussian:sigma=10": lambda: sp.gaussian_decay(10, limit=15),
    "logistic:spread=10,middle=8": lambda: sp.logistic_decay(8, 10, limit=15),
}


@pytest.mark.parametrize("words", DECAYS)
def test_every_decay_is_that_of_the_function(words):
    decay, amounts = DECAYS[words](), np.linspace(0, 20, 81)
    made = made_decay(_measures.decay_words(words), [15.0])
    assert made(amounts).tolist() == decay(amounts).tolist()
    assert made.formula == decay.formula
    assert {text.partition(":")[0] for text in DECAYS} == set(_measures.DECAYS)


CATCHMENTS = {
    "2sfca --minutes 15": ("floating_catchment", sp.cumulative_decay(15)),
    "e2sfca --minutes 5 10 20": ("floating_catchment",
                                 sp.step_decay([5, 10, 20], [1, 0.68, 0.22])),
    "e2sfca --minutes 5 20 --decay step:weights=1/0.1": ("floating_catchment",
                                                         sp.step_decay([5, 20], [1, 0.1])),
    "ga2sfca --minutes 15": ("floating_catchment", sp.truncated_gaussian_decay(15)),
    "kd2sfca --minutes 15": ("floating_catchment", sp.epanechnikov_decay(15)),
    "g2sfca --decay exponential:rate=0.1": ("floating_catchment", sp.exponential_decay(0.1)),
    "3sfca --decay linear --minutes 20": ("three_step_catchment", sp.linear_decay(20)),
    "m2sfca --decay linear --minutes 20": ("modified_catchment", sp.linear_decay(20)),
    "bfca --decay cumulative --minutes 15": ("balanced_catchment", sp.cumulative_decay(15)),
    "i2sfca --decay cumulative --minutes 15": ("crowdedness", sp.cumulative_decay(15)),
    "availability --decay gaussian:sigma=8 --minutes 30": ("spatial_availability",
                                                           sp.gaussian_decay(8, limit=30)),
}  # fmt: skip


@pytest.mark.parametrize("line", CATCHMENTS)
def test_catchments_equal_the_functions(here, town, capsys, line):
    name, decay = CATCHMENTS[line]
    table, told = ask(f"{line} --category park", capsys)
    people, supply = town.demand["population"], pd.Series(1.0, parks(town).index)
    expected = getattr(sp, name)(people, supply, travel=travel_of(town, parks(town)), decay=decay)
    assert table[expected.name].tolist() == expected.tolist()
    assert table.index.equals(expected.index)
    assert expected.any()
    mean = np.average(expected, weights=people if len(expected) == 6 else None)
    words = f"mean{' by people' * (len(expected) == 6)} {mean:.4g}"
    if line.startswith("availability"):
        words = f"{expected.sum():.4g} in all, {expected.sum() / 63:.4g} per person"
    assert f"{expected.name}: {words}; " in told


def test_cumulative_and_passive_equal_the_functions(here, town, capsys):
    limits, travel = [300.0, 612.5], travel_of(town, parks(town), **METRES)
    table, told = ask("cumulative --metres 300 612.5 --category 公园绿地", capsys)
    supply = pd.Series(1.0, parks(town).index)
    expected = sp.cumulative_opportunities(supply, travel=travel, limits=limits)
    columns = ["supply_within_300m", "supply_within_612.5m"]
    assert table[columns].to_numpy().tolist() == expected.to_numpy().tolist()
    assert "limit 300, 612.5 m; supply: 1 each; 3 facilities (park); 63 people in 6 places" in told
    without = town.demand["population"][expected[300.0].to_numpy() == 0].sum()
    assert f"{without:,.0f} of 63 people ({without / 63:.1%}) reach nothing\n" in told
    table, told = ask("passive --metres 300 612.5 --category park", capsys)
    expected = sp.passive_accessibility(town.demand["population"], travel=travel, limits=limits)
    columns = ["people_within_300m", "people_within_612.5m"]
    assert table[columns].to_numpy().tolist() == expected.to_numpy().tolist()
    assert table["category"].tolist() == ["park"] * 3
    assert f"mean {expected[300.0].mean():.4g}; " in told
    assert f"{(expected[300.0] == 0).sum()} of 3 facilities are reached by nobody\n" in told


def test_gravity_and_balancing_cost_equal_the_functions(here, town, capsys):
    travel, supply = travel_of(town, parks(town)), pd.Series(1.0, parks(town).index)
    table, _ = ask("gravity --category park --decay power:exponent=2,least=1", capsys)
    decay = sp.power_decay(2, least=1)
    expected = sp.gravity_access(supply, travel=travel, decay=decay)
    assert table["opportunities"].tolist() == expected.tolist()
    table, told = ask("balancing-cost --category park", capsys)
    expected = sp.balancing_cost(town.demand["population"], supply, travel=travel)
    assert table["balancing_min"].tolist() == expected.tolist()
    assert np.isfinite(expected).tolist() == [True, True, False, False, False, False]
    mean = (expected["a"] + 2 * expected["b"]) / 3
    assert f"balancing_min: mean by people {mean:.4g}, of those who do; 60 of 63 people" in told


def test_nearest_k_equals_the_function(here, town, capsys):
    table, told = ask("nearest-k --count 4 --metres --category park", capsys)
    found = sp.nearest_facilities(travel_of(town, parks(town), **METRES), count=4)
    for rank in (1, 2, 3):
        rows = found[found["rank"] == rank].set_index("place_id").loc[table.index]
        assert table[f"nearest_{rank}_m"].tolist() == rows["distance_m"].tolist()
        assert table[f"nearest_{rank}_id"].tolist() == rows["facility_id"].tolist()
    assert np.isinf(table["nearest_4_m"]).all()
    assert (table["nearest_4_id"] == "").all()
    assert "nearest_4_m: mean by people nan, of those who do; 63 of 63 people (100.0%)" in told


def test_detour_equals_the_function(here, town, capsys):
    table, told = ask("detour --category park", capsys)
    expected = sp.nearest_detour(town.demand, parks(town), network=town.networks["walk"])
    assert table["detour"].tolist() == expected.tolist()
    assert "d in m, no limit" in told
    assert "detour: mean by people " in told


def test_a_closure_equals_the_function(here, town, capsys):
    network = town.networks["walk"]
    shut = network.edges.index[[0, 4]].tolist()  # home a is cut off, f must go round
    table, told = ask(f"closure --close {shut[0]} {shut[1]} --category park", capsys)
    expected = sp.closure_change(
        lambda streets: sp.time_to_nearest(town.demand, parks(town), network=streets),
        network=network, edge_ids=shut,
    )  # fmt: skip
    columns = ["before_min", "after_min", "change_min"]
    assert table[columns].to_numpy().tolist() == expected.to_numpy().tolist()
    lost = 32 * expected.loc["f", "change"]
    assert told.splitlines()[-2] == (
        f"33 people have a longer way, 1 of them none at all; the others lose {lost:.4g} person-min"
    )
    assert "walk along the streets, 2 of them closed, " in told
    losses = sp.closure_losses(
        town.demand, parks(town), network=network, closures={"both": shut}
    ).loc["both"]
    assert losses.tolist()[:3] == pytest.approx([33, 1, lost])


def test_areas_close_the_streets_that_cross_them(here, town, capsys):
    network = town.networks["walk"]
    x, y = network.nodes.geometry.iloc[0].coords[0]
    for name, north in (("works", -5), ("field", 100)):
        area = shapely.box(x + 200, y + north, x + 210, y + north + 10)
        gpd.GeoDataFrame(geometry=[area], crs=town.crs).to_file(f"{name}.gpkg")
    told = refused("measure closure --close field.gpkg --category park --base base -o out/t.csv",
                   capsys)  # fmt: skip
    assert "--close: no street crosses field.gpkg; give areas that lie over streets" in told
    by_number = ask(f"closure --close {network.edges.index[0]} --category park", capsys)
    by_area = ask("closure --close works.gpkg --category park", capsys)
    assert by_area[0].equals(by_number[0])
    assert by_area[1] == by_number[1]


SETS = {
    "x-minute": ("primary_school park --minutes 8", ["reached", "share", "all"]),
    "proximity": ("primary_school=3 公园绿地", ["primary_school_min", "park_min", "proximity_min"]),
    "proximity-score": ("primary_school=3 park --decay linear --minutes 20", ["score"]),
}


@pytest.mark.parametrize("name", SETS)
def test_sets_of_categories_equal_the_functions(here, town, capsys, name):
    line, columns = SETS[name]
    table, told = ask(f"{name} --category {line}", capsys)
    ways = sp.nearest_by_category(
        town.demand, town.facilities, network=town.networks["walk"],
        categories=["primary_school", "park"],
    )  # fmt: skip
    weights = {"primary_school": 3, "park": 1}
    expected = {
        "x-minute": sp.reached_categories(ways, limit=8),
        "proximity": ways.assign(mean=sp.mean_proximity(ways, weights=weights)),
        "proximity-score": sp.proximity_score(
            ways, weights=weights, decay=sp.linear_decay(20)
        ).to_frame(),
    }[name]
    assert table[columns].to_numpy().tolist() == expected.to_numpy().tolist()
    mean = np.average(expected.iloc[:, -1], weights=town.demand["population"])
    assert f"{columns[-1]}: mean by people {mean:.4g}" in told
    kinds = "primary_school, park" if name == "x-minute" else "primary_school w = 3, park w = 1"
    assert "K = 1, " in told
    assert f"4 facilities ({kinds})" in told
    assert "areas entered where streets cross their edge; " in told
    areas, again = ask(f"{name} --by area_id --category {line}", capsys)
    assert again == told
    homes = ["c", "e"]
    east = np.average(table.loc[homes, columns[-1]], weights=table.loc[homes, "population"])
    assert areas.loc["east", columns[-1]] == pytest.approx(east)


def test_several_modes_equal_the_function(here, town, capsys):
    walk = town.networks["walk"]
    drive = sp.Network("drive", walk.nodes, walk.edges.assign(speed_kmh=20.0))
    sp.write_base(replaced(town, networks={"walk": walk, "drive": drive}), here / "base")
    line = "multimodal --modes walk=0.75 drive=0.25 --minutes 5 --category park"
    table, told = ask(line, capsys)
    shares, people = pd.Series({"walk": 0.75, "drive": 0.25}), town.demand["population"]
    expected = sp.multimodal_catchment(
        pd.DataFrame({mode: people * share for mode, share in shares.items()}),
        pd.Series(1.0, parks(town).index),
        travel={"walk": travel_of(town, parks(town)),
                "drive": sp.street_travel(town.demand, parks(town), network=drive)},
        decay=dict.fromkeys(shares.index, sp.cumulative_decay(5)),
    )  # fmt: skip
    assert table["supply_per_person_walk"].tolist() == expected["walk"].tolist()
    assert table["supply_per_person_drive"].tolist() == expected["drive"].tolist()
    both = 0.75 * expected["walk"] + 0.25 * expected["drive"]
    assert table["supply_per_person"].tolist() == pytest.approx(both.tolist())
    assert "; 0.75 walk, 0.25 drive along the streets, " in told


def test_totals_of_places_add_up_by_area(here, town, capsys):
    line = "availability --decay cumulative --minutes 15 --category park"
    places, _ = ask(line, capsys)
    areas, _ = ask(f"{line} --by area_id", capsys)
    east = places.loc[["c", "e"], "supply"].sum()
    assert areas.loc["east", "supply"] == pytest.approx(east)
    assert areas.loc["east", "supply_per_person"] == pytest.approx(east / 20)
    assert areas["supply"].sum() == pytest.approx(3)  # all that the parks offer


def test_where_areas_are_entered_is_said(here, capsys):
    _, told = ask("nearest-k --category park", capsys)
    assert "areas at a point inside, not where streets cross their edge as in `access`" in told
    assert run("access --base base --category park --minutes 10 -o a.csv") == 0
    assert ", areas entered where streets cross their edge; " in capsys.readouterr().out


def test_every_measure_is_asked_here():
    asked = {line.split()[0] for line in CATCHMENTS}
    asked |= {"cumulative", "passive", "gravity", "nearest-k", "balancing-cost"}
    asked |= {"detour", "closure", "multimodal", *SETS}
    assert asked == set(_measures.MEASURES) == set(_measured.MADE)


def test_supply_mode_and_speed_of_a_file_of_ones_own(here, town, capsys):
    line = "2sfca --facilities beds.csv@wgs84 --supply beds --speed 7.2 --minutes 5"
    table, told = ask(line, capsys)
    network = town.networks["walk"].at_speed(7.2)
    places = gpd.GeoDataFrame(geometry=town.facilities.representative_point())
    supply = pd.Series([12.0, 0.0, 1000.0, 8.0], places.index)
    travel = sp.street_travel(town.demand, places, network=network)
    expected = sp.floating_catchment(
        town.demand["population"], supply, travel=travel, decay=sp.cumulative_decay(5)
    )
    assert table["supply_per_person"].tolist() == pytest.approx(expected.tolist())
    assert expected.any()
    assert "supply: column 'beds', 1,020 in all; 4 facilities (beds.csv@wgs84)" in told
    assert "walk along the streets at 7.2 km/h" in told
    assert ask(line.replace("@wgs84", " --datum wgs84"), capsys)[0].equals(table)
    table, told = ask(line.replace("2sfca", "i2sfca --decay cumulative"), capsys)
    assert table.index.tolist() == [2, 3, 4, 5]
    mean = (table["people_per_supply"] * supply.to_numpy()).sum() / 1020
    without = (table["people_per_supply"] == 0).sum()
    assert f"people_per_supply: mean by supply {mean:.4g}; {without} of 4 facilities" in told


def test_the_basis_is_one_line(here, capsys):
    _, told = ask("e2sfca --category park --minutes 5 10 20", capsys)
    assert told.splitlines()[0] == (
        "basis 口径: e2sfca = sum_j R_j f_ij, R_j = S_j / sum_k P_k f_kj; "
        "f(d) = 1 to 5, 0.68 to 10, 0.22 to 20, d in min, at most 20 min; supply: 1 each; "
        "3 facilities (park); 63 people in 6 places (a sample); "
        "walk along the streets, the ways to the street included, areas at a "
        "point inside, not where streets cross their edge as in `access`; "
        "data: town.osm 2026-01-02"
    )


def test_by_area_means_are_weighted_by_people(here, town, capsys):
    line = "cumulative --metres 620 --category park"
    places, told = ask(line, capsys)
    table, again = ask(f"{line} --by area_id", capsys)
    assert again == told  # the means of all are the same
    assert table.index.tolist() == ["east", "west"]
    assert table["name_zh"].tolist() == ["east", "西区"]
    assert table["people"].tolist() == [20.0, 43.0]
    reached = places["supply_within_620m"]
    for area, homes in (("east", ["c", "e"]), ("west", ["a", "b", "d", "f"])):
        own, people = reached[homes], places["population"][homes]
        mean, without = (own * people).sum() / people.sum(), people[own == 0].sum()
        assert table.loc[area, "supply_within_620m"] == pytest.approx(mean)
        assert table.loc[area, "people_without_supply_within_620m"] == without
    assert run(f"measure {line} --by area_id --base base -o a.gpkg --quiet") == 0
    assert gpd.read_file("a.gpkg").area.tolist() == pytest.approx([1.4e6 * 1.5, 1.4e6 * 1.5])


def test_ways_that_are_none_have_no_part_in_the_mean_of_an_area(here, town, capsys):
    table, _ = ask("balancing-cost --by area_id --category park", capsys)
    own, _ = ask("balancing-cost --category park", capsys)
    mean = (own.loc["a", "balancing_min"] + 2 * own.loc["b", "balancing_min"]) / 3
    assert table.loc["west", "balancing_min"] == pytest.approx(mean)
    assert table["people_without_balancing_min"].tolist() == [20.0, 40.0]
    assert np.isnan(table.loc["east", "balancing_min"])


def test_people_in_no_area_come_last(here, town, capsys):
    demand = town.demand.assign(area_id=["west", "", "east", "west", "east", "west"])
    sp.write_base(replaced(town, demand=demand), here / "base")
    table, _ = ask("nearest-k --by area_id --category park", capsys)
    assert table["people"].tolist() == [20.0, 41.0, 2.0]
    assert table.index.tolist() == ["east", "west", "-"]
    assert table["name_zh"].iloc[-1].endswith("outside all areas）")


def replaced(base, **tables):
    fields = {name: getattr(base, name) for name in base.__dataclass_fields__}
    return sp.Base(**{**fields, **tables})


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg"])
def test_every_format_holds_the_same(here, capsys, suffix):
    line = "2sfca --category park --minutes 15"
    table, _ = ask(line, capsys)
    assert run(f"measure {line} --base base --quiet -o a{suffix}") == 0
    again = pd.read_csv("a.csv") if suffix == ".csv" else gpd.read_file(f"a{suffix}")
    assert again["place_id"].tolist() == table.index.tolist()
    assert again["supply_per_person"].tolist() == pytest.approx(table["supply_per_person"].tolist())


def test_a_real_place(shared, tmp_path, capsys):
    osm = shared / "data" / "streets" / "monaco.osm.gz"
    assert run(f"base monaco --osm '{osm}' --population 38000 --quiet -o {tmp_path}/base") == 0
    made = sp.read_base(tmp_path / "base")
    line = f"measure 2sfca --base {tmp_path}/base --category pharmacy --minutes 10"
    assert run(f"{line} -o {tmp_path}/t.parquet") == 0
    found = pd.read_parquet(tmp_path / "t.parquet")["supply_per_person"]
    pharmacies = made.facilities[made.facilities["category"] == "pharmacy"]
    expected = sp.floating_catchment(
        made.demand["population"], pd.Series(1.0, pharmacies.index),
        travel=travel_of(made, pharmacies), decay=sp.cumulative_decay(10),
    )  # fmt: skip
    assert found.tolist() == expected.tolist()
    mean = np.average(expected, weights=made.demand["population"])
    assert f"supply_per_person: mean by people {mean:.4g}; " in capsys.readouterr().out


@pytest.mark.parametrize("line", ["measure passive --minutes 5 --facilities f.csv@wgs84",
                                  "matrix people f.csv@wgs84", "matrix f.csv@wgs84 people"]
                         )  # fmt: skip
def test_a_file_is_never_replaced_by_its_own_result(here, town, capsys, line):
    gates = town.facilities.to_crs(4326).representative_point()
    pd.DataFrame({"lon": gates.x, "lat": gates.y}).to_csv("f.csv", index=False)
    told = refused(f"{line} --base base -o ./f.csv", capsys)
    assert "--output: f.csv is the file of " in told
    assert told.endswith("; name another file\n")


@pytest.mark.parametrize("line", ["measure passive --minutes 5 --facilities f.csv@wgs84",
                                  "matrix people f.csv@wgs84", "matrix f.csv@wgs84 people"]
                         )  # fmt: skip
def test_places_far_from_the_streets_are_told(here, town, capsys, line):
    home = town.demand.to_crs(4326).geometry.loc["a"]
    places = pd.DataFrame({"lon": [home.x, 0.9 + home.x], "lat": [home.y, home.y]})
    places[1:].to_csv("f.csv", index=False)
    told = refused(f"{line} --base base -o out/t.csv", capsys).replace("@wgs84", "")
    assert told.endswith("f.csv: all places lie outside the streets of the base; check the datum, "
                         "and the order of the coordinates\n")  # fmt: skip
    places.to_csv("f.csv", index=False)
    assert run(f"{line} --base base -o t.csv") == 0
    far = "f.csv: 1 of 2 places lie farther than 100 m from any street; the straight way to it co"
    assert far in capsys.readouterr().out.replace("@wgs84", "")


# --- isochrone --streets


def test_the_streets_of_an_isochrone(here, town, capsys):
    point = town.demand.loc[["a"]].to_crs(4326).geometry.iloc[0]
    at = f"{point.x:.9f},{point.y:.9f}"
    line = f"isochrone --base base --at {at} --at {at} --metres 200 500 --streets"
    assert run(f"{line} -o s.parquet") == 0
    told = capsys.readouterr().out
    table = gpd.read_parquet("s.parquet")
    place = gpd.GeoDataFrame(geometry=[point], index=[at], crs=4326).to_crs(town.crs)
    expected = sp.reached_streets(place, network=town.networks["walk"], metres=[200, 500])
    assert table["edge_id"].tolist() == expected["edge_id"].tolist()
    assert table["drawn_from"].unique().tolist() == ["open_data"]
    assert (table.geom_type == "LineString").all()
    km = expected.length.groupby(expected["limit_m"]).sum() / 1e3
    assert told == (
        f"{at}  500 m: {km[500.0]:.1f} km of streets, 2 lines\n"
        f"{at}  200 m: {km[200.0]:.1f} km of streets, 1 lines\n"
        "written: s.parquet\n"
    )  # fmt: skip


# --- bad input


CASES = {
    "unknown measure": ("gravty", "unknown measure 'gravty'; did you mean gravity?"),
    "no measure": ("", "the following arguments are required: MEASURE"),
    "unknown decay": ("gravity --decay exponentiel:rate=1",
                      "unknown decay 'exponentiel'; did you mean exponential?"),
    "decay without parameter": ("gravity --decay exponential", "write exponential:rate=0.1"),
    "decay with another": ("gravity --decay gaussian:rate=1", "write gaussian:sigma=10"),
    "decay with one more": ("gravity --decay linear:limit=5 --minutes 5", "write linear\n"),
    "decay twice": ("gravity --decay exponential:rate=1,rate=2", "write exponential:rate=0.1"),
    **{
        f"rate {text}": (f"gravity --decay exponential:rate={text}",
                         f"rate={text} is not a number above 0")
        for text in ("0", "-1", "nan", "inf", "much", "1/2", "")
    },
    "weights": ("e2sfca --minutes 5 --decay step:weights=1/-1",
                "weights=1/-1 is not numbers of at least 0, with / between"),
    "no weight for a limit": ("e2sfca --minutes 5 10", "limits [5.0, 10.0] with 3 weights"),
    "no whole steps": ("gravity --minutes 9 --decay interval:lower=5,step=3",
                       "interval_decay: steps of 3 from 5 to 9"),
    "another decay": ("2sfca --minutes 5 --decay linear",
                      "--decay: linear for 2sfca; allowed: cumulative; with other decays it is g2"),
    "no decay needed": ("passive --minutes 5 --decay linear", "--decay: passive has no decay"),
    **{
        f"{name} without decay": (f"{name} --minutes 5", f"--decay: {name} needs one; allowed: ")
        for name in NEED_A_DECAY
    },
    **{
        f"{unit} {text}": (f"2sfca --{unit} {text}",
                           f"argument --{unit}: '{text}' is not a number above 0, at most ")
        for unit in ("minutes", "metres")
        for text in ("0", "-1", "nan", "inf", "1e9", "ten")
    },
    "no limit": ("2sfca", "--minutes: no limits for the decay cumulative; allowed: one"),
    "no limit, in metres": ("cumulative --metres", "--metres: no limits for cumulative; allowed: "),
    "two limits": ("2sfca --minutes 5 6", "2 limits for the decay cumulative; allowed: one"),
    "a limit for all": ("nearest-k --minutes 5", "1 limit for nearest-k; allowed: none"),
    "limit twice": ("cumulative --minutes 5 5", "limits: [5.0, 5.0]; allowed: at least one"),
    "both units": ("cumulative --minutes 5 --metres 5", "not allowed with argument"),
    "count": ("nearest-k --count 0", "argument --count: '0' is not a whole number from 1 to 100"),
    "fraction": ("nearest-k --count 1.5", "argument --count: '1.5' is not a whole number"),
    "count of another": ("2sfca --minutes 5 --count 2", "--count: 2sfca counts no facilities"),
    "supply of none": ("nearest-k --supply beds", "--supply: nearest-k counts no supply"),
    "areas of facilities": ("passive --minutes 5 --by area_id",
                            "--by: passive has a row for each facility"),
    "no such area": ("2sfca --minutes 5 --by town", "argument --by: invalid choice: 'town'"),
    "no such mode": ("2sfca --minutes 5 --mode drive", "--mode: drive; allowed: walk"),
    "no streets": ("closure", "--close: closure needs it"),
    "no such street": ("closure --close 99", "edge_ids: no edge 99"),
    "streets and a file": ("closure --close 1 a.gpkg", "--close: 1 a.gpkg; allowed: numbers, or o"),
    "no file of streets": ("closure --close a.gpkg", "a.gpkg: no such file"),
    "streets of another": ("2sfca --minutes 5 --close 1", "--close: 2sfca does not look at it"),
    "no modes": ("multimodal --minutes 5", "--modes: multimodal needs it"),
    "mode without share": ("multimodal --minutes 5 --modes walk", "--modes: walk; allowed: MODE="),
    "unknown mode": ("multimodal --minutes 5 --modes fly=1", "--modes: fly=1; allowed: MODE=SHARE"),
    "mode twice": ("multimodal --minutes 5 --modes walk=0.5 walk=0.5", "--modes: walk=0.5; allo"),
    "shares": ("multimodal --minutes 5 --modes walk=0.5 drive=0.4", "shares add up to 0.9; allo"),
    "share": ("multimodal --minutes 5 --modes walk=x", "walk=x is not a number above 0"),
    "absent mode": ("multimodal --minutes 5 --modes walk=0.5 drive=0.5", "--modes: drive; allowed"),
    "speed of several": ("multimodal --minutes 5 --modes walk=1 --speed 5",
                         "--speed: one speed for several modes"),
    "speed": ("2sfca --minutes 5 --speed 0", "argument --speed: '0' is not a number"),
}  # fmt: skip


def refused(line, capsys):
    """One line on stderr, nothing on stdout, nothing written."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert run(line) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    after = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert {path for path in after if "router" not in path.parts} == set(before)
    assert all(after[path] == content for path, content in before.items())
    return told.err.replace("; see spatialplan measure --help", "")


@pytest.mark.parametrize("name", CASES)
def test_bad_words_are_refused(here, capsys, name):
    line, part = CASES[name]
    assert part in refused(f"measure {line} --base base --category park -o out/t.csv", capsys)


PLACES = {
    "several": ("--category park primary_school", "--category: 2 of them for 2sfca; allowed: one"),
    "weight": ("--category park=2", "--category: 2sfca has no weights"),
    "no weight": ("--category park=0", "park=0 is not a number above 0"),
    "category twice": ("--category park=1 park=2", "--category: 2 of them for 2sfca"),
    "no such facility": ("--category hospital", "--category: town has no facility of category h"),
    "unknown category": ("--category prk", "--category: unknown category 'prk'; did you mean park"),
    "neither": ("", "one of the arguments --category --facilities is required"),
    "both": ("--category park --facilities beds.csv@wgs84", "not allowed with argument"),
    "no file": ("--facilities none.csv@wgs84", "none.csv: no such file"),
    "no datum": ("--facilities beds.csv", "beds.csv: coordinates in degrees of an unknown datum; "
                 "declare the datum"),
    "another datum": ("--facilities beds.csv@wgs48", "datum 'wgs48'; allowed: wgs84"),
    "no column": ("--supply bed", "--supply: no column 'bed'; allowed: category, name_zh"),
    "no column of the file": ("--facilities beds.csv@wgs84 --supply bed",
                              "--supply: no column 'bed'; allowed: lon, lat, beds"),
    "datum of none": ("--category park --datum wgs84", "--datum: no file that it could be of"),
    "words": ("--facilities beds.csv@wgs84 --supply word",
              "--supply: row 2, 3, 4 and 1 more, column 'word': 'many' is not a number"),
    "below 0": ("--facilities beds.csv@wgs84 --supply below",
                "--supply: row 2, 3, 4 and 1 more, column 'below': -1; allowed: 0 or more"),
    "missing": ("--facilities beds.csv@wgs84 --supply gap",
                "--supply: row 3, column 'gap': no number"),
    "nothing": ("--facilities beds.csv@wgs84 --supply zero",
                "--supply: nothing in column 'zero' (total 0)"),
    "unknown size": ("--category park --supply area_m2",
                     "--supply: place_id kiosk, column 'area_m2': no number"),
    "of the base, words": ("--category park --supply name_zh", "'大公园' is not a number"),
    "the shape": ("--category park --supply geometry", "--supply: no column 'geometry'"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_bad_facilities_are_refused(here, capsys, name):
    line, part = PLACES[name]
    if line.startswith("--supply"):
        line += " --category park"
    assert part in refused(f"measure 2sfca --minutes 5 --base base {line} -o out/t.csv", capsys)


def test_sets_need_categories_each_once(here, capsys):
    line = "measure proximity --base base -o out/t.csv"
    told = refused(f"{line} --facilities beds.csv@wgs84", capsys)
    assert "--facilities: proximity needs categories; name them with --category" in told
    assert "--category: park comes twice" in refused(f"{line} --category park 公园绿地", capsys)


def test_a_layer_in_degrees_without_datum_is_refused(here, town, capsys):
    parks(town)[["geometry"]].to_crs(4326).to_file("p.gpkg")
    line = "measure 2sfca --minutes 5 --base base --facilities p.gpkg"
    assert "p.gpkg: coordinates in degrees of an unknown datum" in refused(
        f"{line} -o out/t.csv", capsys
    )
    parks(town)[["geometry"]].to_crs(4490).to_file("q.gpkg")  # CGCS2000 says it itself
    assert run(f"{line.replace('p.gpkg', 'q.gpkg')} -o out/t.csv --quiet") == 0


def test_bad_bases_and_outputs_are_refused(here, town, capsys):
    line = "measure 2sfca --minutes 5 --category park"
    assert "none: no such folder" in refused(f"{line} --base none -o out/t.csv", capsys)
    assert "t.xlsx: cannot write .xlsx" in refused(f"{line} --base base -o out/t.xlsx", capsys)
    own = "measure 2sfca --minutes 5 --facilities beds.csv@wgs84 --base base -o ./beds.csv"
    assert "--output: beds.csv is the file of --facilities; name another" in refused(own, capsys)
    sp.write_base(replaced(town, boundaries=town.boundaries[:0]), here / "base")
    assert "--by: town has no areas" in refused(
        f"{line} --by area_id --base base -o out/t.csv", capsys
    )


def test_the_help_lists_every_measure_and_decay(capsys):
    with pytest.raises(SystemExit):
        run("measure --help")
    told = capsys.readouterr().out
    for name, measure in _measures.MEASURES.items():
        assert f"  {name} " in told or f"  {name}\n" in told
        assert measure.formula in told
    for name, shape in _measures.DECAYS.items():
        assert _measures.decay_text(name) in told
        assert shape.formula in told
        assert _measures.decay_words(_measures.decay_text(name)).name == name
