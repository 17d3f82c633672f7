"""Tables with lines between their rows, and tables that gave nothing."""

from __future__ import annotations

from typing import Any

import pytest

from spatialplan.draft import Document
from spatialplan.draft import Draft
from spatialplan.draft import draft_plan
from spatialplan.draft._tables import tables_of
from spatialplan.draft._write import report_text

TOP = "第二章 底线\n第一节 目标\n表1 指标\n"
HEAD = "序号\t指标\t单位\t2020年\t2035年\n"
FIELD, WOOD = "1\t耕地\t万亩\t300\t310\n", "2\t林地\t万亩\t3\t4\n"
CIRCLE = "3\t15分钟圈覆盖率\t%\t50\t90\n"


def draft(text: str) -> Draft:
    return draft_plan(Document(text, tables_of(text)))


def rows(text: str) -> list[tuple[str, ...]]:
    entries: list[dict[str, Any]] = [*draft(text).content["indicators"].values()]
    return [(one.get("group_zh", ""), one["name_zh"], one["target"]["printed"]) for one in entries]


@pytest.mark.parametrize(
    ("first", "second"), [("一、空间底线", "二、空间品质"), ("空间底线", "空间品质")]
)
@pytest.mark.parametrize("parted", ["\t", "    ", " "])
def test_a_line_between_rows_names_a_group(parted: str, first: str, second: str) -> None:
    table = f"{HEAD}{first}\n{FIELD}{WOOD}{second}\n{CIRCLE}"

    assert rows(TOP + table.replace("\t", parted)) == [
        (first, "耕地", "310"),
        (first, "林地", "4"),
        (second, "15分钟圈覆盖率", "90"),
    ]


@pytest.mark.parametrize("page", ["\n- 12 -\n\n", "\n第 12 页 共 80 页\n", "续表1\n", "\n\n12\n"])
@pytest.mark.parametrize("again", ["", HEAD])
def test_one_row_behind_a_page_break_is_read(page: str, again: str) -> None:
    found = rows(f"{TOP}{HEAD}{FIELD}{WOOD}{page}{again}{CIRCLE}\n正文。\n")

    assert [name for _, name, _ in found] == ["耕地", "林地", "15分钟圈覆盖率"]


def test_the_name_of_a_group_is_no_heading_of_the_text() -> None:
    content = draft(
        f"{TOP}{HEAD}一、空间底线\n{FIELD}{WOOD}{CIRCLE}一、总则\n打造5分钟圈。\n"
    ).content

    assert [one["at"] for one in content["targets"].values()] == ["第二章第一节", "第二章第一节一"]
    assert {one["at"] for one in content["indicators"].values()} == {"第二章第一节"}


def test_another_table_behind_a_short_line_stays_one() -> None:
    found = tables_of(f"{HEAD}{FIELD}空间品质\n序号\t项目\t单位\t甲\t乙\n1\t桥\t座\t3\t4\n")

    assert [len(table.rows) for table in found] == [2, 2]


def test_rows_parted_by_single_spaces_are_cells() -> None:
    text = (
        "表1 指标\n序号 指标 单位 2020年 2035年 属性\n"
        "1 永久基本农田 保护面积 万亩 312.5 312.5 约束性\n2 15分钟圈覆盖率 % 50 90 预期性\n"
    )
    [circle] = draft(text).content["targets"].values()

    assert [row[1:] for row in rows(text)] == [
        ("永久基本农田保护面积", "312.5"),
        ("15分钟圈覆盖率", "90"),
    ]
    assert circle["quote_zh"] == "15分钟圈覆盖率"


def test_sentences_with_spaces_under_a_heading_are_no_rows() -> None:
    assert tables_of("主要 指标 2025年\n甲 乙 丙。\n到 2025 年绿地率 达到 40。\n丁 戊 己。\n") == ()


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("表2 主要指标\n绿地率40。\n", ["表2 主要指标"]),
        ("目录\n表2 主要指标\n正文\n表 2　主要指标\n甲。\n", ["表2 主要指标"]),
        ("甲县指标\n序号\t指标\t备注\n1\t绿地率\t\n", ["甲县指标"]),
        (f"{TOP}{HEAD}{FIELD}{WOOD}", []),
        ("表2所示。\n见\n表2，甲。\n", []),
    ],
)
def test_a_table_that_gave_no_indicator_is_told(text: str, titles: list[str]) -> None:
    told = [line for line in report_text(draft(text)).splitlines() if "没有读出指标" in line]

    assert told == [
        f"* {title}：没有读出指标。No indicators were read from it." for title in titles
    ]
