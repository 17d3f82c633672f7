"""A planning document as text, whatever file it comes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spatialplan._files import require_file
from spatialplan.errors import InputError
from spatialplan.errors import LimitError

from ._docx import docx_text
from ._pdf import pdf_text
from ._tables import Table
from ._tables import tables_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

MAX_BYTES = 100_000_000
MAX_CHARACTERS = 1_000_000

_ADVICE = {
    ".doc": "in Word or WPS save it as .docx",
    ".wps": "in WPS save it as .docx",
    ".rtf": "in Word or WPS save it as .docx",
    ".odt": "in LibreOffice save it as .docx",
    ".ofd": "print it to a PDF with text, or save it as .txt",
    ".html": "save the page as .txt",
}


@dataclass(frozen=True)
class Document:
    """
    A document as read.

    Attributes
    ----------
    text
        All of its text, in order; a row of a table is a line with tabs, a footnote a
        paragraph of its own.
    tables
        Tables found in the text, with where they stand.
    """

    text: str
    tables: tuple[Table, ...]


def read_document(path: str | os.PathLike[str]) -> Document:
    """
    Read a document.

    Parameters
    ----------
    path
        ``.txt`` (UTF-8, UTF-16 or GB 18030), ``.docx`` or ``.pdf`` with text in it; at
        most 100 MB.

    Returns
    -------
    Document
        Its text and tables.

    Raises
    ------
    InputError
        If the file is missing, of another kind, damaged, encrypted, or holds no text.
    LimitError
        If the file or its text is too large.
    """
    found = require_file(path, role="document")
    size = found.stat().st_size
    if size > MAX_BYTES:
        msg = f"{path}: {size:,} bytes; a document may have {MAX_BYTES:,}"
        raise LimitError(msg)
    readers = {".txt": _txt_text, ".docx": docx_text, ".pdf": pdf_text}
    suffix = found.suffix.lower()
    if suffix not in readers:
        kind = suffix or "a file without suffix"
        raise InputError(path, f"{kind} cannot be read", allowed=", ".join(readers),
                         do=_ADVICE.get(suffix, ""))  # fmt: skip
    text = readers[suffix](found)
    if not text.strip():
        raise InputError(path, "holds no text")
    if len(text) > MAX_CHARACTERS:
        msg = f"{path}: {len(text):,} characters; a document may have {MAX_CHARACTERS:,}"
        raise LimitError(msg)
    return Document(text, tables_of(text))


def _txt_text(path: Path) -> str:
    content = path.read_bytes()
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in content and not wide:
        raise InputError(path, "is no text by its bytes", do="check what was exported")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise InputError(path, "is in no encoding known here", allowed="UTF-8, UTF-16, GB 18030",
                     do="save it as UTF-8")  # fmt: skip
