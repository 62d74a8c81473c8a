"""Which actions to pay for: capacitated covering under the budget, with its bound, then ranked."""

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
from gis_planner.programmes.wells.equity import Need, in_turn, weights
from gis_planner.programmes.wells.settings import WellsSettings
from gis_planner.programmes.words import whole
from gis_planner.programmes.world import World


@dataclass(frozen=True)
class Choice:
    """plan: the solved covering. arrays: what it was solved on. in_reach: (actions,) unserved people.

    arrays: reach and travel (csr groups x actions, minutes there and back), people, capacity, cost, budget, success,
    required, excluded, exclusive (group of each action, -1 = none) and weight (per person of each group).
    asked: the actions that the planner requires; with the least served village first `required` holds more.
    """

    plan: FlowPlan
    arrays: Mapping[str, Any]
    in_reach: Ints
    asked: tuple[int, ...] = ()

    @property
    def reach(self) -> csr_array:
        """csr (groups, actions), minutes there and back."""
        return self.arrays["reach"]

    @property
    def gained(self) -> Floats:
        """(groups,) people expected to gain a place."""
        return np.asarray(self.plan.flow @ self.arrays["success"], dtype=np.float64)


def choose(world: World, settings: WellsSettings, actions: pd.DataFrame, reach: csr_array, need: Need) -> Choice:
    """Solve it; raises CannotBeMet when no action is possible or none can be paid, Refused for unknown ids."""
    in_reach = np.asarray(reach.astype(bool).astype(np.int64).T @ need.unserved, dtype=np.int64)
    required, excluded = (_rows(names, actions, key) for names, key in (
        (settings.must_have, "wells.must_have"), (settings.must_not, "wells.must_not")))
    required += [row for row in np.flatnonzero(actions["action"].eq("garden_well")).tolist() if row not in required]
    _possible(settings, actions, in_reach, excluded)
    _must_fit(settings, actions, required, excluded)
    arrays = {
        "reach": reach, "people": need.unserved, "capacity": actions["capacity_people"].to_numpy(np.int64),
        "cost": actions["cost_fcfa"].to_numpy(np.float64), "budget": settings.budget_fcfa,
        "success": actions["success_probability"].to_numpy(np.float64), "travel": reach, "required": required,
        "excluded": excluded, "exclusive": actions["group"].to_numpy(np.int64),
        "weight": np.ones(len(need.unserved)),
    }
    aimed = with_aim(arrays, settings.equity, settings.equity_weight, need)
    return Choice(capacitated_cover(**aimed, effort=world.effort, seed=world.seed), aimed, in_reach, tuple(required))


def with_aim(arrays: Mapping[str, Any], aim: str, weight: float, need: Need) -> dict[str, Any]:
    """The arrays with the weights, or the required actions, of an aim (`WellsSettings.equity`, or `minutes`)."""
    if aim == "least_served_first":
        return {**arrays, "required": sorted({*arrays["required"], *in_turn(arrays, need)})}
    return {**arrays, "weight": weights(aim, weight, need)}


def solve(arrays: Mapping[str, Any], aim: str, weight: float, need: Need, effort: float, seed: int) -> FlowPlan:
    """The plan of an aim on the same arrays."""
    return capacitated_cover(**with_aim(arrays, aim, weight, need), effort=effort, seed=seed)


def _possible(settings: WellsSettings, actions: pd.DataFrame, in_reach: Ints, excluded: list[int]) -> None:
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
    useful = useful.drop(index=useful.index[np.isin(useful.index, excluded)])
    if useful.empty:
        raise CannotBeMet([Finding(
            "all-excluded", Severity.REFUSE,
            f"all {int((in_reach > 0).sum())} actions that could serve people excluded",
            "at least one action that may be chosen", "Take actions out of wells.must_not.",
            "Retirez des actions de wells.must_not.", field="wells.must_not")])
    cheapest = float(useful["cost_fcfa"].min())
    if cheapest > settings.budget_fcfa:
        raise CannotBeMet([Finding(
            "budget-too-small", Severity.REFUSE, f"{settings.budget_fcfa:,.0f} FCFA",
            f"at least {cheapest:,.0f} FCFA, the cheapest action", "Raise wells.budget_fcfa.",
            "Augmentez wells.budget_fcfa.", field="wells.budget_fcfa")])


