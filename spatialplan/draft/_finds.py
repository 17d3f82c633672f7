"""What is found in a text, and the words that every finder looks at."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

from spatialplan.errors import InputError
from spatialplan.vocabulary import heads
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import roles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from spatialplan.vocabulary import Mode
    from spatialplan.vocabulary import Part

Kind = Literal["layout", "hierarchy", "network", "circle", "list"]

STOPS = "，。；：！？\n\t|"
UNIT = "分钟|刻钟|小时|日|天|公里|千米|米"
COUNT = r"(?:多|若干|[Nn]|[1-9]\d{0,2}(?!\d)|[一二三四五六七八九十两双]{1,3})"
_FOLLOWING = re.compile(rf"[”’的]*([^{STOPS}、“（]{{0,18}})")
_TIERED = re.compile(
    rf"[”’的]*[^{STOPS}、“（]{{0,10}}?"
    "(?:等级(?!公路|航道|路|网)|层级|(?:城镇|城市|镇村|城乡|村镇)(?:规模)?体系)"
)


@dataclass(frozen=True)
class Member:
    """An element as the text gives it: named, or `count` (None: 多) of them without names."""

    role: str
    name_zh: str = ""
    count: int | None = 1
    rank: int = 0


@dataclass(frozen=True)
class Structure:
    """A notation, or a list with a shape, between two positions of the plain text."""

    start: int
    end: int
    phrase_zh: str = ""
    name_zh: str = ""
    kind: Kind = "layout"
    parts: tuple[Part, ...] = ()
    members: tuple[Member, ...] = ()
    is_open: bool = False
    gloss: tuple[tuple[str, int, str], ...] = ()
    note_zh: str = ""
    quote: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Circle:
    """A circle of time or distance, or a word for one without a limit."""

    start: int
    end: int
    phrase_zh: str
    printed_zh: str = ""
    threshold_min: float | None = None
    threshold_m: float | None = None
    code: str = ""
    measure: Literal["time_circle", "distance_circle", "coverage"] = "time_circle"
    label_zh: str = ""
    mode: Mode | Literal[""] = ""
    quote: tuple[int, int] = (0, 0)
    open_zh: tuple[str, ...] = ()


@dataclass(frozen=True)
class LookAlike:
    """What looks like a structure and is none, with the key of the reason."""

    start: int
    end: int
    phrase_zh: str
    reason: str
    gloss: tuple[float, ...] = ()


Find = Structure | Circle | LookAlike


class Taken:
    """
    Places of a text that are spoken for.

    Examples
    --------
    >>> taken = Taken([(2, 5)])
    >>> taken.touches(4, 9), taken.touches(5, 9)
    (True, False)
    """

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._marks = bytearray()
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Take the places from `start` up to `end`."""
        self._marks.extend(bytes(max(0, end - len(self._marks))))
        self._marks[start:end] = b"\x01" * (end - start)

    def touches(self, start: int, end: int) -> bool:
        """Tell whether one of the places is taken."""
        return self._marks.find(1, start, end) >= 0


@functools.cache
def role_of_word() -> Mapping[str, str]:
    """Role of every word of the vocabulary."""
    return {word: key for key, role in roles().items() for word in role.words}


def alternatives(words: list[str]) -> str:
    """Pattern of one of `words`, the longest first."""
    return "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))


@functools.cache
def _heads() -> re.Pattern[str]:
    known = heads()
    return re.compile(f"(?P<spatial>{alternatives(known.spatial)})|"
                      f"(?P<other>{alternatives(known.other)})")  # fmt: skip


def head_after(text: str, end: int) -> str:
    """
    Tell what the words after a notation speak for.

    Returns
    -------
    str
        ``spatial``, ``other`` or "".

    Examples
    --------
    >>> head_after("“一环三轴”新格局，", 6), head_after("“一心两智”工程", 6), head_after("。", 0)
    ('spatial', 'other', '')
    """
    following = _FOLLOWING.match(text, end)
    # The last head is that of the whole noun: in 产业园区布局 it is 布局.
    found = [*_heads().finditer(following[1])] if following else []
    return str(found[-1].lastgroup) if found else ""


def kind_after(text: str, end: int, usual: Kind) -> Kind:
    """
    Return the kind of a notation: what the noun after it says, else the usual one.

    >>> words = "“一主两副”的城镇等级结构"
    >>> kind_after(words, 6, "layout"), kind_after("“一主两副”的格局", 6, "layout")
    ('hierarchy', 'layout')
    """
    return "hierarchy" if _TIERED.match(text, end) else usual


def parts_of(words: str) -> tuple[Part, ...]:
    """
    Parts of a text that is number + element throughout; none if it is not.

    >>> len(parts_of("一主两副")), parts_of("两大国家级综合运输通道")
    (2, ())
    """
    try:
        return parse_phrase(words).parts
    except InputError:
        return ()


def value_of(count: str) -> int:
    """
    Value of a count; 0 where it is open, or none.

    >>> value_of("十二"), value_of("多"), value_of("三两")
    (12, 0, 0)
    """
    parts = parts_of(f"{count}轴")
    return parts[0].count or 0 if parts else 0


def role_at_end(text: str) -> str:
    """
    Role of the word that a name ends with.

    >>> role_at_end("溧阳发展极"), role_at_end("老城厢")
    ('pole', '')
    """
    for length in range(min(6, len(text)), 0, -1):
        role = role_of_word().get(text[-length:])
        if role:
            return role
    return ""
