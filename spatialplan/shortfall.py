"""Where people and land are not served: gaps as polygons, and the worst areas."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio import Affine
from rasterio import features
from scipy import ndimage

if TYPE_CHECKING:
    from .base import Base
    from .standard import Standard

Floats = np.ndarray[Any, np.dtype[np.float64]]
OUTSIDE = "（不在任何片区内）"

GAP_CELL_M = 100.0
"""Grid on which places that are not served are joined to gaps."""

_AMOUNTS = ["people", "residential_km2"]


def gaps(standard: Standard, base: Base, served: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    The places that are not served, joined to polygons.

    Every grid cell of `GAP_CELL_M` in which people or residential land are not
    served belongs to a gap; cells that touch are one gap within one area, so that
    each gap has an area that answers for it (a cell on a border goes to the area
    with most of its people). The people of all gaps of a clause are the unserved
    people of its finding.

    Parameters
    ----------
    standard, base, served
        As in `judgement.assess`; `served` from `judgement.service`.

    Returns
    -------
    GeoDataFrame
        Index ``gap_id``, ordered by clause and rank: ``clause_id``, ``name_zh``,
        ``name_en``, ``rank`` (1 has most people), ``area_km2``, ``residential_km2``
        (not served), ``people`` (not served), ``area_id``, ``area_name_zh``, polygon.
    """
    names = base.area_names
    cells = _cells(base)
    found = []
    for clause_id in served.columns[served.notna().all()]:
        table = _clause_gaps(cells, served[clause_id].to_numpy())
        if table.empty:
            continue
        clause = standard.clause(clause_id)
        found.append(
            table.assign(clause_id=clause_id, name_zh=clause["name_zh"], name_en=clause["name_en"])
        )
    columns = ["clause_id", "name_zh", "name_en", "rank", "area_km2", "residential_km2",
               "people", "area_id", "area_name_zh", "geometry"]  # fmt: skip
    if not found:
        kinds = {"rank": int, "area_km2": float, **dict.fromkeys(_AMOUNTS, float)}
        empty = pd.DataFrame(columns=columns).astype(kinds)
        return gpd.GeoDataFrame(empty, crs=base.crs).rename_axis("gap_id")
    table = pd.concat(found, ignore_index=True)
    table["area_name_zh"] = [names.get(area, OUTSIDE) for area in table["area_id"]]
    table.index = pd.Index(
        [f"{row.clause_id}-{row.rank}" for row in table[["clause_id", "rank"]].itertuples()],
        name="gap_id",
    )
    return gpd.GeoDataFrame(table[columns], crs=base.crs)


def _cells(base: Base) -> pd.DataFrame:
    """Grid cell, its area, and amounts, of every place of people and piece of land."""
    point = pd.concat([base.demand.representative_point(), base.land.representative_point()])
    cells = pd.DataFrame(
        {
            "row": np.floor(point.y / GAP_CELL_M).astype(int).to_numpy(),
            "column": np.floor(point.x / GAP_CELL_M).astype(int).to_numpy(),
            "area_id": pd.concat([base.demand["area_id"], base.land["area_id"]]).to_numpy(),
            "people": np.append(base.demand["population"], np.zeros(len(base.land))),
            "residential_km2": np.append(np.zeros(len(base.demand)), base.land["area_m2"] / 1e6),
        }
    )
    sums = cells.groupby(["row", "column", "area_id"])[_AMOUNTS].sum().reset_index("area_id")
    ranked = sums.sort_values(_AMOUNTS, ascending=False, kind="stable")
    main = ranked.loc[~ranked.index.duplicated(), "area_id"]
    at = pd.MultiIndex.from_frame(cells[["row", "column"]])
    return cells.assign(area_id=main.reindex(at).to_numpy())


