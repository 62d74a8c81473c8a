"""The comparison as one file: the difference in words first, then villages, places, maps side by side and sliders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis_planner.maps.compare.answers import answers
from gis_planner.maps.compare.glance import cost_table, figures_table, measures_table, proof_table, story
from gis_planner.maps.compare.measures import Site, sites, villages
from gis_planner.maps.compare.places import built_table, no_regret, villages_table
from gis_planner.maps.compare.sliders import sliders_section
from gis_planner.maps.report.decision import origin_banner
from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style, using
from gis_planner.maps.web.basemap import folium_map
from gis_planner.maps.web.elements import data_script, el, join
from gis_planner.maps.web.layers import Drawn, drawn_layers, layer_data
from gis_planner.maps.web.mapview import legend, map_data
from gis_planner.maps.web.page import asset, logo_mark, page
from gis_planner.maps.web.tables import pin_shape
from gis_planner.maps.words import require_language, word
from gis_planner.problems import refused
from gis_planner.tables.plan import Plan

_LEFT_OUT = frozenset({"net_households", "wells_other", "larviciding_other", "schools", "health_posts"})
"""Layers that the small maps do not draw."""


_OUTLINED = frozenset({"wells", "latrines"})


def _section(key: str, lang: str, *inside: object, text: str | None = None) -> Html:
    return el("section", el("h2", word(key, lang), id=key.replace("_", "-")), el("p", text) if text else None, *inside)


def _maps(plans: Sequence[Plan], found: Sequence[Site], style: Style, lang: str) -> tuple[Html, list[Html], list[str]]:
    marked = {f"{site.table}/{site.id}": "marked" for site in found
              if site.table in _OUTLINED and site.times == len(plans) and len(plans) > 1}
    by_plan = [[drawn for drawn in drawn_layers(plan, style) if drawn.style.key not in _LEFT_OUT] for plan in plans]
    ground = [drawn for drawn in by_plan[0] if drawn.style.of.startswith("base.")]
    data = [data_script("map-ground", layer_data(ground, lang, budget=1_500_000))]
    figures, scripts = [], []
    for at, plan in enumerate(plans):
        mine = [drawn for drawn in by_plan[at] if drawn.style.of.startswith("results.")]
        view, script = folium_map(plans[0].frame, f"plan{at}", f"map-data-{at}", f"{word('map', lang)}: {plan.name}")
        place = replace(plan, frame=plans[0].frame)
        data.append(map_data(place, mine, style, lang, f"map-data-{at}", shared="map-ground", marked=marked))
        figures.append(el("figure", el("figcaption", el("bdi", plan.name)), view))
        scripts.append(script)
    shown = legend(_all_layers(by_plan), style, lang, counts=False)
    return join(el("div", figures, class_="maps"), shown), data, scripts


def _all_layers(by_plan: Sequence[Sequence[Drawn]]) -> list[Drawn]:
    first: dict[str, Drawn] = {}
    for layers in by_plan:
        for drawn in layers:
            first.setdefault(drawn.style.key, drawn)
    return list(first.values())


def _header(plans: Sequence[Plan], style: Style, lang: str, links: Sequence[str]) -> Html:
    names = [join(" · " if at else "", el("bdi", plan.name)) for at, plan in enumerate(plans)]
    seen: dict[str, Html] = {}
    for plan in plans:
        banner = origin_banner(plan, lang)
        if banner:
            seen.setdefault(banner, banner)
    reference = el("p", f"{word('reference', lang)}: ", el("bdi", plans[0].name), ". ", plans[0].purpose.in_lang(lang))
    whose = " · ".join(part for part in (style.organisation, style.contact) if part)
    menu = [el("li", el("a", word(key, lang), href=f"#{key.replace('_', '-')}")) for key in links]
    return join(el("a", word("skip", lang), href="#answers", class_="skip"), el(
        "header", logo_mark(style), el("h1", word("compare", lang)), el("p", names, class_="purpose"), reference,
        el("p", whose, class_="facts") if whose else None, list(seen.values()),
        el("noscript", el("p", word("no_script", lang), class_="banner mild")),
        el("nav", el("ul", menu), aria_label=word("contents", lang)), class_="top"))


def render(plans: Sequence[Plan], lang: str = "en", *, style: Style | None = None) -> str:
    """The complete HTML text of the comparison; the first plan is the reference.

    Refused: no plan, an unknown language, a page that would reach outside itself.
    """
    require_language(lang)
    if not plans:
        raise refused("compare-nothing", found="no plan", expected="two or more scenarios",
                      remedy="Name the scenarios to compare, the reference first.",
                      remedy_fr="Nommez les scénarios à comparer, la référence d'abord.")
    with using(style) as look:
        return _render(plans, lang, look)


def _render(plans: Sequence[Plan], lang: str, look: Style) -> str:
    first = plans[0]
    rows, found = villages(plans), sites(plans)
    stories = [story(plans, at, rows, found, lang) for at in range(1, len(plans))]
    maps, data, map_scripts = _maps(plans, found, look, lang)
    sliders, candidates = sliders_section(first, lang)
    who = word("who_text", lang, name=first.name)
    sections = [
        _section("answers", lang, answers(plans, rows, found, lang), text=word("against", lang, name=first.name)),
        _section("in_words", lang, el("div", stories, class_="story"), measures_table(plans, rows, lang),
                 text=word("against", lang, name=first.name)),
        _section("no_regret", lang, no_regret(found, len(plans), lang)),
        _section("who_gains", lang, villages_table(plans, rows, look, lang), text=who),
        _section("cost_by_line", lang, cost_table(plans, lang)),
        _section("maps_linked", lang, maps, text=word("maps_linked_text", lang)),
        _section("built_where", lang, built_table(plans, found, lang), text=word("built_text", lang)),
        sliders,
        _section("firmness", lang, proof_table(plans, lang), el("p", word("caution", lang), class_="quiet")),
        _section("headline", lang, figures_table(plans, lang)),
    ]
    links = ["answers", "in_words", "no_regret", "who_gains", "cost_by_line", "maps_linked", "built_where",
             *(["sliders"] if sliders else []), "firmness", "headline"]
    foot = el("footer", [el("p", word("made_by", lang, version=plan.version, name=plan.name)) for plan in plans],
              el("p", el("button", word("print", lang), type="button", data_print=True)))
    body = join(pin_shape(), _header(plans, look, lang, links), el("main", sections), foot)
    scripts = [asset("web/map.js"), asset("web/tables.js"), *map_scripts, asset("compare/compare.js")]
    return page(word("compare", lang), lang, body, [*data, *([candidates] if candidates else [])], scripts,
                look)
