"""Several annealed plans, merged exactly: HiGHS chooses among the sites that any of them opened.

The idea is tour merging (Cook and Seymour 2003) carried to covering: good plans agree on most sites, so the problem
over their union is small, and its optimum is at least as good as the best of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis_planner.optimise._cover_bath import bathed
from gis_planner.optimise._cover_core import core_of
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_rest import better_choice
from gis_planner.optimise._cover_search import anneal, fill, polish, state_of
from gis_planner.optimise._cover_state import fresh
from gis_planner.optimise.plan import Ints

NONE: Ints = np.zeros(0, np.int64)

SWAPS_A_DRAW = 20
"""Swaps that take as long as one draw of the heat bath."""

MERGE_ENTRIES = 6_000
"""Reach entries up to which a union is merged once what is certain in it is fixed."""


@dataclass(frozen=True)
class Search:
    """moves: swaps tried per annealing run. runs: per round. rounds: of runs and a merge. merge_sites: beyond those
    open in the largest union to merge."""

    moves: int
    runs: int
    rounds: int
    merge_sites: int


def quick(problem: CoverProblem) -> tuple[float, Ints]:
    """Greedy and every improving swap: value and flags."""
    net, cost = problem.net, problem.prices
    none = np.zeros(cost.size, np.int8)
    state = fresh(net)
    _, purse = fill(net, state, cost, problem.room, problem.purse, none)
    purse = polish(net, state, cost, purse, none, none, 20)
    fill(net, state, cost, problem.room - int(state.is_open.sum()), purse, none)
    return float(problem.weight[state.times > 0].sum()), state.is_open


def run(problem: CoverProblem, flags: Ints, moves: int, hot: float, cold: float, seed: int) -> tuple[float, Ints]:
    """One annealing from `flags`, polished: value and flags."""
    net, cost = problem.net, problem.prices
    none = np.zeros(cost.size, np.int8)
    state = state_of(net, flags)
    chosen = np.flatnonzero(flags)
    purse = max(0.0, problem.purse - float(cost[chosen].sum()))
    typical = max(float(problem.weight[state.times > 0].sum()) / max(chosen.size, 1), 1e-9)
    random = np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64)
    _, kept = anneal(net, state, cost, problem.room - chosen.size, purse, none, none, moves, hot * typical,
                     cold * typical, random)
    state = state_of(net, kept)
    purse = max(0.0, problem.purse - float(cost[np.flatnonzero(kept)].sum()))
    purse = polish(net, state, cost, purse, none, none, 20)
    fill(net, state, cost, problem.room - int(state.is_open.sum()), purse, none)
    return float(problem.weight[state.times > 0].sum()), state.is_open


def merged(problem: CoverProblem, plans: list[tuple[float, Ints]], most: int, seed: int) -> tuple[float, Ints]:
    """The best plan over the union of as many of `plans` (best first) as fit in `most` sites."""
    plans = sorted(plans, key=lambda plan: -plan[0])
    union = plans[0][1] > 0
    for _, flags in plans[1:]:
        wider = union | (flags > 0)
        if wider.sum() <= most:
            union = wider
    sites = np.flatnonzero(union)
    if sites.size <= plans[0][1].sum():
        return plans[0]
    core = core_of(problem, NONE, sites)
    chosen = better_choice(core.problem, plans[0][1][sites], MERGE_ENTRIES, 60, seed)
    if chosen is None:
        return plans[0]
    lifted = core.lift(chosen)
    value = problem.value(lifted)
    if value <= plans[0][0] or (problem.budget is not None and problem.spent(lifted) > problem.budget):
        return plans[0]
    flags = np.zeros(problem.reach.shape[1], np.int8)
    flags[lifted] = 1
    return value, flags


def _walk(problem: CoverProblem, flags: Ints, moves: int, heat: float, seed: int) -> tuple[float, Ints]:
    """One annealing as long as `moves` swaps: by heat bath where sites are only counted, by swaps where they cost."""
    if problem.budget is None:
        return bathed(problem, flags, moves // SWAPS_A_DRAW, 0.05 * heat, 0.003, seed)
    return run(problem, flags, moves, 0.04 * heat, 0.001, seed)


def search(
    problem: CoverProblem, start: tuple[float, Ints], settings: Search, goal: float, seed: int,
) -> tuple[float, Ints]:
    """Rounds of annealing and merging from `start`; ends early at `goal`."""
    best, elite = start, [start]
    for turn in range(settings.rounds):
        for number in range(settings.runs):
            again = turn > 0 and number % 2 == 0
            plan = _walk(problem, best[1] if again else start[1], settings.moves, 0.4 if again else 1.0,
                         seed * 1_000_003 + turn * 1009 + number)
            elite.append(plan)
            best = max(best, plan, key=lambda item: item[0])
            if best[0] >= goal:
                return best
        if settings.merge_sites:
            elite = sorted(elite, key=lambda plan: -plan[0])[: 2 * settings.runs]
            best = merged(problem, elite, int(best[1].sum()) + settings.merge_sites, seed)
            elite.append(best)
            if best[0] >= goal:
                return best
    return best
