"""What a standard asks, against what is found: who is served, and coverage with its basis."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import access
from . import coverage
from ._basis import basis_text
from ._basis import finding_notes
from ._basis import threshold_text
from ._choices import COMMUNITY_ENOUGH
from ._choices import DENOMINATORS
from ._choices import RULES
from .base import OUTSIDE
from .base import OUTSIDE_ID
from .base import drawn_from
from .errors import InputError
from .population import assign_area
from .schema import FINDINGS
from .schema import check
from .travel import nearest_amounts

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence

    from ._choices import Denominator
    from ._choices import Measure
    from ._choices import Rule
    from .base import Base
    from .standard import Part
    from .standard import Standard

_QUAD_SEGS = 32  # a circle of 128 sides is 0.04 % smaller than a true one
Floats = np.ndarray[Any, np.dtype[np.float64]]


def switched(
    standard: Standard, *, rule: Rule = "clause", denominator: Denominator = "clause"
) -> Standard:
    """
    Return a standard with another way to measure or another denominator than its clauses say.

    Every basis of its findings then says so.

    Parameters
    ----------
    standard
        From `read_standard`.
    rule
        ``clause`` as the clause says; ``straight`` as the crow flies; ``network``
        along the streets.
    denominator
        ``clause`` as the clause says; ``population``, ``residential_land`` or
        ``communities``.

    Returns
    -------
    Standard
        A copy; its clauses have ``switched_zh`` and ``switched_en``, what was switched.

    Raises
    ------
    InputError
        If an option is not one of these.
    """
    for name, value, allowed in (("rule", rule, RULES), ("denominator", denominator, DENOMINATORS)):
        if value not in allowed:
            raise InputError(name, repr(value), allowed=", ".join(allowed))
    clauses = standard.clauses.copy()
    if "switched_zh" not in clauses:
        clauses["switched_zh"] = clauses["switched_en"] = ""
    judged = clauses["judged"]
    if rule != "clause":
        same = ["straight"] if rule == "straight" else ["network", "table"]
        # A limit in minutes says nothing of a straight line: such a clause stays as it is.
        was = judged & clauses["parts"].map(_in_metres) & ~clauses["distance_rule"].isin(same)
        clauses.loc[was, "distance_rule"] = rule
        clauses.loc[was, "switched_zh"] += "距离规则由用户改定；"
        clauses.loc[was, "switched_en"] += "distance rule switched by the user; "
    if denominator != "clause":
        other = judged & (clauses["denominator"] != denominator)
        clauses.loc[other, "denominator"] = denominator
        clauses.loc[other, "switched_zh"] += "分母由用户改定；"
        clauses.loc[other, "switched_en"] += "denominator switched by the user; "
    return replace(standard, clauses=clauses)


def _in_metres(parts: Sequence[Part]) -> bool:
    return not any(math.isnan(part.threshold_m) for part in parts)


def service(
    standard: Standard,
    base: Base,
    *,
    progress: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> pd.DataFrame:
    """
    What each place is served with, clause by clause.

    Parameters
    ----------
    standard
        Clauses to judge by.
    base
        A prepared area.
    progress
        Wraps the sequence of clause ids, as ``tqdm`` does.

    Returns
    -------
    DataFrame
        Index (``people`` or ``land``, place); one column for each judged clause:
        the served share of the place, 0 to 1 (people 0 or 1; land in part where
        a straight-line limit cuts a piece), ``nan`` where the base holds no
        facility of the kind.
    """
    layers = {"people": base.demand, "land": base.land}
    network = base.networks.get("walk")
    located = {name: network.locate(table) for name, table in layers.items()} if network else {}
    index = pd.concat([table[[]] for table in layers.values()], keys=list(layers)).index
    clauses = standard.clauses[standard.clauses["judged"]]
    columns = {}
    for clause_id in progress(list(clauses.index)):
        clause = standard.clause(clause_id)
        if clause_facilities(clause, base).empty:
            columns[clause_id] = np.full(len(index), np.nan)
        elif clause["distance_rule"] == "straight":
            columns[clause_id] = _served_straight(clause, base)
        else:
            columns[clause_id] = _served_on_network(clause, base, located)
    return pd.DataFrame(columns, index=index)


def clause_facilities(clause: pd.Series[Any], base: Base) -> gpd.GeoDataFrame:
    """Facilities of a base that can serve a clause, by category and size."""
    found = [part_facilities(part, base) for part in clause["parts"]]
    every = pd.concat(found)
    return every[~every.index.duplicated()]


def part_facilities(part: Part, base: Base) -> gpd.GeoDataFrame:
    """Facilities of a base that can serve one part of a clause."""
    return serving(part, base.facilities)


def serving(part: Part, facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Those of some facilities that can serve a part; no known area, no proof of size."""
    table = facilities[facilities["category"] == part.category]
    if not (math.isnan(part.min_area_m2) and math.isnan(part.max_area_m2)):
        area_m2 = table.get("area_m2", pd.Series(np.nan, index=table.index)).astype(float)
        least = 0.0 if math.isnan(part.min_area_m2) else part.min_area_m2
        most = np.inf if math.isnan(part.max_area_m2) else part.max_area_m2
        table = table[(area_m2 >= least) & (area_m2 < most)]
    return table


