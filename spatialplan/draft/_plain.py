"""A document's text made fit for reading: noise gone, wrapped lines joined, offsets kept."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple

from ._spaced import spaced_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

# What word processors and converters leave behind. TeX comes from PM_{2.5} and the like.
_NOISE = re.compile(
    r"\[bookmark:[^\]]*\]|\*\*|_\{|(?<=[\d.])\}|[\u200b\ufeff\u00ad]"
    # Footnote marks go before NFKC, which would turn them into digits.
    r"|[⁰¹²³⁴-⁹①-⑳]"
)
_NOTE_LINE = re.compile(r"\s*(?:[⁰¹²³⁴-⁹]+|\[\d{1,2}\])(?=\s*\S)")
_SAME = str.maketrans({"「": "“", "」": "”", "『": "“", "』": "”", "〝": "“", "〞": "”", "○": "〇"})
_KEPT = set("，：；！？（）")  # NFKC would make them ASCII, and a sentence unreadable

_WIDE = dict(zip(",;:!?()", "，；：！？（）", strict=True))  # where Chinese stands beside

_NUMERAL = "[一二三四五六七八九十百〇]"
_LEVELS = (
    re.compile(rf"第(?:{_NUMERAL}+|\d+)[编篇部]分?"),
    re.compile(rf"第(?:{_NUMERAL}+|\d+)章"),
    re.compile(rf"第(?:{_NUMERAL}+|\d+)节"),
    re.compile(rf"第(?:{_NUMERAL}+|\d+)条"),
    re.compile(rf"{_NUMERAL}{{1,3}}(?=[、．.])"),
    re.compile(rf"[（(]{_NUMERAL}{{1,3}}[）)]"),
    re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}(?=[一-鿿][^，。；：\t|]{1,30}$)"),
)
_MARKDOWN = re.compile(r"(#{1,6})[ \t]+")
_MOST_MARKS = 6
_LIST_MARK = re.compile(
    r"#{1,6}[^#]|专栏\s*\d|[（(]?\d{1,2}[、．)）]|\d{1,2}\.(?!\d)|[表图]\s*\d|附[件表录]|——|[-•●·]\s"
)
_ENDS = "。！？；：!?;:…"
_SHORT_HEADING = 40
_FULL_LINE = 20


class Heading(NamedTuple):
    """A numbered heading: where it stands in the source, its level (0 is the highest), words."""

    offset: int
    level: int
    label: str
    title: str


@dataclass(frozen=True)
class Plain:
    """
    Text to search in, one paragraph or table row a line.

    Attributes
    ----------
    text
        Without white space (but for tabs between cells), marks and wrapped lines;
        digits and letters of one width; footnotes at the end.
    origin
        Where each character stands in the source.
    source
        The text as read.
    """

    text: str
    origin: tuple[int, ...]
    source: str

    def offset(self, position: int) -> int:
        """Where a character of `text` stands in the source."""
        return self.origin[min(position, len(self.origin) - 1)]

    def quote(self, start: int, end: int) -> str:
        """
        Words of the source between two positions, verbatim but for white space.

        What was taken out in between is given as ``……``, unless it is a mere mark.
        """
        words: list[str] = []
        last = self.origin[start] - 1
        for position in range(start, end):
            here = self.origin[position]
            if here == last or self.text[position] == "\n":
                continue
            left_out = "".join(self.source[last + 1 : here].split())
            words.append(left_out if last < here and len(left_out) < 2 else "……")
            words.append(self.source[here])
            last = here
        return "".join("".join(words).split())

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Bounds of the sentence or cell that holds the positions, without its full stop."""
        first = max(self.text.rfind(mark, 0, start) for mark in "。；\n\t|") + 1
        ends = [self.text.find(mark, end) for mark in "。；\n\t|"]
        last = min((place for place in ends if place >= 0), default=len(self.text))
        return first, last


def plain(source: str) -> Plain:
    r"""
    Make a text fit for reading.

    Examples
    --------
    >>> made = plain("　　构建“一主\n\n两轴”²的空间格局，三环 １９ 射。")
    >>> made.text
    '构建“一主两轴”的空间格局，三环19射。'
    >>> made.quote(2, 10)
    '“一主两轴”²的空'
    """
    signs: list[str] = []
    origin: list[int] = []
    previous = ""
    body, notes = _lines(source)
    gaps = {gap for run in spaced_runs(source) for row in run for gap in row.gaps}
    for line in [*body, *notes]:
        words = [*_signs(source, *line, gaps)]
        text = "".join(sign for sign, _ in words)
        if not text.strip():
            continue
        if previous and not _is_continued(previous, text, open_quote=_is_open(signs)):
            signs.append("\n")
            origin.append(line[0])
        signs += [sign for sign, _ in words]
        origin += [place for _, place in words]
        previous = text
    return Plain("".join(signs), tuple(origin), source)


