"""An upper bound on covering: Lagrangian multipliers on "covered only when a site is open", with momentum.

L(m) = sum of (weight - m) + the best total of site scores under limit and budget, where score_j = sum of m over the
demands that j reaches and 0 <= m <= weight. Every m gives a valid bound (Geoffrion 1974); a subgradient direction
smoothed by momentum (Camerini, Fratta and Maffioli 1975) brings it near the linear relaxation. A budget takes the
fractional knapsack (Dantzig 1957) in place of the best `limit` scores.
"""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_state import Net
from gis_planner.optimise.plan import Floats, Ints


@compiled
def scores(net: Net, multiplier: Floats) -> Floats:
    """(sites,) the multipliers in reach of each site, summed."""
    out = np.zeros(net.site_at.size - 1)
    for site in range(out.size):
        total = 0.0
        for at in range(net.site_at[site], net.site_at[site + 1]):
            total += multiplier[net.site_to[at]]
        out[site] = total
    return out


@compiled
def choose(
    score: Floats, cost: Floats, limit: int, budget: float, must: Ints, barred: Ints,
) -> tuple[float, Floats, float]:
    """Best total score within limit or budget, the share of each site in it, and the price of one unit of the limit.

    With a limit the unit is a site; with a budget (limit < 0) it is money, and one site may be taken in part.
    """
    share = np.zeros(score.size)
    value, room, purse = 0.0, float(limit), budget
    for site in range(score.size):
        if must[site] == 1:
            share[site] = 1.0
            value += score[site]
            room -= 1.0
            purse -= cost[site]
    rate = np.empty(score.size)
    for site in range(score.size):
        free = must[site] == 0 and barred[site] == 0
        if limit >= 0:
            rate[site] = score[site] if free else -1.0
        else:
            rate[site] = (score[site] / cost[site] if cost[site] > 0.0 else score[site] * 1e18) if free else -1.0
    left = room if limit >= 0 else purse
    size = score.size
    if limit >= 0 and room < size:
        number = max(int(room), 0)
        order = np.argpartition(-rate, min(number, size - 1))[: number + 1] if number < size else np.arange(size)
        order = order[np.argsort(-rate[order])]
    else:
        order = np.argsort(-rate)
    price = 0.0
    for site in order:
        if rate[site] <= 0.0:
            break
        unit = 1.0 if limit >= 0 else cost[site]
        if left <= 0.0 and unit > 0.0:
            price = rate[site]
            break
        part = 1.0 if unit <= left else left / unit
        share[site] = part
        value += part * score[site]
        left -= unit
        if part < 1.0:
            price = rate[site]
            break
    return value, share, price


@compiled
def descend(
    net: Net, multiplier: Floats, cost: Floats, limit: int, budget: float, must: Ints, barred: Ints, target: float,
    iterations: int, step: float, patience: int,
) -> tuple[float, Floats, int, float]:
    """Lower the bound for `iterations` steps from `multiplier`: bound, its multipliers, steps done, last step."""
    demand = net.weight.size
    current = multiplier.copy()
    best, best_multiplier = 1e300, multiplier.copy()
    direction = np.zeros(demand)
    failures, done = 0, 0
    reached = np.zeros(demand)
    for _ in range(iterations):
        done += 1
        value, share, _price = choose(scores(net, current), cost, limit, budget, must, barred)
        for i in range(demand):
            value += net.weight[i] - current[i]
        if value < best - 1e-12 * abs(best):
            failures = 0 if value < best * (1.0 - 1e-7) else failures + 1
            best = value
            best_multiplier[:] = current
        else:
            failures += 1
        if best <= target or step < 1e-4:
            break
        if failures >= patience:
            step *= 0.7
            failures = 0
            current[:] = best_multiplier
        reached[:] = -1.0
        for site in range(share.size):
            if share[site] > 0.0:
                for at in range(net.site_at[site], net.site_at[site + 1]):
                    reached[net.site_to[at]] += share[site]
        norm = 0.0
        for i in range(demand):
            slope = reached[i]
            if (current[i] <= 0.0 and slope > 0.0) or (current[i] >= net.weight[i] and slope < 0.0):
                slope = 0.0
            direction[i] = 0.95 * direction[i] + 0.05 * slope
            norm += direction[i] * direction[i]
        if norm < 1e-18:
            break
        length = step * (value - target) / norm
        for i in range(demand):
            current[i] = min(max(current[i] - length * direction[i], 0.0), net.weight[i])
    return best, best_multiplier, done, step


@compiled
def first_multipliers(net: Net, flags: Ints) -> Floats:
    """A start: a demand covered k times by the flagged sites counts weight / k, an uncovered one its full weight."""
    times = np.zeros(net.weight.size)
    for site in range(flags.size):
        if flags[site] == 1:
            for at in range(net.site_at[site], net.site_at[site + 1]):
                times[net.site_to[at]] += 1.0
    out = net.weight.copy()
    for i in range(out.size):
        if times[i] > 1.0:
            out[i] = net.weight[i] / times[i]
    return out
