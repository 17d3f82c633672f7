"""Catchments where people choose: places share out their people among facilities."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan.travel import ratio
from spatialplan.travel import representable

from ._given import given
from ._given import per_person
from ._given import squared

if TYPE_CHECKING:
    from spatialplan.travel import Decay
    from spatialplan.travel import Travel


def three_step_catchment(
    people: pd.Series[Any], supply: pd.Series[Any], *, travel: Travel, decay: Decay
) -> pd.Series[float]:
    """
    Supply per person where people choose first (3SFCA): ``A_i = sum_j G_ij R_j f_ij``.

    ``G_ij = f_ij / sum_m f_im`` is the share of place i that turns to facility j, and
    ``R_j = S_j / sum_k P_k G_kj f_kj``; ``sum_i P_i A_i`` is the supply that is reached.

    Parameters
    ----------
    people, supply, travel, decay
        As in `floating_catchment`.

    Returns
    -------
    Series
        ``supply_per_person`` on the places of `travel`.

    Raises
    ------
    InputError
        If people or supply are not one number of at least 0 for each label.

    References
    ----------
    Wan, Zou & Sternberg 2012, International Journal of Geographical Information
    Science 26(6).

    Examples
    --------
    >>> from spatialplan.travel import linear_decay, table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "a", "b"], "destination_id": ["s", "t", "t"],
    ...                       "time_min": [10.0, 10.0, 10.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a", "b"]), facilities=pd.Index(["s", "t"]))
    >>> people, beds = pd.Series({"a": 100, "b": 50}), pd.Series({"s": 10, "t": 4})
    >>> three_step_catchment(people, beds, travel=travel, decay=linear_decay(20)).round(3).tolist()
    [0.12, 0.04]
    """
    demand, offer, f = given(people, supply, travel, decay)
    weight = squared(f)
    drawn = travel.sums(np.ones(len(offer)), f)
    ratios = ratio(offer, travel.sums_at(ratio(demand, drawn), weight))
    found = ratio(travel.sums(ratios, weight), drawn)
    return per_person(found, travel, "three_step_catchment")


def balanced_catchment(
    people: pd.Series[Any], supply: pd.Series[Any], *, travel: Travel, decay: Decay
) -> pd.Series[float]:
    """
    Supply per person where neither people nor supply count twice (BFCA).

    ``A_i = sum_j L_j f_ij / sum_k f_kj`` with ``L_j = S_j / sum_k P_k f_kj / sum_m f_km``.
    People are shared out to facilities, and the level of service ``L_j`` to places:
    ``sum_i A_i`` is the sum of ``L_j``.

    Parameters
    ----------
    people, supply, travel, decay
        As in `floating_catchment`.

    Returns
    -------
    Series
        ``supply_per_person`` on the places of `travel`.

    Raises
    ------
    InputError
        If people or supply are not one number of at least 0 for each label.

    References
    ----------
    Paez, Higgins & Vivona 2019, PLOS ONE 14(6), doi 10.1371/journal.pone.0218773.

    Examples
    --------
    >>> from spatialplan.travel import cumulative_decay, table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "a", "b"], "destination_id": ["s", "t", "t"],
    ...                       "time_min": [5.0, 12.0, 8.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a", "b"]), facilities=pd.Index(["s", "t"]))
    >>> people, beds = pd.Series({"a": 100, "b": 50}), pd.Series({"s": 10, "t": 4})
    >>> balanced_catchment(people, beds, travel=travel, decay=cumulative_decay(15)).tolist()
    [0.22, 0.02]
    """
    demand, offer, f = given(people, supply, travel, decay)
    drawn = travel.sums(np.ones(len(offer)), f)
    level = ratio(offer, travel.sums_at(ratio(demand, drawn), f))
    shared = ratio(level, travel.sums_at(np.ones(len(demand)), f))
    return per_person(travel.sums(shared, f), travel, "balanced_catchment")


def crowdedness(
    people: pd.Series[Any], supply: pd.Series[Any], *, travel: Travel, decay: Decay
) -> pd.Series[float]:
    """
    People for each unit of supply (i2SFCA): ``C_j = sum_i P_i f_ij / sum_l S_l f_il``.

    People are shared out: ``sum_j S_j C_j`` is the sum of the people who reach any supply.

    Parameters
    ----------
    people, supply, travel, decay
        As in `floating_catchment`.

    Returns
    -------
    Series
        ``people_per_supply`` on the facilities of `travel`.

    Raises
    ------
    InputError
        If people or supply are not one number of at least 0 for each label.

    References
    ----------
    Wang 2018, The Professional Geographer 70(2).

    Examples
    --------
    >>> from spatialplan.travel import cumulative_decay, table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "a", "b"], "destination_id": ["s", "t", "t"],
    ...                       "time_min": [5.0, 12.0, 8.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a", "b"]), facilities=pd.Index(["s", "t"]))
    >>> people, beds = pd.Series({"a": 100, "b": 60}), pd.Series({"s": 16, "t": 4})
    >>> crowdedness(people, beds, travel=travel, decay=cumulative_decay(15)).tolist()
    [5.0, 20.0]
    """
    demand, offer, f = given(people, supply, travel, decay)
    found = travel.sums_at(ratio(demand, travel.sums(offer, f)), f)
    found = representable(found, "crowdedness")
    return pd.Series(found, index=travel.facilities, name="people_per_supply")
