"""Content over a base map of tiles, in the datum of the tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pyproj
import shapely

from spatialplan.crs import from_wgs84
from spatialplan.errors import InputError

from ._frames import layer_frame
from ._tiles import SAME_AS_WGS84
from ._vector import anchors
from ._vector import packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


def with_tiles(
    content: Mapping[str, Any], tiles: Mapping[str, Any], *, move: bool = False
) -> dict[str, Any]:
    """
    The content of a map over a base map.

    Parameters
    ----------
    content
        Made by `map_content`.
    tiles
        Made by `online_tiles` or `file_tiles`.
    move
        Whether to move the drawing to tiles in another datum than WGS 84.

    Returns
    -------
    dict
        The content.

    Raises
    ------
    InputError
        If the tiles are in another datum and the drawing is not to be moved: it would lie
        hundreds of metres off.
    """
    datum = tiles["datum"]
    stated = [content["fields"].get("base_map"), tiles["attribution"]]
    title = "；".join(filter(None, stated)) or ", ".join(tiles["hosts"])
    under = {"tiles": dict(tiles), "fields": content["fields"] | {"base_map": title}}
    if datum in SAME_AS_WGS84:
        return {**content, **under}
    if not move:
        raise InputError("base map", f"tiles in {datum} under a drawing in WGS 84",
                         allowed="tiles in " + " or ".join(SAME_AS_WGS84),
                         do="have the drawing moved (--move-to-tiles, move=True)")  # fmt: skip
    layers = [moved(layer, datum=datum) for layer in content["layers"]]
    tables = [_moved_table(table, datum) for table in content["tables"]]
    return {**content, **under, "layers": layers, "tables": tables}


def moved(layer: Mapping[str, Any], *, datum: str) -> dict[str, Any]:
    """
    A layer whose places are given in another datum than WGS 84.

    Parameters
    ----------
    layer
        Made by `vector_layer` or `grid_layer`.
    datum
        ``gcj02`` or another that `spatialplan.crs` knows.

    Returns
    -------
    dict
        The layer, every vertex moved; a grid is moved as a whole by what its middle moves,
        which over a city is right to some ten metres.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from spatialplan.cartography import vector_layer
    >>> gate = gpd.GeoDataFrame(geometry=gpd.points_from_xy([119.974], [31.811]), crs=4326)
    >>> moved(vector_layer("gate", gate, name_zh="门", group="base"), datum="gcj02")["origin"]
    [119.97875, 31.808959]
    """
    if layer["type"] == "grid":
        return {**layer, "bounds_3857": _moved_bounds(layer["bounds_3857"], datum)}

    def convert(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(from_wgs84(places[:, 0], places[:, 1], datum=datum))

    shapes = shapely.transform(layer_frame(layer).geometry.to_numpy(), convert)
    written = {"anchors": anchors(shapes)} if layer.get("anchors") else {}
    return {**layer, **packed(shapes), **written}


def _moved_table(table: Mapping[str, Any], datum: str) -> dict[str, Any]:
    """A table whose rows lead to the moved places."""
    if "bounds" not in table:
        return dict(table)

    def convert(box: list[float]) -> list[float]:
        lon, lat = from_wgs84(box[0::2], box[1::2], datum=datum)
        return [float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])]

    return {**table, "bounds": [box and convert(box) for box in table["bounds"]]}


def _moved_bounds(bounds: list[float], datum: str) -> list[float]:
    to_degrees = pyproj.Transformer.from_crs(3857, 4326, always_xy=True)
    west, south, east, north = bounds
    middle = (west + east) / 2, (south + north) / 2
    lon, lat = from_wgs84(*([one] for one in to_degrees.transform(*middle)), datum=datum)
    x, y = to_degrees.transform(lon[0], lat[0], direction="INVERSE")
    right, up = x - middle[0], y - middle[1]
    return [west + right, south + up, east + right, north + up]
