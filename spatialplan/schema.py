"""
The tables that modules exchange, and their check at the door.

A table is a plain (Geo)DataFrame; a :class:`Schema` says what it promises.
`check` names every fault of a table at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from .errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T", bound=pd.DataFrame)

DRAWN_FROM = ("plan_map", "open_data", "text", "synthetic", "nothing")
"""Where a geometry or a count comes from, best first; a result takes the worst of its inputs."""


@dataclass(frozen=True)
class Schema:
    """
    What a table promises.

    Parameters
    ----------
    name
        Name used in messages.
    index
        Name of the index, which must not repeat.
    columns
        Required columns and their kind: ``number``, ``count`` (number >= 0, not
        missing), ``text`` (not missing), ``source`` (one of `DRAWN_FROM`), ``bool``
        or ``any``.
    optional
        Columns that are checked where they exist.
    geometry
        Allowed geometry types; empty for a table without geometry.
    """

    name: str
    index: str
    columns: Mapping[str, str]
    optional: Mapping[str, str]
    geometry: tuple[str, ...] = ()


POINT_OR_POLYGON = ("Point", "MultiPoint", "Polygon", "MultiPolygon")

NODES = Schema(
    "nodes", "node_id", {}, {"component": "count", "component_size": "count"}, ("Point",)
)
EDGES = Schema(
    "edges",
    "edge_id",
    {"u": "any", "v": "any", "length_m": "count", "speed_kmh": "count", "oneway": "bool"},
    {"highway": "text", "closed_forward": "bool", "closed_backward": "bool"},
    ("LineString",),
)
DEMAND = Schema(
    "demand",
    "place_id",
    {"population": "count"},
    {"area_id": "text", "drawn_from": "source"},
    POINT_OR_POLYGON,
)
LAND = Schema(
    "land", "piece_id", {"area_m2": "count"}, {"area_id": "text"}, ("Polygon", "MultiPolygon")
)
FACILITIES = Schema(
    "facilities",
    "place_id",
    {"category": "text", "name_zh": "text", "stand_in_zh": "text", "stand_in_en": "text"},
    {"capacity": "number", "area_m2": "number", "drawn_from": "source"},
    POINT_OR_POLYGON,
)
BOUNDARIES = Schema(
    "boundaries", "area_id", {"name_zh": "text"}, {"level": "number"}, ("Polygon", "MultiPolygon")
)
CLAUSES = Schema(
    "clauses",
    "clause_id",
    {
        "category": "text",
        "name_zh": "text",
        "name_en": "text",
        "clause": "text",
        "distance_rule": "text",
        "denominator": "text",
        "confidence": "text",
    },
    {"tier": "text", "threshold_m": "number", "threshold_min": "number", "required": "number"},
)
COVERAGE = Schema("coverage", "group", {"total": "count", "served": "count"}, {"share": "number"})
FINDINGS = Schema(
    "findings",
    "finding_id",
    {
        "clause_id": "text",
        "measured": "number",
        "required": "number",
        "unit": "text",
        "basis": "text",
        "drawn_from": "source",
        "note": "text",
    },
    {},
)


def check(table: T, schema: Schema) -> T:
    """
    Return `table` unchanged if it keeps the promises of `schema`.

    Raises
    ------
    SchemaError
        With every fault of the table in one line.

    Examples
    --------
    >>> check(pd.DataFrame({"total": [1.0], "served": [-1.0]}), COVERAGE)
    Traceback (most recent call last):
    ...
    spatialplan.errors.SchemaError: coverage: column 'served' holds values below 0
    """
    faults = _column_faults(table, schema) + _index_faults(table)
    faults += _geometry_faults(table, schema) if schema.geometry else []
    if faults:
        raise SchemaError(schema.name, "; ".join(faults))
    return table


def worst_source(*sources: str) -> str:
    """
    The least trustworthy of some ``drawn_from`` values.

    Examples
    --------
    >>> worst_source("open_data", "synthetic", "text")
    'synthetic'
    """
    return max(sources, key=DRAWN_FROM.index)


def _column_faults(table: pd.DataFrame, schema: Schema) -> list[str]:
    missing = [f"no column {name!r}" for name in schema.columns if name not in table.columns]
    wanted = {**schema.columns, **schema.optional}
    found = {name: kind for name, kind in wanted.items() if name in table.columns}
    return missing + [
        f"column {name!r} {fault}"
        for name, kind in found.items()
        if (fault := _value_fault(table[name], kind))
    ]


def _value_fault(values: pd.Series[Any], kind: str) -> str:
    if kind in ("number", "count") and not pd.api.types.is_numeric_dtype(values):
        return f"is {values.dtype}, not numbers"
    if kind in ("count", "text") and values.isna().any():
        return "has missing values"
    if kind == "count" and (values < 0).any():
        return "holds values below 0"
    if kind == "source" and (strange := set(values) - set(DRAWN_FROM)):
        return f"holds {min(map(str, strange))}, not {', '.join(DRAWN_FROM)}"
    if kind == "bool" and values.dtype != bool:
        return f"is {values.dtype}, not true or false"
    return ""


def _index_faults(table: pd.DataFrame) -> list[str]:
    repeated = table.index[table.index.duplicated()].unique()
    shown = ", ".join(str(label) for label in repeated[:3])
    return [f"index repeats {shown}"] if len(repeated) else []


def _geometry_faults(table: pd.DataFrame, schema: Schema) -> list[str]:
    if not isinstance(table, gpd.GeoDataFrame) or table.active_geometry_name is None:
        return ["no geometry column"]
    if table.crs is None:
        return ["no coordinate system; declare the datum of the source"]
    if table.crs.is_geographic:
        return [f"coordinates are in degrees ({table.crs.to_string()}), not metres"]
    if len(table) == 0:
        return []
    faults = []
    if table.geometry.isna().any() or table.geometry.is_empty.any():
        faults.append("empty geometry")
    kinds = set(table.geometry.geom_type.dropna().unique()) - set(schema.geometry)
    if kinds:
        faults.append(f"geometry {', '.join(sorted(kinds))}, not {' or '.join(schema.geometry)}")
    return faults
