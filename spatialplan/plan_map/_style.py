"""How a role is drawn, by ``maps/style.yaml``."""

from __future__ import annotations

import functools
from typing import Any

from spatialplan.webmap import read_style


def role_style(role: str, kind: str, *, rank: int = 0, named: bool = True) -> dict[str, Any]:
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

    Returns
    -------
    dict
        A style for `webmap.vector_layer`.

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
    if tier >= 0 and own.get("ranked"):
        look["color"] = style["ranks"]["colors"][tier]
    if tier >= 0 and kind == "point":
        look["radius"] = style["styles"][name]["radius"] * style["ranks"]["sizes"][tier]
    return look if named else look | style["unnamed"][kind]


@functools.cache
def _drawing() -> dict[str, Any]:
    return read_style()
