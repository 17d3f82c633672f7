"""
The router: street graphs prepared for one cost, and what is asked of them.

Positions and whole numbers only; `spatialplan.network` knows tables, metres and minutes.
"""

from ._around import catchment_sums
from ._around import pairs
from ._around import totals
from ._around import weighted_sums
from ._ask import BLOCK
from ._ask import nearest
from ._ask import reached
from ._ask import table
from ._places import Direct
from ._places import Places
from ._places import turned
from ._prepare import UNREACHED
from ._prepare import Engine
from ._prepare import Skeleton
from ._prepare import as_arrays
from ._prepare import changed
from ._prepare import customised
from ._prepare import from_arrays
from ._prepare import skeleton_of
from ._store import fingerprint
from ._store import keep
from ._store import load

__all__ = [
    "BLOCK",
    "UNREACHED",
    "Direct",
    "Engine",
    "Places",
    "Skeleton",
    "as_arrays",
    "catchment_sums",
    "changed",
    "customised",
    "fingerprint",
    "from_arrays",
    "keep",
    "load",
    "nearest",
    "pairs",
    "reached",
    "skeleton_of",
    "table",
    "totals",
    "turned",
    "weighted_sums",
]
