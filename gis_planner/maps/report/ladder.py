"""The service ladder of the WHO/UNICEF Joint Monitoring Programme, today and after: people on each rung.

Rungs for drinking water: basic (improved, at most 30 minutes there and back), limited (improved, longer), unimproved,
surface water; and people whose point is of unknown status. `safely managed` needs tests of water that no layer holds.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.facts import table
from gis_planner.maps.web.numbers import is_missing, number, signed
from gis_planner.maps.web.plots import hatched
from gis_planner.maps.web.tables import Head, Line, table_box
from gis_planner.maps.words import word
from gis_planner.tables.plan import Plan

RUNGS = ("basic", "limited", "unimproved", "surface", "unknown")
WHEN = ("today", "after")
MOST = 60


def ladder(rows: pd.DataFrame) -> dict[str, Mapping[str, float]]:
    """People on each rung `today` and `after`, over all villages; empty when the table has no rungs."""
    out: dict[str, Mapping[str, float]] = {}
    for when in WHEN:
        names = [f"{rung}_{when}" for rung in RUNGS]
        if set(names) <= set(rows.columns) and rows[names].notna().all(axis=None):
            out[when] = {rung: float(rows[name].sum()) for rung, name in zip(RUNGS, names, strict=True)}
    return out


def _bar(people: Mapping[str, float], whole: float) -> Html:
    out, x = [], 0.0
    for rung in RUNGS:
        width = 300 * people[rung] / max(whole, 1)
        out.append(el("rect", x=round(x, 2), y=1, width=round(width, 2), height=14, fill=f"url(#rung-{rung})",
                      stroke="#1b1b1b", stroke_width=0.5))
        x += width
    return el("svg", out, viewBox="0 0 300 16", preserveAspectRatio="none", aria_hidden="true")


def _key(lang: str) -> Html:
    return el("ul", [el("li", el("svg", el("rect", x=1, y=1, width=26, height=14, fill=f"url(#rung-{rung})",
                                           stroke="#1b1b1b", stroke_width=0.8), width=28, height=16,
                                 aria_hidden="true"), word(f"rung_{rung}", lang)) for rung in RUNGS], class_="key")


def _cells(people: Mapping[str, float], lang: str) -> list[str]:
    return [number(people[rung], lang, 0) for rung in RUNGS]


def _villages(rows: pd.DataFrame, lang: str) -> Html:
    worst = sum(rows[f"{rung}_after"] for rung in ("limited", "unimproved", "surface"))
    order = rows.assign(_worst=worst).sort_values(["_worst", "village_id"], ascending=[False, True], kind="stable")
    heads = [Head("Village"), Head(f"{word('today', lang)} / {word('after', lang)}"),
             *(Head(f"{word(f'rung_{rung}', lang)}, {word(when, lang).lower()}", True) for rung in RUNGS
               for when in WHEN)]
    lines = []
    for _, row in order.head(MOST).iterrows():
        both = {when: {rung: float(row[f"{rung}_{when}"]) for rung in RUNGS} for when in WHEN}
        bars = join(*(_bar(both[when], sum(both["today"].values())) for when in WHEN))
        cells = [number(both[when][rung], lang, 0) for rung in RUNGS for when in WHEN]
        lines.append(Line([row["village"], bars, *cells], {}))
    return el("details", el("summary", word("ladder_villages", lang)), table_box(
        word("ladder_villages", lang), heads, lines, lang, kind="bars two"))


def ladder_section(plan: Plan, style: Style, lang: str) -> Html | None:
    """Two bars (today, after) with their numbers, what it means in words, and the same by village; None without it."""
    rows = table(plan, "villages")
    found = ladder(rows)
    if not found:
        return None
    whole = sum(found["today"].values())
    heads = [Head(word("ladder_when", lang)), Head(word("ladder", lang)),
             *(Head(word(f"rung_{rung}", lang), True) for rung in RUNGS)]
    lines = [Line([word(when, lang), _bar(people, whole), *_cells(people, lang)], {"class_": "total"})
             for when, people in found.items()]
    if len(found) == len(WHEN):
        change = [signed(found["after"][rung] - found["today"][rung], lang) for rung in RUNGS]
        lines.append(Line([word("change", lang), "", *change], {}))
    both = len(found) == len(WHEN)
    return el("section", el("h2", word("ladder", lang), id="ladder"), el("p", word("ladder_text", lang)),
              el("p", said) if (said := _said(rows, found, lang)) else None, _patterns(style), _key(lang),
              table_box(word("ladder", lang), heads, lines, lang, tools=False, kind="bars"),
              _villages(rows, lang) if both else None)


def _said(rows: pd.DataFrame, found: Mapping[str, Mapping[str, float]], lang: str) -> str:
    parts = []
    if {"basic_low", "basic_high"} <= set(rows.columns) and rows[["basic_low", "basic_high"]].notna().all(axis=None):
        low, high = float(rows["basic_low"].sum()), float(rows["basic_high"].sum())
        if high - low >= 1:
            parts.append(word("ladder_doubt", lang, low=number(low, lang, 0), high=number(high, lang, 0)))
    trips = {"round_trip_min_today", "round_trip_min_after"}
    if trips <= set(rows.columns):
        means = [_mean(rows, f"round_trip_min_{when}", found.get(when, {})) for when in WHEN]
        if all(mean is not None for mean in means):
            parts.append(word("ladder_trip", lang, **{when: number(mean or 0, lang, 0)
                                                      for when, mean in zip(WHEN, means, strict=True)}))
    return " ".join(parts)


def _mean(rows: pd.DataFrame, name: str, people: Mapping[str, float]) -> float | None:
    """Mean over people of the villages' means; None when no village has one."""
    known = rows[[not is_missing(value) for value in rows[name]]]
    weights = known["people"].astype(float)
    return float((known[name].astype(float) * weights).sum() / weights.sum()) if people and weights.sum() > 0 else None


def _patterns(style: Style) -> Html:
    return el("svg", el("defs", [hatched(f"rung-{rung}", style.colours[f"rung_{rung}"], at)
                                 for at, rung in enumerate(RUNGS)]), width=0, height=0, aria_hidden="true",
              class_="sr")
