"""What the command `compare` may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan import _choices

from ._arguments import USUAL_STANDARD
from ._arguments import basis

if TYPE_CHECKING:
    import argparse


def compare(parser: argparse.ArgumentParser) -> None:
    """Compare two states of an area, or one with what a plan would change. 前后对比。"""
    add = parser.add_argument
    add("before", metavar="BEFORE", help="a prepared area")
    add("after", metavar="AFTER", nargs="?", help="the same area at another time; instead of it, "
        "what would change:")  # fmt: skip
    add("--add", metavar="FILE[@DATUM]", help="facilities that come, with a column category")
    add("--close", metavar="FILE[@DATUM]", help="what closes streets: lines along or across "
        "them (.geojson), or areas over them")  # fmt: skip
    add("--datum", choices=_choices.DATUMS, help="datum of a file without @DATUM")
    add("--standard", metavar="STANDARD", default=USUAL_STANDARD,
        help="whose clauses to compare by (default: %(default)s)")  # fmt: skip
    add("--clause", metavar="CLAUSE_ID", nargs="+", help="only these clauses, as `spatialplan "
        "standards STANDARD` lists them")  # fmt: skip
    basis(parser)
    add("--title", default="", metavar="TEXT", help="title (default: the area and the standard)")
    add("--lang", choices=_choices.LANGS, default="zh",
        help="language of the page and of what is said (default: %(default)s)")  # fmt: skip
    add("-o", "--output", metavar="FILE", required=True, help=".html, a page with a slider between "
        "both states; .xlsx or .gpkg, the tables")  # fmt: skip
