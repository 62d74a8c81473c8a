"""Periodic rounds: linked visit days, spacing, crews that keep to their ground.

The patterns of days are chosen by a hybrid genetic search (Vidal et al. 2012) in compiled loops; PyVRP improves the
days in turn with it. Crews are named afterwards, at no cost, so that a site sees the same crew.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._embedding import plane
from gis_planner.optimise._pyvrp import Effort
from gis_planner.optimise._rounds_plan import Round, RoundsPlan, plan_of
from gis_planner.optimise._rounds_polish import can_polish, free_share, polish
from gis_planner.optimise._rounds_search import FIRST, Answer, Search
from gis_planner.optimise._rounds_state import Ground
from gis_planner.optimise._starts import run_all
from gis_planner.optimise.cordeau import read_cordeau
from gis_planner.optimise.rounds_problem import Problem, Site, check_possible, spaced_patterns
from gis_planner.problems import refused

__all__ = ["Problem", "Round", "RoundsPlan", "Site", "plan_rounds", "read_cordeau", "spaced_patterns"]

STARTS = 2
TURNS = 3
NEAREST = 100


def plan_rounds(
    problem: Problem, *, effort: float = 1.0, seed: int = 0, time_limit_s: float | None = None,
    workers: int | None = None,
) -> RoundsPlan:
    """Rounds of least distance that visit every site on all days of one of its patterns.

    effort: scales the iterations; 1.0 is what a planner waits for. seed: same seed, same plan, whatever the machine.
    time_limit_s: seconds of each core after which to stop, only when asked; without it no clock is read.
    workers: processes at once; the plan does not depend on it.
    Raises CannotBeMet when a site or the whole load is beyond what the crews can do; when
    only the search fails to fit everything, the plan is not `feasible` and names the sites left out.
    """
    if not effort > 0:
        raise refused("effort", found=effort, expected="a number above 0", field="effort",
                      remedy="Use 1.0, or less for a quicker and rougher plan.")
    check_possible(problem)
    if not problem.sites:
        return plan_of(problem, [[] for _ in range(problem.days)], "nothing to search")
    visits = sum(max(map(len, site.patterns)) for site in problem.sites)
    iterations = max(4, round(effort * min(6_000, 300_000 / visits)))
    calls = [(one_start, (problem, iterations, seed * STARTS + k, time_limit_s)) for k in range(STARTS)]
    _warm_up()
    found = run_all(calls, 1 if time_limit_s is None and iterations * visits < 2_000 else workers)
    answer, stopped_by = min(found, key=lambda one: (not one[0].within, one[0].length))
    routes = [[[site - 1 for site in route] for route in day] for day in answer.routes]
    return plan_of(problem, routes, stopped_by)


def _warm_up() -> None:
    """Have every loop compiled (once per installation) before processes begin to search at the same time."""
    tiny = Problem([[0, 1, 1], [1, 0, 1], [1, 1, 0]], [Site(k, ((0,), (1,)), 1.0) for k in (1, 2)], 2, 2, capacity=9.0)
    search = Search(ground_of(tiny), 2, 2, places(tiny), 0)
    search.run(FIRST + 1, FIRST + 1)


def one_start(problem: Problem, iterations: int, seed: int, limit_s: float | None) -> tuple[Answer, str]:
    """One search from one seed: the genetic search and PyVRP in turns (module-level, to run in its own process)."""
    search = Search(ground_of(problem), problem.days, problem.crews, places(problem), seed)
    share = min(0.6, 0.1 + 0.6 * free_share(problem)) if can_polish(problem) else 0.0
    why = "iterations"
    for turn in range(TURNS):
        part_s = None if limit_s is None else limit_s / TURNS
        why = search.run(iterations if limit_s is not None else -(-iterations // TURNS), iterations,
                         None if part_s is None else part_s * (1.0 - share))
        answer = search.answer()
        if share and answer.within:
            steps = max(50, iterations * 2) if limit_s is None else 10**9
            limit = None if part_s is None else part_s * share
            answer = polish(problem, answer, Effort(steps, max(50, steps // 2), limit), seed * TURNS + turn)
            if turn == TURNS - 1:
                return answer, why
            search.give(answer)
    return search.answer(), why


def ground_of(problem: Problem) -> Ground:
    """The problem as arrays: site 0 is the depot, then the sites in order."""
    at = np.array([problem.depot, *(site.location for site in problem.sites)], dtype=np.intp)
    way = np.ascontiguousarray(problem.distances[np.ix_(at, at)])
    hours = np.ascontiguousarray(problem.durations[np.ix_(at, at)])
    sites = len(problem.sites)
    patterns = [[day in pattern for day in range(problem.days)] for site in problem.sites for pattern in site.patterns]
    first = np.concatenate([[0, 0], np.cumsum([len(site.patterns) for site in problem.sites])]).astype(np.int64)
    apart = way + np.where(np.eye(sites + 1, dtype=bool), np.inf, 0.0)
    apart[:, 0] = np.inf
    near = np.argsort(apart, axis=1, kind="stable")[:, : max(1, min(NEAREST, sites - 1))].astype(np.int64)
    return Ground(
        way, hours, np.array([0.0, *(float(site.service_s) for site in problem.sites)]),
        np.array([0.0, *(float(site.demand) for site in problem.sites)]), near, np.array(patterns, np.int8), first,
        np.inf if problem.capacity is None else float(problem.capacity),
        np.inf if problem.shift_s is None else float(problem.shift_s), problem.shift_s is not None)


def places(problem: Problem) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A plane map of depot and sites, to tell in which direction a route lies."""
    return plane(problem.distances, np.array([problem.depot, *(site.location for site in problem.sites)], np.intp))
