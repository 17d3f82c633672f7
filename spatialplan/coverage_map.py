"""The map of an assessed area: coverage, gaps, facilities and boundaries over the streets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import access
from . import report
from .categories import read_categories
from .judgement import assess
from .judgement import part_facilities
from .judgement import service
from .shortfall import cell_outlines
from .shortfall import gaps
from .shortfall import worst_areas
from .webmap import data_table
from .webmap import draw_map
from .webmap import grid_layer
from .webmap import read_style
from .webmap import vector_layer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from .base import Base
    from .standard import Standard

MAX_CELLS = 250_000
"""Cells of a coverage picture; they grow until no more are needed."""

_CELL_SIZES_M = (50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 1000.0)
_STEPS = (0.5, 1.0, 1.5, 2.0)  # class limits, in limits of the clause
_SHOWN_GAPS = 300
_STREETS = {
    "street_major": ("motorway", "trunk", "primary", "secondary"),
    "street": ("tertiary", "residential", "unclassified", "living_street"),
}
_STREET_NAMES = {
    "street_major": ("主要道路", "Main streets"),
    "street": ("一般道路", "Other streets"),
    "street_minor": ("步行路径与支路", "Paths and service ways"),
}
_TIERS_ZH = {"city": "城市级", "block": "居住街坊"}
_SIMPLIFY_M = 3.0
_MOSTLY = 0.3


def draw_coverage_map(
    standard: Standard,
    base: Base,
    *,
    served: pd.DataFrame | None = None,
    title: str = "",
    lang: str = "zh",
    under: Sequence[Mapping[str, Any]] = (),
    over: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[tuple[str, str]] = (),
) -> str:
    """
    One interactive page of an area judged by a standard; it loads nothing.

    Parameters
    ----------
    standard
        Clauses to show.
    base
        A prepared area.
    served
        The result of `judgement.service`, if it is at hand.
    title
        Heading; the area and the standard if not given.
    lang
        ``zh`` or ``en``: the language the page opens in.
    under, over
        Further layers of `webmap`, below and above those of the area.
    notes
        Further notes, (Chinese, English).

    Returns
    -------
    str
        The page, as `webmap.draw_map` gives it.
    """
    served = service(standard, base) if served is None else served
    findings = assess(standard, base, served=served)
    holes = gaps(standard, base, served)
    layers = [
        *under,
        *_land_layers(base),
        *_surfaces(standard, base, list(served.columns[served.notna().all()])),
        *_street_layers(base),
        *_gap_layers(holes),
        *_boundary_layers(base),
        *_facility_layers(base),
        *over,
    ]
    return draw_map(
        layers,
        title_zh=title or f"{base.title('zh')} · {standard.title_zh}",
        title_en=title or f"{base.title('en')} · {standard.title_en}",
        headline_zh=report.headline(findings, lang="zh"),
        headline_en=report.headline(findings, lang="en"),
        notes=[*notes, *_notes(standard, base, findings)],
        tables=_tables(standard, base, served, findings, holes),
        fields=_fields(base),
        lang=lang,
    )


def _land_layers(base: Base) -> list[dict[str, Any]]:
    if base.land.empty:
        return []
    return [
        vector_layer(
            "land",
            _generalised(base.land, base.facts["land_cell_m"]),
            name_zh="居住用地",
            name_en="Residential land",
            group="base",
            style="land",
            drawn_from=_source_of(base.land),
        )  # fmt: skip
    ]


def _street_layers(base: Base) -> list[dict[str, Any]]:
    edges = _streets(base)
    kind = edges["highway"].map({name: key for key, names in _STREETS.items() for name in names})
    layers = []
    for style in ("street_minor", "street", "street_major"):
        lines = edges[kind.fillna("street_minor") == style]
        if len(lines):
            layers.append(
                vector_layer(
                    style,
                    gpd.GeoDataFrame(geometry=lines.geometry.simplify(_SIMPLIFY_M)),
                    name_zh=_STREET_NAMES[style][0],
                    name_en=_STREET_NAMES[style][1],
                    group="base",
                    style=style,
                    drawn_from=_source_of(base.demand),
                )
            )
    return layers


def _generalised(land: gpd.GeoDataFrame, cell_m: float) -> gpd.GeoDataFrame:
    """Residential land for the eye: cells that are mostly such land, joined and rounded off."""
    at = land.representative_point()
    cells = pd.DataFrame(
        {
            "row": np.floor(at.y / cell_m).astype(int).to_numpy(),
            "column": np.floor(at.x / cell_m).astype(int).to_numpy(),
            "area_m2": land["area_m2"].to_numpy(),
        }
    )
    area_m2 = cells.groupby(["row", "column"])["area_m2"].sum()
    row, column = area_m2[area_m2 >= _MOSTLY * cell_m**2].index.to_frame().to_numpy().T
    south, west = row.min(), column.min()
    grid = np.zeros((row.max() - south + 1, column.max() - west + 1), dtype=int)
    grid[row - south, column - west] = 1
    outline = cell_outlines(grid, west=west, south=south, cell_m=cell_m)
    parts = shapely.get_parts(shapely.simplify(outline, cell_m / 2))
    return gpd.GeoDataFrame(geometry=parts, crs=land.crs)


def _streets(base: Base) -> gpd.GeoDataFrame:
    """Edges on land: a ferry may leave the area for a coast far away."""
    edges = base.networks["walk"].edges
    return edges[edges["highway"] != "ferry"]


def _source_of(table: pd.DataFrame) -> str:
    """Mark of generated geometry; other sources need none on every layer."""
    marked = "drawn_from" in table and (table["drawn_from"] == "synthetic").any()
    return "synthetic" if marked else ""


def _surfaces(standard: Standard, base: Base, clause_ids: list[str]) -> list[dict[str, Any]]:
    """Distance to what each clause asks for, from every cell near a street."""
    cells, bounds, shape = _cells(base)
    network = base.networks["walk"]
    near = network.near_street(cells)
    cells = cells[near]
    located = network.locate(cells)
    layers = []
    for position, clause_id in enumerate(clause_ids):
        clause = standard.clauses.loc[clause_id]
        values = np.full(shape[0] * shape[1], np.nan)
        shares = [_in_limits(clause, part, base, cells, located) for part in clause["parts"]]
        values[near] = np.min(shares, axis=0)
        limit, unit = _limit(clause)
        layers.append(
            grid_layer(
                f"coverage-{clause_id}",
                (values * limit).reshape(shape),
                bounds_3857=bounds,
                breaks=[step * limit for step in _STEPS],
                classes=_classes(limit, unit),
                name_zh=clause["name_zh"],
                name_en=clause["name_en"],
                unit=unit,
                theme=clause_id,
                visible=position == 0,
                drawn_from=_source_of(base.demand),
            )
        )
    return layers


def _cells(
    base: Base,
) -> tuple[gpd.GeoDataFrame, tuple[float, float, float, float], tuple[int, int]]:
    """Centres of square cells of EPSG:3857 over the streets, north row first."""
    edges = _streets(base)
    lat = edges.iloc[[0]].to_crs(4326).geometry.iloc[0].coords[0][1]
    stretch = 1.0 / math.cos(math.radians(lat))
    west, south, east, north = edges.to_crs(3857).total_bounds
    sizes = [size * stretch for size in _CELL_SIZES_M]
    fits = [s for s in sizes if (east - west) * (north - south) / s**2 <= MAX_CELLS]
    size = fits[0] if fits else sizes[-1]
    columns, rows = math.ceil((east - west) / size), math.ceil((north - south) / size)
    x = west + (np.arange(columns) + 0.5) * size
    y = north - (np.arange(rows) + 0.5) * size
    centres = shapely.points(np.tile(x, rows), np.repeat(y, columns))
    frame = gpd.GeoDataFrame(geometry=centres, crs=3857).to_crs(base.crs)
    return frame, (west, north - rows * size, west + columns * size, north), (rows, columns)


def _in_limits(
    clause: pd.Series[Any], part: Any, base: Base, cells: gpd.GeoDataFrame, located: pd.DataFrame
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Distance or time of every cell, in limits of one part of a clause."""
    facilities = part_facilities(part, base)
    if clause["distance_rule"] == "straight":
        return access.straight_distance(cells, facilities).to_numpy() / part.threshold_m
    network = base.networks["walk"]
    gates = network.locate_gates(facilities)
    by_time = math.isnan(part.threshold_m)
    measure: access.Measure = "time_min" if by_time else "distance_m"
    amount = access.nearest_costs(located, gates, network=network, measure=measure)
    return amount / (clause["threshold_min"] if by_time else part.threshold_m)


