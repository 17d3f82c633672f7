"""One value with all that a page needs to answer a click."""

from __future__ import annotations

import base64
import gzip
import logging
from typing import TYPE_CHECKING
from typing import Any

from spatialplan._choices import MODE_NAMES
from spatialplan._choices import MOST_MINUTES
from spatialplan.errors import InputError
from spatialplan.network import ACCESS_SPEED_KMH
from spatialplan.network import REACH_M
from spatialplan.travel import several

from ._facilities import category_list
from ._facilities import category_rows
from ._facilities import pack_facilities
from ._projection import projection_facts
from ._streets import pack_streets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan.base import Base

_log = logging.getLogger(__name__)


def walk_graph(
    base: Base,
    *,
    mode: str = "walk",
    categories: Sequence[str] | None = None,
    minutes: Sequence[float] = (5, 10, 15),
) -> dict[str, Any]:
    """
    The streets and facilities of a base, packed for a page that answers clicks by itself.

    Whoever has the page has the street network: ``note_zh`` and ``note_en`` say so, and
    belong among the notes of the map. Every cost is that of the network, unit for unit;
    lines are told in whole centimetres, which may move the foot of a place on its street
    by one.

    Parameters
    ----------
    base
        A prepared area.
    mode
        One of its networks.
    categories
        Of the facilities to go with it; all that the base has, if not given.
    minutes
        Limits of the bands, ascending; a page searches no farther than the last.

    Returns
    -------
    dict
        Plain values: ``modes``, ``minutes``, ``categories`` (id, names, colour),
        ``projection``, ``access_kmh``, ``reach_m``, ``counts``, ``names`` of facilities,
        ``block`` (gzip and base64), ``note_zh``, ``note_en``.

    Raises
    ------
    InputError
        If the base has no such mode, a category is not known, the minutes do not ascend,
        or its system is neither CGCS2000 in a zone of Gauss and Krueger nor UTM.
    """
    if mode not in base.networks:
        raise InputError("mode", repr(mode), allowed=", ".join(base.networks))
    limits = _ascending(minutes)
    network = base.networks[mode]
    chosen = category_list(base.facilities, categories)
    projection = projection_facts(base.crs)
    streets = pack_streets(network)
    facilities, facts = pack_facilities(base.facilities, chosen, network, streets)
    block = gzip.compress(streets.block + facilities, mtime=0)
    text = base64.b64encode(block).decode("ascii")
    nodes = streets.facts["nodes"]
    _log.info("streets in the page: %d nodes, %.2f MB, %.1f bytes a node",
              nodes, len(text) / 1e6, len(text) / nodes)  # fmt: skip
    name_zh, name_en = MODE_NAMES[mode]
    return {
        "modes": [{"id": mode, "name_zh": name_zh, "name_en": name_en}],
        "minutes": limits,
        "categories": category_rows(chosen),
        "projection": projection,
        "access_kmh": ACCESS_SPEED_KMH,
        "reach_m": REACH_M,
        "names": facts.pop("names"),
        "counts": {**streets.facts, **facts},
        "block": text,
        "note_zh": f"本页内含全部{name_zh}路网（{nodes:,} 个节点）与设施位置："
        "转发页面即转发这些数据。",
        "note_en": f"This page contains the whole {name_en.lower()} network ({nodes:,} nodes) and "
        "the places of facilities: whoever has the page has these data.",
    }


def _ascending(minutes: object) -> list[float]:
    """Limits of bands, as given."""
    limits: list[float] = []
    for one in several(minutes, "minutes"):
        last = limits[-1] if limits else 0.0
        if not isinstance(one, int | float) or not last < one <= MOST_MINUTES:
            allowed = f"ascending numbers above 0, at most {MOST_MINUTES:g}"
            raise InputError("minutes", f"{one!r}", allowed=allowed)
        limits.append(one)
    if not limits:
        raise InputError("minutes", "none", do="name at least one")
    return limits
