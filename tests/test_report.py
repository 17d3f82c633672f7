"""Reports: every format says the same, marks what is uncertain, and runs nothing."""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import math
import re
from types import SimpleNamespace

import docx
import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from spatialplan.errors import InputError
from spatialplan.errors import OutputError
from spatialplan.errors import SchemaError
from spatialplan.report import REPORT_SUFFIXES
from spatialplan.report import amount_text
from spatialplan.report import headline
from spatialplan.report import people_text
from spatialplan.report import report_facts
from spatialplan.report import require_format
from spatialplan.report import share_text
from spatialplan.report import write_findings
from spatialplan.standard import read_standard

NAN = math.nan
EVIL = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7*7 }}",
    "a|b\n# c",
    "[x](javascript:alert(1))",
    "\x00\x07bell",
]


def finding(clause_id, *, area_id="", measured=0.5, required=NAN, **fields):
    judged = not math.isnan(measured)
    met = measured >= required if judged and not math.isnan(required) else None
    total = 20_000.0 if judged else NAN
    return {
        "clause_id": clause_id,
        "area_id": area_id,
        "area_name_zh": f"片区{area_id}" if area_id else "",
        "category": clause_id,
        "name_zh": f"项目{clause_id}",
        "name_en": f"Item {clause_id}",
        "clause": "表1",
        "tier": "15",
        "rule": "table",
        "threshold": "1000 m",
        "denominator": "population",
        "total": total,
        "served": total * measured,
        "unserved": total * (1 - measured),
        "total_unit": "person",
        "measured": measured,
        "required": required,
        "unit": "share",
        "met": met,
        "n_facilities": 3,
        "n_stand_ins": 0,
        "confidence": "V",
        "basis": "口径甲",
        "basis_en": "basis A",
        "drawn_from": "open_data",
        "precision_m": NAN,
        "note": "",
        "note_en": "",
        **fields,
    }


def tables(*rows, gap_name="项目a"):
    findings = pd.DataFrame(rows)
    findings.index = [f"f{number}" for number in range(len(rows))]
    gaps = gpd.GeoDataFrame(
        {
            "clause_id": ["a"],
            "name_zh": [gap_name],
            "name_en": ["Item a"],
            "rank": [1],
            "area_km2": [0.25],
            "residential_km2": [0.1],
            "people": [1234.0],
            "area_id": ["x"],
            "area_name_zh": ["片区x"],
        },
        geometry=[shapely.box(499_900, 3_520_000, 500_100, 3_520_200)],
        crs=4549,
    )
    worst = pd.DataFrame(
        {
            "area_id": ["x"],
            "area_name_zh": ["片区x"],
            "population": [5000.0],
            "missing_mean": [1.5],
            "unserved": [7500.0],
            "worst_zh": ["项目a、项目b"],
            "worst_en": ["Item a; Item b"],
        },
        index=pd.Index([1], name="rank"),
    )
    source = {"role": "osm", "title": "extract", "date": "2026", "licence": "ODbL"}
    facts = {
        "title_zh": "某地覆盖率",
        "title_en": "Coverage of a place",
        "area_id": "place",
        "standard_zh": "标准甲",
        "standard_en": "Standard A",
        "date": "2026-11-01",
        "version": "0.1.0",
        "command": "spatialplan assess",
        "warnings_zh": ["提示甲"],
        "warnings_en": ["warning A"],
        "notes_zh": ("说明甲",),
        "notes_en": ("note A",),
    }
    return {
        "findings": findings,
        "gaps": gaps,
        "worst": worst,
        "sources": [{**source, "sha256": "0" * 64, "datum": None}],
        "facts": facts,
    }


USUAL = (
    finding("a", measured=0.25, required=0.8, note="备注甲", note_en="remark A"),
    finding("b", measured=0.95, required=0.9, confidence="M"),
    finding("c", measured=NAN, note="未评：没有设施", note_en="not judged: no facility"),
    finding("d", denominator="residential_land", total_unit="km2", total=4.0, served=3.0,
            unserved=1.0, measured=0.75, precision_m=50.0),
    finding("a", area_id="x", measured=0.1, required=0.8, note="备注甲", note_en="remark A"),
)  # fmt: skip


