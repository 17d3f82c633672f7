"""Edges of which some are closed, or have another speed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialplan._choices import SPEEDS_KMH
from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Sequence

Direction = Literal["both", "forward", "backward"]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_COLUMNS = ("closed_forward", "closed_backward")


def closures_of(edges: gpd.GeoDataFrame) -> Flags:
    """(edges, 2): whether each is closed from u to v, and back."""
    columns = [edges.get(name, np.zeros(len(edges), dtype=bool)) for name in _COLUMNS]
    return np.column_stack(columns)


def with_closures(
    edges: gpd.GeoDataFrame, edge_ids: Sequence[Hashable], direction: Direction
) -> gpd.GeoDataFrame:
    """Edges of which more are closed."""
    if direction not in get_args(Direction):
        known = ", ".join(get_args(Direction))
        raise InputError("direction", f"{direction!r}", allowed=known)
    shut = closures_of(edges)
    shut[_positions(edges, edge_ids)] |= [direction != "backward", direction != "forward"]
    return edges.assign(**dict(zip(_COLUMNS, shut.T, strict=True)))


def with_speeds(edges: gpd.GeoDataFrame, speeds_kmh: pd.Series[float]) -> gpd.GeoDataFrame:
    """Edges of which some have other speeds."""
    slow, fast = SPEEDS_KMH
    bad = speeds_kmh[~speeds_kmh.between(slow, fast)]
    if len(bad):
        raise InputError("speeds_kmh", f"{bad.iloc[0]} on edge {bad.index[0]}",
                         allowed=f"{slow:g} to {fast:g}")  # fmt: skip
    if speeds_kmh.index.has_duplicates:
        twice = speeds_kmh.index[speeds_kmh.index.duplicated()][0]
        raise InputError("speeds_kmh", f"edge {twice} comes twice")
    speeds = edges["speed_kmh"].to_numpy(dtype=float, copy=True)
    speeds[_positions(edges, list(speeds_kmh.index))] = speeds_kmh
    return edges.assign(speed_kmh=speeds)


def _positions(edges: gpd.GeoDataFrame, edge_ids: Iterable[Hashable]) -> Ints:
    """Where some edges stand in their table."""
    if isinstance(edge_ids, str) or not isinstance(edge_ids, Iterable):
        raise InputError("edge_ids", f"{edge_ids!r}", allowed="a list of edges")
    here: Ints = edges.index.get_indexer(pd.Index(list(edge_ids)))
    if (here < 0).any():
        raise InputError("edge_ids", f"no edge {list(edge_ids)[int(np.argmin(here))]!r}")
    return here
