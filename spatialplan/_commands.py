"""The commands: each reads, calls once, writes, and says what it wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import shapely

from . import access
from . import crs
from . import demo as embedded
from . import judgement
from . import prepare
from . import reach
from . import report
from . import standard as standards
from . import tables
from ._files import require_parent
from .base import Base
from .base import read_base
from .base import write_base
from .categories import require_category
from .coverage import coverage_share
from .coverage_map import draw_coverage_map
from .errors import InputError
from .export import require_format
from .export import write_table
from .shortfall import gaps
from .shortfall import worst_areas
from .webmap import write_map

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from ._voice import Voice
    from .network import Network

MODES = ("walk", "bike", "drive")


def _base_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("area_id", metavar="AREA_ID", help="name of the area, such as malta")
    add("--osm", metavar="FILE", help=".osm.pbf, .osm.gz or .osm.bz2: streets, facilities, "
        "buildings, residential land, boundaries")  # fmt: skip
    add("--streets", metavar="FILE", help="streets from another file than OSM: a line layer, "
        "or a parquet of nodes and edges")  # fmt: skip
    add("--population", metavar="FILE|NUMBER", required=True,
        help="raster, points or polygons with people; or a total to spread over homes")  # fmt: skip
    add("--facilities", metavar="FILE[@DATUM][=CATEGORY]", action="append", default=[],
        help="csv, xlsx, geojson, gpkg, shp, kml; may be given again")  # fmt: skip
    add("--boundaries", metavar="FILE", help="areas to report by, instead of those of the OSM file")
    add("--land", metavar="FILE", help="residential land, instead of that of the OSM file")
    add("--datum", choices=crs.DATUMS, help="datum of files that do not say it")
    add("--title", default="", help="name of the area in headings, such as 马耳他")
    add("--no-osm-facilities", action="store_true", help="use only the files of --facilities")
    add("-o", "--output", metavar="DIR", required=True, help="folder to write")


def base(options: argparse.Namespace, voice: Voice) -> int:
    """Prepare an area once: streets, people, facilities, boundaries, sources."""
    if bool(options.osm) == bool(options.streets):
        raise InputError("base", "streets given twice or not at all",
                         allowed="either --osm FILE or --streets FILE")  # fmt: skip
    if not options.area_id.isascii() or not options.area_id.replace("-", "").isalnum():
        raise InputError("AREA_ID", repr(options.area_id), allowed="ASCII letters, digits and -")
    made = prepare.prepare_base(
        options.area_id,
        street_file=options.osm or options.streets,
        people=_number_or_path(options.population),
        facility_files=[_facility_file(text) for text in options.facilities],
        boundary_file=options.boundaries,
        land_file=options.land,
        datum=options.datum,
        osm_facilities=not options.no_osm_facilities,
        title=options.title,
        progress=voice.stage,
    )
    voice.stage("writing")
    write_base(made, options.output)
    for line in describe(made):
        voice.tell(line)
    voice.tell(f"written: {options.output}")
    return 0


def describe(made: Base) -> list[str]:
    """Lines that say what a base holds."""
    far, facts = made.unlocated["kind"].value_counts(), made.facts
    lines = [
        f"{mode}: {len(network.nodes):,} nodes, {len(network.edges):,} edges, "
        f"{network.edges['length_m'].sum() / 1e3:,.0f} km"
        for mode, network in made.networks.items()
    ]
    return [
        *lines,
        f"people: {facts.get('people_given', 0):,.3f} given = "
        f"{made.demand['population'].sum():,.3f} in {len(made.demand):,} places + "
        f"{facts.get('people_outside', 0):,.3f} outside the streets "
        f"({facts.get('population_en', '')})",
        f"residential land: {made.land['area_m2'].sum() / 1e6:,.2f} km2",
        f"facilities: {len(made.facilities):,} in {made.facilities['category'].nunique()} "
        f"categories; {len(made.duplicates):,} duplicates merged, "
        f"{facts.get('facilities_outside', 0):,.0f} outside the streets left out",
        f"areas: {len(made.boundaries):,}",
        f"farther than 100 m from any street: {far.get('people', 0):,} places of people, "
        f"{far.get('facility', 0):,} facilities (table unlocated)",
    ]


def _number_or_path(text: str) -> str | float:
    plain = text.replace(",", "").replace("_", "")
    try:
        total = float(plain)
    except ValueError:
        return text
    if not 0 < total < 1e10:
        raise InputError("--population", text, allowed="a number of people above 0, or a file")
    return total


def _facility_file(text: str) -> dict[str, str]:
    """Split ``FILE[@DATUM][=CATEGORY]``."""
    path, _, category = text.partition("=")
    path, _, datum = path.partition("@") if not Path(path).exists() else (path, "", "")
    if datum:
        crs.require_datum(datum)
    if category:
        require_category(category, source="--facilities")
    return {"path": path, "datum": datum, "category": category}


def _assess_arguments(parser: argparse.ArgumentParser) -> None:
    _standard_arguments(parser)
    add = parser.add_argument
    add("--by", choices=["area_id"], help="also a row for each area")
    add("--community-share", type=float, default=judgement.COMMUNITY_ENOUGH, metavar="S",
        help="share of its people from which a community counts as served")  # fmt: skip
    add("--gaps", metavar="FILE", help="gaps as .geojson or .gpkg; beside the output if not given")
    add("--lang", choices=["zh", "en"], default="zh", help="language of the tables")
    add("-o", "--output", metavar="FILE", required=True, help=".xlsx, .csv, .md or .html")


def _standard_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    known = ", ".join(standards.list_standards())
    add("standard", metavar="STANDARD", help=f"{known}, or a .yaml file of your own")
    add("--base", metavar="DIR", required=True, help="a prepared area")
    _basis_arguments(parser)


def _basis_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--rule", choices=judgement.RULES, default="clause", help="how distances are measured")
    add("--denominator", choices=judgement.DENOMINATORS, default="clause", help="what is counted")


def assess(options: argparse.Namespace, voice: Voice) -> int:
    """Judge an area by a standard: coverage table, gaps, worst areas."""
    target = require_parent(options.output)
    report.require_format(target)
    gap_file = require_parent(options.gaps or target.with_name(f"{target.stem}-gaps.geojson"))
    made, standard = _judged_by(options)
    voice.stage("service")
    served = judgement.service(standard, made)
    voice.stage("findings and gaps")
    findings = judgement.assess(
        standard, made, served=served, by=options.by, community_enough=options.community_share
    )
    holes = gaps(standard, made, served)
    require_format(holes, gap_file)
    report.write_findings(
        target,
        findings=findings,
        gaps=holes,
        worst=worst_areas(standard, made, served),
        sources=made.sources,
        facts=report.report_facts(standard, made, command=_command(options)),
        lang=options.lang,
    )
    write_table(holes, gap_file)
    overall = findings[findings["area_id"] == ""]
    for line in _coverage_lines(overall, options.lang):
        voice.tell(line)
    voice.tell(f"written: {target}, {gap_file}")
    unmet = int((overall["met"] == False).sum())  # noqa: E712 - None is neither
    if unmet:
        voice.tell(f"not met: {unmet} of {int(overall['required'].notna().sum())} requirements")
    return int(unmet > 0)


def _command(options: argparse.Namespace) -> str:
    """The command line that repeats an assessment."""
    changed = "".join(
        f" --{name} {getattr(options, name)}"
        for name in ("rule", "denominator")
        if getattr(options, name) != "clause"
    )
    by = f" --by {options.by}" if options.by else ""
    base_name = Path(options.base).name
    return f"spatialplan assess {options.standard} --base {base_name}{changed}{by}"


def _coverage_lines(overall: Any, lang: str) -> list[str]:
    name = f"name_{lang}"
    return [
        f"{row['measured']:7.1%}  {row[name]}  ({row['threshold']}, {row['denominator']})"
        for _, row in overall[overall["measured"].notna()].iterrows()
    ]


def _judged_by(options: argparse.Namespace) -> tuple[Base, standards.Standard]:
    standard = standards.read_standard(options.standard)
    made = read_base(options.base)
    return made, judgement.switched(standard, rule=options.rule, denominator=options.denominator)


def _map_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("base", metavar="DIR", help="a prepared area")
    add("--standard", default="gb50180-2018", metavar="STANDARD", help="clauses to show")
    _basis_arguments(parser)
    add("--title", default="", help="title; the area and the standard if not given")
    add("--lang", choices=["zh", "en"], default="zh", help="language the page opens in")
    add("-o", "--output", metavar="FILE", required=True, help=".html, one file that loads nothing")


def map_(options: argparse.Namespace, voice: Voice) -> int:
    """Draw an area and its coverage as one interactive page that needs no network."""
    target = require_parent(options.output)
    if target.suffix.lower() not in (".html", ".htm"):
        raise InputError(target, "a map page", allowed=".html")
    made, standard = _judged_by(options)
    voice.stage("coverage")
    page = draw_coverage_map(standard, made, title=options.title, lang=options.lang)
    write_map(page, target)
    voice.tell(f"written: {target} ({target.stat().st_size / 1e6:.2f} MB)")
    return 0


def _access_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--base", metavar="DIR", required=True, help="a prepared area")
    add("--category", required=True, metavar="C", help="category of facilities")
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument(
        "--minutes", type=float, metavar="M", help="also say who is within M minutes"
    )
    limits.add_argument("--metres", type=float, metavar="M", help="also say who is within M metres")
    _mode_arguments(parser)
    add("-o", "--output", metavar="FILE", required=True, help=".csv, .parquet, .geojson or .gpkg")


def _mode_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--mode", choices=MODES, default="walk", help="network")
    add("--speed", type=float, metavar="KMH", help="one speed instead of those of the streets")


def access_(options: argparse.Namespace, voice: Voice) -> int:
    """Time and distance from all people to the nearest facility of a category."""
    require_category(options.category, source="--category")
    made = read_base(options.base)
    network = _network(made, options)
    facilities = made.facilities[made.facilities["category"] == options.category]
    if facilities.empty:
        found = ", ".join(sorted(made.facilities["category"].unique()))
        raise InputError(options.base, f"no facility of category {options.category}", allowed=found)
    demand = made.demand
    time_min = access.time_to_nearest(demand, facilities, network=network)
    distance_m = access.distance_to_nearest(demand, facilities, network=network)
    table = demand.assign(time_min=time_min, distance_m=distance_m)
    write_table(table, options.output)
    for limit, amount, unit in (
        (options.minutes, time_min, "min"),
        (options.metres, distance_m, "m"),
    ):
        if limit is not None:
            share = coverage_share(demand, amount <= limit).loc["all"]
            voice.tell(
                f"{share['share']:.1%} of {share['total']:,.0f} people within {limit:g} {unit} "
                f"of {len(facilities)} {options.category} ({options.mode}, street network, way to "
                f"the street included; {made.facts.get('population_en', 'people')})"
            )
    voice.tell(f"written: {options.output}")
    return 0


def _isochrone_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--base", metavar="DIR", required=True, help="a prepared area")
    add("--at", metavar="LON,LAT", action="append", required=True, help="place; may be given again")
    add("--datum", choices=crs.DATUMS, default="wgs84", help="datum of --at")
    limits = parser.add_mutually_exclusive_group(required=True)
    limits.add_argument("--minutes", type=float, nargs="+", metavar="M", help="limits in minutes")
    limits.add_argument("--metres", type=float, nargs="+", metavar="M", help="limits in metres")
    _mode_arguments(parser)
    add("-o", "--output", metavar="FILE", required=True, help=".geojson, .gpkg or .parquet")


def isochrone(options: argparse.Namespace, voice: Voice) -> int:
    """Areas that can be reached from a place along the streets."""
    made = read_base(options.base)
    places = _places(options.at, options.datum, made)
    areas = reach.isochrone(
        places,
        network=_network(made, options),
        minutes=options.minutes or (),
        metres=options.metres or (),
    )
    areas["people"] = _people_inside(areas, made)
    write_table(areas, options.output)
    for _, row in areas.iterrows():
        limit = f"{row['limit_min']:g} min" if "limit_min" in areas else f"{row['limit_m']:g} m"
        voice.tell(f"{row['place_id']}  {limit}: {row['area_km2']:.3f} km2, "
                   f"{row['street_km']:.1f} km of streets, {row['people']:,.0f} people")  # fmt: skip
    voice.tell(f"written: {options.output}")
    return 0


def _people_inside(areas: gpd.GeoDataFrame, made: Base) -> list[float]:
    points = made.demand.geometry.representative_point().to_numpy()
    people = made.demand["population"].to_numpy()
    tree = shapely.STRtree(points)
    return [
        float(people[tree.query(area, predicate="intersects")].sum()) for area in areas.geometry
    ]


def _places(texts: list[str], datum: str, made: Base) -> gpd.GeoDataFrame:
    pairs = [_lon_lat(text) for text in texts]
    lon, lat = crs.to_wgs84(*zip(*pairs, strict=True), datum=datum)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), index=texts, crs=4326)
    west, south, east, north = made.networks["walk"].edges.to_crs(4326).total_bounds
    for text, x, y in zip(texts, lon, lat, strict=True):
        if not (west - 0.05 <= x <= east + 0.05 and south - 0.05 <= y <= north + 0.05):
            raise InputError(
                "--at", text,
                allowed=f"longitude {west:.4f} to {east:.4f}, latitude {south:.4f} to {north:.4f}",
                do="check the order (longitude first) and the datum",
            )  # fmt: skip
    return gpd.GeoDataFrame(geometry=points).to_crs(made.crs).rename_axis("place_id")


def _lon_lat(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError:
        raise InputError("--at", text, allowed="LON,LAT such as 14.5120,35.8970") from None
    return lon, lat


def _network(made: Base, options: argparse.Namespace) -> Network:
    if options.mode not in made.networks:
        raise InputError("--mode", options.mode, allowed=", ".join(made.networks))
    network = made.networks[options.mode]
    return network if options.speed is None else network.at_speed(options.speed)


def _matrix_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("origins", metavar="ORIGINS", help="file of places, or people, or category:C")
    add("destinations", metavar="DESTINATIONS", help="likewise")
    add("--base", metavar="DIR", required=True, help="a prepared area")
    add("--limit", type=float, metavar="X", help="leave out pairs over X minutes or metres")
    add("--measure", choices=["time_min", "distance_m"], default="time_min", help="what to give")
    add("--datum", choices=crs.DATUMS, help="datum of the files")
    _mode_arguments(parser)
    add("-o", "--output", metavar="FILE", required=True, help=".parquet or .csv")


def matrix(options: argparse.Namespace, voice: Voice) -> int:
    """Time or distance between all pairs of places."""
    made = read_base(options.base)
    pairs = access.travel_matrix(
        _place_table(options.origins, made, options.datum),
        _place_table(options.destinations, made, options.datum),
        network=_network(made, options),
        measure=options.measure,
        limit=options.limit,
    )
    write_table(pairs, options.output)
    voice.tell(f"{len(pairs):,} pairs; written: {options.output}")
    return 0


def _place_table(text: str, made: Base, datum: str | None) -> gpd.GeoDataFrame:
    if text == "people":
        return made.demand
    if text.startswith("category:"):
        category = require_category(text.removeprefix("category:"), source=text)
        return made.facilities[made.facilities["category"] == category]
    return tables.read_layer(text, datum=datum, crs=made.crs)


def _standards_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("standard", nargs="?", metavar="STANDARD", help="show its clauses")


def standards_(options: argparse.Namespace, voice: Voice) -> int:
    """List the standards, or the clauses of one."""
    if not options.standard:
        for name in standards.list_standards():
            found = standards.read_standard(name)
            voice.tell(
                f"{name:16}  {found.title_zh}  ({int(found.clauses['judged'].sum())} judged)"
            )
        return 0
    for clause_id, clause in standards.read_standard(options.standard).clauses.iterrows():
        told = clause["distance_rule"] if clause["judged"] else "not judged"
        voice.tell(f"{clause_id:28}  {clause['tier']:>5}  {told:10}  "
                   f"{clause['confidence']:2}  {clause['name_zh']}")  # fmt: skip
    return 0


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="DIR", default="demo", help="folder to write")


def demo(options: argparse.Namespace, voice: Voice) -> int:
    """The embedded Changzhou, with a generated street city: tables, map, report."""
    for line in embedded.write_demo(options.output, progress=voice.stage):
        voice.tell(line)
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace, Voice], int]] = {
    "demo": demo,
    "base": base,
    "assess": assess,
    "map": map_,
    "access": access_,
    "isochrone": isochrone,
    "matrix": matrix,
    "standards": standards_,
}
ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "demo": _demo_arguments,
    "base": _base_arguments,
    "assess": _assess_arguments,
    "map": _map_arguments,
    "access": _access_arguments,
    "isochrone": _isochrone_arguments,
    "matrix": _matrix_arguments,
    "standards": _standards_arguments,
}
