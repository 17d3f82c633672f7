"""Sizes of places by rank: the rank-size line and primacy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from spatialplan.travel import representable

from ._values import ABOVE_ZERO
from ._values import numbers

if TYPE_CHECKING:
    import pandas as pd

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class RankSize:
    """
    How sizes fall with rank, fitted in two ways.

    Parameters
    ----------
    places
        Number of places.
    intercept, q, r2
        Ordinary least squares of ``ln P = intercept - q ln R``, with R².
    gi_intercept, gi_b, gi_se
        ``ln(R - 1/2) = gi_intercept - gi_b ln P`` and the standard error of ``gi_b``,
        ``gi_b sqrt(2 / places)``: without the bias that `q` has for few places.
    """

    places: int
    intercept: float
    q: float
    r2: float
    gi_intercept: float
    gi_b: float
    gi_se: float


@dataclass(frozen=True)
class Primacy:
    """
    How far the largest place stands out.

    Parameters
    ----------
    s2, s4, s11
        The two-, four- and eleven-city index; nan where there are fewer places.
    """

    s2: float
    s4: float
    s11: float


def rank_size(populations: pd.Series[Any]) -> RankSize:
    """
    Fit the rank-size rule.

    Places of equal size take ranks one after the other, in any order: the fit is the same.

    Parameters
    ----------
    populations
        People (or another size, above 0) of every place.

    Returns
    -------
    RankSize
        Both fits; nan where there is nothing to fit (one place, or all of one size).

    Raises
    ------
    InputError
        If a size is missing or not above 0.

    References
    ----------
    Zipf 1949. Gabaix & Ibragimov 2011, Journal of Business & Economic Statistics 29(1).

    Examples
    --------
    >>> import pandas as pd
    >>> fit = rank_size(pd.Series([120, 60, 40, 30, 20, 10]))
    >>> round(fit.q, 4), round(fit.gi_b, 4), round(fit.gi_se, 4)
    (1.2621, 0.9729, 0.5617)
    """
    size = np.log(np.sort(numbers(populations, "populations", span=ABOVE_ZERO))[::-1])
    rank = np.arange(1, len(size) + 1)
    slope, intercept, r2 = _fit(np.log(rank), size)
    gi_slope, gi_intercept, _ = _fit(size, np.log(rank - 0.5))
    return RankSize(
        places=len(size),
        intercept=intercept,
        q=-slope,
        r2=r2,
        gi_intercept=gi_intercept,
        gi_b=-gi_slope,
        gi_se=abs(gi_slope) * float(np.sqrt(2 / len(size))) if len(size) else np.nan,
    )


def primacy(populations: pd.Series[Any]) -> Primacy:
    """
    The indices of primacy (首位度, 四城市指数, 十一城市指数).

    ``S2 = P1 / P2``, ``S4 = P1 / (P2 + P3 + P4)``, ``S11 = 2 P1 / (P2 + ... + P11)``;
    a rank-size rule with q = 1 gives 2, about 1 and about 1.

    Parameters
    ----------
    populations
        People (or another size, above 0) of every place.

    Returns
    -------
    Primacy
        The three indices, without unit.

    Raises
    ------
    InputError
        If a size is missing or not above 0.

    Examples
    --------
    >>> import pandas as pd
    >>> primacy(pd.Series([120, 60, 40, 30, 20, 10]))
    Primacy(s2=2.0, s4=0.9230769230769231, s11=nan)
    """
    found = np.sort(numbers(populations, "populations", span=ABOVE_ZERO))[::-1]
    size = found / 16  # no sum of eleven is beyond any number

    def index(cities: int, weight: int) -> float:
        if len(size) < cities:
            return np.nan
        with np.errstate(all="ignore"):
            ratio = weight * size[0] / size[1:cities].sum()
        return float(representable(ratio, "primacy"))

    return Primacy(s2=index(2, 1), s4=index(4, 1), s11=index(11, 2))


def _fit(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Slope, intercept and R² of a least-squares line; nan where x or y does not vary."""
    if len(x) < 2 or np.ptp(x) == 0:
        return np.nan, np.nan, np.nan
    from_mean_x, from_mean_y = x - x.mean(), y - y.mean()
    slope = float(from_mean_x @ from_mean_y / (from_mean_x @ from_mean_x))
    rest = from_mean_y - slope * from_mean_x
    r2 = float(1 - rest @ rest / (from_mean_y @ from_mean_y)) if np.ptp(y) else np.nan
    return slope, float(y.mean()) - slope * float(x.mean()), r2
