"""Rules of the draft reader, on plans of a county and of a coastal city that do not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from spatialplan.cli import main
from spatialplan.draft import Document
from spatialplan.draft import draft_plan
from spatialplan.draft import read_document
from spatialplan.draft import write_draft
from spatialplan.draft._tables import tables_of
from spatialplan.plan import check_plan
from spatialplan.plan import read_plan

COUNTY = """\
清源县国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要

第四篇 优化空间布局
第十二章 构建县域发展新格局
立足县域山水格局和资源禀赋，加快构建“一城两翼三区多点”的县域空间发展格局。
“一城”，即县城，着力提升县城综合承载能力，推动老城区、城北新区、高铁片区联动发展。
“两翼”，东翼以柳林镇为中心、西翼以杏花镇为中心，打造县域副中心。
“三区”，即北部生态涵养区、中部城镇集聚区、南部现代农业示范区。
“多点”，即石桥镇、白马镇、龙泉乡等重点镇。
完善“县城—重点镇—一般镇—中心村”四级城镇体系，形成“1个县城、3个重点镇、6个一般镇”的等级结构。
建设清水河生态廊道、云台山绿色屏障和环城绿带三大生态空间，创建“四好农村路”示范县。

专栏8 县域交通重点工程
1.“三横四纵一环”干线公路网：三横为国道G310、省道S218、县道X021；一环为县城外环线。
2.城乡公交：实现县城20分钟上高速、乡镇30分钟到县城。
3.构建县城15分钟、乡镇20分钟、村级30分钟医疗服务圈，城区居民步行10分钟可达便民服务点。
推行“一窗受理”，增强“四个意识”，实施“五大行动”，推进“五社联动”。
"""
COAST = """\
海澜市国土空间总体规划（2021-2035年）
4.2 中心城区空间结构
规划形成“一湾双核、三轴五片”的城市空间结构。
一湾：月亮湾，集聚滨海商务、文化旅游、海洋科研功能。
双核：老城历史文化核心、东港新城中央商务核心。
三轴：指滨海大道城市发展轴、人民路综合服务轴和海澜江生态人文轴；
五片：老城片区、东港片区、西岭片区、北苑片区和南湾片区五大片区。
形成一主两副格局。主中心为老城中心，两个副中心分别为东港中心、西岭中心。
蓝绿空间：形成“一心两环、三楔六廊”的绿地系统结构。六廊包括青溪、白溪、桃溪等河流廊道。
5.1 设施
按照步行15分钟、服务半径800-1000米划定56个社区生活圈单元，5分钟、10分钟、15分钟三级生活圈设施覆盖率达到90%。
实现“30分钟通勤、60分钟湾区、120分钟城市群”的出行目标。
老城区实现5-10分钟便民服务圈全覆盖，打造“1小时都市圈、2小时城市群、3小时全国主要城市”交通圈。
建设清江科创走廊、滨海文旅带两大功能带，培育电子、纺织两大产业链，打造“百里画廊”。
规划形成市级—区级—街道级—社区级四级公共服务体系。
"""


def draft(text: str) -> dict:
    return draft_plan(Document(text, tables_of(text))).content


def members(text: str) -> dict[str, list[str]]:
    """Names of the members of each structure, and how many where they have none."""
    return {
        entry.get("phrase_zh") or entry["name_zh"]: [
            element["name_zh"] or f"{element.get('count', 1)} {element['role']}"
            for element in entry["elements"].values()
        ]
        for entry in draft(text)["structures"].values()
    }


def limits(text: str) -> list[tuple[str, float]]:
    return [
        (entry["phrase_zh"], entry.get("threshold_min") or entry["threshold_m"])
        for entry in draft(text)["targets"].values()
    ]


def test_reads_the_structures_of_a_county() -> None:
    assert members(COUNTY) == {
        "一城两翼三区多点": [
            "县城", "2 wing", "北部生态涵养区", "中部城镇集聚区", "南部现代农业示范区",
            "石桥镇", "白马镇", "龙泉乡", "open node",
        ],
        "四级城镇体系": ["县城", "重点镇", "一般镇", "中心村"],
        "1个县城、3个重点镇、6个一般镇": ["1 county_seat", "3 town", "6 town"],
        "三大生态空间": ["清水河生态廊道", "云台山绿色屏障", "环城绿带"],
        "三横四纵一环": ["国道G310", "省道S218", "县道X021", "4 north_south", "县城外环线"],
    }  # fmt: skip


def test_reads_the_structures_of_a_coastal_city() -> None:
    assert members(COAST) == {
        "一湾双核、三轴五片": [
            "月亮湾", "老城历史文化核心", "东港新城中央商务核心",
            "滨海大道城市发展轴", "人民路综合服务轴", "海澜江生态人文轴",
            "老城片区", "东港片区", "西岭片区", "北苑片区", "南湾片区",
        ],
        "一主两副": ["老城中心", "东港中心", "西岭中心"],
        "一心两环、三楔六廊": [
            "1 core", "2 ring", "3 wedge", "青溪", "白溪", "桃溪", "3 corridor",
        ],
        "两大功能带": ["清江科创走廊", "滨海文旅带"],
        "四级公共服务体系": ["市级", "区级", "街道级", "社区级"],
    }  # fmt: skip


def test_reads_circles_in_a_row() -> None:
    row = "15分钟、乡镇20分钟、村级30分钟医疗服务圈"

    assert limits(COUNTY) == [
        ("20分钟上高速", 20), ("30分钟到县城", 30), (row, 15), (row, 20), (row, 30),
        ("步行10分钟可达", 10),
    ]  # fmt: skip
    assert limits(COAST) == [
        ("步行15分钟", 15), ("服务半径800-1000米", 800), ("服务半径800-1000米", 1000),
        *(("5分钟、10分钟、15分钟三级生活圈", limit) for limit in (5, 10, 15)),
        ("30分钟通勤", 30), ("60分钟湾区", 60), ("120分钟城市群", 120),
        ("5-10分钟便民服务圈", 5), ("5-10分钟便民服务圈", 10),
        ("1小时都市圈", 60), ("2小时城市群", 120), ("3小时全国主要城市", 180),
    ]  # fmt: skip


def test_sets_names_of_programmes_aside() -> None:
    aside = [entry["phrase_zh"] for text in (COUNTY, COAST)
             for entry in draft(text)["set_aside"].values()]  # fmt: skip

    assert aside == ["四好农村路", "一窗受理", "五社联动", "百里画廊"]


def test_numbered_headings_say_where_a_statement_stands() -> None:
    content = draft(COAST)

    assert {entry["at"] for entry in content["targets"].values()} == {"5.1"}
    assert content["structures"]["s001"]["at"] == "4.2"
    assert draft("1.5倍以上，构建“一主两副”格局。\n")["structures"]["s001"]["at"] == "正文"


def test_a_heading_of_two_rows_gives_the_years() -> None:
    heading = "表1 指标\n类别\t指标\t年份\t\n\t\t2020年\t2035年\n"
    text = f"{heading}规模\t人口（万人）\t52\t60\n\t林地（万亩）\t3\t4\n"

    first, second = draft(text)["indicators"].values()
    assert (first["base"], first["target"]) == (
        {"year": 2020, "printed": "52"},
        {"year": 2035, "printed": "60"},
    )
    assert (second["group_zh"], second["unit"]) == ("规模", "万亩")


@pytest.mark.parametrize("piece", ["1小时、", "一小时甲乙一小时丙和", "一核", "“三区”、", "15分钟"])
def test_a_row_without_end_is_read_in_time(piece: str) -> None:
    draft(piece * (20_000 // len(piece)))  # ways to cut a row must not multiply


@pytest.mark.parametrize("text", [COUNTY, COAST])
def test_check_runs_on_what_extract_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    file, out = tmp_path / "plan.txt", tmp_path / "out"
    file.write_text(text, encoding="utf-16")

    assert main(["extract", str(file), "-o", str(out)]) == 0
    assert main(["check", str(out), "--text", str(out / "text.txt")]) == 0
    assert "no faults" in capsys.readouterr().out
    assert check_plan(read_plan(out / "plan.yaml"), text=read_document(file).text) == []


def test_points_put_into_the_places_of_a_draft_are_read(tmp_path: Path) -> None:
    file, out = tmp_path / "plan.txt", tmp_path / "out"
    file.write_text(COUNTY, encoding="utf-8")
    main(["extract", str(file), "-o", str(out)])
    places = out / "places.yaml"

    words = places.read_text(encoding="utf-8")
    head, _, example = words.partition("# points:")
    uncommented = "".join(
        line.removeprefix("# ") for line in f"# points:{example}".splitlines(keepends=True)
    )
    places.write_text(head + uncommented, encoding="utf-8")
    assert list(read_plan(out / "plan.yaml").places.index) == ["old-town", "new-town", "main-axis"]


def test_a_known_area_needs_no_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "plan.txt", tmp_path / "out"
    file.write_text(COUNTY, encoding="utf-8")

    assert main(["extract", str(file), "-o", str(out), "--area", "changzhou"]) == 0
    assert not (out / "places.yaml").exists()
    assert main(["extract", str(file), "-o", str(tmp_path / "new"), "--area", "nowhere"]) == 2
    assert "area 'nowhere' is not known; known: changzhou" in capsys.readouterr().err
    assert main(["extract", str(file), "-o", str(out)]) == 2
    assert "holds plan.yaml, and a draft replaces nothing" in capsys.readouterr().err


def test_a_map_of_a_draft_says_in_one_line_that_nothing_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_draft(draft_plan(Document(COUNTY, ())), tmp_path / "out")

    assert main(["map", str(tmp_path / "out"), "-o", str(tmp_path / "map.html")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_words_that_frame_a_row_are_no_part_of_its_names() -> None:
    draft = draft_plan(Document("构建城镇体系，以枣阳、老河口为两个副中心。", ())).content
    [structure] = draft["structures"].values()
    assert [one["name_zh"] for one in structure["elements"].values()] == ["枣阳", "老河口"]


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("打造5分钟便民圈。消防车驾车5分钟到达。", {"5分钟便民圈": ""}),
        ("打造5分钟便民圈，步行5分钟可达。", {"5分钟便民圈": "walk"}),
        (
            "打造15分钟社区生活圈。按照步行15分钟可达的空间范围配置设施。",
            {"15分钟社区生活圈": "walk"},
        ),
    ],
)
def test_a_mode_belongs_to_the_circle_of_its_sentence(text: str, modes: dict[str, str]) -> None:
    targets = draft_plan(Document(text, ())).content["targets"].values()
    found = {one["phrase_zh"]: one.get("mode", "") for one in targets}
    assert {phrase: found[phrase] for phrase in modes} == modes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("建15分钟生活圈和15分钟健身圈。", [("15分钟生活圈", 15), ("15分钟健身圈", 15)]),
        ("打造15分钟健身圈、阅读圈。", [("15分钟健身圈", 15), ("阅读圈", 15)]),
        ("融入1小时通勤圈、都市圈。", [("1小时通勤圈", 60)]),
        ("打造15分钟生活圈，步行15分钟可达医院。", [("15分钟生活圈", 15), ("步行15分钟可达", 15)]),
        ("实现1.5小时到武汉、2小时到郑州。", [("1.5小时到武汉", 90), ("2小时到郑州", 120)]),
        ("县到省城1.5小时、到市区40分钟。", [("到省城1.5小时", 90), ("到市区40分钟", 40)]),
        ("30分钟到县城/60分钟到省城。", [("30分钟到县城", 30), ("60分钟到省城", 60)]),
        ("地铁站点800米半径内开发。", [("地铁站点800米半径内", 800)]),
        ("小学服务半径500米、初中1公里。", [("小学服务半径500米", 500), ("初中1公里", 1000)]),
        ("小学500米、初中1000米。", [("小学500米", 500), ("初中1000米", 1000)]),
        ("接警后5分钟到达现场。", [("5分钟到达现场", 5)]),
        ("公园步行5分钟覆盖率85%。", [("步行5分钟覆盖率", 5)]),
        ("工期缩短到平均2小时，1天到位，小学用地100亩。", []),
    ],
)
def test_reads_more_ways_to_say_how_far(text: str, expected: list[tuple[str, float]]) -> None:
    assert limits(text) == expected


def test_what_a_circle_goes_to_is_named() -> None:
    first, second = draft("实现2小时到郑州。步行5分钟覆盖率达到85%。")["targets"].values()

    assert (first["to_zh"], second.get("to_zh"), second["mode"]) == ("郑州", None, "walk")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("打造三大功能片区和5个产业社区。", ["3 quarter", "5 zone"]),
        ("形成4个县城、12个重点镇的体系。", ["4 county_seat", "12 town"]),
        ("联动三省一市，形成“三省一市”格局。", ["3 province", "1 city"]),
        ("以老城为一极、东轴和西轴为两轴，建“一极两轴”格局。", ["老城", "东轴", "西轴"]),
        ("以老城为一极、东轴和西轴为两轴，布局产业。", ["老城", "东轴", "西轴"]),
        ("建“两翼”格局。两翼：东翼（甲区、乙区）和西翼（丙区）。",
         ["东翼（甲区、乙区）", "西翼（丙区）"]),
        ("形成“一城双心”：甲城，东心、西心。", ["甲城", "东心", "西心"]),
        ("推进“一区两园”建设：城东工业园、柳河轻工园。", ["1 zone", "城东工业园", "柳河轻工园"]),
        ("建“一港两区”的格局，即甲港，乙湾和丙湾两个港区。", ["甲港", "乙湾", "丙湾"]),
        ("构建“一核两带”格局：\n一核。以甲城为核心。\n两带。沿江带，沿海带。",
         ["甲城", "沿江带", "沿海带"]),
        ("形成老城、新城、港城“三城联动”态势。", ["3 city"]),
        ("构建“T”字形空间布局。", ["open axis"]),
        ("建设“甲山—乙坊—丙巷”文化廊道。", ["甲山", "乙坊", "丙巷"]),
        ("建“12N”体系：“1”，即主城；“2”，即两个副中心；“N”，即多个特色镇。",
         ["主城", "2 sub", "open town"]),
    ],
)  # fmt: skip
def test_reads_more_ways_to_say_a_structure(text: str, expected: list[str]) -> None:
    assert list(members(text).values()) == [expected]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("推进三网融合，完善轨道交通。", {"三网融合": "non_spatial"}),
        ("推进轨道三网融合。", {}),
        ("实施“1342N”行动。", {"1342N": "unglossed_code"}),
        ("推行“一社区一特色、一镇一业”。", {"一社区一特色、一镇一业": "distributive"}),
        ("第二十六条生活圈配置。", {}),
    ],
)
def test_tells_more_look_alikes(text: str, reasons: dict[str, str]) -> None:
    content = draft(text)

    assert {one["phrase_zh"]: one["reason"] for one in content["set_aside"].values()} == reasons
    assert "targets" not in content or not content["targets"]


SPACED = """\
表1 主要指标
序号  指标                单位    2020年   2025年目标
1     绿地率              %       38       40

