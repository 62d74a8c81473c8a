"""The first screen: figures, what to do for whom at what cost, and how sure each choice is."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from gis_planner.maps.safe import Html
from gis_planner.maps.web.doing import doing
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.facts import PROGRAMMES, chosen, costs, proof_words, table
from gis_planner.maps.web.firm import firm_words
from gis_planner.maps.web.numbers import number, with_unit
from gis_planner.maps.words import programme_word, value_word, word
from gis_planner.tables.column import Origin
from gis_planner.tables.inputs import INPUTS
from gis_planner.tables.plan import Figure, LayerUsed, Plan

FIRST = 3
"""How many actions of a programme are named before "and more"."""


def _layer_name(layer: LayerUsed, lang: str) -> str:
    described = INPUTS.get(layer.kind)
    return layer.name if described is None else described.label_fr if lang == "fr" else described.label


def headlines(plan: Plan) -> list[Figure]:
    """The figures of the first lines: those of the whole plan, two of water, the first of each other programme."""
    out, seen = [], Counter[str]()
    for figure in plan.figures:
        most = {"all": 6, "wells": 2}.get(figure.programme, 1)
        if figure.headline and seen[figure.programme] < most:
            seen[figure.programme] += 1
            out.append(figure)
    return out


def origin_banner(plan: Plan, lang: str) -> Html:
    """Says aloud which layers are simulated, and quietly which are estimates; nothing when all are observed."""
    out = []
    for origin, key, kind in ((Origin.SIMULATED, "simulated_banner", "banner"),
                              (Origin.ESTIMATED, "estimated_banner", "banner mild")):
        names = sorted({_layer_name(layer, lang) for layer in plan.layers if layer.origin is origin})
        if names:
            said = word(key, lang, layers=", ".join(names))
            out.append(el("p", said, class_=kind, role="note" if kind == "banner" else None))
    return join(*out)


def figure_card(figure: Figure, lang: str) -> Html:
    """One headline figure: value with unit, what it is, a note when there is one."""
    note = el("span", figure.note.in_lang(lang), class_="note") if figure.note else None
    return el("li", el("span", with_unit(figure.value, figure.unit, lang), class_="value"),
              el("span", figure.label.in_lang(lang), class_="label"), note)


def _line(row: pd.Series, head: str, lang: str) -> Html:
    reason = row.get(f"reason_{lang}")
    return el("li", el("strong", f"{value_word(str(row[head]), lang)}, ", el("bdi", row["village"])),
              join(": ", reason) if isinstance(reason, str) and reason else None)


_FIRST_OF = {"wells": ("wells", "action"), "latrines": ("latrines", "group_kind"),
             "larviciding": ("larviciding_sites", "habitat_type")}


def _first(plan: Plan, programme: str, lang: str) -> Html | None:
    if programme not in _FIRST_OF:
        return None
    name, head = _FIRST_OF[programme]
    rows = chosen(table(plan, name))
    if rows.empty or head not in rows:
        return None
    items = [_line(rows.iloc[at], head, lang) for at in range(min(FIRST, len(rows)))]
    more = el("p", word("then_more", lang, n=number(len(rows) - FIRST, lang)), class_="quiet")
    return join(el("h4", word("first_steps", lang)), el("ol", items), more if len(rows) > FIRST else None)


def _sure(plan: Plan, programme: str, lang: str) -> list[Html]:
    firm = firm_words(plan, lang) if programme == "wells" else ""
    drawn = [el("p", el("strong", f"{word('under_doubt', lang)}: "), firm, " ",
                el("a", word("doubt", lang), href="#doubt"), class_="sure open")] if firm else []
    return drawn + [
        el("p", el("strong", f"{word('how_sure', lang)}: "), proof_words(proof, lang), " ",
           el("span", f"({proof.objective.in_lang(lang)}: {with_unit(proof.value, proof.unit, lang)})", class_="quiet"),
           class_="sure" if proof.proven else "sure open")
        for proof in plan.proofs if proof.programme == programme
    ]


def _other_figures(plan: Plan, programme: str, lang: str) -> Html | None:
    first = headlines(plan)
    rest = [figure for figure in plan.figures if figure.programme == programme and figure not in first]
    if not rest:
        return None
    return el("details", el("summary", word("more_figures", lang)), el("dl", [
        join(el("dt", figure.label.in_lang(lang)), el("dd", with_unit(figure.value, figure.unit, lang)))
        for figure in sorted(rest, key=lambda figure: not figure.headline)]))


def decision(plan: Plan, lang: str) -> Html:
    """The section: headline figures, then a block for each programme that decided something."""
    names = {figure.programme for figure in plan.figures} | {proof.programme for proof in plan.proofs}
    blocks = []
    for programme in (*PROGRAMMES, *sorted(names - {*PROGRAMMES, "all"})):
        what = doing(plan, programme, lang)
        rest = _other_figures(plan, programme, lang)
        if what is None and rest is None:
            continue
        money = costs(plan).get(programme)
        spent = el("p", with_unit(money, "FCFA", lang)) if money and programme in {"nets", "larviciding"} else None
        blocks.append(el(
            "section", el("h3", programme_word(programme, lang)), el("p", what, class_="purpose") if what else None,
            spent, _sure(plan, programme, lang), _first(plan, programme, lang), rest, class_="programme"))
    cards = [figure_card(figure, lang) for figure in headlines(plan)]
    return el("section", el("h2", word("decision", lang), id="decision"), el("ul", cards, class_="cards"),
              el("h3", word("what_to_do", lang)), el("div", blocks, class_="programmes"),
              el("p", word("caution", lang), " ", el("a", word("assumptions", lang), href="#trust"), class_="quiet"))


