"""
Text of a Word document: paragraphs, tables and footnotes, in their order.

Read from its XML, because footnotes, where plans explain their codes, and content
controls are no part of what libraries give as paragraphs.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from spatialplan.errors import InputError
from spatialplan.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

MAX_UNPACKED_BYTES = 300_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_BODY, _NOTES = "word/document.xml", "word/footnotes.xml"


def docx_text(path: Path) -> str:
    """
    Text of a ``.docx`` file; cells of a row are parted by tabs, footnotes come last.

    Raises
    ------
    InputError
        If the file is no Word document, is damaged or encrypted.
    LimitError
        If it unpacks to too much.
    """
    try:
        with zipfile.ZipFile(path) as package:
            size = sum(entry.file_size for entry in package.infolist())
            if size > MAX_UNPACKED_BYTES:
                msg = f"{path}: unpacks to {size:,} bytes; the limit is {MAX_UNPACKED_BYTES:,}"
                raise LimitError(msg)
            body = ElementTree.fromstring(package.read(_BODY), forbid_dtd=True)
            has_notes = _NOTES in package.namelist()
            notes = ElementTree.fromstring(package.read(_NOTES)) if has_notes else None
    except (zipfile.BadZipFile, KeyError, RuntimeError, ParseError, DefusedXmlException) as error:
        raise InputError(
            path, "is no Word document, is damaged or has a password",
            do="open it in Word or WPS and save it as .docx without a password",
        ) from error  # fmt: skip
    lines = [*_blocks(body), *(() if notes is None else _notes(notes))]
    return "\n".join(lines) + "\n"


def _blocks(element: Element) -> Iterator[str]:
    """Paragraphs and rows of tables below an element."""
    for child in element:
        if child.tag == f"{_W}p":
            yield _words(child)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        else:  # a body, a content control, a tracked insertion
            yield from _blocks(child)


def _words(paragraph: Element) -> str:
    pieces = []
    for element in paragraph.iter():
        if element.tag == f"{_W}t":
            pieces.append(element.text or "")
        elif element.tag in (f"{_W}tab", f"{_W}br"):
            pieces.append(" ")
        elif element.tag == f"{_W}footnoteReference":
            pieces.append(_mark(element))
    return "".join(pieces)


def _rows(table: Element) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        cells = []
        for cell in row.iter(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = int(span.get(f"{_W}val", "1")) if span is not None else 1
            words = "".join(_words(paragraph) for paragraph in cell.iter(f"{_W}p"))
            cells += [re.sub(r"\s+", " ", words), *[""] * (min(width, 50) - 1)]
        yield "\t".join(cells)


def _notes(notes: Element) -> Iterator[str]:
    for note in notes.iter(f"{_W}footnote"):
        words = "".join(_words(paragraph) for paragraph in note.iter(f"{_W}p"))
        if words.strip():
            yield f"{_mark(note)} {words.strip()}"


def _mark(element: Element) -> str:
    number = element.get(f"{_W}id", "")
    return "".join(_MARKS[int(digit)] for digit in number if digit.isdecimal())
