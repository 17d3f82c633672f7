"""What is asked, of everybody alike; limits are in whole units of cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple

from bench.cities import UNITS

NO_WAY = 0xFFFFFFFF
"""Cost in an answer where there is no way within the limit."""

STARTS = 1000
"""Places from which reached sets are asked for: the first origins of the city."""

CLICKS = 20
"""Places for isochrones."""

CATCHMENT_KIND = 15
ZONES_M = (800, 1600, 2400)
ZONE_WEIGHTS = (1.0, 0.68, 0.22)
"""Step zones of the enhanced two-step floating catchment (Luo and Qi, 2009)."""

ZONES = tuple(zone * UNITS for zone in ZONES_M)
CLICK_MINUTES = (5.0, 10.0, 15.0)


@dataclass(frozen=True)
class Work:
    """A question: who asks it, by its name in a peer, over which costs, up to what limit."""

    mode: str
    ask: str
    limit: int | None
    label: str


WORK = {
    "W1": Work("walk", "nearest", 1200 * UNITS, "nearest of 20 categories, 1,200 m"),
    "W1-any": Work("walk", "nearest", None, "nearest of 20 categories, no limit"),
    "W2": Work("walk", "counts", 1200 * UNITS, "counts of 20 categories within 1,200 m"),
    "W3": Work("drive", "table", 1800 * UNITS, "10,000 x 10,000 drive times within 30 min"),
    "W4-walk": Work("walk", "reached", 1200 * UNITS, "1,000 reached sets, 15 min walk (1,200 m)"),
    "W4-drive": Work("drive", "reached", 900 * UNITS, "1,000 reached sets, 15 min drive"),
    "W5": Work("walk", "catchment", ZONES[-1], "E2SFCA, zones 800/1,600/2,400 m, every node"),
    "W6": Work("walk", "isochrones", None, "a click: isochrones of 5, 10 and 15 min walk"),
    "W7": Work("walk", "closed", 1200 * UNITS, "one street closed, W1 again"),
}


class Question(NamedTuple):
    """
    A question made ready.

    Parameters
    ----------
    run
        What is timed.
    answer
        Makes what `run` returns comparable; not timed.
    part
        Rows and columns of the matrix that are asked for: some peers are asked for less.
    """

    run: Callable[[], Any]
    answer: Callable[[Any], Any] = lambda found: found
    part: tuple[int, int] = (1, 1)
