"""Whom a centre draws: Reilly, Converse and Huff."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.errors import InputError
from spatialplan.travel import representable

from ._values import ABOVE_ZERO
from ._values import DISTANCE
from ._values import SHARE
from ._values import alike
from ._values import matrix
from ._values import number
from ._values import numbers


def breaking_point(size: float, other: float, *, distance: float) -> float:
    """
    Distance from a place to where its pull and that of another place are equal.

    ``D_a = D / (1 + sqrt(P_b / P_a))`` on the way between both.

    Parameters
    ----------
    size, other
        People of the place and of the other one; one of them may be 0.
    distance
        Distance between both, in any unit; above 0.

    Returns
    -------
    float
        Distance from the place, in the unit of `distance`.

    Raises
    ------
    InputError
        If a size is below 0, the distance is not above 0, a value is no finite number,
        or both sizes are 0.

    References
    ----------
    Converse 1949, Journal of Marketing 14(3).

    Examples
    --------
    >>> breaking_point(120, 30, distance=30)
    20.0
    """
    name = "breaking_point"
    root = math.sqrt(number(size, name, "size"))
    other_root = math.sqrt(number(other, name, "other"))
    distance = number(distance, name, "distance", span=ABOVE_ZERO)
    if root + other_root == 0:
        raise InputError(name, "both sizes are 0", allowed="at most one size of 0")
    return float(representable(np.array(distance * root / (root + other_root)), name))


def reilly_ratio(size: float, other: float, *, distance: float, other_distance: float) -> float:
    """
    Trade that a place draws from a town between, for each unit that another place draws.

    ``B_a / B_b = (P_a / P_b) (D_b / D_a) ^ 2``.

    Parameters
    ----------
    size, other
        People of both places.
    distance, other_distance
        From the town between to each of both places, in one unit.

    Returns
    -------
    float
        The ratio, without unit; 1 at the `breaking_point`.

    Raises
    ------
    InputError
        If a value is not above 0.

    References
    ----------
    Reilly 1931, The Law of Retail Gravitation.

    Examples
    --------
    >>> reilly_ratio(120, 30, distance=20, other_distance=10)
    1.0
    """
    name = "reilly_ratio"
    given = {"size": size, "other": other, "distance": distance, "other_distance": other_distance}
    found = [number(value, name, where, span=ABOVE_ZERO) for where, value in given.items()]
    with np.errstate(all="ignore"):
        a, b, to_a, to_b = np.array(found)
        return float(representable(a / b * (to_b / to_a) ** 2, name))


def huff(
    distances: pd.DataFrame, attraction: pd.Series[Any], *, exponent: float = 2.0
) -> pd.DataFrame:
    """
    Probability that people of each place go to each centre.

    ``P_ij = S_j d_ij ^ -exponent / sum_k S_k d_ik ^ -exponent``. Who stands at a centre
    goes there, which is the limit for a distance of 0.

    Parameters
    ----------
    distances
        From each place (row) to each centre (column), in any one unit; ``inf`` or a
        missing value where there is no way.
    attraction
        Attraction of each centre, such as floor space, on the columns of `distances`.
    exponent
        How fast the pull falls with distance; above 0.

    Returns
    -------
    DataFrame
        Shares 0-1 on the index and columns of `distances`; each row sums to 1, or is 0
        throughout where no centre with any attraction can be reached.

    Raises
    ------
    InputError
        If labels differ, or a value is below 0 or no number.

    References
    ----------
    Huff 1963, Land Economics 39(1).

    Examples
    --------
    >>> distances = pd.DataFrame({"mall": [5.0, 20.0], "shop": [10.0, 10.0]}, index=["a", "b"])
    >>> huff(distances, pd.Series({"mall": 8.0, "shop": 2.0})).round(3).loc["a"].tolist()
    [0.941, 0.059]
    """
    exponent = number(exponent, "huff", "exponent", span=ABOVE_ZERO)
    apart = matrix(distances, "distances", DISTANCE, missing=np.inf)
    drawing = pd.Series(numbers(attraction, "attraction"), index=attraction.index)
    alike(distances.columns, attraction.index, ("distances", "attraction"))
    pull = drawing[distances.columns].to_numpy()
    apart = np.where(pull == 0, np.inf, apart)
    # Compared with the nearest centre of the row: no power of a small distance overflows,
    # and a distance of 0 leaves nothing to the others.
    nearest = apart.min(axis=1, initial=np.inf, keepdims=True)
    near = np.divide(nearest, apart, out=np.ones_like(apart), where=apart > nearest)
    drawn = np.where(np.isinf(apart), 0.0, pull * near**exponent)
    total = drawn.sum(axis=1, keepdims=True)
    share = np.divide(drawn, total, out=np.zeros_like(drawn), where=total > 0)
    return pd.DataFrame(share, index=distances.index, columns=distances.columns)


def patronage(probabilities: pd.DataFrame, people: pd.Series[Any]) -> pd.Series[float]:
    """
    People whom each centre may expect.

    Parameters
    ----------
    probabilities
        As `huff` gives them.
    people
        People of each place, on the index of `probabilities`.

    Returns
    -------
    Series
        ``people`` on the centres. Their sum is that of the places that reach a centre.

    Raises
    ------
    InputError
        If the indexes differ, a number of people is missing or below 0, or a
        probability is no share.

    Examples
    --------
    >>> shares = pd.DataFrame({"mall": [0.9, 0.5], "shop": [0.1, 0.5]})
    >>> patronage(shares, pd.Series([100.0, 20.0])).tolist()
    [100.0, 20.0]
    """
    share = matrix(probabilities, "probabilities", SHARE)
    number_of = numbers(people, "people")
    if not people.index.equals(probabilities.index):
        raise InputError("people", "another index than that of the probabilities")
    expected = number_of @ share
    return pd.Series(expected, index=probabilities.columns, name="people")


def market_areas(probabilities: pd.DataFrame) -> pd.Series[Any]:
    """
    Most probable centre of each place: Huff's areas, with an exponent of 2 Reilly's.

    Parameters
    ----------
    probabilities
        As `huff` gives them.

    Returns
    -------
    Series
        ``centre_id`` on the index of `probabilities`; the first of equally probable
        centres, None where no centre is reached.

    Raises
    ------
    InputError
        If a probability is no share.

    Examples
    --------
    >>> market_areas(pd.DataFrame({"mall": [0.9, 0.4, 0.0], "shop": [0.1, 0.6, 0.0]})).tolist()
    ['mall', 'shop', None]
    """
    share = matrix(probabilities, "probabilities", SHARE)
    centres = [probabilities.columns[int(row.argmax())] if row.any() else None for row in share]
    return pd.Series(centres, index=probabilities.index, name="centre_id", dtype=object)
