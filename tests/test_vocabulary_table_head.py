"""What the columns of a table of indicators hold."""

from __future__ import annotations

import pytest

from spatialplan.vocabulary import table_head


@pytest.mark.parametrize(
    ("cells", "holds"),
    [
        ("指标 规划基期年 规划近期目标年 规划目标年", "name base target target"),
        ("指标 2020年 2025年 2035年", "name value value value"),
        ("指标 2020年 2025年目标", "name base target"),
        ("指标 2020年现状 2015年 2035年", "name base value target"),
        ("指标 计量单位 责任单位", "name unit remark"),
        ("类别 序号 规划指标 单位 指标属性 目标", "group number name unit attribute target"),
        ("指标 目标（单位：%） 南京 备注", "name target other remark"),
        ("2020年 2025年目标", "base target"),
        ("章节 页码", ""),
    ],
)
def test_columns_are_told_by_their_words(cells: str, holds: str) -> None:
    assert " ".join(column.holds for column in table_head([cells.split()])) == holds


def test_years_may_stand_in_a_second_row() -> None:
    head = table_head([["指标", "年份", ""], ["", "2020年", "2035年"], ["甲", "1", "2"]])

    assert [(column.name_zh, column.year) for column in head] == [
        ("指标", 0),
        ("年份2020年", 2020),
        ("2035年", 2035),
    ]
