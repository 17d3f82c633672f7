"""Values of indicators as printed: 98以上, <0.45/<0.4, [21], 1.87:1, 1.2万—1.5万."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ._numerals import CHINESE
from ._numerals import number
from ._numerals import plain

Bound = Literal["", "=", ">=", ">", "<=", "<", "~", "range", "ratio", "mixed"]

_BEFORE: dict[str, Bound] = {
    **dict.fromkeys(
        ("≥", "≧", "⩾", ">=", "=>", "≮", "大于等于", "大于或等于", "至少", "最少"), ">="
    ),
    **dict.fromkeys(("不低于", "不少于", "不小于", "不得低于", "不得少于", "不得小于"), ">="),
    **dict.fromkeys(
        ("≤", "≦", "⩽", "<=", "=<", "≯", "小于等于", "小于或等于", "至多", "最多"), "<="
    ),
    **dict.fromkeys(("不超过", "不高于", "不大于", "不多于", "不得超过", "控制在"), "<="),
    **dict.fromkeys((">", "超过", "高于", "大于", "多于", "突破", "超", "逾"), ">"),
    **dict.fromkeys(("<", "低于", "小于", "少于", "不足", "不到"), "<"),
    **dict.fromkeys(("≈", "约", "约为", "大约", "近", "接近", "将近"), "~"),
}
_AFTER: dict[str, Bound] = {
    **dict.fromkeys(("以上", "及以上"), ">="),
    **dict.fromkeys(("以内", "之内", "以下", "及以下"), "<="),
    **dict.fromkeys(("左右", "上下"), "~"),
}
_SCALES = {"万": 10**4, "亿": 10**8}


def _words(bounds: dict[str, Bound]) -> str:
    return "|".join(sorted(bounds, key=len, reverse=True))


_NUMBER = r"(?:[1-9]\d*分之\d+|[-−+负]?\d+(?:\.\d+)?)"
_SCALE = "[万亿]*"
# A unit has no 年 (2023年基本建成 is a date), no 成 (3成 is 30%), and no sign of 以上, 至 or 左右.
_UNIT = r"(?:%|‰|[^\W\d_年以之及至到左成]{0,6}?(?:/[^\W\d_年]{1,4})?)"
_RATIO = re.compile(rf"{_NUMBER}(?::{_NUMBER})+")
_CUMULATIVE = re.compile(r"(.*)[\[【〔](.+)[\]】〕](.*)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NEXT = re.compile(r"/(?=\D{0,2}\d)")  # <0.45/<0.4, but not 万元/人
# 1/3 is a third; 30/450 are two values, 3/5/10 three, 12/30 two.
_PROPER = re.compile(r"(?<![-\d./—–~至到])([1-9])/([2-9]|10)(?=$|[以左])")
_FRACTION = re.compile(rf"({CHINESE}|\d+)分之({CHINESE}|\d+(?:\.\d+)?)")
_APART = re.compile(r"\d\s+\d")
_MOST_DIGITS = 15  # more no float holds exactly
_ONE = re.compile(
    r"(?:力争|预计)?(?P<yearly>年均(?:增长|增速|增幅|递增)?)?"
    r"(?:(?:提高|提升|增加|增长|增|降低|下降|降|保持|稳定|维持|达)[到至在]|达|为)?"
    rf"(?P<before>{_words(_BEFORE)})?"
    rf"(?P<low>{_NUMBER})(?:(?P<low_scale>{_SCALE}){_UNIT}[-—–~至到](?P<high>{_NUMBER}))?"
    rf"(?P<more>[余多])?(?P<scale>{_SCALE})(?P<more_after>[余多])?"
    rf"{_UNIT}(?P<after>{_words(_AFTER)})?"
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
    yearly
        A rate or amount of each year: 年均增长6%.
    reason
        Why there are no numbers; empty where there are.
    """

    printed: str
    numbers: tuple[float, ...]
    bound: Bound
    cumulative: bool
    yearly: bool = False
    reason: str = ""


def parse_value(printed: str, *, unit: str = "") -> Value:
    """
    Read the value of an indicator.

    Parameters
    ----------
    printed
        As printed, with or without a unit. A proper fraction of small numbers (1/3, 2/3;
        三分之一) is one value, any other stroke stands between values (30/450/20).
    unit
        Unit in which the numbers are wanted. A printed 万 or 亿 multiplies, unless the
        unit begins with it as well: 5万 is 50,000 人, and 5 万人. A fraction is a share,
        and in ``%`` a hundred times that.

    Returns
    -------
    Value
        What is no plain value (高于省定目标, 全覆盖, --) has no numbers, and the reason.

    Examples
    --------
    >>> parse_value("98以上").numbers, parse_value("98以上").bound
    ((98.0,), '>=')
    >>> parse_value("5万以上", unit="人").numbers, parse_value("5万以上", unit="万人").numbers
    ((50000.0,), (5.0,))
    >>> parse_value("<0.45/<0.4").numbers, parse_value("[21]").cumulative
    ((0.45, 0.4), True)
    >>> parse_value("1.2万—1.5万").numbers, parse_value("年均增长6%").yearly
    ((12000.0, 15000.0), True)
    >>> parse_value("高于省定目标").reason
    'no number'
    """
    found = _read(printed, unit)
    if isinstance(found, str):
        return Value(printed, (), "", cumulative=False, reason=found)
    return found


