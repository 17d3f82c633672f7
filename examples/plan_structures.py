"""
The structures of a plan: what they count, what stands where, and how towns hang together.

    python examples/plan_structures.py changzhou-urbanisation a07-city-tiers out

Writes the elements as a layer and says what is schematic.
"""

from __future__ import annotations

import sys
from math import isfinite
from pathlib import Path

import spatialplan as sp


def main(plan_id: str, structure_id: str, folder: str) -> None:
    """Read a plan, hold it against its words, and ask its graphs."""
    plan = sp.read_plan(plan_id)
    faults = sp.check_plan(plan)
    print(f"{plan.title_zh}: {len(plan.structures)} structures, {len(faults)} faults")

    structure = plan.structures.loc[structure_id]
    for part in structure["parts"]:
        print(f"{structure['phrase_zh']}: {part.count or 'several'} {part.role}")

    tiers = sp.tier_graph(plan, structure_id)
    for upper, lower, tie in tiers.edges(data=True):
        above, below = (tiers.nodes[node]["name_zh"] for node in (upper, lower))
        far = f": {tie['distance_m'] / 1000:.0f} km" if isfinite(tie["distance_m"]) else ""
        print(f"{above} > {below}{far}")

    seats = plan.places[plan.places["population"].notna()]
    print(f"primacy S2 of the districts: {sp.primacy(seats['population']).s2:.2f}")

    out = Path(folder)
    out.mkdir(exist_ok=True)
    sp.write_table(plan.elements, out / "elements.geojson")
    print(plan.elements["drawn_from"].value_counts().to_string())


if __name__ == "__main__":
    main(*sys.argv[1:])