def headings(made: Plain, *, tables: Sequence[tuple[int, int]] = ()) -> list[Heading]:
    r"""
    Headings of the text, numbered or marked by ``#``, in the order of the source.

    One without a number is called by its words; the only one of the first level is the title.
    Within the bounds of `tables` a mere number (一、) opens a group of rows, and no section.

    Examples
    --------
    >>> [mark.label for mark in headings(plain("第一章 总则\n（一）现状\n1．问题\n"))]
    ['第一章', '（一）']
    >>> [mark.label for mark in headings(plain("# 甲县规划\n## 二、空间\n### 轴带\n甲。\n"))]
    ['二', '“轴带”']
    """
    found = []
    position = 0
    for line in made.text.split("\n"):
        heading = _heading(made, position, line)
        if heading is not None and not _is_in_table(heading, tables):
            found.append(heading)
        position += len(line) + 1
    found.sort()
    highest = [heading for heading in found if heading.level == 0]
    if len(highest) == 1 and highest[0].label == f"“{highest[0].title}”":
        found.remove(highest[0])
    return found


def _is_in_table(heading: Heading, tables: Sequence[tuple[int, int]]) -> bool:
    is_inside = any(start <= heading.offset < end for start, end in tables)
    return is_inside and not heading.label.startswith(("第", "“"))


def _heading(made: Plain, position: int, line: str) -> Heading | None:
    offset = made.offset(position)
    marks = _MARKDOWN.match(made.source, offset)
    words = line.lstrip("#") if marks else line
    for level, pattern in enumerate(_LEVELS, start=_MOST_MARKS):
        match = pattern.match(words)
        if match:
            title = re.split("[。：]", words[match.end() :], maxsplit=1)[0]
            label = match[0].replace(" ", "")
            return Heading(offset, len(marks[1]) - 1 if marks else level, label, title)
    return Heading(offset, len(marks[1]) - 1, f"“{words}”", words) if marks else None


def above(marks: list[Heading], offset: int) -> list[Heading]:
    """
    Headings that a place of the source stands under, the highest first.

    >>> marks = [Heading(0, 1, "第一章", ""), Heading(9, 2, "第二节", "")]
    >>> [mark.label for mark in above([*marks, Heading(20, 1, "第二章", "")], 12)]
    ['第一章', '第二节']
    """
    path: list[Heading] = []
    for place in reversed(range(bisect(marks, offset, key=lambda mark: mark.offset))):
        if not path or marks[place].level < path[-1].level:
            path.append(marks[place])
    return path[::-1]


def _lines(source: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Bounds of the lines: of the body, and of footnotes, which interrupt it."""
    body: list[tuple[int, int]] = []
    notes: list[tuple[int, int]] = []
    for match in re.finditer(r"[^\n\r\f\v]+", source):
        bounds = match.span()
        (notes if _NOTE_LINE.match(match[0]) else body).append(bounds)
    return body, notes


def _signs(source: str, start: int, end: int, gaps: AbstractSet[int]) -> Iterator[tuple[str, int]]:
    """Characters of a line worth reading, each with its place in the source; gaps as tabs."""
    skipped = {
        place
        for match in _NOISE.finditer(source, start, end)
        for place in range(match.start(), match.end())
    }
    quotes = 0
    for place in range(start, end):
        sign = source[place]
        if place in skipped:
            continue
        if sign.isspace() and sign != "\t":
            if place in gaps:
                yield "\t", place
            elif _parts_words(source, place, start, end):
                yield " ", place
            continue
        if sign == '"':
            quotes += 1
            sign = "“" if quotes % 2 else "”"
        elif sign in _WIDE and _is_chinese(
            source[place - 1 : place] + source[place + 1 : place + 2]
        ):
            sign = _WIDE[sign]
        elif sign not in _KEPT:
            sign = unicodedata.normalize("NFKC", sign.translate(_SAME))
        yield from ((piece, place) for piece in sign)


def _is_chinese(signs: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in signs)


def _parts_words(source: str, place: int, start: int, end: int) -> bool:
    """Tell whether white space stands between two digits or letters: 专栏 9 15分钟."""
    before, after = source[place - 1 : place], source[place + 1 : place + 2]
    sides = before + after if start < place < end - 1 else ""
    return len(sides) == 2 and sides.isascii() and sides.isalnum()


def _is_open(signs: list[str]) -> bool:
    """Tell whether the last paragraph has a quotation that is not closed."""
    for sign in reversed(signs):
        if sign in "”\n":
            return False
        if sign == "“":
            return True
    return False


def _is_continued(line: str, following: str, *, open_quote: bool) -> bool:
    """Tell whether a line was broken only because the page was full."""
    if any(text.startswith("|") or "\t" in text for text in (line, following)):
        return False
    if _starts_anew(following) or (_starts_anew(line) and len(line) <= _SHORT_HEADING):
        return False
    if open_quote or line[-1] in "，、（《“" or following[0] in "，。、；：）”》":
        return True
    return line[-1] not in _ENDS and len(line) >= _FULL_LINE


def _starts_anew(line: str) -> bool:
    return bool(_LIST_MARK.match(line)) or any(level.match(line) for level in _LEVELS)
