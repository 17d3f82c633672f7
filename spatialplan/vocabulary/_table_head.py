"""The head of a table of indicators: what each column holds, and for which year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Holds = Literal[
    "name", "number", "unit", "attribute", "group", "remark", "base", "target", "value", "other"
]

# In this order: 单位 may be part of 责任单位, 规划 of 规划指标 and of 规划基期年.
_WORDS: tuple[tuple[Holds, str], ...] = (
    ("remark", "责任|牵头|备注|说明|来源"),
    ("attribute", "属性|性质|类型"),
    ("unit", "单位"),
    ("number", "^序号$"),
    ("name", r"^(?!.*(?:\d{4}|目标)).*指标(?!值)"),
    ("base", "基数|基期|基准|现状|完成|实际|实绩|年值"),
    ("target", "目标|规划|预期"),
    ("group", "类别|分类|领域|维度"),
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_IN_BRACKETS = re.compile("[（(][^（()）]*[)）]")  # a unit, mostly
_VALUES = ("base", "target", "value")


@dataclass(frozen=True)
class Column:
    """
    One column of a table of indicators.

    Attributes
    ----------
    name_zh
        Its head as printed, without white space.
    holds
        What its cells are: ``base`` and ``target`` as its words or the other columns tell,
        ``value`` where only a year is told, ``other`` where nothing is (a city, a remark).
    year
        The year of its values; 0: not told.
    """

    name_zh: str
    holds: Holds
    year: int

    @property
    def has_values(self) -> bool:
        """Whether its head says that it holds values."""
        return self.holds in _VALUES


def table_head(rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """
    Read the head of a table of indicators.

    Of several years beside a column of targets, those that are not called targets are bases;
    beside a column of bases, later ones are targets.

    Parameters
    ----------
    rows
        Cells of the head, and of any rows under it; a second row of years below a first one
        (年份 above 2020年 and 2035年) is part of the head.

    Returns
    -------
    tuple of Column
        In their order; empty if no row names indicators or has a column of values.

    Examples
    --------
    >>> [(column.holds, column.year) for column in table_head([["指标", "2020年", "2025年目标"]])]
    [('name', 0), ('base', 2020), ('target', 2025)]
    """
    read = [tuple(map(_column, row)) for row in rows]
    named = (at for at, row in enumerate(read) if any(one.holds == "name" for one in row))
    valued = (at for at, row in enumerate(read) if any(one.has_values for one in row))
    at = next(named, next(valued, None))
    if at is None:
        return ()
    head, below = read[at], read[at + 1] if at + 1 < len(read) else ()
    if len(head) == len(below) and _are_years(below):
        joined = zip(head, below, strict=True)
        head = tuple(_column(over.name_zh + under.name_zh) for over, under in joined)
    return _told_apart(head)


def _column(cell: str) -> Column:
    name_zh, year = "".join(cell.split()), _YEAR.search(cell)
    bare = _IN_BRACKETS.sub("", name_zh) or name_zh
    holds: Holds = next((holds for holds, words in _WORDS if re.search(words, bare)), "other")
    if holds == "other" and year:
        holds = "value"
    return Column(name_zh, holds, int(year[0]) if year else 0)


def _are_years(row: Sequence[Column]) -> bool:
    """Tell whether nothing but years, and what they are called, stands in a row."""
    named = [column for column in row if column.name_zh]
    return bool(named) and all(column.has_values and column.year for column in named)


def _told_apart(head: tuple[Column, ...]) -> tuple[Column, ...]:
    """Tell bases and targets apart where the words of other columns do."""
    told = {holds: [one.year for one in head if one.holds == holds] for holds in _VALUES}
    if bool(told["target"]) == bool(told["base"]):
        return head
    since = 0 if told["target"] else max(told["base"])
    later: Holds = "base" if told["target"] else "target"
    return tuple(
        replace(column, holds=later) if column.holds == "value" and column.year > since else column
        for column in head
    )
