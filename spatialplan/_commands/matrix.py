"""The way between all pairs of places."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING
from typing import Any

from spatialplan import access
from spatialplan._files import require_parent
from spatialplan.bulk import write_travel_matrix
from spatialplan.export import require_format
from spatialplan.export import write_table

from ._given import own_places
from ._given import tell_far
from ._prepared import base_of
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
    from spatialplan.network import Network


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Write a row for each pair within reach."""
    in_parts = options.output.endswith(("/", os.sep))
    if not in_parts:
        require_format(require_parent(options.output), layer=False)
    made = base_of(options)
    network = network_of(made, options)
    origins, destinations = (
        _places(name, text, options, made, network, voice)
        for name, text in (("ORIGINS", options.origins), ("DESTINATIONS", options.destinations))
    )
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


def _places(
    name: str, text: str, options: argparse.Namespace, made: Base, network: Network, voice: Voice
) -> gpd.GeoDataFrame:
    if text == "people":
        return made.demand
    if text.startswith("category:"):
        return facilities_of(made, text.removeprefix("category:"), source=text)
    places = own_places(name, text, options, made)
    tell_far(text, places, network, voice)
    return places
