"""Indicators of a plan's tables, as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from ._tables import Table

_UNIT = re.compile(r"^(?P<name>.+?)[（(](?P<unit>[^（()）]{1,14})[）)]\*?$")
_IS_UNIT = re.compile(
    r"[%％‰]|[元人个张件家所处套辆次年岁天分日床米亩吨克度升层条座户]|[a-zA-Z]+|公里|公顷|比"
)
_NUMBERED = re.compile(r"^\d{1,2}[.．、](?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TARGET = re.compile("目标|规划|预期")
_BASE = re.compile("基数|现状|完成|实际|基期|年值|实绩")
_ATTRIBUTES = ("约束性", "预期性")
_NOTHING = {"", "属性", "备注", "说明", "责任单位", "牵头单位"}


@dataclass(frozen=True)
class Row:
    """One indicator of a table; values by the year they are for (0: not said)."""

    start: int
    table_zh: str
    group_zh: str
    name_zh: str
    unit: str
    attribute: str
    base: tuple[str, int] | None
    target: tuple[str, int] | None
    more: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Columns:
    name: int
    group: int | None
    unit: int | None
    attribute: int | None
    base: int | None
    target: int | None
    more: tuple[int, ...]


def indicator_rows(text: str, tables: Sequence[Table]) -> list[Row]:
    r"""
    Read the tables that have a column of indicators.

    Parameters
    ----------
    text
        The document; where a table compares cities, the one named most is the plan's own.
    tables
        As `tables_of` finds them.

    Returns
    -------
    list of Row
        In the order of the tables; a group stands for the rows under it.

    Examples
    --------
    >>> from spatialplan.draft._tables import tables_of
    >>> words = "表1 指标\n类别\t指标\t2020年\t2025年目标\n生态\t绿地率（%）\t38\t40以上\n"
    >>> [row] = indicator_rows(words, tables_of(words))
    >>> row.name_zh, row.unit, row.base, row.target
    ('绿地率', '%', ('38', 2020), ('40以上', 2025))
    """
    return [row for table in tables for row in _rows(text, table)]


def _rows(text: str, table: Table) -> Iterator[Row]:
    head = _heading(table)
    columns = _columns(text, head)
    if columns is None:
        return
    group = ""
    for cells in table.rows[1:]:
        group = (cells[columns.group] if columns.group is not None else "") or group
        name = _NUMBERED.sub("", cells[columns.name])
        base, target = _value(head, cells, columns.base), _value(head, cells, columns.target)
        if not name or cells == table.rows[0] or not (base or target):
            continue
        name, unit = _named(name, cells[columns.unit] if columns.unit is not None else None)
        attribute = cells[columns.attribute] if columns.attribute is not None else ""
        yield Row(
            table.start, table.title_zh, group, name, unit,
            attribute if attribute in _ATTRIBUTES else "", base, target,
            tuple((head[place], cells[place]) for place in columns.more if cells[place]),
        )  # fmt: skip


def _heading(table: Table) -> tuple[str, ...]:
    """Return the heading; where it has two rows, 年份 above 2020年 and 2035年, both as one."""
    head, below = table.rows[:2]
    names = _name_columns(head)
    if not names or below[names[-1]] or not any(map(_YEAR.search, below)):
        return head
    return tuple(map("".join, zip(head, below, strict=True)))


def _name_columns(head: Sequence[str]) -> list[int]:
    return [place for place, word in enumerate(head)
            if "指标" in word and not re.search("属性|单位|目标值|性质", word)]  # fmt: skip


def _columns(text: str, head: Sequence[str]) -> _Columns | None:
    names = _name_columns(head)
    if not names:
        return None
    name = names[-1]
    unit = _first(head, "单位")
    attribute = _first(head, "属性|性质|类型")
    taken = {name, unit, attribute, _first(head, "序号"), _first(head, "类别|分类|领域|维度")}
    values = [place for place in range(name + 1, len(head))
              if place not in taken and head[place] not in _NOTHING]  # fmt: skip
    if not values:
        return None
    base, target, more = _values(text, head, values)
    group = next((place for place in range(name) if head[place] != "序号"), None)
    return _Columns(name, group, unit, attribute, base, target, more)


def _first(head: Sequence[str], words: str) -> int | None:
    return next((place for place, word in enumerate(head) if re.search(words, word)), None)


def _values(
    text: str, head: Sequence[str], values: list[int]
) -> tuple[int | None, int | None, tuple[int, ...]]:
    """Columns of the base, of the target, and of what is compared."""
    targets = [place for place in values if _TARGET.search(head[place])]
    bases = [place for place in values if place not in targets
             and (_BASE.search(head[place]) or _YEAR.search(head[place]))]  # fmt: skip
    if not targets:  # the last of several years, or the only one, is what is aimed at
        bases, targets = bases[:-1], bases[-1:]
    if not targets and not bases:
        own = max(values, key=lambda place: text.count(head[place]))
        return own, None, tuple(place for place in values if place != own)
    base, target = (places[0] if places else None for places in (bases, targets))
    return base, target, tuple(place for place in values if place not in (base, target))


def _value(head: Sequence[str], cells: Sequence[str], place: int | None) -> tuple[str, int] | None:
    if place is None or not cells[place]:
        return None
    year = _YEAR.search(head[place])
    return cells[place], int(year[0]) if year else 0


def _named(name: str, unit: str | None) -> tuple[str, str]:
    """Name and unit: of a column of its own, or in brackets behind the name."""
    if unit is not None:
        return name, unit
    found = _UNIT.match(name)
    if found and _IS_UNIT.search(found["unit"]):
        return found["name"], found["unit"]
    return name, ""
