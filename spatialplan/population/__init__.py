"""People: counted (rasters, points, polygons) or a stated total spread over where they live."""

from __future__ import annotations

from ._areas import assign_area
from ._people import read_population
from ._residential import cut_land
from ._residential import read_residential
from ._spread import spread_population
from ._within import spread_within

__all__ = [
    "assign_area", "cut_land", "read_population", "read_residential",
    "spread_population", "spread_within",
]  # fmt: skip
