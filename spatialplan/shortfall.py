"""Where people and land are not served: gaps as polygons, and the worst areas."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio import Affine
from rasterio import features
from scipy import ndimage

from .base import OUTSIDE
from .base import OUTSIDE_ID
from .base import drawn_from

if TYPE_CHECKING:
    from .base import Base
    from .standard import Standard

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

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
        (not served), ``people`` (not served), ``area_id`` (`OUTSIDE_ID` outside all
        areas), ``area_name_zh``, ``drawn_from``, polygon.
    """
    names = base.area_names
    lattice = _lattice(base)
    found = []
    for clause_id in served.columns[served.notna().all()]:
        table = _clause_gaps(lattice, served[clause_id].to_numpy())
        if table.empty:
            continue
        clause = standard.clause(clause_id)
        found.append(
            table.assign(clause_id=clause_id, name_zh=clause["name_zh"], name_en=clause["name_en"])
        )
    columns = ["clause_id", "name_zh", "name_en", "rank", "area_km2", "residential_km2",
               "people", "area_id", "area_name_zh", "drawn_from", "geometry"]  # fmt: skip
    if not found:
        kinds = {"rank": int, "area_km2": float, **dict.fromkeys(_AMOUNTS, float)}
        empty = pd.DataFrame(columns=columns).astype(kinds)
        return gpd.GeoDataFrame(empty, crs=base.crs).rename_axis("gap_id")
    table = pd.concat(found, ignore_index=True)
    table["area_id"] = table["area_id"].replace("", OUTSIDE_ID)
    table["area_name_zh"] = [names.get(area, OUTSIDE) for area in table["area_id"]]
    table["drawn_from"] = drawn_from(base.demand, base.land)
    table.index = pd.Index(
        [f"{row.clause_id}-{row.rank}" for row in table[["clause_id", "rank"]].itertuples()],
        name="gap_id",
    )
    return gpd.GeoDataFrame(table[columns], crs=base.crs)


class _Lattice(NamedTuple):
    """Grid cells that hold people or land, and which cell each place stands in."""

    row: Ints
    column: Ints
    area: Ints  # position of the cell's area in area_ids
    area_ids: list[str]
    cell: Ints  # of each place of people, then of each piece of land
    people: Floats
    residential_km2: Floats


def _lattice(base: Base) -> _Lattice:
    point = pd.concat([base.demand.representative_point(), base.land.representative_point()])
    at = np.floor(np.column_stack([point.y, point.x]) / GAP_CELL_M).astype(np.int64)
    cells, cell = np.unique(at, axis=0, return_inverse=True)
    cell = cell.ravel()
    row, column = cells.T
    people = np.append(base.demand["population"], np.zeros(len(base.land)))
    residential_km2 = np.append(np.zeros(len(base.demand)), base.land["area_m2"] / 1e6)
    own = pd.concat([base.demand["area_id"], base.land["area_id"]]).to_numpy()
    sums = pd.DataFrame(
        {"cell": cell, "own": own, "people": people, "residential_km2": residential_km2}
    )
    sums = sums.groupby(["cell", "own"], as_index=False).sum()
    ranked = sums.sort_values(_AMOUNTS, ascending=False, kind="stable")
    main = ranked.drop_duplicates("cell").sort_values("cell")["own"]
    area, area_ids = pd.factorize(main.to_numpy())
    ids = [str(area_id) for area_id in area_ids]
    return _Lattice(row, column, area, ids, cell, people, residential_km2)


def _clause_gaps(lattice: _Lattice, share: Floats) -> pd.DataFrame:
    count = len(lattice.row)
    people = np.bincount(lattice.cell, lattice.people * (1.0 - share), count)
    residential = np.bincount(lattice.cell, lattice.residential_km2 * (1.0 - share), count)
    hit = np.flatnonzero((people > 0) | (residential > 0))
    if not len(hit):
        return pd.DataFrame()
    south, west = lattice.row[hit].min(), lattice.column[hit].min()
    row, column = lattice.row[hit] - south, lattice.column[hit] - west
    grid = np.zeros((row.max() + 1, column.max() + 1), dtype=np.int64)
    grid[row, column] = 1
    touching, _ = ndimage.label(grid, structure=np.ones((3, 3)))
    keys = touching[row, column] * np.int64(len(lattice.area_ids)) + lattice.area[hit]
    gap, code = np.unique(keys, return_inverse=True)
    grid[row, column] = code + 1
    shapes = cell_outlines(grid, west=west, south=south, cell_m=GAP_CELL_M)
    table = pd.DataFrame(
        {
            "people": np.bincount(code, people[hit]),
            "residential_km2": np.bincount(code, residential[hit]),
            "area_id": [lattice.area_ids[key % len(lattice.area_ids)] for key in gap],
            "geometry": shapes,
            "area_km2": shapely.area(shapes) / 1e6,
        }
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
        Index ``rank``; places outside all areas come last, whatever they lack:
        ``area_id``, ``area_name_zh``, ``population``,
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
            "area_id": [area or OUTSIDE_ID for area in by_area.index],
            "area_name_zh": [names.get(area, OUTSIDE) for area in by_area.index],
            "population": population,
            "missing_mean": by_area.sum(axis=1) / population,
            "unserved": by_area.sum(axis=1),
            "worst_zh": ["、".join(standard.clauses.loc[ids, "name_zh"]) for ids in order],
            "worst_en": ["; ".join(standard.clauses.loc[ids, "name_en"]) for ids in order],
        }
    )
    outside = table["area_id"] == OUTSIDE_ID
    table = table.assign(outside=outside).sort_values(
        ["outside", "unserved"], ascending=[True, False]
    )
    table = table.drop(columns="outside")
    table.index = pd.RangeIndex(1, len(table) + 1, name="rank")
    return table
