"""The map of an assessed area: coverage, gaps, facilities and boundaries over the streets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from spatialplan import report
from spatialplan._basis import clause_names
from spatialplan.cartography import map_content
from spatialplan.judgement import assess
from spatialplan.judgement import service
from spatialplan.shortfall import gaps

from .grids import coverage_layers
from .ground import clause_categories
from .layers import boundary_layers
from .layers import facility_layers
from .layers import gap_layers
from .layers import land_layers
from .layers import street_layers
from .words import page_fields
from .words import page_notes
from .words import page_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from spatialplan.base import Base
    from spatialplan.standard import Standard

__all__ = ["coverage_content"]


def coverage_content(
    standard: Standard,
    base: Base,
    *,
    served: pd.DataFrame | None = None,
    title: str = "",
    lang: str = "zh",
    under: Sequence[Mapping[str, Any]] = (),
    over: Sequence[Mapping[str, Any]] = (),
    groups: Mapping[str, Mapping[str, Any]] | None = None,
    notes: Sequence[tuple[str, ...]] = (),
) -> dict[str, Any]:
    """
    An area judged by a standard, as the content of a map.

    Parameters
    ----------
    standard
        Clauses to show.
    base
        A prepared area.
    served
        The result of `judgement.service`, if it is at hand.
    title
        Heading; the area and the standard if not given.
    lang
        ``zh`` or ``en``: the language the page opens in.
    under, over
        Further layers of `cartography`, below and above those of the area.
    groups
        Groups of those layers that the style file does not have, of `cartography.layer_group`.
    notes
        Further notes, as in `cartography.map_content`.

    Returns
    -------
    dict
        The content, as `cartography.map_content` gives it.
    """
    served = service(standard, base) if served is None else served
    every = assess(standard, base, served=served, by="area_id")
    findings = every[every["area_id"] == ""]
    holes = gaps(standard, base, served)
    names = clause_names(findings)
    measured = list(served.columns[served.notna().all()])
    first = clause_categories(standard.clause(measured[0])) if measured else []
    layers = [
        *under,
        *land_layers(base),
        *coverage_layers(standard, base, names.loc[measured]),
        *street_layers(base),
        *gap_layers(holes, names),
        *boundary_layers(base, every),
        *facility_layers(base, shown=first),
        *over,
    ]
    return map_content(
        layers,
        title_zh=title or f"{base.title('zh')} · {standard.title_zh}",
        title_en=title or f"{base.title('en')} · {standard.title_en}",
        headline_zh=report.headline(findings, lang="zh"),
        headline_en=report.headline(findings, lang="en"),
        notes=[*notes, *page_notes(standard, base, findings)],
        tables=page_tables(standard, base, served, every, holes),
        groups=groups,
        fields=page_fields(base),
        lang=lang,
    )
