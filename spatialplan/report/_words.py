"""The words of a report in its two languages, and its figures as people write them."""

from __future__ import annotations

import math
from typing import Literal

Lang = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "coverage": ("覆盖率", "Coverage"),
    "gaps": ("未覆盖区", "Gaps"),
    "worst": ("薄弱片区", "Weakest areas"),
    "basis_sheet": ("口径与来源", "Basis and sources"),
    "sources": ("数据来源", "Sources"),
    "notes": ("说明与未实现项", "Notes and what is not implemented"),
    "warnings": ("提示", "Warnings"),
    "unmeasured": ("未评条文", "Clauses not judged"),
    "by_area": ("分片区覆盖率", "Coverage by area"),
    "run": ("计算信息", "How this was computed"),
    "whole": ("全域", "Whole area"),
    "area_name": ("片区", "Area"),
    "name": ("项目", "Item"),
    "clause": ("条款", "Clause"),
    "clause_id": ("条文编号", "Clause id"),
    "tier": ("层级", "Tier"),
    "rule": ("量算规则", "Distance rule"),
    "threshold": ("阈值", "Threshold"),
    "denominator": ("分母", "Denominator"),
    "measured": ("覆盖率", "Coverage"),
    "required": ("要求值", "Required"),
    "met": ("判定", "Verdict"),
    "total": ("总量", "Total"),
    "served": ("已覆盖", "Served"),
    "unserved": ("未覆盖", "Not served"),
    "unit": ("单位", "Unit"),
    "n_facilities": ("设施数", "Facilities"),
    "confidence": ("依据可信度", "Confidence"),
    "drawn_from": ("数据性质", "Data"),
    "precision_m": ("位置精度（m）", "Precision (m)"),
    "basis": ("口径", "Basis"),
    "thin": ("（数据不足）", " (data too thin)"),
    "note": ("备注", "Note"),
    "rank": ("序号", "Rank"),
    "area_km2": ("面积（km²）", "Area (km²)"),
    "residential_km2": ("其中居住用地（km²）", "Residential land (km²)"),
    "people": ("未覆盖人口（人）", "People not served"),
    "location": ("位置（WGS84 经度, 纬度）", "Place (WGS84 lon, lat)"),
    "population": ("人口（人）", "Population"),
    "missing_mean": ("人均缺少项数", "Items missing per person"),
    "unserved_worst": ("未覆盖人次（人·项）", "Person-items not served"),
    "worst_items": ("最缺项目", "Worst items"),
    "role": ("用途", "Role"),
    "title": ("名称", "Title"),
    "date": ("日期", "Date"),
    "licence": ("许可", "Licence"),
    "datum": ("坐标基准", "Datum"),
    "sha256": ("SHA-256", "SHA-256"),
    "standard": ("标准", "Standard"),
    "version": ("软件版本", "Software version"),
    "command": ("命令", "Command"),
    "people_counted": ("计入人口", "People counted"),
    "color": ("颜色", "Colour"),
    "class": ("分级", "Class"),
    "rule.straight": ("直线距离", "straight line"),
    "rule.table": ("步行路网（距离表）", "walking network (distance table)"),
    "rule.network": ("路网", "network"),
    "rule.none": ("—", "—"),
    "denominator.population": ("常住人口", "residents"),
    "denominator.residential_land": ("居住用地", "residential land"),
    "denominator.communities": ("社区", "communities"),
    "denominator.built_up_area": ("建成区", "built-up area"),
    "unit.person": ("人", "people"),
    "unit.km2": ("公顷", "ha"),
    "unit.community": ("个", "communities"),
    "tier.15": ("15分钟", "15 min"),
    "tier.10": ("10分钟", "10 min"),
    "tier.5": ("5分钟", "5 min"),
    "tier.15+10": ("15/10分钟", "15/10 min"),
    "tier.block": ("居住街坊", "block"),
    "tier.city": ("城市", "city"),
    "met.yes": ("达到", "met"),
    "met.no": ("未达到", "not met"),
    "met.no_requirement": ("无要求值", "no requirement"),
    "met.unmeasured": ("未评", "not judged"),
    "to_check": ("待核", "to be checked"),
    "drawn_from.plan_map": ("规划图", "plan map"),
    "drawn_from.open_data": ("开放数据", "open data"),
    "drawn_from.text": ("按文字示意", "drawn from text"),
    "drawn_from.synthetic": ("合成数据", "SYNTHETIC"),
    "drawn_from.nothing": ("无数据", "no data"),
    "banner.synthetic": (
        "合成数据：本文件的街道、人口或设施由程序生成，仅供演示，不得作为成果。",
        "SYNTHETIC DATA: streets, people or facilities here are generated, for demonstration only.",
    ),
    "banner.text": (
        "示意数据：本文件含按文字绘制的几何，位置不精确。",
        "SCHEMATIC DATA: some geometry here is drawn from wording and is not exact.",
    ),
    "mark.synthetic": ("（合成数据）", " (SYNTHETIC)"),
    "mark.text": ("（示意数据）", " (SCHEMATIC)"),
    "check_hint": (
        "标“待核”的条文，其数值凭记忆收录，写入成果前须与标准原文核对。",
        "Rows marked “to be checked” rest on memory: check them in the printed standard first.",
    ),
    "not_judged": ("{name}（{clause}）{note}", "{name} ({clause}): {note}"),
    "map_of": ("{name}的覆盖情况", "Coverage: {name}"),
    "lowest_map": ("覆盖率最低的项目：{name}", "The item of the lowest coverage: {name}"),
    "see_text": (
        "结果、口径与数据来源见报告正文。",
        "Result, basis and sources: see the text of the report.",
    ),
    "figure": ("图 {n}　{title}", "Figure {n}. {title}"),
    "none_found": ("无", "none"),
    "more": (
        "共 {total} 行，此处列 {n} 行；其余见 xlsx 输出。",
        "{n} of {total} rows are listed here; see the .xlsx output for more.",
    ),
    "more_gaps": (
        "共 {total} 处，此处列每项未覆盖人口最多的若干处，计 {n} 处；其余见未覆盖区图层文件。",
        "The largest {n} of {total} gaps are listed, clause by clause; the gap layer holds all.",
    ),
    "headline.judged": ("共评 {n} 项", "{n} judged"),
    "headline.met": (
        "有要求值的 {n} 项中达到 {met} 项",
        "{met} of {n} with a required share meet it",
    ),
    "headline.lowest": (
        "数据充足者中最低：{name} {share}（未覆盖 {unserved}）",
        "lowest of those with enough data: {name} {share} ({unserved} not served)",
    ),
    "headline.thin": ("其中 {n} 项数据不足，不比较", "{n} of them on data too thin to compare"),
    "headline.unmeasured": ("另有 {n} 项未评", "{n} more not judged"),
    "headline.none": ("没有可评的条文", "no clause could be judged"),
}