def _served_on_network(
    clause: pd.Series[Any], base: Base, located: dict[str, pd.DataFrame]
) -> Floats:
    if not located:
        raise InputError("base", "no walking network", do="prepare the base with mode walk")
    network = base.networks["walk"]
    both = pd.concat([located["people"], located["land"]])
    served = np.zeros(len(both), dtype=bool)
    for part in clause["parts"]:
        gates = network.locate_gates(part_facilities(part, base))
        by_time = math.isnan(part.threshold_m)
        limit = clause["threshold_min"] if by_time else part.threshold_m
        measure: Measure = "time_min" if by_time else "distance_m"
        served |= nearest_amounts(both, [gates], network=network, measure=measure)[:, 0] <= limit
    return served.astype(float)


def _served_straight(clause: pd.Series[Any], base: Base) -> Floats:
    people = np.zeros(len(base.demand), dtype=bool)
    zones = []
    for part in clause["parts"]:
        table = part_facilities(part, base)
        limit_m = part.threshold_m
        people |= (access.straight_distance(base.demand, table) <= limit_m).to_numpy()
        zones.append(shapely.buffer(table.geometry.to_numpy(), limit_m, quad_segs=_QUAD_SEGS))
    return np.concatenate([people.astype(float), _share_inside(base.land, np.concatenate(zones))])


def _share_inside(land: gpd.GeoDataFrame, zones: np.ndarray[Any, Any]) -> Floats:
    """Share of the area of each piece of land that lies in some zones."""
    pieces = land.geometry.to_numpy()
    share = np.zeros(len(pieces))
    zone = shapely.union_all(zones)
    shapely.prepare(zone)
    inside = shapely.contains_properly(zone, pieces)
    share[inside] = 1.0
    cut = np.flatnonzero(~inside & shapely.intersects(zone, pieces))
    # Against the few zones nearby, not their union: an intersection with a shape
    # of ten thousand corners costs as much as the shape is long.
    piece, near = shapely.STRtree(zones).query(pieces[cut], predicate="intersects")
    for position in np.unique(piece):
        part = shapely.intersection(
            pieces[cut[position]], shapely.union_all(zones[near[piece == position]])
        )
        # Rounded, so that a piece that only touches the limit is served as a whole.
        share[cut[position]] = round(part.area / pieces[cut[position]].area, 9)
    return share


def assess(
    standard: Standard,
    base: Base,
    *,
    served: pd.DataFrame | None = None,
    by: str | None = None,
    community_enough: float = COMMUNITY_ENOUGH,
) -> pd.DataFrame:
    """
    Coverage by every clause of a standard, with the basis of every number.

    Parameters
    ----------
    standard
        Clauses to judge by; `switched` changes rules and denominators.
    base
        A prepared area.
    served
        The result of `service`, if it is at hand.
    by
        ``area_id`` adds a row for each area and clause after the one for all.
    community_enough
        Share of its people from which a community counts as served, where
        communities are counted.

    Returns
    -------
    DataFrame
        FINDINGS, index ``finding_id``: the clause (``clause_id``, ``name_zh``,
        ``tier``, ``confidence`` ...), ``area_id`` (``""`` for all, `OUTSIDE_ID`
        outside all areas), ``total``, ``served`` and ``unserved`` in ``total_unit``
        (person, km2 or community),
        ``measured`` (share 0-1; ``nan`` where nothing could be measured, with the
        reason in ``note``), ``required``, ``met`` (True, False, or None where
        nothing is required), ``n_facilities`` and ``n_stand_ins`` (of the area),
        ``basis``, ``basis_en``, ``drawn_from``, ``precision_m``.

    Raises
    ------
    InputError
        If `by` or `community_enough` cannot be used.
    """
    if by not in (None, "area_id"):
        raise InputError("by", repr(by), allowed="area_id")
    if not 0 < community_enough <= 1:
        raise InputError("community_enough", str(community_enough), allowed="above 0, at most 1")
    standard = standard if "switched_zh" in standard.clauses else switched(standard)
    served = service(standard, base) if served is None else served
    home = assign_area(base.facilities, base.boundaries) if by else None
    rows = []
    for clause_id, clause in standard.clauses.iterrows():
        shares = _shares(clause, base, served, by, community_enough)
        facilities = _facilities_of(clause, base)
        told = _told(clause, base, standard, facilities, community_enough)
        rows += [
            {
                "clause_id": clause_id,
                **told,
                **share,
                **_numbers(facilities, share["area_id"], home),
            }
            for share in shares
        ]
    findings = pd.DataFrame(rows)
    findings.index = pd.Index(
        [
            f"{clause_id}@{area_id}" if area_id else clause_id
            for clause_id, area_id in zip(findings["clause_id"], findings["area_id"], strict=True)
        ],
        name="finding_id",
    )
    return check(findings, FINDINGS)


