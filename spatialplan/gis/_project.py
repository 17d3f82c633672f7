"""A project of QGIS: the layers of a map with their groups, order and view."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pyproj

from spatialplan.cartography import content_box
from spatialplan.cartography import layer_title
from spatialplan.crs import metric_crs

from ._style import QGIS
from ._style import has_labels
from ._style import scales
from ._style import style_nodes
from ._symbols import rgba
from ._xml import Node
from ._xml import document
from ._xml import node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ._tables import LayerTable

_GEOMETRIES = {"p": "Point", "l": "Line", "a": "Polygon"}


def project_text(
    content: Mapping[str, Any],
    *,
    tables: Sequence[LayerTable],
    grids: Mapping[str, Mapping[str, Any]],
    bare: Sequence[str],
    package: str,
    pictures: str,
) -> str:
    """
    The project as XML.

    Parameters
    ----------
    content
        Of `cartography.map_content`.
    tables, grids, bare
        Layers with geometry, grid layers by name, and names of tables without geometry.
    package, pictures
        GeoPackage of the tables and folder of the grids, both beside the project.
    """
    lang = content["lang"]
    by_layer: dict[str, list[str]] = {}
    for name, layer in [*((one.name, one.layer) for one in tables), *grids.items()]:
        by_layer.setdefault(layer["id"], []).append(name)
    source = f"./{package}|layername="
    maps = [
        *(_vector(table, content, source) for table in tables),
        *(_grid(name, layer, content, pictures) for name, layer in grids.items()),
        *(_bare(name, source) for name in bare),
    ]
    system, extent = _view(content)
    name = content[f"title_{lang}"]
    root = node("qgis", {"projectname": name, "version": QGIS},
        node("title", None, text=name),
        node("projectCrs", None, _system(system)),
        _tree(content, by_layer, bare),
        *_canvas(system, extent),
        node("projectlayers", None, *maps),
        _properties(),
        _metadata("projectMetadata", name, _told(content, "")),
    )  # fmt: skip
    return document(root)


def _vector(table: LayerTable, content: Mapping[str, Any], source: str) -> Node:
    attributes = {"type": "vector", "geometry": _GEOMETRIES[table.kind], **scales(table.layer),
                  "labelsEnabled": has_labels(table), "readOnly": 0}  # fmt: skip
    name = layer_title(table.layer, content)
    return node("maplayer", attributes,
        *_source(table.name, name, source + table.name, "ogr", 4326),
        *style_nodes(table, content),
        _metadata("resourceMetadata", name, _told(content, table.layer["drawn_from"])),
    )  # fmt: skip


def _grid(name: str, layer: Mapping[str, Any], content: Mapping[str, Any], folder: str) -> Node:
    lang = content["lang"]
    entries = [
        node("paletteEntry", {"value": number, "color": part["color"], "alpha": 255,
                              "label": part[f"label_{lang}"] or part["label_zh"]})
        for number, part in enumerate(layer["classes"])
    ]  # fmt: skip
    attributes = {"type": "paletted", "band": 1, "opacity": 1, "alphaBand": -1}
    drawn = node("rasterrenderer", attributes, node("colorPalette", None, *entries))
    called = layer_title(layer, content)
    return node("maplayer", {"type": "raster", "hasScaleBasedVisibilityFlag": 0},
        *_source(name, called, f"./{folder}/{name}.tif", "gdal", 3857),
        node("pipe", None, drawn),
        _metadata("resourceMetadata", called, _told(content, layer["drawn_from"])),
    )  # fmt: skip


def _bare(name: str, source: str) -> Node:
    return node("maplayer", {"type": "vector", "geometry": "No geometry"},
                *_source(name, name, source + name, "ogr", None))  # fmt: skip


def _source(name: str, called: str, source: str, provider: str, epsg: int | None) -> list[Node]:
    encoding = {"encoding": "UTF-8"} if provider == "ogr" else {}
    return [
        node("id", None, text=_layer_id(name)),
        node("datasource", None, text=source),
        node("layername", None, text=called),
        *([node("srs", None, _system(pyproj.CRS(epsg)))] if epsg else []),
        node("provider", encoding, text=provider),
    ]


def _system(system: pyproj.CRS) -> Node:
    """QGIS reads the first; the second is for people."""
    authority = ":".join(system.to_authority() or ())
    told = node("wkt", None, text=system.to_wkt()), node("authid", None, text=authority)
    return node("spatialrefsys", None, *told)


def _tree(
    content: Mapping[str, Any], by_layer: Mapping[str, Sequence[str]], bare: Sequence[str]
) -> Node:
    """Groups as on the page, those of one section together; tables without geometry last."""
    root = node("layer-tree-group", None)
    within, section = root, ""
    for key, group in content["groups"].items():
        layers = [one for one in content["layers"] if one["group"] == key and one["id"] in by_layer]
        if not layers:
            continue
        heading = _said(group, "section", content["lang"])
        if heading != section:
            within = _group(heading, is_open=True) if heading else root
            root.extend([within] if heading else [])
        section = heading
        within.append(_layer_group(group, layers, content, by_layer))
    root.extend(_leaf(name, name, checked=False) for name in bare)
    order = (node("item", None, text=_layer_id(name)) for name in _order(content, by_layer))
    root.append(node("custom-order", {"enabled": 1}, *order))
    return root


def _layer_group(
    group: Mapping[str, Any],
    layers: Sequence[Mapping[str, Any]],
    content: Mapping[str, Any],
    by_layer: Mapping[str, Sequence[str]],
) -> Node:
    made = _group(_said(group, "name", content["lang"]), is_open=group["open"])
    leaves = [
        _leaf(name, layer_title(layer, content), checked=layer["visible"])
        for layer in layers
        for name in by_layer[layer["id"]]
    ]
    if group["exclusive"] and len(leaves) == len(layers):
        shown = [place for place, layer in enumerate(layers) if layer["visible"]]
        made.set("mutually-exclusive", "1")
        made.set("mutually-exclusive-child", str(next(iter(shown), -1)))
    made.extend(leaves)
    return made


def _group(name: str, *, is_open: bool) -> Node:
    return node("layer-tree-group", {"name": name, "checked": "Qt::Checked",
                                     "expanded": int(is_open)})  # fmt: skip


def _layer_id(name: str) -> str:
    """Longer than the ten characters below which QGIS makes up an identifier of its own."""
    return f"spatialplan_{name}"


def _leaf(table: str, name: str, *, checked: bool) -> Node:
    state = "Qt::Checked" if checked else "Qt::Unchecked"
    return node("layer-tree-layer", {"id": _layer_id(table), "name": name, "expanded": 0,
                                     "checked": state})  # fmt: skip


def _order(content: Mapping[str, Any], by_layer: Mapping[str, Sequence[str]]) -> list[str]:
    """Names of the layers from the top of the map to the bottom."""
    stack = sorted(content["layers"], key=lambda layer: layer.get("style", {}).get("order", 0))
    return [name for layer in reversed(stack) for name in reversed(by_layer.get(layer["id"], []))]


def _view(content: Mapping[str, Any]) -> tuple[pyproj.CRS, tuple[float, ...]]:
    """A metric system of the place, and the extent of what shows in it."""
    shown = [one for one in content["layers"] if one["visible"] and one.get("view", "a grid")]
    west, south, east, north = content_box({"layers": shown or content["layers"]})
    system = metric_crs((west + east) / 2, (south + north) / 2)
    to_metres = pyproj.Transformer.from_crs(4326, system, always_xy=True)
    return system, to_metres.transform_bounds(west, south, east, north)


def _canvas(system: pyproj.CRS, extent: Sequence[float]) -> list[Node]:
    """The extent to open with, and to go back to."""
    edges = dict(zip(("xmin", "ymin", "xmax", "ymax"), map(float, extent), strict=True))
    return [
        node("mapcanvas", {"name": "theMapCanvas", "annotationsVisible": 1},
            node("units", None, text="meters"),
            node("extent", None, *(node(edge, None, text=str(at)) for edge, at in edges.items())),
            node("rotation", None, text="0"),
            node("destinationsrs", None, _system(system)),
        ),
        node("ProjectViewSettings", {"UseProjectScales": 0, "rotation": 0},
             node("Scales", None), node("DefaultViewExtent", edges, _system(system))),
    ]  # fmt: skip


def _properties() -> Node:
    """Without the first of these QGIS does not read the system of a project."""
    red, green, blue, _ = rgba("#ffffff").split(",")
    canvas = {"CanvasColorRedPart": red, "CanvasColorGreenPart": green, "CanvasColorBluePart": blue}
    return node("properties", None,
        node("SpatialRefSys", None, node("ProjectionsEnabled", {"type": "int"}, text="1")),
        node("Paths", None, node("Absolute", {"type": "bool"}, text="false")),
        node("Gui", None, *(node(key, {"type": "int"}, text=part) for key, part in canvas.items())),
    )  # fmt: skip


def _metadata(tag: str, called: str, told: str) -> Node:
    return node(tag, None, node("title", None, text=called), node("abstract", None, text=told))


def _told(content: Mapping[str, Any], drawn_from: str) -> str:
    """Where things come from and what must be known of them, line by line."""
    lang = content["lang"]
    place = 0 if lang == "zh" else 1
    fields = [f"{content['field_labels'][key][lang]}: {text}"
              for key, text in content["fields"].items()]  # fmt: skip
    origin = [f"drawn_from: {drawn_from}"] if drawn_from else []
    return "\n".join([*origin, *fields, *(note[place] for note in content["notes"])])


def _said(thing: Mapping[str, Any], key: str, lang: str) -> str:
    return str(thing.get(f"{key}_{lang}") or thing.get(f"{key}_zh") or "")