@pytest.fixture
def written(tmp_path):
    def write_one(suffix, *rows, lang="zh", **options):
        path = tmp_path / f"out{suffix}"
        write_findings(path, **(tables(*(rows or USUAL)) | options), lang=lang)
        return path

    return write_one


def texts(path):
    """All that a reader of a report sees, as one string."""
    if path.suffix == ".docx":
        return "\n".join(docx.Document(path).element.body.itertext())
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8-sig")
    book = openpyxl.load_workbook(path)
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    return "\n".join([*book.sheetnames, *(str(cell) for cell in cells if cell is not None)])


def sheet_rows(sheet, first_heading):
    """Rows of the table whose first heading is given, as mappings."""
    rows = list(sheet.iter_rows(values_only=True))
    top = next(i for i, row in enumerate(rows) if row[0] == first_heading)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def test_workbook_holds_numbers_with_their_units(written):
    book = openpyxl.load_workbook(written(".xlsx"))
    assert book.sheetnames == ["覆盖率", "未覆盖区", "薄弱片区", "口径与来源"]
    first, _, unjudged, land, area = sheet_rows(book["覆盖率"], "片区")
    assert (first["片区"], first["覆盖率"], first["要求值"]) == ("全域", 0.25, 0.8)
    assert (first["未覆盖"], first["单位"], first["判定"]) == (15_000, "人", "未达到")
    assert (land["未覆盖"], land["单位"], land["判定"]) == (100, "公顷", "无要求值")
    assert (unjudged["覆盖率"], unjudged["判定"]) == ("—", "未评")
    assert area["片区"] == "片区x"
    assert "口径" not in first
    cells = book["口径与来源"].iter_rows(values_only=True)
    bases = [row for row in cells if "口径甲" in row]
    assert [row[0] for row in bases] == ["项目a", "项目b", "项目c", "项目d"]
    assert bases[0][4] == "备注甲"
    gap = sheet_rows(book["未覆盖区"], "序号")[0]
    assert gap["未覆盖人口（人）"] == 1234
    assert gap["位置（WGS84 经度, 纬度）"].startswith("120.0000")
    worst = sheet_rows(book["薄弱片区"], "序号")[0]
    assert (worst["人均缺少项数"], worst["最缺项目"]) == (1.5, "项目a、项目b")


def test_workbook_can_be_read_and_printed(written):
    sheet = openpyxl.load_workbook(written(".xlsx"))["覆盖率"]
    heading = next(row[0].row for row in sheet.iter_rows() if row[0].value == "片区")
    assert sheet["A1"].value == "某地覆盖率 · 标准甲"
    assert sheet.freeze_panes == f"C{heading + 1}"
    assert sheet.auto_filter.ref == f"A{heading}:S{heading + 5}"
    assert sheet.print_area == f"'覆盖率'!$A$1:$S${heading + 5}"
    assert sheet.column_dimensions["B"].width == 30
    share = sheet.cell(heading + 1, 8)
    assert (share.number_format, share.value) == ("0.0%", 0.25)
    assert sheet.cell(heading + 1, 4).alignment.wrap_text
    assert "A1:S1" in sheet.merged_cells
    assert sheet.conditional_formatting
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == f"${heading}:${heading}"


@pytest.mark.parametrize("suffix", REPORT_SUFFIXES)
def test_every_format_tells_results_and_doubts(written, suffix):
    said = texts(written(suffix))
    for word in ("项目a", "未达到", "M 待核", "备注甲", "片区x"):
        assert word in said, word
    if suffix != ".csv":
        for word in (
            "口径甲",
            "说明甲",
            "提示甲",
            "ODbL",
            "0" * 64,
            "spatialplan assess",
            "标准甲",
        ):
            assert word in said, word
        assert headline(tables(*USUAL)["findings"]) in said
        assert "None" not in said


