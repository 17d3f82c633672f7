"""Fixtures that several test files use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from spatialplan.network import Network

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference data beside the project; it is no part of the project."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("reference data (../shared) is not beside the project")
    return folder


def make_network(
    lengths: Sequence[tuple[int, int, float]],
    at: dict[int, tuple[float, float]],
    *,
    oneway: Sequence[int] = (),
    mode: str = "walk",
) -> Network:
    """Build a network of straight edges (u, v, length) between points; walked at 3.6 km/h."""
    nodes = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(*zip(*at.values(), strict=True)),
        index=pd.Index(list(at), name="node_id"),
        crs=4549,
    )
    edges = gpd.GeoDataFrame(
        {
            "u": [u for u, _, _ in lengths],
            "v": [v for _, v, _ in lengths],
            "length_m": [float(length) for _, _, length in lengths],
            "speed_kmh": 3.6,
            "oneway": [position in oneway for position in range(len(lengths))],
        },
        geometry=[shapely.LineString([at[u], at[v]]) for u, v, _ in lengths],
        index=pd.RangeIndex(len(lengths), name="edge_id"),
        crs=4549,
    )
    return Network(mode, nodes, edges)


def make_points(*at: tuple[float, float], index: Sequence[str] = ()) -> gpd.GeoDataFrame:
    """Build a table of points named a, b, c ... unless `index` says otherwise."""
    names = list(index) or [chr(ord("a") + position) for position in range(len(at))]
    points = [shapely.Point(*place) for place in at]
    return gpd.GeoDataFrame(geometry=points, index=pd.Index(names, name="place_id"), crs=4549)


@pytest.fixture
def cross() -> Network:
    """
    Five nodes, four roads of 600 m (ten minutes at 1 m/s); 5 and 6 are an island.

              3
              |
        1 --- 0 --- 2        5 - 6
              |
              4
    """
    at = {
        0: (0.0, 0.0),
        1: (-600.0, 0.0),
        2: (600.0, 0.0),
        3: (0.0, 600.0),
        4: (0.0, -600.0),
        5: (2000.0, 0.0),
        6: (2100.0, 0.0),
    }
    roads = [(0, 1, 600), (0, 2, 600), (0, 3, 600), (0, 4, 600), (5, 6, 100)]
    return make_network(roads, at)
