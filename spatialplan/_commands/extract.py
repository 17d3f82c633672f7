"""A plan's text in, a draft of its data out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spatialplan.draft import NEW_AREA
from spatialplan.draft import draft_plan
from spatialplan.draft import read_document
from spatialplan.draft import require_free
from spatialplan.draft import write_draft
from spatialplan.plan import read_gazetteer

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Read a document and write the draft."""
    require_free(options.output)
    if options.area:
        read_gazetteer(options.area)  # an unknown area is told before the work
    voice.stage("reading")
    document = read_document(options.file)
    draft = draft_plan(
        document,
        plan_id=options.plan_id,
        title_zh=options.title,
        area_id=options.area or NEW_AREA,
    )
    write_draft(draft, options.output)
    content = draft.content
    voice.tell(
        f"{content['title_zh']}: {len(content['structures'])} structures, "
        f"{len(content['targets'])} circles, {len(content['indicators'])} indicators, "
        f"{len(content['set_aside'])} set aside"
    )
    voice.tell(f"written: {options.output}; draft.md says what needs a person")
    return 0
