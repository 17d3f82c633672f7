"""What several commands take from a prepared area."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spatialplan import judgement
from spatialplan._basis import clause_names
from spatialplan.base import drawn_from
from spatialplan.base import read_base
from spatialplan.categories import category_key
from spatialplan.errors import InputError
from spatialplan.errors import nearest
from spatialplan.standard import read_standard

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    import geopandas as gpd

    from spatialplan._voice import Voice
    from spatialplan.base import Base
    from spatialplan.network import Network
    from spatialplan.standard import Standard


def judged_by(options: argparse.Namespace) -> tuple[Base, Standard]:
    """The base and the standard that options name, as they switch it."""
    standard = judgement.switched(
        read_standard(options.standard), rule=options.rule, denominator=options.denominator
    )
    return read_base(options.base, modes=["walk"]), standard


def only_clauses(standard: Standard, names: Sequence[str] | None) -> Standard:
    """The standard with the clauses that ``--clause`` names, or all of it."""
    if not names:
        return standard
    known = standard.clauses.index
    for name in names:
        if name not in known:
            raise InputError("--clause", f"no clause {name!r} in {standard.standard_id}",
                             do=nearest(name, known))  # fmt: skip
    called = clause_names(standard.clauses)  # by all of them: alone, none shares its name
    return replace(standard, clauses=standard.clauses.assign(**called)[known.isin(names)])


def tell_origin(made: Base, voice: Voice) -> None:
    """Say so where the numbers rest on a generated city."""
    if drawn_from(made.demand) == "synthetic":
        voice.tell("合成数据 SYNTHETIC: generated streets and people; do not base decisions on it")


def base_of(options: argparse.Namespace) -> Base:
    """The base that options name; of its streets only those of their mode, to answer sooner."""
    return read_base(options.base, modes=[options.mode])


def network_of(made: Base, options: argparse.Namespace) -> Network:
    """The streets of a base in the mode, and at the speed, that options name."""
    network = streets_of(made, options.mode, options, source="--mode")
    return network if options.speed is None else network.at_speed(options.speed)


def streets_of(made: Base, mode: str, options: argparse.Namespace, *, source: str) -> Network:
    """The streets of a base in a mode."""
    if mode not in made.networks:
        known = read_base(options.base).networks
        raise InputError(source, mode, allowed=", ".join(known))
    return made.networks[mode]


def facilities_of(made: Base, category: str, *, source: str) -> gpd.GeoDataFrame:
    """Facilities of one category, given by key or name; there must be some."""
    key = category_key(category, source=source)
    found = made.facilities[made.facilities["category"] == key]
    if found.empty:
        known = ", ".join(sorted(made.facilities["category"].unique())) or "none"
        raise InputError(source, f"{made.area_id} has no facility of category {key}",
                         allowed=known)  # fmt: skip
    return found
