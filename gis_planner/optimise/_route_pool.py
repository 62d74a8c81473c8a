"""The best plan of routes that a search has met: a set partitioning over all of them, solved by HiGHS.

Subramanian, Uchoa & Ochi (2013), A hybrid algorithm for a class of vehicle routing problems, Computers & Operations
Research 40(10), 2519-2531, doi 10.1016/j.cor.2013.01.013: routes of local optima are columns of the next partitioning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_array

from gis_planner.optimise._highs import INFINITY, Program, solve
from gis_planner.optimise._route_state import Ground

NODES = 20
"""Nodes of one partitioning's tree; enough for all but the widest pools, whose best plan is then what it met."""
WIDEST = 20_000
"""Routes of a partitioning; the newest are kept."""
Pool = dict[frozenset[int], tuple[float, tuple[int, ...]]]


def route_cost(ground: Ground, route: Sequence[int]) -> float:
    """Cost of one route of nodes less the prizes it collects."""
    places = np.array([0, *route, len(ground.cost) - 1], np.intp)
    return float(ground.cost[places[:-1], places[1:]].sum() + ground.fixed - ground.prize[places[1:-1]].sum())


def add(pool: Pool, ground: Ground, routes: Iterable[Sequence[int]]) -> None:
    """Put routes into `pool`: of those with the same stops the cheapest; a route met again counts as new."""
    for route in routes:
        key = frozenset(route)
        known = pool.pop(key, None)
        if known is None or known[1] != tuple(route):
            cost = route_cost(ground, route)
            known = (cost, tuple(route)) if known is None or cost < known[0] else known
        pool[key] = known


def partition(
    pool: Pool, ground: Ground, best: Sequence[Sequence[int]], fleet: int, seconds: float | None = None,
) -> list[list[int]]:
    """The cheapest plan of routes of `pool` with at most `fleet` of them, or `best` when none is cheaper.

    seconds: limit of each of the two programs, besides the limit of nodes.
    The dual values of the relaxed program leave out all routes that no better plan can hold.
    """
    add(pool, ground, best)
    entries = list(pool.values())[-WIDEST:]
    costs = np.array([cost for cost, _ in entries])
    chosen = {frozenset(route) for route in best}
    start = np.array([float(frozenset(route) in chosen) for _, route in entries])
    known = float(costs @ start)
    relaxed = solve(_program(entries, costs, ground, fleet, whole=False), seconds=seconds)
    if relaxed.reduced_cost is None or relaxed.objective > known - 1.0 + 1e-6:
        return [list(route) for route in best]
    kept = np.flatnonzero((relaxed.reduced_cost <= known - relaxed.objective - 1.0 + 1e-6) | (start > 0.0))
    few = [entries[k] for k in kept]
    found = solve(_program(few, costs[kept], ground, fleet, whole=True), start=start[kept], nodes=NODES,
                  seconds=seconds)
    if found.values is None or found.objective > known - 0.5:
        return [list(route) for route in best]
    return [list(route) for (_, route), value in zip(few, found.values, strict=True) if value > 0.5]


def _program(
    entries: Sequence[tuple[float, tuple[int, ...]]], costs: np.ndarray, ground: Ground, fleet: int, *, whole: bool,
) -> Program:
    stops, count = len(ground.cost) - 2, len(entries)
    rows = np.array([node - 1 for _, route in entries for node in route] + [stops] * count, np.int64)
    columns = np.concatenate([np.repeat(np.arange(count), [len(route) for _, route in entries]), np.arange(count)])
    matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=(stops + 1, count))
    lower = np.append(ground.needed[1:-1].astype(np.float64), -INFINITY)
    upper = np.append(np.ones(stops), float(fleet))
    return Program(costs, matrix, lower, upper, np.zeros(count), np.ones(count), np.full(count, whole), maximise=False)
