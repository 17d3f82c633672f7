"""The rules of access: every kind of tag, mode by mode, against what the sign says."""

from __future__ import annotations

import pytest

from spatialplan.errors import InputError
from spatialplan.streets import _access
from spatialplan.streets._access import duration_h
from spatialplan.streets._access import read_rules

RULES = read_rules()


def modes(length_m=100.0, **tags):
    """Directions per mode: "<>" both, ">" along, "<" against, "" none; keys with ":" as "__"."""
    own = {key.replace("__", ":"): value for key, value in tags.items()}
    highway = RULES.street_class(own)
    if highway is None:
        return None
    own["highway"] = highway
    shown = []
    for mode in ("walk", "bike", "drive"):
        passage = RULES.passage(own, mode, length_m=length_m)
        shown.append(("<" * passage.backward + ">" * passage.forward) if passage else "")
    return tuple(shown)


def speed(mode, length_m=100.0, **tags):
    own = {**tags, "highway": RULES.street_class(tags)}
    return RULES.passage(own, mode, length_m=length_m).speed_kmh


ALL = ("<>", "<>", "<>")
FEET = ("<>", "", "")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        # classes
        ({"highway": "residential"}, ALL),
        ({"highway": "footway"}, FEET),
        ({"highway": "steps"}, FEET),
        ({"highway": "pedestrian"}, FEET),
        ({"highway": "path"}, ("<>", "<>", "")),
        ({"highway": "cycleway"}, ("<>", "<>", "")),
        ({"highway": "motorway"}, ("", "", ">")),
        ({"highway": "track"}, ALL),
        ({"highway": "trunk", "motorroad": "yes"}, ("", "", "<>")),
        ({"highway": "busway"}, ("", "", "")),
        # what is no street
        ({"highway": "construction", "construction": "primary"}, None),
        ({"highway": "proposed"}, None),
        ({"highway": "abandoned"}, None),
        ({"highway": "residential", "razed": "yes"}, None),
        ({"highway": "bus_stop"}, None),
        ({"building": "yes"}, None),
        ({"highway": "residential", "construction": "minor"}, ALL),
        # access: the most specific key decides
        ({"highway": "residential", "access": "private"}, ("", "", "")),
        ({"highway": "residential", "access": "no", "foot": "yes"}, FEET),
        ({"highway": "residential", "access": "no", "bicycle": "yes"}, ("", "<>", "")),
        ({"highway": "residential", "vehicle": "no"}, FEET),
        ({"highway": "residential", "vehicle": "no", "bicycle": "yes"}, ("<>", "<>", "")),
        ({"highway": "residential", "motor_vehicle": "no"}, ("<>", "<>", "")),
        ({"highway": "residential", "motor_vehicle": "no", "motorcar": "yes"}, ALL),
        ({"highway": "residential", "motorcar": "no", "motor_vehicle": "yes"}, ("<>", "<>", "")),
        ({"highway": "residential", "foot": "no"}, ("", "<>", "<>")),
        ({"highway": "track", "access": "agricultural"}, ("", "", "")),
        ({"highway": "track", "vehicle": "forestry"}, FEET),
        ({"highway": "track", "motor_vehicle": "agricultural;forestry"}, ("<>", "<>", "")),
        ({"highway": "residential", "access": "destination"}, ALL),
        ({"highway": "service", "access": "customers"}, ALL),
        ({"highway": "residential", "access": "private; yes"}, ALL),  # a word nobody knows
        ({"highway": "residential", "bicycle": "use_sidepath"}, ("<>", "", "<>")),
        ({"highway": "footway", "bicycle": "yes"}, ("<>", "<>", "")),
        ({"highway": "footway", "bicycle": "dismount"}, ("<>", "<>", "")),
        ({"highway": "footway", "access": "yes"}, FEET),  # opens no class to vehicles
        ({"highway": "pedestrian", "motor_vehicle": "destination"}, ("<>", "", "<>")),
        ({"highway": "motorway", "foot": "designated"}, ("<>", "", ">")),
        ({"highway": "primary", "sidewalk": "separate"}, ALL),
        ({"highway": "service", "service": "emergency_access"}, ("<>", "<>", "")),
        ({"highway": "service", "service": "parking_aisle"}, ALL),
        # areas
        ({"highway": "pedestrian", "area": "yes"}, FEET),
        ({"highway": "service", "area": "yes"}, ("", "", "")),
        # directions
        ({"highway": "residential", "oneway": "yes"}, ("<>", ">", ">")),
        ({"highway": "residential", "oneway": "TRUE"}, ("<>", ">", ">")),
        ({"highway": "residential", "oneway": "1"}, ("<>", ">", ">")),
        ({"highway": "residential", "oneway": "-1"}, ("<>", "<", "<")),
        ({"highway": "residential", "oneway": "no"}, ALL),
        ({"highway": "residential", "oneway": "reversible"}, ALL),
        ({"highway": "residential", "oneway": "sometimes"}, ALL),
        ({"highway": "primary", "junction": "roundabout"}, ("<>", ">", ">")),
        ({"highway": "primary", "junction": "roundabout", "oneway": "no"}, ALL),
        ({"highway": "motorway", "oneway": "no"}, ("", "", "<>")),
        ({"highway": "motorway_link"}, ("", "", "<>")),
        ({"highway": "tertiary", "oneway": "yes", "oneway__bicycle": "no"}, ("<>", "<>", ">")),
        ({"highway": "tertiary", "oneway__bicycle": "-1"}, ("<>", "<", "<>")),
        ({"highway": "tertiary", "oneway": "yes", "cycleway": "opposite"}, ("<>", "<>", ">")),
        (
            {"highway": "tertiary", "oneway": "-1", "cycleway__left": "opposite_lane"},
            ("<>", "<>", "<"),
        ),
        (
            {"highway": "tertiary", "oneway": "yes", "oneway__bicycle": "yes",
             "cycleway": "opposite"},
            ("<>", ">", ">"),
        ),
        ({"highway": "footway", "oneway": "yes"}, FEET),
        ({"highway": "footway", "oneway__foot": "yes"}, (">", "", "")),
        ({"highway": "steps", "oneway": "-1"}, ("<", "", "")),  # a moving stair
        # ferries
        ({"route": "ferry"}, ("<>", "<>", "")),
        ({"route": "ferry", "motorcar": "yes"}, ALL),
        ({"route": "ferry", "bicycle": "no", "motor_vehicle": "no"}, FEET),
        ({"route": "ferry", "access": "private"}, ("", "", "")),
        ({"route": "bus"}, None),
    ],
)  # fmt: skip
def test_who_may_go_where(tags, expected):
    assert modes(**tags) == expected


