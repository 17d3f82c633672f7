"""Space in words without a count: chains, 以甲为轴, areas between roads, policy triplets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._finds import COUNT
from ._finds import STOPS
from ._finds import Member
from ._finds import Structure
from ._finds import alternatives
from ._finds import kind_after
from ._finds import role_at_end
from ._names import items
from ._names import split
from ._names import unquoted
from ._names import without_verb

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = rf"[^{STOPS}、“”（）()\s\-—–－]"
_LINK = "[-—–－]{1,2}"
_ONE = rf"{_WORD}{{2,14}}(?:{_LINK}{_WORD}{{2,14}})+"
_CHAINS = re.compile(rf"(?<!\d){_ONE}(?:、{_ONE})*")
_NO_NAME = re.compile(r"\d{4}年?$|^(?:[\d.]+|[半一两三])个?(?:分钟|刻钟|小时|公里|千米|米)")
_CHAIN_HEAD = re.compile(
    rf"{_WORD}{{0,10}}?(?:带|圈|组团|轴线?|廊道?|走廊|干道|通道|(?:旅游|风景|精品)(?:路|环)?线)(?![一-鿿]?[路街镇])"
)
_AS_ROLE = {
    "轴": "axis", "轴线": "axis", "主轴": "axis", "带": "belt", "环": "ring", "廊": "corridor",
    "廊道": "corridor", "点": "node", "节点": "node", "支点": "node", "面": "service_area",
    "链": "chain", "极": "pole", "核": "core", "核心": "core", "中心": "centre",
    "骨架": "network", "片": "quarter", "片区": "quarter", "组团": "cluster", "主": "main",
    "副": "sub", "龙头": "core", "翼": "wing", "副中心": "sub",
}  # fmt: skip
_SHARP = {"axis", "belt", "corridor", "node", "service_area", "chain", "ring", "network"}
_WHAT_FOR = (
    "横|纵|主|次|主要|重要|核心|辐射|发展|关键|战略|城市|城镇|功能|空间|交通|产业|创新|服务|公共|生态|景观|"
    "绿色|滨水|文化|旅游"
)
_AS = re.compile(
    rf"(?:以|(?<=[、，])(?!以))(?P<what>[^，。；：\n\t|]{{2,60}}?)为"
    rf"(?:{COUNT}[大个条]?|(?:{_WHAT_FOR}){{0,2}})"
    rf"(?P<word>{alternatives([*_AS_ROLE])})(?=[，、。；“”\n]|串|$|的|布)"
)
_BETWEEN = re.compile(
    rf"在(?P<where>[^{STOPS}“”]{{2,60}}?(?:以[东南西北]|[东南西北]侧|之间|围绕)"
    rf"[^。；：“”\n\t|]{{0,30}}?)(?:打造|建设|布局|规划|形成|划定)[^{STOPS}、“”]{{2,20}}"
)
_ROAD = re.compile("[路道街河]|高速|铁路")
_STEP = r"做[强优大特精美活实][^，。；、“”\n]{0,6}[城镇乡村区县]"
_TRIPLET = re.compile(rf"{_STEP}(?:[、，]{_STEP}){{2,}}")
_FIGURE = re.compile("“[^“”]{0,6}(?:金三角|金十字|十字路口|黄金(?:水道|海岸|走廊))[^“”]{0,2}”")
_SPOKES = re.compile("“(?:中心|核心|总部|总院|镇|城)带(?:站|点|村|分院|片|面)”")
_HUB = r"[^，。；：、“”\n\t|]{2,20}?枢纽"
_HUBS = re.compile(rf"{_HUB}(?:[、和与及]{_HUB})+")
_PAIR = re.compile("“两(?P<sign>[一-鿿])(?:合作|一体化|同城化)”")
_SIGN = re.compile(  # “T”字形空间布局, 十字形发展轴
    rf"“?(?:[A-Z]”?字?|[一-鿿]”?字)[形型]”?[^{STOPS}、“”（）()的]{{0,10}}?"
    "(?:布局|格局|结构|框架|骨架|轴线?|轴带|廊道?|走廊|带|路网|通道)"
)
_KINDS = re.compile("等(?:重点|特色|主要)?(?:板块|片区|组团|功能区|轴带|廊道|节点|圈层)")
_FEWEST = 3


def wordings(text: str) -> Iterator[Structure]:
    """
    Find structures that the text describes without counting.

    Examples
    --------
    >>> [find] = wordings("以运河路为轴，以甲园、乙园为点，打造旅游廊道")
    >>> [(member.role, member.name_zh) for member in find.members]
    [('axis', '运河路'), ('node', '甲园'), ('node', '乙园')]
    """
    yield from _chains(text)
    yield from _roles(text)
    yield from _bounded(text)
    yield from _kinds(text)
    yield from _figures(text)


def _chains(text: str) -> Iterator[Structure]:
    """Names joined by dashes, in quotation marks or before a word that has a shape."""
    for match in _CHAINS.finditer(text):
        start, end = match.span()
        *rows, last = match[0].split("、")
        names = re.split(_LINK, last)
        if any(map(_NO_NAME.search, names)):  # 2021-2035年, 5-10分钟
            continue
        if text[start - 1 : start] == "“" and text[end : end + 1] == "”":
            if all(map(role_at_end, names)) or _CHAIN_HEAD.match(text, end + 1):
                yield _joined(text, start, end, names)
            continue
        head = _CHAIN_HEAD.match(text, end - len(names[-1]))
        if head is None:
            continue
        if rows:  # 甲-乙、丙-丁等组团: each chain is one of them
            yield _joined(text, start, head.end(), [*rows, last], role_at_end(head[0]))
        else:
            yield _joined(text, start, head.end(), [*names[:-1], head[0]])


def _joined(text: str, start: int, end: int, names: list[str], role: str = "") -> Structure:
    names = [without_verb(names[0]), *names[1:]]
    start = text.index(names[0], start)
    members = tuple(Member(role or role_at_end(name) or "node", name) for name in names)
    kind = kind_after(text, end, "layout")
    return Structure(start, end, name_zh=text[start:end], kind=kind, members=members)


def _roles(text: str) -> Iterator[Structure]:
    """Sentences such as 以甲为轴，以乙、丙为点: two roles, or three of one that has a shape."""
    for sentence in re.finditer(r"[^。；\n]+", text):
        found = [*_AS.finditer(text, *sentence.span())]
        members = tuple(
            Member(_AS_ROLE[match["word"]], name)
            for match in found
            for name in split(match["what"])
        )
        roles = {member.role for member in members}
        if roles & _SHARP and (len(roles) > 1 or len(members) >= _FEWEST):
            start, end = found[0].start(), found[-1].end()
            yield Structure(start, end, name_zh=text[start:end], members=members)


def _bounded(text: str) -> Iterator[Structure]:
    """Areas that two roads or rivers bound."""
    for match in _BETWEEN.finditer(text):
        if len(_ROAD.findall(match["where"])) > 1:
            zone = Member("zone", match[0])
            yield Structure(*match.span(), name_zh=match[0], kind="list", members=(zone,))


def _kinds(text: str) -> Iterator[Structure]:
    """Names that each say their shape, before a word for all: 甲区、乙区、丙带等板块."""
    for match in _KINDS.finditer(text):
        names = items(text, match.start())
        roles = [role_at_end(name) for name in names]
        if len(names) >= _FEWEST and all(roles):
            start = text.rindex(names[0], 0, match.start())
            members = tuple(map(Member, roles, names))
            yield Structure(start, match.end(), name_zh=text[start : match.end()], kind="list",
                            members=members, is_open=True)  # fmt: skip


def _figures(text: str) -> Iterator[Structure]:
    """Figures of speech that have a shape: triplets of centres, crossings, hub and spokes."""
    for match in _TRIPLET.finditer(text):
        yield _listed(text, match, "centre", re.split("[、，]", match[0]))
    for match in _FIGURE.finditer(text):
        before = items(text, match.start())
        yield _listed(text, match, "node", before if len(before) >= _FEWEST else [match[0]])
    for match in _SIGN.finditer(text):
        lines = Member(role_at_end(match[0]) or "axis", count=None)
        yield Structure(*match.span(), name_zh=match[0], members=(lines,), is_open=True)
    for match in _SPOKES.finditer(text):
        yield _listed(text, match, "facility", unquoted(match[0]).split("带"))
    for match in _HUBS.finditer(text):
        yield _listed(text, match, "hub", split(match[0]))
    for match in _PAIR.finditer(text):
        if _shared_by(text, match["sign"]) > 1:
            pair = Member("district", count=2)
            yield Structure(*match.span(), name_zh=unquoted(match[0]), kind="list", members=(pair,))


def _shared_by(text: str, sign: str) -> int:
    """
    How many names of places begin with a sign.

    >>> _shared_by("溧阳市、溧水至溧阳", "溧"), _shared_by("社区至社会", "社")
    (2, 1)
    """
    return len(set(re.findall(rf"{sign}[一-鿿](?=[市县区至经与和—、])", text)))


def _listed(text: str, match: re.Match[str], role: str, names: list[str]) -> Structure:
    start = match.start() if names[0] not in match[0] else text.index(names[0], match.start())
    members = tuple(Member(role, unquoted(name)) for name in names)
    return Structure(start, match.end(), name_zh=unquoted(match[0]), kind="list", members=members)
