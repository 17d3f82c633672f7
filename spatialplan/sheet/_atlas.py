"""An atlas: one sheet for each area of a layer, all with the same legend."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan.cartography import layer_frame
from spatialplan.errors import InputError
from spatialplan.errors import nearest

from ._sheet import draw_sheet

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    import geopandas as gpd
    from matplotlib.figure import Figure


def draw_atlas(
    content: Mapping[str, Any],
    *,
    layer_id: str = "",
    areas: Sequence[str] = (),
    number: str = "",
    lang: str = "zh",
    paper: str = "A3",
    landscape: bool = True,
    crs: Any = None,
    dpi: int = 300,
    font: str | os.PathLike[str] = "",
) -> Iterator[Figure]:
    """
    One sheet for each district or community.

    Parameters
    ----------
    content
        Made by `cartography.map_content`.
    layer_id
        Layer with the areas; the first of the group ``boundaries`` if not given.
    areas
        Names of those to draw, in this order; all if not given.
    number
        Number of the atlas (图号); each sheet adds its own, 2/59.
    lang, paper, landscape, crs, dpi, font
        As in `draw_sheet`.

    Returns
    -------
    iterator of matplotlib.figure.Figure
        Each drawn when it is asked for, so that an atlas takes the room of one sheet. The title
        names the area, its neighbours are greyed, the inset shows where it lies.

    Raises
    ------
    InputError
        If there is no such layer or area.
    """
    table = _areas(content, layer_id)
    chosen = _chosen(table, areas)
    for place, (_, area) in enumerate(chosen.iterrows(), start=1):
        name = (area["name_en"] if lang == "en" else "") or area["name_zh"]
        titled = {f"title_{one}": f"{content[f'title_{one}']} · {name}" for one in ("zh", "en")}
        sheet_number = " ".join(filter(None, [number, f"{place}/{len(chosen)}"]))
        yield draw_sheet(
            {**content, **titled}, number=sheet_number, lang=lang, extent=area.geometry.bounds,
            inset=table, focus=area.geometry, paper=paper, landscape=landscape, crs=crs, dpi=dpi,
            font=font,
        )  # fmt: skip


def _areas(content: Mapping[str, Any], layer_id: str) -> gpd.GeoDataFrame:
    """The named areas of a layer of boundaries."""
    fits = [
        layer for layer in content["layers"]
        if layer["type"] == "vector" and "a" in layer["kinds"] and layer.get("names")
        and (layer["id"] == layer_id if layer_id else layer["group"] == "boundaries")
    ]  # fmt: skip
    if not fits:
        found = f"no areas in layer {layer_id!r}" if layer_id else "no layer of boundaries"
        raise InputError("atlas", found, do="an atlas has one sheet for each area of a layer")
    table = layer_frame(fits[0])
    return table[table.geom_type.isin(["Polygon", "MultiPolygon"]) & (table["name_zh"] != "")]


def _chosen(table: gpd.GeoDataFrame, names: Sequence[str]) -> gpd.GeoDataFrame:
    if not names:
        return table
    places = []
    for name in names:
        found = table.index[(table["name_zh"] == name) | (table["name_en"] == name)]
        if found.empty:
            raise InputError("atlas", f"no area {name!r}", do=nearest(name, table["name_zh"]))
        places.append(found[0])
    return table.loc[places]
