"""A report as an Excel workbook."""

from __future__ import annotations

import io
import math
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import DataBarRule
from openpyxl.styles import Alignment
from openpyxl.styles import Border
from openpyxl.styles import Font
from openpyxl.styles import NamedStyle
from openpyxl.styles import PatternFill
from openpyxl.styles import Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from ._content import Column
    from ._content import Content
    from ._content import Row
    from ._content import Table

_MAX_CHARACTERS = 32_767
_MAX_HEIGHT_PT = 409.0
_LINE_PT = 15.0
_SLACK = 1.12
"""Lines break before they are full, and fonts differ."""
_A4_WIDTH = 150
"""Columns of this many characters in all are read well on A4; wider ones need A3."""
_FORMATS = {
    "table count": "#,##0",
    "table decimal": "#,##0.00",
    **{f"table share {digits}": f"0.{'0' * digits}%" for digits in (1, 2, 3, 4)},
}
_LINE = Side(style="thin", color="C8CCD0")
_BORDER = Border(top=_LINE, bottom=_LINE, left=_LINE, right=_LINE)
_HEAD = PatternFill("solid", fgColor="1F4E79")
_DOUBT = PatternFill("solid", fgColor="FFF2CC")
_PLAIN = Font()
_NO_FILL = PatternFill()
_WARN = PatternFill("solid", fgColor="C00000")


def write_workbook(path: Path, report: Content) -> None:
    """Write the sheets coverage, gaps, weakest areas, and basis and sources."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _add_styles(book)
    # What every area repeats of a clause stands once, in the sheet of the basis.
    short = tuple(column for column in report.findings.columns if column.kind != "long")
    for table in (replace(report.findings, columns=short), report.gaps, report.worst):
        _table_sheet(book, table, report)
    _basis_sheet(book, report)
    packed = io.BytesIO()  # a zip file that cannot be closed complains long after
    book.save(packed)
    path.write_bytes(packed.getvalue())


def _add_styles(book: Workbook) -> None:
    """Name the styles of cells once: styling cell by cell takes most of a long table's time."""
    wrapped = Alignment(wrap_text=True, vertical="center")
    book.add_named_style(NamedStyle("table text", alignment=wrapped, border=_BORDER))
    right = Alignment(horizontal="right", vertical="center")
    for name, written in _FORMATS.items():
        style = NamedStyle(name, alignment=right, border=_BORDER, number_format=written)
        book.add_named_style(style)


def _table_sheet(book: Workbook, table: Table, report: Content) -> None:
    sheet = _sheet(book, table.title, report, [table])
    if len(table.rows) < table.total:
        _line(sheet, report.words["more_gaps"].format(n=len(table.rows), total=table.total))
    first = _table(sheet, table, report)
    _fit(sheet, table, first - 1)
    last = max(sheet.max_row, first)
    right = _right(sheet)
    sheet.freeze_panes = f"C{first}"
    sheet.print_title_rows = f"{first - 1}:{first - 1}"
    sheet.print_area = f"A1:{right}{last}"
    sheet.auto_filter.ref = f"A{first - 1}:{right}{last}"
    for at, column in enumerate(table.columns, start=1):
        if column.key == "measured":
            letter = get_column_letter(at)
            bar = DataBarRule("num", 0, "num", 1, color="5B9BD5")  # type: ignore[no-untyped-call]
            sheet.conditional_formatting.add(f"{letter}{first}:{letter}{last}", bar)


def _basis_sheet(book: Workbook, report: Content) -> None:
    tables = [report.basis, report.sources, report.run]
    sheet = _sheet(book, report.words["basis_sheet"], report, tables)
    for table in tables:
        _heading(sheet, table.title)
        _fit(sheet, table, _table(sheet, table, report) - 1)
    for title, lines in (("notes", report.notes), ("warnings", report.warnings)):
        _heading(sheet, report.words[title])
        for line in lines or (report.words["none_found"],):
            _line(sheet, line)
    sheet.print_area = f"A1:{_right(sheet)}{sheet.max_row}"


