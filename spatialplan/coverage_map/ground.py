"""What every layer of the map asks of a base."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import pandas as pd

if TYPE_CHECKING:
    from spatialplan.base import Base


def streets_on_land(base: Base) -> gpd.GeoDataFrame:
    """Edges on land: a ferry may leave the area for a coast far away."""
    edges = base.networks["walk"].edges
    return edges[edges["highway"] != "ferry"]


def source_mark(table: pd.DataFrame) -> str:
    """Mark of generated geometry; other sources need none on every layer."""
    marked = "drawn_from" in table and (table["drawn_from"] == "synthetic").any()
    return "synthetic" if marked else ""


def clause_categories(clause: pd.Series[Any]) -> list[str]:
    """Categories of facilities that can serve a clause."""
    return list(dict.fromkeys(part.category for part in clause["parts"]))
