"""Do the places of a gazetteer lie where their own words put them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from ._boundaries import division
from ._gazetteer import in_system

if TYPE_CHECKING:
    from collections.abc import Iterator

_FARTHEST_M = 1_000_000
_FARTHEST_KM = f"{_FARTHEST_M / 1000:,.0f}"
_SETTLEMENTS = ("seat", "town", "subdistrict", "village")


def gazetteer_faults(
    places: gpd.GeoDataFrame, *, boundaries: gpd.GeoDataFrame | None = None
) -> list[str]:
    """
    Hold a gazetteer against its own words, and against boundaries where they are given.

    Parameters
    ----------
    places
        As `read_gazetteer` gives them.
    boundaries
        Divisions as polygons (BOUNDARIES: index ``area_id``, ``name_zh``), in any system.

    Returns
    -------
    list of str
        One line per fault; empty if there is none. Checked:

        * a code of a division has only digits;
        * a point lies within 1,000 km of the middle of its area's points; where too few
          points agree to tell which is wrong, the two farthest apart are named;
        * a seat, town, subdistrict or village lies in its division, or no farther from it
          than its precision, where the boundaries hold that division;
        * a shape called 东西向 is wider than high, one called 南北向 higher than wide;
        * a drawn shape says in ``note_zh`` how it was drawn, and does not claim to be more
          precise than what it was drawn from.

    Raises
    ------
    InputError
        If `boundaries` have no system, lack a column or repeat a code.

    Examples
    --------
    >>> from spatialplan.plan import read_gazetteer
    >>> gazetteer_faults(read_gazetteer("jiangsu"))
    []
    """
    shown = None if boundaries is None else in_system(boundaries, places.crs)
    found = [
        *_code_faults(places),
        *_far_faults(places),
        *_direction_faults(places),
        *_drawing_faults(places),
    ]
    return found if shown is None else [*found, *_division_faults(places, shown)]


def _code_faults(places: gpd.GeoDataFrame) -> Iterator[str]:
    for place_id, code in places["area_id"].items():
        if code and not (code.isascii() and code.isdigit()):
            yield f"{place_id}: {code!r} is no code of a division"


def _far_faults(places: gpd.GeoDataFrame) -> Iterator[str]:
    """Points that no area holds: a sign or a digit is wrong, or lon and lat are swapped."""
    for _, points in places[places["operator"] == ""].groupby("owner"):
        middle = points.geometry.x.median(), points.geometry.y.median()
        off_m = _apart_m(points, shapely.Point(middle))
        far = off_m[off_m > _FARTHEST_M]
        if 2 * len(far) < len(points):  # the others agree
            for place_id in far.index:
                yield f"{place_id}: lies more than {_FARTHEST_KM} km from its area's points"
        elif len(far):
            one = far.idxmax()
            apart_m = _apart_m(points.drop(one), points.geometry[one])
            told = f"{apart_m.max() / 1000:,.0f}" if np.isfinite(apart_m.max()) else "thousands of"
            yield f"{one}: lies {told} km from {apart_m.idxmax()}; one of the two is wrong"


def _apart_m(points: gpd.GeoDataFrame, middle: shapely.Point) -> pd.Series[float]:
    """Way over the earth to a point; without end where the metric system loses either."""
    ends = [gpd.GeoSeries(list(at), crs=points.crs).to_crs(4326)
            for at in (points.geometry, [middle] * len(points))]  # fmt: skip
    degrees = [axis for end in ends for axis in (end.x, end.y)]
    _, _, apart_m = pyproj.Geod(ellps="WGS84").inv(*degrees)
    return pd.Series(np.nan_to_num(apart_m, nan=np.inf), index=points.index)


def _division_faults(places: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame) -> Iterator[str]:
    points = places[(places["operator"] == "") & places["kind"].isin(_SETTLEMENTS)]
    for place_id, point in points.iterrows():
        area = division(boundaries, point["area_id"])
        if area is None:
            continue
        off_m = area.distance(point.geometry)
        if off_m > point["precision_m"]:
            yield (
                f"{place_id}: lies {off_m:,.0f} m outside its division {point['area_id']}, "
                f"its precision is {point['precision_m']:,.0f} m"
            )


def _direction_faults(places: gpd.GeoDataFrame) -> Iterator[str]:
    bounds = places.geometry.bounds
    wider = (bounds["maxx"] - bounds["minx"]) > (bounds["maxy"] - bounds["miny"])
    for word, is_so in (("东西向", wider), ("南北向", ~wider)):
        named = places["name_zh"].str.contains(word) & (places["operator"] != "")
        for place_id in places.index[named & ~is_so]:
            yield f"{place_id}: is called {word}, but its drawing does not run that way"


def _drawing_faults(places: gpd.GeoDataFrame) -> Iterator[str]:
    for place_id, shape in places[places["operator"] != ""].iterrows():
        if not shape["note_zh"]:
            yield f"{place_id}: note_zh does not say how it was drawn"
        if shape["drawn_from"] == "open_data":
            continue  # as precise as the user's data, whatever its anchors are
        anchors = places["precision_m"].reindex(shape["places"])
        if anchors.max() > shape["precision_m"]:
            yield (
                f"{place_id}: precision {shape['precision_m']:,.0f} m, but it is drawn from "
                f"{anchors.idxmax()} with {anchors.max():,.0f} m"
            )