def _must_fit(settings: WellsSettings, actions: pd.DataFrame, required: list[int], excluded: list[int]) -> None:
    """What must be held can be held at all: not excluded, one action per point, within the money."""
    ids = actions["action_id"].to_numpy(str)
    both = [ids[row] for row in required if row in excluded]
    if both:
        raise refused(
            "must-and-must-not", field="wells.must_have", row=both[0], found=f"{', '.join(both)} in both lists",
            expected="in one list only", remedy="Take it out of wells.must_have or of wells.must_not.",
            remedy_fr="Retirez-la de wells.must_have ou de wells.must_not.")
    groups = actions["group"].iloc[required]
    twice = groups[(groups >= 0) & groups.duplicated(keep=False)]
    if len(twice):
        names = ", ".join(ids[twice.index])
        raise CannotBeMet([Finding(
            "must-exclude-each-other", Severity.REFUSE, f"{names} at one place", "one action at one place",
            "Keep only one of them in wells.must_have.", "N'en gardez qu'une dans wells.must_have.",
            row=str(ids[twice.index[0]]), field="wells.must_have")])
    need = float(actions["cost_fcfa"].iloc[required].sum())
    if need > settings.budget_fcfa * (1 + 1e-12):
        costs = ", ".join(f"{ids[row]} {whole(actions['cost_fcfa'].iloc[row])}" for row in required)
        raise CannotBeMet([Finding(
            "must-have-above-budget", Severity.REFUSE, f"{whole(need)} FCFA for what must be held ({costs})",
            f"at most wells.budget_fcfa, {whole(settings.budget_fcfa)} FCFA",
            f"Raise wells.budget_fcfa to {whole(need)}, or take actions out of wells.must_have.",
            f"Portez wells.budget_fcfa à {whole(need, 'fr')}, ou retirez des actions de wells.must_have.",
            row=str(ids[required[-1]]), field="wells.must_have")])


def _rows(names: tuple[str, ...], actions: pd.DataFrame, key: str) -> list[int]:
    at = {str(name): row for row, name in enumerate(actions["action_id"])}
    for name in names:
        if name not in at:
            near = nearest(name, at)
            raise refused("unknown-action", field=key, row=name, found=name, expected="an action_id of wells.csv",
                          remedy=f"Did you mean {near}?" if near else "Run once without it, then read wells.csv.",
                          remedy_fr=f"Vouliez-vous dire {near} ?" if near else "Lancez sans lui, lisez wells.csv.")
    return sorted({at[name] for name in names})


def sound(choice: Choice) -> None:
    """Re-check the plan by `optimise.verify`; a broken plan stops the run."""
    broken = check(choice.arrays, choice.plan)
    if broken:
        raise CannotBeMet(broken)


def ranked(actions: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The actions in order: chosen by expected people per franc, then the others by what they could do alone.

    Each person is assigned to one action, so the running sums are what a planner gets who stops at that rank.
    """
    flow = choice.plan.flow.tocsc()
    served = np.asarray(flow.sum(axis=0), dtype=np.float64).ravel()
    rows = actions.copy()
    rows["chosen"] = np.isin(np.arange(len(rows)), choice.plan.chosen)
    rows["people_in_reach"] = choice.in_reach
    rows["people_served"] = served
    success = rows["success_probability"].to_numpy(np.float64)
    rows["people_expected"] = np.round(served * success, 1)
    alone = np.minimum(choice.in_reach, rows["capacity_people"].to_numpy(np.int64)) * success
    price = np.maximum(rows["cost_fcfa"].to_numpy(np.float64), 1.0)
    worth = np.where(rows["chosen"], served * success, alone) / price
    rows["row"] = np.arange(len(rows))
    order = np.lexsort((rows["action_id"].to_numpy(str), -np.round(worth, 12), ~rows["chosen"].to_numpy(bool)))
    rows = rows.iloc[order].reset_index(drop=True)
    rows["rank"] = np.arange(1, len(rows) + 1)
    per_person = rows["cost_fcfa"] / rows["people_expected"].where(rows["people_expected"] > 0)
    rows["cost_per_person_fcfa"] = per_person.round(0)
    rows["cumulative_cost_fcfa"] = rows["cost_fcfa"].where(rows["chosen"]).cumsum()
    rows["cumulative_people"] = rows["people_expected"].where(rows["chosen"]).cumsum().round(1)
    return rows
