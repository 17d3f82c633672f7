"""Layers of a plan's structures: one group for each structure, one layer for each role."""

from __future__ import annotations

from itertools import combinations
from itertools import starmap
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd
import shapely

from spatialplan.cartography import layer_group
from spatialplan.cartography import vector_layer
from spatialplan.schema import worst_source
from spatialplan.vocabulary import roles

from ._parts import counts
from ._parts import known_sum
from ._parts import parts_of
from ._parts import printed_words
from ._parts import role_name
from ._style import MOST_APART
from ._style import is_ranked
from ._style import role_style

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from spatialplan.plan import Plan
    from spatialplan.vocabulary import Part

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
_UNNAMED = ("（原文未列名）", " (not named in the text)")
# Of elements on one identical shape: all of a layer, or some of it.
_TOGETHER = (
    ("（同一处绘出）", " (drawn in one place)"),
    ("（部分同一处绘出）", " (some drawn in one place)"),
)
# What tells the layers of a plan apart.
_LAYER = ["structure_id", "role", "rank", "named", "kind", "word_zh"]
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
    drawn = plan.structures[plan.structures.index.isin(_drawn(plan))]
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
        Of `cartography.layer_group`, by the keys that `structure_layers` uses.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> groups = structure_groups(read_plan("changzhou-urbanisation"))
    >>> groups["changzhou-urbanisation/a06-city-structure"]["detail_zh"]
    '市域城镇空间结构 · 1主 1区 1极 3轴'
    """
    drawn = plan.structures[plan.structures.index.isin(_drawn(plan))]
    first, parts = main_structure(plan), parts_of(plan)
    return {
        group_key(plan, str(key)): layer_group(
            structure["phrase_zh"] or structure["name_zh"],
            detail_zh=_detail(structure, parts[str(key)], lang="zh"),
            detail_en=_detail(structure, parts[str(key)], lang="en"),
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

    Named areas of one role have a layer and a colour each where one has several parts.

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
        Layers of `cartography`, in the groups of `structure_groups`. Elements without a place
        are counted in the layer of their role and not drawn.
    """
    return [
        _layer(plan, rows, visible=key[0] in shown, filled=filled)
        for key, rows in _features(plan).groupby([*_LAYER, "apart"], sort=False)
    ]


def _layer(plan: Plan, rows: gpd.GeoDataFrame, *, visible: bool, filled: bool) -> dict[str, Any]:
    like = rows.iloc[0]
    return vector_layer(
        _layer_id(plan, like),
        _one_by_one(rows),
        name_zh=_name(like, rows, lang="zh"),
        name_en=_name(like, rows, lang="en"),
        group=group_key(plan, like["structure_id"]),
        style=_style(like, filled=filled),
        name_column="label_zh",
        tooltip=_TOOLTIP,
        count_column="count",
        visible=visible,
        drawn_from=_origin(rows),
    )


def _detail(structure: pd.Series[Any], parts: Sequence[Part], *, lang: str) -> str:
    """What the structure is called, where its phrase is the heading, and its counts."""
    name = structure["name_zh"] if structure["phrase_zh"] else ""
    return " · ".join(filter(None, (name, counts(parts, lang=lang))))


def _drawn(plan: Plan) -> set[str]:
    """Structures that have geometry."""
    return set(plan.elements.loc[plan.elements.geometry.notna(), "structure_id"])


def _features(plan: Plan) -> gpd.GeoDataFrame:
    """What is drawn of a plan, with all that tells its layers apart."""
    elements = plan.elements[plan.elements["structure_id"].isin(_drawn(plan))]
    heads = plan.structures["phrase_zh"].where(
        plan.structures["phrase_zh"] != "", plan.structures["name_zh"]
    )
    words = printed_words(plan)[elements.index]
    by_role = elements.groupby(["structure_id", "role"])
    elements = elements.assign(
        kind=_kinds(elements),
        named=elements["name_zh"] != "",
        tier=elements["rank"].where(by_role["rank"].transform("nunique") > 1, 0),
        word_zh=words,
        several_words=words.groupby([elements["structure_id"], elements["role"]]).transform(
            "nunique"
        )
        > 1,
        structure_zh=elements["structure_id"].map(heads),
    )
    features = _once_each(elements)
    called = plan.structures["name_zh"].where(plan.structures["name_zh"] != "", heads)
    return features.assign(
        apart=_apart(features), turn=_turns(features), label_zh=_labels(features, called),
        several_kinds=features.groupby([*_LAYER[:4], "word_zh"])["kind"].transform("nunique") > 1,
    ).to_crs(4326)  # fmt: skip


def _turns(features: gpd.GeoDataFrame) -> pd.Series[int]:
    """How many structures have counted lines of the same role before."""
    lines = features[_only_counted(features)]
    order = lines.groupby("role")["structure_id"].transform(lambda ids: pd.factorize(ids)[0])
    turns: pd.Series[int] = order.reindex(features.index, fill_value=0).astype(int)
    return turns


