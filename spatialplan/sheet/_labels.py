"""Names written on the map: the most important first, each where there is room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import shapely
from matplotlib.colors import to_rgb
from matplotlib.patheffects import Stroke

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from ._look import Pen
    from ._typeface import Typeface

    Rect = tuple[float, float, float, float]  # west, south, east, north in points of the frame

SIZE_PT, QUIET_PT = 9.0, 7.0  # on A3

_WIDEST = 13  # sizes of the text; longer names take a second line
_LINE = 1.25
_ALONG = (0.5, 0.35, 0.65, 0.2, 0.8)
_HALO_PT = 2.2
_DARK = 0.35  # lightness up to which a colour can be read on white


class Labels:
    """
    Writes names into a map frame, each once and none over another.

    Parameters
    ----------
    typeface
        Measures the names.
    corner, size
        Lower left corner of the frame in its own units, and its size in points.
    taken
        Boxes that names keep clear of, in points from the corner.
    """

    def __init__(
        self,
        typeface: Typeface,
        *,
        corner: tuple[float, float],
        size: tuple[float, float],
        taken: Sequence[Rect] = (),
    ) -> None:
        self._typeface = typeface
        self._corner, self._size = np.asarray(corner), size
        self._taken = list(taken)
        self._written: list[tuple[str, Any]] = []

    def keep_clear(self, shapes: Any, pen: Pen, radius: float) -> None:
        """Keep names off the symbols of points."""
        for x, y in self._places(shapely.get_coordinates(shapes), pen):
            self._taken.append((x - radius, y - radius, x + radius, y + radius))

    def write(self, name: str, shape: Any, style: dict[str, Any], color: str, pen: Pen) -> bool:
        """Write the name of a feature where there is room; say whether there was."""
        name = self._typeface.drawable(name)
        quiet = bool(style.get("quiet"))
        size = (QUIET_PT if quiet else SIZE_PT) * pen.scale
        lines = self._lines(name, size, bold=not quiet)
        width = max(self._typeface.width(line, size=size, bold=not quiet) for line in lines)
        room = (width + 0.6 * size, len(lines) * _LINE * size + 0.2 * size)
        for middle in self._candidates(shape, style, room, pen):
            box = _around(middle, room)
            near = [at for other, at in self._written if other == name]
            if any(np.hypot(*(middle - at)) < _WIDEST * size for at in near):
                return False  # one place in several structures is written once
            if self._inside(box) and not any(_overlap(box, other) for other in self._taken):
                self._taken.append(box)
                self._written.append((name, middle))
                self._put("\n".join(lines), middle, size, ink(color), pen, bold=not quiet)
                return True
        return False

    def _put(
        self, text: str, middle: Any, size: float, color: Any, pen: Pen, *, bold: bool
    ) -> None:
        """A halo and the name over it: text with an effect would be outlines in a PDF."""
        x, y = middle * pen.unit + self._corner
        look: dict[str, Any] = {
            "fontsize": size, "ha": "center", "va": "center", "linespacing": 1.1,
            "fontweight": "bold" if bold else "normal", "clip_on": True, "zorder": 3,
        }  # fmt: skip
        halo = Stroke(linewidth=_HALO_PT * pen.scale, foreground="white", joinstyle="round")
        pen.axes.text(x, y, text, color="white", path_effects=[halo], **look)
        pen.axes.text(x, y, text, color=color, **look)

    def _lines(self, name: str, size: float, *, bold: bool) -> list[str]:
        """A name in lines of about equal length."""
        whole = self._typeface.width(name, size=size, bold=bold)
        count = int(np.ceil(whole / (_WIDEST * size)))
        return self._typeface.wrapped(name, size=size, width=whole / count + size, bold=bold)

    def _candidates(
        self, shape: Any, style: dict[str, Any], room: tuple[float, float], pen: Pen
    ) -> Iterator[Any]:
        """Middles of places where a name may stand, the best first."""
        dimension = shapely.get_dimensions(shape)
        if dimension == 0:
            reach = pen.radius(style) + 1.0
            (at,) = self._places(shapely.get_coordinates(shape)[:1], pen)
            yield from _besides(at, (reach, reach), room)
        elif dimension == 1:
            parts = shapely.get_parts(shapely.line_merge(shape))
            longest = parts[np.argmax(shapely.length(parts))]
            for share in _ALONG:
                spot = shapely.line_interpolate_point(longest, share, normalized=True)
                yield self._places(shapely.get_coordinates(spot), pen)[0]
        else:
            yield from self._in_area(shape, room, pen)

    def _in_area(self, shape: Any, room: tuple[float, float], pen: Pen) -> Iterator[Any]:
        """Inside an area, or beside one that is too small for its name."""
        west, south, east, north = shapely.bounds(shape) / pen.unit
        if room[0] > 1.4 * (east - west):
            middle = np.array([(west + east) / 2, (south + north) / 2]) - self._corner / pen.unit
            yield from _besides(middle, ((east - west) / 2, (north - south) / 2), room)
            return
        inner = shapely.point_on_surface(shape)
        (at,) = self._places(shapely.get_coordinates(inner), pen)
        for step in (0, 1, -1, 2, -2):
            if step == 0 or abs(step) * room[1] * 2 < north - south:
                yield at + np.array([0.0, step * room[1]])

    def _places(self, coordinates: Any, pen: Pen) -> Any:
        return (coordinates - self._corner) / pen.unit

    def _inside(self, box: Rect) -> bool:
        return box[0] >= 0 and box[1] >= 0 and box[2] <= self._size[0] and box[3] <= self._size[1]


def ink(color: str) -> tuple[float, float, float]:
    """
    A colour dark enough to read on white.

    Examples
    --------
    >>> ink("#000000"), [round(part, 2) for part in ink("#ffffff")]
    ((0.0, 0.0, 0.0), [0.35, 0.35, 0.35])
    """
    red, green, blue = to_rgb(color)
    light = 0.3 * red + 0.59 * green + 0.11 * blue
    factor = min(1.0, _DARK / light) if light else 1.0
    return red * factor, green * factor, blue * factor


def _besides(middle: Any, reach: tuple[float, float], room: tuple[float, float]) -> Iterator[Any]:
    """Over, under, right and left of something that reaches so far from its middle."""
    x, y = reach[0] + room[0] / 2, reach[1] + room[1] / 2
    for step in ((0, y), (0, -y), (x, 0), (-x, 0)):
        yield middle + np.array(step)


def _around(middle: Any, room: tuple[float, float]) -> Rect:
    x, y = float(middle[0]), float(middle[1])
    return x - room[0] / 2, y - room[1] / 2, x + room[0] / 2, y + room[1] / 2


def _overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
