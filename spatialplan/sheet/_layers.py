"""Content layers drawn on the ground of a map frame."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import rasterio
import rasterio.warp
import shapely
from matplotlib.colors import to_rgba

from spatialplan.cartography import layer_cells
from spatialplan.cartography import layer_frame

from ._look import Pen
from ._look import draw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    import geopandas as gpd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from ._ground import Ground

PRINT_ZOOMS = 1.0  # paper shows what a screen shows one zoom closer

_USUAL_ZOOM = 14.0  # at which what scales is as large as its style says
_FINEST_MM = 0.04  # detail that print can show
_MOST_PIXELS = 3000


def stack(content: Mapping[str, Any], ground: Ground) -> list[dict[str, Any]]:
    """Layers that show at the scale of a ground, from the bottom of the map to the top."""
    shown = [layer for layer in content["layers"] if layer["visible"]]
    near = [layer for layer in shown if is_near(layer, ground)]
    return sorted(near, key=lambda layer: float((layer.get("style") or {}).get("order", 0)))


def is_near(layer: Mapping[str, Any], ground: Ground) -> bool:
    """Whether a map of this scale has room for a layer."""
    from_zoom = (layer.get("style") or {}).get("from_zoom", 0)
    return bool(ground.zoom + PRINT_ZOOMS >= from_zoom)


def pen_for(layer: Mapping[str, Any], axes: Axes, ground: Ground, *, scale: float) -> Pen:
    """The pen that draws a layer at the scale of a ground."""
    unit = ground.unit * 25.4 / 72
    if (layer.get("style") or {}).get("scale") is not True:
        return Pen(axes, unit, scale)
    factor = 2 ** ((ground.zoom + PRINT_ZOOMS - _USUAL_ZOOM) / 2)
    return Pen(axes, unit, scale, line=float(np.clip(factor, 0.3, 2.2)),
               point=float(np.clip(factor, 0.6, 1.5)))  # fmt: skip


def features_on(layer: Mapping[str, Any], ground: Ground) -> gpd.GeoDataFrame:
    """The features of a vector layer that a frame shows, in its system, no finer than print."""
    frame = layer_frame(layer).to_crs(ground.crs)
    frame = frame.cx[ground.bounds[0] : ground.bounds[2], ground.bounds[1] : ground.bounds[3]]
    shapes = frame.geometry.to_numpy()
    west, south, east, north = ground.bounds
    beyond = 0.1 * max(east - west, north - south)  # so that no end of a cut line is seen
    lines = shapely.get_dimensions(shapes) == 1
    cut = shapely.clip_by_rect(
        shapes[lines], west - beyond, south - beyond, east + beyond, north + beyond
    )
    shapes[lines] = shapely.simplify(cut, _FINEST_MM * ground.unit)
    return frame.set_geometry(shapes, crs=ground.crs)


def draw_vector(
    layer: Mapping[str, Any], frame: gpd.GeoDataFrame, pen: Pen, *, grey: str = ""
) -> None:
    """Draw features, class by class; `grey` takes the place of every colour."""
    shapes = frame.geometry.to_numpy()
    classes = frame["class"].to_numpy()
    colors = [part["color"] for part in layer["classes"]] or [layer["style"]["color"]]
    for number in np.unique(classes):
        draw(pen, shapes[classes == number], layer["style"], grey or colors[max(number, 0)])


def draw_grid(layer: Mapping[str, Any], axes: Axes, ground: Ground) -> None:
    """Draw the cells of a grid as a picture, warped from EPSG:3857 to the frame's system."""
    _, classes = layer_cells(layer)
    west, south, east, north = ground.bounds
    rows, columns = classes.shape
    size = (layer["bounds_3857"][2] - layer["bounds_3857"][0]) / columns / 3
    size = max(size, max(east - west, north - south) / _MOST_PIXELS)
    shape = (int(np.ceil((north - south) / size)), int(np.ceil((east - west) / size)))
    numbers = np.full(shape, -1, np.int16)
    rasterio.warp.reproject(
        classes.astype(np.int16), numbers,
        src_transform=_cells_of(layer["bounds_3857"], (rows, columns)),
        src_crs="EPSG:3857", src_nodata=-1,
        dst_transform=_cells_of(ground.bounds, shape),
        dst_crs=ground.crs.to_wkt(), dst_nodata=-1,
        resampling=rasterio.warp.Resampling.nearest,
    )  # fmt: skip
    axes.imshow(_painted(numbers, layer["classes"]), extent=(west, east, south, north),
                interpolation="none", aspect="auto", zorder=1)  # fmt: skip


def _cells_of(bounds: Sequence[float], shape: tuple[int, int]) -> rasterio.Affine:
    """From columns and rows, the north one first, to places."""
    west, south, east, north = bounds
    return rasterio.Affine((east - west) / shape[1], 0, west, 0, (south - north) / shape[0], north)


def _painted(numbers: NDArray[np.int16], classes: Sequence[Mapping[str, Any]]) -> NDArray[np.uint8]:
    """Class numbers in the colours of their classes; -1 is clear."""
    colors = np.array([to_rgba(part["color"]) for part in classes] + [(1, 1, 1, 0)])
    return (colors[numbers] * 255).round().astype(np.uint8)
