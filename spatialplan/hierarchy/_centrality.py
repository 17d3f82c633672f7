"""How central places are by what they offer, and the tiers they fall into."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from spatialplan.errors import InputError

from ._values import FINITE
from ._values import Floats
from ._values import alike
from ._values import matrix
from ._values import numbers

Ints = np.ndarray[Any, np.dtype[np.int64]]


def entropy_weights(table: pd.DataFrame) -> pd.Series[float]:
    """
    Weights of indicators by how unevenly they are spread (熵权法).

    Each column is put on 0-1, ``z = (x - min) / (max - min)``; with ``p = z / sum(z)``
    and n places ``e = -sum(p ln p) / ln n`` (0 ln 0 is 0) and
    ``w = (1 - e) / sum(1 - e)``. A column that is the same everywhere tells nothing
    apart and weighs 0.

    Parameters
    ----------
    table
        One row for each place, one column for each indicator of which more is better.
        Where less is better, turn the sign of the column.

    Returns
    -------
    Series
        ``weight`` (0-1, sum 1) on the columns of `table`.

    Raises
    ------
    InputError
        If a value is no finite number, or every column is the same everywhere (as with
        a single place).

    References
    ----------
    Shannon 1948, Bell System Technical Journal 27; universal in Chinese planning reports.

    Examples
    --------
    >>> towns = pd.DataFrame({"shops": [8, 4, 0], "schools": [2, 1, 0], "parks": [1, 1, 1]})
    >>> entropy_weights(towns).round(3).to_dict()
    {'shops': 0.5, 'schools': 0.5, 'parks': 0.0}
    """
    scaled = _scaled(table)
    total = scaled.sum(axis=0)
    varied = total > 0
    if not varied.any():
        raise InputError("table", "every column is the same everywhere",
                         allowed="a column that tells places apart")  # fmt: skip
    share = scaled[:, varied] / total[varied]
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    entropy = -(share * logs).sum(axis=0) / np.log(len(table))
    weight = np.zeros(table.shape[1])
    weight[varied] = (1 - entropy) / (1 - entropy).sum()
    return pd.Series(weight, index=table.columns, name="weight")


def centrality(table: pd.DataFrame, weights: pd.Series[Any]) -> pd.Series[float]:
    """
    Weighted sum of indicators, each put on 0-1.

    Parameters
    ----------
    table
        As in `entropy_weights`.
    weights
        Weight of each column, on the columns of `table`; those of `entropy_weights` or
        any others.

    Returns
    -------
    Series
        ``centrality`` on the index of `table`; 0-1 if the weights sum to 1.

    Raises
    ------
    InputError
        If a value or weight is no finite number, or a weight is missing.

    Examples
    --------
    >>> towns = pd.DataFrame({"shops": [8, 4, 0], "schools": [2, 2, 0]}, index=list("abc"))
    >>> centrality(towns, pd.Series({"shops": 0.5, "schools": 0.5})).to_dict()
    {'a': 1.0, 'b': 0.75, 'c': 0.0}
    """
    scaled = _scaled(table)
    weight = pd.Series(numbers(weights, "weights", span=FINITE), index=weights.index)
    alike(table.columns, weights.index, ("table", "weights"))
    score = scaled @ weight[table.columns].to_numpy()
    return pd.Series(score, index=table.index, name="centrality")


def tiers(scores: pd.Series[Any], *, count: int) -> pd.Series[int]:
    """
    Tiers by natural breaks: the classes that differ least within.

    The classes of all possible ones whose squared deviations from the class mean have
    the smallest sum, found exactly. Equal scores are always in one tier.

    Parameters
    ----------
    scores
        A score of every place.
    count
        Number of tiers, at most that of different scores.

    Returns
    -------
    Series
        ``tier`` on the index of `scores`; 1 is the highest.

    Raises
    ------
    InputError
        If a score is no finite number, or there are fewer different scores than tiers.

    References
    ----------
    Fisher 1958, Journal of the American Statistical Association 53; Jenks 1967.

    Examples
    --------
    >>> tiers(pd.Series({"a": 0.9, "b": 0.5, "c": 0.45, "d": 0.1}), count=3).to_dict()
    {'a': 1, 'b': 2, 'c': 2, 'd': 3}
    """
    found = numbers(scores, "scores", span=FINITE)
    values, place, repeats = np.unique(found, return_inverse=True, return_counts=True)
    if not (pd.api.types.is_integer(count) and 1 <= count <= len(values)):
        raise InputError(
            "count", f"{count} tiers of {len(values)} different scores",
            allowed=f"1 to {len(values)}",
        )  # fmt: skip
    starts = np.array(_starts(values, repeats, count))
    tier = count - np.searchsorted(starts, place, side="right") + 1
    return pd.Series(tier, index=scores.index, name="tier")


def _starts(values: Floats, repeats: Ints, count: int) -> list[int]:
    """Position of the first value of each of `count` classes, lowest class first."""
    half = values / 2 - values[0] / 2  # no difference of halves is beyond any number
    scaled = half / (half[-1] or 1.0)
    size = len(values)
    # best[k, j]: smallest sum of squares of the first j values in k classes.
    best = np.full((count + 1, size + 1), np.inf)
    best[0, 0] = 0
    opened = np.zeros((count, size + 1), dtype=int)
    # Of the class from each start to the value at hand. Sums of squares grow by what each
    # value adds: differences of sums from the first value on would lose classes that lie
    # much closer than the whole.
    weight, mean, squares = np.zeros((3, size))
    for end in range(1, size + 1):
        new, so_far = repeats[end - 1], slice(end)
        off = scaled[end - 1] - mean[so_far]
        squares[so_far] += off**2 * weight[so_far] * new / (weight[so_far] + new)
        weight[so_far] += new
        mean[so_far] += off * new / weight[so_far]
        cost = best[:-1, so_far] + squares[so_far]
        opened[:, end] = cost.argmin(axis=1)
        best[1:, end] = cost.min(axis=1)
    starts = [size]
    for tier in range(count - 1, -1, -1):
        starts.append(int(opened[tier, starts[-1]]))
    return starts[:0:-1]


def _scaled(table: pd.DataFrame) -> Floats:
    """Every column from 0 to 1; 0 throughout where a column does not vary."""
    half = matrix(table, "table", FINITE) / 2  # no difference of halves is beyond any number
    if not half.size:
        return half
    low, spread = half.min(axis=0), np.ptp(half, axis=0)
    scaled: Floats = np.divide(half - low, spread, out=np.zeros_like(half), where=spread > 0)
    return scaled
