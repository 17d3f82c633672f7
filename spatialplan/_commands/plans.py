"""The plans there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan import plan

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice


def run(_options: argparse.Namespace, voice: Voice) -> int:
    """Tell a line for each plan."""
    for name in plan.list_plans():
        found = plan.read_plan(name)
        voice.tell(
            f"{name:24}  {found.title_zh}  ({len(found.structures)} structures, "
            f"{len(found.elements)} elements, {len(found.targets)} targets, "
            f"{len(found.indicators)} indicators)"
        )
    return 0
