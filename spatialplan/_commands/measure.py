"""A measure of accessibility: what people reach, and what there is for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialplan import tables
from spatialplan._files import require_parent
from spatialplan.base import OUTSIDE
from spatialplan.base import OUTSIDE_ID
from spatialplan.categories import category_key
from spatialplan.errors import InputError
from spatialplan.export import require_format
from spatialplan.export import write_table
from spatialplan.report import share_text
from spatialplan.travel import street_travel

from ._decays import decay_of
from ._decays import limits_of
from ._decays import made_decay
from ._given import own_places
from ._given import tell_far
from ._measured import MADE
from ._measured import Asked
from ._measures import MEASURES
from ._measures import NEAREST_COUNT
from ._prepared import base_of
from ._prepared import facilities_of
from ._prepared import network_of
from ._prepared import tell_origin

if TYPE_CHECKING:
    import argparse

    from spatialplan._choices import Measure as CostName
    from spatialplan._voice import Voice
    from spatialplan.base import Base

    from ._measures import Measure


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write a measure for each place of people, facility or area; tell its basis and mean."""
    require_format(require_parent(options.output), layer=True)
    measure = MEASURES[options.name]
    _require_sense(options, measure)
    words = decay_of(options, measure)
    limits = limits_of(options, words, measure)
    decay = made_decay(words, limits) if words else None
    kind = _kind(options)
    made = base_of(options)
    if options.by and made.boundaries.empty:
        raise InputError("--by", f"{made.area_id} has no areas")
    facilities = _facilities(options, made)
    supply = _supply(options, facilities)
    network = network_of(made, options)
    if options.facilities is not None:
        tell_far(_kind(options), facilities, network, voice)
    voice.stage("ways")
    unit: CostName = "time_min" if options.metres is None else "distance_m"
    asked = Asked(
        people=made.demand["population"],
        supply=supply,
        travel=street_travel(made.demand, facilities, network=network, measure=unit),
        decay=decay,
        limits=limits,
        count=options.count or NEAREST_COUNT,
    )
    found, notes = MADE[options.name](asked)
    rows = made.demand if measure.of_people else facilities
    table = _by_area(found, asked, measure, made) if options.by else rows.assign(**found, **notes)
    write_table(table, options.output)
    voice.tell(f"basis 口径: {_basis(options, measure, asked, made, kind=kind)}")
    for line in _means(found, asked, measure, options.supply):
        voice.tell(line)
    tell_origin(made, voice)
    voice.tell(f"written: {options.output}")
    return 0


def _require_sense(options: argparse.Namespace, measure: Measure) -> None:
    """Refuse options that the measure would not look at."""
    if options.supply is not None and not measure.supply:
        raise InputError("--supply", f"{options.name} counts no supply", do="leave it out")
    if options.count is not None and options.name != "nearest-k":
        raise InputError("--count", f"{options.name} counts no facilities", do="leave it out")
    if options.by and not measure.of_people:
        raise InputError("--by", f"{options.name} has a row for each facility, none for people",
                         do="leave it out")  # fmt: skip
    if options.datum and options.facilities is None:
        raise InputError("--datum", "no file that it could be of", do="leave it out")


def _kind(options: argparse.Namespace) -> str:
    """What facilities are called: by their category or by their file."""
    if options.category is None:
        return Path(options.facilities).name
    return category_key(options.category, source="--category")


def _facilities(options: argparse.Namespace, made: Base) -> gpd.GeoDataFrame:
    if options.category is not None:
        return facilities_of(made, options.category, source="--category")
    return own_places("--facilities", options.facilities, options, made)


def _supply(options: argparse.Namespace, facilities: gpd.GeoDataFrame) -> pd.Series[float]:
    """What each facility offers; there must be some."""
    name = options.supply
    if name is None:
        return pd.Series(1.0, facilities.index)
    columns = facilities.columns.drop(facilities.geometry.name)
    if name not in columns:
        raise InputError("--supply", f"no column {name!r}", allowed=", ".join(map(str, columns)))
    supply = tables.numbers(facilities[name], source="--supply", thousands=True)
    if (supply < 0).any():
        below = supply[supply < 0]
        raise InputError("--supply", f"{below.iloc[0]:g}", allowed="0 or more",
                         where=f"{tables.rows_text(below.index)}, column {name!r}")  # fmt: skip
    if supply.sum() == 0:
        raise InputError("--supply", f"nothing in column {name!r} (total 0)")
    return supply


# --- means


