"""A report as comma-separated values and as Markdown."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

from spatialplan._formula import as_text
from spatialplan._markdown import escaped
from spatialplan._markdown import table_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ._content import Column
    from ._content import Content
    from ._content import Row
    from ._content import Table

_SHOWN = (
    "area_name",
    "name",
    "tier",
    "clause",
    "rule",
    "threshold",
    "measured",
    "required",
    "met",
    "unserved",
    "n_facilities",
    "confidence",
    "drawn_from",
)


def csv_text(report: Content) -> str:
    """Return the findings as CSV: shares 0-1, and no cell that a spreadsheet would run."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    columns = report.findings.columns
    writer.writerow([column.heading for column in columns])
    for row in report.findings.rows:
        writer.writerow([_csv_cell(row, column) for column in columns])
    return stream.getvalue()


def _csv_cell(row: Row, column: Column) -> str:
    value = row[column.key]
    if column.kind not in ("text", "long"):
        return "" if math.isnan(value) else f"{value:.12g}"
    return as_text(str(value))


def markdown_text(report: Content) -> str:
    """Return the whole report as Markdown."""
    return "\n".join(_markdown_lines(report)) + "\n"


def _markdown_lines(report: Content) -> Iterator[str]:
    said = report.words
    yield f"# {escaped(report.title)}\n"
    if report.banner:
        yield f"> **{escaped(report.banner)}**\n"
    yield f"**{escaped(report.headline)}**\n"
    yield f"{escaped(report.hint)}\n"
    shown = [column for column in report.findings.columns if column.key in _SHOWN]
    yield from _markdown_table(report.findings, shown, said)
    for table in (report.gaps, report.worst, report.basis, report.sources, report.run):
        yield from _markdown_table(table, table.columns, said)
    for title, lines in (("notes", report.notes), ("warnings", report.warnings)):
        yield f"## {said[title]}\n"
        yield from (f"* {escaped(line)}" for line in lines or (said["none_found"],))
        yield ""


def _markdown_table(
    table: Table, columns: Sequence[Column], said: Mapping[str, str]
) -> Iterator[str]:
    yield f"## {escaped(table.title)}\n"
    if not table.rows:
        yield f"{said['none_found']}\n"
        return
    yield from table_lines(
        [column.heading for column in columns],
        ([cell_text(row, column) for column in columns] for row in table.listed),
        right=[column.kind not in ("text", "long") for column in columns],
    )
    if len(table.listed) < table.total:
        yield said["more"].format(n=len(table.listed), total=table.total) + "\n"


def cell_text(row: Row, column: Column) -> str:
    """Return a value as it is read: figures with their unit where the row carries them so."""
    written = row.get(f"{column.key}_text")
    if written is not None:
        return str(written)
    value = row[column.key]
    if column.kind in ("text", "long"):
        return str(value)
    if math.isnan(value):
        return "—"
    return f"{value:,.2f}" if column.kind == "decimal" else f"{value:,.0f}"
