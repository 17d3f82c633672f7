"""Sixty printed values, each with what it says and why it must be read so."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan.vocabulary import PhraseError
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import parse_value

HUGE = "9" * 400

CASES = [  # printed, unit wanted, numbers, bound, why
    # numbers
    ("75", "%", (75,), "=", "a bare number"),
    ("-3.5", "%", (-3.5,), "=", "ASCII minus"),
    ("−3.5", "%", (-3.5,), "=", "the minus sign of mathematics"),
    ("－３．５", "%", (-3.5,), "=", "full width throughout"),
    ("负3.5", "%", (-3.5,), "=", "minus as a word"),
    ("+5", "%", (5,), "=", "a plus sign adds nothing"),
    ("９８％", "%", (98,), "=", "full-width digits and per cent"),
    ("12,345,678", "人", (12345678,), "=", "commas between thousands"),
    ("1，000", "人", (1000,), "=", "a full-width comma between thousands"),
    ("3‰", "‰", (3,), "=", "per mille is a unit as any other"),
    ("8.2张/千人", "张/千人", (8.2,), "=", "a unit with a stroke holds no second number"),
    ("1.5倍", "", (1.5,), "=", "times is a unit"),
    ("1.15万", "人", (11500,), "=", "exact, though 1.15 is not in binary"),
    ("1.5万亿元", "亿元", (15000,), "=", "scales multiply, less the unit's own"),
    ("120万", "万人", (120,), "=", "the unit's scale is not applied twice"),
    ("0", "个", (0,), "=", "none is a number"),
    # bounds before
    ("≥5", "", (5,), ">=", "one sign"),
    (">=5", "", (5,), ">=", "the same in ASCII"),
    ("＞＝5", "", (5,), ">=", "the same in full width"),
    ("≮5", "", (5,), ">=", "not less than"),
    ("<=5", "", (5,), "<=", "ASCII"),
    ("≯5", "", (5,), "<=", "not more than"),
    ("大于等于5", "", (5,), ">=", "the longer word wins over 大于"),
    ("不少于5", "", (5,), ">=", "not fewer than"),
    ("不得低于5", "", (5,), ">=", "the wording of rules"),
    ("超过80", "", (80,), ">", "more than"),
    ("超80", "", (80,), ">", "its short form"),
    ("不超过80", "", (80,), "<=", "the negation binds first"),
    ("不足5", "", (5,), "<", "less than"),
    ("近90", "", (90,), "~", "nearly"),
    ("约5万", "人", (50000,), "~", "about, with a scale"),
    ("降至22以下", "", (22,), "<=", "what it falls to is the value"),
    ("提高到65%左右", "%", (65,), "~", "what it rises to is the value"),
    # bounds after
    ("90及以上", "", (90,), ">=", "and above"),
    ("5万人以上", "人", (50000,), ">=", "after the unit"),
    ("3以内", "", (3,), "<=", "within"),
    ("3之内", "", (3,), "<=", "its longer form"),
    ("控制在3左右", "", (3,), "~", "what follows the number is nearer to it than 控制在"),
    ("1200余", "", (1200,), ">", "and some"),
    ("20多万", "人", (200000,), ">", "and some, before the scale"),
    # ranges
    ("3～5", "", (3, 5), "range", "a full-width tilde"),
    ("1.2万—1.5万", "人", (12000, 15000), "range", "a scale on both sides"),
    ("5万-8万", "万人", (5, 8), "range", "a scale on both, in the unit's own"),
    ("300—500万", "人", (3e6, 5e6), "range", "one scale for both"),
    ("90%-95%", "%", (90, 95), "range", "per cent on both sides"),
    ("5亿元至8亿元", "亿元", (5, 8), "range", "scale and unit on both, with a word between"),
    ("-5—3", "", (-5, 3), "range", "a sign is no dash"),
    # rates, fractions, ratios, several values
    ("年均6%", "%", (6,), "=", "a rate of each year"),
    ("年均增长6%左右", "%", (6,), "~", "a rate with a bound"),
    ("1/3", "", (1 / 3,), "=", "a proper fraction is one value"),
    ("三分之一以上", "", (1 / 3,), ">=", "the same in words, with a bound"),
    ("2/3", "%", (200 / 3,), "=", "a share in per cent is a hundred times itself"),
    ("百分之八十", "%", (80,), "=", "per cent in words"),
    ("30/450/20", "", (30, 450, 20), "=", "three values: no fraction has two strokes"),
    ("12/30", "", (12, 30), "=", "two values: a fraction would be in lowest terms"),
    ("1—2/3—4", "", (1, 2, 3, 4), "range", "two ranges, no fraction of dashes"),
    ("−1:2", "", (-1, 2), "ratio", "the minus sign in a ratio"),
    (">90/80以上", "", (90, 80), "mixed", "two values that bind differently"),
    ("[21]", "", (21,), "=", "brackets are told apart by `cumulative`"),
    ("2.01：1", "", (2.01, 1), "ratio", "a full-width colon"),
]

REFUSED = [  # printed, reason, why
    ("--", "no number", "a dash"),
    ("全覆盖", "no number", "words"),
    (HUGE, "a number of 400 digits; at most 15 are exact", "infinity is no value"),
    ("60 70", "two numbers with nothing between", "not 6070"),
    ("1 000", "two numbers with nothing between", "a thousand or two values: nobody knows"),
    ("8-5", "a range that does not rise", "a slip, or no range"),
    ("5-8万-9", "other words around a number", "three ends"),
    ("2023年基本建成", "other words around a number", "a date"),
    ("7*24", "other words around a number", "not 724"),
    ("3成", "other words around a number", "30 %, not 3"),
    ("5±1", "other words around a number", "a tolerance is no plain value"),
    ("1.2.3", "other words around a number", "a section"),
    ("12,34", "other words around a number", "no thousands"),
]


@pytest.mark.parametrize(("printed", "unit", "numbers", "bound", "why"), CASES)
def test_reads_sixty_values(
    printed: str, unit: str, numbers: tuple[float, ...], bound: str, why: str
) -> None:
    found = parse_value(printed, unit=unit)

    assert (found.numbers, found.bound) == (pytest.approx(numbers, rel=1e-15), bound), why
    assert found.reason == ""
    assert found.yearly == printed.startswith("年均")
    assert found.cumulative == printed.startswith("[")


@pytest.mark.parametrize(("printed", "reason", "why"), REFUSED)
def test_says_why_there_is_no_number(printed: str, reason: str, why: str) -> None:
    found = parse_value(printed)

    assert (found.numbers, found.bound, found.reason) == ((), "", reason), why


def test_there_are_sixty_and_no_two_alike() -> None:
    assert len({printed for printed, *_ in CASES}) == len(CASES) == 60


def test_scales_are_exact() -> None:
    for thousandth in range(1, 3000):
        printed = f"{thousandth / 1000:.3f}"
        assert parse_value(f"{printed}万").numbers == (thousandth * 10.0,)


SIGNS = (
    "一二三十百千万半两多负约近超达至分之年均以上下内左右个元%‰0159/:.,+-−—~≥<>= []　５＞主副区轴\n"
)


@settings(deadline=None)
@given(st.text(st.sampled_from(SIGNS), max_size=14))
def test_no_text_breaks_either_reader(text: str) -> None:
    found = parse_value(text, unit="%")
    assert bool(found.numbers) != bool(found.reason)
    assert bool(found.numbers) == bool(found.bound)
    with contextlib.suppress(PhraseError):
        parse_phrase(text)
