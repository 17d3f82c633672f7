"""What of a content a sheet shows: as its page opens, one clause, or one structure alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan.errors import InputError
from spatialplan.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping


def with_theme(content: Mapping[str, Any], theme: str) -> dict[str, Any]:
    """
    The content with the layers of one theme in the exclusive groups: a clause, say.

    Parameters
    ----------
    content
        Made by `cartography.map_content`.
    theme
        The theme, such as the id of a clause.

    Returns
    -------
    dict
        The same content but for what is visible and its headline.

    Raises
    ------
    InputError
        If no layer has the theme.

    Examples
    --------
    >>> with_theme({"layers": [], "groups": {}}, "school")
    Traceback (most recent call last):
    spatialplan.errors.InputError: sheet: no layer of 'school'; this map has no clauses
    """
    groups = content["groups"]
    exclusive = [layer for layer in content["layers"] if groups[layer["group"]]["exclusive"]]
    chosen = [layer for layer in exclusive if layer["theme"] == theme]
    if not chosen:
        known = dict.fromkeys(layer["theme"] for layer in exclusive if layer["theme"])
        raise InputError(
            "sheet",
            f"no layer of {theme!r}",
            do=nearest(theme, known) if known else "this map has no clauses",
        )
    ids = {layer["id"] for layer in chosen}
    brought = {name for layer in chosen for name in layer.get("along", ())}
    others = {name for layer in exclusive for name in layer.get("along", ())} - brought

    def shows(layer: Mapping[str, Any]) -> bool:
        if groups[layer["group"]]["exclusive"]:
            return layer["id"] in ids
        return layer["id"] in brought or (layer["visible"] and layer["id"] not in others)

    return {**_visible(content, shows), **_headline(content, ids)}


def with_group(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    """
    The content with one group that is a whole alone: a structure of a plan.

    Parameters
    ----------
    content
        Made by `cartography.map_content`.
    name
        Key of the group, what follows its last ``/``, or its name.

    Returns
    -------
    dict
        The same content but for what is visible and its headline: what the group counts.

    Raises
    ------
    InputError
        If there is no such group.
    """
    wholes = {key: group for key, group in content["groups"].items() if "detail_zh" in group}
    names = {key: (key, key.rpartition("/")[2], group["name_zh"]) for key, group in wholes.items()}
    found = [key for key, called in names.items() if name in called]
    if not found:
        known = [called[1] for called in names.values()]
        raise InputError(
            "sheet",
            f"no structure {name!r} is drawn",
            do=nearest(name, known) if known else "this map has none",
        )

    def shows(layer: Mapping[str, Any]) -> bool:
        return layer["group"] in found if layer["group"] in wholes else bool(layer["visible"])

    group = wholes[found[0]]
    told = {f"headline_{lang}": group[f"detail_{lang}"] for lang in ("zh", "en")}
    return {**_visible(content, shows), **told}


def subject(content: Mapping[str, Any], *, lang: str) -> str:
    """What a sheet is about: the wholes, or the one layer of an exclusive group, that it shows."""
    groups = content["groups"]
    shown = [layer for layer in content["layers"] if layer["visible"]]
    wholes = [groups[layer["group"]] for layer in shown if "detail_zh" in groups[layer["group"]]]
    grids = [layer for layer in shown if layer["type"] == "grid"]
    names = dict.fromkeys(thing[f"name_{lang}"] or thing["name_zh"] for thing in [*wholes, *grids])
    return ("；" if lang == "zh" else "; ").join(names)


def _visible(content: Mapping[str, Any], shows: Any) -> dict[str, Any]:
    layers = [{**layer, "visible": shows(layer)} for layer in content["layers"]]
    return {**content, "layers": layers}


def _headline(content: Mapping[str, Any], ids: Iterable[str]) -> dict[str, str]:
    """The first row of a table that is about one of some layers, as a sentence."""
    for table in content["tables"]:
        for row, layer in zip(table["rows"], table.get("layers", ()), strict=False):
            if layer in ids:
                return {f"headline_{lang}": _sentence(table["columns"], row, lang)
                        for lang in ("zh", "en")}  # fmt: skip
    return {}


def _sentence(columns: Any, row: Any, lang: str) -> str:
    parts = []
    for column, value in zip(columns, row, strict=True):
        text = _value(value, column["format"], lang)
        if text:
            parts.append(f"{column[f'label_{lang}']} {text}")
    return ("；" if lang == "zh" else "; ").join(parts)


def _value(value: Any, kind: str, lang: str) -> str:
    if isinstance(value, list):
        return str(value[lang == "en"] or value[0])
    if value is None or isinstance(value, str):
        return str(value or "")
    return f"{value:.1%}" if kind == "share" else f"{value:,.4g}"
