"""Plans side by side against the first, as tables: figures, people served by village, and sites chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from gis_planner.maps.rows import natural, result_rows, rounded
from gis_planner.problems import refused
from gis_planner.tables.plan import Plan

SITES = {"wells": "action_id", "latrines": "latrine_site_id", "larviciding_sites": "site_id"}
"""Result tables with a choice, and their keys."""


def difference_tables(plans: Sequence[Plan], lang: str = "en") -> dict[str, pd.DataFrame]:
    """`figures`, `villages` and `sites`, one row per figure, village and site, one column per plan.

    Columns `<plan>` hold the value and `<plan> - <first>` the difference to the first plan; a value that a plan does
    not have is missing. `sites` has `chosen_by_all`: the site is chosen by every plan. Refused: two plans of one name.
    """
    names = [plan.name for plan in plans]
    if len(set(names)) < len(names):
        raise refused(
            "same-plan-twice", field="scenarios", found=", ".join(names), expected="scenarios of different names",
            remedy="Name each scenario once.", remedy_fr="Nommez chaque scénario une seule fois.",
        )
    return {"figures": _figures(plans, lang), "villages": _villages(plans), "sites": _sites(plans)}


def difference_facts(plans: Sequence[Plan], lang: str = "en") -> dict[str, object]:
    """The same tables as plain values for compare.json, with what each plan is for."""
    tables = difference_tables(plans, lang)
    return {
        "format": "gis_planner/comparison/1",
        "plans": [{"name": plan.name, "purpose": plan.purpose, "simulated": plan.simulated} for plan in plans],
        **{
            name: [{key: None if pd.isna(value) else value for key, value in row.items()}
                   for row in table.to_dict("records")]
            for name, table in tables.items()
        },
    }


def _figures(plans: Sequence[Plan], lang: str) -> pd.DataFrame:
    first: dict[str, dict[str, object]] = {}
    for plan in plans:
        for figure in plan.figures:
            row = first.setdefault(figure.key, {
                "key": figure.key, "programme": figure.programme, "label": figure.label.in_lang(lang),
                "unit": figure.unit,
            })
            row[plan.name] = rounded(figure.value, figure.unit)
    return _with_differences(pd.DataFrame(list(first.values())), plans, ["key", "programme", "label", "unit"])


def _villages(plans: Sequence[Plan]) -> pd.DataFrame:
    rows: dict[str, dict[str, object]] = {}
    for plan in plans:
        for item in _records(plan, "villages"):
            key = str(item["village_id"])
            row = rows.setdefault(key, {
                "village_id": key, "village": item["village"], "people": item["people"],
                "served_today": item["served_today"], "latitude": item["latitude"], "longitude": item["longitude"],
            })
            row[plan.name] = item["served_after"]
    keys = ["village_id", "village", "people", "served_today", "latitude", "longitude"]
    return _with_differences(pd.DataFrame([rows[key] for key in sorted(rows, key=natural)]), plans, keys)


def _sites(plans: Sequence[Plan]) -> pd.DataFrame:
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for plan in plans:
        for table, key in SITES.items():
            for item in _records(plan, table):
                row = rows.setdefault((table, str(item[key])), {
                    "table": table, "id": str(item[key]), "village": item["village"], "latitude": item["latitude"],
                    "longitude": item["longitude"],
                })
                row[plan.name] = bool(item["chosen"])
    order = sorted(rows, key=lambda pair: (list(SITES).index(pair[0]), natural(pair[1])))
    names = [plan.name for plan in plans]
    frame = pd.DataFrame([rows[pair] for pair in order], columns=["table", "id", "village", "latitude", "longitude",
                                                                  *names])
    chosen = frame[names].eq(True)
    frame = frame.assign(chosen_by=chosen.sum(axis=1), chosen_by_all=chosen.all(axis=1))
    return frame[chosen.any(axis=1)].reset_index(drop=True)


def _with_differences(frame: pd.DataFrame, plans: Sequence[Plan], keys: Sequence[str]) -> pd.DataFrame:
    names = [plan.name for plan in plans]
    frame = frame.reindex(columns=[*keys, *names])
    values = {name: pd.to_numeric(frame[name]) for name in names}
    return frame.assign(**values, **{
        f"{name} - {names[0]}": (values[name] - values[names[0]]).round(6) for name in names[1:]
    })


def _records(plan: Plan, table: str) -> list[dict[Any, Any]]:
    tables = result_rows(plan)
    if table not in tables:
        return []
    return [dict(row) for row in tables[table][1].to_dict("records")]
