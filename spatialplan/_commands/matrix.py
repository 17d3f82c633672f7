"""The way between all pairs of places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan import access
from spatialplan import tables
from spatialplan._files import require_parent
from spatialplan.base import read_base
from spatialplan.export import require_format
from spatialplan.export import write_table

from ._prepared import facilities_of
from ._prepared import network_of
from ._prepared import tell_origin

if TYPE_CHECKING:
    import argparse

    import geopandas as gpd

    from spatialplan._voice import Voice
    from spatialplan.base import Base


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write a row for each pair within reach."""
    require_format(require_parent(options.output), layer=False)
    made = read_base(options.base)
    origins, destinations = (
        _places(text, made, options.datum) for text in (options.origins, options.destinations)
    )
    voice.stage("ways")
    pairs = access.travel_matrix(
        origins,
        destinations,
        network=network_of(made, options),
        measure=options.measure,
        limit=options.limit,
    )
    write_table(pairs, options.output)
    every = len(origins) * len(destinations)
    voice.tell(f"{len(pairs):,} of {every:,} pairs are within reach")
    tell_origin(made, voice)
    voice.tell(f"written: {options.output}")
    return 0


def _places(text: str, made: Base, datum: str | None) -> gpd.GeoDataFrame:
    if text == "people":
        return made.demand
    if text.startswith("category:"):
        return facilities_of(made, text.removeprefix("category:"), source=text)
    own = tables.source_datum(text, default=datum).datum
    return tables.read_layer(text, datum=own, crs=made.crs)
