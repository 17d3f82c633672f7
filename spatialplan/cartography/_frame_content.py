"""A map of plain tables: one layer for each, coloured by a column with sensible classes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialplan.errors import InputError

from ._content import map_content
from ._style import read_style
from ._table import require_column
from ._vector import vector_layer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from ._table import Column

CLASSES = 5
MOST_WORDS = 8
"""Different texts that can be told apart by colour."""

_MOST_COLUMNS = 12  # of a tooltip that still fits beside the pointer
_NAMES = ("name_zh", "name")
_MISSING = ("无数据", "no data", "#d9d9d9")
_OTHERS = ("其余 {} 类", "{} more kinds", "#7a7a7a")  # 其他 may be one of the texts
_USUAL = ("数据", "Data")
_GROUP = {"name_zh": _USUAL[0], "name_en": _USUAL[1], "exclusive": False, "open": True}
_CODE = "class of the map"  # a column that no table has
_NONE, _BEYOND = -1, -2
_PLAIN_NUMBERS = {"m": "_m", "min": "_min", "m2": "_m2", "share": "share", "people": "population"}


def frame_content(
    frames: gpd.GeoDataFrame | Mapping[str, gpd.GeoDataFrame],
    *,
    title_zh: str = "",
    title_en: str = "",
    column: str = "",
    fields: Mapping[str, str] | None = None,
    lang: str = "zh",
) -> dict[str, Any]:
    """
    The content of a map of one table, or of several.

    Parameters
    ----------
    frames
        A table in any coordinate system, or several by the names of their layers, from the
        bottom of the map to the top. ``name_zh`` (with ``name_en``) or ``name`` holds names,
        ``drawn_from`` where the geometry comes from; the other columns, the first twelve,
        show under the pointer.
    title_zh, title_en
        Title; by default the names of the layers.
    column
        Column to colour by, in every table that has it: numbers in up to five classes of
        equal counts, dark is more; texts and flags in hues, the seven most frequent and all
        others where there are more than eight. Without it, and where it has no value,
        features are plain.
    fields
        As in `map_content`.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    dict
        The content, as `map_content` gives it.

    Raises
    ------
    InputError
        If there is no table, no table has the column, or a table has one twice.
    CRSError
        If a table has no coordinate system.

    Examples
    --------
    >>> homes = gpd.GeoDataFrame({"name": ["a", "b"], "people": [10, 400]}, crs=4326,
    ...                          geometry=gpd.points_from_xy([119.97, 119.98], [31.8, 31.8]))
    >>> layer, = frame_content(homes, column="people")["layers"]
    >>> [part["label_en"] for part in layer["classes"]]
    ['10', '400']
    """
    named = {"": frames} if isinstance(frames, gpd.GeoDataFrame) else dict(frames)
    for name, frame in named.items():
        twice = frame.columns[frame.columns.duplicated()]
        if len(twice):
            raise InputError("map", f"{name} has the column {str(twice[0])!r} twice".lstrip(),
                             do="rename or drop one")  # fmt: skip
    if column and not any(column in frame.columns for frame in named.values()):
        require_column(next(iter(named.values()), pd.DataFrame()), column, source="map")
    layers = [
        _layer(f"frame_{place}", name or column, frame, column if column in frame.columns else "")
        for place, (name, frame) in enumerate(named.items())
    ]
    return map_content(
        layers,
        title_zh=title_zh or "、".join(layer["name_zh"] for layer in layers),
        title_en=title_en or title_zh or ", ".join(layer["name_en"] for layer in layers),
        groups={"data": _GROUP}, fields=fields, lang=lang, drawer=False,
    )  # fmt: skip


def _layer(layer_id: str, name: str, frame: gpd.GeoDataFrame, column: str) -> dict[str, Any]:
    names = next((one for one in _NAMES if one in frame.columns), "")
    coded, classes = _classified(frame, column) if column else (frame, ())
    return vector_layer(
        layer_id, coded, name_zh=name or _USUAL[0], name_en=name or _USUAL[1], group="data",
        style=_style(frame), tooltip=[*_tooltip(frame, names)], name_column=names,
        class_column=_CODE if classes else "", classes=classes,
    )  # fmt: skip


def _style(frame: gpd.GeoDataFrame) -> str:
    """The drawing style of the first shape there is."""
    kinds = frame.geometry.geom_type.dropna().str.removeprefix("Multi")
    styles = {"Point": "point", "LineString": "line", "LinearRing": "line"}
    return styles.get(next(iter(kinds), ""), "area")


def _tooltip(frame: gpd.GeoDataFrame, names: str) -> Iterator[Column]:
    """Columns to show under the pointer, numbers as numbers, the English twin with its own."""
    heading = {frame.geometry.name, names, f"{names.removesuffix('_zh')}_en", "drawn_from"}
    twins = {
        f"{one.removesuffix('_zh')}_en" for one in map(str, frame.columns) if one[-3:] == "_zh"
    }
    told = [one for one in frame.columns if one not in heading | twins]
    for one in told[:_MOST_COLUMNS]:
        label = str(one).removesuffix("_zh")
        yield one, label, label, _format(frame[one])


def _format(values: pd.Series[Any]) -> str:
    if not _is_number(values):
        return "text"
    name = str(values.name)
    return next((form for form, end in _PLAIN_NUMBERS.items() if name.endswith(end)), "number")


def _classified(
    frame: gpd.GeoDataFrame, column: str
) -> tuple[gpd.GeoDataFrame, list[tuple[object, str, str, str]]]:
    """The table with the number of the class of each row, and the classes."""
    values = frame[column]
    codes, classes = _by_number(values) if _is_number(values) else _by_text(values)
    for code, more in ((_BEYOND, _unreachable()), (_NONE, _MISSING)):
        if (codes == code).any():
            classes.append((code, *more))
    return frame.assign(**{_CODE: codes}), classes


def _is_number(values: pd.Series[Any]) -> bool:
    is_flag = pd.api.types.is_bool_dtype(values)
    return pd.api.types.is_numeric_dtype(values) and not is_flag


def _unreachable() -> tuple[str, str, str]:
    style = read_style()
    word = style["words"]["unreachable"]
    return word["zh"], word["en"], style["unreachable"]


def _by_number(values: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """Up to five classes of equal counts; few different values have a class each."""
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    different = np.unique(known)
    limits = different if len(different) <= CLASSES else _quantiles(known)
    labels = _told(limits, exactly=len(different) <= CLASSES)
    codes = np.where(np.isfinite(numbers), np.searchsorted(limits, numbers), _NONE)
    codes[np.isposinf(numbers)] = _BEYOND
    colors = read_style()["palettes"]["share"]
    picked = np.linspace(0, len(colors) - 1, len(labels)).round().astype(int)
    return codes, [
        (place, label, label, colors[picked[place]]) for place, label in enumerate(labels)
    ]


def _quantiles(known: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Upper limits of classes of equal counts, those within in three digits as a reader would."""
    inner = np.quantile(known, np.linspace(0, 1, CLASSES + 1)[1:-1])
    edges = np.unique([float(f"{edge:.3g}") for edge in inner])
    return np.append(edges[edges < known.max()], known.max())


def _told(limits: np.ndarray[Any, Any], *, exactly: bool) -> list[str]:
    """Labels of classes: their one value, or from where to where they go."""
    ends = [f"{limit:,.6g}" for limit in limits]
    if exactly or len(ends) == 1:
        return ends if exactly else [f"≤ {ends[0]}"]
    between = (f"{low} – {high}" for low, high in pairwise(ends[:-1]))
    return [f"≤ {ends[0]}", *between, f"> {ends[-2]}"]


def _by_text(values: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """A class and a hue for each text, the most frequent first; one for all others."""
    texts = values.astype("object").where(values.notna(), None).map(str, na_action="ignore")
    words = list(texts.value_counts().index)
    own = words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1]
    place_of = {word: min(place, len(own)) for place, word in enumerate(words)}
    codes = texts.map(place_of).fillna(_NONE).astype(int)
    hues = read_style()["palettes"]["hues"]
    classes = [(place, word, word, hues[place]) for place, word in enumerate(own)]
    if others := len(words) - len(own):
        zh, en, color = _OTHERS
        classes.append((len(own), zh.format(others), en.format(others), color))
    return codes.to_numpy(), classes
