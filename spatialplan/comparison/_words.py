"""Tables, notes and the headline of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd

from spatialplan.cartography import data_table
from spatialplan.coverage_map.words import page_notes as coverage_notes
from spatialplan.report import people_text
from spatialplan.report import share_text

from ._states import people_basis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatialplan.base import Base
    from spatialplan.report import Lang
    from spatialplan.standard import Standard

_PEOPLE = {
    "places": ("前后人口相同、位置相同：逐处比较得失", "The same people at the same places: gains "
               "and losses are counted place by place"),
    "total": ("前后总人口相同、分布不同：只比较覆盖率，不逐处计得失", "The same total, spread "
              "differently: only shares are compared, not who gains or loses"),
    "neither": ("注意：前后人口不同（前 {}，后 {}），覆盖率的变化也来自人口变化",
                "Mind: the people differ ({} before, {} after); shares change with "
                "them, too"),
}  # fmt: skip
_NOT_MEASURED = (
    "某一状态的数据中没有该类设施时，该状态不计覆盖率（不等于 0），也不计变化",
    "Where the data of a state hold no facility of a kind, it is not measured there (which is "
    "not 0%), nor is its change",
)
_RULE = (
    "变化 = 后 − 前；受益、受损人口 = 由未达标转为达标、由达标转为未达标的人口，按居住地逐处合计",
    "Change = after less before; people who gain or lose are those who come within the limit or "
    "fall out of it, summed over the places where they live",
)


def headline(measured: pd.DataFrame, *, lang: Lang) -> str:
    """How many clauses rose and fell, and the greatest change."""
    told = measured[measured["change"].notna()]
    change = told["change"]
    if not (change != 0).any():
        return {"zh": "各项覆盖率前后无变化", "en": "No coverage changes"}[lang]
    most = told.iloc[int(change.abs().argmax())]
    shares = [share_text(most[f"measured_{side}"]) for side in ("before", "after")]
    up, down = int((change > 0).sum()), int((change < 0).sum())
    if lang == "zh":
        return f"{up} 项覆盖率上升、{down} 项下降；变化最大：{most['name_zh']} {' → '.join(shares)}"
    return f"{up} up, {down} down; most: {most['name_en']} {' → '.join(shares)}"


def page_tables(tables: Mapping[str, pd.DataFrame], after: Base) -> list[dict[str, Any]]:
    """Changes by clause and by area, and the facilities that came and went."""
    made = [
        data_table("changes", _linked(tables["clauses"]), title_zh="前后变化", title_en="Changes",
                   columns=[_FACILITY, *_COUNTED, *_STOCK], layer_column="layer"),
    ]  # fmt: skip
    areas = _linked(tables["areas"])
    areas = areas[areas["change"] != 0]
    if len(areas):
        shapes = after.boundaries.geometry.reindex(areas["area_id"]).to_numpy()
        made.append(
            data_table(
                "areas", gpd.GeoDataFrame(areas, geometry=shapes, crs=after.crs),
                title_zh="分片区变化", title_en="Changes by area",
                columns=[("area_name_zh", "片区", "Area", "text"), _FACILITY, *_COUNTED],
                layer_column="layer",
            )
        )  # fmt: skip
    return made


_FACILITY = ("name_zh", "设施", "Facility", "text")
_COUNTED = [
    ("measured_before", "前", "Before", "share"),
    ("measured_after", "后", "After", "share"),
    ("points", "变化（百分点）", "Change (points)", "number"),
    ("people_gained", "受益人口", "People who gain", "people"),
    ("people_lost", "受损人口", "People who lose", "people"),
]
_STOCK = [
    ("threshold", "限值", "Limit", "text"),
    ("n_facilities_before", "设施数（前）", "Facilities before", "count"),
    ("n_facilities_after", "设施数（后）", "Facilities after", "count"),
]


def _linked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that either state measures, the greatest change first, with the layer to show."""
    either = rows["measured_before"].notna() | rows["measured_after"].notna()
    linked = rows[either].sort_values("change", key=lambda change: -change.abs(), kind="stable")
    return linked.assign(layer="change-" + linked["clause_id"], points=linked["change"] * 100)


def page_notes(
    standard: Standard, before: Base, after: Base, clauses: pd.DataFrame
) -> list[tuple[str, ...]]:
    """On what the two states compare, and the basis and sources of both."""
    people = _PEOPLE[people_basis(before, after)]
    now = coverage_notes(standard, after, clauses)
    was = coverage_notes(standard, before, clauses)
    return [
        _counted(people, before, after),
        _RULE,
        _NOT_MEASURED,
        *now,
        *(note for note in was if note not in now),
    ]


def _counted(words: tuple[str, str], before: Base, after: Base) -> tuple[str, str]:
    """Chinese and English words with the people of both states put in."""
    sums = [base.demand["population"].sum() for base in (before, after)]
    zh, en = ([people_text(people, lang=lang) for people in sums] for lang in ("zh", "en"))
    return words[0].format(*zh), words[1].format(*en)
