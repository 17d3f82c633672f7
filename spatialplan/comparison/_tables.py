"""Coverage before and after, clause by clause and area by area."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from typing import cast

import pandas as pd

from spatialplan.base import OUTSIDE_ID
from spatialplan.judgement import assess
from spatialplan.judgement import of_layer
from spatialplan.judgement import service

from ._facilities import facility_changes
from ._states import people_basis
from ._states import require_one_area
from ._states import same_areas

if TYPE_CHECKING:
    from spatialplan.base import Base
    from spatialplan.standard import Standard

_log = logging.getLogger(__name__)

_BASIS = ["basis", "basis_en", "note", "note_en"]
_TOLD = ["clause_id", "area_id", "area_name_zh", "name_zh", "name_en", "clause", "tier",
         "threshold", "denominator", "total_unit", "required", "confidence", *_BASIS]  # fmt: skip
_COUNTED = ["total", "served", "measured", "met", "n_facilities"]


def coverage_changes(standard: Standard, before: Base, after: Base) -> dict[str, pd.DataFrame]:
    """
    Two states of an area judged by one standard: ``change = measured_after - measured_before``.

    Every figure is that of `judgement.assess` for its state. People gain or lose one by one:
    ``gained = sum_i P_i max(0, s_i' - s_i)`` and ``lost = sum_i P_i max(0, s_i - s_i')`` over
    the places i with people P and served shares s before and s' after (`judgement.service`),
    whatever the denominator of the clause.

    Parameters
    ----------
    standard
        Clauses to judge by.
    before, after
        Prepared areas, or what `scenario` makes of one.

    Returns
    -------
    dict
        ``clauses``: a row for each clause, index ``finding_id``, with the words of the
        clause and the basis of the state after; ``total``, ``served``, ``measured`` (share
        0-1), ``met`` and ``n_facilities``, each with ``_before`` and ``_after``; ``change``
        (of the share; nan where a state has no facility to measure by); ``people_gained``
        and ``people_lost`` (nan unless both states have the same people at the same places).
        ``areas``: the same for each area, empty unless both have the same areas.
        ``facilities``: `facility_changes`.

    Raises
    ------
    InputError
        If the two are in different systems or lie in different places.
    """
    require_one_area(before, after)
    if people_basis(before, after) == "neither":
        _log.warning("people differ: %s before, %s after; shares change with them",
                     *(f"{base.demand['population'].sum():,.0f}" for base in (before, after)),
                     )  # fmt: skip
    served = service(standard, before), service(standard, after)
    by = "area_id" if same_areas(before, after) else None
    states = [
        assess(standard, base, served=own, by=by)
        for base, own in zip((before, after), served, strict=True)
    ]
    rows = _side_by_side(*states)
    rows = rows.join(_people_moved(before, after, *served), on=["clause_id", "area_id"])
    whole = rows["area_id"] == ""
    return {
        "clauses": rows[whole],
        "areas": rows[~whole].drop(columns=_BASIS),
        "facilities": facility_changes(before, after),
    }


def _side_by_side(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Findings of two states in one row each, in the order of the clauses."""
    told = pd.concat([after[_TOLD], before[_TOLD]])
    told = told[~told.index.duplicated()]
    place = {clause: place for place, clause in enumerate(dict.fromkeys(before["clause_id"]))}
    told = told.sort_values("clause_id", key=lambda ids: ids.map(place), kind="stable")
    rows = told.join(before[_COUNTED].add_suffix("_before"))
    rows = rows.join(after[_COUNTED].add_suffix("_after"))
    return rows.assign(change=rows["measured_after"] - rows["measured_before"])


def _people_moved(
    before: Base, after: Base, served_before: pd.DataFrame, served_after: pd.DataFrame
) -> pd.DataFrame:
    """People who gain and who lose, by clause and area; by ``""`` in all."""
    if people_basis(before, after) != "places":
        return pd.DataFrame(
            {"people_gained": [], "people_lost": []},
            index=pd.MultiIndex.from_arrays([[], []], names=["clause_id", "area_id"]),
            dtype=float,
        )
    moved = of_layer(served_after, "people") - of_layer(served_before, "people")
    people = before.demand["population"]
    area = before.demand["area_id"].replace("", OUTSIDE_ID)
    return pd.DataFrame(
        {
            name: _by_area(moved.mul(sign).clip(lower=0).mul(people, axis=0), area)
            for name, sign in (("people_gained", 1.0), ("people_lost", -1.0))
        }
    )


def _by_area(people: pd.DataFrame, area: pd.Series[str]) -> pd.Series[float]:
    """Sums by clause and area, and by ``""`` over all; nan where nothing was measured."""
    sums = people.groupby(area.to_numpy()).sum(min_count=1)
    sums.loc[""] = people.sum(min_count=1)
    sums = sums.rename_axis(index="area_id", columns="clause_id")
    return cast("pd.Series[float]", sums.unstack())  # noqa: PD010 - by clause, then area
