"""The examples, run as a reader of the documentation would, on a small real city."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

import spatialplan as sp

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = 38_400


def run(folder, script, *arguments):
    """Run an example and return what it says; warnings are errors there, too."""
    done = subprocess.run(
        [sys.executable, "-W", "error", ROOT / "examples" / script, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(shared, tmp_path_factory):
    """Run the first example; the others use its base."""
    folder = tmp_path_factory.mktemp("examples")
    said = run(folder, "area_from_osm.py", shared / "data/streets/monaco.osm.gz", PEOPLE, "out")
    return folder / "out", said


def test_an_area_from_osm(made):
    folder, said = made
    shares = [float(found) for found in re.findall(r"([\d.]+)%  ", said)]
    assert len(shares) > 12
    assert all(0 < share <= 100 for share in shares)
    assert f"a stated total of {PEOPLE:,}" in said
    assert len(openpyxl.load_workbook(folder / "coverage.xlsx").sheetnames) == 4
    assert (folder / "map.html").read_text("utf-8").startswith("<!doctype html>")
    base = sp.read_base(folder / "base")
    left_out = base.facts["people_outside"]
    assert base.demand["population"].sum() + left_out == pytest.approx(PEOPLE)
    assert left_out < PEOPLE / 100


def test_a_walk_from_here(made):
    folder, _ = made
    said = run(folder, "walk_from_here.py", "base", "7.4278", "43.7392", "walk.geojson")
    rows = re.findall(r"(\d+) min: ([\d.]+) km2, ([\d.]+) km of streets, ([\d,]+) people", said)
    found = [(int(row[0]), float(row[1]), int(row[3].replace(",", ""))) for row in rows]
    assert [row[0] for row in found] == [15, 10, 5]
    for larger, smaller in pairwise(found):
        assert larger[1] > smaller[1]
        assert larger[2] >= smaller[2]
    assert (folder / "walk.geojson").is_file()


def test_a_standard_of_ones_own(made):
    national, own = run(made[0], "own_standard.py", "base").splitlines()
    assert "at most 500 m" in national
    assert "GB 50180-2018" in national
    assert "at most 800 m" in own
    assert own.endswith("confidence L (to be checked)")
    assert float(own.split("%")[0]) > float(national.split("%")[0])


def test_every_example_is_run_here():
    scripts = {path.name for path in (ROOT / "examples").glob("*.py")}
    assert scripts == set(re.findall(r"\w+\.py(?=\")", Path(__file__).read_text("utf-8")))


def test_the_structures_of_a_plan(tmp_path):
    said = run(tmp_path, "plan_structures.py", "changzhou-urbanisation", "a07-city-tiers", "out")
    assert "2188: 16 town_circle" in said
    assert re.search(r"^常州中心城区 > 溧阳中心城区: [4-6]\d km$", said, re.MULTILINE)
    assert "0 faults" in said
    layer = gpd.read_file(tmp_path / "out" / "elements.geojson")
    assert f"text       {(layer['drawn_from'] == 'text').sum()}" in said
