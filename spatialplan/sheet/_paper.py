"""Paper: its size, how large text is on it, and where the parts of a sheet stand."""

from __future__ import annotations

from dataclasses import dataclass

from spatialplan.errors import InputError

SIZES_MM = {
    "A4": (297.0, 210.0),
    "A3": (420.0, 297.0),
    "A2": (594.0, 420.0),
    "A1": (841.0, 594.0),
    "A0": (1189.0, 841.0),
}
MM_PER_POINT = 25.4 / 72

# Text and lines grow less than the paper does: a wall is read from farther off, but not as far.
_GROWTH = 0.85
# In millimetres of an A3 sheet.
_MARGIN, _GAP, _TICKS, _TITLE, _FOOT = 10.0, 3.0, 5.0, 18.0, 11.0
_PANEL_WIDTH, _PANEL_HEIGHT = 0.235, 0.26  # shares of a landscape and of a portrait sheet
_COLUMNS = 3  # of a panel under the map; the last one is for scale, inset and notes
_LEGEND = 0.62  # share of a panel beside the map that the legend may take


@dataclass(frozen=True)
class Box:
    """A rectangle in millimetres from the lower left corner of the paper."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.bottom + self.height

    def grown(self, by: float) -> Box:
        """Return the box with so much more on every side."""
        return Box(self.left - by, self.bottom - by, self.width + 2 * by, self.height + 2 * by)

    def without_top(self, height: float) -> Box:
        """Return what is left of the box under its upper part."""
        return Box(self.left, self.bottom, self.width, max(self.height - height, 0.0))


@dataclass(frozen=True)
class Paper:
    """
    A sheet of paper and its parts.

    ``scale`` is the size of text and lines, 1 on A3; ``frame`` holds the map, ``legend`` the
    columns of the legend, ``aside`` what stands beside or under it.
    """

    width: float
    height: float
    scale: float
    title: Box
    frame: Box
    legend: tuple[Box, ...]
    aside: Box | None
    foot: Box

    @property
    def outline(self) -> Box:
        """The line round all of the sheet."""
        return Box(0, 0, self.width, self.height).grown(-_MARGIN * self.scale * 0.7)


def paper(name: str, *, landscape: bool = True) -> Paper:
    """
    A sheet of paper by its name.

    Parameters
    ----------
    name
        ``A4`` to ``A0``.
    landscape
        Whether it lies: the legend stands beside the map, else under it.

    Returns
    -------
    Paper
        ``aside`` is None where it is what the legend leaves of the panel.

    Raises
    ------
    InputError
        If the size is not known.

    Examples
    --------
    >>> a4 = paper("A4", landscape=False)
    >>> a4.width, a4.height, len(a4.legend)
    (210.0, 297.0, 2)
    """
    if name.upper() not in SIZES_MM:
        raise InputError("paper", repr(name), allowed=", ".join(SIZES_MM))
    long, short = SIZES_MM[name.upper()]
    scale = (short / SIZES_MM["A3"][1]) ** _GROWTH
    width, height = (long, short) if landscape else (short, long)
    inner = Box(0, 0, width, height).grown(-_MARGIN * scale)
    gap, ticks = _GAP * scale, _TICKS * scale
    title = Box(inner.left, inner.top - _TITLE * scale, inner.width, _TITLE * scale)
    foot = Box(inner.left, inner.bottom, inner.width, _FOOT * scale)
    middle = Box(inner.left, foot.top + gap, inner.width, title.bottom - foot.top - 2 * gap)
    if landscape:
        panel = _PANEL_WIDTH * width
        map_area = Box(middle.left, middle.bottom, middle.width - panel - gap, middle.height)
        legend: tuple[Box, ...] = (Box(map_area.right + gap, middle.bottom, panel, middle.height),)
        return Paper(width, height, scale, title, map_area.grown(-ticks), legend, None, foot)
    panel = _PANEL_HEIGHT * height
    map_area = Box(middle.left, middle.bottom + panel + gap, middle.width,
                   middle.height - panel - gap)  # fmt: skip
    column = (middle.width - (_COLUMNS - 1) * gap) / _COLUMNS
    *legend_boxes, aside = (
        Box(middle.left + place * (column + gap), middle.bottom, column, panel)
        for place in range(_COLUMNS)
    )
    frame = map_area.grown(-ticks)
    return Paper(width, height, scale, title, frame, tuple(legend_boxes), aside, foot)


def legend_share(sheet: Paper) -> tuple[Box, ...]:
    """The boxes that a legend may fill: beside the map it leaves room for what stands under it."""
    if sheet.aside is not None:
        return sheet.legend
    (panel,) = sheet.legend
    height = panel.height * _LEGEND
    return (Box(panel.left, panel.top - height, panel.width, height),)
