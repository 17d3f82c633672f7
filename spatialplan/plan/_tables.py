"""From the fields of a ``plan.yaml`` to tables; every reference is followed."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd

from spatialplan.categories import read_categories
from spatialplan.errors import InputError
from spatialplan.errors import nearest
from spatialplan.vocabulary import Part
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import parse_value
from spatialplan.vocabulary import reasons
from spatialplan.vocabulary import roles

from ._model import Element
from ._model import Indicator
from ._model import SetAside
from ._model import Structure
from ._model import Target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from pathlib import Path

    from spatialplan._yaml import StrictModel

    from ._model import PlanFile
    from ._model import Printed


# What is told of a base or target value, and what stands where there is none.
_VALUE: dict[str, object] = {
    "printed": "",
    "year": nan,
    "value": nan,
    "values": (),
    "bound": "",
    "cumulative": False,
    "yearly": False,
    "reason": "",
}


def structure_table(path: Path, file: PlanFile) -> pd.DataFrame:
    """STRUCTURES, with the parts of each phrase."""
    rows = {}
    for key, entry in file.structures.items():
        where = f"structures.{key}"
        _known(path, entry.source, file.sources, what="source", where=f"{where}.source")
        row = entry.model_dump(exclude={"gloss", "elements"})
        rows[key] = row | {"parts": _parts(path, entry, where)}
    return _table(rows, Structure, "structure_id", without={"gloss", "elements"}, more=["parts"])


def _parts(path: Path, entry: Structure, where: str) -> list[Part]:
    """Parts of a phrase: read from its words, or from the plan's gloss of a digit code."""
    if not entry.phrase_zh:
        return []
    gloss = [(piece.code, float(piece.count)) for piece in entry.gloss]
    try:
        phrase = parse_phrase(entry.phrase_zh, gloss=gloss)
    except InputError as error:
        raise InputError(path, str(error), where=f"{where}.phrase_zh") from error
    if phrase.kind in ("structure", "part"):
        return list(phrase.parts)
    if len(entry.gloss) != len(phrase.values):
        raise InputError(
            path,
            f"{entry.phrase_zh!r} is a {phrase.kind}; its gloss has {len(entry.gloss)} pieces",
            where=f"{where}.gloss",
            allowed="a structure, or a code or sum with a gloss of every piece",
        )
    for piece in entry.gloss:
        _known(path, piece.role, roles(), what="role", where=f"{where}.gloss")
    return [Part(piece.count, piece.role, piece.code) for piece in entry.gloss]


def element_table(path: Path, file: PlanFile, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """ELEMENTS of all structures, with the geometry of their places."""
    rows: dict[str, dict[str, object]] = {}
    for key, structure in file.structures.items():
        for element_id, entry in structure.elements.items():
            where = f"structures.{key}.elements.{element_id}"
            _known(path, entry.role, roles(), what="role", where=f"{where}.role")
            if entry.place_id:
                _known(path, entry.place_id, places.index, what="place", where=where)
            if entry.parent:
                _known(path, entry.parent, structure.elements, what="parent", where=where)
            if element_id in rows:
                raise InputError(path, "the identifier is used twice", where=where)
            rows[element_id] = entry.model_dump() | {"structure_id": key}
    table = _table(rows, Element, "element_id", more=["structure_id"])
    drawn = places[["drawn_from", "precision_m", "geometry"]]
    table = table.astype({"count": "Int64"}).join(drawn, on="place_id")
    table["drawn_from"] = table["drawn_from"].fillna("nothing")
    return gpd.GeoDataFrame(table, geometry="geometry", crs=places.crs)


def target_table(path: Path, file: PlanFile) -> pd.DataFrame:
    """TARGETS; a limit must be one of the values printed."""
    categories = read_categories().index
    for key, entry in file.targets.items():
        where = f"targets.{key}"
        _known(path, entry.source, file.sources, what="source", where=f"{where}.source")
        for category in entry.categories:
            _known(path, category, categories, what="category", where=f"{where}.categories")
        _check_limit(path, entry, where)
    rows = {key: entry.model_dump() for key, entry in file.targets.items()}
    numbers = dict.fromkeys(("threshold_min", "threshold_m", "required", "year"), float)
    return _table(rows, Target, "target_id").astype(numbers)


def _check_limit(path: Path, entry: Target, where: str) -> None:
    limit = entry.threshold_min or entry.threshold_m
    if limit is None:
        return
    try:
        phrase = parse_phrase(entry.printed_zh)
    except InputError as error:
        raise InputError(path, str(error), where=f"{where}.printed_zh") from error
    unit, allowed = (
        ("min", phrase.minutes) if entry.threshold_min is not None else ("m", phrase.metres)
    )
    if limit not in allowed:
        raise InputError(
            path,
            f"the limit {limit:g} {unit} is not in {entry.printed_zh!r}",
            where=where,
            allowed=", ".join(f"{value:g} {unit}" for value in allowed),
        )


def indicator_table(path: Path, file: PlanFile) -> pd.DataFrame:
    """INDICATORS, with numbers and bounds beside what is printed."""
    rows: dict[str, dict[str, object]] = {}
    for key, entry in file.indicators.items():
        _known(path, entry.source, file.sources, what="source", where=f"indicators.{key}.source")
        row = entry.model_dump(exclude={"base", "target"})
        rows[key] = row | _value("base", entry.base, entry) | _value("target", entry.target, entry)
    more = [f"{name}_{what}" for name in ("base", "target") for what in _VALUE]
    return _table(rows, Indicator, "indicator_id", without={"base", "target"}, more=more)


def _value(name: str, printed: Printed | None, entry: Indicator) -> dict[str, object]:
    if printed is None:
        return {f"{name}_{what}": missing for what, missing in _VALUE.items()}
    value = parse_value(printed.printed, unit=entry.unit)
    return {
        f"{name}_printed": printed.printed,
        f"{name}_year": float(printed.year or nan),
        f"{name}_value": value.numbers[0] if value.numbers else nan,
        f"{name}_values": value.numbers,
        f"{name}_bound": value.bound,
        f"{name}_cumulative": value.cumulative,
        f"{name}_yearly": value.yearly,
        f"{name}_reason": value.reason,
    }


def set_aside_table(path: Path, file: PlanFile) -> pd.DataFrame:
    """What looks like a structure and is none, each with the key of its reason."""
    for key, entry in file.set_aside.items():
        _known(path, entry.reason, reasons(), what="reason", where=f"set_aside.{key}.reason")
    rows = {key: entry.model_dump() for key, entry in file.set_aside.items()}
    return _table(rows, SetAside, "set_aside_id")


def source_table(file: PlanFile) -> pd.DataFrame:
    """The documents that the statements come from."""
    rows = {key: source.model_dump() for key, source in file.sources.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("source_id")


def _table(
    rows: Mapping[str, Mapping[str, Any]],
    model: type[StrictModel],
    index: str,
    *,
    without: Iterable[str] = (),
    more: Iterable[str] = (),
) -> pd.DataFrame:
    """A table that has its columns even where it has no row."""
    columns = [name for name in model.model_fields if name not in set(without)]
    table = pd.DataFrame.from_dict(dict(rows), orient="index", columns=[*columns, *more])
    return table.rename_axis(index)


def _known(path: Path, key: str, known: Iterable[object], *, what: str, where: str) -> None:
    names = [str(name) for name in known]
    if key not in names:
        raise InputError(path, f"unknown {what} {key!r}", where=where, do=nearest(key, names))
