"""One sheet: a content drawn on paper at a round scale, with all that a plan's map must say."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import shapely
from matplotlib.figure import Figure

from spatialplan.cartography import content_box
from spatialplan.cartography import layer_frame
from spatialplan.cartography import read_style
from spatialplan.errors import InputError

from ._choice import subject
from ._furniture import arrow_box
from ._furniture import draw_foot
from ._furniture import draw_inset
from ._furniture import draw_neat_line
from ._furniture import draw_north_arrow
from ._furniture import draw_notes
from ._furniture import draw_scale
from ._furniture import draw_title
from ._furniture import field_values
from ._ground import ground_of
from ._labels import Labels
from ._layers import draw_grid
from ._layers import draw_vector
from ._layers import features_on
from ._layers import pen_for
from ._layers import stack
from ._legend import draw_legend
from ._legend import legend_rows
from ._look import draw
from ._page import Page
from ._paper import MM_PER_POINT
from ._paper import Box
from ._paper import legend_share
from ._paper import paper as paper_of
from ._typeface import Typeface

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from ._ground import Bounds
    from ._ground import Ground

_log = logging.getLogger(__name__)

LANGS = ("zh", "en")

# Dashes are told in widths of their line; signs stay what they are: a name may hold $ or _.
_RULES = {"lines.scale_dashes": True, "text.parse_math": False}
_TELLS = 2.5  # how much larger than the map its surroundings are for an inset to say something
_INSET = 0.34  # of the height of a panel, at most
_GREYED = 0.62  # opacity of the white over what is not the area of a sheet
_AREA_EDGE = {"color": "#5b2a86", "weight": 2.6, "fill_opacity": 0}


def draw_sheet(  # noqa: PLR0913 - every option of a sheet stands for itself
    content: Mapping[str, Any],
    *,
    paper: str = "A3",
    landscape: bool = True,
    number: str = "",
    lang: str = "zh",
    extent: Bounds | None = None,
    inset: gpd.GeoDataFrame | None = None,
    crs: Any = None,
    dpi: int = 300,
    font: str | os.PathLike[str] = "",
    focus: Any = None,
) -> Figure:
    """
    A content of a map as one sheet of paper.

    Parameters
    ----------
    content
        Made by `cartography.map_content`; its visible layers are drawn.
    paper
        ``A4`` to ``A0``.
    landscape
        Whether the sheet lies, its legend beside the map; else the legend is under it.
    number
        Number of the sheet (图号).
    lang
        ``zh`` or ``en``.
    extent
        West, south, east, north in degrees of what to show; by default all that the page
        opens on.
    inset
        Outlines of the surroundings, such as the province; by default the layers of the
        content that go far beyond the map, if there are any.
    crs
        Projected system in metres; `crs.metric_crs` of the extent's centre if not given.
    dpi
        Dots per inch of pictures.
    font
        Font file to use before all others.
    focus
        An area in WGS 84; all around it is greyed.

    Returns
    -------
    matplotlib.figure.Figure
        For `write_sheet`. The map is drawn at a round scale that is true on the ground at its
        centre, in the projected system. Characters that no font has are named in the log.

    Raises
    ------
    InputError
        If the paper, language, extent, inset or font is of no use, or nothing is there to
        draw.
    CRSError
        If the system is not projected in metres.
    """
    if lang not in LANGS:
        raise InputError("sheet", f"language {lang!r}", allowed=", ".join(LANGS))
    sheet, typeface = paper_of(paper, landscape=landscape), Typeface(font)
    content = _for_paper(content)
    ground = ground_of(extent or _opening(content), sheet.frame, crs=crs, scale=sheet.scale)
    if inset is not None and focus is None:  # that of an atlas is its own content
        _require_around(inset, ground)
    rules: dict[Any, Any] = {**_RULES, "font.family": typeface.families, "savefig.dpi": dpi}
    with mpl.rc_context(rules):
        size = sheet.width / MM_PER_POINT / 72, sheet.height / MM_PER_POINT / 72
        figure = Figure(figsize=size, dpi=dpi)
        whole = figure.add_axes((0, 0, 1, 1), xlim=(0, sheet.width), ylim=(0, sheet.height))
        whole.set_axis_off()
        whole.set_zorder(1)  # what stands round the map lies over it
        page = Page(whole, sheet, typeface, lang)
        _draw_map(figure, page, content, ground, focus)
        _draw_page(page, content, ground, number=number, inset=inset, focus=focus)
    typeface.warn_of_lost()
    return figure


def _require_around(inset: gpd.GeoDataFrame, ground: Ground) -> None:
    """Refuse surroundings that lie elsewhere: a wrong file, or a wrong datum."""
    outlines, extent = inset.geometry.to_crs(ground.crs), shapely.box(*ground.bounds)
    if not outlines.intersects(extent).any():
        raise InputError("inset", "its outlines lie elsewhere than the map",
                         do="check the file and its datum")  # fmt: skip
    if not shapely.box(*outlines.total_bounds).contains(extent):
        _log.warning("the map goes beyond the outlines of its inset")


def _for_paper(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with the styles that sheets have of their own, where no grid has its colours."""
    has_grid = any(layer["type"] == "grid" and layer["visible"] for layer in content["layers"])
    own = {} if has_grid else read_style()["sheet"]["layers"]
    layers = [
        {**layer, "style": layer["style"] | own[layer["id"]]} if layer["id"] in own else layer
        for layer in content["layers"]
    ]
    return {**content, "layers": layers}


