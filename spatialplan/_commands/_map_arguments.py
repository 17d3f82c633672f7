"""What the commands that draw may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan import _choices

from ._arguments import USUAL_STANDARD
from ._arguments import basis
from ._arguments import divisions

if TYPE_CHECKING:
    import argparse


def map_(parser: argparse.ArgumentParser) -> None:
    """Draw an area's coverage, or plans, as one page without network. 覆盖率与规划结构地图。"""
    contents(parser)
    _base_map(parser)
    add = parser.add_argument
    add("--walk", action="store_true", help="of an area: pack its walking streets into the page, "
        "which then answers clicks with 5, 10 and 15 minute circles and what lies in them, without "
        "a server; who has the page has the streets")  # fmt: skip
    add("--renderer", choices=[*_choices.RENDERERS, "folium"], default="auto",
        help="who draws the page: leaflet, maplibre (large or live pages), folium (for people "
        "who work on with it); auto chooses by size and says why (default: %(default)s)"
        )  # fmt: skip
    add("-o", "--output", metavar="FILE", required=True, help=".html, one file that loads nothing; "
        ".qgz, a coloured project for QGIS, with its .gpkg; .gpkg or .gdb alone")  # fmt: skip


def _base_map(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("base map (none unless asked for)")
    group.add_argument("--tiles", metavar="tianditu:KEY|URL@DATUM|FILE@DATUM",
                       help="天地图 with your own key; a server's address with {x}, {y} and {z}, "
                       "which the page then asks; or .mbtiles or .pmtiles, which travel in the "
                       f"page; DATUM: {', '.join(_choices.DATUMS)}")  # fmt: skip
    group.add_argument("--move-to-tiles", action="store_true", help="draw in the datum of the "
                       "tiles, where it is another than WGS 84 (gcj02: Gaode, Tencent)"
                       )  # fmt: skip


def contents(parser: argparse.ArgumentParser) -> None:
    """Add what a map shows and says, whatever draws it."""
    add = parser.add_argument
    add("what", nargs="+", metavar="DIR|PLAN", help="a prepared area; or plans, several for an "
        "overview: ones that `spatialplan plans` lists, or folders with a plan.yaml")  # fmt: skip
    add("--standard", metavar="STANDARD", help="of an area: whose clauses to show (default: "
        f"{USUAL_STANDARD})")  # fmt: skip
    basis(parser)
    divisions(parser)
    add("--title", default="", metavar="TEXT",
        help="title (default: the area and the standard, or the plan)")  # fmt: skip
    add("--lang", choices=_choices.LANGS, default="zh",
        help="language it opens in (default: %(default)s)")  # fmt: skip
    _fields(parser)


def _fields(parser: argparse.ArgumentParser) -> None:
    """Add what the foot of a map states and no data can know."""
    group = parser.add_argument_group("fields of the map")
    for name, words in (
        ("review-number", "map review number 审图号, where boundaries are published"),
        ("base-map", "source of the base map 底图来源"),
        ("author", "who prepares the map 编制单位"),
        ("data-date", "date of the data 数据日期, instead of that of the sources"),
    ):
        group.add_argument(f"--{name}", default="", metavar="TEXT", help=words)
