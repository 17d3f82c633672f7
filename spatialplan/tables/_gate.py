"""What a file really is, judged by its first bytes before any reader sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan._files import require_file
from spatialplan.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

_ZIP = (b"PK\x03\x04",)
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
# The bytes a file of each suffix must begin with; text formats have none and are
# read by our own parsers, which open nothing else.
_MAGIC: dict[str, tuple[bytes, ...]] = {
    ".csv": (),
    ".tsv": (),
    ".txt": (),
    ".geojson": (),
    ".json": (),
    ".kml": (),
    ".xlsx": _ZIP,
    ".kmz": _ZIP,
    ".gpkg": (b"SQLite format 3\x00",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".tif": _TIFF,
    ".tiff": _TIFF,
}
_ADVICE = {
    ".mdb": "in ArcGIS export the layer to GeoPackage (.gpkg) or Shapefile (.shp)",
    ".dwg": "in QGIS or CAD export the layer to GeoPackage (.gpkg) or Shapefile (.shp)",
    ".dxf": "in QGIS export the layer to GeoPackage (.gpkg), with its coordinate system",
    ".xls": "in Excel save it as .xlsx",
    ".et": "in WPS save it as .xlsx",
    ".zip": "unpack it and name the file inside",
    ".rar": "unpack it and name the file inside",
    ".7z": "unpack it and name the file inside",
    ".dbf": "name the .shp file beside it",
}
_OPENS_TEXT = {".geojson": b"{", ".json": b"{", ".kml": b"<"}
_BOM = b"\xef\xbb\xbf"


def require_readable(path: str | os.PathLike[str], suffixes: Iterable[str]) -> Path:
    """
    Return `path` if its suffix is one of `suffixes` and its bytes agree with it.

    A file's name says nothing about its content: a document that makes a reader
    open other files or call an address is refused here, before it is parsed.
    """
    allowed = tuple(suffixes)
    found = require_file(path)
    suffix = found.suffix.lower()
    if suffix not in allowed:
        kind = suffix or "a file without suffix"
        raise InputError(
            path,
            f"{kind} cannot be read",
            allowed=", ".join(allowed),
            do=_ADVICE.get(suffix, ""),
        )
    with found.open("rb") as stream:
        head = stream.read(512)
    if _MAGIC[suffix] and not head.startswith(_MAGIC[suffix]):
        raise InputError(path, f"is not {suffix} by its first bytes", do="check what was exported")
    if suffix in (".csv", ".tsv", ".txt") and head.startswith(_ZIP):
        raise InputError(path, "is a workbook or zip by its bytes", do="name it .xlsx or unpack it")
    start = _OPENS_TEXT.get(suffix, b"")
    if not _as_ascii(head).startswith(start):
        raise InputError(path, f"is not {suffix}: it does not begin with {start.decode()!r}")
    return found


def _as_ascii(head: bytes) -> bytes:
    """First characters of a text in UTF-8 or UTF-16, without marks and blanks."""
    return head.removeprefix(_BOM).lstrip(b"\xff\xfe").replace(b"\x00", b"").lstrip()
