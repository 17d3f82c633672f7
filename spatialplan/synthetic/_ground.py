"""The ground of a synthetic city: patches, a warped lattice of corners, blocks, water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Literal
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Shapes = np.ndarray[Any, np.dtype[np.object_]]
Texts = np.ndarray[Any, np.dtype[np.str_]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

BLOCK = 4
"""Lattice cells along one side of a block, which streets of some rank bound."""

OUTSIDE, HOUSING, INDUSTRY, COMMERCE, CIVIC, PARK = range(6)  # land uses

_MAIN_SHARE = 0.72  # of a division's people live around its seat, the others in its towns
_MAIN_DENSITY, _TOWN_DENSITY = 10_000, 6_000  # people per km2 of built-up land
_PEOPLE_PER_TOWN = 45_000
_MAX_TOWNS = 8
_TOWN_GAP_M = 2_500  # open land between two patches
_TOWN_REACH_M = 15_000
_CORE_REACH_M = 15_000  # seats so near to the median of all share one core
_CELLS_PER_NODE = 0.72  # measured: lattice cells of the footprint for one street node
_GARDEN_SHARE = 0.03  # of the residential cells are a small park instead
_SKIP = 8  # corners passed over in the search for a window
_WAVES_M, _WAVE_HEIGHT = (31_000, 17_000, 9_000), 0.045  # lengths; height by length
_SHAKE = 0.06  # of a step, at random
_PULL = 0.22  # of its distance a corner in the centre is drawn nearer to it
_USE_SHARES = {  # by distance from the centre in radii: up to, shares in the order of the uses
    0.35: (0.00, 0.70, 0.00, 0.15, 0.09, 0.06),
    0.80: (0.02, 0.67, 0.13, 0.06, 0.05, 0.07),
    9.99: (0.22, 0.44, 0.26, 0.01, 0.02, 0.05),
}


class Patch(NamedTuple):
    """A built-up patch: around a seat, a town of its district, or the core that seats share."""

    x: float
    y: float
    radius_m: float
    area_id: str  # empty for a core
    kind: Literal["seat", "town", "core"]


@dataclass(frozen=True)
class Ground:
    """
    What lies where, before streets and people.

    Attributes
    ----------
    patches
        Built-up patches.
    corners
        Lattice corners, (rows, columns, 2) metres; cell [i, j] lies between the
        corners [i, j] and [i + 1, j + 1].
    use
        Land use of every cell: `OUTSIDE`, `HOUSING` and so on.
    depth
        Distance of every cell from the centre of its patch, in radii of the patch.
    water
        Polygons of rivers, ``name_zh``; ``along``: lattice axis they run along.
    """

    patches: list[Patch]
    corners: Floats
    use: Ints
    depth: Floats
    water: gpd.GeoDataFrame


def lay_ground(centres: gpd.GeoDataFrame, nodes: int, rng: np.random.Generator) -> Ground:
    """Lay patches around the centres and a lattice over them, fine enough for `nodes`."""
    patches = _patches(centres, rng)
    area_m2 = np.pi * sum(patch.radius_m**2 for patch in patches)
    corners = _lattice(patches, float(np.sqrt(area_m2 * _CELLS_PER_NODE / nodes)), rng)
    depth = _depth((corners[:-1, :-1] + corners[1:, 1:]) / 2, patches, rng)
    water = _water(centres, corners)
    return Ground(patches, corners, _uses(depth, rng), depth, water)


def positions(patches: list[Patch]) -> Floats:
    """Centres of patches as an (n, 2) array."""
    return np.array([[patch.x, patch.y] for patch in patches])


def _patches(centres: gpd.GeoDataFrame, rng: np.random.Generator) -> list[Patch]:
    """Patches around the seats, and smaller towns around them, ranked by size."""
    people = centres["population"].to_numpy(dtype=float)
    radius = _radius(people * _MAIN_SHARE, _MAIN_DENSITY)
    columns = (centres.geometry.x, centres.geometry.y, radius, centres["area_id"])
    seats = [Patch(x, y, r, area_id, "seat") for x, y, r, area_id in zip(*columns, strict=True)]
    patches = seats + _core(positions(seats))
    for seat, count in zip(seats, people * (1 - _MAIN_SHARE), strict=True):
        number = int(np.clip(round(count / _PEOPLE_PER_TOWN), 1, _MAX_TOWNS))
        shares = 1 / np.arange(2, number + 2)
        for town in _radius(count * shares / shares.sum(), _TOWN_DENSITY):
            patches.append(_place_town(seat, float(town), patches, rng))
    return patches


def _core(seats: Floats) -> list[Patch]:
    """The patch between seats that lie close together, if there are such."""
    near = seats[np.hypot(*(seats - np.median(seats, axis=0)).T) < _CORE_REACH_M]
    if len(near) < 2:
        return []
    middle = near.mean(axis=0)
    radius = float(np.hypot(*(near - middle).T).mean())
    return [Patch(float(middle[0]), float(middle[1]), max(radius, 1_000.0), "", "core")]


def _radius(people: Floats, density: float) -> Floats:
    return np.asarray(1000 * np.sqrt(people / density / np.pi))


def _place_town(
    seat: Patch, radius: float, patches: list[Patch], rng: np.random.Generator
) -> Patch:
    """Of some random sites nearest to a seat one that is clear of all patches, or the clearest."""
    taken = np.array([patch.radius_m for patch in patches])
    is_seat = np.array([patch.kind == "seat" for patch in patches])
    reach = seat.radius_m + radius + rng.uniform(_TOWN_GAP_M, _TOWN_REACH_M, 400)
    angle = rng.uniform(0, 2 * np.pi, 400)
    sites = np.c_[seat.x + reach * np.cos(angle), seat.y + reach * np.sin(angle)]
    away = np.hypot(*(sites[:, None] - positions(patches)).transpose(2, 0, 1))
    clear = (away - taken - radius).min(axis=1)
    clear[away[:, is_seat].min(axis=1) < reach - 1] = -np.inf
    x, y = sites[np.argmax(np.minimum(clear, _TOWN_GAP_M))]
    return Patch(float(x), float(y), radius, seat.area_id, "town")


def _lattice(patches: list[Patch], step_m: float, rng: np.random.Generator) -> Floats:
    """Corners about `step_m` apart: bent by waves, drawn together in the centres, shaken."""
    margin = 1.5 * max(patch.radius_m for patch in patches)
    low, high = positions(patches).min(axis=0) - margin, positions(patches).max(axis=0) + margin
    axes = [np.arange(start, end, step_m) for start, end in zip(low, high, strict=True)]
    corners = np.stack(np.meshgrid(*axes), axis=-1)
    bent = corners.copy()
    for length in _WAVES_M:
        turn, phase = rng.uniform(0, 2 * np.pi, 2)
        along = corners[..., 0] * np.cos(turn) + corners[..., 1] * np.sin(turn)
        wave = _WAVE_HEIGHT * length * np.sin(2 * np.pi * along / length + phase)
        bent += wave[..., None] * np.array([-np.sin(turn), np.cos(turn)])
    for patch in patches:
        if patch.kind == "seat":
            here = bent[_window(bent, patch, 3.0)]
            offset = here - (patch.x, patch.y)
            near = np.exp(-(offset**2).sum(axis=-1) / patch.radius_m**2)
            here -= _PULL * near[..., None] * offset
    bent += rng.normal(0, _SHAKE * step_m, bent.shape)
    return bent


def _depth(middle: Floats, patches: list[Patch], rng: np.random.Generator) -> Floats:
    """Smallest distance from a patch centre, in its radii; a patch's outline is wavy."""
    depth = np.full(middle.shape[:2], np.inf)
    for patch in patches:
        window = _window(middle, patch, 1.5)
        offset = middle[window] - (patch.x, patch.y)
        angle = np.arctan2(offset[..., 1], offset[..., 0])
        outline = np.ones(angle.shape)
        for lobes in (2, 3, 5):
            phase = rng.uniform(0, 2 * np.pi)
            outline += rng.uniform(0.04, 0.12) * np.sin(lobes * angle + phase)
        there = np.hypot(offset[..., 0], offset[..., 1]) / patch.radius_m / outline
        depth[window] = np.minimum(depth[window], there)
    return depth


