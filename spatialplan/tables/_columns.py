"""Find columns by their usual names, and read cells that people have typed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from typing import Any

import pandas as pd

from spatialplan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

NAMES: dict[str, tuple[str, ...]] = {
    "longitude": ("longitude", "lon", "lng", "long", "经度", "东经", "x"),
    "latitude": ("latitude", "lat", "纬度", "北纬", "y"),
    "position": ("坐标", "经纬度", "location", "lnglat", "lonlat", "coordinates", "position"),
    "name": (
        "name_zh", "名称", "name", "设施名称", "地名", "名字", "title", "街道名称", "乡镇名称",
        "社区名称", "行政区名称", "xzqmc", "zldwmc", "sqmc", "jdmc",
    ),
    "category": ("category", "类别", "设施类别", "类型", "type"),
    "capacity": ("capacity", "规模", "容量", "学位数", "床位数"),
    "area_m2": ("area_m2", "用地面积_m2", "用地面积", "面积_m2"),
    "population": (
        "population", "pop", "people", "persons", "人口", "常住人口", "总人口", "人口数",
    ),
    "area_id": ("area_id", "adcode", "行政区代码", "区划代码", "xzqdm", "code", "代码"),
    "level": ("level", "admin_level", "级别", "层级"),
}  # fmt: skip
_DATUM_SUFFIXES = ("_wgs84", "_cgcs2000", "_gcj02", "_bd09")
_SHOWN = 3  # rows named in a message; the rest are counted


def column(
    table: pd.DataFrame, role: str, *, columns: Mapping[str, str] | None = None, source: object
) -> str | None:
    """
    Name of the column that plays `role`: the declared one, else the first usual name found.

    Parameters
    ----------
    table
        Table as read.
    role
        A key of the list of usual names, such as ``longitude`` or ``population``.
    columns
        Declared columns by role; a declared column must exist.
    source
        File to name in messages.

    Returns
    -------
    str or None
        None where no column has a usual name of that role.

    Examples
    --------
    >>> column(pd.DataFrame(columns=["Name", "LNG"]), "longitude", source="a.csv")
    'LNG'
    """
    declared = columns or {}
    _require_roles(declared, source)
    if role in declared:
        if declared[role] not in table.columns:
            raise InputError(
                source,
                f"no column {declared[role]!r}, declared as {role}",
                allowed=", ".join(map(str, table.columns)),
            )
        return declared[role]
    found = {plain_name(name): str(name) for name in reversed(table.columns)}
    return next((found[name] for name in NAMES[role] if name in found), None)


def plain_name(name: object) -> str:
    """Return a column name as it is compared: width, case, blanks and datum suffix put aside."""
    plain = unicodedata.normalize("NFKC", str(name)).strip().lower().replace(" ", "_")
    suffix = datum_suffix(plain)
    return plain[: -len(suffix)] if suffix else plain


def datum_suffix(name: str) -> str:
    """Datum that a column such as ``lon_gcj02`` names, with its underscore; else empty."""
    return next((suffix for suffix in _DATUM_SUFFIXES if name.lower().endswith(suffix)), "")


def _require_roles(declared: Mapping[str, str], source: object) -> None:
    unknown = sorted(set(declared) - set(NAMES))
    if unknown:
        raise InputError(
            source, f"columns are declared for {', '.join(unknown)}", allowed=", ".join(NAMES)
        )


def texts(values: pd.Series[Any]) -> pd.Series[Any]:
    """
    Cells as trimmed text; missing cells as empty text.

    Examples
    --------
    >>> texts(pd.Series([" a ", None, 7])).tolist()
    ['a', '', '7']
    """
    return values.map(lambda cell: "" if pd.isna(cell) else str(cell).strip()).astype("str")


def numbers(
    values: pd.Series[Any], *, source: object, thousands: bool = False, blank: bool = False
) -> pd.Series[Any]:
    """
    Cells as numbers, whether stored as numbers or as text, in half or full width.

    Parameters
    ----------
    values
        One column; its name and index name the cells in messages.
    source
        File to name in messages.
    thousands
        Read ``1,234`` as 1234; never for coordinates, where it may be a decimal comma.
    blank
        Let empty cells pass as nan.

    Raises
    ------
    InputError
        Naming the rows that hold no finite number.

    Examples
    --------
    >>> numbers(pd.Series([" １１９．９７ ", "3"]), source="a.csv").tolist()
    [119.97, 3.0]
    """
    plain = texts(values).map(lambda cell: unicodedata.normalize("NFKC", cell).strip())
    if thousands:
        plain = plain.str.replace(r"(?<=\d),(?=\d{3}(?:\D|$))", "", regex=True)
    read = pd.to_numeric(plain, errors="coerce").astype(float)
    wrong = read.isna() | read.abs().eq(float("inf"))
    if blank:
        wrong &= plain != ""
    if wrong.any():
        first = plain[wrong].iloc[0]
        found = f"{first[:40]!r} is not a number" if first else "no number"
        raise InputError(
            source, found, where=f"{rows_text(wrong.index[wrong])}, column {values.name!r}",
            do="correct or remove these rows",
        )  # fmt: skip
    return read


def rows_text(rows: Iterable[Any]) -> str:
    """
    Name the first rows of a list and count the rest.

    Examples
    --------
    >>> rows_text(pd.Index([2, 5, 9, 11, 12], name="row"))
    'row 2, 5, 9 and 2 more'
    """
    labels = list(rows)
    name = getattr(rows, "name", None) or "row"
    shown = ", ".join(str(label) for label in labels[:_SHOWN])
    return f"{name} {shown}" + (f" and {len(labels) - _SHOWN} more" if labels[_SHOWN:] else "")