def words(lang: Lang) -> dict[str, str]:
    """Return the words of one language by their keys."""
    return {key: pair[("zh", "en").index(lang)] for key, pair in _WORDS.items()}


def people_text(people: float, *, lang: Lang = "zh") -> str:
    """
    Write a number of people as Chinese or English readers do.

    Examples
    --------
    >>> people_text(5_278_121), people_text(8_432), people_text(1_411_780_000)
    ('527.8万人', '8,432人', '14.12亿人')
    >>> people_text(5_278_121, lang="en"), people_text(8_432, lang="en")
    ('5.28 million people', '8,432 people')
    """
    if lang == "en":
        return f"{people / 1e6:.2f} million people" if people >= 1e6 else f"{people:,.0f} people"
    if people >= 1e8:
        return f"{people / 1e8:.2f}亿人"
    return f"{people / 1e4:.1f}万人" if people >= 1e4 else f"{people:,.0f}人"


def area_text(area_m2: float, *, lang: Lang = "zh") -> str:
    """
    Write an area in hectares, from 1 km² up in square kilometres.

    Examples
    --------
    >>> area_text(123_456), area_text(2_345_678), area_text(123_456, lang="en")
    ('12.3公顷', '2.35 km²', '12.3 ha')
    """
    if area_m2 >= 1e6:
        return f"{area_m2 / 1e6:,.2f} km²"
    return f"{area_m2 / 1e4:.1f}{'公顷' if lang == 'zh' else ' ha'}"


def amount_text(amount: float, unit: str, *, lang: Lang = "zh") -> str:
    """
    Write an amount of what a clause counts; `unit` is person, km2 or community.

    Examples
    --------
    >>> amount_text(3, "community"), amount_text(0.12, "km2", lang="en")
    ('3个', '12.0 ha')
    """
    if math.isnan(amount):
        return "—"
    if unit == "person":
        return people_text(amount, lang=lang)
    if unit == "km2":
        return area_text(amount * 1e6, lang=lang)
    return f"{amount:,.0f}{'个' if lang == 'zh' else ' communities'}"


def share_digits(share: float, *, limit: float = math.nan) -> int:
    """
    Return the decimals at which a percentage does not seem all, nothing or the limit if it is not.

    Examples
    --------
    >>> share_digits(0.873), share_digits(0.99996), share_digits(0.7996, limit=0.8)
    (1, 3, 2)
    """
    for digits in (1, 2, 3):
        shown = round(share, digits + 2)
        if all((shown < edge) == (share < edge) for edge in (1.0, limit)) and (shown > 0) == (
            share > 0
        ):
            return digits
    return 4


def share_text(share: float, *, limit: float = math.nan) -> str:
    """
    Write a share as a percentage that never rounds across 0, 100 % or `limit`.

    Examples
    --------
    >>> share_text(0.873), share_text(1.0), share_text(0.7996, limit=0.8)
    ('87.3%', '100.0%', '79.96%')
    """
    return "—" if math.isnan(share) else f"{share:.{share_digits(share, limit=limit)}%}"
