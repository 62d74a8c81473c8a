"""What is compared: measures of each plan, villages that gain or lose, places that plans share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from gis_planner.maps.web.facts import chosen, costs, service, table
from gis_planner.tables.plan import Plan
from gis_planner.tables.results import RESULTS

BUILT = {"wells": "action", "latrines": "group_kind", "net_points": "", "larviciding_sites": "habitat_type"}
"""Tables of places, and the column that says what is done there."""
PROGRAMME_OF = {"wells": "wells", "latrines": "latrines", "net_points": "nets", "larviciding_sites": "larviciding"}
GONE = 0.5
"""A village gains or loses when the difference is at least this many people (half a person is rounding)."""


@dataclass(frozen=True, slots=True)
class Site:
    """One place that at least one plan builds. by: for each plan, whether it does."""

    table: str
    id: str
    village: str
    what: str
    by: tuple[bool, ...]

    @property
    def times(self) -> int:
        """How many plans build it."""
        return sum(self.by)


def total_cost(plan: Plan) -> float:
    """FCFA of all programmes together."""
    return sum(costs(plan).values())


def gained(plan: Plan) -> float:
    """People who gain a place at a water point."""
    sums = service(plan)
    return sums["after"] - sums["today"] if sums else 0.0


def villages(plans: Sequence[Plan]) -> pd.DataFrame:
    """Served after by village id: columns name, people, and 0..n-1 for the plans; nan where a plan has no such village.

    name and people are those of the first plan that has the village.
    """
    tables = [table(plan, "villages") for plan in plans]
    known = [rows.set_index("village_id")[["village", "people"]] for rows in tables if not rows.empty]
    if not known:
        return pd.DataFrame(columns=["village", "people", *range(len(plans))])
    names = pd.concat(known)
    out = names[~names.index.duplicated()].copy()
    for at, rows in enumerate(tables):
        served = rows.set_index("village_id")["served_after"] if not rows.empty else pd.Series(dtype=float)
        out[at] = served.reindex(out.index).astype(float)
    return out


def differences(rows: pd.DataFrame, at: int) -> pd.Series:
    """Served after in plan `at` minus the first, by village id; a village that one of them lacks counts as 0 there."""
    change: pd.Series = rows[at].fillna(0.0) - rows[0].fillna(0.0)
    return change


def sites(plans: Sequence[Plan]) -> list[Site]:
    """Every place that any plan builds, those that most plans share first, then by table, village and id."""
    found: dict[tuple[str, str], list[bool]] = {}
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for at, plan in enumerate(plans):
        for name, what in BUILT.items():
            rows = chosen(table(plan, name))
            if rows.empty:
                continue
            words = rows[what] if what else [""] * len(rows)
            for key, village, word in zip(rows[RESULTS[name].key], rows["village"], words, strict=True):
                found.setdefault((name, str(key)), [False] * len(plans))[at] = True
                said.setdefault((name, str(key)), (str(village), str(word)))
    order = list(BUILT)
    out = [Site(name, key, *said[name, key], tuple(by)) for (name, key), by in found.items()]
    return sorted(out, key=lambda site: (-site.times, order.index(site.table), site.village, site.id))
