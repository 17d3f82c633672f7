"""The text encoding of a Shapefile, from its bytes rather than from what it says of itself."""

from __future__ import annotations

import codecs
import logging
import re
import struct
from typing import TYPE_CHECKING

from spatialplan.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

_GBK_LANGUAGE_ID = 0x4D  # byte 29 of a DBF written under Chinese Windows
_CHINESE = re.compile(r"936|gbk|gb2312|gb18030", re.IGNORECASE)


def dbf_encoding(path: Path) -> str:
    """
    Encoding in which the attributes of the Shapefile `path` decode without fault.

    The ``.cpg`` file comes first, then the language byte of the ``.dbf``, then
    UTF-8, then GB18030; each is tried strictly on all names and values.
    """
    _require_whole(path)
    raw = _texts(path, _beside(path, ".dbf").read_bytes())
    said = _said(path)
    tried = [said] if said else []
    tried += [name for name in ("utf-8", "gb18030") if name != said]
    for encoding in tried:
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if said and encoding != said:
            _log.warning("%s: says it is %s but is not; read as %s", path, said, encoding)
        _log.info("%s: attributes read as %s", path, encoding)
        return encoding
    raise InputError(
        path, f"the attributes are not {' or '.join(tried)}", do="export it to GeoPackage (.gpkg)"
    )


def _require_whole(path: Path) -> None:
    """Refuse a Shapefile that is cut short or lacks its side files."""
    _beside(path, ".shx")
    with path.open("rb") as stream:
        head = stream.read(100)
    stated = 2 * int(struct.unpack(">i", head[24:28])[0]) if len(head) == 100 else -1
    if stated != path.stat().st_size:
        raise InputError(path, "is cut short or damaged", do="copy it again, with all its files")


def _beside(path: Path, suffix: str) -> Path:
    for name in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if name.is_file():
            return name
    raise InputError(
        path, f"the {suffix} file beside it is missing", do="copy the .shp, .shx, .dbf and .prj"
    )


def _texts(path: Path, raw: bytes) -> bytes:
    """Field names and records: the parts of a DBF that hold text."""
    if len(raw) < 33:  # a header and its end mark
        raise InputError(path, "the .dbf beside it is damaged", do="copy it again")
    start = int(struct.unpack("<H", raw[8:10])[0])
    fields = [raw[at : at + 11].partition(b"\x00")[0] for at in range(32, start - 1, 32)]
    return b"\n".join([*fields, raw[start:].rstrip(b"\x1a\x00")])


def _said(path: Path) -> str:
    """Encoding that the ``.cpg`` or the language byte names; empty where neither does."""
    for name in (path.with_suffix(".cpg"), path.with_suffix(".CPG")):
        if name.is_file():
            return _known(name.read_bytes()[:40].decode("ascii", "replace"))
    language = _beside(path, ".dbf").read_bytes()[29]
    return "gb18030" if language == _GBK_LANGUAGE_ID else ""


def _known(label: str) -> str:
    label = label.strip()
    if _CHINESE.search(label):
        return "gb18030"
    try:
        return codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
