"""A town of a few streets, as the files a user may bring."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WEST, SOUTH, STEP, SIZE = 119.970, 31.810, 0.001, 6  # streets about 95 and 111 m apart
PEOPLE = "id,lon,lat,population\n1,119.9722,31.8121,300\n2,119.9741,31.8144,100\n"
SHOPS = (
    "name,lon,lat,category\n实验小学,119.9725,31.8125,primary_school\n药店,119.974,31.811,药店\n"
)


def write_town(folder: Path) -> Path:
    """Write streets, people, shops, areas, homes and the same town as OSM; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [[at(column, row) for column in range(SIZE)] for row in range(SIZE)]
    lines += [[at(column, row) for row in range(SIZE)] for column in range(SIZE)]
    write_geojson(folder / "streets.geojson", "LineString", lines)
    west, east = lines[0][0], lines[SIZE - 1][SIZE - 1]
    square = [west, [east[0], west[1]], east, [west[0], east[1]], west]
    write_geojson(folder / "areas.geojson", "Polygon", [[square]])
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "shops.csv").write_text(SHOPS, "utf-8")
    (folder / "town.osm").write_text(osm_text(), "utf-8")
    return folder


def at(column: int, row: int) -> list[float]:
    """Return the longitude and latitude of a crossing."""
    return [round(WEST + column * STEP, 6), round(SOUTH + row * STEP, 6)]


def write_geojson(path: Path, kind: str, shapes: list[list[list[float]]]) -> None:
    """Write shapes of one kind, without a coordinate system, as most files are."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"{number}街"},
            "geometry": {"type": kind, "coordinates": shape},
        }
        for number, shape in enumerate(shapes, start=1)
    ]
    content = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def osm_text(*, ways: bool = True) -> str:
    """Return the town as OSM XML: streets, a block of homes on residential land, a school."""
    nodes = [
        f'<node id="{number(column, row)}" lon="{at(column, row)[0]}" lat="{at(column, row)[1]}"/>'
        for row in range(SIZE)
        for column in range(SIZE)
    ]
    nodes.append('<node id="900" lon="119.9725" lat="31.8125"><tag k="amenity" v="school"/>'
                 '<tag k="name" v="实验小学"/><tag k="isced:level" v="1"/></node>')  # fmt: skip
    streets = [[number(column, row) for column in range(SIZE)] for row in range(SIZE)]
    streets += [[number(column, row) for row in range(SIZE)] for column in range(SIZE)]
    block = [number(1, 1), number(2, 1), number(2, 2), number(1, 2), number(1, 1)]
    told = [(line, {"highway": "residential"}) for line in streets]
    told.append((block, {"landuse": "residential"}))
    drawn = [way_text(way, line, tags) for way, (line, tags) in enumerate(told, start=1)]
    inside = "\n".join(nodes + (drawn if ways else []))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n{inside}\n</osm>\n'


def way_text(way: int, line: list[int], tags: dict[str, str]) -> str:
    """Return a way as OSM XML."""
    parts = [f'<nd ref="{node}"/>' for node in line]
    parts += [f'<tag k="{key}" v="{value}"/>' for key, value in tags.items()]
    return f'<way id="{way}">{"".join(parts)}</way>'


def number(column: int, row: int) -> int:
    """Return the id of a crossing."""
    return 1 + row * SIZE + column
