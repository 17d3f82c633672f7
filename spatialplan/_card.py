"""A small table about a thing, as a notebook shows it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

_MOST_NOTES = 12
_LONGEST = 300  # characters: a card is no report


def card(title: str, facts: Mapping[str, object], *, notes: Sequence[str] = ()) -> str:
    """
    HTML of a heading, facts and notes, all of them shown as text.

    Parameters
    ----------
    title
        What it is.
    facts
        Values by their names; what is empty is left out.
    notes
        Sources, marks and warnings; the first twelve are shown, the rest is counted.

    Returns
    -------
    str
        Without scripts, and less than 10 kB.

    Examples
    --------
    >>> card("<b>", {"people": "", "streets": 3})[:36]
    '<div><b>&lt;b&gt;</b><table><tr><th '
    """
    left = 'style="text-align: left"'
    rows = [
        f"<tr><th {left}>{_text(name)}</th><td {left}>{_text(value)}</td></tr>"
        for name, value in facts.items()
        if value != ""
    ]
    more = [f"+ {len(notes) - _MOST_NOTES}"] if len(notes) > _MOST_NOTES else []
    items = [f"<li>{_text(note)}</li>" for note in (*notes[:_MOST_NOTES], *more)]
    listed = f"<ul>{''.join(items)}</ul>" if items else ""
    return f"<div><b>{_text(title)}</b><table>{''.join(rows)}</table>{listed}</div>"


def _text(value: object) -> str:
    text = " ".join(str(value).split())
    return html.escape(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")
