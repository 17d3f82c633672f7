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
    from collections.abc import Sequence

# What a drawing style may say; the file explains each.
STYLE_KEYS = frozenset(
    {"color", "stroke", "weight", "dash", "fill_opacity"}
    | {"radius", "hatch", "arrow", "scale", "from_zoom", "label", "quiet"}
    | {"opacity", "symbol", "inlay", "order"}
)


def read_style() -> dict[str, Any]:
    """
    The content of ``maps/style.yaml``.

    Returns
    -------
    dict
        ``palettes``, ``category_groups``, ``groups``, ``styles``, ``roles`` and
        how plans are drawn beside, ``fields`` and ``words``; a copy, free to change.

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
    """The entries that layers of every kind have."""
    return {
        "id": layer_id,
        "name_zh": name_zh,
        "name_en": name_en or name_zh,
        "group": group,
        "theme": theme,
        "visible": visible,
        "drawn_from": drawn_from,
    }


def layer_group(
    name_zh: str,
    *,
    name_en: str = "",
    detail_zh: str,
    detail_en: str = "",
    section_zh: str = "",
    section_en: str = "",
    is_open: bool = False,
) -> dict[str, Any]:
    """
    A layer group of a page's own, shown, hidden and explained as a whole.

    Parameters
    ----------
    name_zh, name_en
        Heading in the layer list and the legend.
    detail_zh, detail_en
        What the layer list says under the heading.
    section_zh, section_en
        Heading over groups that follow one another, such as the title of a plan.
    is_open
        Whether the list of its layers stands open when the page opens.

    Returns
    -------
    dict
        The group, for the argument `groups` of `map_content`, under a key of its own.

    Examples
    --------
    >>> layer_group("一主两轴", detail_zh="1主 2轴")["name_en"]
    '一主两轴'
    """
    return {
        "name_zh": name_zh,
        "name_en": name_en or name_zh,
        "detail_zh": detail_zh,
        "detail_en": detail_en or detail_zh,
        "section_zh": section_zh,
        "section_en": section_en or section_zh,
        "exclusive": False,
        "open": is_open,
    }


def require_groups(layers: Sequence[Mapping[str, Any]], groups: Mapping[str, Any]) -> None:
    """Raise `InputError` unless every layer stands in one of `groups`."""
    for layer in layers:
        if layer["group"] not in groups:
            allowed = ", ".join(groups)
            raise InputError(f"layer {layer['id']}", f"group {layer['group']!r}", allowed=allowed)


@functools.cache
def _style() -> dict[str, Any]:
    return read_yaml(data_folder("maps") / "style.yaml")
