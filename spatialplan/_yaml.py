"""The one guarded reader of YAML: plain data only, and every fault in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

import pydantic
import yaml

from ._files import require_file
from .errors import InputError
from .errors import LimitError

if TYPE_CHECKING:
    import os

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_FAULTS = 5

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
        raise InputError(
            path, f"holds a {type(content).__name__}", allowed="a mapping (key: value)"
        )
    return content


class StrictModel(pydantic.BaseModel):
    """What a YAML file must hold: no unknown field, no value of another type."""

    model_config = pydantic.ConfigDict(extra="forbid", strict=True, frozen=True)


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
        faults = error.errors(include_url=False)
        shown = [f"{_inside(content, f['loc'])}: {f['msg']}" for f in faults]
        more = f"and {len(faults) - MAX_FAULTS} more" if len(faults) > MAX_FAULTS else ""
        raise InputError(path, "; ".join([*shown[:MAX_FAULTS], more]).rstrip("; ")) from error


def _inside(content: Any, keys: tuple[int | str, ...]) -> str:
    """Path of a field in the file: without the names of alternatives that pydantic adds."""
    path = []
    for position, key in enumerate(keys):
        missing = isinstance(content, dict) and key not in content
        if (
            missing
            and position < len(keys) - 1
            and key != "[key]"
            and keys[position + 1] != "[key]"
        ):
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
            raise _refusal(f"the alias *{event.anchor}", event)
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
