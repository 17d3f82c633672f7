"""What a ``places.yaml`` may hold under ``drawn``: one entry for each operator, with its fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Any
from typing import ClassVar
from typing import Literal

import pydantic
from shapely import Geometry

from spatialplan._yaml import StrictModel

from . import _operators
from ._operators import Direction
from ._operators import Side
from ._town_circles import Take
from ._town_circles import town_circles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

Kind = Literal[
    "city", "district", "county", "seat", "town", "subdistrict", "village", "place", "station",
    "hub", "airport", "port", "lake", "river", "hill", "park", "junction", "bridge", "heritage",
    "facility", "resort", "axis", "belt", "railway", "metro_line", "expressway", "road",
]  # fmt: skip
Text = Annotated[str, pydantic.Field(min_length=1)]
Metres = Annotated[float, pydantic.Field(gt=0, le=500_000)]
Count = Annotated[int, pydantic.Field(ge=1, le=100)]
One = Annotated[list[str], pydantic.Field(min_length=1)]
Two = Annotated[list[str], pydantic.Field(min_length=2)]
Three = Annotated[list[str], pydantic.Field(min_length=3)]


class Named(StrictModel):
    """What every place tells about itself."""

    name_zh: Text
    aliases_zh: list[Text] = pydantic.Field(default_factory=list)
    kind: Kind = "place"
    precision_m: Metres
    note_zh: str = ""


_TOLD = {*Named.model_fields, "operator", "code"}
"""Fields that tell of a shape, not how it is drawn."""


class SideOf(StrictModel):
    """One side of a line."""

    line: str
    side: Side


class Drawn(Named):
    """A shape that an operator draws; a subclass has the operator's parameters as fields."""

    drawn_through: ClassVar[tuple[str, ...]] = ("places",)
    """Fields that hold identifiers of places."""

    shape: ClassVar[Callable[..., Geometry]]
    """The operator: takes those fields as geometry in metres, the others as they are."""

    def anchors(self) -> list[tuple[str, str]]:
        """Field and identifier of every place that the shape is drawn from."""
        return [(field, name) for field in self.drawn_through
                for name in _names(getattr(self, field))]  # fmt: skip

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """Draw the shape from the places known so far."""
        given = {
            name: _placed(value, known) if name in self.drawn_through else value
            for name, value in self
            if name not in _TOLD and value is not None
        }
        return self.shape(**given)


def _names(value: Any) -> list[str]:
    """Identifiers of places in the value of a field."""
    if isinstance(value, list):
        return [name for part in value for name in _names(part)]
    if isinstance(value, SideOf):
        return [value.line]
    return [] if value is None else [value]


def _placed(value: Any, known: Mapping[str, Geometry]) -> Any:
    """The value of a field, with geometry for identifiers."""
    if isinstance(value, list):
        return [_placed(part, known) for part in value]
    if isinstance(value, SideOf):
        return known[value.line], value.side
    return known[value]


def _ring(
    places: Sequence[Geometry] = (),
    around: Geometry | None = None,
    radii_m: Sequence[float] = (),
) -> Geometry:
    return _operators.ring(places) if around is None else _operators.circles(around, radii_m)


def _radials(
    centre: Geometry,
    count: int,
    rings: Geometry | None = None,
    inner_m: float = 0,
    outer_m: float = 0,
) -> Geometry:
    if rings is None:
        return _operators.radials(centre, count, inner_m=inner_m, outer_m=outer_m)
    return _operators.radials_of_rings(centre, count, rings)


class Line(Drawn):
    """A line through places."""

    shape = staticmethod(_operators.line)
    operator: Literal["line"]
    places: Two


class Band(Drawn):
    """A strip along a line."""

    drawn_through = ("along",)
    shape = staticmethod(_operators.band)
    operator: Literal["band"]
    along: str
    width_m: Metres


class Ring(Drawn):
    """A closed line through places, or circles around one."""

    drawn_through = ("places", "around")
    shape = staticmethod(_ring)
    operator: Literal["ring"]
    places: Three | None = None
    around: str | None = None
    radii_m: Annotated[list[Metres], pydantic.Field(min_length=1)] | None = None

    @pydantic.model_validator(mode="after")
    def _is_one_or_the_other(self) -> Ring:
        missing = (self.places is None, self.around is None, self.radii_m is None)
        if missing not in ((False, True, True), (True, False, False)):
            raise ValueError("a ring takes places, or around and radii_m")
        return self


