"""What a target says is printed in its quote, or else left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from invented_plan import PLAN
from invented_plan import write_plan

from spatialplan.plan import check_plan
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

OPEN, QUOTE = "open_zh: [方式]", "打造半小时生活圈"


def faults(folder: Path, fields: str, quote: str = "") -> list[str]:
    """What is wrong with the invented plan where its target has other fields and words."""
    text = PLAN.replace(OPEN, fields).replace(QUOTE, QUOTE + quote)
    text = text.replace("area_id:", "period_zh: 2021-2025，展望2035\narea_id:", 1)
    path = write_plan(folder) / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return check_plan(read_plan(path))


@pytest.mark.parametrize(
    ("fields", "quote"),
    [
        ("mode: walk", "，步行可达"),
        ("mode: transit", "，乘地铁直达车站"),
        ("required: 0.9, required_zh: 覆盖……以上", "，覆盖90%以上"),
        ("required: 0.477", "，覆盖80%和47.7％"),
        ("required: 1", "，实现全覆盖"),
        ("from_zh: 社区, open_zh: [起点的位置]", "，由社区出发"),
        ("to_zh: 县城, note_zh: 终点由上文得出，为县城", ""),
        ("year: 2025", "，到2025年"),
        ("year: 2035", ""),
        ("year: 2024", "，到2024年建成，2025年提升"),
        ("contents_zh: [小学]", "，配置小学"),
        ("contents_zh: [市小学], note_zh: 由上下文合成", "，配置小学"),
    ],
)
def test_what_the_quote_says_is_no_fault(tmp_path: Path, fields: str, quote: str) -> None:
    assert faults(tmp_path, fields.replace(", ", "\n    "), quote) == []


@pytest.mark.parametrize(
    ("fields", "quote", "fault"),
    [
        ("mode: walk", "，车行可达", "mode is walk, but its quote names drive"),
        ("mode: walk", "", "mode is walk, but its quote names no mode"),
        ("mode: transit", "到地铁站", "mode is transit, but its quote names no mode"),
        (
            "mode: walk\n    open_zh: [出行方式]",
            "，步行",
            "mode is walk, but open_zh says that the text leaves 出行方式 open",
        ),
        ("required: 0.9", "，覆盖80%", "required is 0.9, but its quote says 0.8"),
        ("required: 1", "，建成", "required is 1, but its quote says no share"),
        (
            "required: 1\n    open_zh: [达标比例]",
            "，全覆盖",
            "required is 1.0, but open_zh says that the text leaves 达标比例 open",
        ),
        ("required_zh: 全覆盖（街道）", "，覆盖", "its quote does not hold '全覆盖'"),
        (
            "from_zh: 社区\n    open_zh: [起点]",
            "，由社区出发",
            "from_zh is 社区, but open_zh says that the text leaves 起点 open",
        ),
        (
            "to_zh: 县城\n    open_zh: [终点]",
            "，到县城",
            "to_zh is 县城, but open_zh says that the text leaves 终点 open",
        ),
        ("from_zh: 县城", "", "from_zh is '县城', which neither its quote nor its note_zh holds"),
        (
            "to_zh: 县城\n    note_zh: 半小时按30分钟计",
            "",
            "to_zh is '县城', which neither its quote nor its note_zh holds",
        ),
        (
            "to_zh: 县城",
            "，即1小时到县城",
            "to_zh is '县城', but its quote says 1小时 there, not 半小时",
        ),
        ('code: "7"', "", "code is '7', which phrase_zh '半小时生活圈' does not hold"),
        ("year: 2025", "，到2035年", "year is 2025, but its quote says 2035"),
        ("year: 2030", "", "year is 2030, which neither its quote nor period_zh names"),
        (
            "year: 2025\n    open_zh: [年份]",
            "",
            "year is 2025.0, but open_zh says that the text leaves 年份 open",
        ),
        ("contents_zh: [中学]", "", "its quote does not hold '中学'; a composed name needs"),
    ],
)
def test_what_the_quote_does_not_say_is_told(
    tmp_path: Path, fields: str, quote: str, fault: str
) -> None:
    (told,) = faults(tmp_path, fields, quote)

    assert told.startswith("targets.t1: ")
    assert fault in told


@pytest.mark.parametrize(("year", "count"), [(2020, 0), (2021, 0), (2025, 1)])
def test_what_is_current_is_not_of_later_years(tmp_path: Path, year: int, count: int) -> None:
    found = faults(tmp_path, f"open_zh: []\n    year: {year}")
    assert len(found) == (0 if year in (2021, 2025) else 1)

    path = tmp_path / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    circle = text.index("targets:")
    text = text[:circle] + text[circle:].replace("status: target", "status: current")
    path.write_text(text, encoding="utf-8")
    assert len(check_plan(read_plan(path))) == count


def test_targets_of_one_quote_have_one_status(tmp_path: Path) -> None:
    path = write_plan(tmp_path) / "plan.yaml"
    front, rest = PLAN.split("  t1:")
    target, behind = rest.split("indicators:")
    second = target.replace("status: target", "status: current")
    path.write_text(f"{front}  t1:{target}  t2:{second}indicators:{behind}", encoding="utf-8")

    assert check_plan(read_plan(path)) == [
        "targets.t2: status is current, but t1, of the same quote, is not"
    ]


def test_what_is_current_is_not_of_a_later_quoted_year(tmp_path: Path) -> None:
    found = faults(tmp_path, "year: 2025", "，到2025年")
    assert found == []

    path = tmp_path / "plan.yaml"
    front, targets = path.read_text(encoding="utf-8").split("targets:")
    targets = targets.replace("status: target", "status: current")
    path.write_text(f"{front}targets:{targets}", encoding="utf-8")
    assert check_plan(read_plan(path)) == [
        "targets.t1: year is 2025, but what is current lies not after the period begins"
    ]


def test_a_code_is_one_of_its_limit(tmp_path: Path) -> None:
    path = write_plan(tmp_path) / "plan.yaml"
    text = PLAN.replace("phrase_zh: 半小时生活圈", "phrase_zh: 21生活圈").replace(
        QUOTE, "打造21生活圈，即2小时到省会，1小时到县城"
    )
    text = text.replace("printed_zh: 半小时", "printed_zh: 2小时\n    code: '1'")
    path.write_text(text.replace("threshold_min: 30", "threshold_min: 120"), encoding="utf-8")

    assert check_plan(read_plan(path)) == [
        "targets.t1: code is '1', which printed_zh '2小时' does not hold"
    ]