@pytest.mark.parametrize("suffix", REPORT_SUFFIXES)
def test_every_format_speaks_english(written, suffix):
    said = texts(written(suffix, lang="en"))
    for word in ("Item a", "not met", "M to be checked", "remark A", "SYNTHETIC"):
        assert (word in said) == (word != "SYNTHETIC"), word
    if suffix != ".csv":
        assert "Coverage of a place" in said
        assert "basis A" in said
        assert "note A" in said


@pytest.mark.parametrize("suffix", REPORT_SUFFIXES)
@pytest.mark.parametrize(("source", "mark"), [("synthetic", "合成数据"), ("text", "示意")])
def test_every_format_says_that_data_are_not_real(written, suffix, source, mark):
    said = texts(written(suffix, USUAL[0], finding("b", drawn_from=source)))
    assert mark in said
    assert mark not in texts(written(suffix))


def test_the_mark_of_synthetic_data_stands_on_every_sheet(written):
    book = openpyxl.load_workbook(written(".xlsx", finding("b", drawn_from="synthetic")))
    for sheet in book:
        assert sheet["A1"].value == "某地覆盖率 · 标准甲（合成数据）"
        assert sheet["A2"].value.startswith("合成数据：")
    page = texts(written(".html", finding("b", drawn_from="synthetic")))
    assert "<title>某地覆盖率 · 标准甲（合成数据）</title>" in page
    assert '<p class="banner">合成数据' in page


@pytest.mark.parametrize("text", EVIL)
def test_text_from_data_stays_text(written, text):
    row = finding("a", name_zh=text, area_name_zh=text, area_id="x", note=text, basis=text)
    options = tables(USUAL[0], row, gap_name=text)
    for cells in openpyxl.load_workbook(written(".xlsx", **options)):
        assert {cell.data_type for line in cells.iter_rows() for cell in line} <= {"s", "n"}
        risky = [cell for line in cells.iter_rows() for cell in line if str(cell.value)[0] == "="]
        assert all(cell.quotePrefix for cell in risky)
    page = written(".html", **options).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert ">49<" not in page
    rows = csv.reader(io.StringIO(texts(written(".csv", **options))))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    note = written(".md", **options).read_text(encoding="utf-8")
    assert "<script" not in note
    assert "<img" not in note
    assert "\n# c" not in note
    assert "[x](" not in note


def test_page_loads_nothing_and_draws_bars(written):
    page = written(".html").read_text(encoding="utf-8")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f"default-src 'none'; {policy}" in html.unescape(page)
    assert "style=" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "src=" not in page.replace("default-src", "")
    assert 'class="fill" width="25.00"' in page
    assert 'class="limit" x="80.00"' in page
    assert '<span class="doubt">M 待核</span>' in page
    assert "<th>片区x</th>" in page
    assert ">10.0%</td>" in page


