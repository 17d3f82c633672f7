"""Decays that fall smoothly."""

from __future__ import annotations

import numpy as np

from ._decay import Decay
from ._values import from_zero
from ._values import positive


def linear_decay(limit: float) -> Decay:
    """
    Evenly down to the limit: ``f(d) = 1 - d / limit``.

    Parameters
    ----------
    limit
        Where the weight reaches 0, in minutes or metres.

    Returns
    -------
    Decay
        Without unit.

    Raises
    ------
    InputError
        If the limit is no finite number above 0.

    References
    ----------
    Black & Conroy 1977, Environment and Planning A 9(9).

    Examples
    --------
    >>> linear_decay(20)(np.array([0.0, 5.0, 20.0])).tolist()
    [1.0, 0.75, 0.0]
    """
    limit = positive(limit, "limit")
    return Decay(lambda amount: 1 - amount / limit, limit, f"1 - d / {limit:g}")


def exponential_decay(rate: float, *, limit: float = np.inf) -> Decay:
    """
    ``f(d) = exp(-rate d)``.

    Parameters
    ----------
    rate
        For each minute or metre.
    limit
        Amount above which nothing counts, in minutes or metres.

    Returns
    -------
    Decay
        Without unit.

    Raises
    ------
    InputError
        If a parameter is not above 0, or the rate is not finite.

    References
    ----------
    Wilson 1967, Transportation Research 1(3).

    Examples
    --------
    >>> exponential_decay(0.1)(np.array([0.0, 10.0])).round(4).tolist()
    [1.0, 0.3679]
    """
    rate = positive(rate, "rate")
    return Decay(lambda amount: np.exp(-rate * amount), limit, f"exp(-{rate:g} d)")


def power_decay(exponent: float, *, least: float = 0.0, limit: float = np.inf) -> Decay:
    """
    ``f(d) = max(d, least) ^ -exponent``.

    Parameters
    ----------
    exponent
        How fast it falls.
    least
        Shorter ways count as this, in minutes or metres: at 0 there is no weight.
    limit
        Amount above which nothing counts, in minutes or metres.

    Returns
    -------
    Decay
        In minutes or metres to the power of ``-exponent``. On streets `least` must be
        above 0.

    Raises
    ------
    InputError
        If exponent or limit is not above 0, or `least` below 0.

    References
    ----------
    Hansen 1959, Journal of the American Institute of Planners 25(2).

    Examples
    --------
    >>> power_decay(2, least=1)(np.array([0.0, 1.0, 2.0])).tolist()
    [1.0, 1.0, 0.25]
    """
    exponent = positive(exponent, "exponent")
    least = from_zero(least, "least")
    return Decay(lambda amount: np.maximum(amount, least) ** -exponent, limit,
                 f"max(d, {least:g}) ^ -{exponent:g}")  # fmt: skip


def gaussian_decay(sigma: float, *, limit: float = np.inf) -> Decay:
    """
    ``f(d) = exp(-(d / sigma) ^ 2 / 2)``.

    Parameters
    ----------
    sigma
        Where the weight is 0.607, in minutes or metres.
    limit
        Amount above which nothing counts, in minutes or metres.

    Returns
    -------
    Decay
        Without unit.

    Raises
    ------
    InputError
        If a parameter is not above 0, or sigma is not finite.

    References
    ----------
    Ingram 1971, Regional Studies 5(2).

    Examples
    --------
    >>> gaussian_decay(10)(np.array([0.0, 10.0, 20.0])).round(4).tolist()
    [1.0, 0.6065, 0.1353]
    """
    sigma = positive(sigma, "sigma")
    return Decay(lambda amount: np.exp(-0.5 * (amount / sigma) ** 2), limit,
                 f"exp(-(d / {sigma:g}) ^ 2 / 2)")  # fmt: skip


def truncated_gaussian_decay(limit: float) -> Decay:
    """
    ``f(d) = (exp(-(d / limit) ^ 2 / 2) - exp(-1/2)) / (1 - exp(-1/2))``: 1 here, 0 at the limit.

    Parameters
    ----------
    limit
        In minutes or metres.

    Returns
    -------
    Decay
        Without unit.

    Raises
    ------
    InputError
        If the limit is no finite number above 0.

    References
    ----------
    Dai 2010, Health & Place 16(5): Ga2SFCA.

    Examples
    --------
    >>> truncated_gaussian_decay(20)(np.array([0.0, 5.0, 10.0, 20.0])).round(4).tolist()
    [1.0, 0.9218, 0.7014, 0.0]
    """
    limit = positive(limit, "limit")
    end = np.exp(-0.5)
    # At the limit two roundings of one exponential may differ, and no weight is below 0.
    return Decay(
        lambda amount: np.maximum(np.exp(-0.5 * (amount / limit) ** 2) - end, 0) / (1 - end), limit,
                 f"(exp(-(d / {limit:g}) ^ 2 / 2) - exp(-1/2)) / (1 - exp(-1/2))")  # fmt: skip


def epanechnikov_decay(limit: float) -> Decay:
    """
    ``f(d) = 3/4 (1 - (d / limit) ^ 2)``, the kernel of Epanechnikov.

    Parameters
    ----------
    limit
        Where the weight reaches 0, in minutes or metres.

    Returns
    -------
    Decay
        Without unit.

    Raises
    ------
    InputError
        If the limit is no finite number above 0.

    References
    ----------
    Dai & Wang 2011, Environment and Planning B 38(4): KD2SFCA.

    Examples
    --------
    >>> epanechnikov_decay(20)(np.array([0.0, 10.0, 20.0])).tolist()
    [0.75, 0.5625, 0.0]
    """
    limit = positive(limit, "limit")
    return Decay(lambda amount: 0.75 * (1 - (amount / limit) ** 2), limit,
                 f"3/4 (1 - (d / {limit:g}) ^ 2)")  # fmt: skip


def logistic_decay(middle: float, spread: float, *, limit: float = np.inf) -> Decay:
    """
    ``f(d) = (1 + exp(-middle c)) / (1 + exp((d - middle) c))`` with ``c = pi / (spread sqrt(3))``.

    Parameters
    ----------
    middle
        Where the weight has fallen to about a half, in minutes or metres.
    spread
        Standard deviation of the logistic distribution, in minutes or metres.
    limit
        Amount above which nothing counts, in minutes or metres.

    Returns
    -------
    Decay
        Without unit; 1 at 0.

    Raises
    ------
    InputError
        If a parameter is not above 0, or `middle` or `spread` is not finite.

    References
    ----------
    Bauer & Groneberg 2016, PLOS ONE 11(7), doi 10.1371/journal.pone.0159148.

    Examples
    --------
    >>> logistic_decay(30, 10)(np.array([0.0, 30.0, 60.0])).round(3).tolist()
    [1.0, 0.502, 0.004]
    """
    middle, spread = positive(middle, "middle"), positive(spread, "spread")
    slope = np.pi / (spread * np.sqrt(3))
    return Decay(
        lambda amount: (1 + np.exp(-middle * slope)) / (1 + np.exp((amount - middle) * slope)),
        limit,
        f"(1 + exp(-{middle:g} c)) / (1 + exp((d - {middle:g}) c)), c = pi / ({spread:g} sqrt(3))",
    )
