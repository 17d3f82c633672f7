"""What people lose when streets are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ._choices import MEASURES
from .errors import InputError
from .travel import aligned
from .travel import nearest_amounts

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ._choices import Measure
    from .network import Direction
    from .network import Network

Floats = np.ndarray[Any, np.dtype[np.float64]]


def closure_change(
    measure: Callable[[Network], pd.Series[Any]],
    *,
    network: Network,
    edge_ids: Sequence[Hashable],
    direction: Direction = "both",
) -> pd.DataFrame:
    """
    Any measure, before streets are closed and after.

    Parameters
    ----------
    measure
        From streets to a number for each place, such as
        ``lambda streets: time_to_nearest(homes, schools, network=streets)``.
    network
        Streets before.
    edge_ids
        Streets that are closed together, in their middle: see `Network.closed`.
    direction
        ``forward`` closes the way from u to v only, ``backward`` that from v to u.

    Returns
    -------
    DataFrame
        On the index of the measure, in its unit: ``before``, ``after`` and ``change``,
        the second less the first; 0 where both are ``inf``.

    Raises
    ------
    InputError
        If there is no such edge or direction, or the measure gives no Series, or another
        index after the closure.

    Examples
    --------
    >>> import shapely
    >>> from spatialplan.network import Network
    >>> ends = gpd.GeoSeries.from_xy([0, 600, 0], [0, 0, 60], index=[1, 2, 3], crs=4549)
    >>> nodes = ends.rename_axis("node_id").to_frame("geometry")
    >>> line = lambda *at: shapely.LineString(ends.loc[list(at)].tolist())
    >>> edges = gpd.GeoDataFrame(
    ...     {"u": [1, 1, 3], "v": [2, 3, 2], "length_m": [600.0, 60.0, 720.0], "speed_kmh": 3.6,
    ...      "oneway": False}, geometry=[line(1, 2), line(1, 3), line(3, 2)], crs=4549,
    ...     index=pd.Index(["main", "lane", "back"], name="edge_id"))
    >>> streets = Network("walk", nodes, edges)
    >>> from spatialplan.access import time_to_nearest
    >>> closure_change(lambda open: time_to_nearest(nodes, nodes.loc[[2]], network=open),
    ...                network=streets, edge_ids=["main"]).values.tolist()
    [[10.0, 13.0, 3.0], [0.0, 0.0, 0.0], [11.0, 12.0, 1.0]]
    """
    before, after = measure(network), measure(network.closed(edge_ids, direction=direction))
    if not isinstance(before, pd.Series) or not isinstance(after, pd.Series):
        raise InputError("measure", f"a {type(before).__name__}", allowed="a pandas Series")
    if not before.index.equals(after.index):
        raise InputError("measure", "another index after the closure")
    change = _longer(before.to_numpy(dtype=float), after.to_numpy(dtype=float))
    return pd.DataFrame({"before": before, "after": after, "change": change}, index=before.index)


def closure_losses(
    homes: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    network: Network,
    closures: Mapping[str, Sequence[Hashable]],
    weight: str = "population",
    measure: Measure = "time_min",
    direction: Direction = "both",
) -> pd.DataFrame:
    """
    What people lose on their way to the nearest facility, closure by closure.

    ``L = sum_i P_i (t_i' - t_i)`` over those who still reach one; those who do not are
    counted apart, for no number of minutes says what they lose. Each closure stands alone.
    Streets are closed in their middle (`Network.closed`): people on them leave by the end
    on their side, and stay where they are however near another street is.

    Parameters
    ----------
    homes
        DEMAND: points or polygons (their representative point).
    facilities
        Points, or polygons entered where streets cross their edge.
    network
        Streets before.
    closures
        Edges that are closed together, by a name; ``{"old bridge": [17, 18]}``.
    weight
        Column of people.
    measure
        ``time_min`` or ``distance_m``.
    direction
        ``forward`` closes the way from u to v only, ``backward`` that from v to u.

    Returns
    -------
    DataFrame
        Index ``closure``, as given: ``affected`` (people whose way is longer or gone),
        ``cut_off`` (of them, people who no longer reach any), ``lost_person_min`` or
        ``lost_person_m`` (without those cut off) and ``longest``, the greatest loss of a
        place that is not cut off, in the unit of the measure.

    Raises
    ------
    InputError
        If there is no such edge, direction or measure, a weight is no finite number of
        at least 0, or the coordinate systems differ.

    References
    ----------
    Jenelius, Petersen & Mattsson 2006, Transportation Research A 40(7),
    doi 10.1016/j.tra.2005.11.003: importance of a link, with unsatisfied demand apart.

    Examples
    --------
    >>> import shapely
    >>> from spatialplan.network import Network
    >>> ends = gpd.GeoSeries.from_xy([0, 600, 0], [0, 0, 60], index=[1, 2, 3], crs=4549)
    >>> nodes = ends.rename_axis("node_id").to_frame("geometry")
    >>> line = lambda *at: shapely.LineString(ends.loc[list(at)].tolist())
    >>> edges = gpd.GeoDataFrame(
    ...     {"u": [1, 1, 3], "v": [2, 3, 2], "length_m": [600.0, 60.0, 720.0], "speed_kmh": 3.6,
    ...      "oneway": False}, geometry=[line(1, 2), line(1, 3), line(3, 2)], crs=4549,
    ...     index=pd.Index(["main", "lane", "back"], name="edge_id"))
    >>> streets = Network("walk", nodes, edges)
    >>> homes = nodes.assign(population=[100, 10, 1])
    >>> closure_losses(homes, nodes.loc[[2]], network=streets,
    ...                closures={"one": ["main"], "both": ["main", "back"]}).values.tolist()
    [[101.0, 0.0, 301.0, 3.0], [101.0, 101.0, 0.0, 0.0]]
    """
    if measure not in MEASURES:
        raise InputError("measure", f"{measure!r}", allowed=" or ".join(MEASURES))
    if weight not in homes.columns:
        raise InputError("homes", f"no column {weight!r}")
    people = aligned(homes[weight], homes.index, weight)
    here, gates = network.locate(homes), network.locate_gates(facilities)

    def ways(streets: Network) -> Floats:
        return nearest_amounts(here, [gates], network=streets, measure=measure)[:, 0]

    before = ways(network)
    rows = [
        _loss(people, before, ways(network.closed(edge_ids, direction=direction)))
        for edge_ids in closures.values()
    ]
    unit = measure.rpartition("_")[2]
    columns = ["affected", "cut_off", f"lost_person_{unit}", "longest"]
    index = pd.Index(list(closures), name="closure")
    return pd.DataFrame(rows, index=index, columns=columns, dtype=float)


def _loss(people: Floats, before: Floats, after: Floats) -> list[float]:
    """Row of `closure_losses`."""
    longer = _longer(before, after)
    gone = np.isinf(longer)
    still = np.where(gone, 0.0, longer)
    return [people[longer > 0].sum(), people[gone].sum(), people @ still, still.max(initial=0.0)]


def _longer(before: Floats, after: Floats) -> Floats:
    """Differences, 0 between equals, ``inf`` among them."""
    longer = np.zeros_like(after)
    np.subtract(after, before, out=longer, where=after != before)
    return longer
