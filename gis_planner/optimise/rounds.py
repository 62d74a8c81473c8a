"""Periodic rounds: linked visit days, spacing, hours, lines to walk, crews that keep to their ground.

The search takes neighbouring stretches out of a few rounds at a time and puts their sites back on the days, crews and
places that cost least together (ruin and recreate under annealing). Alike crews are named afterwards, at no cost, so
that a site sees the same crew; with a price on strangers the search itself keeps crews to their sites.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._check_inputs import search_settings
from gis_planner.optimise._members import refuse_other
from gis_planner.optimise._rounds_anneal import Search
from gis_planner.optimise._rounds_checks import check_possible
from gis_planner.optimise._rounds_ground import routes_of, terms_of
from gis_planner.optimise._rounds_plan import Round, RoundsPlan, Visit, plan_of
from gis_planner.optimise._rounds_terms import Terms
from gis_planner.optimise._starts import run_all
from gis_planner.optimise.cordeau import read_cordeau
from gis_planner.optimise.rounds_problem import Crew, Problem, Site
from gis_planner.optimise.rounds_spacing import spaced_patterns
from gis_planner.optimise.routing_problem import Break

__all__ = ["Break", "Crew", "Problem", "Round", "RoundsPlan", "Site", "plan_rounds", "read_cordeau", "spaced_patterns"]

STARTS = 2
LONGEST_S, VISITS = 50.0, 100
"""What effort 1.0 stands for on the machine it was measured on, and the visits from which on it is used in full."""
ALONE_S = 2.0
"""A search shorter than this is not worth a process of its own."""
UNLIMITED = 10**12


def plan_rounds(
    problem: Problem, *, effort: float = 1.0, seed: int = 0, time_limit_s: float | None = None,
    workers: int | None = None,
) -> RoundsPlan:
    """Rounds of least cost that visit every site on all days of one of its patterns.

    effort: scales the iterations; 1.0 is what a planner waits for. seed: same seed, same plan, whatever the machine.
    time_limit_s: seconds of each core after which to stop, only when asked; the search cools down over that time.
    workers: processes at once; the plan does not depend on it.
    Raises Refused for what is no Problem and for unsound settings, and CannotBeMet when a site or the whole load is
    beyond what the crews can do; when only the search fails to fit everything, the plan is not `feasible`
    and names the sites left out.
    """
    refuse_other(problem, Problem, "gis_planner.optimise.rounds")
    search_settings(effort, seed, time_limit_s, workers)
    check_possible(problem)
    if not problem.sites:
        return plan_of(problem, [[[]] * problem.crews] * problem.days, "nothing to search")
    step_s = _step_s(terms_of(problem))
    visits = sum(max(map(len, site.patterns)) for site in problem.sites)
    search_s = effort * LONGEST_S * min(1.0, visits / VISITS)
    iterations = max(100, round(search_s / step_s)) if time_limit_s is None else UNLIMITED
    calls = [(one_start, (problem, iterations, seed * STARTS + k, time_limit_s)) for k in range(STARTS)]
    if workers is None and time_limit_s is None and search_s < ALONE_S:
        workers = 1
    if workers != 1:
        _warm_up()
    routes, _, stopped_by = min(run_all(calls, workers), key=lambda found: found[1])
    return plan_of(problem, routes, stopped_by)


def one_start(
    problem: Problem, iterations: int, seed: int, limit_s: float | None,
) -> tuple[list[list[list[Visit]]], float, str]:
    """Routes, cost and reason to stop of one search (module-level, to run in its own process)."""
    search = Search(terms_of(problem), seed)
    why = search.run(iterations, limit_s)
    return routes_of(problem, search.best), search.cost, why


def _warm_up() -> None:
    """Have every loop compiled (once per installation) before processes begin to search at the same time."""
    tiny = Problem([[0, 1, 1], [1, 0, 1], [1, 1, 0]], [Site(k, ((0,), (1,)), 1.0) for k in (1, 2)], 2, 2, capacity=9.0)
    Search(terms_of(tiny), 0).run(1)


def _step_s(terms: Terms) -> float:
    """About how many seconds one step of the search takes, by the places that it looks at."""
    days, crews = terms.works.shape
    sites = terms.load.size
    most = np.maximum.reduceat(terms.patterns.sum(axis=1), terms.first[:-1])
    places = terms.may.sum() / sites * (most.sum() / days + crews)
    weighed = terms.patterns.shape[0] / sites * days * (crews if terms.loyalty > 0.0 else 1)
    return 1e-6 * float(10.0 + 1.5 * days + (0.06 if terms.timed else 0.03) * places + 0.01 * weighed)
