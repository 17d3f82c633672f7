"""Printed sheets: a map's content on paper, as PDF and PNG, alone or as an atlas."""

from __future__ import annotations

from ._atlas import draw_atlas
from ._choice import with_group
from ._choice import with_theme
from ._sheet import draw_sheet
from ._write import write_sheet

__all__ = ["draw_atlas", "draw_sheet", "with_group", "with_theme", "write_sheet"]
