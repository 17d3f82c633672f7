"""How a report looks in Word: its page, fonts and styles."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu
from docx.shared import Mm
from docx.shared import Pt
from docx.shared import RGBColor

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from ._words import Lang

STRONG, FAILED = "Strong", "Failed"
"""Ids of the styles of words that stand out."""

_PAGE_MM = (210, 297)
_SIDE_MM, _END_MM = 20, 25
_PICTURE_MM = (_PAGE_MM[0] - 2 * _SIDE_MM, 214)  # leaves room for what is said over and under it
ROOM_PT = (_PAGE_MM[0] - 2 * _SIDE_MM) / 25.4 * 72
"""How wide text and tables are."""
CELL_PT, CELL_PAD_PT = 8.0, 3.0
"""How large the text of a table is, and how far it stands from the lines beside it."""
_MOST_PROPERTY = 255  # characters that a property of a document may have

# Fonts that Word and WPS have, under the names that they show.
_SONG, _FANGSONG, _HEI = "宋体", "仿宋", "黑体"
_ROMAN, _SANS = "Times New Roman", "Arial"
_INK, _SOFT, _BLUE, _RED, _WHITE = "000000", "595959", "1F4E79", "C00000", "FFFFFF"
_LINE = "BFC6CD"
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT

_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class _Look:
    """A style of paragraphs: sizes in points, colours as RRGGBB."""

    size: float
    east: str = _SONG
    west: str = _ROMAN
    bold: bool = False
    color: str = _INK
    before: float = 0.0
    after: float = 0.0
    line: float = 1.0
    align: WD_ALIGN_PARAGRAPH | None = None
    keep: bool = False
    fill: str = ""


_STYLES = {
    "Normal": _Look(10.5, _FANGSONG, after=4, line=1.25),
    "Body Text": _Look(12, _FANGSONG, after=6, line=1.4),
    "List Bullet": _Look(10.5, _FANGSONG, after=3, line=1.2),
    "Title": _Look(18, _HEI, _SANS, bold=True, after=12, align=_CENTRE),
    "Heading 1": _Look(14, _HEI, _SANS, bold=True, color=_BLUE, before=16, after=6, keep=True),
    "Caption": _Look(9, _HEI, _SANS, after=8, align=_CENTRE),
    "Header": _Look(8, color=_SOFT, align=_CENTRE),
    "Footer": _Look(9, align=_CENTRE),
    "Banner": _Look(12, _HEI, _SANS, bold=True, color=_WHITE, before=4, after=8, fill=_RED),
    "Hint": _Look(10, _FANGSONG, color="7F6000", after=6),
    "Picture": _Look(10.5, before=8, after=4, align=_CENTRE, keep=True),
    "Table Text": _Look(CELL_PT, before=1.5, after=1.5),
    "Table Number": _Look(CELL_PT, before=1.5, after=1.5, align=_RIGHT),
    "Table Head": _Look(CELL_PT, _HEI, bold=True, before=2, after=2, align=_CENTRE, keep=True),
    "Table Note": _Look(7, color=_SOFT, after=1),
}


def new_document(title: str, *, lang: Lang) -> Document:
    """Return an empty document of A4 with a title, pages that are numbered, and our styles."""
    document = docx.Document()
    for name, look in _STYLES.items():
        _define(document, name, look)
    failed: Any = document.styles.add_style(FAILED, WD_STYLE_TYPE.CHARACTER)
    failed.font.bold, failed.font.color.rgb = True, RGBColor.from_string(_RED)
    if lang == "zh":
        _indent(document, "Body Text")
    _set_tables(document)
    _set_page(document, title)
    _set_properties(document, title, lang)
    add_text(document, title, "Title")
    return document


def add_text(document: Document, text: str, style: str) -> Paragraph:
    """Add a paragraph; its text is text, whatever it looks like."""
    return document.add_paragraph(cleaned(text), style)


def add_picture(document: Document, picture: bytes, *, told: str) -> None:
    """Add a picture as large as the page allows; `told` is for those who cannot see it."""
    run = add_text(document, "", "Picture").add_run()
    shape = run.add_picture(io.BytesIO(picture))
    width, height = shape.width, shape.height
    scale = min(Mm(_PICTURE_MM[0]) / width, Mm(_PICTURE_MM[1]) / height)
    shape.width, shape.height = Emu(int(width * scale)), Emu(int(height * scale))
    for about in run.element.xpath(".//wp:docPr"):
        about.set("descr", cleaned(told))


def cleaned(text: str) -> str:
    r"""
    Return text without the characters that no XML file can hold.

    Examples
    --------
    >>> cleaned("a\x00b\ufffec\td")
    'abc\td'
    """
    return _NO_XML.sub("", text)


def shade(fill: str) -> Any:
    """Return the element that gives a cell or a paragraph a colour, RRGGBB."""
    clear = {qn("w:val"): "clear", qn("w:color"): "auto", qn("w:fill"): fill}
    return OxmlElement("w:shd", clear)


def _define(document: Document, name: str, look: _Look) -> None:
    """Give a style its look; add it if the document does not have it."""
    styles: Any = document.styles
    if name not in styles:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    style = styles[name]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()  # a font of the theme would win over one that is named
    for letters, font in (("ascii", look.west), ("hAnsi", look.west), ("eastAsia", look.east)):
        fonts.set(qn(f"w:{letters}"), font)
    style.font.size, style.font.bold = Pt(look.size), look.bold
    style.font.color.rgb = RGBColor.from_string(look.color)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.line_spacing, form.alignment, form.keep_with_next = look.line, look.align, look.keep
    properties = style.element.get_or_add_pPr()
    for border in properties.xpath("w:pBdr"):
        properties.remove(border)
    if look.fill:  # after what keeps paragraphs together, before what spaces them
        properties.get_or_add_spacing().addprevious(shade(look.fill))


def _indent(document: Document, name: str) -> None:
    """Let the first line of running text begin two characters in."""
    style: Any = document.styles[name]
    style.paragraph_format.first_line_indent = Pt(2 * _STYLES[name].size)
    style.element.pPr.ind.set(qn("w:firstLineChars"), "200")


def _set_tables(document: Document) -> None:
    """Lines of tables are grey; their cells have less air than Word gives them."""
    style: Any = document.styles["Table Grid"]
    for line in style.element.xpath("w:tblPr/w:tblBorders/*"):
        line.set(qn("w:color"), _LINE)
    for side in ("left", "right"):
        for margin in style.element.xpath(f"w:tblPr/w:tblCellMar/w:{side}"):
            margin.set(qn("w:w"), str(int(20 * CELL_PAD_PT)))  # twentieths of a point


def _set_page(document: Document, title: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(length) for length in _PAGE_MM)
    section.left_margin = section.right_margin = Mm(_SIDE_MM)
    section.top_margin = section.bottom_margin = Mm(_END_MM)
    section.header.paragraphs[0].add_run(cleaned(title))
    foot = section.footer.paragraphs[0]
    _add_field(foot, "PAGE")
    foot.add_run(" / ")
    _add_field(foot, "NUMPAGES")


def _add_field(paragraph: Paragraph, code: str) -> None:
    """Add what Word computes: the number of a page, or of all pages."""
    begin, end = (
        OxmlElement("w:fldChar", {qn("w:fldCharType"): kind}) for kind in ("begin", "end")
    )
    instruction = OxmlElement("w:instrText")
    instruction.text = code
    paragraph.add_run().element.extend([begin, instruction, end])


def _set_properties(document: Document, title: str, lang: Lang) -> None:
    """State what the document is, not what its template was."""
    known = document.core_properties
    known.title = cleaned(title)[:_MOST_PROPERTY]
    known.language = "zh-CN" if lang == "zh" else "en"
    known.author, known.comments = "spatialplan", ""
    known.created = known.modified = datetime.now(UTC)
    styles: Any = document.styles.element
    for told in styles.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang"):
        told.set(qn("w:eastAsia"), "zh-CN")  # line breaks and proofing of Chinese, in both
