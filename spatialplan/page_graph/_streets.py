"""
Streets as bytes: nodes, edges, their lines and costs, in an order in which all steps are short.

What follows one another in the block, each as `_bytes` writes it:

=====================  ==========================================================================
nodes                  steps of x, then of y, in whole centimetres from the origin
edges                  steps of u; v minus u; number of vertices minus 2; flags, a byte each
vertices               steps of x, then of y: the first from u, the last from v, each other from
                       the one before
costs                  length minus what the line tells, time minus what the length tells
=====================  ==========================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import shapely

from spatialplan.engine import UNREACHED
from spatialplan.network import UNITS

from ._bytes import counts
from ._bytes import differences
from ._bytes import steps

if TYPE_CHECKING:
    from spatialplan.network import Network

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

PER_METRE = 100
"""Vertices are whole centimetres."""

ONEWAY, MAIN, STREET, SHUT_FORWARD, SHUT_BACKWARD = 1, 2, 4, 8, 16
"""Flags of an edge."""


@dataclass(frozen=True, eq=False)
class PackedStreets:
    """
    Streets of one mode as a page takes them.

    Parameters
    ----------
    block
        All of them, not yet compressed.
    facts
        Numbers that the page needs before it reads the block: ``nodes``, ``edges``,
        ``vertices``, ``origin_cm``, ``units_per_cm`` and ``seconds_per_metre``.
    place
        Where each edge of the network stands in the block.
    """

    block: bytes
    facts: dict[str, Any]
    place: Ints


def pack_streets(network: Network) -> PackedStreets:
    """Pack the streets of a network."""
    xy = whole_cm(shapely.get_coordinates(network.nodes.geometry.array))
    origin = xy.min(axis=0)
    xy -= origin
    by_place = np.argsort(network.nodes.geometry.hilbert_distance(), kind="stable")
    node = _turned_round(by_place)
    ends = node[network.ends]
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    u, v = ends[order].T
    at = xy[by_place]
    line, owner = shapely.get_coordinates(network.lines[order], return_index=True)
    vertices = whole_cm(line) - origin
    costs, facts = _costs(network, order, vertices, owner)
    block = [
        *(differences(column) for column in at.T),
        differences(u),
        steps(v - u),
        counts(np.bincount(owner) - 2),
        _flags(network)[order].tobytes(),
        *(steps(column) for column in _bends(vertices, owner, at[u], at[v]).T),
        *(steps(column) for column in costs),
    ]
    return PackedStreets(
        b"".join(block),
        {"nodes": len(at), "edges": len(u), "vertices": len(vertices),
         "origin_cm": origin.tolist(), **facts},
        _turned_round(order),
    )  # fmt: skip


def whole_cm(xy: Floats) -> Ints:
    """Metres in whole centimetres."""
    whole: Ints = np.rint(xy * PER_METRE).astype(np.int64)
    return whole


def _turned_round(order: Ints) -> Ints:
    """Where each thing stands in an order."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def _flags(network: Network) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """What the rules of location and the traffic signs say of each edge, in the network's order."""
    flags = np.zeros(len(network.edges), np.uint8)
    flags[network.oneway] |= ONEWAY
    # Where places stand is the network's own rule; a second one here would part from it.
    flags[network.main_streets] |= MAIN
    flags[network.land_streets] |= STREET
    flags[network.shut[:, 0]] |= SHUT_FORWARD
    flags[network.shut[:, 1]] |= SHUT_BACKWARD
    return flags


def _bends(vertices: Ints, owner: Ints, from_u: Ints, from_v: Ints) -> Ints:
    """Steps along each line; those at both ends are 0 where the lines meet the nodes."""
    first = np.searchsorted(owner, np.arange(len(from_u)))
    last = np.append(first[1:], len(owner)) - 1
    bends = np.diff(vertices, axis=0, prepend=0)
    bends[first] = vertices[first] - from_u
    bends[last] = vertices[last] - from_v
    return bends


def _costs(
    network: Network, order: Ints, vertices: Ints, owner: Ints
) -> tuple[tuple[Ints, Ints], dict[str, float]]:
    """
    Costs less what can be told without them, which leaves numbers near 0; and how to tell it.

    A length is foretold from the line (it is geodesic, and the line lies in the plane), a
    time from the length and the commonest speed. The page does the same sums in the same
    order, so that every unit comes back.
    """
    length, time = (np.minimum(network.edge_costs(cost), UNREACHED)[order]
                    for cost in ("length_m", "time_s"))  # fmt: skip
    drawn_cm = _drawn_cm(vertices, owner)
    known = (drawn_cm > 0) & (length < UNREACHED)
    units_per_cm = float(np.median(length[known] / drawn_cm[known])) if known.any() else 1.0
    speeds, often = np.unique(network.edges["speed_kmh"], return_counts=True)
    seconds_per_metre = 1.0 / (float(speeds[often.argmax()]) / 3.6)
    residues = (
        length - np.floor(drawn_cm * units_per_cm + 0.5).astype(np.int64),
        time - np.floor(length * seconds_per_metre + 0.5).astype(np.int64),
    )
    return residues, {
        "units": UNITS,
        "units_per_cm": units_per_cm,
        "seconds_per_metre": seconds_per_metre,
    }


def _drawn_cm(vertices: Ints, owner: Ints) -> Floats:
    """Length of each line, from one sum over all of them, as the page has it."""
    dx, dy = np.diff(vertices, axis=0, prepend=vertices[:1]).astype(float).T
    long = np.sqrt(dx * dx + dy * dy)
    first = np.searchsorted(owner, np.arange(int(owner[-1]) + 1))
    long[first] = 0.0
    along = np.cumsum(long)
    last = np.append(first[1:], len(owner)) - 1
    drawn: Floats = along[last] - along[first]
    return drawn
