"""The interactive map: layers and tables in, one HTML file that loads nothing out."""

from __future__ import annotations

from ._grid import grid_layer
from ._page import draw_map
from ._page import write_map
from ._style import layer_group
from ._style import read_style
from ._table import data_table
from ._table import two_languages
from ._vector import vector_layer

__all__ = [
    "data_table",
    "draw_map",
    "grid_layer",
    "layer_group",
    "read_style",
    "two_languages",
    "vector_layer",
    "write_map",
]
