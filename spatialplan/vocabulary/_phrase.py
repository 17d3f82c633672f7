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
from ._numerals import CARDINAL
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
_PIECE = r"(?:\d{1,6}|[NX])"
_SUM = re.compile(rf"(?P<code>{_PIECE}(?:\+{_PIECE})+)[^\d+]*")
_CODE = re.compile(rf"(?P<code>\d{{2,12}}(?:\.\d|[NX])?|\d\.\d)(?!年|月|个|{UNIT})\D*")
# No plan counts elements in round hundreds and thousands twice: 千山万水, 百城千村.
_ROUND = re.compile(r"[百千万]\D[百千万]\D")
_EACH = re.compile(r"每\D*一\D+")  # 每县一园
_BY_GLOSS = "a structure if the plan's own gloss spells its parts"
_LONGEST = 200
_SHOWN = 40


@dataclass(frozen=True)
class Part:
    """
    One part of a phrase.

    Attributes
    ----------
    count
        Number of elements; None for an open one (多) and for a range.
    role
        Key of `roles`.
    word_zh
        The word as printed.
    between
        Least and most of a range: 三至五个副中心.
    """

    count: int | None
    role: str
    word_zh: str
    between: tuple[int, int] | None = None


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
        The words around the numbers of a circle; the head after a structure or part
        (空间格局).
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
        Pieces of the phrase, and what each stands for by the plan's own words. A code
        means nothing without it. It also settles what no rule can know: 一区一园 may be
        one zone and one park or a park for each zone, 三点一线 three places on a line or
        an idiom; both are refused without a gloss that spells them.
    names
        Names of places: a text that is one of them counts nothing, such as 五山.

    Returns
    -------
    Phrase
        A single part is read as such; in running text it is as often an ordinary word,
        so that it means something only as a key of a structure. A head after the parts
        (一轴三带的空间结构) is their label.

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
    is_glossed = _bare("".join(piece for piece, _ in gloss)) == _bare(words)
    _refuse_look_alikes(text, words, names)
    if not is_glossed:
        _refuse_idioms(text, words)
    parts, rest = _read_parts(words)
    if parts and (not rest or _is_head(rest, is_alone=len(parts) == 1)):
        _refuse_falling(text, parts)
        if not is_glossed:
            _refuse_each(text, parts)
        kind: Literal["structure", "part"] = "structure" if len(parts) > 1 else "part"
        return Phrase(kind, parts, label_zh=rest.removeprefix("的"))
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
    if len(words) > _LONGEST:
        raise PhraseError(text, "no_full_parse", found=f"{len(words):,} signs",
                          allowed=f"at most {_LONGEST}")  # fmt: skip
    if text in names or words in names:
        raise PhraseError(text, "place_name")
    known = vocabulary().look_alikes.get(words)
    if known is not None:
        raise PhraseError(text, known.reason, found=f"{known.about}, not a structure")
    if is_opening_hours(words):
        raise PhraseError(text, "opening_hours")


def _bare(text: str) -> str:
    """Return the words without separators."""
    return re.sub(f"[{_SEPARATORS}]", "", plain(text))


def _refuse_idioms(text: str, words: str) -> None:
    if words in vocabulary().idioms or _ROUND.fullmatch(words):
        raise PhraseError(text, "idiom", allowed=_BY_GLOSS)


def _read_parts(words: str) -> tuple[tuple[Part, ...], str]:
    """Return the parts that a text begins with, and the rest."""
    pattern, role_of = _grammar()
    parts: list[Part] = []
    position = end = 0
    while found := pattern.match(words, position):
        parts.append(_part(found, role_of))
        position, end = found.end(), found.end("word")
    if len(parts) == 1:
        position = end  # alone, 四网融合 says what is done; it is no key
    return tuple(parts), words[position:]


def _part(found: re.Match[str], role_of: Mapping[str, str]) -> Part:
    word = found["word"]
    least, most = (number(found[name]) if found[name] else None for name in ("least", "most"))
    if least is not None and most is not None:
        return Part(None, role_of[word], word, between=(least, most))
    return Part(number(found["count"]), role_of[word], word)


@functools.cache
def _grammar() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """The pattern of one part, longest word first, and the role of every word."""
    role_of = {word: key for key, role in roles().items() for word in role.words}
    words = "|".join(sorted(role_of, key=len, reverse=True))
    verbs = "|".join(vocabulary().verbs)
    count = rf"(?:(?P<least>{CARDINAL})[至到~—–\-](?P<most>{CARDINAL})|(?P<count>{COUNT}))"
    part = rf"{count}{_MEASURE}(?P<word>{words})(?:{verbs})?{_BETWEEN}"
    return re.compile(part), role_of


def _is_head(rest: str, *, is_alone: bool) -> bool:
    """
    Tell whether what follows the parts only names the whole, such as 的空间结构.

    >>> _is_head("的市域空间格局", is_alone=False), _is_head("治理格局", is_alone=False)
    (True, False)
    >>> _is_head("式结构", is_alone=True), _is_head("化发展格局", is_alone=True)
    (True, False)
    """
    known = heads()
    head = max(filter(rest.endswith, (*known.spatial, *known.other)), key=len, default="")
    if head not in known.spatial or not head.endswith(tuple(known.whole)):
        return False
    more = re.sub("^[的之式型]", "", rest.removesuffix(head))
    # A single part and other words before the head are a name: 一体化发展格局.
    return not more or not (is_alone or re.search(f"{COUNT}|[{_SEPARATORS}]", more))


def _refuse_falling(text: str, parts: Sequence[Part]) -> None:
    """Refuse a range such as 五至三."""
    for part in parts:
        if part.between and part.between[0] >= part.between[1]:
            least, most = part.between
            raise PhraseError(text, "no_full_parse", found=f"a range from {least} to {most}",
                              allowed="a range from less to more")  # fmt: skip


def _refuse_each(text: str, parts: Sequence[Part]) -> None:
    """
    Refuse 一镇一园: a park for each town; and 一镇一园、一村一景 likewise.

    All are things of which there are many. In 一主一区 the first is not, so that it is a
    structure; of 一区一园 only the plan's gloss can tell.
    """
    if len(parts) % 2 == 0 and all(part.count == 1 and roles()[part.role].each for part in parts):
        raise PhraseError(text, "distributive", allowed=_BY_GLOSS)


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
    if _EACH.fullmatch(words) or _is_each(words):
        reason = "distributive"
    elif len(nouns) > 1:
        reason = "non_spatial"
    return PhraseError(
        text,
        reason,
        found=f"cannot be read from {rest[:_SHOWN]!r} on: {reasons()[reason].name_en}",
        allowed="number + element throughout, with the words of vocabulary.yaml",
    )


def _is_each(words: str) -> bool:
    """
    Tell 一村一品, and 一村一品、一镇一业, from 一核一策: there are many villages, but one core.

    >>> _is_each("一村一品、一镇一业"), _is_each("一核一策"), _is_each("一委一居一站一办")
    (True, False, False)
    """
    role_of = _grammar()[1]
    for pair in re.split("[、,;]", words):
        nouns = _nouns(pair)
        role = role_of.get(nouns[0]) if nouns else None
        if len(nouns) != 2 or pair.count("一") != 2 or not (role is None or roles()[role].each):
            return False
    return True


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
