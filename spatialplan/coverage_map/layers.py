"""Layers of an area: land, streets, gaps, boundaries and facilities."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatialplan._basis import clause_names
from spatialplan.cartography import read_style
from spatialplan.cartography import vector_layer
from spatialplan.categories import read_categories
from spatialplan.report import share_text
from spatialplan.shortfall import GAP_CELL_M
from spatialplan.shortfall import cell_outlines

from .ground import source_mark
from .ground import streets_on_land

if TYPE_CHECKING:
    from collections.abc import Collection

    from spatialplan.base import Base

_STREETS = {
    "street_major": ("motorway", "trunk", "primary", "secondary"),
    "street": ("tertiary", "residential", "unclassified", "living_street"),
}
_STREET_NAMES = {
    "street_major": ("主要道路", "Main streets"),
    "street": ("一般道路", "Other streets"),
    "street_minor": ("步行路径与支路", "Paths and service ways"),
}
_MOSTLY = 0.3  # share of a cell that is residential for the cell to be drawn so
_SIMPLIFY_M = 3.0
_TOLD = 5  # weakest clauses that an area tells under the pointer; a table has them all


def land_layers(base: Base) -> list[dict[str, Any]]:
    """Residential land, if the base has any."""
    if base.land.empty:
        return []
    return [
        vector_layer(
            "land",
            _generalised(base.land, base.facts.get("land_cell_m", GAP_CELL_M)),
            name_zh="居住用地",
            name_en="Residential land",
            group="base",
            style="land",
            drawn_from=source_mark(base.land),
        )
    ]


def street_layers(base: Base) -> list[dict[str, Any]]:
    """Streets by three kinds, those for the closest views first."""
    edges = streets_on_land(base)
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
                    drawn_from=source_mark(base.demand),
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
    mostly = area_m2[area_m2 >= _MOSTLY * cell_m**2]
    if mostly.empty:
        return gpd.GeoDataFrame(geometry=[], crs=land.crs)
    row, column = mostly.index.to_frame().to_numpy().T
    south, west = row.min(), column.min()
    grid = np.zeros((row.max() - south + 1, column.max() - west + 1), dtype=int)
    grid[row - south, column - west] = 1
    outline = cell_outlines(grid, west=west, south=south, cell_m=cell_m)
    parts = shapely.get_parts(shapely.simplify(outline, cell_m / 2))
    return gpd.GeoDataFrame(geometry=parts, crs=land.crs)


def gap_layers(holes: gpd.GeoDataFrame, names: pd.DataFrame) -> list[dict[str, Any]]:
    """Gaps, a layer for each clause of `names` that leaves some."""
    gaps = holes.assign(residential_m2=holes["residential_km2"] * 1e6).reset_index()
    return [
        vector_layer(
            f"gaps-{clause_id}",
            table.assign(place=table["area_name_zh"] + " #" + table["rank"].astype(str)),
            name_zh=f"未覆盖：{names['name_zh'][clause_id]}",
            name_en=f"Not served: {names['name_en'][clause_id]}",
            group="gaps",
            style="gap",
            name_column="place",
            key_column="gap_id",
            tooltip=[
                ("people", "未覆盖人口", "People not served", "people"),
                ("residential_m2", "未覆盖居住用地", "Residential land not served", "m2"),
            ],
            theme=str(clause_id),
            visible=False,
        )
        for clause_id, table in gaps.groupby("clause_id", sort=False)
    ]


def boundary_layers(base: Base, every: pd.DataFrame) -> list[dict[str, Any]]:
    """Areas to report by; each tells its weakest clauses of the findings by area."""
    if base.boundaries.empty:
        return []
    people = base.demand.groupby("area_id")["population"].sum()
    areas = base.boundaries.assign(
        geometry=base.boundaries.geometry.simplify(5 * _SIMPLIFY_M),
        population=people.reindex(base.boundaries.index).fillna(0.0),
    )
    areas["name_zh"] = areas.index.map(base.area_names)
    areas = areas.join(_weakest(every)).rename_axis("area_id").reset_index()
    # Where there is not room for all names, those of the most people are written.
    areas = areas.sort_values("population", ascending=False, kind="stable")
    return [
        vector_layer(
            "boundaries",
            areas,
            name_zh="行政区或片区",
            name_en="Areas",
            group="boundaries",
            style="boundary",
            name_column="name_zh",
            key_column="area_id",
            tooltip=[
                ("population", "人口", "People", "people"),
                ("weakest_zh", "最弱（全域）", "Weakest (all areas)", "text"),
            ],
            drawn_from=source_mark(base.boundaries),
            administrative=not source_mark(base.boundaries),
        )
    ]


def _weakest(every: pd.DataFrame) -> pd.DataFrame:
    """Lines of clause, coverage of the area and (of all); those farthest below it first."""
    measured = every[every["measured"].notna()]
    whole = measured[measured["area_id"] == ""].set_index("clause_id")["measured"]
    areas = measured[measured["area_id"] != ""]
    if areas.empty:
        return pd.DataFrame(columns=["weakest_zh", "weakest_en"])
    areas = areas.assign(whole=areas["clause_id"].map(whole))
    below = (areas["whole"] - areas["measured"]).sort_values(ascending=False, kind="stable")
    lines = areas.loc[below.index].groupby("area_id").head(_TOLD)
    shares = lines["measured"].map(share_text) + " (" + lines["whole"].map(share_text) + ")"
    names = clause_names(every).loc[lines["clause_id"]].set_axis(lines.index)
    told = {f"weakest_{lang}": names[f"name_{lang}"] + " " + shares for lang in ("zh", "en")}
    return pd.DataFrame(told).groupby(lines["area_id"]).agg("\n".join)


def facility_layers(base: Base, *, shown: Collection[str]) -> list[dict[str, Any]]:
    """One layer for each category; those `shown` are on when the page opens."""
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
                    *(
                        [("stand_in_zh", "代用说明", "Stand-in", "text")]
                        if (table["stand_in_zh"] != "").any()
                        else []
                    ),
                ],
                visible=category in shown,
            )
        )
    return layers
