"""Numbers of a table, checked before they are used."""

from __future__ import annotations

from decimal import Decimal
from numbers import Real
from typing import Any
from typing import NamedTuple

import numpy as np
import pandas as pd

from spatialplan.errors import InputError
from spatialplan.travel import unique

Floats = np.ndarray[Any, np.dtype[np.float64]]

_LARGEST = float(np.finfo(float).max)


class Span(NamedTuple):
    """The numbers that are allowed, and how to say so."""

    least: float
    most: float
    allowed: str


FINITE = Span(-_LARGEST, _LARGEST, "a finite number")
FROM_ZERO = Span(0, _LARGEST, "a number of at least 0")
ABOVE_ZERO = Span(float(np.nextafter(0, 1)), _LARGEST, "a number above 0")
DISTANCE = Span(0, np.inf, "a number of at least 0")
SHARE = Span(0, 1 + 1e-9, "a share, 0 to 1")


def numbers(values: pd.Series[Any], name: str, *, span: Span = FROM_ZERO) -> Floats:
    """Values of a series with an index of its own, or the first that is out of its span."""
    series(values, name)
    unique(values.index, name)
    found = _floats(values)
    fits = (found >= span.least) & (found <= span.most)
    if not fits.all():
        row = int(np.argmin(fits))
        raise InputError(name, _shown(values.iloc[row]), where=str(values.index[row]),
                         allowed=span.allowed)  # fmt: skip
    return found


def number(value: object, name: str, where: str, *, span: Span = FROM_ZERO) -> float:
    """One value, checked as those of a series."""
    one = pd.Series([value], index=[where], dtype=object)
    return float(numbers(one, name, span=span)[0])


def matrix(table: pd.DataFrame, name: str, span: Span, *, missing: float = np.nan) -> Floats:
    """Values of a table, `missing` where there are none, or the first out of its span."""
    frame(table, name)
    unique(table.index, f"{name}: rows")
    unique(table.columns, f"{name}: columns")
    found = np.empty(table.shape)
    for position in range(table.shape[1]):
        column = table.iloc[:, position]
        found[:, position] = np.where(column.isna(), missing, _floats(column))
    fits = (found >= span.least) & (found <= span.most)
    if not fits.all():
        row, position = np.argwhere(~fits)[0]
        where = f"row {table.index[row]}, column {table.columns[position]}"
        raise InputError(name, _shown(table.iloc[row, position]), where=where, allowed=span.allowed)
    return found


def series(values: object, name: str) -> None:
    """Refuse what is no Series."""
    if not isinstance(values, pd.Series):
        raise InputError(name, f"a {type(values).__name__}", allowed="a pandas Series")


def frame(table: object, name: str, *columns: str) -> None:
    """Refuse what is no DataFrame, or lacks a column."""
    if not isinstance(table, pd.DataFrame):
        raise InputError(name, f"a {type(table).__name__}", allowed="a pandas DataFrame")
    unique(table.columns, f"{name}: columns")
    known = list(table.columns)
    for column in columns:
        if column not in known:
            raise InputError(name, f"no column {column!r}", allowed=", ".join(map(str, known)))


def alike(one: pd.Index[Any], other: pd.Index[Any], names: tuple[str, str]) -> None:
    """Refuse two indexes that do not hold the same labels."""
    odd = one.symmetric_difference(other, sort=False)
    if len(odd):
        raise InputError(names[1], f"{odd[0]} is not in both {names[0]} and {names[1]}")


def _floats(values: pd.Series[Any]) -> Floats:
    """Values as numbers; nan for what is none, such as text."""
    kind = values.dtype
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind):
        return values.to_numpy(dtype=float, na_value=np.nan)
    return np.array([_float(value) for value in values], dtype=float)


def _float(value: object) -> float:
    """
    Value of a number, nan of anything else.

    >>> _float(3), _float("3"), _float(10**400), _float(Decimal("0.5"))
    (3.0, nan, inf, 0.5)
    """
    if not isinstance(value, Real | Decimal):
        return np.nan
    try:
        return float(value)
    except OverflowError:
        return np.inf


def _shown(value: object) -> str:
    """
    A value as it is told in a message: text in quotes, so that '3' is not 3.

    >>> _shown(-1.0), _shown(-1), _shown("3"), _shown(None)
    ('-1', '-1', "'3'", 'None')
    """
    if isinstance(value, float):
        return f"{value:g}"
    return repr(value) if isinstance(value, str) else str(value)
