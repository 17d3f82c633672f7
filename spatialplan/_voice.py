"""What a command says while it works and when it is done."""

from __future__ import annotations

import sys
import time
import unicodedata


class Voice:
    """
    Progress on stderr, results on stdout.

    Stages are shown only where a person is likely to read them: on a terminal.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._live = sys.stderr.isatty() and not quiet
        self._start = time.perf_counter()

    def stage(self, text: str) -> None:
        """Name what is being done now."""
        if self._live:
            passed = time.perf_counter() - self._start
            sys.stderr.write(f"  {passed:6.1f} s  {text}\n")
            sys.stderr.flush()

    def tell(self, text: str) -> None:
        """Give one line of the result."""
        if not self._quiet:
            sys.stdout.write(_plain(text) + "\n")


def _plain(text: str) -> str:
    """Without control characters: a name from a file must not steer the terminal."""
    return "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
