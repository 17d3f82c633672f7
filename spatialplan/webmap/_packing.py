"""The content inside a page: as it is while it is small, else its bulk compressed."""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Parts of layers that are long lists: what the page needs only once it draws.
BULK = ("kinds", "shapes", "class_of", "rows", "names", "anchors")
LEAST_SAVED = 100_000  # bytes; a smaller page stays plain text that anyone can read

# Inside a script element these could end it or open a comment.
_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def pack_content(content: Mapping[str, Any]) -> tuple[str, str]:
    """
    The content as text for the page, and its bulk as base64 of gzip or nothing.

    Examples
    --------
    >>> pack_content({"layers": [{"id": "a", "kinds": "p"}]})
    ('{"layers":[{"id":"a","kinds":"p"}]}', '')
    """
    plain = island(content)
    bulk = [{key: layer[key] for key in BULK if key in layer} for layer in content["layers"]]
    rest = [
        {key: value for key, value in layer.items() if key not in BULK}
        for layer in content["layers"]
    ]
    packed = pack(bulk)
    without = island({**content, "layers": rest})
    if len(plain) - len(without) - len(packed) < LEAST_SAVED:
        return plain, ""
    return without, packed


def pack_text(text: str) -> str:
    """A long text as base64 of gzip, or nothing where little would be saved."""
    packed = _packed(text)
    return packed if len(text) - len(packed) >= LEAST_SAVED else ""


def pack(value: object) -> str:
    """Plain values as base64 of gzip of JSON."""
    return _packed(_json(value))


def _packed(text: str) -> str:
    """Base64 of gzip; the same bytes at any time of day."""
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")


def island(value: object) -> str:
    """JSON that can stand inside a script element whatever its texts hold."""
    return _json(value).translate(_ESCAPES)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
