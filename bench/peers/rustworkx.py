"""rustworkx: Dijkstra in Rust, without a limit; costs come from a Python function."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import rustworkx as rx

from bench.answers import whole_costs
from bench.work import NO_WAY
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City

ROWS = 100


class Peer:
    """A graph with one more node for each kind, from which its facilities cost nothing."""

    def __init__(self, city: City, mode: str, *, threads: int) -> None:  # noqa: ARG002
        tails, heads, costs = city.arcs(mode)
        self._city = city
        self._graph = rx.PyDiGraph(multigraph=True)
        self._graph.add_nodes_from(range(city.nodes + int(city.kinds.max()) + 1))
        arcs = [
            np.r_[tails, city.nodes + city.kinds].tolist(),
            np.r_[heads, city.facilities].tolist(),
            np.r_[costs, np.zeros(len(city.kinds))].tolist(),
        ]
        self._graph.add_edges_from(list(zip(*arcs, strict=True)))

    def _from(self, node: int) -> Any:
        return rx.dijkstra_shortest_path_lengths(self._graph, node, float)

    def nearest(self, _limit: None) -> Question:
        """W1 without a limit: it knows none."""
        kinds = range(self._city.nodes, self._graph.num_nodes())
        return Question(lambda: [self._from(node) for node in kinds], self._columns)

    def _columns(self, found: list[Any]) -> Any:
        costs = np.full((self._graph.num_nodes(), len(found)), NO_WAY, np.uint32)
        for column, one in enumerate(found):
            costs[list(one.keys()), column] = list(one.values())
        return costs[: self._city.nodes]

    def table(self, limit: int) -> Question:
        """W3 without a limit, cut afterwards."""
        origins = self._city.origins[:ROWS].tolist()

        def answer(found: list[Any]) -> Any:
            costs = self._columns(found)[self._city.destinations].T.copy()
            return whole_costs(costs, limit)

        part = (len(origins), len(self._city.destinations))
        return Question(lambda: [self._from(node) for node in origins], answer, part)
