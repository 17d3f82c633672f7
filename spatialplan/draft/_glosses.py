"""Who the parts of a notation are, where the text says it: “一主”即…; 三片：…."""

from __future__ import annotations

import itertools
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
_AS_CORE = re.compile("^以(?P<name>.{2,}?)为(?:核心|中心|主体|龙头|重点)$")
_MORE = re.compile("等(?P<noun>[^、，]{0,8})$")
_STOP = re.compile("[。；\n]")
_MEASURES = "[大个条座处道块]?"
_LISTED = re.compile(
    r"”?[^，。；：、“”（\n]{0,8}(?:（(?P<inside>[^（）]{4,160})）"
    r"|(?:：|，?即：?|，?分别[为是]：?)(?P<behind>[^：。；\n]{4,160}))"
)


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
    keys = (
        _keys(text, structure.parts, structure.end, bound)
        or _framed(text, structure)
        or _listed(text, structure)
    )
    if keys:
        return _with(structure, keys)
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
        stop = _STOP.search(text, place)
        words = text[place : stop.start() if stop else len(text)]
        found[index] = _Key(match.start(), place + len(words), match["bracket"] or "", words)
    return found


def _framed(text: str, structure: Structure) -> dict[int, _Key]:
    """The parts of a notation in its own sentence: 以甲城为一核、乙镇和丙镇为两翼."""
    first = max(text.rfind(mark, 0, structure.start) for mark in "。；\n") + 1
    stop = _STOP.search(text, structure.end)
    found: dict[int, _Key] = {}
    for index, part in enumerate(structure.parts):
        frame = re.compile(
            rf"(?:以|(?<=[、，]))(?P<names>(?:(?!为{COUNT})[^，。；：]){{2,60}})为{_counted(part)}"
        )
        match = frame.search(text, first, stop.start() if stop else len(text))
        if match:
            found[index] = _Key(*match.span(), "", match["names"].removesuffix("作"))
    return found


def _counted(part: Part) -> str:
    """Pattern of a part as the plan may write it again: 两翼, 2翼, 两个翼."""
    count = COUNT if part.count is None else _numerals(part.count)
    return rf"{count}{_MEASURES}{part.word_zh}"


def _key_pattern(part: Part) -> re.Pattern[str]:
    key = _counted(part)
    # In quotation marks anywhere; else where a clause begins.
    opens = "(?<=[：；。\n，、—中）.．])"
    # 两带。甲带，乙带。 at the head of a paragraph.
    return re.compile(rf"(?:“{key}”|{opens}{key}){_BRACKET}{_SAYS}|(?<=\n){key}。")


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
    begins = min(structure.start, *(key.start for key in keys.values()))
    ends = max(key.end for key in keys.values())
    return replace(structure, members=tuple(members), quote=(begins, ends))


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
    if len(names) == 1 and key.words.count("，") + 1 == count:
        return split(key.words.replace("，", "、"))
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
    clause = _AS_CORE.sub(r"\g<name>", clause)
    if _NO_NAME.match(clause):
        return ""
    name = without_verb(clause)
    short = name.rsplit("的", 1)[-1]
    if len(name) > _LONG_NAME and len(short) > 3:
        return short
    return clause if name.startswith("的") else name


def _listed(text: str, structure: Structure) -> dict[int, _Key]:
    """Names in brackets or behind a colon: as many as it counts, or as one of its parts."""
    match = _LISTED.match(text, structure.end)
    if match is None:
        return {}
    row = (match["inside"] or match["behind"]).replace("，", "、")
    names = split(_COUNTED_TAIL.sub("", row))
    counts = [part.count or 0 for part in structure.parts]
    if all(counts) and len(names) == sum(counts):
        ends = [*itertools.accumulate(counts)]
        shares = [names[end - count : end] for count, end in zip(counts, ends, strict=True)]
        return {index: _share(match, share) for index, share in enumerate(shares)}
    roles = {role_at_end(name) for name in names}
    for index, part in enumerate(structure.parts):
        if part.count == len(names) > 1 and roles == {part.role}:
            return {index: _share(match, names)}
    return {}


def _share(match: re.Match[str], names: list[str]) -> _Key:
    return _Key(*match.span(), names[0] if len(names) == 1 else "", "、".join(names))
