"""Tables of a report in Word: as wide as their words ask, and never wider than the page."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING
from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Pt

from ._word_look import CELL_PAD_PT
from ._word_look import CELL_PT
from ._word_look import ROOM_PT
from ._word_look import add_text
from ._word_look import cleaned
from ._word_look import shade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document

TEXT, NUMBER, NOTE, HEAD = "TableText", "TableNumber", "TableNote", "TableHead"
"""Ids of the styles of paragraphs in tables."""
HEAD_FILL, DOUBT_FILL = "DCE6F0", "FFF2CC"

_PAD = 2 * CELL_PAD_PT / CELL_PT + 0.15  # in letters, with the lines
_SLACK = 1.12
"""Lines break before they are full, and fonts differ."""
_TOGETHER = 5.0  # ideographs that are not parted where a column can be wider
_LONGEST = 8.0  # a longer word may be broken
_FIGURES = 12.0  # and more than so many figures
_SHORT = 12  # rows of a table that is not parted by the end of a page
_DEEPER = 1.02  # how much deeper rows are tried
_NARROW = 0.5  # width of a letter that is no ideograph
_WIDTHS = {"%": 0.9, **dict.fromkeys(ascii_uppercase, 0.75)}


@dataclass(frozen=True)
class Cell:
    """
    What stands in a cell: words, smaller lines under them, and how both are marked.

    ``style`` is of its paragraph, ``mark`` of its words, ``fill`` its colour as RRGGBB.
    """

    text: str
    under: tuple[str, ...] = ()
    style: str = TEXT
    mark: str = ""
    fill: str = ""


def add_table(
    document: Document, rows: Sequence[Sequence[Cell]], *, heads: Sequence[str] = ()
) -> None:
    """Add a table; its `heads` stand again on each page that it goes on to, if it is long."""
    head = [Cell(text, style=HEAD, fill=HEAD_FILL) for text in heads]
    lines = [head, *rows] if head else rows
    table = document.add_table(len(lines), len(lines[0]), "Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    tree: Any = table._tbl  # noqa: SLF001 - cell by cell, python-docx takes seconds
    widths = [Pt(width * CELL_PT) for width in column_widths(lines, ROOM_PT / CELL_PT)]
    for column, width in zip(tree.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    for row, cells in zip(tree.tr_lst, lines, strict=True):
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, cell, width in zip(row.tc_lst, cells, widths, strict=True):
            place.width = width
            _fill(place, cell)
    if head:
        tree.tr_lst[0].trPr.append(OxmlElement("w:tblHeader"))
    if len(lines) <= _SHORT:
        _keep_together(tree)
    add_text(document, "", "Table Note")  # two tables that touch would become one


def column_widths(lines: Sequence[Sequence[Cell]], room: float) -> list[float]:
    """
    Return the widths of columns, in letters as wide as an ideograph, `room` at most in all.

    Every column holds its longest word. Where there is not room for all words on one line,
    columns take as many lines as each other, which keeps rows low.

    Examples
    --------
    >>> lines = [[Cell("小学"), Cell("10.0%", style=NUMBER)], [Cell("文化活动中心"), Cell("—")]]
    >>> [round(width, 2) for width in column_widths(lines, 40)]
    [7.62, 4.15]
    >>> [round(width, 2) for width in column_widths(lines, 11)]
    [6.82, 4.18]
    """
    columns = list(zip(*lines, strict=True))
    least = [max(map(_least, column)) * _SLACK + _PAD for column in columns]
    whole = [max(map(_whole, column)) * _SLACK + _PAD for column in columns]
    widths = whole = [*map(max, least, whole)]
    if sum(whole) <= room:
        return whole
    deep = 1.0
    while sum(widths) > room and widths != least:
        deep *= _DEEPER
        widths = [max(own, most / deep) for own, most in zip(least, whole, strict=True)]
    return [width * room / sum(widths) for width in widths]


def _least(cell: Cell) -> float:
    """Width of the longest word of a cell, or of so much of it as should not be broken."""
    text = " ".join((cell.text, *cell.under))
    words = text.split()
    if not any(map(str.isalpha, text)):  # a date, or a place by its degrees
        return min(_width(text), _FIGURES)
    if cell.style == NUMBER:  # keeps its unit beside it unless there is a space between
        return max(map(_width, words))
    most = (_TOGETHER if any(map(_is_wide, word)) else _LONGEST for word in words)
    return max(map(min, map(_width, words), most))


def _whole(cell: Cell) -> float:
    """Width for all of a cell's words on one line; those of a head may take two."""
    own = max(map(_width, cell.text.split("\n")))
    return own / 2 if cell.style == HEAD else own + sum(map(_width, cell.under))


def _width(text: str) -> float:
    """Width of a text in ideographs."""
    return sum(1.0 if _is_wide(one) else _WIDTHS.get(one, _NARROW) for one in text)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WFA"


def _keep_together(tree: Any) -> None:
    """Let every row but the last stay on the page of the next one."""
    for row in tree.tr_lst[:-1]:
        for paragraph in (one for place in row.tc_lst for one in place.p_lst):
            paragraph.get_or_add_pPr().keepNext_val = True


def _fill(place: Any, cell: Cell) -> None:
    properties = place.get_or_add_tcPr()
    if cell.fill:
        properties.append(shade(cell.fill))
    properties.vAlign_val = WD_ALIGN_VERTICAL.CENTER
    _write(place.p_lst[0], cell.text, cell.style, cell.mark)
    for line in filter(None, cell.under):
        _write(place.add_p(), line, NOTE)


def _write(paragraph: Any, text: str, style: str, mark: str = "") -> None:
    paragraph.style = style
    run = paragraph.add_r()
    run.text = cleaned(text)
    if mark:
        run.style = mark