def _opening(content: Mapping[str, Any]) -> Bounds:
    """What a page opens on: all that shows, but for backdrops, which go on beyond it."""
    shown = [layer for layer in content["layers"] if layer["visible"]]
    return content_box({"layers": shown or content["layers"]})


def _draw_map(
    figure: Figure, page: Page, content: Mapping[str, Any], ground: Ground, focus: Any
) -> None:
    frame, sheet = page.paper.frame, page.paper
    west, south, east, north = ground.bounds
    place = (frame.left / sheet.width, frame.bottom / sheet.height,
             frame.width / sheet.width, frame.height / sheet.height)  # fmt: skip
    axes = figure.add_axes(place, xlim=(west, east), ylim=(south, north))
    axes.set_axis_off()
    features = {}
    layers = stack(content, ground)
    for layer in layers:
        if layer["type"] == "grid":
            draw_grid(layer, axes, ground)
            continue
        features[layer["id"]] = features_on(layer, ground)
        pen = pen_for(layer, axes, ground, scale=sheet.scale)
        draw_vector(layer, features[layer["id"]], pen)
    axes.set(xlim=(west, east), ylim=(south, north))
    if focus is not None:
        _grey_around(axes, page, ground, focus)
    named = [layer for layer in reversed(layers) if layer["id"] in features]
    _write_names(axes, page, ground, named, features)


def _grey_around(axes: Axes, page: Page, ground: Ground, focus: Any) -> None:
    """Pale out all but one area, and draw its edge."""
    area = _in_system(focus, ground)
    west, south, east, north = ground.bounds
    over = shapely.box(west, south, east, north).buffer(0.1 * (east - west)).difference(area)
    pen = pen_for({}, axes, ground, scale=page.paper.scale)
    veil = {"weight": 0, "fill_opacity": _GREYED}
    draw(pen, shapely.get_parts(over), veil, "#ffffff")
    draw(pen, shapely.get_parts(area), _AREA_EDGE, str(_AREA_EDGE["color"]))


def _in_system(shape: Any, ground: Ground) -> Any:
    return gpd.GeoSeries([shape], crs=4326).to_crs(ground.crs).iloc[0]


def _write_names(
    axes: Axes,
    page: Page,
    ground: Ground,
    layers: Sequence[Mapping[str, Any]],
    features: Mapping[str, gpd.GeoDataFrame],
) -> None:
    """Names of the layers that have labels; `layers` from the top of the map down."""
    named = [layer for layer in layers if layer["style"].get("label") and layer.get("names")]
    named.sort(key=lambda layer: -layer["style"]["label"])
    frame, arrow = page.paper.frame, arrow_box(page)
    size = frame.width / MM_PER_POINT, frame.height / MM_PER_POINT
    corner = (arrow.left - frame.left) / MM_PER_POINT, (arrow.bottom - frame.bottom) / MM_PER_POINT
    labels = Labels(page.typeface, corner=ground.bounds[:2], size=size,
                    taken=[(*corner, *size)])  # fmt: skip
    pens = {layer["id"]: pen_for(layer, axes, ground, scale=page.paper.scale) for layer in named}
    for layer in named:
        rows, pen = features[layer["id"]], pens[layer["id"]]
        if not layer["style"].get("quiet"):
            points = rows.geometry.to_numpy()[rows.geom_type == "Point"]
            labels.keep_clear(points, pen, pen.radius(layer["style"]))
    for layer in named:
        for name_zh, name_en, shape in features[layer["id"]][
            ["name_zh", "name_en", "geometry"]
        ].itertuples(index=False):
            name = (name_en or name_zh) if page.lang == "en" else name_zh
            if name and not shape.is_empty:
                style = layer["style"]
                labels.write(name, shape, style, style["color"], pens[layer["id"]])


