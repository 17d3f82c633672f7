"""The legend of a folium map, and what must be said beside it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from typing import Any

from branca.element import MacroElement
from folium.template import Template

from spatialplan.cartography import class_amounts
from spatialplan.cartography import layer_amount
from spatialplan.cartography import layer_title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

# No style attributes and no handlers: the policy of `folium_page` lets neither run.
_TEMPLATE = """
{% macro header(this, kwargs) %}
<style>
#legend { position: fixed; left: 12px; bottom: 28px; z-index: 900; max-width: 330px;
  max-height: 55%; overflow: auto; background: rgba(255, 255, 255, .93); padding: 8px 12px;
  border-radius: 4px; box-shadow: 0 1px 5px rgba(0, 0, 0, .35);
  font: 12px/1.5 "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
#legend h1 { font-size: 15px; margin: 0 0 4px; } #legend h2 { font-size: 12px; margin: 6px 0 0; }
#legend p { margin: 2px 0; } #legend .warning { color: #b3261e; }
#legend svg { vertical-align: -2px; margin-right: 6px; } #legend small { color: #667; }
.leaflet-control-layers { font-size: 12px; }
.leaflet-control-layers-list { max-width: 270px; max-height: 60vh; overflow: auto; }
</style>
{% endmacro %}
{% macro html(this, kwargs) %}
<div id="legend" lang="{{ this.lang }}">
<h1>{{ this.title }}</h1>
{% for text in this.warnings %}<p class="warning">{{ text }}</p>{% endfor %}
{% if this.headline %}<p>{{ this.headline }}</p>{% endif %}
{% for entry in this.entries %}<div id="legend-{{ loop.index0 }}"
{%- if not entry.visible %} hidden{% endif %}><h2>{{ entry.name }}</h2>
{% for row in entry.rows %}<p><svg width="18" height="12" aria-hidden="true"><rect width="18"
height="12" rx="2" fill="{{ row.color }}"/></svg>{{ row.label }}
<small>{{ row.count }}</small></p>
{% endfor %}</div>{% endfor %}
{% for text in this.notes %}<p><small>{{ text }}</small></p>{% endfor %}
</div>
{% endmacro %}
{% macro script(this, kwargs) %}
{% for entry in this.entries %}
{{ entry.drawn.get_name() }}.on("add remove", (event) => {
  document.getElementById("legend-{{ loop.index0 }}").hidden = event.type === "remove";
});
{% endfor %}
{% endmacro %}
"""


def shown_text(text: str) -> str:
    """
    A text of the data as HTML.

    Braces too: folium reads what its templates have made as a template once more, so that a
    name such as ``{{7*7}}`` would be computed, in Python.

    Examples
    --------
    >>> shown_text("<{{7*7}}>")
    '&lt;&#123;&#123;7*7&#125;&#125;&gt;'
    """
    return html.escape(text).replace("{", "&#123;").replace("}", "&#125;")


class Legend(MacroElement):
    """
    Title, warnings, classes of the layers that show, and notes.

    Parameters
    ----------
    content
        Of `cartography.map_content`.
    shown
        Each layer of the content with what folium draws of it.
    """

    _template = Template(_TEMPLATE)

    def __init__(
        self, content: Mapping[str, Any], shown: Sequence[tuple[Mapping[str, Any], Any]]
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Legend"
        self.lang = lang = content["lang"]
        self.title = shown_text(content[f"title_{lang}"])
        self.headline = shown_text(content[f"headline_{lang}"])
        self.warnings = [*map(shown_text, _warnings(content))]
        fields = [f"{content['field_labels'][key][lang]}: {text}"
                  for key, text in content["fields"].items()]  # fmt: skip
        notes = (note[lang != "zh"] for note in content["notes"])
        self.notes = [*map(shown_text, (*fields, *notes))]
        self.entries = [
            {"name": shown_text(layer_title(layer, content)), "visible": layer["visible"],
             "rows": _rows(layer, lang), "drawn": drawn}
            for layer, drawn in reversed(shown)
        ]  # fmt: skip


def _rows(layer: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    """Colour, label and number of each class that there is; of the layer if it has none."""
    if not layer["classes"]:
        return [{"color": layer["style"]["color"], "label": "", "count": layer_amount(layer)}]
    return [
        {"color": part["color"], "label": shown_text(part[f"label_{lang}"] or part["label_zh"]),
         "count": amount}
        for part, amount in zip(layer["classes"], class_amounts(layer), strict=True) if amount
    ]  # fmt: skip


def _warnings(content: Mapping[str, Any]) -> Iterator[str]:
    lang, layers = content["lang"], content["layers"]
    if any(layer["drawn_from"] == "synthetic" for layer in layers):
        yield content["words"]["synthetic_banner"][lang]
    bordered = any(layer.get("administrative") for layer in layers)
    if bordered and not content["fields"].get("review_number"):
        yield content["words"]["review_reminder"][lang]
