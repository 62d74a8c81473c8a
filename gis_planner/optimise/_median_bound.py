"""A lower bound on the p-median, sites fixed by it, and a tree search that needs no linear program.

L(m) = sum of m + the p least of rho_j = sum over demands of min(0, price_ij - m_i); every m gives a valid bound
(Cornuejols, Fisher and Nemhauser 1977). In each node of the tree a few steps sharpen the bound, sites are fixed by
reduced cost, and the site whose mean share in the relaxed choice is nearest one half is opened or closed.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._median_search import nearest_two
from gis_planner.optimise.plan import Floats, Ints

FREE, OPEN, CLOSED = 0, 1, 2


@compiled
def relaxed(price: Floats, multiplier: Floats, live: Ints, status: Ints, p: int, rho: Floats, pick: Ints) -> float:
    """The bound at `multiplier`; fills rho (by live site) and pick (places in `live` of the p chosen)."""
    total = multiplier.sum()
    many = 0
    for at in range(live.size):
        if status[live[at]] == CLOSED:
            rho[at] = 1e300
            continue
        row = price[live[at]]
        value = 0.0
        for i in range(row.size):
            value += min(0.0, row[i] - multiplier[i])
        rho[at] = value
        if status[live[at]] == OPEN:
            pick[many] = at
            many += 1
            total += value
    if many == p:
        return float(total)
    keys = rho.copy()
    for at in pick[:many]:
        keys[at] = 1e301
    for at in np.argsort(keys)[: p - many]:
        if keys[at] >= 1e300:
            return 1e300
        pick[many] = at
        many += 1
        total += rho[at]
    return float(total)


@compiled
def sharpen(
    price: Floats, multiplier: Floats, live: Ints, status: Ints, p: int, upper: float, quantum: float, steps: int,
    step: float, patience: int, upper_sites: Ints,
) -> tuple[float, Floats, Floats, float]:
    """Raise the bound by subgradient steps with momentum: bound, multipliers, mean shares, and the best total."""
    demand = price.shape[1]
    rho, pick = np.zeros(live.size), np.zeros(p, np.int64)
    current, best_multiplier = multiplier.copy(), multiplier.copy()
    best, failures = -1e300, 0
    direction, slope = np.zeros(demand), np.zeros(demand)
    share = np.zeros(live.size)
    for turn in range(steps):
        value = relaxed(price, current, live, status, p, rho, pick)
        if value >= 1e299:
            return 1e300, best_multiplier, share, upper
        for at in pick:
            share[at] += 0.05
        share *= 0.95
        if value > best + 1e-9 * abs(best):
            failures = 0 if value > best + 1e-6 * abs(best) else failures + 1
            best = value
            best_multiplier[:] = current
        else:
            failures += 1
        if best > upper - quantum + 1e-6 or step < 1e-4:
            break
        if turn % 10 == 0:
            first, _, _ = nearest_two(price, live[pick])
            total = first.sum()
            if total < upper - 1e-9:
                upper = total
                upper_sites[:] = live[pick]
        if failures >= patience:
            step *= 0.6
            failures = 0
            current[:] = best_multiplier
        slope[:] = 1.0
        for at in pick:
            row = price[live[at]]
            for i in range(demand):
                if row[i] < current[i]:
                    slope[i] -= 1.0
        norm = 0.0
        for i in range(demand):
            direction[i] = 0.7 * direction[i] + 0.3 * slope[i]
            norm += direction[i] * direction[i]
        if norm < 1e-14:
            break
        length = step * (1.02 * upper - value) / norm
        for i in range(demand):
            current[i] += length * direction[i]
    return best, best_multiplier, share, upper


@compiled
def fix(
    price: Floats, multiplier: Floats, live: Ints, status: Ints, p: int, upper: float, quantum: float,
) -> int:
    """Close and open free sites that no plan better than `upper` closes or opens otherwise; returns how many."""
    rho, pick = np.zeros(live.size), np.zeros(p, np.int64)
    value = relaxed(price, multiplier, live, status, p, rho, pick)
    if value >= 1e299:
        return 0
    inside = np.zeros(live.size, np.int8)
    last, after = -1e300, 1e300
    for place in pick:
        inside[place] = 1
        if status[live[place]] == FREE:
            last = max(last, rho[place])
    for at in range(live.size):
        if inside[at] == 0 and status[live[at]] == FREE:
            after = min(after, rho[at])
    done, edge = 0, upper - quantum + 1e-6
    for at in range(live.size):
        if status[live[at]] != FREE:
            continue
        if inside[at] == 0 and (last <= -1e299 or value + rho[at] - last > edge):
            status[live[at]] = CLOSED
            done += 1
        elif inside[at] == 1 and (after >= 1e299 or value - rho[at] + after > edge):
            status[live[at]] = OPEN
            done += 1
    return done


@compiled
def tree(
    price: Floats, multiplier: Floats, status: Ints, p: int, upper: float, quantum: float, nodes: int, steps: int,
    upper_sites: Ints,
) -> tuple[float, float, int]:
    """Depth-first search: best total, a valid lower bound, nodes used (`upper_sites` is updated)."""
    sites, demand = price.shape
    depth = sites + 2
    saved_status = np.zeros((min(depth, 400), sites), np.int8)
    saved_multiplier = np.zeros((min(depth, 400), demand))
    saved_bound = np.full(min(depth, 400), -1e300)
    saved_status[0] = status
    saved_multiplier[0] = multiplier
    top, used, lowest = 1, 0, 1e300
    while top > 0:
        if used >= nodes or top + 2 >= saved_bound.size:
            for at in range(top):
                lowest = min(lowest, saved_bound[at])
            return upper, min(lowest, upper), used
        top -= 1
        here = saved_status[top].copy()
        point = saved_multiplier[top].copy()
        inherited = saved_bound[top]
        used += 1
        live = np.flatnonzero(here != CLOSED)
        if live.size < p:
            continue
        bound, point, share, upper = sharpen(price, point, live, here, p, upper, quantum, steps, 0.3, 6, upper_sites)
        bound = max(bound, inherited)
        if bound > upper - quantum + 1e-6:
            continue
        fix(price, point, live, here, p, upper, quantum)
        branch, score = -1, 2.0
        for at in range(live.size):
            if here[live[at]] == FREE and abs(share[at] - 0.5) < score:
                branch, score = live[at], abs(share[at] - 0.5)
        if branch < 0:
            taken = np.flatnonzero(here == OPEN)
            if taken.size == p:
                first, _, _ = nearest_two(price, taken)
                if first.sum() < upper - 1e-9:
                    upper = first.sum()
                    upper_sites[:] = taken
            continue
        for choice in (CLOSED, OPEN):
            saved_status[top] = here
            saved_status[top, branch] = choice
            saved_multiplier[top] = point
            saved_bound[top] = bound
            top += 1
    return upper, upper, used
