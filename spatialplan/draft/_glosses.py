"""Who the parts of a notation are, where the text says it: “一主”即…; 三片：…."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from spatialplan.vocabulary import roles

from ._finds import COUNT
from ._finds import Member
from ._finds import alternatives
from ._finds import role_at_end
from ._names import items
from ._names import split
from ._names import unquoted
from ._names import without_verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan.vocabulary import Part

    from ._finds import Structure

_WITHIN = 1500
_SOON = 120
_LONG_NAME = 14
_SAYS = "(?:，?即|[：:]|，?是?指|分别[为是]|包括|为|——|—){1,2}"
_BRACKET = r"(?:（(?P<bracket>[^（）]{2,60})）)?"
_NO_NAME = re.compile("^(?:多个|若干|一批|各类|一系列)")
_COUNTED_TAIL = re.compile(rf"{COUNT}[大个条片座][^，。；、]{{1,8}}$")
_MORE = re.compile("等(?P<noun>[^、，]{0,8})$")
_MEASURES = "[大个条座处道块]?"


@dataclass(frozen=True)
class _Key:
    """Where a part is explained: bounds of the key and of the words after it."""

    start: int
    end: int
    bracket: str
    words: str


def glossed(text: str, structure: Structure, bound: int) -> Structure:
    """
    Give a notation the members that the text names behind it.

    Parameters
    ----------
    text
        The plain text.
    structure
        A notation; one without parts (a code) is left as it is.
    bound
        Where the next notation begins: its parts may have the same keys.

    Returns
    -------
    Structure
        With members: named, or only counted.
    """
    if not structure.parts:
        return structure
    keys = _keys(text, structure.parts, structure.end, bound)
    if keys:
        return _with(structure, keys)
    listed = _bracketed(text, structure)
    if listed:
        return replace(structure, members=tuple(listed))
    before = items(text, structure.start - 1)
    unnamed = tuple(Member(part.role, count=part.count) for part in structure.parts)
    total = sum(part.count or 1 for part in structure.parts)
    note = f"前文列举，未说明各属哪一类：{'、'.join(before)}" if 1 < total <= len(before) else ""
    return replace(structure, members=unnamed, note_zh=note)


def _keys(text: str, parts: Sequence[Part], start: int, end: int) -> dict[int, _Key]:
    """The key of each part that is explained, in the order of the text."""
    found: dict[int, _Key] = {}
    place = start
    for index, part in enumerate(parts):
        match = _key_pattern(part).search(text, place, min(end, start + _WITHIN))
        match = match or _role_pattern(part).search(text, place, min(end, place + _SOON))
        if match is None:
            continue
        place = match.end()
        stop = re.compile("[。；\n]").search(text, place)
        words = text[place : stop.start() if stop else len(text)]
        found[index] = _Key(match.start(), place + len(words), match["bracket"] or "", words)
    return found


def _key_pattern(part: Part) -> re.Pattern[str]:
    count = COUNT if part.count is None else _numerals(part.count)
    key = rf"{count}{_MEASURES}{part.word_zh}"
    # In quotation marks anywhere; else where a clause begins.
    return re.compile(rf"(?:“{key}”|(?<=[：；。\n，、—中]){key}){_BRACKET}{_SAYS}")


def _role_pattern(part: Part) -> re.Pattern[str]:
    """A key in other words of the same role: 主中心为, 两个副中心分别为 after 一主两副."""
    count = "" if part.count is None else f"(?:{_numerals(part.count)}{_MEASURES})?"
    words = alternatives([word for word in roles()[part.role].words if len(word) > 1])
    words = words or "(?!)"  # no word, and so no key
    return re.compile(rf"(?<=[：；。\n，]){count}(?:{words}){_BRACKET}{_SAYS}")


def _numerals(count: int) -> str:
    signs = "零一二三四五六七八九十"
    chinese = signs[count] if count <= 10 else f"十{signs[count - 10]}" if count < 20 else ""
    words = [str(count), chinese, "[两双]" if count == 2 else ""]
    return f"(?:{'|'.join(word for word in words if word)})"


def _with(structure: Structure, keys: dict[int, _Key]) -> Structure:
    members: list[Member] = []
    for index, part in enumerate(structure.parts):
        key = keys.get(index)
        names = _names(key, part.count) if key else []
        members += [Member(part.role, name) for name in names]
        if part.count is None and (not names or (key and _more(_clause(key.words)))):
            members.append(Member(part.role, count=None))
        elif part.count is not None and part.count > len(names):
            members.append(Member(part.role, count=part.count - len(names)))
    return replace(
        structure, members=tuple(members), quote_end=max(key.end for key in keys.values())
    )


def _names(key: _Key, count: int | None) -> list[str]:
    """Names in an explanation; none if it has another number of them than the phrase."""
    if count == 1:
        name = key.bracket or _one_name(key.words)
        return [name] if name else []
    clause = _clause(key.words)
    more = _more(clause)
    names = split(clause.removesuffix(more) if more else _COUNTED_TAIL.sub("", clause))
    names = [re.sub("以.*为.*$", "", name) or name for name in names]
    if _NO_NAME.match(clause) or (count is not None and len(names) > count):
        return []
    return names if count is None or len(names) == count or more else []


def _clause(words: str) -> str:
    return words.split("，", maxsplit=1)[0]


def _more(clause: str) -> str:
    """
    Return the end of a list that does not name all.

    >>> _more("柳林镇、杏花镇等重点镇"), _more("甲片区、乙片区等"), _more("初等学校")
    ('等重点镇', '等', '')
    """
    found = _MORE.search(clause)
    return found[0] if found and (not found["noun"] or role_at_end(found["noun"])) else ""


def _one_name(words: str) -> str:
    clause = unquoted(_clause(words))
    if _NO_NAME.match(clause):
        return ""
    name = without_verb(clause)
    short = name.rsplit("的", 1)[-1]
    if len(name) > _LONG_NAME and len(short) > 3:
        return short
    return clause if name.startswith("的") else name


def _bracketed(text: str, structure: Structure) -> list[Member]:
    """Names in brackets right after the notation, as many as it counts."""
    match = re.compile("”?（([^（）]{4,160})）").match(text, structure.end)
    names = split(match[1]) if match else []
    counts = [part.count for part in structure.parts]
    if None in counts or len(names) != sum(count or 0 for count in counts):
        return []
    roles = [part.role for part in structure.parts for _ in range(part.count or 0)]
    return [Member(role, name) for role, name in zip(roles, names, strict=True)]
