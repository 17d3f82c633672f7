"""Digit codes such as 2188, 321.5 and 1+8, with what the text says each digit means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spatialplan.vocabulary import heads
from spatialplan.vocabulary import parse_phrase

from ._finds import COUNT
from ._finds import STOPS
from ._finds import UNIT
from ._finds import Circle
from ._finds import LookAlike
from ._finds import Member
from ._finds import Structure
from ._finds import head_after
from ._finds import role_at_end
from ._finds import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._finds import Find

_CODE = re.compile(
    r"“[一-鿿]{0,4}?(?P<code>\d{1,5}[NnXx]|\d{2,5}(?:\.5)?)(?P<label>(?!分钟|刻钟|小时|[日天米]|公里|千米)(?:[^“”\d\n]{0,12}(?:圈|计划|行动|工程|体系|战略|格局))?)”"
)
_SUM = re.compile(
    r"“?(?P<code>\d{1,2}(?:\+(?:\d{1,2}|[NnXx]))+)(?P<label>[^“”\d\n，。；、]{0,10})”?"
)
_AMOUNT = re.compile(
    rf"(?<![\d.])(\d{{1,4}}(?:\.\d)?|半|[一二三四五六七八九十]{{1,3}})({UNIT})(?!月)"
)
_PIECE = re.compile(r"“(?P<piece>\d+|[NnXx])”，?(?:即|是指|指|为|：)(?P<words>[^“”。；\n]{2,80})")
_COUNTED = re.compile(rf"({COUNT})[大个条](?P<noun>[^“”，。；、\n]{{2,10}})")
_COVERAGE = re.compile(r"[^，。；\n]{0,4}覆盖率")
_SAYS = re.compile(r"[^，。；：\n]{0,12}(?:，?即|：|（)")
_LEADS = re.compile("[^，。；、“”\\d\n]{0,8}”?的?")
_DIGIT = re.compile(r"\.\d|\d|[NnXx]")
_SPAN = 400
_GLOSS = 120
_MENTIONS = 40  # of one code that are looked at; a page of nothing else would take for ever
Gloss = tuple[tuple[str, int, str], ...]
"""Pieces of a code: digits, what they count to, and the role of what they count."""


def codes(text: str) -> Iterator[Find]:
    """
    Find digit codes and sums.

    Examples
    --------
    >>> found = codes("形成“32”交通圈，即3小时通达全国，2小时通达全省。实施“263”行动")
    >>> [(type(find).__name__, find.code if isinstance(find, Circle) else find.reason)
    ...  for find in found]
    [('Circle', '3'), ('Circle', '2'), ('LookAlike', 'unglossed_code')]
    """
    for match in _CODE.finditer(text):
        yield from _code(text, match)
    for match in _SUM.finditer(text):
        yield from _sum(text, match)


def _code(text: str, match: re.Match[str]) -> Iterator[Find]:
    code, start, end = match["code"], match.start() + 1, match.end() - 1
    words = text[start:end]
    for begins, ends in _mentions(text, words, match.span()):
        limits = _limits(code, text, ends) or _limits_before(code, text, begins)
        if limits:
            yield from _circles(words, start, end, limits)
            return
    explained = _pieces(text, start, match.end(), code)
    if explained is not None:
        yield explained
        return
    coverage = _COVERAGE.match(text, match.end())
    if coverage:
        yield Circle(start - 1, coverage.end(), text[start - 1 : coverage.end()], code=code,
                     measure="coverage", open_zh=("代号的含义",))  # fmt: skip
        return
    counts = _counts(code, text, match.end())
    if counts and head_after(text, match.end()) == "spatial":
        yield _structure(start, end, code, counts)
    elif counts:
        values = tuple(float(count) for _, count, _ in counts)
        yield LookAlike(start, end, words, "glossed_code", values)
    else:
        yield LookAlike(start, end, words, "unglossed_code")


def _mentions(text: str, words: str, here: tuple[int, int]) -> list[tuple[int, int]]:
    """Mentions of a code, beside which a gloss may stand: here first, then footnotes."""
    others = [found.span() for found in re.finditer(re.escape(f"“{words}”"), text)]
    return [here, *(other for other in others[:_MENTIONS] if other != here)]


def _limits(code: str, text: str, end: int) -> list[tuple[str, str, int, int]]:
    """Amounts with a unit that follow a code and spell it; none if they do not."""
    marked = _SAYS.match(text, end)
    if marked is None:
        return []
    start = marked.end()
    stop = min((place for mark in "。\n" if (place := text.find(mark, start)) >= 0),
               default=start + _GLOSS)  # fmt: skip
    return _spelled(code, text, [*_AMOUNT.finditer(text, start, stop)])


def _limits_before(code: str, text: str, start: int) -> list[tuple[str, str, int, int]]:
    """Amounts that lead up to a code and spell it: “市域1小时、邻市2小时”的“12交通圈”."""
    nearest = max(0, start - _GLOSS)
    first = max(nearest, *(text.rfind(mark, nearest, start) + 1 for mark in "。；：\n"))
    found = [*_AMOUNT.finditer(text, first, start)][-len(_DIGIT.findall(code)) :]
    if not found or not _LEADS.fullmatch(text, found[-1].end(), start):
        return []
    return _spelled(code, text, found)


def _spelled(code: str, text: str, found: list[re.Match[str]]) -> list[tuple[str, str, int, int]]:
    """Each digit of a code with its amount and the clause of that; none if they differ."""
    digits = _DIGIT.findall(code)
    if len(found) != len(digits):
        return []
    for digit, amount in zip(digits, found, strict=True):
        first = amount[1].replace("半", "0.5")
        if digit != "0" and first.lstrip("0")[: len(digit)] != digit:
            return []
    return [
        (digit, amount[0], *_clause(text, amount))
        for digit, amount in zip(digits, found, strict=True)
    ]


def _clause(text: str, amount: re.Match[str]) -> tuple[int, int]:
    start = max(text.rfind(mark, 0, amount.start()) for mark in "，、：；。即（“\n") + 1
    end = min((place for mark in "，、；。）”\n" if (place := text.find(mark, amount.end())) >= 0),
              default=len(text))  # fmt: skip
    return start, end


def _circles(
    words: str, start: int, end: int, limits: list[tuple[str, str, int, int]]
) -> Iterator[Circle]:
    for digit, printed, first, last in limits:
        read = parse_phrase(printed)
        minutes, metres = next(iter(read.minutes), None), next(iter(read.metres), None)
        yield Circle(start, end, words, printed, minutes, metres, digit, quote=(first, last),
                     measure="time_circle" if minutes else "distance_circle")  # fmt: skip


def _pieces(text: str, start: int, end: int, code: str) -> Structure | None:
    """A code whose pieces are each explained: “2”，即两个中心城 … “1”，即小镇集群."""
    gloss, members = [], []
    last = end
    for match in _PIECE.finditer(text, end, end + _SPAN):
        piece, words = match["piece"], match["words"].split("，", maxsplit=1)[0]
        counted = _COUNTED.search(words)
        count = value_of(counted[1]) if counted else 0
        count = count or (int(piece) if piece.isdecimal() else 0)
        role = role_at_end(counted["noun"] if counted else words) or "zone"
        gloss.append((piece, count, role))
        members.append(Member(role, words if count == 1 else "", count=count or None))
        last = match.end()
    if "".join(piece for piece, _, _ in gloss) != code:
        return None
    if not code.isdecimal():  # 1342N: an open number, which no gloss spells
        return Structure(start, start + len(code), name_zh=code, kind="hierarchy", is_open=True,
                         members=tuple(members), quote=(start, last))  # fmt: skip
    return Structure(start, start + len(code), code, kind="hierarchy", gloss=tuple(gloss),
                     members=tuple(members), quote=(start, last))  # fmt: skip


def _counts(code: str, text: str, end: int) -> Gloss:
    """Gloss of a code by counts that spell it: 五大中轴、三个中心、两个示范区 of 532."""
    found = [
        (str(count), count, role_at_end(match["noun"]) or "zone")
        for match in _COUNTED.finditer(text, end, end + _SPAN)
        if (count := value_of(match[1]))
    ]
    for first in range(len(found) - len(code) + 1):
        window = tuple(found[first : first + len(code)])
        if "".join(digit for digit, _, _ in window) == code:
            return window
    return ()


def _structure(start: int, end: int, code: str, gloss: Gloss) -> Structure:
    members = tuple(Member(role, count=count) for _, count, role in gloss)
    return Structure(start, end, code, gloss=gloss, members=members)


def _sum(text: str, match: re.Match[str]) -> Iterator[Find]:
    code, start, end = match["code"], match.start("code"), match.end("code")
    following = match["label"] + text[match.end() : match.end() + 10]
    is_spatial = head_after(following, 0) == "spatial" or any(
        word in following for word in heads().spatial if len(word) > 2
    )
    quoted = text[start - 1 : start] == "“"
    if not is_spatial:
        if quoted:
            yield LookAlike(start, end, code, "sum_code")
        return
    role = role_at_end(match["label"] or _noun_after(text, match.end())) or "zone"
    pieces = code.split("+")
    if all(piece.isdecimal() and int(piece) for piece in pieces):
        yield _structure(start, end, code, tuple((one, int(one), role) for one in pieces))
    else:  # 1+N: an open number, which no gloss spells
        members = tuple(Member(role, count=int(one)) for one in pieces if one.isdecimal())
        members += (Member(role, count=None),)
        yield Structure(start, end, name_zh=code, members=members, is_open=True)


def _noun_after(text: str, end: int) -> str:
    """
    Return the words behind a code up to the last that names a shape.

    >>> _noun_after("“1+8”大都市圈空间规划", 5)
    '大都市圈'
    """
    following = re.split(rf"[{STOPS}、（的]", text[end : end + 10])[0]
    return next((following[:n] for n in range(9, 2, -1) if role_at_end(following[:n])), "")
