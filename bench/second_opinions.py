"""
What igraph and PySAL's `access` answer to a question.

Not part of the tests' own environment: it is run with the Python of `make bench`, which has
them, on a file of arrays, and writes another.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import igraph
import numpy as np
import pandas as pd
from access import fca
from access import weights

Asked = Mapping[str, Any]


def distances(asked: Asked) -> np.ndarray:
    """Costs from some nodes to all, inf where there is no way."""
    graph = igraph.Graph(n=int(asked["nodes"]), edges=asked["arcs"].tolist(), directed=True)
    return np.array(graph.distances(asked["sources"].tolist(), weights=asked["costs"].tolist()))


def catchments(asked: Asked) -> dict[str, np.ndarray]:
    """Supply per person in three kinds of floating catchment."""
    people = pd.DataFrame({"people": asked["people"]})
    supply = pd.DataFrame({"supply": asked["supply"]})
    pairs = pd.DataFrame({name: asked[name] for name in ("origin", "dest", "cost")})
    steps = weights.step_fn({5: 1.0, 10: 0.68, 15: 0.22})
    columns = {"demand_index": True, "demand_name": "people",
               "supply_index": True, "supply_name": "supply"}  # fmt: skip

    def answer(measure: Any, **options: Any) -> np.ndarray:
        found = measure(people, supply, pairs.copy(), max_cost=15, **columns, **options)
        return found.reindex(people.index).fillna(0.0).to_numpy()

    return {
        "2sfca": answer(fca.two_stage_fca),
        "e2sfca": answer(fca.two_stage_fca, weight_fn=steps),
        "3sfca": answer(fca.three_stage_fca, weight_fn=steps),
    }


if __name__ == "__main__":
    with np.load(sys.argv[1]) as question:
        np.savez(sys.argv[2], distances=distances(question), **catchments(question))
