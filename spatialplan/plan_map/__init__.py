"""The map of plans: their structures as schematic layers, their statements as tables."""

from __future__ import annotations

from ._layers import main_structure
from ._layers import structure_groups
from ._layers import structure_layers
from ._page import plan_content

__all__ = ["main_structure", "plan_content", "structure_groups", "structure_layers"]
