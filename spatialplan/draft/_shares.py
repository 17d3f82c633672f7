"""Which share a circle is to reach: 覆盖率达到95%以上, 全覆盖, 90%的居民步行15分钟可达."""

from __future__ import annotations

import re
from typing import NamedTuple

_PERCENT = r"(?P<percent>\d{1,3}(?:\.\d+)?)[%％](?:以上|左右)?"
_TO = "达到?|不低于|不少于|提[高升][到至]|为|超过|约|大于|等于|力争|均|应|[≥>：]"
_FROM = r"从?\d+(?:\.\d+)?[%％](?:以上|左右)?"
_SHARE = re.compile(
    rf"(?:(?:覆盖|达标|可达|服务|普及|建成)率|比例|占比|比重|覆盖|服务|惠及)"
    rf"(?:{_FROM}(?=提[高升]))?(?:{_TO}){{0,3}}{_PERCENT}(?:的?[^，。；：、“”（）\n\t|\d]{{2,10}})?"
    "|(?P<all>全(?:面|部)?覆盖)"
)
_BEFORE = re.compile(
    rf"(?:{_PERCENT}的?|(?P<all>所有|全部))(?:(?!覆盖|率|比例|占比)[一-鿿（）]){{1,12}}$"
)
_PERCENTAGE = re.compile(r"\d[%％]")
_RATE = re.compile("率|比例|占比")
_HEDGED = re.compile("基本(?:实现|建成|形成|达到|全)")  # 基本实现全覆盖 is no 100%
_STOPS = "，。；：\n\t|"
_STOP = re.compile(f"[{_STOPS}]")
_LONGEST_CLAUSE = 120
# What lies between a circle and its share: words on it, or circles that share it as well.
_OF_ANOTHER = re.compile("[、和与及]|以及")
_ALSO = re.compile(r"[、和与及][^、和与及]{0,16}圈")


class Share(NamedTuple):
    """
    A share as the text gives it.

    Attributes
    ----------
    required
        0 to 1; None where no share, or none that is surely of this circle, is given.
    words_zh
        As printed.
    is_open
        Whether the clause gives no share at all.
    span
        Bounds of the circle and its share.
    """

    required: float | None = None
    words_zh: str = ""
    is_open: bool = False
    span: tuple[int, int] = (0, 0)


def share_of(text: str, start: int, end: int) -> Share:
    """
    Read the share that the clause of a circle gives for it.

    Parameters
    ----------
    text
        The plain text.
    start, end
        Bounds of the circle.

    Returns
    -------
    Share
        A share that the clause gives for something else, or several of them, are neither
        taken nor called open.

    Examples
    --------
    >>> share = share_of("15分钟社区生活圈覆盖率达到95%以上，绿地率达到40%", 0, 9)
    >>> share.required, share.words_zh
    (0.95, '覆盖率达到95%以上')
    >>> share_of("打造15分钟生活圈", 2, 9).is_open
    True
    """
    nearest = max(0, start - _LONGEST_CLAUSE)
    first = max(nearest, *(text.rfind(mark, nearest, start) + 1 for mark in _STOPS))
    farthest = min(len(text), end + _LONGEST_CLAUSE)
    stop = _STOP.search(text, end, farthest)
    last = stop.start() if stop else farthest
    found = [one for one in _SHARE.finditer(text, start, last) if _is_own(text, end, one)]
    before = _BEFORE.search(text[first:start])
    if before and not found:
        begins = first + before.start()
        return _share(before, (begins, end))
    if len(found) == 1 and not (found[0]["all"] and _HEDGED.search(text, first, last)):
        return _share(found[0], (start, found[0].end()))
    clause = text[first:last]
    is_in_row = text[last : last + 1] in {"\t", "|"} and _RATE.search(clause)
    return Share(is_open=not (is_in_row or _PERCENTAGE.search(clause)))


def _share(found: re.Match[str], span: tuple[int, int]) -> Share:
    required = 1.0 if found["all"] else float(found["percent"]) / 100
    return Share(required, found[0], span=span) if required <= 1 else Share()


def _is_own(text: str, end: int, found: re.Match[str]) -> bool:
    """Tell whether a share is of the circle that ends before it, or of what is joined to it."""
    between = text[end : max(end, found.start())]
    return not _OF_ANOTHER.search(_ALSO.sub("", between))
