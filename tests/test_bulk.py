"""Matrices in parts: the same pairs, whatever happened in between."""

from __future__ import annotations

import pandas as pd
import pytest
from conftest import make_points

from spatialplan import bulk
from spatialplan.access import travel_matrix
from spatialplan.bulk import write_travel_matrix
from spatialplan.errors import InputError
from spatialplan.errors import OutputError


@pytest.fixture
def places():
    here = [(50.0 * i, 3.0 * i) for i in range(-11, 12)]
    return make_points(*here, index=[f"p{i}" for i in range(len(here))])


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(bulk, "PAIRS", 1)
    monkeypatch.setattr(bulk, "LEAST", 5)


def pairs(table):
    return table.sort_values(["origin_id", "destination_id"]).reset_index(drop=True)


@pytest.mark.parametrize("limit", [None, 6.0])
def test_the_parts_together_are_the_matrix(cross, places, tmp_path, small_parts, limit):
    count = write_travel_matrix(places, places, tmp_path / "m", network=cross, limit=limit)
    expected = travel_matrix(places, places, network=cross, limit=limit)
    found = pd.read_parquet(tmp_path / "m")
    pd.testing.assert_frame_equal(pairs(found), pairs(expected))
    assert count == len(expected)
    assert len(list((tmp_path / "m").glob("*.parquet"))) == 5


def test_a_stopped_run_is_taken_up_again(cross, places, tmp_path, small_parts):
    folder = tmp_path / "m"

    def stop_at_the_third(parts):
        for number, part in enumerate(parts):
            if number == 2:
                raise KeyboardInterrupt
            yield part

    with pytest.raises(KeyboardInterrupt):
        write_travel_matrix(places, places, folder, network=cross, progress=stop_at_the_third)
    first = folder / "part-00000.parquet"
    before = first.stat().st_mtime_ns
    second = folder / "part-00001.parquet"
    second.write_bytes(second.read_bytes()[:-9])  # and the machine went down while writing
    write_travel_matrix(places, places, folder, network=cross)
    assert first.stat().st_mtime_ns == before
    expected = travel_matrix(places, places, network=cross)
    pd.testing.assert_frame_equal(pairs(pd.read_parquet(folder)), pairs(expected))


@pytest.mark.parametrize("byte", range(5, 400, 45))
def test_a_part_with_a_damaged_page_is_made_again(cross, places, tmp_path, byte):
    count = write_travel_matrix(places, places, tmp_path / "m", network=cross)
    part = tmp_path / "m" / "part-00000.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[:byte] + bytes([whole[byte] ^ 255]) + whole[byte + 1 :])
    assert write_travel_matrix(places, places, tmp_path / "m", network=cross) == count
    assert part.read_bytes() == whole


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", "\N{SNOWMAN}"])
def test_a_folder_with_a_damaged_marker_is_not_touched(cross, places, tmp_path, text):
    write_travel_matrix(places, places, tmp_path / "m", network=cross)
    marker = tmp_path / "m" / bulk.MARKER
    marker.write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match=r"_matrix.json: is damaged, .*; delete the folder"):
        write_travel_matrix(places, places, tmp_path / "m", network=cross)
    assert marker.read_text(encoding="utf-8") == text


def test_a_part_takes_less_than_a_gigabyte():
    assert bulk.PAIRS * 140 < 1e9


def test_what_is_not_this_matrix_is_not_touched(cross, places, tmp_path):
    write_travel_matrix(places, places, tmp_path / "m", network=cross)
    with pytest.raises(OutputError, match="parts of another matrix; name another folder"):
        write_travel_matrix(places, places[:3], tmp_path / "m", network=cross)
    with pytest.raises(OutputError, match="another matrix"):
        write_travel_matrix(places, places, tmp_path / "m", network=cross.at_speed(9))
    with pytest.raises(OutputError, match="another matrix"):
        write_travel_matrix(places, places, tmp_path / "m", network=cross, limit=3)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(OutputError, match="holds other files"):
        write_travel_matrix(places, places, tmp_path / "mine", network=cross)
    with pytest.raises(OutputError, match="does not exist"):
        write_travel_matrix(places, places, tmp_path / "no" / "m", network=cross)
    with pytest.raises(InputError, match="limit"):
        write_travel_matrix(places, places, tmp_path / "n", network=cross, limit=float("nan"))
    twice = make_points((0, 0), (9, 0), index="aa")
    for both in ((twice, places), (places, twice)):
        with pytest.raises(InputError, match="the index repeats a"):
            write_travel_matrix(*both, tmp_path / "n", network=cross)
    assert not (tmp_path / "n").exists()
