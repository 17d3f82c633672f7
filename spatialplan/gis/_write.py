"""Files for QGIS and ArcGIS: each complete or not there at all, and nothing foreign replaced."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import pandas as pd
import pyogrio
from rasterio.errors import RasterioError

from spatialplan._files import replacing_file
from spatialplan._files import replacing_folder
from spatialplan.cartography import layer_title
from spatialplan.errors import InputError
from spatialplan.errors import OutputError

from ._grids import add_grid
from ._grids import class_names
from ._grids import grid_names
from ._grids import write_grid
from ._project import project_text
from ._style import style_text
from ._tables import ABOUT
from ._tables import attribute_tables
from ._tables import layer_tables

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ._tables import LayerTable

MARKER = "spatialplan.txt"
"""A folder that holds this file is ours to replace."""

_MARK = "Made by spatialplan; replaced when it is made again.\n"
_GRIDS = r".+\.tif(\.aux\.xml)?"
_GEODATABASE = r"a[0-9a-f]{8}\..+|gdb|timestamps"
_STYLES = "layer_styles"
_SHIFTED = ("gcj02", "bd09")  # no GIS knows them, and all would take them for WGS 84


class _Format(NamedTuple):
    """How GDAL writes a format: driver, option for the title of a table, other options."""

    driver: str
    title: str
    options: dict[str, str]


_PACKAGE = _Format("GPKG", "DESCRIPTION", {})
# Otherwise whole numbers beyond 32 bits would become floating ones.
_DATABASE = _Format("OpenFileGDB", "LAYER_ALIAS",
                    {"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"})  # fmt: skip


def write_gis(content: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """
    Write what a map shows for QGIS and ArcGIS, in the colours it is shown in.

    Parameters
    ----------
    content
        Made by `cartography.map_content`.
    path
        ``.gpkg``: a table for each vector layer (for each kind of geometry of a mixed one)
        in WGS 84, its style in ``layer_styles``, the grids as pictures, the tables of the
        map, and ``spatialplan`` with title, sources and notes. ``.qgz``: a project for QGIS
        with groups, order, symbols and labels; the GeoPackage and the folder
        ``<name>_grids`` of GeoTIFFs lie beside it and travel with it. ``.gdb``: a File
        Geodatabase for ArcGIS Pro 3.2 or later, its grids beside it likewise. Columns of
        every layer: ``name_zh``, ``name_en``, ``class`` with ``class_zh`` and ``class_en``,
        ``drawn_from``, and the values of its tooltip with their units.

    Raises
    ------
    InputError
        If the suffix is another one, or the layers were moved to the datum of a base map.
    OutputError
        If it cannot be written, or what stands beside the named file, or in the named
        folder, was not made by this function. A GeoPackage that is named is replaced.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in _WRITERS:
        raise InputError(path, f"cannot write {suffix or 'a file without suffix'} for a GIS",
                         allowed=", ".join(_WRITERS))  # fmt: skip
    if (datum := content["tiles"].get("datum")) in _SHIFTED:
        raise InputError(path, f"the layers were moved to {datum}", allowed="a map in WGS 84",
                         do="leave out the base map")  # fmt: skip
    try:
        _WRITERS[suffix](content, target)
    except (sqlite3.Error, RuntimeError, RasterioError) as error:
        msg = f"{path}: could not be written ({error})"
        raise OutputError(msg) from error


def _write_package(content: Mapping[str, Any], path: Path) -> None:
    with replacing_file(path) as draft:
        _fill_package(content, layer_tables(content), draft)
        for name, layer in grid_names(content).items():
            add_grid(layer, draft, name=name, called=layer_title(layer, content))


def _write_project(content: Mapping[str, Any], path: Path) -> None:
    package = path.with_suffix(".gpkg")
    _require_ours(package)
    tables, grids = layer_tables(content), grid_names(content)
    # All are drafts until the last is complete: then they take their places together.
    with (
        replacing_file(path) as draft,
        replacing_file(package) as package_draft,
        _grids_beside(content, path),
    ):
        _fill_package(content, tables, package_draft)
        project = project_text(
            content, tables=tables, grids=grids, package=package.name,
            bare=list(attribute_tables(content)), pictures=_grid_folder(path).name,
        )  # fmt: skip
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(zipfile.ZipInfo(f"{path.stem}.qgs"), project, zipfile.ZIP_DEFLATED)


