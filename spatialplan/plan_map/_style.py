"""How a role is drawn, by ``maps/style.yaml``."""

from __future__ import annotations

import functools
from typing import Any

from spatialplan.cartography import read_style

MOST_APART = 8  # areas of one role that are told apart by colour and fill


def is_ranked(role: str) -> bool:
    """
    Whether the colour of a role's elements is that of their tier.

    Examples
    --------
    >>> is_ranked("centre"), is_ranked("zone")
    (True, False)
    """
    return bool(_drawing()["roles"].get(role, {}).get("ranked"))


def role_style(
    role: str, kind: str, *, rank: int = 0, named: bool = True, apart: int = 0, turn: int = 0
) -> dict[str, Any]:
    """
    Drawing style of the elements of a role that have one kind of geometry.

    Parameters
    ----------
    role
        Key of ``layers/vocabulary.yaml``.
    kind
        ``point``, ``line`` or ``polygon``.
    rank
        Tier, 1 is the highest, 0 is none.
    named
        Whether the plan names them; what is only counted is dashed.
    apart
        Number among areas of one role that are told apart, 1 is the first; 0: they are not.
    turn
        How many structures have drawn the same before: each takes the next colour.

    Returns
    -------
    dict
        A style for `cartography.vector_layer`.

    Examples
    --------
    >>> role_style("centre", "point", rank=2)
    {'like': 'core', 'color': '#e08a00', 'radius': 8.0}
    """
    style = _drawing()
    own = style["roles"].get(role, {})
    name = own.get(kind, style["shapes"][kind])
    if kind == "line" and rank > 1:
        name = own.get("lesser", name)
    look = {"like": name, "color": own.get("color", style["other"])}
    tier = min(rank, len(style["ranks"]["colors"])) - 1
    if tier >= 0 and is_ranked(role):
        look["color"] = style["ranks"]["colors"][tier]
    if tier >= 0 and kind == "point":
        look["radius"] = style["styles"][name]["radius"] * style["ranks"]["sizes"][tier]
    if turn:
        hues = _hues(look["color"])
        # Two steps on, past the colours that the other roles of a net have.
        look["color"] = hues[2 * turn % len(hues)]
    if apart:
        look |= _apart(look["color"], style["styles"][name]["fill_opacity"], apart)
    return look if named else look | style["unnamed"][kind]


def _apart(color: str, opacity: float, number: int) -> dict[str, Any]:
    """Each its colour; every second area is hatched, for grey print."""
    style = _drawing()["apart"]
    hatched = number % 2 == 0
    return {
        "color": _hues(color)[number - 1],
        "hatch": hatched,
        "fill_opacity": style["hatched_opacity"] if hatched else max(opacity, style["opacity"]),
    }


def _hues(color: str) -> list[str]:
    """A role's colour, then others."""
    return [color, *(hue for hue in _drawing()["apart"]["colors"] if hue != color)]


@functools.cache
def _drawing() -> dict[str, Any]:
    return read_style()
