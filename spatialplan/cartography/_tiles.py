"""A base map of tiles under the content: declared by the user, with its datum, never by itself."""

from __future__ import annotations

import base64
import contextlib
import math
import re
import sqlite3
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlsplit

from pmtiles.reader import MmapSource
from pmtiles.reader import Reader
from pmtiles.tile import MagicNumberNotFound
from pmtiles.tile import SpecVersionUnsupported
from pmtiles.tile import TileType

from spatialplan._files import require_file
from spatialplan.crs import require_datum
from spatialplan.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from collections.abc import Iterator

MOST_BYTES = 8_000_000
"""Tiles of a file that travel in a page; the closest zooms are left out where there are more."""

TILE_FILES = (".mbtiles", ".pmtiles")
SAME_AS_WGS84 = ("wgs84", "cgcs2000")

_TIANDITU = (
    "https://t0.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILECOL={{x}}&TILEROW={{y}}&TILEMATRIX={{z}}&tk={key}"
)
_TIANDITU_TITLE = "天地图 www.tianditu.gov.cn"
_HOST = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_KEY = re.compile(r"[A-Za-z0-9]{16,64}")
_PICTURES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"RIFF": "webp"}
_WORLD_ZOOM = 22
_BROKEN = (MagicNumberNotFound, SpecVersionUnsupported, struct.error, zlib.error, OSError,
           IndexError, EOFError, ValueError)  # fmt: skip

Box = tuple[float, float, float, float]


def online_tiles(template: str, *, datum: str, attribution: str = "") -> dict[str, Any]:
    """
    Tiles of a server, which the reader's browser will ask.

    Parameters
    ----------
    template
        Address with ``{x}``, ``{y}`` and ``{z}``, tiles of 256 pixels in Web Mercator; or
        ``tianditu:KEY``, 天地图 (https://www.tianditu.gov.cn) with the user's own key.
    datum
        ``wgs84`` or ``cgcs2000``; others need the drawing moved. 天地图 has
        CGCS 2000 whatever is said here.
    attribution
        Shown at the foot of the page.

    Returns
    -------
    dict
        For `with_tiles`.

    Raises
    ------
    InputError
        If the address is none of tiles, or the key is none.

    Examples
    --------
    >>> tiles = online_tiles("http://maps.intranet:8080/{z}/{x}/{y}.png", datum="cgcs2000")
    >>> tiles["hosts"]
    ['http://maps.intranet:8080']
    """
    require_datum(datum)
    provider, _, key = template.partition(":")
    if provider == "tianditu":
        if not _KEY.fullmatch(key):
            raise InputError("base map", "the key of tianditu is none", allowed="tianditu:KEY",
                             do="get one at https://console.tianditu.gov.cn")  # fmt: skip
        urls = [_TIANDITU.format(layer=layer, key=key) for layer in ("vec", "cva")]
        return _tiles(urls, datum="cgcs2000", attribution=attribution or _TIANDITU_TITLE)
    odd = re.search(r"[\s\"'<>\\;]", template)
    host = "{0.scheme}://{0.netloc}".format(urlsplit(template))
    if not _HOST.fullmatch(host) or odd or not all(f"{{{one}}}" in template for one in "xyz"):
        raise InputError("base map", template, allowed="an address with {x}, {y} and {z}")
    return _tiles([template], datum=datum, attribution=attribution)


