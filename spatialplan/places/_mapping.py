"""Which facility category the tags of an OpenStreetMap object stand for."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Literal

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic import field_validator

from spatialplan._files import data_folder
from spatialplan._yaml import read_yaml
from spatialplan.categories import require_category
from spatialplan.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from collections.abc import Mapping

Tags = Annotated[dict[str, str | list[str]], Field(min_length=1)]


class Rule(BaseModel):
    """One rule of the mapping; the file says what its fields mean."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    category: str
    any: list[Tags] = Field(min_length=1)
    not_: list[Tags] = Field(default=[], alias="not")
    name_matches: str = ""
    geometry: Literal["point", "area", "any"] = "any"
    min_area_m2: float = 0.0
    max_area_m2: float = float("inf")
    unless: list[str] = []
    stand_in_zh: str = ""
    stand_in_en: str = ""
    confidence: Literal["H", "M", "L"]
    source: str

    @field_validator("name_matches")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            msg = f"not a regular expression ({error})"
            raise ValueError(msg) from error
        return pattern


class Mapped(BaseModel):
    """The whole mapping file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    never: list[Tags] = []
    gate_words: list[str] = []
    rules: list[Rule] = Field(min_length=1)

    @functools.cached_property
    def by_key(self) -> dict[str, list[int]]:
        """Numbers of the rules that look at a tag key first; without such a key none applies."""
        found: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for key in {next(iter(tags)) for tags in rule.any}:
                found.setdefault(key, []).append(number)
        return found


def read_mapping(path: str | os.PathLike[str] | None = None) -> Mapped:
    """
    Read and check a mapping file; without `path` the one that comes with the package.

    Raises
    ------
    InputError
        If the file is no such mapping or names an unknown category.
    """
    file = path or data_folder("layers") / "facilities" / "osm.yaml"
    try:
        mapping = Mapped.model_validate(read_yaml(file))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(file, str(first["msg"]), where=where) from error
    for number, rule in enumerate(mapping.rules, start=1):
        for category in (rule.category, *rule.unless):
            require_category(category, source=file, where=f"rule {number}")
        if bool(rule.stand_in_zh) != bool(rule.stand_in_en):
            raise InputError(file, "a stand-in told in one language only", where=f"rule {number}",
                             do="give stand_in_zh and stand_in_en")  # fmt: skip
    return mapping


def matching_rules(
    mapping: Mapped, tags: Mapping[str, str], *, name: str, is_area: bool, area_m2: float
) -> Iterator[Rule]:
    """Yield the rules that an object fulfils, in the order of the file."""
    numbers = {number for key in tags for number in mapping.by_key.get(key, ())}
    if not numbers or any(_fits(tags, entry) for entry in mapping.never):
        return
    given: set[str] = set()
    for number in sorted(numbers):
        rule = mapping.rules[number]
        if (
            any(_fits(tags, entry) for entry in rule.any)
            and not given.intersection(rule.unless)
            and not any(_fits(tags, entry) for entry in rule.not_)
            and re.search(rule.name_matches, name)
            and _has_shape(rule, is_area=is_area, area_m2=area_m2)
        ):
            given.add(rule.category)
            yield rule


def osm_name(tags: Mapping[str, str]) -> str:
    """Name of an object: the Chinese one, else the local one, else empty."""
    return tags.get("name:zh") or tags.get("name") or ""


def _fits(tags: Mapping[str, str], entry: Mapping[str, str | list[str]]) -> bool:
    """Whether `tags` carry every key of `entry` with one of its values."""
    return all(key in tags and _holds(tags[key], wanted) for key, wanted in entry.items())


def _holds(value: str, wanted: str | list[str]) -> bool:
    if wanted == "*":
        return True
    parts = {part.strip() for part in value.split(";")}
    return not parts.isdisjoint([wanted] if isinstance(wanted, str) else wanted)


def _has_shape(rule: Rule, *, is_area: bool, area_m2: float) -> bool:
    if rule.geometry != "any" and is_area != (rule.geometry == "area"):
        return False
    if not is_area:
        return rule.min_area_m2 == 0 and rule.max_area_m2 == float("inf")
    return rule.min_area_m2 <= area_m2 < rule.max_area_m2
