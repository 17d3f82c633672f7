"""The embedded Changzhou: the plan's structures, and a generated city to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from . import judgement
from . import plan as plans
from . import report
from ._files import replacing_folder
from .base import Base
from .base import write_base
from .cartography import vector_layer
from .coverage_map import coverage_content
from .export import write_table
from .network import Network
from .plan_map import main_structure
from .plan_map import structure_groups
from .plan_map import structure_layers
from .population import cut_land
from .prepare import assemble_base
from .prepare import land_facts
from .shortfall import gaps
from .shortfall import worst_areas
from .standard import read_standard
from .synthetic import synthetic_city
from .webmap import draw_map
from .webmap import write_map

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import geopandas as gpd

PLAN_ID = "changzhou-urbanisation"
STANDARD_ID = "gb50180-2018"
README = "README.txt"
OWN_FILES = (README, "base", "coverage.xlsx", "gaps.geojson", "map.html", "report.html")
LAND_CELL_M = 100.0  # about the size of a generated block

_ABOUT = """\
spatialplan demo：常州（示意结构 + 合成城市）

map.html       交互地图，双击即可打开，不需要网络
report.html    评估报告（可打印）
coverage.xlsx  覆盖率表、服务盲区、薄弱片区、口径与来源
gaps.geojson   服务盲区（WGS84）
base/          基础数据（GeoParquet），可再用：spatialplan assess gb50180-2018 --base base -o t.xlsx

街道、设施、用地、人口分布与片区界线均为程序生成（synthetic），只有全市人口总数来自普查，分区数为约数；
规划结构按文字示意（text）。不得用于决策。

Changzhou: the plan's structures are schematic, drawn from its wording; streets, facilities,
land, where people live and district lines are generated (synthetic). Only the city's total
population is of the census; its split by district is approximate. Do not base decisions on it.
"""


def write_demo(
    folder: str | os.PathLike[str], *, progress: Callable[[str], None] = lambda _: None
) -> list[str]:
    """
    Write the embedded example: base, coverage table, gaps, report and map.

    Parameters
    ----------
    folder
        Is made, or replaced if an earlier demo stands there.
    progress
        Called with the name of each stage.

    Returns
    -------
    list of str
        What was made, for a reader.

    Raises
    ------
    OutputError
        If the folder holds other files or cannot be written.
    """
    with replacing_folder(folder, own=OWN_FILES) as draft:
        progress("generating a city (synthetic)")
        plan = plans.read_plan(PLAN_ID)
        base, water = demo_base(plan)
        standard = judgement.switched(read_standard(STANDARD_ID))
        progress("service, findings, gaps")
        served = judgement.service(standard, base)
        findings = judgement.assess(standard, base, served=served, by="area_id")
        holes = gaps(standard, base, served)
        progress("writing tables")
        write_base(base, draft / "base")
        write_table(holes, draft / "gaps.geojson")
        for name in ("coverage.xlsx", "report.html"):
            report.write_findings(
                draft / name,
                findings=findings,
                gaps=holes,
                worst=worst_areas(standard, base, served),
                sources=base.sources,
                facts=report.report_facts(standard, base, command="spatialplan demo"),
            )
        progress("drawing the map")
        content = coverage_content(
            standard,
            base,
            served=served,
            under=[_water_layer(water)],
            over=structure_layers(plan, shown=[main_structure(plan)], filled=False),
            groups=structure_groups(plan),
        )
        write_map(draw_map(content), draft / "map.html")
        (draft / README).write_text(_ABOUT, encoding="utf-8")
    return _summary(folder, base, findings)


def demo_base(plan: plans.Plan) -> tuple[Base, gpd.GeoDataFrame]:
    """A generated city around the seats of the plan's area, as a base, and its water."""
    places = plans.read_gazetteer(plan.area_id)
    seats = places[places["population"].notna()]
    city = synthetic_city(seats)
    networks = {mode: Network(mode, *tables) for mode, tables in city["networks"].items()}
    people = float(seats["population"].sum())
    base = assemble_base(
        "changzhou-synthetic",
        networks=networks,
        demand=city["demand"],
        land=cut_land(city["land"], cell_m=LAND_CELL_M).assign(drawn_from="synthetic"),
        facilities=city["facilities"],
        boundaries=city["boundaries"],
        duplicates=pd.DataFrame(),
        sources=_sources(seats["population_basis_zh"].iloc[0]),
        facts={
            "title_zh": "常州（合成城市）",
            "title_en": "Changzhou (synthetic city)",
            "people_given": people,
            "people_outside": 0.0,
            "facilities_outside": 0.0,
            "population_zh": "合成分布；全市合计等于七普常住人口，分区数为约数（待核）",
            "population_en": "generated distribution; the city total is that of the 2020 "
            "census, its split by district approximate",
            "demand_precision_m": 0.0,
            **land_facts(LAND_CELL_M),
        },
    )
    return base, city["water"]


def _sources(census: str) -> list[dict[str, str]]:
    return [
        {"role": "people", "title": census, "date": "2020-11-01", "datum": "",
         "licence": "公布数据 published figures", "sha256": ""},
        {"role": "streets, facilities, land, areas", "title": "合成城市 synthetic city",
         "date": "生成 generated", "datum": "cgcs2000", "licence": "Apache-2.0", "sha256": ""},
    ]  # fmt: skip


def _water_layer(water: gpd.GeoDataFrame) -> dict[str, Any]:
    return vector_layer("water", water, name_zh="水面", name_en="Water", group="base",
                        style="water", drawn_from="synthetic")  # fmt: skip


def _summary(folder: Any, base: Base, findings: pd.DataFrame) -> list[str]:
    walk = base.networks["walk"]
    city = (
        f"Changzhou, a synthetic city (合成): {len(walk.nodes):,} street nodes, "
        f"{base.demand['population'].sum():,.0f} people, {len(base.facilities):,} facilities "
        f"in {base.facilities['category'].nunique()} categories"
    )
    files = f"map.html, report.html, coverage.xlsx, gaps.geojson, base/, {README}"
    return [city, report.headline(findings, lang="en"), f"written to {folder}: {files}"]
