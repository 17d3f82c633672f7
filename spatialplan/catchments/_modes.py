"""People who come by several modes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.errors import InputError
from spatialplan.travel import aligned
from spatialplan.travel import known_decay
from spatialplan.travel import ratio
from spatialplan.travel import representable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatialplan.travel import Decay
    from spatialplan.travel import Travel


def multimodal_catchment(
    people: pd.DataFrame,
    supply: pd.Series[Any],
    *,
    travel: Mapping[str, Travel],
    decay: Mapping[str, Decay],
) -> pd.DataFrame:
    """
    Supply per person where people go by several modes (multi-modal 2SFCA).

    ``A_im = sum_j R_j f_ijm`` with ``R_j = S_j / sum_m sum_k P_km f_kjm``: all compete for
    the same supply, each by their own mode. The mean of a place is
    ``sum_m P_im A_im / sum_m P_im``.

    Parameters
    ----------
    people
        People of each place who go by each mode, a column for each.
    supply
        What each facility offers.
    travel
        Ways by each mode, between the same places and facilities.
    decay
        ``f`` of each mode, in the unit of its `travel`.

    Returns
    -------
    DataFrame
        Supply per person on the places, a column for each mode.

    Raises
    ------
    InputError
        If modes, places or facilities are not the same throughout, or people or supply
        are not one number of at least 0 for each label.

    References
    ----------
    Mao & Nekorchuk 2013, Health & Place 24; Langford, Higgs & Fry 2016, Health & Place 38.

    Examples
    --------
    >>> from spatialplan.travel import cumulative_decay, table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "b"], "destination_id": "s",
    ...                       "time_min": [10.0, 40.0]})
    >>> labels = {"places": pd.Index(["a", "b"]), "facilities": pd.Index(["s"])}
    >>> travel = {"walk": table_travel(pairs, **labels),
    ...           "drive": table_travel(pairs.assign(time_min=5.0), **labels)}
    >>> people = pd.DataFrame({"walk": [60, 30], "drive": [20, 20]}, index=["a", "b"])
    >>> decay = dict.fromkeys(["walk", "drive"], cumulative_decay(15))
    >>> beds = pd.Series({"s": 10})
    >>> multimodal_catchment(people, beds, travel=travel, decay=decay).values.tolist()
    [[0.1, 0.1], [0.0, 0.1]]
    """
    modes = _modes(people, travel, decay)
    first = travel[modes[0]]
    offer = aligned(supply, first.facilities, "supply")
    competing = np.zeros(len(offer))
    for mode in modes:
        number = aligned(people[mode], first.places, f"people: {mode}")
        competing += travel[mode].sums_at(number, known_decay(decay[mode]))
    ratios = ratio(offer, competing)
    found = {mode: travel[mode].sums(ratios, decay[mode]) for mode in modes}
    for values in found.values():
        representable(values, "multimodal_catchment")
    return pd.DataFrame(found, index=first.places)


def _modes(people: object, travel: Mapping[str, Travel], decay: Mapping[str, Decay]) -> list[str]:
    """Modes, the same of all, with ways between the same places and facilities."""
    if not isinstance(people, pd.DataFrame):
        raise InputError("people", f"a {type(people).__name__}", allowed="a pandas DataFrame")
    modes = list(people.columns)
    if not modes or set(modes) != set(travel) or set(modes) != set(decay):
        raise InputError("people", f"modes {modes}", allowed=f"those of travel, {list(travel)}, "
                         f"and of decay, {list(decay)}")  # fmt: skip
    first = travel[modes[0]]
    for mode in modes[1:]:
        other = travel[mode]
        if not (other.places.equals(first.places) and other.facilities.equals(first.facilities)):
            raise InputError("travel", f"{mode} has other places or facilities than {modes[0]}")
    return modes
