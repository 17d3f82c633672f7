"""Decays in steps: zones, one cut-off, the mean of many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from spatialplan.errors import InputError

from ._decay import Decay
from ._values import from_zero
from ._values import positive

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_STEPS = 100_000
"""More limits between two others than costs can tell apart are a slip of the pen."""


def step_decay(limits: Sequence[float], weights: Sequence[float]) -> Decay:
    """
    One weight within each of several zones: ``w_1`` up to ``d_1``, then ``w_2`` up to ``d_2`` ...

    Parameters
    ----------
    limits
        Outer limits of the zones, rising, in minutes or metres.
    weights
        Weight of each zone.

    Returns
    -------
    Decay
        Without unit; 0 beyond the last zone.

    Raises
    ------
    InputError
        If limits do not rise from above 0, there is not one weight for each, or a weight
        is no finite number of at least 0.

    References
    ----------
    Luo & Qi 2009, Health & Place 15(4): zones of E2SFCA.

    Examples
    --------
    >>> step_decay([10, 20, 30], [1, 0.68, 0.22])(np.array([5.0, 10, 12, 30, 31])).tolist()
    [1.0, 1.0, 0.68, 0.22, 0.0]
    """
    outer = np.array([positive(limit, "limits") for limit in several(limits, "limits")])
    inside = np.array([from_zero(weight, "weights") for weight in several(weights, "weights")])
    if len(outer) == 0 or len(outer) != len(inside) or (np.diff(outer) <= 0).any():
        raise InputError("step_decay", f"limits {list(limits)} with {len(inside)} weights",
                         allowed="limits that rise, with a weight for each")  # fmt: skip
    zones = ", ".join(
        f"{weight:g} to {limit:g}" for weight, limit in zip(inside, outer, strict=True)
    )
    return Decay(lambda amount: inside[np.searchsorted(outer, amount)], float(outer[-1]), zones)


def several(values: object, name: str) -> list[object]:
    """
    Members of a list, tuple, array or the like, which a bare number is not.

    Examples
    --------
    >>> several((15, 30), "limits")
    [15, 30]
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InputError(name, f"{values!r}", allowed="a list of numbers, such as [15, 30]")
    return list(values)


def cumulative_decay(limit: float) -> Decay:
    """
    All or nothing: ``f(d) = 1`` where ``d <= limit``, else 0.

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
    Wachs & Kumagai 1973, Socio-Economic Planning Sciences 7(5); Luo & Wang 2003,
    Environment and Planning B 30(6), doi 10.1068/b29120: 2SFCA.

    Examples
    --------
    >>> cumulative_decay(15)(np.array([0.0, 15.0, 15.1])).tolist()
    [1.0, 1.0, 0.0]
    """
    return step_decay([limit], [1.0])


def interval_decay(lower: float, upper: float, *, step: float) -> Decay:
    """
    Mean of `cumulative_decay` at the limits ``lower, lower + step, ... upper``.

    Sums with it are the mean of cumulative opportunities over an interval of cut-offs,
    which no single cut-off decides.

    Parameters
    ----------
    lower, upper
        First and last limit, in minutes or metres.
    step
        Between two limits; a whole number of steps leads from the first to the last.

    Returns
    -------
    Decay
        Without unit.

    Raises
    ------
    InputError
        If a parameter is not above 0, steps do not lead from `lower` to `upper`, or there
        are more than 100,000.

    References
    ----------
    Tomasiello et al. 2023, Applied Geography 157, doi 10.1016/j.apgeog.2023.103007.

    Examples
    --------
    >>> interval_decay(20, 40, step=10)(np.array([20.0, 21.0, 40.0, 41.0])).round(3).tolist()
    [1.0, 0.667, 0.333, 0.0]
    """
    first, last = positive(lower, "lower"), positive(upper, "upper")
    steps = (last - first) / positive(step, "step")
    count = round(steps)
    if not 0 <= count <= MOST_STEPS or abs(steps - count) > 1e-9:
        raise InputError("interval_decay", f"steps of {step:g} from {first:g} to {last:g}",
                         allowed=f"a whole number of steps up, at most {MOST_STEPS:,}")  # fmt: skip
    limits = np.linspace(first, last, count + 1)
    return step_decay(limits.tolist(), (np.arange(count + 1, 0, -1) / (count + 1)).tolist())
