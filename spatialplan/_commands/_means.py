"""What a measure comes to: means by people or supply, sums, and for how many there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialplan.base import OUTSIDE
from spatialplan.base import OUTSIDE_ID
from spatialplan.report import share_text

if TYPE_CHECKING:
    from spatialplan.base import Base

    from ._measured import Asked
    from ._measured import Columns
    from ._measures import Measure


def _totals(found: Columns, asked: Asked, measure: Measure, by: pd.Series[Any]) -> pd.DataFrame:
    """
    Weighted means of each column by group, with the weight in all and without any of it.

    People weigh rows of people, supply those of facilities. A way that does not exist has
    no place in a mean of ways; where nothing is reached, the amount reached is 0. What
    belongs to a place as a whole is added up, and shared among its people.
    """
    weight = asked.people if measure.of_people else asked.supply
    parts = {"weight": weight}
    for name, values in found.items():
        reached = values < np.inf if measure.of_ways else values > 0
        parts[name] = (values if measure.totals else weight * values).where(reached, 0.0)
        parts[f"without_{name}"] = weight.mask(reached, 0.0)
    sums = pd.DataFrame(parts).groupby(by).sum()
    for name in found:
        counted = sums["weight"] - (sums[f"without_{name}"] if measure.of_ways else 0.0)
        each = sums[name] / counted.where(counted > 0)
        if measure.totals:
            sums[f"{name}_per_person"] = each
        else:
            sums[name] = each
    return sums


def by_area(found: Columns, asked: Asked, measure: Measure, made: Base) -> gpd.GeoDataFrame:
    """Rows of areas: name, people, mean or sum of each column, people without; polygon."""
    areas = made.demand["area_id"].replace("", OUTSIDE_ID)
    sums = _totals(found, asked, measure, areas).rename(columns={"weight": "people"})
    names = {**made.area_names, OUTSIDE_ID: OUTSIDE}
    sums = sums.rename(columns=lambda name: name.replace("without_", "people_without_"))
    sums = sums.sort_index(key=lambda ids: ids == OUTSIDE_ID, kind="stable")
    sums.insert(0, "name_zh", sums.index.map(names))
    return gpd.GeoDataFrame(sums, geometry=made.boundaries.geometry.reindex(sums.index))


def mean_lines(found: Columns, asked: Asked, measure: Measure, supply: str | None) -> list[str]:
    """One line for each column: its mean or sum, and for how many there is nothing."""
    rows = next(iter(found.values())).index
    totals = _totals(found, asked, measure, pd.Series("all", rows))
    sums = {str(name): float(values.iloc[0]) for name, values in totals.items()}
    if not measure.of_people:
        by = " by supply" if supply else ""
        return [
            f"{name}: mean{by} {number(sums[name])}; "
            f"{int((values == 0).sum()):,} of {len(values):,} facilities are reached by nobody"
            for name, values in found.items()
        ]
    people = sums["weight"]
    return [
        f"{name}: {_mean(name, sums, measure)}; "
        f"{sums[f'without_{name}']:,.0f} of {people:,.0f} people "
        f"({share_text(sums[f'without_{name}'] / people)}) {measure.lacking}"
        for name in found
    ]


def lost_line(change: pd.Series[Any], asked: Asked) -> str:
    """Who has a longer way or none, and how much longer together."""
    longer, gone = change > 0, change == np.inf
    lost = (asked.people * change)[longer & ~gone].sum()
    return (
        f"{asked.people[longer].sum():,.0f} people have a longer way, "
        f"{asked.people[gone].sum():,.0f} of them none at all; "
        f"the others lose {number(lost)} person-{asked.unit}"
    )


def _mean(name: str, sums: dict[str, float], measure: Measure) -> str:
    if measure.totals:
        return f"{number(sums[name])} in all, {number(sums[f'{name}_per_person'])} per person"
    whose = ", of those who do" if measure.of_ways else ""
    return f"mean by people {number(sums[name])}{whose}"


def number(value: float) -> str:
    """A number in four digits, or in whole ones."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
