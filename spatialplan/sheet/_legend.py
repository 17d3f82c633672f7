"""The legend: groups, classes and their counts, in the order and the words of the page."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import shapely

from spatialplan.cartography import amount_key
from spatialplan.cartography import class_amounts
from spatialplan.cartography import layer_amount

from ._look import draw
from ._page import GREY
from ._page import WARNING
from ._paper import Box

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ._page import Page

_log = logging.getLogger(__name__)

MARKS = {"synthetic": "synthetic", "text": "schematic"}  # origins that are marked, and the word
_SIZES = (8.0, 7.4, 6.8, 6.2, 5.6)  # points on A3, the largest that fits is taken
_SWATCH = (8.0, 3.4)  # width and height in millimetres, at the largest size
_MOST_PX, _LINE_PX, _ARROW_PX, _RADIUS_PX = 10.0, 6.0, 3.5, 6.0  # of samples
_HEAD = 0.42  # of a sample's width, left to an arrow head
_APART = 0.6  # lines of air over a row that is apart
_CELL = {"weight": 0.4, "stroke": "#777777"}


@dataclass(frozen=True)
class Row:
    """
    One line of a legend.

    ``layer`` and ``color`` are what its swatch shows; a heading has no layer. A row that is
    ``apart`` does not belong to the classes above it.
    """

    label: str
    amount: str = ""
    mark: str = ""
    layer: Mapping[str, Any] | None = None
    color: str = ""
    apart: bool = False


def legend_rows(
    content: Mapping[str, Any], layers: Sequence[Mapping[str, Any]], *, lang: str
) -> list[Row]:
    """
    What a legend says of some layers.

    Parameters
    ----------
    content
        Made by `cartography.map_content`.
    layers
        Those that show.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    list
        Groups that are a whole first, under their names; then the other layers, the top
        one first, with their classes that are not empty.
    """
    groups = content["groups"]
    ids = [layer["id"] for layer in layers]
    listed = [layer for layer in content["layers"] if layer["id"] in ids]
    headed = [key for key, group in groups.items() if "detail_zh" in group]
    rows: list[Row] = []
    for key in headed:
        own = [layer for layer in listed if layer["group"] == key]
        rows += _group_rows(content, groups[key], own, lang) if own else []
    for layer in reversed(listed):
        if layer["group"] not in headed:
            first, *others = _layer_rows(content, layer, lang)
            in_classes = bool(rows) and bool((rows[-1].layer or {}).get("classes"))
            rows += [replace(first, apart=in_classes and first.layer is not None), *others]
    return rows


def draw_legend(page: Page, boxes: Sequence[Box], rows: Sequence[Row]) -> tuple[int, float]:
    """
    Write the legend into columns, as large as fits.

    Returns
    -------
    tuple
        How many columns it took, and where the last one ends, in millimetres from the
        paper's lower edge.
    """
    for size in _SIZES:
        columns = _columns(page, boxes, rows, size)
        if columns is not None:
            break
    else:
        columns = _cut(page, boxes, rows, size)
    bottom = boxes[0].top
    for box, placed in zip(boxes, columns, strict=False):
        bottom = min(box.top - _draw_row(page, box, *one, size=size) for one in placed)
    return len(columns), bottom


def _group_rows(
    content: Mapping[str, Any], group: Mapping[str, Any], own: Sequence[Any], lang: str
) -> Iterator[Row]:
    origins = {layer["drawn_from"] for layer in own if layer.get("kinds")}
    same = _mark(content, origins.pop(), lang) if len(origins) == 1 else ""
    yield Row(_said(group, "name", lang), mark=same)
    for layer in own:
        several = content["words"]["several"][lang]
        amount = layer_amount(layer, several=several) if layer.get("kinds") else ""
        mark = "" if same else _mark(content, layer["drawn_from"], lang)
        yield Row(_name(content, layer, lang), amount, mark, layer, layer["style"]["color"])


def _layer_rows(content: Mapping[str, Any], layer: Mapping[str, Any], lang: str) -> Iterator[Row]:
    mark = _mark(content, layer["drawn_from"], lang)
    name = _name(content, layer, lang)
    if not layer["classes"]:
        amount = layer_amount(layer, several=content["words"]["several"][lang])
        yield Row(name, amount, mark, layer, layer["style"]["color"])
        return
    if layer["type"] == "grid":
        word = "by_people" if amount_key(layer) == "people" else "by_area"
        name = _with(name, content["words"][word][lang], lang)
    yield Row(name, mark=mark)
    for part, amount in zip(layer["classes"], class_amounts(layer), strict=True):
        if amount:
            yield Row(_said(part, "label", lang), amount, "", layer, part["color"])


def _name(content: Mapping[str, Any], layer: Mapping[str, Any], lang: str) -> str:
    """Name of a layer, with the number of things that could not be drawn."""
    name = _said(layer, "name", lang)
    if layer["type"] == "grid" or layer["not_drawn"] == 0:
        return name
    words = content["words"]
    missing = (
        words["open_not_drawn"][lang] if layer["not_drawn"] is None
        else f"{layer['not_drawn']:,} {words['not_drawn'][lang]}"
    )  # fmt: skip
    return _with(name, missing, lang)


def _with(name: str, remark: str, lang: str) -> str:
    return f"{name}（{remark}）" if lang == "zh" else f"{name} ({remark})"


def _mark(content: Mapping[str, Any], origin: str, lang: str) -> str:
    return content["words"][MARKS[origin]][lang] if origin in MARKS else ""


def _said(thing: Mapping[str, Any], key: str, lang: str) -> str:
    return str(thing[f"{key}_{lang}"] or thing[f"{key}_zh"])


def _columns(
    page: Page, boxes: Sequence[Box], rows: Sequence[Row], size: float
) -> list[list[tuple[Row, float]]] | None:
    """Rows and their tops, by column; None where there is not room for all."""
    columns: list[list[tuple[Row, float]]] = [[]]
    used = 0.0
    for place, row in enumerate(rows):
        height = _height(page, boxes[0].width, row, size)
        after = rows[place + 1 : place + 2] if row.layer is None else []
        needed = height + sum(_height(page, boxes[0].width, one, size) for one in after)
        if used + needed > boxes[0].height:  # a heading stays with its first row
            if len(columns) == len(boxes):
                return None
            columns.append([])
            used = 0.0
        columns[-1].append((row, used))
        used += height
    return columns


def _cut(
    page: Page, boxes: Sequence[Box], rows: Sequence[Row], size: float
) -> list[list[tuple[Row, float]]]:
    """As many rows as fit, and how many are left out."""
    for kept in range(len(rows) - 1, 0, -1):
        more = Row(page.word("more_rows").format(count=len(rows) - kept))
        columns = _columns(page, boxes, [*rows[:kept], more], size)
        if columns is not None:
            _log.warning("the legend has no room for %d of its %d rows; take larger paper",
                         len(rows) - kept, len(rows))  # fmt: skip
            return columns
    return []


def _text_width(page: Page, width: float, row: Row, size: float) -> float:
    indent = _SWATCH[0] * 1.25 * size / _SIZES[0] if row.layer else 0.0
    amount = page.width(row.amount, size=size) + page.mm(1.5) if row.amount else 0.0
    mark = page.width(row.mark, size=size - 1) + page.mm(2) if row.mark else 0.0
    return width - page.mm(indent) - amount - mark


def _height(page: Page, width: float, row: Row, size: float) -> float:
    room = _text_width(page, width, row, size)
    lines = page.wrapped(row.label, size=size, width=room, bold=row.layer is None)
    extra = 0.35 if row.layer else 0.75  # air, in lines
    extra += _APART if row.apart else 0
    return (len(lines) + extra) * page.line_height(size)


def _draw_row(page: Page, box: Box, row: Row, down: float, *, size: float) -> float:
    """Draw one row so far down a column; return where it ends, from the top of the column."""
    height, step = _height(page, box.width, row, size), page.line_height(size)
    top = box.top - down
    top -= _APART * step if row.apart else 0
    left = box.left
    if row.layer is not None:
        wide, high = (page.mm(length * size / _SIZES[0]) for length in _SWATCH)
        _draw_swatch(page, Box(left, top - step * 0.5 - high / 2, wide, high), row)
        left += wide * 1.25
    else:
        top -= 0.35 * step
    bold = row.layer is None
    room = _text_width(page, box.width, row, size)
    lines = page.wrapped(row.label, size=size, width=room, bold=bold)
    for number, line in enumerate(lines):
        page.write(left, top - (number + 0.78) * step, line, size=size, bold=bold)
    y = top - 0.78 * step
    if row.amount:
        page.write(box.right, y, row.amount, size=size, ha="right", color=GREY)
    if row.mark:
        x = left + page.width(lines[0], size=size, bold=bold) + page.mm(1)
        page.write(x, y, row.mark, size=size - 1, color=WARNING)
    return down + height


def _draw_swatch(page: Page, box: Box, row: Row) -> None:
    """A sample of a layer: its symbol, a bit of its line, or a patch of its area."""
    layer = row.layer or {}
    style = dict(layer.get("style") or _CELL)
    style["weight"] = min(style.get("weight", 1), _MOST_PX)
    kind = _kind(layer)
    middle = box.bottom + box.height / 2
    if kind == "p":
        radius = min(style.get("radius", 4), _RADIUS_PX)
        shape, style = shapely.Point(box.left + box.width / 2, middle), style | {"radius": radius}
    elif kind == "l":
        head = style.get("arrow")  # one longer than the sample would hide it
        style["weight"] = min(style["weight"], _ARROW_PX if head else _LINE_PX)
        inset = box.width * (_HEAD if head else 0)
        shape = shapely.LineString([(box.left + inset, middle), (box.right - inset, middle)])
    else:
        shape = shapely.box(box.left, box.bottom, box.right, box.top)
    shapes = np.empty(1, dtype=object)
    shapes[0] = shape
    draw(page.pen, shapes, style, row.color)


def _kind(layer: Mapping[str, Any]) -> str:
    """Kind of the sample: of the first feature, else what the style is made for."""
    style = layer.get("style") or {}
    line = bool(style.get("weight")) and "fill_opacity" not in style
    by_style = "p" if style.get("radius") else "l" if line else "a"
    return str((layer.get("kinds") or by_style)[0])
