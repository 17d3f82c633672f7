"""What is shipped in layers/: every plan is true to its words, every place lies where it should."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from spatialplan.crs import geometry_to_wgs84
from spatialplan.plan import Plan
from spatialplan.plan import check_plan
from spatialplan.plan import gazetteer_faults
from spatialplan.plan import list_plans
from spatialplan.plan import read_gazetteer
from spatialplan.plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "changzhou-urbanisation": "000_176ae771fd3cb2fa.txt",
    "jiangsu-urbanisation": "001_f739cfae5192a414.txt",
    "zhonglou-outline": "002_279928930b4f4f95.txt",
    "tianning-outline": "003_d4a0f4af80492c2a.txt",
    "nantong-urbanisation": "004_7c17e6fcf30f2c99.txt",
}
CENSUS_TOTAL = 5_278_121  # published by 常州市统计局 for 2020-11-01
# Rows of the reading of the five documents, and how many rows each printed table numbers.
READING = {"A": 77, "C": 38, "D-": 43, "F": 71}
# What is said to be so already, and what is said to be on its way.
REACHED = "建成通车|建成投用|建成开放|已建成|全线贯通|正式挂牌|基本形成"
UNDER_WAY = "加快|开工|争取|选址|稳步实施|顺利实施|规划建设|推动.*路网"
# Discs that lie in a second division by their own words or notes.
ACROSS = {
    "home-textile-zone": "320614",  # 川姜 in 通州, 叠石桥 in 海门
    "airport-economic-zone": "320614",  # on the border of 通州 and 海门
    "west-station-area": "320613",  # on the border of 通州 and 崇川
}
TABLES = {"4.1": 25, "4.2": 9, "4.3": 23, "4.4": 33, "4.5": 34, "4.6": 41, "4.7": 17}


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    return {plan_id: read_plan(plan_id) for plan_id in list_plans()}


@pytest.fixture(scope="module")
def places() -> gpd.GeoDataFrame:
    return read_gazetteer("changzhou")


@pytest.fixture(scope="module")
def divisions(shared: Path) -> gpd.GeoDataFrame:
    """The real boundaries of Changzhou's and Nantong's divisions."""
    files = sorted((shared / "data" / "boundaries").glob("32????.geojson"))
    shapes = [
        shapely.union_all(geometry_to_wgs84(gpd.read_file(file).geometry.array, datum="gcj02"))
        for file in files
    ]
    index = pd.Index([file.stem for file in files], name="area_id")
    return gpd.GeoDataFrame({"name_zh": ""}, geometry=shapes, index=index, crs=4326)


def refs(plans: dict[str, Plan], *tables: str) -> pd.Series:
    """Every ref of the given tables of all plans, on the id of its statement."""
    found = [getattr(plan, table)["refs"].explode() for plan in plans.values() for table in tables]
    return pd.concat(found)


def test_there_are_five_plans() -> None:
    assert list_plans() == sorted(TEXTS)


@pytest.mark.parametrize("plan_id", list_plans())
def test_every_plan_is_true_to_its_words(plan_id: str, plans: dict[str, Plan]) -> None:
    assert check_plan(plans[plan_id]) == []
    assert gazetteer_faults(plans[plan_id].places) == []


@pytest.mark.parametrize("plan_id", list_plans())
def test_every_quote_stands_in_the_document(
    plan_id: str, plans: dict[str, Plan], shared: Path
) -> None:
    text = (shared / "plans" / TEXTS[plan_id]).read_text(encoding="utf-8")

    assert check_plan(plans[plan_id], text=text) == []


def test_no_row_of_the_reading_is_missing(plans: dict[str, Plan]) -> None:
    held = set(refs(plans, "structures", "targets", "indicators", "set_aside"))

    wanted = {f"{letter}{n:02d}" for letter, count in READING.items() for n in range(1, count + 1)}
    assert wanted - held == set()


def test_every_contradiction_has_a_note(plans: dict[str, Plan]) -> None:
    held = {key for plan in plans.values() for key in plan.notes}

    assert {f"I-{n:02d}" for n in range(1, 65)} | {"I-28b"} <= held


def test_every_row_of_the_printed_tables_is_held(plans: dict[str, Plan]) -> None:
    found = refs(plans, "indicators").dropna()
    rows = set(found[found.str.match(r"4\.\d-")])

    for table, count in TABLES.items():
        assert {f"{table}-{n}" for n in range(1, count + 1)} <= rows
    without_number = (found == "4.4-26").sum() - 1  # four pollutants under one number
    assert sum(TABLES.values()) + without_number == 185


def test_every_look_alike_is_set_aside(plans: dict[str, Plan], shared: Path) -> None:
    """The strings of section 1C of the reading, each in the plan of its document."""
    reading = (shared / "plans" / "inventory.md").read_text(encoding="utf-8")
    section = reading.partition("## 1C.")[2].partition("## 1D.")[0]
    wanted = {_bare(text) for text in re.findall(r"`([^`]+)`@", section)}

    held = {_bare(text) for plan in plans.values() for text in plan.set_aside["phrase_zh"]}

    assert {text for text in wanted if not any(text in own or own in text for own in held)} == {
        "1+8"  # the one spatial sum among them: 上海“1+8”都市圈
    }


def _bare(text: str) -> str:
    return re.sub(r"[\s⏎“”]", "", text)


def test_the_four_texts_of_numbers_without_a_number(plans: dict[str, Plan]) -> None:
    """Targets are numbers, except where the document itself gives none."""
    words = {
        text
        for plan in plans.values()
        for text in plan.indicators.loc[
            plan.indicators["target_value"].isna() & plan.indicators["table_zh"].ne(""),
            "target_printed",
        ]
    }

    assert words - {"", "-", "--", "—"} == {
        "高于省定目标",
        "全市第一方阵",
        "根据市定目标任务另行制定",
        "完成市下达任务",
        "达到国家和省有关标准",
        "与经济增长同步",
        "高于经济增速",
        "全市考核",
        "建成",
    }


@pytest.mark.parametrize(
    ("plan_id", "ref", "value", "bound"),
    [
        ("changzhou-urbanisation", "4.3-3", 90, ">="),
        ("changzhou-urbanisation", "4.3-23", 0.45, "<"),
        ("nantong-urbanisation", "4.7-1", 74, ">"),
        ("nantong-urbanisation", "4.7-6", 4.5, "~"),
        ("nantong-urbanisation", "4.7-16", 21, "="),
        ("zhonglou-outline", "4.5-30", 90, ">="),
    ],
)
def test_indicators_are_read_as_they_are_meant(
    plan_id: str, ref: str, value: float, bound: str, plans: dict[str, Plan]
) -> None:
    table = plans[plan_id].indicators
    row = table[[ref in own for own in table["refs"]]].iloc[0]

    assert (row["target_value"], row["target_bound"]) == (value, bound)
    assert row["target_cumulative"] == (ref == "4.7-16")


def test_2188_counts_its_eighteen_and_one(plans: dict[str, Plan]) -> None:
    elements = plans["changzhou-urbanisation"].elements
    tiers = elements[elements["structure_id"] == "a07-city-tiers"]

    assert tiers.groupby("role")["count"].sum().to_dict() == {
        "centre": 2,
        "town_circle": 16,
        "town_cluster": 1,
    }
    circles = tiers[tiers["role"] == "town_circle"]
    assert [len(shapely.get_parts(shape)) for shape in circles.geometry] == [8, 8]
    assert set(circles["drawn_from"]) == {"text"}


def test_5210_keeps_its_four_clauses(plans: dict[str, Plan]) -> None:
    targets = plans["zhonglou-outline"].targets
    clauses = targets[targets["phrase_zh"].str.contains("5210")]

    assert sorted(clauses["threshold_min"]) == [10, 10, 20, 50]


@pytest.mark.parametrize(
    ("plan_id", "structure", "counts"),
    [
        ("changzhou-urbanisation", "A14", {"ring": 3, "radial": 19}),
        ("changzhou-urbanisation", "A15", {"ring": 4, "radial": 21}),
        ("nantong-urbanisation", "A69", {"ring": 3, "radial": 5}),
        ("tianning-outline", "A49", {"north_south": 5, "east_west": 5}),
    ],
)
def test_what_is_only_counted_is_drawn_in_that_number(
    plan_id: str, structure: str, counts: dict[str, int], plans: dict[str, Plan]
) -> None:
    plan = plans[plan_id]
    key = plan.structures.index[[structure in own for own in plan.structures["refs"]]][0]
    elements = plan.elements[plan.elements["structure_id"] == key].set_index("role")

    assert {role: len(shapely.get_parts(elements.geometry[role])) for role in counts} == counts
    assert set(elements["name_zh"]) == {""}
    assert set(elements["drawn_from"]) == {"text"}


@pytest.mark.parametrize(
    ("plan_id", "ref", "role"),
    [
        ("jiangsu-urbanisation", "A02", "park"),
        ("zhonglou-outline", "A29", "cluster"),
        ("zhonglou-outline", "A32", "park"),
        ("zhonglou-outline", "A34", "centre"),
        ("zhonglou-outline", "A39", "node"),
        ("zhonglou-outline", "A39", "corridor"),
        ("zhonglou-outline", "A41", "chain"),
        ("tianning-outline", "A55", "node"),
        ("nantong-urbanisation", "A65", "node"),
    ],
)
def test_what_the_text_leaves_open_is_open(
    plan_id: str, ref: str, role: str, plans: dict[str, Plan]
) -> None:
    plan = plans[plan_id]
    key = plan.structures.index[[ref in own for own in plan.structures["refs"]]][0]
    elements = plan.elements[plan.elements["structure_id"] == key].set_index("role")

    assert elements["count"].isna()[role]
    assert elements["drawn_from"][role] == "nothing"


@pytest.mark.parametrize(("status", "words"), [("target", REACHED), ("current", UNDER_WAY)])
def test_what_is_reached_stands_apart_from_what_is_to_come(
    status: str, words: str, plans: dict[str, Plan]
) -> None:
    for plan in plans.values():
        quotes = plan.structures.loc[plan.structures["status"] == status, "quote_zh"]
        assert list(quotes[quotes.str.contains(words)]) == []


def test_one_place_has_one_identifier_in_all_plans(plans: dict[str, Plan]) -> None:
    """The same name in two documents stands on the same place; districts may share a name."""
    tables = [plan.elements[plan.elements["place_id"] != ""] for plan in plans.values()]
    names = pd.concat(tables)[["name_zh", "place_id"]].drop_duplicates()
    twice = names[(names["name_zh"] != "") & names["name_zh"].duplicated(keep=False)]

    # 高新区 is another place in each document (I-43), 沿江 a passage in one and a waterside
    # in the other, 三堡街 a point at the scale of the city and a line at that of its district.
    assert set(twice["name_zh"]) == {"高新区", "沿江", "三堡街"}


def test_schematic_geometry_says_so(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        drawn = plan.elements[plan.elements["drawn_from"] != "nothing"]
        assert set(drawn["drawn_from"]) == {"text"}
        assert (drawn["precision_m"] >= 100).all()
        assert plan.elements.crs == plan.places.crs


@pytest.mark.parametrize(("axis", "along"), [("east-west", "x"), ("north-south", "y")])
def test_axes_run_as_they_are_named(axis: str, along: str, places: gpd.GeoDataFrame) -> None:
    line = places.geometry[f"{axis}-axis"]
    (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
    steps = np.diff(np.array(line.coords)[:, 0 if along == "x" else 1])

    assert (abs(x1 - x0) > 4 * abs(y1 - y0)) == (along == "x")
    assert (abs(y1 - y0) > 4 * abs(x1 - x0)) == (along == "y")
    assert (steps > 0).all() or (steps < 0).all()


def test_the_innovation_axis_links_the_city_with_liyang(places: gpd.GeoDataFrame) -> None:
    line = places.geometry["innovation-axis"]

    assert places.geometry["changzhou-central-city"].contains(line.interpolate(0))
    assert places.geometry["liyang-central-city"].contains(line.interpolate(line.length))
    assert line.intersects(places.geometry["two-lakes"])


def test_the_census_adds_up(places: gpd.GeoDataFrame) -> None:
    seats = places[places["population"].notna()]

    assert len(seats) == 6
    assert set(seats["kind"]) == {"seat"}
    assert seats["population"].sum() == CENSUS_TOTAL
    assert seats["population_basis_zh"].str.contains("分项可信度 M").all()


@pytest.mark.parametrize("area", ["changzhou", "nantong", "zhonglou", "tianning"])
def test_every_town_lies_in_its_division(area: str, divisions: gpd.GeoDataFrame) -> None:
    own = read_gazetteer(area)
    settled = own[own["kind"].isin(["town", "subdistrict"]) & (own["operator"] == "")]

    assert settled["area_id"].isin(divisions.index).sum() >= 15
    assert gazetteer_faults(own, boundaries=divisions) == []


def test_the_towns_of_both_cities_are_all_there() -> None:
    """The 27 towns of 常州's 表4 and the 15 重点中心镇 of 南通."""
    towns = {
        "changzhou": "孟河 邹区 薛埠 郑陆 儒林 南渡 社渚 上兴 湟里 横林 横山桥 洛阳 礼嘉 前黄 "
        "西夏墅 直溪 朱林 别桥 埭头 雪堰 天目湖 上黄 竹箦 戴埠 嘉泽 奔牛 指前",
        "nantong": "洋口 长沙 吕四港 包场 长江 五接 三厂 临江 海永 启隆 寅阳 平潮 白蒲 曲塘 李堡",
    }
    for area, names in towns.items():
        own = read_gazetteer(area)
        known = own[own["kind"].isin(["town", "subdistrict"])]["name_zh"]
        for name in names.split():
            assert known.str.fullmatch(f"{name}(镇|街道)").any(), (area, name)


