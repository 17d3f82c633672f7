"""
Coverage of an area from one OpenStreetMap extract: table, gaps and map.

    python examples/area_from_osm.py monaco.osm.gz 38400 out

The people are a stated total, spread over residential buildings and land; name a
raster or a layer of people instead of the number if there is one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import spatialplan as sp


def main(osm_file: str, people: str, folder: str) -> None:
    """Prepare a base once; judge it by a standard; write what is handed in."""
    out = Path(folder)
    out.mkdir(exist_ok=True)
    base = sp.prepare_base("example", street_file=osm_file, people=float(people))
    sp.write_base(base, out / "base")

    standard = sp.read_standard("gb50180-2018")
    served = sp.service(standard, base)
    findings = sp.assess(standard, base, served=served, by="area_id")
    holes = sp.gaps(standard, base, served)
    sp.write_findings(
        out / "coverage.xlsx",
        findings=findings,
        gaps=holes,
        worst=sp.worst_areas(standard, base, served),
        sources=base.sources,
        facts=sp.report_facts(standard, base),
    )
    sp.write_table(holes, out / "gaps.geojson")
    content = sp.coverage_content(standard, base, served=served)
    sp.write_map(sp.draw_map(content), out / "map.html")

    measured = findings[(findings["area_id"] == "") & findings["measured"].notna()]
    for _, row in measured.iterrows():
        print(f"{row['measured']:7.1%}  {row['name_en']}, {row['threshold']}")
    print(measured["basis_en"].iloc[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
