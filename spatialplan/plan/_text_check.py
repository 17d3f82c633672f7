"""Do quotes hold the words that a plan's data has, and does the document hold the quotes?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ._plan import Plan

LEFT_OUT = "……"
QUOTED = ("structures", "targets", "indicators")
LABEL = re.compile(r"（[^（）]*）$")


def quote_faults(plan: Plan) -> Iterator[str]:
    """Hold what is said to be printed against the quotes; see `check_plan`."""
    for key, row in plan.structures.iterrows():
        yield from _unquoted(f"structures.{key}", row, row["phrase_zh"])
    for key, row in plan.targets.iterrows():
        yield from _unquoted(f"targets.{key}", row, row["phrase_zh"], row["printed_zh"])
    for key, row in plan.indicators[plan.indicators["table_zh"] == ""].iterrows():
        yield from _unquoted(f"indicators.{key}", row, *printed_values(row))
    yield from _unquoted_names(plan)


def text_faults(plan: Plan, text: str) -> Iterator[str]:
    """Hold quotes and what is set aside against the text; see `check_plan`."""
    words = compact(text)
    for table in QUOTED:
        for key, quote in getattr(plan, table)["quote_zh"].items():
            yield from (f"{table}.{key}: {fault}" for fault in _order_faults(quote, words))
    for key, row in plan.set_aside.iterrows():
        found = words.count(compact(row["phrase_zh"]))
        if found < row["count"]:
            yield (
                f"set_aside.{key}: the text holds {row['phrase_zh']} {found} times, "
                f"not {row['count']}"
            )


def phrases_held(plan: Plan, text: str) -> int:
    """How many of a plan's phrases stand in a text: tells its own text from others."""
    words = compact(text)
    phrases = [*plan.structures["phrase_zh"], *plan.targets["phrase_zh"]]
    return sum(compact(phrase) in words for phrase in phrases if phrase)


def compact(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def _unquoted(where: str, row: pd.Series[Any], *printed: str) -> Iterator[str]:
    quote = compact(row["quote_zh"])
    for words in printed:
        if compact(words) not in quote:
            yield f"{where}: its quote does not hold {words!r}"


def _unquoted_names(plan: Plan) -> Iterator[str]:
    """Names in no quote of the plan, unless a note says what they were put together from."""
    quotes = LEFT_OUT.join(
        compact(quote) for table in QUOTED for quote in getattr(plan, table)["quote_zh"]
    )
    for key, element in plan.elements[plan.elements["note_zh"] == ""].iterrows():
        name = element["name_zh"]
        if compact(name) not in quotes and compact(LABEL.sub("", name)) not in quotes:
            where = f"structures.{element['structure_id']}.elements.{key}"
            yield f"{where}: no quote holds {name!r}; a composed name needs a note_zh"


def _order_faults(quote: str, words: str) -> Iterator[str]:
    """Pieces that the text does not hold, or not after the piece before."""
    end = 0
    for piece in compact(quote).split(LEFT_OUT):
        at = words.find(piece, end)
        if at >= 0:
            end = at + len(piece)
        elif piece in words:
            yield f"the text holds {piece!r}, but before the words quoted before it"
        else:
            yield f"the text does not hold {piece!r}"


def printed_values(row: pd.Series[Any]) -> list[str]:
    """The values of an indicator as printed, without what it does not have."""
    return [*filter(None, (row["base_printed"], row["target_printed"])), *row["compare"].values()]
