"""
One peer over one city in a process of its own, which does what it is told line by line.

    python -m bench.worker PEER CITY THREADS

It says ``{}`` when it is ready. ``ask W1`` prepares, runs once and writes the answer;
``again`` is one more turn. Each line is answered with one line of JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.cities import City
from bench.cities import generated_city
from bench.cities import read_city
from bench.work import WORK
from bench.work import Question

MEGABYTE = 1024**2

TURN_S = 0.2
"""How long one turn takes at least, so that what takes milliseconds is not all waking up."""


class Desk:
    """A peer at work."""

    def __init__(self, peer: str, city: City, threads: int, folder: Path) -> None:
        self._peer = importlib.import_module(peer).Peer
        self._city = city
        self._threads = threads
        self._folder = folder
        self._prepared: dict[str, tuple[Any, float]] = {}
        self._question: Question | None = None
        if getattr(self._peer, "compiles", False):
            self._warm_up()

    def _warm_up(self) -> None:
        """Ask everything of a village, so that no compiler is timed."""
        village = generated_city(400)
        modes = {mode: self._peer(village, mode, threads=self._threads) for mode in village.modes}
        for work in WORK.values():
            getattr(modes[work.mode], work.ask)(work.limit).run()

    def ask(self, name: str) -> dict[str, Any]:
        """Prepare, run once, and write the answer."""
        forget_peak()
        work = WORK[name]
        if work.mode not in self._prepared:
            begun = time.perf_counter()
            peer = self._peer(self._city, work.mode, threads=self._threads)
            self._prepared[work.mode] = peer, time.perf_counter() - begun
        peer, built_s = self._prepared[work.mode]
        begun = time.perf_counter()
        self._question = getattr(peer, work.ask)(work.limit)
        asked_s = time.perf_counter() - begun
        found, times = self._timed()
        peak_mb = peak() / MEGABYTE
        path = self._folder / f"{name}.npy"
        np.save(path, self._question.answer(found))
        return {
            "prepare_s": built_s + asked_s,
            "peak_mb": peak_mb,
            "part": self._question.part,
            "answer": str(path),
            **times,
        }

    def again(self) -> dict[str, Any]:
        """Run again and again for `TURN_S`, at least once: the medians, and the first run."""
        runs: list[dict[str, float]] = []
        begun = time.perf_counter()
        while not runs or time.perf_counter() - begun < TURN_S:
            runs.append(self._timed()[1])
        times = {name: float(np.median([run[name] for run in runs])) for name in runs[0]}
        return {**times, "first_s": runs[0]["wall_s"]}

    def _timed(self) -> tuple[Any, dict[str, float]]:
        if self._question is None:
            raise ValueError("nothing has been asked yet")
        cpu, wall = time.process_time(), time.perf_counter()
        found = self._question.run()
        return found, {
            "wall_s": time.perf_counter() - wall,
            "cpu_s": time.process_time() - cpu,
        }


def forget_peak() -> None:
    """Let the peak of memory count anew, where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> int:
    """
    Bytes of memory this process has held at most.

    `getrusage` takes over what the process that started this one held, so the figure of
    the system for this process is taken where there is one.
    """
    with contextlib.suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as status:
        held = next(line for line in status if line.startswith("VmHWM:"))
        return 1024 * int(held.split()[1])
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(peer: str, city: str, threads: str) -> None:
    """Do what is said on stdin; what peers print goes to stderr."""
    said = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    path = Path(city)
    folder = path.with_suffix("") / f"{peer}-{threads}"
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(peer, read_city(path), int(threads), folder)
    print("{}", file=said, flush=True)
    for line in sys.stdin:
        try:
            what, _, name = line.strip().partition(" ")
            answer = desk.ask(name) if what == "ask" else desk.again()
        except Exception as error:  # noqa: BLE001  a peer may raise anything; the run goes on
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer), file=said, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
