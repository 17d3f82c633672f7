"""CSV and XLSX as tables of text: nothing is typed, renamed or shifted on the way in."""

from __future__ import annotations

import csv
import io
import itertools
import logging
import warnings
import zipfile
from typing import TYPE_CHECKING
from typing import Any

import openpyxl
import pandas as pd

from spatialplan.errors import InputError
from spatialplan.errors import LimitError

from ._columns import rows_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from pathlib import Path

_log = logging.getLogger(__name__)

MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
MAX_UNPACKED_BYTES = 1_000_000_000

Row = tuple[int, "Sequence[Any]"]


def decode(path: Path, raw: bytes) -> str:
    """Text of a file in UTF-8, UTF-16 or GB18030; which one it was is logged."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        tried: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in raw:
        raise InputError(path, "is not a text file", do="export it again as UTF-8")
    else:
        tried = ("utf-8-sig", "gb18030")
    for encoding in tried:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        _log.info("%s: read as %s", path, encoding)
        return text
    raise InputError(path, f"the text is not {' or '.join(tried)}", do="save it as UTF-8")


def read_csv(path: Path) -> pd.DataFrame:
    """Rows of a table separated by comma, semicolon or tab."""
    text = decode(path, path.read_bytes())
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        return _table(path, enumerate(reader, start=1))
    except csv.Error as error:
        raise InputError(path, f"not a table ({error})", where=f"line {reader.line_num}") from error


def read_xlsx(path: Path, sheet: str | None) -> pd.DataFrame:
    """Rows of one sheet of a workbook: the named one, else the first."""
    require_modest_zip(path)
    try:
        with warnings.catch_warnings():
            # openpyxl warns about styles and extensions, which hold no data.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                return _table(path, _sheet_rows(path, book, sheet))
            finally:
                book.close()
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            path, f"cannot be read as a workbook ({error})", do="save it again as .xlsx"
        ) from error


def require_modest_zip(path: Path) -> None:
    """Refuse a package that would unpack to more than the limit."""
    try:
        with zipfile.ZipFile(path) as package:
            size = sum(member.file_size for member in package.infolist())
    except zipfile.BadZipFile as error:
        raise InputError(path, f"damaged ({error})", do="save it again") from error
    if size > MAX_UNPACKED_BYTES:
        msg = f"{path}: unpacks to {size:,} bytes; the limit is {MAX_UNPACKED_BYTES:,}"
        raise LimitError(msg)


def _sheet_rows(path: Path, book: Any, sheet: str | None) -> Iterator[Row]:
    names = book.sheetnames
    if sheet is not None and sheet not in names:
        raise InputError(path, f"no sheet {sheet!r}", allowed=", ".join(names))
    page = book[sheet or names[0]]
    # The recorded size of a sheet may be wrong; without it every row is read.
    page.reset_dimensions()
    return enumerate(page.iter_rows(values_only=True), start=1)


def _table(path: Path, rows: Iterable[Row]) -> pd.DataFrame:
    """Table of text: the first row with content is the header; the index is the row number."""
    filled = ((number, cells) for number, row in rows if any(cells := _plain(row)))
    header = next(filled, None)
    if header is None:
        raise InputError(path, "the table has no rows")
    names = _header(path, header[1])
    body = list(itertools.islice(filled, MAX_ROWS + 1))
    if len(body) > MAX_ROWS:
        msg = f"{path}: more than {MAX_ROWS:,} rows"
        raise LimitError(msg)
    if not body:
        raise InputError(path, "the table has a header and no rows")
    uneven = pd.Index([number for number, row in body if any(row[len(names) :])], name="row")
    if len(uneven):
        raise InputError(
            path, "more cells than the header has columns", where=rows_text(uneven),
            allowed=f"{len(names)} columns",
            do="delete the title row so that the header is row 1, or quote cells that hold the "
            "separator",
        )  # fmt: skip
    width = len(names)
    index = pd.Index([number for number, _ in body], name="row")
    full = [row[:width] + [""] * (width - len(row)) for _, row in body]
    return pd.DataFrame(full, columns=names, index=index, dtype="str")


def _plain(row: Sequence[Any]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in row]


def _header(path: Path, cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise InputError(path, f"{len(cells):,} columns", allowed=f"up to {MAX_COLUMNS:,}")
    names = [name or f"column {number}" for number, name in enumerate(cells, start=1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(path, f"the header names {', '.join(twice)} twice")
    return names
