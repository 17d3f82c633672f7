"""Costs along streets, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from spatialplan import engine
from spatialplan.engine import Direct
from spatialplan.engine import Places

from ._located import amounts
from ._located import cost_of
from ._located import direct_ways
from ._pairs import pair_costs
from ._values import unique
from ._values import whole_units
from ._zones import cumulative_decay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from spatialplan._choices import Measure
    from spatialplan.engine import Engine
    from spatialplan.network import Cost
    from spatialplan.network import Network

    from ._decay import Decay
    from ._travel import Travel

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

LONGEST = 20_000_000
"""Units of cost, 1,000 km or 11 days: a way that is longer weighs nothing."""

_CHUNK = 1_000_000
"""Costs of which weights are written out at a time."""

MOST_COUNTED = 2**32 - 2
"""Total that the router can count up to in whole numbers."""


def street_travel(
    places: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    network: Network,
    measure: Measure = "time_min",
) -> Travel:
    """
    Costs of the ways from places to facilities along the streets.

    The same as those of `travel_matrix`, but no matrix is ever stored. With a decay
    that has a limit, streets are searched no farther than that, and in no case farther
    than 1,000 km or 11 days.

    Parameters
    ----------
    places, facilities
        Points or polygons (their representative point: what competes for a facility
        stands at one point of it, unlike in `time_to_nearest`, where each gate counts).
    network
        Streets, in the same coordinate system.
    measure
        ``time_min`` or ``distance_m``: what the ways cost.

    Returns
    -------
    Travel
        What measures of accessibility take.

    Raises
    ------
    InputError
        If the coordinate systems differ, a label comes twice, or the measure is unknown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from spatialplan.network import Network
    >>> nodes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 600], [0, 0]), crs=4549)
    >>> nodes.index.name = "node_id"
    >>> edges = gpd.GeoDataFrame(
    ...     {"u": [0], "v": [1], "length_m": [600.0], "speed_kmh": [3.6], "oneway": [False]},
    ...     geometry=[nodes.union_all().convex_hull], crs=4549)
    >>> edges.index.name = "edge_id"
    >>> travel = street_travel(nodes, nodes[1:], network=Network("walk", nodes, edges))
    >>> travel
    <Travel time_min: 2 places, 1 facilities, along streets>
    >>> [costs.tolist() for _, costs in travel.rows()]
    [[[10.0], [0.0]]]
    """
    unique(places.index, "places")
    unique(facilities.index, "facilities")
    cost, unit = cost_of(measure)
    start, stop = network.locate(places), network.locate(facilities)
    return _Streets(
        places.index,
        facilities.index,
        measure,
        unit,
        _longest(network, cost, start, stop),
        network.engine(cost),
        network.departures(start, cost),
        network.arrivals(stop, cost),
        direct_ways(start, stop, network, cost),
    )


def _longest(network: Network, cost: Cost, start: pd.DataFrame, stop: pd.DataFrame) -> int:
    """Greatest cost that weighs: `LONGEST`, or in a small place all streets one after another."""
    ends = (network.access_costs(located, cost).max(initial=0) for located in (start, stop))
    return min(int(network.edge_costs(cost).sum()) + int(sum(ends)), LONGEST)


@dataclass(frozen=True, eq=False, repr=False)
class _Streets:
    """Places and facilities on a prepared street graph."""

    places: pd.Index[Any]
    facilities: pd.Index[Any]
    measure: str
    unit: int
    longest: int
    engine: Engine
    start: Places
    stop: Places
    direct: Direct

    def __repr__(self) -> str:
        return (f"<Travel {self.measure}: {len(self.places):,} places, "
                f"{len(self.facilities):,} facilities, along streets>")  # fmt: skip

    def sums(self, weights: Floats, decay: Decay) -> Floats:
        both = self.start, self.stop, self.direct
        table = self._written(decay)
        return engine.weighted_sums(self.engine, *both, weights=weights[:, None], decay=table)[:, 0]

    def sums_at(self, weights: Floats, decay: Decay) -> Floats:
        both = self.stop, self.start, engine.turned(self.direct)
        return engine.weighted_sums(
            self.engine, *both, weights=weights[:, None], decay=self._written(decay), towards=False
        )[:, 0]

    def catchment(self, supply: Floats, demand: Floats, decay: Decay) -> tuple[Floats, Floats]:
        both = self.start, self.stop, self.direct
        return engine.catchment_sums(
            self.engine, *both, supply=supply, demand=demand, decay=self._written(decay)
        )

    def counts(self, weights: Floats, limits: Sequence[float]) -> Floats:
        if (weights % 1).any() or weights.sum() > MOST_COUNTED:
            columns = [self.sums(weights, cumulative_decay(limit)) for limit in limits]
            return np.stack(columns, axis=1)
        steps, column = np.unique(
            [whole_units(limit, self.unit) for limit in limits], return_inverse=True
        )
        each = np.arange(len(weights) + 1), np.zeros(len(weights), np.int64)
        held = (*each, weights.astype(np.int64))
        both = self.start, self.stop, self.direct
        found = engine.totals(self.engine, *both, held=held, columns=1, limits=steps.tolist())
        return found[:, 0, column].astype(float)

    def pairs(self, limit: float, at: Ints) -> Iterator[tuple[Ints, Ints, Floats]]:
        start = Places(*(part[at] for part in self.start))
        row = np.full(len(self.places), -1)
        row[at] = np.arange(len(at))
        asked = row[self.direct.places] >= 0
        place, target, cost = (part[asked] for part in self.direct)
        direct = Direct(row[place], target, cost)
        found = pair_costs(
            self.engine, start, self.stop, direct, limit=whole_units(limit, self.unit)
        )
        for here, there, costs in found:
            yield at[here], there, costs / self.unit

    def rows(self) -> Iterator[tuple[Ints, Floats]]:
        for at, costs in engine.table(self.engine, self.start, self.stop, self.direct):
            yield at, amounts(costs.astype(np.int64), self.unit)

    def _written(self, decay: Decay) -> Floats:
        """Weights of all costs up to the last that has any."""
        table = np.empty(min(whole_units(decay.limit, self.unit), self.longest) + 1)
        for first in range(0, len(table), _CHUNK):
            part = table[first : first + _CHUNK]
            part[:] = decay(np.arange(first, first + len(part)) / self.unit)
        return table[: len(table) - int(np.argmax(table[::-1] > 0))]
