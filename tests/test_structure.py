"""Plans as graphs and drawings compared, against figures one can check with a pencil."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import TOWN_AT
from conftest import in_town
from conftest import make_network
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import LimitError
from spatialplan.errors import NotFoundError
from spatialplan.places import read_boundaries
from spatialplan.plan import list_plans
from spatialplan.plan import read_plan
from spatialplan.structure import agreement
from spatialplan.structure import axis_graph
from spatialplan.structure import settlement_graph
from spatialplan.structure import tier_graph

# --- a plan small enough to see at once: metres from the town's (0, 0)
#
#       west -- 3000 -- middle -- 3000 -- east     the axis a-axis, drawn through all three
#                         |                        b-axis: west, middle, north
#                       4000                       hull: a polygon round (6000, 0)
#                         |
#                       north

PLACES = {
    "west-town": ("西镇", "town", "320402", shapely.Point(-3000, 0)),
    "middle-seat": ("中区", "seat", "320402", shapely.Point(0, 0)),
    "east-town": ("东镇", "subdistrict", "320404", shapely.Point(3000, 0)),
    "north-city": ("北市", "city", "320400", shapely.Point(0, 4000)),
    "somewhere": ("某地", "place", "", shapely.Point(0, 1)),
}
DRAWN = {
    "a-axis": ("甲轴", "line", ("west-town", "middle-seat", "east-town")),
    "b-axis": ("乙轴", "line", ("west-town", "middle-seat", "north-city")),
    "a-belt": ("甲带", "band", ("a-axis",)),
    "hull": ("片区", "hull", ("east-town", "somewhere")),
}
ELEMENTS = {  # structure, role, rank, parent, place
    "main": ("tiers", "main", 1, "", "middle-seat"),
    "far-sub": ("tiers", "sub", 2, "", "north-city"),
    "near-sub": ("tiers", "sub", 2, "", "east-town"),
    "town": ("tiers", "town", 4, "", "hull"),
    "sworn": ("tiers", "town", 4, "far-sub", "east-town"),
    "placeless": ("tiers", "town", 4, "", ""),
    "loose": ("tiers", "axis", 0, "", "a-axis"),
    "one": ("axes", "axis", 0, "", "a-axis"),
    "two": ("axes", "axis", 0, "", "b-axis"),
    "three": ("axes", "axis", 0, "", ""),
    "four": ("belts", "belt", 0, "", "a-belt"),
    "round": ("axes", "zone", 0, "", "hull"),
}


def gazetteer():
    lines = {
        key: shapely.LineString([PLACES[place][3] for place in places])
        for key, (_, operator, places) in DRAWN.items()
        if operator == "line"
    }
    shapes = {key: place[3] for key, place in PLACES.items()} | lines
    shapes["hull"] = shapely.box(5000, -1000, 7000, 1000)
    shapes["a-belt"] = lines["a-axis"].buffer(500)
    return gpd.GeoDataFrame(
        {
            "name_zh": [*(place[0] for place in PLACES.values()), *(x[0] for x in DRAWN.values())],
            "kind": [*(place[1] for place in PLACES.values()), "axis", "axis", "belt", "quarter"],
            "area_id": [*(place[2] for place in PLACES.values()), "", "", "", ""],
            "operator": ["", "", "", "", "", *(x[1] for x in DRAWN.values())],
            "places": [(), (), (), (), (), *(x[2] for x in DRAWN.values())],
            "precision_m": 1000.0,
        },
        geometry=[in_town(shapes[key]) for key in (*PLACES, *DRAWN)],
        index=pd.Index([*PLACES, *DRAWN], name="place_id"),
        crs=4549,
    )


def make_plan(elements=ELEMENTS, places=None):
    places = gazetteer() if places is None else places
    table = pd.DataFrame.from_dict(
        elements, orient="index", columns=["structure_id", "role", "rank", "parent", "place_id"]
    )
    table = table.assign(name_zh="名", count=1).rename_axis("element_id")
    table = table.join(places[["precision_m", "geometry"]], on="place_id")
    return SimpleNamespace(
        plan_id="a-plan",
        structures=pd.DataFrame(index=table["structure_id"].unique()),
        elements=gpd.GeoDataFrame(table, crs=places.crs),
        places=places,
    )


def streets():
    """One road along the axis at 3.6 km/h, 500 m north of it: no street near north-city."""
    x, y = TOWN_AT
    at = {1: (x - 3000, y + 500), 2: (x, y + 500), 3: (x + 3000, y + 500)}
    return make_network([(1, 2, 3000), (2, 3, 3000)], at, oneway=[1])


# --- tiers


def test_an_element_stands_under_its_stated_parent_or_the_nearest_of_the_next_rank():
    graph = tier_graph(make_plan(), "tiers")
    assert {(u, v): stated for u, v, stated in graph.edges(data="stated")} == {
        ("main", "far-sub"): False,
        ("main", "near-sub"): False,
        ("near-sub", "town"): False,  # rank 3 is not there, so rank 2 is the next
        ("far-sub", "sworn"): True,
    }
    assert list(nx.isolates(graph)) == ["placeless", "loose"]


def test_tiers_carry_straight_distances_between_centroids():
    graph = tier_graph(make_plan(), "tiers")
    assert graph.edges["main", "far-sub"]["distance_m"] == pytest.approx(4000, rel=1e-5)
    assert graph.edges["near-sub", "town"]["distance_m"] == pytest.approx(3000, rel=1e-5)
    assert graph.edges["far-sub", "sworn"]["distance_m"] == pytest.approx(5000, rel=1e-5)


def test_distances_are_those_on_the_ellipsoid_not_of_the_projection():
    a_degree_apart = gpd.points_from_xy([100.0, 101.0], [0.0, 0.0], crs=4326)  # far off its zone
    places = gazetteer().iloc[:2].set_geometry(a_degree_apart.to_crs(4549))
    elements = {"a": ("s", "main", 1, "", "west-town"), "b": ("s", "sub", 2, "", "middle-seat")}
    metres = tier_graph(make_plan(elements, places), "s").edges["a", "b"]["distance_m"]
    assert metres == pytest.approx(np.pi / 180 * 6_378_137, abs=0.01)  # along the equator


def test_nodes_tell_what_the_plan_tells():
    nodes = tier_graph(make_plan(), "tiers").nodes
    told = {"role": "sub", "name_zh": "名", "rank": 2, "count": 1, "place_id": "east-town"}
    at = {"x": TOWN_AT[0] + 3000, "y": TOWN_AT[1], "unplaced": ""}
    assert nodes["near-sub"] == told | at
    assert nodes["town"]["x"] == TOWN_AT[0] + 6000
    assert np.isnan([nodes["placeless"]["x"], nodes["placeless"]["y"]]).all()


def test_the_only_element_above_is_the_parent_even_without_a_place():
    elements = {"a": ("s", "main", 1, "", ""), "b": ("s", "sub", 2, "", "")}
    graph = tier_graph(make_plan(elements), "s")
    assert list(graph.edges) == [("a", "b")]
    assert np.isnan(graph.edges["a", "b"]["distance_m"])


def test_a_row_that_stands_for_several_has_no_place_of_its_own():
    plan = make_plan()
    plan.elements["count"] = [8 if key == "near-sub" else 1 for key in plan.elements.index]
    graph = tier_graph(plan, "tiers")
    assert np.isnan(graph.edges["main", "near-sub"]["distance_m"])
    assert ("far-sub", "town") in graph.edges
    assert np.isnan(graph.nodes["near-sub"]["x"])


def test_a_node_says_why_its_edges_have_no_distance():
    plan = make_plan()
    several = {"near-sub": 8, "sworn": None}
    plan.elements["count"] = pd.array([several.get(key, 1) for key in plan.elements.index], "Int64")
    graph = tier_graph(plan, "tiers", network=streets())
    assert {node: why for node, why in graph.nodes(data="unplaced") if why} == {
        "near-sub": "stands for 8 elements",
        "sworn": "stands for an open number of elements",
        "placeless": "not drawn",
    }
    assert graph.nodes["sworn"]["count"] is None
    for *edge, metres in graph.edges(data="distance_m"):
        assert np.isnan(metres) == any(graph.nodes[end]["unplaced"] for end in edge)


def test_a_drawing_without_extent_is_not_drawn():
    places = gazetteer()
    places.loc["hull", "geometry"] = shapely.Polygon()
    graph = tier_graph(make_plan(places=places), "tiers", network=streets())
    assert graph.nodes["town"]["unplaced"] == "not drawn"


def test_a_plan_without_places_has_empty_graphs():
    plan = make_plan({"a": ("s", "main", 1, "", "")}, gazetteer().iloc[:0])
    assert len(axis_graph(plan)) == len(settlement_graph(plan, network=streets())) == 0
    assert tier_graph(plan, "s", network=streets()).nodes["a"]["unplaced"] == "not drawn"


def test_graphs_are_the_same_in_another_system():
    plan, turned = make_plan(), make_plan(places=gazetteer().to_crs(32650))
    for graph in (lambda plan: tier_graph(plan, "tiers"), axis_graph, settlement_graph):
        here, there = graph(plan), graph(turned)
        assert set(here.edges) == set(there.edges)
        metres = [[each.edges[edge]["distance_m"] for edge in here.edges] for each in (here, there)]
        assert metres[0] == pytest.approx(metres[1], abs=0.01, nan_ok=True)


def test_a_placeless_tier_above_gives_no_parent():
    elements = {"a": ("s", "main", 1, "", ""), "b": ("s", "main", 1, "", "")}
    elements["c"] = ("s", "sub", 2, "", "east-town")
    assert not tier_graph(make_plan(elements), "s").edges


def test_times_are_the_mean_of_there_and_back_along_the_streets():
    """The road is one-way east of the middle: there 50 minutes, back not at all."""
    elements = {
        "a": ("s", "main", 1, "", "middle-seat"),
        "west": ("s", "sub", 2, "", "west-town"),
        "east": ("s", "sub", 2, "", "east-town"),
        "north": ("s", "sub", 2, "", "north-city"),
        "nowhere": ("s", "sub", 2, "", ""),
    }
    graph = tier_graph(make_plan(elements), "s", network=streets())
    times = {child: graph.edges["a", child]["time_min"] for child in graph["a"]}
    assert times["west"] == 50
    assert times["east"] == np.inf
    assert np.isnan(times["north"])  # 3.5 km from any street, known to 1 km
    assert np.isnan(times["nowhere"])


def test_a_structure_without_ties_has_nodes_only():
    graph = tier_graph(make_plan(), "axes", network=streets())
    assert (len(graph), len(graph.edges)) == (4, 0)


def test_parents_in_a_circle_are_refused():
    elements = {"a": ("s", "main", 1, "b", ""), "b": ("s", "sub", 2, "a", "")}
    with pytest.raises(
        InputError, match=r"^a-plan: structures\.s: parents in a circle: [ab], [ab]$"
    ):
        tier_graph(make_plan(elements), "s")


@pytest.mark.parametrize(
    "graph", [tier_graph, lambda plan, key: axis_graph(plan, structure_id=key)]
)
def test_an_unknown_structure_is_refused(graph):
    with pytest.raises(NotFoundError, match=r"^a-plan has no structure 'tier'; did you mean tiers"):
        graph(make_plan(), "tier")


# --- axes


def test_axes_string_their_places_together():
    graph = axis_graph(make_plan(), structure_id="axes")
    edges = {frozenset(edge): graph.edges[edge] for edge in graph.edges}
    shared = edges[frozenset(["west-town", "middle-seat"])]
    assert shared["element_ids"] == ("one", "two")
    assert shared["structure_ids"] == ("axes", "axes")
    assert shared["distance_m"] == pytest.approx(3000, rel=1e-5)
    assert edges[frozenset(["middle-seat", "north-city"])]["element_ids"] == ("two",)
    assert len(edges) == 3
    assert graph.nodes["north-city"] == {
        "name_zh": "北市",
        "kind": "city",
        "x": TOWN_AT[0],
        "y": TOWN_AT[1] + 4000,
        "unplaced": "",
    }


def test_all_structures_make_one_graph_of_axes():
    edge = axis_graph(make_plan()).edges["west-town", "middle-seat"]
    assert edge["element_ids"] == ("loose", "one", "two", "four")
    assert edge["structure_ids"] == ("tiers", "axes", "axes", "belts")


def test_a_belt_runs_where_its_line_runs():
    graph = axis_graph(make_plan(), structure_id="belts")
    assert list(graph.edges) == [("west-town", "middle-seat"), ("middle-seat", "east-town")]


def test_axes_have_times_too():
    graph = axis_graph(make_plan(), structure_id="axes", network=streets())
    assert graph.edges["west-town", "middle-seat"]["time_min"] == 50
    assert nx.shortest_path_length(graph, "west-town", "east-town", weight="distance_m") == (
        pytest.approx(6000, rel=1e-5)
    )


def test_no_axis_no_graph():
    elements = {"round": ELEMENTS["round"]}
    assert len(axis_graph(make_plan(elements), network=streets())) == 0


# --- settlements


def test_settlements_follow_the_codes_of_divisions():
    graph = settlement_graph(make_plan())
    assert set(graph.edges) == {
        ("32", "north-city"),
        ("north-city", "middle-seat"),
        ("north-city", "320404"),
        ("middle-seat", "west-town"),
        ("320404", "east-town"),
    }
    assert nx.is_arborescence(graph)
    ranks = nx.get_node_attributes(graph, "rank")
    assert ranks == {
        "32": 1,
        "north-city": 2,
        "middle-seat": 3,
        "320404": 3,
        "west-town": 4,
        "east-town": 4,
    }


def test_settlements_carry_names_and_distances_where_they_have_a_place():
    graph = settlement_graph(make_plan(), network=streets())
    assert graph.edges["middle-seat", "west-town"]["distance_m"] == pytest.approx(3000, rel=1e-5)
    assert graph.edges["middle-seat", "west-town"]["time_min"] == 50
    assert np.isnan(graph.edges["320404", "east-town"]["distance_m"])
    assert np.isnan(graph.edges["320404", "east-town"]["time_min"])
    unplaced = graph.nodes["320404"]
    assert (unplaced["code"], unplaced["name_zh"], unplaced["kind"]) == ("320404", "", "")
    assert graph.nodes["west-town"]["code"] == "320402"
    assert graph.nodes["west-town"]["name_zh"] == "西镇"


def test_a_division_stands_where_its_seat_is():
    places = gazetteer()
    more = places.loc[["middle-seat"]].assign(kind="district").set_axis(["middle-district"])
    graph = settlement_graph(make_plan(places=pd.concat([more, places])))
    assert "middle-seat" in graph
    assert "middle-district" not in graph


# --- agreement


def drawing(*shapes, names=None, index=None, precision_m=100.0):
    labels = index or [chr(ord("a") + position) for position in range(len(shapes))]
    table = gpd.GeoDataFrame(
        {"precision_m": precision_m}, geometry=[*shapes], index=labels, crs=4549
    )
    return table if names is None else table.assign(name_zh=names)


def line(*at):
    return shapely.LineString(at)


def only(ours, theirs, **options):
    return agreement(drawing(ours), drawing(theirs), **options).loc["a"]


def test_parallel_lines_are_as_far_apart_as_they_are():
    row = only(line((0, 0), (1000, 0)), line((1000, 30), (0, 30)))
    assert row["geometry_kind"] == "line"
    assert row[["distance_m", "to_theirs_m", "to_ours_m", "hausdorff_m"]].tolist() == [30] * 4
    assert row[["near_theirs", "near_ours", "bearing_deg"]].tolist() == [1, 1, 0]
    assert row[["iou", "in_theirs", "in_ours"]].isna().all()


def test_a_line_that_goes_on_where_ours_ends():
    """Theirs runs 300 m on: the mean of 0 over 100 m and of 0 to 300 over 300 m is 112.5."""
    row = only(line((0, 0), (100, 0)), line((0, 0), (400, 0)), within_m=60)
    assert row["to_theirs_m"] == 0
    assert row["to_ours_m"] == pytest.approx(112.5)
    assert row["hausdorff_m"] == 300
    assert row["near_theirs"] == 1
    assert row["near_ours"] == pytest.approx(160 / 400)
    assert row["distance_m"] == 150


def test_lines_that_cross_at_a_right_angle():
    """Along 100 m out from the crossing the distance is 0 to 100, 50 in the mean."""
    row = only(line((-100, 0), (100, 0)), line((0, -100), (0, 100)), within_m=25)
    assert row[["to_theirs_m", "to_ours_m", "hausdorff_m", "bearing_deg"]].tolist() == [
        pytest.approx(50),
        pytest.approx(50),
        100,
        90,
    ]
    assert row["near_theirs"] == pytest.approx(0.25)


@pytest.mark.parametrize(("degrees", "expected"), [(10, 10), (100, 80), (170, 10), (190, 10)])
def test_bearings_know_no_direction(degrees, expected):
    turned = shapely.affinity.rotate(line((0, -100), (0, 100)), degrees)
    row = only(line((0, -100), (0, 100)), turned)
    assert row["bearing_deg"] == pytest.approx(expected)


def test_a_ring_has_no_bearing_and_a_line_in_pieces_has():
    ring = shapely.box(0, 0, 100, 100).exterior
    tracks = shapely.MultiLineString([[(0, 0), (100, 0)], [(100, 10), (0, 10)]])
    straight = line((0, 0), (100, 0))
    assert np.isnan(only(ring, straight)["bearing_deg"])
    assert only(straight, tracks)["bearing_deg"] == pytest.approx(0)
    assert only(line((0, 0), (0, 100)), tracks)["bearing_deg"] == pytest.approx(90)


@pytest.mark.parametrize(("half_length", "bearing"), [(125, np.nan), (127, 90)])
def test_a_direction_needs_twice_the_spread_along_as_across(half_length, bearing):
    """
    Two streets that cross, 100 m each way north and south: the spread of each is its cube.

    1.25 cubed is 1.95, less than twice; 1.27 cubed is 2.05, more. So long is the other.
    """
    cross = shapely.MultiLineString([[(-half_length, 0), (half_length, 0)], [(0, -100), (0, 100)]])
    row = only(cross, line((0, -100), (0, 100)))
    assert row["bearing_deg"] == pytest.approx(bearing, nan_ok=True)


def test_the_bearing_of_a_bent_line_is_that_of_its_length():
    """Both arms are as long, so it lies along the way from end to end, at 45 degrees."""
    bent = line((0, 0), (100, 0), (100, 100))
    assert only(bent, line((0, 0), (0, 1)))["bearing_deg"] == pytest.approx(45)


def test_the_gap_of_a_broken_line_does_not_count():
    """30 m at a distance of 0 and 10 m at one of 100: 25 in the mean."""
    broken = shapely.MultiLineString([[(0, 0), (30, 0)], [(60, 100), (70, 100)]])
    assert only(broken, line((0, 0), (100, 0)))["to_theirs_m"] == pytest.approx(25)


coordinates = st.integers(-1000, 1000)
lines = st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=5, unique=True).map(
    shapely.LineString
)


@settings(deadline=None)
@given(lines, lines)
def test_a_long_step_is_off_by_no_more_than_is_stated(ours, theirs):
    rough, fine = only(ours, theirs, step_m=200), only(ours, theirs, step_m=2)
    for name in ("to_theirs_m", "to_ours_m"):
        assert abs(rough[name] - fine[name]) <= 200 / 4 + 2 / 4
    assert rough["hausdorff_m"] <= fine["hausdorff_m"] + 1e-9 + 1
    assert rough["hausdorff_m"] >= fine["hausdorff_m"] - 200 / 2
    assert fine["hausdorff_m"] == pytest.approx(
        shapely.hausdorff_distance(ours, theirs, densify=0.001), abs=3
    )


def test_squares_that_overlap_by_half():
    row = only(shapely.box(0, 0, 100, 100), shapely.box(50, 0, 150, 100))
    assert row["geometry_kind"] == "polygon"
    assert row["iou"] == pytest.approx(5000 / 15000)
    assert row[["in_theirs", "in_ours", "distance_m"]].tolist() == [0.5, 0.5, 50]
    assert row[["to_theirs_m", "hausdorff_m", "near_ours", "bearing_deg"]].isna().all()


def test_a_part_lies_all_within_the_whole():
    row = only(shapely.box(0, 0, 10, 10), shapely.box(0, 0, 20, 20))
    assert row[["iou", "in_theirs", "in_ours"]].tolist() == [0.25, 1, 0.25]


def test_a_polygon_that_crosses_itself_is_measured_all_the_same():
    bow_tie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    row = only(bow_tie, shapely.box(0, 0, 100, 100))
    assert row[["in_theirs", "in_ours"]].tolist() == [1, 0.5]


def test_points_have_a_distance():
    row = only(shapely.Point(0, 0), shapely.Point(30, 40))
    assert (row["geometry_kind"], row["distance_m"]) == ("point", 50)
    assert row[["to_theirs_m", "iou"]].isna().all()


def test_counterparts_have_the_same_name_or_else_the_same_label():
    points = [shapely.Point(x, 0) for x in (0, 10, 20, 30)]
    ours = drawing(*points, names=["甲", "", None, "丁"], index=["p", "q", "r", "s"])
    theirs = drawing(*points[:3], names=["乙", "甲", None], index=["s", "x", "q"])
    found = agreement(ours, theirs)
    assert found["matched"].tolist() == ["x", "q", None, "s"]
    assert found["geometry_kind"].tolist() == ["point", "point", "", "point"]
    assert found["distance_m"].tolist()[:2] == [10, 10]
    assert found["distance_m"].isna().tolist() == [False, False, True, False]
    assert found.index.equals(ours.index)


def test_labels_keep_their_type():
    ours = drawing(shapely.Point(0, 0), shapely.Point(1, 1), index=[7, 8])
    theirs = drawing(shapely.Point(0, 0), index=[7])
    assert agreement(ours, theirs)["matched"].tolist() == [7, None]


def test_what_is_not_drawn_has_no_counterpart():
    ours, theirs = drawing(None, shapely.Point(0, 0)), drawing(shapely.Point(0, 0), None)
    found = agreement(ours, theirs)
    assert found["matched"].tolist() == [None, None]
    assert found["distance_m"].isna().all()
    assert found["iou"].dtype == float


def test_the_stated_precision_says_what_is_near():
    ours = drawing(line((0, 0), (1000, 0)), line((0, 0), (1000, 0)), precision_m=[20.0, 40.0])
    theirs = drawing(*[line((0, 30), (1000, 30))] * 2)
    assert agreement(ours, theirs)["near_theirs"].tolist() == [0, 1]
    assert agreement(ours, theirs, within_m=30.001)["near_theirs"].tolist() == [1, 1]


def test_their_system_is_converted():
    square = in_town(shapely.box(0, 0, 1000, 1000))
    theirs = drawing(square).to_crs(4326)
    row = agreement(drawing(square), theirs).loc["a"]
    assert row["iou"] == pytest.approx(1, abs=1e-6)


def test_of_several_of_one_name_the_one_of_the_same_label_counts():
    twice = drawing(line((0, 0), (10, 0)), line((0, 5), (10, 5)), names=["轴", "轴"])
    table = agreement(twice, twice)
    assert list(table["matched"]) == list(twice.index)
    assert (table["hausdorff_m"] == 0).all()


def test_empty_drawings_have_no_counterparts():
    road = drawing(line((0, 0), (9, 0)))
    assert agreement(road.iloc[:0], road).shape == agreement(road.iloc[:0], road.iloc[:0]).shape
    assert agreement(road, road.iloc[:0])["matched"].tolist() == [None]


def test_kinds_may_be_mixed_as_long_as_counterparts_are_of_one():
    shapes = [line((0, 0), (9, 0)), shapely.box(0, 0, 1, 1), shapely.Point(0, 0)]
    found = agreement(drawing(*shapes), drawing(*shapes))
    assert found["geometry_kind"].tolist() == ["line", "polygon", "point"]
    assert found["distance_m"].tolist() == [0, 0, 0]


def test_a_piece_without_length_counts_for_nothing():
    pieces = shapely.MultiLineString([[(50, 50), (50, 50)], [(0, 0), (100, 0)]])
    row = only(pieces, line((0, 0), (100, 0)))
    assert row[["to_theirs_m", "to_ours_m", "hausdorff_m"]].tolist() == [0, 0, 0]
    assert row[["near_theirs", "near_ours", "bearing_deg"]].tolist() == [1, 1, 0]


def test_tables_that_cannot_be_compared_are_refused():
    road = drawing(line((0, 0), (9, 0)))
    no_geometry = r"^ours: no geometry; allowed: a GeoDataFrame with a geometry column$"
    for ours in (None, road.geometry, pd.DataFrame(road), gpd.GeoDataFrame({"a": [1]})):
        with pytest.raises(InputError, match=no_geometry):
            agreement(ours, road)
    with pytest.raises(InputError, match=r"^theirs: the column precision_m is there twice$"):
        agreement(road, pd.concat([road, road[["precision_m"]]], axis=1))
    with pytest.raises(InputError, match=r"^ours: a label is missing; reset the index$"):
        agreement(road.set_axis([np.nan]), road)
    with pytest.raises(InputError, match=r"^ours: a and a: no precision_m; give within_m$"):
        agreement(road.assign(precision_m="near"), road)
    with pytest.raises(InputError, match=r"^step_m: '50'; allowed: a number above 0$"):
        agreement(road, road, step_m="50")
    for feet_or_degrees in (2263, 4490):
        with pytest.raises(CRSError, match=r"^ours: no coordinate system in metres; call to_crs"):
            agreement(road.set_crs(feet_or_degrees, allow_override=True), road)
    with pytest.raises(CRSError, match=r"^ours: Web Mercator, whose metres are none; call to_crs"):
        agreement(road.to_crs(3857), road)
    beyond = r"^theirs: a: coordinates beyond its system; declare the system that they are in$"
    for far in (
        drawing(line((0, 0), (np.inf, 0))),
        drawing(line((0, 0), (500, 95))).set_crs(4326, allow_override=True),
    ):
        with pytest.raises(CRSError, match=beyond):
            agreement(road, far)


def test_faults_of_a_comparison_are_named():
    road, point, square = line((0, 0), (9, 0)), shapely.Point(0, 0), shapely.box(0, 0, 1, 1)
    with pytest.raises(InputError, match=r"^agreement: a and a: a line and a point; allowed: geom"):
        only(road, point)
    with pytest.raises(InputError, match=r"^within_m: 0; allowed: a number above 0$"):
        only(road, road, within_m=0)
    with pytest.raises(InputError, match=r"^step_m: nan; allowed: a number above 0$"):
        only(road, road, step_m=np.nan)
    with pytest.raises(LimitError, match=r"^agreement: a line of 9 m in steps of 1e-06 m; at most"):
        only(road, road, step_m=1e-6)
    with pytest.raises(InputError, match=r"^ours: a and a: no precision_m; give within_m$"):
        agreement(drawing(road).drop(columns="precision_m"), drawing(road))
    with pytest.raises(InputError, match=r"^theirs: a: LineString of no extent; allowed: points"):
        only(road, line((1, 1), (1, 1)))
    with pytest.raises(InputError, match=r"^ours: a: LineString of no extent; allowed: points"):
        only(line((1, 1), (1, 1)), road)
    flat = shapely.Polygon([(0, 0), (1, 0), (2, 0)])
    with pytest.raises(InputError, match=r"^ours: b: Polygon of no extent; allowed: points, lines"):
        agreement(drawing(square, flat), drawing(square))
    with pytest.raises(InputError, match=r"^ours: a: GeometryCollection of no extent; allowed"):
        only(shapely.GeometryCollection([square]), square)
    with pytest.raises(InputError, match=r"^theirs: the index repeats a; dissolve its pieces$"):
        agreement(drawing(square), drawing(square, square, index=["a", "a"]))
    twice = drawing(road, road, names=["轴", "轴"], index=["x", "y"])
    with pytest.raises(InputError, match=r"^theirs: 轴 is there twice; dissolve by name_zh first$"):
        agreement(drawing(road, names=["轴"]), twice)
    with pytest.raises(CRSError, match=r"^theirs: no coordinate system; declare the datum of the"):
        agreement(drawing(road), drawing(road).set_crs(None, allow_override=True))
    with pytest.raises(
        CRSError, match=r"^ours: no coordinate system in metres; call to_crs first$"
    ):
        agreement(drawing(road).to_crs(4326), drawing(road))


# --- the plans that come with the package, and a drawing that is not ours


def test_the_tiers_of_changzhou():
    """2188: Changzhou and Liyang are named; the town circles are only counted."""
    tiers = tier_graph(read_plan("changzhou-urbanisation"), "a07-city-tiers")
    edge = tiers.edges["a07-centre-1", "a07-centre-2"]
    assert edge["stated"]
    assert edge["distance_m"] == pytest.approx(55_000, rel=0.1)
    counted = [node for node, count in tiers.nodes(data="count") if count == 8]
    assert len(counted) == 2
    assert all(np.isnan(tiers.nodes[node]["x"]) for node in counted)


def test_the_innovation_axis_of_changzhou():
    axes = axis_graph(read_plan("changzhou-urbanisation"), structure_id="a06-city-structure")
    axis = [edge for *edge, ids in axes.edges(data="element_ids") if "a06-axis-innovation" in ids]
    assert {place for edge in axis for place in edge} == {"old-town", "two-lakes", "liyang-seat"}


@pytest.mark.parametrize("plan_id", list_plans())
def test_settlements_of_every_plan_are_one_tree_for_each_province(plan_id):
    graph = settlement_graph(read_plan(plan_id))
    assert nx.is_forest(graph)
    roots = [node for node, degree in graph.in_degree() if degree == 0]
    assert {graph.nodes[root]["rank"] for root in roots} == {1}
    assert all(graph.nodes[v]["rank"] == graph.nodes[u]["rank"] + 1 for u, v in graph.edges)
    assert nx.descendants(graph, "32") >= {"nanjing-city", "changzhou-city", "nantong-city"}


def test_towns_lie_within_a_days_walk_of_their_seat():
    graph = settlement_graph(read_plan("changzhou-urbanisation"))
    towns = [edge for edge in graph.edges if graph.nodes[edge[1]]["rank"] == 4]
    assert len(towns) >= 27
    assert max(graph.edges[edge]["distance_m"] for edge in towns) < 40_000


def test_the_drawn_metro_lies_within_its_precision_of_the_tracks(shared):
    places = read_plan("changzhou-urbanisation").places
    ours = places.loc[["changzhou-metro-line-1", "changzhou-metro-line-2"]]
    tracks = gpd.read_file(shared / "data/transit/changzhou_routes.json")
    tracks = tracks[tracks["line"].isin(["changzhou1", "changzhou2"])].dissolve("line")
    theirs = tracks.set_axis(ours.index)[["geometry"]]
    found = agreement(ours, theirs)
    assert (found["to_theirs_m"] < ours["precision_m"]).all()
    assert (found["near_theirs"] > 0.9).all()
    assert (found["bearing_deg"] < 10).all()


def test_a_drawn_district_is_no_boundary_and_says_how_little(shared):
    places = read_plan("changzhou-urbanisation").places
    ours = places.loc[["tianning-district", "wujin-district"]]
    files = [shared / f"data/boundaries/{code}.geojson" for code in ("320402", "320412")]
    theirs = pd.concat(
        [read_boundaries(path, crs=places.crs, datum="gcj02", level=6) for path in files]
    )
    found = agreement(ours, theirs.set_axis(ours.index))
    assert found["matched"].tolist() == ours.index.tolist()
    assert found["iou"].between(0.05, 0.7).all()


# --- what all of them share


def test_no_input_is_modified():
    plan, network = make_plan(), streets()
    before = plan.elements.copy(), plan.places.copy(), network.edges.copy()
    tier_graph(plan, "tiers", network=network)
    axis_graph(plan, network=network)
    settlement_graph(plan, network=network)
    agreement(plan.elements, plan.elements.assign(name_zh=""))
    for now, then in zip((plan.elements, plan.places, network.edges), before, strict=True):
        assert_frame_equal(pd.DataFrame(now), pd.DataFrame(then))
