"""Sheets as files: PDF with one page for each, PNG with one file for each."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.text import Text

from spatialplan._files import replacing_file
from spatialplan._files import require_parent
from spatialplan.errors import InputError

from ._typeface import pdf_font_type

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

SUFFIXES = (".pdf", ".png")
DRAWN: dict[Any, Any] = {"hatch.linewidth": 0.8}  # what matplotlib asks for when it draws


def write_sheet(sheets: Figure | Iterable[Figure], path: str | os.PathLike[str]) -> list[Path]:
    """
    Write one sheet or several, atomically.

    Parameters
    ----------
    sheets
        Made by `draw_sheet` or `draw_atlas`; taken one after another.
    path
        ``.pdf``: vectors, each sheet a page; ``.png``: pictures, of several sheets
        ``name-01.png``, ``name-02.png`` ...

    Returns
    -------
    list
        The files written.

    Raises
    ------
    InputError
        If the file is neither, or there is no sheet.
    OutputError
        If a file cannot be written; what stood there is intact.
    """
    target = require_parent(path)
    kind = target.suffix.lower()
    if kind not in SUFFIXES:
        raise InputError(target, "a sheet is a picture or a page", allowed=" or ".join(SUFFIXES))
    figures = iter([sheets] if isinstance(sheets, Figure) else sheets)
    first = next(figures, None)
    if first is None:
        raise InputError("sheet", "no sheet to write")
    if kind == ".pdf":
        return [_write_pages(first, figures, target)]
    return _write_pictures(first, figures, target)


def _write_pages(first: Figure, more: Iterable[Figure], target: Path) -> Path:
    # Without a date the same sheets make the same file.
    about = {"Creator": "spatialplan", "CreationDate": None}
    # Fonts are written last of all, so that the rules must hold until the file is closed.
    rules = {"pdf.fonttype": _font_type(first), **DRAWN}
    with (
        replacing_file(target) as draft,
        mpl.rc_context(rules),
        PdfPages(draft, metadata=about) as pages,
    ):
        for figure in _one_by_one(first, more):
            pages.savefig(figure)
    return target


def _write_pictures(first: Figure, more: Iterable[Figure], target: Path) -> list[Path]:
    following = iter(more)
    second = next(following, None)
    with contextlib.ExitStack() as drafts, mpl.rc_context(DRAWN):
        # All are drafts until the last is drawn: then they take their places together.
        if second is None:
            first.savefig(drafts.enter_context(replacing_file(target)), dpi="figure")
            return [target]
        files = []
        sheets = _one_by_one(first, _one_by_one(second, following))
        for number, figure in enumerate(sheets, start=1):
            name = target.with_stem(f"{target.stem}-{number:02d}")
            figure.savefig(drafts.enter_context(replacing_file(name)), dpi="figure")
            files.append(name)
        return files


def _one_by_one(first: Figure, more: Iterable[Figure]) -> Iterable[Figure]:
    yield first
    yield from more


def _font_type(figure: Figure) -> int:
    families = {name for text in figure.findobj(Text) for name in text.get_fontfamily()}
    return pdf_font_type(sorted(families))
