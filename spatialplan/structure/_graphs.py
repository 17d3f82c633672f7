"""Tiers, axes and settlements of a plan as graphs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd

from spatialplan.errors import InputError
from spatialplan.errors import NotFoundError
from spatialplan.errors import nearest

from ._ties import centres
from ._ties import measure
from ._ties import metres

if TYPE_CHECKING:
    from spatialplan.network import Network
    from spatialplan.plan import Plan

_SEATS = ("seat", "district", "county", "city", "province")
"""What stands for a division, the best first: its seat is where its ways end."""

_TOWNS = ("town", "subdistrict")
_CODE = r"\d{2}|\d{4}|\d{6}"
_RANKS = {2: 1, 4: 2, 6: 3}
_TOWN_RANK = 4


def tier_graph(plan: Plan, structure_id: str, *, network: Network | None = None) -> nx.DiGraph:
    """
    The tiers of a structure: which element stands under which.

    An element stands under its stated ``parent``. Where the plan states none, an element
    with a rank stands under the nearest element of the next higher rank that the
    structure has; this is ours, and the edge says ``stated=False``. An element that
    nothing can be said of (no rank, or several elements above it and no place) stands
    alone. A row that stands for several elements (``count``) has no place of its own, even
    if they are drawn: from one of them to another no distance is the row's. Its node says
    so in ``unplaced``, and its edges have none.

    Parameters
    ----------
    plan
        The plan.
    structure_id
        One of its structures.
    network
        Streets, for times.

    Returns
    -------
    networkx.DiGraph
        Nodes: element_id with ``role``, ``name_zh``, ``rank``, ``count`` (None: an open
        number), ``place_id``, ``x`` and ``y`` (centroid in the plan's metric system) and
        ``unplaced`` (why ``x`` and ``y`` are nan: "not drawn", "stands for 8 elements";
        else ""). Edges from parent to child: ``stated``, ``distance_m`` (straight between
        centroids, on the ellipsoid; nan where an end is unplaced) and with a network
        ``time_min`` (mean of there and back, between the nearest streets; inf where
        there is no way, nan where an end is unplaced, or lies farther from any street
        than 100 m and its own precision).

    Raises
    ------
    NotFoundError
        If the plan has no such structure.
    InputError
        If the stated parents go round in a circle.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> plan = read_plan("changzhou-urbanisation")
    >>> tiers = tier_graph(plan, "a07-city-tiers")
    >>> tiers.edges["a07-centre-1", "a07-centre-2"]["stated"]
    True
    """
    elements = _elements(plan, structure_id)
    at = centres(elements)
    count = elements["count"].astype(object).where(elements["count"].notna(), None)
    for element_id, several in count[count != 1].items():
        told = "an open number of" if several is None else several
        at.loc[element_id, ["geometry", "unplaced"]] = None, f"stands for {told} elements"
    graph = nx.DiGraph()
    nodes = elements[["role", "name_zh", "rank"]].assign(count=count, place_id=elements["place_id"])
    _add_nodes(graph, nodes, at)
    for element_id in elements.index:
        stated = elements.loc[element_id, "parent"]
        parent = stated or _nearest_above(element_id, elements["rank"], at)
        if parent:
            graph.add_edge(parent, element_id, stated=bool(stated))
    if not nx.is_directed_acyclic_graph(graph):
        circle = [tail for tail, _ in nx.find_cycle(graph)]
        raise InputError(plan.plan_id, f"parents in a circle: {', '.join(circle)}",
                         where=f"structures.{structure_id}")  # fmt: skip
    measure(graph, at, network)
    return graph


def axis_graph(
    plan: Plan, *, structure_id: str | None = None, network: Network | None = None
) -> nx.Graph:
    """
    The places that axes and other lines string together, in their order.

    A belt or corridor that was drawn along a line runs where that line runs.

    Parameters
    ----------
    plan
        The plan.
    structure_id
        One of its structures; without it all of them in one graph.
    network
        Streets, for times.

    Returns
    -------
    networkx.Graph
        Nodes: place_id of every place that an element's line was drawn through, with
        ``name_zh``, ``kind``, ``x``, ``y`` and ``unplaced`` as in `tier_graph`. Edges
        between consecutive places:
        ``element_ids`` and, in the same order, ``structure_ids`` of what runs there
        (tuples), ``distance_m`` and ``time_min`` as in `tier_graph`. Elements without a
        line have no part in it.

    Raises
    ------
    NotFoundError
        If the plan has no such structure.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> axes = axis_graph(read_plan("changzhou-urbanisation"))
    >>> len(axes.edges) > 0
    True
    """
    elements = plan.elements if structure_id is None else _elements(plan, structure_id)
    lines = _lines(plan.places)
    graph = nx.Graph()
    for element_id, element in elements[elements["place_id"].isin(list(lines))].iterrows():
        for here, there in pairwise(lines[element["place_id"]]):
            if not graph.has_edge(here, there):
                graph.add_edge(here, there, element_ids=(), structure_ids=())
            graph.edges[here, there]["element_ids"] += (element_id,)
            graph.edges[here, there]["structure_ids"] += (element["structure_id"],)
    strung = plan.places.loc[list(graph.nodes)]
    at = centres(strung)
    _add_nodes(graph, strung[["name_zh", "kind"]], at)
    measure(graph, at, network)
    return graph


def settlement_graph(plan: Plan, *, network: Network | None = None) -> nx.DiGraph:
    """
    Province, cities, districts and towns of the gazetteer, each under the one it is in.

    Divisions follow their codes (32, 3204, 320402; 320400 is 3204), towns and
    subdistricts the code of the district they lie in. A division stands where its seat
    is, where the gazetteer has one. A division that is only known by the codes below it
    is a node all the same, named by its code and without place. Places whose
    ``area_id`` is no such code are left out.

    Parameters
    ----------
    plan
        The plan.
    network
        Streets, for times.

    Returns
    -------
    networkx.DiGraph
        Nodes: place_id (or the code) with ``code`` (of a town: that of its district),
        ``rank`` (1 province, 2 city, 3 district or county, 4 town), ``name_zh``,
        ``kind``, ``x``, ``y`` and ``unplaced`` as in `tier_graph`. Edges from each
        division to what is in it: ``distance_m`` and ``time_min`` as in `tier_graph`.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> settlements = settlement_graph(read_plan("changzhou-urbanisation"))
    >>> [settlements.nodes[node]["rank"] for node in nx.topological_sort(settlements)][0]
    1
    """
    codes = plan.places["area_id"].astype(str).str.replace(r"(00)+$", "", regex=True)
    codes = codes[codes.str.fullmatch(_CODE)]
    kinds = plan.places.loc[codes.index, "kind"]
    towns = codes[kinds.isin(_TOWNS)]
    seats = _seats(codes, kinds)
    known = {code[:end] for code in (*seats, *towns) for end in _RANKS if end <= len(code)}
    nodes = {seats.get(code, code): code for code in sorted(known)}
    table = plan.places.reindex([*nodes, *towns.index])
    table = table.assign(
        code=[*nodes.values(), *towns],
        rank=[*(_RANKS[len(code)] for code in nodes.values()), *(_TOWN_RANK for _ in towns)],
        name_zh=table["name_zh"].fillna(""),
        kind=table["kind"].fillna(""),
    )
    at = centres(table)
    graph = nx.DiGraph()
    _add_nodes(graph, table[["code", "rank", "name_zh", "kind"]], at)
    graph.add_edges_from((seats.get(code, code), town) for town, code in towns.items())
    within = {node: code[:-2] for node, code in nodes.items() if len(code) > 2}
    graph.add_edges_from((seats.get(code, code), node) for node, code in within.items())
    measure(graph, at, network)
    return graph


def _elements(plan: Plan, structure_id: str) -> gpd.GeoDataFrame:
    if structure_id not in plan.structures.index:
        hint = nearest(structure_id, plan.structures.index)
        raise NotFoundError(f"{plan.plan_id} has no structure {structure_id!r}; {hint}")
    return plan.elements[plan.elements["structure_id"] == structure_id]


def _nearest_above(element_id: str, ranks: pd.Series[int], at: gpd.GeoDataFrame) -> str:
    """Nearest element of the next higher rank; "" if there is none, or no telling which."""
    higher = ranks[(ranks > 0) & (ranks < ranks[element_id])]
    tier = higher.index[higher == higher.max()]
    if len(tier) < 2:
        return "".join(tier)
    apart = metres(at.geometry.loc[[element_id] * len(tier)], at.geometry.loc[tier])
    return "" if np.isnan(apart).all() else str(tier[int(np.nanargmin(apart))])


def _lines(places: gpd.GeoDataFrame) -> dict[str, tuple[str, ...]]:
    """Places through which each line was drawn, and each band along a line."""
    through = {name: dict(rows["places"]) for name, rows in places.groupby("operator")}
    lines = through.get("line", {})
    bands = {band: along for band, (along,) in through.get("band", {}).items()}
    return lines | {band: lines[along] for band, along in bands.items() if along in lines}


def _seats(codes: pd.Series[str], kinds: pd.Series[str]) -> dict[str, str]:
    """Place that stands for each division, by code."""
    order = {kind: position for position, kind in enumerate(_SEATS)}
    divisions = codes[kinds.isin(_SEATS)]
    best = divisions.iloc[np.argsort(kinds[divisions.index].map(order), kind="stable")]
    first = best[~best.duplicated()]
    return dict(zip(first, first.index, strict=True))


def _add_nodes(graph: nx.Graph, table: pd.DataFrame, at: gpd.GeoDataFrame) -> None:
    nodes = pd.DataFrame(table).assign(x=at.geometry.x, y=at.geometry.y, unplaced=at["unplaced"])
    graph.add_nodes_from(nodes.to_dict("index").items())