def _totals(
    found: dict[str, pd.Series[Any]], asked: Asked, measure: Measure, by: pd.Series[Any]
) -> pd.DataFrame:
    """
    Weighted means of each column by group, with the weight in all and without any of it.

    People weigh rows of people, supply those of facilities. A way that does not exist has
    no place in a mean of ways; where nothing is reached, the amount reached is 0.
    """
    weight = asked.people if measure.of_people else asked.supply
    parts = {"weight": weight}
    for name, values in found.items():
        reached = values < np.inf if measure.of_ways else values > 0
        parts[name] = (weight * values).where(reached, 0.0)
        parts[f"without_{name}"] = weight.mask(reached, 0.0)
    sums = pd.DataFrame(parts).groupby(by).sum()
    for name in found:
        counted = sums["weight"] - (sums[f"without_{name}"] if measure.of_ways else 0.0)
        sums[name] = sums[name] / counted.where(counted > 0)
    return sums


def _by_area(
    found: dict[str, pd.Series[Any]], asked: Asked, measure: Measure, made: Base
) -> gpd.GeoDataFrame:
    """Rows of areas: name, people, mean of each column, people without; polygon."""
    areas = made.demand["area_id"].replace("", OUTSIDE_ID)
    sums = _totals(found, asked, measure, areas).rename(columns={"weight": "people"})
    names = {**made.area_names, OUTSIDE_ID: OUTSIDE}
    sums = sums.rename(columns=lambda name: name.replace("without_", "people_without_"))
    sums = sums.sort_index(key=lambda ids: ids == OUTSIDE_ID, kind="stable")
    sums.insert(0, "name_zh", sums.index.map(names))
    return gpd.GeoDataFrame(sums, geometry=made.boundaries.geometry.reindex(sums.index))


def _means(
    found: dict[str, pd.Series[Any]], asked: Asked, measure: Measure, supply: str | None
) -> list[str]:
    """One line for each column: its mean, and for how many there is nothing."""
    rows = next(iter(found.values())).index
    totals = _totals(found, asked, measure, pd.Series("all", rows))
    sums = {str(name): float(values.iloc[0]) for name, values in totals.items()}
    if not measure.of_people:
        by = " by supply" if supply else ""
        return [
            f"{name}: mean{by} {_number(sums[name])}; "
            f"{int((values == 0).sum()):,} of {len(values):,} facilities are reached by nobody"
            for name, values in found.items()
        ]
    whose = ", of those who do" if measure.of_ways else ""
    people = sums["weight"]
    return [
        f"{name}: mean by people {_number(sums[name])}{whose}; "
        f"{sums[f'without_{name}']:,.0f} of {people:,.0f} people "
        f"({share_text(sums[f'without_{name}'] / people)}) {measure.lacking}"
        for name in found
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


# --- basis


def _basis(
    options: argparse.Namespace, measure: Measure, asked: Asked, made: Base, *, kind: str
) -> str:
    """What was counted, how, on which data, in one line."""
    facts = made.facts.get("population_en", "")
    offer = f"column {options.supply!r}, {_number(asked.supply.sum())} in all"
    speed = "" if options.speed is None else f" at {options.speed:g} km/h"
    files = [source for source in made.sources if source["date"]]
    dates = ", ".join(dict.fromkeys(f"{source['title']} {source['date']}" for source in files))
    parts = [
        f"{options.name} = {measure.formula}",
        _way_text(options, asked),
        (f"supply: {offer if options.supply else '1 each'}" if measure.supply else ""),
        f"{len(asked.supply):,} facilities ({kind})",
        f"{asked.people.sum():,.0f} people in {len(asked.people):,} places"
        + (f" ({facts})" if facts else ""),
        f"{options.mode} along the streets{speed}, the ways to the street included, "
        "areas at a point inside",
        f"data: {dates}" if dates else "",
    ]
    return "; ".join(part for part in parts if part)


def _way_text(options: argparse.Namespace, asked: Asked) -> str:
    """How ways are weighed, or counted, and how far."""
    if asked.decay:
        most = asked.decay.limit
        end = f"at most {most:.12g} {asked.unit}" if most < np.inf else "no limit"
        return f"f(d) = {asked.decay.formula}, d in {asked.unit}, {end}"
    if asked.limits:
        return f"limit {', '.join(f'{limit:.12g}' for limit in asked.limits)} {asked.unit}"
    count = f"K = {asked.count}, " if options.name == "nearest-k" else ""
    return f"{count}d in {asked.unit}, no limit"
