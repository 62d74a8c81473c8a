"""p places to open so that people travel least in total (p-median) or the farthest travels least (p-centre)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from gis_planner.optimise import _check_inputs as check
from gis_planner.optimise._exact_cover import set_cover_program
from gis_planner.optimise._highs import solve
from gis_planner.optimise._median_bound import fix, sharpen, tree
from gis_planner.optimise._median_core import solve_core, useful_pairs
from gis_planner.optimise._median_search import greedy_start, many_starts
from gis_planner.optimise.plan import Floats, Ints, MedianPlan
from gis_planner.problems import refused

CORE_PAIRS = 20
"""Pairs per demand up to which what fixing leaves goes to HiGHS before the tree search."""


def p_median(distance: ArrayLike, weight: ArrayLike, p: int, *, effort: float = 1.0, seed: int = 0) -> MedianPlan:
    """p sites of least total weighted distance, with a proven lower bound.

    distance: dense (demand, sites), metres or seconds. weight: (demand,) people. Raises `Refused` for nan, negative
    or p above the number of sites. Method: swaps (Resende and Werneck 2004), Lagrangian bound (Cornuejols, Fisher and
    Nemhauser 1977), fixing by reduced cost, tree search on what is left.
    """
    table = check.distances(distance)
    weights = check.vector(weight, table.shape[0], "weight")
    number = _number(p, table.shape[1])
    work, key = check.effort_of(effort), check.seed_of(seed)
    price = np.ascontiguousarray((table * weights[:, None]).T)
    whole = bool((price == np.rint(price)).all()) and float(price.max(initial=0.0)) * price.shape[1] < 2**52
    chosen, bound, stopped, multiplier, origin = _solve(price, number, whole, work, key)
    value, nearest = _value(table, weights, chosen)
    safe = value if stopped == "proof" else min(value, bound - 1e-9 * max(1.0, abs(bound)))
    if whole:
        safe = min(value, float(np.ceil(safe - 1e-6)))
    proven = safe >= value
    return MedianPlan("p_median", value, safe, proven, "proof" if proven else stopped, origin, {"p": number},
                      multiplier if origin == "lagrangian" else None, chosen=chosen, nearest=nearest)


def p_center(distance: ArrayLike, p: int, *, effort: float = 1.0, seed: int = 0) -> MedianPlan:
    """p sites such that the farthest demand is as near as can be; value is that distance (Minieka 1970).

    Bisection over the distances that occur; each step asks HiGHS whether p sites reach everybody within it.
    """
    table = check.distances(distance)
    number = _number(p, table.shape[1])
    nodes, key = int(5000 * check.effort_of(effort)) + 1, check.seed_of(seed)
    steps = np.unique(table)
    low = int(np.searchsorted(steps, table.min(axis=1).max()))
    high, chosen, sure = steps.size - 1, np.zeros(1, np.int64), True
    none, nobody = np.zeros(0, np.int64), np.zeros(table.shape[1], bool)
    while low < high:
        middle = (low + high) // 2
        reach = csr_array((table <= steps[middle]).astype(np.int8))
        outcome = solve(set_cover_program(reach, np.ones(table.shape[1]), none, nobody), nodes=nodes, seed=key)
        found = np.flatnonzero(outcome.values > 0.5) if outcome.values is not None else np.arange(table.shape[1])
        if found.size <= number:
            chosen = found
            high = int(np.searchsorted(steps, table[:, found].min(axis=1).max()))
        elif outcome.bound > number + 1e-6:
            low = middle + 1
        else:
            sure = False
            break
    if sure and table[:, chosen].min(axis=1).max() > steps[high]:
        reach = csr_array((table <= steps[high]).astype(np.int8))
        outcome = solve(set_cover_program(reach, np.ones(table.shape[1]), none, nobody), nodes=nodes, seed=key)
        chosen = np.flatnonzero(outcome.values > 0.5) if outcome.values is not None else chosen
    nearest = chosen[np.argmin(table[:, chosen], axis=1)]
    value = float(table[:, chosen].min(axis=1).max())
    bound = min(value, float(steps[low]))
    return MedianPlan("p_center", value, bound, bound >= value, "proof" if bound >= value else "nodes",
                      "branch and bound", {"p": number}, chosen=chosen.astype(np.int64), nearest=nearest)


def _number(p: int, sites: int) -> int:
    number = check.site_limit(p, sites, "p")
    if number is None:
        raise refused("no-limit", field="p", found="nothing", expected="how many sites", remedy="Give p.")
    return number


def _value(table: Floats, weights: Floats, chosen: Ints) -> tuple[float, Ints]:
    """Total weighted distance to the nearest chosen site, and which one that is (lowest index among equals)."""
    nearest = chosen[np.argmin(table[:, chosen], axis=1)]
    return float((weights * table[np.arange(len(table)), nearest]).sum()), nearest


def _solve(price: Floats, p: int, whole: bool, effort: float, seed: int) -> tuple[Ints, float, str, Any, str]:
    sites = price.shape[0]
    everything = np.arange(sites)
    if p == sites:
        return everything, float(price.min(axis=0).sum()), "proof", None, "all demand"
    random = np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64)
    upper, best = many_starts(price, greedy_start(price, p), everything, int(10 * effort) + 1, random)
    quantum = 1.0 if whole else 0.0
    status = np.zeros(sites, np.int8)
    first = np.partition(price, 1, axis=0)[1] if sites > 1 else price[0].copy()
    start = np.maximum(first, price[best].min(axis=0))
    bound, multiplier, _, upper = sharpen(price, start, everything, status, p, upper, quantum, int(1500 * effort) + 100,
                                          1.0, 20, best)
    better, found = many_starts(price, best.copy(), everything, int(20 * effort) + 1, random)
    upper, best = (better, found) if better < upper else (upper, best)
    if bound > upper - quantum + 1e-6 or (not whole and bound >= upper * (1 - 1e-12)):
        return np.sort(best), bound, "proof", multiplier, "lagrangian"
    live = everything
    for _ in range(3):
        fix(price, multiplier, live, status, p, upper, quantum)
        live = np.flatnonzero(status != 2)
        sharper, multiplier, _, upper = sharpen(price, multiplier, live, status, p, upper, quantum, 300, 0.1, 10, best)
        bound = max(bound, min(sharper, upper))
        shakes = int(2e8 * effort / (live.size * price.shape[1])) + 20
        better, found = many_starts(price, best.copy(), live, min(shakes, 600), random)
        upper, best = (better, found) if better < upper else (upper, best)
        if bound > upper - quantum + 1e-6:
            return np.sort(best), bound, "proof", None, "branch and bound"
    pairs = useful_pairs(price, multiplier, live, bound, upper - quantum)
    if pairs[0].size <= CORE_PAIRS * price.shape[1]:
        chosen, outcome = solve_core(price, pairs, live, status, p, nodes=int(200 * effort) + 1, seed=seed, whole=whole)
        total = np.inf if chosen is None else float(price[chosen].min(axis=0).sum())
        upper, best = (total, chosen) if chosen is not None and total < upper else (upper, best)
        if outcome.status in {"proof", "infeasible"}:
            return np.sort(best), upper, "proof", None, "branch and bound"
    nodes = int(200_000 * effort) // max(live.size, 1) + 50
    upper, lower, _ = tree(price, multiplier, status, p, upper, quantum, nodes, 40, best)
    done = lower >= upper
    return np.sort(best), max(bound, lower), "proof" if done else "nodes", None, "branch and bound"
