"""A prepared area: streets, people, residential land, facilities and where each came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import yaml
from pydantic import AfterValidator

from ._card import card
from ._choices import MODES
from ._choices import Mode
from ._files import replacing_folder
from ._files import require_file
from ._formula import as_text
from ._version import __version__
from ._yaml import StrictModel
from ._yaml import read_model
from ._yaml import read_yaml
from .errors import InputError
from .errors import SchemaError
from .network import Network
from .schema import BOUNDARIES
from .schema import DEMAND
from .schema import FACILITIES
from .schema import LAND
from .schema import check
from .schema import worst_source

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

OUTSIDE_ID, OUTSIDE = "-", "（片区之外 outside all areas）"
"""How tables by area call what lies in none of them."""

MARKER = "base.yaml"
FORMAT = 1
LAYERS = ("demand", "land", "facilities", "boundaries")
LISTS = ("unlocated", "duplicates")
ROUTER = "router"
OWN_FILES = (
    MARKER,
    *(f"{name}.parquet" for name in LAYERS + LISTS),
    *(f"{name}.csv" for name in LISTS),
    *(f"{mode}_{part}.parquet" for mode in MODES for part in ("nodes", "edges")),
    ROUTER,
)
"""Names of all files that a base may consist of."""
_AGAIN = "prepare the base again"


@dataclass(frozen=True)
class Base:
    """
    A prepared area; everything else reads it.

    Parameters
    ----------
    area_id
        Name of the area, ASCII.
    networks
        Street network of each mode, ``walk`` first.
    demand, land, facilities, boundaries
        Tables of these names (`spatialplan.schema`), all in one metric system;
        ``demand`` and ``facilities`` carry ``street_m``, the distance to the street.
    unlocated
        What lies farther than 100 m from any street: ``kind``, ``place_id``,
        ``name_zh``, ``category``, ``population``, ``street_m``, ``lon``, ``lat``.
    duplicates
        Facilities that were merged into others, with the rule.
    sources
        One dict for each file read: role, title, date, datum, licence, sha256.
    facts
        Counts and totals worth stating, and resolutions: ``demand_precision_m``,
        ``land_precision_m``, ``population_zh``, ``population_en``, ``title_zh``.
    """

    area_id: str
    networks: Mapping[str, Network]
    demand: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    boundaries: gpd.GeoDataFrame
    unlocated: pd.DataFrame
    duplicates: pd.DataFrame
    sources: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table, schema in (
            (self.demand, DEMAND),
            (self.land, LAND),
            (self.facilities, FACILITIES),
            (self.boundaries, BOUNDARIES),
        ):
            check(table, schema)

    def __repr__(self) -> str:
        people = self.demand["population"].sum()
        return (
            f"<Base {self.area_id}: {people:,.0f} people, {len(self.facilities):,} facilities, "
            f"{', '.join(self.networks)}>"
        )

    def _repr_html_(self) -> str:
        counts = {name: f"{len(getattr(self, name)):,}" for name in ("facilities", "boundaries")}
        streets = [f"{mode} {len(network.edges):,}" for mode, network in self.networks.items()]
        facts = {
            "people": f"{self.demand['population'].sum():,.0f}",
            **counts,
            "residential land": f"{self.land['area_m2'].sum() / 1e6:,.2f} km2",
            "street edges": ", ".join(streets),
            "coordinate system": self.crs.name,
            "drawn from": drawn_from(self.demand, self.land, self.facilities),
            "farther than 100 m from any street": f"{len(self.unlocated):,}",
        }
        keys = ("title", "date", "datum", "licence")
        notes = [", ".join(str(one[key]) for key in keys if one.get(key)) for one in self.sources]
        return card(f"Base: {self.title('zh')}", facts, notes=notes)

    @property
    def crs(self) -> Any:
        """The metric coordinate system of every table."""
        return self.demand.crs

    def title(self, lang: str) -> str:
        """Name of the area for a heading, in ``zh`` or ``en``."""
        return str(self.facts.get(f"title_{lang}") or self.area_id)

    @property
    def area_names(self) -> dict[str, str]:
        """Name of each area, its id where it has none."""
        names = self.boundaries["name_zh"].fillna("").astype(str)
        return {str(area): name or str(area) for area, name in names.items()}


def drawn_from(*tables: pd.DataFrame) -> str:
    """The worst ``drawn_from`` of some tables; ``open_data`` where they do not say."""
    found = [table["drawn_from"].unique() for table in tables if "drawn_from" in table]
    return worst_source("open_data", *np.concatenate([[], *found]))


def write_base(base: Base, folder: str | os.PathLike[str]) -> None:
    """
    Write a base as GeoParquet tables and ``base.yaml``; the folder appears when all is done.

    Parameters
    ----------
    base
        A prepared area.
    folder
        Is made, or replaced if it holds nothing but an earlier base.

    Raises
    ------
    OutputError
        If the folder holds other files or cannot be written; what was there stays.
    BusyError
        If another run is writing there.
    """
    with replacing_folder(folder, own=OWN_FILES) as draft:
        fill_folder(base, draft)


def fill_folder(base: Base, draft: Path) -> None:
    """Write the files of a base into a draft, for callers that hold it while they prepare."""
    for name in LAYERS + LISTS:
        getattr(base, name).to_parquet(draft / f"{name}.parquet")
    for name in LISTS:  # for people to look through
        _write_list(getattr(base, name), draft / f"{name}.csv")
    for mode, network in base.networks.items():
        network.nodes.to_parquet(draft / f"{mode}_nodes.parquet")
        network.edges.to_parquet(draft / f"{mode}_edges.parquet")
    head = {
        "format": FORMAT,
        "spatialplan": __version__,
        "area_id": base.area_id,
        "crs": base.crs.to_string(),
        "modes": list(base.networks),
        "sources": [dict(source) for source in base.sources],
        "facts": dict(base.facts),
    }
    text = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=100)
    (draft / MARKER).write_text(text, encoding="utf-8")


def read_base(folder: str | os.PathLike[str], *, modes: Collection[str] | None = None) -> Base:
    """
    Read a base that `write_base` has written.

    Parameters
    ----------
    folder
        The folder that holds ``base.yaml``.
    modes
        Networks to read, of those it has; all if not given.

    Returns
    -------
    Base
        The prepared area, its tables checked.

    Raises
    ------
    InputError
        If the folder is no base, or a table of it is missing, damaged or of another system
        than ``base.yaml`` says.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(folder, "no such folder", do="make it with: spatialplan base")
    if not (path / MARKER).is_file():
        raise InputError(folder, f"holds no {MARKER}", do="make it with: spatialplan base")
    head = _read_head(path / MARKER)
    layers = {name: _read_table(path / f"{name}.parquet", gpd.read_parquet) for name in LAYERS}
    lists = {name: _read_table(path / f"{name}.parquet", pd.read_parquet) for name in LISTS}
    streets = {
        mode: [_read_table(path / f"{mode}_{part}.parquet", gpd.read_parquet)
               for part in ("nodes", "edges")]
        for mode in head.modes
        if modes is None or mode in modes
    }  # fmt: skip
    for table in (*layers.values(), *chain(*streets.values())):
        if table.crs is not None and table.crs != head.crs:  # equal to its own name
            raise InputError(path / MARKER, f"crs {head.crs}, but a table is in {table.crs.name}",
                             do=_AGAIN)  # fmt: skip
    try:
        return Base(
            area_id=head.area_id,
            networks={
                mode: Network(mode, nodes, edges, store=path / ROUTER)
                for mode, (nodes, edges) in streets.items()
            },
            sources=head.sources,
            facts=head.facts,
            **layers,
            **lists,
        )
    except SchemaError as error:
        raise InputError(folder, str(error), do=_AGAIN) from error


