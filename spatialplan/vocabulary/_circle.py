"""Circles of time and distance: 15分钟社区生活圈, 半日通达全国, 500米."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple

from ._numerals import CHINESE
from ._numerals import number
from ._words import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTES: Mapping[str, float] = {"分钟": 1, "刻钟": 15, "小时": 60, "日": 1440, "天": 1440}
METRES: Mapping[str, float] = {"米": 1, "公里": 1000, "千米": 1000}

UNIT = "|".join((*MINUTES, *METRES))
_AMOUNT = rf"(?:\d{{1,6}}(?:\.\d+)?|半|{CHINESE})(?:个半)?"
_CIRCLE = re.compile(
    rf"(?P<prefix>\D*?)(?P<amounts>(?:{_AMOUNT}个?(?:{UNIT})?[/、,~—–\-至])*{_AMOUNT})"
    rf"个?(?P<unit>{UNIT})(?P<label>\D*)"
)
_HEDGE = re.compile("约|不超过|不大于|小于|[≤<]|[以之]?内|以下|左右")
_OPENING_HOURS = re.compile(r"(?<![\d.])(?:24|二十四)个?小时")


class Circle(NamedTuple):
    """Numbers of one unit, and the words around them."""

    values: tuple[float, ...]
    unit_zh: str
    label_zh: str


def is_opening_hours(text: str) -> bool:
    """
    Tell whether a text speaks of the hours of a day.

    >>> is_opening_hours("24小时香港滩"), is_opening_hours("2小时畅行江苏")
    (True, False)
    """
    return _OPENING_HOURS.search(text) is not None


def read_circle(text: str) -> Circle | None:
    """
    Read numbers with one unit of time or length and a word of reach, or bare ones.

    >>> read_circle("5/10/15分钟")
    Circle(values=(5.0, 10.0, 15.0), unit_zh='分钟', label_zh='')
    >>> read_circle("百日攻坚") is None
    True
    """
    found = _CIRCLE.fullmatch(text)
    if found is None:
        return None
    unit, label = found["unit"], found["prefix"] + found["label"]
    is_bare = not _HEDGE.sub("", label)
    if not is_bare and not any(word in text for word in vocabulary().reach):
        return None
    amounts = re.split(r"[/、,~—–\-至]", found["amounts"])
    bare = [amount.removesuffix(unit).removesuffix("个") for amount in amounts]
    if any(re.search(UNIT, amount) for amount in bare):
        return None
    return Circle(tuple(map(_amount, bare)), unit, label)


def _amount(text: str) -> float:
    """
    Value of an amount.

    >>> [_amount(text) for text in ("0.5", "半", "百", "一个半", "十五")]
    [0.5, 0.5, 100.0, 1.5, 15.0]
    """
    if text == "半":
        return 0.5
    whole = text.removesuffix("个半")
    half = 0.5 if whole != text else 0.0
    if re.fullmatch(r"\d+(\.\d+)?", whole):
        return float(whole) + half
    return float(number(whole) or 0) + half
