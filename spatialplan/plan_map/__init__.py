"""The map of plans: their structures as schematic layers, their statements as tables."""

from __future__ import annotations

from ._layers import main_structure
from ._layers import structure_groups
from ._layers import structure_layers
from ._page import draw_plan_map

__all__ = ["draw_plan_map", "main_structure", "structure_groups", "structure_layers"]
