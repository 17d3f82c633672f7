"""networkit: Dijkstra in C++, without a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import networkit as nk
import numpy as np

from bench.answers import whole_costs
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City

ROWS = 200
Array = np.ndarray[Any, Any]


class Peer:
    """A graph with one more node for each kind, from which its facilities cost nothing."""

    threaded = True

    def __init__(self, city: City, mode: str, *, threads: int) -> None:
        nk.setNumberOfThreads(threads)
        tails, heads, costs = city.arcs(mode)
        arcs = np.r_[tails, city.nodes + city.kinds], np.r_[heads, city.facilities]
        weights = np.r_[costs.astype(float), np.zeros(len(city.kinds))]
        count = city.nodes + int(city.kinds.max()) + 1
        self._city = city
        self._graph = nk.GraphFromCoo((weights, arcs), n=count, weighted=True, directed=True)

    def _from(self, sources: list[int]) -> Array:
        search = nk.distance.SPSP(self._graph, sources)
        search.run()
        found: Array = np.asarray(search.getDistances(asarray=True))
        return found

    def nearest(self, _limit: None) -> Question:
        """W1 without a limit: it knows none."""
        nodes = self._city.nodes
        kinds = list(range(nodes, self._graph.numberOfNodes()))
        return Question(lambda: self._from(kinds), lambda found: whole_costs(found[:, :nodes].T))

    def table(self, limit: int) -> Question:
        """W3 without a limit, cut afterwards."""
        origins = self._city.origins[:ROWS].tolist()
        destinations = self._city.destinations
        return Question(
            lambda: self._from(origins)[:, destinations],
            lambda found: whole_costs(found, limit),
            (len(origins), len(destinations)),
        )
