"""Whether two answers to one question are the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.work import NO_WAY

Array = np.ndarray[Any, Any]

CLOSE = 1e-6
"""Sums of fractions may differ by this share: nobody adds in the same order."""


def whole_costs(costs: Array, limit: int = NO_WAY - 1) -> Array:
    """
    Costs as whole numbers of 32 bits, `NO_WAY` over the limit, whoever gave them.

    >>> whole_costs(np.array([1.0, 5.0, np.inf]), 4).tolist()
    [1, 4294967295, 4294967295]
    """
    return np.where(costs <= limit, costs, np.float64(NO_WAY)).astype(np.uint32)


def difference(ours: Array, theirs: Array) -> str:
    """
    Say how the answer of a peer differs from ours, "" where it does not.

    A smaller answer is compared with the rows and columns it has.

    >>> difference(np.array([[1, 2], [3, 4]]), np.array([[1, 2]]))
    ''
    >>> difference(np.array([1, 2, 3, 4]), np.array([1, 2, 3, 6]))
    '25 % differ, by 2 in the median'
    """
    ours = ours[tuple(slice(0, size) for size in theirs.shape)]
    if ours.shape != theirs.shape:
        return f"{theirs.shape} instead of {ours.shape}"
    exact = np.issubdtype(ours.dtype, np.integer)
    ours, theirs = ours.astype(float), theirs.astype(float)
    off = np.abs(ours - theirs)
    differ = off > 0 if exact else off > CLOSE * np.abs(ours)
    if not differ.any():
        return ""
    share, median = 100 * differ.mean(), np.median(off[differ])
    return f"{share:.3g} % differ, by {median:g} in the median"
