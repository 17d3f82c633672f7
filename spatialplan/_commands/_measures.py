"""The measures and decays that `measure` knows by name, apart from what computes them."""

from __future__ import annotations

import argparse
import math
from typing import NamedTuple

from spatialplan.errors import nearest

COUNTS = {"none": (0, 0), "one": (1, 1), "one or none": (0, 1), "one or more": (1, math.inf)}
"""How few and how many limits these words mean."""

ANY = "any"
"""Of a measure: a decay must be chosen."""

_MOST_NEAREST = 100

_NEAR = "t_ic mean way to the K nearest of category c"

_LUO = "sum_j R_j f_ij, R_j = S_j / sum_k P_k f_kj"


class Measure(NamedTuple):
    """
    What is said of a measure before anything is read.

    Parameters
    ----------
    formula
        ``P_i`` people of place i, ``S_j`` supply of facility j, ``d_ij`` way, ``f_ij`` decay.
    decay
        The usual one, `ANY`, or empty where none is used.
    limits
        Where no decay says it: a key of `COUNTS`.
    supply
        Whether it counts what facilities offer.
    of_people
        Whether it has a row for each place of people; else for each facility.
    of_ways
        Whether its numbers are ways, ``inf`` where there is none; else amounts, 0 there.
    lacking
        What people do for whom there is none.
    totals
        Whether its numbers belong to a place as a whole, and add up; else to each person.
    gates
        Whether areas are entered where streets cross their edge, not at a point inside.
    in_metres
        Whether its ways are measured in metres, whatever is asked.
    nearest
        How many of the nearest facilities it looks at where nothing is said; 0 where the
        question does not arise.
    categories
        ``one``, or of which it takes ``several``, or several ``weighted`` ones.
    needs
        The option without which it says nothing, and which no other has.
    """

    formula: str
    decay: str = ""
    limits: str = "none"
    supply: bool = True
    of_people: bool = True
    of_ways: bool = False
    lacking: str = "reach nothing"
    totals: bool = False
    gates: bool = False
    in_metres: bool = False
    nearest: int = 0
    categories: str = "one"
    needs: str = ""


MEASURES = {
    "cumulative": Measure("sum_j S_j [d_ij <= limit]", limits="one or more"),
    "passive": Measure("sum_i P_i [d_ij <= limit]", limits="one or more", supply=False,
                       of_people=False),
    "gravity": Measure("sum_j S_j f_ij", ANY),
    "nearest-k": Measure("the K least d_ij, and their facilities", supply=False,
                         of_ways=True, lacking="reach no such facility", nearest=3),
    "2sfca": Measure(_LUO, "cumulative"),
    "e2sfca": Measure(_LUO, "step:weights=1/0.68/0.22"),
    "ga2sfca": Measure(_LUO, "truncated-gaussian"),
    "kd2sfca": Measure(_LUO, "epanechnikov"),
    "g2sfca": Measure(_LUO, ANY),
    "3sfca": Measure("sum_j G_ij R_j f_ij, R_j = S_j / sum_k P_k G_kj f_kj, "
                     "G_ij = f_ij / sum_m f_im", ANY),
    "m2sfca": Measure("sum_j S_j f_ij^2 / sum_k P_k f_kj", ANY),
    "bfca": Measure("sum_j L_j f_ij / sum_k f_kj, L_j = S_j / sum_k (P_k f_kj / sum_m f_km)", ANY),
    "i2sfca": Measure("sum_i P_i f_ij / sum_l S_l f_il", ANY, of_people=False),
    "availability": Measure("sum_j S_j P_i f_ij / sum_k P_k f_kj, a total of place i", ANY,
                            totals=True),
    "multimodal": Measure("sum_j R_j f_ijm, R_j = S_j / sum_m sum_k w_m P_k f_kjm, by mode m "
                          "of --modes with share w_m", "cumulative", needs="modes"),
    "balancing-cost": Measure("least d with sum_j S_j [d_ij <= d] >= P_i", of_ways=True,
                              lacking="never reach as much supply as they are"),
    "detour": Measure("d_ij / straight line, to the j with the least d_ij", supply=False,
                      of_ways=True, lacking="reach none, or are at the very point of it",
                      in_metres=True),
    "closure": Measure("least d_ij with the streets of --close closed, and before", supply=False,
                       of_ways=True, lacking="reach none, or no longer", gates=True,
                       needs="close"),
    "x-minute": Measure(f"number, share, and all (1 or 0) of the categories with t_ic <= limit, "
                        f"{_NEAR}", limits="one", supply=False, lacking="have 0", gates=True,
                        nearest=1, categories="several"),
    "proximity": Measure(f"sum_c w_c t_ic / sum_c w_c, {_NEAR}", supply=False, of_ways=True,
                         lacking="do not reach as many", gates=True, nearest=1,
                         categories="weighted"),
    "proximity-score": Measure(f"100 sum_c w_c f(t_ic) / sum_c w_c, {_NEAR}", ANY, supply=False,
                               lacking="have 0", gates=True, nearest=1, categories="weighted"),
}  # fmt: skip


