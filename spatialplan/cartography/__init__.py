"""Content of maps: layers and tables packed small, styles, words; apart from any renderer."""

from __future__ import annotations

from ._base_map import moved
from ._base_map import with_tiles
from ._content import map_content
from ._frame_content import frame_content
from ._frames import content_box
from ._frames import layer_cells
from ._frames import layer_frame
from ._frames import layer_title
from ._grid import grid_layer
from ._legend import amount_key
from ._legend import class_amounts
from ._legend import layer_amount
from ._style import layer_group
from ._style import read_style
from ._table import data_table
from ._table import two_languages
from ._tiles import file_tiles
from ._tiles import online_tiles
from ._vector import vector_layer

__all__ = [
    "amount_key",
    "class_amounts",
    "content_box",
    "data_table",
    "file_tiles",
    "frame_content",
    "grid_layer",
    "layer_amount",
    "layer_cells",
    "layer_frame",
    "layer_group",
    "layer_title",
    "map_content",
    "moved",
    "online_tiles",
    "read_style",
    "two_languages",
    "vector_layer",
    "with_tiles",
]
