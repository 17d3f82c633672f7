"""Colours, drawing styles, layer groups and words of ``maps/style.yaml``."""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING
from typing import Any

from spatialplan._files import data_folder
from spatialplan._yaml import read_yaml
from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a drawing style may say; the file explains each.
STYLE_KEYS = frozenset(
    {"color", "stroke", "weight", "dash", "fill_opacity"}
    | {"radius", "hatch", "arrow", "scale", "from_zoom", "label"}
)


def read_style() -> dict[str, Any]:
    """
    The content of ``maps/style.yaml``.

    Returns
    -------
    dict
        ``palettes``, ``category_groups``, ``groups``, ``styles``, ``fields`` and
        ``words``; a copy, free to change.

    Examples
    --------
    >>> read_style()["category_groups"]["green"]
    '#009e73'
    """
    return copy.deepcopy(_style())


def named_style(style: str | Mapping[str, Any]) -> dict[str, Any]:
    """
    A drawing style by name, or a mapping that starts from the style its ``like`` names.

    Examples
    --------
    >>> named_style({"like": "line", "weight": 3})
    {'color': '#444444', 'weight': 3}
    """
    changes = {"like": style} if isinstance(style, str) else dict(style)
    name = changes.pop("like", "area")
    known = _style()["styles"]
    if name not in known:
        raise InputError("map style", repr(name), allowed=", ".join(known))
    if unknown := set(changes) - STYLE_KEYS:
        allowed = ", ".join(sorted(STYLE_KEYS))
        raise InputError("map style", f"unknown key {min(unknown)!r}", allowed=allowed)
    return {**known[name], **changes}


def heading(
    layer_id: str,
    *,
    name_zh: str,
    name_en: str,
    group: str,
    theme: str,
    visible: bool,
    drawn_from: str,
) -> dict[str, Any]:
    """The entries that layers of every kind have; refuses an unknown group."""
    groups = _style()["groups"]
    if group not in groups:
        raise InputError(f"layer {layer_id}", f"group {group!r}", allowed=", ".join(groups))
    return {
        "id": layer_id,
        "name_zh": name_zh,
        "name_en": name_en or name_zh,
        "group": group,
        "theme": theme,
        "visible": visible,
        "drawn_from": drawn_from,
    }


@functools.cache
def _style() -> dict[str, Any]:
    return read_yaml(data_folder("maps") / "style.yaml")
