"""Who draws a page: Leaflet what is moderate, MapLibre what is large or live."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan._choices import RENDERERS
from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Above these Leaflet's canvas takes longer than a blink to draw a view anew.
MOST_FEATURES = 5_000
MOST_VERTICES = 100_000
LIVE = ("router", "server")  # entries of a content whose page answers clicks


def choose_renderer(content: Mapping[str, Any], renderer: str) -> tuple[str, str]:
    """
    The renderer of a page, and why in words.

    Parameters
    ----------
    content
        Made by `cartography.map_content`.
    renderer
        One of `RENDERERS`, or ``auto``.

    Returns
    -------
    tuple of str
        The renderer, and what it was chosen for.

    Raises
    ------
    InputError
        If the renderer is not known.

    Examples
    --------
    >>> choose_renderer({"layers": []}, "auto")
    ('leaflet', '0 features, 0 vertices')
    """
    if renderer not in RENDERERS:
        raise InputError("map", f"renderer {renderer!r}", allowed=", ".join(RENDERERS))
    if renderer != "auto":
        return renderer, "as asked for"
    if is_live(content):
        return "maplibre", "the page answers clicks"
    features = sum(len(layer.get("shapes", ())) for layer in content["layers"])
    vertices = sum(count_vertices(layer) for layer in content["layers"])
    large = features > MOST_FEATURES or vertices > MOST_VERTICES
    return "maplibre" if large else "leaflet", f"{features:,} features, {vertices:,} vertices"


def is_live(content: Mapping[str, Any]) -> bool:
    """Whether a page answers clicks."""
    return any(key in content for key in LIVE)


def count_vertices(layer: Mapping[str, Any]) -> int:
    """
    How many vertices a layer draws.

    Examples
    --------
    >>> count_vertices({"shapes": [[0, 0], [[5, 5, 1, 1, 2, 2]]]})
    4
    """
    return sum(_numbers(shape) for shape in layer.get("shapes", ())) // 2


def _numbers(nested: list[Any]) -> int:
    if nested and isinstance(nested[0], list):
        return sum(map(_numbers, nested))
    return len(nested)
