"""Text that a spreadsheet would run."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def as_text(value: str) -> str:
    """
    Put a quote before text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> as_text("=1+1"), as_text("小学")
    ("'=1+1", '小学')
    """
    return f"'{value}" if value.lstrip().startswith(_STARTS) else value
