"""Whole numbers as bytes: the small ones short, so that a page stays light."""

from __future__ import annotations

from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]

_BITS = 7


def counts(values: Ints) -> bytes:
    """
    Whole numbers of at least 0, seven bits a byte, the lowest first; the eighth bit says "more".

    Examples
    --------
    >>> counts(np.array([1, 127, 128, 300])).hex(" ")
    '01 7f 80 01 ac 02'
    """
    values = np.asarray(values, np.int64)
    width = max(1, -(-int(values.max(initial=0)).bit_length() // _BITS))
    shifts = _BITS * np.arange(width)
    size = 1 + (values[:, None] >> shifts[1:] > 0).sum(axis=1)
    groups = values[:, None] >> shifts & 127
    groups |= (np.arange(width) < size[:, None] - 1) << _BITS
    packed: bytes = groups[np.arange(width) < size[:, None]].astype(np.uint8).tobytes()
    return packed


def steps(values: Ints) -> bytes:
    """
    Whole numbers of any sign, those near 0 short: 0, -1, 1, -2 ... are told as 0, 1, 2, 3 ...

    Examples
    --------
    >>> steps(np.array([0, -1, 1, -64, 64])).hex(" ")
    '00 01 02 7f 80 01'
    """
    values = np.asarray(values, np.int64)
    return counts(values << 1 ^ values >> 63)


def differences(values: Ints) -> bytes:
    """
    Whole numbers, each as its step from the one before.

    Examples
    --------
    >>> differences(np.array([100, 101, 99])).hex(" ")
    'c8 01 02 03'
    """
    values = np.asarray(values, np.int64)
    return steps(values - np.append(0, values[:-1]))
