"""Do quotes and tables stand under the headings that ``at`` names?"""

from __future__ import annotations

import re
from bisect import bisect
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from ._text_check import LEFT_OUT
from ._text_check import QUOTED
from ._text_check import compact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    import pandas as pd

    from ._plan import Plan

_N = "([一二三四五六七八九十]+)"
_MARKS = re.compile(r"(?:#|\*|\[[^\]]*\])*")  # of Markdown, and bookmarks, before a heading


class _Heading(NamedTuple):
    """Numbers of a chapter and of its section; "" where there is none."""

    chapter: str
    section: str


class _Style(NamedTuple):
    """How a text prints its headings, and how `at` cites them."""

    chapter: str
    section: str
    cited: str

    def printed(self, heading: _Heading) -> str:
        """A heading as the text prints it."""
        forms = zip((self.chapter, self.section), heading, strict=True)
        return "".join(form.format(number) for form, number in forms if number)


_Outline = list[tuple[int, _Heading]]  # where each heading begins
_STYLES = (
    _Style("第{}章", "第{}节", f"第{_N}章|第{_N}节"),
    _Style("{}、", "（{}）", f"(?:^|；){_N}(?=（| )|（{_N}）"),
)


def heading_faults(plan: Plan, text: str) -> Iterator[str]:
    """Quotes and tables that stand under other headings than is said; see `check_plan`."""
    lines = [_MARKS.sub("", compact(line), count=1) for line in text.splitlines()]
    outlines = ((style, _outline(lines, style)) for style in _STYLES)
    style, outline = next((found for found in outlines if found[1]), (_STYLES[0], []))
    words = "".join(lines)
    for table in QUOTED if outline else ():
        for key, row in getattr(plan, table).iterrows():
            cited = _held([*_cited(row["at"], style)], outline)
            for piece in _pieces(row) if cited else ():
                found = {_under(at.start(), outline) for at in re.finditer(re.escape(piece), words)}
                if found and not any(_fits(heading, cited) for heading in found):
                    told = " or ".join(style.printed(one) or "no chapter" for one in sorted(found))
                    yield f"{table}.{key}: at is {row['at']!r}, but {piece[:20]!r} stands in {told}"


def _pieces(row: pd.Series[Any]) -> list[str]:
    """What stands under the headings: the pieces of a quote; of a row, the title of its table."""
    printed = row["quote_zh"] or row.get("table_zh", "")
    return [piece for piece in compact(printed).split(LEFT_OUT) if piece]


def _outline(lines: Sequence[str], style: _Style) -> _Outline:
    """Headings of a text, each with its place in the joined lines."""
    chapter, section = style.chapter.format(_N), style.section.format(_N)
    position, found = 0, list[tuple[int, _Heading]]()
    for line in lines:
        if new := re.match(chapter, line):
            found.append((position, _Heading(new[1], "")))
        elif found and (new := re.match(section, line)):
            found.append((position, _Heading(found[-1][1].chapter, new[1])))
        position += len(line)
    return found


def _cited(at: str, style: _Style) -> Iterator[_Heading]:
    """Headings of a citation: sections belong to the chapter before them, 四（一）（二）."""
    chapter, is_told = "", True
    for new, section in re.findall(style.cited, at):
        if new and not is_told:
            yield _Heading(chapter, "")
        chapter, is_told = new or chapter, bool(section)
        if section:
            yield _Heading(chapter, section)
    if not is_told:
        yield _Heading(chapter, "")


def _held(cited: Sequence[_Heading], outline: _Outline) -> list[_Heading]:
    """What is cited; only the chapter where the text has lost the heading of the section."""
    headings = {heading for _, heading in outline}
    return [one if one in headings else _Heading(one.chapter, "") for one in cited]


def _under(position: int, outline: _Outline) -> _Heading:
    before = bisect(outline, position, key=lambda entry: entry[0])
    return outline[before - 1][1] if before else _Heading("", "")


def _fits(found: _Heading, cited: Sequence[_Heading]) -> bool:
    return any(found.chapter == one.chapter and one.section in ("", found.section) for one in cited)
