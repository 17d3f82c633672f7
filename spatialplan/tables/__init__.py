"""Tables and layers that users bring: one reader, whatever the format, always in metres."""

from __future__ import annotations

from ._columns import column
from ._columns import numbers
from ._columns import rows_text
from ._columns import texts
from ._features import read_geojson
from ._gate import require_readable
from ._position import datum_of
from ._read import read_layer
from ._stored import SourceDatum
from ._stored import source_datum

__all__ = [
    "SourceDatum",
    "column",
    "datum_of",
    "numbers",
    "read_geojson",
    "read_layer",
    "require_readable",
    "rows_text",
    "source_datum",
    "texts",
]
