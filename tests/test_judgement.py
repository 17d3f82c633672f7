"""
Who is served, and coverage with its basis, over the town of `conftest`.

People are a 1, b 2, c 4, d 8, e 16, f 32: a served sum names who is served. Metres to
the school, along the streets and straight: a 300, 300; b 120, 102; c 1100, 1100;
d 2020, 552; e 1600, 1600; f 1300, 500.
"""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import RULES
from conftest import TOWN_AT
from conftest import make_network
from conftest import make_points
from conftest import town_table
from conftest import write_rules
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan.errors import InputError
from spatialplan.judgement import assess
from spatialplan.judgement import part_facilities
from spatialplan.judgement import service
from spatialplan.judgement import switched
from spatialplan.prepare import assemble_base
from spatialplan.standard import Part

PEOPLE = {"a": 1, "b": 2, "c": 4, "d": 8, "e": 16, "f": 32}


def total(names):
    return float(sum(PEOPLE[name] for name in names))


def served_by(folder, town, **clause):
    """People and land served by one clause: sum of people, shares of pieces."""
    found = service(write_rules(folder, {"one": clause}), town)["one"]
    people = float((found["people"] * town.demand["population"]).sum())
    return people, found["land"].round(4).tolist()


# --- who is served, rule by rule


@pytest.mark.parametrize(
    ("limit_m", "names"),
    [(119.99, ""), (120, "b"), (299.99, "b"), (300, "ab"), (1300, "abcf"), (2020, "abcdef")],
)
def test_along_the_streets_a_limit_is_met_exactly(tmp_path, town, limit_m, names):
    people, _ = served_by(tmp_path, town, distance_rule="network", threshold_m=limit_m)
    assert people == total(names)


@pytest.mark.parametrize(
    ("limit_m", "names"),
    [(101.9, ""), (102, "b"), (299.99, "b"), (300, "ab"), (499.99, "ab"), (500, "abf")],
)
def test_in_a_straight_line_a_limit_is_met_exactly(tmp_path, town, limit_m, names):
    people, _ = served_by(tmp_path, town, distance_rule="straight", threshold_m=limit_m)
    assert people == total(names)


@pytest.mark.parametrize(("minutes", "names"), [(1.99, ""), (2, "b"), (4.99, "b"), (5, "ab")])
def test_minutes_are_walked_at_the_speed_of_the_network(tmp_path, town, minutes, names):
    people, _ = served_by(tmp_path, town, distance_rule="network", threshold_min=minutes)
    assert people == total(names)


def test_a_table_rule_takes_its_metres_from_the_table_not_from_the_speed(tmp_path, town):
    fast = {"walk": town.networks["walk"].at_speed(36.0)}
    people, _ = served_by(tmp_path, replace(town, networks=fast), threshold_min=5)
    assert people == total("ab")
    people, _ = served_by(
        tmp_path, replace(town, networks=fast), distance_rule="network", threshold_min=5
    )
    assert people == total("abcdef")


def test_land_counts_as_a_whole_along_the_streets(tmp_path, town):
    # The middle of k is 25 m from the street and 25 m from the school.
    assert served_by(tmp_path, town, distance_rule="network", threshold_m=50)[1] == [1, 0, 0]
    assert served_by(tmp_path, town, distance_rule="network", threshold_m=49.9)[1] == [0, 0, 0]


def test_land_is_cut_by_a_straight_limit(tmp_path, town):
    """A circle of 300 m around the school in a piece of 800 m by 800 m, and half a circle."""
    whole, half = shapely.box(0, -400, 800, 400), shapely.box(400, -400, 800, 400)
    pieces = town_table({"whole": whole, "half": half}, index="piece_id", area_id="west")
    land = pieces.assign(area_m2=pieces.area)
    rules = write_rules(tmp_path, {"one": {"distance_rule": "straight", "threshold_m": 300}})
    found = service(rules, replace(town, land=land))["one"]["land"]
    circle = math.pi * 300**2
    assert found["whole"] == pytest.approx(circle / 800**2, rel=5e-4)
    assert found["half"] == pytest.approx(circle / 2 / (400 * 800), rel=5e-4)
    # A circle drawn with 128 sides lies inside the true one.
    assert found["whole"] < circle / 800**2


