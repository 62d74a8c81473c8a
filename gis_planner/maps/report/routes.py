"""Routes by crew-day: each a block that opens to its stops in order."""

from __future__ import annotations

import pandas as pd

from gis_planner.maps import safe
from gis_planner.maps.safe import Html
from gis_planner.maps.web.elements import el, join
from gis_planner.maps.web.facts import table
from gis_planner.maps.web.layers import heading
from gis_planner.maps.web.numbers import is_missing, number, plain
from gis_planner.maps.web.tables import Head, Line, pin, table_box
from gis_planner.maps.words import programme_word, unit_word, word
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import STOPS
from gis_planner.tables.vocabulary import dose_word

MOST_ROUTES = 200


def _title(row: pd.Series, lang: str) -> Html:
    parts = [programme_word(str(row["programme"]), lang), word("day_n", lang, n=plain(row["day"], lang)),
             safe.text(row["crew_id"]), safe.text(row["route_id"]), plain(row.get("date"), lang)]
    return join(*[join(" · " if at else "", el("bdi", part)) for at, part in enumerate(parts) if part])


def _facts(row: pd.Series, lang: str) -> str:
    unit = "" if is_missing(row["load_unit"]) else unit_word(safe.text(row["load_unit"]), lang)
    line = word("route_line", lang, stops=plain(row["stops"], lang), km=number(float(row["distance_km"]), lang),
                hours=number(round(float(row["duration_min"]) / 60, 1), lang), load=plain(row["load"], lang), unit=unit)
    weeks = row.get("repeats")
    if weeks is not None and not is_missing(weeks) and float(str(weeks)) > 1:
        line += ", " + word("route_repeats", lang, n=plain(weeks, lang))
    return line


def _stops(rows: pd.DataFrame, caption: str, lang: str) -> Html:
    names = ["order", "name", f"task_{lang}", "quantity", "arrive_min", "leg_km"]
    heads = [Head(heading(STOPS, name, lang), name in {"order", "quantity", "arrive_min", "leg_km"}) for name in names]
    lines = []
    for _, row in rows.sort_values("order", kind="stable").iterrows():
        cells = [plain(row[name], lang, STOPS.column(name)) for name in names]
        unit = safe.text(row["quantity_unit"])
        given = f"{cells[3]} {unit_word(unit, lang)}".strip()
        cells[3] = dose_word(float(row["quantity"]), lang) if unit == "kg" else given
        lines.append(Line(cells, {}))
    return table_box(caption, heads, lines, lang, tools=False)


def routes_section(plan: Plan, lang: str) -> Html | None:
    """Every crew-day with its stops; the button shows it on the map."""
    routes, stops = table(plan, "routes"), table(plan, "stops")
    if routes.empty:
        return None
    by_route = dict(list(stops.groupby("route_id", sort=False))) if not stops.empty else {}
    blocks = []
    for _, row in routes.head(MOST_ROUTES).iterrows():
        mine = by_route.get(row["route_id"])
        button = el("button", pin(), " ", word("see_on_map", lang), type="button", data_go=f"routes/{row['route_id']}",
                    data_at=f"{float(row['latitude']):.6f} {float(row['longitude']):.6f}")
        blocks.append(el("details", el("summary", _title(row, lang)), el("p", _facts(row, lang)), button,
                         None if mine is None else _stops(mine, word("routes", lang) + f": {row['route_id']}", lang)))
    more = None
    if len(routes) > MOST_ROUTES:
        more = el("p", word("rows_first", lang, n=MOST_ROUTES, all=len(routes), table="routes"), class_="quiet")
    return el("section", el("h2", word("routes", lang), id="routes"), blocks, more)
