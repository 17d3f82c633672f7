"""Does a document hold the words that a plan's data says it has?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._plan import Plan

_LEFT_OUT = "……"
_LABEL = re.compile(r"（[^（）]*）$")
_ROW = 120  # characters, white space removed, within which a row of a table gives its values


def text_faults(plan: Plan, text: str) -> Iterator[str]:
    """See `check_plan`."""
    words = compact(text)
    for table in ("structures", "targets", "indicators"):
        for key, quote in getattr(plan, table)["quote_zh"].items():
            yield from (f"{table}.{key}: {fault}" for fault in _quote_faults(quote, words))
    for key, phrase in plan.targets["phrase_zh"].items():
        if compact(phrase) not in words:
            yield f"targets.{key}: the text does not hold {phrase!r}"
    yield from _name_faults(plan, words)
    yield from _row_faults(plan, words)
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


def _name_faults(plan: Plan, words: str) -> Iterator[str]:
    """Names that the text does not give, unless a note says what they were put together from."""
    for key, element in plan.elements[plan.elements["note_zh"] == ""].iterrows():
        name = element["name_zh"]
        if compact(name) not in words and compact(_LABEL.sub("", name)) not in words:
            where = f"structures.{element['structure_id']}.elements.{key}"
            yield f"{where}: the text does not hold {name!r}; a composed name needs a note_zh"


def _quote_faults(quote: str, words: str) -> Iterator[str]:
    """Pieces that the text does not hold, or not after the piece before."""
    end = 0
    for piece in compact(quote).split(_LEFT_OUT):
        at = words.find(piece, end)
        if at >= 0:
            end = at + len(piece)
        elif piece in words:
            yield f"the text holds {piece!r}, but before the words quoted before it"
        else:
            yield f"the text does not hold {piece!r}"


def _row_faults(plan: Plan, words: str) -> Iterator[str]:
    """Rows of tables whose name, unit or values the text does not hold together."""
    for key, row in plan.indicators[plan.indicators["table_zh"] != ""].iterrows():
        name = compact(row["name_zh"])
        before = _ROW if row["note_zh"] else 0  # of merged cells the note tells
        rows = [
            words[max(found.start() - before, 0) : found.end() + _ROW]
            for found in re.finditer(re.escape(name), words)
        ]
        if not rows:
            yield f"indicators.{key}: the text does not hold {row['name_zh']!r}"
            continue
        for printed in (row["base_printed"], row["target_printed"], *row["compare"].values()):
            if not any(compact(printed) in cells for cells in rows):
                yield f"indicators.{key}: no row of {row['name_zh']} holds {printed!r}"
