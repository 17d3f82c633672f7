"""The guarded YAML reader: what it reads, and every kind of file it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated
from typing import Literal

import pydantic
import pytest

from spatialplan._yaml import MAX_BYTES
from spatialplan._yaml import StrictModel
from spatialplan._yaml import read_model
from spatialplan._yaml import read_yaml
from spatialplan.errors import InputError
from spatialplan.errors import LimitError

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "a.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_reads_plain_data(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeff名称: 常州\ncounts: [1, 2.5, true]\nnested: {a: null}\n")

    assert read_yaml(path) == {"名称": "常州", "counts": [1, 2.5, True], "nested": {"a": None}}


def test_on_and_no_are_words(tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, "on: [no, yes, False]")) == {"on": ["no", "yes", False]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' twice"),
        ("x:\n  - {a: 1, a: 2}\n", "line 2: the key 'a' twice"),
        ("a: &n [1]\nb: *n\n", "line 2: the alias *n"),
        ("? [1, 2]\n: 3\n", "line 1: a list or mapping as key"),
        ("a: !!python/object/apply:os.system ['true']\n", "line 1: could not determine"),
        ("a: [1\nb: 2\n", "line 2: "),
        ("a: " + "[" * 5000, "line 1: nested deeper than 32"),
        ("a: 2021-13-45\n", "not valid YAML (month must be in 1..12"),
        ("- 1\n", "holds a list; allowed: a mapping"),
        ("# nothing\n", "holds nothing; allowed: a mapping"),
        ("a: 1\n---\nb: 2\n", "line 2: expected a single document in the stream, but found"),
        ("a: \x07\n", "not valid YAML"),
        ("名: 常州".encode("gb18030"), "not UTF-8 at byte 0; save it as UTF-8"),
    ],
)
def test_refuses_with_the_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = write(tmp_path, content)

    with pytest.raises(InputError) as caught:
        read_yaml(path)

    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_refuses_an_alias_bomb_before_it_grows(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]

    with pytest.raises(InputError, match=r"line 2: the alias \*a0"):
        read_yaml(write(tmp_path, "\n".join(lines)))


def test_refuses_a_large_file_unread(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xff" * (MAX_BYTES + 1))

    with pytest.raises(LimitError, match=r"1,000,001 bytes; a YAML file may have 1,000,000"):
        read_yaml(path)


def test_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such YAML file"):
        read_yaml(tmp_path / "none.yaml")


class Row(StrictModel):
    name: str
    size_m: float = 0.0


class Circle(StrictModel):
    operator: Literal["circle"]
    radius_m: float


class Square(StrictModel):
    operator: Literal["square"]
    side_m: Annotated[float, pydantic.Field(gt=0)]


class File(StrictModel):
    rows: list[Row]
    best: Row | None = None
    side: Literal["north", "south"] = "north"
    shapes: dict[str, Annotated[Circle | Square, pydantic.Field(discriminator="operator")]] = {}  # noqa: RUF012 - pydantic copies it

    @pydantic.model_validator(mode="after")
    def _is_not_both(self) -> File:
        if self.best and self.shapes:
            raise ValueError("either best or shapes")
        return self


def test_reads_a_model(tmp_path: Path) -> None:
    path = write(tmp_path, "rows: [{name: a, size_m: 3}]")

    assert read_model(path, File) == File(rows=[Row(name="a", size_m=3.0)])


def test_a_model_names_every_faulty_field(tmp_path: Path) -> None:
    path = write(tmp_path, "rows: [{name: 1, size: 2}, {}]\nother: 1\n")

    with pytest.raises(InputError) as caught:
        read_model(path, File)

    assert str(caught.value) == (
        f"{path}: rows.0.name: Input should be a valid string, not 1 (put it in quotes); "
        "rows.0.size: unknown field (did you mean size_m?); rows.1.name: Field required; "
        "other: unknown field (known: rows, best, side, shapes)"
    )


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("sides: north", "sides: unknown field; did you mean side?"),
        ("side: nort", "side: Input should be 'north' or 'south', not 'nort'; did you mean north?"),
        ("side: up", "side: Input should be 'north' or 'south', not 'up'"),
        ("best: {name: 2021-03-04}", "best.name: Input should be a valid string, not 2021-03-04; "
         "put it in quotes"),
        ("best: {name: }", "best.name: Input should be a valid string, not nothing"),
        ("best: {name: a, size_m: .nan}", "best.size_m: Input should be a finite number, not nan; "
         "write a number, such as 31.8"),
        ("best: {name: a, size_m: -.inf}", "best.size_m: Input should be a finite number, not "
         "-inf; write a number, such as 31.8"),
        ("best: {name: a, nam: b}", "best.nam: unknown field; did you mean name?"),
        ("best: a", "best: Input should be a mapping (key: value), not 'a'"),
        ("shapes: [1]", "shapes: Input should be a mapping (key: value), not [1]"),
        ("shapes: {x: {operator: sqare, side_m: 3}}",
         "shapes.x.operator: unknown operator 'sqare'; did you mean square?"),
        ("shapes: {x: {side_m: 3}}", "shapes.x.operator: Field required"),
        ("shapes: {circle: {operator: square}}", "shapes.circle.side_m: Field required"),
        ("shapes: {circle: {operator: square, side_m: 3, sidem: 3}}",
         "shapes.circle.sidem: unknown field; did you mean side_m?"),
        ("shapes: {x: {operator: square, side_m: -3}}",
         "shapes.x.side_m: Input should be greater than 0, not -3"),
        ("shapes: {5: {operator: square, side_m: 3}}",
         "shapes.5: Input should be a valid string, not 5; put it in quotes"),
        ("best: {name: a}\nshapes: {x: {operator: square, side_m: 3}}", "either best or shapes"),
    ],
)  # fmt: skip
def test_a_fault_says_what_was_found_and_what_is_near(tmp_path: Path, own: str, told: str) -> None:
    path = write(tmp_path, f"rows: []\n{own}\n")

    with pytest.raises(InputError) as caught:
        read_model(path, File)

    assert str(caught.value) == f"{path}: {told}"


def test_a_fault_alone_has_its_parts(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_model(write(tmp_path, "rows: []\nsid: north"), File)

    assert (caught.value.where, caught.value.do) == ("sid", "did you mean side?")


def test_a_long_value_is_shown_in_part(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"side: .*, not 'x{79}\.\.\.$"):
        read_model(write(tmp_path, f"rows: []\nside: {'x' * 5000}"), File)


def test_a_model_names_at_most_five_faults(tmp_path: Path) -> None:
    path = write(tmp_path, "rows: [1, 2, 3, 4, 5, 6, 7]")

    with pytest.raises(InputError, match=r"rows\.4: .*; and 2 more$"):
        read_model(path, File)
