"""The exact choice of what a bound leaves open: fixing by reduced cost, then HiGHS on the rest when it is small."""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._cover_core import Core, core_of
from gis_planner.optimise._cover_lagrange import Bound, lower_bound_by, settled
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._exact_cover import solve_max_cover
from gis_planner.optimise._highs import Outcome
from gis_planner.optimise.plan import Ints

HOPELESS = 0.05
"""A relative gap from which a tree ends nothing: reach without geography, which only a few entries allow to prove."""

FEW_ENTRIES = 3_000
"""Reach entries that HiGHS gets whatever the gap."""


def undecided(problem: CoverProblem, bound: Bound, value: float) -> Core:
    """What is left to choose once every site that no plan better than `value` opens, or closes, is fixed."""
    closed, opened = settled(problem, bound, value)
    return core_of(problem, np.flatnonzero(opened).astype(np.int64), np.flatnonzero(~closed & ~opened))


def small_enough(rest: Core, bound: float, value: float, entries: int) -> bool:
    """True when HiGHS can be expected to end: at most `entries`, or a few where the bound is far from the value."""
    most = min(FEW_ENTRIES, entries) if bound > value * (1 + HOPELESS) else entries
    return bool(rest.problem.reach.nnz <= most)


def choose_rest(rest: Core, mine: Ints, nodes: int, seed: int) -> tuple[Ints, Outcome]:
    """The best choice that HiGHS finds in `nodes`, begun from the plan `mine` where it keeps what is fixed."""
    inside = np.isin(rest.sites, mine)
    fits = bool(np.isin(rest.certain, mine).all()) and int(inside.sum()) + rest.certain.size == mine.size
    chosen, outcome = solve_max_cover(rest.problem, np.flatnonzero(inside) if fits else None, nodes=nodes, seed=seed)
    return rest.lift(chosen), outcome


def better_choice(problem: CoverProblem, flags: Ints, entries: int, nodes: int, seed: int) -> tuple[bool, Ints | None]:
    """Whether what is undecided was small enough to choose, and the choice that covers more than the plan in `flags`.

    The choice is None when there is none, or when the rest was too large.
    """
    mine = np.flatnonzero(flags)
    value = problem.value(mine)
    bound = lower_bound_by(problem, flags, value, 300)
    if problem.outward(bound.value, value) <= value:
        return True, None
    rest = undecided(problem, bound, value)
    if rest.problem.reach.nnz == 0 or rest.problem.room <= 0:
        return True, None
    if not small_enough(rest, bound.value, value, entries):
        return False, None
    lifted, _ = choose_rest(rest, mine, nodes, seed)
    return True, lifted if problem.value(lifted) > value else None
