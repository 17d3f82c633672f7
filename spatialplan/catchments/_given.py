"""What catchments are given, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.travel import Decay
from spatialplan.travel import aligned
from spatialplan.travel import known_decay
from spatialplan.travel import representable

if TYPE_CHECKING:
    from spatialplan.travel import Travel

Floats = np.ndarray[Any, np.dtype[np.float64]]


def given(
    people: pd.Series[Any], supply: pd.Series[Any], travel: Travel, decay: Decay
) -> tuple[Floats, Floats, Decay]:
    """People, supply and decay of a catchment, checked, in the order of the travel."""
    demand = aligned(people, travel.places, "people")
    return demand, aligned(supply, travel.facilities, "supply"), known_decay(decay)


def squared(decay: Decay) -> Decay:
    """Return the decay whose weights are the squares."""
    return Decay(lambda amount: decay(amount) ** 2, decay.limit)


def per_person(found: Floats, travel: Travel, name: str) -> pd.Series[float]:
    """Results as a series on the places."""
    found = representable(found, name)
    return pd.Series(found, index=travel.places, name="supply_per_person")
