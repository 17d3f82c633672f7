"""What lies around places, within a limit: pairs, counts, sums, catchments."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

import numpy as np

from spatialplan._kernels import gather
from spatialplan._kernels import region
from spatialplan._kernels.lanes import rows

from ._places import by_rank
from ._places import direct_rows
from ._places import hung
from ._places import lane_type
from ._places import neighbours_first
from ._places import taken
from ._places import turned
from ._threads import each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from ._places import Direct
    from ._places import Places
    from ._prepare import Engine

Ints = np.ndarray[Any, np.dtype[np.int64]]
Costs = np.ndarray[Any, np.dtype[np.uint32]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Numbers = TypeVar("Numbers", Ints, Floats)

BLOCK = region.BLOCK


def pairs(
    engine: Engine,
    places: Places,
    targets: Places,
    direct: Direct,
    *,
    limit: int,
    towards: bool = True,
    threads: int | None = None,
) -> Iterator[tuple[Ints, Ints, Costs]]:
    """
    Pairs of a place and a target within a limit, block by block.

    The same as `table` where few of many are within reach, in a fraction of the time.

    Yields
    ------
    tuple
        Positions of places, of targets, and costs; every pair once, `BLOCK` places at a
        time, neighbours together.
    """
    setting = _Setting(engine, places, targets, direct, limit, away=towards)

    def block(first: int, room: Any) -> tuple[Ints, Ints, Costs]:
        place, target, costs = gather.pairs(*setting.block(first), limit, room)
        return setting.order[place], target, costs

    return setting.each(block, lane_type(limit), threads)


def totals(
    engine: Engine,
    places: Places,
    targets: Places,
    direct: Direct,
    *,
    held: tuple[Ints, Ints, Ints],
    columns: int,
    limits: Sequence[int],
    threads: int | None = None,
) -> Ints:
    """
    What lies within limits of every place.

    Parameters
    ----------
    held
        Starts, columns and amounts: what each target holds, in compressed rows.
    columns
        Number of columns.
    limits
        Ascending.

    Returns
    -------
    ndarray
        (places, columns, limits), int64.
    """
    limit = int(limits[-1])
    starts, column, amounts = held
    most = int(np.bincount(column, amounts, minlength=1).max(initial=0))
    dtype = lane_type(max(limit, most))
    steps = np.asarray(limits, np.uint32)
    setting = _Setting(engine, places, targets, direct, limit)
    out = np.zeros((len(setting.order), columns, len(limits)), np.int64)

    def block(first: int, room: Any) -> None:
        tally = rows(columns * len(limits), dtype)
        gather.counts(*setting.block(first), starts, column, amounts, steps, room, tally, out)

    for _ in setting.each(block, dtype, threads):
        pass
    return setting.back(out)


def weighted_sums(
    engine: Engine,
    places: Places,
    targets: Places,
    direct: Direct,
    *,
    weights: Floats,
    decay: Floats,
    towards: bool = True,
    threads: int | None = None,
) -> Floats:
    """
    Weights of the targets around every place, each times the decay of its cost.

    Parameters
    ----------
    weights
        (targets, columns).
    decay
        Weight of every whole cost from 0 to the limit, the last.
    towards
        Ways from the places to the targets, or the other way; `direct` is always from
        places to targets of this call, at the cost of the way meant.

    Returns
    -------
    ndarray
        (places, columns).
    """
    limit = len(decay) - 1
    if len(targets.nodes) < len(places.nodes):
        return _handed_out(engine, places, targets, direct, weights, decay,
                           towards=towards, threads=threads)  # fmt: skip
    setting = _Setting(engine, places, targets, direct, limit, away=towards)
    out = np.zeros((len(setting.order), weights.shape[1]))

    def block(first: int, room: Any) -> None:
        gather.sums(*setting.block(first), weights, decay, room, out)

    for _ in setting.each(block, lane_type(limit), threads):
        pass
    return setting.back(out)


def _handed_out(
    engine: Engine,
    places: Places,
    targets: Places,
    direct: Direct,
    weights: Floats,
    decay: Floats,
    *,
    towards: bool,
    threads: int | None,
) -> Floats:
    """`weighted_sums` with the targets, which are fewer, in the lanes."""
    limit = len(decay) - 1
    setting = _Setting(engine, targets, places, turned(direct), limit, away=not towards)
    weights = weights[setting.order]
    out = np.zeros((len(places.nodes), weights.shape[1]))

    def block(first: int, room: Any) -> tuple[Ints, Floats]:
        found: tuple[Ints, Floats] = gather.handed_out(*setting.block(first), weights, decay, room)
        return found

    for inside, gained in setting.each(block, lane_type(limit), threads):
        out[inside] += gained
    return out


def catchment_sums(
    engine: Engine,
    people: Places,
    facilities: Places,
    direct: Direct,
    *,
    supply: Floats,
    demand: Floats,
    decay: Floats,
    threads: int | None = None,
) -> tuple[Floats, Floats]:
    """
    Both steps of a floating catchment.

    Parameters
    ----------
    direct
        Ways along one edge from people to facilities.

    Returns
    -------
    tuple of ndarray
        Ratio of each facility, and sum of the ratios that each person can use.
    """
    limit = len(decay) - 1
    setting = _Setting(engine, facilities, people, turned(direct), limit, away=False)
    ratios = np.zeros((len(setting.order), 1))
    supply = supply[setting.order]
    gained = np.zeros(len(people.nodes))

    def block(first: int, room: Any) -> tuple[Ints, Floats]:
        found: tuple[Ints, Floats] = gather.catchments(
            *setting.block(first), supply, demand, decay, room, ratios
        )
        return found

    for inside, gain in setting.each(block, lane_type(limit), threads):
        gained[inside] += gain[:, 0]
    return setting.back(ratios)[:, 0], gained


class _Setting:
    """Places in an order in which blocks of them lie close, and the targets around."""

    def __init__(
        self,
        engine: Engine,
        places: Places,
        targets: Places,
        direct: Direct,
        limit: int,
        *,
        away: bool = True,
    ) -> None:
        self._limit = limit
        self._rooms = engine.rooms
        self._ways = engine.ways(limit, towards=not away)
        here = by_rank(places, engine.rank)
        self.order = neighbours_first(here)
        self._places = taken(here, self.order)
        self._targets = hung(by_rank(targets, engine.rank), len(engine.rank))
        self._direct = direct_rows(direct, len(self.order), self.order)

    def block(self, first: int) -> tuple[Any, ...]:
        """Return what the kernels take first."""
        last = min(first + BLOCK, len(self.order))
        return self._ways, self._places, first, last, self._targets, self._direct

    def each(self, work: Any, dtype: Any, threads: int | None) -> Iterator[Any]:
        """Do all blocks."""
        targets = len(self._targets.ends.nodes)
        sizes = len(self._ways.up.cells), len(self._ways.down.cells), self._ways.symmetric
        return each(range(0, len(self.order), BLOCK), work, self._rooms,
                    ("region", targets, dtype, *sizes),
                    lambda: region.room(self._ways, targets, dtype), threads=threads)  # fmt: skip

    def back(self, out: Numbers) -> Numbers:
        """Bring rows into the order in which the places came."""
        result: Numbers = np.empty_like(out)
        result[self.order] = out
        return result
