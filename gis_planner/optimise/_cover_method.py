"""The whole method of maximal covering: start, bound, search, fixing, exact rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis_planner.optimise._cover_core import core_of, dominated
from gis_planner.optimise._cover_lagrange import Bound, lower_bound_by
from gis_planner.optimise._cover_merge import NONE
from gis_planner.optimise._cover_order import near_together
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_region import choose_regions_exactly
from gis_planner.optimise._cover_rest import choose_rest, small_enough, undecided
from gis_planner.optimise._cover_sharp import repaired, sharpened
from gis_planner.optimise._cover_start import quick, run
from gis_planner.optimise._cover_temper import Tempering, temper
from gis_planner.optimise.plan import Floats, Ints

ENOUGH = 1e-4
"""A relative gap at which the search ends: a tenth of a person in a thousand is beyond any census."""

MERGE_DEMANDS = 6_000
"""Demands up to which several plans are annealed and merged exactly."""

WEIGHED = 3_000
"""Reach entries weighed in a step of a bath (sites a demand times demands a site) up to which it may walk far."""

EXACT_ENTRIES = 20_000
"""Reach entries up to which what is left is handed to HiGHS."""


@dataclass(frozen=True)
class Answer:
    """chosen sites, bound on the value, why the search ended, what the bound rests on and the best multipliers.

    A bound by regions starts from the multipliers and is never above what they prove.
    """

    chosen: Ints
    bound: float
    stopped_by: str
    bound_from: str
    multipliers: Floats | None = None


@dataclass(frozen=True)
class Pace:
    """Counts by size alone, never by a clock. moves: of the whole annealing; steps: of the multipliers in the first
    round, twice as many in the second.

    nodes: of a region's tree. turns: prices tried. rounds: of annealing, bounding and choosing by regions.
    """

    moves: int
    steps: int
    nodes: int
    turns: int
    rounds: int


def pace_for(problem: CoverProblem, effort: float) -> Pace:
    """What a planner waits for at effort 1, whatever the size."""
    demand, sites = problem.reach.shape
    moves = int(1_000_000 * (max(sites, 500) / 1000) ** 0.75 * effort) + 20_000
    steps = int(1500 * min((200_000 / max(problem.reach.nnz, 1)) ** 0.33, 1.5) * min(effort, 4.0)) + 50
    sparse = min(1.0, 25 * demand / max(problem.reach.nnz, 1))
    nodes = int(120 * min((10_000 / max(demand, 1)) ** 0.6, 2.5) * sparse * min(effort, 4.0)) + 2
    return Pace(moves, steps, nodes, 3 if problem.reach.nnz <= 1_000_000 else 1, 2)


def method(problem: CoverProblem, effort: float, seed: int) -> Answer:
    """The best plan found for a checked problem, and its bound."""
    thorough = problem.weight.size <= MERGE_DEMANDS
    allowed = np.flatnonzero(~problem.excluded)
    core = core_of(problem, problem.required, np.setdiff1d(allowed, problem.required))
    if core.problem.reach.nnz == 0 or core.problem.room == 0:
        return Answer(core.certain, core.held, "proof", "all demand")
    answer = _solve_near(core.problem, effort, seed, thorough)
    multipliers = answer.multipliers
    if multipliers is not None:
        multipliers = core.lift_multipliers(problem.weight, multipliers)
    return Answer(core.lift(answer.chosen), core.held + answer.bound, answer.stopped_by, answer.bound_from, multipliers)


def _solve_near(problem: CoverProblem, effort: float, seed: int, thorough: bool) -> Answer:
    """`_solve` on the problem renumbered so that neighbours lie together in memory."""
    moved, demands, sites = near_together(problem)
    answer = _solve(moved, effort, seed, thorough)
    multipliers = answer.multipliers
    if multipliers is not None:
        multipliers = np.empty_like(multipliers)
        multipliers[demands] = answer.multipliers
    return Answer(np.sort(sites[answer.chosen]), answer.bound, answer.stopped_by, answer.bound_from, multipliers)


@dataclass
class Known:
    """The best plan and the best bounds so far; sharp: the bound by regions, never above the multipliers' own."""

    value: float
    flags: Ints
    bound: Bound
    sharp: float

    @property
    def close(self) -> bool:
        """True when the gap is as small as anybody asks."""
        return self.value * (1 + ENOUGH) >= self.sharp

    def take(self, plan: tuple[float, Ints]) -> None:
        """Keep the better plan."""
        if plan[0] > self.value:
            self.value, self.flags = plan


