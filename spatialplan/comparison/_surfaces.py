"""Pictures of both states on one grid, and of what changed between them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from spatialplan.cartography import grid_layer
from spatialplan.cartography import read_style
from spatialplan.coverage_map.grids import STEPS
from spatialplan.coverage_map.grids import distance_classes
from spatialplan.coverage_map.grids import in_limits
from spatialplan.coverage_map.grids import limit_of
from spatialplan.coverage_map.grids import picture_cells
from spatialplan.coverage_map.ground import clause_categories
from spatialplan.coverage_map.ground import source_mark
from spatialplan.coverage_map.ground import streets_on_land
from spatialplan.judgement import clause_facilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from spatialplan.base import Base
    from spatialplan.standard import Standard

    Floats = np.ndarray[Any, np.dtype[np.float64]]

_EVEN, _MUCH = 0.05, 0.5  # of the limit of a clause: a change that is none, and a large one
_SIDES = (("before", "前", "before"), ("after", "后", "after"))


def surfaces(
    standard: Standard, before: Base, after: Base, names: pd.DataFrame, *, shown: str
) -> list[dict[str, Any]]:
    """Distance before and after and its change, for each clause of `names`, on the same cells."""
    bases = (before, after)
    cells, bounds, shape = picture_cells(max(bases, key=_ground_km2))
    grounds = [_Ground(base, cells) for base in bases]
    layers = []
    for clause_id, name in names.iterrows():
        clause = standard.clause(str(clause_id))
        limit, unit = limit_of(clause)
        told = {
            "bounds_3857": bounds, "unit": unit, "theme": clause_id,
            "visible": clause_id == shown, "drawn_from": source_mark(before.demand),
            "along": [f"facilities-{category}" for category in clause_categories(clause)],
        }  # fmt: skip
        found = [ground.values(clause, limit).reshape(shape) for ground in grounds]
        for values, side in zip(found, _SIDES, strict=True):
            if np.isfinite(values).any():
                layers.append(_state_layer(name, values, limit, side, told))
        if all(np.isfinite(values).any() for values in found):
            layers.append(change_layer(name, *found, limit=limit, told=told))
    return layers


class _Ground:
    """The cells near a street of one state, and where they stand on it."""

    def __init__(self, base: Base, cells: gpd.GeoDataFrame) -> None:
        network = base.networks["walk"]
        self.base = base
        self.near = network.near_street(cells)
        self.cells = cells[self.near]
        self.located = network.locate(self.cells)

    def values(self, clause: pd.Series[Any], limit: float) -> Floats:
        """Distance or time of every cell to what a clause asks for; nan away from streets."""
        values = np.full(len(self.near), np.nan)
        if len(clause_facilities(clause, self.base)):
            parts = [
                in_limits(clause, part, self.base, self.cells, self.located)
                for part in clause["parts"]
            ]
            values[self.near] = np.min(parts, axis=0) * limit
        return values


def _ground_km2(base: Base) -> float:
    """Size of the box around the streets."""
    west, south, east, north = streets_on_land(base).total_bounds
    return float((east - west) * (north - south)) / 1e6


def _state_layer(
    name: pd.Series[Any],
    values: Floats,
    limit: float,
    state: tuple[str, str, str],
    told: dict[str, Any],
) -> dict[str, Any]:
    """The picture of one state, in the classes of a coverage map."""
    side, side_zh, side_en = state
    layer = grid_layer(
        f"coverage-{name.name}-{side}", values, breaks=[step * limit for step in STEPS],
        classes=distance_classes(limit, told["unit"]), group=f"state_{side}",
        name_zh=f"{name['name_zh']} · {side_zh}", name_en=f"{name['name_en']} · {side_en}",
        **told,
    )  # fmt: skip
    return {**layer, "side": side}


def change_layer(
    name: pd.Series[Any],
    before: Floats,
    after: Floats,
    *,
    limit: float,
    told: dict[str, Any],
) -> dict[str, Any]:
    """
    The picture of how much nearer or farther each cell has come.

    What only one state reaches has a class of its own and no number; what neither reaches is
    unreachable; where either has no data there is none.
    """
    steps = [step * limit for step in (-_MUCH, -_EVEN, _EVEN, _MUCH)]
    change, ends = change_values(before, after, steps)
    layer = grid_layer(
        f"change-{name.name}", change, breaks=[ends[0], *steps, ends[1]],
        classes=_change_classes(limit, told["unit"]), group="change",
        name_zh=f"{name['name_zh']} · 变化", name_en=f"{name['name_en']} · change",
        **told,
    )  # fmt: skip
    last = len(steps) + 2
    levels = [
        None if number in (0, last) else level
        for level, number in zip(layer["levels"], layer["class_of_level"], strict=True)
    ]
    return {**layer, "levels": levels, "side": "change"}


def change_values(
    before: Floats, after: Floats, steps: Sequence[float]
) -> tuple[Floats, tuple[float, float]]:
    """
    After less before, and the limits beyond which a value says that one state reaches nothing.

    Examples
    --------
    >>> inf, nan = np.inf, np.nan
    >>> before = np.array([500, 500, inf, 300, inf, nan])
    >>> after = np.array([200, 500, 300, inf, inf, 100])
    >>> change_values(before, after, [-100, 100])
    (array([-300.,    0., -302.,  102.,   inf,   nan]), (-301.0, 101.0))
    """
    both = np.isfinite(before) & np.isfinite(after)
    change = np.full(before.shape, np.nan)
    change[both] = after[both] - before[both]
    nearest, farthest = (
        float(end(change[both], initial=step))
        for end, step in ((np.min, steps[0]), (np.max, steps[-1]))
    )
    change[np.isposinf(before) & np.isfinite(after)] = nearest - 2
    change[np.isfinite(before) & np.isposinf(after)] = farthest + 2
    change[np.isposinf(before) & np.isposinf(after)] = np.inf
    return change, (nearest - 1, farthest + 1)


def _change_classes(limit: float, unit: str) -> list[tuple[str, str, str]]:
    """Labels of the classes from newly reached to no longer reached, and their colours."""
    much, even = ((f"{share * limit:g} {unit}" if unit != "share" else f"{share:.0%}")
                  for share in (_MUCH, _EVEN))  # fmt: skip
    of_zh, of_en = ("限值的 ", " of the limit") if unit == "share" else ("", "")
    labels = [
        ("新可达", "newly reached"),
        (f"近了 {of_zh}{much} 以上", f"nearer by {much}{of_en} or more"),
        (f"近了 {of_zh}{even} – {much}", f"nearer by {even} to {much}{of_en}"),
        (f"基本不变（± {of_zh}{even}）", f"about the same (± {even}{of_en})"),
        (f"远了 {of_zh}{even} – {much}", f"farther by {even} to {much}{of_en}"),
        (f"远了 {of_zh}{much} 以上", f"farther by {much}{of_en} or more"),
        ("不再可达", "no longer reached"),
    ]
    colors = read_style()["palettes"]["change"]
    return [(zh, en, color) for (zh, en), color in zip(labels, colors, strict=True)]
