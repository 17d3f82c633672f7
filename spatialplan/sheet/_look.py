"""How shapes look on paper: the styles of the page, in points, for map and legend alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.collections import PathCollection
from matplotlib.path import Path as Outline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]

PT_PER_PX = 0.75  # of CSS

_OPAQUE = 0.95  # of symbols
_DASHED_PX = 4.0  # weight up to which dashes are as the style says; wider lines have longer ones
_ARROW_PX = 14.0
_HATCHES_PER_INCH = 9  # on A3
_HATCH_GROUND = 0.18  # opacity of the colour between the strokes
_INLAY_PX = 7.0


@dataclass(frozen=True)
class Pen:
    """
    What draws on one set of axes.

    ``unit`` is how many units of the axes one point of paper is; ``scale`` the size of lines
    and symbols, 1 on A3; ``line`` and ``point`` are factors that the scale of the map brings.
    """

    axes: Axes
    unit: float
    scale: float
    line: float = 1.0
    point: float = 1.0

    def weight(self, style: Mapping[str, Any]) -> float:
        """Width of lines or outlines in points."""
        return float(style.get("weight", 0)) * PT_PER_PX * self.scale * self.line

    def radius(self, style: Mapping[str, Any]) -> float:
        """Radius of symbols in points."""
        return float(style.get("radius", 4)) * PT_PER_PX * self.scale * self.point


def draw(pen: Pen, shapes: Shapes, style: Mapping[str, Any], color: str) -> None:
    """Draw points, lines and areas of one colour, each as the style says."""
    if "radius" in style:
        shapes = _as_symbols(pen, shapes, style)
    dimensions = shapely.get_dimensions(shapes)
    for dimension, one_kind in ((2, _areas), (1, _lines), (0, _points)):
        chosen = shapes[dimensions == dimension]
        if len(chosen):
            one_kind(pen, chosen, style, color)


def _as_symbols(pen: Pen, shapes: Shapes, style: Mapping[str, Any]) -> Shapes:
    """Areas that are smaller on paper than the symbol of their layer as points."""
    west, south, east, north = shapely.bounds(shapes).T
    small = np.maximum(east - west, north - south) < 2 * pen.radius(style) * pen.unit
    areas = small & (shapely.get_dimensions(shapes) == 2)
    return np.where(areas, shapely.point_on_surface(shapes), shapes)


def _areas(pen: Pen, shapes: Shapes, style: Mapping[str, Any], color: str) -> None:
    edge, weight = style.get("stroke") or color, pen.weight(style)
    opacity = float(style.get("fill_opacity", 1.0))
    outlines = [_outline(shape) for shape in shapes]
    hatch = bool(style.get("hatch"))
    if opacity > 0:
        ground = opacity * (_HATCH_GROUND if hatch else 1.0)
        pen.axes.add_collection(
            PathCollection(outlines, facecolors=color, alpha=ground, linewidths=0), autolim=False
        )
    if hatch:
        strokes = "/" * round(_HATCHES_PER_INCH / pen.scale)
        pen.axes.add_collection(
            PathCollection(outlines, facecolors="none", edgecolors=color, alpha=opacity,
                           linewidths=0, hatch=strokes), autolim=False,
        )  # fmt: skip
    if weight > 0:
        pen.axes.add_collection(
            PathCollection(outlines, facecolors="none", edgecolors=edge, linewidths=weight,
                           linestyles=_dashes(style, weight, pen, wide=False)), autolim=False,
        )  # fmt: skip


def _lines(pen: Pen, shapes: Shapes, style: Mapping[str, Any], color: str) -> None:
    weight, opacity = pen.weight(style), float(style.get("opacity", 1.0))
    parts = [shapely.get_coordinates(part) for part in shapely.get_parts(shapes)]
    if weight <= 0 or not parts:
        return
    ends = "butt" if style.get("arrow") or style.get("dash") else "round"

    def add(color: str, weight: float, *, ends: str, dashes: Any) -> None:
        pen.axes.add_collection(
            LineCollection(parts, alpha=opacity, colors=color, linewidths=weight, capstyle=ends,
                           joinstyle="round", linestyles=dashes), autolim=False,
        )  # fmt: skip

    add(color, weight, ends=ends, dashes=_dashes(style, weight, pen, wide=True))
    if inlay := style.get("inlay"):
        gap = _INLAY_PX * PT_PER_PX * pen.scale
        thin = max(0.75 * pen.scale, weight - 2 * PT_PER_PX * pen.scale)
        add(inlay, thin, ends="butt", dashes=(0, (gap / thin, gap / thin)))
    if style.get("arrow"):
        heads = [_arrow_head(part[order], weight, pen) for part in parts
                 for order in (slice(None), slice(None, None, -1))]  # fmt: skip
        pen.axes.add_collection(
            PathCollection(heads, facecolors=color, alpha=opacity, linewidths=0), autolim=False
        )


def _points(pen: Pen, shapes: Shapes, style: Mapping[str, Any], color: str) -> None:
    radius, weight = pen.radius(style), pen.weight({"weight": style.get("weight", 0)})
    symbol = style.get("symbol", "")
    at = shapely.get_coordinates(shapes)
    shape = _SYMBOLS.get(symbol, Outline.unit_circle())
    stroke = style.get("stroke") or color
    pen.axes.add_collection(
        PathCollection(_stamps(at, shape, radius * pen.unit), alpha=_OPAQUE, linewidths=weight,
                       facecolors="#ffffff" if symbol == "open" else color, edgecolors=stroke,
                       linestyles=_dashes(style, weight, pen, wide=False)), autolim=False,
    )  # fmt: skip
    if symbol == "core":
        rings = _stamps(at, Outline.unit_circle(), radius * pen.unit * 0.55)
        pen.axes.add_collection(
            PathCollection(rings, facecolors="none", edgecolors=stroke,
                           linewidths=max(weight, radius / 5)), autolim=False,
        )  # fmt: skip


def _stamps(at: NDArray[np.float64], shape: Outline, size: float) -> list[Outline]:
    """A shape of radius 1 at each place, in another size."""
    return [Outline(np.asarray(shape.vertices) * size + place, shape.codes) for place in at]


def _dashes(style: Mapping[str, Any], weight: float, pen: Pen, *, wide: bool) -> Any:
    """Dashes in weights of the line, as matplotlib counts them; along wide lines longer."""
    if not style.get("dash") or weight <= 0:
        return "solid"
    longer = max(1.0, float(style["weight"]) * pen.line / _DASHED_PX) if wide else 1.0
    points = [float(part) * PT_PER_PX * pen.scale * longer for part in style["dash"].split()]
    return (0, tuple(length / weight for length in points))


def _arrow_head(line: NDArray[np.float64], weight: float, pen: Pen) -> Outline:
    """A head whose tip lies beyond the end of its line."""
    length = max(_ARROW_PX * PT_PER_PX * pen.scale, 1.8 * weight)
    half, back = max(length / 2, weight), 0.25 * length
    # The last bit of a line may point anywhere: the head goes by a stretch as long as itself.
    steps = np.hypot(*(line - line[-1]).T)
    far = np.flatnonzero(steps >= length * pen.unit)
    start = line[far[-1]] if len(far) else line[0]
    forward = (line[-1] - start) / (np.hypot(*(line[-1] - start)) or 1.0)
    side = np.array([-forward[1], forward[0]])
    corners = [length * forward, -back * forward + half * side, -back * forward - half * side]
    return _polygon(line[-1] + np.asarray(corners) * pen.unit)


def _polygon(corners: NDArray[np.float64]) -> Outline:
    return Outline(np.vstack([corners, corners[:1]]), closed=True)


_SYMBOLS = {  # of radius 1
    "diamond": _polygon(np.array([(0, 1.2), (1.2, 0), (0, -1.2), (-1.2, 0)])),
    "square": _polygon(np.array([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])),
    "triangle": _polygon(np.array([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)])),
}


def _outline(shape: Any) -> Outline:
    """A polygon with its holes, or several."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return Outline.make_compound_path(*(_ring(ring) for ring in rings))


def _ring(ring: Any) -> Outline:
    return Outline(shapely.get_coordinates(ring), closed=True)
