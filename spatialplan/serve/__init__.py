"""The explorer: a page and a small HTTP API on this machine alone, over one prepared area."""

from __future__ import annotations

from ._app import create_app
from ._run import run_app

__all__ = ["create_app", "run_app"]
