"""
What a place has around it: areas in reach, what is near and what is missing, ways there.

A `Scene` is a prepared area as it is or as it might be (streets closed, facilities
added); a `Spot` is a place in it. Questions about one spot are answered together: its
streets are searched once by time and once by length, whatever is asked.
"""

from __future__ import annotations

from ._areas import area_rows
from ._areas import people_inside
from ._areas import reached_areas
from ._checklist import category_checklist
from ._checklist import category_rows
from ._checklist import clause_checklist
from ._checklist import clause_rows
from ._route import route
from ._scene import Scene
from ._scene import points_in
from ._scene import scene_of
from ._scene import with_closures
from ._scene import with_facilities
from ._spot import Spot
from ._spot import spot_at

__all__ = [
    "Scene",
    "Spot",
    "area_rows",
    "category_checklist",
    "category_rows",
    "clause_checklist",
    "clause_rows",
    "people_inside",
    "points_in",
    "reached_areas",
    "route",
    "scene_of",
    "spot_at",
    "with_closures",
    "with_facilities",
]
