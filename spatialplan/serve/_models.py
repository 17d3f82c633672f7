"""What may be asked, within which bounds, and what is answered."""

from __future__ import annotations

from typing import Annotated
from typing import Any
from typing import Literal

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field

from spatialplan._choices import Mode  # noqa: TC001 - pydantic reads the types of fields

MOST_MINUTES = 60.0
MOST_LIMITS = 6
MOST_BARRIERS = 20
MOST_CORNERS = 200
MOST_ADDED = 50

Lng = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, examples=[14.5120])]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, examples=[35.8970])]
Limit = Annotated[float, Field(gt=0, le=MOST_MINUTES, allow_inf_nan=False)]
Limits = Annotated[list[Limit], Field(min_length=1, max_length=MOST_LIMITS)]
Barrier = Annotated[list[tuple[Lng, Lat]], Field(min_length=2, max_length=MOST_CORNERS)]
Name = Annotated[str, Field(max_length=200)]

USUAL_MINUTES = (5.0, 10.0, 15.0)


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Added(BaseModel):
    """A facility that is not there yet."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    lng: Lng
    lat: Lat
    category: Annotated[Name, Field(examples=["primary_school"])]


class _Place(_Asked):
    lng: Lng
    lat: Lat
    mode: Mode = "walk"
    closed: Annotated[list[Barrier], Field(max_length=MOST_BARRIERS)] = Field(
        default=[], description="Lines, [[lng, lat], ...]; the streets they cross are closed."
    )


class Question(_Place):
    """A place, and the area as it is or might be."""

    standard: Annotated[Name, Field(examples=["gb50180-2018"])] = Field(
        default="", description="Whose clauses the checklist follows; none: all categories."
    )
    minutes: Limits = Field(default=[*USUAL_MINUTES], description="Limits of the bands.")
    added: Annotated[list[Added], Field(max_length=MOST_ADDED)] = []


class Target(BaseModel):
    """A row of a checklist, or any point: where a route leads."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    lng: Lng
    lat: Lat
    place_id: Name = Field(default="", description="A facility of the area; else the point counts.")
    unit: Literal["min", "m"] = Field(default="min", description="Fastest or shortest way.")


class RouteQuestion(_Place):
    """A place, and where one wants to go from there."""

    to: Target


class ExportQuestion(Question):
    """What is seen, to be written as a file."""

    format: Literal["geojson", "xlsx"]


class Fault(BaseModel):
    """Why there is no answer."""

    error: str = Field(examples=["place: 0.0,0.0 is not in malta; allowed: longitude ..."])


class Foot(BaseModel):
    """Where a place stands on the street, and how far that is from it."""

    lng: float
    lat: float
    access_m: float


class Area(BaseModel):
    """What one reaches within a limit."""

    limit_min: float
    area_km2: float
    street_km: float
    people: float


class Row(BaseModel):
    """A category or clause, and what is nearest; `present` is null where nothing was measured."""

    mode: str = Field(description="How one goes there: clauses are judged on foot.")
    id: str
    name_zh: str
    name_en: str
    rule: str
    limit: float
    unit: Literal["min", "m"]
    metres: float | None
    minutes: float | None
    present: bool | None
    place_id: str
    facility_zh: str
    facility_en: str
    lng: float | None
    lat: float | None


class Checklist(BaseModel):
    """Where a place stands, and what it has near it."""

    place: Foot
    checklist: list[Row]


class Answer(Checklist):
    """All that the page shows of a place; `bands` are GeoJSON, the largest first."""

    bands: dict[str, Any]
    areas: list[Area]
    ms: float = Field(description="Milliseconds that the computing took.")
