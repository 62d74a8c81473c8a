"""Betters a plan region by region: a few neighbouring sites are chosen anew while all others stay (Shaw 1998)."""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._cover_core import core_of
from gis_planner.optimise._cover_elite import run
from gis_planner.optimise._cover_lagrange import lower_bound_by, settled
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._exact_cover import solve_max_cover
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


def renew_regions(
    problem: CoverProblem, plan: tuple[float, Ints], turns: int, number: int, moves: int, seed: int,
) -> tuple[float, Ints]:
    """`turns` regions of about `number` sites, each annealed alone; a region is kept when it covers more."""
    value, flags = plan
    random = np.random.default_rng(seed)
    for turn in range(turns):
        opened = np.flatnonzero(flags)
        if opened.size <= 2:
            break
        free, candidates = around(problem, flags, int(random.choice(opened)), number)
        certain = np.setdiff1d(opened, free)
        core = core_of(problem, certain, np.setdiff1d(candidates, certain))
        if core.problem.reach.nnz == 0 or core.problem.room <= 0:
            continue
        inside = flags[core.sites].astype(np.int8)
        found, better = run(core.problem, inside, moves, 0.1, 0.002, seed + 17 * turn)
        if found + core.held > value + 1e-9:
            chosen = core.lift(np.flatnonzero(better))
            value, flags = found + core.held, np.zeros_like(flags)
            flags[chosen] = 1
    return value, flags


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
        chosen = _best_choice(core.problem, flags[core.sites].astype(np.int8), entries, seed)
        if chosen is None:
            continue
        lifted = core.lift(chosen)
        found = problem.value(lifted)
        if found > value + 1e-9 and (problem.budget is None or problem.spent(lifted) <= problem.budget):
            value, flags = found, np.zeros_like(flags)
            flags[lifted] = 1
            visits[:] = 0.0
    return value, flags


def _best_choice(problem: CoverProblem, flags: Ints, entries: int, seed: int) -> Ints | None:
    """The best choice of a small problem when it is better than `flags` and what is undecided is small, else None."""
    mine = np.flatnonzero(flags)
    value = problem.value(mine)
    bound = lower_bound_by(problem, flags, value, 300)
    if problem.outward(bound.value, value) <= value:
        return None
    closed, opened = settled(problem, bound, value)
    rest = core_of(problem, np.flatnonzero(opened).astype(np.int64), np.flatnonzero(~closed & ~opened))
    if rest.problem.reach.nnz == 0 or rest.problem.reach.nnz > entries or rest.problem.room <= 0:
        return None
    inside = np.isin(rest.sites, mine)
    fits = bool(np.isin(rest.certain, mine).all()) and int(inside.sum()) + rest.certain.size == mine.size
    chosen, _ = solve_max_cover(rest.problem, np.flatnonzero(inside) if fits else None, nodes=30, seed=seed)
    lifted = rest.lift(chosen)
    return lifted if problem.value(lifted) > value else None
