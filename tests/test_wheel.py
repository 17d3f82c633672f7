"""The wheel: what it carries, and that it works far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build with the locked hatchling; the viewer's scripts are in place, so nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Unpack as an installer would; a pure wheel needs no more than that."""
    target = tmp_path_factory.mktemp("elsewhere 别处")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def _listing(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_carries_the_data(wheel):
    found = _listing(wheel)
    for folder, name in (("layers", "_layers"), ("maps", "_maps")):
        here = [path for path in (ROOT / folder).rglob("*.yaml") if "build" not in path.parts]
        assert here
        for path in here:
            assert f"spatialplan/{name}/{path.relative_to(ROOT / folder).as_posix()}" in found


def test_it_carries_the_viewer_with_its_licence(wheel):
    found = _listing(wheel)
    leaflet = {"leaflet.js", "leaflet.css", "LICENSE"}
    assert {f"spatialplan/_vendor/leaflet/{name}" for name in leaflet} <= found
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "spatialplan/_web").iterdir()}
    assert here <= found
    assert "spatialplan/report/page.html.j2" in found
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in found)


def test_it_carries_every_module_and_nothing_else(wheel):
    found = _listing(wheel)
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "spatialplan").rglob("*.py")}
    assert modules == {name for name in found if name.endswith(".py")}
    assert {name.split("/")[0] for name in found} == {
        "spatialplan",
        f"spatialplan-{_version(wheel)}.dist-info",
    }
    assert not [name for name in found if "__pycache__" in name or "node_modules" in name]


def _version(wheel):
    return wheel.name.split("-")[1]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("from spatialplan.cli import main; main(['standards'])", "gb50180-2018"),
        ("import spatialplan; print(spatialplan.list_plans())", "changzhou-urbanisation"),
        ("import spatialplan; print(spatialplan.parse_phrase('一主三副').parts[1].role)", "sub"),
        (
            "from spatialplan.cartography import read_style; print(*read_style()['groups'])",
            "coverage",
        ),
        ("from spatialplan.streets._access import read_rules; print(*read_rules().modes)", "walk"),
    ],
)
def test_it_finds_its_data_far_from_the_checkout(installed, tmp_path, code, said):
    proof = "import sys, spatialplan; assert spatialplan.__file__.startswith(sys.argv[1]); "
    done = subprocess.run(
        [sys.executable, "-c", proof + code, str(installed)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said in done.stdout, done.stderr
