"""The result tables on the page: whole when small, their first rows and a pointer to the workbook when not."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from gis_planner.maps.safe import Html
from gis_planner.maps.style import Style
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.facts import table
from gis_planner.maps.web.numbers import number
from gis_planner.maps.web.tables import Head, Line, most_rows, result_table, table_box
from gis_planner.maps.words import word
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import RESULTS

MOST_ROWS = 400
MOST_CELLS = 6_000
"""Cells that one table may have on the page, which must stay small enough for an e-mail."""
_FEW = {"net_households": 30, "larviciding_visits": 0}
"""Tables of which the page shows fewer rows: visits are summed by week."""
_ELSEWHERE = frozenset({"stops", "wells_ranks", "wells_weights", "wells_tornado", "wells_front"})
"""Tables with a section of their own."""


def _layers_of(name: str, style: Style) -> list[str]:
    mine = [layer for layer in style.layers if layer.of == f"results.{name}" and layer.kind != "dots"]
    return [layer.key for layer in sorted(mine, key=lambda layer: layer.where.get("chosen") is False)]


def _visits(rows: pd.DataFrame, lang: str) -> Html:
    by_week: dict[int, list[float]] = defaultdict(lambda: [0, 0.0])
    for week, dose in zip(rows["week"], rows["dose_kg"], strict=True):
        by_week[int(week)][0] += 1
        by_week[int(week)][1] += float(dose or 0)
    heads = [Head(word("week", lang), True), Head(word("visits", lang), True), Head(word("dose_total", lang), True)]
    lines = [Line([number(week, lang), number(count, lang), number(round(dose, 2), lang)], {})
             for week, (count, dose) in sorted(by_week.items())]
    return table_box(word("visits_text", lang), heads, lines, lang, tools=False)


def tables_section(plan: Plan, style: Style, lang: str) -> Html:
    """Every result table of the plan, in the order of the documented interface."""
    blocks = []
    for name, described in RESULTS.items():
        rows = table(plan, name)
        if rows.empty or name in _ELSEWHERE:
            continue
        label = described.label_fr if lang == "fr" else described.label
        most = _FEW.get(name, most_rows(described, rows, MOST_ROWS, MOST_CELLS, lang))
        more = el("p", word("rows_first", lang, n=number(most, lang), all=number(len(rows), lang), table=name),
                  class_="quiet") if most and len(rows) > most else None
        apart = el("p", word("surveys_apart", lang), class_="quiet") if name == "surveys" else None
        body = _visits(rows, lang) if name == "larviciding_visits" else result_table(
            described, rows, lang, most, _layers_of(name, style))
        blocks.append(join(el("h3", label, id=f"table-{name.replace('_', '-')}"), more, apart, body))
    return el("section", el("h2", word("tables", lang), id="tables"), el("p", word("tables_text", lang)), blocks)
