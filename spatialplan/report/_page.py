"""A report as one page of HTML that loads nothing, for the browser and the printer."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import jinja2

from ._text import cell_text
from ._words import share_text

if TYPE_CHECKING:
    from ._content import Content
    from ._content import Row


def page_text(report: Content) -> str:
    """Return the page; every text from data is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("spatialplan.report", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(
        cell_text=cell_text, share_text=share_text, style_source=_style_source
    )
    whole = [row for row in report.findings.rows if not row["area_id"]]
    return environment.get_template("page.html.j2").render(
        report=report,
        said=report.words,
        judged=[row for row in whole if row["judged"]],
        unjudged=[row for row in whole if not row["judged"]],
        areas=_areas(report),
    )


def _style_source(style: str) -> str:
    """Return the source expression that allows exactly this inline style."""
    digest = hashlib.sha256(style.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _areas(report: Content) -> dict[str, dict[str, Row]]:
    """Return the judged findings of each area but the whole one, by clause."""
    areas: dict[str, dict[str, Row]] = {}
    for row in report.findings.rows:
        if row["judged"] and row["area_id"]:
            areas.setdefault(row["area_id"], {})[row["clause_id"]] = row
    return areas
