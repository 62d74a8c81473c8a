"""Betters a plan region by region: a few neighbouring sites are chosen anew while all others stay (Shaw 1998)."""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._cover_core import core_of
from gis_planner.optimise._cover_elite import run
from gis_planner.optimise._cover_problem import CoverProblem
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
