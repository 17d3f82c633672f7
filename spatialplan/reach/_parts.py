"""Which streets, and which parts of them, can be reached from a place."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import numpy as np
import pandas as pd

from spatialplan import engine
from spatialplan.engine import UNREACHED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from spatialplan.network import Cost
    from spatialplan.network import Network

Array = np.ndarray[Any, np.dtype[Any]]


class Parts(NamedTuple):
    """Parts of edges, in shares from 0 at u to 1 at v; nothing twice."""

    edges: Array
    starts: Array
    stops: Array


def reached_parts(
    network: Network, here: pd.DataFrame, cost: Cost, limits: Sequence[int]
) -> Iterator[Parts]:
    """What is reached from one located place within each of some limits, ascending."""
    leave = network.departures(here, cost)
    _, nodes, costs = engine.reached(network.engine(cost), leave, limit=limits[-1])
    at_node = np.full(len(network.nodes), UNREACHED)
    at_node[nodes] = costs
    own, share = int(here["edge"].iloc[0]), float(here["share"].iloc[0])
    access = int(network.access_costs(here, cost)[0])
    edges = np.unique(np.append(network.edges_at(nodes), own))
    whole = network.edge_costs(cost)[edges]
    at_ends = at_node[network.ends[edges]]
    # A closed street is entered up to its middle.
    most = whole[:, None] * np.where(network.shut[edges], 0.5, 1.0)
    for limit in limits:
        from_u, from_v = _room(at_ends, limit, most).T
        from_v[network.oneway[edges]] = 0
        part = max(limit - access, 0) / max(int(network.edge_costs(cost)[own]), 1)
        yield _parts(edges, whole, from_u, from_v, own, _own_span(network, own, share, part))


def _room(reached: Array, limit: int, most: Array) -> Array:
    """How far along an edge one gets from an end reached at some cost, at most `most`."""
    room: Array = np.minimum(np.maximum(limit - reached, 0), most)
    return room


def _parts(
    edges: Array, whole: Array, from_u: Array, from_v: Array, own: int, direct: tuple[float, float]
) -> Parts:
    """Edges reached whole, from one end or from both, and the one the place stands on."""
    span = np.maximum(whole, 1)
    start, stop = from_u / span, 1.0 - from_v / span
    at_own = edges == own
    mine = _joined([(0.0, *start[at_own]), (*stop[at_own], 1.0), direct])
    full = (from_u + from_v >= whole) & ~at_own
    first = (from_u > 0) & ~full & ~at_own
    last = (from_v > 0) & ~full & ~at_own
    return Parts(
        np.concatenate([edges[full], edges[first], edges[last], np.full(len(mine), own)]),
        np.concatenate([np.zeros(full.sum() + first.sum()), stop[last], [a for a, _ in mine]]),
        np.concatenate(
            [np.ones(full.sum()), start[first], np.ones(last.sum()), [b for _, b in mine]]
        ),
    )


def _own_span(network: Network, edge: int, share: float, part: float) -> tuple[float, float]:
    """The part of the street a place stands on that is reached without passing its ends."""
    forward, backward = network.shut[edge]
    first = share if network.oneway[edge] else 0.5 if backward and share > 0.5 else 0.0
    last = 0.5 if forward and share < 0.5 else 1.0
    return max(share - part, first), min(share + part, last)


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans of some length that do not overlap and cover what `spans` cover."""
    joined: list[tuple[float, float]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return [(start, stop) for start, stop in joined if stop > start]
