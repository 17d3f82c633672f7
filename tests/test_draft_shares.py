"""Shares, modes and codes of circles, and what is then still open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spatialplan.draft import Document
from spatialplan.draft import draft_plan
from spatialplan.draft import write_draft
from spatialplan.plan import check_plan
from spatialplan.plan import read_plan


def targets(text: str) -> list[dict[str, Any]]:
    return [*draft_plan(Document(text, ())).content["targets"].values()]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("15分钟社区生活圈覆盖率达到95%以上。", [(0.95, "覆盖率达到95%以上")]),
        ("15分钟社区生活圈覆盖80%的居住社区。", [(0.8, "覆盖80%的居住社区")]),
        ("步行5分钟可达绿地比例达到35%。", [(0.35, "比例达到35%")]),
        ("15分钟生活圈覆盖率从60%提高到85%。", [(0.85, "覆盖率从60%提高到85%")]),
        ("5分钟、10分钟生活圈覆盖率达到90%。", [(0.9, "覆盖率达到90%")] * 2),
        ("15分钟健身圈、阅读圈覆盖率达到70%。", [(0.7, "覆盖率达到70%")] * 2),
        ("90%以上的居民步行10分钟可达公园。", [(0.9, "90%以上的居民")]),
        ("所有乡镇15分钟上高速。", [(1, "所有乡镇")]),
        ("15分钟基本公共服务圈全覆盖。", [(1, "全覆盖")]),
        ("打造15分钟生活圈。到2035年，15分钟生活圈覆盖率90%。", [(0.9, "覆盖率90%")]),
    ],
)
def test_a_share_in_the_clause_is_required(
    tmp_path: Path, text: str, shares: list[tuple[float, str]]
) -> None:
    found = targets(text)

    assert [(one["required"], one["required_zh"]) for one in found] == [
        (pytest.approx(share), words) for share, words in shares
    ]
    assert not any("达标比例" in one["open_zh"] for one in found)
    write_draft(draft_plan(Document(text, ())), tmp_path / "out")
    assert check_plan(read_plan(tmp_path / "out" / "plan.yaml"), text=text) == []


@pytest.mark.parametrize(
    "text",
    [
        "打造15分钟生活圈，城镇化率达到80%。",
        "基本实现15分钟生活圈全覆盖。",
        "“15分钟便民生活圈”基本建成，养老保险覆盖率达到98%以上。",
    ],
)
def test_the_share_of_something_else_leaves_it_open(text: str) -> None:
    [circle] = targets(text)

    assert "required" not in circle
    assert "达标比例" in circle["open_zh"]


def test_a_share_that_may_be_of_something_else_is_neither_taken_nor_called_open() -> None:
    [circle] = targets("15分钟生活圈和绿化覆盖率达到40%。")

    assert "required" not in circle
    assert "达标比例" not in circle["open_zh"]


def test_a_second_share_is_noted_with_the_year_of_the_first() -> None:
    text = "到2025年15分钟生活圈覆盖率达到60%。到2035年15分钟生活圈覆盖率达到90%。"
    [circle] = targets(text)

    assert (circle["year"], circle["required"]) == (2025, 0.6)
    assert circle["note_zh"] == "别处另有：覆盖率达到90%"


def test_a_review_of_what_was_reached_gives_no_share_to_a_target() -> None:
    text = "第一章 目标\n打造15分钟生活圈。\n第二章 发展成就\n15分钟生活圈覆盖率达到60%。\n"
    [circle] = targets(text)

    assert (circle["status"], "required" in circle) == ("target", False)


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("步行15分钟可达配置社区生活圈。", {"步行15分钟可达配置社区生活圈": "walk"}),
        ("打造步行约10分钟健身圈。", {"步行约10分钟健身圈": "walk"}),
        ("步行15分钟、驾车20分钟医疗服务圈。", None),
        ("公交500米覆盖率达到90%。", {}),
    ],
)
def test_the_mode_stands_directly_before_the_limit(text: str, modes: dict[str, str] | None) -> None:
    found = targets(text)

    if modes is None:
        assert [one["mode"] for one in found] == ["walk", "drive"]
    else:
        assert {one["phrase_zh"]: one["mode"] for one in found if "mode" in one} == modes
    assert all(("方式" in one["open_zh"]) == ("mode" not in one) for one in found)


def test_the_words_that_give_the_mode_are_quoted() -> None:
    [circle] = targets("打造15分钟生活圈。按照步行15分钟可达的空间范围配置设施。")

    assert (circle["mode"], circle["quote_zh"]) == ("walk", "打造15分钟生活圈……步行15分钟可达")


@pytest.mark.parametrize(
    "text",
    [
        "构建“市域1小时、邻市2小时、全国主要城市3小时”的“123出行交通圈”。",
        "形成市域1小时、邻市2小时、全国主要城市3小时的“123出行交通圈”。",
    ],
)
def test_a_code_may_be_explained_before_it(text: str) -> None:
    content = draft_plan(Document(text, ())).content

    assert [(one["code"], one["threshold_min"]) for one in content["targets"].values()] == [
        ("1", 60), ("2", 120), ("3", 180),
    ]  # fmt: skip
    assert content["set_aside"] == {}


def test_amounts_that_do_not_lead_up_to_a_code_explain_nothing() -> None:
    content = draft_plan(Document("1小时到邻市、2小时到省城，实施“12”行动。", ())).content

    assert [one["reason"] for one in content["set_aside"].values()] == ["unglossed_code"]


def test_what_lies_within_a_distance_is_a_circle() -> None:
    [circle] = targets("新建小区500米范围内有公交站。")

    assert (circle["threshold_m"], circle["to_zh"]) == (500, "公交站")
    assert "设施" not in circle["open_zh"]
    assert targets("15日内有答复，3年内有成效。") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("构建“一主两副四镇”的城镇等级结构。", "hierarchy"),
        ("构建“一主两副”的城镇体系。", "hierarchy"),
        ("形成1个县城、3个重点镇的等级结构。", "hierarchy"),
        ("形成“1个中心城区—2个副中心”城镇等级结构。", "hierarchy"),
        ("构建“一主两副”的空间结构。", "layout"),
        ("建设“两纵两横”高等级航道网。", "network"),
    ],
)
def test_what_a_structure_is_called_says_its_kind(text: str, kind: str) -> None:
    [structure] = draft_plan(Document(text, ())).content["structures"].values()

    assert structure["kind"] == kind
