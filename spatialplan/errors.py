"""
The errors of spatialplan: few classes, each also a builtin.

Every message is one line that names the place, what was found, what is allowed
and what to do. Errors are told apart by class, never by their text.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class SpatialPlanError(Exception):
    """Root of every error this package raises on purpose."""

    exit_code = 2


_LONGEST = 500  # characters of what was found; a line that scrolls for pages tells nobody anything
_SHOWN = 60  # of the known words: all categories, but not every place of a gazetteer


class InputError(SpatialPlanError, ValueError):
    """
    A file, an argument or a value cannot be used as it stands.

    Parameters
    ----------
    source
        The file, table or argument at fault.
    found
        What was found there.
    where
        Row, feature or field, where that can be said.
    allowed
        What would have been accepted.
    do
        What the reader of the message should do next.

    Examples
    --------
    >>> print(InputError("a.csv", "longitude 200", where="row 3", allowed="-180 to 180"))
    a.csv: row 3: longitude 200; allowed: -180 to 180
    """

    def __init__(
        self, source: object, found: str, *, where: str = "", allowed: str = "", do: str = ""
    ) -> None:
        found, where = _shortened(found), _shortened(where)
        self.source, self.found = str(source), found
        self.where, self.allowed, self.do = where, allowed, do
        place = f"{source}: {where}" if where else str(source)
        parts = [f"{place}: {found}", f"allowed: {allowed}" if allowed else "", do]
        message = "; ".join(part for part in parts if part)
        super().__init__(" ".join(message.split()))


class SchemaError(InputError):
    """A table does not have the columns, types or geometry it promises."""


class CRSError(InputError):
    """A coordinate system or datum is missing, unknown or contradicts the coordinates."""


class NotFoundError(SpatialPlanError, LookupError):
    """A plan, standard, category or area of that name is not known."""


class LimitError(SpatialPlanError):
    """The work asked for is over a stated resource limit; nothing was started."""

    exit_code = 3


class OutputError(SpatialPlanError, OSError):
    """A result could not be written; what stood there before is intact."""

    exit_code = 4


class BusyError(SpatialPlanError):
    """Another run is writing to the same place."""

    exit_code = 5


def nearest(word: str, known: Iterable[str]) -> str:
    """
    What to do about an unknown word: the known words nearest to it, or if none is near, all.

    Examples
    --------
    >>> nearest("straigt", ["straight", "network"])
    'did you mean straight?'
    >>> nearest("work", ["straight", "network"])
    'did you mean network?'
    >>> nearest("x", ["straight", "network"])
    'known: straight, network'
    """
    words = list(known)
    close = difflib.get_close_matches(word, words, n=3)
    close = (
        close
        or [
            name
            for name in words
            if min(len(word), len(name)) > 1 and (word in name or name in word)
        ][:3]
    )
    if close:
        return f"did you mean {' or '.join(close)}?"
    more = f" and {len(words) - _SHOWN:,} more" if len(words) > _SHOWN else ""
    return f"known: {', '.join(words[:_SHOWN])}{more}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
