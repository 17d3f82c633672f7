"""Plans as data: what a document says about space, in tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spatialplan._card import card
from spatialplan._files import data_folder
from spatialplan._yaml import read_model
from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.errors import nearest

from ._gazetteer import draw_places
from ._gazetteer import gazetteer_files
from ._model import PlanFile
from ._tables import element_table
from ._tables import indicator_table
from ._tables import set_aside_table
from ._tables import source_table
from ._tables import structure_table
from ._tables import target_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class Plan:
    """
    One planning document as tables.

    Parameters
    ----------
    plan_id, title_zh, title_en, area_id, period_zh
        Names of the plan and of its area, and the years it speaks of.
    file
        The file it was read from.
    structures
        Index ``structure_id``; ``phrase_zh`` as printed ("" where the text only lists),
        ``name_zh``, ``kind`` (layout, hierarchy, network, circle, list), ``status``
        (current, target), ``members`` (named, partial, unnamed), ``parts`` (list of
        `vocabulary.Part`), ``undrawn_zh`` (why elements have no place), and of every
        statement ``refs`` (rows of a reading of the document), ``source``, ``at``,
        ``quote_zh`` (verbatim, ``……`` where words are left out), ``note_zh``.
    elements
        Index ``element_id``; ``structure_id``, ``role``, ``name_zh`` ("": unnamed),
        ``count`` (how many of the phrase's elements the row stands for; missing where the
        text leaves that open, as in 多), ``rank`` (1 is the highest, 0 none), ``parent``
        (element one tier up), ``place_id``, ``drawn_from``, ``precision_m``, ``note_zh``;
        geometry in the area's metric system, missing where ``drawn_from`` is ``nothing``.
    targets
        Index ``target_id``; circles of time and distance, coverage and presence:
        ``phrase_zh``, ``measure``, ``printed_zh``, ``threshold_min``, ``threshold_m``
        (nan: the text gives none), ``code``, ``mode`` ("": not stated), ``from_zh``,
        ``to_zh``, ``categories``, ``contents_zh``, ``required`` (share),
        ``required_zh``, ``year``, ``status``, ``open_zh`` (what the text leaves open).
    indicators
        Index ``indicator_id``; ``name_zh``, ``unit``, ``attribute``, ``table_zh``,
        ``group_zh``, ``area_zh``, and of ``base_`` and ``target_``: ``printed``, ``year``,
        ``value`` (first number, nan if none), ``values``, ``bound``, ``cumulative``,
        ``yearly``, ``reason`` (why there is no number), as in `vocabulary.Value`;
        ``compare`` (values of other cities as printed).
    set_aside
        Index ``set_aside_id``; ``phrase_zh``, ``reason`` (key of
        `vocabulary.reasons`), ``count``, ``gloss``, ``at``, ``note_zh``: what looks like
        a structure and is none.
    sources
        Index ``source_id``; ``title_zh``, ``publisher_zh``, ``date``, ``note_zh``.
    notes
        Remarks on contradictions and gaps of the text, by their number.
    places
        The gazetteer of the area, as `read_gazetteer` gives it.
    place_files
        The file that its places come from, by the ``owner`` of the place.
    """

    plan_id: str
    title_zh: str
    title_en: str
    area_id: str
    period_zh: str
    file: Path
    structures: pd.DataFrame
    elements: gpd.GeoDataFrame
    targets: pd.DataFrame
    indicators: pd.DataFrame
    set_aside: pd.DataFrame
    sources: pd.DataFrame
    notes: Mapping[str, str]
    places: gpd.GeoDataFrame
    place_files: Mapping[str, Path]

    def __repr__(self) -> str:
        return (
            f"<Plan {self.plan_id}: {len(self.structures):,} structures, "
            f"{len(self.elements):,} elements, {len(self.targets):,} targets, "
            f"{len(self.indicators):,} indicators>"
        )

    def _repr_html_(self) -> str:
        origins = self.elements["drawn_from"].value_counts()
        facts = {
            "plan": self.plan_id,
            "area": self.area_id,
            "years": self.period_zh,
            "structures": f"{len(self.structures):,}",
            "elements": f"{len(self.elements):,}",
            "drawn from": ", ".join(f"{origin} {count:,}" for origin, count in origins.items()),
            "targets": f"{len(self.targets):,}",
            "indicators": f"{len(self.indicators):,}",
        }
        phrases = dict.fromkeys(filter(None, self.structures["phrase_zh"]))
        sources = self.sources["title_zh"] + " " + self.sources["date"].astype(str)
        return card(self.title_zh, facts, notes=[*sources.str.strip(), *phrases])


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


def read_plan(plan: str | Path, *, boundaries: gpd.GeoDataFrame | None = None) -> Plan:
    """
    Read a plan and draw its elements from the gazetteer of its area.

    Parameters
    ----------
    plan
        Identifier (see `list_plans`), or the path of a ``plan.yaml``; a
        ``places.yaml`` beside that file is then its gazetteer.
    boundaries
        Divisions as polygons, as `read_boundaries` gives them: drawn instead of
        the schematic discs of districts.

    Returns
    -------
    Plan
        The tables.

    Raises
    ------
    NotFoundError
        If there is no such plan or area.
    InputError
        If a file is at fault (unknown field, role, place, source, reason or category; a
        phrase or value that cannot be read), or names another area than the
        ``places.yaml`` beside it; with the field. If `boundaries` are no such table.

    Examples
    --------
    >>> plan = read_plan("changzhou-urbanisation")
    >>> plan.elements.loc["a06-axis-innovation", ["role", "drawn_from"]].to_list()
    ['axis', 'text']
    """
    path = plan if isinstance(plan, Path) else _find(plan)
    file = read_model(path, PlanFile)
    own = path.parent / "places.yaml"
    try:
        files = gazetteer_files(own if own.is_file() else file.area_id)
    except NotFoundError as error:
        do = "or put a places.yaml beside the plan"
        raise InputError(path, str(error), where="area_id", do=do) from error
    beside, found = files[0]
    if found.area_id != file.area_id:
        raise InputError(path, f"{file.area_id!r}, but {beside} is of {found.area_id!r}",
                         where="area_id", do="name the same area in both")  # fmt: skip
    places = draw_places(files, boundaries=boundaries)
    return Plan(
        plan_id=file.plan_id,
        title_zh=file.title_zh,
        title_en=file.title_en,
        area_id=file.area_id,
        period_zh=file.period_zh,
        file=path,
        structures=structure_table(path, file),
        elements=element_table(path, file, places),
        targets=target_table(path, file),
        indicators=indicator_table(path, file),
        set_aside=set_aside_table(path, file),
        sources=source_table(file),
        notes=file.notes,
        places=places,
        place_files={area.area_id: at for at, area in files},
    )


def _folder() -> Path:
    return data_folder("layers") / "plans"


def _find(plan_id: str) -> Path:
    known = list_plans()
    if plan_id not in known:
        raise NotFoundError(f"plan {plan_id!r} is not known; {nearest(plan_id, known)}")
    return _folder() / plan_id / "plan.yaml"