def test_a_park_serves_from_its_outline_and_by_its_size(town, rules):
    found = service(rules, town)["parks"]
    # c 100 m and e 200 m from the large park, d 30 m from the pocket park; the kiosk,
    # a point without an area, serves nobody.
    assert found["people"].to_dict() == {"a": 0, "b": 0, "c": 1, "d": 1, "e": 1, "f": 0}
    # Piece l under the quarter disc around the corner (0, 410) of the pocket park.
    beyond = 450 * math.pi / 2 - (5 * math.sqrt(800) + 450 * math.asin(1 / 3))
    assert found["land"]["l"] == pytest.approx(beyond / 2500, rel=2e-3)
    assert (found["land"]["k"], found["land"]["m"]) == (0.0, 1.0)


def test_land_on_the_very_limit_is_served_as_a_whole_and_never_more(town, rules):
    # The limit of the large park is the line x = 2000, where piece m ends.
    assert service(rules, town)["parks"]["land"]["m"] == 1.0
    apart = [shapely.box(1990 + x, y, 2000 + x, y + 0.1) for x in (0, 1e-9) for y in (0, 7.3)]
    land = town_table(dict(enumerate(apart)), index="piece_id", area_id="")
    found = service(rules, replace(town, land=land.assign(area_m2=land.area)))["parks"]["land"]
    assert (found <= 1.0).all()


@pytest.mark.parametrize(
    ("least", "most", "found"),
    [
        (400, math.nan, ["park", "pocket"]),
        (400.01, math.nan, ["park"]),
        (math.nan, 400, []),
        (math.nan, 400.01, ["pocket"]),
        (400, 40_000, ["pocket"]),
        (math.nan, math.nan, ["park", "pocket", "kiosk"]),
    ],
)
def test_size_limits_include_the_least_and_not_the_most(town, least, most, found):
    part = Part("park", least, most, 300.0)
    assert part_facilities(part, town).index.tolist() == found


def test_without_a_column_of_areas_no_size_is_proved(town):
    bare = replace(town, facilities=town.facilities.drop(columns="area_m2"))
    assert part_facilities(Part("park", 400.0, math.nan, 300.0), bare).empty
    assert len(part_facilities(Part("park", math.nan, math.nan, 300.0), bare)) == 3


def test_a_place_is_served_if_any_part_serves_it(tmp_path, town):
    parts = [{"threshold_m": 120}, {"category": "park", "threshold_m": 100}]
    people, _ = served_by(tmp_path, town, distance_rule="network", parts=parts)
    # b from the school; c and d from a park; b is 120 m from the kiosk.
    assert people == total("bcd")


def test_tiers_do_not_include_each_other(tmp_path, town):
    """A middle school next door is no primary school, whatever its own reach."""
    point = make_points((TOWN_AT[0] + 2000, TOWN_AT[1]), index=["middle"])
    extra = point.assign(
        category="junior_middle_school", name_zh="", stand_in_zh="", stand_in_en=""
    )
    extra = extra.assign(drawn_from="open_data")
    both = replace(town, facilities=pd.concat([town.facilities, extra]))
    tiers = {
        "primary": {"threshold_min": 5},
        "junior": {"category": "junior_middle_school", "distance_rule": "network",
                   "threshold_m": 1000},
    }  # fmt: skip
    findings = assess(write_rules(tmp_path, tiers), both)
    assert findings["served"].to_dict() == {"primary": total("ab"), "junior": total("ce")}


def test_without_a_walking_network_a_network_rule_is_refused(rules, town):
    driven = replace(town.networks["walk"], mode="drive")
    with pytest.raises(InputError, match="base: no walking network; prepare the base with mode"):
        service(rules, replace(town, networks={"drive": driven}))


# --- shares


def test_shares_of_people_land_and_communities(town, rules):
    findings = assess(rules, town)
    assert list(findings.index) == list(RULES)
    numbers = findings[["total", "served", "unserved", "measured"]].round(6)
    assert numbers.loc["table"].tolist() == [63, 3, 60, round(3 / 63, 6)]
    assert numbers.loc["straight"].tolist() == [63, 35, 28, round(35 / 63, 6)]
    assert numbers.loc["minutes"].tolist() == [2, 0, 2, 0]
    quarter = 450 * math.pi / 2 - (5 * math.sqrt(800) + 450 * math.asin(1 / 3))
    assert numbers.loc["parks", "total"] == 0.0075
    assert findings.loc["parks", "served"] == pytest.approx((2500 + quarter) / 1e6, rel=1e-3)
    units = findings["total_unit"].to_dict()
    assert (units["table"], units["parks"], units["minutes"]) == ("person", "km2", "community")


