"""A small invented plan: a city that is in no other file of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Three points in the zone of 120 E: at the meridian, and 0.1 degrees east and north of it.
PLACES = """
area_id: testville
name_zh: 试城
datum: wgs84
drawn_from: text
sources: {hand: {title_zh: 手工, publisher_zh: 测试, date: "2026"}}
census:
  date: "2020"
  total: 300
  total_confidence: V
  areas_confidence: H
  source: hand
  note_zh: 无
  areas: {"1": {name_zh: 甲区, population: 100}, "2": {name_zh: 乙区, population: 200}}
points:
  a: {name_zh: 甲, kind: seat, area_id: "1", lon: 120.0, lat: 31.0, precision_m: 10, source: hand}
  b: {name_zh: 乙, kind: seat, area_id: "2", lon: 120.1, lat: 31.0, precision_m: 10, source: hand}
  c: {name_zh: 丙, kind: lake, area_id: "", lon: 120.0, lat: 31.1, precision_m: 10, source: hand}
drawn:
  line: {name_zh: 轴, operator: line, places: [a, b], precision_m: 50, note_zh: 无}
  disc: {name_zh: 圆, operator: discs, places: [a], radius_m: 100, precision_m: 50, note_zh: 无}
  pair: {name_zh: 双, operator: discs, places: [a, b], radius_m: 100, precision_m: 50, note_zh: 无}
  hull: {name_zh: 壳, operator: hull, places: [a, b], radius_m: 100, precision_m: 50, note_zh: 无}
  next: {name_zh: 续轴, operator: line, places: [disc, c], precision_m: 50, note_zh: 无}
"""
PLAN = """
plan_id: testville-plan
title_zh: 试城规划
area_id: testville
sources: {text: {title_zh: 文本, publisher_zh: 测试, date: "2026"}}
structures:
  s1:
    refs: [Z1]
    phrase_zh: 一主两轴多点
    kind: layout
    status: target
    members: named
    source: text
    at: 第一章
    quote_zh: 构建“一主两轴多点”的格局……“一主”即甲……一轴和二轴之间有某点
    undrawn_zh: 某点未列位置
    elements:
      e1: {role: main, name_zh: 甲, rank: 1, place_id: disc}
      e2: {role: axis, name_zh: 一轴, place_id: line}
      e3: {role: axis, name_zh: 二轴, place_id: next}
      e4: {role: node, name_zh: 某点, count: 3, rank: 2, parent: e1}
targets:
  t1:
    phrase_zh: 半小时生活圈
    measure: time_circle
    printed_zh: 半小时
    threshold_min: 30
    categories: [primary_school]
    status: target
    open_zh: [方式]
    source: text
    at: 第二章
    quote_zh: 打造半小时生活圈
indicators:
  i1:
    table_zh: 表1
    name_zh: 覆盖率
    unit: "%"
    base: {year: 2020, printed: "81.5"}
    target: {year: 2025, printed: 90以上}
    source: text
    at: 表1
  i2: {name_zh: 人口, base: {printed: 约3万}, quote_zh: 人口约3万, source: text, at: 第一章}
set_aside:
  x1: {phrase_zh: 一带一路, reason: proper_noun, at: 第一章}
notes: {N1: 两处说法不同}
"""

TEXT = """前文 构建“一主两轴
多点”的格局。“一主”即甲，参与一带一路，打造半小
时生活圈，人口约3万。一轴和二轴之间有某点三处。表1 覆盖率 % 81.5 90 以上"""


def write_plan(folder: Path) -> Path:
    """A folder with a plan.yaml and the places.yaml it stands on."""
    (folder / "places.yaml").write_text(PLACES, encoding="utf-8")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return folder
