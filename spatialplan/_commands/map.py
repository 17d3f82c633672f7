"""A prepared area and a standard, or plans, in; a page or a project of a GIS out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan._files import require_parent
from spatialplan.errors import InputError
from spatialplan.webmap import draw_map
from spatialplan.webmap import write_map

from ._contents import content_of

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice

PAGES = (".html", ".htm")


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Draw the map of an area judged by a standard, or of plans."""
    target = require_parent(options.output)
    if target.suffix.lower() not in PAGES:
        raise InputError(target, "a map is a page", allowed=".html")
    content = content_of(options, voice)
    voice.stage("writing")
    write_map(draw_map(content), target)
    voice.tell(f"written: {target} ({target.stat().st_size / 1e6:.2f} MB)")
    return 0
