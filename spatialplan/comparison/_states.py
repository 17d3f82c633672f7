"""Whether two states of an area can be compared, and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Literal

import numpy as np
import shapely

from spatialplan.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

    from spatialplan.base import Base

PeopleBasis = Literal["places", "total", "neither"]

_SAME_TOTAL = 1e-3  # share of the people by which two totals may differ
_SAME_PLACE_M = 1.0


def require_one_area(before: Base, after: Base) -> None:
    """Raise `InputError` unless two bases are of one system and their streets overlap."""
    if before.crs != after.crs:
        raise InputError("after", f"system {after.crs.to_string()}",
                         allowed=f"that of the state before, {before.crs.to_string()}",
                         do="prepare both in one way")  # fmt: skip
    boxes = [shapely.box(*base.networks["walk"].edges.total_bounds) for base in (before, after)]
    if not boxes[0].intersects(boxes[1]):
        raise InputError("after", f"{after.area_id} lies elsewhere than {before.area_id}",
                         do="give two states of one area")  # fmt: skip


def people_basis(before: Base, after: Base) -> PeopleBasis:
    """
    What the people of two states have in common.

    Parameters
    ----------
    before, after
        Two states of one area.

    Returns
    -------
    str
        ``places``: the same people at the same places, so that each can be said to gain or
        lose; ``total``: the same number elsewhere, so that only shares compare;
        ``neither``: shares change with the people, too.
    """
    one, other = before.demand, after.demand
    if _same_rows(one, other) and np.allclose(one["population"], other["population"]):
        return "places"
    totals = one["population"].sum(), other["population"].sum()
    return "total" if abs(totals[0] - totals[1]) <= _SAME_TOTAL * max(totals) else "neither"


def same_areas(before: Base, after: Base) -> bool:
    """Whether both states have areas to report by, and the same."""
    return len(before.boundaries) > 0 and _same_rows(before.boundaries, after.boundaries)


def _same_rows(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Whether two tables have the same rows at the same places."""
    return one.index.equals(other.index) and bool(
        one.geometry.geom_equals_exact(other.geometry, tolerance=_SAME_PLACE_M).all()
    )
