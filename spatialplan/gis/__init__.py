"""A map's content as files that QGIS and ArcGIS open ready coloured."""

from __future__ import annotations

from ._write import write_gis

__all__ = ["write_gis"]
