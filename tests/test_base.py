"""A prepared area on disk: what is read is what was written, or one clear refusal."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import yaml
from pandas.testing import assert_frame_equal

from spatialplan.base import LAYERS
from spatialplan.base import LISTS
from spatialplan.base import MARKER
from spatialplan.base import read_base
from spatialplan.base import write_base
from spatialplan.errors import InputError
from spatialplan.errors import OutputError
from spatialplan.errors import SchemaError


@pytest.fixture
def folder(tmp_path, town):
    write_base(town, tmp_path / "town")
    return tmp_path / "town"


def equal_frames(one, other):
    assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other), check_like=False)
    assert type(one) is type(other)
    if isinstance(one, gpd.GeoDataFrame):
        assert one.crs == other.crs


def test_a_base_is_read_as_it_was_written(folder, town):
    back = read_base(folder)
    for name in LAYERS + LISTS:
        equal_frames(getattr(back, name), getattr(town, name))
    assert list(back.networks) == ["walk"]
    equal_frames(back.networks["walk"].nodes, town.networks["walk"].nodes)
    equal_frames(back.networks["walk"].edges, town.networks["walk"].edges)
    assert (back.area_id, back.sources, back.facts) == (town.area_id, town.sources, town.facts)
    assert back.crs == town.crs


def test_the_head_says_what_is_inside_in_plain_words(folder):
    head = yaml.safe_load((folder / MARKER).read_text(encoding="utf-8"))
    assert (head["area_id"], head["crs"], head["modes"]) == ("town", "EPSG:4549", ["walk"])
    assert "抽样" in (folder / MARKER).read_text(encoding="utf-8")
    assert head["sources"][0]["sha256"] == "0" * 64


def test_layers_are_geoparquet_and_lists_are_tables_for_people(folder, town):
    meta = json.loads(__import__("pyarrow.parquet").parquet.read_schema(
        folder / "land.parquet").metadata[b"geo"])  # fmt: skip
    assert meta["primary_column"] == "geometry"
    listed = pd.read_csv(folder / "unlocated.csv")
    assert list(listed.columns) == list(town.unlocated.columns)


def test_a_list_runs_nothing_in_a_spreadsheet(tmp_path, town):
    evil = pd.DataFrame({"kept": ["=cmd()"], "merged": ["a"]})
    write_base(replace(town, duplicates=evil), tmp_path / "town")
    assert "\n'=cmd(),a" in (tmp_path / "town" / "duplicates.csv").read_text("utf-8-sig")
    assert read_base(tmp_path / "town").duplicates["kept"].tolist() == ["=cmd()"]


def test_writing_again_replaces_and_leaves_nothing_beside(folder, town):
    (folder / "bike_nodes.parquet").write_text("from before")
    write_base(replace(town, area_id="new"), folder)
    assert read_base(folder).area_id == "new"
    assert not (folder / "bike_nodes.parquet").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["town"]


def test_a_reader_s_own_file_beside_the_tables_is_never_removed(folder, town):
    (folder / "coverage.xlsx").write_text("mine")
    with pytest.raises(OutputError, match=r"holds coverage\.xlsx, which is not ours to replace"):
        write_base(town, folder)
    assert (folder / "coverage.xlsx").read_text() == "mine"


def test_a_folder_of_others_is_refused(tmp_path, town):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds thesis\.txt, which is not ours to replace"):
        write_base(town, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_interrupted_write_leaves_the_old_base(folder, town, monkeypatch):
    calls = []

    def full_disk(self, path):
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        path.write_bytes(b"half")

    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", full_disk)
    with pytest.raises(OutputError, match="could not be written: No space left on device"):
        write_base(replace(town, area_id="new"), folder)
    assert read_base(folder).area_id == "town"
    assert [path.name for path in folder.parent.iterdir()] == ["town"]


def test_what_is_no_base_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such folder; make it with: spatialplan base"):
        read_base(tmp_path / "none")
    with pytest.raises(InputError, match=r"holds no base\.yaml; make it with: spatialplan base"):
        read_base(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, r"base\.yaml: format 99; allowed: 1; prepare the base again"),
        ({"area_id": "a/../b"}, r"base\.yaml: area_id: 'a/../b' is no identifier; allowed: le"),
        ({"crs": "EPSG:32650"}, r"crs EPSG:32650, but a table is in CGCS2000 .* again"),
        ({"crs": "nowhere"}, r"base\.yaml: crs nowhere, but a table is in CGCS2000"),
        ({"modes": None}, r"base\.yaml: modes: Field required; prepare the base again"),
        (
            {"modes": None, "facts": None},
            r"base\.yaml: modes: Field required; facts: Field req",
        ),
        ({"modes": ["walk", "fly"]}, r"base\.yaml: modes\.1: Input should be 'walk', 'bike' or"),
        ({"modes": ["walk", "bike"]}, r"bike_nodes\.parquet: no such table of the base; prepare"),
    ],
)
def test_a_damaged_head_is_refused(folder, change, message):
    head = yaml.safe_load((folder / MARKER).read_text(encoding="utf-8")) | change
    head = {key: value for key, value in head.items() if value is not None}
    (folder / MARKER).write_text(yaml.safe_dump(head), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_base(folder)


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [
        ("demand", None, "no such table of the base"),
        ("demand", 0, "the table of the base is empty"),
        ("walk_edges", 500, r"walk_edges\.parquet: damaged \(.*\); prepare the base again"),
        ("unlocated", 50, "damaged"),
    ],
)
def test_a_damaged_table_is_refused(folder, name, size, message):
    path = folder / f"{name}.parquet"
    if size is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(InputError, match=message) as caught:
        read_base(folder)
    assert "\n" not in str(caught.value)


def test_bytes_that_rot_inside_a_table_are_refused(folder):
    path = folder / "facilities.parquet"
    content = bytearray(path.read_bytes())
    for place in range(4, len(content) // 2):
        content[place] ^= 0x5A
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        read_base(folder)


def test_a_layer_without_geometry_is_refused(folder):
    pd.DataFrame({"population": [1.0]}).to_parquet(folder / "demand.parquet")
    with pytest.raises(InputError, match=r"demand\.parquet: damaged"):
        read_base(folder)


def test_tables_are_checked_when_a_base_is_made(town):
    with pytest.raises(SchemaError, match="land: column 'area_m2' holds values below 0"):
        replace(town, land=town.land.assign(area_m2=-1.0))
    with pytest.raises(SchemaError, match="facilities: no coordinate system"):
        replace(town, facilities=town.facilities.set_crs(None, allow_override=True))


def test_names_and_titles(town):
    assert repr(town) == "<Base town: 63 people, 4 facilities, walk>"
    assert town.area_names == {"west": "西区", "east": "east"}
    assert (town.title("zh"), town.title("en")) == ("town", "town")
    named = replace(town, facts={"title_zh": "小镇"})
    assert (named.title("zh"), named.title("en")) == ("小镇", "town")
