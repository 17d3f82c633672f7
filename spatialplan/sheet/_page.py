"""The page round the map: text, lines and boxes placed in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from matplotlib.patches import Rectangle

from spatialplan.cartography import read_style

from ._look import Pen
from ._paper import MM_PER_POINT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from ._paper import Box
    from ._paper import Paper
    from ._typeface import Typeface

INK, GREY, FAINT, WARNING = "#1a1a1a", "#555555", "#b5b5b5", "#b3261e"
LINE = 1.32  # of a line of text, in sizes of the text


@dataclass(frozen=True)
class Page:
    """Axes in millimetres over all of a sheet, and what writes on them."""

    axes: Axes
    paper: Paper
    typeface: Typeface
    lang: str

    @property
    def pen(self) -> Pen:
        """What draws symbols beside the map."""
        return Pen(self.axes, MM_PER_POINT, self.paper.scale)

    def points(self, size: float) -> float:
        """A size of text on A3 in points of this paper."""
        return size * self.paper.scale

    def mm(self, length: float) -> float:
        """A length on A3 in millimetres of this paper."""
        return length * self.paper.scale

    def word(self, key: str) -> str:
        """A word that sheets say."""
        return str(read_style()["sheet"]["words"][key][self.lang])

    def said(self, thing: Mapping[str, Any], key: str) -> str:
        """``thing["key_zh"]`` or ``thing["key_en"]``, by the language of the sheet."""
        return str(thing.get(f"{key}_{self.lang}") or thing.get(f"{key}_zh") or "")

    def write(
        self, x: float, y: float, text: str, *, size: float, color: str = INK, bold: bool = False,
        ha: str = "left", va: str = "baseline", rotation: float = 0, zorder: float = 3,
    ) -> None:  # fmt: skip
        """Write one line at a place; `size` in points on A3."""
        self.axes.text(
            x, y, self.typeface.drawable(text), fontsize=self.points(size), color=color, ha=ha,
            va=va, rotation=rotation, zorder=zorder, fontweight="bold" if bold else "normal",
        )  # fmt: skip

    def wrapped(self, text: str, *, size: float, width: float, bold: bool = False) -> list[str]:
        """Lines of a text in a width in millimetres; `size` in points on A3."""
        return self.typeface.wrapped(
            text, size=self.points(size), width=width / MM_PER_POINT, bold=bold
        )

    def width(self, text: str, *, size: float, bold: bool = False) -> float:
        """Width of one line in millimetres."""
        return self.typeface.width(text, size=self.points(size), bold=bold) * MM_PER_POINT

    def line_height(self, size: float) -> float:
        """Height of a line of text in millimetres."""
        return self.points(size) * MM_PER_POINT * LINE

    def paragraph(self, box: Box, text: str, *, size: float, color: str = INK) -> float:
        """Write a text from the top of a box, as far as it fits; return the height it took."""
        step = self.line_height(size)
        lines = self.wrapped(text, size=size, width=box.width)
        room = int(box.height / step)
        if len(lines) > room:
            lines = [*lines[: room - 1], lines[room - 1][:-1] + "…"] if room else []
        for number, line in enumerate(lines):
            y = box.top - (number + 0.8) * step
            self.write(box.left, y, line, size=size, color=color)
        return len(lines) * step

    def box(self, box: Box, *, weight: float = 0.6, face: str = "none") -> None:
        """Draw a rectangle; `weight` in points on A3."""
        self.axes.add_patch(
            Rectangle((box.left, box.bottom), box.width, box.height, facecolor=face,
                      linewidth=self.points(weight), edgecolor=INK)
        )  # fmt: skip

    def line(
        self, x: list[float], y: list[float], *, weight: float = 0.6, color: str = INK
    ) -> None:
        """Draw a line through some places; `weight` in points on A3."""
        self.axes.plot(x, y, linewidth=self.points(weight), color=color)
