"""The map that a report carries: the clause of the lowest coverage, drawn as on a sheet."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from spatialplan import report
from spatialplan.cartography import amount_key
from spatialplan.cartography import class_amounts
from spatialplan.coverage_map import coverage_content
from spatialplan.sheet import draw_sheet
from spatialplan.sheet import with_theme
from spatialplan.sheet import write_sheet

from ._prepared import only_clauses

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from spatialplan.base import Base
    from spatialplan.standard import Standard

_DPI = 200


def lowest_figures(
    standard: Standard,
    made: Base,
    served: pd.DataFrame,
    *,
    findings: pd.DataFrame,
    lang: report.Lang,
) -> list[report.Figure]:
    """
    The map of the clause of the lowest coverage, which the headline names.

    Where all data are too thin for that, the map of the first clause; none if none was measured.
    """
    measured = findings[(findings["area_id"] == "") & findings["measured"].notna()]
    if measured.empty:
        return []
    lowest = report.lowest_clause(findings)
    title, shown = ("map_of", measured.iloc[0]) if lowest is None else ("lowest_map", lowest)
    clause_id = shown["clause_id"]
    only = only_clauses(standard, [clause_id])
    content = coverage_content(only, made, served=served[[clause_id]], lang=lang)
    content = with_theme(content, clause_id)
    grid = next(layer for layer in content["layers"] if layer["type"] == "grid")
    return [
        report.Figure(
            title=report.words(lang)[title].format(name=grid[f"name_{lang}"]),
            picture=_picture(content, lang),
            classes=_classes(grid, lang),
            counted=_counted(content, grid, lang),
        )
    ]


def _classes(grid: Mapping[str, Any], lang: str) -> tuple[tuple[str, str, str], ...]:
    """Label, amount and colour of each class that is not empty, as in every legend."""
    return tuple(
        (part[f"label_{lang}"], amount, part["color"])
        for part, amount in zip(grid["classes"], class_amounts(grid), strict=True)
        if amount
    )


def _counted(content: Mapping[str, Any], grid: Mapping[str, Any], lang: str) -> str:
    key = "by_people" if amount_key(grid) == "people" else "by_area"
    return str(content["words"][key][lang])


def _picture(content: Mapping[str, Any], lang: report.Lang) -> bytes:
    """A sheet that stands as the pages of a report do, without what the report says larger."""
    told = [tuple(report.words(one)["see_text"] for one in ("zh", "en"))]
    bare = {**content, "notes": told, "headline_zh": "", "headline_en": ""}
    drawn = draw_sheet(bare, paper="A4", landscape=False, lang=lang, dpi=_DPI)
    with tempfile.TemporaryDirectory() as folder:
        (path,) = write_sheet(drawn, Path(folder) / "map.png")
        return path.read_bytes()