def test_met_is_true_false_or_not_asked(town, rules):
    findings = assess(rules, town)
    assert findings["met"].to_dict() == {
        "table": True,  # 3 of 63 is more than 0.04
        "straight": False,  # 35 of 63 is less than 0.6
        "minutes": False,
        "parks": None,  # nothing is required
        "pharmacy": None,  # nothing could be measured
        "seats": None,
    }


def test_a_requirement_is_met_when_it_is_equalled(tmp_path, town):
    own = {"distance_rule": "straight", "threshold_m": 500}
    rules = write_rules(tmp_path, {"one": {**own, "required": 35 / 63}})
    assert assess(rules, town)["met"].tolist() == [True]


def test_what_the_data_do_not_hold_is_not_zero(town, rules):
    row = assess(rules, town).loc["pharmacy"]
    assert np.isnan([row["measured"], row["total"], row["served"]]).all()
    assert row["note"] == "未评：数据中没有此类（或此规模）设施，不等于覆盖率为 0"
    assert row["note_en"].startswith("not measured: the data hold no facility")
    assert row["n_facilities"] == 0


def test_what_is_not_judged_says_why(town, rules):
    row = assess(rules, town).loc["seats"]
    assert math.isnan(row["measured"])
    assert (row["basis"], row["basis_en"]) == ("无座位数", "no seats")
    assert row["note"] == "未评：无座位数"


def test_land_without_any_land(town, rules):
    row = assess(rules, replace(town, land=town.land.iloc[:0])).loc["parks"]
    assert math.isnan(row["measured"])
    assert "没有居住用地数据" in row["note"]


def test_rows_by_area_sum_to_the_whole(town, rules):
    findings = assess(rules, town, by="area_id")
    assert findings.loc["straight@west", ["total", "served"]].tolist() == [43, 35]
    assert findings.loc["straight@east", ["total", "served"]].tolist() == [20, 0]
    assert findings.loc["straight@west", "met"] is True
    assert findings.loc["straight@west", "area_name_zh"] == "西区"
    assert findings.loc["straight@east", "area_name_zh"] == "east"  # its id where it has no name
    for clause_id in ("table", "straight", "minutes", "parks"):
        rows = findings[findings["clause_id"] == clause_id]
        areas = rows[rows["area_id"] != ""]
        assert len(areas) == 2
        np.testing.assert_allclose(
            areas[["total", "served"]].sum(), rows.loc[clause_id, ["total", "served"]].astype(float)
        )


@pytest.mark.parametrize(("enough", "served"), [(0.01, 1), (3 / 43, 1), (0.07, 0), (1.0, 0)])
def test_a_community_is_served_from_a_share_of_its_people(town, rules, enough, served):
    clause = switched(rules, denominator="communities")
    row = assess(clause, town, community_enough=enough).loc["table"]
    assert (row["total"], row["served"]) == (2, served)  # 3 of 43 in the west, 0 in the east


def test_people_outside_every_area_count_in_the_whole_and_in_no_community(town, rules):
    western = replace(town, demand=town.demand.replace({"area_id": {"east": ""}}))
    findings = assess(rules, western, by="area_id")
    assert findings.loc["straight", "total"] == 63
    assert findings.loc["straight@west", "total"] == 43
    assert findings.loc["minutes", "total"] == 1
    assert "straight@" not in findings.index


@pytest.mark.parametrize("bad", [0.0, -0.5, 1.01, math.nan])
def test_a_share_of_people_must_be_one(town, rules, bad):
    with pytest.raises(InputError, match=r"community_enough: .*; allowed: above 0, at most 1"):
        assess(rules, town, community_enough=bad)


def test_by_is_area_id_or_nothing(town, rules):
    with pytest.raises(InputError, match="by: 'level'; allowed: area_id"):
        assess(rules, town, by="level")


def test_a_service_at_hand_is_used(town, rules):
    everybody = service(rules, town).mask(lambda table: table.notna(), 1.0)
    findings = assess(rules, town, served=everybody)
    assert findings.loc["table", "measured"] == 1.0


def test_progress_sees_every_judged_clause(town, rules):
    seen = []

    def record(clauses):
        for clause in clauses:
            seen.append(clause)
            yield clause

    service(rules, town, progress=record)
    assert seen == ["table", "straight", "minutes", "parks", "pharmacy"]


# --- switching


