"""What a report says, in one language and before it has a format."""

from __future__ import annotations

import math
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Literal
from typing import TypedDict

import geopandas as gpd
import pandas as pd

from spatialplan.base import OUTSIDE_ID
from spatialplan.schema import DRAWN_FROM
from spatialplan.schema import FINDINGS
from spatialplan.schema import check
from spatialplan.standard import UNCERTAIN

from ._words import Lang
from ._words import amount_text
from ._words import share_digits
from ._words import share_text
from ._words import words

HECTARES_PER_KM2 = 100
GAPS_IN_WORKBOOK = 20
"""How many gaps of each clause a workbook holds; a map layer holds them all."""
GAPS_LISTED = 3
ROWS_LISTED = 150
"""How many gaps of each clause, and rows of any table but the findings, a page lists."""
ENOUGH_FACILITIES = 3
"""A coverage by fewer facilities tells more of the data than of the place."""
_ROUNDED = {
    "area_km2": 4,
    "residential_km2": 4,
    "people": 1,
    "population": 1,
    "missing_mean": 4,
}

Kind = Literal["text", "long", "count", "decimal", "share"]
Spec = tuple[tuple[str, Kind, int], ...]
Row = dict[str, Any]


class Facts(TypedDict):
    """What a report says about itself."""

    title_zh: str
    title_en: str
    area_id: str
    standard_zh: str
    standard_en: str
    date: str
    version: str
    command: str
    warnings_zh: Sequence[str]
    warnings_en: Sequence[str]
    notes_zh: Sequence[str]
    notes_en: Sequence[str]


@dataclass(frozen=True)
class Column:
    """A column of a table: the key of its values, and how they are written."""

    key: str
    heading: str
    kind: Kind = "text"
    width: int = 12


@dataclass(frozen=True)
class Table:
    """A table of a report: `rows` for a workbook, `listed` for a page, out of `total`."""

    title: str
    columns: tuple[Column, ...]
    rows: list[Row]
    listed: list[Row]
    total: int


@dataclass(frozen=True)
class Content:
    """Everything a report says, whatever its format."""

    lang: Lang
    title: str
    headline: str
    banner: str
    hint: str
    findings: Table
    gaps: Table
    worst: Table
    basis: Table
    sources: Table
    run: Table
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    words: Mapping[str, str]


def content(
    *,
    findings: pd.DataFrame,
    gaps: gpd.GeoDataFrame,
    worst: pd.DataFrame,
    sources: Iterable[Mapping[str, Any]],
    facts: Facts,
    lang: Lang,
) -> Content:
    """Compose the report of an assessment in one language."""
    check(findings, FINDINGS)
    said = words(lang)
    doubt = max(findings["drawn_from"], key=DRAWN_FROM.index, default="open_data")
    thin = thin_clauses(findings)
    last = findings.sort_values("area_id", key=lambda ids: ids == OUTSIDE_ID, kind="stable")
    rows = [_finding_row(row, said, lang, thin=thin) for row in _records(last)]
    table = _table("coverage", _FINDINGS, rows, said)
    zh = lang == "zh"
    title = (facts["title_zh"], facts["standard_zh"])
    title_en = (facts["title_en"], facts["standard_en"])
    return Content(
        lang=lang,
        title=" · ".join(title if zh else title_en) + said.get(f"mark.{doubt}", ""),
        headline=headline(findings, lang=lang),
        banner=said.get(f"banner.{doubt}", ""),
        hint=said["check_hint"] if any(row["uncertain"] for row in rows) else "",
        findings=replace(table, listed=rows),
        gaps=_gap_table(gaps, said, lang),
        worst=_table("worst", _WORST, _worst_rows(worst, lang), said),
        basis=_table("basis", _BASIS, _basis_rows(rows), said),
        sources=_table("sources", _SOURCES, _source_rows(sources), said),
        run=_table("run", _RUN, _run_rows(facts, said, lang), said),
        notes=tuple(facts["notes_zh"] if zh else facts["notes_en"]),
        warnings=tuple(facts["warnings_zh"] if zh else facts["warnings_en"]),
        words=said,
    )


@dataclass(frozen=True)
class Figure:
    """
    A map for a report, and the classes it is drawn in.

    ``picture`` is a PNG; ``classes`` are label, amount and colour (#rrggbb) of each class, and
    ``counted`` is what the amounts are.
    """

    title: str
    picture: bytes
    classes: tuple[tuple[str, str, str], ...] = ()
    counted: str = ""


