"""A prepared area and a standard in, a page out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan._files import require_parent
from spatialplan.coverage_map import draw_coverage_map
from spatialplan.errors import InputError
from spatialplan.webmap import write_map

from ._prepared import judged_by

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Draw the map of an area judged by a standard."""
    target = require_parent(options.output)
    if target.suffix.lower() not in (".html", ".htm"):
        raise InputError(target, "a map is a page", allowed=".html")
    made, standard = judged_by(options)
    voice.stage("coverage")
    page = draw_coverage_map(standard, made, title=options.title, lang=options.lang)
    voice.stage("writing")
    write_map(page, target)
    voice.tell(f"written: {target} ({target.stat().st_size / 1e6:.2f} MB)")
    return 0
