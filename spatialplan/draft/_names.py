"""Enumerations: names in a row, as they stand before or after what counts them."""

from __future__ import annotations

import re

_BRACKETS = "（[^（）]*）"
_LAST = re.compile(
    rf"^((?:[^（）]|{_BRACKETS}){{2,}}?)(?:以及|[和与及])((?:[^（）]|{_BRACKETS}){{2,}})$"
)
_VERB = re.compile(
    "^.*(?:统筹|联动|聚焦|优化|改造|整治|保护|拓展|支持|推进|推动|打造|建设|构建|构筑|形成|提升|"
    "完善|融入|落实|包括|包含|围绕|布局|培育|依托|强化|加快|做强|做优|共建|连接|串联|整合|划分为|分为|发展为|即)"
)
_LIST_MARK = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、．.]|[（(][一二三四五六七八九十\d]{1,3}[）)]"
)
_FRAME = re.compile("^.*?以(?P<row>.{2,}?)(?:作)?为$")
_STOPS = "，。；：！？\n\t|“"
_LONGEST = 120


def items(text: str, end: int) -> list[str]:
    """
    Names in a row that end where a count begins.

    Examples
    --------
    >>> sentence = "自东向西打造老城区、经开区和高新区三大功能区"
    >>> items(sentence, sentence.index("三大"))
    ['老城区', '经开区', '高新区']
    """
    first = max(0, end - _LONGEST)
    # A row may stand in quotation marks of its own: “商务、会展”两大中心.
    last = end - 1 if text[end - 1 : end] == "”" else end
    start = max(first, *(text.rfind(stop, first, last) + 1 for stop in _STOPS))
    mark = _LIST_MARK.match(text, start, last)
    return split(_without_frame(text[mark.end() if mark else start : last].removesuffix("的")))


def _without_frame(words: str) -> str:
    """
    Take the words off that frame a row: 以甲、乙为（两个副中心）.

    >>> _without_frame("以甲市、乙市为"), _without_frame("甲市、乙市")
    ('甲市、乙市', '甲市、乙市')
    """
    framed = _FRAME.match(words)
    return framed["row"] if framed else words


def split(words: str) -> list[str]:
    """
    Split a row of names; the first loses the verb before it.

    Examples
    --------
    >>> split("推进甲镇（含乙、丙村）、丁镇和戊镇等")
    ['甲镇（含乙、丙村）', '丁镇', '戊镇']
    >>> split("东翼（甲区和乙区）和西翼（丙区）")
    ['东翼（甲区和乙区）', '西翼（丙区）']
    """
    pieces = _outside_brackets(unquoted(words).removesuffix("等"))
    pieces[0] = without_verb(pieces[0]).rsplit("的", 1)[-1]
    last = _LAST.match(pieces[-1])
    if last:
        pieces[-1:] = last.groups()
        pieces[0] = without_verb(pieces[0])
    return [unquoted(piece) for piece in pieces if piece]


def without_verb(name: str, *, least: int = 2) -> str:
    """
    Take the verb off a name of at least so many characters.

    >>> without_verb("重点推进天宁未来智慧城"), without_verb("集中建设区")
    ('天宁未来智慧城', '集中建设区')
    >>> without_verb("完善市", least=1)
    '市'
    """
    shorter = _VERB.sub("", name)
    return shorter if len(shorter) >= least else name


def unquoted(words: str) -> str:
    """
    Take off quotation marks around the whole.

    >>> unquoted("“两湖创新区”"), unquoted("“两湖”创新区")
    ('两湖创新区', '“两湖”创新区')
    """
    inner = words[1:-1]
    whole = words.startswith("“") and words.endswith("”") and "“" not in inner
    return inner if whole else words


def _outside_brackets(words: str) -> list[str]:
    depth = start = 0
    pieces = []
    for position, sign in enumerate(words):
        depth += (sign in "（(“") - (sign in "）)”")
        if sign == "、" and depth <= 0:
            pieces.append(words[start:position])
            start = position + 1
    return [*pieces, words[start:]]
