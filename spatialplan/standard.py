"""
Standards as data: which facility, how far, counted in what, and how sure that is.

A standard is a file of ``layers/standards``; a province's or city's own version is a
file that ``extends`` another and overrides its clauses field by field.

How the distance of a clause is measured (``distance_rule``):

========== ========================================================================
straight   as the crow flies, from the boundary of a polygon or from a point
table      along the street network, at most the metres that the standard's
           ``distance_table`` gives for ``threshold_min``
network    along the street network, at most ``threshold_m`` or, where that is not
           given, ``threshold_min`` at the walking speed
none       the clause is no distance and is not judged
========== ========================================================================
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Annotated
from typing import Any
from typing import Literal
from typing import NamedTuple
from typing import cast

import pandas as pd
import pydantic

from ._files import data_folder
from ._yaml import read_yaml
from .categories import require_category
from .errors import InputError
from .errors import NotFoundError
from .errors import nearest
from .schema import CLAUSES
from .schema import check

MAX_EXTENDS = 5
"""How long a chain of files that extend each other may be."""

JUDGED_DENOMINATORS = ("population", "residential_land", "communities")
UNCERTAIN = ("M", "L")
"""Confidences that must be checked against the printed standard before they are handed in."""


class Part(NamedTuple):
    """
    One way to be served by a clause: by this category, of this size, within this distance.

    A place is served if any part of its clause serves it. `min_area_m2` is included,
    `max_area_m2` is not; ``nan`` means no limit. `threshold_m` is ``nan`` where the
    clause is limited by time.
    """

    category: str
    min_area_m2: float
    max_area_m2: float
    threshold_m: float


@dataclass(frozen=True)
class Standard:
    """
    A standard as it is judged by.

    Parameters
    ----------
    standard_id, title_zh, title_en, publisher_zh, publisher_en, date, source
        What it is and where its figures come from.
    distance_table
        Minutes of walking to metres along the network.
    notes_zh, notes_en
        What is uncertain or not implemented.
    clauses
        Table CLAUSES, index ``clause_id``: category, parts (tuple of `Part`), name_zh,
        name_en, clause (where in the standard), tier, distance_rule, threshold_m,
        threshold_min, denominator, required (share 0-1 or nan), binding, confidence,
        quote_zh, note_zh, note_en, judged (bool), not_judged_zh, not_judged_en (why).
    """

    standard_id: str
    title_zh: str
    title_en: str
    publisher_zh: str
    publisher_en: str
    date: str
    source: str
    distance_table: Mapping[int, float]
    notes_zh: tuple[str, ...]
    notes_en: tuple[str, ...]
    clauses: pd.DataFrame

    def clause(self, clause_id: str) -> pd.Series[Any]:
        """One row of `clauses`."""
        return cast("pd.Series[Any]", self.clauses.loc[clause_id])


def list_standards() -> list[str]:
    """
    Return the ids of the standards that come with the package.

    Returns
    -------
    list of str
        In alphabetical order, as `read_standard` takes them.

    Examples
    --------
    >>> list_standards()[0]
    'gb50180-2018'
    """
    return sorted(path.stem for path in _folder().glob("*.yaml"))


def read_standard(name_or_path: str | os.PathLike[str]) -> Standard:
    """
    Read a standard by its id, or from a file of one's own.

    Parameters
    ----------
    name_or_path
        An id of `list_standards`, or the path of a ``.yaml`` file, which may say
        ``extends:`` with an id or a path beside it, ``drop:`` with clauses to leave
        out, and ``clauses:`` with the fields that differ.

    Returns
    -------
    Standard
        With every clause checked.

    Raises
    ------
    NotFoundError
        If no standard has that id.
    InputError
        If the file does not say what a standard must say; with clause and field.

    Examples
    --------
    >>> standard = read_standard("gb50180-2018")
    >>> standard.clauses.loc["kindergarten"][["tier", "confidence"]].tolist()
    ['5', 'V2']
    >>> standard.clauses.loc["kindergarten", "parts"]
    (Part(category='kindergarten', min_area_m2=nan, max_area_m2=nan, threshold_m=300.0),)
    """
    path = _locate(name_or_path, beside=Path())
    content = _merged(path)
    try:
        definition = _StandardFile.model_validate(content)
    except pydantic.ValidationError as error:
        raise _fault(path, error) from error
    told = {name: getattr(definition, name) for name in _StandardFile.model_fields}
    return Standard(**told | {"clauses": _clause_table(definition)})


def _folder() -> Path:
    return data_folder("layers") / "standards"


def _locate(name_or_path: str | os.PathLike[str], *, beside: Path) -> Path:
    text = os.fspath(name_or_path)
    if text in list_standards():
        return _folder() / f"{text}.yaml"
    if text.lower().endswith((".yaml", ".yml")):
        return beside / text
    hint = nearest(text, list_standards())
    msg = f"{text}: no such standard; {hint} (or give the path of a .yaml file)"
    raise NotFoundError(msg)


def _merged(path: Path, *, depth: int = 0) -> dict[str, Any]:
    """Return the content of `path` laid over the content of what it extends."""
    if depth > MAX_EXTENDS:
        raise InputError(path, f"extends itself or a chain of more than {MAX_EXTENDS} files")
    own = read_yaml(path)
    parent = own.pop("extends", None)
    drop = own.pop("drop", [])
    if parent is None:
        if drop:
            raise InputError(path, "drop without extends", where="field drop", do="remove it")
        return own
    if not isinstance(parent, str):
        raise InputError(path, f"{parent!r}", where="field extends", allowed="an id or a path")
    base_path = _locate(parent, beside=path.parent)
    base = _merged(base_path, depth=depth + 1)
    kept = _without(base.get("clauses"), drop, path)
    return {**base, **own, "clauses": _overlaid(kept, own.get("clauses", {}), path)}


def _without(clauses: object, drop: object, path: Path) -> dict[str, Any]:
    known = _as_mapping(clauses, path)
    if not isinstance(drop, list):
        raise InputError(path, "not a list", where="field drop", allowed="a list of clause ids")
    for clause_id in drop:
        if clause_id not in known:
            hint = nearest(str(clause_id), known)
            raise InputError(path, f"no clause {clause_id!r}", where="field drop", do=hint)
    return {clause_id: row for clause_id, row in known.items() if clause_id not in drop}


def _overlaid(base: dict[str, Any], own: object, path: Path) -> dict[str, Any]:
    overrides = _as_mapping(own, path)
    return base | {
        clause_id: base.get(clause_id, {}) | _as_mapping(fields, path, clause_id)
        for clause_id, fields in overrides.items()
    }


def _as_mapping(value: object, path: Path, clause_id: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    where = f"clause {clause_id}" if clause_id else "field clauses"
    raise InputError(path, f"{value!r}", where=where, allowed="a mapping (key: value)")


def _label(value: object) -> object:
    """Take 2018-12-01 or 15 without quotes as the text that was meant."""
    return str(value) if isinstance(value, dt.date | int) else value


def _known_category(category: str) -> str:
    return require_category(category, source="field category")


_Text = Annotated[str, pydantic.Field(min_length=1)]
_Texts = Annotated[tuple[_Text, ...], pydantic.Field(strict=False)]
_Label = Annotated[_Text, pydantic.BeforeValidator(_label)]
_Category = Annotated[str, pydantic.AfterValidator(_known_category)]
_Positive = Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)]


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True, frozen=True)


class _PartFile(_Strict):
    category: _Category | None = None
    min_area_m2: _Positive | None = None
    max_area_m2: _Positive | None = None
    threshold_m: _Positive | None = None


class _ClauseFile(_PartFile):
    name_zh: _Text
    name_en: _Text
    clause: _Label
    tier: _Label
    distance_rule: Literal["straight", "table", "network", "none"]
    threshold_min: _Positive | None = None
    denominator: Literal["population", "residential_land", "communities", "built_up_area"]
    required: Annotated[float, pydantic.Field(gt=0, le=1)] | None = None
    binding: Literal["must", "recommended", "on_demand"]
    confidence: Literal["V", "V2", "H", "M", "L"]
    quote_zh: str = ""
    note_zh: str = ""
    note_en: str = ""
    not_judged_zh: str = ""
    not_judged_en: str = ""
    parts: Annotated[list[_PartFile], pydantic.Field(min_length=1)] | None = None

    @pydantic.model_validator(mode="after")
    def _can_be_judged(self) -> _ClauseFile:
        for part in _parts(self, nan):
            if part.min_area_m2 >= part.max_area_m2:
                raise InputError(
                    "clause", f"min_area_m2 {part.min_area_m2:g} is not below max_area_m2"
                )
        if self.distance_rule == "table" and self.threshold_m is not None:
            raise InputError(
                "clause",
                "threshold_m beside distance_rule: table",
                do="write distance_rule: network, or change distance_table",
            )
        missing = "" if self.not_judged_zh else _missing_for_judgement(self)
        if missing:
            raise InputError(
                "clause",
                f"cannot be judged without {missing}",
                do="add it, or say in not_judged_zh why the clause is not judged",
            )
        return self


class _StandardFile(_Strict):
    standard_id: _Label
    title_zh: _Text
    title_en: _Text
    publisher_zh: _Text
    publisher_en: _Text
    date: _Label
    source: _Text
    distance_table: dict[int, _Positive] = {}
    notes_zh: _Texts = ()
    notes_en: _Texts = ()
    clauses: Annotated[dict[str, _ClauseFile], pydantic.Field(min_length=1)]

    @pydantic.model_validator(mode="after")
    def _table_knows_its_minutes(self) -> _StandardFile:
        for clause_id, clause in self.clauses.items():
            if clause.distance_rule == "table" and clause.threshold_min not in self.distance_table:
                raise InputError(
                    "clause",
                    f"{clause.threshold_min} is not in distance_table",
                    where=f"clause {clause_id}, field threshold_min",
                    allowed=", ".join(map(str, self.distance_table)) or "(the table is empty)",
                )
        return self


def _missing_for_judgement(clause: _ClauseFile) -> str:
    parts = _parts(clause, clause.threshold_m)
    by_time = clause.distance_rule in ("table", "network") and clause.threshold_min is not None
    wanted = {
        "category": all(part.category for part in parts),
        "distance_rule": clause.distance_rule != "none",
        "denominator " + " or ".join(JUDGED_DENOMINATORS): clause.denominator
        in JUDGED_DENOMINATORS,
        "threshold_m": by_time or all(part.threshold_m > 0 for part in parts),
    }
    return next((name for name, there in wanted.items() if not there), "")


def _fault(path: Path, error: pydantic.ValidationError) -> InputError:
    """Turn the first fault of a file into one line that names clause and field."""
    first = error.errors(include_url=False)[0]
    where = _place(first["loc"])
    own = first.get("ctx", {}).get("error")
    if isinstance(own, InputError):
        return InputError(path, own.found, where=own.where or where, allowed=own.allowed, do=own.do)
    if first["type"] == "extra_forbidden":
        return InputError(path, "unknown field", where=where, do=_near_field(first["loc"]))
    if first["type"] == "missing":
        return InputError(path, "the field is missing", where=where)
    do = "put it in quotes" if first["type"] == "string_type" else ""
    return InputError(path, f"{first['msg']}, not {first['input']!r}"[:200], where=where, do=do)


def _place(loc: tuple[int | str, ...]) -> str:
    if loc[:1] != ("clauses",) or len(loc) == 1:
        return f"field {'.'.join(map(str, loc))}" if loc else ""
    field = ".".join(map(str, loc[2:]))
    return f"clause {loc[1]}" + (f", field {field}" if field else "")


def _near_field(loc: tuple[int | str, ...]) -> str:
    model = _StandardFile if len(loc) == 1 else _PartFile if "parts" in loc else _ClauseFile
    return nearest(str(loc[-1]), model.model_fields)


def _clause_table(definition: _StandardFile) -> pd.DataFrame:
    rows = {
        clause_id: _row(clause, definition.distance_table)
        for clause_id, clause in definition.clauses.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("clause_id")
    return check(table, CLAUSES)


def _row(clause: _ClauseFile, distance_table: Mapping[int, float]) -> dict[str, Any]:
    by_table = clause.distance_rule == "table"
    threshold_m = distance_table[int(clause.threshold_min or 0)] if by_table else clause.threshold_m
    return {
        **clause.model_dump(exclude={"min_area_m2", "max_area_m2"}),
        "category": clause.category or "",
        "parts": tuple(_parts(clause, threshold_m)),
        "threshold_m": _number(threshold_m),
        "threshold_min": _number(clause.threshold_min),
        "required": _number(clause.required),
        "judged": not clause.not_judged_zh,
    }


def _parts(clause: _ClauseFile, threshold_m: float | None) -> list[Part]:
    """Return the parts of a clause; what a part does not say it takes from its clause."""
    return [
        Part(
            part.category or clause.category or "",
            _number(part.min_area_m2 or clause.min_area_m2),
            _number(part.max_area_m2 or clause.max_area_m2),
            _number(part.threshold_m or threshold_m),
        )
        for part in clause.parts or [_PartFile()]
    ]


def _number(value: float | None) -> float:
    return nan if value is None else value
