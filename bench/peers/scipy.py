"""scipy.sparse.csgraph: Dijkstra in compiled code."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bench.answers import whole_costs
from bench.ours import central_street
from bench.work import CATCHMENT_KIND
from bench.work import STARTS
from bench.work import ZONE_WEIGHTS
from bench.work import ZONES
from bench.work import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.cities import City

Array = np.ndarray[Any, Any]

ROWS = 1000
CELLS = 25_000_000
"""Distances held at a time: rows come in blocks, so that memory stays bounded."""


class Peer:
    """Graphs as sparse matrices."""

    def __init__(self, city: City, mode: str, *, threads: int) -> None:  # noqa: ARG002
        self._city = city
        self._mode = mode
        self._graph = self._built(closed=-1)

    def _built(self, *, closed: int) -> csr_array:
        tails, heads, costs = self._city.arcs(self._mode, closed=closed)
        shape = (self._city.nodes, self._city.nodes)
        return csr_array((costs.astype(float), (tails, heads)), shape=shape)

    def nearest(self, limit: int | None) -> Question:
        """W1: from all facilities of a kind at once; walking costs are the same both ways."""
        return Question(lambda: self._nearest(self._graph, limit), whole_costs)

    def _nearest(self, graph: csr_array, limit: int | None) -> Array:
        kinds = [np.unique(self._city.of_kind(kind)) for kind in np.unique(self._city.kinds)]
        most = np.inf if limit is None else limit
        found = [dijkstra(graph, indices=nodes, limit=most, min_only=True) for nodes in kinds]
        return np.column_stack(found)

    def closed(self, limit: int) -> Question:
        """W7: the matrix is made anew."""
        street = central_street(self._city)
        return Question(lambda: self._nearest(self._built(closed=street), limit), whole_costs)

    def counts(self, limit: int) -> Question:
        """W2: from the facilities, which are fewer than the nodes."""
        city = self._city
        nodes, which = np.unique(city.facilities, return_inverse=True)
        held = csr_array((np.ones(len(which)), (city.kinds, which))).tocsc()

        def run() -> Array:
            total = np.zeros((held.shape[0], city.nodes))
            for rows, costs in self._blocks(nodes, limit):
                total += held[:, rows] @ (costs <= limit)
            return total.T

        return Question(run, lambda total: np.rint(total).astype(np.int64))

    def _blocks(self, nodes: Array, limit: int) -> Iterator[tuple[slice, Array]]:
        step = max(1, CELLS // self._city.nodes)
        for first in range(0, len(nodes), step):
            rows = slice(first, first + step)
            yield rows, dijkstra(self._graph, indices=nodes[rows], limit=limit)

    def table(self, limit: int) -> Question:
        """W3."""
        origins, destinations = self._city.origins[:ROWS], self._city.destinations

        def run() -> Array:
            blocks = self._blocks(origins, limit)
            return np.concatenate([costs[:, destinations] for _, costs in blocks])

        return Question(run, whole_costs, (len(origins), len(destinations)))

    def reached(self, limit: int) -> Question:
        """W4."""

        def run() -> list[tuple[Array, Array]]:
            sets = []
            for _, costs in self._blocks(self._city.origins[:STARTS], limit):
                for row in costs:
                    nodes = np.flatnonzero(np.isfinite(row))
                    sets.append((nodes, row[nodes]))
            return sets

        return Question(run, _sizes)

    def catchment(self, limit: int) -> Question:
        """W5: both steps from the facilities."""
        people = self._city.people
        steps = -np.diff([*ZONE_WEIGHTS, 0.0])

        def run() -> Array:
            gained = np.zeros(self._city.nodes)
            for _, costs in self._blocks(self._city.of_kind(CATCHMENT_KIND), limit):
                near = sum(w * (costs <= zone) for w, zone in zip(steps, ZONES, strict=True))
                wanted = near @ people
                gained += np.divide(1.0, wanted, out=np.zeros_like(wanted), where=wanted > 0) @ near
            return gained

        return Question(run)


def _sizes(sets: list[tuple[Array, Array]]) -> Array:
    return np.array([(len(nodes), costs.sum()) for nodes, costs in sets], np.int64)