def _shares(
    clause: pd.Series[Any], base: Base, served: pd.DataFrame, by: str | None, enough: float
) -> list[dict[str, Any]]:
    """Total, served and share for all and for each area."""
    names = {"": "", OUTSIDE_ID: OUTSIDE, **base.area_names}
    nothing = {"total": np.nan, "served": np.nan, "share": np.nan}
    if clause.name not in served.columns or served[clause.name].isna().all():
        return [_row("", names, nothing, clause)]
    everywhere = _groups(clause, base, served[clause.name], None, enough)
    groups = {"": everywhere.iloc[0].to_dict() if len(everywhere) else nothing}
    if by:
        found = _groups(clause, base, served[clause.name], by, enough)
        found = found.sort_index(key=lambda areas: areas == "")  # outside all areas: last
        groups |= {str(area or OUTSIDE_ID): row.to_dict() for area, row in found.iterrows()}
    return [_row(area, names, numbers, clause) for area, numbers in groups.items()]


def _groups(
    clause: pd.Series[Any], base: Base, share: pd.Series[Any], by: str | None, enough: float
) -> pd.DataFrame:
    kind = clause["denominator"]
    if kind == "residential_land":
        found = coverage.coverage_share(base.land, of_layer(share, "land"), weight="area_m2", by=by)
        return found.assign(total=found["total"] / 1e6, served=found["served"] / 1e6)
    if kind == "population":
        return coverage.coverage_share(base.demand, of_layer(share, "people"), by=by)
    communities = coverage.community_coverage(base.demand, of_layer(share, "people"), enough=enough)
    table = pd.DataFrame({"one": 1.0, "area_id": communities.index}, index=communities.index)
    return coverage.coverage_share(table, communities, weight="one", by=by)


def _row(
    area_id: str, names: dict[str, str], numbers: dict[Any, Any], clause: pd.Series[Any]
) -> dict[str, Any]:
    measured, required = float(numbers["share"]), float(clause["required"])
    judged = not (math.isnan(measured) or math.isnan(required))
    return {
        "area_id": area_id,
        "area_name_zh": names.get(area_id, area_id),
        "total": numbers["total"],
        "served": numbers["served"],
        "unserved": numbers["total"] - numbers["served"],
        "measured": measured,
        "met": measured >= required - coverage.ROUNDING if judged else None,
    }


def of_layer(served: Any, layer: str) -> Any:
    """The part of a result of `service` that is about ``people`` or ``land``; it may be empty."""
    return served[served.index.get_level_values(0) == layer].droplevel(0)


_UNITS = {"population": "person", "residential_land": "km2", "communities": "community"}


def _facilities_of(clause: pd.Series[Any], base: Base) -> gpd.GeoDataFrame:
    return clause_facilities(clause, base) if clause["judged"] else base.facilities.iloc[:0]


def _numbers(
    facilities: gpd.GeoDataFrame, area_id: str, home: pd.Series[str] | None
) -> dict[str, int]:
    """How many facilities there are, and how many stand in, in an area (by `home`) or in all."""
    if area_id and home is not None:
        own = "" if area_id == OUTSIDE_ID else area_id
        facilities = facilities[home.loc[facilities.index] == own]
    stand_ins = int((facilities["stand_in_zh"] != "").sum())
    return {"n_facilities": len(facilities), "n_stand_ins": stand_ins}


def _told(
    clause: pd.Series[Any],
    base: Base,
    standard: Standard,
    facilities: gpd.GeoDataFrame,
    enough: float,
) -> dict[str, Any]:
    """What a finding says of its clause and of the data, in all areas alike."""
    told = ("category", "name_zh", "name_en", "clause", "tier", "required", "confidence")
    land = clause["denominator"] == "residential_land"
    note, note_en = finding_notes(clause, base, facilities)
    return {
        **{name: clause[name] for name in told},
        "rule": clause["distance_rule"],
        "threshold": threshold_text(clause),
        "denominator": clause["denominator"],
        "unit": "share",
        "total_unit": _UNITS.get(clause["denominator"], ""),
        "basis": basis_text(clause, base, standard, facilities, enough=enough, lang="zh"),
        "basis_en": basis_text(clause, base, standard, facilities, enough=enough, lang="en"),
        "drawn_from": drawn_from(facilities, base.demand, *([base.land] if land else [])),
        "precision_m": base.facts.get("land_precision_m" if land else "demand_precision_m", np.nan),
        "note": note,
        "note_en": note_en,
    }
