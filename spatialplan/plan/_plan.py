"""Plans as data: their phrases, and the elements that the phrases count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from typing import Literal

import geopandas as gpd
import pandas as pd
import pydantic

from spatialplan._files import data_folder
from spatialplan._yaml import StrictModel
from spatialplan._yaml import read_model
from spatialplan.categories import nearest
from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.vocabulary import Part
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import roles

from ._gazetteer import Slug
from ._gazetteer import Source
from ._gazetteer import read_gazetteer


@dataclass(frozen=True)
class Plan:
    """
    One planning document as tables.

    Parameters
    ----------
    plan_id, title_zh, area_id
        Names of the plan and of its area.
    structures
        Index ``structure_id``; ``phrase_zh`` as printed, ``kind``, ``status``,
        ``members``, ``quote_zh`` (verbatim, ``……`` where words are left out), ``at``,
        ``source``, ``parts`` (list of `Part`).
    elements
        Index ``element_id``; ``structure_id``, ``role``, ``name_zh``, ``count`` (how
        many of the phrase's elements the row stands for), ``rank`` (0: none),
        ``place_id``, ``drawn_from``, ``precision_m``, ``note_zh``; geometry in the
        area's metric system, missing where ``drawn_from`` is ``nothing``.
    sources
        Index ``source_id``; ``title_zh``, ``publisher_zh``, ``date``, ``note_zh``.
    notes_zh
        What a reader of the plan must know.
    """

    plan_id: str
    title_zh: str
    area_id: str
    structures: pd.DataFrame
    elements: gpd.GeoDataFrame
    sources: pd.DataFrame
    notes_zh: tuple[str, ...]


class _Gloss(StrictModel):
    """What one piece of a digit code stands for."""

    code: str
    count: Annotated[int, pydantic.Field(ge=1)]
    role: str


class _Element(StrictModel):
    role: str
    name_zh: str
    count: Annotated[int, pydantic.Field(ge=1)] = 1
    rank: Annotated[int, pydantic.Field(ge=0)] = 0
    place_id: str = ""


class _Structure(StrictModel):
    phrase_zh: str
    kind: Literal["layout", "hierarchy", "network", "circle"]
    status: Literal["current", "target"]
    members: Literal["named", "partial", "unnamed"]
    source: str
    at: str
    quote_zh: str
    gloss: list[_Gloss] = pydantic.Field(default_factory=list)
    elements: Annotated[dict[Slug, _Element], pydantic.Field(min_length=1)]


class _File(StrictModel):
    plan_id: Slug
    title_zh: str
    area_id: Slug
    sources: dict[str, Source]
    structures: Annotated[dict[Slug, _Structure], pydantic.Field(min_length=1)]
    notes_zh: list[str] = pydantic.Field(default_factory=list)


def list_plans() -> list[str]:
    """
    Identifiers of the plans in ``layers/plans/``.

    Returns
    -------
    list of str
        In alphabetical order, as `read_plan` takes them.

    Examples
    --------
    >>> "changzhou-urbanisation" in list_plans()
    True
    """
    return sorted(path.parent.name for path in _folder().glob("*/plan.yaml"))


def read_plan(plan: str | Path) -> Plan:
    """
    Read a plan and draw its elements from the gazetteer of its area.

    Parameters
    ----------
    plan
        Identifier (see `list_plans`), or the path of a ``plan.yaml``; a
        ``places.yaml`` beside that file is then its gazetteer.

    Returns
    -------
    Plan
        The tables.

    Raises
    ------
    NotFoundError
        If there is no such plan or area.
    InputError
        If a file is at fault (unknown field, role, place or source; a phrase that
        cannot be read); with the field.

    Examples
    --------
    >>> plan = read_plan("changzhou-urbanisation")
    >>> plan.elements.loc["a06-axis-innovation", ["role", "drawn_from"]].to_list()
    ['axis', 'text']
    """
    path = plan if isinstance(plan, Path) else _find(plan)
    file = read_model(path, _File)
    own = path.parent / "places.yaml"
    places = read_gazetteer(own if own.is_file() else file.area_id)
    return Plan(
        plan_id=file.plan_id,
        title_zh=file.title_zh,
        area_id=file.area_id,
        structures=_structures(path, file),
        elements=_elements(path, file, places),
        sources=pd.DataFrame.from_dict(
            {key: source.model_dump() for key, source in file.sources.items()}, orient="index"
        ).rename_axis("source_id"),
        notes_zh=tuple(file.notes_zh),
    )


def _folder() -> Path:
    return data_folder("layers") / "plans"


def _find(plan_id: str) -> Path:
    known = list_plans()
    if plan_id not in known:
        raise NotFoundError(f"plan {plan_id!r} is not known; {nearest(plan_id, known)}")
    return _folder() / plan_id / "plan.yaml"


def _structures(path: Path, file: _File) -> pd.DataFrame:
    rows = {}
    for key, entry in file.structures.items():
        where = f"structures.{key}"
        _require(path, entry.source, file.sources, what="source", where=f"{where}.source")
        row = entry.model_dump(exclude={"gloss", "elements"})
        rows[key] = row | {"parts": _parts(path, entry, where)}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("structure_id")


def _parts(path: Path, entry: _Structure, where: str) -> list[Part]:
    """Parts of a phrase: read from its words, or from the plan's gloss of a digit code."""
    if not entry.gloss:
        try:
            return parse_phrase(entry.phrase_zh)
        except InputError as error:
            raise InputError(path, str(error), where=f"{where}.phrase_zh") from error
    if "".join(gloss.code for gloss in entry.gloss) != entry.phrase_zh:
        raise InputError(path, "the codes do not join to phrase_zh", where=f"{where}.gloss")
    for gloss in entry.gloss:
        _require(path, gloss.role, roles(), what="role", where=f"{where}.gloss")
    return [Part(gloss.count, gloss.role, gloss.code) for gloss in entry.gloss]


def _elements(path: Path, file: _File, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows: dict[str, dict[str, object]] = {}
    for key, structure in file.structures.items():
        for element_id, entry in structure.elements.items():
            where = f"structures.{key}.elements.{element_id}"
            _require(path, entry.role, roles(), what="role", where=f"{where}.role")
            if entry.place_id:
                _require(path, entry.place_id, places.index, what="place", where=where)
            if element_id in rows:
                raise InputError(path, "the identifier is used twice", where=where)
            rows[element_id] = {"structure_id": key} | entry.model_dump()
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("element_id")
    drawn = places[["drawn_from", "precision_m", "note_zh", "geometry"]]
    table = table.join(drawn, on="place_id")
    table["drawn_from"] = table["drawn_from"].fillna("nothing")
    table["note_zh"] = table["note_zh"].fillna("")
    return gpd.GeoDataFrame(table, geometry="geometry", crs=places.crs)


def _require(path: Path, key: str, known: object, *, what: str, where: str) -> None:
    names = [str(name) for name in known]  # type: ignore[attr-defined]
    if key not in names:
        raise InputError(path, f"unknown {what} {key!r}", where=where, do=nearest(key, names))
