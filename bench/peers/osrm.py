"""OSRM: contraction hierarchies in C++, over a file of streets in its own format."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import numpy as np
import osrm

from bench.answers import whole_costs
from bench.cities import UNITS
from bench.work import Question

if TYPE_CHECKING:
    from bench.cities import City

ROWS = 1000
METRES = 11_119.5
"""In a degree: ten times fewer than there are, because it rounds places to a millionth
of a degree. Times are given street by street, so nothing else changes."""

PROFILE = """
api_version = 4
function setup()
  return {properties = {weight_name = 'duration', u_turn_penalty = 0,
          max_speed_for_map_matching = 50, use_turn_restrictions = false,
          continue_straight_at_waypoint = false}}
end
function process_node(profile, node, result) end
function process_way(profile, way, result)
  local one = way:get_value_by_key('oneway')
  result.forward_mode = mode.driving
  result.backward_mode = one and mode.inaccessible or mode.driving
  result.duration = tonumber(way:get_value_by_key('seconds'))
  result.weight = result.duration
end
function process_turn(profile, turn) turn.duration = 0; turn.weight = 0 end
return {setup = setup, process_node = process_node, process_way = process_way,
        process_turn = process_turn}
"""


class Peer:
    """Files made by its own tools, and the table service of its library."""

    def __init__(self, city: City, mode: str, *, threads: int) -> None:
        middle = city.x.mean(), city.y.mean()
        self._lon, self._lat = (city.x - middle[0]) / METRES, (city.y - middle[1]) / METRES
        self._city = city
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        (folder / "bench.lua").write_text(PROFILE, encoding="ascii")
        self._write_streets(folder / "city.osm", mode)
        tools = Path(osrm.__file__).parent / "bin"
        for command in (
            ["osrm-extract", "-p", folder / "bench.lua", folder / "city.osm"],
            ["osrm-contract", folder / "city.osrm"],
        ):
            call = [tools / command[0], "-t", str(threads), *command[1:]]
            subprocess.run(call, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        self._engine = osrm.OSRM(
            storage_config=str(folder / "city.osrm"), use_shared_memory=False, algorithm="CH",
            max_locations_distance_table=-1,
        )  # fmt: skip

    def _write_streets(self, path: Path, mode: str) -> None:
        """Every street a way of its own, with its seconds."""
        with path.open("w", encoding="ascii") as file:
            file.write('<osm version="0.6">\n')
            for node, (lat, lon) in enumerate(zip(self._lat, self._lon, strict=True), 1):
                file.write(f'<node id="{node}" lat="{lat:.7f}" lon="{lon:.7f}" version="1"/>\n')
            streets = zip(
                self._city.ends.tolist(), getattr(self._city, mode).tolist(),
                self._city.oneway.tolist(), strict=True,
            )  # fmt: skip
            for way, ((u, v), cost, oneway) in enumerate(streets, 1):
                one = '<tag k="oneway" v="yes"/>' if oneway and mode == "drive" else ""
                file.write(
                    f'<way id="{way}" version="1"><nd ref="{u + 1}"/><nd ref="{v + 1}"/>'
                    f'<tag k="seconds" v="{cost / UNITS:.1f}"/>{one}</way>\n'
                )
            file.write("</osm>\n")

    def table(self, limit: int) -> Question:
        """W3 without a limit, cut afterwards."""
        rows = min(ROWS, len(self._city.origins))
        nodes = np.r_[self._city.origins[:rows], self._city.destinations]
        places = list(zip(self._lon[nodes].tolist(), self._lat[nodes].tolist(), strict=True))
        asked = osrm.TableParameters(
            coordinates=places, sources=list(range(rows)),
            destinations=list(range(rows, len(nodes))), annotations=["duration"],
            generate_hints=False,
        )  # fmt: skip

        def answer(found: Any) -> Any:
            seconds = [[np.inf if one is None else one for one in row]
                       for row in found["durations"]]  # fmt: skip
            return whole_costs(np.rint(np.array(seconds) * UNITS), limit)

        return Question(lambda: self._engine.Table(asked), answer, (rows, len(nodes) - rows))
