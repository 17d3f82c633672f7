"""The one guarded reader of YAML: plain data only, and every fault in one line."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar
from typing import get_args
from typing import get_origin

import pydantic
import yaml

from ._files import require_file
from .errors import InputError
from .errors import LimitError
from .errors import nearest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_FAULTS = 5

_LONGEST = 80  # characters of a value that is shown
_QUOTE = "'"
_MAPPING = ("dict_type", "model_type", "model_attributes_type")  # pydantic's names of one fault
_QUOTED = re.compile(r"'([^']*)'")

M = TypeVar("M", bound=pydantic.BaseModel)

_BOOL = "tag:yaml.org,2002:bool"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """The safe loader without two traps: a key named twice, and yes, no, on, off as booleans."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML declares it so
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL or first in "tTfF"]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, *, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refusal("a list or mapping as key", key)
            if key.value in seen:
                raise _refusal(f"the key {key.value!r} twice", key)
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def read_yaml(path: str | os.PathLike[str]) -> dict[str, Any]:
    """
    Read a YAML file whose root is a mapping.

    Parameters
    ----------
    path
        UTF-8, at most 1 MB, nested at most 32 deep. Only plain data: no tags that
        build objects, no anchors and aliases, no key twice in one mapping.

    Returns
    -------
    dict
        The mapping.

    Raises
    ------
    InputError
        If the file is missing, is not such YAML, or is not a mapping; with the line.
    LimitError
        If the file is larger than 1 MB.
    """
    found = require_file(path, role="YAML file")
    size = found.stat().st_size
    if size > MAX_BYTES:
        msg = f"{path}: {size:,} bytes; a YAML file may have {MAX_BYTES:,}"
        raise LimitError(msg)
    try:
        text = found.read_bytes().decode("utf-8-sig")
        _refuse_traps(text)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from the safe loader
    except UnicodeDecodeError as error:
        raise InputError(path, f"not UTF-8 at byte {error.start}", do="save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        raise _fault(path, error) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise InputError(path, f"not valid YAML ({error})") from error
    if not isinstance(content, dict):
        held = "nothing" if content is None else f"a {type(content).__name__}"
        raise InputError(path, f"holds {held}", allowed="a mapping (key: value)")
    return content


class StrictModel(pydantic.BaseModel):
    """What a YAML file must hold: no unknown field, no value of another type, no infinity."""

    model_config = pydantic.ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False
    )


def read_model(path: str | os.PathLike[str], model: type[M]) -> M:
    """
    Read a YAML file as a `StrictModel`; like `read_yaml`, and every fault names its field.

    Raises
    ------
    InputError
        With the path of each faulty field inside the file, at most five.
    """
    content = read_yaml(path)
    try:
        return model.model_validate(content)
    except pydantic.ValidationError as error:
        faults = [_told(content, model, fault) for fault in error.errors(include_url=False)]
        if len(faults) == 1:
            ((where, found, do),) = faults
            raise InputError(path, found, where=where, do=do) from error
        shown = [f"{where}: {found}" + (f" ({do})" if do else "") for where, found, do in faults][
            :MAX_FAULTS
        ]
        more = [f"and {len(faults) - MAX_FAULTS} more"] if len(faults) > MAX_FAULTS else []
        raise InputError(path, "; ".join(shown + more)) from error


def _told(content: Any, model: type[M], fault: ErrorDetails) -> tuple[str, str, str]:
    """Where a fault is, what was found there, and what to do about it."""
    kind, keys, about = fault["type"], fault["loc"], fault.get("ctx", {})
    where = _inside(content, keys, is_missing=kind == "missing")
    match kind:
        case "missing":
            return where, fault["msg"], ""
        case "extra_forbidden":
            return where, "unknown field", nearest(str(keys[-1]), _fields(model, keys))
        case "value_error":
            return where, str(about["error"]), ""
        case "union_tag_not_found":
            return f"{where}.{about['discriminator'].strip(_QUOTE)}", "Field required", ""
        case "union_tag_invalid":
            field, tag = about["discriminator"].strip(_QUOTE), about["tag"]
            do = nearest(str(tag), _QUOTED.findall(about["expected_tags"]))
            return f"{where}.{field}", f"unknown {field} {tag!r}", do
    wanted = "Input should be a mapping (key: value)" if kind in _MAPPING else fault["msg"]
    return where, f"{wanted}, not {_short(fault['input'])}", _advice(fault)


def _advice(fault: ErrorDetails) -> str:
    given = fault["input"]
    match fault["type"]:
        case "literal_error":  # the message itself lists what is allowed
            hint = nearest(str(given), _QUOTED.findall(fault["ctx"]["expected"]))
            return hint if hint.endswith("?") else ""
        case "string_type" if isinstance(given, (bool, int, float, dt.date)):
            return "put it in quotes"
        case "finite_number":
            return "write a number, such as 31.8"
    return ""


def _short(value: object) -> str:
    if value is None:
        return "nothing"
    told = str(value) if isinstance(value, dt.date) else repr(value)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}..."


def _fields(kind: Any, keys: tuple[int | str, ...]) -> Iterable[str]:
    """Fields of the model that the last of the keys was meant for."""
    if isinstance(kind, type) and issubclass(kind, pydantic.BaseModel):
        if len(keys) == 1:
            return kind.model_fields
        return _fields(kind.model_fields[str(keys[0])].annotation, keys[1:])
    inner = get_args(kind)
    if get_origin(kind) in (dict, list, tuple):
        return _fields(inner[0 if get_origin(kind) is tuple else -1], keys[1:])
    for one in inner:  # of alternatives pydantic names the one it took
        tags = [get_args(field.annotation) for field in getattr(one, "model_fields", {}).values()]
        if any(keys[0] in tag for tag in tags):
            return _fields(one, keys[1:])
    return _fields(inner[0], keys)


def _inside(content: Any, keys: tuple[int | str, ...], *, is_missing: bool) -> str:
    """Path of a field in the file: without what pydantic adds, alternatives and ``[key]``."""
    path = []
    for position, key in enumerate(keys):
        is_added = isinstance(content, dict) and key not in content
        if key == "[key]" or (is_added and not (is_missing and position == len(keys) - 1)):
            continue
        path.append(str(key))
        if isinstance(content, dict):
            content = content.get(key)
        elif isinstance(content, list) and isinstance(key, int):
            content = content[key]
    return ".".join(path)


def _refuse_traps(text: str) -> None:
    """Refuse aliases (which can grow without bound) and nesting too deep to build."""
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        if isinstance(event, yaml.AliasEvent):
            raise _refusal(f"the alias *{event.anchor} where a value is wanted", event)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _refusal(f"nested deeper than {MAX_DEPTH}", event)


def _refusal(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def _fault(path: str | os.PathLike[str], error: yaml.MarkedYAMLError) -> InputError:
    mark: Any = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}" if mark else ""
    found = ", ".join(part for part in (error.context, error.problem) if part)
    return InputError(path, found, where=where, do="mend the file")
