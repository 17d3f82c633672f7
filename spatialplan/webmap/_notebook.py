"""The page where it was made: in a notebook."""

from __future__ import annotations

import html

_HEIGHT_PX = 520


class Page(str):
    """
    A map as one HTML page: a text, which Jupyter shows as the map it is.

    Examples
    --------
    >>> Page("<p>map</p>")._repr_html_()[-41:]
    'srcdoc="&lt;p&gt;map&lt;/p&gt;"></iframe>'
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        """Show the page in a frame of its own, where it cannot reach the notebook."""
        return (
            f'<iframe title="map" width="100%" height="{_HEIGHT_PX}" '
            'style="border: 0" sandbox="allow-scripts allow-downloads allow-modals" '
            f'srcdoc="{html.escape(self)}"></iframe>'
        )