@pytest.mark.parametrize("area", ["changzhou", "nantong", "zhonglou", "tianning"])
def test_discs_keep_to_their_divisions(area: str, divisions: gpd.GeoDataFrame) -> None:
    """A disc is a stand-in for what lies round a place, not for half of the neighbour."""
    own = read_gazetteer(area)
    real = divisions.to_crs(own.crs).geometry
    compared = 0
    for place_id, disc in own[own["operator"].isin(["district", "discs"])].iterrows():
        codes = {*own["area_id"][list(disc["places"])], ACROSS.get(str(place_id), "")} - {""}
        if not codes or not codes <= set(real.index):
            continue
        compared += 1
        outside = disc.geometry.difference(shapely.union_all(real[sorted(codes)]))
        limit = 0.15 if disc["operator"] == "district" else 0.3
        assert outside.area <= limit * disc.geometry.area, place_id
    assert compared >= 15


def test_the_main_city_of_nantong_is_one_with_and_without_boundaries(
    divisions: gpd.GeoDataFrame,
) -> None:
    drawn = read_gazetteer("nantong").geometry["nantong-main-city"]
    real = read_gazetteer("nantong", boundaries=divisions).geometry
    chongchuan = real["chongchuan-district"]

    assert drawn.geom_type == "Polygon"
    assert drawn.difference(chongchuan).area < 0.05 * drawn.area
    assert chongchuan.difference(real["nantong-main-city"]).area < 1


@pytest.mark.parametrize("area", ["changzhou", "nantong"])
def test_stations_lie_within_their_precision(area: str, shared: Path) -> None:
    """Stations set by hand, against the stations of the open metro lines."""
    own = read_gazetteer(area)
    file = shared / "data" / "transit" / f"{area}_features.json"
    real = gpd.GeoDataFrame.from_features(json.loads(file.read_text("utf-8")), crs=4326)
    real = real[real.geometry.geom_type == "Point"].to_crs(own.crs)
    real["short"] = (
        real["name"].str.extract(r"\((.*)\)")[0].str.removesuffix("站").str.removesuffix("火车")
    )

    compared = 0
    for place_id, station in own[own["kind"] == "station"].iterrows():
        there = real[real["short"] == station["name_zh"].removesuffix("站")]
        if len(there):
            compared += 1
            off_m = there.distance(station.geometry).min()
            assert off_m <= station["precision_m"], (place_id, off_m)
    assert compared >= 30
