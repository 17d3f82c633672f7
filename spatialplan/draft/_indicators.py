"""Indicators of a plan's tables, as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatialplan.vocabulary import table_head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from spatialplan.vocabulary import Column

    from ._tables import Table

_UNIT = re.compile(r"^(?P<name>.+?)[（(](?P<unit>[^（()）]{1,14})[）)]\*?$")
_IS_UNIT = re.compile(
    r"[%％‰]|[元人个张件家所处套辆次年岁天分日床米亩吨克度升层条座户]|[a-zA-Z]+|公里|公顷|比"
)
_NUMBERED = re.compile(r"^\d{1,2}[.．、](?!\d)")
_ATTRIBUTES = ("约束性", "预期性")


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
    head = table_head(table.rows)
    columns = _columns(text, head, table.rows[1:])
    if columns is None:
        return
    group = ""
    for cells in table.rows[1:]:
        if cells == table.rows[0]:  # said again after a page break
            continue
        group = _group(cells, columns) or group
        name = _NUMBERED.sub("", cells[columns.name])
        base, target = _value(head, cells, columns.base), _value(head, cells, columns.target)
        if not name or _is_heading(cells) or not (base or target):
            continue
        name, unit = _named(name, cells[columns.unit] if columns.unit is not None else None)
        attribute = cells[columns.attribute] if columns.attribute is not None else ""
        yield Row(
            table.start, table.title_zh, group, name, unit,
            attribute if attribute in _ATTRIBUTES else "", base, target,
            tuple((head[place].name_zh, cells[place]) for place in columns.more if cells[place]),
        )  # fmt: skip


def _is_heading(cells: Sequence[str]) -> bool:
    """Tell whether a row is one merged cell, which some writers repeat in every column."""
    return len({*filter(None, cells)}) == 1


def _group(cells: Sequence[str], columns: _Columns) -> str:
    """Return the name of a group that a row opens: in its column, or as a row of its own."""
    if _is_heading(cells):
        return next(filter(None, cells)) if cells[0] or columns.group is None else ""
    return cells[columns.group] if columns.group is not None else ""


def _columns(text: str, head: Sequence[Column], rows: Sequence[Sequence[str]]) -> _Columns | None:
    names = [place for place, column in enumerate(head) if column.holds == "name"]
    if not names:
        return None
    name = names[-1]
    values = [
        place for place, column in enumerate(head)
        if column.has_values or (place > name and column.holds == "other" and _counts(rows, place))
    ]  # fmt: skip
    if not values:
        return None
    base, target = _own(text, head, values)
    group = next((place for place in range(name) if head[place].holds != "number"), None)
    return _Columns(
        name, group, _first(head, "unit"), _first(head, "attribute"), base, target,
        tuple(place for place in values if place not in (base, target)),
    )  # fmt: skip


def _first(head: Sequence[Column], holds: str) -> int | None:
    return next((place for place, column in enumerate(head) if column.holds == holds), None)


def _counts(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Tell whether a column has numbers: that of a city has, where it applies has none."""
    return any(re.search(r"\d", row[place]) for row in rows if not _is_heading(row))


def _own(text: str, head: Sequence[Column], values: list[int]) -> tuple[int | None, int | None]:
    """Columns of the base, the earliest, and of the target, the latest of several."""

    def by_year(place: int) -> tuple[int, int]:
        return head[place].year, place

    bases, targets, years = (
        [place for place in values if head[place].holds == holds]
        for holds in ("base", "target", "value")
    )
    if not bases and not targets and not years:
        return max(values, key=lambda place: text.count(head[place].name_zh)), None
    target = max(targets or years, key=by_year, default=None)
    base = min(bases or {*years} - {target}, key=by_year, default=None)
    return base, target


def _value(
    head: Sequence[Column], cells: Sequence[str], place: int | None
) -> tuple[str, int] | None:
    return (cells[place], head[place].year) if place is not None and cells[place] else None


def _named(name: str, unit: str | None) -> tuple[str, str]:
    """Name and unit: of a column of its own, or in brackets behind the name."""
    if unit is not None:
        return name, unit
    found = _UNIT.match(name)
    if found and _IS_UNIT.search(found["unit"]):
        return found["name"], found["unit"]
    return name, ""
