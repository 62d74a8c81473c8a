"""The same crew on the same ground: which crew takes which round of each day, at no cost in distance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from gis_planner.optimise.rounds_problem import Problem

SWEEPS = 20


def name_crews(problem: Problem, days: list[list[list[int]]]) -> list[list[list[int]]]:
    """Each day's routes in the order of the crews that take them.

    Crews are alike, so any order costs the same. One day after the other is assigned anew (Hungarian method) to agree
    with the other days: a visit by the crew that comes on other days counts one, by a crew that comes near by counts
    less with distance. Repeated until nothing changes.
    """
    kinship = _kinship(problem)
    held = np.zeros((len(problem.sites), problem.crews))
    named = [sorted(([*map(list, routes)] + [[]] * problem.crews)[: problem.crews], key=lambda r: (not r, r))
             for routes in ([route for route in day if route] for day in days)]
    for routes in named:
        _hold(held, routes, 1.0)
    for _ in range(SWEEPS):
        changed = False
        for day, routes in enumerate(named):
            _hold(held, routes, -1.0)
            wish = kinship @ held
            profit = np.array([wish[route].sum(axis=0) if route else np.zeros(problem.crews) for route in routes])
            rows, columns = linear_sum_assignment(-profit)
            better = profit[rows, columns].sum() > np.trace(profit) + 1e-9
            if better:
                named[day] = [routes[row] for row in rows[np.argsort(columns)]]
                changed = True
            _hold(held, named[day], 1.0)
        if not changed:
            break
    return named


def _hold(held: NDArray[np.float64], routes: list[list[int]], sign: float) -> None:
    for crew, route in enumerate(routes):
        held[route, crew] += sign


def _kinship(problem: Problem) -> NDArray[np.float64]:
    """1 for a site with itself, less than a half for others, falling with distance over that of near neighbours."""
    at = np.array([site.location for site in problem.sites], dtype=np.intp)
    apart = problem.distances[np.ix_(at, at)]
    if len(at) < 2:
        return np.eye(len(at))
    near = np.sort(apart, axis=1)[:, 1 : min(len(at), 5)].mean()
    kin = 0.2 * np.exp(-apart / max(float(near), 1e-9))
    np.fill_diagonal(kin, 1.0)
    return np.asarray(kin)
