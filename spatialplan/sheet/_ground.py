"""The ground that a map frame shows: projection, round scale, where north is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pyproj

from spatialplan.crs import metric_crs
from spatialplan.errors import CRSError
from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._paper import Box

    Bounds = tuple[float, float, float, float]  # west, south, east, north

MAX_CONVERGENCE = 1.0  # degrees between the grid's north and true north that go without saying

_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_MARGIN = 0.03  # of the frame, left free on each side
_LEAST_M = 300.0  # of ground on a sheet: a single point has no extent of its own
_PIXEL_MM = 25.4 / 96
_EQUATOR_M = 156543.03392  # of a pixel of 256 px tiles at zoom 0
_STEPS_MIN = (
    1 / 6,
    1 / 4,
    1 / 2,
    1,
    2,
    5,
    10,
    15,
    20,
    30,
    60,
    120,
    180,
    300,
    600,
)  # of a graticule, in minutes


@dataclass(frozen=True)
class Ground:
    """
    What a map frame shows.

    ``bounds`` are in units of ``crs``; ``unit`` is how many of them one millimetre of paper
    stands for; ``denominator`` that of the numeric scale, true on the ground at the centre;
    ``convergence`` the angle by which the grid's north lies clockwise of true north, in
    degrees; ``zoom`` that of a screen whose lines are as wide.
    """

    crs: pyproj.CRS
    bounds: Bounds
    unit: float
    denominator: float
    convergence: float
    zoom: float


def ground_of(extent: Bounds, frame: Box, *, crs: Any = None, scale: float = 1.0) -> Ground:
    """
    The ground round an extent that fills a frame at a round scale.

    Parameters
    ----------
    extent
        West, south, east, north in degrees of WGS 84.
    frame
        Where the map stands on the paper.
    crs
        Projected system in metres; that of `crs.metric_crs` for the centre if not given.
    scale
        Size of lines on the paper, 1 on A3: larger paper is read from farther off, and
        shows no more detail than its lines leave room for.

    Raises
    ------
    CRSError
        If the system is not projected in metres.
    InputError
        If the extent is upside down or not in degrees.

    Examples
    --------
    >>> from spatialplan.sheet._paper import Box
    >>> ground = ground_of((119.9, 31.7, 120.1, 31.9), Box(0, 0, 300, 240))
    >>> ground.crs.to_epsg(), ground.denominator  # 18.9 km by 22.2 km and a margin
    (4549, 100000.0)
    """
    west, south, east, north = extent
    if not (-180 <= west <= east <= 180 and -85 <= south <= north <= 85):
        raise InputError("extent", ",".join(f"{edge:g}" for edge in extent),
                         allowed="west, south, east, north in degrees")  # fmt: skip
    centre = (west + east) / 2, (south + north) / 2
    system = pyproj.CRS.from_user_input(crs) if crs else metric_crs(*centre)
    _require_metres(system)
    to_grid = pyproj.Transformer.from_crs(4326, system, always_xy=True)
    box = to_grid.transform_bounds(*extent, densify_pts=21)
    _require_in_reach(system, extent, box)
    factors = pyproj.Proj(system).get_factors(*centre)
    enlarged = float(np.sqrt(factors.areal_scale))
    room = 1 - 2 * _MARGIN
    spans = [max(span / enlarged, _LEAST_M) for span in (box[2] - box[0], box[3] - box[1])]
    denominator = _round_up(1000 * max(spans[0] / (frame.width * room),
                                       spans[1] / (frame.height * room)))  # fmt: skip
    unit = denominator / 1000 * enlarged
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half_x, half_y = frame.width * unit / 2, frame.height * unit / 2
    pixel_m = denominator / 1000 * _PIXEL_MM * scale
    corners = [x - half_x, x + half_x], [y - half_y, y + half_y]
    _require_in_reach(system, extent, to_grid.transform(*corners, direction="INVERSE"))
    return Ground(
        crs=system,
        bounds=(x - half_x, y - half_y, x + half_x, y + half_y),
        unit=unit,
        denominator=denominator,
        convergence=float(factors.meridian_convergence),
        zoom=math.log2(_EQUATOR_M * math.cos(math.radians(centre[1])) / pixel_m),
    )


def graticule(ground: Ground) -> Iterator[tuple[str, float, float, float]]:
    """Ticks where meridians and parallels meet the frame: (axis, degrees, x, y)."""
    west, south, east, north = ground.bounds
    to_degrees = pyproj.Transformer.from_crs(ground.crs, 4326, always_xy=True)
    lon_span = np.ptp(to_degrees.transform([west, east], [south, south])[0])
    step = _step(float(lon_span) / 4)
    for axis, edges in (("x", (south, north)), ("y", (west, east))):
        for edge in edges:
            along = np.linspace(*((west, east) if axis == "x" else (south, north)), 201)
            across = np.full_like(along, edge)
            places = (along, across) if axis == "x" else (across, along)
            degrees = to_degrees.transform(*places)[axis == "y"]
            first, last = math.ceil(degrees.min() / step), math.floor(degrees.max() / step)
            for value in np.arange(first, last + 1) * step:
                at = float(np.interp(value, degrees, along))
                yield (axis, float(value), at, edge) if axis == "x" else (axis, value, edge, at)


def degrees_text(value: float, axis: str) -> str:
    """
    A longitude (axis x) or latitude as maps print it.

    Examples
    --------
    >>> degrees_text(119.75, "x"), degrees_text(-35.0, "y"), degrees_text(14.50417, "x")
    ('119°45′E', '35°S', '14°30′15″E')
    """
    minutes, seconds = divmod(round(abs(value) * 3600), 60)
    sign = ("W" if value < 0 else "E") if axis == "x" else ("S" if value < 0 else "N")
    rest = f"{minutes % 60:02d}′" if minutes % 60 or seconds else ""
    return f"{minutes // 60}°{rest}" + (f"{seconds:02d}″" if seconds else "") + sign


def _require_in_reach(system: pyproj.CRS, extent: Bounds, places: Any) -> None:
    """Refuse an extent of which a projection has no picture; it says so by what is not finite."""
    if not np.isfinite(places).all():
        raise InputError("extent", ",".join(f"{edge:g}" for edge in extent),
                         allowed=f"what {system.to_string()} can show without breaking",
                         do="name a smaller extent, or a system for as much")  # fmt: skip


def _require_metres(system: pyproj.CRS) -> None:
    metres = system.is_projected and {axis.unit_name for axis in system.axis_info} == {"metre"}
    if not metres:
        raise CRSError("sheet", f"{system.to_string()} is not projected in metres",
                       do="give one that is, such as EPSG:4549")  # fmt: skip


def _round_up(denominator: float) -> float:
    """The next round denominator of a scale: 1:25,000, 1:50,000."""
    power = 10 ** math.floor(math.log10(denominator))
    steps = (step * power for step in (*_ROUND, 10.0))
    return float(next(step for step in steps if step >= denominator * (1 - 1e-9)))


def _step(degrees: float) -> float:
    """A round step of a graticule, about as large as asked."""
    return next((step for step in _STEPS_MIN if step >= degrees * 60), _STEPS_MIN[-1]) / 60
