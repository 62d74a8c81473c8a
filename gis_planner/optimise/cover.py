"""Where to build so that most people, or everybody, is within reach: covering problems with a proven bound.

Maximal covering (Church and ReVelle 1974), covering of all (Toregas et al. 1971), capacitated covering
(Current and Storbeck 1988). Reach is sparse from the first line: a csr_array (demand, sites), nonzero = reached.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise._capacity import capacitated_cover
from gis_planner.optimise._cover_method import method
from gis_planner.optimise._cover_problem import CoverProblem, Indices, cover_problem
from gis_planner.optimise._exact_cover import set_cover_program
from gis_planner.optimise._highs import solve
from gis_planner.optimise.plan import CoverPlan, Ints

__all__ = ["capacitated_cover", "max_cover", "set_cover"]


def max_cover(
    reach: csr_array, weight: ArrayLike, *, limit: int | None = None, cost: ArrayLike | None = None,
    budget: float | None = None, required: Indices = (), excluded: Indices = (), effort: float = 1.0, seed: int = 0,
) -> CoverPlan:
    """Sites that bring most weight within reach, by number (`limit`), by money (`cost` and `budget`) or both.

    reach: csr (demand, sites), nonzero = reached. weight: (demand,) people, or people times an equity weight.
    required, excluded: site indices that must, or must not, open. The plan never opens a site that adds nobody,
    unless it is required. Raises `Refused` for bad arrays or a budget below every cost, `CannotBeMet` when the
    required sites exceed limit or budget or are excluded. Source: Church and ReVelle 1974.
    What holds: a proven plan is never worth less for a larger limit or budget, nor for a copy of a site, and is worth
    the same in any order of rows and columns. A plan that is not proven may be, by its `gap` at most: no plan for less
    is above the bound for more, and no order and no copy gives a value above the bound.
    """
    problem = cover_problem(reach, weight, limit=limit, cost=cost, budget=budget, required=required, excluded=excluded)
    answer = method(problem, check.effort_of(effort), check.seed_of(seed))
    chosen = without_idle(problem, answer.chosen)
    value = problem.value(chosen)
    bound = value if answer.stopped_by == "proof" else problem.outward(answer.bound, value)
    proven = bound <= value
    return CoverPlan(
        "max_cover", value, bound, proven, "proof" if proven else answer.stopped_by, answer.bound_from, problem.terms,
        answer.multipliers if answer.bound_from in {"lagrangian", "regions"} else None,
        chosen=chosen, covered=problem.covered(chosen).astype(np.float64), cost=problem.spent(chosen),
    )


def without_idle(problem: CoverProblem, chosen: Ints) -> Ints:
    """`chosen` without the sites that alone reach no weight (last index first), required ones kept."""
    times = np.bincount(problem.sites[chosen].indices, minlength=problem.reach.shape[0])
    keep = np.isin(chosen, problem.required)
    for at in range(chosen.size - 1, -1, -1):
        near = problem.sites.indices[problem.sites.indptr[chosen[at]]:problem.sites.indptr[chosen[at] + 1]]
        if not keep[at] and not (problem.weight[near][times[near] == 1] > 0).any():
            times[near] -= 1
        else:
            keep[at] = True
    return np.sort(chosen[keep])


def set_cover(
    reach: csr_array, *, cost: ArrayLike | None = None, required: Indices = (), excluded: Indices = (),
    effort: float = 1.0, seed: int = 0,
) -> CoverPlan:
    """The fewest sites (or the cheapest, with `cost`) that bring every demand within reach; value = their cost.

    Raises `CannotBeMet` naming the demands that no allowed site reaches. Source: Toregas et al. 1971.
    """
    rows = check.sparse(reach)
    demand, sites = rows.shape
    price = np.ones(sites) if cost is None else check.vector(cost, sites, "cost")
    out = np.zeros(sites, bool)
    out[check.indices(excluded, sites, "excluded")] = True
    must = check.indices(required, sites, "required")
    check.required_fit(must, out, None, None, None)
    effort = check.effort_of(effort)
    ones = csr_array((np.ones(rows.nnz, np.int8), rows.indices, rows.indptr), shape=rows.shape)
    _all_reachable(ones, out)
    outcome = solve(set_cover_program(ones, price, must, out), nodes=_nodes(ones.nnz, effort), seed=check.seed_of(seed))
    opened = outcome.values > 0.5 if outcome.values is not None else ~out
    chosen = np.flatnonzero(opened).astype(np.int64)
    value = float(price[chosen].sum())
    proven = outcome.status == "proof"
    bound = value if proven else min(value, max(0.0, outcome.bound * (1 - 1e-9)))
    terms: dict[str, Any] = {"cost": None if cost is None else price, "required": must, "excluded": np.flatnonzero(out)}
    return CoverPlan("set_cover", value, bound, proven, outcome.status, "branch and bound", terms,
                     chosen=chosen, covered=np.ones(demand), cost=value)


def _nodes(entries: int, effort: float) -> int:
    """Nodes of the tree by size alone: about a minute at effort 1, whatever the machine is doing."""
    return max(1, int(effort * min(100_000.0, 4e7 / max(entries, 1))))


def _all_reachable(ones: csr_array, out: np.ndarray) -> None:
    missing = np.flatnonzero(ones @ (~out).astype(np.int64) == 0)
    if missing.size:
        some = ", ".join(str(int(at)) for at in missing[:5])
        raise check.cannot("unreachable-demand", field="reach",
                           found=f"{check.counted(missing.size, 'demand')} that no allowed site reaches: {some}",
                           expected="every demand in reach of at least one site",
                           remedy="Add candidate sites near them, widen the reach, or use max_cover.")
