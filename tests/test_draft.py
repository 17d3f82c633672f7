"""Drafts of invented plans, and the files they are read from."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from spatialplan.cli import main
from spatialplan.draft import Document
from spatialplan.draft import Draft
from spatialplan.draft import _document
from spatialplan.draft import _docx
from spatialplan.draft import _pdf
from spatialplan.draft import draft_plan
from spatialplan.draft import read_document
from spatialplan.draft import write_draft
from spatialplan.draft._tables import tables_of
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.plan import check_plan
from spatialplan.plan import read_plan

# Two cities that do not exist, in the wording of plans that do.
HARBOUR = """\
澜港市国土空间总体规划（2021-2035年）

第一章 发展基础
“一心两片”的城区格局基本形成，城市社区10分钟健身圈建成投用。深入推进“一网通办”“一村一品”，落实“三线一单”。

第二章 空间格局
第一节 市域格局
构筑“一主两副、四轴六片”的市域空间结构。“一主”即澜港主城；“两副”为北屿副城和南堤副城；“四轴”分别为滨海发展轴、沿江发展轴、内环城轴和空铁联动轴；“六片”包括城东片区、城西片区等。
依托一环八射的高速公路网，形成一核引领、两翼齐飞、三带支撑的产业空间格局。统筹湾北、湾南、湾心三大板块，融入“一带一路”，实施“五大行动”。
建设青屿—白沙—云湾滨海旅游带，完善市、区、街道三级养老服务设施网络，健全市、区、街道三级河长制。
以海韵路为轴，以老码头、船厂、灯塔公园为节点，以内湖为生态核心，塑造滨水空间。
推进“一核多元”社区治理，建设“一室两厅三中心”，实施“1+6+N”政策，开展“721”工程，坚持以人民为中心、以创新为核心。
五里街道、三岔河、八角亭路、九龙镇加快更新，四季花城、七彩云谷有序开放，10个项目竣工，24小时书房全覆盖。

第二节 生活圈
构建一刻钟便民生活圈，推进“5-10-15分钟”社区生活圈全覆盖。实现300米见绿、500米见园，小学服务半径不大于500米。
到2025年，乘车10分钟可达快速路，半小时通达机场。
到2030年，建成“123”交通圈，即1小时通达都市圈，2小时通达省会，3小时通达全国主要城市。接诉2小时内响应。

专栏1 主要指标
类别\t指标\t单位\t2020年\t2025年目标\t属性
人口\t常住人口城镇化率\t%\t68.5\t75以上\t预期性
\t常住人口\t万人\t210\t230左右\t预期性
生态\t人均公园绿地面积\t平方米\t12.1\t≥14\t约束性
"""
VALLEY = """\
云谷市新型城镇化规划

