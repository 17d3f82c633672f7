"""A word when kernels are compiled, which is once on each machine and takes long."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from numba.core import event

_log = logging.getLogger(__name__)


class FirstRun(event.Listener):  # type: ignore[misc]  # numba has no types
    """Hears what numba compiles; what it loads from its cache it does not tell."""

    def on_start(self, event: Any) -> None:
        """Say so if it is one of ours."""
        if event.data["dispatcher"].py_func.__module__.startswith(f"{__package__}."):
            _say()

    def on_end(self, event: Any) -> None:
        """Say nothing more."""


@cache  # once in a process
def _say() -> None:
    _log.warning("the router is compiled for this machine, once: this run takes longer, up to "
                 "a minute")  # fmt: skip