def file_tiles(
    path: str | os.PathLike[str], *, datum: str, box: Box, attribution: str = ""
) -> dict[str, Any]:
    """
    Tiles of a local file, which travel in the page.

    Parameters
    ----------
    path
        ``.mbtiles`` or ``.pmtiles`` with pictures (PNG, JPEG or WebP) in Web Mercator.
    datum
        As in `online_tiles`.
    box
        West, south, east and north, in degrees of the tiles: what is taken.
    attribution
        As there; that of the file if not given.

    Returns
    -------
    dict
        For `with_tiles`.

    Raises
    ------
    InputError
        If the file is none, or has no picture in the box.
    """
    require_datum(datum)
    file = require_file(path)
    read = {".mbtiles": _mbtiles, ".pmtiles": _pmtiles}.get(file.suffix.lower())
    if read is None:
        raise InputError(file, "is no file of tiles", allowed=", ".join(TILE_FILES))
    inside: dict[str, str] = {}
    size, deepest = 0, 0
    with read(file) as tile_at:
        for zoom in range(_WORLD_ZOOM + 1):
            found = {f"{zoom}/{x}/{y}": data for x, y in _range(box, zoom, _most(size))
                     if (data := tile_at(zoom, x, y))}  # fmt: skip
            size += sum(map(len, found.values()))
            if size > MOST_BYTES:
                break
            inside |= {key: _picture(data, file) for key, data in found.items()}
            deepest = zoom if found else deepest
    if not inside:
        raise InputError(file, "no tile where the map is", do="check the datum and the extent")
    tiles = _tiles([], datum=datum, attribution=attribution or file.name)
    return tiles | {"inside": inside, "max_zoom": deepest}


def _tiles(urls: list[str], *, datum: str, attribution: str) -> dict[str, Any]:
    hosts = ["{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in urls]
    return {"urls": urls, "hosts": sorted(set(hosts)), "datum": datum, "inside": {},
            "max_zoom": 18, "attribution": attribution}  # fmt: skip


def _most(size: int) -> int:
    """How many further tiles could fit: none is smaller than a hundred bytes."""
    return (MOST_BYTES - size) // 100


def _range(box: Box, zoom: int, most: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of the tiles over a box; none where they are too many to fit."""
    west, south, east, north = box
    (left, bottom), (right, top) = _tile(west, south, zoom), _tile(east, north, zoom)
    if (right - left + 1) * (bottom - top + 1) <= most:
        yield from ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


def _tile(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row of the tile over a place (spherical Web Mercator)."""
    count = 2**zoom
    y = math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat)))))
    return int((lon + 180) / 360 * count), int((1 - y / math.pi) / 2 * count)


@contextlib.contextmanager
def _mbtiles(file: Path) -> Iterator[Callable[[int, int, int], bytes | None]]:
    try:
        with contextlib.closing(
            sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        ) as base:
            ask = (
                "select tile_data from tiles where zoom_level = ? and tile_column = ? "
                "and tile_row = ?"
            )
            base.execute(ask, (0, 0, 0))

            def tile_at(zoom: int, x: int, y: int) -> bytes | None:
                row = base.execute(ask, (zoom, x, 2**zoom - 1 - y)).fetchone()  # rows count upwards
                return row[0] if row and isinstance(row[0], bytes) else None

            yield tile_at
    except sqlite3.Error as error:
        raise InputError(file, f"cannot be read as MBTiles: {error}") from None


@contextlib.contextmanager
def _pmtiles(file: Path) -> Iterator[Callable[[int, int, int], bytes | None]]:
    with file.open("rb") as stream:
        try:
            reader = Reader(MmapSource(stream))
            pictures = reader.header()["tile_type"] in (TileType.PNG, TileType.JPEG, TileType.WEBP)
        except _BROKEN as error:
            raise InputError(file, f"cannot be read as PMTiles: {error!r}") from None
        if not pictures:
            raise InputError(file, "tiles of vectors", allowed="tiles of pictures")

        def tile_at(zoom: int, x: int, y: int) -> bytes | None:
            try:
                found: bytes | None = reader.get(zoom, x, y)
            except _BROKEN as error:
                raise InputError(file, f"tile {zoom}/{x}/{y} is damaged: {error!r}") from None
            return found

        yield tile_at


def _picture(data: bytes, file: Path) -> str:
    kind = next((kind for mark, kind in _PICTURES.items() if data.startswith(mark)), None)
    if kind is None:
        raise InputError(file, "a tile is no picture", allowed="PNG, JPEG or WebP")
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
