"""What would change the choice of water points: how often each stays chosen, at which rank, and what moves the result.

Rank acceptability after Lahdelma and Salminen (2001), SMAA-2: the share of draws that give a place a rank.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style
from gis_planner.maps.web.elements import el
from gis_planner.maps.web.facts import chosen, table
from gis_planner.maps.web.firm import band, firm_words, share_of
from gis_planner.maps.web.layers import heading
from gis_planner.maps.web.numbers import is_missing, number
from gis_planner.maps.web.tables import Head, Line, table_box
from gis_planner.maps.words import value_word, word
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import RESULTS

MOST = 60
_EDGES = (1, 3, 5, 10, 15, 20, 30, 50, 100)


def bins(most: int, taken: int) -> list[tuple[int, int]]:
    """Ranks in groups (first, last) from 1 to `most`; one group ends at `taken`, the number of places chosen."""
    ends = sorted({edge for edge in (*_EDGES, taken) if 0 < edge < most} | {most})
    return list(zip([1, *(end + 1 for end in ends[:-1])], ends, strict=True)) if most > 0 else []


def _percent(share: float, lang: str) -> str:
    return f"{number(100 * share, lang, 0)}\u00a0%"


def _heat(share: float, lang: str) -> Html:
    return el("span", _percent(share, lang) if share >= 0.005 else "·", class_=f"heat h{min(round(share * 10), 9)}")


def _named(row: pd.Series, lang: str) -> str:
    return f"{row['village']}: {value_word(str(row['action']), lang)} ({row['action_id']})"


def _ranks(plan: Plan, lang: str) -> Html | None:
    ranks, wells = table(plan, "wells_ranks"), chosen(table(plan, "wells"))
    if ranks.empty or wells.empty:
        return None
    groups = bins(int(ranks["rank"].max()), len(wells))
    held = {str(key): part for key, part in ranks.groupby("action_id")}
    heads = [Head(word("place", lang)), *(Head(f"{first}" if first == last else f"{first}-{last}", True)
                                          for first, last in groups), Head(word("chosen_share", lang), True)]
    lines = []
    for _, row in wells.head(MOST).iterrows():
        mine = held.get(str(row["action_id"]))
        cells = [0.0 if mine is None else float(mine.loc[mine["rank"].between(first, last), "share"].sum())
                 for first, last in groups]
        share = share_of(row)
        kept = "" if share is None else f"{_percent(share, lang)} · {word('band_' + band(share), lang)}"
        lines.append(Line([_named(row, lang), *(_heat(cell, lang) for cell in cells), kept], {}))
    return table_box(word("ranks", lang), heads, lines, lang, tools=False, kind="heats")


def _tornado_bar(low: float, high: float, base: float, span: tuple[float, float], style: Style) -> Html:
    least, most = span
    scale = 300 / max(most - least, 1e-9)
    left, right = ((value - least) * scale for value in (min(low, high), max(low, high)))
    middle = (base - least) * scale
    return el("svg", el("rect", x=round(left, 1), y=2, width=round(max(middle - left, 0), 1), height=12,
                        fill=style.colours["loss"]),
              el("rect", x=round(middle, 1), y=2, width=round(max(right - middle, 0), 1), height=12,
                 fill=style.colours["gain"]),
              el("line", x1=round(middle, 1), x2=round(middle, 1), y1=0, y2=16, stroke=style.colours["ink"],
                 stroke_width=1.5), viewBox="0 0 300 16", preserveAspectRatio="none", aria_hidden="true")


def _tornado(plan: Plan, style: Style, lang: str) -> Html | None:
    rows = table(plan, "wells_tornado")
    if rows.empty:
        return None
    wells = chosen(table(plan, "wells"))
    base = float(wells["people_expected"].sum()) if "people_expected" in wells else float(rows["people_low"].mean())
    people = rows[["people_low", "people_high"]].astype(float)
    span = (min(float(people.min().min()), base), max(float(people.max().max()), base))
    width = (people["people_high"] - people["people_low"]).abs()
    order = rows.assign(_width=width).sort_values(["_width", "factor_id"], ascending=[False, True], kind="stable")
    heads = [Head(word("factor", lang)), Head(word("people_axis", lang)),
             *(Head(word(key, lang), True) for key in ("value_low", "people_at_low", "value_high", "people_at_high",
                                                       "sites_changed"))]
    lines = []
    for _, row in order.head(MOST).iterrows():
        low, high = float(row["people_low"]), float(row["people_high"])
        changed = row["sites_changed"]
        lines.append(Line([row[f"label_{lang}"], _tornado_bar(low, high, base, span, style), _value(row["low_value"],
                           lang), number(low, lang, 0), _value(row["high_value"], lang), number(high, lang, 0),
                           "" if is_missing(changed) else number(float(changed), lang, 0)], {}))
    first = order.iloc[0]
    said = word("tornado_text", lang, factor=first[f"label_{lang}"], low=number(float(first["people_low"]), lang, 0),
                high=number(float(first["people_high"]), lang, 0), base=number(base, lang, 0))
    return el("div", el("h3", word("tornado", lang)), el("p", said),
              table_box(word("tornado", lang), heads, lines, lang, tools=False, kind="bars"))


def _value(value: object, lang: str) -> str:
    if is_missing(value):
        return ""
    return number(float(value), lang) if isinstance(value, (int, float)) else str(value)


def _weights(plan: Plan, lang: str) -> Html | None:
    """For whom each place is right: the mean of the weights under which it leads (central weight vector)."""
    rows, wells = table(plan, "wells_weights"), chosen(table(plan, "wells"))
    if rows.empty or wells.empty:
        return None
    label = f"label_{lang}"
    named = dict(zip(rows["criterion"].astype(str), rows[label], strict=True)) if label in rows else {}
    wide = rows.pivot_table(index="action_id", columns="criterion", values="central_weight", sort=True)
    labels = [named.get(str(name)) or _criterion(plan, str(name), lang) for name in wide.columns]
    heads = [Head(word("place", lang)), *(Head(text, True) for text in labels)]
    lines = [Line([_named(row, lang), *(_percent(float(value), lang) for value in wide.loc[row["action_id"]])], {})
             for _, row in wells.head(MOST).iterrows() if row["action_id"] in wide.index]
    if not lines:
        return None
    return el("details", el("summary", word("weights", lang)), el("p", word("weights_text", lang)),
              table_box(word("weights", lang), heads, lines, lang, tools=False))


def _criterion(plan: Plan, name: str, lang: str) -> str:
    labels = table(plan, "wells_tornado")
    if "factor_id" in labels and (labels["factor_id"] == name).any():
        return str(labels.loc[labels["factor_id"] == name, f"label_{lang}"].iloc[0])
    said = value_word(name, lang)
    return heading(RESULTS["wells"], name, lang) if said == name else said


def doubt_section(plan: Plan, style: Style, lang: str) -> Html | None:
    """How firm each chosen place is, and what moves the result most; None for a plan without draws."""
    parts: Sequence[Html | None] = (_ranks(plan, lang), _weights(plan, lang), _tornado(plan, style, lang))
    said = firm_words(plan, lang)
    if not said and not any(parts):
        return None
    ranks, weights, tornado = parts
    return el("section", el("h2", word("doubt", lang), id="doubt"), el("p", said) if said else None,
              el("h3", word("ranks", lang)) if ranks else None,
              el("p", word("ranks_text", lang)) if ranks else None, ranks, weights, tornado)
