"""RoutingKit by pyroutingkit: customizable contraction hierarchies in C++."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyroutingkit

from bench.answers import whole_costs
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City

METRES = 111_195.0
"""In a degree; it needs degrees, for its order only."""


class Peer:
    """A topology and one metric."""

    def __init__(self, city: City, mode: str, *, threads: int) -> None:
        tails, heads, costs = city.arcs(mode)
        middle = np.float64([np.mean(city.y), np.mean(city.x)])
        lat, lon = (np.column_stack([city.y, city.x]) - middle).T / METRES
        topology = pyroutingkit.CCHTopology()
        topology.build(
            tails.astype(np.uint32), heads.astype(np.uint32), lat.astype(np.float32),
            lon.astype(np.float32), city.nodes,
        )  # fmt: skip
        self._metric = pyroutingkit.CCHMetric(topology)
        self._metric.customize(costs.astype(np.uint32), thread_count=threads)
        self._city = city

    def table(self, limit: int) -> Question:
        """W3 without a limit, cut afterwards."""
        origins = self._city.origins.astype(np.uint32)
        destinations = self._city.destinations.astype(np.uint32)
        return Question(
            lambda: self._metric.distances_many_to_many(origins, destinations),
            lambda found: whole_costs(found, limit),
            (len(origins), len(destinations)),
        )
