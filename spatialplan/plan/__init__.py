"""
What a plan says about space, as tables that can be checked against its words.

A plan (``layers/plans/<plan_id>/plan.yaml``) holds words only: phrases, quotes and the
elements they count. Where an element lies is known to the gazetteer of its area
(``layers/base/<area_id>/places.yaml``): points with a stated precision, and shapes that
operators draw from those points.
"""

from __future__ import annotations

from ._boundaries import cnmaps_boundaries
from ._check import check_plan
from ._gazetteer import read_gazetteer
from ._gazetteer_check import gazetteer_faults
from ._plan import Plan
from ._plan import list_plans
from ._plan import read_plan
from ._text_check import phrases_held

__all__ = [
    "Plan",
    "check_plan",
    "cnmaps_boundaries",
    "gazetteer_faults",
    "list_plans",
    "phrases_held",
    "read_gazetteer",
    "read_plan",
]
