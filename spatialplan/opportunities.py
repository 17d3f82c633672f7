"""What can be reached from a place, and by how many people a facility: sums along ways."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from .errors import InputError
from .travel import aligned
from .travel import cumulative_decay
from .travel import known_decay
from .travel import positive
from .travel import representable
from .travel import several

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from .travel import Decay
    from .travel import Travel

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_FEW = 256
"""Places of which as much is asked as there is, to know how much to ask of all."""


def cumulative_opportunities(
    supply: pd.Series[Any], *, travel: Travel, limits: Sequence[float]
) -> pd.DataFrame:
    """
    What can be reached within limits: ``A_i(d0) = sum_j S_j [d_ij <= d0]``.

    The mean over an interval of limits is `gravity_access` with `interval_decay`.

    Parameters
    ----------
    supply
        What each facility offers, on the facilities of `travel`: places, beds, jobs, or 1.
    travel
        Ways from places to facilities.
    limits
        In the unit of `travel`, minutes or metres.

    Returns
    -------
    DataFrame
        Units of supply on the places of `travel`, a column for each limit.

    Raises
    ------
    InputError
        If supply is not one number of at least 0 for each facility, or a limit no finite
        number above 0.

    References
    ----------
    Wachs & Kumagai 1973, Socio-Economic Planning Sciences 7(5).

    Examples
    --------
    >>> from spatialplan.travel import table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "a", "b"], "destination_id": ["s", "t", "t"],
    ...                       "time_min": [5.0, 20.0, 30.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a", "b"]), facilities=pd.Index(["s", "t"]))
    >>> beds = pd.Series({"s": 10, "t": 4})
    >>> cumulative_opportunities(beds, travel=travel, limits=[15, 30]).values.tolist()
    [[10.0, 14.0], [0.0, 4.0]]
    """
    columns = _limits(limits, travel)
    found = travel.counts(aligned(supply, travel.facilities, "supply"), columns.tolist())
    found = representable(found, "cumulative_opportunities")
    return pd.DataFrame(found, index=travel.places, columns=columns)


def passive_accessibility(
    people: pd.Series[Any], *, travel: Travel, limits: Sequence[float]
) -> pd.DataFrame:
    """
    People who can reach each facility within limits: ``sum_i P_i [d_ij <= d0]``.

    Parameters
    ----------
    people
        People of each place, on the places of `travel`.
    travel
        Ways from places to facilities.
    limits
        In the unit of `travel`, minutes or metres.

    Returns
    -------
    DataFrame
        People on the facilities of `travel`, a column for each limit.

    Raises
    ------
    InputError
        If people are not one number of at least 0 for each place, or a limit no finite
        number above 0.

    References
    ----------
    Cascetta, Carteni & Montanino 2013, Procedia - Social and Behavioral Sciences 87.

    Examples
    --------
    >>> from spatialplan.travel import table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "b"], "destination_id": ["s", "s"],
    ...                       "time_min": [5.0, 20.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a", "b"]), facilities=pd.Index(["s"]))
    >>> people = pd.Series({"a": 100, "b": 50})
    >>> passive_accessibility(people, travel=travel, limits=[15, 30]).values.tolist()
    [[100.0, 150.0]]
    """
    columns = _limits(limits, travel)
    number = aligned(people, travel.places, "people")
    within = [travel.sums_at(number, cumulative_decay(limit)) for limit in columns]
    found = representable(np.stack(within, axis=1), "passive_accessibility")
    return pd.DataFrame(found, index=travel.facilities, columns=columns)


def gravity_access(supply: pd.Series[Any], *, travel: Travel, decay: Decay) -> pd.Series[float]:
    """
    What can be reached, the less the farther: ``A_i = sum_j S_j f(d_ij)``.

    Parameters
    ----------
    supply
        What each facility offers, on the facilities of `travel`.
    travel
        Ways from places to facilities.
    decay
        ``f``, in the unit of `travel`.

    Returns
    -------
    Series
        ``opportunities``, units of supply times those of `decay`, on the places of
        `travel`.

    Raises
    ------
    InputError
        If supply is not one number of at least 0 for each facility.

    References
    ----------
    Hansen 1959, Journal of the American Institute of Planners 25(2); Tomasiello et al.
    2023, doi 10.1016/j.apgeog.2023.103007, with `interval_decay`.

    Examples
    --------
    >>> from spatialplan.travel import power_decay, table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "a"], "destination_id": ["s", "t"],
    ...                       "time_min": [5.0, 20.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a"]), facilities=pd.Index(["s", "t"]))
    >>> beds = pd.Series({"s": 10, "t": 4})
    >>> gravity_access(beds, travel=travel, decay=power_decay(1)).tolist()
    [2.2]
    """
    found = travel.sums(aligned(supply, travel.facilities, "supply"), known_decay(decay))
    found = representable(found, "gravity_access")
    return pd.Series(found, index=travel.places, name="opportunities")


def nearest_facilities(travel: Travel, *, count: int) -> pd.DataFrame:
    """
    The nearest facilities of each place, nearest first.

    Parameters
    ----------
    travel
        Ways from places to facilities.
    count
        How many of them at most.

    Returns
    -------
    DataFrame
        ``place_id``, ``rank`` from 1, ``facility_id`` and the cost, named as in
        `travel`; one row for each, fewer than `count` where fewer can be reached. Of
        equally near facilities the one that comes first in `travel` is first.

    Raises
    ------
    InputError
        If `count` is no whole number above 0.

    Examples
    --------
    >>> from spatialplan.travel import table_travel
    >>> pairs = pd.DataFrame({"origin_id": "a", "destination_id": ["r", "s", "t"],
    ...                       "time_min": [9.0, 5.0, 20.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a"]), facilities=pd.Index(["r", "s", "t"]))
    >>> nearest_facilities(travel, count=2).values.tolist()
    [['a', 1, 's', 5.0], ['a', 2, 'r', 9.0]]
    """
    if not isinstance(count, int | np.integer) or count < 1:
        raise InputError("count", f"{count!r}", allowed="a whole number above 0")

    def ranked(place: Ints, facility: Ints, cost: Floats) -> tuple[Floats, Flags]:
        order = np.lexsort((facility, cost, place))
        place, facility, cost = place[order], facility[order], cost[order]
        rank = np.arange(1, len(place) + 1) - np.searchsorted(place, place)
        rows = np.column_stack([place, rank, facility, cost])[rank <= count]
        return rows, rows[:, 1] == count

    everywhere = np.arange(len(travel.places))
    found = _answers(travel, everywhere, ranked)
    place, rank, facility, cost = np.concatenate([np.empty((0, 4)), *found]).T
    order = np.lexsort((rank, place))
    return pd.DataFrame(
        {
            "place_id": travel.places[place[order].astype(np.int64)],
            "rank": rank[order].astype(np.int64),
            "facility_id": travel.facilities[facility[order].astype(np.int64)],
            travel.measure: cost[order],
        }
    )


def _answers(
    travel: Travel, at: Ints, answer: Callable[[Ints, Ints, Floats], tuple[Floats, Flags]]
) -> Iterator[Floats]:
    """
    What `answer` makes of the ways from some places, looked for no farther than needed.

    A few places are asked without limit. Within what nine in ten of them need, about as
    many of the others will have enough; the rest are asked again.

    Parameters
    ----------
    answer
        From places, facilities and costs to rows of a result, the place first and the
        cost last, and whether a row is the last of its place: then it has enough.
    """
    limit = 0.0
    while len(at):
        few = at[:: -(-len(at) // _FEW)]
        needs = [np.empty(0)]
        for block in travel.pairs(np.inf, few):
            rows, last = answer(*block)
            needs.append(rows[last, -1])
            yield rows
        need = np.concatenate(needs)
        limit = max(2 * limit, np.quantile(need, 0.9)) if len(need) else np.inf
        at = np.setdiff1d(at, few)
        enough = [np.empty(0, np.int64)]
        for block in travel.pairs(limit, at):
            rows, last = answer(*block)
            done = rows[:, 0] if limit == np.inf else rows[last, 0]
            enough.append(done.astype(np.int64))
            yield rows[np.isin(rows[:, 0], done)]
        at = np.setdiff1d(at, np.concatenate(enough)) if limit < np.inf else at[:0]


def balancing_cost(
    people: pd.Series[Any], supply: pd.Series[Any], *, travel: Travel
) -> pd.Series[float]:
    """
    Cost at which a place reaches as much supply as it has people.

    ``min d such that sum_j S_j [d_ij <= d] >= P_i``: to reach as many jobs as people live
    here one must go so far. Exact: no steps are tried.

    Parameters
    ----------
    people
        People of each place, on the places of `travel`.
    supply
        What each facility offers, on the facilities of `travel`, such as jobs.
    travel
        Ways from places to facilities.

    Returns
    -------
    Series
        Named as the cost of `travel`, on its places; 0 where nobody lives, ``inf`` where
        so much is never reached.

    Raises
    ------
    InputError
        If people or supply are not one number of at least 0 for each label.

    References
    ----------
    Barboza et al. 2021, Journal of Transport Geography 90,
    doi 10.1016/j.jtrangeo.2020.102924.

    Examples
    --------
    >>> from spatialplan.travel import table_travel
    >>> pairs = pd.DataFrame({"origin_id": "a", "destination_id": ["s", "t"],
    ...                       "time_min": [20.0, 5.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a"]), facilities=pd.Index(["s", "t"]))
    >>> jobs = pd.Series({"s": 10, "t": 4})
    >>> balancing_cost(pd.Series({"a": 5}), jobs, travel=travel).tolist()
    [20.0]
    """
    wanted = aligned(people, travel.places, "people")
    offered = aligned(supply, travel.facilities, "supply")

    def balanced(place: Ints, facility: Ints, cost: Floats) -> tuple[Floats, Flags]:
        order = np.lexsort((cost, place))
        place, cost = place[order], cost[order]
        reached = pd.Series(offered[facility[order]]).groupby(place).cumsum().to_numpy()
        enough = np.flatnonzero(reached >= wanted[place])
        here, first = np.unique(place[enough], return_index=True)
        return np.column_stack([here, cost[enough[first]]]), np.ones(len(here), dtype=bool)

    # A little more than there is, as sums of fractions depend on their order.
    some = np.flatnonzero((wanted > 0) & (wanted <= offered.sum() * (1 + 1e-9)))
    found = np.full(len(travel.places), np.inf)
    for rows in _answers(travel, some, balanced):
        found[rows[:, 0].astype(np.int64)] = rows[:, 1]
    found[wanted == 0] = 0
    return pd.Series(found, index=travel.places, name=travel.measure)


def _limits(limits: Sequence[float], travel: Travel) -> pd.Index[Any]:
    """Limits as the labels of columns."""
    values = [positive(limit, "limits") for limit in several(limits, "limits")]
    columns = pd.Index(values, name=travel.measure)
    if columns.empty or columns.has_duplicates:
        raise InputError("limits", f"{list(limits)}", allowed="at least one, none of them twice")
    return columns
