"""Covering as a mixed integer program for HiGHS: maximal covering and the covering of all (Church and ReVelle 1974)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import block_array, csr_array, eye_array, vstack

from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise._highs import Outcome, Program, solve
from gis_planner.optimise.plan import Floats, Ints


def _side_rows(problem: CoverProblem) -> tuple[list[csr_array], list[float]]:
    """Rows over the sites for limit and budget, and their right-hand sides (the budget row is scaled to 1)."""
    sites = problem.reach.shape[1]
    rows, most = [], []
    if problem.limit is not None:
        rows.append(csr_array(np.ones((1, sites))))
        most.append(float(problem.limit))
    if problem.budget is not None and problem.cost is not None:
        scale = problem.budget or 1.0
        rows.append(csr_array((problem.cost / scale)[None, :]))
        most.append(problem.budget / scale)
    return rows, most


def max_cover_program(problem: CoverProblem) -> Program:
    """max weight @ y, y_i <= sum of x_j that reach i, 0 <= y <= 1, x whole, within limit and budget."""
    demand, sites = problem.reach.shape
    side, most = _side_rows(problem)
    link = block_array([[-problem.reach.astype(np.float64), eye_array(demand)]], format="csr")
    padded = [csr_array(block_array([[row, csr_array((1, demand))]])) for row in side]
    rows = csr_array(vstack([link, *padded], format="csr"))
    upper = np.ones(sites + demand)
    upper[:sites][problem.excluded] = 0.0
    lower = np.zeros(sites + demand)
    lower[problem.required] = 1.0
    return Program(
        np.concatenate([np.zeros(sites), problem.weight]), rows, np.full(demand + len(most), -np.inf),
        np.concatenate([np.zeros(demand), most]), lower, upper, np.arange(sites + demand) < sites,
    )


def solve_max_cover(
    problem: CoverProblem, start: Ints | None, *, nodes: int, seed: int, seconds: float | None = None,
) -> tuple[Ints, Outcome]:
    """Sites and the outcome; the sites are within the budget to the last coin."""
    sites = problem.reach.shape[1]
    point = None
    if start is not None:
        opened = np.zeros(sites)
        opened[start] = 1.0
        point = np.concatenate([opened, problem.covered(start).astype(np.float64)])
    outcome = solve(max_cover_program(problem), start=point, nodes=nodes, seed=seed, seconds=seconds,
                    absolute_gap=0.999 if problem.whole_weights else 0.0)
    if outcome.values is None:
        return (start if start is not None else problem.required), outcome
    return np.flatnonzero(outcome.values[:sites] > 0.5).astype(np.int64), outcome


def set_cover_program(reach: csr_array, cost: Floats, required: Ints, excluded: np.ndarray) -> Program:
    """min cost @ x with every demand reached by at least one chosen site."""
    demand, sites = reach.shape
    lower, upper = np.zeros(sites), np.where(excluded, 0.0, 1.0)
    lower[required] = 1.0
    return Program(cost, reach.astype(np.float64), np.ones(demand), np.full(demand, np.inf), lower, upper,
                   np.ones(sites, bool), maximise=False)
