"""Tables that stand beside the map, and how values travel into the page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

FORMATS = ("text", "number", "count", "people", "m", "min", "share", "m2")

Column = tuple[str, str, str, str]
"""Column of the frame, Chinese label, English label, format (one of `FORMATS`)."""


def data_table(
    table_id: str,
    frame: pd.DataFrame,
    *,
    title_zh: str,
    title_en: str = "",
    columns: Sequence[Column],
    layer_column: str = "",
    key_column: str = "",
) -> dict[str, Any]:
    """
    A table to show under the map; a click on a row shows the row on the map.

    Parameters
    ----------
    table_id
        Unique among the tables of a map.
    frame
        One row of the table for each row; of a GeoDataFrame the map zooms to the
        clicked row's geometry.
    title_zh, title_en
        Heading.
    columns
        (column, label_zh, label_en, format) of each column to show. Formats:
        ``text``, ``number``, ``count``, ``people``, ``m``, ``min``, ``share`` (0-1)
        and ``m2``. Where the frame has both ``x_zh`` and ``x_en``, naming ``x_zh``
        shows each in its language.
    layer_column
        Column that holds the id of the layer to switch on; "" for none.
    key_column
        Column that tells the rows apart; a click on a feature of a `vector_layer` with the
        same `key_column` shows the row with the same key. "" for none.

    Returns
    -------
    dict
        The table, for `map_content`.

    Raises
    ------
    InputError
        If a column is not there or a format is not known.

    Examples
    --------
    >>> rates = pd.DataFrame({"name_zh": ["小学"], "name_en": ["School"], "share": [0.8125]})
    >>> data_table("rates", rates, title_zh="覆盖率",
    ...            columns=[("name_zh", "设施", "Facility", "text"),
    ...                     ("share", "覆盖率", "Coverage", "share")])["rows"]
    [[['小学', 'School'], 0.8125]]
    """
    table: dict[str, Any] = {
        "id": table_id,
        "title_zh": title_zh,
        "title_en": title_en or title_zh,
        "columns": column_heads(columns),
        "rows": cells(frame, columns, source=f"table {table_id}"),
    }
    if layer_column:
        require_column(frame, layer_column, source=f"table {table_id}")
        table["layers"] = [str(layer) for layer in frame[layer_column]]
    table.update(row_keys(frame, key_column, source=f"table {table_id}"))
    if isinstance(frame, gpd.GeoDataFrame) and len(frame):
        table["bounds"] = [
            None if np.isnan(box).any() else box.round(6).tolist()
            for box in frame.geometry.to_crs(4326).bounds.to_numpy()
        ]
    return table


def two_languages(
    name: str, keys: pd.Series[Any], words: Callable[[Any], tuple[str, str]]
) -> dict[str, pd.Series[Any]]:
    """
    Columns ``<name>_zh`` and ``<name>_en`` that tell keys in words, for `data_table`.

    Parameters
    ----------
    name
        Of the columns.
    keys
        One for each row.
    words
        Gives (Chinese, English) for a key.

    Returns
    -------
    dict
        Of columns, for `pandas.DataFrame.assign`.

    Examples
    --------
    >>> modes = pd.Series(["walk"])
    >>> columns = two_languages("mode", modes, {"walk": ("步行", "on foot")}.__getitem__)
    >>> columns["mode_en"].to_list()
    ['on foot']
    """
    pairs = keys.map(words)
    return {f"{name}_zh": pairs.str[0], f"{name}_en": pairs.str[1]}


def column_heads(columns: Sequence[Column]) -> list[dict[str, str]]:
    """Labels and formats of columns, as the page reads them."""
    return [{"label_zh": zh, "label_en": en, "format": kind} for _, zh, en, kind in columns]


def cells(frame: pd.DataFrame, columns: Sequence[Column], *, source: str) -> list[list[Any]]:
    """
    The values of some columns, row by row, in types that JSON knows.

    Missing is None, infinity the text ``inf``, a text in two languages a pair.
    """
    by_column = []
    for name, _, _, kind in columns:
        require_format(kind, source=source)
        require_column(frame, name, source=source)
        by_column.append(texts(frame, name) if kind == "text" else _numbers(frame[name]))
    return [list(row) for row in zip(*by_column, strict=True)]


def row_keys(frame: pd.DataFrame, key_column: str, *, source: str) -> dict[str, Any]:
    """What ties rows of a table to features of a layer: the column's name and its values."""
    if not key_column:
        return {}
    require_column(frame, key_column, source=source)
    return {"key": key_column, "keys": [str(key) for key in frame[key_column]]}


def texts(frame: pd.DataFrame, name: str) -> list[Any]:
    """A text column; with its English twin, where the frame has one, as pairs."""
    chinese = _strings(frame[name])
    twin = f"{name.removesuffix('_zh')}_en"
    if not name.endswith("_zh") or twin not in frame.columns:
        return chinese
    return [list(pair) for pair in zip(chinese, _strings(frame[twin]), strict=True)]


def require_format(kind: str, *, source: str) -> None:
    """Raise `InputError` unless `kind` is one of `FORMATS`."""
    if kind not in FORMATS:
        raise InputError(source, f"format {kind!r}", allowed=", ".join(FORMATS))


def require_column(frame: pd.DataFrame, name: str, *, source: str) -> None:
    """Raise `InputError` unless `frame` has the column `name`."""
    if name not in frame.columns:
        have = ", ".join(map(str, frame.columns))
        raise InputError(source, f"no column {name!r}", allowed=have)


def _strings(values: pd.Series[Any]) -> list[str]:
    return ["" if pd.isna(value) else str(value) for value in values]


def _numbers(values: pd.Series[Any]) -> list[float | str | None]:
    return [_number(value) for value in values.astype(float)]


def _number(value: float) -> float | str | None:
    if np.isnan(value):
        return None
    if np.isinf(value):
        return "inf" if value > 0 else "-inf"
    short = float(f"{value:.9g}")
    return int(short) if short.is_integer() else short
