"""The HTTP face of the explorer: a page, questions, faults as one line."""

from __future__ import annotations

import contextlib
import json
import logging
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import FastAPI
from fastapi import Query
from fastapi import Request
from fastapi import Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from spatialplan._choices import Mode  # noqa: TC001 - FastAPI reads the types of its functions
from spatialplan._version import __version__
from spatialplan.coverage_map import coverage_content
from spatialplan.errors import BusyError
from spatialplan.errors import LimitError
from spatialplan.errors import NotFoundError
from spatialplan.errors import OutputError
from spatialplan.errors import SpatialPlanError
from spatialplan.webmap import draw_map

from ._desk import Desk
from ._explorer import Explorer
from ._guard import Guard
from ._guard import fault
from ._models import USUAL_MINUTES
from ._models import Answer
from ._models import Checklist
from ._models import ExportQuestion
from ._models import Fault
from ._models import Lat
from ._models import Limits
from ._models import Lng
from ._models import Name
from ._models import Question
from ._models import RouteQuestion
from ._page import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from collections.abc import Sequence

    from spatialplan.base import Base
    from spatialplan.standard import Standard

_log = logging.getLogger(__name__)

_DESCRIPTION = """\
What a place has around it, along the streets of one prepared area. Degrees are WGS 84,
longitude first. Every answer is computed by the functions that the command line calls.
Errors are `{"error": "one line"}`.
"""
_FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"model": Fault, "description": "The question cannot be answered as it stands."},
    403: {"model": Fault, "description": "Asked under another host name, or by another site."},
    404: {"model": Fault, "description": "There is no such thing, or no way."},
    408: {"model": Fault, "description": "The question did not arrive in time."},
    413: {"model": Fault, "description": "The question is too large, or asks for too much."},
    503: {"model": Fault, "description": "Too many questions at once, or no answer in time."},
    "default": {"model": Fault, "description": "Anything else that went wrong."},
}
_GEOJSON = {"application/geo+json": {"schema": {"type": "object"}}}
_FILES = {
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def create_app(
    base: Base,
    *,
    standard: Standard,
    others: Sequence[Standard] = (),
    lang: str = "zh",
    desk: Desk | None = None,
) -> FastAPI:
    """
    The explorer of a prepared area.

    Parameters
    ----------
    base
        A prepared area with streets of mode ``walk``; its other modes can be chosen.
    standard
        Whose coverage the page shows, and whose clauses a click is first judged by.
    others
        Further standards to choose from.
    lang
        ``zh`` or ``en``: the language the page opens in.
    desk
        How many questions are answered at a time, and how long one may take.

    Returns
    -------
    FastAPI
        For `run_app`, or any ASGI server that listens on this machine alone: there is no
        password, and requests under other names than 127.0.0.1 and localhost are refused.
        Questions are answered at once; the page says what is done until it is drawn.

    Raises
    ------
    InputError
        If the base has no walking streets.
    """
    desk = desk or Desk()
    chosen = {one.standard_id: one for one in (standard, *others)}
    explorer = Explorer(base, list({standard.standard_id: standard, **chosen}.values()))
    explorer.warm_up()

    def draw() -> str:
        content = coverage_content(standard, base, lang=lang)
        return draw_map({**content, "server": explorer.area()})

    page = Page(draw)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()

    app = FastAPI(
        title=f"spatialplan explorer: {base.area_id}",
        description=_DESCRIPTION,
        version=__version__,
        docs_url=None,  # it would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        responses=_FAULTS,
    )
    app.include_router(_api(explorer, desk), prefix="/api")
    app.add_middleware(Guard)
    _tell_faults(app)

    @app.get("/favicon.ico", include_in_schema=False)
    async def _icon() -> Response:
        return Response(status_code=204)  # browsers ask for one, and would complain of a 404

    @app.get("/", include_in_schema=False)
    async def page_of_the_explorer() -> Response:
        return page.answer()

    return app


def _api(explorer: Explorer, desk: Desk) -> APIRouter:
    api = APIRouter()
    _questions(api, explorer, desk)
    _addresses(api, explorer, desk)
    return api


def _questions(api: APIRouter, explorer: Explorer, desk: Desk) -> None:
    """Add what the page asks: questions with a body."""

    @api.post("/answer", response_model=Answer)
    async def answer(asked: Question, request: Request) -> Response:
        """All that the page shows of a place: bands, who lives there, what is near."""
        return _json(await desk.answer(request, lambda: explorer.answer(asked)))

    @api.post("/route", responses={200: {"content": _GEOJSON}})
    async def route(asked: RouteQuestion, request: Request) -> Response:
        """The way to a row of a checklist, or to a point, as a GeoJSON line."""
        return _json(await desk.answer(request, lambda: explorer.route(asked)), _FILES["geojson"])

    @api.post("/export", responses={200: {"content": {kind: {} for kind in _FILES.values()}}})
    async def export(asked: ExportQuestion, request: Request) -> Response:
        """What is seen of a place as a file: GeoJSON, or a workbook with its basis."""
        found = await desk.answer(request, lambda: explorer.exported(asked))
        name = f'attachment; filename="explorer.{asked.format}"'
        headers = {"Content-Disposition": name}
        return Response(found, media_type=_FILES[asked.format], headers=headers)


def _addresses(api: APIRouter, explorer: Explorer, desk: Desk) -> None:
    """Add what scripts ask: questions that are an address."""

    @api.get("/area")
    async def area() -> Response:
        """What there is to choose from: modes, standards, categories, and the extent."""
        return _json(explorer.area())

    @api.get("/isochrone", responses={200: {"content": _GEOJSON}})
    async def isochrone(
        request: Request, lng: Lng, lat: Lat, mode: Mode = "walk",
        minutes: Annotated[Limits, Query()] = [*USUAL_MINUTES],  # noqa: B006
    ) -> Response:  # fmt: skip
        """Areas in reach as GeoJSON, the same as the command `isochrone` writes."""
        asked = Question(lng=lng, lat=lat, mode=mode, minutes=minutes)
        found = await desk.answer(request, lambda: explorer.isochrone(asked))
        return Response(found, media_type=_FILES["geojson"])

    @api.get("/checklist", response_model=Checklist)
    async def checklist(
        request: Request, lng: Lng, lat: Lat, mode: Mode = "walk", standard: Name = ""
    ) -> Response:
        """What a place has near it, by the clauses of a standard or by category."""
        asked = Question(lng=lng, lat=lat, mode=mode, standard=standard)
        return _json(await desk.answer(request, lambda: explorer.checklist(asked)))


def _json(content: Any, media_type: str = "application/json") -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(text, media_type=media_type)


def _tell_faults(app: FastAPI) -> None:
    """Say what is wrong in one line, whoever noticed it."""

    @app.exception_handler(SpatialPlanError)
    async def refused(_: Request, error: SpatialPlanError) -> Response:
        known = {NotFoundError: 404, LimitError: 413, BusyError: 503, OutputError: 500}
        status = next((code for kind, code in known.items() if isinstance(error, kind)), 400)
        return fault(status, str(error))

    @app.exception_handler(RequestValidationError)
    async def misunderstood(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query"))
        return fault(400, f"{where or 'request'}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def answered(_: Request, error: HTTPException) -> Response:
        return fault(error.status_code, str(error.detail))

    @app.exception_handler(Exception)
    async def our_bug(_: Request, error: Exception) -> Response:
        _log.exception("a bug of ours (%s); please report it", type(error).__name__)
        return fault(500, "a bug of ours; please report it")
