"""What a report of an assessment says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan._version import __version__
from spatialplan.network import REACH_M

if TYPE_CHECKING:
    from spatialplan.base import Base
    from spatialplan.standard import Standard

    from ._content import Facts


def report_facts(standard: Standard, base: Base, *, command: str = "") -> Facts:
    """
    Titles, versions, notes and warnings for the report of a base judged by a standard.

    Parameters
    ----------
    standard, base
        What was judged, and by what.
    command
        The command that made the report, to repeat it by.

    Returns
    -------
    Facts
        As `write_findings` takes them.
    """
    far = [[note] if note else [] for note in far_note(base)]
    return {
        "title_zh": f"{base.title('zh')} 公共服务设施覆盖评估",
        "title_en": f"Service coverage of {base.title('en')}",
        "area_id": base.area_id,
        "standard_zh": standard.title_zh,
        "standard_en": standard.title_en,
        "date": "；".join(
            dict.fromkeys(str(source["date"]) for source in base.sources if source["date"])
        ),
        "version": __version__,
        "command": command,
        "warnings_zh": far[0],
        "warnings_en": far[1],
        "notes_zh": standard.notes_zh,
        "notes_en": standard.notes_en,
    }


def far_note(base: Base) -> tuple[str, str]:
    """How much lies farther than `REACH_M` from any street, in Chinese and English; or ""."""
    far = base.unlocated
    if far.empty:
        return "", ""
    facilities = int((far["kind"] == "facility").sum())
    people = float(far.loc[far["kind"] == "people", "population"].sum())
    return (
        f"距道路超过 {REACH_M:g} m：{people:,.0f} 人、{facilities} 处设施"
        "（列于基础数据的 unlocated 表，仍按实际距离计入）",
        f"farther than {REACH_M:g} m from any street: {people:,.0f} people, "
        f"{facilities} facilities (listed in table unlocated of the base; "
        "counted with their real distance)",
    )
