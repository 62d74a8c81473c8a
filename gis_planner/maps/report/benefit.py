"""Who is served before and after, village by village, and what each next franc brings."""

from __future__ import annotations

import pandas as pd

from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.facts import PROGRAMMES, service, table
from gis_planner.maps.web.numbers import number
from gis_planner.maps.web.plots import bar, bar_key, curve, hatches
from gis_planner.maps.web.tables import Head, Line, table_box
from gis_planner.maps.words import programme_word, word
from gis_planner.tables.plan import Plan

MOST_BARS = 60


def _bar_line(name: object, row: pd.Series, widest: float, style: Style, lang: str, total: bool = False) -> Line:
    today, after, people = (float(row[key]) for key in ("served_today", "served_after", "people"))
    parts = [(today, style.colours["today"]), (max(after - today, 0), "url(#hatch-gain)"),
             (max(people - max(after, today), 0), style.colours["lack"])]
    drawn = bar(parts, people if total else widest, style)
    cells = [name, drawn, *(number(value, lang, 0) for value in (people, today, after, people - after))]
    return Line(cells, {"class_": "total" if total else None})


def service_section(plan: Plan, style: Style, lang: str) -> Html | None:
    """Bars of people served today, gained and not served; the villages with most people left unserved first."""
    rows, sums = table(plan, "villages"), service(plan)
    if not sums:
        return None
    left = (rows["people"] - rows["served_after"]).rename("left")
    order = rows.assign(left=left).sort_values(["left", "village_id"], ascending=[False, True], kind="stable")
    part = order.head(MOST_BARS)
    widest = float(part["people"].max())
    heads = [Head("Village"), Head(f"{word('today', lang)} / {word('after', lang)}"),
             *(Head(word(key, lang), True) for key in ("people_total", "served_today", "after", "not_served"))]
    total = _bar_line(word("whole_plan", lang), rows[["served_today", "served_after", "people"]].sum(), widest, style,
                      lang, total=True)
    lines = [total, *(_bar_line(row["village"], row, widest, style, lang) for _, row in part.iterrows())]
    said = word("service_text", lang, today=number(sums["today"], lang, 0), people=number(sums["people"], lang, 0),
                after=number(sums["after"], lang, 0))
    more = el("p", word("villages_more", lang, n=MOST_BARS), class_="quiet") if len(rows) > MOST_BARS else None
    return el("section", el("h2", word("service", lang), id="service"), el("p", said), hatches(style),
              bar_key(style, lang), more,
              table_box(word("service", lang), heads, lines, lang, tools=False, kind="bars"))


PEERS = {"wells": ("wells_top_n", "wells_top_n_claimed")}
"""Curves that are drawn beside a programme's own: what ranking places one by one serves, and what it claims."""


def _peer_words(plan: Plan, lang: str) -> str:
    """What the same money buys when places are ranked one by one; empty when that was not computed."""
    own, truly, claimed = (plan.curves.get(name, ()) for name in ("wells", "wells_top_n", "wells_top_n_claimed"))
    if not own or not truly or not claimed:
        return ""
    return word("peer_text", lang, **{key: number(steps[-1].people, lang, 0) for key, steps in
                                      (("own", own), ("truly", truly), ("claimed", claimed))})


def curve_section(plan: Plan, style: Style, lang: str) -> Html | None:
    """For each programme with a curve: the plot, and in words how soon half of the gain is reached."""
    plots: list[Html] = []
    beside = {name for names in PEERS.values() for name in names}
    for programme, steps in plan.curves.items():
        if not steps or programme in beside or programme not in PROGRAMMES:
            continue
        title = f"{programme_word(programme, lang)}: {word('curve', lang)}"
        last = steps[-1]
        half = next(step.cost_fcfa for step in steps if step.people >= last.people / 2)
        said = word("curve_text", lang, half=number(half, lang, 0), all=number(last.cost_fcfa, lang, 0))
        peers = [(word(f"curve_{name}", lang), plan.curves[name]) for name in PEERS.get(programme, ())
                 if plan.curves.get(name)]
        compared = _peer_words(plan, lang) if programme == "wells" else ""
        plots.append(el("figure", el("figcaption", programme_word(programme, lang)),
                        curve([(word("curve_own", lang), steps), *peers], lang, style, f"{title}. {said} {compared}",
                              f"curve-{len(plots)}"), el("p", said), el("p", compared) if compared else None))
    if not plots:
        return None
    return el("section", el("h2", word("curve", lang), id="curve"), el("div", join(*plots), class_="both"))