2     生活圈覆盖率        %                90
3     建成区15分钟圈覆盖率（新口径） % 60   80
"""


def test_reads_tables_parted_by_spaces() -> None:
    rows = draft(SPACED)["indicators"].values()

    assert [(row["name_zh"], row.get("base", {}).get("printed"), row["target"]["printed"])
            for row in rows] == [
        ("绿地率", "38", "40"),
        ("生活圈覆盖率", None, "90"),
        ("建成区15分钟圈覆盖率（新口径）", "60", "80"),
    ]  # fmt: skip
    assert all("group_zh" not in row for row in rows)


def test_a_row_of_a_table_is_no_sentence() -> None:
    [circle] = draft(SPACED)["targets"].values()

    assert circle["quote_zh"] == "建成区15分钟圈覆盖率（新口径）"


@pytest.mark.parametrize(
    "text",
    [
        "指标    单位    2025年\n绿地率    %    40\n",  # two rows
        "指标    2025年\n绿地率    40\n林地率    9\n",  # two columns
        "甲    乙    丙\n第一段。\n丁    戊    己\n第二段。\n庚    辛    壬\n",
    ],
)
def test_words_with_spaces_are_no_table(text: str) -> None:
    assert tables_of(text) == ()


def test_headings_of_markdown_say_where_a_statement_stands() -> None:
    text = (
        "# 甲县总体规划\n\n## 三、空间\n\n### （一）总体\n构建“一主两副”格局。\n"
        "## 设施\n建设15分钟生活圈。\n"
    )
    content = draft(text)

    assert content["title_zh"] == "甲县总体规划"
    assert content["structures"]["s001"]["at"] == "三（一）"
    assert content["targets"]["t001"]["at"] == "“设施”"
