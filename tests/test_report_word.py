"""Reports for Word: the same words and numbers, in its own tables, fonts and pages."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from conftest import RULES
from conftest import town_base
from conftest import write_rules
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image
from test_report import EVIL
from test_report import NAN
from test_report import USUAL
from test_report import finding
from test_report import tables

from spatialplan import report
from spatialplan.base import write_base
from spatialplan.cartography import class_amounts
from spatialplan.cli import main
from spatialplan.coverage_map import coverage_content
from spatialplan.judgement import assess
from spatialplan.report import Figure
from spatialplan.report import headline
from spatialplan.report import write_findings
from spatialplan.report._word_table import NUMBER
from spatialplan.report._word_table import Cell
from spatialplan.report._word_table import column_widths
from spatialplan.standard import read_standard

ROOM = Mm(170)


def picture(width=40, height=30):
    packed = io.BytesIO()
    Image.new("RGB", (width, height), "#253494").save(packed, "PNG")
    return packed.getvalue()


FIGURE = Figure(
    title="最低：项目a",
    picture=picture(),
    classes=(("≤ 500 m", "62.5%", "#253494"), ("> 500 m", "37.5%", "#ffffcc")),
    counted="占人口",
)


@pytest.fixture
def document(tmp_path):
    """A function that writes a report of some rows and opens it."""

    def write_one(*rows, lang="zh", figures=(), **options):
        path = tmp_path / "out.docx"
        given = tables(*(rows or USUAL)) | options
        write_findings(path, **given, lang=lang, figures=figures)
        return docx.Document(path)

    return write_one


def headings(opened):
    return [one.text for one in opened.paragraphs if one.style.name == "Heading 1"]


def lines(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def table_with(opened, heading):
    """The table that has a heading in its first row."""
    (found,) = [table for table in opened.tables if heading in lines(table)[0]]
    return found


def fill(cell):
    """Colour of a cell, "" where it has none."""
    return "".join(cell._tc.xpath("w:tcPr/w:shd/@w:fill"))


def style_of(cell):
    return cell.paragraphs[0].style.name


# --- what it says


def test_the_document_says_what_the_page_says_in_its_order(document):
    opened = document(figures=[FIGURE])
    assert opened.paragraphs[0].text == "某地覆盖率 · 标准甲"
    assert opened.paragraphs[0].style.name == "Title"
    assert opened.paragraphs[1].text == headline(tables(*USUAL)["findings"])
    assert headings(opened) == [
        "提示", "覆盖率", "最低：项目a", "未覆盖区", "薄弱片区", "分片区覆盖率", "未评条文", "口径",
        "数据来源", "计算信息", "说明与未实现项",
    ]  # fmt: skip
    bullets = [one.text for one in opened.paragraphs if one.style.name == "List Bullet"]
    assert bullets == ["提示甲", "项目c（表1）未评：没有设施", "说明甲"]
    assert lines(opened.tables[0]) == [
        ["标准", "标准甲"], ["日期", "2026-11-01"], ["计入人口", "2.0万人"],
        ["量算规则", "步行路网（距离表）"], ["分母", "常住人口、居住用地"],
    ]  # fmt: skip


def test_findings_are_those_of_the_page_and_doubts_are_marked(document):
    table = table_with(document(), "判定")
    head, first, second, land = lines(table)
    assert head == ["项目", "量算规则", "覆盖率", "要求值", "判定", "未覆盖", "设施数",
                    "依据可信度", "数据性质"]  # fmt: skip
    assert first == ["项目a\n15分钟 · 表1\n备注甲", "步行路网（距离表）\n1000 m · 常住人口",
                     "25.0%", "80.0%", "未达到", "1.5万人", "3", "V", "开放数据"]  # fmt: skip
    assert second[2:8] == ["95.0%", "90.0%", "达到", "1,000人", "3", "M 待核"]
    assert land[2:6] == ["75.0%", "—", "无要求值", "1.00 km²"]
    cells = [row.cells for row in table.rows]
    assert (fill(cells[1][7]), fill(cells[2][7])) == ("", "FFF2CC")
    assert cells[1][4].paragraphs[0].runs[0].style.name == "Failed"
    assert cells[2][4].paragraphs[0].runs[0].style.name == "Default Paragraph Font"


def test_numbers_stand_to_the_right_and_words_do_not(document):
    opened = document()
    row = table_with(opened, "判定").rows[1].cells
    numbers = {place for place, cell in enumerate(row) if style_of(cell) == "Table Number"}
    assert numbers == {2, 3, 5, 6}
    assert opened.styles["Table Number"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    gap = table_with(opened, "未覆盖人口（人）")
    assert lines(gap)[1][:6] == ["1", "项目a", "片区x", "0.25", "0.10", "1,234"]
    assert [style_of(cell) for cell in gap.rows[1].cells][-2:] == ["Table Number", "Table Text"]


def test_areas_stand_beside_their_clauses(document):
    table = table_with(document(), "项目a\n15分钟")
    assert lines(table) == [
        ["片区", "项目a\n15分钟", "项目b\n15分钟", "项目d\n15分钟"],
        ["片区x", "10.0%", "—", "—"],
    ]
    assert not [title for title in headings(document(USUAL[0])) if title == "分片区覆盖率"]


def test_many_clauses_go_into_several_tables(document):
    many = [finding(str(number)) for number in range(9)]
    inside = [finding(str(number), area_id="x", measured=number / 10) for number in range(9)]
    parts = [table for table in document(*many, *inside).tables if lines(table)[0][0] == "片区"]
    assert [len(table.columns) - 1 for table in parts] == [8, 1]
    assert lines(parts[1])[1] == ["片区x", "80.0%"]


def test_sources_and_the_command_are_told(document):
    opened = document()
    assert lines(table_with(opened, "SHA-256"))[1] == [
        "osm",
        "extract",
        "2026",
        "ODbL",
        "",
        "0" * 64,
    ]
    last = opened.tables[-1]
    assert lines(last)[-1] == ["命令", "spatialplan assess"]
    assert lines(table_with(opened, "口径"))[1] == ["项目a", "表1", "V", "口径甲"]


def test_the_document_speaks_english(document):
    opened = document(lang="en")
    assert opened.core_properties.title == "Coverage of a place · Standard A"
    assert opened.core_properties.language == "en"
    assert headings(opened)[:4] == ["Warnings", "Coverage", "Gaps", "Weakest areas"]
    first = lines(table_with(opened, "Verdict"))[1]
    assert first[0] == "Item a\n15 min · 表1\nremark A"
    assert first[1] == "walking network (distance table)\n1000 m · residents"
    assert lines(opened.tables[0])[2] == ["People counted", "20,000 people"]


def test_nothing_found_is_said(document):
    usual = tables(finding("c", measured=NAN, note="没有设施"))
    opened = document(**usual | {"gaps": usual["gaps"].iloc[:0], "worst": usual["worst"].iloc[:0]})
    said = [one.text for one in opened.paragraphs]
    assert said.count("无") == 3  # findings, gaps, areas
    assert "项目c（表1）没有设施" in said
    assert lines(opened.tables[0]) == [["标准", "标准甲"], ["日期", "2026-11-01"]]


def test_synthetic_data_are_marked_on_every_page(document):
    opened = document(finding("b", drawn_from="synthetic"))
    (banner,) = [one for one in opened.paragraphs if one.style.name == "Banner"]
    assert banner.text.startswith("合成数据：")
    shaded = opened.styles["Banner"].element.xpath("w:pPr/w:shd/@w:fill")
    assert shaded == ["C00000"]
    (head,) = opened.sections[0].header.paragraphs
    assert head.text == "某地覆盖率 · 标准甲（合成数据）"
    assert not [one for one in document().paragraphs if one.style.name == "Banner"]


# --- text of data


@pytest.mark.parametrize("text", EVIL)
def test_text_from_data_stays_text(document, text):
    row = finding("a", name_zh=text, note=text, basis=text)
    figure = Figure(title=text, picture=picture(), classes=((text, text, "#253494"),), counted=text)
    opened = document(row, figures=[figure], gaps=tables(*USUAL, gap_name=text)["gaps"])
    plain = text.replace("\x00\x07", "")
    assert lines(table_with(opened, "判定"))[1][0] == f"{plain}\n15分钟 · 表1\n{plain}"
    assert lines(table_with(opened, "未覆盖人口（人）"))[1][1] == plain
    assert plain in headings(opened)
    assert opened.paragraphs[-1].text == "说明甲"
    written = opened.element.body
    assert not written.xpath(".//w:hyperlink | .//w:fldSimple | .//w:instrText | .//w:object")


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_letters_that_no_document_can_hold_are_left_out(document, letter):
    opened = document(finding("a", name_zh=f"甲{letter}乙"))
    assert lines(table_with(opened, "判定"))[1][0].startswith("甲乙\n")


def test_a_long_title_is_no_fault(document):
    facts = {**tables(*USUAL)["facts"], "title_zh": "长" * 400}
    opened = document(facts=facts)
    assert opened.paragraphs[0].text == "长" * 400 + " · 标准甲"
    assert opened.core_properties.title == "长" * 255


# --- the map


def test_the_class_table_has_the_colours_of_the_map(document):
    opened = document(figures=[FIGURE])
    table = table_with(opened, "占人口")
    assert lines(table) == [["颜色", "分级", "占人口"], ["", "≤ 500 m", "62.5%"],
                            ["", "> 500 m", "37.5%"]]  # fmt: skip
    assert [fill(row.cells[0]) for row in table.rows[1:]] == ["253494", "FFFFCC"]
    (shape,) = opened.inline_shapes
    assert shape.height / shape.width == pytest.approx(30 / 40, rel=1e-4)
    assert shape.width == pytest.approx(ROOM, rel=1e-4)
    assert opened.element.body.xpath(".//wp:docPr/@descr") == ["最低：项目a"]
    captions = [one.text for one in opened.paragraphs if one.style.name == "Caption"]
    assert captions == ["图 1　最低：项目a"]


def test_pictures_fit_the_page_whatever_their_shape(document):
    shapes = [(1, 3), (3, 1)]
    figures = [Figure(title="图", picture=picture(100 * w, 100 * h)) for w, h in shapes]
    tall, wide = document(figures=figures).inline_shapes
    assert (tall.height, wide.width) == pytest.approx((Mm(214), ROOM), rel=1e-4)
    assert tall.width == pytest.approx(Mm(214) / 3, rel=1e-4)


def test_without_a_map_there_is_none(document):
    opened = document()
    assert not len(opened.inline_shapes)
    assert not [one for one in opened.paragraphs if one.style.name in ("Caption", "Picture")]


def test_other_formats_have_no_maps(tmp_path):
    for name, figures in (("a.md", ()), ("b.md", [FIGURE])):
        write_findings(tmp_path / name, **tables(*USUAL), figures=figures)
    assert (tmp_path / "a.md").read_bytes() == (tmp_path / "b.md").read_bytes()


# --- page, fonts, tables


def test_pages_are_a4_and_numbered(document):
    (section,) = document().sections
    assert (section.page_width, section.page_height) == pytest.approx((Mm(210), Mm(297)), rel=1e-4)
    inside = section.page_width - section.left_margin - section.right_margin
    assert inside == pytest.approx(ROOM, rel=1e-3)
    (foot,) = section.footer.paragraphs
    assert foot._p.xpath(".//w:instrText/text()") == ["PAGE", "NUMPAGES"]


def test_chinese_fonts_are_named_in_every_style_that_is_used(document):
    opened = document(finding("b", drawn_from="synthetic"), figures=[FIGURE])
    inside = [one for table in opened.tables for row in table.rows for cell in row.cells
              for one in cell.paragraphs]  # fmt: skip
    used = {one.style.name: one.style for one in [*opened.paragraphs, *inside]}
    assert {"Title", "Heading 1", "Body Text", "Table Text", "Table Number"} <= set(used)
    for name, style in used.items():
        (fonts,) = style.element.xpath("w:rPr/w:rFonts")
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "仿宋", "黑体"), name
        assert not [key for key in fonts.attrib if "theme" in key.lower()], name
    assert used["Heading 1"].element.xpath("w:rPr/w:rFonts/@w:eastAsia") == ["黑体"]
    assert opened.styles.element.xpath("w:docDefaults//w:lang/@w:eastAsia") == ["zh-CN"]


def test_chinese_running_text_begins_two_characters_in(document):
    indent = "w:pPr/w:ind/@w:firstLineChars"
    assert document().styles["Body Text"].element.xpath(indent) == ["200"]
    assert document(lang="en").styles["Body Text"].element.xpath(indent) == []


def test_heads_of_tables_stand_again_on_every_page(document):
    opened = document(figures=[FIGURE])
    facts, *others = opened.tables
    assert not facts._tbl.xpath(".//w:tblHeader")
    assert len(others) == 8
    for table in others:
        assert len(table._tbl.xpath("w:tr[1]/w:trPr/w:tblHeader")) == 1
        assert len(table._tbl.xpath(".//w:tblHeader")) == 1
        assert len(table._tbl.xpath("w:tr/w:trPr/w:cantSplit")) == len(table.rows)


def test_short_tables_are_not_parted_by_the_end_of_a_page(document):
    opened = document(*(finding(str(number)) for number in range(20)), figures=[FIGURE])
    short, long = table_with(opened, "占人口"), table_with(opened, "判定")
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in short.rows]
    assert kept == [True, True, None]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in long.rows]
    assert kept == [None] * 21


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_table_is_wider_than_the_page(document, lang):
    long = "长" * 300 + "x" * 300
    rows = [finding("a", note=long, basis=long, name_zh=long, name_en=long, unserved=1e7)]
    rows += [finding(str(number)) for number in range(8)]
    rows += [finding(str(number), area_id=long) for number in range(8)]
    for table in document(*rows, lang=lang, figures=[FIGURE]).tables:
        widths = [column.width for column in table.columns]
        assert sum(widths) <= ROOM + len(widths) * 635  # a twentieth of a point each
        assert [cell.width for cell in table.rows[0].cells] == widths
        assert min(widths) > Mm(6)


def test_columns_hold_their_words_and_share_what_is_left():
    rows = [[Cell("人均缺少项数"), Cell("1.50", style=NUMBER), Cell("甲" * 100)]]
    short, number, long = column_widths(rows, 40)
    assert short == pytest.approx(5 * 1.12 + 0.9, rel=0.02)  # five letters stay together
    assert number == pytest.approx(4 * 0.5 * 1.12 + 0.9, rel=0.02)
    assert short + number + long == pytest.approx(40)
    (people,) = column_widths([[Cell("527.8万人", style=NUMBER)]], 60)
    assert people == pytest.approx((5 * 0.5 + 2) * 1.12 + 0.9)
    assert sum(column_widths(rows, 5)) == pytest.approx(5)


def test_two_long_columns_take_as_many_lines():
    one, two = column_widths([[Cell("甲" * 100), Cell("乙" * 300)]], 40)
    assert two / one == pytest.approx(3, rel=0.02)


def test_the_document_is_dated_and_does_not_name_its_template(document, tmp_path):
    known = document().core_properties
    assert (known.title, known.language) == ("某地覆盖率 · 标准甲", "zh-CN")
    assert known.created.year >= 2024
    with zipfile.ZipFile(tmp_path / "out.docx") as package:
        assert b"python-docx" not in package.read("docProps/core.xml")


# --- by the command


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The town of conftest and its standard on disk."""
    made = tmp_path_factory.mktemp("word")
    write_base(town_base(), made / "town")
    write_rules(made, RULES)
    return made


