"""What a ``plan.yaml`` may hold, field by field."""

from __future__ import annotations

import re
from typing import Annotated
from typing import Literal

import pydantic

from spatialplan._yaml import StrictModel
from spatialplan.vocabulary import Mode

from ._gazetteer import Slug
from ._gazetteer import Source

Kind = Literal["layout", "hierarchy", "network", "circle", "list"]
Status = Literal["current", "target"]
Members = Literal["named", "partial", "unnamed"]
_REF = re.compile(r"[A-Z]-?\d{1,3}[a-z]?|\d[A-Z]|\d{1,2}(\.\d{1,2})+(-\d{1,3})?")


def _require_words(text: str) -> str:
    if not text.strip():
        raise ValueError("no words")
    return text


def _require_ref(text: str) -> str:
    if not _REF.fullmatch(text):
        raise ValueError(f"{text!r} names no row; allowed: such as A06, D-03, I-28b, 1C, 4.1-12")
    return text


Text = Annotated[str, pydantic.AfterValidator(_require_words)]
Refs = list[Annotated[str, pydantic.AfterValidator(_require_ref)]]
Count = Annotated[int, pydantic.Field(ge=1, le=10_000)]
OpenCount = Annotated[
    Count | None, pydantic.BeforeValidator(lambda given: None if given == "open" else given)
]
Year = Annotated[int, pydantic.Field(ge=1900, le=2100)]
Limit = Annotated[float, pydantic.Field(gt=0)]


class Gloss(StrictModel):
    """What one piece of a digit code stands for."""

    code: Text
    count: Count
    role: str


class Element(StrictModel):
    """
    One element of a structure, or `count` of them that the plan does not tell apart.

    ``count: open`` stands for a number that the text leaves open (多, 若干).
    """

    role: str
    name_zh: str
    count: OpenCount = 1
    rank: Annotated[int, pydantic.Field(ge=0, le=20)] = 0
    parent: str = ""
    place_id: str = ""
    note_zh: str = ""


class _Statement(StrictModel):
    """What every statement of a plan tells about itself."""

    refs: Refs = pydantic.Field(default_factory=list)
    source: str
    at: Text
    note_zh: str = ""


class Structure(_Statement):
    """A spatial structure: a phrase, or a list the plan gives, and its elements."""

    phrase_zh: str = ""
    name_zh: str = ""
    kind: Kind
    status: Status
    members: Members
    quote_zh: Text
    gloss: list[Gloss] = pydantic.Field(default_factory=list)
    undrawn_zh: str = ""
    elements: Annotated[dict[Slug, Element], pydantic.Field(min_length=1)]

    @pydantic.model_validator(mode="after")
    def _is_called_something(self) -> Structure:
        if not self.phrase_zh and not self.name_zh:
            raise ValueError("a structure without phrase_zh needs a name_zh")
        return self


class SetAside(StrictModel):
    """A string that looks like a structure, or counts something, and is no structure."""

    refs: Refs = pydantic.Field(default_factory=list)
    phrase_zh: Text
    reason: str
    at: Text
    count: Count = 1
    gloss: list[float] = pydantic.Field(default_factory=list)
    note_zh: str = ""


class Target(_Statement):
    """A circle of time or distance, a coverage or a presence that the plan sets."""

    phrase_zh: Text
    measure: Literal["time_circle", "distance_circle", "coverage", "presence"]
    printed_zh: str = ""
    threshold_min: Limit | None = None
    threshold_m: Limit | None = None
    code: str = ""
    mode: Mode | Literal[""] = ""
    from_zh: str = ""
    to_zh: str = ""
    categories: list[str] = pydantic.Field(default_factory=list)
    contents_zh: list[Text] = pydantic.Field(default_factory=list)
    required: Annotated[float, pydantic.Field(ge=0, le=1)] | None = None
    required_zh: str = ""
    year: Year | None = None
    status: Status
    open_zh: list[Text] = pydantic.Field(default_factory=list)
    quote_zh: Text

    @pydantic.model_validator(mode="after")
    def _has_one_limit(self) -> Target:
        if self.threshold_min is not None and self.threshold_m is not None:
            raise ValueError("either threshold_min or threshold_m")
        if (self.threshold_min or self.threshold_m) and not self.printed_zh:
            raise ValueError("a limit needs printed_zh, the limit as printed")
        return self


class Printed(StrictModel):
    """A value of an indicator as printed, and the year it is for."""

    printed: Text
    year: Year | None = None


class Indicator(_Statement):
    """A row of an indicator table, or a number stated in running text."""

    name_zh: Text
    unit: str = ""
    table_zh: str = ""
    group_zh: str = ""
    attribute: Literal["", "约束性", "预期性"] = ""
    area_zh: str = ""
    base: Printed | None = None
    target: Printed | None = None
    compare: dict[str, Text] = pydantic.Field(default_factory=dict)
    quote_zh: str = ""

    @pydantic.model_validator(mode="after")
    def _has_a_value_and_a_place(self) -> Indicator:
        if self.base is None and self.target is None:
            raise ValueError("an indicator has a base, a target or both")
        if not self.table_zh and not self.quote_zh:
            raise ValueError("an indicator outside a table needs its quote_zh")
        if self.base and self.target and (self.base.year or 0) > (self.target.year or 9999):
            raise ValueError(f"base is of {self.base.year}, target of {self.target.year}")
        return self


class PlanFile(StrictModel):
    """A whole ``plan.yaml``."""

    plan_id: Slug
    title_zh: Text
    title_en: str = ""
    area_id: Slug
    period_zh: str = ""
    sources: dict[str, Source]
    structures: dict[Slug, Structure] = pydantic.Field(default_factory=dict)
    set_aside: dict[Slug, SetAside] = pydantic.Field(default_factory=dict)
    targets: dict[Slug, Target] = pydantic.Field(default_factory=dict)
    indicators: dict[Slug, Indicator] = pydantic.Field(default_factory=dict)
    notes: dict[Text, Text] = pydantic.Field(default_factory=dict)
