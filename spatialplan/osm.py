"""Features of an OpenStreetMap file as tables; the one place that opens such a file."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import osmium
import shapely

from ._files import require_file
from .errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from collections.abc import Iterator

SUFFIXES = (".osm.pbf", ".pbf", ".osm.gz", ".osm.bz2", ".osm")
_NO_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # what a file without times gives
CREDIT = "© OpenStreetMap contributors (ODbL)"


@contextlib.contextmanager
def reading_osm(path: str | os.PathLike[str]) -> Iterator[Any]:
    """Yield an OSM file for `osmium` and turn every fault of its reader into one `InputError`."""
    found = require_file(path, role="OSM file")
    kind = next((suffix for suffix in SUFFIXES if found.name.lower().endswith(suffix)), "")
    if not kind:
        raise InputError(path, "not an OSM file by its name", allowed=", ".join(SUFFIXES))
    try:
        yield osmium.io.File(str(found), kind[1:])  # by itself it does not know .OSM.PBF
    except (RuntimeError, OSError) as error:
        raise InputError(
            path,
            f"cannot be read as OSM data ({error})",
            allowed=", ".join(SUFFIXES),
            do="download the extract again; it may be cut short or be another kind of file",
        ) from error


def read_features(
    path: str | os.PathLike[str], keys: Iterable[str], *, lines: bool = False
) -> gpd.GeoDataFrame:
    """
    Points and areas (and lines) that carry any of some tag keys.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm.gz``, ``.osm.bz2`` or ``.osm``.
    keys
        Tag keys of interest, such as ``amenity``.
    lines
        Also return open ways as lines.

    Returns
    -------
    GeoDataFrame
        Index ``osm_id`` (``n123`` node, ``w123`` way, ``r123`` relation), column
        ``tags`` (dict), geometry in WGS 84: points, polygons, and lines if asked.
        Areas come from closed ways and multipolygon relations; a closed way whose
        area could not be built is left out.

    Raises
    ------
    InputError
        If the file is missing, is not OSM data or is damaged.
    """
    rows: dict[str, tuple[dict[str, str], Any]] = {}
    factory = osmium.geom.WKBFactory()
    with reading_osm(path) as file:
        objects = (
            osmium.FileProcessor(file).with_areas().with_filter(osmium.filter.KeyFilter(*keys))
        )
        for item in objects:
            found = _geometry(item, factory, lines=lines)
            if found is not None:
                label, wkb = found
                rows[label] = ({tag.k: tag.v for tag in item.tags}, wkb)
    return gpd.GeoDataFrame(
        {"tags": [tags for tags, _ in rows.values()]},
        geometry=shapely.from_wkb([wkb for _, wkb in rows.values()]),
        index=gpd.pd.Index(list(rows), name="osm_id", dtype="str"),
        crs=4326,
    )


def _geometry(item: Any, factory: Any, *, lines: bool) -> tuple[str, Any] | None:
    """Label and WKB of one object, or None where it has no usable geometry."""
    with contextlib.suppress(RuntimeError, osmium.InvalidLocationError):
        if item.is_node():
            return f"n{item.id}", factory.create_point(item)
        if item.is_area():
            kind = "w" if item.from_way() else "r"
            return f"{kind}{item.orig_id()}", factory.create_multipolygon(item)
        if lines and item.is_way() and not item.is_closed():
            return f"w{item.id}", factory.create_linestring(item)
    return None


def read_date(path: str | os.PathLike[str]) -> str:
    """
    Day up to which an OSM file is current, as ``2016-11-09``.

    What its header says; where that is silent, the day of its newest way, marked
    so; ``""`` where the ways carry no time.
    """
    with reading_osm(path) as name:
        with osmium.io.Reader(name) as reader:
            stamp = str(reader.header().get("osmosis_replication_timestamp", ""))
        if stamp:
            return stamp[:10]
        ways: Iterable[Any] = osmium.FileProcessor(name, osmium.osm.WAY)
        newest = max((way.timestamp for way in ways), default=_NO_TIME)
    return f"{newest:%Y-%m-%d}（最新道路 newest way）" if newest > _NO_TIME else ""