一、总体格局
（一）空间形态。着力打造“双城三带四廊”城镇空间格局：双城：云谷老城、高铁新城；三带：沿河城镇带、环湖旅游带、山前农业带；四廊：青溪廊道、白水廊道、南岭廊道和北峰廊道。
（二）城镇体系。形成“1236”城镇体系：“1”，即中心城区；“2”，即两个副中心；“3”，即三个重点镇；“6”，即六个特色镇。推动“两屏三带”生态安全屏障建设。
（三）交通。完善“两环十横十纵”骨干路网，建设“一园多区”。
二、公共服务
建设30分钟医疗急救圈，步行5分钟可达社区中心。打造全域慢行交通圈。举办“三下乡”活动，打好三大攻坚战，培育四大产业集群。
"""


def draft(text: str) -> Draft:
    return draft_plan(Document(text, tables_of(text)))


def members(entry: dict) -> list[str]:
    return [element["name_zh"] for element in entry["elements"].values()]


def by_phrase(made: Draft) -> dict[str, dict]:
    entries = made.content["structures"].values()
    return {entry.get("phrase_zh") or entry["name_zh"]: entry for entry in entries}


def test_finds_the_structures_of_another_city() -> None:
    found = by_phrase(draft(HARBOUR))

    assert list(found) == [
        "一心两片",
        "一主两副、四轴六片",
        "一环八射",
        "一核引领、两翼齐飞、三带支撑",
        "三大板块",
        "青屿—白沙—云湾滨海旅游带",
        "三级养老服务设施网络",
        "以海韵路为轴，以老码头、船厂、灯塔公园为节点，以内湖为生态核心",
    ]
    assert members(found["一主两副、四轴六片"]) == [
        "澜港主城", "北屿副城", "南堤副城",
        "滨海发展轴", "沿江发展轴", "内环城轴", "空铁联动轴",
        "城东片区", "城西片区", "",
    ]  # fmt: skip
    assert found["一主两副、四轴六片"]["members"] == "partial"
    assert members(found["三大板块"]) == ["湾北", "湾南", "湾心"]
    assert members(found["三级养老服务设施网络"]) == ["市", "区", "街道"]


def test_finds_the_structures_of_a_third_city() -> None:
    found = by_phrase(draft(VALLEY))

    assert list(found) == ["双城三带四廊", "1236", "两屏三带", "两环十横十纵", "一园多区"]
    assert members(found["双城三带四廊"]) == [
        "云谷老城", "高铁新城", "沿河城镇带", "环湖旅游带", "山前农业带",
        "青溪廊道", "白水廊道", "南岭廊道", "北峰廊道",
    ]  # fmt: skip
    assert [piece["count"] for piece in found["1236"]["gloss"]] == [1, 2, 3, 6]
    assert found["两环十横十纵"]["kind"] == "network"


def test_sets_look_alikes_aside_with_the_reason() -> None:
    aside = {entry["phrase_zh"]: entry["reason"] for entry in
             draft(HARBOUR).content["set_aside"].values()}  # fmt: skip

    assert aside == {
        "一村一品": "distributive",
        "一网通办": "no_full_parse",
        "三线一单": "non_spatial",
        "一带一路": "proper_noun",
        "一核多元": "non_spatial",
        "一室两厅三中心": "non_spatial",
        "1+6+N": "sum_code",
        "721": "unglossed_code",
        "24小时书房全覆盖": "opening_hours",
    }


@pytest.mark.parametrize(
    ("sentence", "structures"),
    [
        ("构建“一链两屏多廊道”国土空间保护格局。", ["一链两屏多廊道"]),
        ("打造一核一极三廊产业空间布局。", ["一核一极三廊"]),
        ("形成“三主四辅”铁路客运枢纽布局、“七横八纵”公路网。", ["三主四辅", "七横八纵"]),
        ("建设东部新城、西部新城三大新城。", []),  # two names for three
        ("建设“一枢纽四中心”，落实“两不愁三保障”。", []),
        ("深化“四网融合”媒体改革，推动轨道“四网融合”。", ["四网"]),
        ("构建“1+3”都市圈，培育“1+10+N”产业体系。", ["1+3"]),
        ("在环城路以东、滨河路与铁路之间建设湿地公园。", [
            "在环城路以东、滨河路与铁路之间建设湿地公园"]),
    ],
)  # fmt: skip
def test_reads_one_sentence(sentence: str, structures: list[str]) -> None:
    assert list(by_phrase(draft(sentence))) == structures


def test_finds_circles_and_what_they_leave_open() -> None:
    targets = list(draft(HARBOUR).content["targets"].values())
    limits = {
        (entry["phrase_zh"], entry.get("threshold_min"), entry.get("threshold_m"))
        for entry in targets
    }

    assert limits >= {
        ("10分钟健身圈", 10.0, None),
        ("半小时通达机场", 30.0, None),
        ("一刻钟便民生活圈", 15.0, None),
        ("“5-10-15分钟”社区生活圈", 5.0, None),
        ("“5-10-15分钟”社区生活圈", 15.0, None),
        ("300米见绿", None, 300.0),
        ("服务半径不大于500米", None, 500.0),
        ("123", 60.0, None),
        ("123", 180.0, None),
    }
    assert not [entry for entry in targets if "响应" in entry["phrase_zh"]]
    assert {entry.get("year") for entry in targets if entry["phrase_zh"] == "123"} == {2030}
    assert [e["mode"] for e in draft(VALLEY).content["targets"].values() if "mode" in e] == ["walk"]
    assert targets[0]["status"] == "current"


def test_reads_indicator_tables_as_printed() -> None:
    first, second, third = draft(HARBOUR).content["indicators"].values()

    assert first["base"] == {"year": 2020, "printed": "68.5"}
    assert first["target"] == {"year": 2025, "printed": "75以上"}
    assert (second["group_zh"], second["unit"]) == ("人口", "万人")
    assert (third["attribute"], third["target"]["printed"]) == ("约束性", "≥14")


@pytest.mark.parametrize("text", [HARBOUR, VALLEY])
def test_a_draft_is_a_plan_that_passes_its_check(tmp_path: Path, text: str) -> None:
    made = draft_plan(Document(text, tables_of(text)), plan_id="new-plan", area_id="changzhou")
    write_draft(made, tmp_path / "out")
    with pytest.raises(InputError, match=r"holds plan\.yaml, and a draft replaces nothing; name"):
        write_draft(made, tmp_path / "out")

    plan = read_plan(tmp_path / "out" / "plan.yaml")
    assert check_plan(plan, text=text) == []
    assert set(plan.elements["drawn_from"]) == {"nothing"}
    assert (tmp_path / "out" / "text.txt").read_text(encoding="utf-8") == text
    report = (tmp_path / "out" / "draft.md").read_text(encoding="utf-8")
    assert all(entry["quote_zh"][:8] in report for entry in made.content["structures"].values())


def test_offsets_point_into_the_text() -> None:
    made = draft(HARBOUR)

    for key, entry in (made.content["structures"] | made.content["targets"]).items():
        phrase = entry.get("phrase_zh") or entry["name_zh"]
        if entry.get("kind") != "list" and entry.get("kind") != "hierarchy":
            assert HARBOUR.startswith(phrase, made.found[key].offset), key


def test_wrapped_lines_marks_and_notes_do_not_hide_a_phrase() -> None:
    text = (
        "[bookmark: _Toc1]第一章 格局\n按照国土空间开发保护的总体要求，加快构建“一轴\n\n"
        "两带三\n区”**¹的空间格局，提升“３２”交通圈²能级。\n\n"
        "² “32”交通圈：3小时通达全国、2小时通达全省。\n\n第二章 其他\n"
    )
    made = draft(text)

    assert list(by_phrase(made)) == ["一轴两带三区"]
    assert [t["threshold_min"] for t in made.content["targets"].values()] == [180.0, 120.0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_text_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "plan.txt"
    file.write_bytes(VALLEY.replace("\n", "\r\n").encode(encoding))

    assert read_document(file).text == VALLEY


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def write_docx(file: Path, body: str, notes: str = "", *, start: str = "") -> Path:
    with zipfile.ZipFile(file, "w") as package:
        words = f"{start}<w:document {_W}><w:body>{body}</w:body></w:document>"
        package.writestr("word/document.xml", words)
        if notes:
            package.writestr("word/footnotes.xml", f"<w:footnotes {_W}>{notes}</w:footnotes>")
    return file


def paragraph(words: str, more: str = "") -> str:
    return f"<w:p><w:r><w:t>{words}</w:t>{more}</w:r></w:p>"


def test_reads_word_documents_with_tables_and_footnotes(tmp_path: Path) -> None:
    cells = [["指标", "单位", "2025年"], ["绿地率", "%", "40以上"]]
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in cells
    )
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('某市总体规划')}</w:sdtContent></w:sdt>"
        + paragraph("建成“32”交通圈", '<w:footnoteReference w:id="12"/>')
        + f"<w:tbl>{rows}</w:tbl>"
        + paragraph("形成“一轴两带”格局。")
    )
    note = paragraph("“32”交通圈：3小时通达全国、2小时通达全省。")
    file = write_docx(tmp_path / "plan.docx", body, f'<w:footnote w:id="12">{note}</w:footnote>')

    document = read_document(file)
    assert document.text.splitlines()[1:4] == [
        "建成“32”交通圈¹²", "指标\t单位\t2025年", "绿地率\t%\t40以上",
    ]  # fmt: skip
    made = draft_plan(document).content
    assert made["title_zh"] == "某市总体规划"
    assert [target["code"] for target in made["targets"].values()] == ["3", "2"]
    assert made["indicators"]["i001"]["target"] == {"year": 2025, "printed": "40以上"}


def write_pdf(file: Path, drawing: str, *, trailer: str = "") -> Path:
    """Write a page by hand; Chinese through a font that every reader knows."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(drawing)}>>stream\n{drawing}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        "/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]"
        "/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>",
    ]
    content, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(content)
    lines = "".join(f"{place:010} 00000 n \n" for place in places)
    content += f"xref\n0 8\n0000000000 65535 f \n{lines}trailer<</Size 8/Root 1 0 R{trailer}>>\n"
    file.write_text(f"{content}startxref\n{start}\n%%EOF\n", encoding="ascii")
    return file


