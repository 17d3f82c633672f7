"""What the map of one plan shows, or of several together."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from spatialplan.cartography import map_content
from spatialplan.errors import InputError

from ._backdrop import backdrop_layers
from ._layers import main_structure
from ._layers import structure_groups
from ._layers import structure_layers
from ._tables import plan_tables
from ._words import page_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan.plan import Plan


def plan_content(plans: Sequence[Plan], *, title: str = "", lang: str = "zh") -> dict[str, Any]:
    """
    What plans say about space, as the content of a map.

    Parameters
    ----------
    plans
        One plan, or several for an overview.
    title
        Heading; the plan's title if not given.
    lang
        ``zh`` or ``en``: the language the page opens in.

    Returns
    -------
    dict
        The content, as `cartography.map_content` gives it. Each structure is a group of layers, one
        for each role; the main structure of each plan shows when the page opens.

    Raises
    ------
    InputError
        If there is no plan, or one twice, or no element of any has a geometry.

    Examples
    --------
    >>> from spatialplan.plan import read_plan
    >>> content = plan_content([read_plan("changzhou-urbanisation")])
    >>> content["title_zh"]
    '常州市新型城镇化规划（2021-2035年）'
    """
    _check(plans)
    several = len(plans) > 1
    groups: dict[str, Any] = {}
    layers = backdrop_layers(plans)
    for plan in plans:
        groups |= structure_groups(plan, section=several)
        layers += structure_layers(plan, shown=[main_structure(plan)])
    head_zh, head_en = _headline(plans, drawn=len(groups))
    first = plans[0]
    return map_content(
        layers,
        title_zh=title or ("规划空间结构总览" if several else first.title_zh),
        title_en=title or ("Structures of plans" if several else first.title_en or first.title_zh),
        headline_zh=head_zh,
        headline_en=head_en,
        notes=page_notes(plans),
        tables=plan_tables(plans),
        drawer=False,
        groups=groups,
        fields=_fields(plans),
        lang=lang,
    )


def _check(plans: Sequence[Plan]) -> None:
    ids = [plan.plan_id for plan in plans]
    if not ids:
        raise InputError("map", "no plan", do="give at least one plan")
    if repeated := sorted({one for one in ids if ids.count(one) > 1}):
        raise InputError("map", f"the plan {repeated[0]!r} twice", do="give each plan once")
    if all(plan.elements.geometry.isna().all() for plan in plans):
        raise InputError(
            plans[0].file,
            "no element has a geometry, so that there is nothing to draw",
            do="put places into places.yaml, and name them by place_id in the elements",
        )


def _headline(plans: Sequence[Plan], *, drawn: int) -> tuple[str, str]:
    structures = sum(len(plan.structures) for plan in plans)
    targets = sum(len(plan.targets) for plan in plans)
    indicators = sum(len(plan.indicators) for plan in plans)
    return (
        f"{structures} 项空间结构，{drawn} 项上图（示意）；{targets} 项目标；{indicators} 项指标",
        f"{structures} structures, {drawn} of them drawn (schematic); {targets} targets; "
        f"{indicators} indicators; names as printed, in Chinese",
    )


def _fields(plans: Sequence[Plan]) -> dict[str, str]:
    systems = dict.fromkeys(plan.elements.crs.to_string() for plan in plans)
    titles = dict.fromkeys(plan.title_zh for plan in plans)
    dates = dict.fromkeys(date for plan in plans for date in plan.sources["date"])
    values = {"crs": systems, "data_date": dates, "attribution": titles}
    return {key: "；".join(texts) for key, texts in values.items()}
