"""Names, doubles, counts and references of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from invented_plan import PLACES
from invented_plan import PLAN
from invented_plan import write_plan

from spatialplan.errors import InputError
from spatialplan.plan import check_plan
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "{role: main, name_zh: 甲, rank: 1, place_id: disc}"
AXIS = "{role: axis, name_zh: 一轴, place_id: line}"
NODE = "{role: node, name_zh: 某点, count: 3, rank: 2, parent: e1}"


def faults(folder: Path, *changes: tuple[str, str], places: str = PLACES) -> list[str]:
    """What is wrong with the invented plan, changed."""
    plan = PLAN
    for old, new in changes:
        assert old in plan
        plan = plan.replace(old, new, 1)
    write_plan(folder)
    (folder / "places.yaml").write_text(places, encoding="utf-8")
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    return check_plan(read_plan(folder / "plan.yaml"))


@pytest.mark.parametrize("place_id", ["a", "disc"])  # disc: drawn from 甲 alone
def test_a_name_stands_on_its_own_place(tmp_path: Path, place_id: str) -> None:
    assert faults(tmp_path, ("place_id: disc", f"place_id: {place_id}")) == []


@pytest.mark.parametrize(
    "own", ["name_zh: 甲", "name_zh: 甲（沿线）", "aliases_zh: [甲], name_zh: 壳"]
)
def test_two_places_may_share_a_name(tmp_path: Path, own: str) -> None:
    places = PLACES.replace("name_zh: 壳", own)

    assert faults(tmp_path, ("place_id: disc", "place_id: hull"), places=places) == []


@pytest.mark.parametrize("place_id", ["b", "hull"])  # hull: drawn from two places
def test_a_name_on_another_place_is_told(tmp_path: Path, place_id: str) -> None:
    assert faults(tmp_path, ("place_id: disc", f"place_id: {place_id}")) == [
        f"structures.s1.elements.e1: 甲 is the place a, not {place_id}"
    ]


def test_an_element_twice_is_told(tmp_path: Path) -> None:
    twice = ("      e3:", f"      e9: {AXIS}\n      e3:")

    assert faults(tmp_path, twice, ("两轴", "三轴"), ("两轴", "三轴")) == [
        "structures.s1.elements.e9: says the same as e2; "
        "leave one out, or tell them apart by parent or note_zh"
    ]


@pytest.mark.parametrize("apart", ["parent: e1, rank: 2", "note_zh: 另一段"])
def test_parent_or_note_tell_two_elements_apart(tmp_path: Path, apart: str) -> None:
    other = AXIS.replace("}", f", {apart}}}")
    twice = ("      e3:", f"      e9: {other}\n      e3:")

    assert faults(tmp_path, twice, ("两轴", "三轴"), ("两轴", "三轴")) == []


@pytest.mark.parametrize("members", ["named", "partial"])
def test_a_wrong_count_is_told_before_the_quote(tmp_path: Path, members: str) -> None:
    found = faults(
        tmp_path,
        ("phrase_zh: 一主两轴", "phrase_zh: 一主四轴"),
        ("members: named", f"members: {members}"),
    )

    assert found == [
        "structures.s1: the phrase counts 4 axis, the elements make 2",
        "structures.s1: its quote does not hold '一主四轴多点'",
    ]


@pytest.mark.parametrize("ref", ["A06", "D-03", "I-28b", "1C", "4.1-12", "4.8", "F12"])
def test_rows_of_a_reading_are_named(tmp_path: Path, ref: str) -> None:
    assert faults(tmp_path, ("refs: [Z1]", f'refs: ["{ref}"]')) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("refs: [Z1]", "refs: [see above]", "refs.0: 'see above' names no row; allowed: such as A"),
        ("refs: [Z1]", 'refs: [""]', "structures.s1.refs.0: '' names no row"),
        ("at: 第一章", 'at: " "', "structures.s1.at: no words"),
        ("year: 2020", "year: 2026", "indicators.i1: base is of 2026, target of 2025"),
    ],
)
def test_what_names_nothing_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        faults(tmp_path, (old, new))

    assert message in str(caught.value)


@pytest.mark.parametrize(("refs", "told"), [("[C01]", []), ("[C99, I-02]", ["C99, I-02"]),
                                            ("[]", ["none"])])  # fmt: skip
def test_a_numbered_key_has_its_row(tmp_path: Path, refs: str, told: list[str]) -> None:
    found = faults(tmp_path, ("  t1:\n", f"  c01-circle:\n    refs: {refs}\n"))

    assert found == [
        f"targets.c01-circle: its key names the row c01, its refs are {one}" for one in told
    ]
