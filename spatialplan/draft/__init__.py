"""
From a plan's text to a draft of its data.

A draft holds what can be read without knowing the place: notations with the members that
the text names, circles, indicator tables, and what only looks like a structure, with the
reason. It is for a person to finish: nothing in it has a place on a map.
"""

from __future__ import annotations

from ._document import Document
from ._document import read_document
from ._draft import NEW_AREA
from ._draft import Draft
from ._draft import Found
from ._draft import draft_plan
from ._tables import Table
from ._write import require_free
from ._write import write_draft

__all__ = [
    "NEW_AREA",
    "Document",
    "Draft",
    "Found",
    "Table",
    "draft_plan",
    "read_document",
    "require_free",
    "write_draft",
]
