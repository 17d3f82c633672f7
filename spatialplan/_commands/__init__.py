"""
The commands: each reads, calls once, writes, and says what it wrote.

Their arguments stand apart from them, so that help and refusals come at once: a
command's module, and the libraries behind it, are loaded when it is run.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from . import _arguments
from . import _compare_arguments
from . import _map_arguments
from . import _serve_arguments
from . import _sheet_arguments

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from spatialplan._voice import Voice

__all__ = ["COMMANDS", "run"]

COMMANDS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "demo": _arguments.demo,
    "base": _arguments.base,
    "assess": _arguments.assess,
    "map": _map_arguments.map_,
    "sheet": _sheet_arguments.sheet,
    "compare": _compare_arguments.compare,
    "serve": _serve_arguments.serve,
    "access": _arguments.access,
    "isochrone": _arguments.isochrone,
    "measure": _arguments.measure,
    "matrix": _arguments.matrix,
    "standards": _arguments.standards,
    "plans": _arguments.plans,
    "show": _arguments.show,
    "check": _arguments.check,
    "extract": _arguments.extract,
}
"""What adds a command's arguments to its parser; its first line says what the command does."""


def run(name: str, options: argparse.Namespace, voice: Voice) -> int:
    """Run a command; return its exit code."""
    code: int = importlib.import_module(f".{name}", __name__).run(options, voice)
    return code
