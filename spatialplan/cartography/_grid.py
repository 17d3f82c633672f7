"""A regular grid as one small picture whose pixels still carry their values."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from spatialplan.errors import InputError

from ._style import heading
from ._style import read_style
from ._table import require_format

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from numpy.typing import ArrayLike
    from numpy.typing import NDArray

NO_DATA = 255
UNREACHABLE = 254
CODES = 254  # of a byte, left for values


def grid_layer(  # noqa: PLR0913 - every option of a drawing stands for itself
    layer_id: str,
    values: ArrayLike,
    *,
    bounds_3857: tuple[float, float, float, float],
    breaks: Sequence[float],
    classes: Sequence[tuple[str, str, str]],
    name_zh: str,
    name_en: str = "",
    group: str = "coverage",
    unit: str = "m",
    theme: str = "",
    visible: bool = False,
    drawn_from: str = "",
    along: Sequence[str] = (),
    people: Sequence[float] = (),
) -> dict[str, Any]:
    """
    A layer of coloured cells that tells the value under the pointer.

    Parameters
    ----------
    layer_id
        Unique among the layers of a map.
    values
        Rows from north to south, columns from west to east, cells square in
        EPSG:3857 (a grid of degrees must be warped first). nan is no data and
        stays clear, inf is unreachable.
    bounds_3857
        West, south, east and north edge in metres of EPSG:3857.
    breaks
        Upper limits of the classes, rising; a value at a limit is inside it.
    classes
        (label_zh, label_en, color) of each class: one more than there are breaks.
    name_zh, name_en, group, theme, visible, drawn_from
        As in `vector_layer`.
    unit
        Format of the value, as in `data_table`.
    along
        Ids of layers that come and go with this one.
    people
        People who live where each class is, and last those for whom it is unreachable: the
        legend then tells their shares instead of those of the area drawn.

    Returns
    -------
    dict
        The layer, for `map_content`. Values are kept to about 1/250 of their range
        in 8 bits; their class is exact.

    Raises
    ------
    InputError
        If the grid is not two-dimensional, or breaks and classes do not fit.

    Examples
    --------
    >>> layer = grid_layer("school", [[120.0, 900.0], [np.inf, np.nan]], breaks=[500],
    ...                    bounds_3857=(0, 0, 200, 200), name_zh="小学",
    ...                    classes=[("500 m 内", "within 500 m", "#253494"),
    ...                             ("500 m 外", "beyond 500 m", "#ffffcc")])
    >>> [part["count"] for part in layer["classes"]]
    [1, 1, 1]
    """
    grid, limits = _checked(layer_id, values, breaks, len(classes))
    require_format(unit, source=f"layer {layer_id}")
    codes, levels, class_of_level = _quantised(grid, limits)
    counts = np.bincount(np.searchsorted(limits, grid[np.isfinite(grid)]), minlength=len(classes))
    entries = [
        {"label_zh": zh, "label_en": en, "color": color, "count": int(count)}
        for (zh, en, color), count in zip(classes, counts, strict=True)
    ]
    if unreachable := int(np.isposinf(grid).sum()):
        style = read_style()
        word = style["words"]["unreachable"]
        entries.append({"label_zh": word["zh"], "label_en": word["en"],
                        "color": style["unreachable"], "count": unreachable})  # fmt: skip
    for entry, number in zip(entries, _people_of(layer_id, people, entries), strict=False):
        entry["people"] = number
    return {
        **heading(layer_id, name_zh=name_zh, name_en=name_en, group=group, theme=theme,
                  visible=visible, drawn_from=drawn_from),
        "type": "grid",
        "bounds_3857": [float(edge) for edge in bounds_3857],
        "shape": list(grid.shape),
        "png": "data:image/png;base64," + base64.b64encode(grey_png(codes)).decode("ascii"),
        "levels": levels,
        "class_of_level": class_of_level,
        "classes": entries,
        "unit": unit,
        "along": list(along),
    }  # fmt: skip


def _people_of(
    layer_id: str, people: Sequence[float], entries: Sequence[Mapping[str, Any]]
) -> list[float]:
    """People of each entry of the legend, as round as people are."""
    if people and len(people) < len(entries):
        raise InputError(f"layer {layer_id}", f"people of {len(people)} classes",
                         allowed=f"{len(entries)}, those of the unreachable last")  # fmt: skip
    return [round(float(number), 1) for number in people]


def grey_png(codes: NDArray[np.uint8]) -> bytes:
    """
    An 8-bit grey PNG, one pixel for each value.

    Examples
    --------
    >>> grey_png(np.zeros((1, 1), np.uint8))[1:4]
    b'PNG'
    """
    height, width = codes.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row starts with filter type 0
    rows[:, 1:] = codes
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _checked(
    layer_id: str, values: ArrayLike, breaks: Sequence[float], class_count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    grid = np.asarray(values, dtype=float)
    limits = np.asarray(breaks, dtype=float)
    where = f"layer {layer_id}"
    if grid.ndim != 2 or grid.size == 0:
        raise InputError(where, f"values of shape {grid.shape}", allowed="rows and columns")
    if not np.isfinite(limits).all() or (np.diff(limits) <= 0).any():
        raise InputError(where, f"breaks {list(breaks)}", allowed="finite numbers that rise")
    if class_count != len(limits) + 1:
        raise InputError(where, f"{class_count} classes for {len(limits)} breaks",
                         allowed=f"{len(limits) + 1} classes")  # fmt: skip
    return grid, limits


def _quantised(
    grid: NDArray[np.float64], limits: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], list[float], list[int]]:
    """Code each value so that its class is exact: every class has codes of its own."""
    finite = grid[np.isfinite(grid)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    per_class = CODES // (len(limits) + 1)
    lower = np.concatenate([[low], limits])
    step = (np.concatenate([limits, [high]]) - lower) / per_class
    step[step <= 0] = 1.0  # a class that holds no value

    known = np.isfinite(grid)
    classes = np.searchsorted(limits, grid[known])
    within = np.floor((grid[known] - lower[classes]) / step[classes])
    codes = np.where(np.isnan(grid), NO_DATA, UNREACHABLE).astype(np.uint8)
    codes[known] = classes * per_class + np.clip(within, 0, per_class - 1)

    class_of_level = np.repeat(np.arange(len(lower)), per_class)
    middles = np.tile(np.arange(per_class) + 0.5, len(lower)) * step[class_of_level]
    levels = lower[class_of_level] + middles
    return codes, [float(f"{level:.4g}") for level in levels], class_of_level.tolist()
