"""XML of QGIS, written so that no text can break out of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

Node = ET.Element

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not XML


def node(
    tag: str, attributes: Mapping[str, object] | None, *children: Node, text: str = ""
) -> Node:
    """
    An element with attributes, children and text.

    Examples
    --------
    >>> ET.tostring(node("a", {"b": 1}, text="<i>")).decode()
    '<a b="1">&lt;i&gt;</a>'
    """
    made = Node(tag, {key: _clean(str(value)) for key, value in (attributes or {}).items()})
    made.text = _clean(text)
    made.extend(children)
    return made


def options(values: Mapping[str, object]) -> Node:
    """Properties of a symbol layer."""
    return node("Option", {"type": "Map"}, *(
        node("Option", {"name": name, "type": "QString", "value": value})
        for name, value in values.items()
    ))  # fmt: skip


def document(root: Node, *, qgis: bool = True) -> str:
    """The text of a project or a style of QGIS, or of another file."""
    return (_DOCTYPE if qgis else "") + ET.tostring(root, encoding="unicode")


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text)
