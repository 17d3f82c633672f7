"""What the maps of an area and of plans show, whatever draws them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from spatialplan.coverage_map import coverage_content
from spatialplan.errors import InputError
from spatialplan.errors import nearest
from spatialplan.plan import list_plans
from spatialplan.plan_map import plan_content

from ._arguments import USUAL_STANDARD
from ._plans import plans_of
from ._prepared import judged_by
from ._prepared import only_clauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatialplan._voice import Voice
    from spatialplan.base import Base


FIELDS = ("review_number", "base_map", "author", "data_date")
"""Fields of a map that the command line takes; the others are known."""


def content_of(options: argparse.Namespace, voice: Voice) -> dict[str, Any]:
    """What a map shows of an area judged by a standard, or of plans."""
    content = (_plan_content if are_plans(options.what) else _area_content)(options, voice)
    given = {name: getattr(options, name) for name in FIELDS if getattr(options, name)}
    return content | {"fields": content["fields"] | given}


def are_plans(names: list[str]) -> bool:
    """Whether plans are asked for; refuses what is neither, and an area among others."""
    others = [name for name in names if not _is_plan(name)]
    for name in others:
        if name == Path(name).name and not Path(name).exists():
            do = nearest(name, list_plans())
            raise InputError("map", f"{name!r} is neither a folder nor a plan", do=do)
    if others and len(names) > 1:
        raise InputError("map", f"{others[0]} is not a plan", do="give an area alone, or plans")
    return not others


def _is_plan(name: str) -> bool:
    path = Path(name)
    is_file = path.suffix.lower() in (".yaml", ".yml")
    return is_file or name in list_plans() or (path / "plan.yaml").is_file()


def _plan_content(options: argparse.Namespace, voice: Voice) -> dict[str, Any]:
    for name in ("standard", "rule", "denominator"):
        if getattr(options, name) not in (None, "clause"):
            raise InputError(f"--{name}", "is for a prepared area, and this is a plan")
    plans, _ = plans_of(options.what, boundaries=options.boundaries)
    voice.stage("drawing")
    return plan_content(plans, title=options.title, lang=options.lang)


def _area_content(options: argparse.Namespace, voice: Voice) -> dict[str, Any]:
    if options.boundaries:
        raise InputError("--boundaries", "is for plans; a prepared area has its own")
    own = {"base": options.what[0], "standard": options.standard or USUAL_STANDARD}
    made, standard = judged_by(argparse.Namespace(**vars(options) | own))
    standard = only_clauses(standard, getattr(options, "clause", None))
    _require_areas(made, getattr(options, "atlas", None) or ())
    voice.stage("coverage")
    return coverage_content(standard, made, title=options.title, lang=options.lang)


def _require_areas(made: Base, names: Sequence[str]) -> None:
    """Refuse names of no area before anything is computed for them."""
    known = made.area_names.values()
    for name in names:
        if name not in known:
            raise InputError("--atlas", f"no area {name!r}", do=nearest(name, list(known)))
