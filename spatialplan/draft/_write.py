"""A draft as files: the data, the text it was read from, and a report for its reader."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import yaml

from spatialplan._files import replacing_folder
from spatialplan._markdown import escaped
from spatialplan._markdown import table_lines
from spatialplan.errors import InputError
from spatialplan.vocabulary import heads
from spatialplan.vocabulary import parse_value
from spatialplan.vocabulary import reasons

from ._draft import NEW_AREA

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from ._draft import Draft

PLAN_FILE, REPORT_FILE, TEXT_FILE = "plan.yaml", "draft.md", "text.txt"
PLACES_FILE = "places.yaml"

_ABOUT = f"""\
由 `spatialplan extract` 从文本读出，供人核对；未核对前不是结论。位置是 {TEXT_FILE} 中的字符序号，
从 0 起。
Read from the text by `spatialplan extract`, for a person to check. Offsets are characters of
{TEXT_FILE}, from 0. Nothing has a place yet: put points and shapes into a `{PLACES_FILE}` beside
`{PLAN_FILE}`, or name an area that has one, and give the elements a `place_id`.
"""
_HOW_TO_PLACE = """\
# 去掉行首的 #，换成本地的点位和图形；要素用 place_id 引用它们。
# Take the # off, put in the area's own points and shapes, and name them in plan.yaml by place_id.
# points:
#   old-town: {name_zh: 老城, kind: place, area_id: "", lon: 120.10, lat: 31.70,
#              precision_m: 3000, source: hand}
#   new-town: {name_zh: 新城, kind: place, area_id: "", lon: 120.20, lat: 31.75,
#              precision_m: 3000, source: hand}
# drawn:
#   main-axis: {name_zh: 主轴, kind: axis, operator: line, places: [old-town, new-town],
#               precision_m: 3000, note_zh: 两点连线，走向示意}
"""
_TABLE_NUMBER = re.compile(r"表\d+(?:[.\-—–－]\d+)*")
_TABLE_TITLE = re.compile(
    r"^[#* \t\u3000]*附?表 *\d+(?:[.\-—–－]\d+)*"
    r"(?![年、，。；：\d]|\s*[所中里内给为显列])[^，。；\t|\n]{0,40}$",
    re.MULTILINE,
)
_HEADINGS = (
    "编号 id",
    "原文 phrase",
    "读作 read as",
    "章节 at",
    "位置 offset",
    "次数 times",
    "引文 quote",
)


def require_free(folder: str | os.PathLike[str]) -> None:
    """Refuse a folder that holds anything, a plan first of all: it may be a person's work."""
    path = Path(folder)
    held = sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []
    if held:
        name = PLAN_FILE if PLAN_FILE in held else held[0]
        raise InputError(folder, f"already holds {name}, and a draft replaces nothing",
                         do="name another folder")  # fmt: skip


def write_draft(draft: Draft, folder: str | os.PathLike[str]) -> None:
    """
    Write a draft as a folder.

    Parameters
    ----------
    draft
        As `draft_plan` gives it.
    folder
        New or empty. It gets ``plan.yaml``, as `plan.read_plan` reads it; ``draft.md``, what
        was found, what was set aside and why, and what a person must decide, each with quote
        and offset; ``text.txt``, the text that the offsets count in; and where the draft
        uses no known area (`NEW_AREA`), a ``places.yaml`` to put points and shapes into.

    Raises
    ------
    InputError
        If the folder holds anything: a draft never replaces a person's work.
    OutputError
        If the folder cannot be written.
    """
    require_free(folder)
    files = {
        PLAN_FILE: _yaml(draft.content),
        REPORT_FILE: report_text(draft),
        TEXT_FILE: draft.document.text,
    }
    if draft.content["area_id"] == NEW_AREA:
        files[PLACES_FILE] = _places(draft.content["title_zh"])
    with replacing_folder(folder, own=()) as path:
        for name, words in files.items():
            (path / name).write_text(words, encoding="utf-8", newline="")


def _yaml(content: dict[str, Any]) -> str:
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100))


def _places(name_zh: str) -> str:
    """Gazetteer without points; the comment says how to add some."""
    hand = {"title_zh": "手工标定的概略点位", "publisher_zh": "", "date": ""}
    head = {
        "area_id": NEW_AREA,
        "name_zh": name_zh,
        "datum": "wgs84",
        "drawn_from": "text",
        "sources": {"hand": hand},
    }
    return _yaml(head) + _HOW_TO_PLACE


