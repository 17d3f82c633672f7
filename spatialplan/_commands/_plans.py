"""What commands on plans share: reading them by name or path, with boundaries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from spatialplan.crs import metric_crs
from spatialplan.errors import InputError
from spatialplan.places import read_boundaries
from spatialplan.plan import cnmaps_boundaries
from spatialplan.plan import list_plans
from spatialplan.plan import read_plan

from ._given import file_and_datum

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from spatialplan.plan import Plan

_PACKAGE = "cnmaps"
_CHINA = (120.0, 32.0)  # any place will do: the plan's own system is applied when it draws


def plans_of(
    names: Sequence[str], *, boundaries: str | None
) -> tuple[list[Plan], gpd.GeoDataFrame | None]:
    """
    Plans by identifier or by the path of a ``plan.yaml`` or its folder, and the divisions used.

    No name means all plans. `boundaries` is ``FILE[@DATUM]``, ``cnmaps`` or nothing.
    """
    found = [_source(name) for name in names or list_plans()]
    twice = next((source for source in found if found.count(source) > 1), None)
    if twice is not None:
        raise InputError("PLAN", f"{twice} is given twice")
    if not boundaries:
        return [read_plan(source) for source in found], None
    if boundaries == _PACKAGE:
        tables = [read_plan(source).places for source in found]
        codes = {
            code for table in tables for code in table[table["operator"] == "district"]["area_id"]
        }
        divisions = cnmaps_boundaries(sorted(codes), crs=metric_crs(*_CHINA))
    else:
        path, datum = file_and_datum("--boundaries", boundaries, where=boundaries)
        divisions = read_boundaries(path, crs=metric_crs(*_CHINA), datum=datum)
    plans = [read_plan(source, boundaries=divisions) for source in found]
    _require_some(plans, boundaries)
    return plans, divisions


def _require_some(plans: Sequence[Plan], boundaries: str) -> None:
    """Refuse boundaries that hold none of the districts: the map would be as without them."""
    districts = pd.concat([plan.places[plan.places["operator"] == "district"] for plan in plans])
    if len(districts) and not (districts["drawn_from"] == "open_data").any():
        codes = ", ".join(sorted(set(districts["area_id"]))[:5])
        raise InputError("--boundaries", f"{boundaries} holds no district of the plan",
                         do=f"it needs their codes ({codes} ...) or names")  # fmt: skip


def _source(name: str) -> str | Path:
    path = Path(name)
    if (path / "plan.yaml").is_file():
        return path / "plan.yaml"
    if path.is_dir() and name not in list_plans():
        raise InputError(path, "no plan.yaml in this folder", do="name a plan, or its folder")
    return path if path.suffix.lower() in (".yaml", ".yml") else name
