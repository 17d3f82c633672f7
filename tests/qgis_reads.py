"""Open a project or a GeoPackage with the QGIS of this machine and tell what it sees, as JSON."""

from __future__ import annotations

import json
import sys

from qgis.core import QgsApplication
from qgis.core import QgsMapRendererParallelJob
from qgis.core import QgsMapSettings
from qgis.core import QgsProject
from qgis.core import QgsRectangle
from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def symbol_told(symbol):
    parts = [symbol.symbolLayer(place) for place in range(symbol.symbolLayerCount())]
    return {
        "color": symbol.color().name(),
        "parts": [part.layerType() for part in parts],
        "properties": [part.properties() for part in parts],
    }


def vector_told(layer):
    renderer = layer.renderer()
    told = {
        "features": layer.featureCount(),
        "fields": [field.name() for field in layer.fields()],
        "aliases": [field.alias() for field in layer.fields()],
        "geometry": layer.geometryType(),
        "labels": layer.labelsEnabled(),
        "opacity": layer.opacity(),
        "scale": layer.minimumScale() if layer.hasScaleBasedVisibility() else None,
        "renderer": renderer.type() if renderer else None,
    }
    if told["renderer"] == "categorizedSymbol":
        told["attribute"] = renderer.classAttribute()
        told["classes"] = [
            [one.value(), one.label(), one.symbol().color().name()] for one in renderer.categories()
        ]
    if told["renderer"] == "singleSymbol":
        told["symbol"] = symbol_told(renderer.symbol())
    if told["labels"]:
        settings = layer.labeling().settings()
        told["label"] = [settings.fieldName, settings.format().size()]
    return told


def raster_told(layer):
    renderer = layer.renderer()
    told = {"bands": layer.bandCount(), "renderer": renderer.type()}
    if told["renderer"] == "paletted":
        told["classes"] = [[one.value, one.label, one.color.name()] for one in renderer.classes()]
    return told


def layer_told(layer):
    kind = vector_told if layer.type() == 0 else raster_told
    return {
        "name": layer.name(),
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        **(kind(layer) if layer.isValid() else {"error": layer.error().summary()}),
    }


def tree_told(node):
    if hasattr(node, "layerId"):
        return [node.layerId(), node.itemVisibilityChecked()]
    return {
        node.name(): [tree_told(child) for child in node.children()],
        "exclusive": node.isMutuallyExclusive(),
    }


def draw(project, picture):
    root = project.layerTreeRoot()
    settings = QgsMapSettings()
    shown = {layer.id() for layer in root.checkedLayers() if layer}
    settings.setLayers([layer for layer in root.layerOrder() if layer.id() in shown])
    settings.setDestinationCrs(project.crs())
    extent = QgsRectangle(project.viewSettings().defaultViewExtent())
    extent.scale(1.1)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(1200, 900))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor("white"))
    settings.setTransformContext(project.transformContext())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)


def read_project(path, picture):
    project = QgsProject.instance()
    opened = project.read(path)
    extent = project.viewSettings().defaultViewExtent()
    told = {
        "opened": opened,
        "title": project.title(),
        "crs": project.crs().authid(),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "layers": {key: layer_told(layer) for key, layer in project.mapLayers().items()},
        "tree": tree_told(project.layerTreeRoot()),
        "order": [layer.id() for layer in project.layerTreeRoot().layerOrder()],
    }
    if picture:
        draw(project, picture)
    return told


def read_layer(path, name):
    return layer_told(QgsVectorLayer(f"{path}|layername={name}", name, "ogr"))


if __name__ == "__main__":
    program = QgsApplication([], False)  # noqa: FBT003 - no window
    program.initQgis()
    path, extra = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    told = read_project(path, extra) if path.endswith(".qgz") else read_layer(path, extra)
    sys.stdout.write("\n" + json.dumps(told, default=str) + "\n")
    sys.stdout.flush()
    program.exitQgis()
