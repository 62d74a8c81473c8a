"""What the plan rests on: assumptions, norms with sources, layers with provenance, and what was found wrong."""

from __future__ import annotations

from collections import Counter

from gis_planner.maps.safe import Html
from gis_planner.maps.web.elements import el
from gis_planner.maps.web.numbers import number
from gis_planner.maps.web.tables import Head, Line, table_box
from gis_planner.maps.words import unit_word, value_word, word
from gis_planner.problems import Finding, Severity, in_french
from gis_planner.tables.column import Origin
from gis_planner.tables.plan import Assumption, Plan

MOST_FINDINGS = 200


def _badge(text: str, warn: bool) -> Html:
    return el("span", "⚠ " if warn else "", text, class_="badge warn" if warn else "badge")


def _effect(item: Assumption, lang: str) -> str:
    """The effect of a setting; one that was given in English alone is looked up."""
    if item.effect is None:
        return ""
    said = item.effect.in_lang(lang)
    return in_french(said) if lang == "fr" else said


def _assumptions(plan: Plan, lang: str) -> Html:
    heads = [Head(word(key, lang)) for key in ("assumption", "value_head", "set_by", "source", "effect")]
    lines = [Line([item.meaning.in_lang(lang), f"{item.value} {unit_word(item.unit, lang)}".strip(),
                   value_word(item.set_by, lang), item.source, _effect(item, lang)], {})
             for item in plan.assumptions]
    return table_box(word("assumptions", lang), heads, lines, lang)


def _norms(plan: Plan, lang: str) -> Html:
    heads = [Head(word("norm", lang)), Head(word("value_head", lang), True),
             *(Head(word(key, lang)) for key in ("source", "edition", "section", "checked", "note"))]
    lines = [Line([norm.id, f"{number(norm.value, lang)} {unit_word(norm.unit, lang)}", norm.source, norm.edition,
                   norm.section, _badge(value_word(norm.checked, lang), norm.checked == "unverified"), norm.note], {})
             for norm in plan.norms]
    return table_box(word("norms", lang), heads, lines, lang)


def _layers(plan: Plan, lang: str) -> Html:
    heads = [Head(word("layer", lang)), Head(word("origin", lang)), Head(word("rows", lang), True),
             Head(word("set_aside", lang), True),
             *(Head(word(key, lang)) for key in ("source", "licence", "date", "note", "file", "digest"))]
    lines = [Line([layer.name, _badge(value_word(str(layer.origin), lang), layer.origin is Origin.SIMULATED),
                   number(layer.rows, lang), number(layer.set_aside, lang), layer.source, layer.licence, layer.date,
                   layer.note, layer.file, layer.sha256[:12]], {}) for layer in plan.layers]
    return table_box(word("layers", lang), heads, lines, lang)


def trust_section(plan: Plan, lang: str) -> Html:
    """Assumptions, norms and layers, each as a table with its sources; what is unverified or simulated is marked."""
    return el("section", el("h2", word("trust", lang), id="trust"), el("h3", word("assumptions", lang)),
              _assumptions(plan, lang), el("h3", word("norms", lang)), _norms(plan, lang),
              el("h3", word("layers", lang)), _layers(plan, lang))


def _kind(item: Finding, each: bool) -> tuple[str, ...]:
    return (item.code, item.file, item.field, str(item.severity), *((item.row, item.found) if each else ()))


def _same(findings: tuple[Finding, ...]) -> list[tuple[Finding, int]]:
    """Findings with how often they stand; up to `MOST_FINDINGS` each one, beyond that one for each kind and place."""
    each = len(findings) <= MOST_FINDINGS
    kinds = Counter(_kind(item, each) for item in findings)
    first: dict[tuple[str, ...], Finding] = {}
    for item in findings:
        first.setdefault(_kind(item, each), item)
    order = list(Severity)
    return sorted(((item, kinds[key]) for key, item in first.items()), key=lambda pair: order.index(pair[0].severity))


def findings_section(plan: Plan, lang: str) -> Html:
    """What was refused, repaired or set aside, one line for each kind and place, with how often and the remedy."""
    head = el("h2", word("findings", lang), id="findings")
    if not plan.findings:
        return el("section", head, el("p", word("findings_none", lang)))
    counts = Counter(str(item.severity) for item in plan.findings)
    said = word("findings_count", lang, **{key: number(counts.get(key, 0), lang) for key in
                                           ("refuse", "repair", "note")})
    heads = [Head(word("severity", lang)), Head(word("where", lang)), Head(word("found", lang), wide=True),
             Head(word("expected", lang)), Head(word("remedy", lang), wide=True), Head(word("repeated", lang), True)]
    lines = []
    for item, times in _same(plan.findings)[:MOST_FINDINGS]:
        shown = item.as_dict()
        key = {"repair": "repaired"}.get(shown["severity"], shown["severity"])
        badge = _badge(value_word(key, lang), item.severity is not Severity.NOTE)
        lines.append(Line([badge, item.where(lang), *item.words(lang), number(times, lang)], {}))
    return el("section", head, el("p", said), table_box(word("findings", lang), heads, lines, lang))
