"""What was measured, against what was to be reached."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from typing import NamedTuple

from bench.cities import KINDS
from bench.measure import OURS
from bench.measure import Figure
from bench.work import CLICKS
from bench.work import STARTS
from bench.work import WORK

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

RATIOS: tuple[tuple[str, str, float], ...] = (
    ("W1", "scipy", 40), ("W1-any", "scipy", 40), ("W1-any", "igraph", 100),
    ("W1-any", "networkit", 100), ("W1-any", "rustworkx", 100), ("W1", "pandana", 1000),
    ("W1-any", "pandana", 1000), ("W2", "pandana", 15), ("W2", "scipy", 20),
    ("W2", "cityseer", 100), ("W3", "pyroutingkit", 20), ("W3", "osrm", 30), ("W3", "scipy", 80),
    ("W4-walk", "scipy", 4), ("W4-walk", "pandana", 20), ("W4-drive", "scipy", 2),
    ("W5", "scipy", 7), ("W5", "pandana", 100),
)  # fmt: skip
"""How many times faster than whom."""


class Absolute(NamedTuple):
    """A figure that is to stay under a limit."""

    work: str
    unit: str
    most: float
    of: Callable[[Figure], float]


ABSOLUTE = (
    Absolute("W1", "ns per node and category", 5, lambda f: 1e9 * f.wall_s / (f.nodes * KINDS)),
    Absolute("W1-any", "ns per node and category", 5, lambda f: 1e9 * f.wall_s / (f.nodes * KINDS)),
    Absolute("W2", "µs per node", 2.5, lambda f: 1e6 * f.wall_s / f.nodes),
    Absolute("W3", "ns per pair", 15, lambda f: 1e9 * per_pair(f, f.wall_s)),
    Absolute("W4-walk", "µs each", 50, lambda f: 1e6 * f.wall_s / STARTS),
    Absolute("W6", "ms per click", 30, lambda f: 1e3 * f.wall_s / CLICKS),
    Absolute("W7", "% of preparation", 10, lambda f: 100 * f.wall_s / f.prepare_s),
)

GROWTH = 1.3
GROWING = ("W1", "W1-any", "W2", "W5")
SMALL, LARGE = "syn250k", "syn5M"

MEMORY_MB = 1200
MEMORY_GRAPH = "syn1M"

Found = dict[tuple[str, str, str, int], Figure]


def report(figures: Sequence[Figure], *, facts: Mapping[str, str], cores: int) -> str:
    """Write all tables as Markdown."""
    found = {(f.graph, f.work, f.peer, f.threads): f for f in figures}
    parts = [
        "# Results of the benchmark\n\nMade by `make bench`; see `bench/README.md` for what is"
        " asked and how it is timed.",
        _table(["what", "value"], [list(fact) for fact in facts.items()]),
        "\n".join(f"* {name}: {work.label}" for name, work in WORK.items()),
        "## Times faster\n\n" + RATIO_NOTE,
        _table(RATIO_HEAD, _ratios(found, cores)),
        "## Absolute figures",
        _table(["work", "graph", "unit", "one thread", f"{cores} threads", "target", ""],
               _absolutes(found, cores)),
        "## Growth, time per node for each tenfold, and memory",
        _table(["what", "threads", "measured", "target", ""],
               [*_growths(found, cores), *_memories(found, cores)]),
        "## All figures\n\nMedians in seconds; preparation is apart; `first` is the first run of a"
        " turn, when the others have just had the processor's caches. "
        "`part` is the part of the matrix that was asked for.",
        _table(FIGURE_HEAD, [_row(f) for f in figures]),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


RATIO_NOTE = """Ours beside the peer in the same run, taken in turns: on one thread by time of
the processor, on all cores by time of the clock (peers that know one core only: the same
run for both). In the last but one column preparation is included once, on all cores. Matrices of
which a peer was asked for a part are compared pair for pair. Brackets: its answer differs
from ours, so it is no equal."""

RATIO_HEAD = [
    "work", "graph", "peer", "target", "one thread", "all cores", "", "with preparation", "remark",
]  # fmt: skip

FIGURE_HEAD = [
    "graph", "nodes", "work", "peer", "threads", "preparation", "wall", "processor", "first",
    "turns", "peak MB", "part", "remark",
]  # fmt: skip


def _ratios(found: Found, cores: int) -> list[list[str]]:
    """One row for each target and graph that both have figures for."""
    rows = []
    for work, peer, target in RATIOS:
        for graph in dict.fromkeys(key[0] for key in found):
            one, other = found.get((graph, work, OURS, 1)), found.get((graph, work, peer, 1))
            if one is None or other is None or one.error or other.error:
                continue
            all_ours = found[graph, work, OURS, cores]
            all_theirs = found.get((graph, work, peer, cores), other)
            first = per_pair(other, other.cpu_s) / per_pair(one, one.cpu_s)
            second = per_pair(all_theirs, all_theirs.wall_s) / per_pair(all_ours, all_ours.wall_s)
            once = (all_theirs.prepare_s + all_theirs.wall_s) / (
                all_ours.prepare_s + all_ours.wall_s * _share(other, all_ours)
            )
            shown = [_number(first), _number(second)]
            verdict = _verdict([first >= target, second >= target])
            if other.difference:
                shown, verdict = [f"({text})" for text in shown], "no equal"
            rows.append([work, graph, peer, f"≥ {target:g}", *shown, verdict, _number(once),
                         other.difference])  # fmt: skip
    return rows


def per_pair(figure: Figure, seconds: float) -> float:
    """Seconds for each pair of a matrix; all seconds of what is none."""
    return seconds / (figure.part[0] * figure.part[1])


def _share(part: Figure, whole: Figure) -> float:
    return part.part[0] * part.part[1] / (whole.part[0] * whole.part[1])


def _absolutes(found: Found, cores: int) -> list[list[str]]:
    rows = []
    for goal in ABSOLUTE:
        for graph in dict.fromkeys(key[0] for key in found):
            both = [found.get((graph, goal.work, OURS, threads)) for threads in (1, cores)]
            got = [goal.of(figure) for figure in both if figure and not figure.error]
            if len(got) == 2:
                rows.append([goal.work, graph, goal.unit, *map(_number, got), f"≤ {goal.most:g}",
                             _verdict([value <= goal.most for value in got])])  # fmt: skip
    return rows


def _growths(found: Found, cores: int) -> list[list[str]]:
    rows = []
    for work in GROWING:
        for threads in sorted({1, cores}):
            ends = [found.get((graph, work, OURS, threads)) for graph in (SMALL, LARGE)]
            if ends[0] is None or ends[1] is None:
                continue
            growth = tenfold(ends[0], ends[1])
            rows.append([f"{work}, {SMALL} to {LARGE}", str(threads), _number(growth),
                         f"≤ {GROWTH:g}", _verdict([growth <= GROWTH])])  # fmt: skip
    return rows


def tenfold(small: Figure, large: Figure) -> float:
    """Growth of time per node for each tenfold of nodes."""
    times = large.nodes / small.nodes
    per_node = large.wall_s / small.wall_s / times
    growth: float = per_node ** (1 / math.log10(times))
    return growth


def _memories(found: Found, cores: int) -> list[list[str]]:
    rows = []
    for threads in sorted({1, cores}):
        ours = [f for f in found.values() if f.graph == MEMORY_GRAPH and f.peer == OURS]
        held = [f.peak_mb for f in ours if f.threads == threads and f.work[:2] <= "W5"]
        if held:
            rows.append([f"peak MB, W1–W5, {MEMORY_GRAPH}", str(threads), f"{max(held):.0f}",
                         f"≤ {MEMORY_MB}", _verdict([max(held) <= MEMORY_MB])])  # fmt: skip
    return rows


def _verdict(met: Sequence[bool]) -> str:
    """Met on one thread and on all cores, or on which."""
    if all(met):
        return "met"
    if not any(met):
        return "**missed**"
    return "met on one thread only" if met[0] else "met on all cores only"


def _row(figure: Figure) -> list[str]:
    part = "×".join(map(str, figure.part)) if figure.work == "W3" else ""
    return [
        figure.graph, f"{figure.nodes:,}", figure.work, figure.peer, str(figure.threads),
        _number(figure.prepare_s), _number(figure.wall_s), _number(figure.cpu_s),
        _number(figure.first_s), str(figure.turns), f"{figure.peak_mb:.0f}", part,
        figure.error or figure.difference,
    ]  # fmt: skip


def _number(value: float) -> str:
    """Three digits that say something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
