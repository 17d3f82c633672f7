"""The content of a map as a `folium.Map`, for people who know folium."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING
from typing import Any

import folium
import numpy as np
import shapely
from folium.utilities import JsCode

from spatialplan.cartography import content_box
from spatialplan.cartography import layer_cells
from spatialplan.cartography import layer_frame
from spatialplan.cartography import layer_title
from spatialplan.errors import LimitError

from ._folium_legend import Legend
from ._folium_legend import shown_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from numpy.typing import NDArray

_log = logging.getLogger(__name__)

WARN_FEATURES = 5_000
MOST_FEATURES = 20_000

_MAX_ZOOM = 20
_GRIDS_PANE = "grids"
_BELOW_LINES = 350  # Leaflet draws lines at 400
_FORMATS = {
    "number": "{:,.6g}",
    "count": "{:,.0f}",
    "people": "{:,.0f}",
    "m": "{:,.0f} m",
    "min": "{:,.1f} min",
    "share": "{:.1%}",
    "m2": "{:,.0f} m²",
}


def folium_map(content: Mapping[str, Any], *, force: bool = False) -> folium.Map:
    """
    What a map shows, as a map of folium to go on working with.

    Arrow heads, hatches, symbols of points and names on the map are those of the other
    renderers only; colours, dashes, widths, classes, tooltips and the legend are the same.

    Parameters
    ----------
    content
        Made by `cartography.map_content`.
    force
        Draw more features than a browser can be asked to.

    Returns
    -------
    folium.Map
        Without a base map; every text of the data is escaped. `folium_page` makes a page
        of it that loads nothing; folium's own `save` makes one that needs the internet.

    Raises
    ------
    LimitError
        If there are more than 20,000 features.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from spatialplan.cartography import map_content, vector_layer
    >>> gate = gpd.GeoDataFrame(geometry=gpd.points_from_xy([119.97], [31.81]), crs=4326)
    >>> layer = vector_layer("gate", gate, name_zh="南门", group="base")
    >>> folium_map(map_content([layer], title_zh="图")).location
    [31.81, 119.97]
    """
    _require_few(content, force=force)
    layers = sorted(content["layers"], key=lambda one: one.get("style", {}).get("order", 0))
    shown = [one for one in layers if one["visible"] and one.get("view", "a grid")]
    west, south, east, north = content_box({"layers": shown or layers})
    drawn = folium.Map(
        [(south + north) / 2, (west + east) / 2], tiles=None, prefer_canvas=True,
        control_scale=True,
    )  # fmt: skip
    drawn.options["maxZoom"] = _MAX_ZOOM  # max_zoom= would go to the tiles, and there are none
    drawn.fit_bounds([[south, west], [north, east]])
    folium.map.CustomPane(_GRIDS_PANE, z_index=_BELOW_LINES).add_to(drawn)
    names = _names(layers, content)
    pairs = [
        (layer, _drawn(layer, name, content).add_to(drawn))
        for layer, name in zip(layers, names, strict=True)
        if layer["type"] == "grid" or layer["kinds"]
    ]
    folium.LayerControl(collapsed=False).add_to(drawn)
    Legend(content, pairs).add_to(drawn)
    title = shown_text(content[f"title_{content['lang']}"])
    drawn.get_root().title = title  # type: ignore[attr-defined]
    return drawn


def _require_few(content: Mapping[str, Any], *, force: bool) -> None:
    count = sum(len(layer.get("kinds", "")) for layer in content["layers"])
    if count > MOST_FEATURES and not force:
        msg = (
            f"folium: {count:,} features; allowed: {MOST_FEATURES:,}; "
            "take the renderer leaflet or maplibre, or from Python force=True"
        )
        raise LimitError(msg)
    if count > WARN_FEATURES:
        _log.warning("folium draws %s features slowly; the renderer maplibre does not", count)


def _names(layers: Sequence[Mapping[str, Any]], content: Mapping[str, Any]) -> list[str]:
    """What the list of layers calls each; folium would drop one of two of the same name."""
    lang = content["lang"]
    names: list[str] = []
    for layer in layers:
        group = content["groups"][layer["group"]]
        name = f"{group[f'name_{lang}'] or group['name_zh']} · {layer_title(layer, content)}"
        names.append(f"{name} [{layer['id']}]" if name in names else name)
    return names


def _drawn(layer: Mapping[str, Any], name: str, content: Mapping[str, Any]) -> folium.map.Layer:
    if layer["type"] == "grid":
        return _image(layer, name)
    return _features(layer, name, content)


def _image(layer: Mapping[str, Any], name: str) -> folium.raster_layers.ImageOverlay:
    west, south, east, north = content_box({"layers": [layer]})
    return folium.raster_layers.ImageOverlay(
        _colored(layer), [[south, west], [north, east]], name=shown_text(name),
        show=layer["visible"], pane=_GRIDS_PANE, opacity=0.9,
    )  # fmt: skip


def _colored(layer: Mapping[str, Any]) -> NDArray[np.uint8]:
    """Red, green, blue and opacity of every cell; clear where there is no data."""
    colors = [(*bytes.fromhex(part["color"].removeprefix("#")), 255) for part in layer["classes"]]
    table = np.array([*colors, (0, 0, 0, 0)], dtype=np.uint8)  # class -1 is the last
    painted: NDArray[np.uint8] = table[layer_cells(layer)[1]]
    return painted


def _features(layer: Mapping[str, Any], name: str, content: Mapping[str, Any]) -> folium.GeoJson:
    frame = layer_frame(layer)
    fields, aliases, rows = _told(layer, frame, content)
    features = [
        {"type": "Feature", "geometry": json.loads(shape),
         "properties": {"look": f"{kind}{number}", **dict(zip(fields, row, strict=True))}}
        for kind, number, shape, row in zip(
            layer["kinds"], frame["class"], shapely.to_geojson(frame.geometry.to_numpy()), rows,
            strict=True)
    ]  # fmt: skip
    looks = json.dumps(_looks(layer)).replace("<", "\\u003c")
    speaks = json.dumps(bool(fields))
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=shown_text(name),
        show=layer["visible"],
        interactive=bool(fields),
        # A function of Python would become a list that the browser searches for each feature.
        style=JsCode(f"((looks) => (feature) => looks[feature.properties.look])({looks})"),
        point_to_layer=JsCode(f"(feature, at) => L.circleMarker(at, {{interactive: {speaks}}})"),
        tooltip=folium.GeoJsonTooltip(fields, aliases) if fields else None,
    )


def _told(
    layer: Mapping[str, Any], frame: Any, content: Mapping[str, Any]
) -> tuple[list[str], list[str], list[list[str]]]:
    """Properties of a tooltip, what they are called, and their values as escaped text."""
    lang = content["lang"]
    heads = layer["columns"] if layer.get("rows") else []
    fields = [*(["name"] if layer.get("names") else []), *(f"value_{n}" for n in range(len(heads)))]
    aliases = [layer_title(layer, content)] if layer.get("names") else []
    aliases += [head[f"label_{lang}"] or head["label_zh"] for head in heads]
    unnamed = content["words"]["unnamed"][lang]
    names = frame["name_zh"] if lang == "zh" else frame["name_en"].where(
        frame["name_en"] != "", frame["name_zh"])  # fmt: skip
    rows = []
    for name, row in zip(names, frame["row"], strict=True):
        values = [
            _shown(one, head["format"], content) for one, head in zip(row, heads, strict=True)
        ]
        rows.append([*([name or unnamed] if layer.get("names") else []), *values])
    return fields, [*map(shown_text, aliases)], [[*map(shown_text, row)] for row in rows]


def _shown(value: Any, form: str, content: Mapping[str, Any]) -> str:
    """A value as the reader sees it."""
    if isinstance(value, list):  # a text in two languages
        return str(value[0] if content["lang"] == "zh" else value[1] or value[0])
    if form == "text":
        return str(value)
    if value is None:
        return "—"
    if isinstance(value, str):
        return str(content["words"]["unreachable"][content["lang"]])
    return _FORMATS[form].format(value)


def _looks(layer: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """How Leaflet draws features of each kind and class, by the property ``look``."""
    style = layer["style"]
    colors = {number: part["color"] for number, part in enumerate(layer["classes"])}
    return {
        f"{kind}{number}": _look(style, kind, color)
        for kind in sorted(set(layer["kinds"]))
        for number, color in {-1: style["color"], **colors}.items()
    }


def _look(style: Mapping[str, Any], kind: str, color: str) -> dict[str, Any]:
    opacity = style.get("opacity", 1)
    fill = {"p": 0.95, "l": 0}.get(kind, style.get("fill_opacity", 0.6))
    return {
        "color": color if kind == "l" else style.get("stroke") or color,
        "weight": style["weight"],
        "stroke": style["weight"] > 0,
        "opacity": opacity,
        "dashArray": style.get("dash"),
        "fill": kind != "l",
        "fillColor": "#ffffff" if style.get("symbol") == "open" else color,
        "fillOpacity": fill * opacity,
        "radius": style.get("radius", 5),
    }
