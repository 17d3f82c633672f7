"""What the explorer answers, apart from how it is asked: plain values in, plain values out."""

from __future__ import annotations

import json
import math
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from spatialplan import surroundings
from spatialplan._choices import MODE_NAMES
from spatialplan.base import drawn_from
from spatialplan.cartography import read_style
from spatialplan.categories import read_categories
from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.export import geojson_text
from spatialplan.export import geometry_texts
from spatialplan.export import write_table
from spatialplan.export import write_tables

from ._models import USUAL_MINUTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan._choices import Measure
    from spatialplan.base import Base
    from spatialplan.standard import Standard
    from spatialplan.surroundings import Scene
    from spatialplan.surroundings import Spot

    from ._models import ExportQuestion
    from ._models import Question
    from ._models import RouteQuestion
    from ._models import _Place

_KEPT = 8
"""Scenes with closed streets, and with further facilities, that are kept for the next question."""

_ALL_ZH, _ALL_EN = "全部设施类别（不按标准）", "All categories (no standard)"
_MEASURES: dict[str, Measure] = {"min": "time_min", "m": "distance_m"}

Lines = tuple[tuple[tuple[float, float], ...], ...]


class Explorer:
    """
    A prepared area that is asked about places.

    Parameters
    ----------
    base
        A prepared area.
    standards
        Those one can choose from; the first is shown first.
    """

    def __init__(self, base: Base, standards: Sequence[Standard]) -> None:
        self._base = base
        self._standards = {standard.standard_id: standard for standard in standards}
        self._scene = lru_cache(maxsize=len(MODE_NAMES))(self._new_scene)
        self._shut = lru_cache(maxsize=_KEPT)(self._new_shut)
        self._with = lru_cache(maxsize=_KEPT)(self._new_with)

    def warm_up(self) -> None:
        """
        Ask one question of each mode, so that no reader waits for what is made once.

        Raises
        ------
        InputError
            If the base has no walking streets, which standards are judged on.
        """
        self._scene("walk")
        for mode in self._base.networks:
            scene = self._scene(mode)
            west, south, east, north = scene.extent
            spot = surroundings.spot_at(scene, (west + east) / 2, (south + north) / 2)
            surroundings.area_rows(spot, minutes=USUAL_MINUTES)
            surroundings.category_rows(spot, limit_min=max(USUAL_MINUTES))

    def area(self) -> dict[str, Any]:
        """What there is to choose from; the front end's router is made of it."""
        west, south, east, north = self._scene(next(iter(self._base.networks))).extent
        colours = read_style()["category_groups"]
        named = [
            {"id": one.standard_id, "title_zh": one.title_zh, "title_en": one.title_en}
            for one in self._standards.values()
            if "walk" in self._base.networks
        ]
        return {
            "area_id": self._base.area_id,
            "title_zh": self._base.title("zh"),
            "title_en": self._base.title("en"),
            "bounds": [west, south, east, north],
            "drawn_from": drawn_from(self._base.demand),
            "modes": [
                {"id": mode, "name_zh": MODE_NAMES[mode][0], "name_en": MODE_NAMES[mode][1]}
                for mode in self._base.networks
            ],
            "standards": [*named, {"id": "", "title_zh": _ALL_ZH, "title_en": _ALL_EN}],
            "minutes": [*USUAL_MINUTES],
            "categories": [
                {"id": key, "name_zh": zh, "name_en": en, "color": colours[group]}
                for key, zh, en, group in read_categories()[
                    ["name_zh", "name_en", "group"]
                ].itertuples(name=None)
            ],
        }

    def answer(self, asked: Question) -> dict[str, Any]:
        """All that the page shows of a place."""
        start = time.perf_counter()
        spot = self._spot(asked)
        areas = surroundings.area_rows(spot, minutes=asked.minutes)
        shapes = gpd.GeoSeries([row.pop("area") for row in areas], crs=self._base.crs)
        return {
            "place": _foot(spot),
            "bands": _bands([row["limit_min"] for row in areas], shapes),
            "areas": areas,
            "checklist": self._rows(asked, spot),
            "ms": round((time.perf_counter() - start) * 1000, 1),
        }

    def checklist(self, asked: Question) -> dict[str, Any]:
        """What a place has near it."""
        spot = self._spot(asked)
        return {"place": _foot(spot), "checklist": self._rows(asked, spot)}

    def isochrone(self, asked: Question) -> str:
        """Areas in reach as GeoJSON, the same text as the command `isochrone` writes."""
        areas = surroundings.reached_areas(self._spot(asked), minutes=asked.minutes)
        return geojson_text(areas.assign(drawn_from=drawn_from(self._base.demand)))

    def route(self, asked: RouteQuestion) -> dict[str, Any]:
        """The way to a facility or point as a GeoJSON feature."""
        spot = self._spot(asked)
        table = spot.scene.facilities
        if asked.to.place_id in table.index:
            target = table.loc[[asked.to.place_id]]
        else:
            target = surroundings.points_in(spot.scene, {"to": (asked.to.lng, asked.to.lat)})
        found = surroundings.route(spot, target, measure=_MEASURES[asked.to.unit])
        if found.empty:
            raise NotFoundError("route: there is no way to this place")
        feature: dict[str, Any] = json.loads(geojson_text(found))["features"][0]
        return feature

    def exported(self, asked: ExportQuestion) -> bytes:
        """What is seen of a place, as the bytes of a file."""
        spot = self._spot(asked)
        areas = surroundings.reached_areas(spot, minutes=asked.minutes)
        found = pd.DataFrame(self._rows(asked, spot)).set_index("id")
        found = found.astype(dict.fromkeys(("minutes", "metres", "lng", "lat"), float))
        found = found.round({"minutes": 2, "metres": 1})
        points = gpd.points_from_xy(found["lng"], found["lat"], crs=4326)
        points[found["lng"].isna()] = None
        rows = gpd.GeoDataFrame(found.drop(columns=["lng", "lat"]), geometry=points)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"explorer.{asked.format}"
            if asked.format == "xlsx":
                sheets = {"areas": pd.DataFrame(areas.drop(columns="geometry"))}
                write_tables(rows, sheets | {"basis": self._basis(asked, spot)}, path)
            else:
                layers = {"place": spot.place, "band": areas, "facility": rows.reset_index()}
                told = [table.to_crs(4326).assign(kind=kind) for kind, table in layers.items()]
                write_table(gpd.GeoDataFrame(pd.concat(told, ignore_index=True)), path)
            return path.read_bytes()

    def _basis(self, asked: Question, spot: Spot) -> pd.DataFrame:
        """What a table that leaves this machine must say of itself."""
        standard = self._standards.get(asked.standard)
        told = {
            "area": self._base.title("zh"),
            "lng": asked.lng,
            "lat": asked.lat,
            "access_m": round(float(spot.here["access_m"].iloc[0]), 1),
            "mode": asked.mode,
            "standard": standard.title_zh if standard else _ALL_ZH,
            "checklist": "walk" if standard else asked.mode,
            "barriers": len(asked.closed),
            "added facilities": len(asked.added),
            "drawn_from": drawn_from(self._base.demand, spot.scene.facilities),
            **{
                f"source: {source['title']}": f"{source['date']} {source['licence']}".strip()
                for source in self._base.sources
            },
        }
        return pd.DataFrame(told.items(), columns=["what", "value"])

    def _rows(self, asked: Question, spot: Spot) -> list[dict[str, Any]]:
        """By category; or by clause, on foot whatever the mode is, as standards judge."""
        mode = "walk" if asked.standard else asked.mode
        if not asked.standard:
            found = surroundings.category_rows(spot, limit_min=max(asked.minutes))
        else:
            if asked.standard not in self._standards:
                known = ", ".join(self._standards)
                raise InputError("standard", repr(asked.standard), allowed=known)
            if asked.mode != "walk":
                spot = self._spot(asked.model_copy(update={"mode": "walk"}))
            found = surroundings.clause_rows(spot, self._standards[asked.standard])
        plain = [{key: _plain(value) for key, value in row.items()} for row in found]
        return [{"mode": mode, **row} for row in plain]

    def _spot(self, asked: _Place) -> Spot:
        added = tuple((one.category, one.lng, one.lat) for one in getattr(asked, "added", ()))
        closed = tuple(tuple(line) for line in asked.closed)
        scene = self._with(asked.mode, closed, added)
        return surroundings.spot_at(scene, asked.lng, asked.lat)

    def _new_with(self, mode: str, closed: Lines, added: tuple[Any, ...]) -> Scene:
        scene = self._shut(mode, closed)
        if not added:
            return scene
        at = {f"added-{k}": (lng, lat) for k, (_, lng, lat) in enumerate(added, start=1)}
        places = surroundings.points_in(scene, at, source="added")
        categories = [category for category, _, _ in added]
        return surroundings.with_facilities(scene, places.assign(category=categories))

    def _new_shut(self, mode: str, closed: Lines) -> Scene:
        scene = self._scene(mode)
        if not closed:
            return scene
        lines = gpd.GeoSeries([shapely.LineString(line) for line in closed], crs=4326)
        return surroundings.with_closures(scene, lines.to_crs(self._base.crs).tolist())

    def _new_scene(self, mode: str) -> Scene:
        return surroundings.scene_of(self._base, mode=mode)


def _foot(spot: Spot) -> dict[str, float]:
    """Where a spot stands on the street."""
    lon, lat = spot.foot
    access_m = float(spot.here["access_m"].iloc[0])
    return {"lng": round(lon, 6), "lat": round(lat, 6), "access_m": round(access_m, 2)}


def _bands(limits_min: Sequence[float], shapes: gpd.GeoSeries) -> dict[str, Any]:
    """Areas as GeoJSON, each with its limit."""
    features = [
        {"type": "Feature", "properties": {"limit_min": limit}, "geometry": json.loads(text)}
        for limit, text in zip(limits_min, geometry_texts(shapes), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _plain(value: Any) -> Any:
    """A value of a row; what is no number is missing."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
