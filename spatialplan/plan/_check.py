"""Is a plan's data true to its words? Every fault at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import Any

import shapely

from spatialplan.errors import InputError
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import roles

from ._text_check import compact
from ._text_check import text_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        The document's text, where it is at hand. It must hold, white space removed on
        both sides: every quote, its pieces in order; every phrase; every name, a label in
        brackets at its end aside; every row of a table, its values soon after its name;
        every string set aside, as often as is said.

    Returns
    -------
    list of str
        One line per fault; empty if there is none. Checked:

        * a phrase counts its elements (exactly where all members are named, at most where
          some are), no element has a role that the phrase does not name, and the quote
          holds the phrase;
        * members said to be unnamed have no name and stand on no point of their own; what
          stands for several unnamed ones has as many parts;
        * the kind of geometry fits the role, and what has no geometry says why;
        * an element's parent is one of a higher rank;
        * the quote of a target holds its limit;
        * one name has one place throughout the plan;
        * what is set aside does not read as a structure.

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
            *_member_faults(structure, elements, plan.places),
            *_place_faults(structure, elements),
            *_rank_faults(elements),
        ]
        if compact(structure["phrase_zh"]) not in compact(structure["quote_zh"]):
            found.append("the quote does not hold the phrase")
        faults += [f"structures.{structure_id}: {fault}" for fault in found]
    faults += [*_limit_faults(plan), *_name_faults(plan), *_set_aside_faults(plan)]
    return faults if text is None else [*faults, *text_faults(plan, text)]


def _count_faults(structure: pd.Series[Any], elements: pd.DataFrame) -> list[str]:
    if not structure["parts"]:
        return []
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
        exact = structure["members"] != "partial" and role not in is_open
        if (exact and here != count) or (here > count and role not in is_open):
            faults.append(f"the phrase counts {count} {role}, the elements make {here}")
    return faults


def _member_faults(
    structure: pd.Series[Any], elements: pd.DataFrame, places: pd.DataFrame
) -> Iterator[str]:
    for element_id, element in elements.iterrows():
        named = element["name_zh"] != ""
        if structure["members"] == "named" and not named:
            yield f"members are named, but {element_id} has no name"
        if structure["members"] == "unnamed" and named:
            yield f"members are unnamed, but {element_id} has a name"
        place_id = element["place_id"]
        if not place_id:
            continue
        if not named and not places.loc[place_id, "operator"]:
            yield f"{element_id} is unnamed, but stands on the place {place_id}"
        parts = len(shapely.get_parts(element.geometry))
        if parts != element["count"] and (element["count"] > 1 or not named):
            yield f"{element_id} stands for {element['count']}, but its drawing has {parts} parts"


def _place_faults(structure: pd.Series[Any], elements: pd.DataFrame) -> Iterator[str]:
    for element_id, element in elements.iterrows():
        allowed = roles()[element["role"]].geometry
        if element["drawn_from"] == "nothing":
            if allowed and not structure["undrawn_zh"]:
                yield f"{element_id} has no geometry, and undrawn_zh does not say why"
            continue
        kind = _KIND[element.geometry.geom_type.removeprefix("Multi")]
        if kind not in allowed:
            role = element["role"]
            yield (
                f"{element_id} is a {kind}; "
                f"a {role} is a {' or '.join(allowed) or 'thing without place'}"
            )


def _rank_faults(elements: pd.DataFrame) -> Iterator[str]:
    for element_id, element in elements[elements["parent"] != ""].iterrows():
        parent = elements.loc[element["parent"]]
        if not 0 < parent["rank"] < element["rank"]:
            yield (
                f"{element_id} has the rank {element['rank']}, "
                f"its parent {parent.name} {parent['rank']}"
            )


def _limit_faults(plan: Plan) -> Iterator[str]:
    for key, target in plan.targets.iterrows():
        if compact(target["printed_zh"]) not in compact(target["quote_zh"]):
            yield f"targets.{key}: the quote does not hold the limit {target['printed_zh']}"


def _name_faults(plan: Plan) -> Iterator[str]:
    placed = plan.elements[(plan.elements["place_id"] != "") & (plan.elements["name_zh"] != "")]
    for name, places in placed.groupby("name_zh")["place_id"].unique().items():
        if len(places) > 1:
            yield f"structures: {name} stands on {' and on '.join(places)}"


def _set_aside_faults(plan: Plan) -> Iterator[str]:
    for key, phrase_zh in plan.set_aside["phrase_zh"].items():
        try:
            kind = parse_phrase(phrase_zh, names=_names(plan)).kind
        except InputError:
            continue
        if kind == "structure":
            yield f"set_aside.{key}: {phrase_zh} is set aside, but reads as a structure"


def _names(plan: Plan) -> set[str]:
    """Every name and alias of the gazetteer."""
    aliases = {alias for names in plan.places["aliases_zh"] for alias in names}
    return aliases | set(plan.places["name_zh"])
