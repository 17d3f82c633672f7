"""From a document to a draft of a plan's data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from spatialplan.errors import InputError
from spatialplan.vocabulary import facilities

from ._indicators import indicator_rows
from ._plain import above
from ._plain import headings
from ._plain import plain
from ._reading import reading
from ._shares import Share
from ._shares import share_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._document import Document
    from ._finds import Circle
    from ._finds import LookAlike
    from ._finds import Member
    from ._finds import Structure
    from ._indicators import Row
    from ._plain import Heading
    from ._plain import Plain
    from ._reading import Mentioned

SOURCE = "plan-text"
NEW_AREA = "draft"
"""Area of a draft that uses the places of no known one."""
UNDRAWN_ZH = "草稿，尚无位置"

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TITLE = re.compile(r"[^\n，。；]{2,40}(?:规划|纲要|方案)(?:[（(].{2,20}[）)])?(?:（.{1,8}）)?")
_YEAR = re.compile(r"(?:到|至|2\d{3}-)(20\d\d)年")
_DONE = re.compile("成就|现状|(?:发展|规划|现实|工作)基础|回顾|主要成效|主要进展")
_GOES_TO = re.compile(
    r"(?:内(?:应|须|要|均|都|至少|就)?(?:设?有|设置?|配[备置建设]|布置|可享有?)|通达|畅行|畅达|联通|连通|直达|可达|到达|送达|覆盖(?!率)|(?<![达率])到)([^圈]{2,14})$"
)
_LONGEST_QUOTE = 240
_BEFORE = 60


@dataclass(frozen=True)
class Found:
    """A statement of the draft: where it stands, in words for the reader."""

    key: str
    offset: int
    context_zh: str
    count: int


@dataclass(frozen=True)
class Draft:
    """
    A draft of a plan's data.

    Attributes
    ----------
    content
        What ``plan.yaml`` holds: structures, targets, indicators and what was set aside.
    found
        Where each statement stands in the text, by its key.
    document
        What was read.
    """

    content: dict[str, Any]
    found: dict[str, Found]
    document: Document


def draft_plan(
    document: Document, *, plan_id: str = "draft", title_zh: str = "", area_id: str = NEW_AREA
) -> Draft:
    r"""
    Draft a plan's data from its text.

    Parameters
    ----------
    document
        As `read_document` gives it.
    plan_id, area_id
        Identifiers: ASCII letters, digits and hyphens.
    title_zh
        Title; by default the first line that reads as one.

    Returns
    -------
    Draft
        Structures with their parts and the members that the text names; circles; rows of
        indicator tables; what looks like a structure and is none, with the reason. Every
        statement has its quote. Nothing has a place yet.

    Raises
    ------
    InputError
        If an identifier is none.

    Examples
    --------
    >>> from spatialplan.draft import Document
    >>> words = "第一章 格局\n构建“一主两副”的空间结构，“一主”即甲城，“两副”即乙镇、丙镇。\n"
    >>> draft = draft_plan(Document(words, ()))
    >>> [structure] = draft.content["structures"].values()
    >>> structure["phrase_zh"], structure["at"], structure["members"]
    ('一主两副', '第一章', 'named')
    """
    for name, identifier in (("plan_id", plan_id), ("area_id", area_id)):
        if not _SLUG.fullmatch(identifier):
            raise InputError(name, repr(identifier), allowed="such as new-town-plan: a to z, 0 to "
                             "9, single hyphens between")  # fmt: skip
    made = plain(document.text)
    bounds = [(table.start, table.end) for table in document.tables]
    drafter = _Drafter(made, headings(made, tables=bounds), {})
    read = reading(made.text)
    rows = indicator_rows(document.text, document.tables)
    content = {
        "plan_id": plan_id,
        "title_zh": title_zh or _title(made),
        "area_id": area_id,
        "sources": {SOURCE: {"title_zh": title_zh or _title(made), "publisher_zh": "", "date": ""}},
        "structures": dict(map(drafter.structure, _numbered("s", read.structures))),
        "set_aside": dict(map(drafter.set_aside, _numbered("x", read.look_alikes))),
        "targets": dict(map(drafter.target, _numbered("t", read.circles))),
        "indicators": dict(map(drafter.indicator, _numbered("i", rows))),
    }
    return Draft(content, drafter.found, document)


def _numbered(letter: str, entries: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(f"{letter}{number:03}", entry) for number, entry in enumerate(entries, start=1)]


def _title(made: Plain) -> str:
    """Return the first line that reads as a title."""
    lines = [line.lstrip("#") for line in made.text.split("\n", 30)[:30]]
    return next((line for line in lines if _TITLE.fullmatch(line)), "无标题行的规划文本")


@dataclass(frozen=True)
class _Drafter:
    """Makes statements of finds, and keeps where they stand."""

    made: Plain
    marks: list[Heading]
    found: dict[str, Found]

    def structure(self, entry: tuple[str, Mentioned[Structure]]) -> tuple[str, dict[str, Any]]:
        """Return a structure with its elements."""
        key, one = entry
        find = one.find
        first = self.made.text.index(find.phrase_zh, find.start)
        begins, ends = find.quote
        elements = {
            f"{key}-{number}": _element(member) for number, member in enumerate(find.members, 1)
        }
        stated = {
            "phrase_zh": self.made.quote(first, first + len(find.phrase_zh)),
            "name_zh": find.name_zh,
            "kind": find.kind,
            **self._stated(key, one, min(find.start, begins or find.start), max(find.end, ends)),
            "members": _members(find),
            "gloss": [
                {"code": code, "count": count, "role": role} for code, count, role in find.gloss
            ],
            "undrawn_zh": UNDRAWN_ZH,
            "note_zh": find.note_zh,
            "elements": elements,
        }
        return key, _filled(stated)

    def target(self, entry: tuple[str, Mentioned[Circle]]) -> tuple[str, dict[str, Any]]:
        """Return a circle as a target."""
        key, one = entry
        find = one.find
        goes_to = _GOES_TO.search(find.label_zh)
        share, others = self._share(one)
        year = self._year(share.span) or self._year((find.start, find.end))
        more = [find.quote, share.span, year.span() if year else (0, 0)]
        stated = {
            "phrase_zh": self.made.quote(find.start, find.end),
            "measure": find.measure,
            "printed_zh": find.printed_zh,
            "threshold_min": find.threshold_min,
            "threshold_m": find.threshold_m,
            "code": find.code,
            "mode": find.mode,
            "to_zh": goes_to[1] if goes_to else "",
            "required": share.required,
            "required_zh": share.words_zh,
            "year": int(year[1]) if year else None,
            **self._stated(key, one, find.start, find.end, more=more),
            "open_zh": [
                *find.open_zh,
                "起点",
                *([] if _names_facility(find.phrase_zh) else ["设施"]),
                *(["达标比例"] if share.is_open else []),
                *([] if find.mode else ["方式"]),
            ],
            "note_zh": f"别处另有：{'、'.join(others)}" if others else "",
        }
        return key, _filled(stated)

    def _share(self, one: Mentioned[Circle]) -> tuple[Share, list[str]]:
        """
        Return the first share that mentions of a circle give, and the words of other ones.

        Mentions under headings on what is reached, and on what is to come, are kept apart.
        """
        find = one.find
        explained = [find.quote] if find.code and find.quote[1] else list(one.places)
        shares = [
            share_of(self.made.text, *place)
            for place in explained
            if self._status(place[0]) == self._status(find.start)
        ]
        given = [share for share in shares if share.required is not None]
        if not given:
            return Share(is_open=all(share.is_open for share in shares)), []
        others = {share.words_zh for share in given if share.required != given[0].required}
        return given[0], sorted(others)

    def _year(self, span: tuple[int, int]) -> re.Match[str] | None:
        """Return the year that the sentence of some words is about."""
        return _YEAR.search(self.made.text, *self.made.sentence(*span)) if span[1] else None

    def set_aside(self, entry: tuple[str, Mentioned[LookAlike]]) -> tuple[str, dict[str, Any]]:
        """Return what looks like a structure, with the reason why it is none."""
        key, one = entry
        find = one.find
        where = self._stated(key, one, find.start, find.end)
        return key, _filled({
            "phrase_zh": self.made.quote(find.start, find.end),
            "reason": find.reason,
            "at": where["at"],
            "count": len(one.places),
            "gloss": list(find.gloss),
        })  # fmt: skip

    def indicator(self, entry: tuple[str, Row]) -> tuple[str, dict[str, Any]]:
        """Return a row of a table."""
        key, row = entry
        self.found[key] = Found(key, row.start, row.table_zh, 1)
        return key, _filled({
            "name_zh": row.name_zh,
            "unit": row.unit,
            "table_zh": row.table_zh or "表",
            "group_zh": row.group_zh,
            "attribute": row.attribute,
            "base": _printed(row.base),
            "target": _printed(row.target),
            "compare": dict(row.more),
            "source": SOURCE,
            "at": self._at(row.start),
        })  # fmt: skip

    def _stated(
        self,
        key: str,
        one: Mentioned[Any],
        start: int,
        end: int,
        *,
        more: Sequence[tuple[int, int]] = (),
    ) -> dict[str, Any]:
        """Return what every statement tells about itself, and note where it stands."""
        offset = self.made.offset(one.find.start)
        quote = self._quote(start, end)
        pieces = {start: quote}
        for first, last in more:
            words = self.made.quote(first, last)
            if not any(words in piece for piece in pieces.values()):
                pieces[first] = words
        quote = "……".join(words for _, words in sorted(pieces.items()))
        self.found[key] = Found(key, offset, quote, len(one.places))
        return {
            "status": self._status(one.find.start),
            "source": SOURCE,
            "at": self._at(offset),
            "quote_zh": quote,
        }

    def _status(self, position: int) -> str:
        titles = "".join(mark.title for mark in above(self.marks, self.made.offset(position)))
        return "current" if _DONE.search(titles) else "target"

    def _quote(self, start: int, end: int) -> str:
        """Return the sentence of a find, cut where it is long."""
        first, last = self.made.sentence(start, end)
        if last - first > _LONGEST_QUOTE:
            first = max(first, start - _BEFORE)
            last = min(last, max(end, first + _LONGEST_QUOTE))
        return self.made.quote(first, last)

    def _at(self, offset: int) -> str:
        return "".join(mark.label for mark in above(self.marks, offset)) or "正文"


def _names_facility(words: str) -> bool:
    return any(word in words for word in facilities())


def _element(member: Member) -> dict[str, Any]:
    stated = {"role": member.role, "name_zh": member.name_zh}
    count = "open" if member.count is None else member.count
    return stated | {
        name: value for name, value, usual in (("count", count, 1), ("rank", member.rank, 0))
        if value != usual
    }  # fmt: skip


def _members(find: Structure) -> str:
    named = sum(bool(member.name_zh) for member in find.members)
    if named == len(find.members) and not find.is_open:
        return "named"
    return "partial" if named else "unnamed"


def _printed(value: tuple[str, int] | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return _filled({"year": value[1] or None, "printed": value[0]})


def _filled(stated: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not said; an element's empty name is said."""
    return {name: value for name, value in stated.items() if value not in ("", None, [], {})}
