"""The first screen of a comparison: each scenario in words against the first, and all measures in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from gis_planner.maps.compare.answers import line_words
from gis_planner.maps.compare.measures import GONE, Site, differences, gained, total_cost
from gis_planner.maps.report.ladder import RUNGS, ladder
from gis_planner.maps.safe import Html
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.facts import costs, proof_words, service, table, worst_village
from gis_planner.maps.web.firm import firm_counts
from gis_planner.maps.web.numbers import number, signed, with_unit
from gis_planner.maps.web.tables import Head, Line, table_box
from gis_planner.maps.words import programme_word, word
from gis_planner.tables.plan import Plan

NAMED = 4
"""How many villages are named in a sentence."""


def _money_words(plan: Plan, reference: Plan, lang: str) -> str:
    change, base = total_cost(plan) - total_cost(reference), total_cost(reference)
    if abs(change) < 1:
        return word("spend_same", lang)
    key = "spend_more" if change > 0 else "spend_less"
    percent = number(abs(change) / base * 100, lang, 0) if base else "100"
    return word(key, lang, cost=number(abs(change), lang, 0), percent=percent)


def _people_words(plan: Plan, reference: Plan, lang: str) -> list[str]:
    if not service(plan) or not service(reference):
        return []
    out = []
    counted = service(plan)["people"] - service(reference)["people"]
    if abs(counted) >= 1:
        key = "people_differ" if counted > 0 else "people_differ_less"
        out.append(word(key, lang, people=number(abs(counted), lang, 0)))
    change, base = service(plan)["after"] - service(reference)["after"], gained(reference)
    if abs(change) < GONE:
        return [*out, word("serve_same", lang)]
    kept = number(gained(plan) / base * 100, lang, 0) if base else "0"
    key = "serve_more" if change > 0 else "serve_less"
    return [*out, word(key, lang, people=number(abs(change), lang, 0), percent=kept)]


def _named(change: pd.Series, rows: pd.DataFrame, key: str, none: str, lang: str) -> Html:
    if change.empty:
        return el("p", word(none, lang))
    order = change.abs().sort_values(ascending=False, kind="stable").index[:NAMED]
    places = [join(", " if at else "", el("bdi", rows.loc[village, "village"]),
                   f" ({signed(round(change[village]), lang)})")
              for at, village in enumerate(order)]
    before, after = word(key, lang).split("{places}")
    more = word("more_places", lang, n=len(change) - NAMED) if len(change) > NAMED else ""
    return el("p", before, places, more, after)


def story(plans: Sequence[Plan], at: int, rows: pd.DataFrame, built: Sequence[Site], lang: str) -> Html:
    """One scenario against the first, in sentences: money, people, who loses, who gains, which water points stay."""
    plan, reference = plans[at], plans[0]
    change = differences(rows, at)
    first = "; ".join([_money_words(plan, reference, lang), *_people_words(plan, reference, lang)])
    wells = [site for site in built if site.table == "wells"]
    base = [site for site in wells if site.by[0]]
    same = word("sites_kept", lang, same=sum(site.by[at] for site in base), all=len(base),
                new=sum(site.by[at] and not site.by[0] for site in wells))
    return el("section", el("h3", el("bdi", plan.name)), el("p", plan.purpose.in_lang(lang), class_="quiet"),
              el("p", el("strong", f"{first[:1].upper()}{first[1:]}.")),
              el("ul", [el("li", line) for line in line_words(plan, reference, lang)]),
              _named(change[change <= -GONE], rows, "losers", "nobody_loses", lang),
              _named(change[change >= GONE], rows, "gainers", "nobody_gains", lang), el("p", same) if wells else None)


def _with_change(values: Sequence[float | None], unit: str, lang: str) -> list[object]:
    out: list[object] = []
    for at, value in enumerate(values):
        shown = "" if value is None else with_unit(value, unit, lang)
        base = values[0]
        change = None
        if at and value is not None and base is not None:
            change = el("span", f" ({signed(value - base, lang)})", class_="quiet")
        out.append(join(shown, change))
    return out


def _service(key: str) -> Callable[[Plan], float | None]:
    return lambda plan: service(plan).get(key)


def _per_person(plan: Plan) -> float | None:
    return costs(plan)["wells"] / gained(plan) if gained(plan) > 0 and "wells" in costs(plan) else None


def measures_table(plans: Sequence[Plan], rows: pd.DataFrame, lang: str) -> Html:
    """All measures, one column for each scenario, with the difference from the first behind each value."""
    heads = [Head(word("measure", lang)), *(Head(plan.name, True) for plan in plans)]
    measures: tuple[tuple[str, Callable[[Plan], float | None], str], ...] = (
        ("total_cost", total_cost, "FCFA"), ("people_total", _service("people"), "people"),
        ("served_today", _service("today"), "people"), ("people_served_after", _service("after"), "people"),
        ("people_gained", gained, "people"), ("cost_per_gained", _per_person, "FCFA"))
    lines = [Line([word(key, lang), *_with_change([take(plan) for plan in plans], unit, lang)], {})
             for key, take, unit in measures]
    ladders = [ladder(table(plan, "villages")).get("after", {}) for plan in plans]
    for rung in RUNGS if any(ladders) else ():
        label = f"{word('ladder', lang)}, {word('after', lang).lower()}: {word(f'rung_{rung}', lang).lower()}"
        lines.append(Line([label, *_with_change([found.get(rung) for found in ladders], "people", lang)], {}))
    firm = [firm_counts(plan) for plan in plans]
    if any(firm):
        said = [word("of_all", lang, n=counts["firm"], all=sum(counts.values())) if counts else "" for counts in firm]
        lines.append(Line([word("firm_head", lang), *said], {}))
    worst = [worst_village(plan) for plan in plans]
    shares = [word("best_share", lang, name=found[0], share=number(found[1] * 100, lang, 0)) if found else ""
              for found in worst]
    lines.append(Line([word("worst_village", lang), *shares], {}))
    changes = [differences(rows, at) for at in range(len(plans))]
    for key, sign in (("villages_losing", -1), ("villages_gaining", 1)):
        counts = ["", *(number(int((sign * change >= GONE).sum()), lang) for change in changes[1:])]
        lines.append(Line([word(key, lang), *counts], {}))
    return table_box(word("at_a_glance", lang), heads, lines, lang, tools=False)


def figures_table(plans: Sequence[Plan], lang: str) -> Html:
    """Every figure that any plan gives, by programme, side by side."""
    keys = list(dict.fromkeys(figure.key for plan in plans for figure in plan.figures))
    by_plan = [{figure.key: figure for figure in plan.figures} for plan in plans]
    heads = [Head(word("measure", lang)), *(Head(plan.name, True) for plan in plans)]
    lines = []
    for key in keys:
        one = next(figures[key] for figures in by_plan if key in figures)
        values = [figures[key].value if key in figures else None for figures in by_plan]
        label = f"{programme_word(one.programme, lang)}: {one.label.in_lang(lang)}"
        lines.append(Line([label, *_with_change(values, one.unit, lang)], {}))
    return table_box(word("headline", lang), heads, lines, lang, tools=False)


def cost_table(plans: Sequence[Plan], lang: str) -> Html:
    """Cost by programme and in all, with the difference from the first."""
    lines_of = list(dict.fromkeys(name for plan in plans for name in costs(plan)))
    heads = [Head(word("line", lang)), *(Head(plan.name, True) for plan in plans)]
    lines = []
    for name in lines_of:
        values = [costs(plan).get(name) for plan in plans]
        lines.append(Line([programme_word(name, lang), *_with_change(values, "FCFA", lang)], {}))
    whole = _with_change([total_cost(plan) for plan in plans], "FCFA", lang)
    lines.append(Line([word("total_cost", lang), *whole], {"class_": "total"}))
    return table_box(word("cost_by_line", lang), heads, lines, lang, tools=False)


def proof_table(plans: Sequence[Plan], lang: str) -> Html:
    """How sure each choice of each plan is."""
    heads = [Head(word("scenario", lang)), Head(word("programme", lang)), Head(word("how_sure", lang), wide=True)]
    lines = [Line([plan.name, join(programme_word(proof.programme, lang), ": ", proof.objective.in_lang(lang)),
                   proof_words(proof, lang)], {}) for plan in plans for proof in plan.proofs]
    return table_box(word("firmness", lang), heads, lines, lang, tools=False)
