"""Tables whose columns are parted by runs of spaces, as plain text has them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from typing import NamedTuple

from ._between import is_break
from ._between import is_group
from ._between import is_head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

_GAP = re.compile(r"(?<=\S)(?: {2,}|[ \u3000]*\u3000[ \u3000]*)(?=\S)")
_ANY_GAP = re.compile(r"(?<=\S)\s+(?=\S)")
_VALUES = re.compile("单位|目标|现状|基期|(?:19|20)\\d\\d")
_FEWEST = 3
"""Rows, and columns, that it takes to line up by no accident."""


class SpacedRow(NamedTuple):
    """A line with cells: where it stands, where its gaps begin, its cells and their columns."""

    start: int
    words: str
    gaps: tuple[int, ...]
    cells: tuple[str, ...]
    columns: tuple[tuple[int, int], ...]


def spaced_runs(text: str) -> Iterator[list[SpacedRow]]:
    r"""
    Find lines below each other whose cells line up.

    Examples
    --------
    >>> [run] = spaced_runs("指标    2020年  2025年\n绿地率  38      40\n林地率  9       10\n")
    >>> [row.cells for row in run][1]
    ('绿地率', '38', '40')
    """
    known: set[int] = set()
    for run in _wide_runs(text):
        known.update(row.start for row in run)
        yield run
    yield from _narrow_runs(text, known)


def _wide_runs(text: str) -> Iterator[list[SpacedRow]]:
    """Rows whose gaps are wider than a space."""
    run: list[SpacedRow] = []
    groups: list[SpacedRow] = []
    for line in re.finditer(r"[^\n]+|\Z", text):
        row = _row(line.start(), line[0])
        if row.gaps and groups and is_head(row.cells):
            yield from _lined_up(run)
            run, groups = [], []
        if row.gaps:
            run += [*groups, row]
            groups = []
        elif run and is_group(line[0]):
            groups.append(row)
        elif not line[0] or not is_break(line[0]):
            yield from _lined_up(run)
            run, groups = [], []


def _narrow_runs(text: str, known: AbstractSet[int]) -> Iterator[list[SpacedRow]]:
    """Rows parted by single spaces: a heading of indicators tells how many cells they have."""
    run: list[SpacedRow] = []
    groups: list[SpacedRow] = []
    for line in re.finditer(r"[^\n]+|\Z", text):
        row = _row(line.start(), line[0], _ANY_GAP)
        fitted = _fitted(row, run[0]) if run else None
        if fitted is not None:
            run += [*groups, fitted]
            groups = []
        elif run and is_group(line[0]) and not is_head(row.cells):
            groups.append(_row(line.start(), line[0]))
        elif not line[0] or not is_break(line[0]):
            if len(run) >= _FEWEST:
                yield run
            groups = []
            run = [row] if row.start not in known and _is_narrow_head(row) else []


def _is_narrow_head(row: SpacedRow) -> bool:
    return len(row.cells) >= _FEWEST and "指标" in row.words and bool(_VALUES.search(row.words))


def _fitted(row: SpacedRow, head: SpacedRow) -> SpacedRow | None:
    """Return a row with the cells of its heading: spaces too many are those of the name."""
    more = len(row.cells) - len(head.cells)
    name = max(place for place, cell in enumerate(head.cells) if "指标" in cell)
    if more < 0 or not re.search(r"\d", "".join(row.cells[name + more + 1 :])):
        return None
    last = name + more
    return SpacedRow(
        row.start,
        row.words,
        row.gaps[:name] + row.gaps[last:],
        (*row.cells[:name], "".join(row.cells[name : last + 1]), *row.cells[last + 1 :]),
        (
            *row.columns[:name],
            (row.columns[name][0], row.columns[last][1]),
            *row.columns[last + 1 :],
        ),
    )


def filled(run: Sequence[SpacedRow]) -> Iterator[tuple[str, ...]]:
    """Rows of a run with as many cells as the widest; what is missing is empty."""
    widest = max(run, key=lambda row: len(row.cells))
    for row in run:
        if len(row.cells) == len(widest.cells):
            yield row.cells
            continue
        cells = [""] * len(widest.cells)
        for cell, column in zip(row.cells, row.columns, strict=True):
            cells[_nearest(column, widest.columns)] += cell
        yield tuple(cells)


def _row(start: int, words: str, gap: re.Pattern[str] = _GAP) -> SpacedRow:
    gaps = [] if "\t" in words or words.lstrip().startswith("|") else [*gap.finditer(words)]
    starts = [len(words) - len(words.lstrip()), *(gap.end() for gap in gaps)]
    ends = [*(gap.start() for gap in gaps), len(words.rstrip())]
    bounds = [*zip(starts, ends, strict=True)]
    return SpacedRow(
        start,
        words,
        tuple(start + gap.start() for gap in gaps),
        tuple("".join(words[a:b].split()) for a, b in bounds),
        tuple((_width(words[:a]), _width(words[:b])) for a, b in bounds),
    )


def _lined_up(run: list[SpacedRow]) -> Iterator[list[SpacedRow]]:
    """Give a run back if enough rows are as wide as the widest, or stand in its columns."""
    widest = max(run, key=lambda row: len(row.cells), default=None)
    if widest is None:
        return
    rows = [_split_up(row, len(widest.cells)) for row in run]
    shorter = [row for row in rows if _FEWEST <= len(row.cells) < len(widest.cells)]
    whole = [row for row in rows if len(row.cells) == len(widest.cells) >= _FEWEST]
    if len(whole) + sum(_is_apart(row, widest) for row in shorter) >= _FEWEST:
        yield rows


def _is_apart(row: SpacedRow, widest: SpacedRow) -> bool:
    """Tell whether each cell stands in a column of its own."""
    return len({_nearest(column, widest.columns) for column in row.columns}) == len(row.cells)


def _split_up(row: SpacedRow, width: int) -> SpacedRow:
    """Where a long name leaves but one space before the next cell, it parts cells as well."""
    if len(row.cells) < width == len(row.words.split()):
        return _row(row.start, row.words, _ANY_GAP)
    return row


def _nearest(column: tuple[int, int], known: Sequence[tuple[int, int]]) -> int:
    """Index of the column whose left, right or middle is nearest."""

    def apart(place: int) -> float:
        (start, end), (first, last) = column, known[place]
        return min(abs(start - first), abs(end - last), abs(start + end - first - last) / 2)

    return min(range(len(known)), key=apart)


def _width(words: str) -> int:
    """
    Width on the screen: a Chinese sign takes two places.

    >>> _width("绿地率 %")
    8
    """
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in words)
