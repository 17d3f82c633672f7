"""Does a table of the document have the rows that a plan's data has, cell by cell?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import permutations
from itertools import product
from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from spatialplan.vocabulary import table_head

from ._text_check import compact
from ._text_check import printed_values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from spatialplan.vocabulary import Column

    from ._plan import Plan

_GAP = r"\s"  # one between two words, see _words_of
_NEAR = 200  # characters, gaps counted, within which a row of a table gives its values
_HEAD = 600  # characters after the title of a table within which its columns are named
_PARTS_CELLS = rf"[{_GAP}|（）()*：:]"
_ATTRIBUTE = "约束性|预期性"
_ANY_WORD = rf"(?<=[{_GAP}|])[^\W\d_]+(?=[{_GAP}|])"  # of a column that data have no field for
_MERGED = "合并"
_YEAR = re.compile(rf"(?<!\d)(\d{{4}}){_GAP}?年")
_NUMBER_OPENS = r"(?<=[|\n\f]) ?"
_NUMBER_ENDS = r"(?:[.．、]? ?\|? ?|\n\| ?)"  # of two bars, the first closes a row
_REST_OF_ROW = re.compile(r"(?:\n\|[^|\f]*)+|[^\n\f]*")  # cells of a line each, or one line
_OWN = ("base", "target")
_LONGEST_TOLD = 80


@dataclass(frozen=True)
class _Head:
    """What stands over the rows of a table: its title, and the columns of its values."""

    title: str
    words: str
    start: int
    columns: tuple[Column, ...]

    def places(self, name: str, year: float | None) -> list[int]:
        """Columns in which a base or a target may stand, with its year if one is given."""
        return [
            place
            for place, column in enumerate(self.columns)
            if column.holds in (name, "value", "other")
            and (year is None or pd.isna(year) or not column.year or column.year == year)
        ]

    def place_of(self, compared: str) -> list[int]:
        """The column of what is compared."""
        names = [compact(column.name_zh) for column in self.columns]
        return [place for place, name in enumerate(names) if name == compact(compared)]

    @property
    def has_words(self) -> bool:
        """Whether its rows have words that are neither name, unit nor attribute."""
        return any(column.holds in ("attribute", "remark", "other") for column in self.columns)


def row_faults(plan: Plan, text: str) -> Iterator[str]:
    """Rows of tables that the text does not hold as the data have them; see `check_plan`."""
    words = _words_of(text)
    tables = plan.indicators[plan.indicators["table_zh"] != ""].groupby("table_zh", sort=False)
    for table_zh, rows in tables:
        head = _head(words, str(table_zh), rows["name_zh"].iloc[0])
        yield from _doubled(rows)
        if head is not None:
            yield from _skipped(words, rows, head)
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


def _words_of(text: str) -> str:
    """One gap between two words: a space, an end of line, or an empty line; | opens a cell."""
    gaps = {0: " ", 1: "\n"}
    return re.sub(r"\s+", lambda gap: gaps.get(gap[0].count("\n"), "\f"), text.replace("\t", "|"))


def _head(words: str, table_zh: str, first_zh: str) -> _Head | None:
    """Title and columns, from where the title stands nearest before the first row."""
    row, heads = re.compile(spaced(first_zh)), {}
    for title in re.finditer(spaced(table_zh), words):
        first = row.search(words, title.end())
        over = words[title.end() : first.start() if first else title.end()][:_HEAD]
        apart = first.start() - title.end() if first else len(words)
        heads[apart] = _Head(title[0], over, title.end(), _columns(over))
    return heads[min(heads)] if heads else None


def _columns(over: str) -> tuple[Column, ...]:
    """Columns named between the title and the first row, which is begun and not whole."""
    lines = re.split(r"[\n\f]", over)
    is_line = "|" not in over or any("|" in line.strip(" |") for line in lines)
    rows = lines if is_line else over.split("\f")
    cells = [re.split(r"\|" if "|" in over else r"\s", row.strip(" |\n")) for row in rows[:-1]]
    head = table_head(cells)
    if any(column.has_values or column.holds == "other" for column in head):
        return head
    # Where rows are not told apart, a year and the word after it are one cell.
    whole = re.sub(r"(年)\s((?:规划|预期)?\s?目标)", r"\1\2", over)
    return tuple(one for one in table_head([re.split(r"[|\s]+", whole)]) if one.has_values)


def _doubled(rows: pd.DataFrame) -> Iterator[str]:
    """Rows that are there twice, without a note that tells why."""
    same = rows[rows["note_zh"] == ""].duplicated(["group_zh", "name_zh", "area_zh"])
    for key in same[same].index:
        yield f"indicators.{key}: another row has its table, group and name; a note_zh tells why"


def _skipped(words: str, rows: pd.DataFrame, head: _Head) -> Iterator[str]:
    """Numbers of rows, where the text numbers them, that no row of the data has."""
    numbers, last, end, is_open = set[int](), 0, head.start, False
    for name in rows["name_zh"]:
        row_zh = rf"{_NUMBER_OPENS}(\d{{1,3}}){_NUMBER_ENDS}{spaced(name)}"
        found = re.compile(row_zh).search(words, head.start)
        is_open |= found is None  # a row without a number may be part of the numbered one before
        if found:
            numbers |= {int(found[1]), *(range(last, int(found[1])) if is_open else ())}
            last, end, is_open = int(found[1]), found.end(), False
    after = rf"{_NUMBER_OPENS}{last + 1}{_NUMBER_ENDS}[^\W\d]"
    goes_on = last and not is_open and re.search(after, words[end : end + _NEAR])
    missing = {*range(1, max(numbers, default=0) + 1 + bool(goes_on))} - numbers
    if missing:
        told = ", ".join(map(str, sorted(missing)))
        yield f"indicators: the text numbers the rows of {head.title!r}; the plan lacks {told}"


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
    unknown = [key for key in row["compare"] if head.columns and not head.place_of(key)]
    if unknown:
        told = " | ".join(column.name_zh for column in head.columns)
        yield f"compare {', '.join(unknown)}: the head of the table says {told}"
        return
    orders = [*_orders(row, head)]
    rows = [_row(row, order, has_words=head.has_words) for order in orders]
    found = [match for one in rows for match in re.finditer(one, words)]
    if not found:
        yield _no_row(words, row, head, orders)
        return
    in_head = compact(row["unit"]) in compact(head.words)
    for name, pattern in (("unit", "" if in_head else spaced(row["unit"])),
                          ("attribute", _ATTRIBUTE)):  # fmt: skip
        said = [{*map(compact, re.findall(pattern, match["cells"]))} for match in found]
        if pattern and {*filter(None, [compact(row[name])])} not in said:
            told = " or ".join(sorted(set().union(*said))) or "nothing"
            yield f"{name} {row[name]!r}, but the row of {row['name_zh']} says {told}"


def _no_row(
    words: str, row: pd.Series[Any], head: _Head, orders: Sequence[Sequence[tuple[str, str]]]
) -> str:
    """Tell the row that the text does not have, and the one that it has."""
    first = orders[0] if orders else [(name, row[f"{name}_printed"]) for name in _OWN]
    columns, values = zip(*first, strict=True)
    told = " | ".join(filter(None, (row["name_zh"], row["unit"], *values)))
    name = re.compile(spaced(row["name_zh"]))
    at = name.search(words, head.start) or name.search(words)
    rest = _REST_OF_ROW.match(words, at.end()) if at else None
    cells = map(compact, (rest[0] if rest else "")[:_LONGEST_TOLD].split("|"))
    said = " | ".join(filter(None, (row["name_zh"], *cells)))
    return f"the text has no row {told!r} (unit, {', '.join(columns)}), but {said!r}"


def _orders(row: pd.Series[Any], head: _Head) -> Sequence[Sequence[tuple[str, str]]]:
    """Columns and values in every order in which the head allows them, each cell its column."""
    own = [name for name in _OWN if row[f"{name}_printed"]]
    cells = [*((name, row[f"{name}_printed"]) for name in own), *row["compare"].items()]
    if not head.columns:
        return [*_anywhere(cells[: len(own)], cells[len(own) :])]
    allowed = [head.places(name, row[f"{name}_year"]) or head.places(name, None) for name in own]
    allowed = [places or [*range(len(head.columns))] for places in allowed]
    columns = [*allowed, *map(head.place_of, row["compare"])]
    found = {
        tuple(cell for _, cell in sorted(zip(places, cells, strict=True)))
        for places in product(*columns)
        if len({*places}) == len(places)
    }
    return sorted(found)


def _anywhere(
    own: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]]
) -> Iterator[Sequence[tuple[str, str]]]:
    """Own cells anywhere among the others, where no head tells their columns."""
    for places in permutations(range(len(own) + len(others)), len(own)):
        order = [*others]
        for place, cell in sorted(zip(places, own, strict=True)):
            order.insert(place, cell)
        yield order


def _row(row: pd.Series[Any], order: Sequence[tuple[str, str]], *, has_words: bool) -> str:
    """Match a whole row: nothing but values, unit and attribute stands between its cells."""
    words = _ANY_WORD if has_words else _ATTRIBUTE
    labels, unit = f"{_PARTS_CELLS}|{words}", compact(row["unit"])
    if not re.fullmatch(f"(?:{labels})*", unit):  # two ways to match one sign take for ever
        labels += f"|{spaced(unit)}"
    parted = f"(?:{labels})*"
    values = "".join(rf"{standing_alone(value)}(?=[{_GAP}|]|$){parted}" for _, value in order)
    return f"{spaced(row['name_zh'])}(?P<cells>{parted}{values})"


def _year_faults(row: pd.Series[Any], head: _Head) -> Iterator[str]:
    """Years that the column does not have, or where none has any, the title."""
    has_years = any(column.year for column in head.columns)
    for name in _OWN:
        year, places = row[f"{name}_year"], head.places(name, None)
        years = [head.columns[place].year for place in places] if has_years else []
        years = years or [int(year) for year in _YEAR.findall(head.title)]
        if row[f"{name}_printed"] and pd.notna(year) and years and not {year, 0} & {*years}:
            told = " and ".join(map(str, years))
            yield f"{name} is of {year:.0f}, but the head of its column says {told}"
