"""Workers side by side: answers compared first, then all timed in turn."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from bench.answers import difference
from bench.cities import read_city
from bench.work import WORK

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

OURS = "ours"
ROOT = Path(__file__).resolve().parent.parent

K = 1000
MOST_NODES: dict[str, dict[str, int]] = {
    OURS: dict.fromkeys(WORK, 5000 * K) | {"W6": 1000 * K},
    "scipy": {
        "W1": 1000 * K, "W1-any": 1000 * K, "W2": 250 * K, "W3": 250 * K, "W4-walk": 1000 * K,
        "W4-drive": 250 * K, "W5": 250 * K, "W7": 1000 * K,
    },
    "networkx": {"W1": 100 * K, "W1-any": 100 * K, "W4-walk": 100 * K},
    "igraph": {"W1-any": 1000 * K, "W3": 100 * K},
    "networkit": {"W1-any": 1000 * K, "W3": 100 * K},
    "rustworkx": {"W1-any": 1000 * K, "W3": 100 * K},
    "pandana": dict.fromkeys(("W1", "W1-any", "W2", "W3", "W4-walk", "W4-drive", "W5"), 60 * K),
    "cityseer": {"W1": 100 * K, "W2": 100 * K},
    "pyroutingkit": {"W3": 250 * K},
    "osrm": {"W3": 100 * K},
    "access": {"W5": 20 * K},
}  # fmt: skip
"""Which peer is asked what, up to how many nodes."""

THREADED = frozenset({OURS, "networkit", "pandana", "cityseer"})
"""Who uses more than one core for one question; the others are as fast on all cores as on one."""

LONG_S = 20.0
RUNS = 7
SLOW_RUNS = 3

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
              "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS")  # fmt: skip


@dataclass
class Figure:
    """
    What one peer needed for one question.

    Parameters
    ----------
    threads
        1, or all cores.
    prepare_s
        From arrays to the first answer, which is not in it; once for each graph and mode.
    wall_s, cpu_s
        Medians of `turns`, each the median of its runs.
    first_s
        Median of the first runs of the turns, when the others have had the processor: by
        the clock.
    part
        Rows and columns of the matrix that were asked for (W3).
    difference
        How the answer differs from ours; "" where it does not.
    error
        Why there is no figure.
    """

    graph: str
    nodes: int
    work: str
    peer: str
    threads: int
    prepare_s: float = float("nan")
    wall_s: float = float("nan")
    cpu_s: float = float("nan")
    first_s: float = float("nan")
    turns: int = 0
    peak_mb: float = float("nan")
    part: tuple[int, int] = (1, 1)
    difference: str = ""
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what goes into the file; what is no number is null there."""
        return {name: None if value != value else value  # noqa: PLR0124
                for name, value in asdict(self).items()}  # fmt: skip

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Figure:
        """Return the figure that `as_dict` gave."""
        numbers = {name: float("nan") for name, value in row.items() if value is None}
        return cls(**{**row, **numbers, "part": tuple(row["part"])})


class Worker:
    """
    A process of a peer.

    It is waited for until it stands ready, so that nobody else is timed meanwhile.
    """

    def __init__(self, peer: str, city: Path, threads: int) -> None:
        self.peer = peer
        self.threads = threads
        module = "bench.ours" if peer == OURS else f"bench.peers.{peer}"
        command = [sys.executable, "-m", "bench.worker", module, str(city), str(threads)]
        environment = os.environ | dict.fromkeys(ONE_THREAD, str(threads))
        with city.with_suffix(".log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                command, cwd=ROOT, env=environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8",
            )  # fmt: skip
        self._ready = self._heard()

    def say(self, line: str) -> dict[str, Any]:
        """Tell it something and wait for the answer."""
        if "error" in self._ready:
            return self._ready
        with contextlib.suppress(OSError):  # `_heard` says why nobody listens
            print(line, file=self._process.stdin, flush=True)
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        said = self._process.stdout.readline() if self._process.stdout else ""
        if not said:
            return {"error": f"ended with code {self._process.wait()}"}
        answer: dict[str, Any] = json.loads(said)
        return answer

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def measured(
    graph: str, city: Path, *, works: Sequence[str], peers: Sequence[str], cores: int,
    turns: int, tell: Callable[[str], None],
) -> list[Figure]:  # fmt: skip
    """
    Ask everybody everything about one city.

    Parameters
    ----------
    city
        File of `bench.cities.write_city`.
    cores
        All cores: how many.
    turns
        How often at most each is timed.
    tell
        Is told what is being done.
    """
    loaded = read_city(city)
    asked = [work for work in works if WORK[work].mode in loaded.modes]
    nodes = loaded.nodes
    del loaded
    # A first worker compiles what is not compiled yet, so that no figure holds the compiler.
    Worker(OURS, city, 1).close()
    workers: list[Worker] = []
    figures = []
    try:
        for peer in (OURS, *peers):
            if any(nodes <= MOST_NODES[peer].get(work, 0) for work in asked):
                teams = sorted({1, cores} if peer in THREADED else {1})
                workers += [Worker(peer, city, threads) for threads in teams]
        for work in asked:
            able = [one for one in workers if nodes <= MOST_NODES[one.peer].get(work, 0)]
            figures += _one_work(graph, nodes, work, able, turns, tell)
    finally:
        for worker in workers:
            worker.close()
    return figures


def _one_work(
    graph: str, nodes: int, work: str, workers: Sequence[Worker], turns: int,
    tell: Callable[[str], None],
) -> list[Figure]:  # fmt: skip
    """Compare, then time in rounds in which everybody has one turn."""
    figures = []
    times: list[list[tuple[float, float, float]]] = []
    ours = None
    for worker in workers:
        tell(f"{graph} {work} {worker.peer} x{worker.threads}")
        said = worker.say(f"ask {work}")
        figure = Figure(graph, nodes, work, worker.peer, worker.threads)
        figures.append(figure)
        times.append([])
        if "error" in said:
            figure.error = said["error"]
            continue
        figure.prepare_s, figure.peak_mb = said["prepare_s"], said["peak_mb"]
        figure.part = tuple(said["part"])
        answer = np.load(said["answer"], mmap_mode="r")
        ours = answer if ours is None else ours
        figure.difference = difference(ours, answer)
        times[-1].append((said["wall_s"], said["cpu_s"], said["wall_s"]))
    tell(f"{graph} {work} in turn")
    for turn in range(turns):
        for worker, taken in zip(workers, times, strict=True):
            if taken and turn < _turns(taken[0][0]):
                said = worker.say("again")
                if "error" not in said:
                    taken.append((said["wall_s"], said["cpu_s"], said["first_s"]))
    for figure, taken in zip(figures, times, strict=True):
        # The very first run counts only where it is the only one.
        counted = taken[1:] or taken
        figure.turns = len(counted)
        if counted:
            figure.wall_s, figure.cpu_s, figure.first_s = map(float, np.median(counted, axis=0))
    return figures


def _turns(first_s: float) -> int:
    """How often more something is worth running that took so long the first time."""
    if first_s > LONG_S:
        return 0
    return RUNS if first_s < 1.0 else SLOW_RUNS