def test_csv_opens_in_excel_and_reads_back(written):
    path = written(".csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(texts(path))))
    assert [row["覆盖率"] for row in rows] == ["0.25", "0.95", "", "0.75", "0.1"]
    assert rows[0]["未覆盖"] == "15000"
    assert rows[2]["条文编号"] == "c"


def test_pages_list_the_first_gaps_of_every_clause_and_say_so(written):
    many = tables(*USUAL)
    gaps = pd.concat([many["gaps"]] * 220, ignore_index=True)
    many["gaps"] = gaps.assign(rank=[*range(1, 111)] * 2, clause_id=["a"] * 110 + ["b"] * 110)
    for suffix in (".md", ".html"):
        said = texts(written(suffix, **many))
        assert said.count("120.00000, 31.") == 6
        assert "共 220 行，此处列 6 行" in said
    book = texts(written(".xlsx", **many))
    assert book.count("120.00000, 31.") == 40
    assert "共 220 处，此处列每项未覆盖人口最多的若干处，计 40 处" in book


@pytest.mark.parametrize("suffix", REPORT_SUFFIXES)
def test_nothing_found_is_said(written, suffix):
    usual = tables(finding("c", measured=NAN, note="没有设施"))
    empty = {**usual, "gaps": usual["gaps"].iloc[:0], "worst": usual["worst"].iloc[:0]}
    said = texts(written(suffix, **empty))
    assert "没有设施" in said
    if suffix != ".csv":
        assert "没有可评的条文" in said
        assert "无" in said


def test_headline_tells_the_whole_not_the_areas():
    said = headline(tables(*USUAL)["findings"])
    lowest = "数据充足者中最低：项目a 25.0%（未覆盖 1.5万人）"
    assert said == f"共评 3 项；有要求值的 2 项中达到 1 项；{lowest}；另有 1 项未评。"
    said = headline(tables(USUAL[3])["findings"], lang="en")
    assert said == "1 judged; lowest of those with enough data: Item d 75.0% (1.00 km² not served)."


@pytest.mark.parametrize("few", [{"n_facilities": 2}, {"n_stand_ins": 3}])
def test_clauses_on_thin_data_are_marked_and_never_the_lowest(written, few):
    rows = (finding("a", measured=0.1, **few), USUAL[1], finding("a", area_id="x"))
    said = headline(tables(*rows)["findings"])
    assert said == (
        "共评 2 项；其中 1 项数据不足，不比较；有要求值的 1 项中达到 1 项；"
        "数据充足者中最低：项目b 95.0%（未覆盖 1,000人）。"
    )
    only = headline(tables(rows[0])["findings"], lang="en")
    assert only == "1 judged; 1 of them on data too thin to compare."
    first, second, area = csv.DictReader(io.StringIO(texts(written(".csv", *rows))))
    assert [row["判定"] for row in (first, second, area)] == [
        "无要求值（数据不足）", "达到", "无要求值（数据不足）"]  # fmt: skip


def test_what_lies_outside_all_areas_comes_last_and_has_no_rank(written):
    outside = finding("a", area_id="-", area_name_zh="外")
    worst = tables(*USUAL)["worst"]
    worst = pd.concat([worst.assign(area_id="-", area_name_zh="外"), worst])
    worst.index = pd.Index([1, 2], name="rank")
    path = written(".xlsx", USUAL[0], outside, USUAL[4], worst=worst)
    book = openpyxl.load_workbook(path)
    assert [row["片区"] for row in sheet_rows(book["覆盖率"], "片区")] == ["全域", "片区x", "外"]
    listed = sheet_rows(book["薄弱片区"], "序号")
    assert [(row["序号"], row["片区"]) for row in listed] == [(1, "片区x"), ("—", "外")]


def test_rows_of_long_texts_are_high_enough_to_read(written):
    row = finding("a", note="长" * 300)
    sheet = openpyxl.load_workbook(written(".xlsx", row))["口径与来源"]
    (tall,) = [line[4].row for line in sheet.iter_rows() if line[4].value == "长" * 300]
    assert sheet.row_dimensions[tall].height > 10 * 15
    assert sheet.print_area.startswith("'口径与来源'!$A$1:$F$")


def test_markdown_lists_every_finding_and_its_note_once(written):
    areas = [finding("a", area_id=f"x{n}", note="备注甲") for n in range(200)]
    said = texts(written(".md", USUAL[0], *areas))
    assert said.startswith("# 某地覆盖率 · 标准甲\n")
    assert said.count("| 片区x") == 202  # with the gap and the weakest area
    assert said.count("备注甲") == 1


def test_figures_are_rounded_to_what_they_mean(written):
    rows = (
        finding("a", total=100.123456, served=3.14159, unserved=96.98, precision_m=43.301270189),
        finding("b", total=1.23456789, served=1.0, unserved=0.23456789, total_unit="km2"),
    )
    first, land = csv.DictReader(io.StringIO(texts(written(".csv", *rows))))
    told = ("总量", "已覆盖", "未覆盖", "位置精度（m）")
    assert [first[key] for key in told] == ["100.1", "3.1", "97", "43.3"]
    assert [land[key] for key in told[:3]] == ["123.46", "100", "23.46"]
    gaps = tables(*USUAL)["gaps"].assign(people=1.26, area_km2=0.123456)
    book = openpyxl.load_workbook(written(".xlsx", gaps=gaps))
    gap = sheet_rows(book["未覆盖区"], "序号")[0]
    assert (gap["未覆盖人口（人）"], gap["面积（km²）"]) == (1.3, 0.1235)


def test_figures_as_people_write_them():
    assert people_text(9_999) == "9,999人"
    assert people_text(123_456) == "12.3万人"
    assert people_text(123_456, lang="en") == "123,456 people"
    assert amount_text(NAN, "person") == "—"
    assert amount_text(0.5, "km2") == "50.0公顷"
    assert [share_text(share) for share in (0, 0.0001, 0.9999, 1, NAN)] == [
        "0.0%", "0.01%", "99.99%", "100.0%", "—"]  # fmt: skip
    assert share_text(0.79996, limit=0.8) == "79.996%"


def test_unknown_formats_and_languages_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"no report format '.pdf'; allowed: .xlsx, .docx"):
        write_findings(tmp_path / "a.pdf", **tables(*USUAL))
    with pytest.raises(InputError, match="no report format in the name"):
        require_format("a")
    with pytest.raises(InputError, match="lang: 'fr'; allowed: zh, en"):
        write_findings(tmp_path / "a.md", **tables(*USUAL), lang="fr")
    assert not list(tmp_path.iterdir())


