"""Numerals as plans write them, and text made plain before it is read."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "双": 2,
}
_PLACES = {"十": 10, "百": 100}
_ONE = "[一二三四五六七八九]"

# 百 [零五 | 二十[五]] | [二]十[五] | 二〇[八] | 一 ... 九 | 两 | 双
CHINESE = (
    rf"(?:{_ONE}?百(?:[零〇]{_ONE}|{_ONE}十{_ONE}?)?|{_ONE}?十{_ONE}?"
    rf"|{_ONE}[零〇]{_ONE}?|[两双]百?|{_ONE})"
)
"""A Chinese cardinal from 1 to 999."""

CARDINAL = rf"(?:[1-9]\d{{0,2}}(?!\d)|{CHINESE})"
"""A number from 1 to 999."""

COUNT = rf"(?:多|若干|[Nn]|{CARDINAL})"
"""A count: a number from 1 to 999, or an open one (多, 若干, N)."""

_OPEN = {"多", "若干", "N", "n"}

# Footnote marks go before NFKC, which would turn them into digits: 圈”² is not 圈2.
# A star between digits is a sign of times: 7*24 is not 724.
_MARKS = re.compile(r"[⁰¹²³⁴-⁹₀-₉①-⑳]|(?<!\d)\*|\*(?!\d)")
_SPACE_AND_QUOTES = re.compile(r"[\s“”‘’„\"'《》〈〉「」『』\u200b\ufeff]")


def plain(text: str) -> str:
    r"""
    Text without what carries no meaning: white space, quotes, footnote marks, width.

    >>> plain("“三环 １９ 射”² 格\n局")
    '三环19射格局'
    """
    marked = unicodedata.normalize("NFKC", _MARKS.sub("", text))
    return _SPACE_AND_QUOTES.sub("", marked).replace("○", "〇")


def number(text: str) -> int | None:
    """
    Value of a count; None for an open one.

    >>> [number(text) for text in ("19", "两", "十", "二十一", "一百零五", "二〇", "多")]
    [19, 2, 10, 21, 105, 20, None]
    """
    if text in _OPEN:
        return None
    if text.isdecimal() and text.isascii():
        return int(text)
    if not set(text) & set(_PLACES):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total = digit = 0
    for sign in text:
        if sign in _PLACES:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
