"""What a map shows, apart from who draws it: layers, tables, words, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan.errors import InputError

from ._style import read_style
from ._style import require_groups

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence


def map_content(  # noqa: PLR0913 - every part of a page stands for itself
    layers: Sequence[Mapping[str, Any]],
    *,
    title_zh: str,
    title_en: str = "",
    headline_zh: str = "",
    headline_en: str = "",
    notes: Sequence[tuple[str, ...]] = (),
    tables: Sequence[Mapping[str, Any]] = (),
    drawer: bool = True,
    groups: Mapping[str, Mapping[str, Any]] | None = None,
    fields: Mapping[str, str] | None = None,
    lang: str = "zh",
) -> dict[str, Any]:
    """
    The content of a map, which every face of it shows: page, sheet, project of a GIS.

    Parameters
    ----------
    layers
        Made by `grid_layer` and `vector_layer`, from the bottom of the map to the top;
        the ``order`` of a style goes before that.
    title_zh, title_en, headline_zh, headline_en
        Title, and the sentence with the figure that matters most.
    notes
        (Chinese, English): basis, sources, warnings; a third text is the theme of the layers
        that a note is about, if it is about no others.
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
    dict
        The content, plain values only.

    Raises
    ------
    InputError
        If there is no layer, an id repeats, or a group, field or language is not known.
    """
    style = read_style()
    all_groups = _in_place(style["groups"], groups or {})
    _check(layers, tables, lang, fields or {}, style["fields"])
    require_groups(layers, all_groups)
    return {
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
        "tiles": {},
        "layers": list(layers),
    }


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
