"""What keys of plans are called, in both languages, and notes of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan.plan import Plan

_WORDS = {
    "": ("", ""),
    "layout": ("布局", "layout"),
    "hierarchy": ("层级", "hierarchy"),
    "network": ("网络", "network"),
    "circle": ("圈层", "circle"),
    "list": ("清单", "list"),
    "current": ("现状", "current"),
    "target": ("目标", "target"),
    "named": ("全部列名", "all"),
    "partial": ("部分列名", "some"),
    "unnamed": ("原文未列名", "none: only a number"),
    "time_circle": ("时间圈", "time circle"),
    "distance_circle": ("距离圈", "distance circle"),
    "coverage": ("覆盖", "coverage"),
    "presence": ("有无", "presence"),
    "walk": ("步行", "on foot"),
    "bike": ("骑行", "by bicycle"),
    "drive": ("驾车", "by car"),
    "transit": ("公交", "by public transport"),
    "rail": ("铁路", "by rail"),
    "freight": ("货运", "freight"),
}
_SCHEMATIC = (
    "示意图：原文只有文字，没有坐标和范围；位置由我们按文字示意（text），精度见各要素。区域边线为虚线；"
    "只有数目、没有名称的要素标“原文未列名”，线为虚线。用了界线数据的政区除外（open_data）。不得作为法定图件。",
    "Schematic: the documents hold words, no coordinates and no extents; places are drawn by us "
    "from the wording (text), with a precision for each element. Outlines of areas are dashed; "
    "what is only counted is marked as not named, its lines dashed. Divisions drawn from "
    "boundary data are the exception (open_data). Not a legal map.",
)

_NAMES = (
    "英文界面里，规划、结构、要素的名称和说明照原文用中文，不作翻译。",
    "Titles and names of plans, structures and elements, and the notes on them, are as printed "
    "in the documents, in Chinese; they are not translated.",
)


def in_words(key: str) -> tuple[str, str]:
    """What a key is called in Chinese and English."""
    return _WORDS[key]


def member_words(elements: pd.DataFrame) -> dict[str, str]:
    """Elements of each structure by their word: 主：甲；轴：乙、丙；点 3（原文未列名）."""
    members: dict[str, dict[tuple[str, str], list[tuple[str, Any]]]] = {}
    columns = ("structure_id", "role", "word_zh", "name_zh", "count")
    for key, role, word, *member in zip(*(elements[name] for name in columns), strict=True):
        members.setdefault(key, {}).setdefault((role, word), []).append(tuple(member))
    return {
        key: "；".join(told for (_, word), own in groups.items() for told in _told(word, own))
        for key, groups in members.items()
    }


def _told(word: str, members: list[tuple[str, Any]]) -> list[str]:
    """Names of what has one, the number of the rest."""
    names = [name for name, _ in members if name]
    rest = [0 if pd.isna(count) else count for name, count in members if not name]
    return [f"{word}：{'、'.join(names)}"] * bool(names) + [
        f"{word} {sum(rest) or '多'}（原文未列名）"
    ] * bool(rest)


def page_notes(plans: Sequence[Plan]) -> list[tuple[str, str]]:
    """How the map is drawn, which documents it rests on, what is contradictory in them."""
    notes = [_SCHEMATIC, _NAMES]
    for plan in plans:
        for _, source in plan.sources.iterrows():
            told = "，".join(filter(None, source[["title_zh", "publisher_zh", "date"]]))
            notes.append((f"来源：{told}。{source['note_zh']}", f"Source: {told}"))
        head = f"{plan.title_zh} " if len(plans) > 1 else ""
        notes += [(f"{head}{key}：{note}", "") for key, note in plan.notes.items()]
    return notes
