"""A measure of accessibility: what people reach, and what there is for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from spatialplan import _choices
from spatialplan import tables
from spatialplan._files import require_parent
from spatialplan.base import read_base
from spatialplan.categories import category_key
from spatialplan.errors import InputError
from spatialplan.export import require_format
from spatialplan.export import write_table

from ._decays import decay_of
from ._decays import limits_of
from ._decays import made_decay
from ._given import own_places
from ._given import tell_far
from ._means import by_area
from ._means import lost_line
from ._means import mean_lines
from ._means import number
from ._measured import MADE
from ._measured import Asked
from ._measures import MEASURES
from ._prepared import facilities_of
from ._prepared import network_of
from ._prepared import streets_of
from ._prepared import tell_origin

if TYPE_CHECKING:
    import argparse
    from collections.abc import Hashable
    from collections.abc import Mapping

    from spatialplan._voice import Voice
    from spatialplan.base import Base
    from spatialplan.network import Network
    from spatialplan.travel import Decay

    from ._measures import Measure

_SHARES_MISS = 1e-6
"""Shares that are written in decimals add up to 1 but for so much."""


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write a measure for each place of people, facility or area; tell its basis and mean."""
    require_format(require_parent(options.output), layer=True)
    measure = MEASURES[options.name]
    _require_sense(options, measure)
    words = decay_of(options, measure)
    limits = limits_of(options, words, measure)
    decay = made_decay(words, limits) if words else None
    weights, shares = _weights(options), _shares(options)
    made = read_base(options.base, modes=list(shares) or [options.mode])
    if options.by and made.boundaries.empty:
        raise InputError("--by", f"{made.area_id} has no areas")
    asked = _asked(options, made, decay, limits, weights=weights, shares=shares)
    if options.facilities is not None:
        tell_far(Path(options.facilities).name, asked.facilities, asked.network, voice)
    voice.stage("ways")
    found, notes = MADE[options.name](asked)
    rows = made.demand if measure.of_people else asked.facilities
    table = by_area(found, asked, measure, made) if options.by else rows.assign(**found, **notes)
    write_table(table, options.output)
    voice.tell(f"basis 口径: {_basis(options, measure, asked, made)}")
    for line in mean_lines(found, asked, measure, options.supply):
        voice.tell(line)
    if asked.closed:
        voice.tell(lost_line(found[f"change_{asked.unit}"], asked))
    tell_origin(made, voice)
    voice.tell(f"written: {options.output}")
    return 0


# --- what is asked


def _require_sense(options: argparse.Namespace, measure: Measure) -> None:
    """Refuse options that the measure would not look at, and ask for those it needs."""
    name, leave = options.name, {"do": "leave it out"}
    if options.supply is not None and not measure.supply:
        raise InputError("--supply", f"{name} counts no supply", **leave)
    if options.count is not None and not measure.nearest:
        raise InputError("--count", f"{name} counts no facilities", **leave)
    if options.by and not measure.of_people:
        raise InputError("--by", f"{name} has a row for each facility, none for people", **leave)
    if options.datum and options.facilities is None and not options.close:
        raise InputError("--datum", "no file that it could be of", **leave)
    for option in ("close", "modes"):
        given = getattr(options, option)
        if given and measure.needs != option:
            raise InputError(f"--{option}", f"{name} does not look at it", **leave)
        if not given and measure.needs == option:
            raise InputError(f"--{option}", f"{name} needs it")
    if options.modes and options.speed is not None:
        raise InputError("--speed", "one speed for several modes", **leave)
    _require_categories(options, measure)


def _require_categories(options: argparse.Namespace, measure: Measure) -> None:
    parts = options.category
    if parts is None:
        if measure.categories != "one":
            raise InputError("--facilities", f"{options.name} needs categories",
                             do="name them with --category")  # fmt: skip
        return
    if len(parts) > 1 and measure.categories == "one":
        raise InputError("--category", f"{len(parts)} of them for {options.name}", allowed="one")
    if measure.categories != "weighted" and any(part.weight is not None for part in parts):
        raise InputError("--category", f"{options.name} has no weights", do="leave them out")


def _weights(options: argparse.Namespace) -> dict[str, float]:
    """Weights of the categories by key; none where facilities are from a file."""
    found: dict[str, float] = {}
    for name, weight in options.category or []:
        key = category_key(name, source="--category")
        if key in found:
            raise InputError("--category", f"{key} comes twice")
        found[key] = 1.0 if weight is None else weight
    return found


def _shares(options: argparse.Namespace) -> dict[str, float]:
    """Shares of people by mode; none where there is one mode."""
    found: dict[str, float] = {}
    for mode, share in options.modes or []:
        if mode not in _choices.MODES or mode in found or share is None:
            raise InputError("--modes", mode if share is None else f"{mode}={share:g}",
                             allowed="MODE=SHARE, each mode once, of "
                             f"{', '.join(_choices.MODES)}")  # fmt: skip
        found[mode] = share
    if found and abs(sum(found.values()) - 1) > _SHARES_MISS:
        raise InputError("--modes", f"shares add up to {sum(found.values()):g}", allowed="1")
    return found


