"""cityseer: counts and nearest in one pass of searches from every node, in Rust."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
from cityseer.rustalgos import data
from cityseer.rustalgos import graph

from bench.cities import UNITS
from bench.work import NO_WAY
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City

Array = np.ndarray[Any, Any]


class Peer:
    """
    Streets with geometry, and facilities that it locates on the nearest of them.

    It takes lengths from geometry, so each street has a bend that makes it as long as it
    costs; distances are 32-bit floats.
    """

    threaded = True

    def __init__(self, city: City, mode: str, *, threads: int) -> None:  # noqa: ARG002
        self._city = city
        self._streets = graph.NetworkStructure()
        xy = np.column_stack([city.x, city.y])
        for node, (x, y) in enumerate(xy.tolist()):
            self._streets.add_street_node(node, x, y, True, 1.0)  # noqa: FBT003
        for tail, head, cost in zip(*(part.tolist() for part in city.arcs(mode)), strict=True):
            line, factor = bent_line(xy[tail], xy[head], cost / UNITS)
            self._streets.add_street_edge(tail, head, 0, tail, head, line, factor)
        self._streets.validate()
        self._streets.build_edge_rtree()
        self._places = data.DataMap()
        for place, node in enumerate(city.facilities.tolist()):
            self._places.insert(place, f"POINT({xy[node, 0]} {xy[node, 1]})")
        self._places.assign_data_to_network(self._streets, 1.0, 6)
        self._kinds = dict(enumerate(str(kind) for kind in city.kinds))

    def nearest(self, limit: int) -> Question:
        """W1: asked together with W2, the only way there is."""
        return Question(lambda: self._asked(limit), lambda found: self._distances(found, limit))

    def counts(self, limit: int) -> Question:
        """W2."""
        return Question(lambda: self._asked(limit), lambda found: self._counts(found, limit))

    def _asked(self, limit: int) -> Any:
        return self._places.accessibility(
            self._streets, self._kinds, sorted(set(self._kinds.values()), key=int),
            distances=[limit // UNITS], speed_m_s=1.0, pbar_disabled=True,
        )  # fmt: skip

    def _distances(self, found: Any, limit: int) -> Array:
        metres = np.column_stack([kind.distance[limit // UNITS] for kind in self._in_order(found)])
        costs = np.rint(np.nan_to_num(metres, nan=np.inf) * UNITS)
        return np.where(costs <= limit, costs, NO_WAY).astype(np.uint32)

    def _counts(self, found: Any, limit: int) -> Array:
        columns = [kind.count[limit // UNITS] for kind in self._in_order(found)]
        return np.rint(np.column_stack(columns)).astype(np.int64)

    def _in_order(self, found: Any) -> list[Any]:
        return [found.result[kind] for kind in sorted(found.result, key=int)]


def bent_line(start: Array, end: Array, length_m: float) -> tuple[str, float]:
    """
    Line with a bend and so long, as text; and the factor that is left where it cannot be.

    >>> bent_line(np.array([0.0, 0.0]), np.array([6.0, 0.0]), 10.0)
    ('LINESTRING(0.0 0.0, 3.0 4.0, 6.0 0.0)', 1.0)
    """
    way = end - start
    straight_m = float(np.hypot(*way))
    longer_m = max(length_m, straight_m)
    aside = np.sqrt(longer_m**2 - straight_m**2) / 2 / straight_m
    points = start, (start + end) / 2 + aside * np.array([-way[1], way[0]]), end
    return f"LINESTRING({', '.join(f'{x} {y}' for x, y in points)})", length_m / longer_m
