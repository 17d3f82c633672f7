"""Layers of a plan's structures: one group for each structure, one layer for each role."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan.schema import worst_source
from spatialplan.vocabulary import roles
from spatialplan.webmap import layer_group
from spatialplan.webmap import vector_layer

from ._style import role_style

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

    from spatialplan.plan import Plan

_KINDS = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}

_TOOLTIP = [
    ("structure_zh", "结构", "Structure", "text"),
    ("note_zh", "说明", "Note", "text"),
    ("precision_m", "位置精度", "Precision", "m"),
]
_UNNAMED = {True: ("", ""), False: ("（原文未列名）", " (not named in the text)")}
_OUTLINE = 0.05  # opacity that leaves an area to be told from its surroundings


def main_structure(plan: Plan) -> str:
    """
    Identifier of the structure that a plan's map opens with.

    The first drawn layout that has a phrase; else the first drawn structure; else "".

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> main_structure(read_plan("changzhou-urbanisation"))
    'a06-city-structure'
    """
    drawn = plan.structures[plan.structures.index.isin(_drawn(plan)["structure_id"])]
    layouts = drawn[(drawn["kind"] == "layout") & (drawn["phrase_zh"] != "")]
    return str(next(iter([*layouts.index, *drawn.index]), ""))


def group_key(plan: Plan, structure_id: str) -> str:
    """Key of a structure's layer group, unique over several plans."""
    return f"{plan.plan_id}/{structure_id}"


def structure_groups(plan: Plan, *, section: bool = False) -> dict[str, dict[str, Any]]:
    """
    Layer groups of the structures that have geometry.

    Parameters
    ----------
    plan
        The plan.
    section
        Whether the plan's title stands over its groups.

    Returns
    -------
    dict
        Of `webmap.layer_group`, by the keys that `structure_layers` uses.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> groups = structure_groups(read_plan("changzhou-urbanisation"))
    >>> groups["changzhou-urbanisation/a06-city-structure"]["detail_zh"]
    '市域城镇空间结构 · 1主 1区 1极 3轴'
    """
    drawn = plan.structures[plan.structures.index.isin(_drawn(plan)["structure_id"])]
    first = main_structure(plan)
    return {
        group_key(plan, str(key)): layer_group(
            structure["phrase_zh"] or structure["name_zh"],
            detail_zh=_detail(plan, structure, lang="zh"),
            detail_en=_detail(plan, structure, lang="en"),
            section_zh=plan.title_zh if section else "",
            section_en=(plan.title_en or plan.title_zh) if section else "",
            is_open=key == first and not section,
        )
        for key, structure in drawn.iterrows()
    }


def structure_layers(
    plan: Plan, *, shown: Collection[str] = (), filled: bool = True
) -> list[dict[str, Any]]:
    """
    Layers of all structures that have geometry, one for each role, rank and kind of geometry.

    Parameters
    ----------
    plan
        The plan.
    shown
        Structures that show when the page opens.
    filled
        Whether areas are filled; outlines leave what lies below them to be seen.

    Returns
    -------
    list of dict
        Layers of `webmap`, in the groups of `structure_groups`. Elements without a place
        are counted in the layer of their role and not drawn.
    """
    there = set(_drawn(plan)["structure_id"])
    return [
        layer
        for structure_id, structure in plan.structures.iterrows()
        if structure_id in there
        for layer in _layers_of(plan, structure, visible=structure_id in shown, filled=filled)
    ]


def counts(plan: Plan, structure: pd.Series[Any], *, lang: str) -> str:
    """How many elements of each role: those of the phrase, else those that are listed."""
    parts = [(part.count, part.role, part.word_zh) for part in structure["parts"]]
    if not parts:
        own = plan.elements[plan.elements["structure_id"] == structure.name]
        sums = own.groupby("role", sort=False)["count"].sum()
        parts = [(int(count), str(role), "") for role, count in sums.items()]
    if lang == "en":
        return ", ".join(f"{n or 'n'} {roles()[role].name_en}" for n, role, _ in parts)
    return " ".join(f"{n or '多'}{_word(role, word)}" for n, role, word in parts)


