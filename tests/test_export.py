"""Result tables in every format, opened again."""

from __future__ import annotations

import io
import json
import math

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import OutputError
from spatialplan.export import require_format
from spatialplan.export import write_table
from spatialplan.export import write_tables


@pytest.fixture
def layer():
    return gpd.GeoDataFrame(
        {"name_zh": ["一小", "=1+1"], "time_min": [12.5, math.inf], "n": [1, 2]},
        geometry=[shapely.Point(497_538.152, 3_520_895.434), shapely.Point(500_000, 3_520_000)],
        index=pd.Index(["a", "b"], name="place_id"),
        crs=4549,
    )


def test_geojson_is_in_wgs84_and_knows_no_infinity(tmp_path, layer):
    write_table(layer, tmp_path / "a.geojson")
    text = (tmp_path / "a.geojson").read_text(encoding="utf-8")
    content = json.loads(text, parse_constant=pytest.fail)
    first, second = content["features"]
    assert first["properties"] == {"place_id": "a", "name_zh": "一小", "time_min": 12.5, "n": 1}
    assert second["properties"]["time_min"] is None
    assert second["properties"]["name_zh"] == "=1+1"  # data, not a spreadsheet
    lon, lat = first["geometry"]["coordinates"]
    assert (lon, lat) == (119.974, 31.811)
    back = gpd.read_file(tmp_path / "a.geojson").to_crs(4549)
    assert back.geometry.distance(gpd.GeoSeries(layer.geometry.array, crs=4549)).max() < 0.1


def test_gpkg_keeps_the_metres(tmp_path, layer):
    write_table(layer, tmp_path / "小学.gpkg")
    back = gpd.read_file(tmp_path / "小学.gpkg", layer="小学")
    assert back.crs == layer.crs
    assert back["place_id"].tolist() == ["a", "b"]
    assert back.geometry.tolist() == layer.geometry.tolist()
    assert back["time_min"].tolist()[0] == 12.5
    assert math.isnan(back["time_min"][1])


def test_parquet_is_the_table_itself(tmp_path, layer):
    write_table(layer, tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(
        pd.DataFrame(gpd.read_parquet(tmp_path / "a.parquet")), pd.DataFrame(layer)
    )
    write_table(layer.drop(columns="geometry"), tmp_path / "b.parquet")
    assert pd.read_parquet(tmp_path / "b.parquet")["time_min"].tolist() == [12.5, math.inf]


def test_csv_has_a_mark_for_excel_lon_lat_and_no_formula(tmp_path, layer):
    write_table(layer, tmp_path / "a.CSV")
    raw = (tmp_path / "a.CSV").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfplace_id,")
    assert b"\r" not in raw
    back = pd.read_csv(io.BytesIO(raw), encoding="utf-8-sig")
    assert list(back.columns) == ["place_id", "name_zh", "time_min", "n", "lon", "lat", "datum"]
    assert back["name_zh"].tolist() == ["一小", "'=1+1"]
    assert back["time_min"].tolist() == [12.5, math.inf]  # unreachable is not unmeasured
    assert back["lon"].tolist() == [119.974, 120.0]  # the second on the central meridian


def test_text_that_a_spreadsheet_runs_is_quoted_in_the_index_too(tmp_path):
    table = pd.DataFrame(
        {"text": ["+1", "-1", "@x", "\t=1", " =1", "＝1", "1=1"], "number": [-1.0] * 7},
        index=pd.Index(["=A1", *"bcdefg"], name="place_id"),
    )
    write_table(table, tmp_path / "a.csv")
    back = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig", skipinitialspace=False)
    assert back["text"].str.startswith("'").tolist() == [True] * 6 + [False]
    assert back["place_id"][0] == "'=A1"
    assert back["number"].tolist() == [-1.0] * 7


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet"])
def test_a_row_without_geometry_stays_a_row(tmp_path, layer, name):
    bare = layer.copy()
    bare.loc[bare.index[0], "geometry"] = None
    write_table(bare, tmp_path / name)
    read = gpd.read_parquet if name.endswith("parquet") else gpd.read_file
    back = read(tmp_path / name)
    assert list(back.geometry.isna()) == [True] + [False] * (len(layer) - 1)


@pytest.fixture
def mixed(layer):
    line = shapely.LineString([(497_538, 3_520_895), (500_000, 3_520_000)])
    shapes = [layer.geometry.iloc[0], line, shapely.MultiLineString([line]), line.buffer(9), None]
    ids = pd.Index(list("abcde"), name="place_id")
    return gpd.GeoDataFrame({"n": range(5)}, geometry=shapes, index=ids, crs=layer.crs)


def held(path):
    """Layers of a GeoPackage: type of geometry, and what the index holds."""
    return {
        name: (kind, pyogrio.read_dataframe(path, layer=name)["place_id"].tolist())
        for name, kind in pyogrio.list_layers(path).tolist()
    }


def test_gpkg_has_a_layer_for_each_kind_of_shape(tmp_path, mixed):
    write_table(mixed, tmp_path / "a.gpkg")
    assert held(tmp_path / "a.gpkg") == {
        "points": ("Point", ["a"]),
        "lines": ("MultiLineString", ["b", "c"]),
        "areas": ("MultiPolygon", ["d"]),
        "undrawn": (None, ["e"]),
    }
    back = gpd.read_file(tmp_path / "a.gpkg", layer="lines")
    assert back.crs == mixed.crs
    assert back.geometry.iloc[1].equals(mixed.geometry["c"])


def test_gpkg_of_one_kind_is_one_layer_named_as_the_file(tmp_path, mixed):
    write_table(mixed.loc[["b", "e"]], tmp_path / "a.gpkg")
    assert held(tmp_path / "a.gpkg") == {"a": ("LineString", ["b", "e"])}


@pytest.fixture
def tables():
    ids = pd.Index(["a"], name="place_id")
    said = pd.DataFrame({"said": ["=1+1"], "limits": [(0.45, 3.0)], "of": [{"甲": "7"}]}, ids)
    return {"said": said, "none": said[:0]}


def test_gpkg_of_several_tables_has_layers_by_shape_and_tables(tmp_path, mixed, tables):
    write_tables(mixed.loc[["b", "e"]], tables, tmp_path / "a.gpkg")
    assert held(tmp_path / "a.gpkg") == {
        "lines": ("MultiLineString", ["b"]),
        "undrawn": (None, ["e"]),
        "said": (None, ["a"]),
        "none": (None, []),
    }
    (row,) = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="said").to_dict("records")
    assert row == {"place_id": "a", "said": "=1+1", "limits": "0.45; 3", "of": "甲 7"}
    write_tables(mixed[:0], tables, tmp_path / "a.gpkg")
    assert list(held(tmp_path / "a.gpkg")) == ["said", "none"]


