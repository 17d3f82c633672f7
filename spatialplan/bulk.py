"""Matrices too large for memory: written part by part, and taken up again where they stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from ._files import replacing_file
from ._files import require_parent
from ._files import write_text
from .access import pairs_within
from .engine import fingerprint
from .errors import OutputError
from .travel import cost_of
from .travel import unique

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Sequence

    import geopandas as gpd

    from ._choices import Measure
    from .network import Network

MARKER = "_matrix.json"
"""Says in the folder of a matrix what it is made of; readers of Parquet pass over it."""

PAIRS = 5_000_000
"""A part holds the pairs of so many origins that it cannot hold more than these, each of
them some 140 bytes of memory until it is written, but of"""

LEAST = 64
"""so many at least, because origins share the work."""


def write_travel_matrix(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    folder: str | os.PathLike[str],
    *,
    network: Network,
    measure: Measure = "time_min",
    limit: float | None = None,
    progress: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> int:
    """
    Write the matrix of `travel_matrix` as a folder of Parquet files, in bounded memory.

    Origins that lie close to each other stand in one part. If the folder holds parts of
    the same matrix - same places, streets, measure and limit - they are kept, and only
    what is missing is computed.

    Parameters
    ----------
    origins, destinations, network, measure, limit
        As in `travel_matrix`.
    folder
        Is made; read it as one table with ``pandas.read_parquet(folder)``.
    progress
        Wraps the sequence of parts, as ``tqdm`` does.

    Returns
    -------
    int
        Number of pairs within reach.

    Raises
    ------
    OutputError
        If the folder holds another matrix or anything else, or cannot be written.
    InputError
        If `limit` is not a number of at least 0, a label comes twice, or there is no
        such measure.
    """
    unique(origins.index, "origins")
    unique(destinations.index, "destinations")
    cost, _ = cost_of(measure)
    start, stop = network.locate(origins), network.locate(destinations)
    router = network.engine(cost)
    # A limit that is none is refused before anything is written.
    pairs_within(start[:0], stop[:0], network=network, measure=measure, limit=limit)
    key = _key(origins, destinations, start, stop, router.away.graph, measure, limit)
    path = _own_folder(Path(folder), key)
    order = np.argsort(router.rank[network.ends[start["edge"], 0]], kind="stable")
    size = max(LEAST, PAIRS // max(len(stop), 1))
    parts = range(0, len(start), size)
    written = 0
    for first in progress(parts):
        part = path / f"part-{first // size:05d}.parquet"
        count = _rows_written(part)
        if count is None:
            rows = order[first : first + size]
            here, there, amount = pairs_within(
                start.iloc[rows], stop, network=network, measure=measure, limit=limit
            )
            ids = origins.index[rows[here]], destinations.index[there]
            with replacing_file(part) as draft:
                pd.DataFrame(
                    {"origin_id": ids[0], "destination_id": ids[1], measure: amount}
                ).to_parquet(draft, index=False, write_page_checksum=True)
            count = len(here)
        written += count
    return written


def _rows_written(part: Path) -> int | None:
    """Rows of a part that an earlier run has finished, read in full; none if it is not whole."""
    try:
        with parquet.ParquetFile(part, page_checksum_verification=True) as file:
            return int(file.read().num_rows)
    except (OSError, pa.ArrowInvalid):
        return None


def _key(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    start: pd.DataFrame,
    stop: pd.DataFrame,
    graph: Iterable[np.ndarray[Any, Any]],
    measure: Measure,
    limit: float | None,
) -> str:
    """Hash of all that the matrix depends on."""
    ids = [pd.util.hash_pandas_object(table.index.to_series()).to_numpy()
           for table in (origins, destinations)]  # fmt: skip
    places = [table[["edge", "share", "access_m"]].to_numpy(dtype=float) for table in (start, stop)]
    asked = np.frombuffer(f"{measure} {limit} {PAIRS} {LEAST}".encode(), np.uint8)
    return fingerprint(*ids, *places, *graph, asked)


def _own_folder(path: Path, key: str) -> Path:
    """Return the folder of this matrix, made or found; another one is not touched."""
    require_parent(path / MARKER if path.is_dir() else path)
    marker = path / MARKER
    if marker.is_file():
        if _marked(marker) == key:
            return path
        raise OutputError(f"{path}: holds the parts of another matrix; name another folder")
    if path.is_dir() and any(path.iterdir()):
        raise OutputError(f"{path}: holds other files; name an empty or new folder")
    path.mkdir(exist_ok=True)
    write_text(marker, json.dumps({"key": key}), encoding="ascii")
    return path


def _marked(marker: Path) -> object:
    """Key of the matrix that a folder says it holds."""
    try:
        return json.loads(marker.read_text(encoding="ascii"))["key"]
    except (ValueError, TypeError, KeyError) as error:
        do = "delete the folder, or name another"
        raise OutputError(f"{marker}: is damaged, so nobody knows the matrix; {do}") from error
