"""Which cells of a table become an indicator, its base, its target and its group."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from spatialplan.draft import Document
from spatialplan.draft import draft_plan
from spatialplan.draft import write_draft
from spatialplan.draft._tables import tables_of
from spatialplan.plan import check_plan
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

HEADS = {
    "规划基期年 规划近期目标年 规划目标年": ("1", "3", {"规划近期目标年": "2"}),
    "2020年 2025年 2035年": ("1", "3", {"2025年": "2"}),
    "2020年 2025年目标 2035年目标": ("1", "3", {"2025年目标": "2"}),
    "2035年 2025年 2020年": ("3", "1", {"2025年": "2"}),
}


def rows(text: str) -> list[dict[str, Any]]:
    return [*draft_plan(_document(text)).content["indicators"].values()]


def _document(text: str) -> Document:
    return Document(text, tables_of(text))


def _table(head: str) -> str:
    return "表1 指标\n指标\t单位\t" + head.replace(" ", "\t") + "\n绿地率\t%\t1\t2\t3\n"


@pytest.mark.parametrize("head", HEADS)
def test_the_earliest_is_the_base_and_the_latest_the_target(head: str) -> None:
    [row] = rows(_table(head))

    assert (row["base"]["printed"], row["target"]["printed"], row["compare"]) == HEADS[head]


GROUPED = """表1 指标
指标\t覆盖范围\t属性\t单位\t2020年\t2035年
一、空间品质\t一、空间品质\t一、空间品质\t一、空间品质\t一、空间品质\t一、空间品质
绿地率\t市域\t引导性\t%\t1\t2
二、空间底线\t\t\t\t\t
林地率\t市域\t约束性\t%\t3\t4
"""


def test_a_row_of_one_cell_opens_a_group() -> None:
    first, second = rows(GROUPED)

    assert (first["name_zh"], first["group_zh"]) == ("绿地率", "一、空间品质")
    assert (second["name_zh"], second["group_zh"]) == ("林地率", "二、空间底线")
    assert not first.get("compare")


@pytest.mark.parametrize("text", [GROUPED, *map(_table, HEADS)])
def test_drafts_of_tables_pass_the_check(tmp_path: Path, text: str) -> None:
    text = "# 甲县总体规划\n" + text
    write_draft(draft_plan(_document(text), area_id="jiangsu"), tmp_path / "draft")

    assert check_plan(read_plan(tmp_path / "draft" / "plan.yaml"), text=text) == []
