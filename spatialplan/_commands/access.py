"""From everyone to the nearest facility of a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan import access
from spatialplan._files import require_parent
from spatialplan.categories import category_key
from spatialplan.coverage import coverage_share
from spatialplan.export import require_format
from spatialplan.export import write_table
from spatialplan.report import share_text

from ._prepared import base_of
from ._prepared import facilities_of
from ._prepared import network_of
from ._prepared import tell_origin

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write time and distance for each place of people; tell who is within a limit."""
    require_format(require_parent(options.output), layer=True)
    key = category_key(options.category, source="--category")
    made = base_of(options)
    facilities = facilities_of(made, key, source="--category")
    network = network_of(made, options)
    voice.stage("ways")
    demand = made.demand
    time_min = access.time_to_nearest(demand, facilities, network=network)
    distance_m = access.distance_to_nearest(demand, facilities, network=network)
    write_table(demand.assign(time_min=time_min, distance_m=distance_m), options.output)
    limits = ((options.minutes, time_min, "min"), (options.metres, distance_m, "m"))
    for limit, amount, unit in limits:
        if limit is not None:
            share = coverage_share(demand, amount <= limit)["share"].iloc[0]
            voice.tell(
                f"{share_text(share)} of {demand['population'].sum():,.0f} people live within "
                f"{limit:g} {unit} of the nearest of {len(facilities):,} {key} "
                f"({options.mode} along the streets, the way to the street included, areas "
                "entered where streets cross their edge; "
                f"{made.facts.get('population_en', 'people')})"
            )
    tell_origin(made, voice)
    voice.tell(f"written: {options.output}")
    return 0
