"""The graphs of the benchmark: generated cities, and two real ones where they are at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bench.cities import City
from bench.cities import generated_city
from bench.cities import inhabited
from spatialplan.streets import read_streets

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
STREETS = ROOT.parent / "shared" / "data" / "streets"
WUHAN = STREETS / "wuhan_8989_original.parquet"
MALTA = STREETS / "malta-latest.osm.pbf"

FAST = {"motorway": 80.0, "trunk": 80.0, "primary": 45.0, "secondary": 45.0}
"""Assumed speeds in Wuhan, whose file has none; 25 km/h elsewhere."""

Array = np.ndarray[Any, Any]


def wuhan() -> City:
    """All nodes of the file, both ways everywhere; it names no one-way streets."""
    streets = gpd.read_parquet(WUHAN)
    names, ends = np.unique(streets[["u", "v"]].to_numpy(), return_inverse=True)
    ends = ends.reshape(-1, 2)
    xy = np.empty((len(names), 2))
    for end in (0, 1):
        xy[ends[:, end]] = shapely.get_coordinates(shapely.get_point(streets.geometry, -end))
    speed_kmh = streets["highway"].astype(str).str.removesuffix("_link").map(FAST).fillna(25.0)
    edges = pd.DataFrame({"length_m": streets.length, "speed_kmh": speed_kmh, "oneway": False})
    return _largest_part(xy, ends, edges, modes=("walk", "drive"))


def malta(mode: str) -> City:
    """Streets of one mode, as the project reads them."""
    nodes, edges = read_streets(MALTA, modes=[mode])[mode]
    ends = np.column_stack([nodes.index.get_indexer(edges[end]) for end in ("u", "v")])
    return _largest_part(shapely.get_coordinates(nodes.geometry.array), ends, edges, modes=(mode,))


def _largest_part(xy: Array, ends: Array, edges: pd.DataFrame, *, modes: tuple[str, ...]) -> City:
    """Inhabit the component with the most nodes."""
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(xy), len(xy)))
    _, component = connected_components(graph, directed=False)
    kept = component == np.bincount(component).argmax()
    place, inside = np.cumsum(kept) - 1, kept[ends[:, 0]]
    length_m, speed_kmh = (
        edges.loc[inside, column].to_numpy(float) for column in ("length_m", "speed_kmh")
    )
    oneway = edges.loc[inside, "oneway"].to_numpy(bool)
    time_s = length_m / (speed_kmh / 3.6)
    return inhabited(
        xy[kept], place[ends[inside]], length_m, time_s, oneway, modes=modes, seed=1
    )  # fmt: skip


GRAPHS: dict[str, tuple[Callable[[], City], Path | None]] = {
    "syn3k": (lambda: generated_city(3_000), None),
    "syn10k": (lambda: generated_city(10_000), None),
    "malta-walk": (lambda: malta("walk"), MALTA),
    "malta-drive": (lambda: malta("drive"), MALTA),
    "wuhan": (wuhan, WUHAN),
    "syn50k": (lambda: generated_city(50_000), None),
    "syn250k": (lambda: generated_city(250_000), None),
    "syn1M": (lambda: generated_city(1_000_000), None),
    "syn5M": (lambda: generated_city(5_000_000), None),
}
"""How each is made, and the file it needs."""
