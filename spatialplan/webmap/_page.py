"""The page: viewer, content and a policy that lets nothing in or out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import jinja2

from spatialplan._files import write_text
from spatialplan.cartography import frame_content
from spatialplan.errors import InputError

from ._notebook import Page
from ._packing import island
from ._packing import pack
from ._packing import pack_content
from ._packing import pack_text
from ._policy import hashes
from ._renderer import choose_renderer

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

_log = logging.getLogger(__name__)

WARN_BYTES = 10_000_000
_DRAWN = "a content of map_content, a GeoDataFrame, or several by their names"
# Scripts in the order in which they need one another.
BASIS = ("words", "packed", "geometry", "features", "layers", "base_tiles", "symbols", "pins")
LEAFLET = ("drawing", "stage_leaflet")  # in every page: what draws where there is no WebGL
MAPLIBRE = ("maplibre_icons", "maplibre_tiles", "maplibre_layers", "stage_maplibre")
TOOLS = (
    "measure", "picture", "permalink", "paper", "tools",
    "checklist", "live", "live_link", "live_panel",
)  # fmt: skip
IN_PAGE = ("projection", "graph", "search", "page_router")
ON_SERVER = ("server_router",)
COMPARE = ("swipe",)
VIEWER = ("stage", "labels", "furniture", "heading", "panel", "tables", "viewer")


def draw_map(content: Mapping[str, Any] | gpd.GeoDataFrame, *, renderer: str = "auto") -> Page:
    """
    An interactive map as one HTML page that loads nothing from any network.

    Parameters
    ----------
    content
        Made by `cartography.map_content`; or tables, of which `frame_content` makes one:
        a GeoDataFrame, or several by their names.
    renderer
        ``leaflet``, ``maplibre`` (WebGL), or ``auto``: MapLibre for a page that answers
        clicks or draws more than 5,000 features or 100,000 vertices. Where a browser has
        no WebGL, such a page is drawn by Leaflet and says so.

    Returns
    -------
    Page
        The page, a text, which a notebook shows as the map. All text of the data is shown
        as text, whatever it looks like.

    Raises
    ------
    InputError
        If the renderer is not known, what is given is neither content nor tables, or the
        package has been built without its scripts.
    """
    content = _content_of(content)
    chosen, reason = choose_renderer(content, renderer)
    _log.info("drawn by %s: %s", chosen, reason)
    page = _page({**content, "renderer": chosen})
    if len(page.encode()) > WARN_BYTES:
        _blame(content, len(page.encode()))
    return Page(page)


def _content_of(given: Any) -> Mapping[str, Any]:
    """The content as it is, or that of tables."""
    if not isinstance(given, gpd.GeoDataFrame | Mapping):
        raise InputError("map", f"{type(given).__name__} cannot be drawn", allowed=_DRAWN)
    # A table may be called "layers"; those of a content are a list.
    if isinstance(given, Mapping) and "lang" in given and isinstance(given.get("layers"), list):
        return given
    frames = [given] if isinstance(given, gpd.GeoDataFrame) else given.values()
    for frame in frames:
        if not isinstance(frame, gpd.GeoDataFrame):
            raise InputError("map", f"{type(frame).__name__} cannot be drawn", allowed=_DRAWN)
    return frame_content(given)


def _blame(content: Mapping[str, Any], size: int) -> None:
    """Warn of a large page and name its largest layer."""
    sizes = {layer["id"]: min(len(island(layer)), len(pack(layer))) for layer in content["layers"]}
    largest = max(sizes, key=lambda layer_id: sizes[layer_id])
    _log.warning("the map has %.1f MB, of which layer %r takes %.1f MB; simplify it",
                 size / 1e6, largest, sizes[largest] / 1e6)  # fmt: skip


def write_map(page: str, path: str | os.PathLike[str]) -> None:
    """
    Write a page, atomically.

    Parameters
    ----------
    page
        Made by `draw_map`.
    path
        File to write, ``.html``.

    Raises
    ------
    OutputError
        If the file cannot be written; what stood there is intact.
    """
    write_text(path, page)


def _page(content: Mapping[str, Any]) -> str:
    package = resources.files("spatialplan")
    libraries = _libraries(package, content["renderer"])

    def read(name: str) -> str:
        return (package / "_web" / name).read_text(encoding="utf-8")

    scripts = [_only(folder, ".js") for folder in libraries.values()]
    viewer = "\n".join(['"use strict";', *(read(f"{name}.js") for name in _script_names(content))])
    styles = [
        *(_only(folder, ".css") for folder in libraries.values()),
        read("viewer.css") + read("tools.css") + read("swipe.css"),
    ]
    plain, packed = pack_content(content)
    template = jinja2.Environment(autoescape=True).from_string(read("viewer.html.j2"))
    return template.render(
        lang="zh-CN" if content["lang"] == "zh" else "en",
        title=content["title_zh"] if content["lang"] == "zh" else content["title_en"],
        policy=_policy([*scripts, viewer], styles, content),
        licences={
            name: (folder / "LICENSE").read_text(encoding="utf-8")
            for name, folder in libraries.items()
        },
        styles=styles,
        libraries=[{"text": script, "packed": pack_text(script)} for script in scripts],
        viewer=viewer,
        island=plain,
        packed=packed,
    )


def _libraries(package: Traversable, renderer: str) -> dict[str, Traversable]:
    """Folders of the libraries that a page contains."""
    names = {"Leaflet": "leaflet"}
    if renderer == "maplibre":
        names["MapLibre GL JS"] = "maplibre-gl"
    folders = {name: package / "_vendor" / folder for name, folder in names.items()}
    for name, folder in folders.items():
        if not folder.is_dir():
            do = "run: pip install -e . (it fetches the map viewer's scripts)"
            raise InputError(name, "is not in the package", do=do)
    return folders


def _only(folder: Traversable, ending: str) -> str:
    """The text of the one file of a library with this ending."""
    (file,) = (one for one in folder.iterdir() if one.name.endswith(ending))
    return file.read_text(encoding="utf-8")


def _script_names(content: Mapping[str, Any]) -> list[str]:
    """The viewer's scripts that a page needs, in order."""
    return [
        *BASIS,
        *LEAFLET,
        *(MAPLIBRE if content["renderer"] == "maplibre" else ()),
        *TOOLS,
        *(IN_PAGE if "router" in content else ()),
        *(ON_SERVER if "server" in content else ()),
        *(COMPARE if content.get("compare") else ()),
        *VIEWER,
    ]


def _policy(scripts: Sequence[str], styles: Sequence[str], content: Mapping[str, Any]) -> str:
    """What the page may do: run these scripts, show pictures that it holds itself."""
    hosts = content["tiles"].get("hosts", [])
    with_workers = content["renderer"] == "maplibre"
    # MapLibre cuts its tiles in a worker, to which the page hands its layers as addresses.
    asked = ["data:", *hosts] if with_workers else []
    asked += ["'self'"] if "server" in content else []
    parts = {
        "default-src": ["'none'"],
        "img-src": ["data:", "blob:", *hosts],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "script-src": [hashes(scripts)],
        "style-src": [hashes(styles)],
        "worker-src": ["blob:"] if with_workers else [],
        "connect-src": asked,
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in parts.items() if values)