def _limit(clause: pd.Series[Any]) -> tuple[float, str]:
    """Limit of a clause and its unit; a share of the limit where its parts differ."""
    limits = {part.threshold_m for part in clause["parts"]}
    if all(math.isnan(limit) for limit in limits):
        return float(clause["threshold_min"]), "min"
    return (limits.pop(), "m") if len(limits) == 1 else (1.0, "share")


def _classes(limit: float, unit: str) -> list[tuple[str, str, str]]:
    colors = read_style()["palettes"]["distance"]
    ends = [f"{step * limit:g} {unit}" if unit != "share" else f"{step:.0%}" for step in _STEPS]
    of_zh = "（限值的）" if unit == "share" else ""
    labels = [
        (f"≤ {ends[0]}{of_zh}", f"up to {ends[0]}"),
        (f"{ends[0]} – {ends[1]}（达标）", f"{ends[0]} to {ends[1]} (served)"),
        (f"{ends[1]} – {ends[2]}（未达标）", f"{ends[1]} to {ends[2]} (not served)"),
        (f"{ends[2]} – {ends[3]}", f"{ends[2]} to {ends[3]}"),
        (f"> {ends[3]}", f"over {ends[3]}"),
    ]
    return [(zh, en, color) for (zh, en), color in zip(labels, colors, strict=True)]


