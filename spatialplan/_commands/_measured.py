"""What each measure gives: columns of numbers, and columns of notes beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan import catchments
from spatialplan import opportunities
from spatialplan.travel import known_decay

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from spatialplan.travel import Decay
    from spatialplan.travel import Travel

    Columns = dict[str, pd.Series[Any]]


@dataclass(frozen=True)
class Asked:
    """What a measure is made of; `decay` is None for those that weigh by none."""

    people: pd.Series[Any]
    supply: pd.Series[float]
    travel: Travel
    decay: Decay | None
    limits: Sequence[float]
    count: int

    @property
    def unit(self) -> str:
        """Unit of the ways: minutes or metres, as columns name it."""
        return self.travel.measure.rpartition("_")[2]


def _cumulative(asked: Asked) -> tuple[Columns, Columns]:
    found = opportunities.cumulative_opportunities(
        asked.supply, travel=asked.travel, limits=asked.limits
    )
    return _within("supply", found, asked), {}


def _passive(asked: Asked) -> tuple[Columns, Columns]:
    found = opportunities.passive_accessibility(
        asked.people, travel=asked.travel, limits=asked.limits
    )
    return _within("people", found, asked), {}


def _within(what: str, found: pd.DataFrame, asked: Asked) -> Columns:
    return {f"{what}_within_{limit:.12g}{asked.unit}": found[limit] for limit in found.columns}


def _nearest(asked: Asked) -> tuple[Columns, Columns]:
    pairs = opportunities.nearest_facilities(asked.travel, count=asked.count)
    pairs["facility_id"] = pairs["facility_id"].map(str)
    every, ranks = asked.travel.places, range(1, asked.count + 1)
    ways, labels = (
        pairs.pivot_table(name, index="place_id", columns="rank", aggfunc="first").reindex(
            index=every, columns=ranks
        )
        for name in (asked.travel.measure, "facility_id")
    )
    return (
        {f"nearest_{rank}_{asked.unit}": ways[rank].fillna(np.inf) for rank in ranks},
        {f"nearest_{rank}_id": labels[rank].astype(object).fillna("") for rank in ranks},
    )


def _balancing(asked: Asked) -> tuple[Columns, Columns]:
    found = opportunities.balancing_cost(asked.people, asked.supply, travel=asked.travel)
    return {f"balancing_{asked.unit}": found}, {}


def _gravity(asked: Asked) -> tuple[Columns, Columns]:
    found = opportunities.gravity_access(
        asked.supply, travel=asked.travel, decay=known_decay(asked.decay)
    )
    return {"opportunities": found}, {}


def _shared(measure: Callable[..., pd.Series[Any]]) -> Callable[[Asked], tuple[Columns, Columns]]:
    """One of the measures in which people compete."""

    def made(asked: Asked) -> tuple[Columns, Columns]:
        found = measure(asked.people, asked.supply, travel=asked.travel, decay=asked.decay)
        return {str(found.name): found}, {}

    return made


_FLOATING = _shared(catchments.floating_catchment)
MADE: dict[str, Callable[[Asked], tuple[Columns, Columns]]] = {
    "cumulative": _cumulative,
    "passive": _passive,
    "gravity": _gravity,
    "nearest-k": _nearest,
    **dict.fromkeys(("2sfca", "e2sfca", "ga2sfca", "kd2sfca", "g2sfca"), _FLOATING),
    "3sfca": _shared(catchments.three_step_catchment),
    "m2sfca": _shared(catchments.modified_catchment),
    "bfca": _shared(catchments.balanced_catchment),
    "i2sfca": _shared(catchments.crowdedness),
    "availability": _shared(catchments.spatial_availability),
    "balancing-cost": _balancing,
}
