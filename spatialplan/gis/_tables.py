"""Content as tables: one for each layer and kind of geometry, with a column for every value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialplan.cartography import layer_frame

from ._names import field_name
from ._names import table_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

ABOUT = "spatialplan"
"""Table of title, sources and notes; by it a file is known to be ours to replace."""

KINDS = {"p": "points", "l": "lines", "a": "areas"}

_UNITS = {"m": "_m", "min": "_min", "m2": "_m2"}


@dataclass(frozen=True)
class LayerTable:
    """
    The features of one kind of a vector layer.

    Parameters
    ----------
    name
        Of the table, ASCII.
    layer
        The layer of the content.
    kind
        ``p`` points, ``l`` lines or ``a`` areas.
    frame
        WGS 84; ``name_zh``, ``name_en``, ``class`` (position in the layer's classes, -1
        without), ``class_zh``, ``class_en``, ``drawn_from`` and the values of the tooltip.
    labels
        What a field is called in full, Chinese and English, by its name.
    """

    name: str
    layer: Mapping[str, Any]
    kind: str
    frame: gpd.GeoDataFrame
    labels: Mapping[str, tuple[str, str]]


def layer_tables(content: Mapping[str, Any]) -> list[LayerTable]:
    """Tables of the vector layers in the order of the content; of a mixed layer one a kind."""
    parts = [
        (layer, kind)
        for layer in content["layers"]
        if layer["type"] == "vector"
        for kind in KINDS
        if kind in layer["kinds"]
    ]
    ids = [
        layer["id"] if len(set(layer["kinds"])) == 1 else f"{layer['id']}_{KINDS[kind]}"
        for layer, kind in parts
    ]
    return [
        _layer_table(name, layer, kind)
        for name, (layer, kind) in zip(table_names(ids), parts, strict=True)
    ]


def attribute_tables(content: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Tables of the content without geometry by their names, and what it says of itself."""
    names = table_names(f"table_{table['id']}" for table in content["tables"])
    tables = {
        name: _columns(table["columns"], table["rows"], taken=())[0]
        for name, table in zip(names, content["tables"], strict=True)
    }
    return {**tables, ABOUT: _about(content)}


def _layer_table(name: str, layer: Mapping[str, Any], kind: str) -> LayerTable:
    frame = layer_frame(layer)
    frame = frame[[one == kind for one in layer["kinds"]]].reset_index(drop=True)
    if not layer.get("names") and not layer.get("rows"):  # was joined into one to take less room
        frame = frame.explode(ignore_index=True)
    told = [{"label_zh": "", "label_en": ""}, *layer["classes"]]  # class -1 is the first
    frame = frame.assign(
        class_zh=[told[number + 1]["label_zh"] for number in frame["class"]],
        class_en=[told[number + 1]["label_en"] for number in frame["class"]],
        drawn_from=layer["drawn_from"],
    )
    own = frame.drop(columns=["row", "geometry"])
    heads = layer["columns"] if layer.get("rows") else []
    values, labels = _columns(heads, frame["row"].to_list(), taken=list(own.columns))
    table = gpd.GeoDataFrame(pd.concat([own, values], axis=1), geometry=frame.geometry)
    return LayerTable(name, layer, kind, table, labels)


def _columns(
    heads: Sequence[Mapping[str, str]], rows: Sequence[Sequence[Any]], *, taken: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:
    """One column for each value, two for a text in two languages; and their labels."""
    columns: dict[str, Any] = {}
    labels: dict[str, tuple[str, str]] = {}

    def add(label: str, values: Any, head: Mapping[str, str]) -> None:
        name = field_name(label, [*taken, *columns])
        columns[name], labels[name] = values, (head["label_zh"], head["label_en"])

    for place, head in enumerate(heads):
        values = [row[place] for row in rows]
        label, form = head["label_zh"], head["format"]
        if form != "text":
            add(label + _UNITS.get(form, ""), _numbers(values), head)
            continue
        add(label, [one[0] if isinstance(one, list) else one for one in values], head)
        if any(isinstance(one, list) for one in values):
            add(f"{label}_en", [one[1] for one in values], head)
    return pd.DataFrame(columns, index=range(len(rows))), labels


def _numbers(values: Sequence[float | str | None]) -> np.ndarray[Any, Any]:
    """Whole numbers as such where all are; missing as nan, unreachable as inf."""
    numbers = np.array([np.nan if one is None else float(one) for one in values])
    whole = len(numbers) > 0 and np.isfinite(numbers).all() and (numbers % 1 == 0).all()
    return numbers.astype(np.int64) if whole else numbers


def _about(content: Mapping[str, Any]) -> pd.DataFrame:
    """Title, headline, fields and notes: (key, text_zh, text_en)."""
    heads = [(key, content[f"{key}_zh"], content[f"{key}_en"]) for key in ("title", "headline")]
    fields = [(key, text, text) for key, text in content["fields"].items()]
    notes = [("note", *note[:2]) for note in content["notes"]]
    rows = [row for row in (*heads, *fields, *notes) if row[1] or row[2]]
    return pd.DataFrame(rows, columns=["key", "text_zh", "text_en"])
