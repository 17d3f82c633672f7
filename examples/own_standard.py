"""
A city's own standard beside the national one: a file that overrides some rows.

    python examples/own_standard.py out/base

See `city.yaml` beside this script; every clause it does not name stays as it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import spatialplan as sp


def main(base_folder: str) -> None:
    """Judge one area by both and print where they differ."""
    base = sp.read_base(base_folder)
    for name in ("gb50180-2018", Path(__file__).with_name("city.yaml")):
        finding = sp.assess(sp.read_standard(name), base).loc["primary_school"]
        print(f"{finding['measured']:6.1%}  {finding['basis_en']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
