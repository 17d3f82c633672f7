"""From the words of a decay, and the limits, to the decay that is computed with."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan import travel
from spatialplan.errors import InputError

from ._measures import ANY
from ._measures import COUNTS
from ._measures import DECAYS
from ._measures import decay_text
from ._measures import decay_words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from collections.abc import Sequence

    from spatialplan.travel import Decay

    from ._measures import DecayWords
    from ._measures import Measure

_UP_TO_A_LIMIT: dict[str, Callable[[float], Decay]] = {
    "cumulative": travel.cumulative_decay,
    "linear": travel.linear_decay,
    "epanechnikov": travel.epanechnikov_decay,
    "truncated-gaussian": travel.truncated_gaussian_decay,
}
_SMOOTH: dict[str, Callable[..., Decay]] = {
    "exponential": travel.exponential_decay,
    "power": travel.power_decay,
    "gaussian": travel.gaussian_decay,
    "logistic": travel.logistic_decay,
}


def limits_of(options: argparse.Namespace, words: DecayWords | None, measure: Measure) -> list[Any]:
    """Limits that options name, as many as the decay, or without one the measure, takes."""
    option = "--minutes" if options.metres is None else "--metres"
    found: list[float] = (options.minutes if options.metres is None else options.metres) or []
    wanted, taker = (measure.limits, options.name) if words is None else (
        DECAYS[words.name].limits, f"the decay {words.name}")  # fmt: skip
    least, most = COUNTS[wanted]
    if not least <= len(found) <= most:
        number = len(found) or "no"
        raise InputError(option, f"{number} limit{'s' * (len(found) != 1)} for {taker}",
                         allowed=wanted)  # fmt: skip
    return found


def decay_of(options: argparse.Namespace, measure: Measure) -> DecayWords | None:
    """The decay that a measure is to use: chosen, its usual one, or none."""
    chosen: DecayWords | None = options.decay
    if not measure.decay:
        if chosen:
            raise InputError("--decay", f"{options.name} has no decay", do="leave it out")
        return None
    if measure.decay == ANY:
        if chosen is None:
            raise InputError("--decay", f"{options.name} needs one",
                             allowed=", ".join(map(decay_text, DECAYS)))  # fmt: skip
        return chosen
    usual = decay_words(measure.decay)
    if chosen and chosen.name != usual.name:
        raise InputError("--decay", f"{chosen.name} for {options.name}", allowed=usual.name,
                         do="with other decays it is g2sfca")  # fmt: skip
    return chosen or usual


def made_decay(words: DecayWords, limits: Sequence[float]) -> Decay:
    """The decay of some words within limits, as many as it takes."""
    values = words.values
    if words.name == "step":
        return travel.step_decay(limits, values["weights"])
    one = {key: numbers[0] for key, numbers in values.items()}
    if words.name == "interval":
        return travel.interval_decay(one["lower"], limits[0], step=one["step"])
    if words.name in _UP_TO_A_LIMIT:
        return _UP_TO_A_LIMIT[words.name](limits[0])
    return _SMOOTH[words.name](**one, **({"limit": limits[0]} if limits else {}))
