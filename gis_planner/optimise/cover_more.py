"""Covering when sites may fail, when service fades with distance, and when those least served come first."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise._cover_problem import Indices, cover_problem
from gis_planner.optimise._exact_expected import expected, solve_expected, solve_in_turn
from gis_planner.optimise.cover import max_cover
from gis_planner.optimise.plan import CoverPlan
from gis_planner.problems import refused


def partial_cover(
    share: csr_array, weight: ArrayLike, *, limit: int | None = None, cost: ArrayLike | None = None,
    budget: float | None = None, required: Indices = (), excluded: Indices = (), effort: float = 1.0, seed: int = 0,
) -> CoverPlan:
    """Most service when it fades with distance: each demand counts the largest share among its open sites.

    share: csr (demand, sites), 0 to 1. A demand becomes one demand per distinct share, so that `max_cover` and its
    bound apply exactly (Berman and Krass 2002, Computers and Operations Research 29); multipliers are per such demand,
    in the order of demands and rising shares.
    """
    table = check.sparse(share, "share")
    if table.data.max() > 1:
        raise refused("share-above-one", field="share", found=float(table.data.max()), expected="0 to 1",
                      remedy="Give the share of the demand that a site at that distance serves.")
    weights = check.vector(weight, table.shape[0], "weight")
    rows, columns, worth, number = [], [], [], 0
    for at in range(table.shape[0]):
        near = table.indices[table.indptr[at]:table.indptr[at + 1]]
        mine = table.data[table.indptr[at]:table.indptr[at + 1]].astype(np.float64)
        steps = np.unique(mine)
        for low, high in zip(np.concatenate([[0.0], steps[:-1]]), steps, strict=True):
            reached = near[mine >= high]
            rows.append(np.full(reached.size, number))
            columns.append(reached)
            worth.append(weights[at] * (high - low))
            number += 1
    steps_reach = csr_array((np.ones(sum(map(len, rows))), (np.concatenate(rows), np.concatenate(columns))),
                            shape=(number, table.shape[1]))
    plan = max_cover(steps_reach, np.array(worth), limit=limit, cost=cost, budget=budget, required=required,
                     excluded=excluded, effort=effort, seed=seed)
    best = np.zeros(table.shape[0])
    if plan.chosen.size:
        best = np.asarray(table[:, plan.chosen].max(axis=1).toarray(), dtype=np.float64).ravel()
    return CoverPlan("partial_cover", float(weights @ best), max(plan.bound, float(weights @ best)), plan.proven,
                     plan.stopped_by, plan.bound_from, plan.terms, plan.multipliers, chosen=plan.chosen, covered=best,
                     cost=plan.cost)


def expected_cover(
    reach: csr_array, weight: ArrayLike, works: ArrayLike, *, limit: int | None = None, cost: ArrayLike | None = None,
    budget: float | None = None, required: Indices = (), excluded: Indices = (), effort: float = 1.0, seed: int = 0,
) -> CoverPlan:
    """Most expected service when site j works with probability works_j, independently (Daskin 1983).

    plan.covered is the probability that at least one open site in reach works. Exact by HiGHS with tangents of the
    concave 1 - exp(-s); the bound stays valid when the node limit ends the search.
    """
    problem = cover_problem(reach, weight, limit=limit, cost=cost, budget=budget, required=required, excluded=excluded)
    chance = check.vector(works, problem.reach.shape[1], "works")
    if (chance > 1).any():
        raise refused("not-a-probability", field="works", found=float(chance.max()), expected="0 to 1",
                      remedy="Give the probability that the site works.")
    chosen, bound, met = solve_expected(problem, chance, nodes=int(2000 * check.effort_of(effort)) + 1,
                                        seed=check.seed_of(seed), rounds=30)
    covered = expected(problem, chance, chosen)
    value = float(problem.weight @ covered)
    bound = value if met else max(value, bound * (1 + 1e-9))
    return CoverPlan("expected_cover", value, bound, met, "proof" if met else "nodes", "branch and bound",
                     problem.terms, chosen=chosen, covered=covered, cost=problem.spent(chosen))


def least_served_first(
    reach: csr_array, weight: ArrayLike, rank: ArrayLike, *, limit: int | None = None, cost: ArrayLike | None = None,
    budget: float | None = None, required: Indices = (), excluded: Indices = (), effort: float = 1.0, seed: int = 0,
) -> CoverPlan:
    """Most weight of rank 0 (the least served), then of rank 1 without giving any of rank 0 back, and so on.

    rank: (demand,) whole numbers. Value is the weight covered over all ranks; the bound is the value when every turn
    was proven, else all weight.
    """
    problem = cover_problem(reach, weight, limit=limit, cost=cost, budget=budget, required=required, excluded=excluded)
    order = check.whole(rank, problem.reach.shape[0], "rank")
    nodes = int(2000 * check.effort_of(effort)) + 1
    chosen, sure = solve_in_turn(problem, order, nodes=nodes, seed=check.seed_of(seed))
    value = problem.value(chosen)
    bound = value if sure else float(problem.weight.sum())
    sure = sure or bound <= value
    return CoverPlan("least_served_first", value, bound, sure, "proof" if sure else "nodes", "branch and bound",
                     {**problem.terms, "rank": order}, chosen=chosen,
                     covered=problem.covered(chosen).astype(np.float64), cost=problem.spent(chosen))
