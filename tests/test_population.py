"""People read, spread, cut and assigned: none may be lost or invented."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from spatialplan import crs
from spatialplan import population
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import LimitError

METRIC = pyproj.CRS.from_epsg(4549)
MALTA = crs.metric_crs(14.4, 35.9)
WEST, NORTH = 500_000.0, 3_500_300.0
CELL_M = 100.0


def raster(path, values, *, transform=None, nodata=None, **options):
    values = np.atleast_3d(np.array(values, dtype=options.pop("dtype", "float32")))
    bands = values.transpose(2, 0, 1)
    profile = {
        "driver": "GTiff", "count": len(bands), "height": bands.shape[1], "width": bands.shape[2],
        "dtype": bands.dtype, "crs": "EPSG:4549", "nodata": nodata,
        "transform": transform or rasterio.Affine(CELL_M, 0, WEST, 0, -CELL_M, NORTH),
        **options,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(bands)
    return path


def test_raster_cells_become_points(tmp_path):
    path = raster(tmp_path / "a.tif", [[1.5, -9], [0, 4], [np.nan, 2]], nodata=-9)
    people = population.read_population(path, crs=METRIC)
    assert people["population"].to_dict() == {"r0c0": 1.5, "r1c1": 4, "r2c1": 2}
    assert people.loc["r1c1"].geometry.equals(shapely.Point(WEST + 150, NORTH - 150))
    assert people["drawn_from"].unique().tolist() == ["open_data"]
    assert people.attrs["precision_m"] == pytest.approx(70.7)


def test_raster_bounds_and_rotation(tmp_path):
    path = raster(tmp_path / "a.tif", [[1, 2], [3, 4]])
    box = (WEST, NORTH - 200, WEST + 100, NORTH - 100)
    inside = population.read_population(path, crs=METRIC, bounds=box)
    assert inside["population"].tolist() == [3]
    with pytest.raises(InputError, match=r"inside the area: no people \(total 10 in the file\)"):
        population.read_population(path, crs=METRIC, bounds=(0, 0, 1, 1))
    turned = rasterio.Affine(0, 100, WEST, 100, 0, NORTH)
    path = raster(tmp_path / "b.tif", [[1, 2]], transform=turned)
    people = population.read_population(path, crs=METRIC)
    assert people.loc["r0c1"].geometry.equals(shapely.Point(WEST + 50, NORTH + 150))


@pytest.mark.parametrize(
    ("values", "options", "error", "message"),
    [
        ([[1, -99999]], {}, InputError, r"row 0, column 1: 1 cells are negative \(first: -99999\)"),
        ([[1, np.inf]], {}, InputError, "1 cells are infinite"),
        ([[0, -1]], {"nodata": -1}, InputError, "no people"),
        ([[[1, 1]]], {}, InputError, "2 bands; allowed: one band"),
        ([[1, 1]], {"crs": None}, CRSError, "no coordinate system"),
        (
            [[1, 1]],
            {"transform": rasterio.Affine.identity()},
            CRSError,
            "no position",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_bad_rasters(tmp_path, values, options, error, message):
    path = raster(tmp_path / "a.tif", values, **options)
    with pytest.raises(error, match=message):
        population.read_population(path, crs=METRIC)


def test_raster_too_large_or_false(tmp_path, monkeypatch):
    path = raster(tmp_path / "a.tif", [[1, 2], [3, 4]])
    monkeypatch.setattr("spatialplan.population._people.MAX_CELLS", 3)
    with pytest.raises(LimitError, match="4 cells; the limit is 3; clip it"):
        population.read_population(path, crs=METRIC)
    path.write_bytes(b"<VRTDataset/>")
    with pytest.raises(InputError, match=r"is not \.tif by its first bytes"):
        population.read_population(path, crs=METRIC)
    path.write_bytes(b"II*\x00" + b"\x00" * 100)
    with pytest.raises(InputError, match="cannot be read as GeoTIFF"):
        population.read_population(path, crs=METRIC)


def test_people_of_a_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('社区,常住人口,经度,纬度\n甲,"1,234",119.97,31.81\n乙,0,119.98,31.81\n')
    people = population.read_population(path, crs=METRIC, datum="wgs84")
    assert people["population"].to_dict() == {"a.csv:2": 1234, "a.csv:3": 0}


def test_people_of_polygons(tmp_path):
    frame = gpd.GeoDataFrame({"p": [7]}, geometry=[shapely.box(5e5, 3.5e6, 500100, 3500100)],
                             crs=4549)  # fmt: skip
    frame.to_file(tmp_path / "a.gpkg")
    people = population.read_population(
        tmp_path / "a.gpkg", crs=METRIC, columns={"population": "p"}
    )
    assert people["population"].tolist() == [7]
    assert people.geom_type.tolist() == ["Polygon"]
    with pytest.raises(InputError, match="no column of people among p; name it population"):
        population.read_population(tmp_path / "a.gpkg", crs=METRIC)


@pytest.mark.parametrize(
    ("cell", "message"),
    [("-3", "row 2: -3 people; allowed: 0 or more"), ("", "row 2, column 'pop': no number"),
     ("0", "no people"), ("many", "'many' is not a number")],
)  # fmt: skip
def test_bad_counts(tmp_path, cell, message):
    (tmp_path / "a.csv").write_text(f"pop,lon,lat\n{cell},119.97,31.81\n")
    with pytest.raises(InputError, match=message):
        population.read_population(tmp_path / "a.csv", crs=METRIC, datum="wgs84")


def shapes(*geometry, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=4549)


NO_BUILDINGS = shapes(levels=[])


def test_cut_land_by_pencil():
    # 120 x 50 m from (30, 0), and the same 20 x 50 m again inside it
    pieces = population.cut_land(shapes(shapely.box(30, 0, 150, 50), shapely.box(60, 0, 80, 50)))
    assert pieces["area_m2"].to_dict() == {"0_0": 1000, "1_0": 2500, "2_0": 2500}


def test_cut_land_gathers_parts_of_one_square():
    pieces = population.cut_land(shapes(shapely.box(0, 0, 10, 50), shapely.box(40, 0, 50, 50)))
    assert pieces["area_m2"].to_dict() == {"0_0": 1000}
    assert pieces.geom_type.tolist() == ["MultiPolygon"]


@settings(deadline=None, max_examples=30)
@given(
    places=strategies.lists(
        strategies.tuples(*[strategies.floats(-500, 500)] * 2, strategies.floats(1, 300)),
        min_size=1, max_size=5,
    ),
    cell_m=strategies.sampled_from([7.0, 50.0, 1000.0]),
)  # fmt: skip
def test_cut_land_keeps_the_area(places, cell_m):
    discs = [shapely.Point(x, y).buffer(radius) for x, y, radius in places]
    pieces = population.cut_land(shapes(*discs), cell_m=cell_m)
    assert pieces["area_m2"].sum() == pytest.approx(shapely.union_all(discs).area, rel=1e-9)
    sides = pieces.bounds
    assert (sides["maxx"] - sides["minx"]).max() <= cell_m + 1e-6


def test_cut_of_no_land():
    assert len(population.cut_land(shapes())) == 0


def test_people_by_land_alone():
    land = shapes(shapely.box(0, 0, 50, 50), shapely.box(1000, 0, 1150, 50))
    people = population.spread_population(400, NO_BUILDINGS, land)
    assert people["population"].to_dict() == pytest.approx(
        {"0_0": 100, "20_0": 100, "21_0": 100, "22_0": 100}
    )
    assert people["population_basis_zh"].str.contains("非统计值").all()
    assert people.attrs["precision_m"] == pytest.approx(35.4)


def test_people_by_floor_space_where_buildings_are_mapped():
    # One block with 250 m2 and 250 x 3 m2 of floors on 2,500 m2 of land: ratio 0.4;
    # 2,500 m2 of land in another block are taken as 1,000 m2 of floors; off any land 500 m2.
    buildings = shapes(
        shapely.box(0, 0, 25, 10), shapely.box(0, 20, 25, 30), shapely.box(5000, 0, 5050, 10),
        levels=[1, 3, 1],
    )  # fmt: skip
    land = shapes(shapely.box(0, 0, 50, 50), shapely.box(1000, 0, 1050, 50))
    people = population.spread_population(2500, buildings, land)
    expected = {"0_0": 1000, "20_0": 1000, "100_0": 500}
    assert people["population"].to_dict() == pytest.approx(expected)
    # gathered at the middle of the floors: a quarter at y = 5, three quarters at y = 25
    assert people.loc["0_0"].geometry.equals_exact(shapely.Point(12.5, 20), 1e-6)


def test_sparsely_mapped_buildings_are_not_believed():
    hut, land = shapely.box(0, 0, 5, 10), shapely.box(0, 0, 100, 50)
    people = population.spread_population(100, shapes(hut, levels=[1]), shapes(land))
    assert people["population"].to_dict() == pytest.approx({"0_0": 50, "1_0": 50})


def test_a_large_building_is_not_one_point():
    people = population.spread_population(
        100, shapes(shapely.box(0, 0, 100, 50), levels=[9]), shapes()
    )
    assert people["population"].to_dict() == pytest.approx({"0_0": 50, "1_0": 50})


@settings(deadline=None, max_examples=30)
@given(total=strategies.floats(0.001, 1e9), size=strategies.floats(1, 500))
def test_spread_keeps_the_total(total, size):
    land = shapes(shapely.box(3, 3, size + 3, 9))
    people = population.spread_population(total, NO_BUILDINGS, land)
    assert people["population"].sum() == pytest.approx(total, rel=1e-9)


@pytest.mark.parametrize("total", [0, -1, float("nan"), float("inf")])
def test_bad_total(total):
    with pytest.raises(InputError, match=r"total population: .*a number above 0"):
        population.spread_population(total, NO_BUILDINGS, shapes(shapely.box(0, 0, 1, 1)))


def test_nowhere_to_live():
    with pytest.raises(InputError, match="no residential building and no"):
        population.spread_population(10, NO_BUILDINGS, shapes())


def test_smallest_area_wins():
    city, district = shapely.box(0, 0, 100, 100), shapely.box(0, 0, 50, 100)
    areas = shapes(district, city).set_index(pd.Index(["district", "city"]))
    points = shapes(*shapely.points([[10, 10], [90, 10], [190, 10]]))
    before = points.copy()
    assert population.assign_area(points, areas).tolist() == ["district", "city", ""]
    assert population.assign_area(points, areas[:0]).tolist() == ["", "", ""]
    pd.testing.assert_frame_equal(points, before)


def residential_file(path, *objects):
    """Squares of 0.0005 degrees at a distance east, with their tags."""
    nodes, ways = [], []
    for number, (shift, size, tags) in enumerate(objects, start=1):
        corners = [(shift, 0), (shift + size, 0), (shift + size, size), (shift, size)]
        for corner, (x, y) in enumerate(corners):
            place = f'lat="{31.8 + y}" lon="{119.9 + x}"'
            nodes.append(f'<node id="{number}{corner}" {place}/>')
        refs = "".join(f'<nd ref="{number}{corner}"/>' for corner in (0, 1, 2, 3, 0))
        marks = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        ways.append(f'<way id="{number}">{refs}{marks}</way>')
    path.write_text(f"<osm version='0.6'>{''.join(nodes + ways)}</osm>", encoding="utf-8")
    return path


def test_residential_buildings(tmp_path):
    path = residential_file(
        tmp_path / "a.osm",
        (0, 0.01, {"landuse": "residential"}),
        (0.001, 0.0002, {"building": "yes"}),
        (0.002, 0.0002, {"building": "yes", "shop": "mall"}),
        (0.003, 0.001, {"amenity": "school"}),
        (0.0035, 0.0002, {"building": "yes"}),  # on the school's grounds
        (0.011, 0.0002, {"building": "yes"}),  # off the land, but near it
        (0.012, 0.0002, {"building": "apartments", "building:levels": "6"}),
        (0.03, 0.0002, {"building": "yes"}),  # far from any residential land
        (0.04, 0.001, {"landuse": "industrial"}),
        (0.0405, 0.0002, {"building": "yes"}),
        (0.005, 0.0002, {"building": "house", "building:levels": "two"}),
        (0.006, 0.0002, {"building": "garage"}),
    )
    buildings, land = population.read_residential(path, crs=METRIC)
    assert sorted(buildings.index, key=lambda label: int(label[1:])) == ["w2", "w7", "w8", "w11"]
    assert buildings.loc["w7", "levels"] == 6
    assert buildings.loc["w11", "levels"] == 1
    assert buildings.loc["w2", "footprint_m2"] == pytest.approx(18.94 * 22.18, rel=0.01)
    assert len(land) == 1


def test_overlapping_land_counts_once(tmp_path):
    path = residential_file(
        tmp_path / "a.osm",
        (0, 0.01, {"landuse": "residential"}),
        (0.002, 0.005, {"landuse": "residential"}),
    )
    _, land = population.read_residential(path, crs=METRIC)
    assert land.area.sum() == pytest.approx(947 * 1109, rel=0.01)


def test_malta(shared):
    path = shared / "data/streets/malta-latest.osm.pbf"
    buildings, land = population.read_residential(path, crs=MALTA)
    assert 40e6 < land.area.sum() < 50e6
    pieces = population.cut_land(land)
    assert pieces["area_m2"].sum() == pytest.approx(land.area.sum(), rel=1e-9)
    people = population.spread_population(425_384, buildings, land)
    assert people["population"].sum() == pytest.approx(425_384, rel=1e-9)
    # No 50 m square is denser than 2,000 people a hectare.
    assert people["population"].max() < 500


def test_kathmandu(shared):
    path = shared / "data/population/worldpop_kathmandu_2020_UNadj.tif"
    people = population.read_population(path, crs=crs.metric_crs(85.3, 27.7))
    with rasterio.open(path) as file:
        truth = file.read(1, masked=True).astype("float64").sum()
    assert people["population"].sum() == pytest.approx(truth, rel=1e-12)
    assert round(truth) == 2_196_647


def test_porto_alegre(shared):
    path = shared / "data/population/poa_hexgrid.csv"
    people = population.read_population(path, crs=crs.metric_crs(-51.2, -30.0), datum="wgs84")
    assert people["population"].sum() == 812_935
    assert len(people) == 1_227


def counted(shapes, numbers):
    table = {"population": np.array(numbers, dtype=float), "area_id": "", "drawn_from": "open_data"}
    labels = pd.Index([f"t{row}" for row in range(len(shapes))], name="place_id")
    return gpd.GeoDataFrame(table, geometry=shapes, index=labels, crs=METRIC)


def test_people_of_polygons_go_where_people_live():
    shapes = [shapely.box(0, 0, 400, 300), shapely.box(400, 0, 800, 300), shapely.Point(9, 9)]
    people = counted(shapes, [120, 60, 7])
    land = gpd.GeoDataFrame(geometry=[shapely.box(10, 10, 130, 90)], crs=METRIC)
    placed = population.spread_within(people, land[:0].assign(levels=1.0), land)
    town = placed.index.str.split(":").str[0]
    assert placed["population"].groupby(town).sum().to_dict() == pytest.approx(
        {"t0": 120, "t1": 60, "t2": 7}
    )
    assert placed[town == "t0"].within(land.union_all()).all()
    assert (town == "t1").sum() == 4 * 3
    assert placed.loc["t2"].geometry.equals(shapes[2])
    told = placed["population_basis_zh"].str.contains
    assert (told("居住用地分摊")[town == "t0"]).all()
    assert (told("无居住用地")[town == "t1"]).all()
    assert placed.attrs["precision_m"] == pytest.approx(70.7)
    assert population.spread_within(people[2:], land[:0], land).equals(people[2:])


def test_people_beyond_the_earth_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("lon,lat,population\n119.9,31.8,1e308\n119.91,31.8,1e308\n", "utf-8")
    with pytest.raises(InputError, match=r"inf people in all; allowed: up to 1e\+10"):
        population.read_population(path, crs=METRIC, datum="wgs84")
    land = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 50, 50)], crs=METRIC)
    with pytest.raises(InputError, match="above 0, up to 1e"):
        population.spread_population(1e308, land[:0].assign(levels=1.0), land)
