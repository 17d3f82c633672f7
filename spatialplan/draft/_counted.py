"""Lists that a number sums up, and tiers: 甲片区、乙片区和丙片区三大片区; 区、街道两级网络."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from spatialplan.vocabulary import heads

from ._finds import COUNT
from ._finds import STOPS
from ._finds import Member
from ._finds import Structure
from ._finds import alternatives
from ._finds import kind_after
from ._finds import parts_of
from ._finds import role_at_end
from ._finds import role_of_word
from ._finds import value_of
from ._names import items
from ._names import split
from ._names import without_verb

if TYPE_CHECKING:
    from collections.abc import Iterator
_NAMES_AFTER = re.compile(
    r"[”’]?(?:[：:，]|[，：]?(?:即|分别[为是]|包括)[：:]?|[（(])([^。；\n）)“]{4,120})"
)
_TIER_NOUNS = (
    "设施|公共服务|避难|城镇|镇村|商业|商圈|公园|绿地|绿道|体育|文化|医疗|卫生|养老|教育|邻里|物流|枢纽|空间|"
    "中心体系|服务网络|服务中心"
)
_GOVERNANCE = re.compile(
    "联动|治理|责任|监管|执法|指挥|管理|干部|书记|平台|调度|河长|议事|协商|督|互联|安全|数据|信息"
)
_SHAPED = {"zone", "quarter", "cluster", "belt", "corridor", "axis", "core", "centre"}
_SHAPES = "轴带廊环链片区圈屏楔"
_SIGN = r"[^，。；、：“”（）()\n\t|]"
_TIERS = re.compile(
    rf"(?P<count>[两二三四五])级(?P<noun>{_SIGN}{{0,14}}?(?:{_TIER_NOUNS}){_SIGN}{{0,8}})"
)
_ADMIN = (
    "街道|县城|中心镇|重点镇|特色镇|一般镇|建制镇|乡镇|中心村|镇|乡|县|省级开发区|国家级开发区|开发区|园区|县级市|市辖区|"
    "区|市"
)
_ADMIN_ONE = rf"\d{{1,3}}个(?:{_ADMIN})(?:[（(][^（()）]{{1,60}}[）)])?"
_ADMIN_COUNT = re.compile(rf"{_ADMIN_ONE}(?:[、和与及]{_ADMIN_ONE})+")


def counted(text: str) -> Iterator[Structure]:
    """
    Find lists of named areas, lines or points whose number the text states.

    Examples
    --------
    >>> [find] = counted("自东向西打造老城区、经开区和高新区三大功能区，统筹发展")
    >>> find.phrase_zh, [member.name_zh for member in find.members]
    ('三大功能区', ['老城区', '经开区', '高新区'])
    """
    for match in _class().finditer(text):
        yield from _class_list(text, match)
    for match in _TIERS.finditer(text):
        yield from _tier_list(text, match)
    for match in _ADMIN_COUNT.finditer(text):
        yield _admin_list(text, match)
    for match in _joined().finditer(text):
        yield _joined_list(match)


@functools.cache
def _class() -> re.Pattern[str]:
    """A count with a measure word before a noun; one of a single character ends the clause."""
    nouns = [word for word in (*role_of_word(), *heads().spatial) if len(word) > 1]
    short = rf"[{_SHAPES}](?=[{STOPS}、“”（）]|$)"
    return re.compile(
        rf"(?P<count>{COUNT})(?P<measure>[大个条片座]|类)(?P<more>(?:(?!的){_SIGN}){{0,10}}?)"
        rf"(?P<noun>{alternatives([*nouns, '轴带', '高地'])}|{short})(?!域)"
    )


def _class_list(text: str, match: re.Match[str]) -> Iterator[Structure]:
    count = value_of(match["count"])
    is_partial = text.startswith("等", match.start() - 1)
    names = items(text, match.start())
    start, end = match.start(), match.end()
    if len(names) > 1 and (len(names) == count or (is_partial and len(names) < count)):
        start = text.rindex(names[0], 0, match.start())
    else:
        follow = _NAMES_AFTER.match(text, match.end())
        names = split(follow[1]) if follow else []
        if len(names) != count or count < 2:
            return
    if len(match["noun"]) == 1 and not all(map(role_at_end, names)):
        return  # 四大产业群 counts industries; 两大功能带 after 甲走廊、乙文旅带 is space
    parts = parts_of(match[0])
    role = parts[0].role if parts else role_at_end(match["noun"]) or "zone"
    yield Structure(
        start,
        end,
        phrase_zh=match[0] if parts else "",
        name_zh="" if parts else match[0],
        kind="list",
        parts=parts,
        members=tuple(Member(role, name) for name in names),
        is_open=len(names) < count,
    )


def _tier_list(text: str, match: re.Match[str]) -> Iterator[Structure]:
    if _GOVERNANCE.search(match["noun"]):
        return
    count = value_of(match["count"])
    names = items(text, match.start())
    if len(names) != count:
        names = re.split("[-—－–]+", names[-1]) if names else []
    if len(names) != count or any(name[0].isdecimal() for name in names):
        return  # 5分钟、10分钟、15分钟三级生活圈 has limits, not tiers
    names[0] = without_verb(names[0], least=1)
    start = text.rindex(names[0], 0, match.start())
    members = tuple(Member("facility", name, rank=rank) for rank, name in enumerate(names, start=1))
    yield Structure(start, match.end(), name_zh=match[0], kind="hierarchy", members=members)


def _admin_list(text: str, match: re.Match[str]) -> Structure:
    pieces = re.findall(rf"(\d{{1,3}})个({_ADMIN})", match[0])
    members = tuple(Member(role_at_end(word) or "zone", count=int(count)) for count, word in pieces)
    kind = kind_after(text, match.end(), "list")
    return Structure(match.start(), match.end(), name_zh=match[0], kind=kind, members=members)


@functools.cache
def _joined() -> re.Pattern[str]:
    """Counted areas or lines, joined by 和: 三大功能片区和5个产业社区."""
    shaped = [word for word, role in role_of_word().items() if role in _SHAPED and len(word) > 1]
    others = [word for word in role_of_word() if len(word) > 1]
    first = rf"{COUNT}[大个条片](?:(?![的和与及]){_SIGN}){{0,6}}?(?:{alternatives(shaped)})"
    more = (
        rf"{COUNT}[大个条片](?:(?![的和与及]){_SIGN}){{0,6}}?(?:{alternatives([*others, '社区'])})"
    )
    return re.compile(rf"{first}(?:[、和与及]{more})+")


def _joined_list(match: re.Match[str]) -> Structure:
    pieces = re.findall(rf"({COUNT})[大个条片]([^、和与及]+)", match[0])
    members = tuple(
        Member(role_at_end(noun) or "zone", count=value_of(count) or None) for count, noun in pieces
    )
    is_open = any(member.count is None for member in members)
    return Structure(*match.span(), name_zh=match[0], kind="list", members=members, is_open=is_open)
