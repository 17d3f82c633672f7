"""Pass-through nodes: which there are, and the chains of segments between the others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np

if TYPE_CHECKING:
    from ._raw import Ints

Flags = np.ndarray[Any, np.dtype[np.bool_]]

# Segment s of n has two ends: end s at its tail u[s] and end s + n at its head v[s].


def chains(u: Ints, v: Ints, *, oneway: Flags, group: Ints) -> tuple[Ints, Ints]:
    """
    Join segments over the nodes where nobody can turn.

    Parameters
    ----------
    u, v
        Positions of the nodes of every segment, counted from 0.
    oneway
        Whether a segment may only be used from `u` to `v`.
    group
        Segments of different groups are never joined.

    Returns
    -------
    tuple
        The ends by which the segments are entered, in the order in which the chains
        run (a one-way segment is entered at its tail), and the number of the chain
        of each.

    Examples
    --------
    Nodes 0-1-2 in a row, the second segment drawn against the first:

    >>> straight = np.zeros(2, dtype=np.int64)
    >>> chains(np.array([0, 2]), np.array([1, 1]), oneway=straight > 0, group=straight)
    (array([0, 3]), array([0, 0]))
    """
    count = len(u)
    link = _links(np.concatenate([u, v]), oneway, group)
    starts = np.flatnonzero(link < 0)
    starts = starts[(starts < count) | ~oneway[starts % count]]
    # Whatever no start reaches is a ring without junction: it is cut at a tail.
    candidates = np.concatenate([starts, np.arange(count)]).tolist()
    following, used = link.tolist(), bytearray(count)
    entered: list[int] = []
    sizes: list[int] = []
    for start in candidates:
        if not used[start % count]:
            before = len(entered)
            _walk(start, following, used, entered)
            sizes.append(len(entered) - before)
    chain = np.repeat(np.arange(len(sizes)), np.array(sizes, dtype=np.int64))
    return np.array(entered, dtype=np.int64), chain


def _walk(end: int, following: list[int], used: bytearray, entered: list[int]) -> None:
    """Follow a chain from an end and append the ends by which its segments are entered."""
    count = len(used)
    while end >= 0 and not used[end % count]:
        used[end % count] = 1
        entered.append(end)
        end = following[(end + count) % (2 * count)]


def _links(node: Ints, oneway: Flags, group: Ints) -> Ints:
    """For each end the other end at its node, or -1 where the node is kept."""
    count = len(oneway)
    link = np.full(2 * count, -1, dtype=np.int64)
    order = np.argsort(node, kind="stable")
    degree = np.bincount(node)
    first = (np.cumsum(degree) - degree)[degree == 2]
    a, b = order[first], order[first + 1]
    s, t = a % count, b % count
    joined = (group[s] == group[t]) & (oneway[s] == oneway[t])
    # One-way traffic must be able to run on: a head meets a tail.
    joined &= ~oneway[s] | ((a < count) != (b < count))
    a, b = a[joined], b[joined]
    link[a], link[b] = b, a
    return link
