"""
Where one gets on foot from a place, and who could walk there.

    python examples/walk_from_here.py out/base 7.4278 43.7392 out/isochrone.geojson

The base is a folder that `spatialplan base` or `examples/area_from_osm.py` has written.
"""

from __future__ import annotations

import sys

import geopandas as gpd

import spatialplan as sp


def main(base_folder: str, lon: str, lat: str, target: str) -> None:
    """Draw 5, 10 and 15 minutes around a place, and count people along the streets."""
    base = sp.read_base(base_folder)
    walk = base.networks["walk"]
    here = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([float(lon)], [float(lat)], crs=4326), index=["here"]
    ).to_crs(base.crs)

    areas = sp.isochrone(here, network=walk, minutes=[5, 10, 15])
    sp.write_table(areas, target)
    # The polygon is for the eye; people are counted by their own way along the streets.
    minutes = sp.time_to_nearest(base.demand, here, network=walk)
    for _, area in areas.iterrows():
        within = sp.coverage_share(base.demand, minutes <= area["limit_min"]).loc["all"]
        print(
            f"{area['limit_min']:3.0f} min: {area['area_km2']:.2f} km2, "
            f"{area['street_km']:.1f} km of streets, {within['served']:,.0f} people"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
