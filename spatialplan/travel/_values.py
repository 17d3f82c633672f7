"""Numbers that a measure is given, checked before they are used."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.errors import InputError

from ._pairs import NO_LIMIT

Floats = np.ndarray[Any, np.dtype[np.float64]]


def aligned(values: pd.Series[Any], index: pd.Index[Any], name: str) -> Floats:
    """
    Values of a series in the order of an index that holds the same labels.

    Raises
    ------
    InputError
        If a label is missing, repeated or unknown, or a value is no number of at least 0.

    Examples
    --------
    >>> aligned(pd.Series({"b": 2, "a": 1}), pd.Index(["a", "b"]), "people")
    array([1., 2.])
    """
    if not isinstance(values, pd.Series):
        raise InputError(name, f"a {type(values).__name__}", allowed="a pandas Series")
    unique(values.index, name)
    odd = index.symmetric_difference(values.index, sort=False)
    if len(odd):
        fault = "is not in the travel" if odd[0] in values.index else "has no value"
        raise InputError(name, f"{odd[0]} {fault}", allowed="one value for each label of it")
    found = numbers(values.reindex(index), name)
    fits = (found >= 0) & np.isfinite(found)
    if not fits.all():
        row = int(np.argmin(fits))
        raise InputError(name, f"{found[row]:g}", where=str(index[row]),
                         allowed="a finite number of at least 0")  # fmt: skip
    return found


def numbers(values: pd.Series[Any], name: str) -> Floats:
    """Values of a series as numbers, ``nan`` where one is missing."""
    kind = values.dtype
    if not pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_complex_dtype(kind):
        raise InputError(name, f"values of type {kind}", allowed="numbers")
    return values.to_numpy(dtype=float, na_value=np.nan)


def unique(index: pd.Index[Any], name: str) -> None:
    """Refuse an index that names two rows alike, or one not at all."""
    if pd.isna(index.to_numpy()).any():
        raise InputError(name, "a label is missing", allowed="a label of its own for each")
    if index.has_duplicates:
        raise InputError(name, f"the index repeats {index[index.duplicated()][0]}")


def positive(value: object, name: str) -> float:
    """
    A parameter that is a finite number above 0.

    Raises
    ------
    InputError
        If it is none.

    Examples
    --------
    >>> positive(15, "limit")
    15.0
    """
    number = _as_float(value)
    if not 0 < number < np.inf:
        raise InputError(name, f"{value!r:.40}", allowed="a finite number above 0")
    return number


def from_zero(value: object, name: str) -> float:
    """A parameter that is a finite number of at least 0, as `positive`."""
    number = _as_float(value)
    if not 0 <= number < np.inf:
        raise InputError(name, f"{value!r:.40}", allowed="a finite number of at least 0")
    return number


def _as_float(value: object) -> float:
    """A number as a float, nan for what is none: a whole number may be too large for one."""
    if not isinstance(value, Real):
        return np.nan
    try:
        return float(value)
    except OverflowError:
        return np.inf


def whole_units(limit: float, unit: int) -> int:
    """
    Greatest cost in whole units that is within a limit, at most `NO_LIMIT`.

    Costs are told as ``cost / unit``, so what is told never exceeds the limit.

    Examples
    --------
    >>> whole_units(15, 1200), whole_units(1.03, 20), whole_units(0.1 + 0.2, 20)
    (18000, 20, 6)
    """
    nearest = round(min(limit * unit, NO_LIMIT))
    return nearest if nearest / unit <= limit else nearest - 1


def representable(values: Floats, name: str) -> Floats:
    """
    Results, unless one is such that no number can hold it.

    Raises
    ------
    InputError
        If a result is not finite.
    """
    if not np.isfinite(values).all():
        raise InputError(name, "a result beyond any number", do="give values in larger units")
    return values
