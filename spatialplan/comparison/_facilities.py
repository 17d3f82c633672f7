"""Which facilities came and which went."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from spatialplan.base import Base

Flags = np.ndarray[Any, np.dtype[np.bool_]]

_SAME_M = 25.0  # what two dates of one map move a facility that stands where it stood


def facility_changes(before: Base, after: Base) -> gpd.GeoDataFrame:
    """
    Facilities of one state that the other does not have.

    A facility is in both if the other state has one of its category under the same id, or
    within 25 m.

    Parameters
    ----------
    before, after
        Two states of one area.

    Returns
    -------
    GeoDataFrame
        Index ``place_id``; ``change`` (``added`` or ``removed``), ``category``,
        ``name_zh`` and the geometry.
    """
    columns = ["change", "category", "name_zh", "geometry"]
    found = [
        own[~known_in(own, other)].assign(change=change).reindex(columns=columns)
        for change, own, other in (
            ("added", after.facilities, before.facilities),
            ("removed", before.facilities, after.facilities),
        )
    ]
    return gpd.GeoDataFrame(pd.concat(found), crs=before.crs)


def known_in(
    own: gpd.GeoDataFrame, other: gpd.GeoDataFrame
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each facility of a state is in the other one."""
    ids = pd.MultiIndex.from_arrays([other.index, other["category"]])
    known = np.asarray(pd.MultiIndex.from_arrays([own.index, own["category"]]).isin(ids))
    rest = np.flatnonzero(~known)
    mine, theirs = shapely.STRtree(other.geometry.to_numpy()).query(
        own.geometry.to_numpy()[rest], predicate="dwithin", distance=_SAME_M
    )
    alike = own["category"].to_numpy()[rest[mine]] == other["category"].to_numpy()[theirs]
    known[rest[mine[alike]]] = True
    return known
