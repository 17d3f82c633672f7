"""Text of a PDF: what stands on its pages from top to bottom, tables as rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

from spatialplan.errors import InputError
from spatialplan.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_PAGES = 2_000

_PAGE_NUMBER = re.compile(r"\s*[-—－·]?\s*(?:第\s*)?\d{1,4}(?:\s*页)?\s*[-—－·]?\s*")


def pdf_text(path: Path) -> str:
    """
    Text of a ``.pdf`` file; cells of a row are parted by tabs, page numbers left out.

    Raises
    ------
    InputError
        If the file is no PDF, is damaged, has a password, or is a scan without text; or
        if pdfplumber is not installed.
    LimitError
        If it has too many pages.
    """
    try:
        import pdfplumber  # noqa: PLC0415 - an extra, for this alone
    except ImportError as error:
        raise InputError(
            path, "a PDF needs pdfplumber", do="pip install 'spatialplan[documents]'"
        ) from error
    if not path.read_bytes()[:1024].lstrip().startswith(b"%PDF"):
        raise InputError(path, "is no PDF by its first bytes", do="check what was exported")
    try:
        with pdfplumber.open(path) as pdf:
            _refuse_long(path, len(pdf.pages))
            text = "\n".join(_page(page) for page in pdf.pages)
    except (LimitError, MemoryError):
        raise
    except Exception as error:  # pdfminer raises what the file makes it meet
        raise InputError(
            path, f"is damaged or has a password ({type(error).__name__})",
            do="open it and save it again without a password",
        ) from error  # fmt: skip
    if not text.strip():
        raise InputError(path, "has pages but no text; it is a scan", do="run OCR on it first")
    return text + "\n"


def _refuse_long(path: Path, pages: int) -> None:
    if pages > MAX_PAGES:
        msg = f"{path}: {pages:,} pages; a document may have {MAX_PAGES:,}"
        raise LimitError(msg)


def _page(page: Any) -> str:
    """Text above, in and below the tables of a page."""
    lines: list[str] = []
    top = page.bbox[1]
    for table in sorted(page.find_tables(), key=lambda found: found.bbox[1]):
        _, first, _, last = table.bbox
        lines += _between(page, top, first)
        lines += _rows(table)
        top = max(top, last)
    lines += _between(page, top, page.bbox[3])
    for place in (0, -1):
        if lines and _PAGE_NUMBER.fullmatch(lines[place]):
            del lines[place]
    page.close()
    return "\n".join(lines)


def _between(page: Any, top: float, bottom: float) -> list[str]:
    if bottom - top < 1:
        return []
    left, _, right, _ = page.bbox
    text = page.crop((left, top, right, bottom)).extract_text()
    return [line for line in text.split("\n") if line.strip()]


def _rows(table: Any) -> Iterator[str]:
    for row in table.extract():
        yield "\t".join("".join((cell or "").split()) for cell in row)
