"""The plans between two aims: what one gives up for the other, each point of the front one other plan."""

from __future__ import annotations

import pandas as pd

from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style
from gis_planner.maps.web.elements import el
from gis_planner.maps.web.facts import table
from gis_planner.maps.web.numbers import number
from gis_planner.maps.web.plots import axes, ticks
from gis_planner.maps.web.tables import Head, Line, table_box
from gis_planner.maps.words import value_word, word
from gis_planner.tables.plan import Plan

_LEFT, _TOP, _WIDTH, _HEIGHT = 56.0, 22.0, 290.0, 170.0


def _aim(text: object, lang: str) -> str:
    return value_word(str(text), lang)


def _plot(rows: pd.DataFrame, style: Style, lang: str) -> Html:
    people, share = rows["people_expected"].astype(float), 100 * rows["worst_village_share"].astype(float)
    across, up = ticks(float(people.max())), ticks(max(float(share.max()), 1.0))
    marks = []
    for point, x, y in zip(rows["point"], people, share, strict=True):
        cx, cy = round(_LEFT + _WIDTH * x / across[-1], 1), round(_TOP + _HEIGHT * (1 - y / up[-1]), 1)
        marks += [el("circle", cx=cx, cy=cy, r=4, fill=style.colours["gain"], stroke="#ffffff"),
                  el("text", number(float(point), lang), x=cx, y=round(cy - 7, 1), text_anchor="middle")]
    return el("svg", el("title", word("front_title", lang), id="front-t"),
              axes(across, up, lang, (_LEFT, _TOP, _WIDTH, _HEIGHT)), marks,
              el("text", word("worst_axis", lang), x=4, y=12),
              el("text", word("gained_axis", lang), x=_LEFT + _WIDTH, y=_TOP + _HEIGHT + 32, text_anchor="end"),
              viewBox="0 0 360 230", class_="plot", role="img", aria_labelledby="front-t")


def front_section(plan: Plan, style: Style, lang: str) -> Html | None:
    """The points as a plot and as a table; None for a plan without a front of at least two points."""
    rows = table(plan, "wells_front")
    if len(rows) < 2:
        return None
    rows = rows.sort_values("point", kind="stable")
    heads = [Head(word("point", lang)), Head(word("aim", lang), wide=True),
             *(Head(word(key, lang), True) for key in ("gained_axis", "worst_axis", "minutes_saved", "cost_head",
                                                       "sites_head"))]
    lines = [Line([number(float(row["point"]), lang), _aim(row["aim"], lang),
                   number(float(row["people_expected"]), lang, 0),
                   f"{number(100 * float(row['worst_village_share']), lang, 0)}\u00a0%",
                   number(float(row["person_min_saved_day"]), lang, 0), number(float(row["cost_fcfa"]), lang, 0),
                   number(len(str(row["sites"]).split()), lang)], {}) for _, row in rows.iterrows()]
    return el("section", el("h2", word("front", lang), id="front"), el("p", word("front_text", lang)),
              el("figure", _plot(rows, style, lang)),
              table_box(word("front", lang), heads, lines, lang, tools=False))
