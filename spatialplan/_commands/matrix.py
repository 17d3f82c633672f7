"""The way between all pairs of places."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

from spatialplan import access
from spatialplan import tables
from spatialplan._files import require_parent
from spatialplan.base import read_base
from spatialplan.bulk import write_travel_matrix
from spatialplan.export import require_format
from spatialplan.export import write_table

from ._prepared import facilities_of
from ._prepared import network_of
from ._prepared import tell_origin

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from collections.abc import Sequence

    import geopandas as gpd

    from spatialplan._voice import Voice
    from spatialplan.base import Base


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write a row for each pair within reach."""
    in_parts = options.output.endswith(("/", os.sep))
    if not in_parts:
        require_format(require_parent(options.output), layer=False)
    made = read_base(options.base)
    origins, destinations = (
        _places(text, made, options.datum) for text in (options.origins, options.destinations)
    )
    network = network_of(made, options)
    voice.stage("ways")
    asked: dict[str, Any] = {"measure": options.measure, "limit": options.limit}
    if in_parts:
        count = write_travel_matrix(
            origins,
            destinations,
            options.output,
            network=network,
            progress=partial(_told, voice),
            **asked,
        )
    else:
        pairs = access.travel_matrix(origins, destinations, network=network, **asked)
        write_table(pairs, options.output)
        count = len(pairs)
    every = len(origins) * len(destinations)
    voice.tell(f"{count:,} of {every:,} pairs are within reach")
    tell_origin(made, voice)
    voice.tell(f"written: {options.output}")
    return 0


def _told(voice: Voice, parts: Sequence[int]) -> Iterator[int]:
    for number, part in enumerate(parts, 1):
        voice.stage(f"part {number} of {len(parts)}")
        yield part


def _places(text: str, made: Base, datum: str | None) -> gpd.GeoDataFrame:
    if text == "people":
        return made.demand
    if text.startswith("category:"):
        return facilities_of(made, text.removeprefix("category:"), source=text)
    own = tables.source_datum(text, default=datum).datum
    return tables.read_layer(text, datum=own, crs=made.crs)