@pytest.mark.parametrize(
    ("lang", "enough", "title"),
    [
        ("zh", 1, "覆盖率最低的项目："),
        ("en", 1, "The item of the lowest coverage: "),
        ("en", 3, "Coverage: "),  # all data of the town are too thin to compare
    ],
)
def test_the_command_draws_one_clause(folder, tmp_path, monkeypatch, lang, enough, title):
    monkeypatch.setattr("spatialplan.report._content.ENOUGH_FACILITIES", enough)
    path = tmp_path / "report.docx"
    words = ["assess", str(folder / "town.yaml"), "--base", str(folder / "town"), "--lang", lang]
    assert main([*words, "--by", "area_id", "--quiet", "-o", str(path)]) == 1
    standard, town = read_standard(folder / "town.yaml"), town_base()
    findings = assess(standard, town)
    lowest = report.lowest_clause(findings)
    assert (lowest is None) == (enough > 1)
    lowest = findings.iloc[0] if lowest is None else lowest
    content = coverage_content(standard, town)
    (grid,) = [
        layer for layer in content["layers"] if layer["id"] == f"coverage-{lowest['clause_id']}"
    ]
    opened = docx.Document(path)
    (shape,) = opened.inline_shapes
    assert shape.height > Mm(200)
    told = title + lowest[f"name_{lang}"]  # and its tier, where others have the same name
    assert any(heading.startswith(told) for heading in headings(opened))
    table = table_with(opened, content["words"]["by_people"][lang])
    shown = [
        (label, amount, f"#{fill(row.cells[0])}".lower())
        for row, (_, label, amount) in zip(table.rows, lines(table), strict=True)
    ]
    assert shown[1:] == [
        (part[f"label_{lang}"], amount, part["color"])
        for part, amount in zip(grid["classes"], class_amounts(grid), strict=True)
        if amount
    ]


def test_the_command_draws_no_map_where_nothing_is_measured(folder, tmp_path):
    write_rules(tmp_path, {"pharmacy": RULES["pharmacy"]})
    path = tmp_path / "report.docx"
    words = ["assess", str(tmp_path / "town.yaml"), "--base", str(folder / "town")]
    assert main([*words, "--quiet", "-o", str(path)]) == 0
    assert not len(docx.Document(path).inline_shapes)


def test_libreoffice_opens_the_document(document, tmp_path):
    program = shutil.which("soffice") or pytest.skip("LibreOffice is not on this machine")
    if not [*Path(program).resolve().parent.glob("*swlo.*")]:
        pytest.skip("LibreOffice is on this machine without Writer")
    evil = "<img src=x onerror=alert(1)>"
    document(finding("a", name_zh=evil), figures=[FIGURE])
    subprocess.run(
        [program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8", "--outdir", tmp_path, tmp_path / "out.docx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    said = (tmp_path / "out.txt").read_text("utf-8-sig")
    for word in (evil, "某地覆盖率 · 标准甲", "≤ 500 m", "图 1　最低：项目a", "spatialplan assess"):
        assert word in said, word
