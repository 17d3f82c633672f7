"""Tables, notes and fields of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd

from spatialplan import report
from spatialplan._basis import clause_names
from spatialplan._basis import tier_text
from spatialplan.cartography import data_table
from spatialplan.cartography import two_languages
from spatialplan.shortfall import worst_areas

if TYPE_CHECKING:
    from spatialplan.base import Base
    from spatialplan.standard import Standard

_SHOWN_GAPS = 300
_DOUBTS = {"M": ("M 待核", "M, check"), "L": ("L 待核", "L, check")}
_DENOMINATORS = {
    "population": ("人口", "population"),
    "residential_land": ("居住用地", "residential land"),
    "communities": ("社区", "communities"),
}


def page_tables(
    standard: Standard,
    base: Base,
    served: pd.DataFrame,
    every: pd.DataFrame,
    holes: gpd.GeoDataFrame,
) -> list[dict[str, Any]]:
    """Tables of findings for all and by area (`every`), of gaps and of areas."""
    findings = every[every["area_id"] == ""]
    worst = worst_areas(standard, base, served)
    shapes = base.boundaries.geometry.reindex(worst["area_id"]).to_numpy()
    return [
        data_table(
            "coverage", _rates(findings), title_zh="覆盖率", title_en="Coverage",
            columns=[
                ("name_zh", "设施", "Facility", "text"),
                ("tier_zh", "层级", "Tier", "text"),
                ("threshold", "限值", "Limit", "text"),
                ("what_zh", "分母", "Of", "text"),
                ("measured", "覆盖率", "Served", "share"),
                ("n_facilities", "设施数", "Facilities", "count"),
                ("n_stand_ins", "其中代用", "Stand-ins", "count"),
                ("doubt_zh", "可信度", "Confidence", "text"),
            ],
            layer_column="layer",
        ),
        data_table(
            "gaps", _largest(holes, clause_names(findings)),
            title_zh="最大的服务盲区", title_en="Largest gaps",
            columns=[
                ("name_zh", "缺", "Missing", "text"),
                ("area_name_zh", "所在片区", "Area", "text"),
                ("people", "未覆盖人口", "People", "people"),
                ("residential_m2", "未覆盖居住用地", "Residential land", "m2"),
            ],
            layer_column="layer", key_column="gap_id",
        ),
        data_table(
            "worst", gpd.GeoDataFrame(worst, geometry=shapes, crs=base.crs),
            title_zh="薄弱片区", title_en="Worst areas",
            columns=[
                ("area_name_zh", "片区", "Area", "text"),
                ("population", "人口", "People", "people"),
                ("missing_mean", "人均缺项", "Missing per person", "number"),
                ("worst_zh", "最缺", "Most missing", "text"),
            ],
            key_column="area_id",
        ),
        *_by_area(every, base),
    ]  # fmt: skip


def _by_area(every: pd.DataFrame, base: Base) -> list[dict[str, Any]]:
    """Coverage of every area, a column for each measured clause; all first, for comparison."""
    measured = every[every["measured"].notna()]
    if not (measured["area_id"] != "").any():
        return []
    shares = measured.pivot_table("measured", "area_id", "clause_id", sort=False)
    names = measured.drop_duplicates("area_id").set_index("area_id")["area_name_zh"]
    clauses = clause_names(every)
    shares["area_name_zh"] = names.where(names.index != "", "全部")
    shares["area_name_en"] = names.where(names.index != "", "All")
    shapes = base.boundaries.geometry.reindex(shares.index).to_numpy()
    table = gpd.GeoDataFrame(shares.reset_index(), geometry=shapes, crs=base.crs)
    return [
        data_table(
            "areas", table, title_zh="分片区覆盖率", title_en="Coverage by area",
            columns=[
                ("area_name_zh", "片区", "Area", "text"),
                *((clause_id, clauses["name_zh"][clause_id], clauses["name_en"][clause_id], "share")
                  for clause_id in shares.columns.intersection(clauses.index)),
            ],
            key_column="area_id",
        )
    ]  # fmt: skip


def _rates(findings: pd.DataFrame) -> pd.DataFrame:
    """Coverage in the words of a table, lowest first."""
    rates = findings[findings["measured"].notna()]
    rates = rates.assign(
        layer="coverage-" + rates["clause_id"],
        **two_languages("doubt", rates["confidence"], _doubt),
        **two_languages("tier", rates["tier"], tier_text),
        **two_languages("what", rates["denominator"], _DENOMINATORS.__getitem__),
    )
    return rates.sort_values("measured")


def _doubt(key: str) -> tuple[str, str]:
    """How sure a clause is; what is not is to be checked."""
    return _DOUBTS.get(key, (key, key))


def named(rows: pd.DataFrame, names: pd.DataFrame) -> Any:
    """Rows about clauses with what these are called."""
    return rows.assign(**{str(name): rows["clause_id"].map(names[name]) for name in names})


def _largest(holes: gpd.GeoDataFrame, names: pd.DataFrame) -> gpd.GeoDataFrame:
    table = named(holes.nlargest(_SHOWN_GAPS, "people").reset_index(), names)
    return table.assign(
        layer="gaps-" + table["clause_id"], residential_m2=table["residential_km2"] * 1e6
    )


def page_notes(standard: Standard, base: Base, findings: pd.DataFrame) -> list[tuple[str, ...]]:
    """Basis and theme of every clause, what the standard leaves open, where the data come from."""
    names = clause_names(findings)
    notes: list[tuple[str, ...]] = [
        (f"{name_zh}：{row['basis']}" + (f"。{row['note']}" if row["note"] else ""),
         f"{name_en}: {row['basis_en']}" + (f". {row['note_en']}" if row["note_en"] else ""),
         row["clause_id"])
        for _, row in findings.iterrows()
        for name_zh, name_en in [names.loc[row["clause_id"]]]
    ]  # fmt: skip
    notes += list(zip(standard.notes_zh, standard.notes_en, strict=False))
    notes += [report.far_note(base)] if len(base.unlocated) else []
    notes += [
        (f"数据（{source['role']}）：{told}", f"data ({source['role']}): {told}")
        for source in base.sources
        for told in [", ".join(filter(None, (source["title"], source["date"], source["licence"])))]
    ]  # fmt: skip
    return notes


def page_fields(base: Base) -> dict[str, str]:
    """What the foot of a map states, as far as the base knows it."""
    licences = dict.fromkeys(source["licence"] for source in base.sources)
    dates = dict.fromkeys(source["date"] for source in base.sources if source["date"])
    return {
        "crs": base.crs.to_string(),
        "data_date": "；".join(dates),
        "attribution": "；".join(licences),
    }
