"""The candidates of the first plan and the criteria that the page's sliders weigh; the solved choice stands beside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gis_planner.maps import safe
from gis_planner.maps.safe import Html
from gis_planner.maps.web.elements import data_script, el
from gis_planner.maps.web.facts import chosen, table
from gis_planner.maps.web.layers import heading
from gis_planner.maps.web.numbers import number
from gis_planner.maps.web.tables import Head, Line, table_box
from gis_planner.maps.words import programme_word, value_word, word
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import RESULTS

MOST_CANDIDATES = 5_000
SHOWN = 25
_START = {"people_expected": 3, "cost_fcfa": 2, "people": 3, "nearest_water_point_m": 1, "larvae_per_dip": 2,
          "people_in_flight_range": 2, "area_m2": 1}
"""Weights at first, from 0 to 5; criteria that are not named start at 0."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A column of a result table, and whether more of it is better."""

    column: str
    more: bool = True


CRITERIA = {
    "wells": ("wells", (
        Criterion("people_expected"), Criterion("people_in_reach"), Criterion("cost_fcfa", False),
        Criterion("cost_per_person_fcfa", False), Criterion("success_probability"), Criterion("walk_m", False),
        Criterion("nearest_latrine_m"), Criterion("capacity_people"))),
    "latrines": ("latrines", (
        Criterion("people"), Criterion("toilets_needed"), Criterion("toilets_existing", False),
        Criterion("cost_fcfa", False), Criterion("nearest_water_point_m"))),
    "larviciding_sites": ("larviciding", (
        Criterion("larvae_per_dip"), Criterion("area_m2"), Criterion("wet_share"),
        Criterion("people_in_flight_range"), Criterion("work_min", False))),
}


def _scaled(values: pd.Series, more: bool) -> list[int]:
    """0 (worst, or missing) to 1000 (best) between the least and the most of the candidates."""
    raw = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
    known = np.isfinite(raw)
    if not known.any() or raw[known].max() == raw[known].min():
        return [0] * len(raw)
    low, high = raw[known].min(), raw[known].max()
    share = np.where(known, (raw - low) / (high - low), 0.0 if more else 1.0)
    return [int(value) for value in np.rint(1000 * (share if more else 1 - share))]


def _block(plan: Plan, name: str, lang: str) -> tuple[dict[str, object], Html, Html] | None:
    programme, wanted = CRITERIA[name]
    rows = table(plan, name)
    if rows.empty or "chosen" not in rows:
        return None
    rows = rows.assign(_off=~rows["chosen"].fillna(False).astype(bool)).sort_values(["_off", "rank"], kind="stable")
    rows = rows.head(MOST_CANDIDATES)
    criteria = [item for item in wanted if item.column in rows and rows[item.column].notna().any()]
    described = RESULTS[name]
    data: dict[str, object] = {
        "id": [safe.text(key) for key in rows[described.key]], "village": [safe.text(item) for item in rows["village"]],
        "chosen": [0 if off else 1 for off in rows["_off"]],
        "values": [_scaled(rows[item.column], item.more) for item in criteria],
    }
    sliders = []
    for at, item in enumerate(criteria):
        way = word("more_better" if item.more else "less_better", lang)
        label, start = heading(described, item.column, lang), _START.get(item.column, 0)
        sliders.append(el("label", f"{label} ({way}): ", el("output", start), el(
            "input", type="range", min=0, max=5, step=1, value=start, data_at=at,
            aria_label=f"{label}, {word('weight', lang)}")))
    picked = chosen(rows)
    what = "action" if "action" in picked else "group_kind" if "group_kind" in picked else "habitat_type"
    lines = [Line([number(at + 1, lang), row[described.key], row["village"], value_word(str(row[what]), lang)], {})
             for at, (_, row) in enumerate(picked.head(SHOWN).iterrows())]
    heads = [*_heads(lang)[:3], Head(word("what_to_do", lang))]
    solved = table_box(f"{word('solved', lang)}: {programme_word(programme, lang)}", heads, lines, lang, tools=False)
    return data, el("div", sliders, class_="sliders", data_of=name), solved


def _heads(lang: str) -> list[Head]:
    return [Head("#", True), Head(word("place", lang)), Head("Village"), Head(word("in_plan", lang))]


def _panel(name: str, sliders: Html, solved: Html, lang: str) -> Html:
    label = f"{word('your_order', lang)}: {programme_word(CRITERIA[name][0], lang)}"
    heads = [el("th", head.text, scope="col", class_="n" if head.numeric else None) for head in _heads(lang)]
    yours = el("div", el("table", el("caption", label), el("thead", el("tr", heads)), el("tbody")), class_="scroll",
               tabindex=0, role="region", aria_label=label)
    return el(
        "section", el("h3", programme_word(CRITERIA[name][0], lang)), sliders,
        el("p", el("button", word("reset", lang), type="button", class_="reset"), " ",
           el("strong", class_="said", role="status", data_text=word("slider_overlap", lang))),
        el("div", yours, solved, class_="both"), class_="ranker", data_of=name)


def sliders_section(plan: Plan, lang: str) -> tuple[Html | None, Html | None]:
    """(section, data script) for the programmes whose candidates the plan holds; (None, None) without any."""
    blocks = {name: block for name in CRITERIA if (block := _block(plan, name, lang)) is not None}
    if not blocks:
        return None, None
    panels = [_panel(name, sliders, solved, lang) for name, (_, sliders, solved) in blocks.items()]
    section = el("section", el("h2", word("sliders", lang), id="sliders"),
                 el("p", word("sliders_text", lang, name=plan.name)), panels, class_="no-print")
    data = {"shown": SHOWN, "yes": word("yes", lang), "tables": {name: block[0] for name, block in blocks.items()}}
    return section, data_script("candidates", data)
