"""Are plans true to their words?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spatialplan._files import require_file
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.plan import check_plan
from spatialplan.plan import gazetteer_faults
from spatialplan.plan import phrases_held

from ._plans import plans_of

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice
    from spatialplan.plan import Plan

_MOST_BYTES = 50_000_000
_WITHOUT_TEXT = "names held against quotes only: --text checks quotes, tables and what is set aside"


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Tell every fault of every plan; exit 1 if there is one."""
    texts = _texts(options.text)
    plans, boundaries = plans_of(options.plan, boundaries=options.boundaries)
    count = 0
    for plan in plans:
        voice.stage(plan.plan_id)
        text = _own_text(plan, texts)
        faults = [f"{plan.file}: {fault}" for fault in check_plan(plan, text=text)]
        for fault in gazetteer_faults(plan.places, boundaries=boundaries):
            owner = plan.places.loc[fault.partition(":")[0], "owner"]
            faults.append(f"{plan.place_files[owner]}: {fault}")
        for fault in faults:
            voice.tell(fault)
        voice.tell(_summary(plan, faults, with_text=text is not None))
        count += len(faults)
    return 1 if count else 0


def _summary(plan: Plan, faults: list[str], *, with_text: bool) -> str:
    drawn = int(plan.elements.geometry.notna().sum())
    quotes = "quotes held against the text" if with_text else _WITHOUT_TEXT
    return (
        f"{plan.plan_id}: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'} in "
        f"{len(plan.structures)} structures, {len(plan.elements)} elements ({drawn} drawn), "
        f"{len(plan.targets)} targets, {len(plan.indicators)} indicators, "
        f"{len(plan.set_aside)} set aside; {quotes}"
    )


def _texts(given: str | None) -> list[str]:
    """Texts of a file, or of all ``.txt`` files of a folder."""
    if given is None:
        return []
    path = Path(given)
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    if not files:
        raise InputError(path, "no .txt file in this folder", do="name the text of the plan")
    return [_read(file) for file in files]


def _read(path: Path) -> str:
    size = require_file(path, role="text").stat().st_size
    if size > _MOST_BYTES:
        msg = f"{path}: {size:,} bytes; a plan's text may have {_MOST_BYTES:,}"
        raise LimitError(msg)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path, f"not UTF-8 at byte {error.start}", do="save it as UTF-8") from error


def _own_text(plan: Plan, texts: list[str]) -> str | None:
    """Of several texts the one that holds most of the plan's phrases."""
    held = [phrases_held(plan, text) for text in texts]
    if texts and not max(held):
        raise InputError("--text", f"no phrase of {plan.plan_id} stands in it",
                         do="name the text of this plan")  # fmt: skip
    return texts[held.index(max(held))] if texts else None
