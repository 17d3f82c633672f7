"""The page: viewer, content and a policy that lets nothing in or out."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from importlib import resources
from typing import TYPE_CHECKING
from typing import Any

import jinja2

from spatialplan._files import write_text
from spatialplan.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from collections.abc import Sequence

_log = logging.getLogger(__name__)

WARN_BYTES = 10_000_000
VIEWER = (
    "words.js",
    "features.js",
    "symbols.js",
    "drawing.js",
    "labels.js",
    "panel.js",
    "tables.js",
    "viewer.js",
)

# Inside a script element these could end it or open a comment.
_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def draw_map(content: Mapping[str, Any]) -> str:
    """
    An interactive map as one HTML page that loads nothing from any network.

    Parameters
    ----------
    content
        Made by `cartography.map_content`.

    Returns
    -------
    str
        The page. All text is shown as text, whatever it looks like.
    """
    title = content["title_zh"] if content["lang"] == "zh" else content["title_en"]
    page = _page(content, title)
    if len(page.encode()) > WARN_BYTES:
        sizes = {layer["id"]: len(_island(layer)) for layer in content["layers"]}
        largest = max(sizes, key=lambda layer_id: sizes[layer_id])
        _log.warning("the map has %.1f MB, of which layer %r takes %.1f MB; simplify it",
                     len(page.encode()) / 1e6, largest, sizes[largest] / 1e6)  # fmt: skip
    return page


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


def _page(content: Mapping[str, Any], title: str) -> str:
    package = resources.files("spatialplan")
    leaflet = package / "_vendor" / "leaflet"
    if not leaflet.is_dir():
        do = "run: pip install -e . (it fetches the map viewer's scripts)"
        raise InputError("Leaflet", "is not in the package", do=do)

    def read(name: str) -> str:
        return (package / "_web" / name).read_text(encoding="utf-8")

    viewer = "\n".join(['"use strict";', *(read(name) for name in VIEWER)])
    scripts = [(leaflet / "leaflet.js").read_text(encoding="utf-8"), viewer]
    styles = [(leaflet / "leaflet.css").read_text(encoding="utf-8"), read("viewer.css")]
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {_hashes(scripts)}; style-src {_hashes(styles)}"
    )
    template = jinja2.Environment(autoescape=True).from_string(read("viewer.html.j2"))
    return template.render(
        lang="zh-CN" if content["lang"] == "zh" else "en",
        title=title,
        policy=policy,
        licence=(leaflet / "LICENSE").read_text(encoding="utf-8"),
        styles=styles,
        scripts=scripts,
        island=_island(content),
    )


def _island(content: Mapping[str, Any]) -> str:
    """JSON that can stand inside a script element whatever its texts hold."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES)


def _hashes(texts: Sequence[str]) -> str:
    """Source expressions that allow exactly these inline scripts or styles."""
    digests = [hashlib.sha256(text.encode("utf-8")).digest() for text in texts]
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)