def test_a_workbook_has_a_sheet_for_each_table_and_no_formula(tmp_path, mixed, tables):
    tables["said"].loc["a", "of"] = "一\x07二"
    write_tables(mixed, tables, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["elements", "said", "none"]
    assert [cell.value for cell in book["said"][2]] == ["a", "=1+1", "0.45; 3", "一二"]
    assert {cell.data_type for cell in book["said"][2]} == {"s"}
    assert book["said"]["B2"].quotePrefix
    assert [cell.value for cell in book["elements"][1]] == [
        "place_id", "n", "lon", "lat", "datum"
    ]  # fmt: skip
    assert [book["elements"][f"E{row}"].value for row in (2, 6)] == ["wgs84", None]
    assert book["elements"]["C2"].value == pytest.approx(mixed.to_crs(4326).geometry.iloc[0].x)
    assert book["elements"]["C6"].value is None


def test_several_tables_are_refused_before_anything_is_written(tmp_path, mixed, tables):
    with pytest.raises(InputError, match=r"a\.csv: holds no tables; allowed: \.gpkg, \.xlsx"):
        write_tables(mixed, tables, tmp_path / "a.csv")
    with pytest.raises(CRSError, match="no coordinate system"):
        write_tables(mixed.set_crs(None, allow_override=True), tables, tmp_path / "a.gpkg")
    assert not list(tmp_path.iterdir())


def test_a_refusal_names_what_the_caller_writes_itself():
    with pytest.raises(InputError, match=r"allowed: \.parquet, \.csv, \.md$"):
        require_format("a.doc", layer=False, also=[".md"])


def test_points_and_collections_keep_their_type(tmp_path, mixed):
    both = shapely.GeometryCollection([mixed.geometry["a"], mixed.geometry["d"]])
    pair = shapely.MultiPoint([(497_538, 3_520_895), (500_000, 3_520_000)])
    some = mixed[:3].set_geometry([mixed.geometry["a"], pair, both])
    write_table(some, tmp_path / "a.gpkg")
    assert held(tmp_path / "a.gpkg") == {"points": ("MultiPoint", ["a", "b"]),
                                         "collections": ("GeometryCollection", ["c"])}  # fmt: skip


def test_other_formats_hold_all_shapes_in_one(tmp_path, mixed):
    for name, read in (("a.geojson", gpd.read_file), ("a.parquet", gpd.read_parquet)):
        write_table(mixed, tmp_path / name)
        assert len(read(tmp_path / name)) == 5


@pytest.mark.parametrize("name", ["a.geojson", "a.csv", "a.parquet"])
def test_texts_hold_figures_rounded_by_their_unit_and_tables_all_of_them(tmp_path, layer, name):
    exact = {"time_min": 1.23456, "distance_m": 12.3456, "area_km2": 1.234567, "area_m2": 9.87,
             "people": 3.14159, "share": 0.123456789}  # fmt: skip
    write_table(layer[["geometry"]].assign(**exact), tmp_path / name)
    read = {".csv": pd.read_csv, ".parquet": gpd.read_parquet}.get(name[1:], gpd.read_file)
    rounded = {**exact, "time_min": 1.23, "distance_m": 12.3, "area_km2": 1.2346, "area_m2": 9.9,
               "people": 3.1416}  # fmt: skip
    expected = exact if name == "a.parquet" else rounded
    assert read(tmp_path / name)[list(exact)].iloc[0].to_dict() == expected


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet", "a.csv"])
def test_a_table_without_rows_is_written(tmp_path, layer, name):
    write_table(layer[:0], tmp_path / name)
    assert (tmp_path / name).stat().st_size > 0
    if name != "a.csv":
        read = gpd.read_parquet if name == "a.parquet" else gpd.read_file
        assert len(read(tmp_path / name)) == 0


@pytest.mark.parametrize("name", ["a.geojson", "a.csv"])
def test_the_table_is_not_modified(tmp_path, layer, name):
    before = layer.copy()
    write_table(layer, tmp_path / name)
    assert layer.equals(before)


def test_a_layer_that_the_disk_cut_short_is_told(tmp_path, mixed, monkeypatch):
    whole = pyogrio.write_dataframe

    def cut(table, path, *, layer, **own):
        whole(table[: len(table) - (layer == "lines")], path, layer=layer, **own)

    monkeypatch.setattr("pyogrio.write_dataframe", cut)
    with pytest.raises(OutputError, match=r"a\.gpkg: could not be written \(it is incomplete"):
        write_table(mixed, tmp_path / "a.gpkg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.shp", "a", "a.xlsx"])