def headline(findings: pd.DataFrame, *, lang: Lang = "zh") -> str:
    """
    The result of an assessment in one sentence.

    Parameters
    ----------
    findings
        Table FINDINGS; the rows of the whole (``area_id`` empty) are told.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    str
        How many clauses were judged and met, and the lowest coverage of those
        for which the data are not too thin.
    """
    said = words(lang)
    told = findings[findings["area_id"] == ""]
    judged = told[told["measured"].notna()]
    if judged.empty:
        return said["headline.none"]
    bound = judged[judged["required"].notna()]
    parts = [said["headline.judged"].format(n=len(judged))]
    if thin := len(thin_clauses(findings)):
        parts.append(said["headline.thin"].format(n=thin))
    if len(bound):
        met = int((bound["met"] == True).sum())  # noqa: E712 - the column also holds None
        parts.append(said["headline.met"].format(n=len(bound), met=met))
    lowest = lowest_clause(findings)
    if lowest is not None:
        parts.append(
            said["headline.lowest"].format(
                name=lowest[f"name_{lang}"],
                share=share_text(lowest["measured"]),
                unserved=amount_text(lowest["unserved"], lowest["total_unit"], lang=lang),
            )
        )
    if len(judged) < len(told):
        parts.append(said["headline.unmeasured"].format(n=len(told) - len(judged)))
    return "；".join(parts) + "。" if lang == "zh" else "; ".join(parts) + "."


def lowest_clause(findings: pd.DataFrame) -> pd.Series[Any] | None:
    """Return the finding of the lowest coverage on data that are not too thin, if there is one."""
    judged = findings[(findings["area_id"] == "") & findings["measured"].notna()]
    solid = judged[~judged["clause_id"].isin(thin_clauses(findings))]
    return None if solid.empty else solid.sort_values("measured", kind="stable").iloc[0]


def thin_clauses(findings: pd.DataFrame) -> frozenset[str]:
    """Return judged clauses with fewer than `ENOUGH_FACILITIES` or with stand-ins only."""
    told = findings[(findings["area_id"] == "") & findings["measured"].notna()]
    few = told["n_facilities"] < ENOUGH_FACILITIES
    return frozenset(told.loc[few | (told["n_stand_ins"] == told["n_facilities"]), "clause_id"])


_FINDINGS: Spec = (
    ("area_name", "text", 20),
    ("name", "text", 30),
    ("tier", "text", 10),
    ("clause", "text", 20),
    ("rule", "text", 22),
    ("threshold", "text", 14),
    ("denominator", "text", 11),
    ("measured", "share", 10),
    ("required", "share", 9),
    ("met", "text", 24),
    ("total", "count", 13),
    ("served", "count", 13),
    ("unserved", "count", 13),
    ("unit", "text", 7),
    ("n_facilities", "count", 8),
    ("confidence", "text", 11),
    ("drawn_from", "text", 11),
    ("precision_m", "count", 10),
    ("basis", "long", 70),
    ("note", "long", 50),
    ("clause_id", "text", 28),
)
_GAPS: Spec = (
    ("rank", "count", 7),
    ("name", "text", 30),
    ("area_name", "text", 20),
    ("area_km2", "decimal", 12),
    ("residential_km2", "decimal", 14),
    ("people", "count", 14),
    ("location", "text", 26),
)
_WORST: Spec = (
    ("rank", "count", 7),
    ("area_name", "text", 18),
    ("population", "count", 14),
    ("missing_mean", "decimal", 14),
    ("unserved_worst", "count", 18),
    ("worst_items", "long", 60),
)
_BASIS: Spec = (
    ("name", "text", 30),
    ("clause", "text", 22),
    ("confidence", "text", 12),
    ("basis", "long", 80),
    ("note", "long", 60),
)
_SOURCES: Spec = (
    ("role", "text", 16),
    ("title", "text", 36),
    ("date", "text", 22),
    ("licence", "text", 22),
    ("datum", "text", 12),
    ("sha256", "text", 66),
)
_RUN: Spec = (("role", "text", 16), ("title", "long", 60))


def _table(key: str, spec: Spec, rows: list[Row], said: Mapping[str, str]) -> Table:
    columns = tuple(Column(name, said[name], kind, width) for name, kind, width in spec)
    return Table(said[key], columns, rows, rows[:ROWS_LISTED], len(rows))


