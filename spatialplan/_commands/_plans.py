"""What commands on plans share: reading them by name or path, with boundaries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spatialplan.crs import metric_crs
from spatialplan.places import read_boundaries
from spatialplan.plan import list_plans
from spatialplan.plan import read_plan

from ._given import file_and_datum

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    import geopandas as gpd

    from spatialplan.plan import Plan

_CHINA = (120.0, 32.0)  # any place will do: the plan's own system is applied when it draws


def plans_of(names: Iterable[str], boundaries: gpd.GeoDataFrame | None) -> list[Plan]:
    """Plans by identifier, or by the path of a ``plan.yaml`` or of its folder; none: all."""
    return [read_plan(_path(name), boundaries=boundaries) for name in names or list_plans()]


def boundaries_of(options: argparse.Namespace) -> gpd.GeoDataFrame | None:
    """Divisions of ``--boundaries FILE[@DATUM]``, if it is given."""
    if not options.boundaries:
        return None
    path, datum = file_and_datum("--boundaries", options.boundaries, where=options.boundaries)
    return read_boundaries(path, crs=metric_crs(*_CHINA), datum=datum)


def _path(name: str) -> str | Path:
    path = Path(name)
    if (path / "plan.yaml").is_file():
        return path / "plan.yaml"
    return path if path.suffix.lower() in (".yaml", ".yml") else name
