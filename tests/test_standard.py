"""Standards: what is shipped agrees with its source; what a user writes is checked."""

from __future__ import annotations

import csv
import io
import math
import re

import pytest

from spatialplan.categories import read_categories
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.errors import NotFoundError
from spatialplan.standard import JUDGED_DENOMINATORS
from spatialplan.standard import Part
from spatialplan.standard import list_standards
from spatialplan.standard import read_standard

CLAUSE = """
standard_id: own
title_zh: 自定
title_en: Own
publisher_zh: 某市
publisher_en: A city
date: 2026-01-01
source: test
distance_table: {5: 300}
clauses:
  k:
    category: kindergarten
    name_zh: 幼儿园
    name_en: Kindergarten
    clause: "1.10"
    tier: 5
    distance_rule: table
    threshold_min: 5
    denominator: population
    binding: must
    confidence: V
"""


@pytest.fixture
def write(tmp_path):
    def write_file(text, name="own.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def printed_rows(shared, first_column, system=None):
    """Rows of a csv block of the collected standards, by key."""
    text = (shared / "standards.md").read_text(encoding="utf-8")
    block = re.search(rf"```csv\n({first_column}.*?)```", text, re.DOTALL).group(1)
    rows = csv.DictReader(io.StringIO(block))
    return {row["key"]: row for row in rows if system in (None, row.get("system"))}


@pytest.mark.parametrize("standard_id", list_standards())
def test_every_shipped_standard(standard_id):
    standard = read_standard(standard_id)
    clauses = standard.clauses
    assert standard.standard_id == standard_id
    assert standard.notes_zh
    assert len(standard.notes_zh) == len(standard.notes_en)
    judged = clauses[clauses["judged"]]
    assert len(judged)
    assert judged["denominator"].isin(JUDGED_DENOMINATORS).all()
    for clause_id, clause in clauses.iterrows():
        assert bool(clause["note_zh"]) == bool(clause["note_en"]), clause_id
        assert bool(clause["not_judged_zh"]) == bool(clause["not_judged_en"]), clause_id
        assert clause["judged"] == (not clause["not_judged_zh"]), clause_id
        if clause["judged"]:
            assert all(part.threshold_m > 0 for part in clause["parts"]), clause_id


def test_gb50180_agrees_with_the_collected_rows(shared):
    rows = printed_rows(shared, "key,name_zh,system", "GB50180")
    clauses = read_standard("gb50180-2018").clauses
    assert set(clauses.index) == set(rows)
    binding = {"Y": "must", "O": "on_demand"}
    for key, row in rows.items():
        clause = clauses.loc[key]
        assert clause["confidence"] == row["conf"], key
        assert clause["tier"] == row["tier"], key
        assert clause["binding"] == binding[row["required"]], key
        has_distance = bool(row["walk_m"] or row["radius_m"]) and row["tier"] != "block"
        assert clause["judged"] == has_distance, key
        if has_distance:
            assert clause["threshold_m"] == float(row["walk_m"] or row["radius_m"]), key


def test_gb50180_measures_walking_by_its_table_and_radii_straight():
    standard = read_standard("gb50180-2018")
    assert standard.distance_table == {15: 1000, 10: 500, 5: 300}
    rules = standard.clauses.groupby("distance_rule").groups
    assert sorted(rules["straight"]) == ["rail_station", "refuse_station"]
    assert standard.clauses.loc["primary_school", "threshold_m"] == 500
    both = standard.clauses[standard.clauses["category"] == "bus_stop"]
    assert both["threshold_m"].to_dict() == {"bus_stop_15_10": 500, "bus_stop_5": 300}


def test_tdt1063_agrees_with_the_collected_rows(shared):
    rows = printed_rows(shared, "key,name_zh,dim")
    clauses = read_standard("tdt1063-2021").clauses
    for key, clause in clauses.iterrows():
        assert clause["confidence"] == rows[key]["conf_formula"], key
        metres = re.search(r"(\d+)m$", rows[key]["threshold"])
        if metres and clause["judged"]:
            assert clause["threshold_m"] == float(metres.group(1)), key
    straight = {key for key, row in rows.items() if row["default_rule"] == "straight"}
    assert set(clauses.index[clauses["distance_rule"] == "straight"]) == straight
    covering = {key for key, row in rows.items() if row["default_rule"] == "network"}
    assert set(clauses.index) == covering | straight | {"fire_5"}
    assert clauses.loc["rail_800", "denominator"] == "population"


def test_park_radii_agree_with_the_collected_rows(shared):
    rows = printed_rows(shared, "key,name_zh,system", "GB/T51346")
    clauses = read_standard("gbt51346-2019").clauses
    assert set(rows) == set(clauses.index) - {"park_radius", "park_square_500"}
    for key, row in rows.items():
        (part,) = clauses.loc[key, "parts"]
        assert part.threshold_m == float(row["radius_m"]), key
        assert part.min_area_m2 == float(row["site_min"]), key
        assert clauses.loc[key, "confidence"] == row["conf"], key
        if row["site_max"] and row["site_min"] != row["site_max"]:
            assert part.max_area_m2 == float(row["site_max"]), key


def test_park_radius_joins_the_classes_of_the_table_without_a_hole():
    clauses = read_standard("gbt51346-2019").clauses
    parts = sorted(clauses.loc["park_radius", "parts"], key=lambda part: part.min_area_m2)
    assert [part.threshold_m for part in parts] == [300, 500, 1000, 2000, 3000]
    assert [part.max_area_m2 for part in parts[:-1]] == [part.min_area_m2 for part in parts[1:]]
    assert math.isnan(parts[-1].max_area_m2)
    assert clauses["required"].dropna().to_dict() == {"park_radius": 0.8, "park_square_500": 0.9}
    assert clauses.loc["park_radius", "binding"] == "must"


def test_mohurd_parks_differ_by_year_and_confidence(shared):
    rows = printed_rows(shared, "key,name_zh,level")
    clauses = read_standard("mohurd-2022").clauses
    for key, clause in clauses.iterrows():
        assert clause["confidence"] == rows[key]["conf"], key
        assert clause["denominator"] == rows[key]["denominator"], key
    small = {"park_radius_2021": 2000, "park_radius_2022": 400}
    for key, least in small.items():
        assert clauses.loc[key, "parts"] == (
            Part("park", 5000, pytest.approx(math.nan, nan_ok=True), 500),
            Part("park", least, 5000, 300),
        )


def test_categories_are_complete_and_in_named_groups():
    categories = read_categories()
    assert not categories.isna().any(axis=None)
    assert categories.index.is_unique
    assert categories["name_zh"].is_unique
    assert categories["name_en"].is_unique


def test_an_own_standard_takes_dates_and_numbers_as_labels(write):
    standard = read_standard(write(CLAUSE))
    assert (standard.date, standard.clauses.loc["k", "tier"]) == ("2026-01-01", "5")
    assert standard.clauses.loc["k", "threshold_m"] == 300
    assert standard.clauses.loc["k", "clause"] == "1.10"


def test_a_provinces_variant_overrides_field_by_field(write):
    path = write("""
extends: gb50180-2018
standard_id: province
title_zh: 某省
distance_table: {15: 800, 10: 500, 5: 250}
drop: [parcel, rail_station]
clauses:
  kindergarten: {required: 0.9, confidence: V}
  nursery: {distance_rule: straight, threshold_m: 400}
  library: {category: library, name_zh: 图书馆, name_en: Library, clause: 新增, tier: 15,
    distance_rule: network, threshold_min: 12, denominator: communities, binding: recommended,
    confidence: H}
""")
    own, base = read_standard(path), read_standard("gb50180-2018")
    assert set(base.clauses.index) - set(own.clauses.index) == {"parcel", "rail_station"}
    assert own.title_zh == "某省"
    assert own.publisher_zh == base.publisher_zh
    kindergarten = own.clauses.loc["kindergarten"]
    assert kindergarten[["threshold_m", "required", "confidence"]].tolist() == [250, 0.9, "V"]
    assert kindergarten["name_zh"] == base.clauses.loc["kindergarten", "name_zh"]
    assert own.clauses.loc["nursery", "parts"][0].threshold_m == 400
    assert own.clauses.loc["primary_school", "threshold_m"] == 500
    library = own.clauses.loc["library"]
    assert library["threshold_min"] == 12
    assert math.isnan(library["parts"][0].threshold_m)


def test_a_city_may_extend_the_file_of_its_province(write):
    write("extends: mohurd-2022\nstandard_id: p\nclauses: {school_radius: {confidence: V}}")
    city = write("extends: own.yaml\nclauses: {school_radius: {threshold_m: 900}}", "city.yaml")
    clause = read_standard(city).clauses.loc["school_radius"]
    assert clause[["confidence", "threshold_m"]].tolist() == ["V", 900]


def test_parts_take_what_they_do_not_say_from_their_clause(write):
    parts = "parts: [{category: park}, {category: square, min_area_m2: 900, threshold_m: 200}]"
    text = CLAUSE.replace("distance_rule: table", "distance_rule: straight").replace(
        "threshold_min: 5", f"threshold_m: 500\n    min_area_m2: 400\n    {parts}"
    )
    first, second = read_standard(write(text)).clauses.loc["k", "parts"]
    assert first[:2] + first[3:] == ("park", 400, 500)
    assert second[:2] + second[3:] == ("square", 900, 200)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tier: 5", "tiers: 5", "own.yaml: clause k, field tier: the field is missing"),
        ('"1.10"', "1.10", "field clause: Input should be a valid string, not 1.1; put it in quo"),
        ("binding:", "bindign: x\n    binding:", "field bindign: unknown field; did you"),
        ("kindergarten", "kindergarden", "category: unknown category 'kindergarden'; did you"),
        ("distance_rule: table", "distance_rule: tabel", "field distance_rule: Input should be"),
        ("threshold_min: 5", "threshold_min: 7", "7.0 is not in distance_table; allowed: 5"),
        ("threshold_min: 5", "threshold_m: 5", "threshold_m beside distance_rule: table"),
        ("threshold_min: 5", "required: 90", "field required: Input should be less than or equal"),
        ("confidence: V", "confidence: A", "clause k, field confidence: Input should be 'V'"),
        ("population", "built_up_area", "cannot be judged without denominator population or"),
        ("distance_rule: table", "distance_rule: none", "cannot be judged without distance_rule"),
        ("distance_rule: table\n    threshold_min: 5", "distance_rule: straight",
         "cannot be judged without threshold_m; add it, or say in not_judged_zh why"),
        ("category: kindergarten\n", "\n", "cannot be judged without category"),
        ("confidence: V", "confidence: V\n    parts: []", "field parts: List should have at least"),
        ("confidence: V", "confidence: V\n    parts: [{min_area: 3}]", "parts.0.min_area: unknown"),
        ("confidence: V", "confidence: V\n    parts: [{min_area_m2: 9, max_area_m2: 9}]",
         "clause k: min_area_m2 9 is not below max_area_m2"),
        ("source: test", "sauce: test", "own.yaml: field source: the field is missing"),
        ("{5: 300}", "{5: -300}", "field distance_table.5: Input should be greater than 0"),
        ("clauses:", "drop: [k]\nclauses:", "field drop: drop without extends"),
        ("title_en: Own", "title_en: Own\ntitle_en: Two", "the key 'title_en' twice"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_clause_and_field(write, old, new, said):
    assert old in CLAUSE
    with pytest.raises(InputError) as fault:
        read_standard(write(CLAUSE.replace(old, new)))
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extends: gb50180-2018\ndrop: [nursry]", "no clause 'nursry'; did you mean nursery?"),
        ("extends: gb50180-2018\ndrop: nursery", "field drop: not a list"),
        ("extends: gb50180-2018\nclauses: [1]", "field clauses: [1]; allowed: a mapping"),
        ("extends: gb50180-2018\nclauses: {nursery: 5}", "clause nursery: 5; allowed: a mapping"),
        ("extends: 7", "field extends: 7; allowed: an id or a path"),
        ("extends: own.yaml", "extends itself"),
        ("- 1", "allowed: a mapping"),
    ],
)
def test_a_fault_in_overriding_is_named(write, text, said):
    with pytest.raises(InputError) as fault:
        read_standard(write(text))
    assert said in str(fault.value)


def test_duplicate_clauses_are_refused_with_the_line(write):
    clause = CLAUSE[CLAUSE.index("  k:") :]
    with pytest.raises(InputError, match=r"line 22: .*'k' twice"):
        read_standard(write(CLAUSE + clause))


def test_aliases_and_large_files_are_refused(write):
    with pytest.raises(InputError, match="alias"):
        read_standard(write(CLAUSE.replace("{5: 300}", "&t {5: 300}\nnotes_zh: *t")))
    with pytest.raises(LimitError):
        read_standard(write(CLAUSE + "#" * 1_000_000))


def test_an_unknown_standard_names_the_nearest():
    with pytest.raises(NotFoundError, match="did you mean gb50180-2018"):
        read_standard("gb50180-2019")
    with pytest.raises(InputError, match="no such YAML file"):
        read_standard("nowhere/own.yaml")


def test_notes_can_be_joined_to_others():
    for standard_id in list_standards():
        clauses = read_standard(standard_id).clauses
        for column in ("note_zh", "note_en", "not_judged_zh", "not_judged_en"):
            ends = clauses[column].str[-1:]
            assert not ends.isin(["。", ".", "；", ";"]).any(), (standard_id, column)
