"""The interactive map: content in, one HTML file that loads nothing out."""

from __future__ import annotations

from ._page import draw_map
from ._page import write_map

__all__ = ["draw_map", "write_map"]
