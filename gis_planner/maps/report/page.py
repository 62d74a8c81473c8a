"""The report as one file: decision, map, service, curve, tables, routes, what it rests on, what was found wrong."""

from __future__ import annotations

from gis_planner.maps.report.benefit import curve_section, service_section
from gis_planner.maps.report.decision import decision, origin_banner
from gis_planner.maps.report.doubt import doubt_section
from gis_planner.maps.report.front import front_section
from gis_planner.maps.report.ladder import ladder_section
from gis_planner.maps.report.results import tables_section
from gis_planner.maps.report.routes import routes_section
from gis_planner.maps.report.trust import findings_section, trust_section
from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style, using
from gis_planner.maps.web.basemap import folium_map
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.firm import firm_legend, firm_marks
from gis_planner.maps.web.layers import Drawn, drawn_layers
from gis_planner.maps.web.mapview import legend, map_data
from gis_planner.maps.web.page import asset, logo_mark, page
from gis_planner.maps.web.tables import pin_shape
from gis_planner.maps.words import require_language, value_word, word
from gis_planner.tables.plan import Plan


def _header(plan: Plan, style: Style, lang: str, ids: list[tuple[str, str]]) -> Html:
    facts = " · ".join(part for part in (
        f"{word('region', lang)}: {plan.region}", f"{word('season', lang)}: {value_word(plan.season, lang)}",
        style.organisation, style.contact) if part)
    links = [el("li", el("a", word(key, lang), href=f"#{name}")) for name, key in ids]
    return join(
        el("a", word("skip", lang), href="#decision", class_="skip"),
        el("header", logo_mark(style), el("h1", f"{word('plan', lang)}: ", el("bdi", plan.name)),
           el("p", plan.purpose.in_lang(lang), class_="purpose"), el("p", facts, class_="facts"),
           origin_banner(plan, lang), el("noscript", el("p", word("no_script", lang), class_="banner mild")),
           el("nav", el("ul", links), aria_label=word("contents", lang)), class_="top"))


def _map_section(plan: Plan, view: Html, layers: list[Drawn], style: Style, lang: str) -> Html:
    tools = el(
        "div", el("form", el("label", word("search_village", lang), " ",
                             el("input", type="search", name="village", autocomplete="off")), " ",
                  el("button", word("show", lang), type="submit"), id="search", role="search"),
        el("button", word("whole_region", lang), type="button", id="whole"),
        el("span", id="search-said", role="status"), class_="map-tools")
    sheet = el("aside", el("h3", word("sheet", lang)), el("div", el("p", word("sheet_empty", lang)), id="sheet-body",
                                                        aria_live="polite"),
               class_="sheet no-print", tabindex=0, aria_label=word("sheet", lang))
    helped = el("p", word("map_help", lang), class_="quiet no-print")
    return el("section", el("h2", word("map", lang), id="map"), helped, tools,
              el("div", view, sheet, join(legend(layers, style, lang), firm_legend(plan, lang)),
                 class_="map-grid"))


def render(plan: Plan, lang: str = "en", *, style: Style | None = None) -> str:
    """The complete HTML text of the report, in `lang` (`en` or `fr`); `style` when an organisation has its own.

    The same plan gives the same bytes. Refused: an unknown language; a page that would reach outside itself.
    """
    require_language(lang)
    with using(style) as look:
        return _render(plan, lang, look)


def _render(plan: Plan, lang: str, look: Style) -> str:
    layers = drawn_layers(plan, look)
    view, script = folium_map(plan.frame, "plan", "map-data", word("map", lang))
    parts = {
        "service": service_section(plan, look, lang), "ladder": ladder_section(plan, look, lang),
        "curve": curve_section(plan, look, lang), "doubt": doubt_section(plan, look, lang),
        "front": front_section(plan, look, lang),
        "tables": tables_section(plan, look, lang), "routes": routes_section(plan, lang),
        "trust": trust_section(plan, lang), "findings": findings_section(plan, lang),
    }
    ids = [("decision", "decision"), ("map", "map"), *((name, name) for name, part in parts.items() if part)]
    main = el("main", decision(plan, lang), _map_section(plan, view, layers, look, lang), *parts.values())
    foot = el("footer", el("p", word("made_by", lang, version=plan.version, name=plan.name)),
              el("p", el("button", word("print", lang), type="button", data_print=True)))
    body = join(pin_shape(), _header(plan, look, lang, ids), main, foot)
    scripts = [asset("web/map.js"), asset("web/tables.js"), script, asset("report/report.js")]
    data = map_data(plan, layers, look, lang, "map-data", marked=firm_marks(plan))
    return page(f"{word('plan', lang)}: {plan.name}", lang, body, [data], scripts, look)
