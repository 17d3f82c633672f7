"""Rows of tables are held against the text cell by cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from invented_plan import PLAN
from invented_plan import TEXT
from invented_plan import write_plan

from spatialplan.plan import check_plan
from spatialplan.plan import read_plan
from spatialplan.plan._table_check import standing_alone

if TYPE_CHECKING:
    from pathlib import Path

ROW = "表1 覆盖率 % 81.5 90 以上"
HEAD = "表1 {}\n| 指标 | 2025年目标 | 2020年 |\n| 覆盖率（%） | 90 以上 | 81.5 |\n| 人口 | 9 | 8 |"


def faults(folder: Path, *changes: tuple[str, str], table: str = ROW) -> list[str]:
    """What is wrong with the invented plan, changed, in a text with another table."""
    plan = PLAN
    for old, new in changes:
        assert old in plan
        plan = plan.replace(old, new, 1)
    path = write_plan(folder) / "plan.yaml"
    path.write_text(plan, encoding="utf-8")
    assert ROW in TEXT
    return check_plan(read_plan(path), text=TEXT.replace(ROW, table))


@pytest.mark.parametrize(
    "table",
    [
        ROW,
        HEAD.format(""),
        "表1\n\t指标\n\t单位\n\t属性\n\t2020年基数\n\t2025年目标\n\t覆\n盖率\n\t%\n\t\n\t81.5\n\t90以上",
        "表1 指标 2020年 2025年目标（单位：%）\n覆盖率\t81.5\t90以上",
        "目录 表1 第五页\n正文里的覆盖率为多少。" + HEAD.format("主要指标"),
    ],
)
def test_a_row_may_be_printed_in_many_ways(tmp_path: Path, table: str) -> None:
    assert faults(tmp_path, table=table) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'base: {year: 2020, printed: "81.5"}\n    target: {year: 2025, printed: 90以上}',
            'target: {year: 2025, printed: "81.5"}\n    base: {year: 2020, printed: 90以上}',
            "the text has no row '覆盖率 | % | 81.5 | 90以上' (unit, target, base)",
        ),
        ('unit: "%"', "unit: 人", "no row '覆盖率 | 人 | 90以上 | 81.5' (unit, target, base)"),
        (
            '    unit: "%"\n',
            "",
            "the text has no row '覆盖率 | 90以上 | 81.5' (unit, target, base)",
        ),
        (
            'unit: "%"',
            'unit: "%"\n    attribute: 约束性',
            "attribute '约束性', but the row of 覆盖率 says nothing",
        ),
        ("year: 2020", "year: 2019", "base is of 2019, but the head of its column says 2020"),
        ("year: 2025", "year: 2020", "target is of 2020, but the head of its column says 2025"),
        ("printed: 90以上", "printed: 高", "no row of 覆盖率 holds '高'"),
        ("table_zh: 表1", "table_zh: 表2", "the text does not hold the table '表2'"),
        ("name_zh: 覆盖率", "name_zh: 覆盖", "the text has no row '覆盖 | % | 90以上 | 81.5'"),
    ],
)
def test_other_cells_are_told(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (told,) = faults(tmp_path, (old, new), table=HEAD.format(""))

    assert told.startswith("indicators.i1: ")
    assert fault in told


def test_a_title_named_again_after_the_table_is_not_its_head(tmp_path: Path) -> None:
    swapped = ('{year: 2020, printed: "81.5"}', "{year: 2020, printed: 90以上}")
    back = ("target: {year: 2025, printed: 90以上}", 'target: {year: 2025, printed: "81.5"}')

    (told,) = faults(tmp_path, swapped, back, table=HEAD.format("") + "\n完成情况见表1。")

    assert "no row '覆盖率 | % | 81.5 | 90以上' (unit, target, base)" in told


def test_the_attribute_of_a_row_is_not_left_out(tmp_path: Path) -> None:
    table = ROW.replace("%", "% 预期性")

    assert faults(tmp_path, ('unit: "%"', 'unit: "%"\n    attribute: 预期性'), table=table) == []
    assert faults(tmp_path, table=table) == [
        "indicators.i1: attribute '', but the row of 覆盖率 says 预期性"
    ]


def test_a_row_with_a_merged_cell_says_so(tmp_path: Path) -> None:
    table = "表1 2020年 2025年目标\n绿地率 % 81.5 40\n覆盖率 % 90以上"
    fault = "indicators.i1: no row of 覆盖率 holds '81.5'"

    assert faults(tmp_path, table=table) == [fault]
    note = ('    unit: "%"', '    unit: "%"\n    note_zh: 2020年一格与上一行合并')
    assert faults(tmp_path, note, table=table) == []


@pytest.mark.parametrize(("compare", "count"), [('乙: "2", 丙: "3"', 0), ('乙: "3", 丙: "2"', 1)])
def test_cities_stand_in_the_order_of_their_columns(
    tmp_path: Path, compare: str, count: int
) -> None:
    own = "    target: {year: 2025, printed: 90以上}\n"
    table = "表1\n| 指标 | 乙 | 丙 | 甲 |\n| 覆盖率(%) | 2 | 3 | 81.5 |"

    found = faults(tmp_path, (own, f"    compare: {{{compare}}}\n"), table=table)

    assert len(found) == count


@pytest.mark.parametrize(("between", "count"), [("85", 0), ("84", 1)])
def test_a_year_may_stand_between_base_and_target(tmp_path: Path, between: str, count: int) -> None:
    own = "    target: {year: 2025, printed: 90以上}\n"
    table = "表1\n指标 单位 2020年 2023年 2025年\n覆盖率 % 81.5 85 90以上"

    found = faults(tmp_path, (own, f'{own}    compare: {{2023年: "{between}"}}\n'), table=table)

    assert len(found) == count


@pytest.mark.parametrize(
    ("printed", "cells", "found"),
    [
        ("75", "城镇化率\x1f%\x1f77.07\x1f75", ["75"]),
        ("75", "城镇化率\x1f175", []),
        ("75", "城镇化率\x1f75.4", []),
        ("77.0", "城镇化率\x1f77.07", []),
        (">74", "68.5\x1f>74", [">74"]),
        ("90以上", "90\x1f以上", ["90\x1f以上"]),
        ("15", "1\x1f5\x1f项", ["1\x1f5"]),  # wrapped, or two cells: not to be told apart
    ],
)
def test_a_value_stands_for_itself(printed: str, cells: str, found: list[str]) -> None:
    assert re.findall(standing_alone(printed), cells) == found


THREE = "指标\t单位\t2020年\t2025年\t2035年\n覆盖率\t%\t81.5\t85\t90以上"
BASE = 'base: {year: 2020, printed: "81.5"}'
TARGET = "target: {year: 2025, printed: 90以上}"


@pytest.mark.parametrize(
    ("base", "target", "compare", "fault"),
    [
        ("2020, 81.5", "2035, 90以上", "2025年, 85", ""),
        ("2020, 81.5", "2025, 85", "2035年, 90以上", ""),
        ("2020, 81.5", "2035, 85", "2025年, 90以上", "the text has no row"),
        ("2020, 81.5", "2025, 90以上", "2025年, 85", "the text has no row"),
        ("2035, 81.5", "2035, 90以上", "2025年, 85", "the text has no row"),
        ("2020, 81.5", "2035, 90以上", "2030年, 85", "compare 2030年: the head of the table says"),
    ],
)
def test_each_cell_has_its_own_column(
    tmp_path: Path, base: str, target: str, compare: str, fault: str
) -> None:
    (year, now), (until, aim), (key, other) = (x.split(", ") for x in (base, target, compare))
    changes = [
        (BASE, f'base: {{year: {year}, printed: "{now}"}}'),
        (TARGET, f'target: {{year: {until}, printed: "{aim}"}}\n    compare: {{{key}: "{other}"}}'),
    ]

    found = faults(tmp_path, *changes, table=f"表1\n{THREE}")

    assert [fault in one for one in found] == [True] * bool(fault)


@pytest.mark.parametrize(("own", "other", "count"), [("81.5", "2", 0), ("2", "81.5", 1)])
def test_the_own_city_has_the_column_that_is_left(
    tmp_path: Path, own: str, other: str, count: int
) -> None:
    table = "表1\n| 类别 | 指标 | 乙 | 甲 |\n|--|--|--|--|\n| 总体 | 覆盖率(%) | 2 | 81.5 |"
    cities = f'base: {{year: 2020, printed: "{own}"}}\n    compare: {{乙: "{other}"}}'

    found = faults(tmp_path, (BASE, cities), (f"    {TARGET}\n", ""), table=table)

    assert len(found) == count


def test_a_fault_tells_the_row_that_the_text_has(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, ('unit: "%"', "unit: 人"), table=HEAD.format(""))

    assert told.endswith("(unit, target, base), but '覆盖率 | （%） | 90以上 | 81.5'")


def test_a_column_of_attributes_may_say_anything(tmp_path: Path) -> None:
    table = "表1\n指标\t{}\t单位\t2020年\t2025年\n覆盖率\t{}\t%\t81.5\t90以上"

    assert faults(tmp_path, table=table.format("属性", "引导性")) == []
    assert faults(tmp_path, table=table.format("覆盖范围", "中心城区")) == []
    (told,) = faults(tmp_path, table=table.format("序号", "引导性"))
    assert "the text has no row" in told


def test_a_row_is_there_once(tmp_path: Path) -> None:
    start = PLAN.index("  i1:")
    entry = PLAN[start : PLAN.index("  i2:")]
    again = (entry, entry + entry.replace("i1:", "i1b:"))
    noted = (again[0], again[1] + "    note_zh: 原表印了两次\n")

    assert faults(tmp_path, again) == [
        "indicators.i1b: another row has its table, group and name; a note_zh tells why"
    ]
    assert faults(tmp_path, noted) == []


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [
        ("1\t{}\n2\t绿地率\t%\t3\t4", "2"),
        ("1\t绿地率\t%\t3\t4\n2\t{}", "1"),
        ("1\t{}\n第3页", ""),
        ("1\t水质\t\t\t\n\t{}", ""),  # part of the numbered row before
    ],
)
def test_numbered_rows_are_all_there(tmp_path: Path, rows: str, lacks: str) -> None:
    head = "表1\n序号\t指标\t单位\t2020年\t2025年\n"

    found = faults(tmp_path, table=head + rows.format("覆盖率\t%\t81.5\t90以上"))

    told = f"indicators: the text numbers the rows of '表1'; the plan lacks {lacks}"
    assert found == [told] * bool(lacks)
