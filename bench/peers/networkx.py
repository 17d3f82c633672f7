"""networkx: Dijkstra in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import networkx as nx
import numpy as np

from bench.work import NO_WAY
from bench.work import STARTS
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City

Costs = dict[int, int]


class Peer:
    """Graphs as dictionaries."""

    def __init__(self, city: City, mode: str, *, threads: int) -> None:  # noqa: ARG002
        self._city = city
        self._graph = nx.DiGraph()
        self._graph.add_nodes_from(range(city.nodes))
        arcs = zip(*(part.tolist() for part in city.arcs(mode)), strict=True)
        self._graph.add_weighted_edges_from(arcs)

    def nearest(self, limit: int | None) -> Question:
        """W1: from all facilities of a kind at once; walking costs are the same both ways."""
        kinds = [set(self._city.of_kind(k).tolist()) for k in np.unique(self._city.kinds)]

        def run() -> list[Costs]:
            length = nx.multi_source_dijkstra_path_length
            return [length(self._graph, nodes, cutoff=limit) for nodes in kinds]

        return Question(run, self._columns)

    def _columns(self, found: list[Costs]) -> Any:
        costs = np.full((self._city.nodes, len(found)), NO_WAY, np.uint32)
        for column, one in enumerate(found):
            costs[list(one), column] = list(one.values())
        return costs

    def reached(self, limit: int) -> Question:
        """W4."""

        def run() -> list[Costs]:
            length = nx.single_source_dijkstra_path_length
            return [length(self._graph, s, cutoff=limit)
                    for s in self._city.origins[:STARTS].tolist()]  # fmt: skip

        return Question(run, lambda sets: np.array([(len(one), sum(one.values())) for one in sets]))
