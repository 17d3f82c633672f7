"""Is a plan's data true to its words? Every fault at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import Any

from spatialplan.vocabulary import roles

if TYPE_CHECKING:
    import pandas as pd

    from ._plan import Plan

_KIND = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


def check_plan(plan: Plan, *, text: str | None = None) -> list[str]:
    """
    Check a plan against its own words.

    Parameters
    ----------
    plan
        The plan.
    text
        The document's text, where it is at hand: every quote must stand in it,
        white space removed on both sides.

    Returns
    -------
    list of str
        One line per fault; empty if there is none. Checked: a phrase counts its
        elements (exactly where all members are named, at most where some are); no
        element has a role that the phrase does not name; members said to be unnamed
        have no name and no place; the quote holds the phrase; the kind of geometry
        fits the role.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> check_plan(read_plan("changzhou-urbanisation"))
    []
    """
    faults = []
    for structure_id, structure in plan.structures.iterrows():
        elements = plan.elements[plan.elements["structure_id"] == structure_id]
        found = [
            *_count_faults(structure, elements),
            *_member_faults(structure, elements),
            *_quote_faults(structure, text),
        ]
        faults += [f"{structure_id}: {fault}" for fault in found]
    return faults + _geometry_faults(plan)


def _count_faults(structure: pd.Series[Any], elements: pd.DataFrame) -> list[str]:
    asked: Counter[str] = Counter()
    is_open = set()
    for part in structure["parts"]:
        asked[part.role] += part.count or 0
        if part.count is None:
            is_open.add(part.role)
    found = elements.groupby("role")["count"].sum().to_dict()
    faults = [f"the phrase names no {role}" for role in found if role not in asked]
    for role, count in asked.items():
        here = int(found.get(role, 0))
        exact = structure["members"] == "named" and role not in is_open
        if (exact and here != count) or (here > count and role not in is_open):
            faults.append(f"the phrase counts {count} {role}, the elements make {here}")
    return faults


def _member_faults(structure: pd.Series[Any], elements: pd.DataFrame) -> list[str]:
    if structure["members"] == "unnamed":
        invented = elements[(elements["name_zh"] != "") | (elements["place_id"] != "")]
        return [f"members are unnamed, but {key} has a name or place" for key in invented.index]
    if structure["members"] == "named":
        nameless = elements[elements["name_zh"] == ""]
        return [f"members are named, but {key} has no name" for key in nameless.index]
    return []


def _quote_faults(structure: pd.Series[Any], text: str | None) -> list[str]:
    quote = _compact(structure["quote_zh"])
    faults = []
    if _compact(structure["phrase_zh"]) not in quote:
        faults.append("the quote does not hold the phrase")
    if text is not None:
        pieces = [piece for piece in quote.split("……") if piece not in _compact(text)]
        faults += [f"the text does not hold {piece!r}" for piece in pieces]
    return faults


def _geometry_faults(plan: Plan) -> list[str]:
    faults = []
    for element_id, element in plan.elements.iterrows():
        if element["drawn_from"] == "nothing":
            continue
        kind = _KIND[element.geometry.geom_type.removeprefix("Multi")]
        allowed = roles()[element["role"]].geometry
        if kind not in allowed:
            faults.append(
                f"{element['structure_id']}: {element_id} is a {kind}; "
                f"a {element['role']} is a {' or '.join(allowed) or 'thing without place'}"
            )
    return faults


def _compact(text: str) -> str:
    return "".join(text.split())