class Shape(NamedTuple):
    """A decay: its formula, its parameters as they are written, how many limits it takes."""

    formula: str
    example: str = ""
    limits: str = "one"

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters, all of them needed."""
        return [part.partition("=")[0] for part in self.example.split(",") if part]


DECAYS = {
    "cumulative": Shape("1 up to the limit"),
    "step": Shape("a weight up to each limit", "weights=1/0.68/0.22", "one or more"),
    "interval": Shape("mean of cumulative at lower, lower + step ... limit", "lower=20,step=10"),
    "linear": Shape("1 - d / limit"),
    "epanechnikov": Shape("3/4 (1 - (d / limit)^2)"),
    "truncated-gaussian": Shape("(exp(-(d / limit)^2 / 2) - exp(-1/2)) / (1 - exp(-1/2))"),
    "exponential": Shape("exp(-rate d)", "rate=0.1", "one or none"),
    "power": Shape("max(d, least)^-exponent", "exponent=2,least=1", "one or none"),
    "gaussian": Shape("exp(-(d / sigma)^2 / 2)", "sigma=10", "one or none"),
    "logistic": Shape("(1 + exp(-middle c)) / (1 + exp((d - middle) c)), c = pi / (spread sqrt 3)",
                      "middle=30,spread=10", "one or none"),
}  # fmt: skip


class DecayWords(NamedTuple):
    """A decay as it is chosen: its name, and the numbers of each parameter."""

    name: str
    values: dict[str, list[float]]


def measure_name(text: str) -> str:
    """Name of a measure, for argparse."""
    if text not in MEASURES:
        msg = f"unknown measure {text!r}; {nearest(text, MEASURES)}"
        raise argparse.ArgumentTypeError(msg)
    return text


def decay_words(text: str) -> DecayWords:
    """
    Read ``NAME`` or ``NAME:PARAMETER=VALUE,...``, for argparse.

    >>> decay_words("step:weights=1/0.5")
    DecayWords(name='step', values={'weights': [1.0, 0.5]})
    """
    name, _, told = text.partition(":")
    if name not in DECAYS:
        msg = f"unknown decay {name!r}; {nearest(name, DECAYS)}"
        raise argparse.ArgumentTypeError(msg)
    parts = [part.partition("=") for part in told.split(",") if part]
    given = {parameter.strip(): value for parameter, _, value in parts}
    if sorted(given) != sorted(DECAYS[name].parameters) or len(parts) != len(given):
        msg = f"{text!r} does not say what {name} needs; write {decay_text(name)}"
        raise argparse.ArgumentTypeError(msg)
    return DecayWords(name, {key: _numbers(key, value) for key, value in given.items()})


def decay_text(name: str) -> str:
    """How a decay is written, with numbers for example."""
    example = DECAYS[name].example
    return f"{name}:{example}" if example else name


class Part(NamedTuple):
    """A category or mode as it is written, and what it weighs among the others."""

    name: str
    weight: float | None


def part(text: str) -> Part:
    """
    Read ``NAME`` or ``NAME=NUMBER``, for argparse.

    >>> part("park=2")
    Part(name='park', weight=2.0)
    """
    name, equals, number = text.partition("=")
    return Part(name, _numbers(name, number)[0] if equals else None)


def nearest_count(text: str) -> int:
    """How many of the nearest facilities, for argparse."""
    if text.isdecimal() and 1 <= int(text) <= _MOST_NEAREST:
        return int(text)
    msg = f"{text!r} is not a whole number from 1 to {_MOST_NEAREST}"
    raise argparse.ArgumentTypeError(msg)


def help_text() -> str:
    """Lines on every measure and decay, for the end of the help."""
    measures = [
        _line(name, f"{measure.formula}{_decay_note(measure)}")
        for name, measure in MEASURES.items()
    ]
    decays = [
        _line(decay_text(name), f"{shape.formula}; limits: {shape.limits}")
        for name, shape in DECAYS.items()
    ]
    return "\n".join(
        [
            "measures 指标 (P_i people of place i, S_j supply of facility j, d_ij way, f_ij decay;",
            "a row for each place of people, of passive and i2sfca for each facility):",
            *measures,
            "",
            "decays 衰减 (d in minutes, in metres with --metres; nothing counts beyond a limit):",
            *decays,
        ]
    )


def _line(head: str, text: str) -> str:
    return f"  {head:<14}  {text}" if len(head) <= 14 else f"  {head}\n  {'':<14}  {text}"


def _decay_note(measure: Measure) -> str:
    if not measure.decay:
        return ""
    return "; any decay" if measure.decay == ANY else f"; {measure.decay}"


def _numbers(parameter: str, text: str) -> list[float]:
    """One number above 0; of weights several, of at least 0."""
    several = parameter == "weights"
    try:
        values = [float(part) for part in (text.split("/") if several else [text])]
    except ValueError:
        values = [math.nan]
    if not all(0 <= value < math.inf and (value or several) for value in values):
        allowed = "numbers of at least 0, with / between" if several else "a number above 0"
        msg = f"{parameter}={text} is not {allowed}"
        raise argparse.ArgumentTypeError(msg)
    return values
