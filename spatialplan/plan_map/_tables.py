"""Statements of plans as tables under the map."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from spatialplan.cartography import data_table
from spatialplan.cartography import two_languages
from spatialplan.vocabulary import reasons

from ._layers import group_key
from ._parts import counts
from ._parts import parts_of
from ._parts import printed_words
from ._words import in_words
from ._words import member_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from spatialplan.cartography._table import Column
    from spatialplan.plan import Plan

_REF: Column = ("ref", "行", "Row", "text")
_PHRASE: Column = ("phrase", "原文", "Phrase", "text")
_STATUS: Column = ("status_zh", "状态", "Status", "text")
_AT: Column = ("at", "出处", "Where", "text")
_QUOTE: Column = ("quote_zh", "引文", "Quote", "text")

_COLUMNS: dict[str, list[Column]] = {
    "structures": [
        _REF,
        _PHRASE,
        ("kind_zh", "类型", "Kind", "text"),
        _STATUS,
        ("members_zh", "成员", "Members", "text"),
        ("named_zh", "是否列名", "Named", "text"),
        ("drawn_from", "图形来源", "Drawn from", "text"),
        _AT,
        _QUOTE,
    ],
    "undrawn": [
        _REF,
        _PHRASE,
        ("missing_zh", "未上图的要素", "Not drawn", "text"),
        ("undrawn_zh", "原因", "Why", "text"),
    ],
    "targets": [
        _REF,
        _PHRASE,
        ("measure_zh", "类别", "Measure", "text"),
        ("printed_zh", "限值", "Limit", "text"),
        ("mode_zh", "方式", "Mode", "text"),
        ("way_zh", "起讫", "From and to", "text"),
        ("contents", "内容", "Contents", "text"),
        ("required_zh", "覆盖要求", "Required", "text"),
        ("year_zh", "年份", "Year", "text"),
        _STATUS,
        ("open", "原文未定", "Left open", "text"),
        _AT,
        _QUOTE,
    ],
    "indicators": [
        _REF,
        ("table", "表", "Table", "text"),
        ("name_zh", "指标", "Indicator", "text"),
        ("unit", "单位", "Unit", "text"),
        ("base", "现状值", "Base", "text"),
        ("target", "目标值", "Target", "text"),
        ("attribute", "属性", "Attribute", "text"),
        ("note_zh", "说明", "Note", "text"),
    ],
    "set_aside": [
        _REF,
        _PHRASE,
        ("reason_zh", "为何不是空间结构", "Why it is no structure", "text"),
        _AT,
        ("note_zh", "说明", "Note", "text"),
    ],
}
_TITLES = {
    "structures": ("空间结构", "Structures"),
    "undrawn": ("未上图", "Not drawn"),
    "targets": ("目标圈层", "Targets"),
    "indicators": ("指标", "Indicators"),
    "set_aside": ("不是结构的字符串", "Not structures"),
}


def plan_tables(plans: Sequence[Plan]) -> list[dict[str, Any]]:
    """All statements of the plans, a table for each kind that there is."""
    makers: dict[str, Callable[[Plan], pd.DataFrame]] = {
        "structures": _structures,
        "undrawn": _undrawn,
        "targets": _targets,
        "indicators": _indicators,
        "set_aside": _set_aside,
    }
    tables = []
    for key, make in makers.items():
        rows = pd.concat([make(plan).assign(plan=plan.title_zh) for plan in plans])
        if len(rows):
            tables.append(_table(key, rows, several=len(plans) > 1))
    return tables


def _table(key: str, rows: pd.DataFrame, *, several: bool) -> dict[str, Any]:
    plan: list[Column] = [("plan", "规划", "Plan", "text")] if several else []
    title_zh, title_en = _TITLES[key]
    said = [column for column in _COLUMNS[key] if (rows[column[0]] != "").any()]
    return data_table(
        key, rows, title_zh=title_zh, title_en=title_en, columns=[*plan, *said],
        layer_column="layer" if "layer" in rows else "",
    )  # fmt: skip


def _structures(plan: Plan) -> gpd.GeoDataFrame:
    table, parts = plan.structures, parts_of(plan)
    members = member_words(plan.elements.assign(word_zh=printed_words(plan)))
    rows = _statements(table).assign(
        **two_languages("kind", table["kind"], in_words),
        members_zh=table.index.map(lambda key: members.get(key, "")),
        members_en=[counts(parts[key], lang="en") for key in table.index],
        **two_languages("named", table["members"], in_words),
        drawn_from=_origins(plan),
        layer=[group_key(plan, str(key)) for key in table.index],
    )
    return gpd.GeoDataFrame(rows, geometry=_boxes(plan).to_numpy(), crs=4326)


def _boxes(plan: Plan) -> gpd.GeoSeries:
    """Extent of what is drawn of each structure."""
    drawn = plan.elements[plan.elements.geometry.notna()].to_crs(4326)
    edges = drawn.bounds.groupby(drawn["structure_id"])
    west, south = (edges[side].min() for side in ("minx", "miny"))
    east, north = (edges[side].max() for side in ("maxx", "maxy"))
    boxes = gpd.GeoSeries(shapely.box(west, south, east, north), index=west.index, crs=4326)
    return boxes.reindex(plan.structures.index)


def _origins(plan: Plan) -> pd.Series[Any]:
    """How many elements of each structure come from where: ``text 3, nothing 1``."""
    told: dict[object, list[str]] = {}
    counted = plan.elements.groupby("structure_id")["drawn_from"].value_counts()
    for (structure_id, name), count in counted.items():
        told.setdefault(structure_id, []).append(f"{name} {count}")
    return plan.structures.index.to_series().map(lambda key: ", ".join(told.get(key, [])))


def _undrawn(plan: Plan) -> pd.DataFrame:
    missing = plan.elements[plan.elements.geometry.isna()]
    table = plan.structures[plan.structures.index.isin(missing["structure_id"])]
    names = member_words(missing.assign(word_zh=printed_words(plan)))
    return _statements(table).assign(missing_zh=table.index.map(names))


def _targets(plan: Plan) -> pd.DataFrame:
    table = plan.targets
    years = table["year"].map(lambda year: "" if pd.isna(year) else f"{year:.0f}")
    return _statements(table).assign(
        **two_languages("measure", table["measure"], in_words),
        **two_languages("mode", table["mode"], in_words),
        way_zh=_joined(table, ["from_zh", "to_zh"], " — "),
        contents=table["contents_zh"].map("、".join),
        open=table["open_zh"].map("、".join),
        year_zh=years,
    )


def _indicators(plan: Plan) -> pd.DataFrame:
    table = plan.indicators
    return table.assign(
        ref=_refs(table),
        table=_joined(table, ["table_zh", "group_zh", "area_zh"], " · ").where(
            table["table_zh"] != "", table["at"]
        ),
        base=_value(table, "base"),
        target=_value(table, "target"),
    )


def _set_aside(plan: Plan) -> pd.DataFrame:
    table = plan.set_aside
    return table.assign(
        ref=_refs(table),
        phrase=table["phrase_zh"],
        **two_languages("reason", table["reason"], _reason),
    )


def _reason(key: str) -> tuple[str, str]:
    return reasons()[key].name_zh, reasons()[key].name_en


def _statements(table: pd.DataFrame) -> pd.DataFrame:
    """What the rows of structures and targets have in common."""
    name = table["name_zh"] if "name_zh" in table else table["phrase_zh"]
    return table.assign(
        ref=_refs(table),
        phrase=table["phrase_zh"].where(table["phrase_zh"] != "", name),
        **two_languages("status", table["status"], in_words),
    )


def _refs(table: pd.DataFrame) -> pd.Series[Any]:
    return table["refs"].map(" ".join)


def _value(table: pd.DataFrame, name: str) -> pd.Series[Any]:
    """As printed, with the year."""
    years = table[f"{name}_year"].map(lambda year: "" if pd.isna(year) else f"（{year:.0f}）")
    return table[f"{name}_printed"].where(
        table[f"{name}_printed"] == "", table[f"{name}_printed"] + years
    )


def _joined(table: pd.DataFrame, columns: list[str], mark: str) -> pd.Series[Any]:
    rows = table[columns].to_numpy().tolist()
    return pd.Series([mark.join(filter(None, row)) for row in rows], index=table.index, dtype=str)
