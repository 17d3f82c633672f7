"""Elements of a plan as a table: what a row stands for, and numbers that the text leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from invented_plan import PLAN
from invented_plan import write_plan

from spatialplan.errors import InputError
from spatialplan.plan import check_plan
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

    from spatialplan.plan import Plan

NODE = "name_zh: 某点, count: 3"


def plan_with(folder: Path, node: str, *, phrase: str = "一主两轴多点") -> Plan:
    """The invented plan, with another phrase and another entry for its nodes."""
    text = PLAN.replace(NODE, node).replace("一主两轴多点", phrase)
    path = write_plan(folder) / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path)


def test_a_row_stands_for_one_element_unless_it_says_how_many(tmp_path: Path) -> None:
    count = plan_with(tmp_path, NODE).elements["count"]

    assert count.to_dict() == {"e1": 1, "e2": 1, "e3": 1, "e4": 3}
    assert count.dtype == "Int64"


def test_an_open_number_is_missing_not_one(tmp_path: Path) -> None:
    count = plan_with(tmp_path, 'name_zh: "", count: open').elements["count"]

    assert count["e4"] is pd.NA
    assert count.sum() == 3


@pytest.mark.parametrize(
    ("node", "phrase", "fault"),
    [
        ('name_zh: ""', "一主两轴多点", "the phrase leaves open how many node; name them, or say"),
        ('name_zh: "", count: 3', "一主两轴多点", "the phrase leaves open how many node"),
        ("name_zh: 某点, count: open", "一主两轴三点", "the phrase counts 3 node, the elements"),
        (
            "name_zh: 某点, count: open, place_id: c",
            "一主两轴多点",
            "e4 is open in number, so that it cannot be drawn",
        ),
    ],
)
def test_an_open_number_is_held_against_the_phrase(
    tmp_path: Path, node: str, phrase: str, fault: str
) -> None:
    (found,) = check_plan(plan_with(tmp_path, node, phrase=phrase))[:1]

    assert fault in found


def test_what_a_phrase_leaves_open_must_have_an_element(tmp_path: Path) -> None:
    plan = plan_with(tmp_path, NODE, phrase="一主两轴多点多园")

    assert check_plan(plan) == [
        "structures.s1: the phrase leaves open how many park; name them, or say count: open"
    ]


@pytest.mark.parametrize("members", ["named", "partial"])
def test_named_members_answer_for_an_open_number(tmp_path: Path, members: str) -> None:
    text = PLAN.replace("members: named", f"members: {members}").replace(NODE, "name_zh: 某点")
    path = write_plan(tmp_path) / "plan.yaml"
    path.write_text(text, encoding="utf-8")

    assert check_plan(read_plan(path)) == []


def test_no_other_word_stands_for_an_open_number(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"structures\.s1\.elements\.e4\.count"):
        plan_with(tmp_path, "name_zh: 某点, count: many")


def test_values_tell_what_is_yearly_and_why_there_is_no_number(tmp_path: Path) -> None:
    path = write_plan(tmp_path) / "plan.yaml"
    own = """indicators:
  y1: {refs: [], name_zh: 某量, unit: "%", source: text, at: 一, quote_zh: 略,
       base: {printed: 年均增长6%}, target: {printed: 高于全省}}
"""
    text = PLAN[: PLAN.index("indicators:")] + own
    path.write_text(text, encoding="utf-8")
    row = read_plan(path).indicators.loc["y1"]

    assert (row["base_value"], row["base_yearly"], row["base_reason"]) == (6.0, True, "")
    assert pd.isna(row["target_value"])
    assert (row["target_yearly"], row["target_reason"]) == (False, "no number")
