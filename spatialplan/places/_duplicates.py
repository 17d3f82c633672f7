"""One place entered several times: its gates, its node and its outline, its row in two sources."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse
import shapely

from ._mapping import read_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable

Rows = np.ndarray[Any, np.dtype[np.int64]]

_AREAS = ("Polygon", "MultiPolygon")


def merge_duplicates(
    facilities: gpd.GeoDataFrame, *, within_m: float = 100.0
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """
    Make one row of the rows that are one place.

    Two rows of the same category are one place if (``same name``) their names are equal
    once words for gates and parts are put aside and they lie within `within_m`, or
    (``inside``) one lies inside the area of the other and either has no name: an
    unnamed inner row, or the only name found inside an unnamed area.

    Parameters
    ----------
    facilities
        FACILITIES of one or several sources.
    within_m
        Greatest distance between rows of one name, in metres; rows that are linked
        step by step become one place.

    Returns
    -------
    merged : GeoDataFrame
        FACILITIES, one row for each place. The geometry is the union of its areas; a
        place known by points only keeps them all, as its gates (MultiPoint).
    report : DataFrame
        A row for each row merged away: ``kept``, ``merged`` (place ids), ``category``,
        ``name_zh``, ``distance_m``, ``rule``.

    Examples
    --------
    >>> points = gpd.points_from_xy([0, 30, 500], [0, 40, 0])
    >>> names = ["一院(东门)", "一院", "一院"]
    >>> gates = gpd.GeoDataFrame(
    ...     {"category": "hospital", "name_zh": names, "area_m2": np.nan, "stand_in_zh": "",
    ...      "stand_in_en": ""},
    ...     geometry=points, index=pd.Index(["a", "b", "c"], name="place_id"), crs=4549)
    >>> merged, report = merge_duplicates(gates)
    >>> merged.geom_type.tolist(), report["distance_m"].tolist()
    (['MultiPoint', 'Point'], [50.0])
    """
    named, inside = _same_name_pairs(facilities, within_m), _inside_pairs(facilities)
    pairs = np.hstack([named, inside])
    count = len(facilities)
    links = scipy.sparse.coo_array((np.ones(pairs.shape[1]), pairs), shape=(count, count))
    _, place = scipy.sparse.csgraph.connected_components(links, directed=False)
    order = _best_first(facilities)
    kept = pd.Series(order).groupby(place[order]).transform("first").to_numpy()
    keeper = np.empty(count, dtype=np.int64)
    keeper[order] = kept
    merged = _united(facilities, keeper)
    return merged, _report(facilities, keeper, set(map(tuple, named.T.tolist())))


def plain_name(name: str, gate_words: Iterable[str]) -> str:
    """
    A place's name without what names one of its gates or parts.

    Examples
    --------
    >>> plain_name("第一人民医院（东门）", ["东门"]), plain_name("东门", ["东门"])
    ('第一人民医院', '东门')
    """
    # An English word stands alone: Outback is no back of Out.
    words = [
        (r"(?<![a-z])" if word.isascii() else "") + re.escape(word)
        for word in sorted(gate_words, key=len, reverse=True)
    ]
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    gate = rf"\s*[-·]?\s*(?:\((?:{'|'.join(words)})\)|(?:{'|'.join(words)}))$"
    return re.sub(r"\s+", " ", re.sub(gate, "", folded)).strip() or folded


def _same_name_pairs(facilities: gpd.GeoDataFrame, within_m: float) -> Rows:
    words = read_mapping().gate_words
    unique = facilities["name_zh"].unique()
    plain = facilities["name_zh"].map({name: plain_name(name, words) for name in unique})
    keys = pd.DataFrame({"category": facilities["category"].to_numpy(), "name": plain.to_numpy()})
    rows = np.flatnonzero(keys.duplicated(keep=False) & (keys["name"] != ""))
    group = keys.groupby(["category", "name"]).ngroup().to_numpy()
    shapes = facilities.geometry.to_numpy()[rows]
    near = rows[shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=within_m)]
    one: Rows = near[:, (near[0] < near[1]) & (group[near[0]] == group[near[1]])]
    return one


def _inside_pairs(facilities: gpd.GeoDataFrame) -> Rows:
    """Rows (inner, outer) where one of the two has no name and cannot be another place."""
    areas = np.flatnonzero(facilities.geom_type.isin(_AREAS))
    shapes = facilities.geometry.to_numpy()
    tree = shapely.STRtree(shapes[areas])
    inner, outer = tree.query(shapely.point_on_surface(shapes), predicate="within")
    outer = areas[outer]
    category, names = facilities["category"].to_numpy(), facilities["name_zh"].to_numpy()
    # Of two areas that hold each other's centre the smaller is the inner one.
    size = shapely.area(shapes)
    same = (category[inner] == category[outer]) & (inner != outer) & (size[inner] <= size[outer])
    inner, outer = inner[same], outer[same]
    found = pd.DataFrame({"outer": outer, "name": names[inner]})
    inner_names = found[found["name"] != ""].groupby("outer")["name"].nunique()
    alone = found["outer"].map(inner_names).fillna(0).to_numpy() <= 1
    one = (names[inner] == "") | ((names[outer] == "") & alone)
    return np.vstack([inner[one], outer[one]])


def _best_first(facilities: gpd.GeoDataFrame) -> Rows:
    """Rows from the one to keep: areas, then what is no stand-in, then named, then as listed."""
    order = pd.DataFrame(
        {
            "point": ~facilities.geom_type.isin(_AREAS).to_numpy(),
            "stand_in": (facilities["stand_in_zh"] != "").to_numpy(),
            "unnamed": (facilities["name_zh"] == "").to_numpy(),
        }
    )
    return np.lexsort([order["unnamed"], order["stand_in"], order["point"]])


def _united(facilities: gpd.GeoDataFrame, keeper: Rows) -> gpd.GeoDataFrame:
    """Keep the keepers, with the geometry and the names of all their rows."""
    members_of = pd.Series(keeper).groupby(keeper).indices
    geometry = facilities.geometry.to_numpy().copy()
    names = facilities["name_zh"].to_numpy(dtype=object)
    reasons = facilities[["stand_in_zh", "stand_in_en"]].to_numpy(dtype=object)
    for row, members in members_of.items():
        if len(members) == 1:
            continue
        geometry[row] = _one_shape(facilities.geometry.to_numpy()[members])
        names[row] = next(filter(None, [names[row], *names[members]]), "")
        reasons[row] = min(reasons[members], key=lambda pair: len(pair[0]))
    united = facilities.assign(
        name_zh=names, stand_in_zh=reasons[:, 0], stand_in_en=reasons[:, 1]
    ).set_geometry(gpd.GeoSeries(geometry, index=facilities.index, crs=facilities.crs))
    is_area = united.geom_type.isin(_AREAS)
    united["area_m2"] = united.area.where(is_area, facilities["area_m2"])
    return united[keeper == np.arange(len(facilities))]


def _one_shape(shapes: np.ndarray[Any, np.dtype[Any]]) -> Any:
    areas = shapes[shapely.get_dimensions(shapes) == 2]
    return shapely.union_all(areas if len(areas) else shapes)


def _report(
    facilities: gpd.GeoDataFrame,
    keeper: Rows,
    named: set[tuple[int, int]],
) -> pd.DataFrame:
    gone = np.flatnonzero(keeper != np.arange(len(facilities)))
    shapes, ids = facilities.geometry.to_numpy(), facilities.index.to_numpy()
    by_name = {row for pair in named for row in pair}
    return pd.DataFrame(
        {
            "kept": ids[keeper[gone]],
            "merged": ids[gone],
            "category": facilities["category"].to_numpy()[gone],
            "name_zh": facilities["name_zh"].to_numpy()[gone],
            "distance_m": shapely.distance(shapes[gone], shapes[keeper[gone]]),
            "rule": ["same name" if row in by_name else "inside" for row in gone.tolist()],
        }
    )
