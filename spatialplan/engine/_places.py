"""Where one starts and arrives: inside edges, through their two ends."""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

import numpy as np

from spatialplan._kernels.lanes import unreached
from spatialplan._kernels.region import Direct as _Direct
from spatialplan._kernels.region import Ends
from spatialplan._kernels.region import Targets
from spatialplan._kernels.region import by_rank as _by_rank

from ._prepare import UNREACHED

Ints = np.ndarray[Any, np.dtype[np.int64]]


class Places(NamedTuple):
    """
    Places by the two edge ends through which they are left or reached.

    Parameters
    ----------
    nodes
        (k, 2) positions of the nodes.
    costs
        (k, 2) cost between place and node; `UNREACHED` where an end is barred.
    """

    nodes: Ints
    costs: Ints


class Direct(NamedTuple):
    """Ways along one edge that pass none of its ends: from place, to target, at a cost."""

    places: Ints
    targets: Ints
    costs: Ints


def lane_type(limit: int) -> type[np.unsignedinteger[Any]]:
    """Type of a cost in a row: the smallest that holds the limit and one more."""
    return np.uint16 if limit < unreached(np.uint16) else np.uint32


def turned(direct: Direct) -> Direct:
    """The same ways, seen from the targets."""
    return Direct(direct.targets, direct.places, direct.costs)


def by_rank(places: Places, rank: Ints) -> Ends:
    """Places as the kernel takes them."""
    nodes, costs = (np.ascontiguousarray(part, np.int64) for part in places)
    ends: Ends = _by_rank(nodes, costs, rank)
    return ends


def neighbours_first(ends: Ends) -> Ints:
    """Order of places in which those that lie close follow each other."""
    return np.argsort(ends.nodes[:, 0], kind="stable")


def taken(ends: Ends, order: Ints | slice) -> Ends:
    """Places in an order."""
    return Ends(ends.nodes[order], ends.costs[order])


def hung(ends: Ends, n: int) -> Targets:
    """Targets, found from the nodes through which they are reached."""
    usable = np.flatnonzero(ends.costs.ravel() != UNREACHED)
    nodes = ends.nodes.ravel()[usable]
    order = np.argsort(nodes, kind="stable")
    starts = np.searchsorted(nodes[order], np.arange(n + 1))
    return Targets(ends, starts.astype(np.int64), usable[order])


def direct_rows(direct: Direct, count: int, order: Ints) -> _Direct:
    """Direct ways as rows of the places in an order."""
    at = np.empty(count, np.int64)
    at[order] = np.arange(count)
    place = at[direct.places]
    by_place = np.lexsort((direct.targets, place))
    starts = np.searchsorted(place[by_place], np.arange(count + 1)).astype(np.int64)
    costs = np.minimum(direct.costs, UNREACHED).astype(np.uint32)
    return _Direct(starts, direct.targets[by_place], costs[by_place])
