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


def curve_section(plan: Plan, style: Style, lang: str) -> Html | None:
    """For each programme with a curve: the plot, and in words how soon half of the gain is reached."""
    plots: list[Html] = []
    for programme, steps in plan.curves.items():
        if not steps or programme not in PROGRAMMES:
            continue
        title = f"{programme_word(programme, lang)}: {word('curve', lang)}"
        last = steps[-1]
        half = next(step.cost_fcfa for step in steps if step.people >= last.people / 2)
        said = word("curve_text", lang, half=number(half, lang, 0), all=number(last.cost_fcfa, lang, 0))
        plots.append(el("figure", el("figcaption", programme_word(programme, lang)),
                        curve(steps, lang, style, f"{title}. {said}", f"curve-{len(plots)}"), el("p", said)))
    if not plots:
        return None
    return el("section", el("h2", word("curve", lang), id="curve"), el("div", join(*plots), class_="both"))
