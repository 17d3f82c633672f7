"""Costs from a table of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.errors import InputError

from ._travel import Travel
from ._travel import ratio
from ._values import numbers
from ._values import unique
from ._zones import cumulative_decay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from ._decay import Decay

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

BLOCK = 512
"""Places that are written out at a time."""


def table_travel(
    pairs: pd.DataFrame,
    *,
    places: pd.Index[Any],
    facilities: pd.Index[Any],
    measure: str = "time_min",
) -> Travel:
    """
    Costs of ways from places to facilities, as a table of pairs has them.

    For those who have a matrix, such as a timetable router's; `travel_matrix` makes one
    from streets.

    Parameters
    ----------
    pairs
        ``origin_id``, ``destination_id`` and the cost; a pair that is not there, or
        whose cost is ``inf``, has no way.
    places, facilities
        All origins and destinations, those without any way too.
    measure
        Column of the cost, with its unit: minutes, metres, money.

    Returns
    -------
    Travel
        What measures of accessibility take.

    Raises
    ------
    InputError
        If `pairs` is no table, or a list of labels no index; a column or label is missing,
        a pair comes twice, or a cost is missing or below 0.

    Examples
    --------
    >>> pairs = pd.DataFrame({"origin_id": ["a", "b"], "destination_id": ["s", "s"],
    ...                       "time_min": [5.0, 20.0]})
    >>> table_travel(pairs, places=pd.Index(["a", "b"]), facilities=pd.Index(["s"]))
    <Travel time_min: 2 places, 1 facilities, 2 pairs>
    """
    for name, given, kind in (
        ("pairs", pairs, pd.DataFrame),
        ("places", places, pd.Index),
        ("facilities", facilities, pd.Index),
        ("measure", measure, str),
    ):
        if not isinstance(given, kind):
            raise InputError(name, f"a {type(given).__name__}", allowed=f"of type {kind.__name__}")
    for column in ("origin_id", "destination_id", measure):
        if column not in pairs.columns:
            raise InputError("pairs", f"no column {column!r}",
                             allowed=", ".join(map(str, pairs.columns)))  # fmt: skip
    origin = _positions(pairs["origin_id"], places, "places")
    destination = _positions(pairs["destination_id"], facilities, "facilities")
    cost = numbers(pairs[measure], f"pairs: {measure}")
    if not (cost >= 0).all():
        row = int(np.argmin(cost >= 0))
        raise InputError("pairs", f"{measure} {cost[row]:g}", where=_named(pairs, row),
                         allowed="a number of at least 0")  # fmt: skip
    order = np.lexsort((destination, origin))
    twice = (np.diff(origin[order]) == 0) & (np.diff(destination[order]) == 0)
    if twice.any():
        row = int(order[1:][twice][0])
        raise InputError("pairs", "the pair comes twice", where=_named(pairs, row))
    kept = order[cost[order] < np.inf]
    return _Table(places, facilities, measure, origin[kept], destination[kept], cost[kept])


def _positions(labels: pd.Series[Any], index: pd.Index[Any], name: str) -> Ints:
    unique(index, name)
    found = index.get_indexer(pd.Index(labels)).astype(np.int64)
    if (found < 0).any():
        raise InputError("pairs", f"{labels.iloc[int(np.argmin(found))]}", where=str(labels.name),
                         allowed=f"labels of {name}")  # fmt: skip
    return found


def _named(pairs: pd.DataFrame, row: int) -> str:
    return f"{pairs['origin_id'].iloc[row]} to {pairs['destination_id'].iloc[row]}"


@dataclass(frozen=True, eq=False, repr=False)
class _Table:
    """Pairs in the order of their places, by position."""

    places: pd.Index[Any]
    facilities: pd.Index[Any]
    measure: str
    origin: Ints
    destination: Ints
    cost: Floats

    def __repr__(self) -> str:
        return (f"<Travel {self.measure}: {len(self.places):,} places, "
                f"{len(self.facilities):,} facilities, {len(self.cost):,} pairs>")  # fmt: skip

    def sums(self, weights: Floats, decay: Decay) -> Floats:
        near = decay(self.cost) * weights[self.destination]
        return np.bincount(self.origin, near, minlength=len(self.places)).astype(float)

    def sums_at(self, weights: Floats, decay: Decay) -> Floats:
        near = decay(self.cost) * weights[self.origin]
        return np.bincount(self.destination, near, minlength=len(self.facilities)).astype(float)

    def catchment(self, supply: Floats, demand: Floats, decay: Decay) -> tuple[Floats, Floats]:
        ratios = ratio(supply, self.sums_at(demand, decay))
        return ratios, self.sums(ratios, decay)

    def counts(self, weights: Floats, limits: Sequence[float]) -> Floats:
        columns = [self.sums(weights, cumulative_decay(limit)) for limit in limits]
        return np.stack(columns, axis=1)

    def pairs(self, limit: float, at: Ints) -> Iterator[tuple[Ints, Ints, Floats]]:
        asked = np.zeros(len(self.places), dtype=bool)
        asked[at] = True
        near = asked[self.origin] & (self.cost <= limit)
        yield self.origin[near], self.destination[near], self.cost[near]

    def rows(self) -> Iterator[tuple[Ints, Floats]]:
        starts = np.searchsorted(self.origin, np.arange(len(self.places) + 1))
        for first in range(0, len(self.places), BLOCK):
            at = np.arange(first, min(first + BLOCK, len(self.places)))
            part = slice(starts[first], starts[at[-1] + 1])
            costs = np.full((len(at), len(self.facilities)), np.inf)
            costs[self.origin[part] - first, self.destination[part]] = self.cost[part]
            yield at, costs
