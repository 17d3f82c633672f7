"""Areas in reach of a spot, and who lives there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan import reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from ._scene import Scene
    from ._spot import Spot


def reached_areas(spot: Spot, *, minutes: Sequence[float]) -> gpd.GeoDataFrame:
    """
    Areas that can be reached from a spot within some minutes, and who lives there.

    Parameters
    ----------
    spot
        From `spot_at`.
    minutes
        Limits, above 0.

    Returns
    -------
    GeoDataFrame
        As `reach.isochrone`, the largest first, and ``people``.

    Raises
    ------
    InputError
        If the limits are missing or out of range.
    """
    areas = reach.located_isochrone(spot.here, network=spot.scene.network, minutes=minutes)
    return areas.assign(people=people_inside(areas, spot.scene))


def people_inside(areas: gpd.GeoDataFrame, scene: Scene) -> list[float]:
    """
    People who live in each of some areas, by the points at which the base has them.

    Parameters
    ----------
    areas
        Polygons in the system of the base.
    scene
        Whose people are counted.

    Returns
    -------
    list of float
        One sum for each area.
    """
    return [_people(area, scene) for area in areas.geometry]


def area_rows(spot: Spot, *, minutes: Sequence[float]) -> list[dict[str, Any]]:
    """
    Rows of `reached_areas` for one click, without the table.

    Parameters
    ----------
    spot, minutes
        As in `reached_areas`.

    Returns
    -------
    list of dict
        The largest first: ``limit_min``, ``area_km2``, ``street_km``, ``people``, and
        ``area``, the shape.

    Raises
    ------
    InputError
        If the limits are missing or out of range.
    """
    found = reach.reached_areas(spot.here, network=spot.scene.network, minutes=minutes)
    return [
        {"limit_min": one.limit, "area_km2": one.area_km2, "street_km": one.street_km,
         "people": _people(one.area, spot.scene), "area": one.area}
        for one in found
    ]  # fmt: skip


def _people(area: Any, scene: Scene) -> float:
    people = scene.base.demand["population"].to_numpy()
    return float(people[scene.people.query(area, predicate="intersects")].sum())
