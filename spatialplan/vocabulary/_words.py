"""What stands in ``layers/vocabulary.yaml``."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING
from typing import Literal

import pydantic

from spatialplan._files import data_folder
from spatialplan._yaml import StrictModel
from spatialplan._yaml import read_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

GeometryKind = Literal["point", "line", "polygon"]
Mode = Literal["walk", "bike", "drive", "transit", "rail", "freight"]


class Role(StrictModel):
    """
    One role of an element in a structure.

    Attributes
    ----------
    words
        Chinese words that name it, the usual one first; none for members of lists.
    name_zh
        Chinese name of a role without words.
    name_en
        English name.
    geometry
        Kinds of geometry it may have, the usual one first; empty: none.
    each
        A unit or thing of which there are many, so that 一镇一园 says "each town has a
        park" and counts nothing.
    """

    words: list[str]
    name_zh: str = ""
    name_en: str
    geometry: list[GeometryKind]
    each: bool = False

    @pydantic.model_validator(mode="after")
    def _has_one_chinese_name(self) -> Role:
        if bool(self.words) == bool(self.name_zh):
            raise ValueError("a role has words, the first its name, or else a name_zh")
        return self

    @property
    def word_zh(self) -> str:
        """What it is called in legends."""
        return self.name_zh or self.words[0]


class Reason(StrictModel):
    """Why a string is no spatial structure, in both languages."""

    name_zh: str
    name_en: str


class LookAlike(StrictModel):
    """What the grammar alone would accept: the key of the reason, and what it really is."""

    reason: str
    about: str


class Heads(StrictModel):
    """
    Words that follow a notation.

    Attributes
    ----------
    whole
        Endings of spatial heads that name the whole: 格局, 结构 ...
    spatial
        They say that it is about space: 空间结构, 路网 ...
    other
        They say that it is not: 工程, 机制 ...
    """

    whole: list[str]
    spatial: list[str]
    other: list[str]


class Vocabulary(StrictModel):
    """The whole file."""

    roles: dict[str, Role]
    reasons: dict[str, Reason]
    look_alikes: dict[str, LookAlike]
    idioms: list[str]
    verbs: list[str]
    reach: list[str]
    facilities: list[str]
    modes: dict[Mode, list[str]]
    heads: Heads

    @pydantic.model_validator(mode="after")
    def _is_consistent(self) -> Vocabulary:
        words = [word for role in self.roles.values() for word in role.words]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"words of two roles: {', '.join(twice)}")
        unknown = {entry.reason for entry in self.look_alikes.values()} - set(self.reasons)
        if unknown:
            raise ValueError(f"unknown reasons: {', '.join(sorted(unknown))}")
        return self


def roles() -> Mapping[str, Role]:
    """
    Every role of ``layers/vocabulary.yaml`` by its key.

    Examples
    --------
    >>> roles()["axis"].geometry
    ['line', 'polygon']
    """
    return vocabulary().roles


def reasons() -> Mapping[str, Reason]:
    """
    Every reason for which a string is no spatial structure, by its key.

    Examples
    --------
    >>> reasons()["place_name"].name_en
    'the name of a place'
    """
    return vocabulary().reasons


def heads() -> Heads:
    """
    Words after a notation that speak for space, and words that speak against it.

    Examples
    --------
    >>> "空间结构" in heads().spatial, "工程" in heads().other
    (True, True)
    """
    return vocabulary().heads


def verbs() -> Sequence[str]:
    """
    Verbs that may stand after the elements of a structure.

    Examples
    --------
    >>> "引领" in verbs()
    True
    """
    return vocabulary().verbs


def facilities() -> Sequence[str]:
    """
    Words for what people go to.

    Examples
    --------
    >>> "小学" in facilities()
    True
    """
    return vocabulary().facilities


def modes_in(text: str) -> list[Mode]:
    """
    Modes of travel that a text names; a stop or station (站) is a place, not a way to go.

    Examples
    --------
    >>> modes_in("步行15分钟到地铁站"), modes_in("乘地铁30分钟"), modes_in("15分钟生活圈")
    (['walk'], ['transit'], [])
    """
    return [
        mode
        for mode, words in vocabulary().modes.items()
        if re.search(f"(?:{'|'.join(map(re.escape, words))})(?!车?站)", text)
    ]


@functools.cache
def vocabulary() -> Vocabulary:
    """Read the file once."""
    return read_model(data_folder("layers") / "vocabulary.yaml", Vocabulary)
