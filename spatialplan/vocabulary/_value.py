"""Values of indicators as printed: 98以上, <0.45/<0.4, [21], 1.87:1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ._numerals import plain

Bound = Literal["", "=", ">=", ">", "<=", "<", "~", "range", "ratio", "mixed"]

_BEFORE: dict[str, Bound] = {
    **dict.fromkeys(("≥", "≧", "⩾", "不低于", "不少于", "不小于", "至少"), ">="),
    **dict.fromkeys(("≤", "≦", "⩽", "不超过", "不高于", "不大于", "不多于", "控制在"), "<="),
    **dict.fromkeys((">", "超过", "高于", "大于", "突破", "超"), ">"),
    **dict.fromkeys(("<", "低于", "小于", "少于"), "<"),
    **dict.fromkeys(("≈", "约", "近"), "~"),
}
_AFTER: dict[str, Bound] = {
    "以上": ">=",
    **dict.fromkeys(("以内", "以下"), "<="),
    **dict.fromkeys(("左右", "上下"), "~"),
}
_SCALES = {"万": 1e4, "亿": 1e8}

_NUMBER = r"[-−]?\d+(?:\.\d+)?"
_RATIO = re.compile(rf"{_NUMBER}(?::{_NUMBER})+")
_CUMULATIVE = re.compile(r"(.*)[\[【〔](.+)[\]】〕](.*)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NEXT = re.compile(r"/(?=\D?\d)")  # <0.45/<0.4, but not 万元/人
# A unit has no 年 (2023年基本建成 is a date) and no sign of 以上 or 左右.
_ONE = re.compile(
    rf"(?:力争|预计)?(?:达到|达)?(?P<before>{'|'.join(_BEFORE)})?"
    rf"(?P<low>{_NUMBER})%?(?:[-—–~至](?P<high>{_NUMBER}))?"
    r"(?P<more>[余多])?(?P<scale>[万亿]*)(?P<more_after>[余多])?"
    r"(?:%|‰|[^\W\d_年以左]{0,6}?(?:/[^\W\d_年]{1,4})?)"
    rf"(?P<after>{'|'.join(_AFTER)})?"
)


@dataclass(frozen=True)
class Value:
    """
    A printed value and what it says.

    Attributes
    ----------
    printed
        As printed.
    numbers
        Its numbers in the order printed; none where it is words or a dash.
    bound
        How they bind: ``=``; ``>=`` (以上, 不低于), ``>`` (超, 余), ``<=`` (以内),
        ``<`` (低于); ``~`` (左右, 约); ``range`` (2—3); ``ratio`` (1.87:1); ``mixed``,
        where two values bind differently; empty where there is no number.
    cumulative
        In square brackets: the sum of all years of the plan.
    """

    printed: str
    numbers: tuple[float, ...]
    bound: Bound
    cumulative: bool


def parse_value(printed: str, *, unit: str = "") -> Value:
    """
    Read the value of an indicator.

    Parameters
    ----------
    printed
        As printed, with or without a unit.
    unit
        Unit in which the numbers are wanted. A printed 万 or 亿 multiplies, unless the
        unit begins with it as well: 5万 is 50,000 人, and 5 万人.

    Returns
    -------
    Value
        What is no plain value (高于省定目标, 全覆盖, --) has no numbers.

    Examples
    --------
    >>> parse_value("98以上").numbers, parse_value("98以上").bound
    ((98.0,), '>=')
    >>> parse_value("5万以上", unit="人").numbers, parse_value("5万以上", unit="万人").numbers
    ((50000.0,), (5.0,))
    >>> parse_value("<0.45/<0.4").numbers, parse_value("[21]").cumulative
    ((0.45, 0.4), True)
    >>> parse_value("高于省定目标").numbers
    ()
    """
    text = _THOUSANDS.sub("", plain(printed).rstrip(";,。、"))
    bracket = _CUMULATIVE.fullmatch(text)
    if bracket is not None:
        text = "".join(bracket.groups())
    if _RATIO.fullmatch(text):
        return Value(printed, tuple(map(float, text.split(":"))), "ratio", bracket is not None)
    found = [_ONE.fullmatch(piece) for piece in _NEXT.split(text)]
    ones = [match for match in found if match is not None]
    if len(ones) < len(found):
        return Value(printed, (), "", cumulative=False)
    numbers = tuple(value for match in ones for value in _numbers(match, _scale(unit)))
    bounds = {_bound(match) for match in ones}
    bound = bounds.pop() if len(bounds) == 1 else "mixed"
    return Value(printed, numbers, bound, bracket is not None)


def _numbers(match: re.Match[str], unit_scale: float) -> list[float]:
    scale = _scale(match["scale"]) / unit_scale if match["scale"] else 1.0
    digits = (match["low"], match["high"])
    return [float(text.replace("−", "-")) * scale for text in digits if text is not None]


def _scale(text: str) -> float:
    """
    Value of the 万 and 亿 that a text begins with.

    >>> _scale("万平方米"), _scale("万亿元"), _scale("元/万人")
    (10000.0, 1000000000000.0, 1.0)
    """
    scale = 1.0
    for sign in text:
        if sign not in _SCALES:
            break
        scale *= _SCALES[sign]
    return scale


def _bound(match: re.Match[str]) -> Bound:
    if match["high"] is not None:
        return "range"
    if match["before"]:
        return _BEFORE[match["before"]]
    if match["after"]:
        return _AFTER[match["after"]]
    return ">" if match["more"] or match["more_after"] else "="
