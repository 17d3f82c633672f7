"""What each measure gives: columns of numbers, and columns of notes beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan import catchments
from spatialplan import opportunities
from spatialplan import proximity
from spatialplan.access import distance_to_nearest
from spatialplan.access import time_to_nearest
from spatialplan.closures import closure_change
from spatialplan.detour import nearest_detour
from spatialplan.travel import known_decay
from spatialplan.travel import street_travel

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable
    from collections.abc import Mapping
    from collections.abc import Sequence

    import geopandas as gpd

    from spatialplan._choices import Measure as CostName
    from spatialplan.network import Network
    from spatialplan.travel import Decay
    from spatialplan.travel import Travel

Columns = dict[str, "pd.Series[Any]"]


@dataclass(frozen=True)
class Asked:
    """
    What a measure is made of.

    Parameters
    ----------
    networks
        Streets by mode, of most measures one.
    decay
        None for the measures that weigh by none.
    weights
        Of each category.
    shares
        Of the people, by mode; empty but for `multimodal`.
    closed
        Edges that `closure` closes.
    """

    homes: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    supply: pd.Series[float]
    networks: Mapping[str, Network]
    cost: CostName
    decay: Decay | None
    limits: Sequence[float]
    count: int
    weights: Mapping[str, float]
    shares: Mapping[str, float]
    closed: Sequence[Hashable]

    @property
    def people(self) -> pd.Series[Any]:
        """People of each place."""
        found: pd.Series[Any] = self.homes["population"]
        return found

    @property
    def unit(self) -> str:
        """Unit of the ways: minutes or metres, as columns name it."""
        return self.cost.rpartition("_")[2]

    @property
    def network(self) -> Network:
        """Streets of the one mode."""
        return next(iter(self.networks.values()))

    @cached_property
    def travel(self) -> Travel:
        """Ways by the one mode."""
        return self.travel_by(self.network)

    def travel_by(self, network: Network) -> Travel:
        """Ways along some streets."""
        return street_travel(self.homes, self.facilities, network=network, measure=self.cost)

    @cached_property
    def ways(self) -> pd.DataFrame:
        """Mean way to the nearest facilities of each category."""
        return proximity.nearest_by_category(
            self.homes, self.facilities, network=self.network, categories=list(self.weights),
            count=self.count, measure=self.cost,
        )  # fmt: skip


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


def _multimodal(asked: Asked) -> tuple[Columns, Columns]:
    people = pd.DataFrame({mode: asked.people * share for mode, share in asked.shares.items()})
    decay = known_decay(asked.decay)
    found = catchments.multimodal_catchment(
        people, asked.supply, decay=dict.fromkeys(asked.shares, decay),
        travel={mode: asked.travel_by(streets) for mode, streets in asked.networks.items()},
    )  # fmt: skip
    each = {f"supply_per_person_{mode}": found[mode] for mode in asked.shares}
    return {"supply_per_person": found.mul(pd.Series(asked.shares)).sum(axis=1), **each}, {}


def _detour(asked: Asked) -> tuple[Columns, Columns]:
    found = nearest_detour(asked.homes, asked.facilities, network=asked.network)
    return {"detour": found}, {}


def _closure(asked: Asked) -> tuple[Columns, Columns]:
    nearest = time_to_nearest if asked.cost == "time_min" else distance_to_nearest
    found = closure_change(
        lambda streets: nearest(asked.homes, asked.facilities, network=streets),
        network=asked.network, edge_ids=asked.closed,
    )  # fmt: skip
    return {f"{name}_{asked.unit}": found[name] for name in found.columns}, {}


def _x_minute(asked: Asked) -> tuple[Columns, Columns]:
    found = proximity.reached_categories(asked.ways, limit=asked.limits[0])
    return {name: found[name] for name in found.columns}, {}


def _proximity(asked: Asked) -> tuple[Columns, Columns]:
    ways = {f"{name}_{asked.unit}": asked.ways[name] for name in asked.ways.columns}
    found = proximity.mean_proximity(asked.ways, weights=asked.weights)
    return {**ways, f"proximity_{asked.unit}": found}, {}


def _score(asked: Asked) -> tuple[Columns, Columns]:
    found = proximity.proximity_score(
        asked.ways, weights=asked.weights, decay=known_decay(asked.decay)
    )
    return {"score": found}, {}


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
    "multimodal": _multimodal,
    "balancing-cost": _balancing,
    "detour": _detour,
    "closure": _closure,
    "x-minute": _x_minute,
    "proximity": _proximity,
    "proximity-score": _score,
}
