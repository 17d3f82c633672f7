"""The door: arguments in, one call of the library, a file out."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from typing import TYPE_CHECKING
from typing import NoReturn

from . import _commands
from ._version import __version__
from ._voice import Voice
from .errors import InputError
from .errors import SpatialPlanError

if TYPE_CHECKING:
    from collections.abc import Sequence

OUR_BUG, STOPPED, NOT_WRITTEN = 70, 130, 4

EPILOG = """\
exit codes: 0 done; 1 a requirement is not met; 2 input refused; 3 over a resource
limit; 4 could not write; 5 the output is being written by another run; 70 a bug
of ours; 130 stopped
"""


class _Parser(argparse.ArgumentParser):
    """Refuses arguments in one line, as everything else is refused."""

    def error(self, message: str) -> NoReturn:
        raise InputError(self.prog, message, do=f"see {self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """The command line as `argparse` sees it."""
    root = _Parser(
        prog="spatialplan",
        description="From the words of a city's plan and its streets to numbers that can be "
        "defended and maps that can be handed in. 从规划文本与路网到可核的数与可交的图。",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"spatialplan {__version__}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in _commands.COMMANDS.items():
        heading = (command.__doc__ or "").strip().splitlines()[0]
        child = commands.add_parser(
            name,
            help=heading,
            description=heading,
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )
        _commands.ARGUMENTS[name](child)
        child.add_argument("--quiet", action="store_true", help="say nothing but errors")
        child.add_argument("--json-errors", action="store_true", help="errors as one JSON line")
        child.set_defaults(run=command)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command and return its exit code.

    Parameters
    ----------
    arguments
        Words after ``spatialplan``; those of the process if not given.
    """
    _speak_utf8()
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = parser().parse_args(words)
        code: int = options.run(options, Voice(quiet=options.quiet))
    except SpatialPlanError as error:
        return _refuse(error, error.exit_code, as_json="--json-errors" in words)
    except KeyboardInterrupt:
        sys.stderr.write("spatialplan: stopped; nothing was half-written\n")
        return STOPPED
    except OSError as error:
        return _refuse(error, NOT_WRITTEN, as_json="--json-errors" in words)
    except Exception as error:  # noqa: BLE001 - the last door: our own bugs, told as such
        traceback.print_exc()
        sys.stderr.write(f"spatialplan: a bug of ours ({type(error).__name__}); please report it\n")
        return OUR_BUG
    return code


def _refuse(error: Exception, code: int, *, as_json: bool) -> int:
    if as_json:
        fields = ("source", "where", "found", "allowed", "do")
        told = {name: getattr(error, name) for name in fields if getattr(error, name, "")}
        line = json.dumps({"error": type(error).__name__, "message": str(error), **told,
                           "exit_code": code}, ensure_ascii=False)  # fmt: skip
    else:
        line = f"spatialplan: {error}"
    sys.stderr.write(line + "\n")
    return code


def _speak_utf8() -> None:
    """Never fail on a console that cannot show a character; pipes and files get UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace"
            )


def run() -> NoReturn:
    """Entry point of the ``spatialplan`` command."""
    sys.exit(main())
