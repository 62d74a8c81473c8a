"""Betters a plan region by region: a few neighbouring sites are chosen anew while all others stay (Shaw 1998)."""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._cover_core import core_of
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_rest import better_choice
from gis_planner.optimise.plan import Ints


def around(problem: CoverProblem, flags: Ints, first: int, number: int) -> tuple[Ints, Ints]:
    """About `number` open sites nearest to `first` through shared demands, and the sites that could replace them."""
    near = np.zeros(problem.reach.shape[1], bool)
    near[first] = True
    free = np.array([first])
    reached = near
    while free.size < number:
        demands = np.unique(problem.sites[np.flatnonzero(reached)].indices)
        wider = np.zeros_like(near)
        wider[problem.reach[demands].indices] = True
        if (wider == reached).all():
            break
        reached = wider
        free = np.flatnonzero(reached & (flags > 0))
    candidates = reached.copy()
    candidates[problem.reach[np.unique(problem.sites[free].indices)].indices] = True
    candidates &= (flags == 0) | np.isin(np.arange(flags.size), free)
    return free[: 2 * number], np.flatnonzero(candidates)


def choose_regions_exactly(
    problem: CoverProblem, plan: tuple[float, Ints], turns: int, number: int, entries: int, seed: int,
) -> tuple[float, Ints]:
    """`turns` regions of about `number` sites, each chosen anew by bound, fixing and HiGHS; least visited sites first.

    A region that still has more than `entries` reach entries once the certain sites are fixed is left as it is.
    """
    value, flags = plan
    visits, random = np.zeros(flags.size), np.random.default_rng(seed)
    for _ in range(turns):
        opened = np.flatnonzero(flags)
        if opened.size <= 2:
            break
        first = int(opened[np.argmin(visits[opened] + 0.5 * random.random(opened.size))])
        free, candidates = around(problem, flags, first, number)
        visits[free] += 1.0
        certain = np.setdiff1d(opened, free)
        core = core_of(problem, certain, np.setdiff1d(candidates, certain))
        if core.problem.reach.nnz == 0 or core.problem.room <= 0:
            continue
        _, chosen = better_choice(core.problem, flags[core.sites].astype(np.int8), entries, 30, seed)
        if chosen is None:
            continue
        lifted = core.lift(chosen)
        found = problem.value(lifted)
        if found > value + 1e-9 and (problem.budget is None or problem.spent(lifted) <= problem.budget):
            value, flags = found, np.zeros_like(flags)
            flags[lifted] = 1
            visits[:] = 0.0
    return value, flags
