"""What a notebook shows of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan._card import card

from ._changes import closures_of

if TYPE_CHECKING:
    import geopandas as gpd


def network_card(mode: str, nodes: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> str:
    """HTML of the facts about streets of one mode."""
    speeds_kmh = edges["speed_kmh"]
    facts = {
        "nodes": f"{len(nodes):,}",
        "edges": f"{len(edges):,}",
        "length": f"{edges['length_m'].sum() / 1000:,.1f} km",
        "speed": f"{speeds_kmh.min():g} to {speeds_kmh.max():g} km/h" if len(edges) else "",
        "one-way edges": f"{int(edges['oneway'].sum()):,}",
        "closed edges": f"{int(closures_of(edges).any(axis=1).sum()):,}",
        "coordinate system": edges.crs.name,
    }
    drawn_from = edges["drawn_from"].unique() if "drawn_from" in edges.columns else []
    return card(f"Network: {mode}", facts, notes=[f"drawn from: {one}" for one in drawn_from])