def test_rules_and_denominators_can_be_switched_and_the_basis_says_so(tmp_path, town):
    rules = write_rules(tmp_path, {name: RULES[name] for name in ("table", "parks")})
    findings = assess(switched(rules, rule="straight", denominator="population"), town)
    assert findings.loc["table", "served"] == total("ab")  # 300 m as the crow flies
    assert findings.loc["parks", "served"] == total("cde")
    assert "距离规则由用户改定" in findings.loc["table", "basis"]
    assert "分母" in findings.loc["table", "basis"]
    assert "分母由用户改定" not in findings.loc["table", "basis"]  # it was that already
    assert "denominator switched by the user" in findings.loc["parks", "basis_en"]
    assert "distance rule switched" not in findings.loc["parks", "basis_en"]


def test_switching_by_the_clauses_changes_nothing(town, rules):
    pd.testing.assert_frame_equal(assess(switched(rules), town), assess(rules, town))
    assert "switched_zh" not in rules.clauses  # the input is not modified


def test_switching_twice_keeps_both_marks(rules):
    twice = switched(switched(rules, rule="network"), denominator="communities")
    assert twice.clauses.loc["straight", "switched_zh"] == "距离规则由用户改定；分母由用户改定；"
    assert twice.clauses.loc["seats", "switched_zh"] == ""


def test_a_table_rule_is_a_network_rule_already(rules):
    same = switched(rules, rule="network").clauses
    assert same.loc["table", ["distance_rule", "switched_zh"]].tolist() == ["table", ""]
    assert same.loc["straight", "distance_rule"] == "network"


@pytest.mark.parametrize(
    ("option", "allowed"),
    [({"rule": "flight"}, "clause, straight, network"),
     ({"denominator": "dogs"}, "clause, population, residential_land, communities")],
)  # fmt: skip
def test_unknown_switches_are_refused(rules, option, allowed):
    ((name, value),) = option.items()
    with pytest.raises(InputError, match=f"{name}: '{value}'; allowed: {allowed}"):
        switched(rules, **option)


def test_a_limit_in_minutes_stays_on_the_streets(town, rules):
    clauses = switched(rules, rule="straight").clauses
    assert clauses.loc["minutes", ["distance_rule", "switched_zh"]].tolist() == ["network", ""]
    assert clauses.loc["table", "distance_rule"] == "straight"
    both = [assess(switched(rules, rule=rule), town).loc["minutes", "served"]
            for rule in ("clause", "straight")]  # fmt: skip
    assert both[0] == both[1]


# --- what a number is made of


def test_a_finding_takes_the_worst_of_its_sources(town, rules):
    def worst(base):
        return assess(rules, base)["drawn_from"].to_dict()

    assert set(worst(town).values()) == {"open_data"}
    school = town.facilities.assign(drawn_from=["text", *["open_data"] * 3])
    assert worst(replace(town, facilities=school))["table"] == "text"
    assert worst(replace(town, facilities=school))["parks"] == "open_data"
    land = replace(town, land=town.land.assign(drawn_from="synthetic"))
    assert worst(land)["parks"] == "synthetic"
    assert worst(land)["table"] == "open_data"
    people = replace(town, demand=town.demand.assign(drawn_from=[*["open_data"] * 5, "nothing"]))
    assert set(worst(people).values()) == {"nothing"}


def test_precision_and_stand_ins_are_stated(town, rules):
    findings = assess(rules, town)
    assert findings["precision_m"].to_dict() == dict.fromkeys(RULES, 10.0) | {"parks": 35.4}
    assert findings["n_stand_ins"].tolist() == [1, 1, 1, 0, 0, 0]
    assert findings["n_facilities"].tolist() == [1, 1, 1, 2, 0, 0]


def test_facilities_are_counted_where_they_stand(town, rules):
    found = assess(rules, town, by="area_id")
    whole = found[found["area_id"] == ""].set_index("clause_id")
    parts = found[found["area_id"] != ""].groupby("clause_id")
    for name in ("n_facilities", "n_stand_ins"):
        assert parts[name].sum().to_dict() == whole.loc[list(parts.groups), name].to_dict()
    for area_id, shape in town.boundaries.geometry.items():
        schools = town.facilities[town.facilities["category"] == "primary_school"]
        assert found.loc[f"table@{area_id}", "n_facilities"] == schools.within(shape).sum()


