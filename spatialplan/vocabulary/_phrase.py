"""Phrases such as 一主三副多组团, digit codes and circles; what is none is refused."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from spatialplan.errors import InputError

from ._circle import METRES
from ._circle import MINUTES
from ._circle import UNIT
from ._circle import is_opening_hours
from ._circle import read_circle
from ._numerals import COUNT
from ._numerals import number
from ._numerals import plain
from ._words import heads
from ._words import reasons
from ._words import roles
from ._words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

_SEPARATORS = "、,;·・•‧/+"
_BETWEEN = rf"(?:[{_SEPARATORS}]|以及|[和与及])*"  # carries no meaning: 一主一区、一极三轴
_MEASURE = "[大个条座处道块]??"  # 四大功能区, 16个城镇圈, 三条控制线
_TERM = re.compile(rf"{COUNT}(?P<noun>(?:(?!{COUNT})[^{_SEPARATORS}])+){_BETWEEN}")
_SUM = re.compile(r"(?P<code>[\dNX]+(?:\+[\dNX]+)+)[^\d+]*")
_CODE = re.compile(rf"(?P<code>\d{{2,}}(?:\.\d)?|\d\.\d)(?!年|月|个|{UNIT})\D*")
_SHOWN = 40


@dataclass(frozen=True)
class Part:
    """One part of a phrase: `count` elements (None: an open number, 多) of a `role`."""

    count: int | None
    role: str
    word_zh: str


@dataclass(frozen=True)
class Phrase:
    """
    What a phrase says.

    Attributes
    ----------
    kind
        ``structure`` (two parts or more), ``part`` (one, as the key of a gloss),
        ``code`` (2188), ``sum`` (1+8) or ``circle`` (15分钟社区生活圈).
    parts
        Of a structure or part, in the order of the phrase.
    values
        Of a code, by its gloss; of a sum (None for N and X) and a circle, as written.
    unit_zh
        Unit of a circle.
    label_zh
        The words around the numbers of a circle.
    """

    kind: Literal["structure", "part", "code", "sum", "circle"]
    parts: tuple[Part, ...] = ()
    values: tuple[float | None, ...] = ()
    unit_zh: str = ""
    label_zh: str = ""

    @property
    def minutes(self) -> tuple[float, ...]:
        """Limits of a circle of time in minutes; a day has 1,440."""
        return self._in(MINUTES)

    @property
    def metres(self) -> tuple[float, ...]:
        """Limits of a circle of distance in metres."""
        return self._in(METRES)

    def _in(self, factors: Mapping[str, float]) -> tuple[float, ...]:
        if self.unit_zh not in factors:
            return ()
        return tuple(value * factors[self.unit_zh] for value in self.values if value is not None)


class PhraseError(InputError):
    """
    A text is no phrase of any kind.

    Attributes
    ----------
    reason
        Key of `reasons`.
    """

    def __init__(self, text: str, reason: str, *, found: str = "", allowed: str = "") -> None:
        self.reason = reason
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        super().__init__(f"phrase {shown!r}", found or reasons()[reason].name_en, allowed=allowed)


def parse_phrase(
    text: str, *, gloss: Sequence[tuple[str, float]] = (), names: Collection[str] = ()
) -> Phrase:
    """
    Read a phrase of a plan.

    Parameters
    ----------
    text
        Such as ``一主一区、一极三轴``, ``三环 19 射`` or ``15分钟社区生活圈``. White space,
        quotes, footnote marks, and separators between parts carry no meaning.
    gloss
        Of a code or sum: its pieces, and what each stands for by the plan's own words.
    names
        Names of places: a text that is one of them counts nothing, such as 五山.

    Returns
    -------
    Phrase
        A single part is read as such; in running text it is as often an ordinary word,
        so that it means something only as a key of a structure.

    Raises
    ------
    PhraseError
        With the key of the reason: where the text is not number + element throughout,
        looks like a structure without being one, or is a code without a gloss.

    Examples
    --------
    >>> [(part.count, part.role) for part in parse_phrase("一主三副多组团").parts]
    [(1, 'main'), (3, 'sub'), (None, 'cluster')]
    >>> parse_phrase("半日通达全国").minutes
    (720.0,)
    >>> parse_phrase("2188", gloss=[("2", 2), ("1", 1), ("88", 16)]).values
    (2, 1, 16)
    >>> parse_phrase("2188")
    Traceback (most recent call last):
    ...
    spatialplan.vocabulary._phrase.PhraseError: phrase '2188': a digit code; its digits mean \
