"""Datums against published vectors and against stations surveyed twice."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies

from spatialplan import crs
from spatialplan.errors import CRSError

# WGS 84, GCJ-02 and BD-09 of three cities, and how far the datum lies off in metres.
VECTORS = [
    ((119.9740, 31.8110), (119.97875003, 31.80895900), (119.98521656, 31.81512052), 503.5, 1156.1),
    ((116.3975, 39.9087), (116.40374357, 39.91010350), (116.41011659, 39.91644275), 556.1, 1379.4),
    ((121.4737, 31.2304), (121.47822306, 31.22845774), (121.48478147, 31.23431059), 481.7, 1141.3),
]
GEOD = pyproj.Geod(ellps="WGS84")


def metres(one, other):
    return GEOD.inv(one[0], one[1], other[0], other[1])[2]


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09", "off_gcj02_m", "off_bd09_m"), VECTORS)
def test_published_vectors(wgs84, gcj02, bd09, off_gcj02_m, off_bd09_m):
    for datum, place, off_m in (("gcj02", gcj02, off_gcj02_m), ("bd09", bd09, off_bd09_m)):
        there = [float(value) for value in crs.from_wgs84(*wgs84, datum=datum)]
        assert there == pytest.approx(place, abs=1e-8)
        assert metres(wgs84, there) == pytest.approx(off_m, abs=0.05)
        back = [float(value) for value in crs.to_wgs84(*there, datum=datum)]
        assert metres(wgs84, back) < 0.001


@given(
    lon=strategies.floats(74, 134), lat=strategies.floats(4, 53),
    datum=strategies.sampled_from(crs.DATUMS),
)  # fmt: skip
def test_there_and_back(lon, lat, datum):
    back = crs.to_wgs84(*crs.from_wgs84([lon], [lat], datum=datum), datum=datum)
    assert metres((lon, lat), (back[0][0], back[1][0])) < 0.001


@pytest.mark.parametrize("city", ["changzhou", "nantong"])
def test_metro_stations(shared, city):
    folder = shared / "data/transit"
    shifted = pd.read_csv(folder / f"justgo_{city}_stations_gcj02.csv").set_index("name")
    lon, lat = crs.to_wgs84(shifted["lon_gcj02"], shifted["lat_gcj02"], datum="gcj02")
    features = json.loads((folder / f"{city}_features.json").read_text(encoding="utf-8"))
    known = {
        name: feature["geometry"]["coordinates"]
        for feature in features["features"]
        for name in feature["properties"]["alternate_names"]
        if feature["properties"]["line"] in (f"{city}1", f"{city}2")
    }
    matched = [
        metres(known[name], (x, y))
        for name, x, y in zip(shifted.index, lon, lat, strict=True)
        if name in known
    ]
    assert len(matched) >= 0.8 * len(shifted)
    assert np.median(matched) < 10


def test_no_shift_outside_china_and_none_for_cgcs2000():
    assert [float(v) for v in crs.to_wgs84(14.4, 35.9, datum="gcj02")] == [14.4, 35.9]
    assert [float(v) for v in crs.to_wgs84(119.9, 31.8, datum="cgcs2000")] == [119.9, 31.8]


def test_geometry_is_converted_point_by_point():
    line = np.array([shapely.LineString([VECTORS[0][1], VECTORS[2][1]])])
    moved = crs.geometry_to_wgs84(line, datum="gcj02")[0]
    assert moved.coords[0] == pytest.approx(VECTORS[0][0], abs=1e-8)
    assert moved.coords[1] == pytest.approx(VECTORS[2][0], abs=1e-8)


def test_gauss_krueger_vector():
    to_metres = pyproj.Transformer.from_crs(4326, crs.metric_crs(119.974, 31.811), always_xy=True)
    assert to_metres.transform(119.974, 31.811) == pytest.approx((497538.152, 3520895.434))


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [(73.6, 39.5, 4534), (121.4, 31.2, 4549), (121.6, 31.2, 4550), (136.4, 50, 4554),
     (14.4, 35.9, 32633), (-51.2, -30.0, 32722), (180, 0, 32660)],
)  # fmt: skip
def test_metric_crs(lon, lat, code):
    assert crs.metric_crs(lon, lat).to_epsg() == code


@pytest.mark.parametrize(("lon", "lat"), [(31.8, 119.9), (497538, 3520895), (0, 89)])
def test_metric_crs_refuses_what_is_no_place(lon, lat):
    with pytest.raises(CRSError, match="declare the coordinate system, or swap the two columns"):
        crs.metric_crs(lon, lat)


def test_unknown_datum():
    with pytest.raises(CRSError, match="datum: 'beijing54'; allowed: wgs84, cgcs2000, gcj02, bd09"):
        crs.to_wgs84([1], [1], datum="beijing54")
