"""New solutions from two: the periodic crossover with insertions, and the split of a day's tour into crews.

Vidal, Crainic, Gendreau, Lahrichi & Rei (2012), Operations Research 60(3), sections 4.3 and 4.4; the split is the
shortest path of Prins (2004) with at most as many arcs as there are crews.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_planner.optimise._compiled import compiled
from gis_planner.optimise._rounds_pattern import best_completion, best_place
from gis_planner.optimise._rounds_state import Floats, Ground, Ints, Price, Work, clear, insert, measure, over

Days = NDArray[np.int8]


class Draw(NamedTuple):
    """The chances of one crossover.

    order: days; the first `low` are copied from a, those up to `high` from b, the others mixed. cuts: (days, 2) where
    a's piece of a mixed day begins and how long it is, as shares. rest: days from `low` on in another order.
    sites: (n,) the order in which missing visits are added.
    """

    order: Ints
    low: int
    high: int
    cuts: Floats
    rest: Ints
    sites: Ints


def new_draw(random: np.random.Generator, days: int, sites: int) -> Draw:
    """Draw the chances of one crossover."""
    order = random.permutation(days)
    low, high = (int(k) for k in np.sort(random.integers(0, days + 1, 2)))
    cuts, rest = random.random((days, 2)), random.permutation(order[low:])
    return Draw(order, low, high, cuts, rest, random.permutation(sites) + 1)


@compiled
def split(ground: Ground, work: Work, price: Price, day: int, tour: Ints, size: int) -> None:
    """Cut the first `size` sites of `tour` into at most `crews` routes of least cost and write them to `day`."""
    crews = work.filled.shape[1]
    cost = np.full((crews + 1, size + 1), np.inf)
    begin = np.zeros((crews + 1, size + 1), np.int64)
    cost[0, 0] = 0.0
    total = 0.0
    for k in range(size):
        total += ground.load[tour[k]]
    most = max(1.5 * ground.room, 1.5 * total / crews)
    for crew in range(crews):
        cost[crew + 1] = cost[crew]
        begin[crew + 1] = -1
        for i in range(size):
            if cost[crew, i] == np.inf:
                continue
            load = time = length = 0.0
            before = 0
            for j in range(i, size):
                site = tour[j]
                load += ground.load[site]
                if load > most and j > i:
                    break
                length += ground.way[before, site]
                time += ground.hours[before, site] + ground.service[site]
                whole = length + ground.way[site, 0]
                whole += over(ground, price, load, time + ground.hours[site, 0])
                if cost[crew, i] + whole < cost[crew + 1, j + 1] - 1e-12:
                    cost[crew + 1, j + 1] = cost[crew, i] + whole
                    begin[crew + 1, j + 1] = i
                before = site
    if cost[crews, size] == np.inf:
        _evenly(ground, work, day, tour, size)
        return
    end = size
    for crew in range(crews, 0, -1):
        start = begin[crew, end]
        count = 0 if start < 0 else end - start
        for k in range(count):
            work.order[day, crew - 1, k + 1] = tour[start + k]
        work.filled[day, crew - 1] = count
        measure(ground, work, day, crew - 1)
        if start >= 0:
            end = start


@compiled
def _evenly(ground: Ground, work: Work, day: int, tour: Ints, size: int) -> None:
    crews = work.filled.shape[1]
    for crew in range(crews):
        low, high = size * crew // crews, size * (crew + 1) // crews
        for k in range(low, high):
            work.order[day, crew, k - low + 1] = tour[k]
        work.filled[day, crew] = high - low
        measure(ground, work, day, crew)


def random_start(ground: Ground, work: Work, price: Price, random: np.random.Generator) -> None:
    """Every site on a random pattern, each day's sites in random order."""
    clear(work)
    sites = work.chosen.size - 1
    order = random.permutation(sites) + 1
    work.chosen[1:] = random.integers(ground.first[1:-1], ground.first[2:])
    for day in range(work.filled.shape[0]):
        tour = order[ground.patterns[work.chosen[order], day] > 0]
        split(ground, work, price, day, tour, tour.size)


@compiled
def _may_add(ground: Ground, site: int, have: Days, day: int) -> bool:
    """Whether some pattern of the site holds the days it has and this one too."""
    for p in range(ground.first[site], ground.first[site + 1]):
        if not ground.patterns[p, day]:
            continue
        fits = True
        for k in range(have.size):
            if have[k] and not ground.patterns[p, k]:
                fits = False
        if fits:
            return True
    return False


@compiled
def cross_over(
    ground: Ground, work: Work, price: Price, tours_a: Ints, sizes_a: Ints, tours_b: Ints, sizes_b: Ints, draw: Draw,
) -> None:
    """A child of two parents' tours: days from a, from b and mixed; missing visits where they cost least."""
    clear(work)
    days, sites = work.filled.shape[0], work.chosen.size - 1
    tours = np.zeros((days, sites + 1), np.int64)
    sizes = np.zeros(days, np.int64)
    have = np.zeros((sites + 1, days), np.int8)
    for k in range(days):
        day = draw.order[k]
        size = sizes_a[day]
        if k < draw.low:
            begin, length = 0, size
        elif k < draw.high or size == 0:
            continue
        else:
            begin, length = int(draw.cuts[day, 0] * size), 1 + int(draw.cuts[day, 1] * size)
        for j in range(length):
            site = tours_a[day, (begin + j) % size]
            tours[day, j] = site
            have[site, day] = 1
        sizes[day] = length
    for day in draw.rest:
        for j in range(sizes_b[day]):
            site = tours_b[day, j]
            if not have[site, day] and _may_add(ground, site, have[site], day):
                tours[day, sizes[day]] = site
                sizes[day] += 1
                have[site, day] = 1
    for day in range(days):
        split(ground, work, price, day, tours[day], sizes[day])
    _complete(ground, work, price, have, draw.sites)


@compiled
def _complete(ground: Ground, work: Work, price: Price, have: Days, sites: Ints) -> None:
    days = work.filled.shape[0]
    for site in sites:
        chosen, _ = best_completion(ground, work, price, site, have[site], days)
        work.chosen[site] = chosen
        for day in range(days):
            if ground.patterns[chosen, day] and not have[site, day]:
                _, crew, after = best_place(ground, work, price, day, site)
                insert(ground, work, day, crew, after, site)


def to_tours(work: Work, xy: Floats, tours: Ints, sizes: Ints) -> None:
    """Each day's routes as one tour, crews in the order of the angle of their middle around the depot."""
    for day in range(work.filled.shape[0]):
        routes = [work.order[day, crew, 1 : count + 1] for crew, count in enumerate(work.filled[day]) if count]
        middles = [xy[route].mean(axis=0) - xy[0] for route in routes]
        angles = [float(np.arctan2(y, x)) for x, y in middles]
        tour = [site for k in np.argsort(angles, kind="stable") for site in routes[k]]
        sizes[day] = len(tour)
        tours[day, : len(tour)] = tour