def _require_area_id(text: str) -> str:
    if not re.fullmatch("[A-Za-z0-9-]+", text):
        raise ValueError(f"{text!r} is no identifier; allowed: letters a-z, digits and hyphens")
    return text


class _Head(StrictModel):
    """What ``base.yaml`` says."""

    format: int
    spatialplan: str
    area_id: Annotated[str, AfterValidator(_require_area_id)]
    crs: str
    modes: list[Mode]
    sources: list[dict[str, Any]]
    facts: dict[str, Any]


def _read_head(path: Path) -> _Head:
    made = read_yaml(path).get("format")
    if made != FORMAT:
        raise InputError(path, f"format {made}", allowed=str(FORMAT), do=_AGAIN)
    try:
        return read_model(path, _Head)
    except InputError as error:
        raise InputError(path, error.found, where=error.where, do=_AGAIN) from error


def _read_table(path: Path, read: Callable[[Path], Any]) -> Any:
    try:
        return read(require_file(path, role="table of the base"))
    except InputError as error:
        raise InputError(path, error.found, do=_AGAIN) from error
    except (OSError, ValueError) as error:
        raise InputError(path, f"damaged ({error})", do=_AGAIN) from error


def _write_list(table: pd.DataFrame, path: Path) -> None:
    shown = table.map(lambda value: as_text(value) if isinstance(value, str) else value)
    shown.to_csv(path, index=False, encoding="utf-8-sig")
