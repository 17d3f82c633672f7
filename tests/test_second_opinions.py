"""Real streets, asked of igraph and of PySAL's `access` too; `make trust` installs them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import spatialplan as sp
from spatialplan import engine
from spatialplan.engine import UNREACHED
from spatialplan.engine import Direct
from spatialplan.engine import Places

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
STEPS = sp.step_decay([5, 10, 15], [1, 0.68, 0.22])
UNITS_IN_A_MINUTE = 20 * 60


@pytest.fixture(scope="module", params=["walk", "drive"])
def asked(request, shared, tmp_path_factory):
    """A question about the streets of Monaco, our costs, and what the others answer."""
    if not PYTHON.exists():
        pytest.skip("igraph and access are not installed: make trust")
    folder = tmp_path_factory.mktemp(request.param)
    osm = shared / "data" / "streets" / "monaco.osm.gz"
    network = sp.Network(request.param, *sp.read_streets(osm, modes=[request.param])[request.param])
    rng = np.random.default_rng(4)
    nodes = rng.choice(len(network.nodes), 250, replace=False)
    here, there = at_nodes(nodes[:200]), at_nodes(np.arange(len(network.nodes)))
    found = np.empty((200, len(network.nodes)), np.uint32)
    none = Direct(*np.empty((3, 0), np.int64))
    for rows, costs in engine.table(network.engine("time_s"), here, there, none):
        found[rows] = costs
    minutes = found[:, nodes[200:]] / UNITS_IN_A_MINUTE
    origin, dest = np.nonzero(minutes <= 15)
    question = {
        **arcs(network),
        "nodes": len(network.nodes), "sources": nodes[:200],
        "people": rng.integers(1, 900, 200), "supply": rng.integers(1, 40, 50),
        "origin": origin, "dest": dest, "cost": minutes[origin, dest],
    }  # fmt: skip
    np.savez(folder / "question.npz", **question)
    files = [folder / "question.npz", folder / "answer.npz"]
    subprocess.run(
        [PYTHON, "-W", "ignore", ROOT / "bench" / "second_opinions.py", *files], check=True
    )
    with np.load(folder / "answer.npz") as answer:
        return question, found, dict(answer)


def at_nodes(nodes):
    return Places(np.column_stack([nodes, nodes]), np.tile([0, UNREACHED], (len(nodes), 1)))


def arcs(network):
    """Directed arcs that may be passed, with their costs."""
    ends = np.concatenate([network.ends, network.ends[:, ::-1]])
    costs = np.concatenate(network.passing_costs("time_s"))
    return {"arcs": ends[costs != UNREACHED], "costs": costs[costs != UNREACHED]}


def test_igraph_finds_the_same_costs_for_every_pair(asked):
    _, ours, theirs = asked
    expected = np.where(np.isinf(theirs["distances"]), UNREACHED, theirs["distances"])
    assert ours.size > 50_000
    np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize(
    ("name", "measure", "decay"),
    [
        ("2sfca", sp.floating_catchment, sp.cumulative_decay(15)),
        ("e2sfca", sp.floating_catchment, STEPS),
        ("3sfca", sp.three_step_catchment, STEPS),
    ],
)
def test_access_finds_the_same_catchments(asked, name, measure, decay):
    question, _, theirs = asked
    pairs = pd.DataFrame({"origin_id": question["origin"], "destination_id": question["dest"],
                          "time_min": question["cost"]})  # fmt: skip
    travel = sp.table_travel(pairs, places=pd.RangeIndex(200), facilities=pd.RangeIndex(50))
    people, supply = pd.Series(question["people"]), pd.Series(question["supply"])
    found = measure(people, supply, travel=travel, decay=decay)
    assert (found > 0).sum() > 100
    np.testing.assert_allclose(found, theirs[name], rtol=1e-9)