def _gap_table(gaps: gpd.GeoDataFrame, said: Mapping[str, str], lang: Lang) -> Table:
    """Return the first gaps of every clause, each of which ranks its own."""
    rows = _gap_rows(gaps[gaps["rank"] <= GAPS_IN_WORKBOOK], lang)
    listed = [row for row in rows if row["rank"] <= GAPS_LISTED]
    return replace(_table("gaps", _GAPS, rows, said), listed=listed, total=len(gaps))


def _finding_row(row: Row, said: Mapping[str, str], lang: Lang, *, thin: Collection[str]) -> Row:
    """Return one finding in words; amounts of land become hectares, to a hundredth."""
    denominator, measured, required = row["denominator"], row["measured"], row["required"]
    scale, digits = (HECTARES_PER_KM2, 2) if row["total_unit"] == "km2" else (1, 1)
    own = "" if lang == "zh" else "_en"
    uncertain = row["confidence"] in UNCERTAIN
    verdict = _verdict(row)
    is_thin = verdict != "unmeasured" and row["clause_id"] in thin
    return {
        **row,
        **{key: round(row[key] * scale, digits) for key in ("total", "served", "unserved")},
        "precision_m": round(row["precision_m"], 1),
        "area_name": row["area_name_zh"] if row["area_id"] else said["whole"],
        "name": row[f"name_{lang}"],
        "tier": said.get(f"tier.{row['tier']}", row["tier"]),
        "rule": said.get(f"rule.{row['rule']}", row["rule"]),
        "denominator": said.get(f"denominator.{denominator}", denominator),
        "unit": said.get(f"unit.{row['total_unit']}", ""),
        "met": said[f"met.{verdict}"] + (said["thin"] if is_thin else ""),
        "confidence": row["confidence"] + (f" {said['to_check']}" if uncertain else ""),
        "drawn_from": said[f"drawn_from.{row['drawn_from']}"],
        "basis": row[f"basis{own}"],
        "note": row[f"note{own}"],
        "measured_text": share_text(measured, limit=required),
        "required_text": share_text(required),
        "unserved_text": amount_text(row["unserved"], row["total_unit"], lang=lang),
        "share_digits": share_digits(measured, limit=required),
        "uncertain": uncertain,
        "failed": verdict == "no",
        "judged": not math.isnan(measured),
    }


def _verdict(row: Row) -> str:
    if math.isnan(row["measured"]):
        return "unmeasured"
    if math.isnan(row["required"]):
        return "no_requirement"
    return "yes" if row["met"] else "no"


def _gap_rows(gaps: gpd.GeoDataFrame, lang: Lang) -> list[Row]:
    if gaps.empty:
        return []
    places = gaps.geometry.representative_point().to_crs(4326)
    rows = _records(gaps.drop(columns=gaps.geometry.name))
    return [
        {
            **row,
            "name": row[f"name_{lang}"],
            "area_name": row["area_name_zh"],
            "location": f"{place.x:.5f}, {place.y:.5f}",
        }
        for row, place in zip(rows, places, strict=True)
    ]


def _worst_rows(worst: pd.DataFrame, lang: Lang) -> list[Row]:
    """Return the areas by rank; what lies outside all areas comes last, without one."""
    outside = (worst["area_id"] == OUTSIDE_ID).to_numpy()
    ranks = [*map(float, range(1, int((~outside).sum()) + 1)), *[math.nan] * int(outside.sum())]
    ranked = pd.concat([worst[~outside], worst[outside]]).reset_index(drop=True)
    return [
        {
            **row,
            "area_name": row["area_name_zh"],
            "unserved_worst": round(row["unserved"], 1),
            "worst_items": row[f"worst_{lang}"],
        }
        for row in _records(ranked.assign(rank=ranks))
    ]


def _records(table: pd.DataFrame) -> list[Row]:
    rounded = table.round(_ROUNDED)
    return [{str(key): value for key, value in row.items()} for row in rounded.to_dict("records")]


def _basis_rows(rows: list[Row]) -> list[Row]:
    """Return each clause's basis and note once: they are the same in every area."""
    once = {(row["clause_id"], row["basis"], row["note"]): row for row in rows}
    return list(once.values())


def _source_rows(sources: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the sources; what is not known of one stays empty."""
    return [{key: source.get(key) or "" for key, _, _ in _SOURCES} for source in sources]


def _run_rows(facts: Facts, said: Mapping[str, str], lang: Lang) -> list[Row]:
    told = {
        "standard": facts["standard_zh"] if lang == "zh" else facts["standard_en"],
        "date": facts["date"],
        "version": facts["version"],
        "command": facts["command"],
    }
    return [{"role": said[key], "title": value} for key, value in told.items()]
