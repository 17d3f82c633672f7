"""
Prepared streets kept on disk, and never trusted.

A store is a folder beside the tables it was made from. Each entry names the contents
it was made of and the sum of every file, and ends with its own; one that is stale, of
another version, cut short or changed is as good as none, and is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from typing import TYPE_CHECKING
from typing import Any

import numpy as np

from spatialplan._files import replacing_folder
from spatialplan.errors import SpatialPlanError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 4
"""Raised with every change of what is kept, or of how it is computed."""

INDEX = "index.json"
Array = np.ndarray[Any, Any]


def fingerprint(*arrays: Array) -> str:
    """
    Hash of the contents, types and shapes of arrays.

    >>> one, other = np.arange(3), np.arange(3.0)
    >>> fingerprint(one) == fingerprint(one.copy()), fingerprint(one) == fingerprint(other)
    (True, False)
    """
    digest = hashlib.blake2b(str(FORMAT).encode(), digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def load(entry: Path, key: str) -> dict[str, Array] | None:
    """
    Arrays of an entry, mapped into memory; none unless they are what `keep` has written.

    Parameters
    ----------
    entry
        Folder of the entry.
    key
        `fingerprint` of what it must have been made of.
    """
    try:
        text, _, said = (entry / INDEX).read_bytes().rpartition(b"\n")
        if int(said) != zlib.crc32(text):
            return None
        index = json.loads(text)
        if index["key"] != key:
            return None
        if any(_sum(entry / name) != expected for name, expected in index["sums"].items()):
            return None
        return {name.removesuffix(".npy"): _mapped(entry / name) for name in index["sums"]}
    except (OSError, ValueError):
        return None


def keep(entry: Path, key: str, arrays: dict[str, Array]) -> None:
    """
    Write an entry; where that cannot be done, nothing is kept and nobody needs to know.

    It takes the place of an older one when all of it is written.
    """
    with contextlib.suppress(SpatialPlanError, OSError):
        entry.parent.mkdir(exist_ok=True)
        older = {path.name for path in entry.iterdir()} if entry.is_dir() else set()
        with replacing_folder(entry, own=older) as draft:
            for name, array in arrays.items():
                np.save(draft / f"{name}.npy", array, allow_pickle=False)
            sums = {path.name: _sum(path) for path in sorted(draft.glob("*.npy"))}
            text = json.dumps({"key": key, "sums": sums}).encode()
            (draft / INDEX).write_bytes(b"%s\n%d" % (text, zlib.crc32(text)))


def _mapped(path: Path) -> Array:
    """Map an array so that the kernels, which know one kind of array, take it as their own."""
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))


def _sum(path: Path) -> int:
    return zlib.crc32(np.memmap(path, np.uint8, mode="r").data)
