"""Choosing the days: the best pattern of a site by what its visits cost where they fit best.

Pattern improvement as in Vidal, Crainic, Gendreau, Lahrichi & Rei (2012), Operations Research 60(3), 611-624.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._rounds_moves import TINY, improve_days, paid
from gis_planner.optimise._rounds_state import Ground, Ints, Price, Work, insert, over, remove


@compiled
def best_place(ground: Ground, work: Work, price: Price, day: int, site: int) -> tuple[float, int, int]:
    """Least cost of visiting `site` on `day`, and the crew and the position behind which."""
    way, hours = ground.way, ground.hours
    best, best_crew, best_after = np.inf, 0, 0
    idle = False
    for crew in range(work.filled.shape[1]):
        count = work.filled[day, crew]
        if count == 0:
            if idle:
                continue
            idle = True
        now = paid(ground, work, price, day, crew)
        load = work.carried[day, crew, count + 1] + ground.load[site]
        time = work.spent[day, crew, count + 1] + ground.service[site]
        base = over(ground, price, load, time if ground.timed else 0.0) - now
        for k in range(count + 1):
            a, b = work.order[day, crew, k], work.order[day, crew, k + 1]
            extra = way[a, site] + way[site, b] - way[a, b]
            if extra + base >= best:
                continue
            cost = extra + base
            if ground.timed:
                later = time + hours[a, site] + hours[site, b] - hours[a, b]
                cost = extra + over(ground, price, load, later) - now
            if cost < best:
                best, best_crew, best_after = cost, crew, k
    return best, best_crew, best_after


@compiled
def leave_out(ground: Ground, work: Work, site: int) -> None:
    """Take `site` off all its days."""
    for day in range(work.filled.shape[0]):
        if work.route[day, site] >= 0:
            remove(ground, work, day, site)


@compiled
def place_best(ground: Ground, work: Work, price: Price, site: int) -> None:
    """Visit an unvisited site by its cheapest pattern."""
    days = work.filled.shape[0]
    cost = np.zeros(days)
    crew = np.zeros(days, np.int64)
    after = np.zeros(days, np.int64)
    for day in range(days):
        cost[day], crew[day], after[day] = best_place(ground, work, price, day, site)
    best, chosen = np.inf, ground.first[site]
    for p in range(ground.first[site], ground.first[site + 1]):
        total = 0.0
        for day in range(days):
            if ground.patterns[p, day]:
                total += cost[day]
        if total < best - TINY:
            best, chosen = total, p
    for day in range(days):
        if ground.patterns[chosen, day]:
            insert(ground, work, day, crew[day], after[day], site)
    work.chosen[site] = chosen


@compiled
def improve_patterns(ground: Ground, work: Work, price: Price, turns: Ints) -> bool:
    """Give each site in turn its cheapest pattern and places; True when any pattern changed."""
    any_change = False
    for site in turns:
        if ground.first[site + 1] - ground.first[site] < 2:
            continue
        before = work.chosen[site]
        crew, place, stale = work.route[:, site].copy(), work.place[:, site].copy(), work.stale.copy()
        leave_out(ground, work, site)
        place_best(ground, work, price, site)
        any_change |= work.chosen[site] != before
        moved = False
        for day in range(crew.size):
            moved |= work.route[day, site] != crew[day] or (crew[day] >= 0 and work.place[day, site] != place[day])
        if not moved:
            work.stale[:] = stale
    return any_change


def educate(ground: Ground, work: Work, price: Price, turns: Ints, spare: Ints, rounds: int) -> None:
    """Improve routes, then patterns, in turn, until the patterns rest (or `rounds` times), and the routes once more.

    turns: (days + 1, n) the order in which sites are tried on each day and for their patterns.
    """
    for _ in range(rounds):
        improve_days(ground, work, price, turns, spare)
        if not improve_patterns(ground, work, price, turns[-1]):
            return
    improve_days(ground, work, price, turns, spare)


@compiled
def best_completion(
    ground: Ground, work: Work, price: Price, site: int, have: NDArray[np.int8], days: int,
) -> tuple[int, float]:
    """The cheapest pattern that contains the days `have` (days,), and what its missing visits cost."""
    cost = np.full(days, -1.0)
    best, chosen = np.inf, -1
    for p in range(ground.first[site], ground.first[site + 1]):
        total, fits = 0.0, True
        for day in range(days):
            fits &= not (have[day] and not ground.patterns[p, day])
        if not fits:
            continue
        for day in range(days):
            if ground.patterns[p, day] and not have[day]:
                if cost[day] < 0.0:
                    cost[day] = max(0.0, best_place(ground, work, price, day, site)[0])
                total += cost[day]
        if total < best:
            best, chosen = total, p
    return chosen, best

