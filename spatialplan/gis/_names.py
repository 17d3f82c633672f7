"""Names that every GIS takes: of tables ASCII, of fields letters of any script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable

_LONGEST_TABLE, _LONGEST_FIELD = 120, 60  # characters; a File Geodatabase allows 160 and 64
_TAKEN_TABLES = ("layer_styles",)
_PREFIXES = ("gpkg", "rtree", "sqlite", "gdb", "ogr")  # kept by the formats for themselves
_TAKEN_FIELDS = ("fid", "geom", "geometry", "ogc_fid", "objectid", "shape")


def table_names(ids: Iterable[str]) -> list[str]:
    """
    One ASCII name for each identifier, no two alike.

    Examples
    --------
    >>> table_names(["access_school", "小学", "中学", "15-minutes"])
    ['access_school', 'layer', 'layer_2', 'layer_15_minutes']
    """
    names: list[str] = []
    for one in ids:
        plain = re.sub(r"[^a-z0-9]+", "_", one.lower()).strip("_")
        if not plain[:1].isalpha() or plain.startswith(_PREFIXES):
            plain = f"layer_{plain}".rstrip("_")
        names.append(_apart(plain[:_LONGEST_TABLE], [*names, *_TAKEN_TABLES]))
    return names


def field_name(label: str, taken: Collection[str]) -> str:
    """
    A name for a field that is none of `taken`, whatever its label holds.

    Examples
    --------
    >>> field_name("步行 <15> 分钟", []), field_name("name_zh", ["name_zh"])
    ('步行_15_分钟', 'name_zh_2')
    """
    plain = re.sub(r"\W+", "_", label).strip("_")
    named = plain if plain[:1].isalpha() else f"field_{plain}".rstrip("_")
    return _apart(named[:_LONGEST_FIELD], [*taken, *_TAKEN_FIELDS])


def _apart(name: str, taken: Collection[str]) -> str:
    """The name, with a number where it is taken; formats do not tell capitals apart."""
    known = {one.lower() for one in taken}
    tried, number = name, 1
    while tried.lower() in known:
        number += 1
        tried = f"{name}_{number}"
    return tried
