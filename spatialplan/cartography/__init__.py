"""Content of maps: layers and tables packed small, styles, words; apart from any renderer."""

from __future__ import annotations

from ._content import map_content
from ._frames import layer_cells
from ._frames import layer_frame
from ._grid import grid_layer
from ._style import layer_group
from ._style import read_style
from ._table import data_table
from ._table import two_languages
from ._vector import vector_layer

__all__ = [
    "data_table",
    "grid_layer",
    "layer_cells",
    "layer_frame",
    "layer_group",
    "map_content",
    "read_style",
    "two_languages",
    "vector_layer",
]
