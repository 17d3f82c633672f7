"""Everything found in a text, once: mentions joined, members of other finds left out."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Generic
from typing import TypeVar

from ._circles import circles
from ._circles import opening_hours
from ._codes import codes
from ._counted import counted
from ._finds import Circle
from ._finds import LookAlike
from ._finds import Structure
from ._finds import Taken
from ._glosses import glossed
from ._notations import notations
from ._notations import slogans
from ._wordings import wordings

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable
    from collections.abc import Iterable

F = TypeVar("F", Structure, Circle, LookAlike)
Span = tuple[int, int]

_PUNCTUATION = re.compile(r"[、，,·\s“”]")
_DEFINED_WITHIN = 800
_DEFINING = re.compile("按照|依照|是指|即|满足")
_DEFINING_WITHIN = 12
_GOES_ON = re.compile("(?!的|范围|空间)[一-鿿]")
_SENTENCE_END = re.compile("[。；\n]")


@dataclass(frozen=True)
class Mentioned(Generic[F]):
    """A find, and every place where the text has it."""

    find: F
    places: tuple[Span, ...]


@dataclass(frozen=True)
class Reading:
    """What a text says about space, and what only looks so; each in the order of the text."""

    structures: tuple[Mentioned[Structure], ...]
    circles: tuple[Mentioned[Circle], ...]
    look_alikes: tuple[Mentioned[LookAlike], ...]


def reading(text: str) -> Reading:
    """
    Read a text.

    Parameters
    ----------
    text
        As `plain` makes it.

    Returns
    -------
    Reading
        A find that lies inside what explains another one is a part of that, and left out.

    Examples
    --------
    >>> made = reading("构建“一主两副”格局，“一主”即甲城，“两副”即乙城、丙城。巩固“一主两副”。")
    >>> [mentioned] = made.structures
    >>> [member.name_zh for member in mentioned.find.members], len(mentioned.places)
    (['甲城', '乙城', '丙城'], 2)
    """
    coded = [*codes(text)]
    noted = [*notations(text)]
    written = _glossed(text, _whole(_only(Structure, [*coded, *noted])))
    explained = [
        *(place for one in written for place in one.places),
        *(one.find.quote for one in written),
        *_code_spans(coded),
    ]
    asides = [*_only(LookAlike, [*coded, *noted]), *opening_hours(text), *slogans(text)]
    listed = _apart([*counted(text), *wordings(text)], explained)
    limits = _only(Circle, coded) + _apart(_only(Circle, circles(text)), _code_spans(coded))
    known = [*explained, *_spans(listed), *_spans(limits)]
    return Reading(
        _in_order([*written, *_mentions(listed, lambda find: find.name_zh or find.phrase_zh)]),
        _in_order(_mentions(_with_modes(limits, text), _circle_key)),
        _in_order(_mentions(_apart(asides, known), _phrase)),
    )


def _only(kind: type[F], finds: Iterable[object]) -> list[F]:
    return [find for find in finds if isinstance(find, kind)]


def _code_spans(coded: Iterable[object]) -> list[Span]:
    """Where codes of circles stand, and the clauses that explain them."""
    found = _only(Circle, coded)
    return [*_spans(found), *(find.quote for find in found)]


def _spans(finds: Iterable[Structure | Circle | LookAlike]) -> list[Span]:
    return [(find.start, find.end) for find in finds]


def _apart(finds: Iterable[F], taken: Iterable[Span]) -> list[F]:
    """Finds that touch none of the spans, and none before them but those of the same words."""
    marks = Taken(taken)
    left: list[F] = []
    own: set[Span] = set()
    for find in finds:
        span = (find.start, find.end)
        if span in own or not marks.touches(*span):
            left.append(find)
            own.add(span)
            marks.add(*span)
    return left


def _whole(finds: list[Structure]) -> list[Structure]:
    """Structures without single parts that are parts of another one: “六片”包括…."""
    parts = {part for find in finds if len(find.parts) > 1 for part in find.parts}
    return [find for find in finds if len(find.parts) != 1 or find.parts[0] not in parts]


def _glossed(text: str, finds: list[Structure]) -> list[Mentioned[Structure]]:
    """Notations with the members named behind the mention that names most."""
    starts = {find.start for find in finds if len(find.parts) > 1}
    named = []
    for one in _mentions(finds, _phrase):
        others = [*sorted(starts - {start for start, _ in one.places}), len(text)]
        made = [
            glossed(text, replace(one.find, start=start, end=end), others[bisect(others, end)])
            for start, end in one.places
        ]
        named.append(replace(one, find=max(made, key=_named)))
    return named


def _named(structure: Structure) -> int:
    return sum(bool(member.name_zh) for member in structure.members)


def _with_modes(finds: Iterable[Circle], text: str) -> list[Circle]:
    """
    Take words on how one travels for a part of the circle they stand behind.

    按照步行15分钟可达的空间范围 says how the 15分钟社区生活圈 before it is measured.
    """
    kept: list[Circle] = []
    for find in sorted(finds, key=lambda one: one.start):
        same = None
        if find.mode and not find.label_zh.endswith("圈"):
            same = _before(kept, find, text)
        if same is None:
            kept.append(find)
        else:
            kept[same] = replace(kept[same], mode=find.mode, quote=(find.start, find.end))
    return kept


def _before(kept: list[Circle], find: Circle, text: str) -> int | None:
    """
    Index of the circle that a find tells more of: the nearest before it of the same limit.

    It stands in the same sentence, or words before the find say that something is defined.
    步行15分钟可达医院 has an end of its own, and is another one.
    """
    goes_on = _GOES_ON.match(text, find.end)
    defining = _DEFINING.search(text, max(0, find.start - _DEFINING_WITHIN), find.start)
    for place in reversed(range(len(kept))):
        one = kept[place]
        if find.start - one.start >= _DEFINED_WITHIN:
            break
        if one.threshold_min == find.threshold_min and one.label_zh.endswith("圈"):
            apart = _SENTENCE_END.search(text, one.start, find.start)
            return place if defining or not (apart or goes_on) else None
    return None


def _phrase(find: Structure | LookAlike) -> Hashable:
    return _PUNCTUATION.sub("", find.phrase_zh)


def _circle_key(find: Circle) -> Hashable:
    phrase = _PUNCTUATION.sub("", find.phrase_zh)
    return (phrase, find.threshold_min, find.threshold_m, find.code)


def _mentions(finds: Iterable[F], key: Callable[[F], Hashable]) -> list[Mentioned[F]]:
    """Finds that say the same, as one."""
    groups: dict[Hashable, list[F]] = {}
    for find in finds:
        groups.setdefault(key(find), []).append(find)
    return [
        Mentioned(group[0], tuple(sorted({(find.start, find.end) for find in group})))
        for group in groups.values()
    ]


def _in_order(finds: list[Mentioned[F]]) -> tuple[Mentioned[F], ...]:
    return tuple(sorted(finds, key=lambda one: one.places[0]))