def _labels(features: gpd.GeoDataFrame, called: pd.Series[str]) -> pd.Series[str]:
    """
    What is written beside each feature: its name; of lines without one, whose and how many.

    Nets that are only counted look alike otherwise: 高速公路网·3环, 快速路网·4环.
    """
    counted = features["count"].map(lambda count: "多" if pd.isna(count) else f"{count:.0f}")
    whose = features["structure_id"].map(called) + "·" + counted + features["word_zh"]
    labels: pd.Series[str] = features["name_zh"].where(~_only_counted(features), whose)
    return labels


def _only_counted(features: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Lines without a name."""
    lines: pd.Series[bool] = ~features["named"] & (features["kind"] == "line")
    return lines


def _layer_id(plan: Plan, like: pd.Series[Any]) -> str:
    more = [like["word_zh"]] if like["several_words"] else []
    more += [like["apart"]] if like["apart"] else []
    key = (like[name] for name in ("structure_id", "role", "rank", "named"))
    return "-".join(map(str, (plan.plan_id, *key, *more, like["kind"])))


def _apart(features: gpd.GeoDataFrame) -> pd.Series[int]:
    """
    Numbers of named areas of one role, where one has several parts or two are mixed up; else 0.

    A name is written once: without a colour of its own nothing would tell which parts belong
    together, or whose outline is whose. Tiers keep the colour of their rank, and no legend
    would tell many areas.
    """
    named = features["named"] & (features["kind"] == "polygon") & features.geometry.notna()
    areas = features[named & ~features["role"].map(is_ranked)]
    numbers = pd.Series(0, features.index)
    for _, alike in areas.groupby(_LAYER):
        if len(alike) <= MOST_APART and _are_mixed_up(alike.geometry):
            numbers[alike.index] = np.arange(len(alike)) + 1
    return numbers


def _are_mixed_up(areas: gpd.GeoSeries) -> bool:
    """Whether one of several areas has several parts, or two share much of their ground."""
    shared = any(starmap(_share_ground, combinations(areas, 2)))
    return len(areas) > 1 and (shared or "MultiPolygon" in set(areas.geom_type))


def _share_ground(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether half of the smaller of two areas lies in the other."""
    return bool(shapely.intersection(one, other).area > min(one.area, other.area) / 2)


def _name(like: pd.Series[Any], rows: gpd.GeoDataFrame, *, lang: str) -> str:
    """What the layer of features that are like one is called."""
    english = lang == "en"
    if like["apart"]:
        return str(like["name_zh"])
    name = role_name(like["role"], known_sum(rows["count"])) if english else str(like["word_zh"])
    if like["several_kinds"] and like["named"]:  # a line and an area of one word
        return f"{name} ({_joined(', ')(rows['name_zh'])})" if english else (
            f"{name}（{_joined('、')(rows['name_zh'])}）")  # fmt: skip
    tier = ("{}, tier {}" if english else "{} {} 级").format(name, like["tier"])
    return (
        (tier if like["tier"] else name)
        + ("" if like["named"] else _UNNAMED[english])
        + (_TOGETHER[len(rows) > 1][english] if (rows["elements"] > 1).any() else "")
    )


def _style(like: pd.Series[Any], *, filled: bool) -> dict[str, Any]:
    style = role_style(
        like["role"],
        like["kind"],
        rank=like["rank"],
        named=like["named"],
        apart=int(like["apart"]),
        turn=int(like["turn"]),
    )
    return style if filled else style | {"fill_opacity": _OUTLINE}


def _once_each(elements: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Elements of a layer that share one place as one feature that bears all their names."""
    place = elements["place_id"].where(elements["place_id"] != "", elements.index.to_series())
    groups = elements.groupby([*(elements[key] for key in _LAYER), place], sort=False)
    return groups.head(1).assign(
        name_zh=groups["name_zh"].agg(_joined("、")).to_numpy(),
        note_zh=groups["note_zh"].agg(_joined("；")).to_numpy(),
        count=groups["count"].sum(min_count=1).to_numpy(),
        elements=groups.size().to_numpy(),
    )


def _joined(mark: str) -> Callable[[Iterable[str]], str]:
    """A function that joins texts, each once."""
    return lambda texts: mark.join(dict.fromkeys(filter(None, texts)))


def _one_by_one(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Every point of an element on its own; the first one carries the element's count."""
    if "MultiPoint" not in set(rows.geom_type):
        return rows
    points = rows.explode(index_parts=False)
    return points.assign(count=points["count"].where(~points.index.duplicated(), 0))


def _kinds(elements: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Kind of geometry; of what has no place, that of its like, else the usual one."""
    kinds = elements.geometry.geom_type.map(_KINDS)
    like = [elements[key] for key in ("structure_id", "role", "rank")]
    usual = elements["role"].map(lambda role: next(iter(roles()[role].geometry), "point"))
    filled: pd.Series[Any] = kinds.fillna(kinds.groupby(like).transform("first")).fillna(usual)
    return filled


def _origin(rows: gpd.GeoDataFrame) -> str:
    drawn = set(rows["drawn_from"]) - {"nothing"}
    return worst_source(*drawn) if drawn else "nothing"
