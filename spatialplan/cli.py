"""The door: arguments in, one call of the library, a file out."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import signal
import sys
import traceback
import warnings
from typing import TYPE_CHECKING
from typing import NoReturn

from . import _commands
from ._version import __version__
from ._voice import Voice
from .errors import InputError
from .errors import LimitError
from .errors import OutputError
from .errors import SpatialPlanError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

OUR_BUG, STOPPED, UNHEARD = 70, 130, 141

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
        description="From the words of a city's plan and its streets to numbers that can be\n"
        "defended and maps that can be handed in. 从规划文本与路网到可核的数与可交的图。",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"spatialplan {__version__}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, add_arguments in _commands.COMMANDS.items():
        heading = (add_arguments.__doc__ or "").partition("\n")[0]
        child = commands.add_parser(name, help=heading, description=heading, allow_abbrev=False)
        add_arguments(child)
        child.add_argument("--quiet", action="store_true", help="say nothing but errors")
        child.add_argument("--json-errors", action="store_true", help="errors as one JSON line")
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
    # By lxml openpyxl would tell of a full disk long after, and not in one line.
    os.environ.setdefault("OPENPYXL_LXML", "False")
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return _run(words)
    except SpatialPlanError as error:
        return _refuse(error, error.exit_code, as_json="--json-errors" in words)
    except MemoryError as error:
        return _refuse(error, LimitError.exit_code, as_json="--json-errors" in words)
    except KeyboardInterrupt:
        sys.stderr.write("spatialplan: stopped; nothing was half-written\n")
        return STOPPED
    except BrokenPipeError:  # `spatialplan standards | head -1` has heard enough
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - until the process ends
        return UNHEARD
    except OSError as error:
        return _refuse(error, OutputError.exit_code, as_json="--json-errors" in words)
    except Exception as error:  # noqa: BLE001 - the last door: our own bugs, told as such
        traceback.print_exc()
        sys.stderr.write(f"spatialplan: a bug of ours ({type(error).__name__}); please report it\n")
        return OUR_BUG


def _run(words: list[str]) -> int:
    for word in words:
        if not word.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise InputError("argument", ascii(word), allowed="text in UTF-8")
    options = parser().parse_args(words)
    with _noting(quiet=options.quiet):
        code = _commands.run(options.command, options, Voice(quiet=options.quiet))
    sys.stdout.flush()
    return code


def _refuse(error: Exception, code: int, *, as_json: bool) -> int:
    message = " ".join(str(error).split()) or "not enough memory"
    if as_json:
        fields = ("source", "where", "found", "allowed", "do")
        told = {name: getattr(error, name) for name in fields if getattr(error, name, "")}
        kind = {"error": type(error).__name__, "message": message, "exit_code": code}
        sys.stderr.write(json.dumps({**kind, **told}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"spatialplan: {message}\n")
    return code


class _Notes(logging.Handler):
    """Warnings of the library as one line each, and each once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a note to stderr unless it was said before."""
        text = " ".join(record.getMessage().split())
        if record.exc_info:  # a bug of ours, which is to be reported
            sys.stderr.write("".join(traceback.format_exception(*record.exc_info)))
        if text not in self._said or record.exc_info:
            self._said.add(text)
            sys.stderr.write(f"spatialplan: note: {text}\n")


@contextlib.contextmanager
def _noting(*, quiet: bool) -> Iterator[None]:
    """Show what the library logs as notes; what other libraries log is kept off the console."""
    ours, others = logging.getLogger("spatialplan"), logging.getLogger()
    notes = logging.NullHandler() if quiet else _Notes()
    silence = logging.NullHandler()
    ours.addHandler(notes)
    others.addHandler(silence)
    try:
        yield
    finally:
        ours.removeHandler(notes)
        others.removeHandler(silence)


def _speak_utf8() -> None:
    """Never fail on a console that cannot show a character; pipes and files get UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding=stream.encoding if stream.isatty() else "utf-8", errors="replace"
            )


def run() -> NoReturn:
    """Entry point of the ``spatialplan`` command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as for Ctrl-C
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of other libraries: not for those who run a command
    sys.exit(main())