nothing without the plan's own gloss
    """
    words = plain(text).strip(_SEPARATORS)
    _refuse_look_alikes(text, words, names)
    parts, rest = _read_parts(words)
    if not rest:
        _refuse_each(text, parts)
        return Phrase("structure" if len(parts) > 1 else "part", parts)
    circle = read_circle(words)
    if circle is not None:
        return Phrase("circle", (), *circle)
    found = _SUM.fullmatch(words) or _CODE.fullmatch(words)
    if found is not None:
        return _read_code(text, found["code"], gloss)
    raise _refusal(text, words, rest)


def _refuse_look_alikes(text: str, words: str, names: Collection[str]) -> None:
    if not words:
        raise PhraseError(text, "no_full_parse", found="no word")
    if text in names or words in names:
        raise PhraseError(text, "place_name")
    known = vocabulary().look_alikes.get(words)
    if known is not None:
        raise PhraseError(text, known.reason, found=f"{known.about}, not a structure")
    if is_opening_hours(words):
        raise PhraseError(text, "opening_hours")


def _read_parts(words: str) -> tuple[tuple[Part, ...], str]:
    """Return the parts that a text begins with, and the rest."""
    pattern, role_of = _grammar()
    parts: list[Part] = []
    position = 0
    while found := pattern.match(words, position):
        parts.append(Part(number(found["count"]), role_of[found["word"]], found["word"]))
        position = found.end()
        if len(parts) == 1 and position == len(words):
            position = found.end("word")  # alone, 四网融合 says what is done; it is no key
    return tuple(parts), words[position:]


@functools.cache
def _grammar() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """The pattern of one part, longest word first, and the role of every word."""
    role_of = {word: key for key, role in roles().items() for word in role.words}
    words = "|".join(sorted(role_of, key=len, reverse=True))
    verbs = "|".join(vocabulary().verbs)
    part = rf"(?P<count>{COUNT}){_MEASURE}(?P<word>{words})(?:{verbs})?{_BETWEEN}"
    return re.compile(part), role_of


def _refuse_each(text: str, parts: Sequence[Part]) -> None:
    """Refuse 一镇一园: one for each town."""
    first = roles()[parts[0].role]
    if first.each and [part.count for part in parts] == [1, 1]:
        raise PhraseError(text, "distributive")


def _read_code(text: str, code: str, gloss: Sequence[tuple[str, float]]) -> Phrase:
    spelt = "".join(piece for piece, _ in gloss)
    if gloss and spelt != code.replace("+", ""):
        raise PhraseError(text, "unglossed_code", found=f"its gloss spells {spelt!r}")
    values = tuple(value for _, value in gloss)
    if "+" in code:
        written = tuple(float(piece) if piece.isdecimal() else None for piece in code.split("+"))
        return Phrase("sum", (), values or written)
    if not gloss:
        raise PhraseError(text, "unglossed_code")
    return Phrase("code", (), values)


def _refusal(text: str, words: str, rest: str) -> PhraseError:
    """Why a text is not number and element throughout."""
    reason = "no_full_parse"
    nouns = _nouns(words)
    if len(nouns) > 1 and rest not in heads().spatial:
        is_each = len(nouns) == 2 and words.count("一") == 2
        reason = "distributive" if is_each else "non_spatial"
    return PhraseError(
        text,
        reason,
        found=f"cannot be read from {rest[:_SHOWN]!r} on: {reasons()[reason].name_en}",
        allowed="number + element throughout, with the words of vocabulary.yaml",
    )


def _nouns(words: str) -> list[str]:
    """
    Nouns of a text that is number and noun throughout, spatial or not; else none.

    >>> _nouns("三通两平台"), _nouns("市一区/县一街/镇")
    (['通', '平台'], [])
    """
    nouns = []
    position = 0
    while found := _TERM.match(words, position):
        nouns.append(found["noun"])
        position = found.end()
    return nouns if position == len(words) else []
