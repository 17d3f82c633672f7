"""Two states of an area: who gained a service, who lost it, and where the way changed."""

from __future__ import annotations

from ._content import comparison_content
from ._facilities import facility_changes
from ._scenario import scenario
from ._scenario import streets_met
from ._states import people_basis
from ._tables import coverage_changes

__all__ = [
    "comparison_content",
    "coverage_changes",
    "facility_changes",
    "people_basis",
    "scenario",
    "streets_met",
]
