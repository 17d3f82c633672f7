"""The interactive map: content in, one HTML file that loads nothing out."""

from __future__ import annotations

from ._folium import folium_map
from ._folium_page import folium_page
from ._notebook import Page
from ._page import draw_map
from ._page import write_map
from ._renderer import choose_renderer

__all__ = ["Page", "choose_renderer", "draw_map", "folium_map", "folium_page", "write_map"]
