"""Lines that stand between the rows of a table and do not end it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BREAK = re.compile(
    r"[\s\d\-—–·/]*|\s*第\s*\d+\s*页(?:\s*[，,]?\s*共\s*\d+\s*页)?\s*|\s*续表[\s\d]*"
)
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_GROUP = re.compile(
    rf" *(?:{_NUMERAL}[、．.]|[（(]{_NUMERAL}[）)])?\s*"
    rf"(?!第{_NUMERAL}[编篇部章节条])[一-鿿]{{2,14}}\s*"
)
_OF_A_HEAD = re.compile("指标|单位|序号")


def is_break(line: str) -> bool:
    """
    Tell whether a line is what a page leaves behind: nothing, its number, or 续表.

    >>> is_break(" - 12 - "), is_break("第 3 页 共 9 页"), is_break("3.5亩")
    (True, True, False)
    """
    return bool(_BREAK.fullmatch(line.strip("\n")))


def is_group(line: str) -> bool:
    """
    Tell whether a line may name the rows under it: short, and no sentence or heading.

    >>> is_group("一、空间底线"), is_group("空间底线"), is_group("注：按现价。")
    (True, True, False)
    """
    return bool(_GROUP.fullmatch(line.strip("\n")))


def is_head(cells: Sequence[str]) -> bool:
    """
    Tell whether a row opens a table of indicators.

    >>> is_head(["序号", "指标", "2035年"]), is_head(["1", "绿地率", "40"])
    (True, False)
    """
    return any(_OF_A_HEAD.search(cell) for cell in cells)