class Radials(Drawn):
    """Lines outwards from a centre, through rings or of a given length."""

    drawn_through = ("centre", "rings")
    shape = staticmethod(_radials)
    operator: Literal["radials"]
    centre: str
    count: Count
    rings: str | None = None
    inner_m: Annotated[float, pydantic.Field(ge=0)] | None = None
    outer_m: Metres | None = None

    @pydantic.model_validator(mode="after")
    def _is_one_or_the_other(self) -> Radials:
        missing = (self.rings is None, self.inner_m is None, self.outer_m is None)
        if missing not in ((False, True, True), (True, False, False)):
            raise ValueError("radials take rings, or inner_m and outer_m")
        if self.inner_m is not None and self.outer_m is not None and self.inner_m >= self.outer_m:
            raise ValueError("inner_m must be less than outer_m")
        return self


class Parallels(Drawn):
    """Lines across an area."""

    drawn_through = ("over", "ends_at")
    shape = staticmethod(_operators.parallels)
    operator: Literal["parallels"]
    over: str
    count: Count
    direction: Direction
    shift_m: Annotated[float, pydantic.Field(ge=-500_000, le=500_000)] = 0
    ends_at: str | None = None


class Discs(Drawn):
    """Discs around places."""

    shape = staticmethod(_operators.discs)
    operator: Literal["discs"]
    places: One
    radius_m: Metres


class Hull(Drawn):
    """Convex hull of discs around places."""

    shape = staticmethod(_operators.hull)
    operator: Literal["hull"]
    places: One
    radius_m: Metres


class Union(Drawn):
    """A composite of shapes."""

    shape = staticmethod(_operators.union)
    operator: Literal["union"]
    places: One
    radius_m: Metres | None = None


class Polygon(Drawn):
    """An area whose outline runs through places."""

    shape = staticmethod(_operators.polygon)
    operator: Literal["polygon"]
    places: Three


class Between(Drawn):
    """What lies between lines."""

    drawn_through = ("sides", "centre")
    shape = staticmethod(_operators.between)
    operator: Literal["between"]
    sides: Annotated[list[SideOf], pydantic.Field(min_length=1)]
    centre: str
    size_m: Metres


class TownCircles(Drawn):
    """Towns grouped to circles along transport lines."""

    drawn_through = ("towns", "core", "graph")
    shape = staticmethod(town_circles)
    operator: Literal["town_circles"]
    towns: Two
    count: Annotated[int, pydantic.Field(ge=2)]
    core: str
    take: Take
    share: Count | None = None
    graph: One

    @pydantic.model_validator(mode="after")
    def _has_as_many(self) -> TownCircles:
        if self.count > len(self.towns) or (self.share or 0) > self.count:
            raise ValueError("count is at most the number of towns, share at most count")
        if (self.take == "all") != (self.share is None):
            raise ValueError("nearer and outer take a share, all takes none")
        return self


class Satellites(Drawn):
    """Points around a centre, for what is only counted."""

    drawn_through = ("centre",)
    shape = staticmethod(_operators.satellites)
    operator: Literal["satellites"]
    centre: str
    count: Count
    radius_m: Metres


def _require_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]+", text):
        raise ValueError(f"{text!r} is no code of a division; allowed: digits, such as 320404")
    return text


class District(Drawn):
    """A division: the user's own polygon where there is one, else a disc around its seat."""

    shape = staticmethod(_operators.discs)
    operator: Literal["district"]
    code: Annotated[str, pydantic.AfterValidator(_require_code)]
    places: Annotated[list[str], pydantic.Field(min_length=1, max_length=1)]
    radius_m: Metres


Entry = Annotated[
    Line | Band | Ring | Radials | Parallels | Discs | Hull | Union | Polygon | Between
    | TownCircles | Satellites | District,
    pydantic.Field(discriminator="operator"),
]  # fmt: skip
