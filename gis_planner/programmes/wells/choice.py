"""Which repairs and boreholes to pay for: capacitated covering under the budget, with its bound, then ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from gis_planner.optimise.cover import capacitated_cover
from gis_planner.optimise.plan import FlowPlan
from gis_planner.optimise.verify import check
from gis_planner.problems import CannotBeMet, Finding, Severity, nearest, refused
from gis_planner.programmes.people import Floats, Ints
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.world import World


@dataclass(frozen=True)
class Choice:
    """plan: the solved covering. arrays: what it was solved on. in_reach: (actions,) unserved people."""

    plan: FlowPlan
    arrays: Mapping[str, Any]
    in_reach: Ints

    @property
    def reach(self) -> csr_array:
        """csr (groups, actions), metres."""
        return self.arrays["reach"]


def choose(world: World, settings: WellsSettings, actions: pd.DataFrame, reach: csr_array, unserved: Ints) -> Choice:
    """Solve it; raises CannotBeMet when no action is possible or none can be paid, Refused for unknown ids."""
    in_reach = np.asarray(reach.astype(bool).astype(np.int64).T @ unserved, dtype=np.int64)
    _possible(settings, actions, in_reach)
    required, excluded = (_rows(names, actions, key) for names, key in (
        (settings.must_have, "wells.must_have"), (settings.must_not, "wells.must_not")))
    arrays = {
        "reach": reach, "people": unserved, "capacity": actions["capacity_people"].to_numpy(np.int64),
        "cost": actions["cost_fcfa"].to_numpy(np.float64), "budget": settings.budget_fcfa,
        "success": actions["success_probability"].to_numpy(np.float64), "travel": reach, "required": required,
        "excluded": excluded,
    }
    plan = capacitated_cover(**arrays, effort=world.effort, seed=world.seed)
    return Choice(plan, arrays, in_reach)


def _possible(settings: WellsSettings, actions: pd.DataFrame, in_reach: Ints) -> None:
    if settings.budget_fcfa <= 0:
        raise refused(
            "budget-zero", field="wells.budget_fcfa", found=settings.budget_fcfa, expected="a budget above 0 FCFA",
            remedy="State the money there is, or leave wells out of `run`.",
            remedy_fr="Indiquez l'argent disponible, ou retirez wells de `run`.")
    useful = actions[in_reach > 0]
    if useful.empty:
        raise CannotBeMet([Finding(
            "no-candidate", Severity.REFUSE, "no repair and no place for a borehole within reach of unserved people",
            "at least one feasible candidate",
            "Look at the setbacks and zones, widen wells.round_trip_min, or make wells.candidate_spacing_m finer.",
            "Voyez les distances de protection et les zones, élargissez wells.round_trip_min ou affinez "
            "wells.candidate_spacing_m.", field="wells")])
    cheapest = float(useful["cost_fcfa"].min())
    if cheapest > settings.budget_fcfa:
        raise CannotBeMet([Finding(
            "budget-too-small", Severity.REFUSE, f"{settings.budget_fcfa:,.0f} FCFA",
            f"at least {cheapest:,.0f} FCFA, the cheapest action", "Raise wells.budget_fcfa.",
            "Augmentez wells.budget_fcfa.", field="wells.budget_fcfa")])


def _rows(names: tuple[str, ...], actions: pd.DataFrame, key: str) -> list[int]:
    at = {str(name): row for row, name in enumerate(actions["action_id"])}
    for name in names:
        if name not in at:
            near = nearest(name, at)
            raise refused("unknown-action", field=key, found=name, expected="an action_id of wells.csv",
                          remedy=f"Did you mean {near}?" if near else "Run once without it, then read wells.csv.",
                          remedy_fr=f"Vouliez-vous dire {near} ?" if near else "Lancez sans lui, lisez wells.csv.")
    return [at[name] for name in names]


def sound(choice: Choice) -> None:
    """Re-check the plan by `optimise.verify`; a broken plan stops the run."""
    broken = check(choice.arrays, choice.plan)
    if broken:
        raise CannotBeMet(broken)


def ranked(actions: pd.DataFrame, choice: Choice, unserved: Ints) -> pd.DataFrame:
    """The actions in order: chosen by expected people per franc, then the others by what they could do alone."""
    flow = choice.plan.flow.tocsc()
    served = np.asarray(flow.sum(axis=0), dtype=np.float64).ravel()
    metres = np.asarray(choice.reach.multiply(choice.plan.flow).sum(axis=0), dtype=np.float64).ravel()
    rows = actions.copy()
    rows["chosen"] = np.isin(np.arange(len(rows)), choice.plan.chosen)
    rows["people_in_reach"] = choice.in_reach
    rows["people_served"] = served
    success = rows["success_probability"].to_numpy(np.float64)
    rows["people_expected"] = np.round(served * success, 1)
    rows["walk_m"] = np.where(served > 0, np.round(metres / np.maximum(served, 1)), np.nan)
    alone = np.minimum(choice.in_reach, rows["capacity_people"].to_numpy(np.int64)) * success
    price = np.maximum(rows["cost_fcfa"].to_numpy(np.float64), 1.0)
    worth = np.where(rows["chosen"], served * success, alone) / price
    order = np.lexsort((rows["action_id"].to_numpy(str), -np.round(worth, 12), ~rows["chosen"].to_numpy(bool)))
    rows = rows.iloc[order].reset_index(drop=True)
    rows["rank"] = np.arange(1, len(rows) + 1)
    per_person = rows["cost_fcfa"] / rows["people_expected"].where(rows["people_expected"] > 0)
    rows["cost_per_person_fcfa"] = per_person.round(0)
    rows["cumulative_cost_fcfa"] = rows["cost_fcfa"].where(rows["chosen"]).cumsum()
    rows["cumulative_people"] = rows["people_expected"].where(rows["chosen"]).cumsum().round(1)
    return rows


def after(choice: Choice, actions: pd.DataFrame) -> Floats:
    """(groups,) expected people that the chosen actions serve."""
    success = actions["success_probability"].to_numpy(np.float64)
    return np.asarray(choice.plan.flow @ success, dtype=np.float64)
