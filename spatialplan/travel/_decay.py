"""
Weights that fall with the cost of a way.

Amounts are minutes or metres, whatever the costs are that a decay is used on; so are
limits, and what an amount is compared with. A limit belongs to what lies within it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

import numpy as np

from spatialplan.errors import InputError

from ._values import positive

Floats = np.ndarray[Any, np.dtype[np.float64]]

FAINTEST = 1e-150
"""Weights below are none, so that the inverse of a sum of weights is always a number."""


@dataclass(frozen=True)
class Decay:
    """
    Weight of a way by its cost; one's own, or made by one of the functions below.

    Parameters
    ----------
    weight
        Weights of an array of amounts, at least 0.
    limit
        Amount above which the weight is 0, whatever `weight` says; ``inf``: none. With
        a limit, streets are searched no farther; without, every pair is weighed.
    formula
        How it is written, to be shown.

    Raises
    ------
    InputError
        If `weight` cannot be called, the limit is not above 0, or, when it is used, there
        is not one weight for each amount or all alike, or one is no finite number of at
        least 0.

    Examples
    --------
    >>> halved = Decay(lambda amount: 0.5 ** (amount / 10), limit=30, formula="halved in 10")
    >>> halved
    Decay(limit=30, formula='halved in 10')
    >>> halved(np.array([0.0, 10.0, 30.0, 31.0])).tolist()
    [1.0, 0.5, 0.125, 0.0]
    """

    weight: Callable[[Floats], Any] = field(repr=False)
    limit: float = np.inf
    formula: str = ""

    def __post_init__(self) -> None:
        if not callable(self.weight):
            raise InputError("decay", f"a weight of type {type(self.weight).__name__}",
                             allowed="a function of an array of amounts")  # fmt: skip
        if self.limit != np.inf:
            positive(self.limit, "decay: limit")

    def __call__(self, amounts: Floats) -> Floats:
        """Weights of amounts; 0 beyond the limit and where there is no way."""
        near = (amounts <= self.limit) & (amounts < np.inf)
        weights = np.zeros(amounts.shape)
        with np.errstate(all="ignore"):
            found = self.weight(amounts[near])
        try:
            weights[near] = np.broadcast_to(np.asarray(found, dtype=float), near.sum())
        except (TypeError, ValueError) as error:
            raise InputError("decay", f"weights {found!r}",
                             allowed="a number for each amount") from error  # fmt: skip
        fits = (weights >= 0) & (weights < np.inf)
        if not fits.all():
            at = np.unravel_index(np.argmin(fits), fits.shape)
            raise InputError("decay", f"a weight of {weights[at]:g} at {amounts[at]:g}",
                             allowed="finite numbers of at least 0")  # fmt: skip
        weights[weights < FAINTEST] = 0
        return weights


def at_most_one(decay: object) -> Decay:
    """
    The same decay, which refuses to give a way a weight above 1.

    Examples
    --------
    >>> at_most_one(Decay(np.ones_like))(np.array([5.0]))
    array([1.])
    """
    known = known_decay(decay)

    def weight(amounts: Floats) -> Floats:
        found = known(amounts)
        if (found > 1).any():
            raise InputError("decay", f"a weight of {found.max():g}", allowed="0 to 1")
        return found

    return replace(known, weight=weight)


def known_decay(decay: object) -> Decay:
    """A decay, unless it is something else, such as a bare function."""
    if not isinstance(decay, Decay):
        raise InputError("decay", f"a {type(decay).__name__}",
                         allowed="a Decay, such as cumulative_decay(15)",
                         do="wrap a function of your own: Decay(function, limit=60)")  # fmt: skip
    return decay