def _solve(problem: CoverProblem, effort: float, seed: int, thorough: bool) -> Answer:
    pace = pace_for(problem, effort)
    start = quick(problem)
    bound = lower_bound_by(problem, start[1], start[0], max(pace.steps // 4, 50), patience=40)
    known = Known(start[0], start[1], bound, bound.value)
    most = EXACT_ENTRIES if thorough else EXACT_ENTRIES // 4
    exact = _exact(problem, known, seed, nodes=1000) if problem.reach.nnz <= most else None
    if exact is not None:
        return exact
    for turn in range(pace.rounds):
        _one_round(problem, known, pace, turn, seed)
        if known.close:
            break
    if not known.close and thorough:
        _merge(problem, known, effort, seed)
        known.bound = _better(known.bound, lower_bound_by(problem, known.flags, known.value, pace.steps,
                                                          known.bound.multiplier, 0.02, 40))
        known.sharp = min(known.sharp, known.bound.value)
    exact = _exact(problem, known, seed, nodes=100) if thorough or not known.close else None
    if exact is not None:
        return exact
    safe = problem.outward(known.sharp, known.value)
    reason = "proof" if safe <= known.value else ("gap" if known.close else "iterations")
    chosen = np.flatnonzero(known.flags)
    if problem.outward(known.bound.value, known.value) <= safe:
        return Answer(chosen, safe, reason, "lagrangian", known.bound.multiplier)
    return Answer(chosen, safe, reason, "regions", known.bound.multiplier)


def _one_round(problem: CoverProblem, known: Known, pace: Pace, turn: int, seed: int) -> None:
    """Anneal, lower the bound towards the plan, sharpen it by regions, and make a plan of what the regions chose."""
    hot = 0.04 if turn == 0 else 0.015
    known.take(run(problem, known.flags, pace.moves // pace.rounds, hot, 0.001, seed + turn))
    first = None if turn == 0 else known.bound.multiplier
    known.bound = _better(known.bound, lower_bound_by(problem, known.flags, known.value, pace.steps * (1 + turn), first,
                                                      0.1, 40 * (1 + turn)))
    known.sharp = min(known.sharp, known.bound.value)
    if known.close:
        return
    sharp = sharpened(problem, known.bound, (known.value, known.flags), pace.nodes, pace.turns)
    known.sharp = min(known.sharp, sharp.value)
    known.take(repaired(problem, sharp.picked))


def _merge(problem: CoverProblem, known: Known, effort: float, seed: int) -> None:
    """Baths at several heats, their plans merged exactly, then regions chosen anew.

    A site that another one stands in for is left out unless it is open.
    """
    inner = core_of(problem, NONE, np.flatnonzero(~dominated(problem) | (known.flags > 0)))
    goal = known.sharp / (1 + ENOUGH)
    demand, sites = inner.problem.reach.shape
    heavy = inner.problem.reach.nnz**2 / max(demand * sites, 1)
    exchanges = int(2500 * min(1.0, WEIGHED / max(heavy, 1.0)) * effort) + 8
    settings = Tempering(baths=7, exchanges=exchanges, merges=8, quench=2 * exchanges, filler=120)
    best = temper(inner.problem, (known.value, known.flags[inner.sites]), settings, goal, seed)
    flags = np.zeros(problem.reach.shape[1], np.int8)
    flags[inner.lift(np.flatnonzero(best[1]))] = 1
    known.take((best[0], flags))
    if known.value < goal:
        small = min(1.0, 100_000 / max(inner.problem.reach.nnz, 1))
        turns = int(100 * small * effort) + 1
        most = int(small * EXACT_ENTRIES)
        known.take(choose_regions_exactly(problem, (known.value, known.flags), turns, 6, most, seed))


def _better(one: Bound, other: Bound) -> Bound:
    return one if one.value <= other.value else other


def _exact(problem: CoverProblem, known: Known, seed: int, nodes: int) -> Answer | None:
    """Close and open what is certain and let HiGHS choose the rest, when the rest is small; None when it is not."""
    value, bound = known.value, known.bound
    mine: Ints = np.flatnonzero(known.flags).astype(np.int64)
    if problem.outward(bound.value, value) <= value:
        return Answer(mine, value, "proof", "lagrangian", bound.multiplier)
    if problem.outward(known.sharp, value) <= value:
        return Answer(mine, value, "proof", "regions")
    rest = undecided(problem, bound, value)
    if not small_enough(rest, known.sharp, value, EXACT_ENTRIES):
        return None
    if rest.problem.reach.nnz == 0 or rest.problem.room <= 0:
        return Answer(mine, value, "proof", "branch and bound")
    lifted, outcome = choose_rest(rest, mine, nodes, seed)
    found = problem.value(lifted) if problem.budget is None or problem.spent(lifted) <= problem.budget else -1.0
    value, mine = (found, lifted) if found > value else (value, mine)
    if outcome.status in {"proof", "infeasible"}:
        return Answer(mine, value, "proof", "branch and bound")
    left = problem.outward(min(known.sharp, max(rest.held + outcome.bound, value)), value)
    return Answer(mine, left, "nodes", "branch and bound")

