"""What a ``places.yaml`` may hold under ``drawn``: one entry for each operator, with its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated
from typing import ClassVar
from typing import Literal

import pydantic

from spatialplan._yaml import StrictModel

from . import _operators
from ._operators import Direction
from ._operators import Side
from ._town_circles import Take
from ._town_circles import town_circles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from shapely import Geometry

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


class Drawn(Named):
    """
    A shape that an operator draws from other places.

    Every subclass has the fields of its operator, and ``draw``: its shape from the
    geometry, in metres, of the places known so far.
    """

    drawn_through: ClassVar[tuple[str, ...]] = ("places",)
    """Fields that hold identifiers of places."""

    def anchors(self) -> list[tuple[str, str]]:
        """Field and identifier of every place that the shape is drawn from."""
        return [(field, name) for field in self.drawn_through for name in self._names(field)]

    def _names(self, field: str) -> list[str]:
        value = getattr(self, field)
        if value is None:
            return []
        return [value] if isinstance(value, str) else list(value)


class Line(Drawn):
    """A line through places."""

    operator: Literal["line"]
    places: Two

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.line`."""
        return _operators.line(_of(known, self.places))


class Band(Drawn):
    """A strip along a line."""

    drawn_through = ("along",)
    operator: Literal["band"]
    along: str
    width_m: Metres

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.band`."""
        return _operators.band(known[self.along], self.width_m)


class Ring(Drawn):
    """A closed line through places, or circles around one."""

    drawn_through = ("places", "around")
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

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.ring` and `_operators.circles`."""
        if self.around is not None and self.radii_m is not None:
            return _operators.circles(known[self.around], self.radii_m)
        return _operators.ring(_of(known, self.places or []))


class Radials(Drawn):
    """Lines outwards from a centre, through rings or of a given length."""

    drawn_through = ("centre", "rings")
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

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.radials` and `_operators.radials_of_rings`."""
        centre = known[self.centre]
        if self.inner_m is not None and self.outer_m is not None:
            ends = {"inner_m": self.inner_m, "outer_m": self.outer_m}
            return _operators.radials(centre, self.count, **ends)
        return _operators.radials_of_rings(centre, self.count, known[self.rings or ""])


class Parallels(Drawn):
    """Lines across an area."""

    drawn_through = ("over",)
    operator: Literal["parallels"]
    over: str
    count: Count
    direction: Direction

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.parallels`."""
        return _operators.parallels(known[self.over], self.count, self.direction)


class Discs(Drawn):
    """Discs around places."""

    operator: Literal["discs"]
    places: One
    radius_m: Metres

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.discs`."""
        return _operators.discs(_of(known, self.places), self.radius_m)


class Hull(Drawn):
    """Convex hull of discs around places."""

    operator: Literal["hull"]
    places: One
    radius_m: Metres

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.hull`."""
        return _operators.hull(_of(known, self.places), self.radius_m)


class Union(Drawn):
    """A composite of shapes."""

    operator: Literal["union"]
    places: One
    radius_m: Metres | None = None

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.union`."""
        return _operators.union(_of(known, self.places), radius_m=self.radius_m)


class Polygon(Drawn):
    """An area whose outline runs through places."""

    operator: Literal["polygon"]
    places: Three

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.polygon`."""
        return _operators.polygon(_of(known, self.places))


class SideOf(StrictModel):
    """One side of a line."""

    line: str
    side: Side


class Between(Drawn):
    """What lies between lines."""

    drawn_through = ("sides", "centre")
    operator: Literal["between"]
    sides: Annotated[list[SideOf], pydantic.Field(min_length=1)]
    centre: str
    size_m: Metres

    def _names(self, field: str) -> list[str]:
        return [own.line for own in self.sides] if field == "sides" else super()._names(field)

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.between`."""
        sides = [(known[own.line], own.side) for own in self.sides]
        return _operators.between(sides, known[self.centre], self.size_m)


class TownCircles(Drawn):
    """Towns grouped to circles along transport lines."""

    drawn_through = ("towns", "core", "graph")
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

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_town_circles.town_circles`."""
        return town_circles(
            _of(known, self.towns),
            known[self.core],
            _of(known, self.graph),
            count=self.count,
            take=self.take,
            share=self.share,
        )


class Satellites(Drawn):
    """Points around a centre, for what is only counted."""

    drawn_through = ("centre",)
    operator: Literal["satellites"]
    centre: str
    count: Count
    radius_m: Metres

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.satellites`."""
        return _operators.satellites(known[self.centre], self.count, self.radius_m)


class District(Drawn):
    """A division: the user's own polygon where there is one, else a disc around its seat."""

    operator: Literal["district"]
    code: Annotated[str, pydantic.Field(pattern=r"^\d+$")]
    places: Annotated[list[str], pydantic.Field(min_length=1, max_length=1)]
    radius_m: Metres

    def draw(self, known: Mapping[str, Geometry]) -> Geometry:
        """See `_operators.discs`."""
        return _operators.discs(_of(known, self.places), self.radius_m)


Entry = Annotated[
    Line | Band | Ring | Radials | Parallels | Discs | Hull | Union | Polygon | Between
    | TownCircles | Satellites | District,
    pydantic.Field(discriminator="operator"),
]  # fmt: skip


def _of(known: Mapping[str, Geometry], places: Iterable[str]) -> list[Geometry]:
    return [known[name] for name in places]
