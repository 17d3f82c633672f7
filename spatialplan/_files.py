"""
The one door for files: guarded on the way in, atomic on the way out.

Writers get a temporary name beside the target and the target changes only when
they have finished, so an interrupted run leaves the old file or none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import BusyError
from .errors import InputError
from .errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterator
    from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# A path that GDAL or pandas would fetch, unpack or parse instead of opening.
_NOT_A_PATH = ("://", "\n", "\x00")


def data_folder(name: str) -> Path:
    """Folder ``layers`` or ``maps``: inside the wheel, or beside the package in a checkout."""
    shipped = Path(str(resources.files("spatialplan"))) / f"_{name}"
    return shipped if shipped.is_dir() else shipped.parent.parent / name


def require_file(path: str | os.PathLike[str], *, role: str = "file") -> Path:
    """Return `path` if it is a readable, non-empty local file; say what is wrong otherwise."""
    text = os.fspath(path)
    if text.startswith("/vsi") or any(mark in text for mark in _NOT_A_PATH):
        raise InputError(text[:200], "not a local path", allowed="a file on this machine")
    found = Path(text)
    if not os.path.exists(found):  # noqa: PTH110 - unlike Path.exists, says no to a name too long
        raise InputError(text, f"no such {role}", do="check the path")
    if not found.is_file():
        do = "export its layer to GeoPackage (.gpkg) in QGIS or ArcGIS"  # the one known folder
        raise InputError(text, f"not a file, but the {role} should be one",
                         do=do if found.suffix.lower() == ".gdb" else "")  # fmt: skip
    if not os.access(found, os.R_OK):
        raise InputError(text, "cannot be read: permission denied")
    if found.stat().st_size == 0:
        raise InputError(text, f"the {role} is empty (0 bytes)")
    return found


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def require_parent(target: str | os.PathLike[str]) -> Path:
    """Return `target` as a path whose folder exists and can be written to."""
    path = Path(target)
    _require_place(path)
    if path.is_dir():
        raise OutputError(f"{path}: is a folder, not a file")
    return path


@contextlib.contextmanager
def replacing_file(target: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside `target` that takes its place when the block ends well."""
    path = require_parent(target)
    with _drafting(path, shown=path.parent) as folder:
        # A folder of its own, so that the draft keeps its name: GDAL makes the
        # layer name from it, and side files stay together.
        draft = folder / path.name
        yield draft
        with draft.open("r+b") as stream:
            os.fsync(stream.fileno())
        draft.replace(path)


def write_text(target: str | os.PathLike[str], text: str, *, encoding: str = "utf-8") -> None:
    """Write `text` to `target`, atomically."""
    with replacing_file(target) as draft:
        draft.write_text(text, encoding=encoding, newline="")


@contextlib.contextmanager
def replacing_folder(target: str | os.PathLike[str], *, own: Collection[str]) -> Iterator[Path]:
    """
    Yield an empty folder beside `target` that takes its place when the block ends well.

    A folder that stands there already is replaced only if all it holds are names of
    `own`, the files we write: what a reader has put beside them is not ours to remove.
    """
    path = Path(target).resolve()
    _require_place(path)
    _refuse_foreign_folder(path, own)
    with _drafting(path, shown=path) as draft:
        yield draft
        _swap(draft, path)


def _require_place(path: Path) -> None:
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder {path.parent} does not exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"{path}: the folder {path.parent} cannot be written to")


def _refuse_foreign_folder(path: Path, own: Collection[str]) -> None:
    if path.is_file():
        raise OutputError(f"{path}: is a file, but a folder is to be written there")
    held = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
    foreign = sorted(held - set(own))
    if foreign:
        raise OutputError(
            f"{path}: the folder holds {foreign[0]}, which is not ours to replace; "
            "move it, or name an empty or new folder"
        )


@contextlib.contextmanager
def _drafting(path: Path, *, shown: Path) -> Iterator[Path]:
    """Yield an empty folder beside `path`, named `shown` in errors, that no other run uses."""
    draft = _beside(path, "draft")
    try:
        with _locked(path):
            _put_back(path)
            shutil.rmtree(draft, ignore_errors=True)  # of a run that was killed
            draft.mkdir()
            try:
                yield draft
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except OutputError as error:
        raise OutputError(str(error).replace(str(draft), str(shown))) from error
    except OSError as error:
        told = str(error).replace(str(draft), str(shown))
        raise OutputError(f"{path}: could not be written: {error.strerror or told}") from error
    except Exception as error:
        # By lxml, where it is there, openpyxl writes sheets; what the system refuses it tells so.
        lxml = sys.modules.get("lxml.etree")
        if lxml is None or not isinstance(error, lxml.SerialisationError):
            raise
        raise OutputError(f"{path}: could not be written: {error}") from error


def _beside(path: Path, role: str) -> Path:
    return path.parent / f".{path.name}.{role}"


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other runs from writing to `path`; a run that is killed lets go of its lock."""
    lock = _beside(path, "lock")
    with lock.open("a+b") as stream:
        try:
            _hold(stream)
            # Its last holder may have removed the file between our opening and locking it.
            is_ours = os.path.samestat(lock.stat(), os.fstat(stream.fileno()))
        except (BlockingIOError, PermissionError, FileNotFoundError):
            is_ours = False
        if not is_ours:
            raise BusyError(f"{path}: another run is writing to it; wait for it or stop it")
        try:
            yield
        finally:
            with contextlib.suppress(PermissionError):  # Windows keeps an open file
                lock.unlink(missing_ok=True)


def _hold(stream: IO[bytes]) -> None:
    """Lock an open file for this process, or fail at once."""
    if sys.platform == "win32":
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _swap(draft: Path, path: Path) -> None:
    old = _beside(path, "old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        if path.exists():
            path.rename(old)
        draft.rename(path)
    finally:
        _put_back(path)
    shutil.rmtree(old, ignore_errors=True)


def _put_back(path: Path) -> None:
    """Restore what stood at `path` when its replacement was stopped half-way."""
    old = _beside(path, "old")
    if old.exists() and not path.exists():
        old.rename(path)
