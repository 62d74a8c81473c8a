"""Good plans merged exactly: HiGHS chooses among the sites that any of them opened.

The idea is tour merging (Cook and Seymour 2003) carried to covering: good plans agree on most sites, so the problem
over their union is small, and its optimum is at least as good as the best of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gis_planner.optimise._cover_core import core_of
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._cover_rest import better_choice
from gis_planner.optimise.plan import Ints

NONE: Ints = np.zeros(0, np.int64)

MERGE_SITES = 200
"""Sites beyond those of the best plan in the largest union."""

MERGE_NODES = 15
"""Nodes of a merge: what HiGHS finds, it finds early."""

MERGE_ENTRIES = 5_000
"""Reach entries up to which a union is merged once what is certain in it is fixed."""


def united(plans: Sequence[tuple[float, Ints]], most: int) -> np.ndarray:
    """(sites,) bool: open in the best plan, or in another one that adds no site beyond `most` (best first)."""
    ranked = sorted(plans, key=lambda plan: -plan[0])
    union = np.asarray(ranked[0][1] > 0)
    for _, flags in ranked[1:]:
        wider = union | (flags > 0)
        if wider.sum() <= most:
            union = wider
    return union


def merged(
    problem: CoverProblem, plans: Sequence[tuple[float, Ints]], spare: Ints, filler: int, seed: int,
    beyond: int = MERGE_SITES,
) -> tuple[float, Ints]:
    """The best plan over the union of as many of `plans` (best first) as fit, or the best of them.

    spare: further sites, most wanted first, of which as many are added as bring the union to `filler` beyond the best
    plan's own; all of them, half or none, whichever HiGHS can be expected to end.
    """
    best = max(plans, key=lambda plan: plan[0])
    own = int((best[1] > 0).sum())
    union = united(plans, own + beyond)
    others = spare[~union[spare]]
    room = max(0, own + filler - int(union.sum()))
    for many in sorted({min(room, others.size), min(room, others.size) // 2, 0}, reverse=True):
        sites = np.union1d(np.flatnonzero(union), others[:many])
        if sites.size <= own:
            break
        core = core_of(problem, NONE, sites)
        ended, chosen = better_choice(core.problem, best[1][sites], MERGE_ENTRIES, MERGE_NODES, seed)
        if chosen is not None:
            lifted = core.lift(chosen)
            value = problem.value(lifted)
            if value > best[0] and (problem.budget is None or problem.spent(lifted) <= problem.budget):
                flags = np.zeros(problem.reach.shape[1], np.int8)
                flags[lifted] = 1
                return value, flags
        if ended:
            break
    return best
