"""Other plans, each of which gives up one aim for another: people, minutes, the worst-off village, money."""

from __future__ import annotations

from collections.abc import Sequence

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


def label_places(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where each point's number goes: above it, higher by a line for each number that already stands there."""
    out: list[tuple[float, float]] = []
    for x, y in spots:
        at = y - 7
        while any(abs(x - other) < 13 and abs(at - level) < 11 for other, level in out):
            at -= 11
        out.append((x, round(at, 1)))
    return out


def _plot(rows: pd.DataFrame, axis: tuple[str, str], scale: tuple[float, float], names: tuple[str, str], style: Style,
          lang: str) -> Html:
    xs, ys = (rows[column].astype(float) * factor for column, factor in zip(axis, scale, strict=True))
    across, up = ticks(max(float(xs.max()), 1.0)), ticks(max(float(ys.max()), 1.0))
    spots = [(round(_LEFT + _WIDTH * x / across[-1], 1), round(_TOP + _HEIGHT * (1 - y / up[-1]), 1))
             for x, y in zip(xs, ys, strict=True)]
    marks = [el("circle", cx=x, cy=y, r=4, fill=style.colours["gain"], stroke="#ffffff") for x, y in spots]
    marks += [el("text", number(float(point), lang), x=x, y=y, text_anchor="middle")
              for point, (x, y) in zip(rows["point"], label_places(spots), strict=True)]
    name = f"front-{axis[1]}"
    return el("svg", el("title", word("front_title", lang, x=names[0], y=names[1]), id=name),
              axes(across, up, lang, (_LEFT, _TOP, _WIDTH, _HEIGHT)), marks, el("text", names[1], x=4, y=12),
              el("text", names[0], x=_LEFT + _WIDTH, y=_TOP + _HEIGHT + 32, text_anchor="end"),
              viewBox="0 0 360 230", class_="plot", role="img", aria_labelledby=name)


def front_section(plan: Plan, style: Style, lang: str) -> Html | None:
    """The points in two plots (money and people, people and worst village) and in a table; None below two points."""
    rows = table(plan, "wells_front")
    if len(rows) < 2:
        return None
    rows = rows.sort_values("point", kind="stable")
    heads = [Head(word("point", lang)), Head(word("aim", lang), wide=True),
             *(Head(word(key, lang), True) for key in ("gained_axis", "worst_axis", "minutes_saved", "cost_head",
                                                       "sites_head"))]
    lines = [Line([number(float(row["point"]), lang), value_word(str(row["aim"]), lang),
                   number(float(row["people_expected"]), lang, 0),
                   f"{number(100 * float(row['worst_village_share']), lang, 0)}\u00a0%",
                   number(float(row["person_min_saved_day"]), lang, 0), number(float(row["cost_fcfa"]), lang, 0),
                   number(len(str(row["sites"]).split()), lang)], {}) for _, row in rows.iterrows()]
    people, share, cost = (word(key, lang) for key in ("gained_axis", "worst_axis", "cost_axis"))
    money = _plot(rows, ("cost_fcfa", "people_expected"), (1e-6, 1.0), (cost, people), style, lang)
    worst = _plot(rows, ("people_expected", "worst_village_share"), (1.0, 100.0), (people, share), style, lang)
    return el("section", el("h2", word("front", lang), id="front"), el("p", word("front_text", lang)),
              el("div", el("figure", money), el("figure", worst), class_="both"),
              table_box(word("front", lang), heads, lines, lang, tools=False))
