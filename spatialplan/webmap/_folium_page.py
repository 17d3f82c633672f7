"""A folium map as one page that loads nothing, or a reason why it cannot be one."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

from spatialplan.errors import InputError

from ._policy import hashes

if TYPE_CHECKING:
    import folium

# What folium always asks for, and what a page that really needs it has in its scripts.
_NEEDED_BY = {
    "jquery": r"\$\(`|\$\(document\)|\$\.(ajax|getJSON)\(|jQuery\(",
    "bootstrap": r"bootstrap\.|data-bs-",
    "fontawesome": r"AwesomeMarkers",
    "awesome-markers": r"AwesomeMarkers",
    "awesome.rotate": r"AwesomeMarkers",
}
_LINKED = r'<script src="([^"]*)"></script>|<link rel="stylesheet" href="([^"]*)"\s*/?>'
_SCRIPTS = r"<script>(.*?)</script>"
_STYLES = r"<style>(.*?)</style>"


def folium_page(drawn: folium.Map) -> str:
    """
    A folium map as one HTML page that makes no request to any network.

    Parameters
    ----------
    drawn
        Made by `folium_map`, and perhaps changed since.

    Returns
    -------
    str
        The page: Leaflet is inside, what folium links and the map does not use is gone, and
        a content policy lets nothing else run or load.

    Raises
    ------
    InputError
        If the map needs something from the internet: tiles, a plugin, a popup, an icon.
    """
    page = drawn.get_root().render()
    own = re.sub(_LINKED, "", page)
    page = re.sub(_LINKED, lambda found: _inlined(found[1] or found[2], own), page)
    _require_offline(own)
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"script-src {hashes(re.findall(_SCRIPTS, page, re.DOTALL))}; "
        f"style-src {hashes(re.findall(_STYLES, page, re.DOTALL))}"
    )
    head = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace("<head>", head, 1)


def _inlined(address: str, own: str) -> str:
    """What stands in the page instead of a link."""
    name = address.rsplit("/", 1)[-1]
    if name in ("leaflet.js", "leaflet.css"):
        text = (resources.files("spatialplan") / "_vendor" / "leaflet" / name).read_text("utf-8")
        tag = "script" if name.endswith(".js") else "style"
        return f"<{tag}>{text}</{tag}>"
    for part, use in _NEEDED_BY.items():
        if part in address and not re.search(use, own):
            return ""
    raise InputError("folium map", f"needs {address}", allowed="what Leaflet itself can draw",
                     do="leave that part out, or save the map with folium")  # fmt: skip


def _require_offline(own: str) -> None:
    if found := re.search(r"L\.tileLayer[.\w]*\(\s*[\"'](https?:[^\"']*)", own):
        raise InputError("folium map", f"loads tiles from {found[1]}", allowed="no base map",
                         do="leave it out, or save the map with folium")  # fmt: skip
