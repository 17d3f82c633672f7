"""Points, lines and areas, packed small: whole micro-degrees, each from the one before."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd
import shapely

from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.schema import worst_source

from ._style import heading
from ._style import named_style
from ._table import cells
from ._table import column_heads
from ._table import require_column
from ._table import row_keys
from ._table import texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from ._table import Column

PER_DEGREE = 1_000_000
# A lighthouse far out at sea should not shrink the city: the opening view leaves
# this share of the coordinates out at each side.
STRAGGLERS = 0.005

_KINDS = {"Point": "p", "MultiPoint": "p", "LineString": "l", "LinearRing": "l",
          "MultiLineString": "l", "Polygon": "a", "MultiPolygon": "a"}  # fmt: skip


def vector_layer(  # noqa: PLR0913 - every option of a drawing stands for itself
    layer_id: str,
    frame: gpd.GeoDataFrame,
    *,
    name_zh: str,
    name_en: str = "",
    group: str,
    style: str | Mapping[str, Any] = "area",
    tooltip: Sequence[Column] = (),
    name_column: str = "",
    class_column: str = "",
    classes: Sequence[tuple[object, str, str, str]] = (),
    count_column: str = "",
    key_column: str = "",
    theme: str = "",
    visible: bool = True,
    drawn_from: str = "",
    administrative: bool = False,
    backdrop: bool = False,
) -> dict[str, Any]:
    """
    A layer of points, lines or areas, mixed if need be.

    Parameters
    ----------
    layer_id
        Unique among the layers of a map.
    frame
        Any coordinate system. Rows without geometry are counted and not drawn.
    name_zh, name_en
        Name in the layer list and the legend.
    group
        Key of ``groups`` in ``maps/style.yaml``, or of the page's own groups.
    style
        Name of one of its ``styles``, or a mapping such as
        ``{"like": "point", "color": "#0072b2"}``.
    tooltip
        Columns to show under the pointer, as in `data_table`. A layer with neither
        tooltip nor names is background and takes least room.
    name_column
        Column with the name of a feature: heads the tooltip, is found by the
        search, and is written on the map where the style says ``label``.
    class_column, classes
        Column to colour by, and (value, label_zh, label_en, color) of each value.
    count_column
        Column with the number of things that a row stands for, missing where that is
        open; by default 1.
    key_column
        Column that tells the features apart, as in `data_table`; of layers with a tooltip
        or names.
    theme
        Layers of one theme come and go together; see ``groups`` in the style file.
    visible
        Whether the layer shows when the page opens.
    drawn_from
        Where the geometry comes from; by default the worst of the frame's own
        ``drawn_from`` column. ``synthetic`` and ``text`` are marked on the page.
    administrative
        Whether these are boundaries that need a map review number (审图号).
    backdrop
        Whether the map opens on the other layers, however far this one goes.

    Returns
    -------
    dict
        The layer, for `map_content`.

    Raises
    ------
    CRSError
        If the frame has no coordinate system.
    InputError
        If a column, style or class is not known, or a geometry is a collection.

    Examples
    --------
    >>> import geopandas as gpd
    >>> gate = gpd.GeoDataFrame({"name": ["南门"]}, crs=4326,
    ...                         geometry=gpd.points_from_xy([119.97], [31.81]))
    >>> layer = vector_layer("gate", gate, name_zh="门", group="base", name_column="name")
    >>> layer["kinds"], layer["origin"], layer["shapes"]
    ('p', [119.97, 31.81], [[0, 0]])
    """
    source = f"layer {layer_id}"
    drawn = _drawable(frame, source)
    if name_column:
        require_column(frame, name_column, source=source)
    if count_column:
        require_column(frame, count_column, source=source)
    entries, class_of = _classified(drawn, class_column, classes, source)
    layer = {
        **heading(layer_id, name_zh=name_zh, name_en=name_en, group=group, theme=theme,
                  visible=visible, drawn_from=drawn_from or _worst(frame)),
        "type": "vector",
        "style": named_style(style),
        "administrative": administrative,
        "backdrop": backdrop,
        "count": _amount(drawn, count_column),
        "not_drawn": _amount(frame.drop(drawn.index), count_column),
        "classes": entries,
        "class_of": class_of,
        **packed(drawn.geometry.to_numpy()),
    }  # fmt: skip
    if not tooltip and not name_column:
        return _merged(layer)
    layer.update(row_keys(drawn, key_column, source=source))
    layer["columns"] = column_heads(tooltip)
    layer["rows"] = cells(drawn, tooltip, source=source) if tooltip else []
    layer["names"] = texts(drawn, name_column) if name_column else []
    layer["anchors"] = anchors(drawn.geometry.to_numpy()) if layer["style"].get("label") else []
    return layer


def _drawable(frame: gpd.GeoDataFrame, source: str) -> gpd.GeoDataFrame:
    """The rows that have a geometry, in WGS 84."""
    if frame.crs is None:
        raise CRSError(source, "the table has no coordinate system", do="declare it")
    missing = frame.geometry.isna() | frame.geometry.is_empty
    there = frame[~missing] if missing.any() else frame
    if odd := sorted(set(there.geometry.geom_type) - set(_KINDS)):
        raise InputError(source, f"geometry {odd[0]}", allowed="points, lines and polygons")
    return there.to_crs(4326)


def _amount(frame: gpd.GeoDataFrame, count_column: str) -> int | None:
    """How many things the rows stand for; None where a row does not say."""
    if not count_column:
        return len(frame)
    counts = frame[count_column]
    return None if counts.isna().any() else int(counts.sum())


def _worst(frame: gpd.GeoDataFrame) -> str:
    if "drawn_from" not in frame.columns or not len(frame):
        return ""
    return worst_source(*frame["drawn_from"].unique())


def _classified(
    frame: gpd.GeoDataFrame,
    column: str,
    classes: Sequence[tuple[object, str, str, str]],
    source: str,
) -> tuple[list[dict[str, Any]], list[int]]:
    """Legend entries with their counts, and the class number of each row."""
    if not column:
        return [], []
    require_column(frame, column, source=source)
    numbers = pd.Series(range(len(classes)), index=[value for value, *_ in classes])
    class_of = frame[column].map(numbers)
    if class_of.isna().any():
        stranger = frame.loc[class_of.isna(), column].iloc[0]
        raise InputError(source, f"{column} {stranger!r} has no class",
                         allowed=", ".join(str(value) for value in numbers.index))  # fmt: skip
    counts = np.bincount(class_of.astype(int), minlength=len(classes))
    entries = [
        {"label_zh": zh, "label_en": en, "color": color, "count": int(count)}
        for (_, zh, en, color), count in zip(classes, counts, strict=True)
    ]
    return entries, class_of.astype(int).tolist()


def packed(geometries: NDArray[np.object_]) -> dict[str, Any]:
    """
    Kinds, shapes, origin and the extent to open with of WGS 84 geometries.

    A point is [x, y]; a line is a list of parts; an area is a list of polygons,
    each a list of rings. A part or ring is [x, y, dx, dy, dx, dy ...].
    """
    if not len(geometries):
        return {"kinds": "", "shapes": [], "origin": [0, 0], "view": None}
    kinds = "".join(_KINDS[geometry.geom_type] for geometry in geometries)
    coordinates = shapely.get_coordinates(geometries)
    origin = coordinates.min(axis=0).round(6)
    view = np.quantile(coordinates, [STRAGGLERS, 1 - STRAGGLERS], axis=0).round(6)
    shapes = [[0, 0]] * len(geometries)
    for kind, pack in (("p", _points), ("l", _lines), ("a", _areas)):
        places = [place for place, letter in enumerate(kinds) if letter == kind]
        for place, shape in zip(places, pack(geometries[places], origin), strict=True):
            shapes[place] = shape
    return {
        "kinds": kinds,
        "shapes": shapes,
        "origin": origin.tolist(),
        "view": view.ravel().tolist(),
    }


def _points(geometries: NDArray[np.object_], origin: NDArray[np.float64]) -> list[Any]:
    places: list[Any] = _whole(
        shapely.get_coordinates(shapely.point_on_surface(geometries)), origin
    ).tolist()
    return places


def _lines(geometries: NDArray[np.object_], origin: NDArray[np.float64]) -> list[Any]:
    parts, owner = shapely.get_parts(geometries, return_index=True)
    return _nested(_runs(parts, origin), owner, len(geometries))


def _areas(geometries: NDArray[np.object_], origin: NDArray[np.float64]) -> list[Any]:
    polygons, owner = shapely.get_parts(geometries, return_index=True)
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    return _nested(_nested(_runs(rings, origin), polygon_of, len(polygons)), owner, len(geometries))


def _runs(lines: NDArray[np.object_], origin: NDArray[np.float64]) -> list[Any]:
    """The coordinates of each line: its first as it is, each other as a step."""
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    whole = _whole(coordinates, origin)
    steps = np.diff(whole, axis=0, prepend=whole[:1])
    first = np.searchsorted(owner, np.arange(len(lines)))
    steps[first] = whole[first]
    return [run.ravel().tolist() for run in np.split(steps, first[1:])] if len(lines) else []


def _whole(coordinates: NDArray[np.float64], origin: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint((coordinates - origin) * PER_DEGREE).astype(np.int64)


def _nested(items: list[Any], owner: NDArray[np.int64], count: int) -> list[Any]:
    """Group `items` by their rising `owner` numbers."""
    ends = np.searchsorted(owner, np.arange(count + 1))
    return [items[start:end] for start, end in pairwise(ends)]


def anchors(geometries: NDArray[np.object_]) -> list[list[float]]:
    """Where the name of each feature is written: halfway on a line, inside an area."""
    lines = np.isin(shapely.get_type_id(geometries), (1, 2, 5))
    halfway = shapely.line_interpolate_point(shapely.line_merge(geometries), 0.5, normalized=True)
    spots = np.where(lines, halfway, shapely.point_on_surface(geometries))
    return shapely.get_coordinates(spots).round(6).tolist()  # type: ignore[no-any-return]


def _merged(layer: dict[str, Any]) -> dict[str, Any]:
    """Join features of one kind and class, which nobody will tell apart, into one."""
    class_of = layer["class_of"] or [0] * len(layer["shapes"])
    joined: dict[tuple[str, int], list[Any]] = {}
    points: list[tuple[int, Any]] = []
    for kind, number, shape in zip(layer["kinds"], class_of, layer["shapes"], strict=True):
        if kind == "p":
            points.append((number, shape))
        else:
            joined.setdefault((kind, number), []).extend(shape)
    return {
        **layer,
        "kinds": "".join(kind for kind, _ in joined) + "p" * len(points),
        "class_of": [number for _, number in joined] + [number for number, _ in points],
        "shapes": [*joined.values(), *(shape for _, shape in points)],
    }
