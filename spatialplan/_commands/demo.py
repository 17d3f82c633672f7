"""The embedded example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan.demo import write_demo

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write tables, map and report of the embedded Changzhou."""
    for line in write_demo(options.output, progress=voice.stage):
        voice.tell(line)
    return 0
