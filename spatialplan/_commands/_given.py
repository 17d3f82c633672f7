"""Files as they are named on the command line, each with its datum."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spatialplan import tables
from spatialplan._choices import DATUMS
from spatialplan.errors import InputError
from spatialplan.network import REACH_M

if TYPE_CHECKING:
    import argparse

    import geopandas as gpd

    from spatialplan._voice import Voice
    from spatialplan.base import Base
    from spatialplan.network import Network

_MARGIN_M = 5_000.0
"""Places may lie so far outside the box of the streets; if all lie farther, it is a slip."""


def file_and_datum(option: str, text: str, *, where: str) -> tuple[str, str | None]:
    """Split ``FILE[@DATUM]``; a file whose whole name is there is just that."""
    if Path(text).exists() or "@" not in text:
        return text, None
    path, _, datum = text.rpartition("@")
    if datum not in DATUMS:
        raise InputError(option, f"datum {datum!r}", where=where, allowed=", ".join(DATUMS))
    return path, datum


def own_places(option: str, text: str, options: argparse.Namespace, made: Base) -> gpd.GeoDataFrame:
    """Places of a user's file, ``FILE[@DATUM]``, which the result is not to replace."""
    path, stated = file_and_datum(option, text, where=text)
    if Path(path).resolve() == Path(options.output).resolve():
        raise InputError("--output", f"{path} is the file of {option}", do="name another file")
    datum = tables.source_datum(path, stated=stated, default=options.datum).datum
    return tables.read_layer(path, datum=datum, crs=made.crs)


def tell_far(name: str, places: gpd.GeoDataFrame, network: Network, voice: Voice) -> None:
    """Say how many of a user's places are far from all streets; refuse those of another city."""
    west, south, east, north = network.edges.total_bounds
    points = places.geometry.representative_point()
    here = points.x.between(west - _MARGIN_M, east + _MARGIN_M)
    here &= points.y.between(south - _MARGIN_M, north + _MARGIN_M)
    if not here.any():
        raise InputError(name, "all places lie outside the streets of the base",
                         do="check the datum, and the order of the coordinates")  # fmt: skip
    far = np.count_nonzero(~network.near_street(places))
    if far:
        voice.tell(f"{name}: {far:,} of {len(places):,} places lie farther than {REACH_M:g} m "
                   "from any street; the straight way to it counts")  # fmt: skip
