"""A prepared area and a standard, or plans, in; sheets of paper out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan._files import require_parent
from spatialplan.errors import InputError
from spatialplan.sheet import draw_atlas
from spatialplan.sheet import draw_sheet
from spatialplan.sheet import with_group
from spatialplan.sheet import with_theme
from spatialplan.sheet import write_sheet

from ._contents import content_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Draw sheets of an area judged by a standard, or of plans."""
    target = require_parent(options.output)
    if target.suffix.lower() not in (".pdf", ".png"):
        raise InputError(target, "a sheet is a page or a picture", allowed=".pdf or .png")
    content = content_of(options, voice)
    voice.stage("drawing")
    for path in write_sheet(_sheets(content, options), target):
        voice.tell(f"written: {path} ({path.stat().st_size / 1e6:.2f} MB)")
    return 0


def _sheets(content: dict[str, Any], options: argparse.Namespace) -> Iterator[Figure]:
    """The sheets asked for, one after another, numbered where there are several."""
    looks = {"paper": options.paper, "landscape": not options.portrait, "lang": options.lang,
             "font": options.font}  # fmt: skip
    contents = _contents(content, options)
    for place, one in enumerate(contents, start=1):
        part = f"{place}/{len(contents)}" if len(contents) > 1 else ""
        number = " ".join(filter(None, [options.number, part]))
        if options.atlas is None:
            yield draw_sheet(one, number=number, **looks)
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
