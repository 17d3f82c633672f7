"""A prepared area and a standard, or plans, in; a page or a project of a GIS out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from spatialplan import cartography
from spatialplan._choices import DATUMS
from spatialplan._files import require_parent
from spatialplan.base import read_base
from spatialplan.errors import InputError
from spatialplan.gis import write_gis
from spatialplan.page_graph import walk_graph
from spatialplan.webmap import choose_renderer
from spatialplan.webmap import draw_map
from spatialplan.webmap import folium_map
from spatialplan.webmap import folium_page
from spatialplan.webmap import write_map

from ._contents import are_plans
from ._contents import content_of
from ._given import file_and_datum

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from spatialplan._voice import Voice

PAGES = (".html", ".htm")
PROJECTS = (".qgz", ".gpkg", ".gdb")


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Draw the map of an area judged by a standard, or of plans."""
    target = Path(options.output)
    suffix = target.suffix.lower()
    if suffix not in PAGES + PROJECTS:
        raise InputError(target, "is no map", allowed=", ".join((PAGES[0], *PROJECTS)),
                         do="for .pdf and .png: spatialplan sheet")  # fmt: skip
    if suffix in PROJECTS:
        _refuse_page_options(options)
        content = content_of(options, voice)
        voice.stage("writing")
        write_gis(content, target)
        voice.tell(f"written: {target}")
        return 0
    require_parent(target)
    page, remarks = _page(options, voice)
    voice.stage("writing")
    write_map(page, target)
    for remark in remarks:
        voice.tell(remark)
    voice.tell(f"written: {target} ({target.stat().st_size / 1e6:.2f} MB)")
    return 0


def _page(options: argparse.Namespace, voice: Voice) -> tuple[str, list[str]]:
    """The page, and what to say of it once it is written."""
    remarks = []
    if options.move_to_tiles and not options.tiles:
        raise InputError("--move-to-tiles", "without --tiles there is nothing to move to")
    if options.tiles and options.renderer == "folium":
        raise InputError("--tiles", "folium draws no base map here")
    content = content_of(options, voice)
    if options.tiles:
        tiles = _tiles_of(options.tiles, content)
        content = cartography.with_tiles(content, tiles, move=options.move_to_tiles)
        if tiles["hosts"]:
            remarks.append(f"the page asks {', '.join(tiles['hosts'])} for its base map; it holds "
                       "the address, with any key in it")  # fmt: skip
    if options.walk:
        content = _with_walk(content, options)
        remarks.append("the walking streets travel in the page: mind who may have them")
    if options.renderer == "folium":
        return folium_page(folium_map(content)), remarks
    renderer, reason = choose_renderer(content, options.renderer)
    return draw_map(content, renderer=renderer), [*remarks, f"drawn by {renderer}: {reason}"]


def _with_walk(content: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Content whose page answers clicks itself: the walking streets travel in it."""
    if are_plans(options.what):
        raise InputError("--walk", "is for a prepared area, and this is a plan")
    if options.renderer not in ("auto", "maplibre"):
        raise InputError("--walk", f"--renderer {options.renderer} cannot answer clicks",
                         allowed="auto, maplibre")  # fmt: skip
    if options.move_to_tiles:
        raise InputError("--walk", "asks in WGS 84, and --move-to-tiles draws in another datum",
                         do="leave one of them out")  # fmt: skip
    graph = walk_graph(read_base(options.what[0], modes=["walk"]))
    note = [graph["note_zh"], graph["note_en"]]
    return content | {"router": graph, "notes": [note, *content["notes"]]}


def _refuse_page_options(options: argparse.Namespace) -> None:
    """Refuse what only a page can do, for a project of a GIS."""
    for name, given in (("--tiles", options.tiles), ("--walk", options.walk),
                        ("--move-to-tiles", options.move_to_tiles),
                        ("--renderer", options.renderer != "auto")):  # fmt: skip
        if given:
            raise InputError(name, f"is for pages, and {options.output} is a project of a GIS")


def _tiles_of(text: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The tiles that ``--tiles`` names."""
    if text.startswith("tianditu:"):
        return cartography.online_tiles(text, datum="cgcs2000")
    name, datum = file_and_datum("--tiles", text, where=text)
    if datum is None:
        raise InputError("--tiles", f"{text} does not say its datum",
                         allowed=", ".join(f"@{one}" for one in DATUMS))  # fmt: skip
    if "://" in name:
        return cartography.online_tiles(name, datum=datum)
    return cartography.file_tiles(name, datum=datum, box=cartography.content_box(content))
