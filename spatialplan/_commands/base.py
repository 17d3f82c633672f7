"""Files in, a prepared area out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from spatialplan import prepare
from spatialplan._files import replacing_folder
from spatialplan._files import require_file
from spatialplan.base import OWN_FILES
from spatialplan.base import fill_folder
from spatialplan.categories import category_key
from spatialplan.errors import InputError
from spatialplan.network import REACH_M

from ._given import file_and_datum

if TYPE_CHECKING:
    import argparse

    from spatialplan._voice import Voice
    from spatialplan.base import Base

_MOST_PEOPLE = 1e10


def run(options: argparse.Namespace, voice: Voice) -> int:
    """Prepare an area and write it; the folder is held from the start."""
    files, datums = _single_files(options)
    people = files["people"]
    facility_files = [_facility_file(text) for text in options.facilities]
    for path in [*files.values(), *(entry["path"] for entry in facility_files)]:
        if isinstance(path, str):  # before an hour's work, not after it
            require_file(path)
    with replacing_folder(options.output, own=OWN_FILES) as draft:
        made = prepare.prepare_base(
            options.area_id,
            street_file=files["streets"],
            people=people,
            facility_files=facility_files,
            boundary_file=files.get("boundaries"),
            land_file=files.get("land"),
            datum=datums if options.datum is None else {**datums, "others": options.datum},
            osm_facilities=not options.no_osm_facilities,
            title=options.title,
            progress=voice.stage,
        )
        voice.stage("writing")
        fill_folder(made, draft)
    for line in describe(made):
        voice.tell(line)
    voice.tell(f"written: {options.output}")
    return 0


def describe(made: Base) -> list[str]:
    """Lines that say what a base holds."""
    far, facts = made.unlocated["kind"].value_counts(), made.facts
    streets = [
        f"streets 道路, {mode}: {len(network.nodes):,} nodes, {len(network.edges):,} edges, "
        f"{network.edges['length_m'].sum() / 1e3:,.0f} km"
        for mode, network in made.networks.items()
    ]
    astray = facts.get("people_in_no_area", 0.0)
    share = astray / made.demand["population"].sum()
    return [
        *streets,
        f"people 人口: {facts.get('people_given', 0):,.1f} given = "
        f"{made.demand['population'].sum():,.1f} in {len(made.demand):,} places + "
        f"{facts.get('people_outside', 0):,.1f} outside the streets "
        f"({facts.get('population_en', '')})",
        f"residential land 居住用地: {made.land['area_m2'].sum() / 1e6:,.2f} km2",
        f"facilities 设施: {len(made.facilities):,} in {made.facilities['category'].nunique()} "
        f"categories; {len(made.duplicates):,} duplicates merged (duplicates.csv), "
        f"{facts.get('facilities_outside', 0):,.0f} outside the streets left out",
        f"areas to report by 片区: {len(made.boundaries):,}",
        *([f"people in no area 片区之外人口: {astray:,.1f} ({share:.1%})"] if astray > 0 else []),
        f"farther than {REACH_M:g} m from any street 远离道路: {far.get('people', 0):,} places of "
        f"people, {far.get('facility', 0):,} facilities (unlocated.csv)",
    ]


def _number_or_path(text: str) -> str | float:
    try:
        total = float(text.replace(",", "").replace("_", ""))
    except ValueError:
        if Path(text).suffix or Path(text).exists():
            return text
        raise InputError("--population", repr(text), allowed="a number of people, or a file"
                         ) from None  # fmt: skip
    if not 0 < total < _MOST_PEOPLE:
        raise InputError("--population", text, allowed="a number of people above 0, or a file")
    return total


def _single_files(
    options: argparse.Namespace,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Files (or a number of people) by what they are, and the datums stated for them."""
    files: dict[str, Any] = {}
    datums: dict[str, str] = {}
    for what, option, text in (
        ("streets", "--streets", options.streets),
        ("people", "--population", options.population),
        ("boundaries", "--boundaries", options.boundaries),
        ("land", "--land", options.land),
    ):
        if text is not None:
            files[what], datum = file_and_datum(option, text, where=text)
            datums |= {what: datum} if datum else {}
    files["people"] = _number_or_path(files["people"])
    return {"streets": options.osm, **files}, datums


def _facility_file(text: str) -> dict[str, str | None]:
    """Split ``FILE[@DATUM][=CATEGORY]``; a file whose whole name is there is just that."""
    path, category = text, None
    if not Path(path).exists() and "=" in path:
        path, _, category = path.rpartition("=")
    path, datum = file_and_datum("--facilities", path, where=text)
    if category is not None:
        category = category_key(category, source=f"--facilities {text}")
    return {"path": path, "datum": datum, "category": category}
