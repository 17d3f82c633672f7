"""Phrases of the five documents: what they count, and what is refused."""

from __future__ import annotations

import pytest

from spatialplan.errors import InputError
from spatialplan.vocabulary import Part
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import roles

# Written as count and word, * for an open count.
STRUCTURES = {
    "一群两轴三圈": "1群 2轴 3圈",
    "一主一区、一极三轴": "1主 1区 1极 3轴",
    "一环三轴": "1环 3轴",
    "三纵四横": "3纵 4横",
    "三主五辅": "3主 5辅",
    "两纵两横一联": "2纵 2横 1联",
    "三环 19 射": "3环 19射",
    "四环 21 射": "4环 21射",
    "1 核心 3 枢纽 8 中心": "1核心 3枢纽 8中心",
    "一路两廊": "1路 2廊",
    "一江一河四湖五山": "1江 1河 4湖 5山",
    "一地六县": "1地 6县",
    "一区\n\n多园": "1区 *园",
    "一轴一核心，一环多组团": "1轴 1核心 1环 *组团",
    "两区多园": "2区 *园",
    "一园两云多中心": "1园 2云 *中心",
    "一街三段": "1街 3段",
    "一带一核五片区": "1带 1核 5片区",
    "一轴一核多片区": "1轴 1核 *片区",
    "一心多点，一环多廊": "1心 *点 1环 *廊",
    "三城一镇": "3城 1镇",
    "五纵五横": "5纵 5横",
    "一核、两环、三廊、五带": "1核 2环 3廊 5带",
    "一环两镇八园": "1环 2镇 8园",
    "三横五纵": "3横 5纵",
    "一核多点": "1核 *点",
    "一园多区": "1园 *区",
    "一主三副多点": "1主 3副 *点",
    "一主三副多组团": "1主 3副 *组团",
    "一城三片": "1城 3片",
    "一核、四区、多园": "1核 4区 *园",
    "三环五射": "3环 5射",
    "五横五纵": "5横 5纵",
    "一主": "1主",
    "三轴": "3轴",
    "两湖": "2湖",
    "三副": "3副",
    "多组团": "*组团",
    "三片": "3片",
    "多园": "*园",
    "三沿": "3沿",
    "五山": "5山",
    "一主一区一极三轴": "1主 1区 1极 3轴",
    "一轴一核心一环多组团": "1轴 1核心 1环 *组团",
    "三环19射": "3环 19射",
    "四环21射": "4环 21射",
    "1核心3枢纽8中心": "1核心 3枢纽 8中心",
    "一核两环三廊五带": "1核 2环 3廊 5带",
    "一核四区多园": "1核 4区 *园",
    "“一极”": "1极",
    "16个城镇圈": "16城镇圈",
    "十二带二十一点": "12带 21点",
    "N园": "*园",
}

REFUSED = [
    *("一带一路", "六横六纵六保障", "一心两智", "三通两平台", "一委一居一站一办", "两体一网"),
    *("一首位+三支柱", "一平台两基地", "一室两站三中心", "三线一单", "一枢纽五城市"),
    *("一园一主题", "一路一特色", "一区一示范载体", "一社区一文化品牌", "一居一品", "一城一策"),
    *("五星街道", "三堡街", "五山及滨江片区", "三厂街道", "东南道路七十六", "两站三中心"),
    *("24小时青年创新生态社区", "24小时联通的区域应急", "24小时香港滩", "市一区/县一街/镇"),
    *("333", "263", "654", "2188", "5210", "532", "12136", "321.5 高品质出行圈"),
    *("123 高效快货物流圈", "1+8", "8+1", "1+N+X", "15分钟社区生活圈", "5/10/15分钟"),
    *("百米读书圈", "半日通达全国", "", "、", "主", "0", "0轴", "一"),
]


@pytest.mark.parametrize(("text", "expected"), STRUCTURES.items())
def test_reads_number_and_element(text: str, expected: str) -> None:
    found = " ".join(f"{part.count or '*'}{part.word_zh}" for part in parse_phrase(text))

    assert found == expected


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_is_no_structure(text: str) -> None:
    with pytest.raises(InputError, match=r"^phrase '"):
        parse_phrase(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("一带一路", "the name of an initiative"),
        ("5210", "a digit code; its digits mean nothing without the plan's own gloss"),
        ("321.5", "a digit code"),
        ("1+8", "a sum code"),
        ("一园一主题", "cannot be read from '题' on; allowed: number + element throughout"),
        ("  ", "no word"),
    ],
)
def test_says_why(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_phrase(text)

    assert reason in str(caught.value)


def test_synonyms_share_a_role_and_keep_their_word() -> None:
    assert parse_phrase("一核一核心一心") == [
        Part(1, "core", "核"),
        Part(1, "core", "核心"),
        Part(1, "core", "心"),
    ]


def test_no_word_names_two_roles() -> None:
    words = [word for role in roles().values() for word in role.words]

    assert len(words) == len(set(words))
