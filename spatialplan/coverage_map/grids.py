"""Pictures of how far everything is: one grid for each clause."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatialplan import access
from spatialplan.cartography import grid_layer
from spatialplan.cartography import read_style
from spatialplan.judgement import part_facilities
from spatialplan.travel import nearest_amounts

from .ground import clause_categories
from .ground import source_mark
from .ground import streets_on_land

if TYPE_CHECKING:
    from spatialplan._choices import Measure
    from spatialplan.base import Base
    from spatialplan.standard import Part
    from spatialplan.standard import Standard

MAX_CELLS = 250_000
"""Cells of a coverage picture; they grow until no more are needed."""

_CELL_SIZES_M = (50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 1000.0)
STEPS = (0.5, 1.0, 1.5, 2.0)  # class limits, in limits of the clause


def coverage_layers(standard: Standard, base: Base, names: pd.DataFrame) -> list[dict[str, Any]]:
    """Distance to what each clause of `names` asks for, from every cell near a street."""
    cells, bounds, shape = picture_cells(base)
    network = base.networks["walk"]
    near = network.near_street(cells)
    cells = cells[near]
    located = network.locate(cells)
    homes = network.locate(base.demand)
    layers = []
    for position, clause_id in enumerate(names.index):
        clause = standard.clause(clause_id)
        values = np.full(shape[0] * shape[1], np.nan)
        shares = [in_limits(clause, part, base, cells, located) for part in clause["parts"]]
        values[near] = np.min(shares, axis=0)
        limit, unit = limit_of(clause)
        layers.append(
            grid_layer(
                f"coverage-{clause_id}",
                (values * limit).reshape(shape),
                bounds_3857=bounds,
                breaks=[step * limit for step in STEPS],
                classes=distance_classes(limit, unit),
                name_zh=names["name_zh"][clause_id],
                name_en=names["name_en"][clause_id],
                unit=unit,
                theme=clause_id,
                visible=position == 0,
                drawn_from=source_mark(base.demand),
                along=[f"facilities-{category}" for category in clause_categories(clause)],
                people=_people(clause, base, homes),
            )
        )
    return layers


def _people(clause: pd.Series[Any], base: Base, homes: pd.DataFrame) -> list[float]:
    """People in each class of distance; those who cannot get there come last."""
    shares = [in_limits(clause, part, base, base.demand, homes) for part in clause["parts"]]
    nearest = np.min(shares, axis=0)
    place = np.where(np.isinf(nearest), len(STEPS) + 1, np.searchsorted(STEPS, nearest))
    population = base.demand["population"].to_numpy(dtype=float)
    counted = np.bincount(place, weights=population, minlength=len(STEPS) + 2)
    return [float(number) for number in counted]


def picture_cells(
    base: Base,
) -> tuple[gpd.GeoDataFrame, tuple[float, float, float, float], tuple[int, int]]:
    """Centres of square cells of EPSG:3857 over the streets, north row first."""
    edges = streets_on_land(base)
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


def in_limits(
    clause: pd.Series[Any], part: Part, base: Base, cells: gpd.GeoDataFrame, located: pd.DataFrame
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Distance or time of every cell, in limits of one part of a clause."""
    facilities = part_facilities(part, base)
    if clause["distance_rule"] == "straight":
        metres = access.straight_distance(cells, facilities).to_numpy(dtype=np.float64)
        return metres / np.float64(part.threshold_m)
    network = base.networks["walk"]
    gates = network.locate_gates(facilities)
    by_time = math.isnan(part.threshold_m)
    measure: Measure = "time_min" if by_time else "distance_m"
    amount = nearest_amounts(located, [gates], network=network, measure=measure)[:, 0]
    limit: float = clause["threshold_min"] if by_time else part.threshold_m
    return amount / limit


def limit_of(clause: pd.Series[Any]) -> tuple[float, str]:
    """Limit of a clause and its unit; a share of the limit where its parts differ."""
    limits = {part.threshold_m for part in clause["parts"]}
    if all(math.isnan(limit) for limit in limits):
        return float(clause["threshold_min"]), "min"
    return (limits.pop(), "m") if len(limits) == 1 else (1.0, "share")


def distance_classes(limit: float, unit: str) -> list[tuple[str, str, str]]:
    """Chinese and English label and colour of each class of distance."""
    colors = read_style()["palettes"]["distance"]
    if unit == "share":
        ends = [f"{step:.0%}" for step in STEPS]
        of_zh, of_en = "限值的 ", " of the limit"
    else:
        ends = [f"{step * limit:g} {unit}" for step in STEPS]
        of_zh = of_en = ""
    labels = [
        (f"≤ {of_zh}{ends[0]}", f"up to {ends[0]}{of_en}"),
        (f"{ends[0]} – {ends[1]}（达标）", f"{ends[0]} to {ends[1]} (served)"),
        (f"{ends[1]} – {ends[2]}（未达标）", f"{ends[1]} to {ends[2]} (not served)"),
        (f"{ends[2]} – {ends[3]}", f"{ends[2]} to {ends[3]}"),
        (f"> {of_zh}{ends[3]}", f"over {ends[3]}{of_en}"),
    ]
    return [(zh, en, color) for (zh, en), color in zip(labels, colors, strict=True)]