def _sheet(book: Workbook, title: str, report: Content, tables: list[Table]) -> Worksheet:
    """Return a new sheet with what stands above every table, and with its columns' widths."""
    sheet: Worksheet = book.create_sheet(title)
    for table in tables:
        for at, column in enumerate(table.columns, start=1):
            shape = sheet.column_dimensions[get_column_letter(at)]
            shape.width = max(shape.width if table is not tables[0] else 0, column.width)
    _line(sheet, report.title, Font(bold=True, size=16))
    if report.banner:
        _line(sheet, report.banner, Font(bold=True, color="FFFFFF"), _WARN)
    _line(sheet, report.headline, Font(bold=True, size=12))
    if report.hint:
        _line(sheet, report.hint, Font(italic=True, color="7F6000"))
    sheet.page_setup.orientation = "landscape"
    wide = sum(shape.width for shape in sheet.column_dimensions.values()) > _A4_WIDTH
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if wide else sheet.PAPERSIZE_A4
    sheet.page_margins = PageMargins(0.4, 0.4, 0.5, 0.5)
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return sheet


def _line(sheet: Worksheet, text: str, font: Font = _PLAIN, fill: PatternFill = _NO_FILL) -> None:
    """Add a line over all columns, as high as its text needs."""
    cell = _cell(sheet, _next_row(sheet), 1)
    _put_text(cell, text)
    cell.font, cell.fill = font, fill
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.merge_cells(f"A{cell.row}:{_right(sheet)}{cell.row}")
    widths = [shape.width for shape in sheet.column_dimensions.values()]
    scale = float(font.size or 11) / 11
    sheet.row_dimensions[cell.row].height = _height_pt(text, sum(widths) / scale) * scale


def _heading(sheet: Worksheet, text: str) -> None:
    cell = _cell(sheet, _next_row(sheet) + 1, 1)
    _put_text(cell, text)
    cell.font = Font(bold=True, size=12, color="1F4E79")


def _right(sheet: Worksheet) -> str:
    """Return the letter of the last column that has a width of its own."""
    return get_column_letter(len(sheet.column_dimensions))


def _fit(sheet: Worksheet, table: Table, top: int) -> None:
    """Set the heights of a table's rows: not every program finds them for wrapped text."""
    texts = [column for column in table.columns if column.kind in ("text", "long")]
    width = {
        column.key: sheet.column_dimensions[get_column_letter(at)].width
        for at, column in enumerate(table.columns, start=1)
    }
    heads = (_height_pt(column.heading, width[column.key]) for column in table.columns)
    sheet.row_dimensions[top].height = max(heads)
    for down, row in enumerate(table.rows, start=top + 1):
        heights = (_height_pt(str(row[column.key]), width[column.key]) for column in texts)
        sheet.row_dimensions[down].height = max(heights, default=_LINE_PT)


def _height_pt(text: str, width: float) -> float:
    """Return the height of wrapped text; an ideograph is as wide as two digits."""
    lines = 0
    for part in text.split("\n"):
        letters = sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in part)
        lines += max(1, math.ceil(letters * _SLACK / width))
    return min(_MAX_HEIGHT_PT, _LINE_PT * lines + 3)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    return cast("Cell", sheet.cell(row, column))


def _next_row(sheet: Worksheet) -> int:
    return sheet.max_row + 1 if sheet["A1"].value else 1


def _table(sheet: Worksheet, table: Table, report: Content) -> int:
    """Add a table below what stands there; return the row of its first line."""
    top = _next_row(sheet)
    for at, column in enumerate(table.columns, start=1):
        head = _cell(sheet, top, at)
        _put_text(head, column.heading)
        head.font, head.fill, head.border = Font(bold=True, color="FFFFFF"), _HEAD, _BORDER
        head.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    for down, row in enumerate(table.rows, start=top + 1):
        for at, column in enumerate(table.columns, start=1):
            _put(_cell(sheet, down, at), row, column)
    if not table.rows:
        _put_text(_cell(sheet, top + 1, 1), report.words["none_found"])
    return top + 1


def _put(cell: Cell, row: Row, column: Column) -> None:
    if column.kind in ("text", "long"):
        cell.style = "table text"
        _put_text(cell, str(row[column.key]))
    else:
        digits = f" {row['share_digits']}" if column.kind == "share" else ""
        cell.style = f"table {column.kind}{digits}"
        _put_number(cell, float(row[column.key]))
    if column.key == "confidence" and row["uncertain"]:
        cell.fill = _DOUBT
    if column.key == "met" and row["failed"]:
        cell.font = Font(bold=True, color="C00000")


def _put_number(cell: Cell, value: float) -> None:
    if math.isfinite(value):
        cell.value = value
    else:
        _put_text(cell, "—")


def _put_text(cell: Cell, text: str) -> None:
    """Put text that stays text, whatever it starts with: no cell is ever a formula."""
    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_MAX_CHARACTERS]
        cell.data_type = "s"
        # So that it stays text even when someone edits the cell.
        cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
