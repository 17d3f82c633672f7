"""What the command that serves may be told."""

from __future__ import annotations

import argparse

from spatialplan import _choices

from ._arguments import USUAL_STANDARD

USUAL_PORT = 8765
_MOST_PORT = 65_535


def serve(parser: argparse.ArgumentParser) -> None:
    """Explore a prepared area: a page on this machine that answers clicks. 交互查询生活圈。"""
    add = parser.add_argument
    add("--base", metavar="DIR", required=True, help="a prepared area")
    add("--standard", metavar="STANDARD", default=USUAL_STANDARD,
        help="whose clauses to show first (default: %(default)s)")  # fmt: skip
    add("--port", type=_port, default=USUAL_PORT, metavar="N",
        help="port on 127.0.0.1, 0 for any that is free (default: %(default)s)")  # fmt: skip
    add("--no-browser", action="store_true", help="do not open the page")
    add("--lang", choices=_choices.LANGS, default="zh",
        help="language the page opens in (default: %(default)s)")  # fmt: skip


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _MOST_PORT:
        return int(text)
    msg = f"{text!r} is not a whole number from 0 to {_MOST_PORT}"
    raise argparse.ArgumentTypeError(msg)
