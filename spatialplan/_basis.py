"""The words beside a number: rule, limit, denominator, data and how sure the clause is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from .network import REACH_M
from .standard import UNCERTAIN

if TYPE_CHECKING:
    import geopandas as gpd

    from .base import Base
    from .standard import Part
    from .standard import Standard

_RULES = {
    "straight": (
        "直线距离（点设施自点、面设施自边界量起）",
        "straight line (from the point, or the outline of an area)",
    ),
    "table": (
        "步行路网距离（按标准的时间—距离对照表，含地点至道路的直线段）",
        (
            "walking network distance (the standard's minutes-to-metres table; "
            "the way to the street included)"
        ),
    ),
    "network": (
        "步行路网（含地点至道路的直线段）",
        "walking network (the way to the street included)",
    ),
}
_TIERS_ZH = {"city": "城市级", "block": "居住街坊"}
_DENOMINATORS = {
    "population": ("常住人口", "residents"),
    "residential_land": ("居住用地面积", "residential land"),
    "communities": ("社区（片区）数", "communities (areas)"),
}


def threshold_text(clause: pd.Series[Any]) -> str:
    """The limit of a clause, such as ``300 m`` or ``500 m (≥5000 m²); 300 m (400–5000 m²)``."""
    limits = dict.fromkeys(_limit(part, clause) for part in clause["parts"])
    return "; ".join(filter(None, limits)) or "—"


def _limit(part: Part, clause: pd.Series[Any]) -> str:
    by_time = math.isnan(part.threshold_m)
    if by_time and math.isnan(clause["threshold_min"]):
        return ""
    limit = f"{clause['threshold_min']:g} min" if by_time else f"{part.threshold_m:g} m"
    size = _size(part)
    return f"{limit} ({size})" if size else limit


def _size(part: Part) -> str:
    least, most = part.min_area_m2, part.max_area_m2
    if not math.isnan(least) and not math.isnan(most):
        return f"{least:.12g}–{most:.12g} m²"
    if not math.isnan(least):
        return f"≥{least:.12g} m²"
    return "" if math.isnan(most) else f"<{most:.12g} m²"


def basis_text(
    clause: pd.Series[Any],
    base: Base,
    standard: Standard,
    facilities: gpd.GeoDataFrame,
    *,
    enough: float,
    lang: str,
) -> str:
    """Compose the basis (口径) of a finding: what was counted, how, on which data."""
    zh = lang == "zh"
    if not clause["judged"]:
        return str(clause["not_judged_zh"] if zh else clause["not_judged_en"])
    pick = 0 if zh else 1
    denominator = _DENOMINATORS[clause["denominator"]][pick] + _counted(clause, base, enough, zh=zh)
    files = [source for source in base.sources if source["date"]]
    dates = ", ".join(dict.fromkeys(f"{source['title']} {source['date']}" for source in files))
    doubt = clause["confidence"] in UNCERTAIN
    if zh:
        parts = [
            f"{standard.title_zh} {clause['clause']}",
            f"{_RULES[clause['distance_rule']][0]}≤{threshold_text(clause)}",
            f"分母：{denominator}",
            f"范围：{base.title('zh')} 全部数据范围，分区各行限本片区",
            f"设施：{len(facilities)} 处",
            f"数据：{dates}" if dates else "",
            str(clause["switched_zh"]).rstrip("；"),
            f"条文可信度 {clause['confidence']}" + ("（待核）" if doubt else ""),
        ]
        return "；".join(part for part in parts if part)
    parts = [
        f"{standard.title_en} {clause['clause']}",
        f"{_RULES[clause['distance_rule']][1]}, at most {threshold_text(clause)}",
        f"denominator: {denominator}",
        f"universe: all data of {base.title('en')}, rows of an area its own",
        f"facilities: {len(facilities)}",
        f"data: {dates}" if dates else "",
        str(clause["switched_en"]).rstrip("; "),
        f"confidence {clause['confidence']}" + (" (to be checked)" if doubt else ""),
    ]
    return "; ".join(part for part in parts if part)


def _counted(clause: pd.Series[Any], base: Base, enough: float, *, zh: bool) -> str:
    if clause["denominator"] == "residential_land":
        return ""
    people = base.facts.get("population_zh" if zh else "population_en", "")
    told = f"（{people}）" if zh and people else f" ({people})" if people else ""
    if clause["denominator"] == "communities":
        share = f"{enough:.0%}"
        rule = (
            f"，达标＝{share}及以上人口被覆盖"
            if zh
            else f", served = {share} of its people or more"
        )
        return rule + told
    return told


def finding_notes(
    clause: pd.Series[Any], base: Base, facilities: gpd.GeoDataFrame
) -> tuple[str, str]:
    """What a reader must know of a finding, in Chinese and in English."""
    zh, en = [str(clause["note_zh"])], [str(clause["note_en"])]
    if clause["confidence"] in UNCERTAIN:
        zh.append("条文数值待核对印刷本")
        en.append("figures of the clause to be checked against the printed standard")
    if not clause["judged"]:
        zh.append(f"未评：{clause['not_judged_zh']}")
        en.append(f"not judged: {clause['not_judged_en']}")
    elif facilities.empty:
        zh.append("未评：数据中没有此类（或此规模）设施，不等于覆盖率为 0")
        en.append("not measured: the data hold no facility of this kind or size; that is not 0 %")
    else:
        _note_data(clause, base, facilities, zh, en)
    return "；".join(part for part in zh if part), "; ".join(part for part in en if part)


def _note_data(
    clause: pd.Series[Any], base: Base, facilities: gpd.GeoDataFrame, zh: list[str], en: list[str]
) -> None:
    if clause["denominator"] == "residential_land" and base.land.empty:
        zh.append("未评：没有居住用地数据")
        en.append("not measured: no residential land")
    reasons = facilities.loc[facilities["stand_in_zh"] != "", ["stand_in_zh", "stand_in_en"]]
    for (reason_zh, reason_en), count in reasons.value_counts().items():
        zh.append(f"{count} 处为代用：{reason_zh}")
        en.append(f"{count} stand-ins: {reason_en}")
    far = int((facilities["street_m"] > REACH_M).sum()) if "street_m" in facilities else 0
    if far:
        zh.append(f"{far} 处设施距道路超过 {REACH_M:g} m")
        en.append(f"{far} facilities farther than {REACH_M:g} m from any street")


def tier_text(tier: str) -> tuple[str, str]:
    """
    A tier in words: one of minutes, or of places.

    Examples
    --------
    >>> tier_text("15"), tier_text("block")
    (('15分钟', '15 min'), ('居住街坊', 'block'))
    """
    if tier[:1].isdigit():
        return f"{tier}分钟", f"{tier} min"
    return _TIERS_ZH.get(tier, tier), tier


def clause_names(clauses: pd.DataFrame) -> pd.DataFrame:
    """
    What clauses are called, with their tier where several have one name.

    Parameters
    ----------
    clauses
        Clauses of a standard, or findings about them: ``clause_id`` (or as index),
        ``name_zh``, ``name_en``, ``tier``.

    Returns
    -------
    DataFrame
        Index ``clause_id``; ``name_zh``, ``name_en``.

    Examples
    --------
    >>> stops = pd.DataFrame({"name_zh": "公交站", "name_en": ["Stop, near", "Stop"],
    ...                       "tier": ["5", "15"]}, index=pd.Index(["a", "b"], name="clause_id"))
    >>> clause_names(stops).loc["a"].tolist()
    ['公交站 · 5分钟', 'Stop, near']
    """
    table = clauses if clauses.index.name == "clause_id" else clauses.set_index("clause_id")
    table = table[~table.index.duplicated()]
    tiers = pd.DataFrame(list(table["tier"].map(tier_text)), index=table.index)
    called = {}
    for place, name in enumerate(("name_zh", "name_en")):
        shared = table[name].duplicated(keep=False)
        called[name] = table[name].where(~shared, table[name] + " · " + tiers[place])
    return pd.DataFrame(called)
