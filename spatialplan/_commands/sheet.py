"""A prepared area and a standard, or plans, in; sheets of paper out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pyproj

from spatialplan._files import require_parent
from spatialplan.errors import InputError
from spatialplan.plan import cnmaps_boundaries
from spatialplan.sheet import draw_atlas
from spatialplan.sheet import draw_sheet
from spatialplan.sheet import with_group
from spatialplan.sheet import with_theme
from spatialplan.sheet import write_sheet
from spatialplan.tables import read_layer

from ._contents import content_of
from ._given import file_and_datum

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    import geopandas as gpd
    from matplotlib.figure import Figure

    from spatialplan._voice import Voice

_PACKAGE = "cnmaps:"


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Draw sheets of an area judged by a standard, or of plans."""
    target = require_parent(options.output)
    if target.suffix.lower() not in (".pdf", ".png"):
        raise InputError(target, "a sheet is a page or a picture", allowed=".pdf or .png")
    inset = _inset(options)
    content = content_of(options, voice)
    if inset is not None:
        content["notes"] = [_source_of(options.inset), *content["notes"]]
    if not options.structure:
        _tell_others(content, voice)
    voice.stage("drawing")
    for path in write_sheet(_sheets(content, options, inset), target):
        voice.tell(f"written: {path} ({path.stat().st_size / 1e6:.2f} MB)")
    return 0


def _tell_others(content: dict[str, Any], voice: Voice) -> None:
    """Say which structures of a plan the sheet leaves out, as its page opens without them."""
    shown = {layer["group"] for layer in content["layers"] if layer["visible"]}
    wholes = [key for key, group in content["groups"].items() if "detail_zh" in group]
    plans = {key.partition("/")[0] for key in wholes}
    rest = [key if len(plans) > 1 else key.partition("/")[2] for key in wholes if key not in shown]
    if rest:
        voice.tell(f"{len(rest)} more structures, for --structure: {', '.join(rest)}")


def _inset(options: argparse.Namespace) -> gpd.GeoDataFrame | None:
    """Outlines of the surroundings, if they are given."""
    if not options.inset:
        return None
    if options.atlas is not None:
        raise InputError("--inset", "is for single sheets", do="an atlas shows each area among "
                         "the others")  # fmt: skip
    metric = pyproj.CRS(3857)  # any will do: the sheet draws them in its own
    if options.inset.startswith(_PACKAGE):
        return cnmaps_boundaries(options.inset.removeprefix(_PACKAGE).split(","), crs=metric)
    path, datum = file_and_datum("--inset", options.inset, where=options.inset)
    found = read_layer(path, crs=metric, datum=datum)
    outlines = found[found.geom_type.isin(["Polygon", "MultiPolygon"])]
    if outlines.empty:
        raise InputError(path, "no outlines", allowed="polygons")
    return outlines


def _source_of(inset: str) -> tuple[str, str]:
    """Where the outlines of an inset come from, as a note."""
    source = inset if inset.startswith(_PACKAGE) else Path(inset).name
    return f"位置示意图轮廓：{source}", f"Outlines of the inset: {source}"


def _sheets(
    content: dict[str, Any], options: argparse.Namespace, inset: gpd.GeoDataFrame | None
) -> Iterator[Figure]:
    """The sheets asked for, one after another, numbered where there are several."""
    looks = {"paper": options.paper, "landscape": not options.portrait, "lang": options.lang,
             "font": options.font}  # fmt: skip
    contents = _contents(content, options)
    for place, one in enumerate(contents, start=1):
        part = f"{place}/{len(contents)}" if len(contents) > 1 else ""
        number = " ".join(filter(None, [options.number, part]))
        if options.atlas is None:
            yield draw_sheet(one, number=number, inset=inset, **looks)
        else:
            yield from draw_atlas(one, areas=options.atlas, number=number, **looks)


def _contents(content: dict[str, Any], options: argparse.Namespace) -> list[dict[str, Any]]:
    """The content as each clause or structure that is asked for shows it."""
    if options.clause and options.structure:
        raise InputError("--clause", "is for an area, --structure for a plan", do="give one")
    if options.structure:
        return [with_group(content, name) for name in options.structure]
    groups = content["groups"]
    first = [
        layer["theme"] for layer in content["layers"]
        if layer["visible"] and layer["theme"] and groups[layer["group"]]["exclusive"]
    ]  # fmt: skip
    themes = options.clause or first[:1]
    return [with_theme(content, theme) for theme in themes] or [content]
