"""Streets of an OpenStreetMap file."""

from __future__ import annotations

import logging
from array import array
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import osmium

from spatialplan.errors import InputError
from spatialplan.osm import reading_osm

from ._raw import RawStreets
from ._raw import join_ways

if TYPE_CHECKING:
    import os

    from ._access import Rules
    from ._raw import Tags

MAX_MISSING = 0.2
"""Share of way nodes without coordinates above which a file counts as cut short.

An extract that was clipped to a box loses the outer ends of its ways (7 % in the
Helsinki sample); a file whose node blocks are missing loses nearly all.
"""

_log = logging.getLogger(__name__)


class _Ways:
    """Vertices of the ways read so far, one row per vertex."""

    def __init__(self) -> None:
        self.node, self.way = array("q"), array("q")
        self.lon, self.lat = array("d"), array("d")
        self.tags: list[Tags] = []

    def add(self, item: Any, tags: Tags) -> None:
        for vertex in item.nodes:
            at = vertex.location
            self.node.append(vertex.ref)
            self.way.append(len(self.tags))
            self.lon.append(at.lon_without_check() if at.valid() else np.nan)
            self.lat.append(at.lat_without_check() if at.valid() else np.nan)
        self.tags.append(tags)


def read_osm(path: str | os.PathLike[str], *, rules: Rules, datum: str) -> RawStreets:
    """
    Read every way that `rules` call a street, unmerged, with the node ids of the file.

    Raises
    ------
    InputError
        If the file cannot be read or lacks the coordinates of its ways.
    """
    ways, barriers = _Ways(), {}
    with reading_osm(path) as name:
        objects = (
            osmium.FileProcessor(name, osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.KeyFilter("highway", "route", "barrier"))
        )
        for item in objects:
            tags = {tag.k: tag.v for tag in item.tags}
            if isinstance(item, osmium.osm.Node):
                if "barrier" in tags:
                    barriers[item.id] = tags
            elif highway := rules.street_class(tags):
                ways.add(item, {**tags, "highway": highway})
    way, lon = np.array(ways.way), np.array(ways.lon)
    _check_missing(path, way, np.isnan(lon))
    nodes, segments = join_ways(
        np.array(ways.node), way, lon=lon, lat=np.array(ways.lat), datum=datum
    )
    return RawStreets(nodes, segments, ways.tags, barriers)


def _check_missing(path: str | os.PathLike[str], way: Any, missing: Any) -> None:
    """Refuse a file that is cut short; log how many ways are clipped."""
    if not missing.any():
        return
    share = missing.mean()
    if share > MAX_MISSING:
        raise InputError(
            path,
            f"{share:.0%} of the street nodes have no coordinates",
            allowed=f"at most {MAX_MISSING:.0%}",
            do="the file is cut short or its ways come before its nodes; download it again",
        )
    clipped = len(np.unique(way[missing]))
    _log.warning("%s: %d street ways are clipped (%.1f %% of their nodes have no coordinates)",
                 path, clipped, 100 * share)  # fmt: skip
