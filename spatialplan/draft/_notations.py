"""Notations: number + element throughout, in quotation marks or before a head."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from spatialplan.vocabulary import PhraseError
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import roles
from spatialplan.vocabulary import verbs

from ._finds import COUNT
from ._finds import LookAlike
from ._finds import Structure
from ._finds import Taken
from ._finds import alternatives
from ._finds import head_after
from ._finds import kind_after
from ._finds import parts_of
from ._finds import role_of_word
from ._names import items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from spatialplan.vocabulary import Part

    from ._finds import Find
    from ._finds import Kind

QUOTED = re.compile(r"“([^“”\n]{1,40})”")
_VERBS = (
    "构建|构筑|形成|打造|塑造|优化|完善|建立|建设|推进|推动|布局|围绕|按照|依托|落实|突出|实施|"
    "拉开|呈现|强化|统筹|深化|谋划|确立|提升|坚持|以"
)
_AFTER_VERB = re.compile(rf"(?:{_VERBS})[^，。；：“”\n]{{0,6}}$")
_CLAUSE_BEGINS = re.compile(r"(?:[，。；：\n]|[）)]|\d[.．]|[一二三四五六七八九十]、)$")
_GLOSS_MARK = re.compile(r"[”’]?(?:，?即|：|:|（|是?指|包括|分别|为|——)")
_NEXT = re.compile(r"”([^，。；：、“”（\n]{1,4})")
_REFUSED = {"proper_noun", "non_spatial", "distributive", "opening_hours", "idiom"}
_NETWORK_NEAR = re.compile("轨道|铁路|路网|公交|水网|航道")
_SIGHTS = re.compile(rf"[一-鿿]{{2,6}}?({COUNT}景)")
_CHAIN = re.compile("[一-鿿][-—–－]+[一-鿿]")
_NUMERALS = "一二三四五六七八九十百千两双"
# A measure word counts what follows: 五大行动 is a list, 四好农村路 the name of a programme.
_WORDED = re.compile(rf"[{_NUMERALS}]+(?![{_NUMERALS}大个条项支套类级种名位年月姓])[一-鿿]{{3,6}}")
_MERGED = re.compile(rf"(?P<count>{COUNT}[个大]?网)(?:融合|合一|互联|贯通)")


def notations(text: str) -> Iterator[Find]:
    """
    Find structures written as number + element, and what only looks like one.

    Examples
    --------
    >>> found = list(notations("构建“一主两副”的空间格局，推进“一带一路”、“一心两智”工程"))
    >>> [(type(find).__name__, find.phrase_zh) for find in found]
    [('Structure', '一主两副'), ('LookAlike', '一带一路'), ('LookAlike', '一心两智')]
    """
    taken = Taken()
    for match in _MERGED.finditer(text):
        yield _merged(text, match)
        taken.add(*match.span())
    for match in QUOTED.finditer(text):
        found = None if taken.touches(*match.span()) else _quoted(text, *match.span(1))
        if found is not None:
            yield found
        taken.add(*match.span())
    for match in _run().finditer(text):
        found = _bare(text, *match.span())
        if found and not taken.touches(found.start, found.end):
            yield found


def slogans(text: str) -> Iterator[LookAlike]:
    """
    Find quotations that begin with a number and go on with other words than elements.

    Examples
    --------
    >>> [find.phrase_zh for find in slogans("“一网通办”“四好农村路”“一主两副”“五大行动”")]
    ['一网通办', '四好农村路']
    """
    for match in QUOTED.finditer(text):
        try:
            parse_phrase(match[1])
        except PhraseError as error:
            if error.reason == "no_full_parse" and _WORDED.fullmatch(match[1]):
                yield LookAlike(*match.span(1), match[1], error.reason)


@functools.cache
def _run() -> re.Pattern[str]:
    """A run of number + element in running text, with or without verbs; `parse_phrase` judges."""
    words, driven = alternatives([*role_of_word()]), alternatives([*verbs()])
    term = rf"{COUNT}[大个条]?(?:{words})(?:{driven})?"
    return re.compile(rf"{term}(?:(?:[、，,·和与及]|以及)?{term})+")


@functools.cache
def _driven() -> re.Pattern[str]:
    """One part with a verb."""
    words, driven = alternatives([*role_of_word()]), alternatives([*verbs()])
    return re.compile(rf"({COUNT}[大个条]?(?:{words}))(?P<driven>{driven})")


def _quoted(text: str, start: int, end: int) -> Find | None:
    """Read a whole quotation, or say why it only looks like a structure."""
    words = text[start:end]
    try:
        phrase = parse_phrase(words)
    except PhraseError as error:
        return None if _CHAIN.search(words) else _refused(text, start, end, error.reason)
    if phrase.kind == "part":
        return _single(text, start, end, phrase.parts)
    if phrase.kind != "structure":
        return None
    head = head_after(text, end)
    if (head == "other" and not _is_drawn(phrase.parts)) or (not head and _is_soft(phrase.parts)):
        return LookAlike(start, end, words, "non_spatial")
    return Structure(start, end, words, parts=phrase.parts, kind=_kind(text, end, phrase.parts))


def _refused(text: str, start: int, end: int, reason: str) -> Find | None:
    """Return what the grammar of phrases does not know, or the reason that it gives."""
    words = text[start:end]
    if reason in _REFUSED:
        return LookAlike(start, end, words, reason)
    return _within(text, start, end)


def _bare(text: str, start: int, end: int) -> Structure | None:
    """A notation without quotation marks needs a head, and a verb or a stop before it."""
    words = text[start:end].rstrip("、，,·")
    end = start + len(words)
    parts = parts_of(words)
    before = text[max(0, start - 10) : start]
    opens = not before or _CLAUSE_BEGINS.search(before) or _AFTER_VERB.search(before)
    if len(parts) < 2 or not opens or head_after(text, end) != "spatial":
        return None
    return Structure(start, end, words, parts=parts, kind=_kind(text, end, parts))


def _single(text: str, start: int, end: int, parts: tuple[Part, ...]) -> Structure | None:
    """One part in quotation marks: a structure if an area or a list says so."""
    if _GLOSS_MARK.match(text, end):
        return None
    listed = items(text, start - 1) if text[start - 1 : start] == "“" else []
    is_listed = parts[0].count == len(listed) > 1
    follows = _NEXT.match(text, end)
    is_area = follows is not None and any(
        role_of_word().get(follows[1][:length]) for length in range(2, 5)
    )
    if not (is_listed or is_area or head_after(text, end) == "spatial"):
        return None
    return Structure(start, end, text[start:end], parts=parts, kind=_kind(text, end, parts))


def _within(text: str, start: int, end: int) -> Structure | None:
    """Read one part inside a quotation: “运河十景”; behind a list of three, “三区联动”."""
    found = _SIGHTS.fullmatch(text, start, end) or _driven().fullmatch(text, start, end)
    parts = parts_of(found[1]) if found else ()
    if not found or not parts:
        return None
    if "driven" in found.re.groupindex and len(items(text, start - 1)) != parts[0].count:
        return None
    return Structure(*found.span(1), found[1], text[start:end], "list", parts)


def _merged(text: str, match: re.Match[str]) -> Structure | LookAlike:
    """Read 四网融合: of railways a structure; of telephone, television and data none."""
    parts = parts_of(match["count"])
    # Around a set term only its own clause tells: 推进三网融合，完善轨道交通.
    stops = "[，。；：\n\t|]" if _is_set_term(match[0]) else "[。；\n]"
    before = re.split(stops, text[max(0, match.start() - 20) : match.start()])[-1]
    after = re.split(stops, text[match.end() : match.end() + 30])[0]
    if not parts or not _NETWORK_NEAR.search(before + after):
        return LookAlike(*match.span(), match[0], "non_spatial")
    return Structure(*match.span("count"), match["count"], match[0], "network", parts)


def _is_set_term(words: str) -> bool:
    """Tell whether the vocabulary has words as a name of something else."""
    try:
        parse_phrase(words)
    except PhraseError as error:
        return error.reason != "no_full_parse"
    return False


def _is_drawn(parts: Sequence[Part]) -> bool:
    """Tell whether a part can only be a line or an area: a point may be an office."""
    shapes = [roles()[part.role].geometry for part in parts]
    return any(shape and "point" not in shape for shape in shapes)


def _is_soft(parts: Sequence[Part]) -> bool:
    """Tell whether all parts may be functions of a city: 一枢纽四中心 is a slogan by itself."""
    return all(part.role in {"hub", "centre", "base", "gateway"} for part in parts)


def _kind(text: str, end: int, parts: Sequence[Part]) -> Kind:
    lines = {"ring", "radial", "north_south", "east_west", "link", "network", "line", "passage"}
    is_network = all(part.role in lines for part in parts)
    return kind_after(text, end, "network" if is_network else "layout")
