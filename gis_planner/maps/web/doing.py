"""What each programme of a plan does, in one line: the same words in the report, the comparison and on paper."""

from __future__ import annotations

import pandas as pd

from gis_planner.maps.web.facts import chosen, costs, table
from gis_planner.maps.web.numbers import number
from gis_planner.maps.words import value_word, word
from gis_planner.tables.plan import Plan


def _sum(rows: pd.DataFrame, column: str) -> float:
    return float(rows[column].sum()) if column in rows else 0.0


SURVEYS_NAMED = 3
"""How many surveys are named."""


LEAST_GAIN = 1.0
"""People whom a survey must be expected to gain to be said to pay."""


def paying(rows: pd.DataFrame) -> pd.DataFrame:
    """The surveys that are expected to gain one person or more, the best first."""
    if "gain_people" not in rows:
        return rows.iloc[:0]
    return rows[rows["gain_people"] >= LEAST_GAIN].sort_values("rank", kind="stable")


def doing(plan: Plan, programme: str, lang: str) -> str | None:
    """What a programme does, in one line: how many, where, at what cost; None when it decided nothing."""
    money = number(costs(plan).get(programme, 0.0), lang, 0)
    routes = table(plan, "routes")
    days = number(float((routes["programme"] == programme).sum()), lang) if "programme" in routes else "0"
    if programme == "wells" and len(rows := chosen(table(plan, "wells"))):
        return word("do_wells", lang, n=number(len(rows), lang), cost=money)
    if programme == "latrines" and len(rows := chosen(table(plan, "latrines"))):
        return word("do_latrines", lang, n=number(_sum(rows, "toilets_planned"), lang),
                    places=number(len(rows), lang), cost=money)
    if programme == "nets" and len(rows := table(plan, "net_points")):
        return word("do_nets", lang, n=number(_sum(rows, "nets"), lang), bales=number(_sum(rows, "bales"), lang),
                    points=number(len(rows), lang), days=days)
    if programme == "larviciding" and len(rows := chosen(table(plan, "larviciding_sites"))):
        visits = table(plan, "larviciding_visits")
        weeks = number(float(visits["week"].nunique()), lang) if "week" in visits else "0"
        return word("do_larviciding", lang, n=number(len(rows), lang), weeks=weeks, days=days)
    if programme == "surveys" and len(rows := paying(table(plan, "surveys"))):
        first = "; ".join(f"{value_word(str(row['kind']), lang)}, {row['village']}" for _, row in
                          rows.head(SURVEYS_NAMED).iterrows())
        return word("do_surveys", lang, n=number(len(rows), lang), first=first)
    if programme == "campaigns" and len(rows := table(plan, "campaign_sessions")):
        return word("do_campaigns", lang, n=number(len(rows), lang))
    return None
