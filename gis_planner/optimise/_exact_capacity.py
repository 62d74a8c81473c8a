"""Capacitated covering as a mixed integer program: which actions, and how many people through each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, vstack

from gis_planner.optimise._capacity_problem import CapacityProblem
from gis_planner.optimise._highs import Outcome, Program, solve
from gis_planner.optimise.plan import Floats, Ints

STRONG_PAIRS = 60_000


def choice_rows(problem: CapacityProblem) -> tuple[csr_array, Floats]:
    """Rows over the actions (limit, budget scaled to 1, one per group, a only if b) and their upper sides."""
    actions = problem.shape[1]
    rows: list[csr_array] = []
    most: list[Floats] = []
    if problem.limit is not None:
        rows.append(csr_array(np.ones((1, actions))))
        most.append(np.array([float(problem.limit)]))
    if problem.budget is not None:
        scale = problem.budget or 1.0
        rows.append(csr_array((problem.cost / scale)[None, :]))
        most.append(np.array([problem.budget / scale]))
    ids, inverse = np.unique(problem.group, return_inverse=True)
    member = np.flatnonzero(problem.group >= 0)
    if member.size:
        rows.append(csr_array((np.ones(member.size), (inverse[member], member)), shape=(ids.size, actions)))
        most.append(np.ones(ids.size))
    if problem.needs.size:
        number = len(problem.needs)
        at, sign = np.repeat(np.arange(number), 2), np.tile([1.0, -1.0], number)
        rows.append(csr_array((sign, (at, problem.needs.ravel())), shape=(number, actions)))
        most.append(np.zeros(number))
    if not rows:
        return csr_array((0, actions)), np.zeros(0)
    return csr_array(vstack(rows, format="csr")), np.concatenate(most)


def program(problem: CapacityProblem) -> Program:
    """max gain @ flow; flow leaves each demand at most once, fits the open actions, and the choice rows hold."""
    demand, actions = problem.shape
    pairs = problem.pairs
    size = pairs.demand.size
    at, own, ones = np.arange(size), np.arange(actions), np.ones(size)
    width = actions + size
    sides, most = choice_rows(problem)
    blocks = [
        csr_array((ones, (pairs.demand, actions + at)), shape=(demand, width)),
        csr_array((np.concatenate([ones, -problem.capacity.astype(float)]),
                   (np.concatenate([pairs.place, own]), np.concatenate([actions + at, own]))), shape=(actions, width)),
        csr_array((sides.data, sides.indices, sides.indptr), shape=(sides.shape[0], width)),
    ]
    upper_side = [problem.people.astype(float), np.zeros(actions), most]
    if size <= STRONG_PAIRS:
        tight = np.flatnonzero(problem.people[pairs.demand] < problem.capacity[pairs.place])
        row = np.arange(tight.size)
        blocks.append(csr_array(
            (np.concatenate([np.ones(tight.size), -problem.people[pairs.demand[tight]].astype(float)]),
             (np.concatenate([row, row]), np.concatenate([actions + tight, pairs.place[tight]]))),
            shape=(tight.size, width)))
        upper_side.append(np.zeros(tight.size))
    rows = csr_array(vstack(blocks, format="csr"))
    high = np.concatenate(upper_side)
    lower, upper = np.zeros(width), np.ones(width)
    lower[problem.required] = 1.0
    upper[:actions][problem.excluded] = 0.0
    upper[actions:] = np.minimum(problem.people[pairs.demand], problem.capacity[pairs.place])
    return Program(np.concatenate([np.zeros(actions), pairs.gain]), rows, np.full(high.size, -np.inf), high, lower,
                   upper, np.arange(width) < actions)


def solve_exact(
    problem: CapacityProblem, *, nodes: int, seed: int, seconds: float | None = None,
) -> tuple[Ints | None, Outcome]:
    """Actions (None when nothing fits) and the outcome; equal values are told apart by least travel."""
    actions = problem.shape[1]
    model = program(problem)
    outcome = solve(model, nodes=nodes, seed=seed, seconds=seconds,
                    absolute_gap=0.999 if problem.whole_values else 0.0)
    if outcome.values is None:
        return None, outcome
    values = outcome.values
    if problem.has_travel and outcome.status == "proof":
        nearest = least_travel(problem, model, values, outcome.objective, max(1, nodes // 10), seed, seconds)
        values = values if nearest is None else nearest
    return np.flatnonzero(values[:actions] > 0.5).astype(np.int64), outcome


def least_travel(
    problem: CapacityProblem, model: Program, start: Floats | None, worth: float, nodes: int, seed: int,
    seconds: float | None = None,
) -> Floats | None:
    """Values of `model` that are worth as much as `worth` with the least travel; `start` if none is found."""
    actions = problem.shape[1]
    slack = 0.5 if problem.whole_values else 1e-9 * max(1.0, abs(worth))
    tied = _at_least(model, model.objective, worth - slack)
    travel = np.concatenate([np.zeros(actions), problem.pairs.travel])
    nearest = solve(replace(tied, objective=travel, maximise=False), start=start, nodes=nodes, seed=seed,
                    seconds=seconds)
    return nearest.values if nearest.values is not None else start


def _at_least(model: Program, line: Floats, least: float) -> Program:
    """`model` with one row more: `line` of at least `least`."""
    return replace(model, rows=csr_array(vstack([model.rows, csr_array(line[None, :])], format="csr")),
                   row_lower=np.append(model.row_lower, least), row_upper=np.append(model.row_upper, np.inf))
