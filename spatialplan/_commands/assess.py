"""A standard and a prepared area in, findings and gaps out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from spatialplan import judgement
from spatialplan import report
from spatialplan._choices import COMMUNITY_ENOUGH
from spatialplan._files import replacing_file
from spatialplan._files import require_parent
from spatialplan.errors import InputError
from spatialplan.export import require_format
from spatialplan.export import write_table
from spatialplan.shortfall import gaps
from spatialplan.shortfall import worst_areas

from ._prepared import judged_by

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Judge, write report and gaps, tell the coverage; 1 if a requirement is not met."""
    target, gap_file = _targets(options)
    made, standard = judged_by(options)
    voice.stage("service")
    served = judgement.service(standard, made)
    voice.stage("findings and gaps")
    findings = judgement.assess(
        standard, made, served=served, by=options.by, community_enough=options.community_share
    )
    holes = gaps(standard, made, served)
    figures: list[report.Figure] = []
    if target.suffix.lower() == ".docx":
        from ._figure import lowest_figures  # noqa: PLC0415 - matplotlib, for this alone

        voice.stage("map")
        figures = lowest_figures(standard, made, served, findings=findings, lang=options.lang)
    voice.stage("writing")
    with replacing_file(gap_file) as draft:  # in place only if the report is, too
        write_table(holes, draft)
        report.write_findings(
            target,
            findings=findings,
            gaps=holes,
            worst=worst_areas(standard, made, served),
            sources=made.sources,
            facts=report.report_facts(standard, made, command=_command(options)),
            lang=options.lang,
            figures=figures,
        )
    overall = findings[findings["area_id"] == ""]
    for line in coverage_lines(overall, lang=options.lang):
        voice.tell(line)
    voice.tell(report.headline(findings, lang=options.lang))
    voice.tell(f"written: {target}, {gap_file}")
    return int((overall["met"] == False).any())  # noqa: E712 - None is neither


def _targets(options: argparse.Namespace) -> tuple[Path, Path]:
    """The report and the gaps, refused before any work if they cannot be written."""
    target = require_parent(options.output)
    report.require_format(target)
    gap_file = require_parent(options.gaps or target.with_name(f"{target.stem}-gaps.geojson"))
    require_format(gap_file, layer=True)
    if gap_file.resolve() == target.resolve():
        raise InputError("--gaps", str(gap_file), do="name another file than the output")
    return target, gap_file


def _command(options: argparse.Namespace) -> str:
    """The command line that repeats an assessment, without the folders of this machine."""
    words = ["spatialplan", "assess", Path(options.standard).name]
    words += ["--base", Path(options.base).resolve().name]
    for name in ("rule", "denominator"):
        if getattr(options, name) != "clause":
            words += [f"--{name}", getattr(options, name)]
    if options.by:
        words += ["--by", options.by]
    if options.community_share != COMMUNITY_ENOUGH:
        words += ["--community-share", f"{options.community_share:g}"]
    words += ["--lang", options.lang] if options.lang != "zh" else []
    return shlex.join([*words, "-o", Path(options.output).name])


def coverage_lines(overall: pd.DataFrame, *, lang: report.Lang) -> list[str]:
    """Coverage by each clause that could be measured: share, what, limit, of whom, verdict."""
    said = report.words(lang)
    lines = []
    for _, row in overall[overall["measured"].notna()].iterrows():
        share = report.share_text(row["measured"], limit=row["required"])
        counted = said["denominator." + row["denominator"]]
        verdict = {True: said["met.yes"], False: said["met.no"]}.get(row["met"], "")
        line = f"{share:>7}  {row['name_' + lang]} ({row['threshold']}, {counted})  {verdict}"
        lines.append(line.rstrip())
    return lines
