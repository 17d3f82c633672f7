"""Is a plan's data true to its words? Every fault at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

import pandas as pd
import shapely

from spatialplan.errors import InputError
from spatialplan.vocabulary import parse_phrase
from spatialplan.vocabulary import roles

from ._heading_check import heading_faults
from ._table_check import row_faults
from ._target_check import target_faults
from ._text_check import LABEL
from ._text_check import compact
from ._text_check import quote_faults
from ._text_check import text_faults

if TYPE_CHECKING:
    from collections.abc import Hashable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ._plan import Plan

_TELLS_APART = ["structure_id", "role", "name_zh", "place_id", "parent", "note_zh"]
_NUMBER = re.compile(r"(?:x-)?([acdf]\d{2})-")
_KIND = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


def check_plan(plan: Plan, *, text: str | None = None) -> list[str]:
    """
    Check a plan against its own words.

    Parameters
    ----------
    plan
        The plan.
    text
        The document's text, where it is at hand. It must hold, white space aside: every
        quote, its pieces in order and under the chapters and sections that ``at`` cites (so
        far as the text has their headings); every table, likewise, and each of its rows: name,
        unit, attribute and values, and nothing else, base and target in the order of the columns
        and with their years (a row whose note tells of a merged cell, 合并, has its values
        near its name); every string set aside, as often as is said.

    Returns
    -------
    list of str
        One line per fault; empty if there is none. Checked:

        * a phrase counts its elements (exactly where all members are named, at most where
          some are); what it leaves open (多) is named, or one element of open count; no
          element has a role that the phrase does not name;
        * members said to be unnamed have no name and stand on no point of their own; what
          stands for several unnamed ones has as many parts;
        * the kind of geometry fits the role, and what has no geometry says why;
        * an element's parent is one of a higher rank;
        * quotes hold the phrases of structures and targets, the limits of targets and the
          values of indicators outside tables, each its own; some quote of the plan holds
          the name of each element that has no note, a label in brackets at its end aside;
        * one name has one place throughout the plan, and an element called like a place
          stands on that place, or on a shape of that name or drawn from that place alone;
        * two elements of a structure differ in role, name, place, parent or note;
        * the quote of a target holds a word of its mode, its share (全覆盖, 全部 and 所有 are
          all), the wording of that share, and its contents unless a note tells what they were
          put together from; its year stands in the quote, or where that has none, is one of
          the plan's period; what is current is not of a year after that period begins; targets
          of one quote have one status; its code stands in its phrase and its limit; where it
          begins and ends stands in the quote, beside no other limit than its own, or in its
          note; nothing that is given is called open;
        * a key that begins with the number of a row of the reading has that row in ``refs``;
        * what is set aside does not read as a structure.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> check_plan(read_plan("changzhou-urbanisation"))
    []
    """
    faults = []
    rows = pd.DataFrame(plan.elements)  # many small cuts, which a GeoDataFrame makes slowly
    for structure_id, structure in plan.structures.iterrows():
        elements = rows[rows["structure_id"] == structure_id]
        found = [
            *_count_faults(structure, elements),
            *_member_faults(structure, elements, plan.places),
            *_place_faults(structure, elements),
            *_rank_faults(elements),
        ]
        faults += [f"structures.{structure_id}: {fault}" for fault in found]
    faults += [*quote_faults(plan), *target_faults(plan), *_name_faults(plan)]
    faults += [
        *_ref_faults(plan),
        *_twice_faults(plan),
        *_namesake_faults(plan),
        *_set_aside_faults(plan),
    ]
    if text is not None:
        faults += [*text_faults(plan, text), *row_faults(plan, text), *heading_faults(plan, text)]
    return faults


def _count_faults(structure: pd.Series[Any], elements: pd.DataFrame) -> Iterator[str]:
    # Some members may go unnamed only in a phrase that is printed so: else the count is wrong.
    printed = compact(structure["phrase_zh"]) in compact(structure["quote_zh"])
    may_be_fewer = structure["members"] == "partial" and printed
    asked: dict[str, list[int | None]] = {}
    for part in structure["parts"]:
        asked.setdefault(part.role, []).append(part.count)
    for role in elements["role"].unique() if asked else ():
        if role not in asked:
            yield f"the phrase names no {role}"
    for role, counts in asked.items():
        own = elements[elements["role"] == role]
        left_open = own["count"].isna()
        if None in counts:
            if own.empty or not (left_open | own["name_zh"].ne("")).all():
                yield f"the phrase leaves open how many {role}; name them, or say count: open"
            continue
        count, here = sum(filter(None, counts)), own["count"].sum()
        if left_open.any():
            yield f"the phrase counts {count} {role}, the elements leave that open"
        elif here > count or (here < count and not may_be_fewer):
            yield f"the phrase counts {count} {role}, the elements make {here}"


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
        if pd.isna(element["count"]):
            yield f"{element_id} is open in number, so that it cannot be drawn"
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


def _ref_faults(plan: Plan) -> Iterator[str]:
    """Keys that begin with the number of a row, c01 or d36, without that row among the refs."""
    for table in ("structures", "targets", "set_aside"):
        for key, refs in getattr(plan, table)["refs"].items():
            number = _NUMBER.match(key)
            rows = {ref.replace("-", "").lower() for ref in refs}
            if number and number[1] not in rows:
                told = ", ".join(refs) or "none"
                yield f"{table}.{key}: its key names the row {number[1]}, its refs are {told}"


def _rank_faults(elements: pd.DataFrame) -> Iterator[str]:
    for element_id, element in elements[elements["parent"] != ""].iterrows():
        parent = elements.loc[element["parent"]]
        if not 0 < parent["rank"] < element["rank"]:
            yield (
                f"{element_id} has the rank {element['rank']}, "
                f"its parent {parent.name} {parent['rank']}"
            )


def _name_faults(plan: Plan) -> Iterator[str]:
    placed = plan.elements[(plan.elements["place_id"] != "") & (plan.elements["name_zh"] != "")]
    for name, places in placed.groupby("name_zh")["place_id"].unique().items():
        if len(places) > 1:
            yield f"structures: {name} stands on {' and on '.join(places)}"


def _twice_faults(plan: Plan) -> Iterator[str]:
    """Elements of a structure alike in all that tells one from another; undrawn ones by name."""
    told = plan.elements[(plan.elements["name_zh"] != "") | (plan.elements["place_id"] != "")]
    first: dict[Hashable, Hashable] = {}
    for element_id, *own in told[_TELLS_APART].itertuples(name=None):
        same = first.setdefault(tuple(own), element_id)
        if same != element_id:
            yield (
                f"structures.{own[0]}.elements.{element_id}: says the same as {same}; "
                "leave one out, or tell them apart by parent or note_zh"
            )


def _namesake_faults(plan: Plan) -> Iterator[str]:
    """Elements called like one place that stand on another."""
    names, drawn_from = _names_of_places(plan), plan.places["places"]
    bearers: dict[str, list[str]] = {}
    for other, own in names.items():
        for name in own:
            bearers.setdefault(name, []).append(other)
    for element_id, element in plan.elements[plan.elements["place_id"] != ""].iterrows():
        name, place_id = element["name_zh"], element["place_id"]
        if name in bearers and name not in _called(names, place_id, drawn_from[place_id]):
            where = f"structures.{element['structure_id']}.elements.{element_id}"
            yield f"{where}: {name} is the place {' or '.join(bearers[name])}, not {place_id}"


def _called(names: Mapping[str, list[str]], place_id: str, drawn_from: Sequence[str]) -> set[str]:
    """
    What a place may be called: its names, a label in brackets aside.

    What is drawn from one place only goes by the names of that place too: the land along
    a river by the river's.
    """
    own = [*names[place_id], *(names[drawn_from[0]] if len(drawn_from) == 1 else ())]
    return {*own, *(LABEL.sub("", name) for name in own)}


def _set_aside_faults(plan: Plan) -> Iterator[str]:
    names = {name for own in _names_of_places(plan).values() for name in own}
    for key, phrase_zh in plan.set_aside["phrase_zh"].items():
        try:
            kind = parse_phrase(phrase_zh, names=names).kind
        except InputError:
            continue
        if kind == "structure":
            yield f"set_aside.{key}: {phrase_zh} is set aside, but reads as a structure"


def _names_of_places(plan: Plan) -> dict[str, list[str]]:
    """Name and aliases of each place of the gazetteer."""
    table = zip(plan.places.index, plan.places["name_zh"], plan.places["aliases_zh"], strict=True)
    return {place_id: [name, *aliases] for place_id, name, aliases in table}
