"""The door for files: what it refuses, and that a failed run leaves what was there."""

from __future__ import annotations

import errno
import hashlib
import os

import pytest

from spatialplan._files import data_folder
from spatialplan._files import replacing_file
from spatialplan._files import replacing_folder
from spatialplan._files import require_file
from spatialplan._files import require_parent
from spatialplan._files import sha256
from spatialplan._files import write_text
from spatialplan.errors import BusyError
from spatialplan.errors import InputError
from spatialplan.errors import OutputError


def listing(folder):
    """Every path below a folder, with the text of its files."""
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("name", ["layers", "maps"])
def test_data_folders_are_found(name):
    assert any(data_folder(name).iterdir())


@pytest.mark.parametrize(
    "path", ["http://x/a.osm", "zip://a.zip", "/vsicurl/x", "/vsimem/a", "a\nb", "a\0b"]
)
def test_what_a_library_would_fetch_or_unpack_is_no_path(path):
    with pytest.raises(InputError, match="not a local path; allowed: a file on this machine"):
        require_file(path)


def test_a_folder_whose_name_starts_like_a_gdal_prefix_is_an_ordinary_folder(tmp_path):
    folder = tmp_path / "vsimon"
    folder.mkdir()
    (folder / "a.osm").write_text("x")
    assert require_file(folder / "a.osm") == folder / "a.osm"


def test_what_cannot_be_read_is_named_with_its_role(tmp_path):
    (tmp_path / "empty.csv").touch()
    for name, message in (
        ("none.csv", r"none\.csv: no such table; check the path"),
        ("n" * 300, "no such table"),
        ("", "not a file, but the table should be one"),
        ("empty.csv", r"the table is empty \(0 bytes\)"),
    ):
        with pytest.raises(InputError, match=message):
            require_file(tmp_path / name, role="table")


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("x")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="cannot be read: permission denied"):
        require_file(tmp_path / "a")
    with pytest.raises(OutputError, match="cannot be written to"):
        require_parent(tmp_path / "b")


def test_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()


def test_a_target_needs_a_folder_and_must_not_be_one(tmp_path):
    with pytest.raises(OutputError, match="does not exist; make it first"):
        require_parent(tmp_path / "none" / "a.csv")
    with pytest.raises(OutputError, match="is a folder, not a file"):
        require_parent(tmp_path)


def test_a_file_is_replaced_when_all_is_written(tmp_path):
    target = tmp_path / "甲.txt"
    write_text(target, "old\n")
    with replacing_file(target) as draft:
        assert draft.name == target.name  # writers that look at the name see the real one
        draft.write_text("new")
        assert target.read_bytes() == b"old\n"
    assert listing(tmp_path) == {"甲.txt": "new"}


def interrupted(manager):
    with manager as draft:
        if draft.is_dir():
            (draft / "half").write_text("x")
        else:
            draft.write_text("half")
        raise KeyboardInterrupt


def test_an_interrupted_file_leaves_the_old_one(tmp_path):
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(KeyboardInterrupt):
        interrupted(replacing_file(tmp_path / "a.txt"))
    assert listing(tmp_path) == {"a.txt": "old"}


def test_a_writer_that_fails_or_writes_nothing_is_an_output_error(tmp_path):
    write_text(tmp_path / "a.txt", "old")
    with pytest.raises(OutputError, match=r"a\.txt: could not be written: No such file"), \
            replacing_file(tmp_path / "a.txt"):  # fmt: skip
        pass
    with pytest.raises(OutputError, match=r"a\.txt: could not be written: No space left"), \
            replacing_file(tmp_path / "a.txt"):  # fmt: skip
        raise OSError(errno.ENOSPC, "No space left on device")
    assert listing(tmp_path) == {"a.txt": "old"}


def make_folder(path, text):
    with replacing_folder(path, own=["mark"]) as draft:
        (draft / "mark").write_text(text)


def test_a_folder_of_ours_is_replaced_and_nothing_else_is_left(tmp_path):
    make_folder(tmp_path / "base", "old")
    make_folder(tmp_path / "base", "new")
    assert listing(tmp_path) == {"base": None, "base/mark": "new"}


def test_an_empty_folder_may_be_used(tmp_path):
    (tmp_path / "base").mkdir()
    make_folder(tmp_path / "base", "x")
    assert (tmp_path / "base" / "mark").read_text() == "x"


def test_a_folder_of_others_is_not_touched(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds thesis\.txt, which is not ours to replace"):
        make_folder(tmp_path, "x")
    with pytest.raises(OutputError, match="is a file, but a folder is to be written"):
        make_folder(tmp_path / "thesis.txt", "x")
    assert listing(tmp_path) == {"thesis.txt": "mine"}


def test_an_interrupted_folder_leaves_the_old_one(tmp_path):
    make_folder(tmp_path / "base", "old")
    with pytest.raises(KeyboardInterrupt):
        interrupted(replacing_folder(tmp_path / "base", own=["mark"]))
    assert listing(tmp_path) == {"base": None, "base/mark": "old"}


def test_two_runs_into_one_folder(tmp_path):
    with replacing_folder(tmp_path / "base", own=["mark"]) as draft:
        (draft / "mark").write_text("first")
        with pytest.raises(BusyError, match="another run is writing to it"):
            make_folder(tmp_path / "base", "second")
    assert listing(tmp_path) == {"base": None, "base/mark": "first"}


def test_what_a_killed_run_left_is_removed_and_nothing_of_others(tmp_path):
    (tmp_path / ".base.draft").mkdir()
    (tmp_path / ".base.draft" / "half").write_text("x")
    (tmp_path / ".base.lock").write_text("")
    (tmp_path / ".base.x.draft").mkdir()
    make_folder(tmp_path / "base", "x")
    assert listing(tmp_path) == {"base": None, "base/mark": "x", ".base.x.draft": None}


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "base"
    make_folder(path, "old")
    rename = type(path).rename

    def failing(self, target):
        if self.suffix == ".draft":
            raise PermissionError(1, "no")
        return rename(self, target)

    monkeypatch.setattr(type(path), "rename", failing)
    with pytest.raises(OutputError, match="base: could not be written: no"):
        make_folder(path, "new")
    assert listing(tmp_path) == {"base": None, "base/mark": "old"}
    # Killed between its two steps, a run leaves only the set-aside folder: it is put back.
    rename(path, tmp_path / ".base.old")
    with pytest.raises(OutputError, match="base: could not be written: no"):
        make_folder(path, "new")
    assert listing(tmp_path) == {"base": None, "base/mark": "old"}
