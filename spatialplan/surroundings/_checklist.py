"""What a spot has near it, category by category or clause by clause."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.categories import read_categories
from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan._choices import Measure
    from spatialplan.standard import Part
    from spatialplan.standard import Standard

    from ._spot import Spot

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

_ASKED = ["name_zh", "name_en", "distance_rule", "parts", "threshold_min"]
_COLUMNS = ["id", "name_zh", "name_en", "rule", "limit", "unit", "minutes", "metres", "present",
            "place_id", "facility_zh", "facility_en", "lng", "lat"]  # fmt: skip
_UNITS: dict[str, Measure] = {"min": "time_min", "m": "distance_m"}


def category_checklist(spot: Spot, *, limit_min: float = 15.0) -> pd.DataFrame:
    """
    The nearest facility of every category, along the streets.

    Parameters
    ----------
    spot
        From `spot_at`.
    limit_min
        Minutes within which a category is present.

    Returns
    -------
    DataFrame
        Index ``id``, all categories in their order: ``name_zh``, ``name_en``, ``limit``,
        ``unit`` (``min``), ``rule`` (``network``), ``minutes`` and
        ``metres`` (each to the facility that is nearest by it; ``inf`` without a way,
        ``nan`` without any facility), ``present`` (True, False, or None where the data
        hold none: then nothing was measured), and of the facility nearest by time
        ``place_id``, ``facility_zh``, ``facility_en``, ``lng``, ``lat``.
    """
    return _table(category_rows(spot, limit_min=limit_min))


def category_rows(spot: Spot, *, limit_min: float) -> list[dict[str, Any]]:
    """
    Rows of `category_checklist` for one click, without the table.

    Parameters
    ----------
    spot, limit_min
        As in `category_checklist`.

    Returns
    -------
    list of dict
        One for each category, in their order: ``id`` and the columns of the table.
    """
    held, none = spot.scene.by_category, np.empty(0, dtype=np.int64)
    named = read_categories()[["name_zh", "name_en"]].itertuples(name=None)
    return [
        {"id": key, "name_zh": zh, "name_en": en, "rule": "network",
         **_row(spot, held.get(key, none), limit_min, "min")}
        for key, zh, en in named
    ]  # fmt: skip


def clause_checklist(spot: Spot, standard: Standard) -> pd.DataFrame:
    """
    What a standard asks for near a spot, judged as `judgement.service` judges a person there.

    Parameters
    ----------
    spot
        From `spot_at`, in a scene of mode ``walk``: standards judge walking.
    standard
        Whose judged clauses are listed.

    Returns
    -------
    DataFrame
        Index ``id``, the clauses; columns as `category_checklist`. ``limit`` and ``unit``
        (``min`` or ``m``) are those of the part that is met, or comes nearest to it. Where
        ``rule`` is ``straight``, ``metres`` is the straight line and ``minutes`` ``nan``.

    Raises
    ------
    InputError
        If the scene is of another mode.
    """
    return _table(clause_rows(spot, standard))


def clause_rows(spot: Spot, standard: Standard) -> list[dict[str, Any]]:
    """
    Rows of `clause_checklist` for one click, without the table.

    Parameters
    ----------
    spot, standard
        As in `clause_checklist`.

    Returns
    -------
    list of dict
        One for each judged clause, in their order: ``id`` and the columns of the table.

    Raises
    ------
    InputError
        If the scene is of another mode.
    """
    if spot.scene.network.mode != "walk":
        raise InputError("spot", f"in a scene of mode {spot.scene.network.mode!r}", allowed="walk")
    clauses = standard.clauses.loc[standard.clauses["judged"], _ASKED].itertuples(name=None)
    return [
        {"id": key, "name_zh": zh, "name_en": en, "rule": rule,
         **_clause_row(spot, parts, rule, threshold_min)}
        for key, zh, en, rule, parts, threshold_min in clauses
    ]  # fmt: skip


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=_COLUMNS).set_index("id")


def _clause_row(
    spot: Spot, parts: Sequence[Part], rule: str, threshold_min: float
) -> dict[str, Any]:
    """The row of the part that serves the spot, or comes nearest to it."""
    rows = [_part_row(spot, part, rule, threshold_min) for part in parts]
    return min(rows, key=lambda row: (not row["present"], _excess(row)))


def _excess(row: dict[str, Any]) -> float:
    """How many times its limit a facility is away."""
    amount = row["minutes" if row["unit"] == "min" else "metres"]
    return math.inf if math.isnan(amount) else float(amount / row["limit"])


def _part_row(spot: Spot, part: Part, rule: str, threshold_min: float) -> dict[str, Any]:
    facilities = spot.scene.positions(part)
    if rule == "straight":
        return _straight_row(spot, facilities, part.threshold_m)
    by_time = math.isnan(part.threshold_m)
    limit = threshold_min if by_time else part.threshold_m
    return _row(spot, facilities, limit, "min" if by_time else "m")


def _row(spot: Spot, facilities: Ints, limit: float, unit: str) -> dict[str, Any]:
    """Ways along the streets to the nearest of some facilities."""
    found = {name: spot.amounts(measure)[facilities] for name, measure in _UNITS.items()}
    least = {name: float(ways.min(initial=np.inf)) for name, ways in found.items()}
    measured = {"minutes": least["min"], "metres": least["m"]}
    return _told(spot, facilities, found[unit], limit=limit, unit=unit, measured=measured)


def _straight_row(spot: Spot, facilities: Ints, limit: float) -> dict[str, Any]:
    ways = spot.straight_m(facilities)
    measured = {"minutes": math.nan, "metres": float(ways.min(initial=np.inf))}
    return _told(spot, facilities, ways, limit=limit, unit="m", measured=measured)


def _told(
    spot: Spot, facilities: Ints, ways: Floats, *, limit: float, unit: str,
    measured: dict[str, float],
) -> dict[str, Any]:  # fmt: skip
    row = {"limit": float(limit), "unit": unit}
    if not len(facilities):  # nothing was measured, which is not that nothing is near
        nothing = dict.fromkeys(("minutes", "metres", "lng", "lat"), math.nan)
        texts = dict.fromkeys(("place_id", "facility_zh", "facility_en"), "")
        return {**row, **nothing, **texts, "present": None}
    first = int(np.argmin(ways))
    nearest = int(facilities[first])
    lng, lat = spot.scene.degrees[nearest]
    return {
        **row,
        **measured,
        "present": bool(ways[first] <= limit),
        **{name: texts[nearest] for name, texts in spot.scene.names.items()},
        "lng": float(lng),
        "lat": float(lat),
    }