def test_speeds():
    assert speed("walk", highway="primary", maxspeed="60") == 3.6
    assert speed("bike", highway="primary", maxspeed="60") == 15
    assert speed("bike", highway="footway", bicycle="dismount") == 3.6
    assert speed("bike", highway="steps", bicycle="yes") == 3.6
    assert speed("drive", highway="primary", maxspeed="60") == 60
    assert speed("drive", highway="primary") == 50
    assert speed("drive", highway="footway", motorcar="yes") == 10
    assert speed("drive", highway="primary", maxspeed="0") == 50
    assert speed("drive", highway="primary", maxspeed="5000") == 50
    assert speed("drive", highway="living_street", maxspeed="walk") == 6


def test_ferry_speeds():
    assert speed("walk", length_m=3500.0, route="ferry", duration="0:15") == pytest.approx(14)
    assert speed("drive", length_m=9e4, route="ferry", duration="1:45", motorcar="yes") == (
        pytest.approx(90 / 1.75)
    )
    assert speed("walk", route="ferry") == 10
    assert speed("walk", length_m=100.0, route="ferry", duration="5:00") == 10  # 0.02 km/h
    assert speed("walk", route="ferry", duration="0:00") == 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50", 50), (" 50 ", 50), ("30 mph", 48.28032), ("30mph", 48.28032), ("50 km/h", 50),
        ("12.5", 12.5), ("CN:urban", 50), ("cn:motorway", 120), ("walk", 6), ("none", None),
        ("signals", None), ("50;30", None), ("-10", None), ("", None), ("RU:urban", None),
    ],
)  # fmt: skip
def test_maxspeed(text, expected):
    assert RULES.parse_maxspeed(text) == (expected and pytest.approx(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90", 1.5), ("00:25", 5 / 12), ("1:30:36", 1.51), ("PT1H30M", 1.5), ("pt25m", 5 / 12),
     ("PT", None), ("1:5", None), ("20 min", None), ("", None)],
)  # fmt: skip
def test_durations(text, expected):
    assert duration_h(text) == (expected and pytest.approx(expected))


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, ("drive",)),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, ()),
        ({"barrier": "bollard", "access": "yes"}, ("drive",)),
        ({"barrier": "gate"}, ()),
        ({"barrier": "gate", "access": "private"}, ("walk", "bike", "drive")),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, ("bike", "drive")),
        ({"barrier": "kissing_gate"}, ("bike", "drive")),
        ({"barrier": "cycle_barrier", "bicycle": "dismount"}, ("drive",)),
        ({"barrier": "toll_booth"}, ()),
    ],
)
def test_barriers(tags, stopped):
    assert tuple(mode for mode in RULES.modes if RULES.stops(tags, mode)) == stopped


def test_every_class_and_mode_of_the_file_is_consistent():
    assert set(RULES.modes) == {"walk", "bike", "drive"}
    for name, entry in RULES.classes.items():
        assert entry.open <= set(RULES.modes), name
        assert entry.speed_kmh or "drive" not in entry.open, name
    assert not set(RULES.classes) & RULES.not_streets
    assert not RULES.access.allow & RULES.access.deny
    for rule in RULES.modes.values():
        assert rule.opens <= set(rule.keys)


def test_a_broken_rules_file_names_the_entry(tmp_path, monkeypatch):
    (tmp_path / "streets").mkdir()
    text = (_access.data_folder("layers") / "streets" / "access.yaml").read_text(encoding="utf-8")
    broken = text.replace("pushed_speed_kmh: 3.6", "pushed_speed_kmh: fast")
    (tmp_path / "streets" / "access.yaml").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(_access, "data_folder", lambda _: tmp_path)
    with pytest.raises(InputError, match=r"access\.yaml: pushed_speed_kmh: .*mend the entry"):
        read_rules()