def test_an_unwritable_place_and_a_bad_table_leave_nothing(tmp_path):
    with pytest.raises(OutputError, match="does not exist"):
        write_findings(tmp_path / "no" / "a.xlsx", **tables(*USUAL))
    bad = {**tables(*USUAL), "findings": tables(*USUAL)["findings"].drop(columns="basis")}
    with pytest.raises(SchemaError, match="no column 'basis'"):
        write_findings(tmp_path / "a.xlsx", **bad)
    assert not list(tmp_path.iterdir())


def test_no_table_is_modified(tmp_path):
    given = tables(*USUAL)
    before = given["findings"].copy(), given["gaps"].copy(), given["worst"].copy()
    for suffix in REPORT_SUFFIXES:
        write_findings(tmp_path / f"a{suffix}", **given)
    for old, name in zip(before, ("findings", "gaps", "worst"), strict=True):
        pd.testing.assert_frame_equal(old, given[name])


def test_facts_name_the_area_the_dates_and_what_is_far(tmp_path):
    far = [("people", 30.5), ("people", 9.5), ("facility", NAN)]
    base = SimpleNamespace(
        area_id="malta",
        title={"zh": "马耳他", "en": "Malta"}.get,
        sources=[{"date": "2016-11-09"}, {"date": "2016-11-09"}, {"date": ""}, {"date": "2020"}],
        unlocated=pd.DataFrame(far, columns=["kind", "population"]),
    )
    standard = read_standard("gb50180-2018")
    facts = report_facts(standard, base, command="spatialplan assess")
    assert facts["title_zh"] == "马耳他 公共服务设施覆盖评估"
    assert facts["title_en"] == "Service coverage of Malta"
    assert facts["date"] == "2016-11-09；2020"
    assert facts["notes_zh"] == standard.notes_zh
    (warning,), (english,) = facts["warnings_zh"], facts["warnings_en"]
    assert "40 人、1 处设施" in warning
    assert "farther than 100 m from any street: 40 people, 1 facilities" in english
    base.unlocated = base.unlocated.iloc[:0]
    assert report_facts(standard, base)["warnings_zh"] == []
    write_findings(tmp_path / "a.md", **{**tables(*USUAL), "facts": facts})
    said = (tmp_path / "a.md").read_text("utf-8")
    assert warning in said
    assert english not in said
