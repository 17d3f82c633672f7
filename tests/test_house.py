"""The house rules that neither ruff nor mypy can see."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from conftest import make_points
from pandas.testing import assert_frame_equal

import spatialplan as sp
from spatialplan._commands import COMMANDS
from spatialplan.cli import parser

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "spatialplan"
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in MODULES}
DOCUMENTS = ("README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md")
FUNCTIONS = [
    (f"{path}:{node.name}", node)
    for path, tree in TREES.items()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef)
]
CALLABLES = sorted(name for name in sp.__all__ if callable(getattr(sp, name)))
CLASSES = [name for name in CALLABLES if inspect.isclass(getattr(sp, name))]


# --- shape


def test_imports_go_down_only():
    command = Path(sys.executable).with_name("lint-imports")
    done = _run(command, "--no-cache")
    assert done.returncode == 0, done.stdout


def _run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_module_has_a_floor():
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = setup["tool"]["importlinter"]["contracts"]
    assert contract["exhaustive"]
    assert "ignore_imports" not in contract
    floors = {name for floor in contract["layers"] for name in floor.split(" | ")}
    assert floors == {path.stem for path in PACKAGE.iterdir() if _is_module(path)} - {"__init__"}


def _is_module(path):
    return path.suffix == ".py" or (path / "__init__.py").is_file()


def test_no_catch_all_modules():
    named = {part for path in TREES for part in Path(path).with_suffix("").parts}
    assert not named & {"utils", "common", "helpers", "core", "misc", "tools"}


def test_files_are_short():
    lines = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in TREES}
    assert not {path: count for path, count in lines.items() if count > 400}


def test_functions_are_short():
    """At most 60 lines, the docstring aside."""
    assert not {name: length for name, node in FUNCTIONS if (length := _length(node)) > 60}


def _length(function):
    docstring = function.body[0] if ast.get_docstring(function) else None
    told = docstring.end_lineno - docstring.lineno + 1 if docstring else 0
    return function.end_lineno - function.lineno + 1 - told


def test_options_are_keyword_only():
    """Only the subject, the first argument, may have a default and a position."""
    loose = [
        name
        for name, node in FUNCTIONS
        if not node.name.startswith("_") and len(node.args.defaults) > (len(node.args.args) == 1)
    ]
    assert not loose


def test_no_options_travel_on():
    assert not [name for name, node in FUNCTIONS if node.args.kwarg]


def test_the_library_neither_prints_nor_sets_up_logging():
    loud = [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and getattr(node, "id", getattr(node, "attr", "")) in ("print", "basicConfig", "pprint")
    ]
    assert not loud


def test_files_are_written_through_the_door():
    """A module that writes to a path has it drafted by `_files`, which replaces all or nothing."""
    sources = {path: (ROOT / path).read_text("utf-8") for path in TREES}
    writing = re.compile(r"\.(write_text|write_bytes|to_file|to_csv|to_parquet|to_excel|save)\(")
    writers = {path for path, text in sources.items() if writing.search(text)}
    assert {"spatialplan/_files.py", "spatialplan/base.py", "spatialplan/export.py"} <= writers
    drafting = {
        path for path, text in sources.items() if re.search(r"replacing_(file|folder)", text)
    }
    assert writers - drafting == {"spatialplan/report/_workbook.py"}  # is handed its draft


def test_names_are_ascii():
    names = {
        name
        for tree in TREES.values()
        for node in ast.walk(tree)
        for field in ("id", "attr", "name", "arg")
        if isinstance(name := getattr(node, field, None), str)
    }
    assert len(names) > 1000
    assert not [name for name in names if not name.isascii()]


def test_errors_speak_ascii():
    """What the code itself says in an error; words of data may be in it."""
    spoken = [
        (path, part.value)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    assert len(spoken) > 200
    assert not [entry for entry in spoken if not entry[1].isascii()]


# --- the front door


def test_importing_the_package_is_light():
    heavy = "geopandas pandas numpy numba rasterio shapely pydantic osmium jinja2"
    code = f"import sys, spatialplan; print(set({heavy.split()}) & set(sys.modules))"
    done = _run(sys.executable, "-c", code)
    assert done.stdout.strip() == "set()", done.stderr


def test_the_two_lists_of_public_names_agree():
    typed = {
        (node.module, alias.name)
        for node in ast.walk(TREES["spatialplan/__init__.py"])
        if isinstance(node, ast.ImportFrom) and node.level and node.module not in (None, "_version")
        for alias in node.names
    }
    assert typed == {(home, name) for name, home in sp._HOME_OF.items()}


def test_a_module_does_not_hide_a_function():
    from spatialplan import judgement
    from spatialplan import shortfall

    assert not {path.stem for path in PACKAGE.iterdir() if _is_module(path)} & set(sp._HOME_OF)
    assert sp.assess is judgement.assess
    assert sp.gaps is shortfall.gaps


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="'spatialplan' has no attribute 'asess'"):
        _ = sp.asess
    assert dir(sp) == sorted(sp.__all__)


def test_one_version():
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert sp.__version__ == setup["project"]["version"]


@pytest.mark.parametrize("name", CALLABLES)
def test_public_names_are_documented(name):
    found = getattr(sp, name)
    told = inspect.getdoc(found) or ""
    signature = inspect.signature(found)
    parameters = told.partition("Parameters\n---")[2].partition("\n\nReturns\n---")[0]
    named = set(re.findall(r"^(\w+(?:, \w+)*)$", parameters, re.MULTILINE))
    listed = {word for line in named for word in line.split(", ")}
    assert set(signature.parameters) <= listed
    returns = not inspect.isclass(found) and signature.return_annotation not in (None, "None")
    assert ("Returns\n---" in told) == returns


@pytest.mark.parametrize("name", CLASSES)
def test_public_classes_are_frozen_and_inherit_nothing(name):
    found = getattr(sp, name)
    assert found.__dataclass_params__.frozen
    assert found.__bases__ == (object,)


@pytest.mark.parametrize("name", sorted({*CALLABLES} - {*CLASSES}))
def test_public_functions_are_tested(name):
    others = [path for path in (ROOT / "tests").glob("test_*.py") if path != Path(__file__)]
    assert any(re.search(rf"\b{name}\b", path.read_text("utf-8")) for path in others)


# --- what is written about it


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents_name_what_exists(document):
    text = (ROOT / document).read_text("utf-8")
    for name in re.findall(r"\bsp\.(\w+)", text):
        assert name in sp.__all__, name
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / link).exists(), link


def test_the_commands_of_the_readme_are_accepted():
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    commands = [line for line in lines if line.startswith("spatialplan ")]
    for line in commands:
        parser().parse_args(shlex.split(line, comments=True)[1:])
    assert {line.split()[1] for line in commands} == {*COMMANDS} - {"demo"}


def test_documents_are_short():
    lines = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in DOCUMENTS}
    assert lines["README.md"] <= 150
    assert lines["DESIGN.md"] <= 250


def test_no_machine_is_named():
    """Neither a path of the machine this was written on, nor the host of a package registry."""
    machine = re.compile(r"(?<![\w.])/(?:work|root|home|tmp)/|[p]ypi\.org|[p]ythonhosted|[n]pmjs")
    kinds = {".py", ".md", ".toml", ".yaml", ".j2", ".js", ".css", ".json", ".lock", ""}
    skipped = {"_vendor", "node_modules", "__pycache__"}
    folders = ("spatialplan", "tests", "layers", "maps", "web", "examples", ".ci")
    files = [path for path in ROOT.iterdir() if path.is_file()]
    files += [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    found = [
        str(path.relative_to(ROOT))
        for path in files
        if path.suffix in kinds
        and not skipped & set(path.parts)
        and machine.search(path.read_text("utf-8"))
    ]
    assert len(files) > 100
    assert not found


# --- behaviour that every measure shares


def _tables():
    """Homes, schools and one park on the crossing of conftest, as the tables of a measure."""
    homes = make_points((-300.0, 5.0), (300.0, 5.0), (0.0, 300.0))
    homes["population"], homes["area_id"] = [1.0, 2.0, 4.0], ["a", "b", "b"]
    shapes = [shapely.Point(600, 0), shapely.box(-40, -640, 40, -560)]
    facilities = gpd.GeoDataFrame(
        {"category": ["primary_school", "park"], "area_m2": [np.nan, 6400.0]},
        geometry=shapes,
        index=pd.Index(["s", "p"], name="place_id"),
        crs=4549,
    )
    return homes, facilities


def _travel(city):
    homes, facilities, network = city
    return sp.street_travel(homes, facilities, network=network)


def _people(city):
    return city[0]["population"]


def _supply(city):
    return pd.Series(1.0, city[1].index)


def _catchment(name):
    return lambda *city: getattr(sp, name)(
        _people(city), _supply(city), travel=_travel(city), decay=sp.linear_decay(15)
    )


ALIKE = {"primary_school": 1, "park": 1}


def _ways(city):
    homes, places, network = city
    return sp.nearest_by_category(homes, places, network=network, categories=[*ALIKE])


CATCHMENTS = (
    "floating_catchment", "three_step_catchment", "modified_catchment", "balanced_catchment",
    "crowdedness", "spatial_availability",
)  # fmt: skip
MEASURES = {
    "time_to_nearest": lambda homes, places, net: sp.time_to_nearest(homes, places, network=net),
    "distance_to_nearest": lambda homes, places, net: sp.distance_to_nearest(
        homes, places, network=net
    ),
    "straight_distance": lambda homes, places, _: sp.straight_distance(homes, places),
    "travel_matrix": lambda homes, places, net: sp.travel_matrix(homes, places, network=net),
    "isochrone": lambda homes, _, net: sp.isochrone(homes, network=net, minutes=[5, 10]),
    "reached_streets": lambda homes, _, net: sp.reached_streets(homes, network=net, minutes=[5]),
    "coverage_share": lambda homes, *_: sp.coverage_share(
        homes, homes["population"] > 1, by="area_id"
    ),
    "cumulative_opportunities": lambda *city: sp.cumulative_opportunities(
        _supply(city), travel=_travel(city), limits=[15]
    ),
    "passive_accessibility": lambda *city: sp.passive_accessibility(
        _people(city), travel=_travel(city), limits=[15]
    ),
    "gravity_access": lambda *city: sp.gravity_access(
        _supply(city),
        travel=_travel(city),
        decay=sp.exponential_decay(0.1),
    ),
    "nearest_facilities": lambda *city: sp.nearest_facilities(_travel(city), count=2),
    "balancing_cost": lambda *city: sp.balancing_cost(
        _people(city), _supply(city), travel=_travel(city)
    ),
    "nearest_by_category": lambda *city: _ways(city),
    "reached_categories": lambda *city: sp.reached_categories(_ways(city), limit=15),
    "mean_proximity": lambda *city: sp.mean_proximity(_ways(city), weights=ALIKE),
    "proximity_score": lambda *city: sp.proximity_score(
        _ways(city), weights=ALIKE, decay=sp.linear_decay(15)
    ),
    "people_means": lambda *city: sp.people_means(city[0], _ways(city), by="area_id"),
    "detour_index": lambda homes, places, net: sp.detour_index(homes, places, network=net),
    "nearest_detour": lambda homes, places, net: sp.nearest_detour(homes, places, network=net),
    "closure_change": lambda homes, places, net: sp.closure_change(
        lambda streets: sp.time_to_nearest(homes, places, network=streets),
        network=net,
        edge_ids=[1],
    ),
    "closure_losses": lambda homes, places, net: sp.closure_losses(
        homes, places, network=net, closures={"east": [1]}
    ),
    "multimodal_catchment": lambda *city: sp.multimodal_catchment(
        _people(city).to_frame("walk"),
        _supply(city),
        travel={"walk": _travel(city)},
        decay={"walk": sp.linear_decay(15)},
    ),
    **{name: _catchment(name) for name in CATCHMENTS},
}


@pytest.mark.parametrize("name", MEASURES)
def test_no_input_is_modified(name, cross):
    homes, facilities = _tables()
    inputs = [homes, facilities, cross.nodes, cross.edges]
    before = [table.copy(deep=True) for table in inputs]
    first = MEASURES[name](homes, facilities, cross)
    again = MEASURES[name](homes, facilities, cross)
    for table, copy in zip(inputs, before, strict=True):
        assert_frame_equal(pd.DataFrame(table), pd.DataFrame(copy))
        assert table.attrs == copy.attrs
    assert first.equals(again)


@pytest.mark.parametrize("name", ["time_to_nearest", "distance_to_nearest", "straight_distance"])
def test_a_measure_is_a_series_on_the_index_of_its_subject(name, cross):
    homes, facilities = _tables()
    found = MEASURES[name](homes, facilities, cross)
    assert found.index.equals(homes.index)
    assert found.name in ("time_min", "distance_m")
