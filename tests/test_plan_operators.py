"""Shapes drawn from anchors, each one that can be checked with a pencil."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely

from spatialplan.plan import _operators as draw
from spatialplan.plan._town_circles import town_circles
from spatialplan.plan._town_circles import town_groups


def points(*at):
    return [shapely.Point(x, y) for x, y in at]


def path(*at):
    return shapely.LineString(at)


def parts(shape):
    return list(shapely.get_parts(shape))


ORIGIN = shapely.Point(0, 0)
SQUARE = shapely.box(100, 100, 200, 200)

# --- lines and what runs along them


def test_a_line_runs_through_its_places_in_order_and_a_shape_counts_by_its_centroid():
    line = draw.line([ORIGIN, SQUARE, shapely.Point(150, 0)])

    assert list(line.coords) == [(0, 0), (150, 150), (150, 0)]


def test_a_band_has_its_width_and_ends_where_the_line_ends():
    band = draw.band(path((0, 0), (100, 0)), 20)

    assert band.area == pytest.approx(100 * 20)
    assert band.bounds == (0, -10, 100, 10)
    with pytest.raises(ValueError, match="a band runs along a line, not a Point"):
        draw.band(ORIGIN, 20)


def test_a_ring_through_places_is_closed():
    ring = draw.ring(points((0, 0), (4, 0), (0, 3)))

    assert ring.is_ring
    assert ring.length == 12
    assert ring.geom_type == "LineString"


def test_a_circle_for_each_radius_is_closed_and_round():
    rings = parts(draw.circles(SQUARE, [10, 30]))

    assert [ring.is_ring for ring in rings] == [True, True]
    for ring, radius_m in zip(rings, (10, 30), strict=True):
        away_m = shapely.distance(shapely.Point(150, 150), shapely.points(ring.coords))
        assert away_m == pytest.approx(radius_m)
        assert ring.distance(shapely.Point(150, 150)) == pytest.approx(radius_m, rel=0.0004)


# --- what is counted has exactly that many parts


@pytest.mark.parametrize("count", [1, 2, 3, 5, 19, 21])
def test_what_is_counted_has_exactly_that_many_parts(count):
    rings = draw.circles(ORIGIN, [10, 20, 30])
    shapes = [
        draw.radials(ORIGIN, count, inner_m=0, outer_m=5),
        draw.radials_of_rings(ORIGIN, count, rings),
        draw.parallels(SQUARE, count, "north_south"),
        draw.parallels(SQUARE, count, "east_west"),
        draw.satellites(ORIGIN, count, 5),
    ]

    assert [len(parts(shape)) for shape in shapes] == [count] * 5
    assert all(shape.is_valid for shape in shapes)


def test_radials_start_and_end_where_they_should_at_equal_angles():
    star = parts(draw.radials(ORIGIN, 8, inner_m=2, outer_m=5))
    ends = np.array([line.coords[-1] for line in star])

    assert [line.distance(ORIGIN) for line in star] == pytest.approx([2] * 8)
    assert np.hypot(*ends.T) == pytest.approx([5] * 8)
    assert ends[0] == pytest.approx([0, 5])  # north first
    assert ends[2] == pytest.approx([5, 0])  # then clockwise
    turns = np.diff(np.unwrap(np.arctan2(*ends.T)))
    assert turns == pytest.approx([np.pi / 4] * 7)


def test_radials_touch_the_innermost_and_the_outermost_ring():
    inner, outer = draw.circles(ORIGIN, [10]), draw.ring(points((-40, -30), (50, -30), (0, 60)))

    for line in parts(draw.radials_of_rings(ORIGIN, 19, draw.union([inner, outer]))):
        assert inner.distance(shapely.Point(line.coords[0])) < 1e-9
        met_m = line.intersection(outer).distance(ORIGIN)
        assert shapely.Point(line.coords[-1]).distance(ORIGIN) == pytest.approx(1.2 * met_m)


def test_radials_need_rings_that_go_round():
    beside = draw.circles(shapely.Point(100, 0), [10])

    with pytest.raises(ValueError, match="the rings do not go round the centre"):
        draw.radials_of_rings(ORIGIN, 3, beside)
    with pytest.raises(ValueError, match="radials go through rings, not a Polygon"):
        draw.radials_of_rings(ORIGIN, 3, SQUARE)


def test_parallels_are_evenly_spaced_across_the_extent():
    upright = parts(draw.parallels(SQUARE, 3, "north_south"))
    level = parts(draw.parallels(SQUARE, 4, "east_west"))

    assert [line.bounds for line in upright] == [(x, 100, x, 200) for x in (125, 150, 175)]
    assert [line.bounds for line in level] == [(100, y, 200, y) for y in (120, 140, 160, 180)]


def test_parallels_over_a_bent_area_stay_one_line_each():
    bent = shapely.Polygon(
        [(0, 0), (90, 0), (90, 90), (60, 90), (60, 30), (30, 30), (30, 90), (0, 90)]
    )

    lines = parts(draw.parallels(bent, 2, "east_west"))

    assert [line.bounds for line in lines] == [(0, 30, 90, 30), (0, 60, 90, 60)]
    with pytest.raises(ValueError, match="parallels run over an area, not a LineString"):
        draw.parallels(path((0, 0), (1, 1)), 2, "east_west")


def test_satellites_stand_evenly_round_the_centre():
    around = draw.satellites(shapely.Point(10, 0), 4, 5)

    at = [(x, y) for x, y in shapely.get_coordinates(around).round(9)]
    assert at == [(10, 5), (15, 0), (10, -5), (5, 0)]


def test_parallels_end_at_the_first_and_the_last_line_that_they_meet():
    rails = draw.parallels(SQUARE, 3, "east_west")
    link = draw.parallels(SQUARE, 1, "north_south", ends_at=rails)

    assert sorted(link.coords) == [(150, 125), (150, 175)]
    with pytest.raises(ValueError, match="meets fewer than two of the lines that it ends at"):
        draw.parallels(SQUARE, 1, "north_south", ends_at=parts(rails)[0])
    with pytest.raises(ValueError, match="parallels end at lines, not a Polygon"):
        draw.parallels(SQUARE, 1, "north_south", ends_at=SQUARE)


def test_parallels_are_shifted_to_the_east_or_north_and_stay_in_the_area():
    east = parts(draw.parallels(SQUARE, 3, "north_south", shift_m=10))
    south = draw.parallels(SQUARE, 1, "east_west", shift_m=-20)

    assert [line.xy[0][0] for line in east] == [135, 160, 185]
    assert [y for _, y in south.coords] == [130, 130]
    with pytest.raises(ValueError, match="shift_m moves a line out of the area"):
        draw.parallels(SQUARE, 3, "north_south", shift_m=30)


# --- areas


def test_discs_merge_where_they_meet_and_a_hull_spans_them():
    two = points((0, 0), (100, 0))

    assert draw.discs(two, 10).area == pytest.approx(2 * np.pi * 100, rel=0.01)
    assert len(parts(draw.discs(two, 51))) == 1
    assert draw.hull(two, 10).area == pytest.approx(np.pi * 100 + 100 * 20, rel=0.01)
    assert draw.hull(two[:1], 10).equals(draw.discs(two[:1], 10))


def test_a_union_merges_areas_but_keeps_every_line_and_point():
    crossing = [path((-5, 0), (5, 0)), path((0, -5), (0, 5))]

    assert draw.union([SQUARE, shapely.box(150, 100, 250, 200)]).bounds == (100, 100, 250, 200)
    assert len(parts(draw.union(crossing))) == 2
    assert len(parts(draw.union([draw.union(crossing), crossing[0]]))) == 3
    assert draw.union(points((0, 0), (1, 1))).geom_type == "MultiPoint"
    assert draw.union([ORIGIN, SQUARE], radius_m=10).area == pytest.approx(10_000 + 314, rel=0.01)


def test_a_union_of_unlike_shapes_is_refused():
    with pytest.raises(ValueError, match="points, lines and areas cannot be one shape"):
        draw.union([ORIGIN, SQUARE])
    with pytest.raises(ValueError, match="points, lines and areas cannot be one shape"):
        draw.union([path((0, 0), (1, 1)), SQUARE], radius_m=10)


def test_a_polygon_runs_through_its_places():
    assert draw.polygon(points((0, 0), (4, 0), (0, 3))).area == 6


# --- between lines


def test_between_cuts_the_square_at_each_line():
    west, north = path((-20, -1), (-20, 1)), path((-1, 30), (1, 30))

    zone = draw.between([(west, "east"), (north, "south")], ORIGIN, 100)

    assert zone.bounds == (-20, -50, 50, 30)
    assert zone.area == 70 * 80


@pytest.mark.parametrize(
    ("side", "inside"), [("north", (0, 9)), ("south", (0, -9)), ("east", (9, 0)), ("west", (-9, 0))]
)
def test_a_slanting_line_has_all_four_sides(side, inside):
    slant = path((-1, 1), (1, -1))  # its east is north of it too

    half = draw.between([(slant, side)], ORIGIN, 20)

    assert half.area == pytest.approx(200)
    assert half.contains(shapely.Point(inside))


def test_a_line_goes_on_straight_in_its_end_directions():
    bent = path((0, 0), (10, 0), (11, 1))  # to the east, then north-east

    north = draw.between([(bent, "north")], ORIGIN, 100)

    assert north.contains(shapely.Point(-49, 1))  # straight on to the west
    assert not north.contains(shapely.Point(30, 19))  # the slope goes on: y = x - 10
    assert north.contains(shapely.Point(30, 21))


def test_a_line_that_turns_back_still_has_two_sides():
    bends = path((0, 0), (20, 0), (10, 5), (30, 5))

    south = draw.between([(bends, "south")], shapely.Point(15, 0), 40)

    assert south.contains(shapely.Point(18, 2))  # in the pocket that opens to the south
    assert not south.contains(shapely.Point(12, 3))  # in the one that opens to the north
    assert south.area + draw.between([(bends, "north")], shapely.Point(15, 0), 40).area == (
        pytest.approx(1600)
    )


@pytest.mark.parametrize(
    ("road", "side", "message"),
    [
        (path((0, 0), (10, 0)), "east", "a line that runs east-west has no east side"),
        (path((0, 0), (10, 5)), "west", "a line that runs east-west has no west side"),
        (path((0, 0), (5, 10)), "north", "a line that runs north-south has no north side"),
        (path((0, 0), (9, 0), (9, 9), (5, 9), (5, -9)), "east", "crosses itself"),
        (shapely.MultiLineString([[(0, 0), (1, 0)], [(2, 0), (3, 0)]]), "north", "in one piece"),
        (SQUARE, "north", "only a line in one piece with two ends has sides"),
        (SQUARE.exterior, "north", "two ends"),
        (draw.circles(ORIGIN, [9]), "north", "two ends"),
        (path((0, 90), (1, 90)), "north", "no area in the square lies on all these sides"),
    ],
)
def test_between_refuses_what_has_no_such_side(road, side, message):
    with pytest.raises(ValueError, match=message):
        draw.between([(road, side)], ORIGIN, 100)


# --- circles of towns along lines

# A road to the east; over it, 40 north of its start, a town that only a long road reaches.
ROAD = path((0, 0), (100, 0))
DETOUR = path((100, 0), (100, 40), (0, 40))
TOWNS = points((0, 0), (10, 0), (90, 0), (0, 40))


def test_towns_join_the_centre_that_is_nearest_along_the_lines():
    groups = town_groups(TOWNS, ORIGIN, [ROAD, DETOUR], count=2)

    assert groups == [[0, 1, 2], [3]]  # 240 away by road, though 40 as the crow flies


def test_centres_are_spread_out_and_ordered_from_the_core():
    towns = points((55, 0), (0, 0), (100, 0), (60, 0))

    assert town_groups(towns, shapely.Point(61, 0), [ROAD], count=3) == [[3, 0], [2], [1]]


def test_the_way_from_a_place_to_the_line_counts():
    towns = points((0, 0), (100, 0), (50, 80))  # the last is 50 + 80 from the first

    assert town_groups(towns, ORIGIN, [ROAD], count=2) == [[0, 1], [2]]


def test_a_place_beside_a_line_goes_straight_to_it_and_crossings_join():
    towns = points((50, 30), (50, -30), (0, 1))
    crossing = path((50, 50), (50, -50))

    groups = town_groups(towns, shapely.Point(0, 1), [ROAD, crossing], count=2)

    assert groups == [[2], [0, 1]]  # 0 and 1 are 60 apart by the crossing, 2 is 81 from both


def test_lines_that_do_not_meet_are_joined_where_they_come_nearest():
    towns = points((0, 0), (100, 0), (120, 0), (200, 0))
    apart = [path((0, 0), (100, 0)), path((120, 0), (200, 0))]

    assert town_groups(towns, ORIGIN, apart, count=2) == [[0, 1], [3, 2]]


def test_of_two_ways_between_the_same_ends_the_shorter_counts():
    long, short = path((0, 0), (0, 90), (100, 90), (100, 0)), path((0, 0), (100, 0))
    towns = points((0, 0), (100, 0), (240, 0))
    on = path((100, 0), (240, 0))

    for lines in itertools.permutations([long, short, on]):
        assert town_groups(towns, ORIGIN, list(lines), count=2) == [[0, 1], [2]]


def test_every_town_is_in_exactly_one_circle_and_each_circle_is_a_polygon():
    rng = np.random.default_rng(16)
    towns = points(*(rng.random((27, 2)) * [80_000, 3_000]))
    road = path((0, 1500), (80_000, 1500))

    circles = parts(town_circles(towns, towns[0], [road], count=16, take="all"))

    assert len(circles) == 16
    assert [sum(circle.contains(town) for circle in circles) for town in towns] == [1] * 27
    assert shapely.MultiPolygon(circles).is_valid


def test_the_nearer_and_the_outer_circles_are_all_circles():
    towns = points(*((x, 0) for x in (0, 20, 40, 60, 80, 100)))

    def drawn(take, share=None):
        shape = town_circles(towns, ORIGIN, [ROAD], count=6, take=take, share=share)
        return [round(circle.centroid.x) for circle in parts(shape)]

    assert drawn("nearer", 2) == [0, 20]
    assert drawn("outer", 4) == [40, 60, 80, 100]
    assert drawn("all") == [0, 20, 40, 60, 80, 100]


def test_towns_in_one_place_may_be_two_circles_but_not_two_drawings():
    towns = points((0, 0), (0, 0))

    assert town_groups(towns, ORIGIN, [ROAD], count=2) == [[0], [1]]
    with pytest.raises(ValueError, match="the circles overlap; take another count"):
        town_circles(towns, ORIGIN, [ROAD], count=2)


def test_a_transport_graph_is_made_of_lines():
    towns = [shapely.Point(0, 0), shapely.Point(10, 0)]
    with pytest.raises(ValueError, match="made of lines, not of a Point"):
        town_circles(towns, towns[0], [shapely.Point(5, 5)], count=2)