def test_nothing_that_is_given_is_modified(town, rules):
    before = town.demand.copy(), town.land.copy(), town.facilities.copy(), rules.clauses.copy()
    assess(rules, town, by="area_id")
    for now, then in zip((town.demand, town.land, town.facilities, rules.clauses), before,
                         strict=True):  # fmt: skip
        pd.testing.assert_frame_equal(pd.DataFrame(now), pd.DataFrame(then))


# --- against plain Python


@st.composite
def towns(draw):
    """A grid of streets with some missing, one-ways, homes and schools on its corners and off."""
    corners = [(x, y) for x in range(3) for y in range(3)]
    pairs = [(i, j) for i, (x, y) in enumerate(corners) for j, (p, q) in enumerate(corners)
             if i < j and abs(x - p) + abs(y - q) == 1]  # fmt: skip
    kept = draw(st.lists(st.sampled_from(pairs), min_size=2, unique=True))
    lengths = draw(st.lists(st.integers(100, 160), min_size=len(kept), max_size=len(kept)))
    used = sorted({corner for pair in kept for corner in pair})
    oneway = draw(st.sets(st.integers(0, len(kept) - 1)))
    homes = draw(st.lists(st.sampled_from(used), min_size=1, max_size=5))
    schools = draw(st.lists(st.sampled_from(used), min_size=1, max_size=3))
    access = draw(st.integers(0, 9))
    return corners, list(zip(kept, lengths, strict=True)), oneway, homes, schools, access


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns(), st.integers(0, 600))
def test_coverage_is_that_of_plain_python_on_random_towns(tmp_path_factory, drawn, limit_m):
    corners, streets, oneway, homes, schools, access = drawn
    at = {corner: (100.0 * x, 100.0 * y) for corner, (x, y) in enumerate(corners)}
    network = make_network([(u, v, m) for (u, v), m in streets], at, oneway=sorted(oneway))
    # Beyond a corner along the diagonal nothing is nearer than the corner's own streets,
    # but which of them a place stands on is not fixed: it is asked of the network.
    where = gpd.points_from_xy([at[c][0] for c in homes], [at[c][1] + access for c in homes])
    demand = gpd.GeoDataFrame(
        {"population": [float(2**i) for i in range(len(homes))]},
        geometry=where, index=[f"h{i}" for i in range(len(homes))], crs=4549,
    )  # fmt: skip
    place = make_points(*[at[c] for c in schools], index=[f"s{i}" for i in range(len(schools))])
    facilities = place.assign(category="primary_school", name_zh="", stand_in_zh="", stand_in_en="")
    base = assemble_base(
        "random", networks={"walk": network}, demand=demand,
        land=town_table({}, index="piece_id", area_m2=[], area_id=[]),
        facilities=facilities,
        boundaries=town_table({}, index="area_id", name_zh=[], level=[]),
        duplicates=pd.DataFrame(), sources=[], facts={},
    )  # fmt: skip
    clauses = {
        "streets": {"distance_rule": "network", "threshold_m": max(limit_m, 1)},
        "straight": {"distance_rule": "straight", "threshold_m": max(limit_m, 1)},
    }
    rules = write_rules(tmp_path_factory.mktemp("rules"), clauses)
    findings = assess(rules, base)
    metres = slow_metres(network, demand, schools)
    straight = [min(point.distance(school) for school in place.geometry) for point in where]
    for clause_id, found in (("streets", metres), ("straight", straight)):
        expected = sum(2.0**i for i, m in enumerate(found) if m <= max(limit_m, 1))
        assert findings.loc[clause_id, "served"] == expected


def slow_metres(network, demand, schools):
    """Metres from each home, by way of both ends of the street it stands on, by networkx."""
    graph = nx.MultiDiGraph()
    edges = network.edges
    graph.add_nodes_from(network.nodes.index)
    for row in edges.itertuples():
        graph.add_edge(row.u, row.v, weight=row.length_m)
        if not row.oneway:
            graph.add_edge(row.v, row.u, weight=row.length_m)
    found = []
    for home in network.locate(demand).itertuples():
        edge = edges.iloc[home.edge]
        graph.add_node("home")
        along = round(home.share * edge["length_m"], 2)
        graph.add_edge("home", edge["v"], weight=edge["length_m"] - along)
        if not edge["oneway"] or along == 0:
            graph.add_edge("home", edge["u"], weight=along)
        ways = nx.single_source_dijkstra_path_length(graph, "home")
        graph.remove_node("home")
        nearest = min(ways.get(corner, math.inf) for corner in schools)
        found.append(round(home.access_m + nearest, 2) if nearest < math.inf else math.inf)
    return found
