"""A report as a Word document, with maps."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from spatialplan._files import replacing_file

from ._text import cell_text
from ._word_look import FAILED
from ._word_look import STRONG
from ._word_look import add_picture
from ._word_look import add_text
from ._word_look import new_document
from ._word_table import DOUBT_FILL
from ._word_table import NUMBER
from ._word_table import Cell
from ._word_table import add_table
from ._words import people_text

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from docx.document import Document

    from ._content import Column
    from ._content import Content
    from ._content import Figure
    from ._content import Row
    from ._content import Table

_SHOWN = ("name", "rule", "measured", "required", "met", "unserved", "n_facilities",
          "confidence", "drawn_from")  # fmt: skip
_ACROSS = {"zh": 8, "en": 6}  # clauses beside each other in a table by area


def write_document(
    path: str | os.PathLike[str], report: Content, figures: Sequence[Figure]
) -> None:
    """Write the document: result first, then maps, gaps and areas, then what it rests on."""
    document = new_document(report.title, lang=report.lang)
    whole = [row for row in report.findings.rows if not row["area_id"]]
    judged = [row for row in whole if row["judged"]]
    _add_head(document, report, judged)
    _add_findings(document, report, judged)
    for number, figure in enumerate(figures, start=1):
        _add_figure(document, report, figure, number)
    for table in (report.gaps, report.worst):
        _add_listing(document, report, table)
    _add_areas(document, report, judged)
    _add_unjudged(document, report, [row for row in whole if not row["judged"]])
    for table in (report.basis, report.sources, report.run):
        _add_listing(document, report, table)
    _add_lines(document, report.words["notes"], report.notes or (report.words["none_found"],))
    packed = io.BytesIO()  # a zip file that cannot be closed complains long after
    document.save(packed)
    with replacing_file(path) as draft:
        draft.write_bytes(packed.getvalue())


def _add_head(document: Document, report: Content, judged: Sequence[Row]) -> None:
    """Add the result in a sentence, how it was counted, and what to beware of."""
    said = report.words
    if report.banner:
        add_text(document, report.banner, "Banner")
    add_text(document, report.headline, "Body Text")
    comma = "、" if report.lang == "zh" else ", "
    people = [row["total"] for row in judged if row["total_unit"] == "person"]
    facts = [
        *((row["role"], row["title"]) for row in report.run.rows[:2]),
        (said["people_counted"], people_text(people[0], lang=report.lang) if people else ""),
        *((said[key], comma.join(dict.fromkeys(row[key] for row in judged)))
          for key in ("rule", "denominator")),
    ]  # fmt: skip
    add_table(document, [[Cell(key, mark=STRONG), Cell(told)] for key, told in facts if told])
    if report.warnings:
        _add_lines(document, said["warnings"], report.warnings)


def _add_findings(document: Document, report: Content, judged: Sequence[Row]) -> None:
    columns = {column.key: column for column in report.findings.columns}
    shown = [columns[key] for key in _SHOWN]
    add_text(document, report.words["coverage"], "Heading 1")
    if not judged:
        add_text(document, report.words["none_found"], "Body Text")
        return
    if report.hint:
        add_text(document, report.hint, "Hint")
    rows = [[_finding_cell(row, column) for column in shown] for row in judged]
    add_table(document, rows, heads=[column.heading for column in shown])


def _finding_cell(row: Row, column: Column) -> Cell:
    """Return a cell of the table of findings; what belongs to its words stands under them."""
    cell = _cell(row, column)
    if column.key == "name":
        return replace(cell, mark=STRONG, under=(f"{row['tier']} · {row['clause']}", row["note"]))
    if column.key == "rule":
        return replace(cell, under=(f"{row['threshold']} · {row['denominator']}",))
    return cell


def _cell(row: Row, column: Column) -> Cell:
    """Return a value as it is read; doubts and failures are marked."""
    text = cell_text(row, column)
    if column.key == "confidence" and row["uncertain"]:
        return Cell(text, fill=DOUBT_FILL)
    if column.key == "met" and row["failed"]:
        return Cell(text, mark=FAILED)
    return Cell(text) if column.kind in ("text", "long") else Cell(text, style=NUMBER)


def _add_figure(document: Document, report: Content, figure: Figure, number: int) -> None:
    """Add the map, its title under it, and its class table."""
    said = report.words
    add_text(document, figure.title, "Heading 1")
    add_picture(document, figure.picture, told=figure.title)
    add_text(document, said["figure"].format(n=number, title=figure.title), "Caption")
    rows = [
        [Cell("", fill=color.removeprefix("#").upper()), Cell(label), Cell(amount, style=NUMBER)]
        for label, amount, color in figure.classes
    ]
    if rows:
        add_table(document, rows, heads=[said["color"], said["class"], figure.counted])


def _add_listing(document: Document, report: Content, table: Table) -> None:
    """Add a table as the page lists it; notes stand beside the findings already."""
    add_text(document, table.title, "Heading 1")
    if not table.rows:
        add_text(document, report.words["none_found"], "Body Text")
        return
    columns = [column for column in table.columns if column.key != "note"]
    rows = [[_cell(row, column) for column in columns] for row in table.listed]
    add_table(document, rows, heads=[column.heading for column in columns])
    if len(table.listed) < table.total:
        more = report.words["more"].format(n=len(table.listed), total=table.total)
        add_text(document, more, "Hint")


def _add_areas(document: Document, report: Content, judged: Sequence[Row]) -> None:
    """Add coverage by area, some clauses beside each other, if it was asked for."""
    rows = [row for row in report.findings.rows if row["area_id"] and row["judged"]]
    if not rows:
        return
    add_text(document, report.words["by_area"], "Heading 1")
    shares = {(row["area_id"], row["clause_id"]): row["measured_text"] for row in rows}
    areas = {row["area_id"]: row["area_name"] for row in rows}
    across = _ACROSS[report.lang]
    for first in range(0, len(judged), across):
        items = judged[first : first + across]
        lines = [
            [Cell(name, mark=STRONG),
             *(Cell(shares.get((area, item["clause_id"]), "—"), style=NUMBER) for item in items)]
            for area, name in areas.items()
        ]  # fmt: skip
        heads = [f"{item['name']}\n{item['tier']}" for item in items]
        add_table(document, lines, heads=[report.words["area_name"], *heads])


def _add_unjudged(document: Document, report: Content, unjudged: Sequence[Row]) -> None:
    said = report.words
    if unjudged:
        _add_lines(document, said["unmeasured"],
                   [said["not_judged"].format_map(row) for row in unjudged])  # fmt: skip


def _add_lines(document: Document, title: str, lines: Sequence[str]) -> None:
    add_text(document, title, "Heading 1")
    for line in lines:
        add_text(document, line, "List Bullet")