def _gap_layers(holes: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [
        vector_layer(
            f"gaps-{clause_id}",
            table.assign(place=table["area_name_zh"] + " #" + table["rank"].astype(str)),
            name_zh=table["name_zh"].iloc[0],
            name_en=table["name_en"].iloc[0],
            group="gaps",
            style="gap",
            name_column="place",
            tooltip=[
                ("people", "未覆盖人口", "People not served", "people"),
                ("residential_m2", "未覆盖居住用地", "Residential land not served", "m2"),
            ],
            theme=str(clause_id),
            visible=False,
        )
        for clause_id, table in holes.assign(residential_m2=holes["residential_km2"] * 1e6).groupby(
            "clause_id", sort=False
        )
    ]


def _boundary_layers(base: Base) -> list[dict[str, Any]]:
    if base.boundaries.empty:
        return []
    people = base.demand.groupby("area_id")["population"].sum()
    areas = base.boundaries.assign(
        geometry=base.boundaries.geometry.simplify(5 * _SIMPLIFY_M),
        population=people.reindex(base.boundaries.index).fillna(0.0),
    )
    areas["name_zh"] = areas.index.map(base.area_names)
    return [
        vector_layer(
            "boundaries",
            areas,
            name_zh="行政区或片区",
            name_en="Areas",
            group="boundaries",
            style="boundary",
            name_column="name_zh",
            tooltip=[("population", "人口", "People", "people")],
            drawn_from=_source_of(base.boundaries),
            administrative=not _source_of(base.boundaries),
        )  # fmt: skip
    ]


def _facility_layers(base: Base) -> list[dict[str, Any]]:
    known = read_categories()
    colors = read_style()["category_groups"]
    layers = []
    for category in known.index[known.index.isin(base.facilities["category"])]:
        table = base.facilities[base.facilities["category"] == category]
        kind = known.loc[category]
        layers.append(
            vector_layer(
                f"facilities-{category}",
                table,
                name_zh=kind["name_zh"],
                name_en=kind["name_en"],
                group="facilities",
                style={"like": "point", "color": colors[kind["group"]]},
                name_column="name_zh",
                tooltip=[
                    ("street_m", "距道路", "To the street", "m"),
                    *([("stand_in_zh", "代用说明", "Stand-in", "text")]
                      if (table["stand_in_zh"] != "").any() else []),
                ],
                visible=False,
            )
        )  # fmt: skip
    return layers


def _tables(
    standard: Standard,
    base: Base,
    served: pd.DataFrame,
    findings: pd.DataFrame,
    holes: gpd.GeoDataFrame,
) -> list[dict[str, Any]]:
    rates = findings[findings["measured"].notna()].assign(
        layer="coverage-" + findings["clause_id"],
        doubt_zh=findings["confidence"].map({"M": "M 待核", "L": "L 待核"}).fillna(
            findings["confidence"]),
        doubt_en=findings["confidence"].map({"M": "M, check", "L": "L, check"}).fillna(
            findings["confidence"]),
    )  # fmt: skip
    rates["tier_zh"] = rates["tier"].replace(_TIERS_ZH) + rates["tier"].map(
        lambda tier: "分钟" if tier[0].isdigit() else ""
    )
    rates["tier_en"] = rates["tier"] + rates["tier"].map(
        lambda tier: " min" if tier[0].isdigit() else ""
    )
    rates["what_zh"] = rates["denominator"].map(
        {"population": "人口", "residential_land": "居住用地", "communities": "社区"}
    )
    rates["what_en"] = rates["denominator"].str.replace("_", " ")
    worst = worst_areas(standard, base, served)
    shapes = base.boundaries.geometry.reindex(worst["area_id"]).to_numpy()
    return [
        data_table(
            "coverage", rates.sort_values("measured"), title_zh="覆盖率", title_en="Coverage",
            columns=[
                ("name_zh", "设施", "Facility", "text"),
                ("tier_zh", "层级", "Tier", "text"),
                ("threshold", "限值", "Limit", "text"),
                ("what_zh", "分母", "Of", "text"),
                ("measured", "覆盖率", "Served", "share"),
                ("n_facilities", "设施数", "Facilities", "count"),
                ("n_stand_ins", "其中代用", "Stand-ins", "count"),
                ("doubt_zh", "可信度", "Confidence", "text"),
            ],
            layer_column="layer",
        ),
        data_table(
            "gaps", _largest(holes), title_zh="最大的服务盲区", title_en="Largest gaps",
            columns=[
                ("name_zh", "缺", "Missing", "text"),
                ("area_name_zh", "所在片区", "Area", "text"),
                ("people", "未覆盖人口", "People", "people"),
                ("residential_m2", "未覆盖居住用地", "Residential land", "m2"),
            ],
            layer_column="layer",
        ),
        data_table(
            "worst", gpd.GeoDataFrame(worst, geometry=shapes, crs=base.crs),
            title_zh="薄弱片区", title_en="Worst areas",
            columns=[
                ("area_name_zh", "片区", "Area", "text"),
                ("population", "人口", "People", "people"),
                ("missing_mean", "人均缺项", "Missing per person", "number"),
                ("worst_zh", "最缺", "Most missing", "text"),
            ],
        ),
    ]  # fmt: skip


def _largest(holes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = holes.nlargest(_SHOWN_GAPS, "people")
    return table.assign(
        layer="gaps-" + table["clause_id"], residential_m2=table["residential_km2"] * 1e6
    )


def _notes(standard: Standard, base: Base, findings: pd.DataFrame) -> list[tuple[str, str]]:
    """Basis of every clause, what the standard leaves open, and where the data come from."""
    notes = [
        (f"{row['name_zh']}：{row['basis']}" + (f"。{row['note']}" if row["note"] else ""),
         f"{row['name_en']}: {row['basis_en']}" + (f". {row['note_en']}" if row["note_en"] else ""))
        for _, row in findings.iterrows()
    ]  # fmt: skip
    notes += list(zip(standard.notes_zh, standard.notes_en, strict=False))
    far = base.unlocated
    if len(far):
        people = far["population"].sum()
        facilities = int((far["kind"] == "facility").sum())
        notes.append(
            (
                f"距道路超过 100 m：{people:,.0f} 人、{facilities} 处设施（已列出，仍按实际距离计入）",
                f"farther than 100 m from any street: {people:,.0f} people, {facilities} "
                "facilities (listed; counted with their real distance)",
            )
        )
    notes += [
        (f"数据 {source['role']}：{source['title']}，{source['date']}，{source['licence']}",
         f"data, {source['role']}: {source['title']}, {source['date']}, {source['licence']}")
        for source in base.sources
    ]  # fmt: skip
    return notes


def _fields(base: Base) -> dict[str, str]:
    licences = dict.fromkeys(source["licence"] for source in base.sources)
    dates = dict.fromkeys(source["date"] for source in base.sources)
    return {
        "crs": base.crs.to_string(),
        "data_date": "；".join(dates),
        "attribution": "；".join(licences),
    }
