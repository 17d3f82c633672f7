"""Two states of an area in, a page or tables of what changed out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spatialplan import judgement
from spatialplan import report
from spatialplan import tables
from spatialplan._files import require_parent
from spatialplan.base import read_base
from spatialplan.comparison import comparison_content
from spatialplan.comparison import coverage_changes
from spatialplan.comparison import scenario
from spatialplan.crs import geometry_to_wgs84
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.export import SEVERAL
from spatialplan.export import write_tables
from spatialplan.places import read_facilities
from spatialplan.standard import read_standard
from spatialplan.webmap import draw_map
from spatialplan.webmap import write_map

from ._given import file_and_datum
from ._given import tell_far
from ._prepared import only_clauses
from ._prepared import tell_origin

if TYPE_CHECKING:
    import argparse

    import geopandas as gpd
    import pandas as pd

    from spatialplan._voice import Voice
    from spatialplan.base import Base
    from spatialplan.report import Lang
    from spatialplan.standard import Standard

_PAGES = (".html", ".htm")
_GEOJSON = (".geojson", ".json")


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Judge both states, write the page or the tables, tell what changed."""
    target = require_parent(options.output)
    suffix = target.suffix.lower()
    if suffix not in (*_PAGES, *SEVERAL):
        raise InputError(target, f"cannot write {suffix or 'a file without suffix'} here",
                         allowed=", ".join((".html", *SEVERAL)))  # fmt: skip
    _require_two_states(options)
    standard = _standard(options)
    before = read_base(options.before, modes=["walk"])
    if options.after:
        after = read_base(options.after, modes=["walk"])
    else:
        after = _scenario(before, options, voice)
    voice.stage("coverage before and after")
    found = coverage_changes(standard, before, after)
    voice.stage("writing")
    if suffix in _PAGES:
        content = comparison_content(
            standard, before, after, tables=found, title=options.title, lang=options.lang
        )
        write_map(draw_map(content), target)
    else:
        write_tables(found["facilities"], {"changes": found["clauses"], "areas": found["areas"]},
                     target)  # fmt: skip
    for line in change_lines(found["clauses"], lang=options.lang):
        voice.tell(line)
    tell_origin(after, voice)
    voice.tell(f"written: {target} ({target.stat().st_size / 1e6:.2f} MB)")
    return 0


def _require_two_states(options: argparse.Namespace) -> None:
    """Refuse a single state, and a second one beside changes to the first."""
    changes = [f"--{name}" for name in ("add", "close") if getattr(options, name)]
    if options.after and changes:
        raise InputError(changes[0], "changes one area, and two are given", do="leave one out")
    if not (options.after or changes):
        raise InputError("compare", f"nothing to compare {options.before} with",
                         do="give a second area, or --add, or --close")  # fmt: skip
    if options.datum and not changes:
        raise InputError("--datum", "no file that it could be of", do="leave it out")


def _standard(options: argparse.Namespace) -> Standard:
    """The standard that options name, as they switch it, with the clauses that they choose."""
    whole = read_standard(options.standard)
    standard = judgement.switched(whole, rule=options.rule, denominator=options.denominator)
    return only_clauses(standard, options.clause)


def _scenario(before: Base, options: argparse.Namespace, voice: Voice) -> Base:
    """The area with what options add and close."""
    added = closing = None
    if options.add:
        path, datum = _own_file("--add", options.add, options)
        added = read_facilities(path, crs=before.crs, datum=datum)
        tell_far(path.name, added, before.networks["walk"], voice)
    if options.close:
        closing = _closing(options, before)
    after = scenario(before, added=added, closing=closing)
    if options.close:
        streets = after.networks["walk"]
        closed = streets.shut.any(axis=1) & ~before.networks["walk"].shut.any(axis=1)
        length_km = streets.edges.loc[closed, "length_m"].sum() / 1e3
        voice.tell(f"streets closed 封闭道路: {closed.sum():,} ({length_km:,.1f} km)")
    return after


def _own_file(option: str, text: str, options: argparse.Namespace) -> tuple[Path, str | None]:
    """A user's file, ``FILE[@DATUM]``, which the result is not to replace, and its datum."""
    path, stated = file_and_datum(option, text, where=text)
    if Path(path).resolve() == Path(options.output).resolve():
        raise InputError("--output", f"{path} is the file of {option}", do="name another file")
    return Path(path), tables.source_datum(path, stated=stated, default=options.datum).datum


def _closing(options: argparse.Namespace, made: Base) -> gpd.GeoDataFrame:
    """Areas of any layer, or lines and areas of a GeoJSON file, that close streets."""
    path, datum = _own_file("--close", options.close, options)
    if path.suffix.lower() not in _GEOJSON:
        return tables.read_layer(path, datum=datum, crs=made.crs)
    drawn = tables.read_geojson(tables.require_readable(path, _GEOJSON))
    stored = tables.datum_of(path, drawn.crs, stated=datum)
    if stored is None and drawn.crs.is_geographic:
        raise CRSError(path, "coordinates in degrees of an unknown datum",
                       do="declare it: --close FILE@DATUM")  # fmt: skip
    if stored is not None:
        drawn = drawn.set_geometry(geometry_to_wgs84(drawn.geometry.to_numpy(), datum=stored))
        drawn = drawn.set_crs(4326, allow_override=True)
    return drawn.to_crs(made.crs)


def change_lines(clauses: pd.DataFrame, *, lang: Lang) -> list[str]:
    """Coverage before and after by each clause that either state measures, and who moved."""
    lines = []
    either = clauses["measured_before"].notna() | clauses["measured_after"].notna()
    for _, row in clauses[either].iterrows():
        was, now = (report.share_text(row[f"measured_{side}"]) for side in ("before", "after"))
        moved = [
            f"{sign}{report.people_text(row[name], lang=lang)}"
            for sign, name in (("+", "people_gained"), ("−", "people_lost"))
            if row[name] > 0
        ]
        line = f"{was:>7} → {now:>7}  {row['name_' + lang]} ({row['threshold']})  {' '.join(moved)}"
        lines.append(line.rstrip())
    return lines
