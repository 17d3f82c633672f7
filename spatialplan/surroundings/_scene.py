"""A prepared area in one mode, as it is or as it might be."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from spatialplan.categories import require_category
from spatialplan.errors import InputError
from spatialplan.judgement import serving

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from spatialplan.base import Base
    from spatialplan.engine import Places
    from spatialplan.network import Cost
    from spatialplan.network import Network
    from spatialplan.standard import Part

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

_MARGIN_DEG = 0.05  # a place may lie this far outside the streets


@dataclass(frozen=True)
class Scene:
    """
    A prepared area and its streets of one mode, with what is made of them once for all places.

    Parameters
    ----------
    base
        The area.
    network
        The streets that are asked.
    facilities
        FACILITIES: those of the area, and those that were added.
    fewer
        The scene without the last of the facilities, if they were added to one.
    """

    base: Base
    network: Network
    facilities: gpd.GeoDataFrame
    fewer: Scene | None = None

    def __repr__(self) -> str:
        return f"<Scene {self.base.area_id}: {self.network!r}>"

    @property
    def _known(self) -> int:
        """How many of the facilities stand in the scene with fewer."""
        return 0 if self.fewer is None else len(self.fewer.facilities)

    @cached_property
    def gates(self) -> pd.DataFrame:
        """Where facilities are entered: their positions, ascending, and `Network.locate_gates`."""
        table = self.facilities.iloc[self._known :].reset_index(drop=True)
        own = self.network.locate_gates(table)
        if self.fewer is None:
            return own
        return pd.concat([self.fewer.gates, own.set_index(own.index + self._known)])

    @cached_property
    def first_gates(self) -> Ints:
        """Position of the first gate of each facility."""
        return np.searchsorted(self.gates.index, np.arange(len(self.facilities)))

    def arrivals(self, cost: Cost) -> Places:
        """Return the ends of streets through which the gates are reached."""
        if cost not in self._arrivals:
            self._arrivals[cost] = self.network.arrivals(self.gates, cost)
        return self._arrivals[cost]

    @cached_property
    def _arrivals(self) -> dict[Cost, Places]:
        return {}

    def positions(self, part: Part) -> Ints:
        """Positions of the facilities that can serve a part of a clause."""
        if part not in self._positions:
            table = self.facilities.iloc[self._known :].reset_index(drop=True)
            own = serving(part, table).index.to_numpy(dtype=np.int64) + self._known
            before = [] if self.fewer is None else [self.fewer.positions(part)]
            self._positions[part] = np.concatenate([*before, own])
        return self._positions[part]

    @cached_property
    def _positions(self) -> dict[Part, Ints]:
        return {}

    @cached_property
    def by_category(self) -> Mapping[str, Ints]:
        """Positions of the facilities of each category that there is."""
        return dict(self.facilities.groupby("category", sort=False).indices)

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """What facilities are called: ``place_id``, ``facility_zh`` and ``facility_en``."""
        table = self.facilities
        english = table["name_en"].fillna("") if "name_en" in table else [""] * len(table)
        return {
            "place_id": [str(label) for label in table.index],
            "facility_zh": list(table["name_zh"]),
            "facility_en": list(english),
        }

    @cached_property
    def degrees(self) -> Floats:
        """Longitude and latitude, WGS 84, of a point in each facility."""
        table = self.facilities.iloc[self._known :]
        points = table.geometry.representative_point().to_crs(4326)
        own = shapely.get_coordinates(points.array)
        return own if self.fewer is None else np.concatenate([self.fewer.degrees, own])

    @cached_property
    def extent(self) -> tuple[float, ...]:
        """West, south, east and north end of the streets, in degrees."""
        if self.fewer is not None:
            return self.fewer.extent
        box = shapely.box(*self.network.edges.total_bounds)
        return tuple(gpd.GeoSeries([box], crs=self.base.crs).to_crs(4326).total_bounds)

    @cached_property
    def from_degrees(self) -> pyproj.Transformer:
        """From longitude and latitude, WGS 84, into the system of the base."""
        return pyproj.Transformer.from_crs(4326, self.base.crs, always_xy=True)

    @cached_property
    def people(self) -> shapely.STRtree:
        """Tree of the points at which people live."""
        if self.fewer is not None:
            return self.fewer.people
        return shapely.STRtree(self.base.demand.geometry.representative_point().to_numpy())


def scene_of(base: Base, *, mode: str = "walk") -> Scene:
    """
    A prepared area as it is.

    Parameters
    ----------
    base
        From `read_base`.
    mode
        One that the base has.

    Returns
    -------
    Scene
        What is made of it, such as where its facilities stand, is made once.

    Raises
    ------
    InputError
        If the base has no streets of this mode.
    """
    if mode not in base.networks:
        raise InputError("mode", repr(mode), allowed=", ".join(base.networks))
    return Scene(base, base.networks[mode], base.facilities)


def with_closures(scene: Scene, barriers: Sequence[shapely.LineString]) -> Scene:
    """
    A scene in which streets are closed.

    Parameters
    ----------
    scene
        What it is before; it stays as it is.
    barriers
        Lines in the system of the base: every street that one of them touches is closed
        (no ferry is) both ways, in its middle (see `Network.closed`).

    Returns
    -------
    Scene
        Places and facilities stand where they stood, however near another street is.
    """
    network = scene.network
    _, crossed = network.edges.sindex.query(
        np.array(barriers, dtype=object), predicate="intersects"
    )
    crossed = np.intersect1d(crossed, network.land_streets)  # a ferry stays open
    if not len(crossed):
        return scene
    same = copy(scene)  # with what has been made of facilities and people
    same.__dict__.pop("_arrivals", None)
    same.__dict__["network"] = network.closed(list(network.edges.index[crossed]))
    return same


def with_facilities(scene: Scene, added: gpd.GeoDataFrame) -> Scene:
    """
    A scene with further facilities.

    Parameters
    ----------
    scene
        What it is before; it stays as it is.
    added
        ``category`` and points, in any coordinate system, on labels that no facility has.

    Returns
    -------
    Scene
        They are imagined (``drawn_from`` is ``synthetic``); their size is not known, and
        so proves none where a clause asks for one.

    Raises
    ------
    InputError
        If a category is unknown or a label is taken.
    """
    for category in added["category"]:
        require_category(category, source="added")
    table = scene.facilities
    taken = added.index[added.index.isin(table.index)]
    if len(taken):
        raise InputError("added", f"{taken[0]} is a facility of {scene.base.area_id}",
                         do="give it another label")  # fmt: skip
    texts = dict.fromkeys(("name_zh", "stand_in_zh", "stand_in_en", "source"), "")
    rows = added[["category", "geometry"]].to_crs(table.crs)
    rows = rows.assign(**texts, drawn_from="synthetic", area_id="")
    both = pd.concat([table, rows[[name for name in rows if name in table]]])
    both = gpd.GeoDataFrame(both.rename_axis(table.index.name), crs=table.crs)
    return Scene(scene.base, scene.network, both, scene)


def points_in(
    scene: Scene, at: Mapping[str, tuple[float, float]], *, source: str = "place"
) -> gpd.GeoDataFrame:
    """
    Points in degrees as places of an area.

    Parameters
    ----------
    scene
        The area.
    at
        Longitude and latitude, WGS 84, of each place by its label.
    source
        What to name in a refusal.

    Returns
    -------
    GeoDataFrame
        Index ``place_id``, points in the system of the base.

    Raises
    ------
    InputError
        If a point lies more than 0.05 degrees outside the streets.
    """
    west, south, east, north = scene.extent
    for label, (lon, lat) in at.items():
        if not (
            west - _MARGIN_DEG <= lon <= east + _MARGIN_DEG
            and south - _MARGIN_DEG <= lat <= north + _MARGIN_DEG
        ):
            raise InputError(
                source, f"{label} is not in {scene.base.area_id}",
                allowed=f"longitude {west:.4f} to {east:.4f}, latitude {south:.4f} to {north:.4f}",
                do="check the order (longitude first) and the datum",
            )  # fmt: skip
    degrees = np.array(list(at.values())).T
    points = gpd.points_from_xy(*scene.from_degrees.transform(*degrees), crs=scene.base.crs)
    return gpd.GeoDataFrame(geometry=points, index=pd.Index(list(at), name="place_id"))
