"""The standards there are, and what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan import standard as standards

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Tell a line for each standard, or for each clause of one."""
    for line in _clauses(options.standard) if options.standard else _titles():
        voice.tell(line)
    return 0


def _titles() -> list[str]:
    found = {name: standards.read_standard(name) for name in standards.list_standards()}
    return [
        f"{name:14}  {standard.title_zh}  {standard.title_en}  "
        f"({int(standard.clauses['judged'].sum())} of {len(standard.clauses)} clauses judged)"
        for name, standard in found.items()
    ]


def _clauses(name: str) -> list[str]:
    return [
        f"{clause_id:28}  {clause['tier']:>5}  "
        f"{clause['distance_rule'] if clause['judged'] else 'not judged':10}  "
        f"{clause['confidence']:2}  {clause['name_zh']}  {clause['name_en']}"
        for clause_id, clause in standards.read_standard(name).clauses.iterrows()
    ]
