"""How QGIS draws a table: renderer, labels, scales and words about it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from ._symbols import rgba
from ._symbols import symbol
from ._xml import Node
from ._xml import document
from ._xml import node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._tables import LayerTable

QGIS = "3.22.16-Białowieża"
"""Version whose files these are; later ones read them as well."""

_SCALE_AT_ZOOM_0 = 591_657_551  # 256 px around the equator at 96 dpi
_FONT = "Noto Sans SC"  # another one takes its place where it is not installed


def style_text(table: LayerTable, content: Mapping[str, Any]) -> str:
    """A style as it stands in ``layer_styles``."""
    attributes = {"version": QGIS, **scales(table.layer), "labelsEnabled": has_labels(table)}
    return document(node("qgis", attributes, *style_nodes(table, content)))


def style_nodes(table: LayerTable, content: Mapping[str, Any]) -> list[Node]:
    """Renderer, labels, opacity and aliases of a table."""
    style = table.layer["style"]
    nodes = [
        _renderer(table, content["lang"]),
        node("blendMode", None, text="0"),
        node("layerOpacity", None, text=str(style.get("opacity", 1))),
        _aliases(table, content["lang"]),
        node("previewExpression", None, text=_name(content["lang"])),
    ]
    return [*nodes, _labels(table, content["lang"])] if has_labels(table) else nodes


def scales(layer: Mapping[str, Any]) -> dict[str, object]:
    """From which scale on a layer shows."""
    zoom = layer.get("style", {}).get("from_zoom")
    if zoom is None:
        return {"hasScaleBasedVisibilityFlag": 0}
    return {"hasScaleBasedVisibilityFlag": 1, "maxScale": 0,
            "minScale": round(_SCALE_AT_ZOOM_0 / 2**zoom)}  # fmt: skip


def has_labels(table: LayerTable) -> int:
    """1 where the names of the features are written on the map."""
    return int(bool(table.layer["style"].get("label")) and bool(table.layer.get("names")))


def _renderer(table: LayerTable, lang: str) -> Node:
    """One symbol, or one for each class."""
    style, classes = table.layer["style"], table.layer["classes"]
    shared = {"forceraster": 0, "symbollevels": 0, "enableorderby": 0}
    if not classes:
        only = symbol("0", table.kind, style, style["color"])
        return node("renderer-v2", {"type": "singleSymbol", **shared}, node("symbols", None, only))
    categories = [
        node("category", {"value": number, "type": "integer", "symbol": number, "render": "true",
                          "label": part[f"label_{lang}"] or part["label_zh"]})
        for number, part in enumerate(classes)
    ]  # fmt: skip
    symbols = [
        symbol(str(number), table.kind, style, part["color"]) for number, part in enumerate(classes)
    ]
    return node("renderer-v2", {"type": "categorizedSymbol", "attr": "class", **shared},
                node("categories", None, *categories), node("symbols", None, *symbols))  # fmt: skip


def _aliases(table: LayerTable, lang: str) -> Node:
    place = 0 if lang == "zh" else 1
    fields = list(table.frame.columns)
    return node("aliases", None, *(
        node("alias", {"field": field, "index": fields.index(field) + 1, "name": pair[place]})
        for field, pair in table.labels.items()
    ))  # fmt: skip


def _name(lang: str) -> str:
    """An expression of QGIS: the name in the language of the map."""
    return '"name_zh"' if lang == "zh" else 'coalesce(nullif("name_en", \'\'), "name_zh")'


def _labels(table: LayerTable, lang: str) -> Node:
    style = table.layer["style"]
    quiet = style.get("quiet", False)
    halo = node("text-buffer", {
        "bufferDraw": 1, "bufferSize": 0.8, "bufferSizeUnits": "MM",
        "bufferColor": rgba("#ffffff"), "bufferOpacity": 1,
    })  # fmt: skip
    text = node("text-style", {
        "fieldName": _name(lang), "isExpression": 1, "fontFamily": _FONT, "textOpacity": 1,
        "fontSize": 7.5 if quiet else 9.5, "fontSizeUnit": "Point", "fontWeight": 50,
        "textColor": rgba("#4b5560" if quiet else "#1c2733"),
    }, halo)  # fmt: skip
    around = {"p": 6, "l": 2, "a": 0}[table.kind]  # beside a point, along a line, inside an area
    placing = node("placement", {
        "placement": around, "dist": 0.8, "distUnits": "MM", "offsetType": 1,
        "priority": min(10, style["label"]),
    })  # fmt: skip
    drawing = node("rendering", {"drawLabels": 1, "obstacle": 1, "scaleVisibility": 0})
    settings = node("settings", {"calloutType": "simple"}, text, placing, drawing)
    return node("labeling", {"type": "simple"}, settings)
