"""Numbers of a table, checked before they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable

Floats = np.ndarray[Any, np.dtype[np.float64]]


def numbers(values: pd.Series[Any], name: str, *, above_zero: bool = False) -> Floats:
    """Finite values of at least 0 (or above it), or the first place where they are not."""
    found = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    fits = np.isfinite(found) & ((found > 0) if above_zero else (found >= 0))
    if not fits.all():
        row = int(np.argmin(fits))
        raise InputError(
            name,
            str(values.iloc[row]),
            where=str(values.index[row]),
            allowed="a number above 0" if above_zero else "a number of at least 0",
        )
    return found


def unique(index: pd.Index[Any], name: str) -> None:
    """Refuse an index that names two rows alike."""
    repeated: list[Hashable] = list(index[index.duplicated()])
    if repeated:
        raise InputError(name, f"the index repeats {repeated[0]}")
