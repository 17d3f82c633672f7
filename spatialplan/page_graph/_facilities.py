"""Facilities by category, and the gates through which streets reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import shapely

from spatialplan._files import data_folder
from spatialplan._yaml import read_yaml
from spatialplan.categories import read_categories
from spatialplan.categories import require_category
from spatialplan.errors import InputError

from ._bytes import counts
from ._bytes import differences
from ._bytes import steps
from ._streets import PER_METRE
from ._streets import whole_cm

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from spatialplan.network import Network

    from ._streets import PackedStreets


def category_list(facilities: gpd.GeoDataFrame, chosen: Sequence[str] | None) -> list[str]:
    """
    Categories to answer for, in the order of the catalogue.

    Raises
    ------
    InputError
        If a category is not known, or there is none.
    """
    if isinstance(chosen, str):
        raise InputError("categories", f"{chosen!r}", allowed="a list of categories")
    wanted = set(facilities["category"] if chosen is None else chosen)
    for category in sorted(wanted):
        require_category(category, source="categories")
    if not wanted:
        raise InputError("categories", "none", do="name at least one, or add facilities")
    return [str(key) for key in read_categories().index if key in wanted]


def category_rows(categories: Sequence[str]) -> list[dict[str, str]]:
    """Id, names and colour of each category."""
    known = read_categories().loc[list(categories)]
    colors = read_yaml(data_folder("maps") / "style.yaml")["category_groups"]
    return [
        {"id": str(key), "name_zh": str(row["name_zh"]), "name_en": str(row["name_en"]),
         "color": colors[row["group"]]}
        for key, row in known.iterrows()
    ]  # fmt: skip


def pack_facilities(
    facilities: gpd.GeoDataFrame,
    categories: Sequence[str],
    network: Network,
    streets: PackedStreets,
) -> tuple[bytes, dict[str, Any]]:
    """
    Facilities and gates as bytes, and what stands beside: how many there are, and their names.

    In the block: number of gates of each facility; steps of x and of y (whole centimetres
    from the origin of the streets); steps of the edge of each gate; units between gate and
    street by length, and by time less that; shares along the edges, eight bytes each.
    """
    category = facilities["category"].astype(str).to_numpy()
    number = {key: position for position, key in enumerate(categories)}
    rows = np.flatnonzero(np.isin(category, list(categories)))
    rows = rows[np.argsort([number[key] for key in category[rows]], kind="stable")]
    chosen = facilities.iloc[rows].reset_index(drop=True)
    gates = network.locate_gates(chosen)
    edge = streets.place[gates["edge"].to_numpy(np.int64)]
    metres, seconds = (network.access_costs(gates, cost) for cost in ("length_m", "time_s"))
    spot = shapely.get_coordinates(chosen.geometry.representative_point().array)
    spot_cm = whole_cm(spot) - np.array(streets.facts["origin_cm"])
    block = [
        counts(np.bincount(gates.index, minlength=len(chosen))),
        *(differences(column) for column in spot_cm.T),
        differences(edge),
        counts(metres),
        steps(seconds - metres),
        gates["share"].to_numpy("<f8").tobytes(),
    ]
    per_category = np.bincount([number[key] for key in category[rows]], minlength=len(categories))
    return b"".join(block), {
        "facilities": per_category.tolist(),
        "gates": len(gates),
        "names": chosen["name_zh"].fillna("").astype(str).tolist(),
        "cm_per_metre": PER_METRE,
    }