def _draw_page(
    page: Page,
    content: Mapping[str, Any],
    ground: Ground,
    *,
    number: str,
    inset: gpd.GeoDataFrame | None,
    focus: Any,
) -> None:
    """All that stands round the map."""
    lang, words = page.lang, content["words"]
    layers = [layer for layer in content["layers"] if layer["visible"]]
    synthetic = any(layer["drawn_from"] == "synthetic" for layer in content["layers"])
    foreign = inset is not None and focus is None
    borders = foreign or any(layer.get("administrative") for layer in layers)
    reminder = borders and not content["fields"].get("review_number")
    draw_title(page, page.said(content, "title"), subject(content, lang=lang),
               page.said(content, "headline"),
               words["synthetic_banner"][lang] if synthetic else "")  # fmt: skip
    draw_neat_line(page, ground)
    draw_north_arrow(page, ground)
    draw_foot(page, field_values(content, ground, lang=lang), number,
              words["review_reminder"][lang] if reminder else "")  # fmt: skip
    rest, *more = _draw_legend(page, content, stack(content, ground))
    rest = rest.without_top(draw_scale(page, rest, ground))
    around = inset if inset is not None else _surroundings(content, ground)
    if around is not None:
        height = min(rest.height, page.paper.legend[0].height * (1 if more else _INSET))
        room = Box(rest.left, rest.top - height, rest.width, height)
        marked = _in_system(focus, ground) if focus is not None else None
        rest = rest.without_top(draw_inset(page, room, around, ground, marked=marked))
    draw_notes(page, more[0] if more else rest, _notes(content, layers, lang))


def _notes(content: Mapping[str, Any], shown: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """Notes on what shows, then those on no theme; those on other themes are left out."""
    themes = {layer["theme"] for layer in shown}
    own = [note for note in content["notes"] if note[2:] and note[2] in themes]
    general = [note for note in content["notes"] if not note[2:]]
    return [note[lang == "en"] or note[0] for note in [*own, *general]]


def _draw_legend(
    page: Page, content: Mapping[str, Any], layers: Sequence[Mapping[str, Any]]
) -> list[Box]:
    """Write the legend; return the boxes that it leaves for what follows."""
    first = page.paper.legend[0]
    heading = page.mm(5.5)
    page.write(first.left, first.top - page.mm(3.8), page.word("legend"), size=10,
               bold=True)  # fmt: skip
    boxes = [box.without_top(heading) for box in legend_share(page.paper)]
    used, end = draw_legend(page, boxes, legend_rows(content, layers, lang=page.lang))
    if page.paper.aside is not None:
        return [*page.paper.legend[used:], page.paper.aside]
    end -= page.mm(4)
    return [Box(first.left, first.bottom, first.width, end - first.bottom)]


def _surroundings(content: Mapping[str, Any], ground: Ground) -> gpd.GeoDataFrame | None:
    """Boundaries of the content, where they go far enough beyond the map to say something."""
    shown = [layer for layer in content["layers"] if layer["type"] == "vector" and layer["visible"]]
    wide = [layer for layer in shown if layer["group"] == "boundaries"]
    for layer in reversed(wide):
        frame = layer_frame(layer).to_crs(ground.crs)
        frame = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"])]
        if len(frame) == 0:
            continue
        west, south, east, north = frame.total_bounds
        own = (ground.bounds[2] - ground.bounds[0]) * (ground.bounds[3] - ground.bounds[1])
        if (east - west) * (north - south) > _TELLS * own:
            return frame
    return None
