"""Content layers as tables and grids again, for faces that are no web page."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from spatialplan.errors import InputError

from ._grid import NO_DATA
from ._grid import UNREACHABLE
from ._vector import PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_SIGNATURE = 8  # bytes of a PNG before its first part
_MARKS = {"synthetic": "synthetic", "text": "schematic"}  # words by where a geometry comes from


def layer_frame(layer: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """
    The features of a vector layer as a table.

    Parameters
    ----------
    layer
        Made by `vector_layer`.

    Returns
    -------
    GeoDataFrame
        WGS 84, to a millionth of a degree; ``name_zh`` and ``name_en`` ("" where there is
        none), ``class`` (position in the layer's classes, -1 without) and ``row`` (the
        values of its tooltip, in the order of its ``columns``).

    Examples
    --------
    >>> from spatialplan.cartography import vector_layer
    >>> gate = gpd.GeoDataFrame({"name": ["南门"]}, crs=4326,
    ...                         geometry=gpd.points_from_xy([119.97], [31.81]))
    >>> layer = vector_layer("gate", gate, name_zh="门", group="base", name_column="name")
    >>> layer_frame(layer).iloc[0][["name_zh", "geometry"]].astype(str).to_list()
    ['南门', 'POINT (119.97 31.81)']
    """
    count = len(layer["kinds"])
    pairs = [_pair(name) for name in layer.get("names") or [""] * count]
    origin = np.asarray(layer["origin"], dtype=float)
    return gpd.GeoDataFrame(
        {
            "name_zh": [chinese for chinese, _ in pairs],
            "name_en": [english for _, english in pairs],
            "class": layer["class_of"] if layer["classes"] else [-1] * count,
            "row": layer.get("rows") or [[] for _ in range(count)],
        },
        geometry=[
            _shape(kind, shape, origin)
            for kind, shape in zip(layer["kinds"], layer["shapes"], strict=True)
        ],
        crs=4326,
    )


def layer_cells(layer: Mapping[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    The values and the classes of a grid layer, north row first.

    Parameters
    ----------
    layer
        Made by `grid_layer`.

    Returns
    -------
    tuple
        Values, quantised as there: nan is no data, inf unreachable; and the position of each
        cell in the layer's classes, -1 where there is no data.

    Examples
    --------
    >>> from spatialplan.cartography import grid_layer
    >>> layer = grid_layer("school", [[120.0, 900.0], [np.inf, np.nan]], breaks=[500],
    ...                    bounds_3857=(0, 0, 200, 200), name_zh="小学",
    ...                    classes=[("内", "within", "#253494"), ("外", "beyond", "#ffffcc")])
    >>> layer_cells(layer)[1].tolist()
    [[0, 1], [2, -1]]
    """
    codes = _codes(layer)
    places = np.minimum(codes, len(layer["levels"]) - 1)
    values = np.asarray(layer["levels"], dtype=float)[places]
    values[codes == UNREACHABLE], values[codes == NO_DATA] = np.inf, np.nan
    classes = np.asarray(layer["class_of_level"], dtype=np.int64)[places]
    classes[codes == UNREACHABLE], classes[codes == NO_DATA] = len(layer["classes"]) - 1, -1
    return values, classes


def content_box(content: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """
    West, south, east and north of what a map shows, in degrees; backdrops only if all are.

    Parameters
    ----------
    content
        Made by `map_content`.

    Returns
    -------
    tuple
        In WGS 84, stragglers left out as when the page opens.

    Raises
    ------
    InputError
        If no layer has anything to draw.

    Examples
    --------
    >>> from spatialplan.cartography import map_content, vector_layer
    >>> gate = gpd.GeoDataFrame(geometry=gpd.points_from_xy([119.97], [31.81]), crs=4326)
    >>> layer = vector_layer("gate", gate, name_zh="门", group="base")
    >>> content_box(map_content([layer], title_zh="图"))
    (119.97, 31.81, 119.97, 31.81)
    """
    boxes = {layer["id"]: box for layer in content["layers"] if (box := _box(layer))}
    front = [boxes[layer["id"]] for layer in content["layers"]
             if layer["id"] in boxes and not layer.get("backdrop")]  # fmt: skip
    if not boxes:
        raise InputError("map", "no layer has anything to draw")
    west, south, east, north = np.array(front or list(boxes.values())).T
    return float(west.min()), float(south.min()), float(east.max()), float(north.max())


def _box(layer: Mapping[str, Any]) -> tuple[float, ...] | None:
    if layer["type"] == "vector":
        return tuple(layer["view"]) if layer["view"] else None
    west, south, east, north = layer["bounds_3857"]
    corners = pyproj.Transformer.from_crs(3857, 4326, always_xy=True).transform(
        [west, east], [south, north]
    )
    return tuple(float(value) for value in np.array(corners).T.ravel())


def layer_title(layer: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """
    Name of a layer with the mark of what was generated or drawn from wording.

    Parameters
    ----------
    layer
        Of the content.
    content
        Made by `map_content`; its language is spoken.

    Returns
    -------
    str
        Plain text.

    Examples
    --------
    >>> words = {"schematic": {"zh": "示意", "en": "schematic"}}
    >>> axis = {"name_zh": "发展轴", "name_en": "Axis", "drawn_from": "text"}
    >>> layer_title(axis, {"lang": "zh", "words": words})
    '发展轴（示意）'
    """
    lang = content["lang"]
    name = str(layer[f"name_{lang}"] or layer["name_zh"])
    if layer["drawn_from"] not in _MARKS:
        return name
    mark = content["words"][_MARKS[layer["drawn_from"]]][lang]
    return f"{name}（{mark}）" if lang == "zh" else f"{name} ({mark})"


def _codes(layer: Mapping[str, Any]) -> NDArray[np.uint8]:
    """Read the picture of `grey_png`."""
    png = base64.b64decode(layer["png"].split(",", 1)[1])
    start, packed = _SIGNATURE, b""
    while start < len(png):
        length = int.from_bytes(png[start : start + 4], "big")
        if png[start + 4 : start + 8] == b"IDAT":
            packed += png[start + 8 : start + 8 + length]
        start += 12 + length
    height, width = layer["shape"]
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, width + 1)
    return rows[:, 1:]


def _pair(name: str | list[str]) -> tuple[str, str]:
    """A text of the data in Chinese and English."""
    return (name, "") if isinstance(name, str) else (name[0], name[1])


def _shape(kind: str, shape: Any, origin: NDArray[np.float64]) -> Any:
    if kind == "p":
        return shapely.Point(_places(shape, origin)[0])
    if kind == "l":
        lines = [shapely.LineString(_places(part, origin)) for part in shape]
        return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    areas = [shapely.Polygon(rings[0], rings[1:]) for rings in _ring_lists(shape, origin)]
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def _ring_lists(shape: Any, origin: NDArray[np.float64]) -> list[list[Any]]:
    return [[_places(ring, origin) for ring in polygon] for polygon in shape]


def _places(run: list[int], origin: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.asarray(run, dtype=np.int64).reshape(-1, 2)
    return (steps.cumsum(axis=0) / PER_DEGREE + origin).round(6)
