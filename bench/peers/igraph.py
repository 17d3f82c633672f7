"""igraph: Dijkstra in C, without a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import igraph
import numpy as np

from bench.answers import whole_costs
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City

ROWS = 200


class Peer:
    """A graph with one more node for each kind, from which its facilities cost nothing."""

    def __init__(self, city: City, mode: str, *, threads: int) -> None:  # noqa: ARG002
        tails, heads, costs = city.arcs(mode)
        self._city = city
        self._graph = igraph.Graph(
            n=city.nodes + int(city.kinds.max()) + 1,
            edges=np.column_stack(
                [np.r_[tails, city.nodes + city.kinds], np.r_[heads, city.facilities]]
            ),
            directed=True,
        )
        self._graph.es["cost"] = np.r_[costs, np.zeros(len(city.kinds))]

    def nearest(self, _limit: None) -> Question:
        """W1 without a limit: it knows none."""
        sources = list(range(self._city.nodes, self._graph.vcount()))
        targets = list(range(self._city.nodes))
        return Question(
            lambda: [self._graph.distances(source, targets, weights="cost")[0]
                     for source in sources],
            lambda found: whole_costs(np.array(found).T),
        )  # fmt: skip

    def table(self, limit: int) -> Question:
        """W3 without a limit, cut afterwards."""
        origins = self._city.origins[:ROWS].tolist()
        nodes, column = np.unique(self._city.destinations, return_inverse=True)

        def run() -> list[list[float]]:
            found: list[Any] = self._graph.distances(origins, nodes.tolist(), weights="cost")
            return found

        return Question(
            run,
            lambda found: whole_costs(np.array(found)[:, column], limit),
            (len(origins), len(column)),
        )
