"""Two states of an area as the content of a map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd

from spatialplan._basis import clause_names
from spatialplan.cartography import map_content
from spatialplan.cartography import two_languages
from spatialplan.cartography import vector_layer
from spatialplan.categories import read_categories
from spatialplan.coverage_map.ground import clause_categories
from spatialplan.coverage_map.layers import boundary_layers
from spatialplan.coverage_map.layers import facility_layers
from spatialplan.coverage_map.layers import land_layers
from spatialplan.coverage_map.layers import street_layers
from spatialplan.coverage_map.words import named
from spatialplan.coverage_map.words import page_fields

from ._facilities import known_in
from ._surfaces import surfaces
from ._tables import coverage_changes
from ._words import headline
from ._words import page_notes
from ._words import page_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatialplan.base import Base
    from spatialplan.standard import Standard

_GROUPS = {
    "state_before": ("前：覆盖与可达", "Before: coverage and access"),
    "state_after": ("后：覆盖与可达", "After: coverage and access"),
    "change": ("差：变近与变远", "Change: nearer and farther"),
}
_MARKS = {
    "added": ("新增设施", "Facilities added", {"symbol": "diamond", "color": "#c2185b"}),
    "removed": ("撤除设施", "Facilities removed", {"symbol": "open", "color": "#3b3b3b"}),
}


def comparison_content(
    standard: Standard,
    before: Base,
    after: Base,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
    title: str = "",
    lang: str = "zh",
) -> dict[str, Any]:
    """
    Two states of an area judged by one standard, as the content of a map.

    Parameters
    ----------
    standard
        Clauses to show.
    before, after
        Prepared areas, or what `scenario` makes of one. The pictures of both have the same
        cells: those of the state whose streets go farther.
    tables
        The result of `coverage_changes`, if it is at hand.
    title
        Heading; the area and the standard if not given.
    lang
        ``zh`` or ``en``: the language it opens in.

    Returns
    -------
    dict
        The content, as `cartography.map_content` gives it, with ``compare`` true. Every
        layer has a ``side``: ``before`` or ``after`` for what one state shows, ``change``
        for the difference, ``""`` for what is the same in both.

    Raises
    ------
    InputError
        If the two are in different systems or lie in different places.
    """
    tables = coverage_changes(standard, before, after) if tables is None else tables
    names = clause_names(tables["clauses"])
    tables = {**tables, **{key: named(tables[key], names) for key in ("clauses", "areas")}}
    clauses = tables["clauses"]
    measured = clauses[clauses["measured_before"].notna() | clauses["measured_after"].notna()]
    shown = _most_changed(measured)
    common = before.facilities[known_in(before.facilities, after.facilities)]
    categories = clause_categories(standard.clause(shown)) if shown else []
    layers = [
        *land_layers(after),
        *surfaces(standard, before, after, names.loc[measured["clause_id"]], shown=shown),
        *street_layers(after),
        *_closed_layers(before, after),
        *boundary_layers(after, _findings_after(tables)),
        *facility_layers(replace(before, facilities=common), shown=categories),
        *_mark_layers(tables["facilities"]),
    ]
    content = map_content(
        [{"side": "", **layer} for layer in layers],
        title_zh=title or f"{after.title('zh')} · {standard.title_zh} · 前后对比",
        title_en=title or f"{after.title('en')} · {standard.title_en} · before and after",
        headline_zh=headline(measured, lang="zh"),
        headline_en=headline(measured, lang="en"),
        notes=page_notes(standard, before, after, clauses),
        tables=page_tables(tables, after),
        groups={
            key: {"name_zh": zh, "name_en": en, "exclusive": True, "open": key == "change"}
            for key, (zh, en) in _GROUPS.items()
        },
        fields=page_fields(after),
        lang=lang,
    )
    return {**content, "compare": True}


def _most_changed(measured: pd.DataFrame) -> str:
    """The clause to open with: the one of the greatest change, else the first."""
    if measured.empty:
        return ""
    change = measured["change"].abs().fillna(0.0)
    return str(measured["clause_id"].iloc[int(change.argmax())])


def _findings_after(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Findings of the state after, in all and by area."""
    rows = pd.concat([tables["clauses"], tables["areas"]])
    return rows.rename(columns={"measured_after": "measured"})


def _mark_layers(changed: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Facilities that came and that went, as points that stand out."""
    layers = []
    known = read_categories()
    for change, (name_zh, name_en, look) in _MARKS.items():
        own = changed[changed["change"] == change]
        if own.empty:
            continue
        words = two_languages(
            "category",
            own["category"],
            lambda key: (known.loc[key, "name_zh"], known.loc[key, "name_en"]),
        )
        layers.append(
            vector_layer(
                change,
                own.assign(geometry=own.geometry.representative_point(), **words),
                name_zh=name_zh,
                name_en=name_en,
                group="facilities",
                style={"like": "point", "radius": 7, "weight": 2, "label": 3, "order": 9, **look},
                name_column="name_zh",
                tooltip=[("category_zh", "类别", "Category", "text")],
            )
        )
    return layers


def _closed_layers(before: Base, after: Base) -> list[dict[str, Any]]:
    """Streets that one scenario has closed; two maps of streets are not held against each other."""
    was, now = before.networks["walk"], after.networks["walk"]
    if not was.edges.index.equals(now.edges.index):
        return []
    newly = (now.shut & ~was.shut).any(axis=1)
    if not newly.any():
        return []
    return [
        vector_layer(
            "closed",
            gpd.GeoDataFrame(geometry=now.edges.geometry[newly]),
            name_zh="封闭道路",
            name_en="Streets closed",
            group="base",
            style={"like": "line", "color": "#d50000", "weight": 4, "dash": "2 5", "order": 8},
        )
    ]
