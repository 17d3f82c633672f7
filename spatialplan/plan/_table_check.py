"""Does a table of the document have the rows that a plan's data has, cell by cell?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from itertools import permutations
from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from ._text_check import compact
from ._text_check import printed_values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from ._plan import Plan

_GAP = "\x1f"  # between two words or cells
_NEAR = 200  # characters, gaps counted, within which a row of a table gives its values
_HEAD = 400  # characters after the title of a table within which its columns are named
_PARTS_CELLS = rf"[{_GAP}|（）()*：:]"
_ATTRIBUTE = "约束性|预期性"
_MERGED = "合并"
_YEAR = re.compile(rf"(?<!\d)(\d{{4}}){_GAP}?年")
_TARGET = re.compile("目标")
_BASE = re.compile(
    rf"完成|基数|现状|实际|基期|\d{{4}}{_GAP}?年(?!{_GAP}?(?:规划|预期)?{_GAP}?目标)"
)


@dataclass(frozen=True)
class _Head:
    """What stands over the rows of a table: its title, and the names of its columns."""

    title: str
    columns: str

    def order(self) -> tuple[str, ...]:
        """``base`` and ``target`` in the order of their columns; empty where it is not told."""
        found = {name: pattern.search(self.columns)
                 for name, pattern in (("base", _BASE), ("target", _TARGET))}  # fmt: skip
        starts = {name: match.start() for name, match in found.items() if match}
        return tuple(sorted(starts, key=starts.__getitem__)) if len(starts) == len(found) else ()

    def years(self) -> list[int]:
        """Years of the columns, in their order; where they have none, of the title."""
        return [int(year) for year in _YEAR.findall(self.columns) or _YEAR.findall(self.title)]


def row_faults(plan: Plan, text: str) -> Iterator[str]:
    """Rows of tables that the text does not hold as the data have them; see `check_plan`."""
    words = _GAP.join(text.split())
    tables = plan.indicators[plan.indicators["table_zh"] != ""].groupby("table_zh", sort=False)
    for table_zh, rows in tables:
        head = _head(words, str(table_zh), rows["name_zh"].iloc[0])
        for key, row in rows.iterrows():
            where = f"indicators.{key}: "
            if head is None:
                yield f"{where}the text does not hold the table {table_zh!r}"
                continue
            faults = [*_missing(words, row)]
            if not faults and _MERGED not in row["note_zh"]:
                faults = [*_unread(words, row, head)]
            yield from (where + fault for fault in [*faults, *_year_faults(row, head)])


def spaced(words: str) -> str:
    """Match words that may be parted by white space anywhere."""
    return f"{_GAP}?".join(map(re.escape, compact(words)))


def standing_alone(printed: str) -> str:
    """Match a value that stands for itself: 75 is not held by 175 or 75.4."""
    before = r"(?<![\d.])" if printed[:1].isdigit() else ""
    after = r"(?!\d|\.\d)" if printed[-1:].isdigit() else ""
    return before + spaced(printed) + after


def _head(words: str, table_zh: str, first_zh: str) -> _Head | None:
    """Title and columns, from where the title stands nearest before the first row."""
    row, heads = re.compile(spaced(first_zh)), {}
    for title in re.finditer(spaced(table_zh), words):
        first = row.search(words, title.end())
        columns = words[title.end() : first.start() if first else title.end()][:_HEAD]
        apart = first.start() - title.end() if first else len(words)
        heads[apart] = _Head(title[0], columns)
    return heads[min(heads)] if heads else None


def _missing(words: str, row: pd.Series[Any]) -> Iterator[str]:
    """What the text does not hold anywhere: the name, or a value near it."""
    before = _NEAR if _MERGED in row["note_zh"] else 0
    near = [
        words[max(found.start() - before, 0) : found.end() + _NEAR]
        for found in re.finditer(spaced(row["name_zh"]), words)
    ]
    if not near:
        yield f"the text does not hold {row['name_zh']!r}"
        return
    for printed in printed_values(row):
        if not any(re.search(standing_alone(printed), cells) for cells in near):
            yield f"no row of {row['name_zh']} holds {printed!r}"


def _unread(words: str, row: pd.Series[Any], head: _Head) -> Iterator[str]:
    """A row that has other cells than the data, or has them in another order."""
    orders = [*_orders(row, head)]
    found = [match for order in orders for match in re.finditer(_row(row, order), words)]
    if not found:
        columns, values = zip(*orders[0], strict=True)
        told = " | ".join(filter(None, (row["name_zh"], row["unit"], *values)))
        yield f"the text has no row {told!r} (unit, {', '.join(columns)})"
        return
    in_head = compact(row["unit"]) in compact(head.columns)
    for name, pattern in (("unit", "" if in_head else spaced(row["unit"])),
                          ("attribute", _ATTRIBUTE)):  # fmt: skip
        said = [{*map(compact, re.findall(pattern, match["cells"]))} for match in found]
        if pattern and {*filter(None, [compact(row[name])])} not in said:
            told = " or ".join(sorted(set().union(*said))) or "nothing"
            yield f"{name} {row[name]!r}, but the row of {row['name_zh']} says {told}"


def _orders(row: pd.Series[Any], head: _Head) -> Iterator[Sequence[tuple[str, str]]]:
    """Columns and values in every order in which the head allows them."""
    own = [(name, row[f"{name}_printed"]) for name in ("base", "target")]
    own = [(name, printed) for name, printed in own if printed]
    others = sorted(row["compare"].items(), key=lambda item: head.columns.find(item[0]))
    allowed = head.order()
    for block in permutations(own):
        if not allowed or len(own) == 1 or tuple(name for name, _ in block) == allowed:
            # Other cities stand before or behind, other years also between.
            for places in combinations(range(len(own) + len(others)), len(own)):
                order = others.copy()
                for place, value in zip(places, block, strict=True):
                    order.insert(place, value)
                yield order


def _row(row: pd.Series[Any], order: Sequence[tuple[str, str]]) -> str:
    """Match a whole row: nothing but values, unit and attribute stands between its cells."""
    labels, unit = f"{_PARTS_CELLS}|{_ATTRIBUTE}", compact(row["unit"])
    if not re.fullmatch(f"(?:{labels})*", unit):  # two ways to match one sign take for ever
        labels += f"|{spaced(unit)}"
    parted = f"(?:{labels})*"
    values = "".join(rf"{standing_alone(value)}(?=[{_GAP}|]|$){parted}" for _, value in order)
    return f"{spaced(row['name_zh'])}(?P<cells>{parted}{values})"


def _year_faults(row: pd.Series[Any], head: _Head) -> Iterator[str]:
    """Years that the head does not have, or has over the other column."""
    years, names = head.years(), head.order() or ("base", "target")
    given = {name: row[f"{name}_year"] for name in names if row[f"{name}_printed"]}
    in_order = len(years) == len(given) and (bool(head.order()) or len(given) == 1)
    for at, (name, year) in enumerate(given.items()):
        allowed = [years[at]] if in_order else years
        if years and pd.notna(year) and year not in allowed:
            told = " and ".join(map(str, allowed))
            yield f"{name} is of {year:.0f}, but the head of its column says {told}"
