"""
The words of plans: structures such as 一主三副多组团, digit codes, circles and values.

Words are data (``layers/vocabulary.yaml``). A phrase is checked, never guessed: what is
not read throughout is refused with the reason.
"""

from __future__ import annotations

from ._phrase import Part
from ._phrase import Phrase
from ._phrase import PhraseError
from ._phrase import parse_phrase
from ._table_head import Column
from ._table_head import table_head
from ._value import Bound
from ._value import Value
from ._value import parse_value
from ._words import GeometryKind
from ._words import Heads
from ._words import Mode
from ._words import Reason
from ._words import Role
from ._words import facilities
from ._words import heads
from ._words import modes_in
from ._words import reasons
from ._words import roles
from ._words import verbs

__all__ = [
    "Bound",
    "Column",
    "GeometryKind",
    "Heads",
    "Mode",
    "Part",
    "Phrase",
    "PhraseError",
    "Reason",
    "Role",
    "Value",
    "facilities",
    "heads",
    "modes_in",
    "parse_phrase",
    "parse_value",
    "reasons",
    "roles",
    "table_head",
    "verbs",
]
