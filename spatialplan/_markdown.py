"""Text and tables as Markdown that no text can break out of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

_MARKS = re.compile(r"([\\`*\[\]|])")


def escaped(text: str) -> str:
    r"""
    Take the power of Markdown and HTML from a text.

    Examples
    --------
    >>> escaped("a|b <i>")
    'a\\|b &lt;i>'
    """
    flat = " ".join(text.replace("&", "&amp;").replace("<", "&lt;").split())
    return _MARKS.sub(r"\\\1", flat)


def table_lines(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[bool] = ()
) -> Iterator[str]:
    """Lines of a table; columns marked `right` are aligned so."""
    aligned = right or [False] * len(headings)
    yield f"| {' | '.join(map(escaped, headings))} |"
    yield f"|{'|'.join('---:' if is_right else '---' for is_right in aligned)}|"
    yield from (f"| {' | '.join(map(escaped, row))} |" for row in rows)
    yield ""