def _clause_gaps(cells: pd.DataFrame, share: Floats) -> pd.DataFrame:
    cells = cells.assign(**{name: cells[name] * (1.0 - share) for name in _AMOUNTS})
    cells = cells[(cells[_AMOUNTS] > 0).any(axis=1)]
    if cells.empty:
        return pd.DataFrame()
    south, west = cells["row"].min(), cells["column"].min()
    row, column = (cells["row"] - south).to_numpy(), (cells["column"] - west).to_numpy()
    grid = np.zeros((row.max() + 1, column.max() + 1), dtype=int)
    grid[row, column] = 1
    touching, _ = ndimage.label(grid, structure=np.ones((3, 3)))
    keys = pd.MultiIndex.from_arrays([touching[row, column], cells["area_id"]])
    codes, gap = keys.factorize()
    grid[row, column] = codes + 1
    shapes = cell_outlines(grid, west=west, south=south, cell_m=GAP_CELL_M)
    table = cells[_AMOUNTS].groupby(codes).sum()
    table = table.assign(
        area_id=[area_id for _, area_id in gap],
        geometry=shapes,
        area_km2=shapely.area(shapes) / 1e6,
    ).sort_values(_AMOUNTS, ascending=False, kind="stable")
    return table.assign(rank=np.arange(1, len(table) + 1))


def cell_outlines(
    labels: np.ndarray[Any, Any], *, west: int, south: int, cell_m: float
) -> np.ndarray[Any, Any]:
    """
    Outline of every label of a grid, in metres.

    Parameters
    ----------
    labels
        Whole numbers from 1 without gaps, 0 for none; the first row is the southernmost.
    west, south
        Column and row of the first cell, counted in cells from the origin.
    cell_m
        Size of a cell.

    Returns
    -------
    ndarray
        One multipolygon for each label; cells that touch at a corner are parts of it.
    """
    transform = Affine(cell_m, 0.0, west * cell_m, 0.0, cell_m, south * cell_m)
    found = list(features.shapes(labels.astype(np.int32), mask=labels > 0, transform=transform))
    order = np.argsort([label for _, label in found], kind="stable")
    owner = np.array([label for _, label in found], dtype=int)[order]
    rings = [found[position][0]["coordinates"] for position in order]
    parts = np.array([shapely.Polygon(ring[0], ring[1:]) for ring in rings], dtype=object)
    return np.asarray(shapely.multipolygons(parts, indices=owner - 1))


def worst_areas(standard: Standard, base: Base, served: pd.DataFrame) -> pd.DataFrame:
    """
    Areas ranked by how much their people go without.

    Parameters
    ----------
    standard, base, served
        As in `gaps`.

    Returns
    -------
    DataFrame
        Index ``rank``: ``area_id``, ``area_name_zh``, ``population``,
        ``missing_mean`` (number of clauses a person is not served by, on average),
        ``unserved`` (person-clauses, the rank), ``worst_zh`` and ``worst_en`` (the
        three clauses that serve fewest).
    """
    measured = served.loc["people"].loc[:, served.notna().all()]
    people = base.demand["population"]
    lacking = (1.0 - measured).mul(people.to_numpy(), axis=0)
    by_area = lacking.groupby(base.demand["area_id"].to_numpy()).sum()
    population = people.groupby(base.demand["area_id"].to_numpy()).sum()
    by_area, population = by_area[population > 0], population[population > 0]
    order = [row[row > 0].nlargest(3).index for _, row in by_area.iterrows()]
    names = base.area_names
    table = pd.DataFrame(
        {
            "area_id": by_area.index,
            "area_name_zh": [names.get(area, OUTSIDE) for area in by_area.index],
            "population": population,
            "missing_mean": by_area.sum(axis=1) / population,
            "unserved": by_area.sum(axis=1),
            "worst_zh": ["、".join(standard.clauses.loc[ids, "name_zh"]) for ids in order],
            "worst_en": ["; ".join(standard.clauses.loc[ids, "name_en"]) for ids in order],
        }
    ).sort_values("unserved", ascending=False)
    table.index = pd.RangeIndex(1, len(table) + 1, name="rank")
    return table
