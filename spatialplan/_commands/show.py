"""What plans say about space: on the console, as a document, or as layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from spatialplan._files import require_parent
from spatialplan._files import write_text
from spatialplan.export import SEVERAL
from spatialplan.export import require_format
from spatialplan.export import write_table
from spatialplan.export import write_tables
from spatialplan.register import register_table
from spatialplan.register import register_text

from ._plans import plans_of

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    import geopandas as gpd

    from spatialplan._voice import Voice
    from spatialplan.plan import Plan


_OWN = (".md", ".xlsx")
_TABLES = ("structures", "targets", "indicators", "set_aside", "sources")
_HEAD = ("plan_id", "title_zh", "title_en", "area_id", "period_zh")


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Tell a line for each statement, or write the register, or the statements as tables."""
    target = require_parent(options.output) if options.output else None
    if target and target.suffix.lower() not in _OWN:
        require_format(target, layer=True, also=_OWN)
    plans, _ = plans_of(options.plan, boundaries=options.boundaries)
    if target is None:
        for _, row in register_table(plans).iterrows():
            voice.tell("  ".join(part for part in row if part))
        return 0
    voice.tell(f"written: {target}{_write(plans, target)}")
    return 0


def _write(plans: list[Plan], target: Path) -> str:
    """Write the plans as a path's name says; return what a reader may miss in it."""
    suffix = target.suffix.lower()
    if suffix == ".md":
        write_text(target, register_text(plans))
    elif suffix in SEVERAL:
        tables = {name: _rows(plans, name) for name in _TABLES}
        write_tables(_layer(plans), tables | {"plans": _heads(plans)}, target)
    else:
        write_table(_layer(plans), target)
        return (
            f" (elements; {', '.join((*_TABLES, 'plans'))} are written to {' and '.join(SEVERAL)})"
        )
    return ""


def _rows(plans: list[Plan], name: str) -> pd.DataFrame:
    """One table of all plans; the parts of a phrase are what its words say anyway."""
    tables = [getattr(plan, name).assign(plan_id=plan.plan_id) for plan in plans]
    rows: pd.DataFrame = pd.concat(tables)
    return rows.drop(columns="parts", errors="ignore")


def _heads(plans: list[Plan]) -> pd.DataFrame:
    """What the plans are called and which area and years they are for."""
    return pd.DataFrame([{name: getattr(plan, name) for name in _HEAD} for plan in plans])


def _layer(plans: list[Plan]) -> gpd.GeoDataFrame:
    """Elements of all plans in the system of the first, each with its structure's words."""
    crs = plans[0].elements.crs
    said = ["phrase_zh", "kind", "status", "members", "undrawn_zh", "quote_zh", "at"]
    parts = [
        plan.elements.to_crs(crs)
        .join(plan.structures[said], on="structure_id")
        .assign(plan_id=plan.plan_id)
        for plan in plans
    ]
    joined: gpd.GeoDataFrame = pd.concat(parts)
    return joined.assign(undrawn_zh=joined["undrawn_zh"].where(joined.geometry.isna(), ""))