def _asked(
    options: argparse.Namespace,
    made: Base,
    decay: Decay | None,
    limits: list[float],
    *,
    weights: Mapping[str, float],
    shares: Mapping[str, float],
) -> Asked:
    measure = MEASURES[options.name]
    facilities = _facilities(options, made, weights)
    networks = {mode: streets_of(made, mode, options, source="--modes") for mode in shares}
    networks = networks or {options.mode: network_of(made, options)}
    metres = measure.in_metres or options.metres is not None
    return Asked(
        homes=made.demand,
        facilities=facilities,
        supply=_supply(options, facilities),
        networks=networks,
        cost="distance_m" if metres else "time_min",
        decay=decay,
        limits=limits,
        count=options.count or measure.nearest,
        weights=weights,
        shares=shares,
        closed=_closed(options, next(iter(networks.values())), made) if options.close else [],
    )


def _facilities(
    options: argparse.Namespace, made: Base, weights: Mapping[str, float]
) -> gpd.GeoDataFrame:
    if not weights:
        return own_places("--facilities", options.facilities, options, made)
    found = [facilities_of(made, key, source="--category") for key in weights]
    return gpd.GeoDataFrame(pd.concat(found))


def _closed(options: argparse.Namespace, network: Network, made: Base) -> list[Hashable]:
    """Edges that close: by number, or where they cross areas of a file."""
    if all(text.isdecimal() for text in options.close):
        return [int(text) for text in options.close]
    if len(options.close) > 1:
        raise InputError("--close", " ".join(options.close), allowed="numbers, or one file")
    areas = own_places("--close", options.close[0], options, made)
    _, crossed = network.edges.sindex.query(areas.geometry, predicate="intersects")
    if not len(crossed):
        raise InputError("--close", f"no street crosses {Path(options.close[0]).name}",
                         do="give areas that lie over streets, and check the datum")  # fmt: skip
    return list(network.edges.index[np.unique(crossed)])


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


# --- basis


def _basis(options: argparse.Namespace, measure: Measure, asked: Asked, made: Base) -> str:
    """What was counted, how, on which data, in one line."""
    facts = made.facts.get("population_en", "")
    offer = f"column {options.supply!r}, {number(asked.supply.sum())} in all"
    files = [source for source in made.sources if source["date"]]
    dates = ", ".join(dict.fromkeys(f"{source['title']} {source['date']}" for source in files))
    parts = [
        f"{options.name} = {measure.formula}",
        _way_text(measure, asked),
        (f"supply: {offer if options.supply else '1 each'}" if measure.supply else ""),
        f"{len(asked.supply):,} facilities ({_kind(options, measure, asked)})",
        f"{asked.people.sum():,.0f} people in {len(asked.people):,} places"
        + (f" ({facts})" if facts else ""),
        _street_text(options, measure, asked),
        f"data: {dates}" if dates else "",
    ]
    return "; ".join(part for part in parts if part)


def _kind(options: argparse.Namespace, measure: Measure, asked: Asked) -> str:
    """What facilities are called: by their categories, with their weights, or by their file."""
    if not asked.weights:
        return Path(options.facilities).name
    weighted = measure.categories == "weighted"
    return ", ".join(f"{key} w = {weight:g}" if weighted else key
                     for key, weight in asked.weights.items())  # fmt: skip


def _street_text(options: argparse.Namespace, measure: Measure, asked: Asked) -> str:
    """Along which streets, and where ways begin and end."""
    modes = [f"{share:g} {mode}" for mode, share in asked.shares.items()] or [options.mode]
    speed = "" if options.speed is None else f" at {options.speed:g} km/h"
    shut = f", {len(asked.closed):,} of them closed" if asked.closed else ""
    areas = ("entered where streets cross their edge" if measure.gates else
             "at a point inside, not where streets cross their edge as in `access`")  # fmt: skip
    return (f"{', '.join(modes)} along the streets{speed}{shut}, the ways to the street included, "
            f"areas {areas}")  # fmt: skip


def _way_text(measure: Measure, asked: Asked) -> str:
    """How ways are weighed, or counted, and how far."""
    count = f"K = {asked.count}, " if measure.nearest else ""
    if asked.decay:
        most = asked.decay.limit
        end = f"at most {most:.12g} {asked.unit}" if most < np.inf else "no limit"
        return f"{count}f(d) = {asked.decay.formula}, d in {asked.unit}, {end}"
    if asked.limits:
        return f"{count}limit {', '.join(f'{limit:.12g}' for limit in asked.limits)} {asked.unit}"
    return f"{count}d in {asked.unit}, no limit"
