r"""
Tables in a text: rows of ``|``, tabs or runs of spaces, or one cell a line.

One cell a line, as word processors export them, looks like ``\n\tname\n\tunit\n\n\tnext row``:
a tab opens each cell and a blank line closes each row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple

from ._between import is_break
from ._between import is_group
from ._between import is_head
from ._spaced import filled
from ._spaced import spaced_runs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

_RULE = re.compile(r"[-:\s|]+")
_LONGEST_CELL_LINES = 5
_TITLE_LINES = 4
_TITLE_WITHIN = 2_000

Rows = tuple[tuple[str, ...], ...]


class _Line(NamedTuple):
    """A line of the text: its bounds and cells."""

    start: int
    end: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """
    A table of a document.

    Attributes
    ----------
    start, end
        Where it stands in the text.
    title_zh
        The line before it.
    rows
        Cells without white space, the heading first.
    """

    start: int
    end: int
    title_zh: str
    rows: Rows


def tables_of(text: str) -> tuple[Table, ...]:
    r"""
    Find the tables of a text.

    A table that goes on after a page break, with the same heading, is one table; a line that
    names the rows under it is a row of one cell.

    Examples
    --------
    >>> [table] = tables_of("表1 指标\n指标\t2025年\n绿地率\t40\n")
    >>> table.title_zh, table.rows
    ('表1 指标', (('指标', '2025年'), ('绿地率', '40')))
    """
    found = [*_line_tables(text), *_cell_tables(text), *_spaced_tables(text)]
    found.sort(key=lambda table: table.start)
    joined: list[Table] = []
    for table in found:
        before = joined[-1] if joined else None
        if before and _continues(text, before, table):
            rows = table.rows[1:] if table.rows[0] == before.rows[0] else table.rows
            joined[-1] = Table(before.start, table.end, before.title_zh, before.rows + rows)
        else:
            joined.append(table)
    return tuple(joined)


def _continues(text: str, before: Table, table: Table) -> bool:
    """Tell whether only a page break lies between two tables of one width."""
    between = re.sub(r"[\s\d\-—|]", "", text[before.end : table.start])
    return not between and len(before.rows[0]) == len(table.rows[0])


def _line_tables(text: str) -> Iterator[Table]:
    """Tables with a row in each line; a page break or the name of a group ends none."""
    run: list[_Line] = []
    waiting: list[_Line] = []
    for match in re.finditer(r"[^\n]*\n?", text):
        line = _Line(match.start(), match.end(), _cells(match[0]))
        if line.cells:
            if waiting and not _goes_on(run, line):
                yield from _of_lines(text, run)
                run, waiting = [], []
            run += [*waiting, line]
            waiting = []
        elif run and is_group(match[0]):
            waiting.append(line._replace(cells=_clean([match[0]])))
        elif not is_break(match[0]):
            yield from _of_lines(text, run)
            run, waiting = [], []
        elif run:
            waiting.append(line)
    yield from _of_lines(text, run)


def _goes_on(run: list[_Line], line: _Line) -> bool:
    """Tell whether a row behind other lines is of the same table: as wide, and no new heading."""
    is_again = line.cells == run[0].cells
    is_as_wide = len(line.cells) == max(len(run[0].cells), len(run[-1].cells))
    return is_as_wide and (is_again or not is_head(line.cells))


def _of_lines(text: str, run: list[_Line]) -> Iterator[Table]:
    rows = [line.cells for line in run if any(line.cells)]
    if len(rows) > 1:
        width = max(map(len, rows))
        padded = tuple(row + ("",) * (width - len(row)) for row in rows)
        start = run[0].start
        yield Table(start, run[-1].end, _title(text, start), padded)


def _cells(line: str) -> tuple[str, ...]:
    """Cells of a line; none if it is no row of a table."""
    bare = line.strip("\n")
    if bare.lstrip().startswith("|"):
        if _RULE.fullmatch(bare):
            return ("",)
        return _clean(bare.strip().strip("|").split("|"))
    if bare.count("\t") > bare.startswith("\t"):
        return _clean(bare.split("\t"))
    return ()


def _clean(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple("".join(cell.split()) for cell in cells)


def _cell_tables(text: str) -> Iterator[Table]:
    """Tables with a cell in each line."""
    run: list[re.Match[str]] = []
    for cell in re.finditer(r"^\t[^\t\n]*$", text, re.MULTILINE):
        if run and text.count("\n", run[-1].end(), cell.start()) > _LONGEST_CELL_LINES:
            yield from _of_cells(text, run)
            run = []
        run.append(cell)
    yield from _of_cells(text, run)


def _of_cells(text: str, run: list[re.Match[str]]) -> Iterator[Table]:
    if not run:
        return
    start, end = run[0].start(), run[-1].end()
    rows = [
        _clean(re.split(r"\n(?=\t)", row)) for row in re.split(r"\n[ \r]*\n(?=\t)", text[start:end])
    ]
    width = len(rows[0])
    if width > 1 and len(rows) > 1:
        kept = tuple(row for row in rows if len(row) == width)
        yield Table(start, end, _title(text, start), kept)


def _spaced_tables(text: str) -> Iterator[Table]:
    """Tables with runs of spaces between their cells."""
    for run in spaced_runs(text):
        start = run[0].start
        yield Table(
            start, run[-1].start + len(run[-1].words), _title(text, start), tuple(filled(run))
        )


def _title(text: str, start: int) -> str:
    """Return the nearest line before a table that speaks of one; "" where none does."""
    before = text[max(0, start - _TITLE_WITHIN) : start]
    lines = [line.strip() for line in before.splitlines() if line.strip()][-_TITLE_LINES:]
    named = [line for line in lines if re.search(r"表\s*\d|指标", line)]
    return (named or [""])[-1][:80]
