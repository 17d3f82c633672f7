"""Which edges are closed, as columns of their table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Sequence

Direction = Literal["both", "forward", "backward"]
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
    here = edges.index.get_indexer(pd.Index(list(edge_ids)))
    if (here < 0).any():
        raise InputError("edge_ids", f"no edge {list(edge_ids)[int(np.argmin(here))]!r}")
    shut = closures_of(edges)
    shut[here] |= [direction != "backward", direction != "forward"]
    return edges.assign(**dict(zip(_COLUMNS, shut.T, strict=True)))
