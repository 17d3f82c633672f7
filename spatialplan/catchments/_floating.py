"""Supply shared out among all who come, the less the farther they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from spatialplan.travel import at_most_one
from spatialplan.travel import from_zero
from spatialplan.travel import ratio
from spatialplan.travel import representable

from ._given import given
from ._given import per_person
from ._given import squared

if TYPE_CHECKING:
    from spatialplan.travel import Decay
    from spatialplan.travel import Travel


def floating_catchment(
    people: pd.Series[Any], supply: pd.Series[Any], *, travel: Travel, decay: Decay
) -> pd.Series[float]:
    """
    Supply per person: ``A_i = sum_j R_j f_ij`` with ``R_j = S_j / sum_k P_k f_kj``.

    The decay makes the member of the family:

    ========  =============================================================
    2SFCA     `cumulative_decay` (Luo & Wang 2003)
    E2SFCA    `step_decay`, as ``[10, 20, 30], [1, 0.68, 0.22]`` (Luo & Qi 2009)
    Ga2SFCA   `truncated_gaussian_decay` (Dai 2010)
    KD2SFCA   `epanechnikov_decay` (Dai & Wang 2011)
    G2SFCA    any other, as `power_decay`, `exponential_decay` (Shen 1998, Wang 2012)
    ========  =============================================================

    What is shared out is what there is: ``sum_i P_i A_i`` is the sum of the supply that
    anybody reaches.

    Parameters
    ----------
    people
        People of each place, on the places of `travel`.
    supply
        What each facility offers, on the facilities of `travel`.
    travel
        Ways from places to facilities.
    decay
        ``f``, in the unit of `travel`.

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
    Luo & Wang 2003, Environment and Planning B 30(6), doi 10.1068/b29120; Luo & Qi 2009,
    Health & Place 15(4); Dai 2010, Health & Place 16(5); Dai & Wang 2011, Environment and
    Planning B 38(4); Shen 1998, Environment and Planning B 25(3); Wang 2012, Annals of
    the AAG 102(5).

    Examples
    --------
    >>> from spatialplan.travel import cumulative_decay, table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "a", "b"], "destination_id": ["s", "t", "t"],
    ...                       "time_min": [5.0, 12.0, 8.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a", "b"]), facilities=pd.Index(["s", "t"]))
    >>> people, beds = pd.Series({"a": 100, "b": 50}), pd.Series({"s": 10, "t": 3})
    >>> decay = cumulative_decay(15)
    >>> floating_catchment(people, beds, travel=travel, decay=decay).round(9).tolist()
    [0.12, 0.02]
    """
    demand, offer, f = given(people, supply, travel, decay)
    return per_person(travel.catchment(offer, demand, f)[1], travel, "floating_catchment")


def modified_catchment(
    people: pd.Series[Any], supply: pd.Series[Any], *, travel: Travel, decay: Decay
) -> pd.Series[float]:
    """
    Supply per person where distance also wastes (M2SFCA).

    ``A_i = sum_j S_j f_ij ^ 2 / sum_k P_k f_kj``. Supply is not conserved, by design: what
    lies far from everybody serves less.

    Parameters
    ----------
    people, supply, travel, decay
        As in `floating_catchment`; the decay is at most 1.

    Returns
    -------
    Series
        ``supply_per_person`` on the places of `travel`.

    Raises
    ------
    InputError
        If people or supply are not one number of at least 0 for each label, or the decay
        gives a weight above 1.

    References
    ----------
    Delamater 2013, Health & Place 24.

    Examples
    --------
    >>> from spatialplan.travel import linear_decay, table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a"], "destination_id": ["s"], "time_min": [10.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a"]), facilities=pd.Index(["s"]))
    >>> people, beds = pd.Series({"a": 100}), pd.Series({"s": 10})
    >>> modified_catchment(people, beds, travel=travel, decay=linear_decay(20)).tolist()
    [0.05]
    """
    demand, offer, f = given(people, supply, travel, at_most_one(decay))
    ratios = ratio(offer, travel.sums_at(demand, f))
    return per_person(travel.sums(ratios, squared(f)), travel, "modified_catchment")


def spatial_availability(
    people: pd.Series[Any],
    supply: pd.Series[Any],
    *,
    travel: Travel,
    decay: Decay,
    exponent: float = 1.0,
) -> pd.Series[float]:
    """
    Supply that falls to each place, shared out by its people and its nearness.

    ``V_i = sum_j S_j F_ij / sum_k F_kj`` with ``F_ij = P_i ^ exponent f_ij``; of the two
    balancing factors of the paper, people's share of the total and decay's share of
    those at a facility, the totals cancel. ``sum_i V_i`` is the supply that is reached.

    Parameters
    ----------
    people, supply, travel, decay
        As in `floating_catchment`.
    exponent
        How much the number of people counts; 0: every place the same.

    Returns
    -------
    Series
        ``supply`` on the places of `travel`; divided by people (``exponent=1``) it is
        `floating_catchment`.

    Raises
    ------
    InputError
        If people or supply are not one number of at least 0 for each label, or the
        exponent is no finite number of at least 0.

    References
    ----------
    Soukhov et al. 2023, PLOS ONE 18(1), doi 10.1371/journal.pone.0278468.

    Examples
    --------
    >>> from spatialplan.travel import cumulative_decay, table_travel
    >>> pairs = pd.DataFrame({"origin_id": ["a", "a", "b"], "destination_id": ["s", "t", "t"],
    ...                       "time_min": [5.0, 12.0, 8.0]})
    >>> travel = table_travel(pairs, places=pd.Index(["a", "b"]), facilities=pd.Index(["s", "t"]))
    >>> people, beds = pd.Series({"a": 100, "b": 50}), pd.Series({"s": 10, "t": 6})
    >>> decay = cumulative_decay(15)
    >>> spatial_availability(people, beds, travel=travel, decay=decay).round(9).tolist()
    [14.0, 2.0]
    """
    demand, offer, f = given(people, supply, travel, decay)
    weights = demand ** from_zero(exponent, "exponent")
    found = weights * travel.catchment(offer, weights, f)[1]
    found = representable(found, "spatial_availability")
    return pd.Series(found, index=travel.places, name="supply")
