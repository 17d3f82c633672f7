"""The words beside a number: nothing that changes it may be missing from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import write_rules

from spatialplan.judgement import assess
from spatialplan.judgement import switched


def test_the_basis_in_full(town, rules):
    row = assess(rules, town).loc["table"]
    assert row["basis"].split("；") == [
        "试行标准 表1",
        "步行路网距离（按标准的时间—距离对照表，含地点至道路的直线段）≤300 m",
        "分母：常住人口（抽样）",
        "范围：town 全部数据范围，分区各行限本片区",
        "设施：1 处",
        "数据：town.osm 2026-01-02",
        "条文可信度 V",
    ]
    assert row["basis_en"] == (
        "Trial standard 表1; walking network distance (the standard's minutes-to-metres table; "
        "the way to the street included), at most 300 m; denominator: residents (a sample); "
        "universe: all data of town, rows of an area its own; facilities: 1; "
        "data: town.osm 2026-01-02; confidence V"
    )


@pytest.mark.parametrize(
    ("clause_id", "zh", "en"),
    [
        ("straight", "直线距离（点设施自点、面设施自边界量起）≤500 m", "at most 500 m;"),
        ("straight", "条文可信度 M（待核）", "confidence M (to be checked)"),
        ("minutes", "步行路网（含地点至道路的直线段）≤2 min", "at most 2 min;"),
        ("minutes", "分母：社区（片区）数，达标＝50%及以上人口被覆盖（抽样）",
         "denominator: communities (areas), served = 50% of its people or more (a sample)"),
        ("parks", "≤200 m (≥5000 m²); 30 m (400–5000 m²)",
         "at most 200 m (≥5000 m²); 30 m (400–5000 m²)"),
        ("parks", "分母：居住用地面积；", "denominator: residential land;"),
        ("parks", "条文可信度 L（待核）", "confidence L (to be checked)"),
        ("parks", "设施：2 处", "facilities: 2"),
    ],
)  # fmt: skip
def test_every_basis_says_what_was_measured(town, rules, clause_id, zh, en):
    row = assess(rules, town).loc[clause_id]
    assert zh in row["basis"]
    assert en in row["basis_en"]


def test_uncertain_figures_are_marked_in_every_note(town, rules):
    findings = assess(rules, town)
    doubt = findings["note"].str.contains("条文数值待核对印刷本")
    assert doubt.to_dict() == findings["confidence"].isin(["M", "L"]).to_dict()
    assert (findings["note_en"].str.contains("to be checked against the printed") == doubt).all()
    assert findings.loc["parks", "note"].startswith("试算；")
    assert findings.loc["parks", "note_en"].startswith("on trial; ")


def test_the_share_that_makes_a_community_served_is_told(town, rules):
    row = assess(switched(rules, denominator="communities"), town, community_enough=0.75)
    assert "达标＝75%及以上人口被覆盖" in row.loc["table", "basis"]
    assert "served = 75% of its people or more" in row.loc["table", "basis_en"]


def test_stand_ins_and_facilities_far_from_streets_are_noted(town, rules):
    assert assess(rules, town).loc["table", "note"] == "1 处为代用：学段未注明"
    assert "1 stand-ins: level not stated" in assess(rules, town).loc["table", "note_en"]
    far = replace(town, facilities=town.facilities.assign(street_m=[100.01, 100, 0, 0]))
    row = assess(rules, far).loc["table"]
    assert row["note"] == "1 处为代用：学段未注明；1 处设施距道路超过 100 m"
    assert row["note_en"].endswith("1 facilities farther than 100 m from any street")
    assert "100 m" not in assess(rules, far).loc["parks", "note"]


@pytest.mark.parametrize(
    ("sizes", "text"),
    [
        ({}, "300 m"),
        ({"min_area_m2": 400}, "300 m (≥400 m²)"),
        ({"max_area_m2": 400}, "300 m (<400 m²)"),
        ({"min_area_m2": 400, "max_area_m2": 1_000_000}, "300 m (400–1000000 m²)"),
        ({"parts": [{"threshold_m": 300}, {"category": "park"}]}, "300 m"),
        ({"parts": [{"threshold_m": 250.5}, {"threshold_m": 300}]}, "250.5 m; 300 m"),
    ],
)
def test_threshold_as_text(tmp_path, town, sizes, text):
    clause = {"distance_rule": "straight", "threshold_m": 300, **sizes}
    findings = assess(write_rules(tmp_path, {"one": clause}), town)
    assert findings["threshold"].tolist() == [text]


def test_a_base_without_sources_or_words_leaves_them_out(town, rules):
    bare = replace(town, sources=[], facts={})
    row = assess(rules, bare).loc["table"]
    assert "数据" not in row["basis"].replace("全部数据范围", "")
    assert "分母：常住人口；" in row["basis"]
    assert "denominator: residents;" in row["basis_en"]
