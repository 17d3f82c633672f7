"""Files as they are named on the command line, each with its datum."""

from __future__ import annotations

from pathlib import Path

from spatialplan._choices import DATUMS
from spatialplan.errors import InputError


def file_and_datum(option: str, text: str, *, where: str) -> tuple[str, str | None]:
    """Split ``FILE[@DATUM]``; a file whose whole name is there is just that."""
    if Path(text).exists() or "@" not in text:
        return text, None
    path, _, datum = text.rpartition("@")
    if datum not in DATUMS:
        raise InputError(option, f"datum {datum!r}", where=where, allowed=", ".join(DATUMS))
    return path, datum
