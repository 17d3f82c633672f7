"""What tables must promise to be streets."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np

from spatialplan._choices import SPEEDS_KMH
from spatialplan.errors import SchemaError
from spatialplan.schema import EDGES
from spatialplan.schema import NODES
from spatialplan.schema import check


def require_streets(
    nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame, ends: np.ndarray[Any, np.dtype[np.int64]]
) -> None:
    """
    Refuse tables that are no streets.

    Parameters
    ----------
    nodes, edges
        NODES and EDGES.
    ends
        Positions of the nodes at both ends of every edge, -1 where there is none.

    Raises
    ------
    SchemaError
        With all that is wrong with the edges.
    """
    check(nodes, NODES)
    check(edges, EDGES)
    ferries_only = "highway" in edges.columns and (edges["highway"] == "ferry").all()
    faults = ["no street"] if ferries_only or edges.empty else []
    if (ends < 0).any():
        bad = edges.index[(ends < 0).any(axis=1)]
        faults.append(f"{len(bad)} end at a node that is not in `nodes`, first edge {bad[0]}")
    if not np.isfinite(edges["length_m"]).all():
        faults.append("'length_m' is not finite")
    slow, fast = SPEEDS_KMH
    if not edges["speed_kmh"].between(slow, fast).all():
        faults.append(f"'speed_kmh' is not from {slow:g} to {fast:g}")
    if faults:
        raise SchemaError("edges", "; ".join(faults))
