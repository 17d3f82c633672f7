"""The words of plans: what phrases and values say, and what is refused, for which reason."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import yaml

from spatialplan._yaml import read_model
from spatialplan.errors import InputError
from spatialplan.vocabulary import Part
from spatialplan.vocabulary import Phrase
from spatialplan.vocabulary import PhraseError
from spatialplan.vocabulary import heads
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import parse_value
from spatialplan.vocabulary import reasons
from spatialplan.vocabulary import roles
from spatialplan.vocabulary._numerals import number
from spatialplan.vocabulary._words import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Written as count and word, * for an open count: of the five documents ...
STRUCTURES = {
    "一群两轴三圈": "1群 2轴 3圈",
    "一主一区、一极三轴": "1主 1区 1极 3轴",
    "两纵两横一联": "2纵 2横 1联",
    "三环 19 射": "3环 19射",
    "1 核心 3 枢纽 8 中心": "1核心 3枢纽 8中心",
    "一江一河四湖五山": "1江 1河 4湖 5山",
    "一区\n\n多园": "1区 *园",
    "一轴一核心，一环多组团": "1轴 1核心 1环 *组团",
    "一园两云多中心": "1园 2云 *中心",
    "一带一核五片区": "1带 1核 5片区",
    "6个街道、1个中心镇和1个省级开发区": "6街道 1中心镇 1省级开发区",
    # ... and as plans of other cities write
    "一核两翼三带": "1核 2翼 3带",
    "双心三轴多组团": "2心 3轴 *组团",
    "一主两副六组团": "1主 2副 6组团",
    "一主三副四次": "1主 3副 4次",
    "一屏两带": "1屏 2带",
    "一轴两带三区多点": "1轴 2带 3区 *点",
    "一江两岸": "1江 2岸",
    "一体两翼": "1体 2翼",
    "一湾两岸": "1湾 2岸",
    "一环五楔": "1环 5楔",
    "六脉七岛": "6脉 7岛",
    "八山一水": "8山 1水",
    "一港双城三谷": "1港 2城 3谷",
    "一底两网若干节点": "1底 2网 *节点",
    "一核引领、两翼齐飞，三带支撑": "1核 2翼 3带",
    "一轴串联三片": "1轴 3片",
    "一核四极N点": "1核 4极 *点",
    "一核、一带、Ｎ园": "1核 1带 *园",
    "十二带二十一点": "12带 21点",
    "一湖一百零八景": "1湖 108景",
    "二〇组团，一○八点": "20组团 108点",
    # what carries no meaning
    "“一主”“三副”；《多组团》": "1主 3副 *组团",
    "一核·两翼・三带": "1核 2翼 3带",
    "１核+３带/多点": "1核 3带 *点",
    "**一环**\n\n两  轴³": "1环 2轴",
    "一主三副、": "1主 3副",
    "1个主城、3个副城和20个新市镇": "1主城 3副城 20新市镇",
    "三市一区": "3市 1区",
    "一门两廊": "1门 2廊",
    "三省一市": "3省 1市",
    "两个县城六镇": "2县城 6镇",
    "三山两塔": "3山 2塔",
    # both of two ones are not things of which there are many
    "一主一副": "1主 1副",
    "一核一带": "1核 1带",
    "一江一河": "1江 1河",
    "一城一湖": "1城 1湖",
    "一山一水": "1山 1水",
}
HEADS = {
    "一轴三带的空间结构": ("1轴 3带", "空间结构"),
    "“一轴三带”空间格局": ("1轴 3带", "空间格局"),
    "一主三副格局": ("1主 3副", "格局"),
    "一主三副的市域城镇体系": ("1主 3副", "市域城镇体系"),
    "一核引领、两翼齐飞的发展格局": ("1核 2翼", "发展格局"),
    "三环 19 射高速公路网络": ("3环 19射", "高速公路网络"),
    "双核结构": ("2核", "结构"),
    "多中心、空间结构": None,
    "一核两翼治理格局": None,
    "一主三副六稳格局": None,
    "一体化发展格局": None,
    "四网融合格局": None,
    "一主三副创新区": None,
}
RANGES = {
    "三至五个副中心": (3, 5),
    "3-5个副中心": (3, 5),
    "3～5个副中心": (3, 5),
    "三到五个副中心": (3, 5),
    "十至十二个副中心": (10, 12),
}
PARTS = {
    "一主": "1主",
    "“一极”": "1极",
    "多园": "*园",
    "双核心": "2核心",
    "三片区": "3片区",
    "16个城镇圈": "16城镇圈",
    "四大功能区": "4功能区",
    "三条控制线": "3控制线",
    "十景": "10景",
    "九十九湾": "99湾",
}
REFUSED = {
    "proper_noun": ["一带一路", "“一带一路”", "三区三线", "两廊一圈", "两山", "两岸"],
    "non_spatial": [
        *("三网融合", "一网通办、一门全办"),
        *("六横六纵六保障", "一心两智", "三通两平台", "一委一居一站一办", "两体一网", "三线一单"),
        *("一首位+三支柱", "一平台两基地", "一室两站三中心", "一枢纽五城市", "两站三中心"),
        *("双随机、一公开", "五位一体", "一户多宅", "一核多元", "六稳六保", "四改一拆"),
        *("一区多园模式", "一人一策两清单", "一核一策"),
    ],
    "distributive": [
        *("一园一主题", "一路一特色", "一区一示范载体", "一社区一文化品牌", "一居一品"),
        *("一城一策", "一村一品", "一人一策", "一个省级以上高新区+一个省级以上经开区"),
        *("一镇一园", "一县一区", "一村一景", "一区一园", "一城一园", "一街一景", "一镇一业"),
        *("一市一策", "每县一园", "每个镇一个公园", "1镇1园"),
        *("一社区一特色", "一社区一特色、一镇一业", "一镇一园、一村一景"),
    ],
    "opening_hours": ["24小时青年创新生态社区", "24小时", "7×24小时", "二十四小时服务"],
    "unglossed_code": ["333", "2188", "532", "“5210”交通时空圈", "321.5 高品质出行圈", "2025区"],
    "idiom": [
        *("最后一公里", "最后一米", "五湖四海", "三点一线", "四面八方", "一心一意", "三心二意"),
        *("“五光十色”", "五颜六色", "四通八达", "千山万水", "万水千山", "百城千村", "百村百景"),
    ],
    "no_full_parse": [
        *("五星街道", "三堡街", "五山及滨江片区", "三厂街道", "东南道路七十六", "市一区/县一街/镇"),
        *("一网统管", "一网通办", "两山理论", "三权分置", "双碳", "三农", "四好农村路", "四网融合"),
        *("三线城市", "两湖创新区空间", "一体化", "五水共治", "两湖创新区", "打通最后一公里"),
        *("百日攻坚", "一日游", "三日内办结", "5分钟视频", "5G基站", "2025年", "90分钟上海"),
        *("", " ", "、", "主", "0", "0轴", "一", "廿轴", "二二轴", "圈”²", "都市通勤圈"),
    ],
}
CIRCLES = {
    "15 分钟便民生活圈": ((15,), "分钟", "便民生活圈"),
    "公园绿地十分钟服务\n\n圈": ((10,), "分钟", "公园绿地服务圈"),
    "“5/10/15分钟”社区生活圈": ((5, 10, 15), "分钟", "社区生活圈"),
    "5-10-15分钟生活圈": ((5, 10, 15), "分钟", "生活圈"),
    "5分钟、10分钟、15分钟生活圈": ((5, 10, 15), "分钟", "生活圈"),
    "半日通达全国": ((0.5,), "日", "通达全国"),
    "2 日内送达": ((2,), "日", "内送达"),
    "一个半小时通勤圈": ((1.5,), "小时", "通勤圈"),
    "半个小时": ((0.5,), "小时", ""),
    "1.5小时": ((1.5,), "小时", ""),
    "30分钟左右": ((30,), "分钟", "左右"),
    "一刻钟便民生活圈": ((1,), "刻钟", "便民生活圈"),
    "百米读书圈": ((100,), "米", "读书圈"),
    "300米见绿": ((300,), "米", "见绿"),
    "3—5公里": ((3, 5), "公里", ""),
}
VALUES = {
    "98以上": ((98,), ">="),
    "90 以上": ((90,), ">="),
    "90%以上": ((90,), ">="),
    "≥70": ((70,), ">="),
    "不低于80%": ((80,), ">="),
    ">74": ((74,), ">"),
    "＞ 98": ((98,), ">"),
    "超1200": ((1200,), ">"),
    "3240余": ((3240,), ">"),
    "3240余万张": ((32_400_000,), ">"),
    "100多家": ((100,), ">"),
    "20多万人": ((200_000,), ">"),
    "3以内": ((3,), "<="),
    "控制在3以内": ((3,), "<="),
    "低于22": ((22,), "<"),
    "<0.45/<0.4": ((0.45, 0.4), "<"),
    ">90/80以上": ((90, 80), "mixed"),
    "4.5左右": ((4.5,), "~"),
    "约90": ((90,), "~"),
    "力争1500左右": ((1500,), "~"),
    "力争达到74": ((74,), "="),
    "30 / 450 / 20": ((30, 450, 20), "="),
    "29.7*": ((29.7,), "="),
    "1.06;": ((1.06,), "="),
    "-3.5": ((-3.5,), "="),
    "60,606": ((60606,), "="),
    "52080元/人": ((52080,), "="),
    "5000亩": ((5000,), "="),
    "2—3": ((2, 3), "range"),
    "5%-10%": ((5, 10), "range"),
    "300—500万": ((3e6, 5e6), "range"),
    "1.87 : 1": ((1.87, 1), "ratio"),
    "2.01：1": ((2.01, 1), "ratio"),
    "1.4:29.7:68.9": ((1.4, 29.7, 68.9), "ratio"),
    **dict.fromkeys(
        ("", "--", "-", "—", "/", "高于省定目标", "全覆盖", "2023年基本建成"), ((), "")
    ),
    **dict.fromkeys(("1.06；138未接管", "第1", "5+3"), ((), "")),
}
# How the glosses of the documents spell their codes: piece, or piece=value.
GLOSSES = {
    "2188": "2 1 8 8",
    "321.5 高品质出行圈": "3 2 1 .5",
    "123 高效快货物流圈": "1 2 3",
    "5210": "5=50 2=20 1=10 0=10",
    "532": "5 3 2",
    "12136": "1 2 1=10 3=30 6=60",
}
REASONS = {
    "proper-noun": "proper_noun",
    "non-spatial": "non_spatial",
    "no full parse": "no_full_parse",
    "24小时": "opening_hours",
    "un-glossed code": "unglossed_code",
}
NOT_NUMBERS = {
    *(
        "--",
        "-",
        "—",
        "高于省定目标",
        "全市第一方阵",
        "根据市定目标任务另行制定",
        "建成",
        "全市考核",
    ),
    *("完成市下达任务", "达到国家和省有关标准", "与经济增长同步", "高于经济增速"),
    *("完成考核目标", "(cell merged with the row above: 完成考核目标)"),
}


def spelt(phrase: Phrase) -> str:
    return " ".join(f"{part.count or '*'}{part.word_zh}" for part in phrase.parts)


def gloss_of(text: str) -> list[tuple[str, float]]:
    pieces = [piece.partition("=") for piece in GLOSSES.get(text, "").split()]
    return [(code, float(value or code)) for code, _, value in pieces]


@pytest.mark.parametrize(("text", "expected"), STRUCTURES.items())
def test_reads_structures(text: str, expected: str) -> None:
    found = parse_phrase(text)

    assert (found.kind, spelt(found)) == ("structure", expected)


@pytest.mark.parametrize(("text", "expected"), PARTS.items())
def test_reads_a_single_part(text: str, expected: str) -> None:
    found = parse_phrase(text)

    assert (found.kind, spelt(found)) == ("part", expected)


@pytest.mark.parametrize(
    ("text", "reason"), [(text, reason) for reason, texts in REFUSED.items() for text in texts]
)
def test_refuses_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(PhraseError) as caught:
        parse_phrase(text)

    assert caught.value.reason == reason


@pytest.mark.parametrize(("text", "expected"), CIRCLES.items())
def test_reads_circles(text: str, expected: tuple[tuple[float, ...], str, str]) -> None:
    found = parse_phrase(text)

    assert found == Phrase("circle", (), *expected)


@pytest.mark.parametrize(("text", "expected"), HEADS.items())
def test_a_head_names_the_whole_and_is_its_label(
    text: str, expected: tuple[str, str] | None
) -> None:
    if expected is None:
        with pytest.raises(PhraseError):
            parse_phrase(text)
    else:
        found = parse_phrase(text)
        assert (spelt(found), found.label_zh) == expected


@pytest.mark.parametrize(("text", "between"), RANGES.items())
def test_a_range_has_a_least_and_a_most(text: str, between: tuple[int, int]) -> None:
    assert parse_phrase(text).parts == (Part(None, "sub", "副中心", between),)
    assert parse_phrase(f"一主{text}").parts[1].between == between


def test_a_range_must_rise() -> None:
    with pytest.raises(PhraseError, match="a range from 5 to 3; allowed: a range from less to mo"):
        parse_phrase("一主五至三副")


@pytest.mark.parametrize(
    ("text", "gloss"),
    [
        ("一区一园", ["一区", "一园"]),
        ("一街、一景", ["一街", "一景"]),
        ("三点一线", ["三点", "一线"]),
    ],
)
def test_what_no_rule_can_know_the_gloss_decides(text: str, gloss: list[str]) -> None:
    with pytest.raises(PhraseError, match="allowed: a structure if the plan's own gloss spells"):
        parse_phrase(text)
    with pytest.raises(PhraseError):
        parse_phrase(text, gloss=[(gloss[0], 1)])  # spells half of it

    assert parse_phrase(text, gloss=[(piece, 1) for piece in gloss]).kind == "structure"


@pytest.mark.parametrize(
    "sign", ["一", "9", "和", "、", "一主", "主", "3-", "1+", "一、", "分钟", "多"]
)
def test_endless_texts_are_refused_at_once(sign: str) -> None:
    for times in (60, 150, 20_000):
        with pytest.raises(PhraseError):
            parse_phrase(sign * times + "x")


def test_numbers_no_plan_writes_are_no_limits() -> None:
    for text in (f"{'9' * 100}分钟", f"1+{'9' * 100}", "9" * 100):
        with pytest.raises(PhraseError):
            parse_phrase(text)


def test_a_circle_tells_minutes_or_metres() -> None:
    assert parse_phrase("5/10/15分钟").minutes == (5, 10, 15)
    assert parse_phrase("半小时").minutes == (30,)
    assert parse_phrase("1日联通全球").minutes == (1440,)
    assert parse_phrase("一刻钟").minutes == (15,)
    assert parse_phrase("半日").metres == ()
    assert parse_phrase("3—5公里").metres == (3000, 5000)
    assert parse_phrase("百米读书圈").metres == (100,)
    assert parse_phrase("百米读书圈").minutes == ()


def test_units_of_one_circle_do_not_mix() -> None:
    with pytest.raises(PhraseError):
        parse_phrase("2小时、30分钟通勤圈")


def test_a_code_has_the_values_of_its_gloss() -> None:
    assert parse_phrase("5210", gloss=gloss_of("5210")).values == (50, 20, 10, 10)
    assert parse_phrase("2188", gloss=[("2", 2), ("1", 1), ("88", 16)]).values == (2, 1, 16)
    with pytest.raises(PhraseError, match="a digit code"):
        parse_phrase("1342N")

    with pytest.raises(PhraseError, match=r"^phrase '23': its gloss spells '24'$") as caught:
        parse_phrase("23", gloss=[("2", 2), ("4", 4)])
    assert caught.value.reason == "unglossed_code"


def test_a_sum_is_read_with_and_without_gloss() -> None:
    assert parse_phrase("“1+8”大都市圈") == Phrase("sum", (), (1, 8))
    assert parse_phrase("1+N+X").values == (1, None, None)
    assert parse_phrase("1+8", gloss=[("1", 1), ("8", 9)]).values == (1, 9)

    with pytest.raises(PhraseError, match="its gloss spells '19'"):
        parse_phrase("1+8", gloss=[("1", 1), ("9", 9)])


def test_the_name_of_a_place_counts_nothing() -> None:
    assert parse_phrase("五山").kind == "part"

    with pytest.raises(PhraseError) as caught:
        parse_phrase("“五山”", names={"五山"})
    assert caught.value.reason == "place_name"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("一带一路", "phrase '一带一路': the name of an initiative, not a structure"),
        (
            "一园一主题",
            "phrase '一园一主题': cannot be read from '题' on: each one has one; nothing is "
            "counted; allowed: number + element throughout, with the words of vocabulary.yaml",
        ),
        (" ", "phrase ' ': no word"),
        ("轴" * 100, f"phrase '{'轴' * 40}...': cannot be read from '{'轴' * 40}' on: not"),
    ],
)
def test_says_why_in_one_short_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_phrase(text)

    assert str(caught.value).startswith(message)


def test_numerals_from_1_to_99() -> None:
    ones = ["", *"一二三四五六七八九"]
    tens = ["", "十", *(f"{one}十" for one in ones[2:])]
    written = [ten + one for ten in tens for one in ones][1:]

    assert [number(text) for text in written] == list(range(1, 100))
    assert [number(text) for text in ("百", "一百", "二百五十", "三百零二", "两百")] == [
        *(100, 100, 250, 302, 200)
    ]


def test_synonyms_share_a_role_and_keep_their_word() -> None:
    assert parse_phrase("一核一核心一心").parts == (
        Part(1, "core", "核"),
        Part(1, "core", "核心"),
        Part(1, "core", "心"),
    )


def test_every_word_is_read_as_itself() -> None:
    # the longest match: no word is read as a shorter one and a rest
    for key, role in roles().items():
        for word in role.words:
            assert parse_phrase(f"三{word}").parts == (Part(3, key, word),)


def test_members_of_lists_have_roles_without_words() -> None:
    assert {key for key, role in roles().items() if not role.words} >= {
        *("railway", "expressway", "trunk_road", "waterway", "metro_line", "station", "airport"),
        *("port", "bridge", "facility", "school", "hospital", "heritage", "resort", "district"),
        *("project", "network_system"),
    }


def test_reasons_and_heads_are_told_apart() -> None:
    assert {*REFUSED, "place_name", "glossed_code", "sum_code", "attribute"} == set(reasons())
    assert not set(heads().spatial) & set(heads().other)
    assert all(any(head.endswith(end) for head in heads().spatial) for end in heads().whole)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("words: [射,", "words: [轴, 射,", "words of two roles: 轴"),
        ("reason: idiom", "reason: idiot", "unknown reasons: idiot"),
        ("geometry: [line]", "geometry: [curve]", "Input should be 'point', 'line' or 'polygon'"),
    ],
)
def test_a_faulty_vocabulary_is_refused(
    tmp_path: Path, request: pytest.FixtureRequest, old: str, new: str, message: str
) -> None:
    text = (request.config.rootpath / "layers" / "vocabulary.yaml").read_text(encoding="utf-8")
    path = tmp_path / "vocabulary.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(InputError, match=message):
        read_model(path, Vocabulary)


@pytest.mark.parametrize(("printed", "expected"), VALUES.items())
def test_reads_values(printed: str, expected: tuple[tuple[float, ...], str]) -> None:
    found = parse_value(printed)

    assert (found.numbers, found.bound) == expected
    assert found.printed == printed
    assert not found.cumulative


def test_square_brackets_mean_the_sum_of_years() -> None:
    for printed, numbers, bound in (
        ("[21]", (21,), "="),
        ("［21］", (21,), "="),
        ("≥[30]", (30,), ">="),
        ("[1.8:1]", (1.8, 1), "ratio"),
    ):
        found = parse_value(printed)
        assert (found.numbers, found.bound, found.cumulative) == (numbers, bound, True)


def test_wan_and_yi_multiply_unless_the_unit_has_them() -> None:
    assert parse_value("1517 万平方米", unit="平方米").numbers == (15_170_000,)
    assert parse_value("1517 万平方米", unit="万平方米").numbers == (1517,)
    assert parse_value("1.5万亿元", unit="亿元").numbers == (15_000,)
    assert parse_value("95", unit="万户").numbers == (95,)
    assert parse_value("5万", unit="元/万人").numbers == (50_000,)


def rows_of(text: str) -> Iterator[list[str]]:
    """Cells of the lines of Markdown tables."""
    for line in text.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_all_cases_of_the_reading(shared: Path) -> None:
    text = (shared / "plans" / "inventory.md").read_text(encoding="utf-8")
    cases = [row for row in rows_of(text.split("## 7.5 Test list")[1]) if row[1].startswith("`")]

    wrong = {row[1]: (read(row[1]), row[2]) for row in cases if read(row[1]) != expected(row[2])}

    assert not wrong
    kinds = Counter(expected(row[2])[0] for row in cases)
    assert kinds == {"structure": 41, "part": 9, "code": 6, "sum": 2, "circle": 17, "reject": 30}


def read(cell: str) -> tuple[object, ...]:
    text = cell.strip("`").replace("⏎", "\n")
    try:
        found = parse_phrase(text, gloss=gloss_of(text))
    except PhraseError as error:
        return ("reject", error.reason)
    if found.kind == "circle":
        return (found.kind, list(found.values), found.unit_zh, found.label_zh)
    parts = [("*" if part.count is None else part.count, part.word_zh) for part in found.parts]
    return (found.kind, parts or list(found.values))


def expected(cell: str) -> tuple[object, ...]:
    kind, *rest = ast.literal_eval(cell)
    if kind == "reject":
        return (kind, REASONS.get(rest[0], rest[0]))
    if kind == "circle":  # there + joins what stands before and after the number, - is none
        return (kind, *rest[:2], rest[2].replace("+", "").removeprefix("-"))
    return (kind, *rest)


def test_all_values_of_the_tables_are_numbers_or_known_words(shared: Path) -> None:
    text = (shared / "plans" / "inventory.md").read_text(encoding="utf-8")
    tables = re.split(r"\n## ", text.split("# 4. INDICATOR TABLES")[1])[1:8]
    rows, printed = 0, []
    for table in tables:
        head, _, *body = rows_of(table)
        columns = [
            position
            for position, name in enumerate(head)
            if re.fullmatch(r"规划目标|完成情况|南京|苏州|无锡|常州|20\d\d年.*", name)
        ]
        rows += len(body)
        printed += [row[column] for row in body for column in columns]

    words = {value for value in printed if not parse_value(value).numbers}

    assert (rows, len(printed)) == (185, 290)
    assert words == NOT_NUMBERS


def test_lists_of_the_file_hold_each_word_once(request: pytest.FixtureRequest) -> None:
    path = request.config.rootpath / "layers" / "vocabulary.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))

    for name in ("reach", "verbs", "idioms", "facilities"):
        assert len(content[name]) == len(set(content[name]))
    for words in content["heads"].values():
        assert len(words) == len(set(words))
