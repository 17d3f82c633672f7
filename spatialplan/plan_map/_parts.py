"""What a structure counts: its parts, in the words of the text and in both languages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from spatialplan.vocabulary import Part
from spatialplan.vocabulary import roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan.plan import Plan

    _Left = list[tuple[Part, list[float]]]  # parts, and what is left of the count of each

_PLURALS = {
    "axis": "axes",
    "city or new town": "cities or new towns",
    "bridge or river crossing": "bridges or river crossings",
}


def parts_of(plan: Plan) -> dict[str, list[Part]]:
    """
    What each structure counts: the parts of its phrase, else its elements by role.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> parts = parts_of(read_plan("changzhou-urbanisation"))["a06-city-structure"]
    >>> [part.role for part in parts]
    ['main', 'zone', 'pole', 'axis']
    """
    listed: dict[str, list[Part]] = {}
    for (structure_id, role), own in plan.elements.groupby(["structure_id", "role"], sort=False):
        listed.setdefault(structure_id, []).append(Part(known_sum(own["count"]), role, ""))
    return {
        str(key): parts or listed.get(str(key), [])
        for key, parts in plan.structures["parts"].items()
    }


def counts(parts: Sequence[Part], *, lang: str) -> str:
    """
    How many elements of each role: 1主 2轴 多点.

    Examples
    --------
    >>> counts([Part(1, "main", "主"), Part(2, "axis", "轴"), Part(None, "node", "点")], lang="en")
    '1 main centre, 2 axes, several nodes'
    """
    if lang == "en":
        return ", ".join(f"{p.count or 'several'} {role_name(p.role, p.count)}" for p in parts)
    return " ".join(f"{part.count or '多'}{_word(part)}" for part in parts)


def known_sum(numbers: pd.Series[int]) -> int | None:
    """
    Sum of counts, None where one is open.

    Examples
    --------
    >>> known_sum(pd.Series([1, 2])), known_sum(pd.Series([1, None], dtype="Int64"))
    (3, None)
    """
    return None if numbers.isna().any() else int(numbers.sum())


def role_name(role: str, count: int | None) -> str:
    """
    English name of a role, in the plural unless there is one of it.

    Examples
    --------
    >>> role_name("cluster", 1), role_name("town_cluster", 2), role_name("axis", None)
    ('cluster', 'clusters of small towns', 'axes')
    """
    name = roles()[role].name_en
    return name if count == 1 else _PLURALS.get(name) or _plural(name)


def printed_words(plan: Plan) -> pd.Series[str]:
    """
    The word of each element, as the phrase of its structure has it; else that of its role.

    Where a phrase has several words for one role (一江一河), an element has the one that its
    name holds, else the first whose count is not used up.
    """
    left = {
        key: [(part, [float(part.count or math.inf)]) for part in parts]
        for key, parts in plan.structures["parts"].items()
    }
    columns = (plan.elements[name] for name in ("structure_id", "role", "name_zh", "count"))
    words = [_taken(left[key], *element) for key, *element in zip(*columns, strict=True)]
    return pd.Series(words, index=plan.elements.index, dtype=str)


def _taken(left: _Left, role: str, name: str, count: float) -> str:
    """The word of an element, whose count is taken from what the phrase has left of it."""
    own = [(part, room) for part, room in left if part.role == role]
    named = [(part, room) for part, room in own if part.word_zh in name]
    roomy = [(part, room) for part, room in own if room[0] > 0]
    part, room = next(iter([*named, *roomy, *own]), (Part(None, role, ""), [0.0]))
    room[0] -= 0 if pd.isna(count) else count
    return _word(part)


def _word(part: Part) -> str:
    """The word of the phrase; pieces of digit codes are none."""
    printed = part.word_zh
    return roles()[part.role].word_zh if not printed or printed.isascii() else printed


def _plural(name: str) -> str:
    """Plural of a name whose head comes before ``of`` and ``as``."""
    for mark in (" of ", " as "):
        head, found, rest = name.partition(mark)
        if found:
            return _plural(head) + found + rest
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")
