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

from ._style import read_style
from ._style import require_groups

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


def draw_map(  # noqa: PLR0913 - every part of a page stands for itself
    layers: Sequence[Mapping[str, Any]],
    *,
    title_zh: str,
    title_en: str = "",
    headline_zh: str = "",
    headline_en: str = "",
    notes: Sequence[tuple[str, str]] = (),
    tables: Sequence[Mapping[str, Any]] = (),
    drawer: bool = True,
    groups: Mapping[str, Mapping[str, Any]] | None = None,
    fields: Mapping[str, str] | None = None,
    lang: str = "zh",
) -> str:
    """
    An interactive map as one HTML page that loads nothing from any network.

    Parameters
    ----------
    layers
        Made by `grid_layer` and `vector_layer`, from the bottom of the map to the top;
        the ``order`` of a style goes before that.
    title_zh, title_en, headline_zh, headline_en
        Title, and the sentence with the figure that matters most.
    notes
        (Chinese, English): basis, sources, warnings.
    tables
        Made by `data_table`.
    drawer
        Whether the first table stands open when the page opens.
    groups
        Further layer groups, made by `layer_group`; they are listed where the style
        file has ``structure``.
    fields
        What the foot of the page states: keys of ``fields`` in ``maps/style.yaml``
        (``review_number``, ``base_map``, ``crs``, ``author``, ``data_date``,
        ``attribution``).
    lang
        Language to open in, ``zh`` or ``en``; the reader can switch.

    Returns
    -------
    str
        The page. All text is shown as text, whatever it looks like.

    Raises
    ------
    InputError
        If there is no layer, an id repeats, or a group, field or language is not known.
    """
    style = read_style()
    all_groups = _in_place(style["groups"], groups or {})
    _check(layers, tables, lang, fields or {}, style["fields"])
    require_groups(layers, all_groups)
    content = {
        "lang": lang,
        "title_zh": title_zh,
        "title_en": title_en or title_zh,
        "headline_zh": headline_zh,
        "headline_en": headline_en or headline_zh,
        "notes": [list(note) for note in notes],
        "fields": dict(fields or {}),
        "field_labels": style["fields"],
        "groups": all_groups,
        "words": style["words"],
        "tables": list(tables),
        "drawer": drawer,
        "layers": list(layers),
    }
    page = _page(content, title_zh if lang == "zh" else content["title_en"])
    if len(page.encode()) > WARN_BYTES:
        sizes = {layer["id"]: len(_island(layer)) for layer in layers}
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


def _check(
    layers: Sequence[Mapping[str, Any]],
    tables: Sequence[Mapping[str, Any]],
    lang: str,
    fields: Mapping[str, str],
    known_fields: Mapping[str, Any],
) -> None:
    if not layers:
        raise InputError("map", "no layers", do="give at least one layer")
    for name, things in (("layer", layers), ("table", tables)):
        ids = [thing["id"] for thing in things]
        if repeated := sorted({one for one in ids if ids.count(one) > 1}):
            raise InputError("map", f"{name} id {repeated[0]!r} twice", do="give each its own id")
    if lang not in ("zh", "en"):
        raise InputError("map", f"language {lang!r}", allowed="zh, en")
    if unknown := sorted(set(fields) - set(known_fields)):
        raise InputError("map", f"field {unknown[0]!r}", allowed=", ".join(known_fields))


def _in_place(
    usual: Mapping[str, Any], more: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """All groups in the order of the layer list: further ones just before ``structure``."""
    place = list(usual).index("structure")
    entries = list(usual.items())
    return dict([*entries[:place], *more.items(), *entries[place:]])


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
