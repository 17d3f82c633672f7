"""The rules of ``layers/streets/access.yaml``: who may use a way, in which direction, how fast."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple

import pydantic

from spatialplan._files import data_folder
from spatialplan._yaml import read_yaml
from spatialplan.errors import InputError

if TYPE_CHECKING:
    from ._raw import Tags

FERRY = "ferry"
UNKNOWN_CLASS = "road"

_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph)?")
_KMH_PER_MPH = 1.609344
_CLOCK = re.compile(r"(\d+):(\d\d)(?::(\d\d))?")
_ISO_DURATION = re.compile(r"pt(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_CONTRAFLOW_KEYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")


class Passage(NamedTuple):
    """How one mode may use a way: along it, against it, at what speed."""

    forward: bool
    backward: bool
    speed_kmh: float


class _Entry(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class _Mode(_Entry):
    speed_kmh: float | None = pydantic.Field(gt=0)
    keys: tuple[str, ...]
    opens: frozenset[str]
    oneway: tuple[str, ...]
    oneway_on: frozenset[str] = frozenset()
    implied_oneway: bool
    contraflow: bool = False
    push: frozenset[str] = frozenset()
    push_on: frozenset[str] = frozenset()
    motorroad: bool
    areas: frozenset[str]
    closed_service: frozenset[str] = frozenset()
    barriers: frozenset[str]


class _Access(_Entry):
    allow: frozenset[str]
    deny: frozenset[str]


class _Oneway(_Entry):
    forward: frozenset[str]
    backward: frozenset[str]
    both: frozenset[str]
    implied_junction: frozenset[str]
    implied_class: frozenset[str]


class _Class(_Entry):
    open: frozenset[str]
    speed_kmh: float | None = pydantic.Field(default=None, gt=0)


class Rules(_Entry):
    """The content of the rules' file; its comments say what each entry means."""

    modes: dict[str, _Mode]
    pushed_speed_kmh: float = pydantic.Field(gt=0)
    opened_speed_kmh: float = pydantic.Field(gt=0)
    speed_range_kmh: tuple[float, float]
    access: _Access
    oneway: _Oneway
    lifecycle: frozenset[str]
    not_streets: frozenset[str]
    maxspeed: dict[str, float]
    classes: dict[str, _Class]

    def street_class(self, tags: Tags) -> str | None:
        """Class of a way, ``ferry`` for a ferry, None for a way that is no street."""
        if any(tags.get(key) == "yes" for key in self.lifecycle):
            return None
        highway = tags.get("highway", "")
        if highway in self.classes:
            return highway
        return FERRY if tags.get("route") == FERRY else None

    def passage(self, tags: Tags, mode: str, *, length_m: float) -> Passage | None:
        """
        How `mode` may use a way with these tags, None where it may not.

        ``highway`` is the class that `street_class` found; `length_m` is the length of
        the way, from which a ferry's speed follows.
        """
        highway, rule = tags["highway"], self.modes[mode]
        if tags.get("area") == "yes" and highway not in rule.areas:
            return None
        allowed = self._allowed(tags, rule, by_default=self._open_by_default(tags, highway, mode))
        if not allowed:
            return None
        if allowed == "push" or highway in rule.push_on:
            return Passage(forward=True, backward=True, speed_kmh=self.pushed_speed_kmh)
        forward, backward = self._directions(tags, highway, rule)
        speed_kmh = self._speed_kmh(tags, highway, rule, length_m=length_m)
        return Passage(forward, backward, speed_kmh)

    def stops(self, tags: Tags, mode: str) -> bool:
        """Whether a barrier node with these tags stops `mode`."""
        rule = self.modes[mode]
        return not self._allowed(tags, rule, by_default=tags.get("barrier") not in rule.barriers)

    def _open_by_default(self, tags: Tags, highway: str, mode: str) -> bool:
        rule = self.modes[mode]
        if tags.get("motorroad") == "yes" and not rule.motorroad:
            return False
        return mode in self.classes[highway].open and tags.get("service") not in rule.closed_service

    def _allowed(self, tags: Tags, rule: _Mode, *, by_default: bool) -> str:
        """Return "" (no), "yes" or "push"; the first key with a known word decides."""
        default = "yes" if by_default else ""
        for key in rule.keys:
            word = tags.get(key, "").lower()
            if word in self.access.deny:
                return ""
            if word in rule.push:
                return "push"
            if word in self.access.allow:
                return "yes" if key in rule.opens else default
        return default

    def _directions(self, tags: Tags, highway: str, rule: _Mode) -> tuple[bool, bool]:
        """Return whether traffic may run along and against the way."""
        keys = (*rule.oneway, "oneway") if highway in rule.oneway_on else rule.oneway
        for key in keys:
            word = tags.get(key, "").lower()
            if key == "oneway" and rule.contraflow and self._contraflow(tags):
                return True, True
            if word in self.oneway.both:
                return True, True
            if word in self.oneway.forward:
                return True, False
            if word in self.oneway.backward:
                return False, True
        implied = rule.implied_oneway and (
            highway in self.oneway.implied_class
            or tags.get("junction") in self.oneway.implied_junction
        )
        return True, not implied

    def _contraflow(self, tags: Tags) -> bool:
        return any(tags.get(key, "").startswith("opposite") for key in _CONTRAFLOW_KEYS)

    def _speed_kmh(self, tags: Tags, highway: str, rule: _Mode, *, length_m: float) -> float:
        if highway == FERRY:
            hours = duration_h(tags.get("duration", ""))
            speed = length_m / 1000 / hours if hours else None
        elif rule.speed_kmh:
            return rule.speed_kmh
        else:
            speed = self.parse_maxspeed(tags.get("maxspeed", ""))
        low, high = self.speed_range_kmh
        if speed is not None and low <= speed <= high:
            return speed
        return self.classes[highway].speed_kmh or self.opened_speed_kmh

    def parse_maxspeed(self, text: str) -> float | None:
        """Speed in km/h of a ``maxspeed`` value, None where it holds no single number."""
        word = text.strip().lower()
        if word in self.maxspeed:
            return self.maxspeed[word]
        found = _SPEED.fullmatch(word)
        if not found:
            return None
        return float(found[1]) * (_KMH_PER_MPH if found[2] == "mph" else 1.0)


def duration_h(text: str) -> float | None:
    """
    Hours of a ``duration`` value: minutes, H:MM, H:MM:SS or ISO 8601; None if it is none.

    Examples
    --------
    >>> duration_h("1:45"), duration_h("PT25M"), duration_h("90"), duration_h("soon")
    (1.75, 0.4166666666666667, 1.5, None)
    """
    word = text.strip().lower()
    if word.isdecimal():
        return int(word) / 60
    found = _CLOCK.fullmatch(word) or _ISO_DURATION.fullmatch(word)
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours + minutes / 60 + seconds / 3600


def read_rules() -> Rules:
    """Read and check the rules' file."""
    path = data_folder("layers") / "streets" / "access.yaml"
    try:
        return Rules.model_validate(read_yaml(path))
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(path, first["msg"], where=where, do="mend the entry") from error
