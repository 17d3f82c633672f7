"""What options may be, apart from the modules that take them, so that help comes at once."""

from __future__ import annotations

from typing import Literal
from typing import get_args

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Denominator = Literal["clause", "population", "residential_land", "communities"]
Lang = Literal["zh", "en"]
Measure = Literal["time_min", "distance_m"]
Mode = Literal["walk", "bike", "drive"]
Renderer = Literal["auto", "leaflet", "maplibre"]
Rule = Literal["clause", "straight", "network"]

DATUMS: tuple[Datum, ...] = get_args(Datum)
DENOMINATORS: tuple[Denominator, ...] = get_args(Denominator)
LANGS: tuple[Lang, ...] = get_args(Lang)
MEASURES: tuple[Measure, ...] = get_args(Measure)
MODES: tuple[Mode, ...] = get_args(Mode)
MODE_NAMES: dict[str, tuple[str, str]] = {
    "walk": ("步行", "Walking"),
    "bike": ("骑行", "Cycling"),
    "drive": ("驾车", "Driving"),
}
"""How each mode is called, in Chinese and English."""

RENDERERS: tuple[Renderer, ...] = get_args(Renderer)
RULES: tuple[Rule, ...] = get_args(Rule)

MOST_MINUTES = 24 * 60.0
MOST_METRES = 500_000.0
"""Longest ways worth asking for; more is a slip of the pen."""

SPEEDS_KMH = (0.1, 1000.0)
"""Slowest and fastest speed of a street."""

COMMUNITY_ENOUGH = 0.5
"""Share of its people from which a community counts as served, where no rule says it."""
