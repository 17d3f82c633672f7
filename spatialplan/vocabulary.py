"""
The words of spatial structures and the reading of phrases such as 一主三副多组团.

Words are data (``layers/vocabulary.yaml``). A phrase is checked, never guessed:
what is not a full sequence of number and element is refused with the reason.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from ._files import data_folder
from ._yaml import StrictModel
from ._yaml import read_model
from .errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

GeometryKind = Literal["point", "line", "polygon"]

_DIGITS = "一二三四五六七八九"
_COUNT = rf"多|[NＮ]|[1-9]\d*|[{_DIGITS}]?十[{_DIGITS}]?|[{_DIGITS}两]"
_BETWEEN = re.compile(r"[\s、，,·“”‘’\"']")  # carries no meaning: 一主一区、一极三轴
_CODE = re.compile(r"\d+(\.5)?")
_SUM = re.compile(r"\d+(\+[\dNX]+)+")


class Role(StrictModel):
    """
    One role of an element in a structure.

    Attributes
    ----------
    words
        Chinese words that name it.
    name_en
        English name.
    geometry
        Kinds of geometry it may have, the usual one first; empty: none.
    """

    words: list[str]
    name_en: str
    geometry: list[GeometryKind]


@dataclass(frozen=True)
class Part:
    """One part of a phrase: `count` elements (None: an open number, 多) of a `role`."""

    count: int | None
    role: str
    word_zh: str


class _File(StrictModel):
    roles: dict[str, Role]
    look_alikes: dict[str, str]


def roles() -> Mapping[str, Role]:
    """
    Every role of ``layers/vocabulary.yaml`` by its key.

    Examples
    --------
    >>> roles()["axis"].geometry
    ['line', 'polygon']
    """
    return _vocabulary().roles


def parse_phrase(text: str) -> list[Part]:
    """
    Read a phrase of numbers and elements.

    Parameters
    ----------
    text
        Such as ``一主一区、一极三轴`` or ``三环 19 射``; white space and the
        separators ``、 ， ·`` carry no meaning.

    Returns
    -------
    list of Part
        In the order of the phrase. ``多`` and ``N`` give the count None.

    Raises
    ------
    InputError
        If the phrase is not number + element throughout, is a digit code (which needs
        a gloss), or is known to look like a structure without being one.

    Examples
    --------
    >>> [(part.count, part.role) for part in parse_phrase("一主三副多组团")]
    [(1, 'main'), (3, 'sub'), (None, 'cluster')]
    >>> parse_phrase("2188")
    Traceback (most recent call last):
    ...
    spatialplan.errors.InputError: phrase '2188': a digit code; its digits mean nothing \
without the plan's own gloss
    """
    compact = _BETWEEN.sub("", text)
    _refuse_other_kinds(text, compact)
    pattern, role_of = _grammar()
    parts = []
    position = 0
    while position < len(compact):
        found = pattern.match(compact, position)
        if found is None:
            raise InputError(
                f"phrase {text!r}",
                f"cannot be read from {compact[position:]!r} on",
                allowed="number + element throughout, with the words of vocabulary.yaml",
            )
        word = found["word"]
        parts.append(Part(_number(found["count"]), role_of[word], word))
        position = found.end()
    return parts


def _refuse_other_kinds(text: str, compact: str) -> None:
    reason = _vocabulary().look_alikes.get(compact, "")
    if not compact:
        reason = "no word"
    elif _CODE.fullmatch(compact):
        reason = "a digit code; its digits mean nothing without the plan's own gloss"
    elif _SUM.fullmatch(compact):
        reason = "a sum code; it counts without naming elements"
    if reason:
        raise InputError(f"phrase {text!r}", reason)


def _number(text: str) -> int | None:
    """
    Value of a count: Arabic, 一 to 九十九, 两; None for 多 and N.

    >>> [_number(text) for text in ("19", "两", "十", "十二", "二十一", "多")]
    [19, 2, 10, 12, 21, None]
    """
    if text in "多NＮ":
        return None
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, ones = text.split("十")
        return 10 * (_DIGITS.index(tens) + 1 if tens else 1) + (
            _DIGITS.index(ones) + 1 if ones else 0
        )
    return 2 if text == "两" else _DIGITS.index(text) + 1


@functools.cache
def _vocabulary() -> _File:
    return read_model(data_folder("layers") / "vocabulary.yaml", _File)


@functools.cache
def _grammar() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """The pattern of one part, longest word first, and the role of every word."""
    role_of = {word: key for key, role in roles().items() for word in role.words}
    words = "|".join(sorted(map(re.escape, role_of), key=len, reverse=True))
    return re.compile(rf"(?P<count>{_COUNT})个?(?P<word>{words})"), role_of
