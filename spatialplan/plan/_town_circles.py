"""Towns grouped to circles by their ways along given lines."""

from __future__ import annotations

from itertools import combinations
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

import networkx as nx
import numpy as np
import shapely

from ._operators import widened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import Geometry

Take = Literal["nearer", "outer", "all"]

_MARGIN = 0.4
"""A circle is widened by this share of its distance to the next: under half, so none touch."""


def town_circles(
    towns: Sequence[Geometry],
    core: Geometry,
    graph: Sequence[Geometry],
    *,
    count: int,
    take: Take = "all",
    share: int | None = None,
) -> Geometry:
    """
    Towns grouped to circles by the nearest of spread-out centres along transport lines.

    The first centre is the town nearest to the core, each further one the town farthest
    from all centres so far; every town joins its nearest centre. Ways lead along the
    lines, which meet where they cross or touch, and straight from a place to the nearest
    point of a line; lines that do not meet are joined where they come nearest. Of equal
    towns the first counts.

    Parameters
    ----------
    towns
        Places, by their centroid.
    core
        The place that circles are ordered by.
    graph
        Lines of the transport graph.
    count
        Number of circles.
    take, share
        ``nearer``: the `share` circles whose centres are nearest to the core; ``outer``:
        the `share` farthest; ``all``.

    Returns
    -------
    Geometry
        One polygon for each circle taken, the nearest to the core first: the convex hull
        of its towns, widened by 0.4 times its distance to the next circle.

    Raises
    ------
    ValueError
        If circles overlap, or a member of the graph is no line.

    References
    ----------
    Spread-out centres: T. F. Gonzalez, Clustering to minimize the maximum intercluster
    distance, Theoretical Computer Science 38 (1985), 293-306.

    Examples
    --------
    >>> towns = [shapely.Point(x, 0) for x in (0, 10, 90, 100)]
    >>> road = shapely.LineString([(0, 0), (100, 0)])
    >>> town_circles(towns, towns[0], [road], count=2).bounds
    (-32.0, -32.0, 132.0, 32.0)
    """
    groups = town_groups(towns, core, graph, count=count)
    hulls = [shapely.MultiPoint([towns[town].centroid for town in own]).convex_hull
             for own in groups]  # fmt: skip
    apart_m = np.full((count, count), np.inf)
    for one, other in combinations(range(count), 2):
        apart_m[one, other] = apart_m[other, one] = hulls[one].distance(hulls[other])
    if apart_m.min() == 0:
        raise ValueError("the circles overlap; take another count, or more lines as graph")
    circles = [widened(hull, _MARGIN * next_m)
               for hull, next_m in zip(hulls, apart_m.min(axis=0), strict=True)]  # fmt: skip
    chosen = {"nearer": circles[:share], "outer": circles[-(share or 0) :], "all": circles}
    return shapely.MultiPolygon(chosen[take])


def town_groups(
    towns: Sequence[Geometry], core: Geometry, graph: Sequence[Geometry], *, count: int
) -> list[list[int]]:
    """
    Positions of the towns of each circle, its centre first; circles nearest to the core first.

    Examples
    --------
    >>> towns = [shapely.Point(x, 0) for x in (0, 10, 90, 100)]
    >>> road = shapely.LineString([(0, 0), (100, 0)])
    >>> town_groups(towns, towns[1], [road], count=2)
    [[1, 0], [3, 2]]
    """
    ways_m = _ways_m([core, *towns], graph)
    from_core_m, between_m = ways_m[0, 1:], ways_m[1:, 1:]
    centres = [int(from_core_m.argmin())]
    while len(centres) < count:
        nearest_m = between_m[centres].min(axis=0)
        nearest_m[centres] = -1  # a town that shares a place with a centre may still be one
        centres.append(int(nearest_m.argmax()))
    joins = np.array(centres)[between_m[centres].argmin(axis=0)]
    joins[centres] = centres
    centres.sort(key=lambda centre: float(from_core_m[centre]))
    return [
        [centre, *(town for town in np.flatnonzero(joins == centre).tolist() if town != centre)]
        for centre in centres
    ]


def _ways_m(places: Sequence[Geometry], lines: Sequence[Geometry]) -> Any:
    """Length of the shortest way between any two places."""
    graph = _transport_graph(places, lines)
    nodes = [_node(place.centroid) for place in places]
    ways = [nx.single_source_dijkstra_path_length(graph, node, weight="m") for node in nodes]
    return np.array([[found[node] for node in nodes] for found in ways])


def _transport_graph(places: Sequence[Geometry], lines: Sequence[Geometry]) -> nx.MultiGraph:
    """Lines cut where they cross and where a place comes to them; nodes are coordinates."""
    for line in lines:
        if shapely.get_dimensions(line) != 1:
            msg = f"a transport graph is made of lines, not of a {line.geom_type}"
            raise ValueError(msg)
    parts = shapely.get_parts(shapely.node(shapely.GeometryCollection(list(lines))))
    nearest = shapely.STRtree(parts).nearest(shapely.centroid(list(places)))
    graph = nx.MultiGraph()
    for number, part in enumerate(parts):
        stops = [(0.0, part.coords[0]), (part.length, part.coords[-1])]
        for position in np.flatnonzero(nearest == number).tolist():
            place = places[position].centroid
            at_m = part.project(place)
            foot = part.interpolate(at_m)
            stops.append((at_m, _node(foot)))
            graph.add_edge(_node(place), _node(foot), m=place.distance(foot))
        for (start_m, start), (end_m, end) in pairwise(sorted(stops)):
            graph.add_edge(start, end, m=end_m - start_m)
    _join(graph)
    return graph


def _node(point: Geometry) -> tuple[float, float]:
    return (point.x, point.y)


def _join(graph: nx.MultiGraph) -> None:
    """Add the shortest straight ways between parts of the graph that do not meet."""
    while not nx.is_connected(graph):
        part = next(nx.connected_components(graph))
        rest = set(graph) - part
        apart = ((float(np.hypot(a[0] - b[0], a[1] - b[1])), a, b) for a in part for b in rest)
        shortest_m, here, there = min(apart)
        graph.add_edge(here, there, m=shortest_m)
