"""What a page may run: exactly the scripts and styles that stand in it."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def hashes(texts: Iterable[str]) -> str:
    """
    Source expressions of a content policy that allow exactly these inline scripts or styles.

    Examples
    --------
    >>> hashes(["alert(1)"])
    "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    """
    digests = [hashlib.sha256(text.encode("utf-8")).digest() for text in texts]
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)
