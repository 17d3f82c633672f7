"""How much of a layer each of its classes is, for legends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def amount_key(layer: Mapping[str, Any]) -> str:
    """
    What the classes of a layer are counted in: ``people`` where a grid knows them, else ``count``.

    Parameters
    ----------
    layer
        Made by `grid_layer` or `vector_layer`.

    Returns
    -------
    str
        Key of the entries of its classes.

    Examples
    --------
    >>> amount_key({"classes": [{"count": 3, "people": 20.0}]})
    'people'
    """
    return "people" if any(part.get("people") for part in layer["classes"]) else "count"


def layer_amount(layer: Mapping[str, Any], *, several: str = "") -> str:
    """
    How many things a vector layer shows, as a legend tells it.

    Parameters
    ----------
    layer
        Made by `vector_layer`.
    several
        What to say where the number is not known.

    Returns
    -------
    str
        "" for what a map stands on (backdrops, the group ``base``): in how many pieces
        streets and land were drawn says nothing.

    Examples
    --------
    >>> layer_amount({"group": "facilities", "backdrop": False, "count": 1200})
    '1,200'
    >>> layer_amount({"group": "base", "backdrop": False, "count": 1200})
    ''
    """
    if layer["backdrop"] or layer["group"] == "base":
        return ""
    return several if layer["count"] is None else f"{layer['count']:,}"


def class_amounts(layer: Mapping[str, Any]) -> list[str]:
    """
    The amount of each class as a legend tells it.

    Parameters
    ----------
    layer
        Made by `grid_layer` or `vector_layer`.

    Returns
    -------
    list
        Of a grid shares of the people, or of the area drawn where nobody is counted; else
        numbers of features. "" for a class of which there is nothing.

    Examples
    --------
    >>> class_amounts({"type": "grid", "classes": [{"count": 3}, {"count": 0}, {"count": 1}]})
    ['75.0%', '', '25.0%']
    """
    key = amount_key(layer)
    amounts = [part.get(key, 0) for part in layer["classes"]]
    whole = sum(amounts) or 1
    is_grid = layer["type"] == "grid"
    return [
        "" if not (part["count"] or amount)
        else f"{amount / whole:.1%}" if is_grid else f"{amount:,}"
        for part, amount in zip(layer["classes"], amounts, strict=True)
    ]  # fmt: skip
