"""
Floating catchments: what there is for each person where people compete for it.

All are compositions of sums over ways, ``sum_j w_j f(d_ij)`` for a place and
``sum_i w_i f(d_ij)`` for a facility. ``P_i`` are people of place i, ``S_j`` is the supply
of facility j, ``f_ij = f(d_ij)`` the decay of the cost. Where nobody comes, a facility
serves nobody, and where there is no way, there is nothing: 0, never a division by 0.
"""

from __future__ import annotations

from ._floating import floating_catchment
from ._floating import modified_catchment
from ._floating import spatial_availability
from ._modes import multimodal_catchment
from ._shares import balanced_catchment
from ._shares import crowdedness
from ._shares import three_step_catchment

__all__ = [
    "balanced_catchment",
    "crowdedness",
    "floating_catchment",
    "modified_catchment",
    "multimodal_catchment",
    "spatial_availability",
    "three_step_catchment",
]
