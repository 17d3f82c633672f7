"""What a measure may ask about costs between places and facilities."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    import pandas as pd

    from ._decay import Decay

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


class Travel(Protocol):
    """
    Costs of the ways from places to facilities, whatever they come from.

    Weights are arrays in the order of the index they belong to; so are results.
    """

    @property
    def places(self) -> pd.Index[Any]:
        """Labels of the places, where people start."""

    @property
    def facilities(self) -> pd.Index[Any]:
        """Labels of the facilities, where they arrive."""

    @property
    def measure(self) -> str:
        """Name of the cost with its unit, such as ``time_min``."""

    def sums(self, weights: Floats, decay: Decay) -> Floats:
        """For each place, ``sum_j weights_j f(d_ij)`` over the facilities."""

    def sums_at(self, weights: Floats, decay: Decay) -> Floats:
        """For each facility, ``sum_i weights_i f(d_ij)`` over the places."""

    def catchment(self, supply: Floats, demand: Floats, decay: Decay) -> tuple[Floats, Floats]:
        """
        Both steps of a floating catchment at once.

        ``R_j = supply_j / sums_at(demand)_j``, 0 where that sum is 0, for each facility;
        ``sums(R)`` for each place.
        """

    def counts(self, weights: Floats, limits: Sequence[float]) -> Floats:
        """(places, limits): what lies within each of some limits of each place."""

    def pairs(self, limit: float, at: Ints) -> Iterator[tuple[Ints, Ints, Floats]]:
        """
        Ways within a limit, ``inf`` for all, from the places at some positions.

        Yields positions of places and of facilities, and costs, for some places at a
        time; all ways of a place come together.
        """

    def rows(self) -> Iterator[tuple[Ints, Floats]]:
        """
        All costs, some places at a time.

        Yields positions of places and their costs (places, facilities), ``inf`` where
        there is no way. Every place comes once, in any order.
        """


def ratio(parts: Floats, wholes: Floats) -> Floats:
    """
    Quotients, 0 where there is nothing to divide by.

    >>> ratio(np.array([1.0, 2.0]), np.array([4.0, 0.0]))
    array([0.25, 0.  ])
    """
    return np.divide(parts, wholes, out=np.zeros_like(parts), where=wholes > 0)
