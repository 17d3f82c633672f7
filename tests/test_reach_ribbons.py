"""Land along streets: the quick way round gives what joining all ribbons gives."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from spatialplan.reach._ribbons import along

WIDTH_M = 40.0
HOLE_M2 = 20_000.0
ARC_M = WIDTH_M * (1 - np.cos(np.pi / 16))
"""How far a circle of 16 sides stays behind a round one."""


def joined(lines):
    """All ribbons, and only then the holes."""
    whole = shapely.union_all(shapely.buffer(lines, WIDTH_M, quad_segs=4))
    return shapely.union_all([
        shapely.Polygon(
            part.exterior,
            [ring for ring in part.interiors if shapely.Polygon(ring).area >= HOLE_M2],
        )
        for part in shapely.get_parts(whole)
    ])  # fmt: skip


@st.composite
def towns(draw):
    """Streets of a crooked grid, some missing, some twice, a few right across on bridges."""
    side = draw(st.integers(2, 6))
    block_m = draw(st.sampled_from([60, 130, 220, 300]))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    at = np.stack(np.meshgrid(*[np.arange(side) * block_m] * 2), axis=-1).astype(float)
    at += rng.normal(0, block_m / 8, at.shape)
    rows, columns = (np.stack(pair, axis=-2).reshape(-1, 2, 2)
                     for pair in ((at[:, :-1], at[:, 1:]), (at[:-1], at[1:])))  # fmt: skip
    ends = np.concatenate([rows, columns])
    ends = ends[rng.random(len(ends)) < draw(st.sampled_from([0.5, 0.8, 1.0]))]
    bridges = rng.uniform(0, side * block_m, (draw(st.integers(0, 3)), 2, 2))
    twice = ends[: draw(st.integers(0, 2))]
    return shapely.linestrings(np.concatenate([ends, twice, bridges, rows[:1]]))


@settings(max_examples=60, deadline=None, derandomize=True)  # a nook may close or not
@given(towns())
def test_it_is_all_ribbons_joined_and_then_the_holes_closed(lines):
    found, expected = along(lines, WIDTH_M, HOLE_M2), joined(lines)
    assert found.is_valid
    # On a grid: without one GEOS may lose a part where edges all but coincide.
    apart = shapely.symmetric_difference(found, expected, grid_size=0.001)
    # Round corners are cut a little differently, nothing else.
    assert apart.area <= 0.2 * ARC_M * expected.length
    assert shapely.buffer(apart, -1.5 * ARC_M).is_empty


def square(size):
    at = [(0, 0), (size, 0), (size, size), (0, size), (0, 0)]
    return [shapely.LineString(pair) for pair in pairwise(at)]


@pytest.mark.parametrize(("size", "filled"), [(221, True), (222, False)])
def test_a_block_is_filled_where_less_than_the_hole_is_left(size, filled):
    assert ((size - 80) ** 2 < HOLE_M2) == filled
    area = along(np.array(square(size)), WIDTH_M, HOLE_M2)
    assert area.contains(shapely.Point(size / 2, size / 2)) == filled


def test_a_lane_inside_a_filled_block_changes_nothing_and_one_in_a_park_does():
    for size, same in ((200, True), (600, False)):
        lane = shapely.LineString([(size / 2, 60), (size / 2, size / 2)])
        without, with_lane = (
            along(np.array([*square(size), *more]), WIDTH_M, HOLE_M2) for more in ([], [lane])
        )
        assert without.equals(with_lane) == same


def test_a_loop_that_begins_and_ends_at_one_corner_is_a_block():
    loop = shapely.LineString([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])
    area = along(np.array([loop]), WIDTH_M, HOLE_M2)
    assert area.covers(shapely.box(0, 0, 100, 100))
    assert area.area == pytest.approx(180**2, rel=0.05)


def test_blocks_that_lie_over_each_other_count_once():
    over = [shapely.transform(line, lambda xy: xy + 50) for line in square(150)]
    lines = np.array([*square(150), *over])
    assert along(lines, WIDTH_M, HOLE_M2).symmetric_difference(joined(lines)).area < 100


def test_a_block_inside_another_may_touch_it_at_a_corner():
    at = [(0, 0), (0, 50), (0, 100), (100, 100), (100, 0), (0, 0)]
    inner = [(0, 50), (20, 60), (20, 40), (0, 50)]
    lines = np.array([shapely.LineString(ends) for ends in (*pairwise(at), *pairwise(inner))])
    assert along(lines, WIDTH_M, HOLE_M2).symmetric_difference(joined(lines)).area < 100


def test_a_street_beside_a_block_has_a_ribbon_of_its_own():
    beside = shapely.LineString([(160.02, 0), (160.02, 150)])
    without, with_it = (along(np.array([*square(160), *more]), WIDTH_M, HOLE_M2)
                        for more in ([], [beside]))  # fmt: skip
    assert with_it.bounds[2] - without.bounds[2] == pytest.approx(0.02)
