"""Fonts of a sheet: which there are, how wide their characters are, and what they lack."""

from __future__ import annotations

import logging
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from unicodedata import normalize

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from spatialplan._files import require_file
from spatialplan.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

_log = logging.getLogger(__name__)

# Fonts that systems bring along for Chinese, the best first.
SYSTEM = (
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
LAST = "DejaVu Sans"  # comes with matplotlib and has symbols that others lack
BOX = "□"  # stands for a character that no font has

_MEASURED_PT = 100.0
_BOLD = 1.06  # letters of the bold font are about so much wider
_CLOSING = "，。、；：！？）》”％%,.;:)"  # never at the start of a line


class Typeface:
    """
    The fonts that a sheet is written in.

    Parameters
    ----------
    font
        A font file to use instead of those of the system; "" for none. What it lacks is
        taken from the font that comes with the package.

    Raises
    ------
    InputError
        If the file is missing or not a font.

    Examples
    --------
    >>> face = Typeface()
    >>> face.wrapped("示例市第12社区", size=10, width=45)
    ['示例市第', '12社区']
    >>> face.drawable("示例 A≤㎡"), face.lost
    ('示例 A≤㎡', set())
    """

    def __init__(self, font: str | os.PathLike[str] = "") -> None:
        given = [_registered(require_file(font, role="font"))] if font else []
        known = {entry.name for entry in font_manager.fontManager.ttflist}
        system = [] if given else [name for name in SYSTEM if name in known][:1]
        own = [_registered(path) for path in _own_fonts()]
        self.families = list(dict.fromkeys([*given, *system, *own, LAST]))
        self._faces = [_face(name) for name in self.families]
        self._characters = [face.get_charmap() for face in self._faces]
        self._widths: dict[str, float] = {}
        self.lost: set[str] = set()

    def drawable(self, text: str) -> str:
        """A text without the characters that no font has; they are noted in ``lost``."""
        text = normalize("NFC", text)  # fonts set a letter and its mark better as one
        missing = {
            sign
            for sign in text
            if not sign.isspace() and not any(ord(sign) in have for have in self._characters)
        }
        self.lost |= missing
        return "".join(BOX if sign in missing else sign for sign in text)

    def warn_of_lost(self) -> None:
        """Name in the log what no font can show."""
        if self.lost:
            _log.warning("no font has the characters %s: they are drawn as %s; give a font that "
                         "has them (--font FILE)", " ".join(sorted(self.lost)), BOX)  # fmt: skip

    def width(self, text: str, *, size: float, bold: bool = False) -> float:
        """Width of one line of text in points, at a size in points."""
        wide = sum(self._advance(sign) for sign in text)
        return wide * size * (_BOLD if bold else 1.0)

    def wrapped(self, text: str, *, size: float, width: float, bold: bool = False) -> list[str]:
        """Text in lines of at most a width in points; Chinese breaks anywhere, words do not."""
        lines, line = [], ""
        for piece in _pieces(text):
            tried = line + piece
            if line and self.width(tried.rstrip(), size=size, bold=bold) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line = tried
        return [*lines, line.rstrip()] if line.strip() else lines

    def _advance(self, sign: str) -> float:
        """Width of a character, in sizes of its font."""
        if sign not in self._widths:
            code = ord(sign)
            pairs = zip(self._faces, self._characters, strict=True)
            face = next((face for face, have in pairs if code in have), None)
            self._widths[sign] = 1.0  # of the box that stands for what no font has
            if face is not None:
                face.set_size(_MEASURED_PT, 72)
                advance = face.load_char(code).linearHoriAdvance / 65536
                self._widths[sign] = advance / _MEASURED_PT
        return self._widths[sign]


def pdf_font_type(families: Iterable[str]) -> int:
    """
    How a PDF holds fonts: 42 (TrueType) where it can, 3 where one has outlines of another kind.

    Examples
    --------
    >>> pdf_font_type(["DejaVu Sans"])
    42
    """
    paths = [Path(str(_path(name))) for name in families]
    return 42 if all(_is_truetype(path) for path in paths) else 3


def _pieces(text: str) -> list[str]:
    """What a line may break between: words, and characters of Chinese with what closes them."""
    pieces: list[str] = []
    for sign in text:
        joins = pieces and (
            sign in _CLOSING or (sign.isspace() and not pieces[-1].isspace())
            or (_is_narrow(sign) and _is_narrow(pieces[-1][-1]) and not pieces[-1][-1].isspace())
        )  # fmt: skip
        if joins:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _is_narrow(sign: str) -> bool:
    return ord(sign) < 0x2E80


def _own_fonts() -> list[Path]:
    folder = Path(str(resources.files("spatialplan") / "_vendor" / "noto-sans-sc"))
    return sorted(folder.glob("*.ttf"), reverse=True)


def _registered(path: Path) -> str:
    """The family of a font file, once matplotlib knows the file."""
    try:
        family = FT2Font(str(path)).family_name
        if str(path) not in {entry.fname for entry in font_manager.fontManager.ttflist}:
            font_manager.fontManager.addfont(str(path))
    except (RuntimeError, OSError) as error:
        raise InputError(path, "not a font", allowed=".ttf, .otf or .ttc") from error
    return str(family)


def _path(family: str) -> Any:
    properties = font_manager.FontProperties(family=[family])
    return font_manager.fontManager.findfont(properties, fallback_to_default=False)


def _face(family: str) -> Any:
    return font_manager.get_font(_path(family))


def _is_truetype(path: Path) -> bool:
    """Whether the first font of a file has TrueType outlines."""
    head = path.read_bytes()[:16]
    if head[:4] == b"ttcf":
        with path.open("rb") as stream:
            stream.seek(int.from_bytes(head[12:16], "big"))
            head = stream.read(4)
    return head[:4] in (b"\x00\x01\x00\x00", b"true")