def _window(corners: Floats, patch: Patch, radii: float) -> tuple[slice, slice]:
    """Rows and columns of the lattice that hold every corner within some radii of a patch."""
    offset = np.abs(corners[::_SKIP, ::_SKIP] - (patch.x, patch.y))
    near = np.asarray((offset < radii * patch.radius_m).all(axis=-1))
    rows, columns = (np.flatnonzero(near.any(axis=axis)) * _SKIP for axis in (1, 0))
    return (
        slice(max(rows[0] - _SKIP, 0), rows[-1] + _SKIP),
        slice(max(columns[0] - _SKIP, 0), columns[-1] + _SKIP),
    )


def _uses(depth: Floats, rng: np.random.Generator) -> Ints:
    """Land use, block by block, by the depth of the block; outside a patch there is none."""
    shape = tuple(-(-size // BLOCK) for size in depth.shape)
    block_depth = np.full((shape[0] * BLOCK, shape[1] * BLOCK), np.inf)
    block_depth[: depth.shape[0], : depth.shape[1]] = depth
    block_depth = block_depth.reshape(shape[0], BLOCK, shape[1], BLOCK).min(axis=(1, 3))
    draw = rng.random(shape)
    use = np.zeros(shape, dtype=np.int64)
    lower = 0.0
    for upper, shares in _USE_SHARES.items():
        ring = (block_depth >= lower) & (block_depth < upper)
        use[ring] = np.searchsorted(np.cumsum(shares)[:-1], draw[ring], side="right")
        lower = upper
    cells = np.repeat(np.repeat(use, BLOCK, axis=0), BLOCK, axis=1)
    cells = cells[: depth.shape[0], : depth.shape[1]]
    garden = (cells == HOUSING) & (rng.random(cells.shape) < _GARDEN_SHARE)
    return np.where(depth < 1, np.where(garden, PARK, cells), OUTSIDE)


def _water(centres: gpd.GeoDataFrame, corners: Floats) -> gpd.GeoDataFrame:
    """Two winding rivers that cross among the centres, one each way."""
    x, y = centres.geometry.x.median(), centres.geometry.y.median()
    (west, south), (east, north) = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    eastward, northward = np.arange(west, east, 200.0), np.arange(south, north, 200.0)
    canal = np.c_[eastward, y - 900 + 700 * np.sin((eastward - x) / 3_900)]
    stream = np.c_[x + 1_500 + 900 * np.sin((northward - y) / 4_700), northward]
    shapes = [
        shapely.LineString(canal).buffer(35, cap_style="flat"),
        shapely.LineString(stream).buffer(25, cap_style="flat"),
    ]
    return gpd.GeoDataFrame(
        {"name_zh": ["东西河（合成）", "南北河（合成）"], "along": [1, 0]},
        geometry=shapes,
        index=pd.Index(["w1", "w2"], name="water_id"),
        crs=centres.crs,
    ).assign(drawn_from="synthetic")
