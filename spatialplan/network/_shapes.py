"""Shapes and numbers, apart from any network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_UNITS = 1e15
"""Longer than any way, and so short that no sum of such costs wraps around."""


def nearest(
    tree: shapely.STRtree, edges: Ints, points: np.ndarray[Any, Any]
) -> tuple[Ints, Floats]:
    """Nearest edge of each shape, and the straight line to it."""
    (_, hit), metres = tree.query_nearest(points, return_distance=True, all_matches=False)
    return edges[hit], metres


def rounded(amount: Any) -> Ints:
    """Whole numbers nearest to some amounts, or `MOST_UNITS`."""
    units: Ints = np.rint(np.minimum(amount, MOST_UNITS)).astype(np.int64)
    return units


def foot_of_area(areas: np.ndarray[Any, Any], lines: np.ndarray[Any, Any]) -> Any:
    """Point of each line that is nearest to each area."""
    return shapely.get_point(shapely.shortest_line(lines, areas), 0)


def crs_name(crs: Any) -> str:
    """How a coordinate system is told to the reader of a message."""
    return "missing" if crs is None else str(crs.to_string())


def crossings(
    areas: np.ndarray[Any, Any], tree: shapely.STRtree, edges: Ints, lines: np.ndarray[Any, Any]
) -> pd.DataFrame:
    """Points where some edges, those of the tree, cross the outline of areas."""
    outlines = shapely.boundary(areas)
    place, hit = tree.query(outlines, predicate="intersects")
    edge = edges[hit]
    cuts = shapely.intersection(lines[edge], outlines[place])
    points, owner = shapely.get_parts(shapely.extract_unique_points(cuts), return_index=True)
    edge, place = edge[owner], place[owner]
    share = shapely.line_locate_point(lines[edge], points, normalized=True)
    return pd.DataFrame({"place": place, "edge": edge, "share": share, "access_m": 0.0})


def edges_by_node(ends: Ints, nodes: int) -> tuple[Ints, Ints]:
    """Edges at every node, in compressed rows; those with both ends there come twice."""
    order = np.argsort(ends.ravel(), kind="stable")
    starts = np.searchsorted(ends.ravel()[order], np.arange(nodes + 1))
    return starts, order // 2
