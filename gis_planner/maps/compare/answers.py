"""The three questions that a comparison is opened for, answered before anything else, from the same tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pandas as pd

from gis_planner.maps.compare.measures import GONE, PROGRAMME_OF, Site, differences, gained, total_cost
from gis_planner.maps.safe import Html
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.facts import chosen, costs, table
from gis_planner.maps.web.firm import band, share_of
from gis_planner.maps.web.numbers import number
from gis_planner.maps.words import programme_word, unit_word, value_word, word
from gis_planner.tables.plan import Plan

LESS = 0.05
"""A scenario counts as one for less money when it spends at least this share less than the first."""
NAMED = 5


def _sum(name: str, column: str) -> Callable[[Plan], float]:
    def total(plan: Plan) -> float:
        rows = chosen(table(plan, name))
        return float(rows[column].sum()) if column in rows else 0.0

    return total


OUTPUTS: dict[str, tuple[Callable[[Plan], float], str]] = {
    "wells": (gained, "people"), "latrines": (_sum("latrines", "toilets_planned"), "cabins"),
    "nets": (_sum("net_points", "nets"), "nets"),
    "larviciding": (lambda plan: float(len(chosen(table(plan, "larviciding_sites")))), "habitats"),
}
"""What each programme's money buys, and its unit."""


def line_words(plan: Plan, reference: Plan, lang: str) -> list[str]:
    """One line for each programme whose money or result differs from the first: share of money, share of result."""
    mine, base, out = costs(plan), costs(reference), []
    for programme, (take, unit) in OUTPUTS.items():
        if programme not in mine or not base.get(programme):
            continue
        money, got, had = mine[programme] / base[programme], take(plan), take(reference)
        if _same(money, got, had):
            continue
        share = number(100 * got / had, lang, 0) if had else "0"
        out.append(word("for_money", lang, programme=programme_word(programme, lang), unit=unit_word(unit, lang),
                        money=number(100 * money, lang, 0), got=number(got, lang, 0), had=number(had, lang, 0),
                        share=share))
    return out


def _same(money: float, got: float, had: float) -> bool:
    return abs(money - 1) < 0.005 and abs(got - had) < GONE


def unchanged(plan: Plan, reference: Plan) -> list[str]:
    """The programmes that cost and give what they do in the first plan."""
    mine, base = costs(plan), costs(reference)
    return [name for name, (take, _) in OUTPUTS.items() if name in mine and base.get(name)
            and _same(mine[name] / base[name], take(plan), take(reference))]


def _less(plans: Sequence[Plan], lang: str) -> list[Html]:
    base = total_cost(plans[0])
    out = []
    for plan in plans[1:]:
        if base <= 0 or total_cost(plan) > base * (1 - LESS):
            continue
        lines, same = line_words(plan, plans[0], lang), unchanged(plan, plans[0])
        if same:
            lines.append(word("unchanged", lang, names=", ".join(programme_word(name, lang) for name in same)))
        said = word("less_money", lang, percent=number(100 * total_cost(plan) / base, lang, 0),
                    cost=number(total_cost(plan), lang, 0))
        out.append(join(el("p", el("strong", el("bdi", plan.name), ": "), said), el("ul", [el("li", line) for line in
                                                                                           lines])))
    return out or [el("p", word("less_none", lang))]


def _losers(plans: Sequence[Plan], rows: pd.DataFrame, lang: str) -> list[Html]:
    out = []
    for at, plan in enumerate(plans[1:], start=1):
        change = differences(rows, at)
        lost = change[change <= -GONE].sort_values(kind="stable")
        if lost.empty:
            said: object = word("nobody_loses", lang)
        else:
            names = rows["village"].reindex(lost.index)
            places = [join(", " if at else "", el("bdi", name), f" (\u2212{number(-float(value), lang, 0)})")
                      for at, (name, value) in enumerate(zip(names[:NAMED], lost[:NAMED], strict=True))]
            head = word("lose_count", lang, n=len(lost), people=number(float(-lost.sum()), lang, 0))
            more = word("more_places", lang, n=len(lost) - NAMED) if len(lost) > NAMED else ""
            said = join(head, " ", places, more, ".")
        out.append(el("p", el("strong", el("bdi", plan.name), ": "), said))
    return out


def _by_village(found: Sequence[Site], lang: str) -> Html:
    """`Tamala (repair 3)`, villages with the most places first."""
    held: dict[str, Counter[str]] = {}
    for site in found:
        held.setdefault(site.village, Counter())[site.what] += 1
    order = sorted(held, key=lambda name: (-sum(held[name].values()), name))
    parts = []
    for at, name in enumerate(order):
        what = ", ".join(f"{value_word(kind, lang)} {count}" if kind else str(count)
                         for kind, count in sorted(held[name].items()))
        parts.append(join(", " if at else "", el("bdi", name), f" ({what})"))
    return join(*parts)


def _never(found: Sequence[Site], plans: Sequence[Plan], lang: str) -> list[Html]:
    out = []
    for name, programme in PROGRAMME_OF.items():
        mine = [site for site in found if site.table == name]
        kept = [site for site in mine if site.times == len(plans)]
        if not mine:
            continue
        head = el("strong", f"{programme_word(programme, lang)}: ")
        said = word("kept_count", lang, kept=len(kept), all=len(mine))
        names = el("p", _by_village(kept, lang), class_="quiet") if kept and name in {"wells", "latrines"} else None
        out.append(join(el("p", head, said, _firm_words(kept, plans, lang) if name == "wells" else ""), names))
    return out or [el("p", word("no_regret_none", lang))]


def _firm_words(kept: Sequence[Site], plans: Sequence[Plan], lang: str) -> str:
    """Of the places that every scenario builds, how many are firm under doubt in every one of them, where known."""
    ids = {site.id for site in kept}
    tables = [chosen(table(plan, "wells")) for plan in plans]
    firm, known = set(ids), False
    for rows in tables:
        shares = {str(row["action_id"]): share_of(row) for _, row in rows.iterrows()}
        known = known or any(share is not None for share in shares.values())
        firm = {key for key in firm if (share := shares.get(key)) is None or band(share) == "firm"}
    return " " + word("kept_firm", lang, firm=len(firm)) if known else ""


def answers(plans: Sequence[Plan], rows: pd.DataFrame, found: Sequence[Site], lang: str) -> Html:
    """What less money buys, who loses, what is never regretted: one card for each."""
    cards = (("ask_less", _less(plans, lang)), ("ask_loses", _losers(plans, rows, lang)),
             ("ask_never", _never(found, plans, lang)))
    return el("div", [el("section", el("h3", word(key, lang)), inside) for key, inside in cards], class_="story")
