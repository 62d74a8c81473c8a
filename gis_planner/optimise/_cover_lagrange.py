"""The bound of a whole covering problem, and which sites no better plan can open or close (reduced-cost fixing)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis_planner.optimise._cover_bound import choose, descend, first_multipliers, scores
from gis_planner.optimise._cover_problem import CoverProblem
from gis_planner.optimise.plan import Floats, Ints


@dataclass(frozen=True)
class Bound:
    """value: no plan covers more. multiplier: (demand,) that proves it. score: (sites,) multipliers in reach.

    side: (limit, budget) in use; limit -1 where the bound is by money.
    """

    value: float
    multiplier: Floats
    score: Floats
    side: tuple[int, float]


def _sides(problem: CoverProblem) -> list[tuple[int, float]]:
    """The relaxations in use: by number, by money, or both (each alone gives a valid bound)."""
    sides = []
    if problem.budget is not None:
        sides.append((-1, problem.budget))
    if problem.limit is not None:
        sides.append((problem.limit, 0.0))
    return sides


def lower_bound_by(
    problem: CoverProblem, flags: Ints, target: float, iterations: int, start: Floats | None = None,
    step: float = 0.1, patience: int = 20,
) -> Bound:
    """The least bound found from `start` (or from the plan in `flags`), aiming at `target`."""
    net, none = problem.net, np.zeros(problem.reach.shape[1], np.int8)
    best: Bound | None = None
    for limit, budget in _sides(problem):
        first = first_multipliers(net, flags) if start is None else start
        value, multiplier, _, _ = descend(net, first, problem.prices, limit, budget, none, none, target, iterations,
                                          step, patience)
        if best is None or value < best.value:
            best = Bound(value, multiplier, scores(net, multiplier), (limit, budget))
    if best is None:
        raise AssertionError("a covering problem has a limit or a budget")
    return best


def settled(problem: CoverProblem, bound: Bound, value: float) -> tuple[np.ndarray, np.ndarray]:
    """(sites,) bool: certainly closed, certainly open, in every plan better than `value`.

    Forcing a site in or out of the relaxed choice costs at least its score against the price of the last unit.
    """
    limit, budget = bound.side
    none = np.zeros(bound.score.size, np.int8)
    if limit >= bound.score.size:
        return none.astype(bool), none.astype(bool)
    _, share, price = choose(bound.score, problem.prices, limit, budget, none, none)
    unit = np.ones(bound.score.size) if limit >= 0 else problem.prices
    edge = bound.score - price * unit
    least = value + (1.0 if problem.whole_weights else 0.0)
    slack = bound.value * (1 + 1e-10) + 1e-7
    closed = (share == 0.0) & (slack + edge < least)
    opened = (share == 1.0) & (slack - edge < least)
    return closed, opened
