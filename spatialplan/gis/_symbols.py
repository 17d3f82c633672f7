"""Symbols of QGIS from our drawing styles: the same colours, widths, dashes and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from ._xml import Node
from ._xml import node
from ._xml import options

if TYPE_CHECKING:
    from collections.abc import Mapping

MM_PER_PX = 25.4 / 96
TYPES = {"p": "marker", "l": "line", "a": "fill"}

_POINT_OPACITY = 0.95  # as in the page
_HATCH_OPACITY = 0.18
_HATCH_PX = (5.66, 1.6)  # between strokes and of a stroke
_DASHED_PX = 4  # along wider lines dashes are as much longer, so that they are no beads
_INLAY_PX = 7
_ARROW_PX = 14

# Shape of a symbol in QGIS, and its size in radii of ours.
_SHAPES = {
    "square": ("square", 1.8),
    "diamond": ("diamond", 2.4),
    "triangle": ("triangle", 2.2),
}


def symbol(name: str, kind: str, style: Mapping[str, Any], color: str) -> Node:
    """
    A symbol for features of one kind.

    Parameters
    ----------
    name
        Of the symbol in its renderer.
    kind
        ``p``, ``l`` or ``a``.
    style
        A drawing style of the content; its pixels become millimetres at 96 dpi.
    color
        Of the class, or of the style.
    """
    parts = {"p": _markers, "l": _lines, "a": _fills}[kind](style, color)
    return _symbol(name, TYPES[kind], *parts)


def rgba(color: str, *, opacity: float = 1.0) -> str:
    """
    A colour as QGIS writes it.

    Examples
    --------
    >>> rgba("#0072b2", opacity=0.5)
    '0,114,178,128'
    """
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def mm(pixels: float) -> str:
    """Millimetres of pixels."""
    return f"{pixels * MM_PER_PX:.3f}"


def _symbol(name: str, kind: str, *parts: Node) -> Node:
    return node("symbol", {"type": kind, "name": name, "alpha": 1, "clip_to_extent": 1,
                           "force_rhr": 0}, *parts)  # fmt: skip


def _part(kind: str, values: Mapping[str, object], *within: Node) -> Node:
    return node("layer", {"class": kind, "enabled": 1, "locked": 0, "pass": 0},
                options(values), *within)  # fmt: skip


def _markers(style: Mapping[str, Any], color: str) -> list[Node]:
    shape, radii = _SHAPES.get(style.get("symbol", ""), ("circle", 2))
    edge = style.get("stroke") or color
    fill = "#ffffff" if style.get("symbol") == "open" else color
    radius = style.get("radius", 5)
    parts = [
        _marker(shape, radii * radius, rgba(fill, opacity=_POINT_OPACITY), edge, style["weight"])
    ]
    if style.get("symbol") == "core":
        parts.append(
            _marker("circle", 1.1 * radius, rgba(color, opacity=0), edge, max(1.5, radius / 5))
        )
    return parts


def _marker(shape: str, size: float, fill: str, edge: str, weight: float) -> Node:
    return _part("SimpleMarker", {
        "name": shape, "size": mm(size), "size_unit": "MM", "color": fill,
        "outline_color": rgba(edge), "outline_width": mm(weight), "outline_width_unit": "MM",
        "outline_style": "solid" if weight else "no", "angle": 0, "joinstyle": "miter",
    })  # fmt: skip


def _lines(style: Mapping[str, Any], color: str) -> list[Node]:
    weight = style["weight"]
    parts = [_line(color, weight, style.get("dash", ""), flat="arrow" in style)]
    if inlay := style.get("inlay"):
        dash = f"{_INLAY_PX} {_INLAY_PX}"
        parts.append(_line(inlay, max(1, weight - 2), dash, flat=True, stretched=False))
    if style.get("arrow"):
        parts += [_arrow(color, weight, end, angle)
                  for end, angle in (("firstvertex", 270), ("lastvertex", 90))]  # fmt: skip
    return parts


def _line(
    color: str, weight: float, dash: str, *, flat: bool = False, stretched: bool = True
) -> Node:
    longer = max(1, weight / _DASHED_PX) if stretched else 1
    return _part("SimpleLine", {
        "line_color": rgba(color), "line_width": mm(weight), "line_width_unit": "MM",
        "line_style": "solid", "capstyle": "flat" if flat or dash else "round",
        "joinstyle": "round", "use_custom_dash": int(bool(dash)),
        "customdash": ";".join(mm(float(part) * longer) for part in dash.split()) or "5;2",
        "customdash_unit": "MM",
    })  # fmt: skip


def _arrow(color: str, weight: float, end: str, angle: float) -> Node:
    """A head beyond one end of a line."""
    size = max(_ARROW_PX, 1.8 * weight)
    head = _part("SimpleMarker", {
        "name": "triangle", "size": mm(size), "size_unit": "MM", "color": rgba(color),
        "outline_style": "no", "angle": angle, "offset": f"0,-{mm(size / 2)}", "offset_unit": "MM",
    })  # fmt: skip
    values = {"placement": end, "placements": f"{end[:-6].title()}Vertex", "rotate": 1}
    return _part("MarkerLine", values, _symbol("head", "marker", head))


def _fills(style: Mapping[str, Any], color: str) -> list[Node]:
    opacity = style.get("fill_opacity", 1)
    hatched = bool(style.get("hatch"))
    fill = rgba(color, opacity=opacity * (_HATCH_OPACITY if hatched else 1))
    parts = [_part("SimpleFill", {"color": fill, "style": "solid", "outline_style": "no"})]
    if hatched:
        parts.append(_hatch(color))
    if style["weight"]:
        edge = _line(style.get("stroke") or color, style["weight"], style.get("dash", ""),
                     stretched=False)  # fmt: skip
        parts.append(edge)
    return parts


def _hatch(color: str) -> Node:
    distance, width = _HATCH_PX
    stroke = _symbol("stroke", "line", _line(color, width, ""))
    values = {"angle": 45, "distance": mm(distance), "distance_unit": "MM", "color": rgba(color)}
    return _part("LinePatternFill", values, stroke)
