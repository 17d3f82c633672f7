"""Quotes stand under the headings that ``at`` cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from invented_plan import PLAN
from invented_plan import TEXT
from invented_plan import write_plan

from spatialplan.plan import check_plan
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

IN_CHAPTERS = ("第一章 总则\n", "\n第二章 目标\n第一节 公共服务\n")
IN_LISTS = ("一、总则\n", "\n二、目标\n（一）公共服务\n")
CIRCLE = "打造半小\n时生活圈"


def faults(folder: Path, at: str, headings: tuple[str, str]) -> list[str]:
    """What is wrong where the circle is said to stand at a heading."""
    front, chapter = headings
    text = front + TEXT.replace(CIRCLE, f"。{chapter}{CIRCLE}").replace(
        "人口约", f"\n{front}人口约"
    )
    path = write_plan(folder) / "plan.yaml"
    path.write_text(PLAN.replace("at: 第二章", f"at: {at}"), encoding="utf-8")
    return [fault for fault in check_plan(read_plan(path), text=text) if "t1" in fault]


@pytest.mark.parametrize(
    ("at", "headings"),
    [
        ("第二章", IN_CHAPTERS),
        ("第二章第一节 专栏3", IN_CHAPTERS),
        ("第一章、第二章第一节、第三节", IN_CHAPTERS),
        ("第二章第四节", IN_CHAPTERS),  # the text has lost that heading
        ("表1", IN_CHAPTERS),
        ("第二章", ("# 第一章\n", "\n[bookmark: _Toc1]第二章\n")),
        ("二（一）", IN_LISTS),
        ("一（二）；二（三）（一）", IN_LISTS),
        ("二 引言；三（一）", ("一、总则\n", "\n二、目标\n")),
        ("第九章", ("", "")),  # no headings to hold it against
    ],
)
def test_a_quote_stands_where_it_is_said(
    tmp_path: Path, at: str, headings: tuple[str, str]
) -> None:
    assert faults(tmp_path, at, headings) == []


@pytest.mark.parametrize(
    ("at", "headings", "under"),
    [
        ("第三章", IN_CHAPTERS, "第二章第一节"),
        ("第一章第一节", IN_CHAPTERS, "第二章第一节"),
        ("第二章第二节", ("第一章\n", "\n第二章\n第一节\n第二节\n第一节\n"), "第二章第一节"),
        ("一（一）", IN_LISTS, "二、（一）"),
        ("第二章", ("", "\n第三章\n"), "第三章"),
    ],
)
def test_a_quote_elsewhere_is_told(
    tmp_path: Path, at: str, headings: tuple[str, str], under: str
) -> None:
    assert faults(tmp_path, at, headings) == [
        f"targets.t1: at is {at!r}, but '打造半小时生活圈' stands in {under}"
    ]


def test_a_quote_before_the_first_chapter_is_told(tmp_path: Path) -> None:
    path = write_plan(tmp_path) / "plan.yaml"

    found = check_plan(read_plan(path), text=TEXT + "\n第一章 总则")

    assert "targets.t1: at is '第二章', but '打造半小时生活圈' stands in no chapter" in found


@pytest.mark.parametrize(("at", "told"), [("第二章 表1", 0), ("第一章 表1", 1), ("表1", 0)])
def test_a_table_stands_where_it_is_said(tmp_path: Path, at: str, told: int) -> None:
    text = "第一章\n" + TEXT.replace("表1", "\n第二章\n表1")
    path = write_plan(tmp_path) / "plan.yaml"
    path.write_text(PLAN.replace("at: 表1", f"at: {at}"), encoding="utf-8")

    found = [fault for fault in check_plan(read_plan(path), text=text) if "i1" in fault]

    assert found == [f"indicators.i1: at is {at!r}, but '表1' stands in 第二章"] * told
