"""Capacitated covering beyond what a mixed integer program reaches: search with moving people, Lagrangian bound.

The bound relaxes "a person is served once": at a price per person each action fills with its most profitable people,
and the profits go into the knapsack of the budget or the best `limit` (Beasley 1993, European Journal of Operational
Research 65, on Lagrangian heuristics for location).
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise._capacity_problem import CapacityProblem
from gis_planner.optimise._capacity_search import Field, People, anneal, greedy, profits, take_in
from gis_planner.optimise._cover_bound import choose
from gis_planner.optimise._cover_method import method
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise.plan import Floats, Ints

NEAR = 0.9
"""Part of the last price from which on an action's profit is worked out exactly."""


def field_of(problem: CapacityProblem) -> Field:
    """The pairs in both orders, as the compiled loops want them."""
    pairs, (demand, actions) = problem.pairs, problem.shape
    by_action = np.lexsort((pairs.demand, -problem.weight[pairs.demand], pairs.place))
    slot_of = np.empty(by_action.size, np.int64)
    slot_of[by_action] = np.arange(by_action.size)
    by_demand = np.lexsort((pairs.place, -problem.success[pairs.place], pairs.demand))
    return Field(
        np.concatenate([[0], np.cumsum(np.bincount(pairs.place, minlength=actions))]), pairs.demand[by_action],
        np.concatenate([[0], np.cumsum(np.bincount(pairs.demand, minlength=demand))]), pairs.place[by_demand],
        slot_of[by_demand], problem.weight, problem.success, problem.capacity,
        problem.cost if problem.budget is not None else np.zeros(actions), problem.group,
        np.ascontiguousarray(problem.needs[:, 0]), np.ascontiguousarray(problem.needs[:, 1]))


def solve_large(problem: CapacityProblem, effort: float, seed: int) -> tuple[Ints, float, str]:
    """Actions, an upper bound on the value, and what ended the search.

    Without room for so many the problem is maximal covering: its bound holds here too, and its plan is one of the two
    starts of the search (the other is greedy).
    """
    field = field_of(problem)
    actions = problem.shape[1]
    wide = method(_without_room(problem), effort, seed)
    ruled = bool((problem.group >= 0).any() or problem.needs.size)
    moves = int(min(max(2_000 * actions, 8_000_000), 20_000_000) * effort) + 1
    start = problem.required if ruled else wide.chosen
    best, kept = _searched(problem, field, start, moves, ruled, seed)
    if best >= wide.bound * (1 - 1e-4):
        return np.flatnonzero(kept), wide.bound, "gap"
    bound = _bound(problem, field, kept, best, int(1000 * effort) + 50)
    return np.flatnonzero(kept), min(bound, wide.bound), "iterations"


def _without_room(problem: CapacityProblem) -> CoverProblem:
    """Maximal covering by the same actions: who is reached counts in full, at the best chance of success."""
    pairs = problem.pairs
    use = pairs.gain > 0
    reach = csr_array((np.ones(int(use.sum()), np.int8), (pairs.demand[use], pairs.place[use])), shape=problem.shape)
    reach.sort_indices()
    by_action = csr_array(reach.T.tocsr())
    by_action.sort_indices()
    most = np.zeros(problem.shape[0])
    np.maximum.at(most, pairs.demand, pairs.gain)
    limit = problem.shape[1] if problem.limit is None and problem.budget is None else problem.limit
    return CoverProblem(reach, by_action, most * problem.people, limit, problem.cost, problem.budget, problem.required,
                        problem.excluded)


def _searched(
    problem: CapacityProblem, field: Field, start: Ints, moves: int, ruled: bool, seed: int,
) -> tuple[float, Ints]:
    """Open `start`, then what gains most, then anneal: value and flags."""
    actions = problem.shape[1]
    barred, fixed = problem.excluded.astype(np.int8), np.zeros(actions, np.int8)
    fixed[problem.required] = 1
    people = People(problem.people.copy(), problem.capacity.copy(), np.zeros(field.demand_of.size, np.int64),
                    np.zeros(actions, np.int8))
    value = 0.0
    for action in start:
        value += take_in(field, people, int(action))
    count = (actions if problem.limit is None else problem.limit) - start.size
    purse = 0.0 if problem.budget is None else max(0.0, problem.budget - problem.spent(start))
    added, count, purse = greedy(field, people, barred, count, purse)
    value += added
    random = np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64)
    typical = max(value / max(int(people.is_open.sum()), 1), 1e-9)
    return anneal(field, people, barred, fixed, count, purse, value, moves, 0.04 * typical,
                  0.001 * typical, ruled, random)


def _bound(problem: CapacityProblem, field: Field, flags: Ints, target: float, iterations: int) -> float:
    """The least Lagrangian bound met; valid whatever the iterations."""
    number = problem.people
    most: Floats = np.zeros(problem.shape[0])
    np.maximum.at(most, problem.pairs.demand, problem.pairs.gain)
    best, step, failures = float(most @ number), 0.1, 0
    times = np.bincount(problem.pairs.demand, weights=flags[problem.pairs.place], minlength=most.size)
    multiplier = most * (1.0 - 1.0 / np.maximum(times, 1.0))
    kept, direction, price = multiplier.copy(), np.zeros_like(multiplier), 0.0
    for _ in range(iterations):
        value, slope, price = _relaxed(problem, field, multiplier, NEAR * price)
        if value < best * (1 - 1e-12):
            failures = 0 if value < best * (1 - 1e-6) else failures + 1
            best, kept = value, multiplier.copy()
        else:
            failures += 1
        if best <= target * (1 + 1e-9) or step < 1e-4:
            break
        if failures >= 20:
            step, failures, multiplier = step * 0.7, 0, kept.copy()
        slope = np.where(((multiplier <= 0) & (slope > 0)) | ((multiplier >= most) & (slope < 0)), 0.0, slope)
        direction = 0.95 * direction + 0.05 * slope / np.maximum(number, 1)
        norm = float((direction * direction * number).sum())
        if norm <= 1e-18:
            break
        multiplier = np.clip(multiplier - step * (value - target) / norm * direction, 0.0, most)
    return best


def _relaxed(problem: CapacityProblem, field: Field, multiplier: Floats, least: float) -> tuple[float, Floats, float]:
    """The bound at `multiplier`, its slope by demand, and the price of the last unit of money (or of the last action).

    least: profit per unit below which an action is not looked at any closer.
    """
    limit, budget = _side(problem)
    unit = np.ones(problem.shape[1]) if limit >= 0 else field.cost
    score, used = profits(field, multiplier, problem.people, unit, least)
    must = np.zeros(score.size, np.int8)
    must[problem.required] = 1
    total, share, price = choose(score, field.cost, limit, budget, must, problem.excluded.astype(np.int8))
    weight = np.repeat(share, np.diff(field.action_at)) * used
    served = np.bincount(field.demand_of, weights=weight, minlength=multiplier.size)
    return float(multiplier @ problem.people) + total, np.asarray(problem.people - served, dtype=np.float64), price


def _side(problem: CapacityProblem) -> tuple[int, float]:
    """The relaxation of the choice: by money when there is a budget, else by number (limit, budget)."""
    if problem.budget is not None:
        return -1, problem.budget
    return (problem.shape[1] if problem.limit is None else problem.limit), 0.0
