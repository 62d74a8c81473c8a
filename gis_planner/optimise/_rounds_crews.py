"""The same crew on the same ground: which crew takes which round of each day, at no cost in distance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from gis_planner.optimise.rounds_problem import Problem

SWEEPS = 20


def kinds_of(problem: Problem) -> list[int]:
    """Number of the kind of each crew: crews of one kind differ in nothing and may serve the same sites."""
    known: dict[object, int] = {}
    barred = [tuple(k for k, site in enumerate(problem.sites) if site.allowed is not None and c not in site.allowed)
              for c in range(problem.crews)]
    return [known.setdefault((crew, out), len(known)) for crew, out in zip(problem.each, barred, strict=True)]


def usual_visits(crews_of_sites: Sequence[Sequence[int]]) -> int:
    """Visits that are made by the crew that comes most often to the site. crews_of_sites: per site, who comes."""
    return sum(max(map(who.count, who)) for who in crews_of_sites if who)


def name_crews(problem: Problem, days: list[list[list[int]]]) -> list[list[list[int]]]:
    """Each day's routes (days, crews, sites) with those of alike crews given to the crew that keeps to its ground.

    Alike crews may take each other's routes at the same cost. One day after the other is assigned anew (Hungarian
    method) to agree with the other days: a visit by the crew that comes on other days counts one, by a crew that comes
    near by counts less with distance. Repeated until nothing changes.
    """
    kinship, kinds = _kinship(problem), np.array(kinds_of(problem))
    held = np.zeros((len(problem.sites), problem.crews))
    named = [[list(route) for route in routes] for routes in days]
    groups = [np.flatnonzero(kinds == kind) for kind in range(int(kinds.max()) + 1)]
    for routes in named:
        for group in groups:
            for crew, route in zip(group, sorted((routes[c] for c in group), key=lambda r: (not r, r)), strict=True):
                routes[crew] = route
        _hold(held, routes, 1.0)
    for _ in range(SWEEPS):
        changed = False
        for routes in named:
            _hold(held, routes, -1.0)
            wish = kinship @ held
            for group in groups:
                profit = np.array([wish[routes[c]][:, group].sum(axis=0) for c in group])
                rows, columns = linear_sum_assignment(-profit)
                if profit[rows, columns].sum() > np.trace(profit) + 1e-9:
                    for crew, route in zip(group[columns], [routes[c] for c in group[rows]], strict=True):
                        routes[crew] = route
                    changed = True
            _hold(held, routes, 1.0)
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