def report_text(draft: Draft) -> str:
    """Return what was found, for its reader, as Markdown."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    content = draft.content
    yield f"# 草稿 Draft：{escaped(content['title_zh'])}\n"
    yield _ABOUT
    yield "## 需要人工 What needs a person\n"
    yield from (f"* {escaped(line)}" for line in (*_open(draft), *_unread_tables(draft)))
    for title, name, read_as in (
        ("空间结构 Structures", "structures", _members),
        ("圈 Circles", "targets", _limit),
        ("不是空间结构 Set aside", "set_aside", _reason),
    ):
        yield f"\n## {title}（{len(content[name])}）\n"
        rows = [_row(draft, key, entry, read_as(entry)) for key, entry in content[name].items()]
        yield from table_lines(_HEADINGS, rows)
    yield f"## 指标 Indicators（{len(content['indicators'])}）\n"
    yield from table_lines(
        ("编号 id", "表 table", "指标 indicator", "单位 unit", "基期 base", "目标 target"),
        [_indicator(key, entry) for key, entry in content["indicators"].items()],
    )


def _row(draft: Draft, key: str, entry: dict[str, Any], read_as: str) -> list[str]:
    found = draft.found[key]
    phrase = entry.get("phrase_zh") or entry["name_zh"]
    return [key, phrase, read_as, entry["at"], f"{found.offset:,}", str(found.count),
            found.context_zh]  # fmt: skip


def _members(entry: dict[str, Any]) -> str:
    return "、".join(map(_member, entry["elements"].values()))


def _member(element: dict[str, Any]) -> str:
    count = str(element.get("count", 1)).replace("open", "多")
    return element["name_zh"] or f"{count} {element['role']}"


def _limit(entry: dict[str, Any]) -> str:
    code = f"（{entry['code']}）" if "code" in entry else ""
    return f"{entry.get('printed_zh', '没有数值')}{code}"


def _reason(entry: dict[str, Any]) -> str:
    return str(reasons()[entry["reason"]].name_zh)


def _indicator(key: str, entry: dict[str, Any]) -> list[str]:
    values = [entry.get(name, {}) for name in ("base", "target")]
    shown = [f"{value.get('printed', '')}{_year(value)}" for value in values]
    return [key, entry["table_zh"], entry["name_zh"], entry.get("unit", ""), *shown]


def _year(value: dict[str, Any]) -> str:
    return f"（{value['year']}）" if "year" in value else ""


def _open(draft: Draft) -> Iterator[str]:
    """What the text leaves open, or a rule cannot decide."""
    content = draft.content
    for key, entry in content["structures"].items():
        phrase = entry.get("phrase_zh") or entry["name_zh"]
        if entry["members"] != "named":
            what = "部分未列名" if entry["members"] == "partial" else "只有个数，未列名"
            yield f"{key} {phrase}：{what}。{entry.get('note_zh', '')}"
    for key, entry in content["set_aside"].items():
        words = draft.found[key].context_zh.split(entry["phrase_zh"], 1)[-1][:12]
        if any(word in words for word in heads().spatial if len(word) > 2):
            yield f"{key} {entry['phrase_zh']}：没有收入，但后面说的是空间：{words}"
    for key, entry in content["targets"].items():
        if "printed_zh" not in entry:
            yield f"{key} {entry['phrase_zh']}：没有时间或距离"
    for key, entry in content["indicators"].items():
        for name in ("base", "target"):
            printed = entry.get(name, {}).get("printed", "")
            if printed and not parse_value(printed, unit=entry.get("unit", "")).numbers:
                yield f"{key} {entry['name_zh']}：{printed} 不是数"


def _unread_tables(draft: Draft) -> Iterator[str]:
    """
    Tables that gave no indicator, by title, as 表1 in the text or by their own heading.

    Titles are told by their number: the same one may stand in a list of tables as well.
    """
    document, entries = draft.document, draft.content["indicators"]
    read = {_number(entry["table_zh"]) for entry in entries.values()}
    starts = {draft.found[key].offset for key in entries}
    told: set[str] = set()
    titles = [match[0].strip("#* \t\u3000") for match in _TABLE_TITLE.finditer(document.text)]
    titles += [
        table.title_zh or "、".join(filter(None, table.rows[0]))
        for table in document.tables
        if table.start not in starts and any("指标" in cell for cell in table.rows[0])
    ]
    for title in titles:
        number = _number(title)
        if number not in read | told:
            told.add(number)
            yield f"{title}：没有读出指标。No indicators were read from it."


def _number(title: str) -> str:
    """
    Return the number of a table; what has none is its own number.

    >>> _number("表 1-2　主要指标"), _number("主要指标")
    ('表1-2', '主要指标')
    """
    words = "".join(title.split())
    numbered = _TABLE_NUMBER.search(words)
    return numbered[0] if numbered else words
