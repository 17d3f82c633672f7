"""
Clicks in the explorer, as a browser asks them: how long one waits for the whole answer.

    python -m bench.clicks BASE [clicks]

Starts `spatialplan serve` on a free port and asks about places near people, one after the
other, over one connection. Then the same places are asked in this process, part by part.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import numpy as np

import spatialplan as sp
from spatialplan import surroundings

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from spatialplan.base import Base

STANDARD = "gb50180-2018"
MINUTES = (5.0, 10.0, 15.0)
CLICKS = 300
FIRST = 10  # not counted: what is made once is made there
JITTER_DEG = 5e-4
TICKS_S = os.sysconf("SC_CLK_TCK")

Clicks = list[tuple[float, float]]


def clicks_on(base: Base, count: int) -> Clicks:
    """Places a street or so away from people, more where more of them live."""
    chance = np.random.default_rng(7)
    people = base.demand["population"].to_numpy()
    some = chance.choice(len(people), count, p=people / people.sum())
    points = base.demand.geometry.iloc[some].representative_point().to_crs(4326)
    at = np.column_stack([points.x, points.y]) + chance.normal(0, JITTER_DEG, (count, 2))
    return [(float(lng), float(lat)) for lng, lat in at]


@contextlib.contextmanager
def served(base: str) -> Iterator[tuple[int, int]]:
    """Port and process of an explorer whose page is there."""
    words = ["serve", "--base", base, "--standard", STANDARD, "--port", "0", "--no-browser"]
    began = time.perf_counter()
    line = [sys.executable, "-m", "spatialplan", *words]
    with subprocess.Popen(line, text=True, stdout=subprocess.PIPE) as server:  # noqa: S603
        try:
            told = server.stdout or ()
            address = next(text for text in told if text.startswith("explorer"))
            port = int(address.split()[2].rstrip("/").rpartition(":")[2])
            ask(http.client.HTTPConnection("127.0.0.1", port), (0.0, 0.0))  # refused: it listens
            say("listening", [time.perf_counter() - began], unit=1.0)
            while page_is_drawn(port) is False:
                time.sleep(0.5)
            say("page there", [time.perf_counter() - began], unit=1.0)
            yield port, server.pid
        finally:
            server.terminate()


def page_is_drawn(port: int) -> bool:
    """Whether the page is served, not one that says to wait."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    link.request("GET", "/")
    answer = link.getresponse()
    answer.read()
    return answer.getheader("Refresh") is None


def ask(link: http.client.HTTPConnection, at: tuple[float, float]) -> dict[str, Any]:
    """The answer to a click."""
    asked = {"lng": at[0], "lat": at[1], "standard": STANDARD, "minutes": MINUTES}
    link.request("POST", "/api/answer", json.dumps(asked), {"Content-Type": "application/json"})
    answer: dict[str, Any] = json.load(link.getresponse())
    return answer


def processor_s(process: int) -> float:
    """Seconds that all threads of a process have worked, those that have ended included."""
    told = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS_S


def over_http(base: str, clicks: Clicks) -> None:
    """Wait for every answer, from the question to the last byte read as JSON."""
    with served(base) as (port, process):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for at in clicks[:FIRST]:
            ask(link, at)
        waited, told, before = [], [], processor_s(process)
        for at in clicks:
            start = time.perf_counter()
            told.append(ask(link, at)["ms"] / 1e3)
            waited.append(time.perf_counter() - start)
        worked = (processor_s(process) - before) / len(clicks)
    say("HTTP, clock", waited)
    say("of it computing", told)
    say("processor, mean", [worked])


def parts(base: Base, clicks: Clicks) -> None:
    """Work through the parts of an answer, one after the other in this process."""
    scene, standard = surroundings.scene_of(base), sp.read_standard(STANDARD)
    steps: dict[str, Callable[[surroundings.Spot], Any]] = {
        "areas": lambda spot: surroundings.area_rows(spot, minutes=MINUTES),
        "ways, by time": lambda spot: spot.amounts("time_min"),
        "ways, by length": lambda spot: spot.amounts("distance_m"),
        "clauses": lambda spot: surroundings.clause_rows(spot, standard),
    }
    taken: dict[str, list[tuple[float, float]]] = {}
    for at in [*clicks[:FIRST], *clicks]:
        spot = noted(taken, "locating", partial(surroundings.spot_at, scene, *at))
        for name, step in steps.items():
            noted(taken, name, partial(step, spot))
    for name, pairs in taken.items():
        clock, processor = zip(*pairs[FIRST:], strict=True)
        say(f"{name}, clock", clock)
        say("    processor", processor)


def noted(taken: dict[str, list[tuple[float, float]]], name: str, work: Callable[[], Any]) -> Any:
    """What some work gives; how long it took is noted by the clock and the processor."""
    start = time.perf_counter(), time.process_time()
    found = work()
    taken.setdefault(name, []).append(
        (time.perf_counter() - start[0], time.process_time() - start[1])
    )
    return found


def say(name: str, seconds: Any, *, unit: float = 1e3) -> None:
    """One line of figures."""
    some = np.percentile(np.asarray(seconds) * unit, [50, 95, 100])
    kind = "ms" if unit > 1 else "s"
    figures = some if len(seconds) > 1 else some[:1]
    sys.stdout.write(f"{name:24}" + "".join(f"{one:8.1f}" for one in figures) + f" {kind}\n")
    sys.stdout.flush()


def standing() -> str:
    """How busy the machine is."""
    return "load " + " ".join(f"{one:.1f}" for one in os.getloadavg())


def main() -> None:
    """Ask, and tell p50, p95 and the most."""
    base, *count = sys.argv[1:]
    made = sp.read_base(base)
    clicks = clicks_on(made, int(count[0]) if count else CLICKS)
    sys.stdout.write(f"p50, p95 and most of {len(clicks)} clicks; {standing()}\n")
    over_http(base, clicks)
    parts(made, clicks)
    sys.stdout.write(f"{standing()}\n")


if __name__ == "__main__":
    main()
