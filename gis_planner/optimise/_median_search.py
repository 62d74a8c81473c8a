"""Good p-median plans: best swap for each coming site, over and over, from many starts (Resende and Werneck 2004)."""

from __future__ import annotations

import numpy as np

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._cover_search import draw
from gis_planner.optimise.plan import Floats, Ints


@compiled
def nearest_two(price: Floats, chosen: Ints) -> tuple[Floats, Floats, Ints]:
    """Least and second least price of each demand over `chosen`, and the place of the least. price: (sites, demand)."""
    demand = price.shape[1]
    first, second = np.full(demand, 1e300), np.full(demand, 1e300)
    place = np.zeros(demand, np.int64)
    for at in range(chosen.size):
        row = price[chosen[at]]
        for i in range(demand):
            if row[i] < first[i]:
                second[i] = first[i]
                first[i] = row[i]
                place[i] = at
            elif row[i] < second[i]:
                second[i] = row[i]
    return first, second, place


@compiled
def swap_descent(price: Floats, chosen: Ints, candidates: Ints) -> float:
    """Improve `chosen` in place by best swaps until none helps; returns its total price."""
    size = chosen.size
    is_open = np.zeros(price.shape[0], np.int8)
    for site in chosen:
        is_open[site] = 1
    first, second, place = nearest_two(price, chosen)
    loss = np.zeros(size)
    while True:
        best, leaving, coming = -1e-7, -1, -1
        for site in candidates:
            if is_open[site] == 1:
                continue
            row = price[site]
            loss[:] = 0.0
            gain = 0.0
            for i in range(row.size):
                if row[i] < first[i]:
                    gain += first[i] - row[i]
                else:
                    loss[place[i]] += min(row[i], second[i]) - first[i]
            at = int(np.argmin(loss))
            if loss[at] - gain < best:
                best, leaving, coming = loss[at] - gain, at, site
        if coming < 0:
            return float(first.sum())
        is_open[chosen[leaving]] = 0
        is_open[coming] = 1
        chosen[leaving] = coming
        first, second, place = nearest_two(price, chosen)


@compiled
def many_starts(
    price: Floats, start: Ints, candidates: Ints, shakes: int, random: np.ndarray,
) -> tuple[float, Ints]:
    """Descents from `start`, each after shaking a few sites of the best plan so far; best total price and its sites."""
    best = start.copy()
    value = swap_descent(price, best, candidates)
    size = best.size
    if size >= candidates.size:
        return value, best
    for turn in range(shakes):
        trial = best.copy()
        inside = np.zeros(price.shape[0], np.int8)
        for site in trial:
            inside[site] = 1
        for _ in range(1 + turn % max(2, min(size // 2, 8))):
            coming = candidates[int(draw(random) * candidates.size)]
            if inside[coming] == 0:
                at = int(draw(random) * size)
                inside[trial[at]] = 0
                inside[coming] = 1
                trial[at] = coming
        total = swap_descent(price, trial, candidates)
        if total < value - 1e-9:
            value, best = total, trial
    return value, best


@compiled
def greedy_start(price: Floats, p: int) -> Ints:
    """p sites, each the one that lowers the total most."""
    sites, demand = price.shape
    first = np.full(demand, 1e300)
    chosen = np.zeros(p, np.int64)
    used = np.zeros(sites, np.int8)
    for turn in range(p):
        best, least = -1, 0.0
        for site in range(sites):
            if used[site] == 0:
                total = 0.0
                for i in range(demand):
                    total += min(first[i], price[site, i])
                if best < 0 or total < least:
                    best, least = site, total
        chosen[turn] = best
        used[best] = 1
        for i in range(demand):
            first[i] = min(first[i], price[best, i])
    return chosen
