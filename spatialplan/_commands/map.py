"""A prepared area and a standard, or plans, in; a page or a project of a GIS out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan import cartography
from spatialplan._choices import DATUMS
from spatialplan._files import require_parent
from spatialplan.errors import InputError
from spatialplan.webmap import draw_map
from spatialplan.webmap import write_map

from ._contents import content_of
from ._given import file_and_datum

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from spatialplan._voice import Voice

PAGES = (".html", ".htm")


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Draw the map of an area judged by a standard, or of plans."""
    target = require_parent(options.output)
    if target.suffix.lower() not in PAGES:
        raise InputError(target, "a map is a page", allowed=".html")
    content = content_of(options, voice)
    if options.tiles:
        tiles = _tiles_of(options.tiles, content)
        content = cartography.with_tiles(content, tiles, move=options.move_to_tiles)
        if tiles["hosts"]:
            voice.tell(f"the page asks {', '.join(tiles['hosts'])} for its base map")
    voice.stage("writing")
    write_map(draw_map(content), target)
    voice.tell(f"written: {target} ({target.stat().st_size / 1e6:.2f} MB)")
    return 0


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
