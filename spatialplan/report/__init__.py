"""
Reports of an assessment: Excel, Word, CSV, Markdown and a page for the browser or the printer.

No figure is computed here: a report writes what `assess` found, with its basis.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from spatialplan._files import replacing_file
from spatialplan._files import write_text
from spatialplan.errors import InputError

from ._content import Facts
from ._content import Figure
from ._content import content
from ._content import headline
from ._content import lowest_clause
from ._facts import far_note
from ._facts import report_facts
from ._page import page_text
from ._text import csv_text
from ._text import markdown_text
from ._words import Lang
from ._words import amount_text
from ._words import area_text
from ._words import people_text
from ._words import share_text
from ._words import words
from ._workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

__all__ = [
    "REPORT_SUFFIXES",
    "Facts",
    "Figure",
    "Lang",
    "amount_text",
    "area_text",
    "far_note",
    "headline",
    "lowest_clause",
    "people_text",
    "report_facts",
    "require_format",
    "share_text",
    "words",
    "write_findings",
]

_TEXTS = {".csv": csv_text, ".md": markdown_text, ".html": page_text}
REPORT_SUFFIXES = (".xlsx", ".docx", *_TEXTS)
"""The formats `write_findings` knows, by file name."""


def require_format(path: str | os.PathLike[str]) -> str:
    """
    Return the format a file name asks for; refuse one that is not known.

    Raises
    ------
    InputError
        If the name does not end in one of `REPORT_SUFFIXES`.

    Examples
    --------
    >>> require_format("coverage.XLSX")
    '.xlsx'
    """
    suffix = Path(path).suffix.lower()
    if suffix not in REPORT_SUFFIXES:
        raise InputError(
            os.fspath(path),
            f"no report format {suffix!r}" if suffix else "no report format in the name",
            allowed=", ".join(REPORT_SUFFIXES),
        )
    return suffix


def write_findings(
    path: str | os.PathLike[str],
    *,
    findings: pd.DataFrame,
    gaps: gpd.GeoDataFrame,
    worst: pd.DataFrame,
    sources: Iterable[Mapping[str, str]],
    facts: Facts,
    lang: Lang = "zh",
    figures: Sequence[Figure] = (),
) -> None:
    """
    Write an assessment as a file of the format that its name asks for.

    Parameters
    ----------
    path
        ``.xlsx`` (sheets: coverage, gaps, weakest areas, basis and sources), ``.docx`` (a
        document with `figures`), ``.csv`` (the findings only), ``.md`` or ``.html`` (one page
        that loads nothing).
    findings
        Table FINDINGS; rows whose confidence is M or L are marked as to be checked.
    gaps
        Places that are not served, with clause, rank, area and people.
    worst
        The weakest areas, ranked.
    sources
        One mapping for each source: role, title, date, licence, datum, sha256.
    facts
        Titles, standard, date, version, command, notes and warnings to print.
    lang
        ``zh`` or ``en``.
    figures
        Maps for ``.docx``; other formats have none.

    Raises
    ------
    InputError
        If the name asks for an unknown format, or `lang` is not known.
    OutputError
        If the file cannot be written; what stood there is intact.
    """
    suffix = require_format(path)
    if lang not in ("zh", "en"):
        raise InputError("lang", repr(lang), allowed="zh, en")
    report = content(
        findings=findings, gaps=gaps, worst=worst, sources=sources, facts=facts, lang=lang
    )
    if suffix == ".xlsx":
        with replacing_file(path) as draft:
            write_workbook(draft, report)
    elif suffix == ".docx":
        from ._word import write_document  # noqa: PLC0415 - python-docx, for this alone

        write_document(path, report, figures)
    else:
        # Excel takes a CSV for UTF-8 only if it starts with a byte order mark.
        encoding = "utf-8-sig" if suffix == ".csv" else "utf-8"
        write_text(path, _TEXTS[suffix](report), encoding=encoding)
