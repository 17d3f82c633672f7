"""A register of plans: every statement of theirs about space, a row each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from ._markdown import escaped
from ._markdown import table_lines
from .vocabulary import reasons
from .vocabulary import roles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from .plan import Plan

_HEADINGS = {
    "ref": "行 row",
    "plan_id": "规划 plan",
    "entry_id": "编号 id",
    "phrase_zh": "原文 phrase",
    "members_zh": "成员 members",
    "drawn_from": "图形来源 drawn_from",
    "why_zh": "为何无图、所缺 why not drawn, what is open",
}
_ABOUT = """\
Made by `spatialplan show`; do not edit. One row for each statement of the plans: structures
with their elements, circles of time and distance (targets), and what looks like a structure
and is none. `drawn_from` counts elements: `text` is drawn by us from the plan's wording,
`open_data` from boundaries, `nothing` has no geometry.
"""


def register_table(plans: Sequence[Plan]) -> pd.DataFrame:
    """
    List what plans say about space.

    Parameters
    ----------
    plans
        As `plan.read_plan` gives them.

    Returns
    -------
    DataFrame
        Sorted by the rows of the reading (``ref``): ``ref``, ``plan_id``, ``entry_id``,
        ``phrase_zh`` (or the name where there is no phrase), ``members_zh``,
        ``drawn_from`` (with the number of elements), ``why_zh``. A statement with
        several refs has a row for each; one without has the ref "".

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> table = register_table([read_plan("changzhou-urbanisation")])
    >>> table.set_index("ref").loc["A06", "phrase_zh"]
    '一主一区、一极三轴'
    """
    rows = [row for plan in plans for row in _rows(plan)]
    table = pd.DataFrame(rows, columns=list(_HEADINGS))
    return table.sort_values("ref", key=lambda refs: refs.map(_order), kind="stable").reset_index(
        drop=True
    )


def register_text(plans: Sequence[Plan]) -> str:
    """
    Write the register out as a Markdown document.

    Parameters
    ----------
    plans
        As `plan.read_plan` gives them.

    Returns
    -------
    str
        The plans, the table of `register_table`, and the notes of each plan.

    Examples
    --------
    >>> register_text([]).splitlines()[0]
    '# 规划结构登记表 Register of plan structures'
    """
    return "\n".join(_lines(plans)) + "\n"


def _lines(plans: Sequence[Plan]) -> Iterator[str]:
    yield "# 规划结构登记表 Register of plan structures\n"
    yield _ABOUT
    yield from table_lines(["规划 plan", "标题 title"], [[p.plan_id, p.title_zh] for p in plans])
    yield from table_lines(list(_HEADINGS.values()), register_table(plans).to_numpy().tolist())
    for plan in plans:
        if plan.notes:
            yield f"## {escaped(plan.title_zh)}：说明 notes\n"
            yield from (f"* {escaped(key)} {escaped(note)}" for key, note in plan.notes.items())
            yield ""


def _rows(plan: Plan) -> Iterator[dict[str, str]]:
    tables = (
        (plan.structures, _structure_row),
        (plan.targets, _target_row),
        (plan.set_aside, _set_aside_row),
    )
    for table, described in tables:
        for key, entry in table.iterrows():
            row = {"plan_id": plan.plan_id, "entry_id": str(key), **described(plan, entry)}
            for ref in entry["refs"] or [""]:
                yield {"ref": ref, **row}


def _structure_row(plan: Plan, entry: pd.Series[Any]) -> dict[str, str]:
    elements = plan.elements[plan.elements["structure_id"] == entry.name]
    drawn = elements["drawn_from"].value_counts()
    return {
        "phrase_zh": entry["phrase_zh"] or entry["name_zh"],
        "members_zh": "、".join(_members(entry, elements)),
        "drawn_from": ", ".join(f"{name} {count}" for name, count in drawn.items()),
        "why_zh": entry["undrawn_zh"],
    }


def _members(entry: pd.Series[Any], elements: pd.DataFrame) -> Iterator[str]:
    """Names, or the counts and words of the phrase where the text names nothing."""
    parts = list(entry["parts"])
    for name, role, number in elements[["name_zh", "role", "count"]].itertuples(index=False):
        count = None if pd.isna(number) else number
        if name:
            yield name if count == 1 else f"{name}×{count or '多'}"
            continue
        own = next((part for part in parts if (part.count, part.role) == (count, role)), None)
        if own is not None:
            parts.remove(own)
        word = own.word_zh if own and not own.word_zh.isascii() else roles()[role].word_zh
        yield f"{count or '多'}{word}（未列名）"


def _target_row(_plan: Plan, entry: pd.Series[Any]) -> dict[str, str]:
    way = "—".join(part for part in (entry["from_zh"], entry["to_zh"]) if part)
    members = [entry["printed_zh"], way, *entry["contents_zh"]]
    return {
        "phrase_zh": entry["phrase_zh"],
        "members_zh": "、".join(part for part in members if part),
        "drawn_from": "",
        "why_zh": f"目标，按可达性计算；原文未定：{'、'.join(entry['open_zh']) or '无'}",
    }


def _set_aside_row(_plan: Plan, entry: pd.Series[Any]) -> dict[str, str]:
    why = reasons()[entry["reason"]].name_zh
    return {
        "phrase_zh": entry["phrase_zh"],
        "members_zh": "",
        "drawn_from": "",
        "why_zh": f"不是空间结构：{why}" + (f"；{entry['note_zh']}" if entry["note_zh"] else ""),
    }


def _order(ref: str) -> tuple[bool, bool, str, int, str]:
    """Rows by letter, then by number: A9 before A10; then those without a letter, or a ref."""
    letters, digits, rest = re.fullmatch(r"(\D*)(\d*)(.*)", ref, re.DOTALL).groups()  # type: ignore[union-attr]
    return not ref, not letters, letters, int(digits or 0), rest
