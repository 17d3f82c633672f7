"""pandana: contraction hierarchies and range searches in C++, from Python by pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd
from pandana import Network

from bench.answers import whole_costs
from bench.work import CATCHMENT_KIND
from bench.work import NO_WAY
from bench.work import STARTS
from bench.work import ZONE_WEIGHTS
from bench.work import ZONES
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City

ROWS = COLUMNS = 500
FAR = 4_000_000
"""As near to no limit as it gets: thousandths must fit into 32 bits."""

Array = np.ndarray[Any, Any]


class Peer:
    """A network with one impedance, in whole units of cost."""

    threaded = True

    def __init__(self, city: City, mode: str, *, threads: int) -> None:  # noqa: ARG002
        tails, heads, costs = (pd.Series(part) for part in city.arcs(mode))
        weights = pd.DataFrame({"cost": costs.astype(float)})
        x, y = pd.Series(city.x), pd.Series(city.y)
        self._city = city
        self._network = Network(x, y, tails, heads, weights, twoway=False)

    def nearest(self, limit: int | None) -> Question:
        """W1: one question for each kind."""
        most = FAR if limit is None else limit
        names = [f"{kind}, {most}" for kind in np.unique(self._city.kinds)]
        for kind, name in enumerate(names):
            nodes = self._city.of_kind(kind)
            x, y = (pd.Series(at[nodes]) for at in (self._city.x, self._city.y))
            self._network.set_pois(name, most, 1, x, y)

        def run() -> list[Array]:
            ask = self._network.nearest_pois
            return [ask(most, name, max_distance=NO_WAY)[1].to_numpy() for name in names]

        return Question(run, lambda found: np.column_stack(found).astype(np.uint32))

    def counts(self, limit: int) -> Question:
        """W2: one question for each kind."""
        names = [f"kind {kind}" for kind in np.unique(self._city.kinds)]
        for kind, name in enumerate(names):
            self._network.set(pd.Series(self._city.of_kind(kind)), name=name)

        def run() -> list[Array]:
            ask = self._network.aggregate
            return [ask(limit, "count", "flat", name=name).to_numpy() for name in names]

        return Question(run, lambda found: np.column_stack(found).astype(np.int64))

    def table(self, limit: int) -> Question:
        """W3: pair by pair."""
        rows, columns = self._city.origins[:ROWS], self._city.destinations[:COLUMNS]
        part = len(rows), len(columns)
        origins, destinations = np.repeat(rows, part[1]), np.tile(columns, part[0])

        def answer(found: list[float]) -> Array:
            return whole_costs(np.array(found).reshape(part), limit)

        def run() -> list[float]:
            found: list[float] = self._network.shortest_path_lengths(origins, destinations)
            return found

        return Question(run, answer, part)

    def reached(self, limit: int) -> Question:
        """W4."""
        starts = self._city.origins[:STARTS]

        def answer(found: pd.DataFrame) -> Array:
            sets = found.groupby("source")["cost"].agg(["size", "sum"])
            return sets.loc[starts].to_numpy().astype(np.int64)

        return Question(lambda: self._network.nodes_in_range(starts, limit), answer)

    def catchment(self, _limit: int) -> Question:
        """W5: three rings of two steps each."""
        facilities = pd.Series(self._city.of_kind(CATCHMENT_KIND))
        everywhere = pd.Series(np.arange(self._city.nodes))
        self._network.set(everywhere, pd.Series(self._city.people), name="people")
        steps = -np.diff([*ZONE_WEIGHTS, 0.0])

        def around(name: str) -> Array:
            ask = self._network.aggregate
            return sum(w * ask(zone, "sum", "flat", name=name).to_numpy()
                       for w, zone in zip(steps, ZONES, strict=True))  # fmt: skip

        def run() -> Array:
            wanted = around("people")[facilities]
            ratio = np.divide(1.0, wanted, out=np.zeros_like(wanted), where=wanted > 0)
            self._network.set(facilities, pd.Series(ratio), name="ratio")
            return around("ratio")

        return Question(run)
