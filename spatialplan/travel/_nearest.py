"""How far it is to the nearest of each of several kinds of facility."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd

from spatialplan import engine

from ._located import amounts
from ._located import cost_of
from ._located import direct_ways

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from spatialplan._choices import Measure
    from spatialplan.network import Network

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def nearest_amounts(
    here: pd.DataFrame, groups: Sequence[pd.DataFrame], *, network: Network, measure: Measure
) -> Floats:
    """
    Amount of `measure` from located places to the nearest gate of each group.

    For callers that locate their places once and ask for many categories: they are
    answered together, a lane for each.

    Parameters
    ----------
    here
        From `Network.locate`.
    groups
        At least one, each from `Network.locate_gates`; a group may be empty.
    network
        On which all of them were located.
    measure
        ``time_min`` or ``distance_m``.

    Returns
    -------
    ndarray
        (places, groups), ``inf`` where there is no way.
    """
    cost, unit = cost_of(measure)
    arrive = [network.arrivals(gates, cost) for gates in groups]
    found = engine.nearest(network.engine(cost), network.departures(here, cost), arrive)
    total = found.astype(np.int64)
    group = np.repeat(np.arange(len(groups)), [len(gates) for gates in groups])
    pairs = direct_ways(here, pd.concat(groups), network, cost)
    np.minimum.at(total, (pairs.places, group[pairs.targets]), pairs.costs)
    return amounts(total, unit)


def gate_costs(
    here: pd.DataFrame, gates: pd.DataFrame, *, network: Network, measure: Measure
) -> Iterator[tuple[Ints, Any]]:
    """
    Costs from all located places to some located gates at a time, in units of `cost_of`.

    For many places and few gates: the gates are in the lanes.

    Yields
    ------
    tuple
        Positions of gates, and costs (gates, places); every gate comes once.
    """
    cost, _ = cost_of(measure)
    ends = network.arrivals(gates, cost), network.departures(here, cost)
    direct = engine.turned(direct_ways(here, gates, network, cost))
    return engine.table(network.engine(cost), *ends, direct, towards=False)
