"""What other aims and less money would choose, and the plan of the kind that ranks places by people around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gis_planner.optimise.allocate import assign
from gis_planner.optimise.plan import FlowPlan
from gis_planner.programmes.people import Ints
from gis_planner.programmes.wells.choice import Choice, solve
from gis_planner.programmes.wells.equity import Need
from gis_planner.tables.plan import Step
from gis_planner.tables.results import WELLS_FRONT

AIMS = ("most_people", "minutes", "worst_off", "least_served_first")
LESS_MONEY = 0.5


@dataclass(frozen=True)
class Saving:
    """Minutes that a place saves. queue_min: at a new place. trips: per person and day."""

    queue_min: float
    trips: float


@dataclass(frozen=True)
class Possible:
    """One possible plan and its four values: more is better, but for the cost."""

    aim: str
    people: float
    minutes: float
    worst_share: float
    cost_fcfa: float
    sites: str

    def betters(self, other: Possible) -> bool:
        """Whether it is at least as good in every value and better in one."""
        mine = (self.people, self.minutes, self.worst_share, -self.cost_fcfa)
        theirs = (other.people, other.minutes, other.worst_share, -other.cost_fcfa)
        return mine != theirs and all(a >= b - 1e-6 for a, b in zip(mine, theirs, strict=True))


def minutes_saved(plan: FlowPlan, arrays: Mapping[str, Any], need: Need, saving: Saving) -> float:
    """Person-minutes that a plan saves each day: trips times the difference of round trips, never below 0."""
    pairs = plan.flow.tocoo()
    rows, columns = pairs.coords
    after = np.asarray(arrays["reach"].multiply(plan.flow).tocsr()[rows, columns]).ravel() / np.maximum(pairs.data, 1)
    saved = np.maximum(need.trip_min[rows] - after - saving.queue_min, 0.0)
    return float((pairs.data * arrays["success"][columns] * saved).sum() * saving.trips)


def front(
    choice: Choice, ids: Ints, need: Need, weight: float, saving: Saving, *, chosen_aim: str, others: bool,
    effort: float, seed: int,
) -> list[Possible]:
    """Plans of every aim, and of half the money, that no other betters in people, minutes, worst village and cost.

    Each is solved anew on the same actions; the plan that was chosen is among them, alone without `others`.
    """
    arrays = {**choice.arrays, "weight": np.ones(len(need.unserved)), "required": list(choice.asked)}
    found = [_possible(chosen_aim, choice.plan, arrays, ids, need, saving)]
    if not others:
        return found
    found += [_possible(aim, solve(arrays, aim, weight, need, effort, seed), arrays, ids, need, saving)
              for aim in AIMS if aim != chosen_aim]
    less = {**arrays, "budget": float(arrays["budget"]) * LESS_MONEY}
    if max(float(arrays["cost"][arrays["required"]].sum()), float(arrays["cost"].min())) <= less["budget"]:
        plan = solve(less, "most_people", weight, need, effort, seed)
        found.append(_possible("half_the_money", plan, arrays, ids, need, saving))
    apart = {point.sites: point for point in reversed(found)}
    best = [point for point in apart.values() if not any(other.betters(point) for other in apart.values())
            or point.sites == found[0].sites]
    return sorted(best, key=lambda point: (-point.people, point.cost_fcfa, point.sites))


def _possible(aim: str, plan: FlowPlan, arrays: Mapping[str, Any], ids: Ints, need: Need, saving: Saving) -> Possible:
    gained = np.asarray(plan.flow @ arrays["success"], dtype=np.float64)
    return Possible(aim, float(gained.sum()), minutes_saved(plan, arrays, need, saving),
                    float(need.shares(gained).min()), plan.cost, " ".join(str(ids[row]) for row in plan.chosen))


def front_table(points: list[Possible], origin: str) -> pd.DataFrame:
    """The table `wells_front`."""
    return pd.DataFrame([
        {"point": number, "aim": point.aim, "people_expected": round(point.people, 1),
         "person_min_saved_day": round(point.minutes), "worst_village_share": round(point.worst_share, 4),
         "cost_fcfa": point.cost_fcfa, "sites": point.sites, "origin": origin}
        for number, point in enumerate(points, start=1)], columns=WELLS_FRONT.names)


def top_n(choice: Choice, ids: Ints) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The plan that ranks actions by unserved people within reach and takes them in turn while the money lasts.

    This is how published tools rank water points and places. Two curves: the people that it claims, each action's
    people in reach added up though they overlap, and those expected to be served in truth, when each person takes one
    place, places are full at their capacity and holes may be dry.
    """
    arrays, near = choice.arrays, choice.in_reach
    closed = np.zeros(len(near), bool)
    closed[arrays["excluded"]] = True
    group = arrays["exclusive"]
    picked: list[int] = []
    claimed, true = [], []
    money, sum_claimed, best_true = float(arrays["budget"]), 0.0, 0.0
    for row in np.lexsort((ids.astype(str), arrays["cost"], -near)).tolist():
        if near[row] <= 0 or closed[row] or arrays["cost"][row] > money + 1e-6:
            continue
        closed |= (group == group[row]) & (group >= 0)
        picked.append(row)
        money -= float(arrays["cost"][row])
        sum_claimed += float(near[row])
        best_true = max(best_true, _served(picked, arrays))
        spent = float(arrays["budget"]) - money
        claimed.append(Step(spent, sum_claimed, str(ids[row])))
        true.append(Step(spent, round(best_true, 1), str(ids[row])))
    return tuple(claimed), tuple(true)


def _served(picked: list[int], arrays: Mapping[str, Any]) -> float:
    """Expected people served by a set of actions: assigned once, within capacity, times the chance of success."""
    reach = arrays["reach"].tocsc()[:, picked].tocsr()
    flow = assign(reach, arrays["people"], arrays["capacity"][picked]).flow
    return float((flow @ arrays["success"][picked]).sum())
