"""
Measure ours and its peers; write `RESULTS.md` and `results.json`.

    python -m bench.run [--quick] [--graphs G ...] [--work W ...] [--peers P ...] [--out FOLDER]
        [--add]
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.cities import write_city
from bench.graphs import GRAPHS
from bench.measure import MOST_NODES
from bench.measure import OURS
from bench.measure import ROOT
from bench.measure import RUNS
from bench.measure import SLOW_RUNS
from bench.measure import Figure
from bench.measure import measured
from bench.results import report
from bench.work import WORK

QUICK = ("syn3k",)
PACKAGES = {
    "scipy": "scipy", "networkx": "networkx", "igraph": "igraph", "networkit": "networkit",
    "rustworkx": "rustworkx", "pandana": "pandana", "cityseer": "cityseer",
    "pyroutingkit": "pyroutingkit", "osrm": "osrm-bindings", "access": "access",
}  # fmt: skip

NOT_ASKED = {
    "valhalla": "cannot be given the costs of streets, so it cannot be asked the same question",
}


def main() -> None:
    """Measure what is asked for."""
    wanted = _arguments()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    peers = [peer for peer in wanted.peers if importlib.util.find_spec(peer)]
    facts = _facts(cores or 1) | {
        peer: "not installed: there is none for this Python"
        for peer in wanted.peers if peer not in peers
    } | NOT_ASKED  # fmt: skip
    out = Path(wanted.out)
    out.mkdir(parents=True, exist_ok=True)
    figures = _earlier(out, wanted) if wanted.add else []
    for graph in wanted.graphs:
        make, needs = GRAPHS[graph]
        if needs is not None and not needs.exists():
            facts[graph] = "skipped: its file is not beside the project"
            continue
        with tempfile.TemporaryDirectory() as folder:
            city = Path(folder) / f"{graph}.npz"
            _tell(f"{graph} is being made")
            write_city(make(), city)
            figures += measured(graph, city, works=wanted.work, peers=peers, cores=cores or 1,
                                turns=SLOW_RUNS if wanted.quick else RUNS, tell=_tell)  # fmt: skip
        figures.sort(key=lambda figure: (list(GRAPHS).index(figure.graph),
                                         list(WORK).index(figure.work)))  # fmt: skip
        # After every graph, so that a run cut short leaves what it has.
        rows = {"facts": facts, "figures": [figure.as_dict() for figure in figures]}
        text = json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
        (out / "results.json").write_text(text, encoding="utf-8")
        text = report(figures, facts=facts, cores=cores or 1)
        (out / "RESULTS.md").write_text(text, encoding="utf-8")
    _tell(f"written: {out / 'RESULTS.md'}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.strip().split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a town of 3,000 nodes, in minutes")
    parser.add_argument("--graphs", nargs="+", choices=GRAPHS, metavar="G")
    parser.add_argument("--work", nargs="+", choices=WORK, default=list(WORK), metavar="W")
    others = [peer for peer in MOST_NODES if peer != OURS]
    parser.add_argument("--peers", nargs="*", choices=others, default=others, metavar="P")
    parser.add_argument("--out", metavar="FOLDER")
    parser.add_argument("--add", action="store_true",
                        help="keep the figures there of other graphs and work")  # fmt: skip
    wanted = parser.parse_args()
    full = [graph for graph in GRAPHS if graph not in QUICK]
    wanted.graphs = wanted.graphs or (QUICK if wanted.quick else full)
    wanted.out = wanted.out or ROOT / ("build/bench" if wanted.quick else "bench")
    return wanted


def _earlier(out: Path, wanted: argparse.Namespace) -> list[Figure]:
    """Figures of an earlier run, of other graphs and work than are asked for."""
    rows = json.loads((out / "results.json").read_text(encoding="utf-8"))["figures"]
    return [
        Figure.from_dict(row) for row in rows
        if row["graph"] not in wanted.graphs or row["work"] not in wanted.work
    ]  # fmt: skip


def _facts(cores: int) -> dict[str, str]:
    """Return what a figure means nothing without."""
    facts = {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": f"{_processor()}, {cores} cores, {_memory_gb():.0f} GB",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "system": platform.platform(terse=True),
        "Python": platform.python_version(),
        "spatialplan": _commit(),
    }
    for name in (*PACKAGES.values(), "numba", "numpy"):
        try:
            facts[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return facts


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "no commit known"


def _tell(what: str) -> None:
    sys.stderr.write(f"{dt.datetime.now(dt.UTC):%H:%M:%S} {what}\n")


if __name__ == "__main__":
    main()