def test_other_formats_are_refused_and_the_known_ones_named(tmp_path, layer, name):
    with pytest.raises(InputError, match=r"allowed: \.geojson, \.gpkg, \.parquet, \.csv"):
        write_table(layer, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_layer_format_needs_geometry(tmp_path, layer):
    with pytest.raises(InputError, match=r"cannot write \.gpkg here; allowed: \.parquet, \.csv"):
        write_table(layer.drop(columns="geometry"), tmp_path / "a.gpkg")
    assert require_format("a.GPKG", layer=True) is not None


def test_a_layer_without_coordinate_system_is_refused(tmp_path, layer):
    nowhere = layer.set_crs(None, allow_override=True)
    for name in ("a.geojson", "a.csv"):
        with pytest.raises(InputError, match="no coordinate system"):
            write_table(nowhere, tmp_path / name)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet", "a.csv"])
def test_a_writer_that_fails_leaves_the_old_file(tmp_path, layer, name, monkeypatch):
    (tmp_path / name).write_text("old")

    def full_disk(self, path, *_, **__):
        (self if isinstance(path, str) else path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    for method in ("to_file", "to_parquet", "to_csv"):
        monkeypatch.setattr(gpd.GeoDataFrame, method, full_disk)
        monkeypatch.setattr(pd.DataFrame, method, full_disk, raising=False)
    monkeypatch.setattr(type(tmp_path), "write_text", full_disk)
    monkeypatch.setattr("pyogrio.write_dataframe", full_disk)
    with pytest.raises(OutputError, match=rf"{name}: could not be written"):
        write_table(layer, tmp_path / name)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "old"}


def test_shapes_are_written_in_csv_by_a_point_inside(tmp_path, layer):
    square = layer[:1].set_geometry(layer[:1].buffer(100.0, cap_style="square"))
    write_table(square, tmp_path / "a.csv")
    back = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig")
    np.testing.assert_allclose(back[["lon", "lat"]], [[119.974, 31.811]], atol=1e-6)
