"""What stands round a map: title, neat line and ticks, north arrow, scale, inset, notes, foot."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import shapely
from matplotlib.patches import Polygon

from ._ground import MAX_CONVERGENCE
from ._ground import degrees_text
from ._ground import graticule
from ._page import FAINT
from ._page import GREY
from ._page import INK
from ._page import WARNING
from ._paper import Box

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    import geopandas as gpd

    from ._ground import Ground
    from ._page import Page

ARROW_MM = (9.0, 18.0)  # room of the north arrow on A3

_TITLE_PT, _SUBJECT_PT, _HEADLINE_PT, _FOOT_PT, _NOTE_PT, _TICK_PT = 17.0, 11.0, 8.0, 7.0, 5.8, 5.5
_MOST_NOTES = 14  # a wall of small print is read by nobody
_BAR_STEPS = (1, 2, 2.5, 5, 10)
_SEGMENTS = 4


def draw_title(page: Page, title: str, subject: str, headline: str, banner: str) -> None:
    """Title, what is shown, the figure that matters, and the banner of what is generated."""
    box = page.paper.title
    size = _TITLE_PT
    while size > _SUBJECT_PT and page.width(title, size=size, bold=True) > box.width:
        size -= 0.5
    page.write(box.left + box.width / 2, box.top - page.mm(6), title, size=size,
               bold=True, ha="center")  # fmt: skip
    lower = box.top - page.mm(9.2)
    subject_wide = page.width(subject, size=_SUBJECT_PT, bold=True)
    room = box.width - subject_wide - page.mm(6) if subject else box.width
    if subject:
        page.write(box.left, lower - page.mm(4), subject, size=_SUBJECT_PT, bold=True)
    lines = page.wrapped(headline, size=_HEADLINE_PT, width=max(room, page.mm(40)))[:2]
    for number, line in enumerate(lines):
        y = lower - page.mm(4 if len(lines) == 1 else 2.2 + 3.8 * number)
        page.write(box.right, y, line, size=_HEADLINE_PT, color=GREY, ha="right")
    if banner:
        strip = Box(box.left, box.bottom - page.mm(1.6), box.width, page.mm(4.4))
        page.box(strip, weight=0, face=WARNING)
        page.write(strip.left + strip.width / 2, strip.bottom + page.mm(1.2), banner, size=7.5,
                   color="white", bold=True, ha="center")  # fmt: skip


def draw_neat_line(page: Page, ground: Ground) -> None:
    """The frame of the map, an outer line, and ticks of the graticule between them."""
    frame = page.paper.frame
    page.box(page.paper.outline, weight=1.6)
    page.box(frame, weight=0.7)
    page.box(frame.grown(page.mm(4.2)), weight=0.9)
    tick = page.mm(1.4)
    for axis, degrees, x, y in graticule(ground):
        west, south = ground.bounds[:2]
        at = frame.left + (x - west) / ground.unit, frame.bottom + (y - south) / ground.unit
        text = degrees_text(degrees, axis)
        if axis == "x":
            out = -1 if at[1] < frame.bottom + 1e-6 else 1
            page.line([at[0]] * 2, [at[1], at[1] + out * tick])
            page.write(at[0], at[1] + out * page.mm(2.8), text, size=_TICK_PT, color=GREY,
                       ha="center", va="center")  # fmt: skip
        else:
            out = -1 if at[0] < frame.left + 1e-6 else 1
            page.line([at[0], at[0] + out * tick], [at[1]] * 2)
            page.write(at[0] + out * page.mm(2.8), at[1], text, size=_TICK_PT, color=GREY,
                       ha="center", va="center", rotation=90)  # fmt: skip


def arrow_box(page: Page) -> Box:
    """Where the north arrow stands: the upper right corner of the map."""
    frame = page.paper.frame
    width, height = page.mm(ARROW_MM[0]), page.mm(ARROW_MM[1])
    return Box(frame.right - width - page.mm(4), frame.top - height - page.mm(4), width, height)


def draw_north_arrow(page: Page, ground: Ground) -> None:
    """An arrow to true north at the middle of the map, with how far the grid is from it."""
    box = arrow_box(page)
    middle = np.array([box.left + box.width / 2, box.bottom + page.mm(6.5)])
    length = page.mm(6.0)
    angle = np.radians(ground.convergence)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for side, face in ((-1, INK), (1, "white")):
        corners = np.array([[0, 1], [side * 0.42, -1], [0, -0.62]]) * length
        half = Polygon(middle + corners @ turn.T, closed=True, facecolor=face,
                            edgecolor=INK, linewidth=page.points(0.6), zorder=4)  # fmt: skip
        page.axes.add_patch(half)
    x, y = middle + np.array([0, length + page.mm(2.2)]) @ turn.T
    page.write(x, y, page.word("north"), size=9, bold=True, ha="center", va="center", zorder=4)


def draw_scale(page: Page, box: Box, ground: Ground) -> float:
    """The bar, the numeric scale and the projection; return the height they took."""
    bar = _bar_length(box.width * 0.62, ground.denominator)
    wide = bar / ground.denominator * 1000
    y, high = box.top - page.mm(9.5), page.mm(1.5)
    numeric = f"{page.word('scale')} 1:{ground.denominator:,.0f}"
    page.write(box.left, box.top - page.mm(3.6), numeric, size=9, bold=True)
    for part in range(_SEGMENTS):
        segment = Box(box.left + part * wide / _SEGMENTS, y, wide / _SEGMENTS, high)
        page.box(segment, weight=0.5, face="white" if part % 2 else INK)
    unit, per = ("km", 1000.0) if bar >= 1000 else ("m", 1.0)
    for share in (0.0, 0.5, 1.0):
        text = f"{bar * share / per:g}" + (f" {unit}" if share == 1 else "")
        page.write(box.left + share * wide, y + high + page.mm(0.9), text, size=6.5,
                   ha="left" if share == 0 else "center")  # fmt: skip
    used = page.mm(11.5)
    used += page.paragraph(box.without_top(used), _projection(page, ground), size=6.2, color=GREY)
    return used + page.mm(2)


def draw_inset(
    page: Page, box: Box, around: gpd.GeoDataFrame, ground: Ground, *, marked: Any = None
) -> float:
    """
    Where the map lies in its surroundings; return the height it took.

    `marked` is an area of the map's system to fill; else the extent of the map is drawn.
    """
    shapes = around.to_crs(ground.crs).geometry
    extent = marked if marked is not None else shapely.box(*ground.bounds)
    west, south, east, north = shapely.bounds([*shapes, extent]).T.copy()
    west, south, east, north = west.min(), south.min(), east.max(), north.max()
    heading = page.line_height(7.5)
    room = box.height - heading
    unit = max((east - west) / (box.width * 0.94), (north - south) / (room * 0.94))
    inner = Box(box.left, box.top - heading - min(room, (north - south) / unit * 1.06), box.width,
                min(room, (north - south) / unit * 1.06))  # fmt: skip
    offset = (inner.left + inner.width / 2 - (west + east) / 2 / unit,
              inner.bottom + inner.height / 2 - (south + north) / 2 / unit)  # fmt: skip
    page.write(box.left, box.top - heading * 0.8, page.word("inset"), size=7.5, bold=True)
    page.box(inner, weight=0.5, face="white")
    for shape in shapely.simplify(shapes.to_numpy(), 0.1 * unit):
        for part in shapely.get_parts(shape):
            line = part.exterior if part.geom_type == "Polygon" else part
            if line.geom_type in ("LineString", "LinearRing"):
                x, y = shapely.get_coordinates(line).T
                page.line(list(x / unit + offset[0]), list(y / unit + offset[1]),
                          weight=0.4, color=GREY)  # fmt: skip
    face = "#e6867f" if marked is not None else "none"
    for part in shapely.get_parts(extent):
        corners = shapely.get_coordinates(part.exterior) / unit + offset
        page.axes.add_patch(Polygon(corners, closed=True, facecolor=face, edgecolor=WARNING,
                                    linewidth=page.points(1.0)))  # fmt: skip
    return heading + inner.height + page.mm(2)


def draw_notes(page: Page, box: Box, notes: Sequence[str]) -> None:
    """Basis and sources, small: the first ones, as many as fit, and how many do not."""
    heading = page.line_height(7.5)
    if box.height < heading + 2 * page.line_height(_NOTE_PT):
        return
    page.write(box.left, box.top - heading * 0.8, page.word("notes"), size=7.5, bold=True)
    left = box.without_top(heading)
    step = page.line_height(_NOTE_PT)
    for number, note in enumerate(notes):
        lines = len(page.wrapped(note, size=_NOTE_PT, width=left.width)) * step
        last = number == len(notes) - 1
        if number == _MOST_NOTES or lines + (0 if last else step) > left.height:
            more = page.word("more_notes").format(count=len(notes) - number)
            page.paragraph(left, more, size=_NOTE_PT, color=GREY)
            return
        left = left.without_top(page.paragraph(left, note, size=_NOTE_PT, color=GREY))


def draw_foot(page: Page, fields: Sequence[tuple[str, str]], number: str, reminder: str) -> None:
    """The fields from the lower left corner on, the reminder, and the number of the sheet."""
    box = page.paper.foot
    page.line([box.left, box.right], [box.top, box.top], color=FAINT)
    label = f"{page.word('sheet_number')} {number}" if number else ""
    wide = page.width(label, size=9, bold=True) + page.mm(4)
    page.write(box.right, box.top - page.mm(5.2), label, size=9, bold=True, ha="right")
    size, room = _FOOT_PT, Box(box.left, box.bottom, box.width - wide, box.height)
    texts = [
        f"{name}：{value}" if page.lang == "zh" else f"{name}: {value}" for name, value in fields
    ]
    gap = "    "
    lines = _filled(page, [*texts, *([reminder] if reminder else [])], size, room.width, gap)
    for place, line in enumerate(lines[: int(room.height / page.line_height(size))]):
        x = room.left
        for text in line:
            color = WARNING if text == reminder else INK
            y = room.top - (place + 1.0) * page.line_height(size)
            page.write(x, y, text, size=size, color=color)
            x += page.width(text + gap, size=size)


def _filled(
    page: Page, texts: Sequence[str], size: float, width: float, gap: str
) -> list[list[str]]:
    """Texts in lines, one after another; what is longer than a line is broken."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for text in texts:
        for piece in page.wrapped(text, size=size, width=width):
            wide = page.width(piece + gap, size=size)
            if lines[-1] and used + wide > width:
                lines.append([])
                used = 0.0
            lines[-1].append(piece)
            used += wide
    return lines


def _bar_length(room: float, denominator: float) -> float:
    """A round length in metres on the ground that so many millimetres of paper have room for."""
    most = room * denominator / 1000
    power = 10 ** np.floor(np.log10(most))
    return float(max(step * power for step in _BAR_STEPS if step * power <= most))


def _projection(page: Page, ground: Ground) -> str:
    """The system of the frame, and how far its north is from true north where that matters."""
    text = f"{ground.crs.to_string()} {ground.crs.name}"
    if abs(ground.convergence) <= MAX_CONVERGENCE:
        return text
    return f"{text}；{page.word('convergence').format(degrees=ground.convergence)}"


def field_values(content: Mapping[str, Any], ground: Ground, *, lang: str) -> list[tuple[str, str]]:
    """What the foot states: each field of the style file with its value, or that there is none."""
    values = {**content["fields"], "crs": f"{ground.crs.to_string()} {ground.crs.name}"}
    missing = content["words"]["not_stated"][lang]
    return [
        (label[lang], values.get(key) or missing) for key, label in content["field_labels"].items()
    ]
