"""
X-minute-city scores: how near all that daily life needs is, together.

`nearest_by_category` finds the ways, once; the scores are made of its table. Which
categories count, how much each weighs and what is near is for the caller to declare:
there is no set, weight or limit that everybody shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from .categories import require_category
from .engine import UNREACHED
from .errors import InputError
from .travel import aligned
from .travel import amounts
from .travel import at_most_one
from .travel import cost_of
from .travel import from_zero
from .travel import gate_costs
from .travel import nearest_amounts
from .travel import numbers
from .travel import positive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._choices import Measure
    from .network import Network
    from .travel import Decay

Floats = np.ndarray[Any, np.dtype[np.float64]]

_GATES = 64
"""Gates to which the ways of all places are held at a time, more if one facility has more."""


def nearest_by_category(
    places: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    network: Network,
    categories: Sequence[str],
    count: int = 1,
    measure: Measure = "time_min",
) -> pd.DataFrame:
    """
    Mean way from every place to the nearest facilities of each category.

    ``t_ic = (t_i(1) + ... + t_i(k)) / k`` over the `count` nearest of category c. With
    one, it is the minutes to each category, as in NEXI-Minutes (Olivari et al.); with
    several, the nearest-k mean of Bruno et al., who take 20.

    Parameters
    ----------
    places
        Points or polygons (their representative point).
    facilities
        FACILITIES; polygons are entered where streets cross their edge.
    network
        Streets, in the same coordinate system.
    categories
        Which ones, by their key.
    count
        ``k``.
    measure
        ``time_min`` or ``distance_m``: unit of the result.

    Returns
    -------
    DataFrame
        On the index of `places`, a column for each category; ``inf`` where fewer than
        `count` can be reached, ``nan`` where `facilities` have none of the category at
        all: then nothing was measured.

    Raises
    ------
    InputError
        If a category is unknown or comes twice, `count` is no whole number above 0,
        or the coordinate systems differ.

    References
    ----------
    Olivari et al. 2023, Journal of Urban Mobility 4, doi 10.1016/j.urbmob.2023.100057;
    Bruno et al. 2024, Nature Cities, doi 10.1038/s44284-024-00119-4.

    Examples
    --------
    >>> from spatialplan.network import Network
    >>> nodes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 600], [0, 0]), crs=4549)
    >>> nodes.index.name = "node_id"
    >>> edges = gpd.GeoDataFrame(
    ...     {"u": [0], "v": [1], "length_m": [600.0], "speed_kmh": [3.6], "oneway": [False]},
    ...     geometry=[nodes.union_all().convex_hull], crs=4549)
    >>> edges.index.name = "edge_id"
    >>> shops = nodes.assign(category=["park", "pharmacy"])
    >>> nearest_by_category(nodes, shops, network=Network("walk", nodes, edges),
    ...                     categories=["pharmacy", "park"]).values.tolist()
    [[10.0, 0.0], [0.0, 10.0]]
    """
    _require_request(facilities, categories, count, measure)
    here = network.locate(places)
    # The index, as positions, tells which gates are of one facility.
    tables = [facilities[facilities["category"] == name] for name in categories]
    gates = [network.locate_gates(table.reset_index(drop=True)) for table in tables]
    if count == 1:
        found = nearest_amounts(here, gates, network=network, measure=measure)
    else:
        means = [_mean_of_nearest(here, group, count, network, measure) for group in gates]
        found = np.column_stack(means)
    found[:, [table.empty for table in tables]] = np.nan
    return pd.DataFrame(found, index=places.index, columns=pd.Index(categories, name="category"))


def _require_request(
    facilities: gpd.GeoDataFrame, categories: Sequence[str], count: int, measure: str
) -> None:
    if "category" not in facilities.columns:
        raise InputError("facilities", "no column 'category'")
    if isinstance(categories, str) or not len(categories) or len({*categories}) < len(categories):
        raise InputError(
            "categories", f"{categories!r}", allowed="at least one, none of them twice"
        )
    for name in {*categories} - {*facilities["category"]}:
        require_category(name, source="categories")
    if not isinstance(count, int | np.integer) or count < 1:
        raise InputError("count", f"{count!r}", allowed="a whole number above 0")
    cost_of(measure)


def _mean_of_nearest(
    here: pd.DataFrame, gates: pd.DataFrame, count: int, network: Network, measure: Measure
) -> Floats:
    """Mean of the ways to the nearest facilities; gates of one facility follow each other."""
    facility, facilities = pd.factorize(gates.index)
    if count > len(facilities):  # whatever the count, no more is held than there is
        return np.full(len(here), np.inf)
    part_of = np.searchsorted(facility, facility) // _GATES
    near = np.full((count, len(here)), UNREACHED, np.uint32)
    # Facilities a few at a time, each with all of its gates.
    for part in np.unique(part_of):
        some = gates[part_of == part]
        costs = np.empty((len(some), len(here)), np.uint32)
        for at, block in gate_costs(here, some, network=network, measure=measure):
            costs[at] = block
        firsts = np.flatnonzero(~some.index.duplicated())
        ways = np.concatenate([near, np.minimum.reduceat(costs, firsts)])
        near = np.partition(ways, count - 1, axis=0)[:count]
    found: Floats = amounts(near.astype(np.int64), cost_of(measure)[1]).mean(axis=0)
    return found


def reached_categories(ways: pd.DataFrame, *, limit: float) -> pd.DataFrame:
    """
    How many categories of a set each place reaches, and whether it reaches all.

    ``n_i = sum_c [t_ic <= limit]``. The mean of ``all`` over people (`people_means`) is
    the share of them who reach at least one of every category.

    Parameters
    ----------
    ways
        From `nearest_by_category`: the set is that of its columns.
    limit
        In the unit of `ways`, minutes or metres.

    Returns
    -------
    DataFrame
        On the index of `ways`: ``reached``, a number of categories, ``share`` of the set
        and ``all``, 1 or 0; ``nan`` where a category was not measured.

    Raises
    ------
    InputError
        If there is no category, a way is no number or below 0, or the limit is no finite number
        above 0.

    References
    ----------
    Logan et al. 2022, Cities 131: residents who reach all of a set of amenities.

    Examples
    --------
    >>> ways = pd.DataFrame({"park": [4.0, 15.0], "pharmacy": [16.0, 15.0]})
    >>> reached_categories(ways, limit=15).values.tolist()
    [[1.0, 0.5, 0.0], [2.0, 1.0, 1.0]]
    """
    _require_ways(ways)
    reached = (ways <= positive(limit, "limit")).sum(axis=1).astype(float)
    reached = reached.mask(ways.isna().any(axis=1))
    share = reached / len(ways.columns)
    every = (share == 1).astype(float).mask(share.isna())
    return pd.DataFrame({"reached": reached, "share": share, "all": every})


def mean_proximity(ways: pd.DataFrame, *, weights: Mapping[str, float]) -> pd.Series[float]:
    """
    Mean way over all categories: ``sum_c w_c t_ic / sum_c w_c``.

    Where it shall count no further than 15 minutes, as Bruno et al. cut it, give
    ``ways.clip(upper=15)``, and say so.

    Parameters
    ----------
    ways
        From `nearest_by_category`.
    weights
        What each category weighs against the others, all of them 1 if they are alike.

    Returns
    -------
    Series
        ``proximity`` in the unit of `ways`; ``inf`` where a category that has weight
        cannot be reached, ``nan`` where one was not measured.

    Raises
    ------
    InputError
        If there is not one number of at least 0 for each category, or none above 0; or
        a way is below 0.

    References
    ----------
    Bruno et al. 2024, Nature Cities, doi 10.1038/s44284-024-00119-4.

    Examples
    --------
    >>> ways = pd.DataFrame({"park": [4.0], "pharmacy": [16.0]})
    >>> mean_proximity(ways, weights={"park": 1, "pharmacy": 3}).tolist()
    [13.0]
    """
    return _weighted(ways, weights, ways.to_numpy(dtype=float)).rename("proximity")


def proximity_score(
    ways: pd.DataFrame, *, weights: Mapping[str, float], decay: Decay
) -> pd.Series[float]:
    """
    Score from 0 to 100: ``100 sum_c w_c f(t_ic) / sum_c w_c``.

    With `cumulative_decay` it is the weighted share of categories within the limit. It is
    of the kind of NEXI-Global (Olivari et al.), 0 to 100 over the categories, but not the
    same: the curve and the weights are the caller's, and no value printed for that index
    is claimed. Nor is it a Walk Score, whose curve is not published.

    Parameters
    ----------
    ways
        From `nearest_by_category`.
    weights
        What each category weighs against the others, all of them 1 if they are alike.
    decay
        ``f``, from 1 (near) to 0 (far), in the unit of `ways`.

    Returns
    -------
    Series
        ``score``; 0 for a category that cannot be reached, ``nan`` where one that has
        weight was not measured.

    Raises
    ------
    InputError
        If there is not one number of at least 0 for each category, or none above 0; a
        way is below 0; or the decay gives a weight above 1.

    References
    ----------
    Olivari et al. 2023, Journal of Urban Mobility 4, doi 10.1016/j.urbmob.2023.100057.

    Examples
    --------
    >>> from spatialplan.travel import step_decay
    >>> ways = pd.DataFrame({"park": [4.0], "pharmacy": [16.0]})
    >>> proximity_score(ways, weights={"park": 1, "pharmacy": 3},
    ...                 decay=step_decay([15, 30], [1, 0.5])).tolist()
    [62.5]
    """
    _require_ways(ways)
    costs = ways.to_numpy(dtype=float)
    near = at_most_one(decay)(costs)
    near[np.isnan(costs)] = np.nan
    return (100 * _weighted(ways, weights, near)).rename("score")


def _weighted(ways: pd.DataFrame, weights: Mapping[str, float], values: Floats) -> pd.Series[float]:
    """Weighted mean over the categories; one without weight counts for nothing, even ``inf``."""
    _require_ways(ways)
    if not isinstance(weights, Mapping):
        raise InputError("weights", f"a {type(weights).__name__}", allowed="a dict of numbers")
    if odd := {*weights} ^ {*ways.columns}:
        raise InputError("weights", f"{min(map(str, odd))}", allowed="one for each category")
    weight = np.array([from_zero(weights[name], f"weights: {name}") for name in ways.columns])
    if not weight.any():
        raise InputError("weights", "all of them are 0", allowed="at least one above 0")
    # By a power of two, which changes no digit: sums of the largest weights are numbers.
    weight = np.ldexp(weight, -np.frexp(weight.max())[1])
    # Rows are summed as the weights are, so that 1 everywhere has a mean of 1 exactly.
    parts = np.ascontiguousarray(values[:, weight > 0] * weight[weight > 0])
    return pd.Series(parts.sum(axis=1) / weight[weight > 0].sum(), index=ways.index)


def _require_ways(ways: object) -> None:
    ways = _table_of_numbers(ways, "ways")
    if not len(ways.columns):
        raise InputError("ways", "no category", do="use the result of nearest_by_category")
    if (ways < 0).to_numpy().any():
        raise InputError("ways", "a way below 0", do="use the result of nearest_by_category")


def _table_of_numbers(table: object, name: str) -> pd.DataFrame:
    if not isinstance(table, pd.DataFrame):
        raise InputError(name, f"a {type(table).__name__}", allowed="a pandas DataFrame")
    for label, column in table.items():
        numbers(column, f"{name}: {label}")
    return table


def people_means(
    table: pd.DataFrame,
    values: pd.DataFrame,
    *,
    weight: str = "population",
    by: str | None = None,
) -> pd.DataFrame:
    """
    What people have on average, in all or by area: ``sum_i P_i a_i / sum_i P_i``.

    Parameters
    ----------
    table
        DEMAND, or any table with a weight.
    values
        What each place has, on the index of `table`: ways, scores, shares.
    weight
        Column of people.
    by
        Column to group by, such as ``area_id``; without it there is one group, ``all``.

    Returns
    -------
    DataFrame
        Index ``group``: ``total`` (people), and the columns of `values` in their units;
        ``inf`` where somebody has no way (cut ways first, ``values.clip(upper=30)``, or
        take a share or score instead), ``nan`` where nobody lives or something was not
        measured. A place without people does not count.

    Raises
    ------
    InputError
        If a column is missing, a weight is no finite number of at least 0, or `values`
        are no numbers or do not have the index of `table`.

    Examples
    --------
    >>> homes = pd.DataFrame({"population": [30.0, 10.0], "area_id": ["a", "a"]})
    >>> people_means(homes, pd.DataFrame({"park": [4.0, 8.0]}), by="area_id").values.tolist()
    [[40.0, 5.0]]
    """
    for name in [weight, *([by] if by else [])]:
        if name not in table.columns:
            raise InputError("people_means", f"no column {name!r}",
                             allowed=", ".join(map(str, table.columns)))  # fmt: skip
    if not _table_of_numbers(values, "values").index.equals(table.index):
        raise InputError("values", "another index than the table's")
    people = aligned(table[weight], table.index, weight)
    group = table[by].to_numpy() if by else np.full(len(table), "all")
    code, groups = pd.factorize(group, sort=True, use_na_sentinel=False)
    lived = people > 0
    sums = np.zeros((len(groups), len(values.columns)))
    np.add.at(sums, code[lived], values.to_numpy(dtype=float)[lived] * people[lived, None])
    total = np.bincount(code, people, minlength=len(groups))
    means = np.full(sums.shape, np.nan)
    np.divide(sums, total[:, None], out=means, where=total[:, None] > 0)
    found = pd.DataFrame(means, index=pd.Index(groups, name="group"), columns=values.columns)
    found.insert(0, "total", total)
    return found
