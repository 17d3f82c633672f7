"""The register lists every statement of a plan, and says why a thing is not drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from invented_plan import PLAN
from invented_plan import write_plan

from spatialplan.plan import list_plans
from spatialplan.plan import read_plan
from spatialplan.register import register_table
from spatialplan.register import register_text

if TYPE_CHECKING:
    from spatialplan.plan import Plan


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return read_plan(write_plan(tmp_path) / "plan.yaml")


def test_every_statement_has_a_row(plan: Plan) -> None:
    table = register_table([plan]).set_index("entry_id")

    assert sorted(table.index) == ["s1", "t1", "x1"]
    assert table.loc["s1"].to_list() == [
        "Z1",
        "testville-plan",
        "一主两轴多点",
        "甲、一轴、二轴、某点×3",
        "text 3, nothing 1",
        "某点未列位置",
    ]
    assert table.loc["t1", "members_zh"] == "半小时"
    assert table.loc["t1", "why_zh"] == "目标，按可达性计算；原文未定：方式"
    assert table.loc["x1", "why_zh"].startswith("不是空间结构：")


def test_a_row_stands_at_each_of_its_refs_in_their_order(tmp_path: Path) -> None:
    folder = write_plan(tmp_path)
    text = PLAN.replace("refs: [Z1]", "refs: [A10, A9, A9b]")
    (folder / "plan.yaml").write_text(text, encoding="utf-8")

    table = register_table([read_plan(folder / "plan.yaml")])

    assert list(table["ref"]) == ["A9", "A9b", "A10", "", ""]


def test_the_document_is_that_of_the_layers() -> None:
    """`make docs` was run after the last change of a plan."""
    document = Path(__file__).resolve().parent.parent / "docs" / "structures.md"

    assert document.read_text(encoding="utf-8") == register_text(
        [read_plan(plan_id) for plan_id in list_plans()]
    )


@pytest.mark.parametrize(
    ("node", "told"),
    [
        ('name_zh: "", count: open', "二轴、多点（未列名）"),
        ('name_zh: "", count: 3', "二轴、3点（未列名）"),
        ("name_zh: 某点, count: open", "二轴、某点×多"),
        ("name_zh: 某点", "二轴、某点"),
    ],
)
def test_members_are_named_and_counted_as_far_as_the_text_does(
    tmp_path: Path, node: str, told: str
) -> None:
    folder = write_plan(tmp_path)
    text = PLAN.replace("name_zh: 某点, count: 3", node)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")

    table = register_table([read_plan(folder / "plan.yaml")]).set_index("entry_id")

    assert table.loc["s1", "members_zh"].endswith(told)


def test_the_document_cannot_be_broken_by_its_words(tmp_path: Path) -> None:
    folder = write_plan(tmp_path)
    text = PLAN.replace("某点未列位置", "a|b <script>")
    (folder / "plan.yaml").write_text(text, encoding="utf-8")

    lines = register_text([read_plan(folder / "plan.yaml")]).splitlines()

    row = next(line for line in lines if "s1" in line)
    assert r"a\|b &lt;script>" in row
    assert "* N1 两处说法不同" in lines
