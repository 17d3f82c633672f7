"""Compiled searches over plain integer arrays; nothing here knows a label, a unit or a map."""

from numba.core import event as _event

from .first_run import FirstRun as _FirstRun

_event.register("numba:compile", _FirstRun())
