"""
access (PySAL): catchments over a table of costs, which somebody else has to make.

The table comes from scipy and counts as preparation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd
from access import Access
from access import weights

from bench.peers import scipy
from bench.work import CATCHMENT_KIND
from bench.work import ZONE_WEIGHTS
from bench.work import ZONES
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City


class Peer(scipy.Peer):
    """Only the catchment is its own."""

    def __init__(self, city: City, mode: str, *, threads: int) -> None:
        super().__init__(city, mode, threads=threads)
        self._people = city.people

    def catchment(self, limit: int) -> Question:
        """W5."""
        nodes, supply = np.unique(self._city.of_kind(CATCHMENT_KIND), return_counts=True)
        demand = pd.DataFrame({"node": np.arange(self._city.nodes), "people": self._people})
        facilities = pd.DataFrame({"facility": nodes, "supply": supply})
        asked = Access(
            demand_df=demand, demand_index="node", demand_value="people",
            supply_df=facilities, supply_index="facility", supply_value="supply",
            cost_df=self._pairs(nodes, limit), cost_origin="node", cost_dest="facility",
            cost_name="cost",
        )  # fmt: skip
        steps = weights.step_fn(dict(zip(ZONES, ZONE_WEIGHTS, strict=True)))

        def run() -> Any:
            return asked.enhanced_two_stage_fca(
                name="e2sfca", cost="cost", max_cost=limit, weight_fn=steps
            )["e2sfca_supply"]

        def answer(found: Any) -> Any:
            return found.reindex(np.arange(self._city.nodes)).fillna(0.0).to_numpy()

        return Question(run, answer)

    def _pairs(self, nodes: Any, limit: int) -> pd.DataFrame:
        parts = []
        for rows, costs in self._blocks(nodes, limit):
            row, node = np.nonzero(costs <= limit)
            pairs = {"node": node, "facility": nodes[rows][row], "cost": costs[row, node]}
            parts.append(pd.DataFrame(pairs))
        return pd.concat(parts, ignore_index=True)
