"""Places: facilities from any source under one list of categories, and administrative areas."""

from __future__ import annotations

from ._boundaries import read_boundaries
from ._duplicates import merge_duplicates
from ._facilities import read_facilities

__all__ = ["merge_duplicates", "read_boundaries", "read_facilities"]
