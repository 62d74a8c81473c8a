"""The map of a page: its element, its data, and the list that is legend and layer switch in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gis_planner.maps.safe import Html
from gis_planner.maps.style import LayerStyle, Style
from gis_planner.maps.web.elements import data_script, el
from gis_planner.maps.web.layers import Drawn, layer_data, village_index
from gis_planner.maps.web.numbers import plain
from gis_planner.maps.words import layer_word, word
from gis_planner.tables.plan import Plan

_WORDS = ("zoom_in", "zoom_out", "see_on_map", "planned_here", "there_today", "nothing_planned", "no_village")


def symbol(layer: LayerStyle, style: Style) -> Html:
    """A layer's look as a small picture for the legend."""
    if layer.kind in {"line", "area"}:
        inside = el("path", d="M2 18L10 6L18 17L26 5" if layer.kind == "line" else "M3 4H25V20H3z", stroke=layer.colour,
                    fill="none" if layer.kind == "line" else layer.colour, fill_opacity=layer.fill,
                    stroke_width=layer.width, stroke_dasharray=layer.dash or None)
        return el("svg", inside, viewBox="0 0 28 24", width=28, height=22, aria_hidden="true")
    if layer.kind == "dots":
        inside = el("path", d="M5 8h2v2h-2zM13 5h2v2h-2zM11 15h2v2h-2zM19 12h2v2h-2z", fill=layer.colour)
        return el("svg", inside, viewBox="0 0 24 24", width=22, height=22, aria_hidden="true")
    size = min(max(layer.size, 13), 22)
    inside = el("path", d=style.shapes.get(layer.shape, style.shapes["circle"]), fill=layer.colour, fill_rule="evenodd")
    return el("svg", inside, viewBox="-1 -1 26 26", width=size, height=size, aria_hidden="true")


def legend(layers: Sequence[Drawn], style: Style, lang: str, counts: bool = True) -> Html:
    """Check boxes with each layer's symbol, name and number of places, what lies on top first."""
    items = []
    for drawn in reversed(layers):
        name = layer_word(drawn.style.key, lang)
        text = f"{name} ({plain(len(drawn.rows), lang)})" if counts else name
        items.append(el("li", el("label", el("input", type="checkbox", data_layer=drawn.style.key,
                                             checked=drawn.style.shown), symbol(drawn.style, style), text)))
    return el("fieldset", el("legend", word("layers_legend", lang)), el("ul", items), class_="legend")


def map_data(
    plan: Plan, layers: Sequence[Drawn], style: Style, lang: str, data_id: str, *, shared: str | None = None,
    marked: Mapping[str, str] | None = None,
) -> Html:
    """The JSON that the map's script reads. shared: id of a script with layers below; marked: `layer/id` to outline."""
    return data_script(data_id, {
        "frame": plan.frame.as_tuple(), "layers": layer_data(layers, lang), "shapes": dict(style.shapes),
        "words": {key: word(key, lang) for key in _WORDS}, "villages": village_index(plan), "shared": shared,
        "marked": dict(marked or {}),
    })
