"""Is what a target says printed in its quote, and is nothing both said and left open?"""

from __future__ import annotations

import re
from itertools import chain
from math import isclose
from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from spatialplan.vocabulary import modes_in

from ._text_check import LABEL
from ._text_check import LEFT_OUT
from ._text_check import compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._plan import Plan

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)[%％]")
_LIMIT = re.compile(r"[\d.半一二两三四五六七八九十百]+(?:小时|分钟|日|天|公里|千米|米)")
_CLAUSE_END = re.compile("[，。；、]")
_ALL = re.compile("全覆盖|全面覆盖|全部|所有")
# What `open_zh` calls a field that is then left out.
_OPEN = {
    "mode": ("方式", "出行方式"),
    "required": ("达标比例",),
    "year": ("年份",),
    "from_zh": ("起点", "起点和终点"),
    "to_zh": ("终点", "起点和终点"),
}


def target_faults(plan: Plan) -> Iterator[str]:
    """Hold the fields of targets against their quotes; see `check_plan`."""
    period = _years(plan.period_zh)
    for key, row in plan.targets.iterrows():
        quote = compact(row["quote_zh"])
        for fault in (
            *_open_faults(row),
            *_way_faults(row, quote),
            *_code_faults(row),
            *_mode_faults(row, quote),
            *_required_faults(row, quote),
            *_year_faults(row, quote, period),
            *_content_faults(row, quote),
        ):
            yield f"targets.{key}: {fault}"
    yield from _status_faults(plan.targets)


def _status_faults(targets: pd.DataFrame) -> Iterator[str]:
    """Targets of one quote that are said to be reached in part: a sentence is of one time."""
    for _, alike in targets.groupby("quote_zh", sort=False)["status"]:
        for key, status in alike[alike != alike.iloc[0]].items():
            first = alike.index[0]
            yield f"targets.{key}: status is {status}, but {first}, of the same quote, is not"


def _open_faults(row: pd.Series[Any]) -> Iterator[str]:
    for field, words in _OPEN.items():
        given = row[field]
        for word in set(words) & set(row["open_zh"]):
            if given and pd.notna(given):
                yield f"{field} is {given}, but open_zh says that the text leaves {word} open"


def _way_faults(row: pd.Series[Any], quote: str) -> Iterator[str]:
    """Where a target begins and ends is quoted with its limit, or named in its note."""
    limit = compact(row["printed_zh"])
    for field in ("from_zh", "to_zh"):
        words = compact(row[field])
        if words in compact(row["note_zh"]):
            continue
        if words not in quote:
            yield f"{field} is {row[field]!r}, which neither its quote nor its note_zh holds"
            continue
        clauses = [clause for clause in _CLAUSE_END.split(quote) if words in clause]
        limits = [_LIMIT.findall(clause) for clause in clauses]
        if limit and clauses and all(limits) and not any(limit in clause for clause in clauses):
            told = " and ".join(chain(*limits))
            yield f"{field} is {row[field]!r}, but its quote says {told} there, not {limit}"


def _code_faults(row: pd.Series[Any]) -> Iterator[str]:
    """The digits of a code stand in the phrase, and in the limit where that has digits."""
    for field in ("phrase_zh", "printed_zh"):
        printed = compact(row[field])
        if row["code"] not in printed and (field == "phrase_zh" or re.search(r"\d", printed)):
            yield f"code is {row['code']!r}, which {field} {row[field]!r} does not hold"


def _mode_faults(row: pd.Series[Any], quote: str) -> Iterator[str]:
    named = modes_in(quote)
    if row["mode"] and row["mode"] not in named:
        told = " and ".join(named) or "no mode"
        yield f"mode is {row['mode']}, but its quote names {told}"


def _required_faults(row: pd.Series[Any], quote: str) -> Iterator[str]:
    required = row["required"]
    shares = [float(share) / 100 for share in _SHARE.findall(quote)]
    shares += [1.0] if _ALL.search(quote) else []
    if pd.notna(required) and not any(isclose(required, share) for share in shares):
        told = " and ".join(f"{share:g}" for share in shares) or "no share"
        yield f"required is {required:g}, but its quote says {told}"
    for piece in LABEL.sub("", row["required_zh"]).split(LEFT_OUT):
        if compact(piece) not in quote:
            yield f"its quote does not hold {piece!r}"


def _year_faults(row: pd.Series[Any], quote: str, period: list[int]) -> Iterator[str]:
    """Years come from the quote; where it has none, from the period, or from before it."""
    year, quoted = row["year"], _years(quote)
    is_current = row["status"] == "current"
    if pd.isna(year):
        return
    if is_current and (not period or year > min(period)):
        yield f"year is {year:.0f}, but what is current lies not after the period begins"
    if quoted:
        if year not in quoted:
            yield f"year is {year:.0f}, but its quote says {' and '.join(map(str, quoted))}"
    elif not is_current and year not in period:
        yield f"year is {year:.0f}, which neither its quote nor period_zh names"


def _content_faults(row: pd.Series[Any], quote: str) -> Iterator[str]:
    for name in () if row["note_zh"] else row["contents_zh"]:
        if compact(name) not in quote:
            yield f"its quote does not hold {name!r}; a composed name needs a note_zh"


def _years(text: str) -> list[int]:
    return [int(year) for year in _YEAR.findall(text)]
