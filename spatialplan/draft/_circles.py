"""Circles of time and distance: 15分钟社区生活圈, 半日通达全国, 服务半径500米."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from spatialplan.errors import InputError
from spatialplan.vocabulary import facilities
from spatialplan.vocabulary import modes_in
from spatialplan.vocabulary import parse_phrase

from ._finds import STOPS
from ._finds import UNIT
from ._finds import Circle
from ._finds import LookAlike
from ._finds import Taken
from ._finds import alternatives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._finds import Find

_AMOUNT = r"(?:\d{1,4}(?:\.\d)?|半|[一二三四五六七八九十百两]{1,3})(?:个半)?"
_AMOUNTS = rf"{_AMOUNT}(?:个?(?:{UNIT})?[/、,~—–－\-至]{_AMOUNT}){{0,4}}个?(?:{UNIT})[”’]?"
_LABEL = rf"[^{STOPS}、“”（）()/]"
_APART = r"(?<![\d.第前])(?<!最后)"
# 到 before a name is reach; 到位 is none, and 1小时到2小时 is a range.
_REACH = (
    "通达|畅行|畅达|通勤|联通|连通|直达|可达|到达|送达|互达|互通|抵达|速达|快达|通行|步行|骑行|覆盖|交通|"
    rf"出行|高铁|到(?![位账岗期底年月货]|{_AMOUNT})|上高速|上快速|上高快|见绿|见园|见水|入园|进园"
)
_COUNTED = rf"{_AMOUNT}[个处座所条]"
_LIMIT = rf"{_APART}(?P<limit>{_AMOUNTS})"
_WORD = rf"(?:(?!\d){_LABEL})"
_PIECE = re.compile(rf"{_LIMIT}(?P<label>{_WORD}{{0,14}})")
# Atomic, because a row of amounts could else be cut into pieces in very many ways.
_ANY_PIECE = rf"{_APART}(?>{_AMOUNTS}){_WORD}{{0,14}}"
_ROW = re.compile(
    rf"{_ANY_PIECE}(?:[、和与]{_WORD}{{0,6}}?{_ANY_PIECE}){{1,4}}”?{_WORD}{{0,6}}"
    "(?:圈(?!层)|出行|交通)"
)
_RING = re.compile(rf"{_LIMIT}(?P<label>{_WORD}{{0,12}}?圈)(?!层)")
_TO_NEXT = rf"(?:(?!{_APART}{_AMOUNTS}){_LABEL})"
_CLAUSE = re.compile(rf"{_LIMIT}(?:之?内|以内)?(?P<label>(?:{_REACH}){_TO_NEXT}{{0,14}})")
_WALK = re.compile(
    rf"(?P<label>步行|骑行|车行|驾车|乘车){_LABEL}{{0,4}}?(?P<limit>{_AMOUNTS})"
    "(?:(?:之?内|以内)?(?:可?到?达|可及|范围|覆盖率?)|(?=[、，。；）]))"
)
_RANGE = re.compile(
    rf"{_LIMIT}(?P<label>范围[之以]?内{_LABEL}{{2,12}}?覆盖|服务半径(?:{_LABEL}{{0,6}}?覆盖率?)?)"
)
_HAS = re.compile(
    rf"(?P<limit>{_APART}{_AMOUNTS}(?<=[米里]))(?P<label>(?:服务)?(?:范围|半径)?[之以]?内"
    rf"(?:应|须|要|均|都|至少|就)?(?:设?有|设置?|配[备置建设]|布置|可享有?)(?:{_COUNTED})?{_WORD}{{2,12}})"
)
_RADIUS = re.compile(rf"服务半径(?:{_WORD}{{0,6}}(?P<limit>{_AMOUNTS})|{_LABEL}{{0,4}}要求)")
_AS_RADIUS = "(?:服务)?(?:半径)?(?:[为约≤]|不宜?(?:大于|超过)|控制在)?"
_FROM_TO = re.compile(
    r"(?<![达得受遇感直提短长低高减少])(?P<label>到(?:(?!年)[一-鿿]{2,6}?|[省市县区镇乡村]))(?:约|仅|在|不超过)?"
    rf"(?P<limit>{_AMOUNTS})(?<=[钟时])(?:之?内|以内)?(?:到达|可达|通达)?"
)
_SERVICE = "生活|服务|交通|通勤|出行|物流|健身|读书|阅读|就业|职住|就医|就学|养老|避难|文化|体育"
_SHARED = re.compile(rf"[、和与及](?P<label>{_WORD}{{0,6}}(?:{_SERVICE})圈)(?!层)")
_NO_LIMIT = re.compile(rf"(?P<label>{_LABEL}{{0,14}}?(?:{_SERVICE})(?:时空)?圈)")
_BARE = re.compile(rf"(?:社区|便民|城市|城乡)?(?:{_SERVICE})圈")
_LEAD = re.compile(
    "^.*(?:打造|构建|建设|形成|完善|优化|建立|构筑|营造|培育|提升|结合|推进|实现|融入|各类|[和与及为]|"
    "的(?=.{4,}圈$)|第.{1,4}[章节篇条])"
)
_ABOUT = re.compile("(?:约|平均|时间|距离|不超过|不大于|控制在|在)+$")
_MODE_WITHIN = 12
_ONE_S_OWN = {"walk", "bike", "drive"}
_JOINT = re.compile("(?:以及|[和与及])$")  # before the next one
_NO_TRAVEL = re.compile("24小时|二十四小时|响应|处置|办结|接诉|服务热线")


def circles(text: str) -> Iterator[Find]:
    """
    Find circles, with a limit or without one.

    Examples
    --------
    >>> found = [*circles("构建15分钟社区生活圈，实现半日通达全国。24小时书房。")]
    >>> [(find.phrase_zh, find.threshold_min) for find in found]
    [('15分钟社区生活圈', 15.0), ('半日通达全国', 720.0)]
    """
    limited = [*_limited(text)]
    yield from limited
    known = {find.label_zh for find in limited if find.label_zh}
    taken = Taken((find.start, find.end) for find in limited)
    for match in _NO_LIMIT.finditer(text):
        start = match.start() + len((_LEAD.match(match["label"]) or [""])[0])
        label = text[start : match.end()]
        is_new = not _BARE.fullmatch(label) and not any(one.endswith(label) for one in known)
        if is_new and not taken.touches(start, match.end()) and not _is_code(text, start, label):
            yield Circle(start, match.end(), label, label_zh=label, open_zh=("时间或距离",))


def _limited(text: str) -> Iterator[Circle]:
    seen = Taken()
    for row in _ROW.finditer(text):  # “1小时都市圈、2小时城市群”交通圈
        seen.add(*row.span())
        pieces = [*_PIECE.finditer(text, *row.span())]
        # 15分钟、乡村30分钟生活圈: the first has no words of its own, so that all have the row's.
        is_one = not all(piece["label"] for piece in pieces)
        for piece in pieces:
            own = row if is_one else piece
            begins = _mode_start(text, piece)
            own_mode = modes_in(text[begins : piece.start("limit")])
            start = min(own.start(), _mode_start(text, pieces[0])) if is_one else begins
            words = text[start : own.end()]
            for find in _limits(piece["limit"], piece["label"], words, start):
                yield replace(find, mode=own_mode[0]) if own_mode else find
    need, needs, around = _nearness()
    for row in needs.finditer(text):
        seen.add(*row.span())
        for piece in need.finditer(text, *row.span()):
            yield from _limits(piece["limit"], "", piece[0], piece.start())
    for pattern in (_RING, _WALK, _CLAUSE, _RANGE, _HAS, _RADIUS, around, _FROM_TO):
        for match in pattern.finditer(text):
            found = [] if seen.touches(*match.span()) else [*_read(text, match)]
            if found:
                seen.add(*match.span())
            yield from found
            if found and pattern is _RING:
                yield from _sharing(text, found[-1])


@functools.cache
def _nearness() -> tuple[re.Pattern[str], ...]:
    """小学500米; a row of such: 小学500米、初中1000米; and 地铁站周边800米范围内."""
    facility = alternatives([*facilities()])
    need = rf"(?:{facility}){_AS_RADIUS}{_LIMIT}"
    bare = rf"(?:{facility}){_AS_RADIUS}{_AMOUNTS}"
    around = (
        rf"(?:{facility})(?P<label>点?(?:周边|周围|外)?){_LIMIT}(?:服务)?(?:半径|范围)[之以]?内?"
    )
    return re.compile(need), re.compile(rf"{bare}(?:[、，；]{bare})+"), re.compile(around)


def _sharing(text: str, ring: Circle) -> Iterator[Circle]:
    """Circles that share the limit of the one before them: 15分钟健身圈、阅读圈."""
    end = ring.end
    while match := _SHARED.match(text, end):
        start, end = match.start("label"), match.end()
        yield replace(ring, start=start, end=end, phrase_zh=match["label"], label_zh=match["label"])


def _read(text: str, match: re.Match[str]) -> Iterator[Circle]:
    """One circle for each limit: 5/10/15分钟 are three."""
    start, end = match.span()
    limit = (match["limit"] or "").strip("”’")
    label = match.groupdict().get("label") or "服务半径"
    if _NO_TRAVEL.search(text[start:end]):
        return
    start = min(start, _mode_start(text, match)) if limit else start
    before = re.search(r"“([^“”\n]{0,12})$", text[max(0, start - 13) : start])
    if before:
        start -= len(before[1]) + ("”" in match[0])
    words = text[start:end]
    if limit:
        yield from _limits(limit, label, words, start)
    else:
        yield Circle(start, end, words, measure="distance_circle", open_zh=("服务半径",))


def _mode_start(text: str, match: re.Match[str]) -> int:
    """Where the word on how one travels begins, directly before a limit; else the limit."""
    at = match.start("limit")
    before = text[max(0, at - _MODE_WITHIN) : at]
    bare = _ABOUT.sub("", before)
    for length in range(2, 5):
        named = modes_in(bare[-length:])
        # 公交500米 is the way to a stop, not the way of going.
        if named and (match["limit"][-1] not in "米里" or named[0] in _ONE_S_OWN):
            return at - len(before) + len(bare) - length
    return at


def _limits(limit: str, label: str, words: str, start: int) -> Iterator[Circle]:
    try:
        phrase = parse_phrase(limit)
    except InputError:
        return
    words, label = _JOINT.sub("", words), _JOINT.sub("", label)
    found = Circle(
        start,
        start + len(words),
        words,
        limit,
        label_zh=label,
        mode=next(iter(modes_in(words)), ""),
    )
    for minutes in phrase.minutes:
        yield replace(found, threshold_min=minutes)
    for metres in phrase.metres:
        yield replace(found, threshold_m=metres, measure="distance_circle")


def _is_code(text: str, start: int, label: str) -> bool:
    return label[0].isdigit() or bool(re.search(r"\d”?$", text[max(0, start - 2) : start]))


def opening_hours(text: str) -> Iterator[LookAlike]:
    """Hours of a day are no travel: 24小时书房."""
    for match in re.finditer(rf"(?:24|二十四)小时{_LABEL}{{0,8}}", text):
        yield LookAlike(*match.span(), match[0], "opening_hours")