def line(x: int, y: int, words: str) -> str:
    return f"BT /F 12 Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def test_reads_pdf_documents_with_tables(tmp_path: Path) -> None:
    grid = "40 100 m 340 100 l 40 130 m 340 130 l 40 160 m 340 160 l S "
    grid += "40 100 m 40 160 l 190 100 m 190 160 l 340 100 m 340 160 l S"
    drawing = " ".join([
        line(40, 260, "形成“一轴两带三片区”的空间格局。"),
        line(50, 140, "指标名称"), line(200, 140, "2025年目标"),
        line(50, 110, "绿地率（%）"), line(200, 110, "40以上"), grid,
        line(190, 20, "— 7 —"),
    ])  # fmt: skip

    document = read_document(write_pdf(tmp_path / "plan.pdf", drawing))
    made = draft_plan(document)
    assert list(by_phrase(made)) == ["一轴两带三片区"]
    assert [row["printed"] for row in (made.content["indicators"]["i001"]["target"],)] == ["40以上"]
    assert "7" not in document.text


def test_refuses_what_holds_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content, words in (
        ("a.txt", b"\x00\x01\x02", "is no text by its bytes"),
        ("b.txt", b" \n", "holds no text"),
        ("c.txt", b"\xff\xfa\x80\xff", "in no encoding known here"),
        ("d.docx", b"PK\x03\x04", "is no Word document, is damaged or has a password"),
        ("e.pdf", b"PK\x03\x04", "is no PDF by its first bytes"),
        ("f.pdf", b"%PDF-1.4\nnothing", "is damaged or has a password"),
        ("g.doc", b"\xd0\xcf\x11\xe0", "in Word or WPS save it as .docx"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=words):
            read_document(tmp_path / name)
    with pytest.raises(InputError, match="it is a scan; run OCR on it first"):
        read_document(write_pdf(tmp_path / "scan.pdf", "0 0 m 9 9 l S"))
    locked = "/Encrypt<</Filter/Standard/V 1/R 2/O<00>/U<00>/P 0>>/ID[<00><00>]"
    with pytest.raises(InputError, match="has a password"):
        read_document(write_pdf(tmp_path / "locked.pdf", line(9, 9, "密"), trailer=locked))
    evil = '<!DOCTYPE x [<!ENTITY a "b">]>'
    with pytest.raises(InputError, match="is no Word document"):
        read_document(write_docx(tmp_path / "evil.docx", paragraph("&a;"), start=evil))
    monkeypatch.setitem(sys.modules, "pdfplumber", None)
    with pytest.raises(InputError, match=r"needs pdfplumber; pip install 'spatialplan\[documents"):
        read_document(tmp_path / "scan.pdf")


def test_refuses_what_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(VALLEY, encoding="utf-8")
    monkeypatch.setattr(_document, "MAX_CHARACTERS", 10)
    with pytest.raises(LimitError, match="characters; a document may have 10"):
        read_document(file)
    monkeypatch.setattr(_document, "MAX_BYTES", 10)
    with pytest.raises(LimitError, match="bytes; a document may have 10"):
        read_document(file)
    monkeypatch.undo()
    monkeypatch.setattr(_docx, "MAX_UNPACKED_BYTES", 10)
    with pytest.raises(LimitError, match="the limit is 10"):
        read_document(write_docx(tmp_path / "plan.docx", paragraph("甲")))
    monkeypatch.setattr(_pdf, "MAX_PAGES", 0)
    with pytest.raises(LimitError, match="1 pages; a document may have 0"):
        read_document(write_pdf(tmp_path / "plan.pdf", line(9, 9, "甲")))


def test_refuses_identifiers_and_folders_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="plan_id: 'New Plan'; allowed: such as new-town-plan"):
        draft_plan(Document(VALLEY, ()), plan_id="New Plan")
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=r"holds mine\.txt, and a draft replaces nothing"):
        write_draft(draft(VALLEY), tmp_path)


def test_the_command_writes_a_draft(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(VALLEY, encoding="gb18030")

    assert main(["extract", str(file), "-o", str(tmp_path / "out"), "--plan-id", "valley"]) == 0
    assert "5 structures, 3 circles, 0 indicators" in capsys.readouterr().out
    content = yaml.safe_load((tmp_path / "out" / "plan.yaml").read_text(encoding="utf-8"))
    assert (content["plan_id"], content["title_zh"]) == ("valley", "云谷市新型城镇化规划")
    missing = ["extract", str(tmp_path / "no.pdf"), "-o", str(tmp_path / "x"), "--json-errors"]
    assert main(missing) == 2
    assert "no such document" in json.loads(capsys.readouterr().err)["message"]