def _detail(plan: Plan, structure: pd.Series[Any], *, lang: str) -> str:
    """What the structure is called, where its phrase is the heading, and its counts."""
    name = structure["name_zh"] if structure["phrase_zh"] else ""
    return " · ".join(filter(None, (name, counts(plan, structure, lang=lang))))


def _word(role: str, printed: str) -> str:
    """The word of the phrase; pieces of digit codes are none."""
    return roles()[role].word_zh if not printed or printed.isascii() else printed


def _drawn(plan: Plan) -> gpd.GeoDataFrame:
    return plan.elements[plan.elements.geometry.notna()]


def _layers_of(
    plan: Plan, structure: pd.Series[Any], *, visible: bool, filled: bool
) -> list[dict[str, Any]]:
    elements = plan.elements[plan.elements["structure_id"] == structure.name]
    words = {part.role: part.word_zh for part in structure["parts"]}
    tiered = elements.groupby("role")["rank"].transform("nunique") > 1
    elements = elements.assign(
        kind=_kinds(elements),
        named=elements["name_zh"] != "",
        tier=elements["rank"].where(tiered, 0),
        word_zh=[_word(role, words.get(role, "")) for role in elements["role"]],
        structure_zh=structure["phrase_zh"] or structure["name_zh"],
    )
    return [
        vector_layer(
            "-".join(map(str, (plan.plan_id, structure.name, *key))),
            _one_by_one(_once_each(rows)),
            name_zh=_name(rows.iloc[0], lang="zh"),
            name_en=_name(rows.iloc[0], lang="en"),
            group=group_key(plan, str(structure.name)),
            style=_style(rows.iloc[0], filled=filled),
            name_column="name_zh",
            tooltip=_TOOLTIP,
            count_column="count",
            visible=visible,
            drawn_from=_origin(rows),
        )
        for key, rows in elements.groupby(["role", "rank", "named", "kind"], sort=False)
    ]


def _name(like: pd.Series[Any], *, lang: str) -> str:
    """What the layer of elements like this one is called."""
    tier, rest = like["tier"], _UNNAMED[bool(like["named"])]
    if lang == "en":
        return roles()[like["role"]].name_en + (f", tier {tier}" if tier else "") + rest[1]
    return str(like["word_zh"]) + (f" {tier} 级" if tier else "") + rest[0]


def _style(like: pd.Series[Any], *, filled: bool) -> dict[str, Any]:
    style = role_style(like["role"], like["kind"], rank=like["rank"], named=like["named"])
    return style if filled else style | {"fill_opacity": _OUTLINE}


def _once_each(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Elements that share one place as one feature that bears all their names."""
    place = rows["place_id"].where(rows["place_id"] != "", rows.index.to_series())
    groups = rows.groupby(place, sort=False)
    return groups.head(1).assign(
        name_zh=groups["name_zh"].agg(_joined("、")).to_numpy(),
        note_zh=groups["note_zh"].agg(_joined("；")).to_numpy(),
        count=groups["count"].sum().to_numpy(),
    )


def _joined(mark: str) -> Callable[[Iterable[str]], str]:
    """A function that joins texts, each once."""
    return lambda texts: mark.join(dict.fromkeys(filter(None, texts)))


def _one_by_one(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Every point of an element on its own; the first one carries the element's count."""
    points = rows.explode(index_parts=False) if "MultiPoint" in set(rows.geom_type) else rows
    return points.assign(count=points["count"].where(~points.index.duplicated(), 0))


def _kinds(elements: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Kind of geometry; of what has no place, that of its like, else the usual one."""
    kinds = elements.geometry.geom_type.map(_KINDS)
    alike = kinds.groupby([elements["role"], elements["rank"]]).transform("first")
    usual = elements["role"].map(lambda role: next(iter(roles()[role].geometry), "point"))
    filled: pd.Series[Any] = kinds.fillna(alike).fillna(usual)
    return filled


def _origin(rows: gpd.GeoDataFrame) -> str:
    drawn = rows.loc[rows.geometry.notna(), "drawn_from"].unique()
    return worst_source(*drawn) if len(drawn) else "nothing"