def _write_geodatabase(content: Mapping[str, Any], path: Path) -> None:
    with _our_folder(path, _GEODATABASE) as draft, _grids_beside(content, path):
        database = draft / "draft.gdb"  # GDAL wants the suffix
        counts = _fill(content, layer_tables(content), database, _DATABASE)
        # On a full disk GDAL leaves out rows, and says nothing.
        found = {name: pyogrio.read_info(database, layer=name)["features"] for name in counts}
        _require_same(found, counts)
        for part in database.iterdir():
            part.rename(draft / part.name)
        database.rmdir()


_WRITERS = {".gpkg": _write_package, ".qgz": _write_project, ".gdb": _write_geodatabase}


def _fill_package(content: Mapping[str, Any], tables: Sequence[LayerTable], path: Path) -> None:
    counts = _fill(content, tables, path, _PACKAGE)
    _add(_styles(tables, content), path, _STYLES, _PACKAGE, more={"FID": "id"})
    with contextlib.closing(sqlite3.connect(path)) as written:
        found = dict(written.execute("SELECT table_name, feature_count FROM gpkg_ogr_contents"))
    _require_same(found, {**counts, _STYLES: len(tables)})


def _fill(
    content: Mapping[str, Any], tables: Sequence[LayerTable], path: Path, form: _Format
) -> dict[str, int]:
    """Add all tables of the content; return the number of rows of each."""
    counts = {}
    for table in tables:
        many = True if table.kind != "p" else None
        told = {form.title: layer_title(table.layer, content)}
        counts[table.name] = _add(table.frame, path, table.name, form, many=many, more=told)
    for name, frame in attribute_tables(content).items():
        counts[name] = _add(frame, path, name, form)
    return counts


def _add(
    frame: pd.DataFrame,
    path: Path,
    name: str,
    form: _Format,
    *,
    many: bool | None = None,
    more: Mapping[str, str] | None = None,
) -> int:
    pyogrio.write_dataframe(
        frame, path, layer=name, driver=form.driver, promote_to_multi=many,
        layer_options={**form.options, **(more or {})},
    )  # fmt: skip
    return len(frame)


def _require_same(found: Mapping[str, int], wanted: Mapping[str, int]) -> None:
    if found != wanted:
        msg = "it is incomplete; is the disk full?"
        raise RuntimeError(msg)


def _styles(tables: Sequence[LayerTable], content: Mapping[str, Any]) -> pd.DataFrame:
    """The table in which QGIS looks for the style of a layer."""
    return pd.DataFrame(
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": [table.name for table in tables],
            "f_geometry_column": "geom",
            "styleName": [table.name for table in tables],
            "styleQML": [style_text(table, content) for table in tables],
            "styleSLD": "",
            "useAsDefault": True,
            "description": [layer_title(table.layer, content) for table in tables],
            "owner": "",
            "ui": "",
            "update_time": "2000-01-01T00:00:00.000Z",  # the same file whenever it is made
        }
    )


@contextlib.contextmanager
def _grids_beside(content: Mapping[str, Any], path: Path) -> Iterator[None]:
    """Write the grids into a draft of the folder beside `path`; without any, none is made."""
    grids = grid_names(content)
    if not grids:
        yield
        return
    with _our_folder(_grid_folder(path), _GRIDS) as draft:
        for name, layer in grids.items():
            write_grid(layer, draft / f"{name}.tif")
            told = class_names(layer, lang=content["lang"])
            (draft / f"{name}.tif.aux.xml").write_text(told, encoding="utf-8")
        yield


def _grid_folder(path: Path) -> Path:
    return path.with_name(f"{path.stem}_grids")


@contextlib.contextmanager
def _our_folder(path: Path, names: str) -> Iterator[Path]:
    """Replace a folder if it bears our marker and holds nothing but files named like ours."""
    held = [entry.name for entry in path.iterdir()] if path.is_dir() else []
    own = [name for name in held if re.fullmatch(names, name)] if MARKER in held else []
    with replacing_folder(path, own=[*own, MARKER]) as draft:
        (draft / MARKER).write_text(_MARK, encoding="utf-8")
        yield draft


def _require_ours(package: Path) -> None:
    """Refuse to replace a GeoPackage that nobody named and that we have not made."""
    if not package.exists():
        return
    try:
        with contextlib.closing(
            sqlite3.connect(f"{package.resolve().as_uri()}?mode=ro", uri=True)
        ) as found:
            tables = {name for (name,) in found.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error:
        tables = set()
    if ABOUT not in tables:
        msg = f"{package}: is in the way and not ours to replace; move it, or name another project"
        raise OutputError(msg)
