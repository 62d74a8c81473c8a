"""The whole method of maximal covering: start, bound, search, fixing, exact rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis_planner.optimise._cover_core import core_of
from gis_planner.optimise._cover_elite import NONE, Search, quick, search
from gis_planner.optimise._cover_lagrange import Bound, lower_bound_by, settled
from gis_planner.optimise._cover_order import near_together
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_region import renew_regions
from gis_planner.optimise._exact_cover import solve_max_cover
from gis_planner.optimise.plan import Floats, Ints

ENOUGH = 1e-4
"""A relative gap at which the search ends: a tenth of a person in a thousand is beyond any census."""

MERGE_ENTRIES = 400_000
"""Reach entries up to which several plans are annealed and merged; above, one long annealing."""

EXACT_ENTRIES = 20_000
"""Reach entries up to which what is left is handed to HiGHS."""


@dataclass(frozen=True)
class Answer:
    """chosen sites, bound on the value, why the search ended, what the bound rests on and its multipliers."""

    chosen: Ints
    bound: float
    stopped_by: str
    bound_from: str
    multipliers: Floats | None = None


def settings_for(problem: CoverProblem, effort: float) -> tuple[Search, int, int]:
    """Search settings, and bound iterations before and after the search, from size alone (never from a clock)."""
    entries, sites = problem.reach.nnz, problem.reach.shape[1]
    if entries <= MERGE_ENTRIES:
        return Search(int(800_000 * effort), 4, 4, 180), int(1200 * effort), int(800 * effort)
    moves = int(min(800 * sites, 40_000_000) * effort)
    return Search(moves, 1, 1, 0), int(400 * effort), int(300 * effort)


def method(problem: CoverProblem, effort: float, seed: int) -> Answer:
    """The best plan found for a checked problem, and its bound."""
    allowed = np.flatnonzero(~problem.excluded)
    core = core_of(problem, problem.required, np.setdiff1d(allowed, problem.required))
    if core.problem.reach.nnz == 0 or core.problem.room == 0:
        return Answer(core.certain, core.held, "proof", "all demand")
    answer = _solve_near(core.problem, effort, seed)
    multipliers = answer.multipliers
    if multipliers is not None:
        multipliers = core.lift_multipliers(problem.weight, multipliers)
    return Answer(core.lift(answer.chosen), core.held + answer.bound, answer.stopped_by, answer.bound_from, multipliers)


def _solve_near(problem: CoverProblem, effort: float, seed: int) -> Answer:
    """`_solve`, with a large problem renumbered first so that neighbours lie together in memory."""
    if problem.reach.nnz <= MERGE_ENTRIES:
        return _solve(problem, effort, seed)
    moved, demands, sites = near_together(problem)
    answer = _solve(moved, effort, seed)
    multipliers = answer.multipliers
    if multipliers is not None:
        multipliers = np.empty_like(multipliers)
        multipliers[demands] = answer.multipliers
    return Answer(np.sort(sites[answer.chosen]), answer.bound, answer.stopped_by, answer.bound_from, multipliers)


def _solve(problem: CoverProblem, effort: float, seed: int) -> Answer:
    settings, first, second = settings_for(problem, effort)
    start = quick(problem)
    bound = lower_bound_by(problem, start[1], start[0], max(first, 50))
    small = _exact(problem, start, bound, seed, nodes=1000) if problem.reach.nnz <= EXACT_ENTRIES else None
    if small is not None:
        return small
    pool = _pool(problem, bound, start[1])
    inner = core_of(problem, NONE, pool)
    flags = start[1][pool]
    goal = bound.value / (1 + ENOUGH)
    best = search(inner.problem, (start[0], flags), settings, goal, seed)
    value, chosen = best[0], inner.lift(np.flatnonzero(best[1]))
    whole = np.zeros(problem.reach.shape[1], np.int8)
    whole[chosen] = 1
    if value < goal:
        value, whole = renew_regions(problem, (value, whole), _turns(problem, effort), 20, 100_000, seed)
        chosen = np.flatnonzero(whole)
    if value < goal:
        bound = _better(bound, lower_bound_by(problem, whole, value, max(second, 50), bound.multiplier, 0.02))
    exact = _exact(problem, (value, whole), bound, seed, nodes=300)
    if exact is not None:
        return exact
    safe = problem.outward(bound.value, value)
    reason = "proof" if safe <= value else ("gap" if value >= bound.value / (1 + ENOUGH) else "iterations")
    return Answer(chosen, safe, reason, "lagrangian", bound.multiplier)


def _better(one: Bound, other: Bound) -> Bound:
    return one if one.value <= other.value else other


def _pool(problem: CoverProblem, bound: Bound, flags: Ints) -> Ints:
    """The sites worth searching: sixteen times as many as open, by score (per money), and the open ones."""
    rate = bound.score / np.maximum(problem.prices, 1e-12) if problem.budget is not None else bound.score
    number = min(rate.size, 16 * max(int(flags.sum()), 10))
    return np.union1d(np.argsort(-rate, kind="stable")[:number], np.flatnonzero(flags))


def _exact(problem: CoverProblem, start: tuple[float, Ints], bound: Bound, seed: int, nodes: int) -> Answer | None:
    """Close and open what is certain and let HiGHS choose the rest, when the rest is small; None when it is not."""
    value, flags = start
    mine: Ints = np.flatnonzero(flags).astype(np.int64)
    safe = problem.outward(bound.value, value)
    if safe <= value:
        return Answer(mine, value, "proof", "lagrangian", bound.multiplier)
    closed, opened = settled(problem, bound, value)
    rest = core_of(problem, np.flatnonzero(opened).astype(np.int64), np.flatnonzero(~closed & ~opened))
    if rest.problem.reach.nnz > EXACT_ENTRIES:
        return None
    if rest.problem.reach.nnz == 0 or rest.problem.room <= 0:
        return Answer(mine, value, "proof", "branch and bound")
    inside = np.isin(rest.sites, mine)
    fits = bool(np.isin(rest.certain, mine).all()) and int(inside.sum()) + rest.certain.size == mine.size
    chosen, outcome = solve_max_cover(rest.problem, np.flatnonzero(inside) if fits else None, nodes=nodes, seed=seed)
    lifted = rest.lift(chosen)
    found = problem.value(lifted) if problem.budget is None or problem.spent(lifted) <= problem.budget else -1.0
    value, mine = (found, lifted) if found > value else (value, mine)
    if outcome.status in {"proof", "infeasible"}:
        return Answer(mine, value, "proof", "branch and bound")
    left = problem.outward(min(bound.value, max(rest.held + outcome.bound, value)), value)
    return Answer(mine, left, "nodes", "branch and bound")


def _turns(problem: CoverProblem, effort: float) -> int:
    """Regions to choose anew: some for a small problem, each neighbourhood about twice for a large one."""
    return int((30 if problem.reach.nnz <= MERGE_ENTRIES else 60) * effort) + 1
