"""What can be reached from a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan import crs
from spatialplan import reach
from spatialplan._files import require_parent
from spatialplan.base import drawn_from
from spatialplan.errors import InputError
from spatialplan.export import require_format
from spatialplan.export import write_table
from spatialplan.surroundings import Scene
from spatialplan.surroundings import people_inside
from spatialplan.surroundings import points_in

from ._prepared import base_of
from ._prepared import network_of
from ._prepared import tell_origin

if TYPE_CHECKING:
    import argparse

    import geopandas as gpd

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write the areas, or streets, within each limit of each place; tell how much they are."""
    require_format(require_parent(options.output), layer=True)
    pairs = {text: _lon_lat(text) for text in options.at}
    made = base_of(options)
    network = network_of(made, options)
    scene = Scene(made, network, made.facilities)
    places = _places(pairs, options.datum, scene)
    minutes, metres = options.minutes or (), options.metres or ()
    if options.streets:
        found = reach.reached_streets(places, network=network, minutes=minutes, metres=metres)
        lines = _street_lines(found, options)
    else:
        found = reach.isochrone(places, network=network, minutes=minutes, metres=metres)
        found = found.assign(people=people_inside(found, scene))
        lines = _area_lines(found, options)
    write_table(found.assign(drawn_from=drawn_from(made.demand)), options.output)
    for line in lines:
        voice.tell(line)
    tell_origin(made, voice)
    voice.tell(f"written: {options.output}")
    return 0


def _area_lines(areas: gpd.GeoDataFrame, options: argparse.Namespace) -> list[str]:
    unit, limit = _limit_unit(options)
    return [
        f"{row['place_id']}  {row[limit]:g} {unit}: {row['area_km2']:.3f} km2, "
        f"{row['street_km']:.1f} km of streets, {row['people']:,.0f} people"
        for _, row in areas.iterrows()
    ]


def _street_lines(streets: gpd.GeoDataFrame, options: argparse.Namespace) -> list[str]:
    unit, limit = _limit_unit(options)
    groups = streets.length.groupby([streets["place_id"], streets[limit]], sort=False)
    return [
        f"{place_id}  {most:g} {unit}: {parts.sum() / 1e3:.1f} km of streets, {len(parts):,} lines"
        for (place_id, most), parts in groups
    ]


def _limit_unit(options: argparse.Namespace) -> tuple[str, str]:
    return ("min", "limit_min") if options.minutes else ("m", "limit_m")


def _lon_lat(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError:
        raise InputError("--at", text, allowed="LON,LAT such as 14.5120,35.8970") from None
    return lon, lat


def _places(pairs: dict[str, tuple[float, float]], datum: str, scene: Scene) -> gpd.GeoDataFrame:
    """The places asked for, each once, in the system of the base."""
    lon, lat = crs.to_wgs84(*zip(*pairs.values(), strict=True), datum=datum)
    degrees = zip(lon.tolist(), lat.tolist(), strict=True)
    return points_in(scene, dict(zip(pairs, degrees, strict=True)), source="--at")
