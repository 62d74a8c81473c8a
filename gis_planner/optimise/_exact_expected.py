"""Expected covering with sites that fail, and lexicographic covering, as mixed integer programs for HiGHS."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._exact_cover import max_cover_program
from gis_planner.optimise._highs import solve
from gis_planner.optimise.plan import Floats, Ints

SURE = 1.0 - 1e-9
"""A site this sure or surer counts as one that fails once in a thousand million times."""


def expected(problem: CoverProblem, works: Floats, chosen: Ints) -> Floats:
    """(demand,) probability that at least one of the chosen sites in reach works."""
    fails = problem.reach[:, chosen].astype(np.float64) @ np.log1p(-np.minimum(works, SURE))[chosen]
    return np.asarray(-np.expm1(fails), dtype=np.float64)


def solve_expected(
    problem: CoverProblem, works: Floats, *, nodes: int, seed: int, rounds: int,
) -> tuple[Ints, float, bool]:
    """Sites, bound and whether it is met: 1 - exp(-s) is concave in the summed strength s, so tangents bound it."""
    strength = -np.log1p(-np.minimum(works, SURE))
    demand, sites = problem.reach.shape
    base = max_cover_program(problem)
    pull = csr_array(problem.reach.astype(np.float64) * strength[None, :])
    start = np.unique(np.concatenate([[0.0], strength[strength > 0], 2 * np.median(strength) * np.ones(1)]))
    cuts = [np.full(demand, point) for point in start[:: max(1, start.size // 6)]]
    best, best_value, bound = problem.required, -1.0, float(problem.weight.sum())
    for _ in range(rounds):
        rows, high = [base.rows[demand:]], [base.row_upper[demand:]]
        for at in cuts:
            slope = np.exp(-at)
            tilt = csr_array(pull * slope[:, None])
            rows.append(csr_array(vstack([csr_array((-tilt).T), _eye(demand)]).T))
            high.append(1.0 - slope - slope * at)
        stacked, top = csr_array(vstack(rows, format="csr")), np.concatenate(high)
        outcome = solve(replace(base, rows=stacked, row_lower=np.full(top.size, -np.inf), row_upper=top), nodes=nodes,
                        seed=seed)
        if outcome.values is None:
            break
        bound = min(bound, outcome.bound)
        chosen = np.flatnonzero(outcome.values[:sites] > 0.5).astype(np.int64)
        value = float(problem.weight @ expected(problem, works, chosen))
        if value > best_value:
            best, best_value = chosen, value
        if bound - best_value <= 1e-7 * max(1.0, best_value) or outcome.status != "proof":
            break
        cuts.append(np.asarray(problem.reach[:, chosen].astype(np.float64) @ strength[chosen]))
    return best, bound, bound - best_value <= 1e-7 * max(1.0, best_value)


def _eye(size: int) -> csr_array:
    return csr_array((np.ones(size), (np.arange(size), np.arange(size))), shape=(size, size))


def solve_in_turn(problem: CoverProblem, rank: Ints, *, nodes: int, seed: int) -> tuple[Ints, bool]:
    """Most weight of the lowest rank first; each later rank keeps what the earlier ones hold. Sites, and proven."""
    sites = problem.reach.shape[1]
    program = max_cover_program(problem)
    rows, low, high = program.rows, program.row_lower, program.row_upper
    chosen, sure = problem.required, True
    for level in np.unique(rank):
        mine = np.where(rank == level, problem.weight, 0.0)
        goal = np.concatenate([np.zeros(sites), mine])
        turn = replace(program, objective=goal, rows=rows, row_lower=low, row_upper=high)
        outcome = solve(turn, nodes=nodes, seed=seed)
        if outcome.values is None:
            return chosen, False
        sure = sure and outcome.status == "proof"
        chosen = np.flatnonzero(outcome.values[:sites] > 0.5).astype(np.int64)
        held = float(mine[problem.covered(chosen)].sum())
        rows = csr_array(vstack([rows, csr_array(goal[None, :])], format="csr"))
        low, high = np.append(low, held * (1 - 1e-9) - 1e-6), np.append(high, np.inf)
    return chosen, sure