def _read(printed: str, unit: str) -> Value | str:
    """Read a value, or say why not."""
    text, is_cumulative = _plain_value(printed)
    fault = _fault(printed, text)
    if fault:
        return fault
    if _RATIO.fullmatch(text):
        parts = tuple(_number(part, unit) for part in text.split(":"))
        return Value(printed, parts, "ratio", is_cumulative)
    found = [_ONE.fullmatch(piece) for piece in _NEXT.split(text)]
    ones = [match for match in found if match is not None]
    if len(ones) < len(found):
        return "other words around a number"
    values = [_numbers(match, unit) for match in ones]
    if any(pair != sorted(set(pair)) for pair in values):
        return "a range that does not rise"
    bounds = {_bound(match) for match in ones}
    return Value(
        printed,
        tuple(value for pair in values for value in pair),
        bounds.pop() if len(bounds) == 1 else "mixed",
        is_cumulative,
        yearly=any(match["yearly"] for match in ones),
    )


def _plain_value(printed: str) -> tuple[str, bool]:
    """
    Text as it is read, and whether it stood in square brackets.

    >>> _plain_value("［1,200］"), _plain_value("三分之一以上"), _plain_value("2/3")
    (('1200', True), ('3分之1以上', False), ('3分之2', False))
    """
    text = _THOUSANDS.sub("", plain(printed).rstrip(";,。、"))
    text = _PROPER.sub(_proper, _FRACTION.sub(_fraction, text))
    bracket = _CUMULATIVE.fullmatch(text)
    return ("".join(bracket.groups()), True) if bracket else (text, False)


def _fault(printed: str, text: str) -> str:
    """Why digits are no number: there are none, too many, or two lots with nothing between."""
    digits = max(map(len, re.findall(r"\d+", text)), default=0)
    if not digits:
        return "no number"
    if digits > _MOST_DIGITS:
        return f"a number of {digits} digits; at most {_MOST_DIGITS} are exact"
    return "two numbers with nothing between" if _APART.search(printed) else ""


def _fraction(match: re.Match[str]) -> str:
    """Write 三分之一 as 3分之1, and 百分之八十 as 80%."""
    whole, part = (text if text[0].isdecimal() else str(number(text)) for text in match.groups())
    return f"{part}%" if whole == "100" else f"{whole}分之{part}"


def _proper(match: re.Match[str]) -> str:
    """Write 1/3 as 3分之1; 5/10 and 3/2 are two values."""
    part, whole = map(int, match.groups())
    is_proper = part < whole and math.gcd(part, whole) == 1
    return f"{whole}分之{part}" if is_proper else match[0]


def _numbers(match: re.Match[str], unit: str) -> list[float]:
    scale = match["scale"]
    if match["high"] is None:
        return [_number(match["low"], unit, scale)]
    low = _number(match["low"], unit, match["low_scale"] or scale)
    return [low, _number(match["high"], unit, scale)]


def _number(text: str, unit: str, scale: str = "") -> float:
    """
    Value of one number with what multiplies it.

    >>> _number("1.15", "人", "万"), _number("负3", "%"), _number("3分之2", "%")
    (11500.0, -3.0, 66.66666666666667)
    """
    whole, fraction, part = text.partition("分之")
    if fraction:
        return float(Decimal(part) / Decimal(whole) * (100 if unit == "%" else 1))
    factor = Decimal(_scale(scale)) / _scale(unit) if scale else 1
    value = Decimal(text.lstrip("-−+负")) * factor
    return float(-value if text[0] in "-−负" else value)


def _scale(text: str) -> int:
    """
    Value of the 万 and 亿 that a text begins with.

    >>> _scale("万平方米"), _scale("万亿元"), _scale("元/万人")
    (10000, 1000000000000, 1)
    """
    scale = 1
    for sign in text:
        if sign not in _SCALES:
            break
        scale *= _SCALES[sign]
    return scale


def _bound(match: re.Match[str]) -> Bound:
    if match["high"] is not None:
        return "range"
    if match["after"]:
        return _AFTER[match["after"]]
    if match["before"]:
        return _BEFORE[match["before"]]
    return ">" if match["more"] or match["more_after"] else "="
