"""What a plan's structures lie on: divisions, towns, rivers and lakes, kept quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd

from spatialplan.cartography import vector_layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan.plan import Plan

# Layer: style, kinds of places, names in both languages.
_LAYERS = {
    "rivers": ("stream", ("river",), "河流", "Rivers"),
    "lakes": ("lake", ("lake",), "湖泊", "Lakes"),
    "towns": ("settlement", ("town", "subdistrict"), "镇、街道", "Towns, subdistricts"),
    "seats": ("seat", ("seat", "city", "district", "county"), "市县区", "Cities, counties"),
}


def backdrop_layers(plans: Sequence[Plan]) -> list[dict[str, Any]]:
    """Quiet layers from the gazetteers of the plans, each place once."""
    places = pd.concat([_own_waters(plan.places).to_crs(4326) for plan in plans])
    places = places[~places.index.duplicated()]
    layers = [
        _layer(layer_id, places[places["kind"].isin(kinds) & _suits(places, layer_id)])
        for layer_id, (_, kinds, _, _) in _LAYERS.items()
    ]
    return [*_divisions(places), *(layer for layer in layers if layer["count"])]


def _suits(places: gpd.GeoDataFrame, layer_id: str) -> pd.Series[Any]:
    """Rivers as lines, settlements as points, lakes as they are but for anchors of their shores."""
    lakes = places[places["kind"] == "lake"]
    shores = {anchor for anchors in lakes["places"] for anchor in anchors}
    shapes = {"rivers": places.geom_type == "LineString", "lakes": ~places.index.isin(shores)}
    suits: pd.Series[Any] = shapes.get(layer_id, places.geom_type == "Point")
    return suits


def _own_waters(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Without the rivers of enclosing areas if there are own ones: the same, but coarser."""
    rivers = (places["kind"] == "river") & (places.geom_type == "LineString")
    innermost = places["owner"][rivers].tail(1)  # a gazetteer has enclosing areas first
    return places[~rivers | places["owner"].isin(innermost)]


def _layer(layer_id: str, places: gpd.GeoDataFrame) -> dict[str, Any]:
    style, _, name_zh, name_en = _LAYERS[layer_id]
    return vector_layer(
        layer_id, places, name_zh=name_zh, name_en=name_en, group="base", style=style,
        name_column="name_zh", backdrop=True,
        tooltip=[("precision_m", "位置精度", "Precision", "m")],
    )  # fmt: skip


def _divisions(places: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Outlines of divisions, where the user has given boundaries."""
    real = places[(places["operator"] == "district") & (places["drawn_from"] == "open_data")]
    if real.empty:
        return []
    return [
        vector_layer(
            "divisions", real, name_zh="行政区界", name_en="Divisions", group="boundaries",
            style="boundary", name_column="name_zh", administrative=True, backdrop=True,
        )
    ]  # fmt: skip
